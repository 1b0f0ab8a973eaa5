"""Fitted models in files: NumPy arrays and a line of JSON, never pickle."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
import zlib
from pathlib import Path

import numpy as np

FORMAT = "softmax_lib model 1"


def save_arrays(path: str | os.PathLike[str], kind: str, settings: dict, arrays: dict) -> None:
    """Write a model in one step: an interrupted save leaves the old file as it was."""
    path = Path(path)
    # Settings may be NumPy scalars, which JSON does not know.
    header = json.dumps(
        {"format": FORMAT, "kind": kind, "settings": settings}, default=np.generic.item
    )
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, header=np.array(header), **arrays)
        # mkstemp makes a private file; a model gets the permissions of any other new file, and
        # its owner's in any case: a browser's umask takes away all of them.
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o600 | 0o666 & ~umask)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load_arrays(path: str | os.PathLike[str], kind: str) -> tuple[dict, dict]:
    """Read what `save_arrays` wrote: the settings and the arrays."""
    path = Path(path)
    if path.is_dir():
        raise ValueError(f"{path} must be a saved {kind}; got a directory")
    with open(path, "rb") as file:
        try:
            with np.load(file, allow_pickle=False) as content:
                arrays = {name: content[name] for name in content.files}
            header = json.loads(str(arrays.pop("header")))
            found = header["kind"] if header["format"] == FORMAT else header["format"]
            settings = header["settings"]
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            zipfile.BadZipFile,
            zlib.error,
        ) as error:
            raise ValueError(
                f"{path} must be a saved {kind}; the file is damaged or of another format"
            ) from error
    if found != kind:
        raise ValueError(f"{path} must be a saved {kind}; got a {found}")
    return settings, arrays
