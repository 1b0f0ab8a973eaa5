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


def given(verdict):
    return next(line for line in verdict.message.splitlines() if "You gave" in line)


def test_arguments_have_the_functions_own_names():
    def cross_entropy(y, t):
        return -np.sum(t * np.log(y))

    def softmax(z):
        return np.exp(z)

    def softmax_loss(*arguments):
        return 0.0

    assert "y (probs) = [[" in given(diagnosed(cross_entropy))
    assert "t (y) = [[" in given(diagnosed(cross_entropy))
    assert "gave    z = [" in given(diagnosed(softmax))
    assert "gave    logits = [" in given(diagnosed(softmax_loss, "cross_entropy"))


def test_what_is_overwritten_has_the_functions_own_name():
    def cross_entropy(targets, scores):
        scores -= scores.max(axis=1, keepdims=True)
        return lib.cross_entropy(scores, targets)

    assert "Afterwards  scores (logits) holds" in diagnosed(cross_entropy).message


def test_where_both_names_are_too_long_the_books_own_are_left():
    def descent_epoch(weights, biases, features, targets, learning_rate, batch_size, random_state):
        return weights, biases

    line = given(diagnosed(descent_epoch, "descent_epoch"))
    assert len(line) <= 100
    assert "W (" in line
