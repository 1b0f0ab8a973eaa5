"""A student's functions in a process of their own: no network, no other files, limited in all.

The process outside asks, and judges what comes back; nothing that runs inside can change a score.
On Linux the process lives in bubblewrap. Without it, `isolated=False` must be asked for.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import os
import resource
import select
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from student_process import pack, unpack

TOOLS = Path(__file__).resolve().parent
CELL_SECONDS, CALL_SECONDS, ALL_SECONDS = 10.0, 2.0, 60.0
MEMORY = 2 * 1024**3
DISK = 50 * 1024**2
LONGEST_ANSWER = 64 * 1024**2
PROCESSES, FILES = 64, 256


class SandboxError(Exception):
    """There is no sandbox on this machine."""


class TooLongError(Exception):
    """The time of a cell or a call is up."""


class CrashError(Exception):
    """The process ended, or no longer makes sense."""


def require() -> None:
    """Raise where submissions could not be kept apart from this machine."""
    if not shutil.which("bwrap"):
        raise SandboxError("bubblewrap is missing: install the package `bubblewrap`, or pass "
                           "--no-sandbox to run submissions with your own rights")


class Student:
    """A process that runs cells and calls the functions that they define.

    A cell or call that takes too long, or ends the process, costs itself alone: a new process runs
    the other cells again.
    """

    def __init__(self, library: Path, *, isolated: bool = True):
        self.library, self.isolated = library, isolated
        self.cells: list[dict] = []
        self.fatal: set[str] = set()  # names of cells and functions that ended a process
        self.flags: set[str] = set()
        self._deadline = time.monotonic() + ALL_SECONDS
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> Student:
        return self

    def __exit__(self, *_) -> None:
        self._end()

    def run(self, name: str, source: str) -> dict:
        """Run a cell; return how it ended."""
        cell = {"name": name, "source": source}
        self.cells.append(cell)
        if self._process is None:
            return self._start()[-1]
        return self._run(cell)

    def call(self, function: str, arguments: tuple) -> Any:
        """Call a function; what it does to its arguments happens to these."""
        if function in self.fatal:
            raise TooLongError(f"{function} did not come back before")
        if self._process is None:
            self._start()
        body = {"function": function, "arguments": [pack(argument) for argument in arguments]}
        try:
            answer = self._ask("call", body, CALL_SECONDS)
        except (TooLongError, CrashError) as error:
            self._give_up(function, error)
            raise
        if "error" in answer:
            raise _as_error(*answer["error"])
        for before, after in zip(arguments, answer["after"], strict=True):
            _take_over(before, unpack(after))
        return unpack(answer["value"])

    def function(self, name: str):
        """A stand-in for a function of the student."""
        def stand_in(*arguments):
            return self.call(name, arguments)
        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in

    def _start(self) -> list[dict]:
        self._process, self._to, self._from = start(self.library, self.isolated)
        return [self._run(cell) for cell in self.cells if cell["name"] not in self.fatal]

    def _run(self, cell: dict) -> dict:
        try:
            return self._ask("run", cell, CELL_SECONDS)
        except (TooLongError, CrashError) as error:
            self._give_up(cell["name"], error)
            self._start()
            return {"error": [type(error).__name__, str(error), None], "printed": ""}

    def _give_up(self, name: str, error: Exception) -> None:
        self.fatal.add(name)
        self.flags.add("timed-out" if isinstance(error, TooLongError) else "crashed")
        self._end()

    def _ask(self, kind: str, body: dict, seconds: float) -> dict:
        message = json.dumps([kind, body]).encode()
        end = min(time.monotonic() + seconds, self._deadline)
        try:
            self._to.write(struct.pack(">I", len(message)) + message)
            self._to.flush()
            (length,) = struct.unpack(">I", self._read(4, end))
            if length > LONGEST_ANSWER:
                raise CrashError("the answer is too long")
            answer = json.loads(self._read(length, end))
        except (OSError, ValueError, struct.error, RecursionError) as error:
            raise CrashError("the process ended") from error
        if not isinstance(answer, dict):
            raise CrashError("the answer is none")
        return answer

    def _read(self, count: int, end: float) -> bytes:
        data = b""
        while len(data) < count:
            ready, _, _ = select.select([self._from], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise TooLongError("it did not come back in time")
            piece = os.read(self._from.fileno(), min(count - len(data), 1 << 20))
            if not piece:
                raise CrashError("the process ended")
            data += piece
        return data

    def _end(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._to, self._from):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process = None


def _take_over(before, after) -> None:
    """What a function did to its arguments happens to the caller's, as in one process."""
    if isinstance(before, np.ndarray) and isinstance(after, np.ndarray) and (
            before.shape == after.shape and before.dtype == after.dtype):
        before[...] = after


def _as_error(name: str, text: str) -> BaseException:
    kind = getattr(builtins, str(name), None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        with contextlib.suppress(Exception):
            return kind(text)
    return RuntimeError(f"{name}: {text}")


# --- starting the process ----------------------------------------------------------------------


def start(library: Path, isolated: bool):
    """Start the process; return it, and the pipes to and from it."""
    request_read, request_write = os.pipe()
    answer_read, answer_write = os.pipe()
    with tempfile.TemporaryDirectory() as scratch:
        command = inner(request_read, answer_write, library)
        process = subprocess.Popen(
            bubblewrap(command, library) if isolated else command, cwd=scratch,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(request_read, answer_write), env=environment(), start_new_session=True,
            preexec_fn=limit)
    os.close(request_read)
    os.close(answer_write)
    return process, os.fdopen(request_write, "wb"), os.fdopen(answer_read, "rb", buffering=0)


def inner(requests: int, answers: int, library: Path) -> list[str]:
    """The command inside: a Python that sees its own library, NumPy, and the student's room."""
    path = [str(library), str(TOOLS), str(Path(np.__file__).parents[1])]
    code = f"import sys; sys.path[:0] = {path!r}; import student_process; student_process.main()"
    return [python(), "-I", "-S", "-c", code, str(requests), str(answers)]


def python() -> str:
    return os.path.realpath(sys.executable)


def environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


def bubblewrap(command: list[str], library: Path) -> list[str]:
    """The command, with nothing in sight but Python, NumPy and an empty folder for files."""
    prefix, packages = sys.base_prefix, Path(np.__file__).parents[1]
    visible = {Path("/usr/lib"), Path("/lib"), Path("/lib64"), Path(prefix)}
    arguments = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    for name, value in environment().items():
        arguments += ["--setenv", name, value]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--size", str(DISK), "--tmpfs", "/tmp"]
    for folder in sorted(visible):
        if folder.exists():
            arguments += ["--ro-bind", str(folder), str(folder)]
    arguments += ["--tmpfs", sysconfig.get_path("purelib", vars={"base": prefix})]
    for package in sorted(packages.glob("numpy*")):
        if package.suffix != ".dist-info":
            arguments += ["--ro-bind", str(package), str(package)]
    arguments += ["--ro-bind", str(TOOLS / "student_process.py"),
                  str(TOOLS / "student_process.py"), "--ro-bind", str(library), str(library),
                  "--chdir", "/tmp", "--remount-ro", "/"]
    return [*arguments, *command]


def limit() -> None:
    """Limits that the process and all its children inherit."""
    for what, most in [(resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, DISK),
                       (resource.RLIMIT_NPROC, PROCESSES), (resource.RLIMIT_NOFILE, FILES),
                       (resource.RLIMIT_CPU, int(ALL_SECONDS)), (resource.RLIMIT_CORE, 0)]:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
