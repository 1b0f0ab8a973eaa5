"""The numbers of a student's own run, beside those that the written answer has.

Nothing hangs on them but where whoever reads the answer looks first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

NUMBER = re.compile(r"(?<!\d)\d{1,9}(?:[.,]\d{1,9})?(?!\d)")
MOST = 20  # numbers that are listed
FEWEST_DIGITS = 2  # that a rounded number must show to be known again

Way = float | tuple[float, ...]  # one number, or several that belong together


def compared(numbers: Mapping[str, Sequence[Way]], text: str) -> str:
    """Which of the numbers stand in a text, in one of the ways in which each may be written."""
    written = NUMBER.findall(text)
    found = {
        name: any(all(_stands_in(one, written) for one in _parts(way)) for way in ways)
        for name, ways in numbers.items()
    }
    lines = [
        f"{'found' if found[name] else 'not found'}: {name} {' or '.join(map(_told, ways))}"
        for name, ways in numbers.items()
    ]
    due = [one for ways in numbers.values() for way in ways for one in _parts(way)]
    others = [one for one in written if not any(_is_written(value, one) for value in due)]
    if others:
        lines.append(f"not computed here: {', '.join([*dict.fromkeys(others)][:MOST])}")
    return "\n".join(lines)


def _parts(way: Way) -> tuple[float, ...]:
    return way if isinstance(way, tuple) else (way,)


def _stands_in(value: float, written: list[str]) -> bool:
    return any(_is_written(value, one) for one in written)


def _is_written(value: float, text: str) -> bool:
    """Whether a text is the number, rounded to as many digits as it has."""
    whole, _, decimals = text.replace(",", ".").partition(".")
    if isinstance(value, int):
        return not decimals and int(whole) == value
    if len((whole + decimals).lstrip("0")) < FEWEST_DIGITS:
        return False
    return abs(float(f"{whole}.{decimals or 0}") - value) <= 0.5 * 10 ** -len(decimals) + 1e-9


def _told(way: Way) -> str:
    return " and ".join(f"{one:.4g}" for one in _parts(way))
