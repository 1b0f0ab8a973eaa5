"""A verdict keeps an example of the caller's own, and behaves as a value."""

import numpy as np

import softmax_lib as lib
from tests.support.diagnoses import diagnosed


def test_the_example_is_the_callers_own():
    def cross_entropy(logits, y):
        return 2 * lib.cross_entropy(logits, y)

    first = diagnosed(cross_entropy)
    for value in first.example.inputs.values():
        value[...] = 2
    assert diagnosed(cross_entropy).message == first.message
    assert diagnosed(lib.cross_entropy).ok


def test_verdicts_can_be_compared_and_kept_in_sets():
    def softmax(Z):
        return Z

    one, other = diagnosed(softmax), diagnosed(softmax)
    assert one == one
    assert len({one, other}) == 2


def test_a_long_name_and_form_cut_neither_the_verdict_nor_the_evidence():
    def the_cross_entropy_loss_of_a_classifier(y_true, y_pred):
        return np.sum(y_true * np.log(y_pred))

    lines = diagnosed(the_cross_entropy_loss_of_a_classifier).message.splitlines()
    assert lines[0] == "the_cross_entropy_loss_of_a_classifier: not right yet."
    assert lines[1] == (
        "Judged as cross_entropy_from_probs, with the labels first, with one-hot targets."
    )
    assert [line.split()[0] for line in lines[2:5]] == ["You", "Your", "Expected"]
