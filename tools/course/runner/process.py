"""Runs a student's cells and answers calls of their functions, in a process that is not trusted.

It reads requests from one pipe and writes answers to another; whatever it says is judged by the
process outside.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import sys
import traceback
from typing import Any

from .magic import without_magic
from .wire import LONGEST, pack, receive, send, unpack


def main() -> None:
    requests, answers = os.fdopen(int(sys.argv[1]), "rb"), os.fdopen(int(sys.argv[2]), "wb")
    limit_processes(int(sys.argv[3]))
    namespace: dict[str, Any] = {"__name__": "__main__"}
    process = os.getpid()
    while (request := receive(requests)) is not None:
        number, kind, body = request
        answer = run(body, namespace) if kind == "run" else call(body, namespace)
        if os.getpid() != process:  # a child that a cell forgot has nothing to say
            os._exit(0)
        send(answers, [number, answer])


def limit_processes(most: int) -> None:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def run(cell: dict[str, str], namespace: dict[str, Any]) -> dict[str, Any]:
    """Run a cell; say how it ended."""
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            exec(compile(without_magic(cell["source"]), cell["name"], "exec"), namespace)
        error = None
    except BaseException as raised:
        error = [type(raised).__name__, str(raised)[:LONGEST], last_line(raised, cell["name"])]
    return {"error": error}


def last_line(error: BaseException, name: str) -> int | None:
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == name
    ]
    return lines[-1] if lines else getattr(error, "lineno", None)


def call(request: dict[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    """Call one of the student's functions; return its value, and its arguments afterwards."""
    function = namespace.get(request["function"])
    arguments = [unpack(argument) for argument in request["arguments"]]
    sink = io.StringIO()
    try:
        if function is None:
            raise NameError(f"name {request['function']!r} is not defined")
        with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
            value = pack(function(*arguments))
    except BaseException as raised:
        return {"error": [type(raised).__name__, str(raised)[:LONGEST]]}
    return {"value": value, "after": [pack(argument) for argument in arguments]}
