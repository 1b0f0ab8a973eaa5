"""Calling a function that nobody has tested yet: it may raise, loop, print, or change its input.

The module stands alone on NumPy and `isolation`.
"""

from __future__ import annotations

import contextlib
import contextvars
import copy
import ctypes
import functools
import gc
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any, NamedTuple, NoReturn

import numpy as np

from . import isolation

GRACE_PERIOD = 0.2  # seconds for a stopped function to end


class Outcome(NamedTuple):
    """What a call led to."""

    value: Any = None
    error: BaseException | None = None
    changed: tuple[int, ...] = ()  # positions of the arguments that are other ones afterwards
    printed: str = ""
    late: bool = False
    untried: bool = False  # the time of all calls was up before this one
    given: tuple[Any, ...] = ()  # the arguments, as they are afterwards


def call(function: Callable, arguments: tuple[Any, ...], seconds: float | None) -> Outcome:
    """Call a function with copies of the arguments, and stop it when the time is up.

    With None for the seconds it is called as it is.

    It runs in another thread, which is told to stop and, if it will not, left behind. Where
    there are no threads, as in a browser, it runs until it ends by itself; where a function that
    is being called calls another one, until the time of the outer one is up.
    """
    given = copy.deepcopy(arguments)
    result: dict[str, Any] = {}
    printed = isolation.Printed()
    nested = isolation.in_judged_function()

    def run() -> None:
        isolation.begin(printed)
        try:
            result["value"] = function(*given)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) and _in_main_thread():  # the user's own
                raise
            if isinstance(error, _Stopped) and nested:
                raise
            result["error"] = error

    with isolation.undone():
        late = not _finishes(contextvars.copy_context(), run, None if nested else seconds)
    if late:
        return Outcome(late=True, printed=printed.text)
    return Outcome(
        value=result.get("value"),
        error=result.get("error"),
        changed=changed(arguments, given),
        printed=printed.text,
        given=given,
    )


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _finishes(context: contextvars.Context, run: Callable[[], None], seconds: float | None) -> bool:
    global _worker
    if seconds is None:
        context.run(run)
        return True
    try:
        _worker = worker = _worker or _Worker()
    except RuntimeError:  # no threads on this platform
        context.run(run)
        return True
    done = False
    try:
        done = worker.finishes(functools.partial(context.run, run), seconds)
    finally:  # also when the user interrupts the waiting
        if not done:
            _worker = None
            worker.stop()
    return done


class _Worker:
    """A thread for one call after another: to begin one takes longer than most calls do."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._done = threading.Lock()  # free as soon as a job is done
        self._done.acquire()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        trace = sys.gettrace()
        for job in iter(self._jobs.get, None):
            job()
            sys.settrace(trace)
            self._done.release()

    def finishes(self, job: Callable[[], None], seconds: float) -> bool:
        self._jobs.put(job)
        return self._done.acquire(timeout=seconds)

    def end(self) -> None:
        self._jobs.put(None)
        self._thread.join()

    def stop(self) -> None:
        self._jobs.put(None)
        _stop(self._thread)


_worker: _Worker | None = None


@contextlib.contextmanager
def in_one_thread() -> Iterator[None]:
    """Around the calls of one function: one thread is enough for those that come back in time."""
    global _worker
    try:
        yield
    finally:
        if _worker is not None and not isolation.in_judged_function():
            _worker.end()
            _worker = None


class _Stopped(SystemExit):
    """The time is up."""


class _Stop(_Stopped):
    """Raised inside a function whose time is up, and once more at the next line that it runs.

    So a bare `except` catches the first, and the second comes from where it was caught.
    """

    def __init__(self) -> None:
        sys.settrace(_raise_at_next_line)
        if sys.version_info >= (3, 12):
            return  # to trace a running frame has crashed CPython 3.13: the next call raises
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != __file__:
            frame.f_trace = _raise_at_next_line
            frame = frame.f_back


def _raise_at_next_line(frame: FrameType, event: str, argument: Any) -> NoReturn:
    raise _Stopped


def _stop(thread: threading.Thread) -> None:
    """Raise inside the thread until it ends, or the grace is over.

    While an exception waits for a thread, CPython 3.11 enters no function in another one that is
    traced, as for coverage. So this thread is not traced meanwhile, and nothing is left waiting.
    """
    trace, collecting = sys.gettrace(), gc.isenabled()
    sys.settrace(None)
    gc.disable()  # a callback of the collector would swallow what is raised here
    end = time.monotonic() + GRACE_PERIOD
    try:
        while thread.is_alive() and time.monotonic() < end:
            _raise_in(thread.ident, _Stop)
            thread.join(0.01)
        _raise_in(thread.ident, None)
        with contextlib.suppress(_Stopped):
            _raise_in(threading.get_ident(), _Stopped)  # Python forgets the others when it arrives
            time.sleep(0)
    finally:
        sys.settrace(trace)
        if collecting:
            gc.enable()


def _raise_in(ident: int | None, error: type[BaseException] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(ident or 0), error and ctypes.py_object(error)
    )


def changed(before: Iterable[Any], after: Iterable[Any]) -> tuple[int, ...]:
    """Positions of the arrays and lists that are other ones afterwards."""
    return tuple(
        i for i, (old, new) in enumerate(zip(before, after, strict=True)) if not _is_same(old, new)
    )


def _is_same(old: Any, new: Any) -> bool:
    if not isinstance(old, np.ndarray):
        return old == new
    return old.shape == new.shape and old.dtype == new.dtype and old.tobytes() == new.tobytes()
