"""The course's secret: a number that whoever reads this book does not know."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "book" / "assignments" / "source" / "secret.txt"


def of_this_course() -> tuple[int, bool]:
    """The number that the file holds, and whether it had to be made."""
    try:
        # Nobody else on the machine has to read it.
        with os.fdopen(os.open(FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{secrets.randbits(128)}\n")
        return _read(), True
    except FileExistsError:
        return _read(), False


def _read() -> int:
    text = FILE.read_text(encoding="utf-8").strip()
    if not text.isdecimal():
        raise ValueError(f"{FILE} must hold a whole number. Restore it, or delete it for a new one")
    return int(text)


def number(secret: int, *words: str, bits: int = 31) -> int:
    """A number that belongs to these words, and that nobody finds who has not the secret."""
    digest = hmac.digest(str(secret).encode(), "\0".join(words).encode(), hashlib.sha256)
    return int.from_bytes(digest) >> (8 * len(digest) - bits)
