"""Files of a class: named after students, and written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path


def file_name(student: str) -> str:
    """A file name for a student, without its ending; two students never share one.

    Not on a disk either where capitals make no difference.
    """
    plain = re.sub(r"[^\w.-]+", "-", student)[:40].strip(".-")
    if plain and plain == student == student.lower() and not re.search(r"-[0-9a-f]{8}$", plain):
        return plain
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"


def write(path: Path, content: str | bytes) -> None:
    """Write a file in one step, so that an interruption leaves the old one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    draft.replace(path)
