"""Work that may take its process down: each piece in a process of its own, several at a time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing import connection
from typing import Any

# A fork starts at once; a fresh interpreter would import for seconds, once for each piece.
CONTEXT = multiprocessing.get_context("fork")


def each_apart(work: Callable, tasks: dict[str, tuple], jobs: int) -> Iterator[tuple[str, Any]]:
    """Yield the name and the result of each task as it is done; None where its process ended."""
    waiting, running = list(tasks), {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                name = waiting.pop(0)
                receiver, process = _start(work, tasks[name])
                running[receiver] = name, process
            for receiver in connection.wait(list(running)):
                name, process = running.pop(receiver)
                yield name, _result(receiver, process)
    finally:
        for receiver, (_, process) in running.items():
            process.kill()
            _result(receiver, process)


def _start(work: Callable, arguments: tuple):
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_send, args=(sender, work, arguments))
    process.start()
    sender.close()
    return receiver, process


def _send(sender: connection.Connection, work: Callable, arguments: tuple) -> None:
    sender.send(work(*arguments))


def _result(receiver: connection.Connection, process) -> Any:
    try:
        result = receiver.recv()
    except (EOFError, OSError):
        result = None
    receiver.close()
    process.join()
    return result
