"""A function is judged alone: nothing that it does reaches the process, in threads as without."""

import io
import random
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout

import numpy as np
import pytest

from softmax_lib import diagnose, softmax
from softmax_lib.misconceptions import clock

THREADS = 8


def naive(Z):
    exps = np.exp(Z)
    return exps / exps.sum(axis=1, keepdims=True)


def noisy(Z):
    print("looking at", Z)
    print("an error", file=sys.stderr)
    warnings.warn("a warning", stacklevel=1)
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    return softmax(Z)


def meddling(Z):
    sys.stdout = sys.stderr = io.StringIO()
    warnings.simplefilter("error")
    warnings.showwarning = print
    return softmax(Z)


def asking(Z):
    assert diagnose(softmax).ok
    return softmax(Z)


def state():
    shown = warnings.filters, list(warnings.filters), warnings.showwarning
    return sys.stdout, sys.stderr, *shown, random.getstate(), str(np.random.get_state())  # noqa: NPY002


def in_threads(function, arguments):
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(function, arguments))


@pytest.mark.parametrize("function", [softmax, naive, noisy, meddling, asking])
def test_all_is_as_it_was_after_many_threads(function):
    before = state()
    in_threads(lambda one: diagnose(one, "softmax"), [function] * THREADS)
    assert state() == before


def test_a_verdict_in_threads_is_that_of_one_thread():
    functions = [softmax, naive, noisy, meddling, asking] * 2
    alone = [diagnose(function, "softmax").message for function in functions]
    together = in_threads(lambda function: diagnose(function, "softmax").message, functions)
    assert together == alone


def test_prints_and_warnings_of_other_threads_go_their_way():
    """They come while a function is judged, which waits for them."""
    heard = threading.Event()

    def waits(Z):
        print("not to be seen")
        warnings.warn("not to be seen", stacklevel=1)
        inside.set()
        heard.wait(1)
        return softmax(Z)

    inside = threading.Event()
    with redirect_stdout(io.StringIO()) as out, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with ThreadPoolExecutor(1) as pool:
            verdict = pool.submit(diagnose, waits, "softmax")
            assert inside.wait(10)
            print("to be seen")
            warnings.warn("to be seen", stacklevel=1)
            heard.set()
            assert verdict.result().ok
    assert out.getvalue() == "to be seen\n"
    assert [str(warning.message) for warning in told] == ["to be seen"]


@pytest.mark.slow
def test_the_clock_starts_when_the_turn_comes(monkeypatch):
    monkeypatch.setattr(clock, "SECONDS", 2)
    slow = threading.Event()

    def sleeps(Z):
        slow.wait(0.03)
        return softmax(Z)

    verdicts = in_threads(lambda function: diagnose(function, "softmax"), [sleeps] * 4)
    assert [verdict.ok for verdict in verdicts] == [True] * 4


def test_one_that_asks_for_verdicts_and_is_left_blocks_nobody(monkeypatch):
    monkeypatch.setattr(clock, "SECONDS_FIRST_CALL", 0.05)

    def slow(Z):
        while True:
            diagnose(softmax)

    assert not diagnose(slow, "softmax").ok
    assert all(verdict.ok for verdict in in_threads(diagnose, [softmax] * THREADS))


def test_a_warning_that_the_function_makes_an_error_is_one():
    def careful(Z):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                return naive(Z)
            except RuntimeWarning:
                return softmax(Z)

    assert diagnose(careful, "softmax").ok
