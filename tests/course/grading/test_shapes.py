"""Results of absurd shapes are refused before anything is computed with them."""

import contextlib
import functools
import resource
from pathlib import Path

import numpy as np
import pytest

from softmax_lib.misconceptions.kinds import KINDS
from tests.support.submissions import load
from tools.course import assignments
from tools.course.grading import scoring
from tools.course.grading.result import Result
from tools.course.grading.shapes import ShapeError, require_shapes, shapes_of
from tools.course.grading.student import Clock

LITTLE = 256 * 1024**2  # bytes; what broadcasts to the first of these takes four times as much
ABSURD = [(40_000, 1, 1), (1, 40_000), (0,), (), (1,) * 32]
SLOW = {"train": 3, "train_network": 5}
PLACES = {"network_gradients": 4, "standardise": 2, "predict": 2, **SLOW} | dict.fromkeys(
    ("weight_gradient", "gradient_step", "gradient_step_with_l2"), 2
)
QUESTIONS = [(name, question) for name in assignments.names() for question in load(name).questions]


class Student:
    flags = frozenset()

    def __init__(self, functions):
        self.functions = functions

    def function(self, name):
        return self.functions[name]

    def clock(self, name):
        return Clock()

    def go_back(self, name):
        return False


@functools.cache
def references(name):
    scope = {}
    exec(load(name).setup, scope)
    for question in load(name).questions:
        exec(question.solution, scope)
    return {question.function: scope[question.function] for question in load(name).questions}


@contextlib.contextmanager
def little_memory():
    """Have the system refuse what would take more; to trace all that is taken is slow."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + LITTLE, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def distorted(function, place, shape):
    """The function with one of its results, or all of them, in another shape."""

    @functools.wraps(function)
    def wrong(*arguments):
        value = function(*arguments)
        other = np.zeros(shape, np.float32)
        if not isinstance(value, tuple):
            return other
        return tuple(other if i == place else part for i, part in enumerate(value))

    return wrong


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "question"), [pytest.param(n, q, id=f"{n}-{q.id}") for n, q in QUESTIONS]
)
def test_an_absurd_shape_costs_points_and_no_memory(name, question):
    functions = references(name)
    right = functions[question.function]
    assignment = load(name)
    only = type(assignment)(
        name, assignment.setup, (question,), (), assignment.release, assignment.released
    )
    scoring.learn_shapes(only)
    for place in range(PLACES.get(question.function, 1)):
        for shape in ABSURD[:1] if question.function in (*KINDS, *SLOW) else ABSURD:
            student = Student(functions | {question.function: distorted(right, place, shape)})
            result = Result({})
            with little_memory():
                scoring.judge(only, student, result, partial=False)
            assert result.scores[question.id] == 0, (place, shape)
            assert "out-of-memory" not in result.flags, (place, shape)
            assert "be broadcast" not in result.verdicts[question.id]


@pytest.mark.parametrize(
    ("value", "expected", "message"),
    [
        (np.zeros((3, 1)), [(3,)], "f should have shape (3,); it is an array of shape (3, 1)"),
        ([[1], [2, 3]], [(2, 1)], "f should have shape (2, 1); it is something of type list of 2"),
        (None, [(3,)], "f should have shape (3,); it is None"),
        (np.zeros(3), [()], "f should be a number; it is an array of shape (3,)"),
        (np.zeros(3), ((3,), (3,)), "f should return 2 results; it returns an array of shape"),
        ((1, 2, 3), ((), ()), "f should return 2 results; it returns something of type tuple of 3"),
        (np.zeros((4, 1)), [(None,)], "f should be a list of numbers; it is an array of shape"),
        (3.0, [(None,)], "f should be a list of numbers; it is something of type float"),
        ((1, np.zeros(2)), ((), (3,)), "result 2 of f should have shape (3,); it is an array of"),
    ],
)
def test_what_was_asked_for_is_told(value, expected, message):
    with pytest.raises(ShapeError) as refused:
        require_shapes(value, expected, "f")
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1.0, 2.0], [(2,)]),
        (3, [()]),
        (np.float32(3), [()]),
        ([np.zeros(2), 1], ((2,), ())),
        (np.zeros((0, 3)), [(0, 3)]),
        ([1.0, 2.0], [(None,)]),
        ((3, np.zeros(7)), ((), (None,))),
    ],
)
def test_a_shape_that_was_asked_for_passes(value, expected):
    require_shapes(value, expected, "f")


def test_what_the_master_returns_says_what_is_asked():
    assert shapes_of(lambda m: (np.zeros((m, 2)), 1, [0.0] * m), (3,)) == ((3, 2), (), (None,))
    assert shapes_of(lambda m: [0.0] * m, (4,)) == [(None,)]
    assert shapes_of(lambda: np.zeros(3), ()) is None
