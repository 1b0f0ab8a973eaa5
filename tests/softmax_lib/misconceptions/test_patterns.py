"""What a wrong answer has to do with the right one is said, where it shows everywhere."""

import numpy as np
import pytest

import softmax_lib as lib
from tests.support.diagnoses import diagnosed
from tests.support.learner_functions.right import backprop, of_rows


def loss_times(factor):
    return lambda logits, y: lib.cross_entropy(logits, y) * factor(len(y), logits.shape[1])


def gradient_of_a_batch_of_a_hundred(Z, y):
    return of_rows(Z, y) * len(y) / 100


def of_forecasts(probs, y):
    return (probs - np.eye(probs.shape[1])[y]) / len(y)


def second_layer_alone(X, y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = backprop(X, y, W1, b1, W2, b2)
    return dW1, db1, 3 * dW2, db2


@pytest.mark.parametrize(
    ("function", "kind", "id", "says"),
    [
        (loss_times(lambda m, C: 3), "cross_entropy", "factor", "Your answer is 3 times the right"),
        (loss_times(lambda m, C: 100), "cross_entropy", "factor", "per cent?"),
        (loss_times(lambda m, C: 5 / C), "cross_entropy", "factor", "is 5/C times the right one"),
        (loss_times(lambda m, C: 7 * C), "cross_entropy", "factor", "7 C times the right one"),
        (lambda Z: lib.softmax(Z) / len(Z), "softmax", "factor", "it divides by m once too often."),
        (lambda Z: -lib.softmax(Z), "softmax", "factor", "the opposite sign"),
        (loss_times(lambda m, C: m / max(1, m - 1)), "cross_entropy", "factor", "m/(m - 1) times"),
        (
            lambda Z: np.where(lib.softmax(Z) < 1e-8, 0, lib.softmax(Z)),
            "softmax",
            "digits",
            "small numbers, which are 0 here: is there a threshold?",
        ),
        (
            lambda Z, temperature: lib.softmax(Z, temperature=temperature**2),
            "softmax_with_temperature",
            "unknown",
            "It is the softmax of 0.5 times logits / temperature.",
        ),
        (lambda Z: lib.softmax(Z) / 2, "softmax", "factor", "Your answer is 0.5 times the right"),
        (
            lambda probs, y: of_forecasts(probs, y) * 2,
            "logits_gradient_from_probs",
            "factor",
            "Your answer is 2 times the right one.",
        ),
        (gradient_of_a_batch_of_a_hundred, "logits_gradient", "factor", "batch of 100 examples"),
        (second_layer_alone, "network_gradients", "factor", "dW2 is 3 times the right one"),
        (lambda Z: -lib.hardmax(Z), "hardmax", "factor", "the opposite sign"),
        (lambda Z: lib.softmax(Z).round(3), "softmax", "digits", "It agrees to 3 digits"),
        (
            lambda Z: lib.softmax(Z.astype(np.float16)).astype(float) if Z.max() < 9 else Z,
            "softmax",
            "unknown",
            "wrong first",
        ),
        (lambda z: lib.sigmoid(z).astype(np.float16), "sigmoid", "digits", "about 3 digits"),
        (lambda Z: np.zeros(Z.shape), "softmax", "constant", "It gives 0 whatever it is given."),
        (lambda Z: np.ones(Z.shape), "hardmax", "constant", "It gives 1 whatever it is given."),
        (lambda logits, y: 0.0, "cross_entropy", "constant", "It gives 0 whatever it is given."),
    ],
)
def test_a_pattern_is_seen(function, kind, id, says):
    verdict = diagnosed(function, kind)
    assert says in verdict.message.replace("\n", " ")
    assert verdict.id == id
    assert verdict.candidates == ()


def test_a_sum_that_is_off_is_shown():
    def softmax(Z):
        return lib.softmax(Z) + Z / 10

    message = diagnosed(softmax).message.replace("\n", " ")
    assert "Your row sums to 1.9; it must sum to 1." in message


def test_the_entries_that_differ_are_shown():
    def hardmax(Z):
        winners = lib.hardmax(Z)
        winners[:, -1] += Z[:, 0]
        return winners

    message = diagnosed(hardmax).message.replace("\n", " ")
    assert "1 of its 4 numbers differs, at [0, 3]." in message
