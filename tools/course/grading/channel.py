"""The pipes to a student's process: every wait for it has an end, and watches what it takes."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from tools.course.grading import limits, sandbox
from tools.course.runner.wire import LENGTH, framed

TICK = 0.1  # seconds between two looks at what a process takes
LONGEST_ANSWER = 16 * 1024**2
PIECE = 1 << 16
PAGE = os.sysconf("SC_PAGE_SIZE")
KERNEL_TELLS = Path(f"/proc/self/task/{os.getpid()}/children").exists()


class GivenUpError(Exception):
    """A cell or a call was ended; each reason has its flag."""

    flag = "crashed"


class TooLongError(GivenUpError, TimeoutError):
    """A cell or a call did not come back."""

    flag = "timed-out"


class TooSlowError(TooLongError):
    """Calls came back, and too late."""

    flag = "too-slow"


class CrashError(GivenUpError):
    """The process ended, or no longer makes sense."""


class TooLargeError(GivenUpError):
    """The process and its children hold too much memory."""

    flag = "out-of-memory"


class Channel:
    """A process in a sandbox, and the pipes to and from it.

    Requests are counted, and an answer names its request: what else comes down the pipe somebody
    has written who is not the runner, and `flags` says so.
    """

    def __init__(
        self,
        library: Path,
        scratch: Path,
        isolated: bool,
        numbers: Iterator[int],
        flags: set[str],
    ):
        self._process, self._to, self._from = sandbox.start(library, scratch, isolated)
        self._numbers, self._flags = numbers, flags

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._to)
        os.close(self._from)

    def ask(self, kind: str, body: dict[str, Any], end: float) -> dict[str, Any]:
        """Send a request, and wait for its answer until the clock shows `end`."""
        asked = next(self._numbers)
        try:
            self._write(framed([asked, kind, body]), end)
            number, answer = self._receive(end)
            while number != asked:
                self._flags.add("tampering")
                number, answer = self._receive(end)
        except GivenUpError:
            raise
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise CrashError("the process ended, or no longer makes sense") from error
        if not isinstance(answer, dict):
            raise CrashError("its answer makes no sense")
        return answer

    def look(self) -> None:
        """Raise where the process and all that it started take too much.

        The system's limits bind each process; a class needs the sum.
        """
        processes = children(self._process.pid)
        if len(processes) > sandbox.PROCESSES // 2:  # before the limit: it does not bind root
            raise CrashError(f"it started {len(processes)} processes")
        # Pages that processes share are first counted once for each, which is quick.
        if sum(map(resident, processes)) > limits.MEMORY and sum(map(share, processes)) > (
            limits.MEMORY
        ):
            raise TooLargeError("its processes hold too much memory")

    def _receive(self, end: float) -> tuple[Any, Any]:
        (length,) = LENGTH.unpack(self._read(LENGTH.size, end))
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
        read, write = ([], [self._to]) if writing else ([self._from], [])
        while (left := end - time.monotonic()) > 0:
            if any(select.select(read, write, [], min(left, TICK))):
                return
            self.look()
        raise TooLongError("it did not come back in time")


def children(process: int) -> list[int]:
    """All processes below one, however deep."""
    if not KERNEL_TELLS:
        return slowly_found_children(process)
    found = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            found += [int(child) for child in path.read_text().split()]
    return [*found, *(below for child in found for below in children(child))]


def slowly_found_children(process: int) -> list[int]:
    try:
        return [one.pid for one in psutil.Process(process).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def resident(process: int) -> int:
    """Bytes of memory that a process holds, its own and shared; 0 where it has ended meanwhile."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def share(process: int) -> int:
    """The same, but of what several processes share only this one's part."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        return int(text.partition("\nPss:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        return resident(process)
