"""Tables as spreadsheets write them: whichever encoding, separator and decimal sign they chose."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MARK = "\ufeff"  # without it a spreadsheet may take UTF-8 for something else
SEPARATORS = (",", ";", "\t")
# A first line that tells a spreadsheet the separator; none shows it.
NAMED_SEPARATOR = re.compile(r'\A\ufeff?"?sep=([,;\t])"?(?:\r\n|\r|\n)')


@dataclass(frozen=True)
class Row:
    """A row of a sheet, by column, with its number in a spreadsheet."""

    number: int
    cells: dict[str, str]


def read_sheet(path: Path, columns: list[str], optional: Sequence[str] = ()) -> list[Row]:
    """The lines of a table that has these columns, among others, and perhaps the optional ones."""
    text = NAMED_SEPARATOR.sub("", decoded(path))
    wanted = {name: name.casefold() for name in (*columns, *optional)}
    for separator in SEPARATORS:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restval="")
        try:
            reader.fieldnames = [name.strip().casefold() for name in reader.fieldnames or []]
            if {wanted[name] for name in columns} <= set(reader.fieldnames):
                return [
                    Row(place, {name: one.get(title) or "" for name, title in wanted.items()})
                    for place, one in enumerate(reader, 2)
                ]
        except csv.Error as error:
            raise ValueError(f"{path.name}, line {reader.line_num}: {error}") from None
    raise ValueError(f"{path.name} must have the columns {', '.join(columns)}")


def decoded(path: Path) -> str:
    """The text of a file that a spreadsheet has written."""
    return path.read_bytes().decode(encoding_of(path))


def encoding_of(path: Path) -> str:
    """The encoding that a spreadsheet chose."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data[:200]:
        encodings = ["utf-16-le" if data[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            data.decode(encoding)
            return encoding
    raise ValueError(
        f"{path.name} is neither UTF-8 nor UTF-16 nor cp1252. In your spreadsheet, save it as "
        "“CSV UTF-8”"
    )


def number(text: str) -> float | None:
    """A number with a point or a comma; None where it is none."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if value == value and abs(value) < float("inf") else None


def read_again(text: str) -> str:
    """Text that was UTF-8 and taken for cp1252, as it was; other text as it is."""
    try:
        return b"".join(map(_byte, text)).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:  # a byte that cp1252 leaves open
        return character.encode("latin-1")
