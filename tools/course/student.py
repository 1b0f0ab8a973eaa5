"""A student's functions, in a process of their own that is asked from here.

The process outside asks, and judges what comes back; nothing that runs inside can change a score.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import os
import select
import signal
import struct
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from tools.course import sandbox, watch
from tools.course.runner.student_process import pack, unpack

CELL_SECONDS, CALL_SECONDS, ALL_SECONDS = 10.0, 3.0, 60.0
TICK = 0.25  # seconds between two looks at what a process takes
LONGEST_ANSWER = 16 * 1024**2
PIECE = 1 << 16


class GivenUpError(Exception):
    """A cell or a call was ended; each reason has its flag."""

    flag = "crashed"


class TooLongError(GivenUpError):
    """The time of a cell, a call or the whole submission is up."""

    flag = "timed-out"


class CrashError(GivenUpError):
    """The process ended, or no longer makes sense."""


class TooLargeError(GivenUpError):
    """The process and its children hold too much memory."""

    flag = "out-of-memory"


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
        self._cells: list[dict] = []
        self._fatal: dict[str, GivenUpError] = {}  # functions that ended a process
        self._flags: set[str] = set()
        self._deadline = time.monotonic() + ALL_SECONDS
        self._asked = 0
        self._process: subprocess.Popen | None = None
        self._scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Student:
        return self

    def __exit__(self, *_) -> None:
        self._do(self._end)
        self._thread.shutdown()
        self._scratch.cleanup()

    @property
    def flags(self) -> set[str]:
        return self._do(self._flags.copy)

    def run(self, name: str, source: str) -> dict:
        """Run a cell; return how it ended."""
        return self._do(self._run_new, {"name": name, "source": source})

    def call(self, function: str, arguments: tuple) -> Any:
        """Call a function; what it does to its arguments happens to these."""
        return self._do(self._call, function, arguments)

    def function(self, name: str):
        """A stand-in for a function of the student; the process is ready for its calls."""
        with contextlib.suppress(GivenUpError):
            self._do(self._be_ready)

        def stand_in(*arguments):
            return self.call(name, arguments)

        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in

    def _do(self, work, *arguments):
        return self._thread.submit(work, *arguments).result()

    # --- cells and calls -------------------------------------------------------------------------

    def _run_new(self, cell: dict) -> dict:
        try:
            self._be_ready()
        except GivenUpError as error:
            return _ended_by(error)
        self._cells.append(cell)
        return self._run(cell)

    def _run(self, cell: dict) -> dict:
        try:
            error = self._ask("run", cell, CELL_SECONDS).get("error", ())
            if error is not None and not _is_error(error, 3):
                raise CrashError("its answer makes no sense")
            self._look()
        except GivenUpError as given_up:
            self._cells.remove(cell)
            self._give_up(given_up)
            return _ended_by(given_up)
        return {"error": error}

    def _call(self, function: str, arguments: tuple) -> Any:
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

    def _be_ready(self) -> None:
        """Have a process in which all cells have run that are known to come back."""
        while self._process is None:
            if time.monotonic() > self._deadline:
                raise TooLongError("the time of the submission is up")
            self._process, self._to, self._from = sandbox.start(
                self._library, Path(self._scratch.name), self._isolated
            )
            for cell in list(self._cells):
                self._run(cell)
                if self._process is None:
                    break

    def _give_up(self, error: GivenUpError) -> None:
        self._flags.add(error.flag)
        self._end()

    def _end(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._to)
        os.close(self._from)
        self._process = None

    # --- the pipes -------------------------------------------------------------------------------

    def _ask(self, kind: str, body: dict, seconds: float) -> dict:
        """Send a request, and wait for its answer."""
        self._asked += 1
        message = json.dumps([self._asked, kind, body]).encode()
        end = min(time.monotonic() + seconds, self._deadline)
        try:
            self._write(struct.pack(">I", len(message)) + message, end)
            number, answer = self._receive(end)
            while number != self._asked:  # somebody else than student_process has written it
                self._flags.add("tampering")
                number, answer = self._receive(end)
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise CrashError("the process ended, or no longer makes sense") from error
        if not isinstance(answer, dict):
            raise CrashError("its answer makes no sense")
        error = answer.get("error")
        if error and str(error[0]).endswith("MemoryError"):  # NumPy's has a name of its own
            self._flags.add("out-of-memory")
        return answer

    def _receive(self, end: float) -> tuple:
        (length,) = struct.unpack(">I", self._read(4, end))
        if length > LONGEST_ANSWER:
            raise CrashError("the answer is too long")
        number, answer = json.loads(self._read(length, end))
        return number, answer

    def _write(self, data: bytes, end: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(end, writing=True)
            view = view[os.write(self._to, view[:PIECE]) :]

    def _read(self, count: int, end: float) -> bytes:
        data = bytearray()
        while len(data) < count:
            self._wait(end)
            piece = os.read(self._from, min(count - len(data), PIECE))
            if not piece:
                raise CrashError("the process ended")
            data += piece
        return bytes(data)

    def _wait(self, end: float, writing: bool = False) -> None:
        """Wait until a pipe is ready; look meanwhile at what the process takes."""
        pipes = ([], [self._to], []) if writing else ([self._from], [], [])
        while (left := end - time.monotonic()) > 0:
            if any(select.select(*pipes, min(left, TICK))):
                return
            self._look()
        raise TooLongError("it did not come back in time")

    def _look(self) -> None:
        processes, memory = watch.taken(self._process.pid)
        if processes > sandbox.PROCESSES // 2:  # before the limit: it does not bind root
            raise CrashError(f"it started {processes} processes")
        if memory > sandbox.MEMORY:
            raise TooLargeError("its processes hold too much memory")


def _ended_by(error: GivenUpError) -> dict:
    return {"error": [type(error).__name__, str(error), None]}


def _is_error(error, length: int) -> bool:
    return (
        isinstance(error, list)
        and len(error) == length
        and all(isinstance(text, str) for text in error[:2])
    )


def _read(answer: dict, count: int) -> tuple[Any, list]:
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


def _take_over(before, after) -> None:
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
