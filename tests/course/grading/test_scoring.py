"""The tests of an assignment, asked from outside: verdicts first, then points."""

from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from tools.course.assignments import Assignment, Question
from tools.course.grading import scoring
from tools.course.grading.result import Result

RIGHT = "def double(x):\n    return 2 * x"
QUESTION = Question(
    "q1",
    "double",
    3,
    RIGHT,
    visible="assert double(1) == 2, 'double 1 is 2'",
    hidden="assert double(5) == 10",
)


IN_TIME = SimpleNamespace(ended=None, too_slow="", longest=0.1)
SLOW = SimpleNamespace(ended=None, too_slow="a call took 2.5 seconds, and may take 2", longest=2.5)
LATE = TimeoutError("a call did not come back in 4 seconds")
ENDLESS = SimpleNamespace(ended=LATE, too_slow="", longest=0.0)


class Here:
    """A student whose functions are at hand; counts what they are asked for."""

    def __init__(self, time, **functions):
        self.time, self.functions = time, functions

    def function(self, name):
        return self.functions[name]

    def clock(self, name):
        return self.time


def judged(function, question=QUESTION, time=IN_TIME):
    release = nbformat.v4.new_notebook()
    assignment = Assignment("a", "import numpy as np", (question,), (), release)
    result = Result({})
    scoring.judge(assignment, Here(time, double=function), result)
    return result.scores["q1"], result.verdicts["q1"]


def with_visible(visible):
    return Question("q1", "double", 3, RIGHT, visible, QUESTION.hidden)


def test_a_right_function_earns_all_points():
    assert judged(lambda x: 2 * x) == (3, "double: right.")


def test_a_wrong_one_earns_none_and_is_told_why():
    assert judged(lambda x: x) == (0.0, "double: not right yet. double 1 is 2")


def test_one_that_fits_the_visible_test_alone_is_told_so():
    points, verdict = judged(lambda x: 2)
    assert points == 0
    assert verdict == (
        "double: right. But it fails on inputs other than those of the visible test."
    )


def test_one_that_is_right_in_another_form_is_told_so():
    points, verdict = judged(lambda x: 2, with_visible("'double: right, as a dict.'"))
    assert points == 0
    assert verdict == (
        "double: right, as a dict.\nBut points are given for the form that the question asks for."
    )


def test_the_last_line_of_a_visible_test_is_the_verdict():
    question = with_visible("print('nowhere')\n'double: ' + str(double(2))")
    assert judged(lambda x: 2 * x, question) == (3, "double: 4")


def test_without_a_visible_test_a_question_is_right_or_fails():
    assert judged(lambda x: 2 * x, with_visible("")) == (3, "double: right.")


def test_the_hidden_test_is_asked_last():
    asked = []
    judged(lambda x: asked.append(x) or 2 * x)
    assert asked == [1, 5]


def test_a_verdict_is_cut_where_it_is_a_book():
    assert (
        len(judged(lambda x: x, with_visible("assert False, 'x' * 10_000"))[1]) == scoring.LONGEST
    )


@pytest.mark.parametrize("error", [ValueError, RecursionError, MemoryError, NotImplementedError])
def test_a_function_that_raises_earns_nothing(error):
    def double(x):
        raise error("no")

    assert judged(double) == (0.0, "double: not right yet. no")


def test_a_right_function_that_is_slow_earns_half_and_is_told():
    assert judged(lambda x: 2 * x, time=SLOW) == (
        1.5,
        "double: right.\nToo slow: a call took 2.5 seconds, and may take 2.",
    )


def test_a_wrong_function_that_is_slow_earns_nothing():
    points, verdict = judged(lambda x: x, time=SLOW)
    assert points == 0
    assert verdict.splitlines()[-1] == "Too slow: a call took 2.5 seconds, and may take 2."


def test_a_loop_that_never_ends_is_said_of_one_alone():
    def double(x):
        raise TimeoutError("")

    points, verdict = judged(double, time=ENDLESS)
    assert points == 0
    assert verdict == (
        "double: not right yet.\n"
        "Is there a loop that never ends? A call did not come back in 4 seconds."
    )
    for time in (IN_TIME, SLOW):
        assert "never ends" not in judged(double, time=time)[1]


def test_who_came_back_before_is_asked_for_the_work_it_does():
    def double(x):
        if x > 1:
            raise TimeoutError("")
        return 2 * x

    late = SimpleNamespace(ended=LATE, too_slow="", longest=0.1)
    visible = "assert double(1) == 2 and double(9) == 18"
    points, verdict = judged(double, with_visible(visible), late)
    assert points == 0
    assert "Other calls came back. Is it far more work than needed" in verdict
    assert verdict.endswith("A call did not come back in 4 seconds.")


@pytest.mark.parametrize(("found", "points"), [(0, 0), (1, 1), (2.5, 2.5), (3, 3)])
def test_the_last_line_of_a_hidden_test_says_how_many_points(found, points):
    question = Question("q1", "double", 3, RIGHT, QUESTION.visible, f"double(1) / 2 * {found}")
    assert judged(lambda x: 2 * x, question)[0] == points


def slow_softmax(rights, wrong=False):
    """A stand-in whose time is up after so many calls."""
    left = iter(range(rights))

    def softmax(Z):
        if next(left, None) is None:
            raise TimeoutError("all calls together took too long")
        exps = np.exp(Z - Z.max(axis=0 if wrong else 1, keepdims=True))
        return exps / exps.sum(axis=0 if wrong else 1, keepdims=True)

    softmax.keeps_time = True
    return softmax


@pytest.mark.parametrize(
    ("rights", "wrong", "points"), [(12, False, 1.5), (1, False, 0), (12, True, 0)]
)
def test_what_it_could_show_in_its_time_decides(rights, wrong, points):
    question = Question("q1", "double", 3, RIGHT, "diagnose(double, 'softmax')", QUESTION.hidden)
    release = nbformat.v4.new_notebook()
    setup = "from softmax_lib import diagnose"
    assignment = Assignment("a", setup, (question,), (), release)
    result = Result({})
    scoring.judge(assignment, Here(SLOW, double=slow_softmax(rights, wrong)), result)
    assert result.scores["q1"] == points
    assert ("right, as far as it came" in result.verdicts["q1"]) == bool(points)
