"""What passes between a student's process and the grader: JSON, and the bytes of arrays.

Both sides know these two forms, and nothing else: no object of a student's is ever unpickled.
"""

from __future__ import annotations

import itertools
import json
import re
import struct
from collections.abc import Iterator, ValuesView
from typing import Any, BinaryIO

import numpy as np

LONGEST = 2000  # characters kept of what a cell raises or a function returns
MANY, LARGEST = 100_000, 4 * 1024**2  # entries of a list, bytes of an array
FEW = 20  # entries of what is no list but can be unpacked
LENGTH = struct.Struct(">I")  # of a message, before it


class Other:
    """Stands for a value that does not pass; its type is called as the value's was."""

    of_type: str
    entries: list[Any]  # of what can be unpacked, as the values of a dictionary


def pack(value: Any) -> dict[str, Any]:
    """A value as JSON can write it; of what does not fit, only the type."""
    if (
        value is None
        or type(value) in (bool, float)
        or (type(value) is int and abs(value) < 2**63)
        or (type(value) is str and len(value) <= LONGEST)
    ):
        return {"plain": value}
    if _holds_arrays(value):
        value = list(value)
    for kind in (list, tuple):
        if isinstance(value, kind) and len(value) <= MANY:  # a named tuple too
            return {kind.__name__: [pack(entry) for entry in value]}
    if isinstance(value, np.ndarray | np.generic) and value.nbytes <= LARGEST:
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            data = np.ascontiguousarray(array).tobytes().hex()
            return {"array": data, "dtype": array.dtype.str, "shape": array.shape}
    entries: list[Any] = []
    if isinstance(value, Iterator | ValuesView):
        entries = [pack(entry) for entry in itertools.islice(value, FEW)]
    return {"other": type(value).__name__, "entries": entries}


def _holds_arrays(value: Any) -> bool:
    """Whether an array holds others, as NumPy packs those of several shapes."""
    return (
        isinstance(value, np.ndarray)
        and (value.dtype, value.ndim) == (object, 1)
        and all(isinstance(entry, np.ndarray | list | tuple) for entry in value)
    )


def unpack(packed: dict[str, Any]) -> Any:
    """The value again; a ValueError or a KeyError where it was packed by somebody else."""
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
    # Whoever describes it finds the name of the student's type, and nothing of this file's.
    of_type, entries = str(packed["other"]), [unpack(one) for one in packed.get("entries", [])]
    return type(of_type, (Other,), {"of_type": of_type, "entries": entries})()


def framed(message: object) -> bytes:
    data = json.dumps(message).encode()
    return LENGTH.pack(len(data)) + data


def send(pipe: BinaryIO, message: object) -> None:
    pipe.write(framed(message))
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:
    """The next message; None at the end."""
    header = pipe.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    return json.loads(pipe.read(*LENGTH.unpack(header)))
