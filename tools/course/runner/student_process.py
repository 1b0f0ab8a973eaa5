"""Runs a student's cells and answers calls of their functions, in a process that is not trusted.

This file runs inside the sandbox, with NumPy alone. It reads requests from one pipe and writes
answers to another; whatever it says is judged by the process outside.
"""

import ast
import contextlib
import io
import json
import os
import re
import resource
import struct
import sys
import traceback
import types

import numpy as np

LONGEST = 2000  # characters kept of what a cell raises or a function returns
MANY, LARGEST = 100_000, 4 * 1024**2  # entries of a list, bytes of an array
MAGIC = ("%", "!", "?")


def main():
    requests, answers = os.fdopen(int(sys.argv[1]), "rb"), os.fdopen(int(sys.argv[2]), "wb")
    limit_processes(int(sys.argv[3]))
    namespace = {"__name__": "__main__"}
    process = os.getpid()
    while (request := receive(requests)) is not None:
        number, kind, body = request
        answer = run(body, namespace) if kind == "run" else call(body, namespace)
        if os.getpid() != process:  # a child that a cell forgot has nothing to say
            os._exit(0)
        send(answers, [number, answer])


def limit_processes(most):
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def run(cell, namespace):
    """Run a cell; say how it ended."""
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            exec(compile(without_magic(cell["source"]), cell["name"], "exec"), namespace)
        error = None
    except BaseException as raised:
        error = [type(raised).__name__, str(raised)[:LONGEST], last_line(raised, cell["name"])]
    return {"error": error}


def without_magic(source):
    """A cell without Jupyter's own commands; they mean nothing here.

    A line of plain Python may begin with % too, inside brackets: only where it stops Python from
    reading the cell is it a command.
    """
    lines = source.split("\n")
    for _ in lines:
        try:
            compile("\n".join(lines), "cell", "exec", ast.PyCF_ONLY_AST)
        except SyntaxError as error:
            line = lines[error.lineno - 1] if 0 < (error.lineno or 0) <= len(lines) else ""
            command = line.lstrip()
            if not command.startswith(MAGIC):
                break
            lines[error.lineno - 1] = line[: len(line) - len(command)] + "pass"
        except (ValueError, RecursionError, MemoryError):
            break
        else:
            break
    return "\n".join(lines)


def last_line(error, name):
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == name
    ]
    return lines[-1] if lines else getattr(error, "lineno", None)


def call(request, namespace):
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


# --- values on the wire: JSON, and the bytes of arrays ------------------------------------------


def pack(value):
    if (
        value is None
        or type(value) in (bool, float)
        or (type(value) is int and abs(value) < 2**63)
        or (type(value) is str and len(value) <= LONGEST)
    ):
        return {"plain": value}
    if type(value) in (list, tuple) and len(value) <= MANY:
        return {type(value).__name__: [pack(entry) for entry in value]}
    if isinstance(value, np.ndarray | np.generic) and value.nbytes <= LARGEST:
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            dtype = array.dtype.str
            return {
                "array": np.ascontiguousarray(array).tobytes().hex(),
                "dtype": dtype,
                "shape": array.shape,
            }
    return {"other": type(value).__name__}


def unpack(packed):
    if "plain" in packed:
        return packed["plain"]
    for kind in (list, tuple):
        if kind.__name__ in packed:
            return kind(unpack(entry) for entry in packed[kind.__name__])
    if "array" in packed:
        if not re.fullmatch(r"[<>|=][biuf]\d+", packed["dtype"]):
            raise ValueError(f"{packed['dtype']!r} is no dtype of numbers")
        array = np.frombuffer(bytes.fromhex(packed["array"]), packed["dtype"])
        return array.reshape(packed["shape"]).copy()
    return types.SimpleNamespace(of_type=packed["other"])


def send(pipe, message):
    data = json.dumps(message).encode()
    pipe.write(struct.pack(">I", len(data)) + data)
    pipe.flush()


def receive(pipe):
    header = pipe.read(4)
    if len(header) < 4:
        return None
    return json.loads(pipe.read(struct.unpack(">I", header)[0]))


if __name__ == "__main__":
    main()
