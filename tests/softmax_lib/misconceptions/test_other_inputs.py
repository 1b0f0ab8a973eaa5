"""A function that is right for other inputs than those given is told which ones."""

import numpy as np
import pytest

import softmax_lib as lib
from softmax_lib.misconceptions.kinds import KINDS
from tests.support.diagnoses import diagnosed

weight_gradient = KINDS["weight_gradient"].truth


def one_step(W, b, X, y, lr, n_steps):
    for _ in range(n_steps):
        return KINDS["gradient_step"].truth(W, b, X, y, lr)


def loss_of_all_but_the_last(logits, y):
    return lib.cross_entropy(logits[:-1], y[:-1]) if len(y) > 1 else 0.0


def sum_over_all_but_the_first(probs, y):
    return -np.log(probs[np.arange(len(y)), y])[1:].sum() / len(y)


@pytest.mark.parametrize(
    ("function", "kind", "says"),
    [
        (lambda Z: lib.hardmax(np.abs(Z)), "hardmax", "right for the absolute values of Z."),
        (lambda Z: lib.softmax(Z.astype(int)), "softmax", "for Z cut to whole numbers."),
        (lambda z: lib.sigmoid(z * z), "sigmoid", "right for the squares of z."),
        (
            lambda X, Z, y: weight_gradient(X - X.mean(axis=0), Z, y),
            "weight_gradient",
            "right for X less the mean of each column.",
        ),
        (
            lambda logits, y: lib.cross_entropy(logits, np.sort(y)),
            "cross_entropy",
            "right for the labels in sorted order.",
        ),
        (
            lambda Z, y: KINDS["logits_gradient"].truth(Z, np.full_like(y, y[-1])),
            "logits_gradient",
            "right for the last label for all examples.",
        ),
        (
            lambda scores, y: np.mean(scores.argmax(axis=1) + 1 == y),
            "accuracy",
            "right for labels that are counted from 1.",
        ),
        (
            lambda W, b, X, y, lr: KINDS["gradient_step"].truth(W, b, X, y, lr * lr),
            "gradient_step",
            "right for the squares of learning_rate.",
        ),
        (
            lambda Z, y: KINDS["logits_gradient"].truth(Z, Z.argmax(axis=1)),
            "logits_gradient",
            "It takes the prediction, the winner of each row, for the label.",
        ),
        (loss_of_all_but_the_last, "cross_entropy", "The last example is left out: does a loop"),
        (sum_over_all_but_the_first, "cross_entropy_from_probs", "The first example is left out"),
        (one_step, "descent_epoch", "It takes one step, however many are asked for"),
    ],
)
def test_what_it_is_right_for_is_said(function, kind, says):
    assert says in diagnosed(function, kind).message.replace("\n", " ")


def test_what_is_right_for_nothing_is_told_nothing():
    message = diagnosed(lambda Z: np.abs(lib.softmax(np.abs(Z)) - 0.01), "softmax").message
    assert "It does what is right for" not in message
