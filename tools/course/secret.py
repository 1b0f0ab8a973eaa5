"""The course's secret: a number that whoever reads this book does not know."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "book" / "assignments" / "source" / "secret.txt"
IS_NEW = "{} is new: the secret of your course, keep it"


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


def number_of(secret: int, student: str) -> int:
    """The number that a student is given as one's own; never 0."""
    return number(secret, "student", key(student), bits=26) or 1


def is_number_of(value: int | None, secret: int, student: str, others: Iterable[str] = ()) -> bool:
    """Whether a number is a student's, whose name may hold the number that a platform gave them.

    `others` are other names of the student. Who left it at 0 has taken nobody's.
    """
    own = {student, _PLATFORMS.sub("", student), *_PLATFORMS.findall(student), *others}
    return value == 0 or value in {number_of(secret, one) for one in own}


_PLATFORMS = re.compile(r"_(\d+)$")
_NOT_IN_A_FILE = re.compile(r"[&<>\"`|':\\/]")


def key(student: str) -> str:
    """A name, however it was typed, and without what Moodle leaves out of a file's name."""
    name = _NOT_IN_A_FILE.sub("", student).replace("_", " ")
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
