"""A student's functions, in a process of their own (here without a sandbox: the code is ours)."""

import numpy as np
import pytest

from tools.course import student_library
from tools.course.grading import channel, student


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
    with pytest.raises(RuntimeError, match="^E: x$"):
        one.call("g", ())
    with pytest.raises(NameError, match="'h' is not defined"):
        one.call("h", ())
    assert one.flags == set()


def test_a_call_that_ends_the_process_costs_itself_alone(one):
    one.run("cell", "import os\ndef f():\n    os._exit(0)\ndef g():\n    return 1")
    for _ in range(2):
        with pytest.raises(channel.CrashError):
            one.call("f", ())
    assert one.call("g", ()) == 1
    assert one.flags == {"crashed"}


def test_a_call_that_takes_too_long_costs_itself_alone(one, monkeypatch):
    monkeypatch.setattr(student, "CALL_SECONDS", 0.1)
    one.run("cell", "def f():\n    while True: pass")
    with pytest.raises(channel.TooLongError):
        one.call("f", ())
    assert one.flags == {"timed-out"}


def test_memory_of_a_child_counts(one, monkeypatch):
    one.run("first", "")
    monkeypatch.setattr(channel.sandbox, "MEMORY", 1)
    error = one.run("cell", "import os, time\nif os.fork() == 0:\n    time.sleep(1000)")["error"]
    assert error == ["TooLargeError", "its processes hold too much memory", None]
    assert one.flags == {"out-of-memory"}


def test_too_many_processes_end_it(one, monkeypatch):
    monkeypatch.setattr(channel.sandbox, "PROCESSES", 2)
    source = "import os, time\nfor _ in range(2):\n    if os.fork() == 0:\n        time.sleep(1000)"
    assert one.run("cell", source)["error"] == ["CrashError", "it started 2 processes", None]


@pytest.mark.parametrize(
    "answer", ["3", "[1]", "{'error': 5}", "{'error': [1, 2, 3]}", "{'error': {}}"]
)
def test_an_answer_that_makes_no_sense_ends_it(one, answer):
    source = f"from runner import process\nprocess.run = lambda *a: {answer}"
    assert one.run("forge", source)["error"] is None
    assert one.run("cell", "x = 1")["error"][0] == "CrashError"
    assert one.flags == {"crashed"}


def test_a_caller_that_is_told_to_stop_leaves_no_answer_behind(one):
    one.run("slow", "import time\ndef slow(x):\n    time.sleep(0.5)\n    return x\n")
    one.run("quick", "def quick(x):\n    return x\n")
    first = one._thread.submit(one._call, "slow", (1,))  # nobody waits for this one
    assert one.call("quick", (2,)) == 2
    assert first.result() == 1
