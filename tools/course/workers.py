"""A worker process for each task: where one ends before its task, the others go on.

(A process pool takes all its tasks down with a worker that dies.)
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

T = TypeVar("T")

# A fork starts at once; a fresh interpreter would import for seconds, once for each task.
CONTEXT = multiprocessing.get_context("fork")


def run_in_workers(
    function: Callable[..., T], tasks: dict[str, tuple[Any, ...]], jobs: int
) -> Iterator[tuple[str, T | None]]:
    """Yield the name and the result of each task as it is done; None where its worker ended."""
    waiting = list(tasks)
    running: dict[Connection, tuple[str, BaseProcess]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                name = waiting.pop(0)
                receiver, process = _start(function, tasks[name])
                running[receiver] = name, process
            ready: list[Any] = wait(list(running))
            for receiver in ready:
                name, process = running.pop(receiver)
                yield name, _result(receiver, process)
    finally:
        for receiver, (_, process) in running.items():
            process.kill()
            _result(receiver, process)


def _start(
    function: Callable[..., T], arguments: tuple[Any, ...]
) -> tuple[Connection, BaseProcess]:
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_send, args=(sender, function, arguments))
    process.start()
    sender.close()
    return receiver, process


def _send(sender: Connection, function: Callable[..., T], arguments: tuple[Any, ...]) -> None:
    sender.send(function(*arguments))


def _result(receiver: Connection, process: BaseProcess) -> Any:
    try:
        result = receiver.recv()
    except (EOFError, OSError):
        result = None
    receiver.close()
    process.join()
    return result
