"""What a wrong answer has to do with the right one is said, where it shows everywhere."""

import numpy as np
import pytest

import softmax_lib as lib
from tests.support.diagnoses import diagnosed
from tests.support.learner_functions.right import backprop, gradient_step, of_rows


def loss_times(factor):
    return lambda logits, y: lib.cross_entropy(logits, y) * factor(len(y), logits.shape[1])


def gradient_of_a_batch_of_a_hundred(Z, y):
    return of_rows(Z, y) * len(y) / 100


def of_forecasts(probs, y):
    return (probs - np.eye(probs.shape[1])[y]) / len(y)


def by_their_largest(Z, temperature):
    powers = lib.softmax(Z) ** (1 / temperature)
    return powers / (1 + powers.sum(axis=1, keepdims=True))


def shifted_alone(Z):
    return Z - Z.max(axis=1, keepdims=True) - np.log(Z.shape[1])


def step_over_m(W, b, X, y, rate):
    new_W, new_b = gradient_step(W, b, X, y, rate)
    return W + (new_W - W) / len(y), new_b


def penalty_of_each_example(W, X, y, l2):
    loss, dZ = lib.cross_entropy_and_gradient(X @ W, y)
    return loss + len(y) * l2 * (W * W).sum(), X.T @ dZ + 2 * l2 * W


def gradient_of_a_penalty_over_m(W, X, y, l2):
    loss, dZ = lib.cross_entropy_and_gradient(X @ W, y)
    return loss + l2 * (W * W).sum(), X.T @ dZ + 2 * l2 * W / len(y)


def network_with(activation, slope):
    def backward(X, y, W1, b1, W2, b2):
        Z1 = X @ W1 + b1
        A1 = activation(Z1)
        dZ2 = of_rows(A1 @ W2 + b2, y)
        dZ1 = dZ2 @ W2.T * slope(Z1, A1)
        return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)

    return backward


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
        (by_their_largest, "softmax_with_temperature", "unknown", "what divides it is not its sum"),
        (shifted_alone, "log_softmax", "unknown", "right but for one number that is added to each"),
        (step_over_m, "gradient_step", "factor", "The step of W is 1/m times the right one"),
        (
            penalty_of_each_example,
            "linear_loss_and_gradient",
            "factor",
            "The penalty in loss is m times the right one",
        ),
        (
            gradient_of_a_penalty_over_m,
            "linear_loss_and_gradient",
            "unknown",
            "The penalty in dW is 1/m times the right one",
        ),
        (
            network_with(np.tanh, lambda Z, A: 1 - Z**2),
            "network_gradients",
            "unknown",
            "hidden layer is a tanh, A1 = np.tanh(Z1), and on the way back it takes the slope 1 - "
            "Z1**2.",
        ),
        (
            network_with(lib.sigmoid, lambda Z, A: 1),
            "network_gradients",
            "unknown",
            "it takes no slope at all",
        ),
        (
            network_with(lambda Z: np.maximum(Z, 0), lambda Z, A: Z <= 0),
            "network_gradients",
            "unknown",
            "the slope Z1 <= 0",
        ),
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
