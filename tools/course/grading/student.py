"""A student's functions, in a process of their own that is asked from here.

The process outside asks, and judges what comes back; nothing that runs inside can change a score.
"""

from __future__ import annotations

import builtins
import contextlib
import dataclasses
import itertools
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from tools.course.grading import limits
from tools.course.grading.channel import (
    TICK,
    Channel,
    CrashError,
    GivenUpError,
    TooLongError,
    TooSlowError,
)
from tools.course.runner.wire import pack, unpack

ANSWER_SECONDS = 90.0  # cells that hold answers: more than a real notebook has
DEFINING_SECONDS = 10.0  # functions of cells for which no time is left
SECOND_LOOK_SECONDS = 3 * limits.LATEST_SECONDS
LOOKING_SECONDS = 1.0  # at names, for whether they have changed
GRACE_SECONDS = 1.5  # for the process to say itself that it was too late

Error = list[Any]  # the name of an exception, its text, and the line or None
T = TypeVar("T")


@dataclass
class Clock:
    """The time that the calls of a function took, and why it is called no more."""

    total: float = 0.0
    longest: float = 0.0
    ended: GivenUpError | None = None

    @property
    def too_slow(self) -> str:
        """What to tell of calls that came back, and took more than is allowed."""
        if isinstance(self.ended, TooSlowError):
            return str(self.ended)
        if self.ended is None and self.longest > limits.CALL_SECONDS:
            return f"a call took {self.longest:.1f} seconds, and may take {limits.CALL_SECONDS:g}"
        return ""


class Student:
    """A process that runs cells and calls the functions that they define.

    A cell or call that takes too long, or ends the process, costs itself alone: where it must, a
    new process runs the other cells again. Extra cells have a time together; answers and each
    function have their own.

    One thread talks to the process. Callers may come from others, and may be told to stop while
    they wait: what was begun is still brought to its end before the next begins. (The process also
    dies with the thread that started it.)
    """

    def __init__(self, library: Path, *, isolated: bool = True, functions: Collection[str] = ()):
        self._library, self._isolated, self._functions = library, isolated, list(functions)
        self._earlier: set[str] = set()  # functions that find the names as they were
        self._cells: list[dict[str, Any]] = []
        self._clocks: defaultdict[str, Clock] = defaultdict(Clock)
        self._flags: set[str] = set()
        self._spent = {True: 0.0, False: 0.0}  # by cell["extra"]
        self._spent_again = {True: 0.0, False: 0.0}  # where a new process runs them again
        self._looked = time.monotonic()
        self._numbers = itertools.count(1)  # of requests, whichever process they go to
        self._channel: Channel | None = None
        self._scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Student:
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._end)
        self._thread.shutdown()
        self._scratch.cleanup()

    @property
    def flags(self) -> set[str]:
        return self._do(self._flags.copy)

    def clock(self, function: str) -> Clock:
        """The time that a function has taken so far."""
        return self._do(self._clocks.__getitem__, function)

    @contextlib.contextmanager
    def second_look(self, function: str) -> Iterator[None]:
        """A little more time for a function that has used up its own; what it took stays."""
        clock = self.clock(function)
        before = dataclasses.replace(clock)
        clock.ended, clock.total = None, limits.QUESTION_SECONDS - SECOND_LOOK_SECONDS
        try:
            yield
        finally:
            clock.ended, clock.total = before.ended, before.total

    def go_back(self, function: str) -> bool:
        """Have a function find all names as they were when its cell had run.

        Whether any of them has changed since; else nothing does.
        """
        return self._do(self._go_back, function)

    def come_back(self, function: str) -> None:
        self._do(self._earlier.discard, function)

    def run(self, name: str, source: str, *, extra: bool = False) -> list[Error]:
        """Run a cell, which the student has added or was handed; return what failed."""
        return self._do(self._run_new, {"name": name, "source": source, "extra": extra})

    def call(self, function: str, arguments: tuple[Any, ...]) -> Any:
        """Call a function; what it does to its arguments happens to these."""
        return self._do(self._call, function, arguments)

    def function(self, name: str) -> Callable[..., Any]:
        """A stand-in for a function of the student, which keeps the time itself."""

        def stand_in(*arguments: Any) -> Any:
            return self.call(name, arguments)

        stand_in.__name__ = stand_in.__qualname__ = name
        stand_in.keeps_time = True  # type: ignore[attr-defined]
        return stand_in

    def _do(self, work: Callable[..., T], *arguments: Any) -> T:
        return self._thread.submit(work, *arguments).result()

    def _run_new(self, cell: dict[str, Any]) -> list[Error]:
        begun = time.monotonic()
        self._be_ready()
        self._cells.append(cell)
        errors = self._run(cell, _budget(cell) - self._spent[cell["extra"]])
        self._spent[cell["extra"]] += time.monotonic() - begun
        return errors

    def _run(self, cell: dict[str, Any], left: float) -> list[Error]:
        """Run a cell; where no time is left for its like, no more than what it defines."""
        if left < -DEFINING_SECONDS:
            self._flags.add(TooLongError.flag)
            self._cells.remove(cell)
            return [_too_long("it was not run", cell, left)]
        seconds = min(limits.CELL_SECONDS, left if left > 0 else 1.0)
        body = cell | {
            "seconds": seconds,
            "definitions": left <= 0 or "late" in cell,
            "functions": self._functions,
        }
        try:
            answer = self._ask("run", body)
            errors = answer.get("errors")
            if not isinstance(errors, list) or not all(_is_error(error, 3) for error in errors):
                self._give_up(CrashError())
                raise CrashError("its answer makes no sense")
            self._look()
        except GivenUpError as given_up:
            self._cells.remove(cell)
            if isinstance(given_up, TooLongError):
                return [_too_long("it was ended", cell, left)]
            return [[type(given_up).__name__, str(given_up), None]]
        if answer.get("late"):
            cell["late"] = True  # what it defines is there; a new process need not wait again
            self._flags.add(TooLongError.flag)
            what = "no more was run than what it defines" if left <= 0 else "it was ended"
            errors = [*errors, _too_long(what, cell, left)]
        return errors

    def _go_back(self, function: str) -> bool:
        with contextlib.suppress(GivenUpError):
            self._be_ready()
            answer = self._ask("differs", {"function": function, "seconds": LOOKING_SECONDS})
            if answer.get("differs") is True:
                self._earlier.add(function)
        return function in self._earlier

    def _call(self, function: str, arguments: tuple[Any, ...]) -> Any:
        clock = self._clocks[function]
        if clock.ended:
            raise clock.ended
        self._be_ready()
        seconds = min(limits.LATEST_SECONDS, limits.QUESTION_SECONDS - clock.total)
        packed = [pack(argument) for argument in arguments]
        body = {
            "function": function,
            "arguments": packed,
            "seconds": seconds,
            "earlier": function in self._earlier,
        }
        begun = time.monotonic()
        try:
            answer = self._ask("call", body) if seconds > 0 else {"late": True}
            if answer.get("late"):
                raise TooLongError("it did not come back")
            value, after = self._read(answer, len(arguments))
            self._look()
        except GivenUpError as error:
            clock.total += time.monotonic() - begun
            clock.ended = _why_ended(error, seconds, clock)
            self._flags.add(clock.ended.flag)
            raise clock.ended from error
        took = time.monotonic() - begun
        clock.total, clock.longest = clock.total + took, max(clock.longest, took)
        if took > limits.CALL_SECONDS:
            self._flags.add(TooSlowError.flag)
        for mine, changed in zip(arguments, after, strict=True):
            _take_over(mine, changed)
        return value

    def _read(self, answer: dict[str, Any], count: int) -> tuple[Any, list[Any]]:
        try:
            return _read(answer, count)
        except CrashError as error:
            self._give_up(error)
            raise

    def _ask(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask the process; it is ended where it does not answer."""
        end = time.monotonic() + body["seconds"] + GRACE_SECONDS
        try:
            answer = self._running.ask(kind, body, end)
        except GivenUpError as error:
            self._give_up(error)
            raise
        errors = answer.get("errors") or [answer.get("error")]
        if any(
            isinstance(error, list) and str(error[:1]).endswith("MemoryError']")
            for error in (errors if isinstance(errors, list) else [])
        ):  # NumPy's has a name of its own
            self._flags.add("out-of-memory")
        return answer

    def _look(self) -> None:
        """Look at what the process takes, and not at every short call."""
        if time.monotonic() - self._looked > TICK:
            self._looked = time.monotonic()
            try:
                self._running.look()
            except GivenUpError as error:
                self._give_up(error)
                raise

    def _be_ready(self) -> None:
        """Have a process in which all cells have run that are known to come back."""
        while self._channel is None:
            self._channel = Channel(
                self._library, Path(self._scratch.name), self._isolated, self._numbers, self._flags
            )
            for cell in list(self._cells):
                begun = time.monotonic()
                self._run(cell, _budget(cell) - self._spent_again[cell["extra"]])
                self._spent_again[cell["extra"]] += time.monotonic() - begun
                if self._channel is None:
                    break

    @property
    def _running(self) -> Channel:
        assert self._channel is not None
        return self._channel

    def _give_up(self, error: GivenUpError) -> None:
        self._flags.add(error.flag)
        self._end()

    def _end(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None


def _budget(cell: dict[str, Any]) -> float:
    return limits.EXTRA_SECONDS if cell["extra"] else ANSWER_SECONDS


def _too_long(what: str, cell: dict[str, Any], left: float) -> Error:
    """Why a cell was not run to its end, when so much time was left for its like."""
    if left >= limits.CELL_SECONDS:
        limit = f"a cell has {limits.CELL_SECONDS:g} seconds"
    else:
        like = "you added" if cell["extra"] else "hold answers"
        limit = f"the cells that {like} have {_budget(cell):g} seconds together"
    return ["TooLongError", f"{what}: {limit}", None]


def _why_ended(error: GivenUpError, seconds: float, clock: Clock) -> GivenUpError:
    if not isinstance(error, TooLongError):
        return error
    if seconds < limits.LATEST_SECONDS:
        return TooSlowError(
            f"all calls together took {clock.total:.1f} seconds, and may take "
            f"{limits.QUESTION_SECONDS:g}"
        )
    return TooLongError(
        f"a call may take {limits.CALL_SECONDS:g} seconds; this one had not come back after "
        f"{limits.LATEST_SECONDS:g}"
    )


def _is_error(error: object, length: int) -> bool:
    return (
        isinstance(error, list)
        and len(error) == length
        and all(isinstance(text, str) for text in error[:2])
    )


def _read(answer: dict[str, Any], count: int) -> tuple[Any, list[Any]]:
    """The value of a call and its arguments afterwards; raise what it raised."""
    if "error" in answer:
        if not _is_error(answer["error"], 2):
            raise CrashError("its answer makes no sense")
        raise _as_error(*answer["error"])
    try:
        value, after = unpack(answer["value"]), [unpack(one) for one in answer["after"]]
    except Exception as error:
        raise CrashError("its answer makes no sense") from error
    if len(after) != count:
        raise CrashError("its answer makes no sense")
    return value, after


def _take_over(before: object, after: object) -> None:
    """What a function did to its arguments happens to the caller's, as in one process."""
    if (
        isinstance(before, np.ndarray)
        and isinstance(after, np.ndarray)
        and (before.shape == after.shape and before.dtype == after.dtype)
    ):
        before[...] = after


def _as_error(name: str, text: str) -> Exception:
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        with contextlib.suppress(Exception):
            return kind(text)
    own = name if name.isidentifier() else "Error"
    return type(own, (RuntimeError,), {})(text)  # such as NumPy's: a verdict tells it by its name
