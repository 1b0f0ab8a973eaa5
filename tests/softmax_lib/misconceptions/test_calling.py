"""What is called may raise, loop, print or change its input: it gets a verdict all the same."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import softmax_lib as lib
from softmax_lib.misconceptions import CATALOGUE, clock
from tests.support.diagnoses import diagnosed
from tests.support.learner_functions.badly_behaved import BADLY_BEHAVED, ENDLESS

ROOT = Path(__file__).resolve().parents[3]


def left():
    """The threads that have outlived what they were made for."""
    return [thread for thread in threading.enumerate() if thread.name.endswith("(_work)")]


@pytest.mark.parametrize(
    "case", BADLY_BEHAVED, ids=[f"{n}-{c.says[:24]}" for n, c in enumerate(BADLY_BEHAVED)]
)
def test_a_badly_behaved_function_gets_a_verdict(case):
    verdict = diagnosed(case.function, case.kind)
    assert verdict.ok is case.ok
    assert case.says in verdict.message


@pytest.mark.slow
@pytest.mark.parametrize("function", ENDLESS, ids=[f.__name__ for f in ENDLESS])
def test_an_endless_function_is_left(function, monkeypatch):
    monkeypatch.setattr(clock, "SECONDS_FIRST_CALL", clock.SECONDS_A_CALL)
    verdict = diagnosed(function)
    assert verdict.id == "unknown"
    assert "It did not come back.\nIs there a loop that never ends?" in verdict.message
    assert len(left()) <= 1  # the sleeper


@pytest.mark.slow
def test_traced_code_goes_on_beside_a_sleeping_function():
    code = """
import sys, time
from softmax_lib import diagnose

def sleeps(Z):
    time.sleep(1000)

def traced():
    return "entered"

trace = lambda frame, event, argument: None
sys.settrace(trace)
assert not diagnose(sleeps, "softmax").ok
assert sys.gettrace() is trace
print(traced())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, cwd=ROOT
    )
    assert (done.stdout, done.stderr) == ("entered\n", "")


@pytest.mark.usefixtures("no_threads")
def test_where_there_are_no_threads_functions_are_called_in_this_one():
    assert diagnosed(lib.softmax).ok
    assert diagnosed(CATALOGUE["softmax-no-shift"].wrong, "softmax").id == "softmax-no-shift"

    def softmax(Z):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):  # here it may be the user who wants to stop
        diagnosed(softmax)


def test_one_thread_is_enough_for_all_calls():
    before, threads = left(), set()

    def softmax(Z):
        threads.add(threading.get_ident())
        return lib.softmax(Z)

    assert diagnosed(softmax).ok
    assert len(threads) == 1
    assert threads.isdisjoint({threading.get_ident()})
    assert left() == before


def test_the_user_may_interrupt():
    before = left()
    main = threading.current_thread().ident
    timer = threading.Timer(0.3, signal.pthread_kill, (main, signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        diagnosed(ENDLESS[0])
    timer.join()
    assert left() == before
