"""What a judged function does to the process is kept from everybody else.

One function is judged at a time. What it prints is kept for the verdict and what it warns of is
dropped, while other threads print and warn as ever; afterwards streams, warnings' filters and the
random state are what they were.

The module stands alone on NumPy.
"""

from __future__ import annotations

import contextlib
import random
import sys
import threading
import warnings
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np

PRINTED_CHARACTERS = 60  # characters kept of what a function prints

_turn = threading.RLock()


class Printed:
    """The beginning of what a function prints."""

    def __init__(self) -> None:
        self.text = ""

    def add(self, text: str) -> None:
        self.text += text[: PRINTED_CHARACTERS - len(self.text)]


# Set in the context of a judged function, and nowhere else.
_printed: ContextVar[Printed | None] = ContextVar("_printed", default=None)


def in_judged_function() -> bool:
    """Whether what runs here is a judged function, or called by one."""
    return _printed.get() is not None


class _InJudgedFunction:
    """In place of a pattern for module names: it fits whatever a judged function warns of."""

    def match(self, module: str) -> bool:
        return in_judged_function()


NOT_TOLD: Any = ("ignore", None, Warning, _InJudgedFunction(), 0)


@contextlib.contextmanager
def own_turn() -> Iterator[None]:
    """Wait until no other function is judged; draw afterwards what would have been drawn.

    A judged function may ask for a verdict itself: it has the turn already.
    """
    if in_judged_function():
        yield
        return
    with _turn:
        states = random.getstate(), np.random.get_state()  # noqa: NPY002
        try:
            yield
        finally:
            random.setstate(states[0])
            np.random.set_state(states[1])  # noqa: NPY002


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Around one call: streams and warnings' filters are afterwards what they were.

    For a call alone, and not for a diagnosis, since another thread may switch them in between.
    """
    if in_judged_function():
        yield
        return
    streams, show, filters = (sys.stdout, sys.stderr), warnings.showwarning, warnings.filters
    sys.stdout, sys.stderr = map(_Diverted, streams)
    warnings.filters = _with_not_told(filters)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams
        warnings.showwarning, warnings.filters = show, filters


_filters: list[Any] = []


def _with_not_told(filters: Any) -> list[Any]:
    """Another list in place of `filters`, which other threads may be reading.

    The same one as long as the filters are the same: CPython goes through a list that it does not
    hold, so that one dropped here would be lost under a thread that warns.
    """
    global _filters
    if _filters[1:] != filters:
        _filters = [NOT_TOLD, *filters]
    return _filters


def begin(printed: Printed) -> None:
    """In the context of a judged function: what it prints is kept, and no number is an error."""
    _printed.set(printed)
    np.seterr(divide="warn", over="warn", invalid="warn", under="ignore")


class _Diverted:
    """A stream that keeps what a judged function writes, and passes on what anybody else does."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        printed = _printed.get()
        if printed is not None:
            printed.add(text)
        elif self._stream is not None:
            self._stream.write(text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        if self._stream is not None:
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
