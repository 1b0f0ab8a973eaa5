"""Fitted models in files: NumPy arrays and a line of JSON, never pickle."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import stat
import threading
import zipfile
import zlib
from contextlib import suppress
from functools import partial
from typing import IO, Any

import numpy as np

FORMAT = "softmax_lib model 1"

# Why a folder may refuse a new file, or to have one take another's place, where the old file can
# still be written. A full disk is none of these: there the old file must stay as it was.
NOT_ALLOWED = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.EBUSY,
    errno.EXDEV,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.ENAMETOOLONG,
}

# NumPy reads an array's header with CPython's parser, and that of 3.11 counts the depth of all
# threads together: where two read at once, one may fail.
_one_reader = threading.Lock()

AnyPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]


def packed(kind: str, settings: dict, arrays: dict) -> bytes:
    """A model as the content of a file."""
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"{name} must hold numbers or strings to be saved; got {array!r}")
    header = json.dumps({"format": FORMAT, "kind": kind, "settings": settings}, default=_plain)
    file = io.BytesIO()
    np.savez(file, header=np.array(header), **arrays)
    return file.getvalue()


def unpacked(content: IO[bytes]) -> tuple[str, dict, dict]:
    """Kind, settings and arrays; of anything but a model, the errors of many libraries."""
    with _one_reader, np.load(content, allow_pickle=False) as parts:
        arrays = {name: parts[name] for name in parts.files}
    header = json.loads(str(arrays.pop("header")))
    kind = header["kind"] if header["format"] == FORMAT else header["format"]
    return kind, header["settings"], arrays


def write(path: AnyPath, content: bytes) -> None:
    """Put the content into the file, and change no more than ``open(path, "wb")`` would.

    Where the folder allows it, the write is one step: an interrupted one leaves the old file.
    """
    _check_is_path(path)
    try:
        before = _facts_of(path)
    except FileNotFoundError:
        before = None
    place = os.fsdecode(os.path.realpath(path))  # where links lead: os.replace does not follow them
    replaceable = _names_a_file(path) if before is None else _is_replaceable(path, place, before)
    if replaceable and _replace(place, content, before):
        return
    with open(path, "wb") as file:
        file.write(content)


def load_arrays(path: AnyPath, kind: str) -> tuple[dict, dict]:
    """Read what `write` wrote: the settings and the arrays."""
    _check_is_path(path)
    name = os.fsdecode(path)
    if os.path.isdir(path):
        raise ValueError(f"{name} must be a saved {kind}; got a directory")
    with open(path, "rb") as file:
        try:
            found, settings, arrays = unpacked(file)
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            OSError,
            OverflowError,
            MemoryError,  # arrays of any size may stand in a header
            EOFError,
            NotImplementedError,
            RuntimeError,
            zipfile.BadZipFile,
            zlib.error,
        ) as error:
            raise ValueError(
                f"{name} must be a saved {kind}; the file is damaged or of another format"
            ) from error
    if found != kind:
        raise ValueError(f"{name} must be a saved {kind}; got a {found}")
    return settings, arrays


def _check_is_path(path: Any) -> None:
    """Refuse what names no file, such as one that is open."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        raise TypeError(f"path must be a path of a file; got {type(path).__name__}")


def _plain(setting: Any) -> Any:
    """A scalar of NumPy, or an array of one number, in terms of JSON."""
    value = np.asarray(setting)
    if value.ndim or value.dtype.kind not in "biufU":
        raise TypeError(f"settings must be numbers or strings to be saved; got {setting!r}")
    return float(value) if value.dtype.kind == "f" else value.item()


def _facts_of(path: AnyPath) -> os.stat_result:
    """What is there now; asked again where another file has just taken the name of this one."""
    for _ in range(10):
        facts = os.stat(path)
        if facts.st_nlink:
            break
    return facts


def _names_a_file(path: AnyPath) -> bool:
    """Whether a new file may have this name; of "folder/" and the like, realpath makes one."""
    return os.path.basename(os.fsdecode(path)) not in ("", os.curdir, os.pardir)


def _is_replaceable(path: AnyPath, place: str, before: os.stat_result) -> bool:
    """Whether a new file can stand for this one: a plain file, under one name, that may be written.

    A pipe, a device and a second name would be cut off from the content, and a file that has lost
    its name, as a descriptor's may have, has no place.
    """
    if not stat.S_ISREG(before.st_mode) or before.st_nlink != 1:
        return False
    with open(path, "r+b"):  # what may not be written is refused, as open refuses it
        pass
    return os.path.exists(place)


def _replace(place: str, content: bytes, before: os.stat_result | None) -> bool:
    """Write a file beside it that takes its place; False where the folder does not allow it."""
    temporary = os.path.join(os.path.dirname(place), f".{os.urandom(8).hex()}.part")
    # The system gives a new file the permissions of any other. One that takes the place of an old
    # file is private until it has the old one's.
    mode = 0o666 if before is None else 0o600
    try:
        try:
            with open(temporary, "xb", opener=partial(os.open, mode=mode)) as file:
                file.write(content)
            if before is not None:
                _take_over(place, temporary, before)
            os.replace(temporary, place)
        finally:
            with suppress(FileNotFoundError):  # it has its place, or was never made
                os.unlink(temporary)
    except OSError as error:
        if error.errno not in NOT_ALLOWED:
            raise
        return False
    return True


def _take_over(place: str, temporary: str, before: os.stat_result) -> None:
    """Give the new file the owner, mode and attributes of the old one."""
    made = os.stat(temporary)
    if (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
        os.chown(temporary, before.st_uid, before.st_gid)
    shutil.copystat(place, temporary)
    os.utime(temporary)
