"""Exercises give one plain verdict on any answer, and never a traceback."""

from fractions import Fraction

import numpy as np
import pytest

from softmax_lib.exercises import Exercise

NO_ANSWER = "No answer yet: replace None with your answer and run the cell again."
LECTURE = [0.842, 0.042, 0.002, 0.114]


@pytest.fixture
def verdict(capsys):
    """Return what `check` prints, having seen that it is one line and that it returns None."""

    def read(exercise, answer):
        assert exercise.check(answer) is None
        printed = capsys.readouterr().out
        assert printed.count("\n") == 1
        return printed.rstrip("\n")

    return read


def test_none_is_no_answer_yet(verdict):
    assert verdict(Exercise(5), None) == NO_ANSWER


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        (5.0, 5),
        (np.log(5), 1.6094),
        (np.log(5), np.float32(1.6094379)),
        (0.041922, 0.042),
        (17_280.0, 17_290),
        (1 / 3, Fraction(1, 3)),
        (np.inf, float("inf")),
        (np.nan, np.nan),
        (5e-17, 0),
        (LECTURE, np.array(LECTURE)),
        (np.array(LECTURE), tuple(LECTURE)),
        ([[1, 0], [0, 1]], np.eye(2, dtype=bool).astype(int)),
        ([], []),
        ("Shift it", " shift IT "),
        (["cat", "dog"], np.array(["Cat", "Dog"])),
        (["cat", "dog"], np.array(["Cat", "Dog"], object)),
        (["cat", "dog"], np.array(["Cat", "Dog"], np.dtypes.StringDType())),
        (True, np.True_),
        ([True, False], np.array([True, False])),
        ({"cat", "dog"}, {"Dog", "cat "}),
        ({"cat", "dog"}, ["dog", "cat"]),
        ({"cat"}, "cat"),
        ({0, 2}, np.array([2, 0])),
    ],
)
def test_the_right_answer_is_right(verdict, expected, answer):
    assert verdict(Exercise(expected), answer) == "Right."


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        (5.0, 5.1),
        (5.0, np.inf),
        (np.inf, 5.0),
        (np.inf, -np.inf),
        (1e308, -1e308),
        (LECTURE, LECTURE[::-1]),
        ("axis 1", "axis 0"),
        (["cat", "dog"], ["dog", "cat"]),
        (True, False),
        ({"cat", "dog"}, {"cat"}),
        ({0, 2}, [0, 2, 3]),
    ],
)
def test_a_wrong_answer_without_a_hint_is_not_yet_right(verdict, expected, answer):
    assert verdict(Exercise(expected), answer) == "Not yet."


def test_the_looser_of_absolute_and_relative_tolerance_counts(verdict):
    assert verdict(Exercise(0.5), 0.5009) == "Right."
    assert verdict(Exercise(0.5), 0.5011) == "Not yet."
    assert verdict(Exercise(1000.0), 1000.9) == "Right."
    assert verdict(Exercise(1000.0), 1001.1) == "Not yet."
    assert verdict(Exercise(2.0, tolerance=0), 2) == "Right."
    assert verdict(Exercise(2.0, tolerance=0), 2.0000001) == "Not yet."


def test_a_known_wrong_answer_is_met_with_its_misconception(verdict):
    exercise = Exercise(
        1.6094, hints={0.6990: "That is the logarithm to base 10.", 2.3219: "Bits."}
    )
    assert verdict(exercise, 0.699) == "Not yet. That is the logarithm to base 10."
    assert verdict(exercise, 2.322) == "Not yet. Bits."
    assert verdict(exercise, 1.5) == "Not yet."


def test_hints_for_text_ignore_case(verdict):
    exercise = Exercise("columns", hints={"Rows": "Rows are the examples."})
    assert verdict(exercise, " rows ") == "Not yet. Rows are the examples."


def test_hints_for_arrays_are_pairs_and_may_have_other_shapes(verdict):
    exercise = Exercise(
        [0.3, -0.8, 0.1, 0.4],
        hints=[([0.3, 0.2, 0.1, 0.4], "That is y_hat itself."), (0.0, "That is its sum.")],
    )
    assert verdict(exercise, (0.3, 0.2, 0.1, 0.4)) == "Not yet. That is y_hat itself."
    assert verdict(exercise, 0) == "Not yet. That is its sum."


def test_hints_for_sets(verdict):
    exercise = Exercise({"shift", "scale"}, hints=[({"shift"}, "Scale matters as well.")])
    assert verdict(exercise, ["Shift"]) == "Not yet. Scale matters as well."


def test_a_wrong_shape_shows_both_shapes(verdict):
    exercise = Exercise(np.ones((4, 3)))
    assert verdict(exercise, np.ones((3, 4))) == (
        "Not yet. The answer has shape (4, 3); yours has shape (3, 4)."
    )
    assert verdict(exercise, 1.0) == "Not yet. The answer has shape (4, 3); yours is one value."
    assert verdict(Exercise(1.0), [1.0]) == (
        "Not yet. The answer is one value; yours has shape (1,)."
    )


def test_nan_is_named(verdict):
    told = "Not yet. Your answer holds nan, which is not a number."
    assert verdict(Exercise(0.5), np.nan) == told
    assert verdict(Exercise(LECTURE), [np.nan] * 4) == told
    assert verdict(Exercise([np.nan, 1.0]), [np.nan, 2.0]) == "Not yet."


RAGGED = "a list with mixed contents, or rows of different lengths"


class Awkward:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array for you")


@pytest.mark.parametrize(
    ("expected", "answer", "remark"),
    [
        (0.5, "0.5", "The answer is a number; yours is text in quotes."),
        (0.5, True, "The answer is a number; yours is True or False."),
        (True, 1, "The answer is True or False; yours is a number."),
        ("rows", 0, "The answer is text in quotes; yours is a number."),
        (0.5, 0.5j, "The answer is a number; yours is of type complex."),
        (0.5, print, "The answer is a number; yours is of type builtin_function_or_method."),
        (0.5, {}, "The answer is a number; yours is of type dict."),
        (0.5, {0.5}, "The answer is a number; yours is a set of labels."),
        (0.5, Awkward(), "The answer is a number; yours is of type Awkward."),
        (0.5, 10**400, "The answer is a number; yours is of type int."),
        ([1, 2], [[1], [1, 2]], f"The answer is an array of numbers; yours is {RAGGED}."),
        ([1], [None], f"The answer is an array of numbers; yours is {RAGGED}."),
        (1, np.array(None), "The answer is a number; yours is an array of dtype object."),
        (
            [1, 2],
            np.ma.array([1.0, 2.0], mask=[0, 1]),
            "The answer is an array of numbers; yours is an array of dtype float64, partly masked.",
        ),
        ({"cat"}, 3, "The answer is a set of labels; yours is a number."),
        ({"cat"}, [["cat"]], f"The answer is a set of labels; yours is {RAGGED}."),
    ],
)
def test_an_odd_answer_is_told_what_it_should_be(verdict, expected, answer, remark):
    assert verdict(Exercise(expected), answer) == f"Not yet. {remark}"


def test_the_answer_is_not_modified():
    answer = np.array(LECTURE)
    answer.flags.writeable = False
    Exercise(LECTURE).check(answer)
    assert answer.tolist() == LECTURE


def test_the_exercise_keeps_its_own_copy_of_the_expected_answer(verdict):
    expected = np.array(LECTURE)
    exercise = Exercise(expected)
    expected[:] = 0
    assert verdict(exercise, LECTURE) == "Right."


def test_showing_an_exercise_does_not_give_the_answer_away():
    exercise = Exercise(1.6094, hints={0.699: "base 10"})
    assert repr(exercise) == "Exercise(a number, 1 hints)"


@pytest.mark.parametrize("expected", [None, print, 1j, [[1], [1, 2]], [None, 1]])
def test_an_answer_nobody_can_give_is_refused(expected):
    with pytest.raises(ValueError, match="expected must be a number, text, True or False"):
        Exercise(expected)


@pytest.mark.parametrize("tolerance", [-1e-3, np.nan, np.inf, "1e-3", None, True])
def test_a_bad_tolerance_is_refused(tolerance):
    with pytest.raises(ValueError, match="tolerance must be a finite number, 0 or more; got"):
        Exercise(1.0, tolerance=tolerance)


@pytest.mark.parametrize("expected", [0.0004, [0.0004, -0.001]])
def test_a_tolerance_that_would_accept_zero_is_refused(expected):
    with pytest.raises(ValueError, match=r"tolerance must be smaller: 0\.001 would accept 0"):
        Exercise(expected)
    Exercise(expected, tolerance=1e-6)


@pytest.mark.parametrize(
    ("hints", "message"),
    [
        ({1.6094: "same"}, "hints must be for wrong answers; 1.6094 equals the expected answer"),
        ([(1.7, "a"), (1.7001, "b")], "hints must differ by more than .* 1.7001 comes twice"),
        ({1.0: ""}, "hints must map wrong answers to text; got ''"),
        ({1.0: None}, "hints must map wrong answers to text; got None"),
        ([(1j, "complex")], "hints must be for possible answers; got of type complex"),
        ("wrong", "hints must be a mapping or a list of"),
        (3, "hints must be a mapping or a list of"),
        ([(1, 2, 3)], "hints must be a mapping or a list of"),
    ],
)
def test_a_bad_hint_is_refused(hints, message):
    with pytest.raises(ValueError, match=message):
        Exercise(np.log(5), hints=hints)


def test_hints_that_share_a_number_across_kinds_are_kept_apart(verdict):
    exercise = Exercise(0.5, hints=[(1, "Certain."), (True, "A number, please.")])
    assert verdict(exercise, 1) == "Not yet. Certain."
    assert verdict(exercise, True) == "Not yet. A number, please."
