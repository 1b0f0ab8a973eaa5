"""The tests of an assignment, asked from outside: verdicts first, then points."""

import nbformat
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


class Here:
    """A student whose functions are at hand; counts what they are asked for."""

    def __init__(self, **functions):
        self.functions = functions

    def function(self, name):
        return self.functions[name]


def judged(function, question=QUESTION):
    release = nbformat.v4.new_notebook()
    assignment = Assignment("a", "import numpy as np", (question,), (), release)
    result = Result({})
    scoring.judge(assignment, Here(double=function), result)
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
