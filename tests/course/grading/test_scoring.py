"""The tests of an assignment, asked from outside: verdicts first, then points."""

import contextlib
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from softmax_lib import diagnose, softmax
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
LATE = TimeoutError("a call may take 2 seconds")
ENDLESS = SimpleNamespace(ended=LATE, too_slow="", longest=0.0)


class Here:
    """A student whose functions are at hand; counts what they are asked for."""

    def __init__(self, time, **functions):
        self.time, self.functions = time, functions

    def function(self, name):
        return self.functions[name]

    def clock(self, name):
        return self.time

    def second_look(self, name):
        self.functions[name].calls = 5
        return contextlib.nullcontext()

    def go_back(self, name):
        return False


class Moved(Here):
    """A student whose later cells have changed what functions use; `back` is as it was."""

    def __init__(self, now, before):
        super().__init__(IN_TIME, double=lambda *arguments: self.current(*arguments))
        self.current, self.now, self.before = now, now, before

    def go_back(self, name):
        self.current = self.before
        return True

    def come_back(self, name):
        self.current = self.now


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


def test_a_slow_one_that_fits_the_visible_test_alone_earns_nothing():
    assert judged(lambda x: 2, time=SLOW) == (
        0,
        "double: right. But it fails on inputs other than those of the visible test.\n"
        "Too slow: a call took 2.5 seconds, and may take 2.",
    )


def test_a_loop_that_never_ends_is_said_of_one_alone():
    def double(x):
        raise TimeoutError("")

    points, verdict = judged(double, time=ENDLESS)
    assert points == 0
    assert verdict == (
        "double: not right yet.\nIs there a loop that never ends? A call may take 2 seconds."
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
    assert verdict.endswith("A call may take 2 seconds.")


@pytest.mark.parametrize(("found", "points"), [(0, 0), (1, 1), (2.5, 2.5), (3, 3)])
def test_the_last_line_of_a_hidden_test_says_how_many_points(found, points):
    question = Question("q1", "double", 3, RIGHT, QUESTION.visible, f"double(1) / 2 * {found}")
    assert judged(lambda x: 2 * x, question)[0] == points


class SlowSoftmax:
    """A stand-in whose time is up after so many calls, and which gets a second look."""

    __name__, keeps_time = "softmax", True

    def __init__(self, calls, right):
        self.calls, self.right = calls, right

    def __call__(self, Z):
        if not self.calls:
            raise TimeoutError("all calls together took too long")
        self.calls -= 1
        return self.right(Z)


SPENT = SimpleNamespace(
    ended=TimeoutError(""), longest=1, too_slow="all calls took 61 seconds, and may take 60"
)


def judged_softmax(function):
    question = Question(
        "q1", "softmax", 3, RIGHT, "diagnose(softmax)", "SEED = 5\nraise TimeoutError"
    )
    setup, release = "from softmax_lib import diagnose", nbformat.v4.new_notebook()
    assignment = Assignment("a", setup, (question,), (), release)
    result = Result({})
    scoring.judge(assignment, Here(SPENT, softmax=function), result)
    return result.scores["q1"], result.verdicts["q1"]


def by_heart():
    """Knows the answers to what is asked in public."""
    known = {}

    def learn(Z):
        return known.setdefault(Z.tobytes(), softmax(Z))

    learn.__name__ = "softmax"
    diagnose(learn)
    return lambda Z: known.get(Z.tobytes(), np.full(Z.shape, np.nan))


@pytest.mark.parametrize(
    ("calls", "function", "points"),
    [
        (12, softmax, 1.5),
        (1, softmax, 0),
        (12, lambda Z: softmax(Z, axis=0), 0),
        (12, by_heart(), 0),
        (1000, by_heart(), 0),
    ],
)
def test_what_it_could_show_in_its_time_decides(calls, function, points):
    found, verdict = judged_softmax(SlowSoftmax(calls, function))
    assert found == points
    assert ("right, as far as it came" in verdict) == bool(points)


def judged_moved(now, before):
    release = nbformat.v4.new_notebook()
    assignment = Assignment("a", "import numpy as np", (QUESTION,), (), release)
    student, result = Moved(now, before), Result({})
    scoring.judge(assignment, student, result)
    return student, result.scores["q1"], result.verdicts["q1"]


def test_what_a_later_cell_changed_costs_nothing():
    _, points, verdict = judged_moved(lambda x: 3 * x, lambda x: 2 * x)
    assert points == QUESTION.points
    assert verdict.startswith("double: right.\nA later cell changes a name that it uses")


def test_a_wrong_answer_keeps_its_own_verdict():
    student, points, verdict = judged_moved(lambda x: 3 * x, lambda x: 4 * x)
    assert points == 0
    assert "A later cell" not in verdict
    assert student.current is student.now
