"""Calling a function that nobody has tested yet: it may raise, loop, print, or change its input.

The module stands alone on NumPy.
"""

from __future__ import annotations

import contextlib
import contextvars
import copy
import ctypes
import io
import threading
import time
import warnings
from typing import Any, NamedTuple

import numpy as np

PRINTED = 60  # characters kept of what a function prints
GRACE = 0.2  # seconds for a stopped function to end


class Outcome(NamedTuple):
    """What a call led to."""

    value: Any = None
    error: BaseException | None = None
    changed: tuple[int, ...] = ()  # positions of the arguments that are other ones afterwards
    printed: str = ""
    warning: str = ""  # the first that came
    late: bool = False


def call(function, arguments, seconds: float) -> Outcome:
    """Call a function with copies of the arguments, and stop it when the time is up.

    It runs in a thread of its own, which is told to stop and, if it will not, left behind. Where
    there are no threads, as in a browser, it runs until it ends by itself.
    """
    given = copy.deepcopy(arguments)
    result: dict[str, Any] = {}

    def run():
        try:
            with np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"):
                result["value"] = function(*given)
        except BaseException as error:
            result["error"] = error

    sink = _Sink()
    with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink), \
            warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        late = not _finishes(run, seconds)
    if late:
        return Outcome(late=True, printed=sink.text)
    if isinstance(result.get("error"), KeyboardInterrupt):
        raise result["error"]
    return Outcome(
        value=result.get("value"), error=result.get("error"), changed=changed(arguments, given),
        printed=sink.text, warning=str(caught[0].message) if caught else "")


def _finishes(run, seconds: float) -> bool:
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(run,), daemon=True)
    try:
        thread.start()
    except RuntimeError:  # no threads on this platform
        run()
        return True
    try:
        thread.join(seconds)
    finally:  # also when the user interrupts the waiting
        late = thread.is_alive()
        if late:
            _stop(thread)
    return not late


class _Stop(BaseException):
    """Raised inside a function whose time is up; no `except Exception` catches it."""


def _stop(thread: threading.Thread) -> None:
    """Raise inside the thread until it ends, or the grace is over."""
    end = time.monotonic() + GRACE
    while thread.is_alive() and time.monotonic() < end:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(_Stop))
        thread.join(0.01)


def changed(before, after) -> tuple[int, ...]:
    """Positions of the arrays that are other ones afterwards."""
    return tuple(i for i, (old, new) in enumerate(zip(before, after, strict=True))
                 if isinstance(old, np.ndarray) and not _is_same(old, new))


def _is_same(old: np.ndarray, new: np.ndarray) -> bool:
    return old.shape == new.shape and old.dtype == new.dtype and old.tobytes() == new.tobytes()


class _Sink(io.TextIOBase):
    """Keeps the beginning of what is written, and drops the rest."""

    def __init__(self):
        self.text = ""

    def writable(self):
        return True

    def write(self, text):
        self.text += text[: PRINTED - len(self.text)]
        return len(text)
