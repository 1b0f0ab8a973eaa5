"""A function that comes back is slow, and one that does not is endless."""

import time

import pytest

import softmax_lib as lib
from softmax_lib.misconceptions import clock
from tests.support.diagnoses import diagnosed


def test_the_first_call_may_take_longer(monkeypatch):
    monkeypatch.setattr(clock, "SECONDS_A_CALL", 0.1)
    calls = []

    def softmax(Z):
        if not calls:
            time.sleep(0.4)
        calls.append(Z)
        return lib.softmax(Z)

    assert diagnosed(softmax).message == "softmax: right."


def test_a_slow_function_is_called_slow(monkeypatch):
    monkeypatch.setattr(clock, "SECONDS", 0.5)

    def softmax(Z):
        time.sleep(0.1)
        return lib.softmax(Z)

    verdict = diagnosed(softmax)
    assert (verdict.ok, verdict.id) == (False, "slow")
    assert "It is right as far as it was tried" in verdict.message
    assert "loop that never ends" not in verdict.message


def test_a_slow_function_that_is_wrong_is_named(monkeypatch):
    monkeypatch.setattr(clock, "SECONDS", 1)

    def cross_entropy(probs, y):
        time.sleep(0.04)
        return 2 * lib.cross_entropy(probs, y)

    verdict = diagnosed(cross_entropy, "cross_entropy")
    assert not verdict.ok
    assert "did not come back" not in verdict.message


@pytest.mark.slow
def test_where_a_call_hangs_the_verdict_comes_soon():
    def softmax(Z):
        if len(Z) == 3:
            time.sleep(60)
        return lib.softmax(Z)

    start = time.monotonic()
    verdict = diagnosed(softmax)
    assert time.monotonic() - start < 5
    assert "Is there a loop that never ends?" in verdict.message


def test_a_call_that_had_to_wait_makes_no_function_slow():
    judging = clock.Clock()
    for seconds in 0.01, 0.01, 1.4, 0.01:
        judging.note(seconds)
    assert judging.has_time_for_more
