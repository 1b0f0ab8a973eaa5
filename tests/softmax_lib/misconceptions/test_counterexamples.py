"""Inputs that tell a mistake from a right function, and those that no right function can answer."""

import numpy as np
import pytest

from softmax_lib.misconceptions import CATALOGUE, is_counterexample
from softmax_lib.misconceptions.kinds import KINDS
from tests.support.diagnoses import sample

LOGITS = [[1, 2, 0], [3, -1, 2]]


@pytest.mark.parametrize(
    ("id", "blind", "telling"),
    [
        ("softmax-no-shift", LOGITS, [[1000, 1001]]),
        ("softmax-batch-maximum", [[1000, 1001]], [[0, 1], [-1000, -1001]]),
        ("softmax-maximum-with-zero", [[1000, 1001]], [[-1000, -1001]]),
        ("softmax-own-maximum-one-sum", LOGITS[:1], LOGITS),
        ("softmax-no-keepdims", [[1, 1], [1, 1]], LOGITS),  # where it raises, it shows
    ],
)
def test_some_inputs_show_a_mistake_and_some_do_not(id, blind, telling):
    assert not is_counterexample(id, blind)
    assert is_counterexample(id, telling)


def test_a_gradient_that_is_divided_twice_shows_in_a_batch():
    assert not is_counterexample("dlogits-mean-twice", LOGITS[:1], [0])
    assert is_counterexample("dlogits-mean-twice", LOGITS, [0, 2])


@pytest.mark.parametrize("id", sample(24, sorted(CATALOGUE)))
def test_a_probe_shows_each_mistake_that_answers_wrong(id):
    with np.errstate(all="ignore"):
        shown = [is_counterexample(id, *probe.arguments) for probe in _fair(CATALOGUE[id].kind)]
    assert any(shown) or id.endswith("in-place")


def _fair(kind):
    return [probe for probe in KINDS[kind].probes() if not probe.caution]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (([[1, np.inf]],), "Z must hold finite numbers"),
        (([[1, np.nan]],), "Z must hold finite numbers"),
        (([1, 2],), "Z must hold numbers, in 2 dimensions"),
        (([[[1, 2]]],), "Z must hold numbers, in 2 dimensions"),
        (([[]],), "Z must hold numbers"),
        (([[1, 2], [3]],), "Z must hold numbers"),
        ((["ab"],), "Z must hold numbers"),
        ((None,), "Z must hold numbers"),
        ((), r"softmax\(Z\) takes 1 arguments; got 0"),
        ((LOGITS, 1), r"softmax\(Z\) takes 1 arguments; got 2"),
    ],
)
def test_what_no_right_function_can_take_is_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        is_counterexample("softmax-no-shift", *arguments)


@pytest.mark.parametrize(
    ("y", "complaint"),
    [
        ([0, 3], "a right logits_gradient cannot take this input"),
        ([0], "a right logits_gradient cannot take this input"),
        ([0.5, 1], "y must hold whole numbers"),
    ],
)
def test_labels_must_be_fair_too(y, complaint):
    with pytest.raises(ValueError, match=complaint):
        is_counterexample("dlogits-mean-twice", LOGITS, y)


def test_a_mistake_that_nobody_knows_is_named():
    with pytest.raises(ValueError, match="id must be one of the catalogue's; got 'no-such'"):
        is_counterexample("no-such", LOGITS)


def test_what_is_given_stays_as_it_was():
    Z = np.array(LOGITS, dtype=float)
    is_counterexample("softmax-in-place", Z)
    assert Z.tolist() == LOGITS


def test_whole_numbers_stay_whole():
    assert is_counterexample("softmax-integer-result", [[1, 2]])
    assert not is_counterexample("softmax-integer-result", [[1.0, 2.0]])
