"""A student's functions, in a process of their own that is asked from here.

The process outside asks, and judges what comes back; nothing that runs inside can change a score.
"""

from __future__ import annotations

import builtins
import contextlib
import itertools
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from tools.course.grading.channel import Channel, CrashError, GivenUpError, TooLongError
from tools.course.runner.wire import pack, unpack

CELL_SECONDS, CALL_SECONDS, ALL_SECONDS = 10.0, 3.0, 60.0

T = TypeVar("T")


class Student:
    """A process that runs cells and calls the functions that they define.

    A cell or call that takes too long, or ends the process, costs itself alone: a new process runs
    the other cells again.

    One thread talks to the process. Callers may come from others, and may be told to stop while
    they wait: what was begun is still brought to its end before the next begins. (The process also
    dies with the thread that started it.)
    """

    def __init__(self, library: Path, *, isolated: bool = True):
        self._library, self._isolated = library, isolated
        self._cells: list[dict[str, str]] = []
        self._fatal: dict[str, GivenUpError] = {}  # functions that ended a process
        self._flags: set[str] = set()
        self._deadline = time.monotonic() + ALL_SECONDS
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

    def run(self, name: str, source: str) -> dict[str, Any]:
        """Run a cell; return how it ended."""
        return self._do(self._run_new, {"name": name, "source": source})

    def call(self, function: str, arguments: tuple[Any, ...]) -> Any:
        """Call a function; what it does to its arguments happens to these."""
        return self._do(self._call, function, arguments)

    def function(self, name: str) -> Callable[..., Any]:
        """A stand-in for a function of the student; the process is ready for its calls."""
        with contextlib.suppress(GivenUpError):
            self._do(self._be_ready)

        def stand_in(*arguments: Any) -> Any:
            return self.call(name, arguments)

        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in

    def _do(self, work: Callable[..., T], *arguments: Any) -> T:
        return self._thread.submit(work, *arguments).result()

    def _run_new(self, cell: dict[str, str]) -> dict[str, Any]:
        try:
            self._be_ready()
        except GivenUpError as error:
            return _ended_by(error)
        self._cells.append(cell)
        return self._run(cell)

    def _run(self, cell: dict[str, str]) -> dict[str, Any]:
        try:
            error = self._ask("run", cell, CELL_SECONDS).get("error", ())
            if error is not None and not _is_error(error, 3):
                raise CrashError("its answer makes no sense")
            self._running.look()
        except GivenUpError as given_up:
            self._cells.remove(cell)
            self._give_up(given_up)
            return _ended_by(given_up)
        return {"error": error}

    def _call(self, function: str, arguments: tuple[Any, ...]) -> Any:
        if function in self._fatal:
            before = self._fatal[function]
            raise type(before)(str(before))
        self._be_ready()
        body = {"function": function, "arguments": [pack(argument) for argument in arguments]}
        try:
            answer = self._ask("call", body, CALL_SECONDS)
            value, after = _read(answer, len(arguments))
        except GivenUpError as error:
            self._fatal[function] = error
            self._give_up(error)
            raise
        for mine, changed in zip(arguments, after, strict=True):
            _take_over(mine, changed)
        return value

    def _ask(self, kind: str, body: dict[str, Any], seconds: float) -> dict[str, Any]:
        end = min(time.monotonic() + seconds, self._deadline)
        answer = self._running.ask(kind, body, end)
        error = answer.get("error")
        if isinstance(error, list) and str(error[:1]).endswith(
            "MemoryError']"
        ):  # NumPy's has a name of its own
            self._flags.add("out-of-memory")
        return answer

    def _be_ready(self) -> None:
        """Have a process in which all cells have run that are known to come back."""
        while self._channel is None:
            if time.monotonic() > self._deadline:
                raise TooLongError("the time of the submission is up")
            self._channel = Channel(
                self._library, Path(self._scratch.name), self._isolated, self._numbers, self._flags
            )
            for cell in list(self._cells):
                self._run(cell)
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


def _ended_by(error: GivenUpError) -> dict[str, Any]:
    return {"error": [type(error).__name__, str(error), None]}


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
    return RuntimeError(f"{name}: {text}")
