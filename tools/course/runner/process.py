"""Runs a student's cells and answers calls of their functions, in a process that is not trusted.

It reads requests from one pipe and writes answers to another; whatever it says is judged by the
process outside.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
import inspect
import io
import os
import random
import resource
import signal
import sys
import traceback
import types
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from .earlier import Earlier
from .notebook import names_of_a_notebook
from .wire import LONGEST, pack, receive, send, unpack

MOST_ERRORS = 10  # of a cell
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


class TooLate(BaseException):
    """The time of a cell or a call is up."""


def main() -> None:
    requests, answers = os.fdopen(int(sys.argv[1]), "rb"), os.fdopen(int(sys.argv[2]), "wb")
    limit_processes(int(sys.argv[3]))
    sys.path.append(FOLDER)  # as in a notebook, for modules that a cell writes
    namespace, earlier = new_namespace(), Earlier()
    process = os.getpid()
    while (request := receive(requests)) is not None:
        number, kind, body = request
        answer = answer_to(kind, body, namespace, earlier)
        if os.getpid() != process:  # a child that a cell forgot has nothing to say
            os._exit(0)
        send(answers, [number, answer])


def answer_to(
    kind: str, body: dict[str, Any], namespace: dict[str, Any], earlier: Earlier
) -> dict[str, Any]:
    if kind == "run":
        answer = run(body, namespace)
        earlier.keep(body["functions"], namespace)
        return answer
    if kind == "differs":
        return {"differs": earlier.differs(body["function"], namespace)}
    if not body["earlier"]:
        return call(body, namespace)
    with earlier.names_for(body["function"], namespace):
        return call(body, namespace)


def limit_processes(most: int) -> None:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def new_namespace() -> dict[str, Any]:
    """The names of a notebook before its first cell, in the module that pickle and others ask."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    namespace = vars(module)
    namespace.update(names_of_a_notebook(namespace))
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 (whoever draws without a seed is graded the same again)
    return namespace


def run(cell: dict[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    """Run the statements of a cell; one that fails costs itself. Say what failed.

    With `definitions` it is those alone that define something, and the rest is too late.
    """
    errors: list[list[Any]] = []
    late = False
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    try:
        with quiet(), alarm(cell["seconds"]):
            for node, flags in statements(cell["source"]):
                if cell["definitions"] and not isinstance(node, DEFINITIONS):
                    late = True
                    continue
                try:
                    code = compile(ast.Module([node], []), cell["name"], "exec", flags, True)
                    value = eval(code, namespace)
                    if inspect.iscoroutine(value) and code.co_flags & inspect.CO_COROUTINE:
                        run_to_its_end(value)
                except TooLate:
                    raise
                except BaseException as raised:
                    line = last_line(raised, cell["name"])
                    errors.append([type(raised).__name__, str(raised)[:LONGEST], line])
    except TooLate:
        return {"errors": errors[:MOST_ERRORS], "late": True}
    return {"errors": errors[:MOST_ERRORS], "late": late}


def run_to_its_end(coroutine: Any) -> None:
    import asyncio  # few cells need it, and it is slow to come

    asyncio.run(coroutine)


def statements(source: str) -> Iterator[tuple[ast.stmt, int]]:
    """Each statement of a cell, and what it is compiled with."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
        yield node, flags


def last_line(error: BaseException, name: str) -> int | None:
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == name
    ]
    return lines[-1] if lines else getattr(error, "lineno", None)


def call(request: dict[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    """Call one of the student's functions; return its value, and its arguments afterwards."""
    arguments = [unpack(argument) for argument in request["arguments"]]
    try:
        with quiet(), as_diagnose_calls(), alarm(request["seconds"]):
            return outcome(namespace.get(request["function"]), request["function"], arguments)
    except TooLate:
        return {"late": True}


def outcome(function: Any, name: str, arguments: list[Any]) -> dict[str, Any]:
    try:
        if function is None:
            raise NameError(f"name {name!r} is not defined")
        value = pack(function(*arguments))
    except TooLate:
        raise
    except BaseException as raised:
        return {"error": [type(raised).__name__, str(raised)[:LONGEST]]}
    return {"value": value, "after": [pack(argument) for argument in arguments]}


# --- the conditions of a call --------------------------------------------------------------------

RECURSION = sys.getrecursionlimit()
FOLDER = os.getcwd()


@contextlib.contextmanager
def as_diagnose_calls() -> Iterator[None]:
    """What a cell has switched for the whole process holds for no call, as under `diagnose`."""
    drawn = random.getstate(), np.random.get_state()  # noqa: NPY002
    deepest = sys.getrecursionlimit()
    sys.setrecursionlimit(max(deepest, RECURSION))
    with contextlib.suppress(OSError):
        os.chdir(FOLDER)
    with (
        np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            random.setstate(drawn[0])
            np.random.set_state(drawn[1])  # noqa: NPY002
            sys.setrecursionlimit(deepest)


class Nowhere(io.TextIOBase):
    """What is printed goes nowhere, however much it is."""

    def write(self, text: str) -> int:
        return len(text)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    with contextlib.redirect_stdout(Nowhere()), contextlib.redirect_stderr(Nowhere()):
        yield


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise TooLate after so many seconds; who catches that is ended from outside."""
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def ring(number: int, frame: types.FrameType | None) -> None:
    raise TooLate
