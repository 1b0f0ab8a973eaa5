"""What earns half of the points, on mistakes of each sort."""

import numpy as np
import pytest

from softmax_lib.misconceptions import CATALOGUE
from tools.course.grading.credit import REASONS, is_extreme, reason_for_half


@pytest.mark.parametrize(
    ("id", "reason"),
    [
        ("softmax-no-shift", "extremes"),
        ("softmax-batch-maximum", "extremes"),
        ("hardmax-marks-all-ties", "extremes"),
        ("softmax-in-place", "arguments"),
        ("dlogits-in-place", "arguments"),
        ("softmax-base-2", None),
        ("softmax-no-keepdims", None),
    ],
)
def test_the_sort_of_a_mistake_decides(id, reason):
    entry = CATALOGUE[id]
    assert reason_for_half(entry.wrong, entry.kind, 11) == REASONS.get(reason, "")


def test_what_is_right_or_no_kind_has_no_reason():
    assert reason_for_half(np.eye, "train", 11) == ""


@pytest.mark.parametrize(
    ("names", "arguments", "extreme"),
    [
        (("Z",), (np.array([[1.0, 2.0]]),), False),
        (("Z",), (np.array([[1.0, 101.0]]),), True),
        (("Z",), (np.array([[1.0, 1.0]]),), True),
        (("probs", "y"), (np.array([[0.0, 1.0]]), np.array([1])), True),
        (("probs", "y"), (np.array([[0.5, 0.5]]), np.array([0])), False),
        (("W", "b"), (np.zeros((2, 2)), np.zeros(2)), False),
    ],
)
def test_an_extreme_input_is_large_or_tied_or_certain(names, arguments, extreme):
    assert is_extreme(names, arguments) == extreme
