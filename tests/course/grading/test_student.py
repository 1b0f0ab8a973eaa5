"""A student's functions, in a process of their own (here without a sandbox: the code is ours)."""

import re

import numpy as np
import pytest

from tools.course import student_library
from tools.course.grading import channel, limits, student


@pytest.fixture
def one(tmp_path):
    student_library.build(tmp_path / "library", set())
    with student.Student(tmp_path / "library", isolated=False) as process:
        yield process


def test_a_cells_function_is_called_and_changes_its_arguments(one):
    one.run("cell", "def f(x):\n    x *= 2\n    return x.sum()")
    numbers = np.array([1.0, 2.0])
    assert one.function("f")(numbers) == 6
    np.testing.assert_array_equal(numbers, [2, 4])


def test_what_it_raises_is_raised_here(one):
    one.run("errors", "class E(Exception): pass\ndef f():\n    raise ValueError('no')")
    one.run("cell", "def g():\n    raise E('x')")
    with pytest.raises(ValueError, match="^no$"):
        one.call("f", ())
    with pytest.raises(RuntimeError, match="^x$") as raised:
        one.call("g", ())
    assert type(raised.value).__name__ == "E"
    with pytest.raises(NameError, match="'h' is not defined"):
        one.call("h", ())
    assert one.flags == set()


def test_a_function_finds_the_names_as_they_were(tmp_path):
    student_library.build(tmp_path / "library", set())
    with student.Student(tmp_path / "library", isolated=False, functions=["f"]) as one:
        one.run("cell", "a = 1\ndef f():\n    return a")
        assert not one.go_back("f")
        one.run("later", "a = 2")
        assert one.call("f", ()) == 2
        assert one.go_back("f")
        assert one.call("f", ()) == 1
        one.come_back("f")
        assert one.call("f", ()) == 2


def test_a_call_that_ends_the_process_costs_itself_alone(one):
    one.run("cell", "import os\ndef f():\n    os._exit(0)\ndef g():\n    return 1")
    for _ in range(2):
        with pytest.raises(channel.CrashError):
            one.call("f", ())
    assert one.call("g", ()) == 1
    assert one.flags == {"crashed"}


def test_a_call_that_takes_too_long_costs_itself_alone(one, monkeypatch):
    monkeypatch.setattr(limits, "LATEST_SECONDS", 0.1)
    one.run("cell", "x = []\ndef f():\n    while True: pass\ndef g():\n    return len(x)")
    one.run("cell", "x.append(1)")
    for _ in range(2):
        with pytest.raises(channel.TooLongError, match="this one had not come back after 0.1"):
            one.call("f", ())
    assert one.call("g", ()) == 1
    assert one.flags == {"timed-out"}


def test_a_call_that_will_not_be_ended_costs_itself_alone(one, monkeypatch):
    monkeypatch.setattr(limits, "LATEST_SECONDS", 0.1)
    stubborn = "    while True:\n        try:\n            while True: pass\n        except: pass"
    one.run("cell", f"def f():\n{stubborn}\ndef g():\n    return 1")
    with pytest.raises(channel.TooLongError):
        one.call("f", ())
    assert one.call("g", ()) == 1
    assert one.flags == {"timed-out"}


def test_a_slow_call_is_told_from_one_without_end(one, monkeypatch):
    monkeypatch.setattr(limits, "CALL_SECONDS", 0.1)
    one.run("cell", "import time\ndef f():\n    time.sleep(0.3)\n    return 1")
    assert one.call("f", ()) == 1
    assert re.fullmatch(r"a call took 0\.\d seconds, and may take 0\.1", one.clock("f").too_slow)
    assert one.flags == {"too-slow"}


def test_each_function_has_a_time_of_its_own(one, monkeypatch):
    monkeypatch.setattr(limits, "QUESTION_SECONDS", 0.3)
    one.run("cell", "import time\ndef f():\n    time.sleep(0.08)\ndef g():\n    return 1")
    one.call("f", ())
    one.run("cell", "def f():\n    time.sleep(1)")
    for _ in range(2):
        with pytest.raises(
            channel.TooSlowError, match=r"all calls together took 0\.\d seconds, and may take 0\.3"
        ):
            one.call("f", ())
    assert one.call("g", ()) == 1
    assert one.clock("f").too_slow
    assert not one.clock("g").too_slow
    assert one.flags == {"too-slow"}


def test_a_second_look_gives_a_little_time_and_takes_nothing_back(one, monkeypatch):
    monkeypatch.setattr(limits, "QUESTION_SECONDS", 0.3)
    one.run("cell", "import time\ndef f():\n    time.sleep(0.12)\n    return 1")
    with pytest.raises(channel.TooSlowError):
        list(map(one.call, ["f"] * 5, [()] * 5))
    told = one.clock("f").too_slow
    with one.second_look("f"):
        assert one.call("f", ()) == 1
    assert one.clock("f").too_slow == told != ""
    with pytest.raises(channel.TooSlowError):
        one.call("f", ())


@pytest.mark.slow
@pytest.mark.parametrize("wait", ["while True: pass", "import time; time.sleep(100)"])
def test_a_cell_that_takes_too_long_costs_its_rest_alone(one, monkeypatch, wait):
    monkeypatch.setattr(limits, "CELL_SECONDS", 0.6)
    ((name, text, _),) = one.run("cell", f"def f():\n    return 1\n{wait}\nf = None")
    assert (name, text) == ("TooLongError", "it was ended: a cell has 0.6 seconds")
    one.run("next", "def g():\n    return f()")
    assert one.call("g", ()) == 1
    assert one.flags == {"timed-out"}


def test_cells_that_were_added_use_up_their_own_time_alone(one, monkeypatch):
    monkeypatch.setattr(limits, "EXTRA_SECONDS", 0.2)
    one.run("slow", "import time\ntime.sleep(5)", extra=True)
    cell = "def helper():\n    return 1\nwhile True: pass"
    ((_, text, _),) = one.run("helper", cell, extra=True)
    assert text == (
        "no more was run than what it defines: the cells that you added have 0.2 seconds together"
    )
    assert one.run("answer", "time.sleep(0.3)\ndef f():\n    return helper()") == []
    assert one.call("f", ()) == 1


@pytest.mark.slow
def test_what_is_run_again_counts_against_nobody(one, monkeypatch):
    monkeypatch.setattr(limits, "QUESTION_SECONDS", 0.5)
    one.run("slow", "import os, time\ntime.sleep(0.6)", extra=True)
    one.run("cell", "def f():\n    os._exit(0)\ndef g():\n    return 1")
    with pytest.raises(channel.CrashError):
        one.call("f", ())
    assert one.call("g", ()) == 1
    assert one.clock("g").total < 0.5


def test_a_notebook_of_nothing_but_crashes_comes_to_an_end(one, monkeypatch):
    monkeypatch.setattr(limits, "EXTRA_SECONDS", 0.3)
    monkeypatch.setattr(student, "DEFINING_SECONDS", 0.3)
    for _ in range(30):
        (error,) = one.run("cell", "class A:\n    import os\n    os._exit(0)", extra=True)
    assert error[1].startswith("it was not run")


def test_memory_of_a_child_counts(one, monkeypatch):
    one.run("first", "")
    monkeypatch.setattr(limits, "MEMORY", 1)
    monkeypatch.setattr(student, "TICK", 0)
    (error,) = one.run("cell", "import os, time\nif os.fork() == 0:\n    time.sleep(1000)")
    assert error == ["TooLargeError", "its processes hold too much memory", None]
    assert one.flags == {"out-of-memory"}


def test_too_many_processes_end_it(one, monkeypatch):
    monkeypatch.setattr(channel.sandbox, "PROCESSES", 2)
    source = "import os, time\nfor _ in range(2):\n    if os.fork() == 0:\n        time.sleep(1000)"
    monkeypatch.setattr(student, "TICK", 0)
    assert one.run("cell", source) == [["CrashError", "it started 2 processes", None]]


@pytest.mark.parametrize(
    "answer", ["3", "[1]", "{'errors': 5}", "{'errors': [1, 2, 3]}", "{'errors': [[1, 2, 3]]}"]
)
def test_an_answer_that_makes_no_sense_ends_it(one, answer):
    source = f"from runner import process\nprocess.run = lambda *a: {answer}"
    assert one.run("forge", source) == []
    assert one.run("cell", "x = 1")[0][0] == "CrashError"
    assert one.flags == {"crashed"}


def test_a_caller_that_is_told_to_stop_leaves_no_answer_behind(one):
    one.run("slow", "import time\ndef slow(x):\n    time.sleep(0.5)\n    return x\n")
    one.run("quick", "def quick(x):\n    return x\n")
    first = one._thread.submit(one._call, "slow", (1,))  # nobody waits for this one
    assert one.call("quick", (2,)) == 2
    assert first.result() == 1
