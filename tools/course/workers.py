"""A worker process for each task: where one ends before its task, the others go on.

(A process pool takes all its tasks down with a worker that dies.)
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import resource
import signal
import tempfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

GROWTH = 768 * 1024**2  # bytes

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1

# A fork starts at once; a fresh interpreter would import for seconds, once for each task.
CONTEXT = multiprocessing.get_context("fork")


def run_in_workers(
    function: Callable[..., T], tasks: dict[str, tuple[Any, ...]], jobs: int
) -> Iterator[tuple[str, T | None]]:
    """Yield the name and the result of each task as it is done; None where its worker ended."""
    waiting = list(tasks)
    running: dict[Connection, tuple[str, BaseProcess]] = {}
    with _temporary_folder():
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    name = waiting.pop(0)
                    with _signals_wait():
                        receiver, process = _start(function, tasks[name])
                        running[receiver] = name, process
                ready: list[Any] = wait(list(running))
                for receiver in ready:
                    name, process = running.pop(receiver)
                    yield name, _result(receiver, process)
        finally:
            for _, process in running.values():
                process.kill()
            for receiver, (_, process) in running.items():
                _result(receiver, process)


@contextlib.contextmanager
def _signals_wait() -> Iterator[None]:
    """Let the signals that end this process wait: what they raise within a fork would be lost."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _temporary_folder() -> Iterator[None]:
    """One folder for all temporary files, since a worker that is killed removes none."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


def _start(
    function: Callable[..., T], arguments: tuple[Any, ...]
) -> tuple[Connection, BaseProcess]:
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_send, args=(sender, os.getpid(), function, arguments))
    process.start()
    sender.close()
    return receiver, process


def _send(
    sender: Connection, parent: int, function: Callable[..., T], arguments: tuple[Any, ...]
) -> None:
    # Who ends the whole group means the process above, which ends this one.
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    end_with_parent()
    limit_memory()
    if os.getppid() == parent:
        sender.send(function(*arguments))


def limit_memory() -> None:
    """Bound what this process may take beyond what it has."""
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + GROWTH
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def end_with_parent() -> None:
    """Have the system end this process where the one above ends, however that comes about."""
    with contextlib.suppress(OSError, AttributeError):  # there is no such call but on Linux
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _result(receiver: Connection, process: BaseProcess) -> Any:
    try:
        result = receiver.recv()
    except (EOFError, OSError):
        result = None
    receiver.close()
    process.join()
    return result
