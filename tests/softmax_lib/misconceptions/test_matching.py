"""A name needs evidence: an agreement that could have failed."""

import numpy as np
import pytest

import softmax_lib as lib
from softmax_lib.misconceptions import CATALOGUE
from tests.support.diagnoses import diagnosed


def all_ones(Z):
    return np.ones(Z.shape)


def no_loss(logits, y):
    return 0.0


def marks_whole_rows(Z):
    H = np.zeros((max(Z.shape), Z.shape[1]))
    H[Z.argmax(axis=1)] = 1
    return H[: len(Z)]


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (all_ones, "softmax"),
        (all_ones, "hardmax"),
        (no_loss, "cross_entropy"),
        (no_loss, "cross_entropy_from_probs"),
        (marks_whole_rows, "hardmax"),
    ],
)
def test_to_agree_with_a_constant_is_no_evidence(function, kind):
    assert diagnosed(function, kind).candidates == ()


@pytest.mark.parametrize(
    "function",
    [
        lambda p, Y: -np.mean(Y * np.log(p + 1e-9) + (1 - Y) * np.log(1 - p + 1e-9)),
        lambda p, Y: (
            -np.mean(Y * np.log(np.clip(p, 1e-9, 1)) + (1 - Y) * np.log(np.clip(1 - p, 1e-9, 1)))
        ),
        lambda p, Y: np.mean(np.where(Y > 0, -np.log(p), -np.log(1 - p))),
        lambda p, Y: -np.mean(np.nan_to_num(Y * np.log(p) + (1 - Y) * np.log(1 - p))),
    ],
)
def test_a_guard_does_not_hide_a_mistake(function):
    assert diagnosed(function, "cross_entropy_from_probs").id == "probs-loss-binary-mean"


def test_a_factor_alone_comes_before_a_mistake_and_a_factor():
    def of_roots(probs, y):  # with labels in a column it would pick (m, m) of them
        return -np.mean(np.log(np.sqrt(probs[np.arange(len(y)), y])))

    verdict = diagnosed(of_roots, "cross_entropy_from_probs")
    assert (verdict.id, verdict.candidates) == ("factor", ())


HIDDEN = {
    "tanh": (np.tanh, lambda A: 1 - A**2),
    "sigmoid": (lib.sigmoid, lambda A: A * (1 - A)),
}


@pytest.mark.parametrize("hidden", HIDDEN)
def test_mistakes_beside_another_hidden_layer_are_named(hidden):
    activation, slope = HIDDEN[hidden]

    def backward(X, y, W1, b1, W2, b2, *, is_shifted=True, has_bias=True):
        A1 = activation(X @ W1 + b1 * has_bias)
        Z2 = A1 @ W2 + b2
        exps = np.exp(Z2 - is_shifted * Z2.max(axis=1, keepdims=True))
        dZ2 = (exps / exps.sum(axis=1, keepdims=True) - np.eye(len(b2))[y]) / len(y)
        dZ1 = dZ2 @ W2.T * slope(A1)
        return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)

    def not_shifted(X, y, W1, b1, W2, b2):
        return backward(X, y, W1, b1, W2, b2, is_shifted=False)

    def without_bias(X, y, W1, b1, W2, b2):
        return backward(X, y, W1, b1, W2, b2, has_bias=False)

    assert diagnosed(backward, "network_gradients").ok
    assert "network-no-shift" in diagnosed(not_shifted, "network_gradients").candidates
    assert diagnosed(without_bias, "network_gradients").id == "network-no-hidden-bias"


@pytest.mark.parametrize("guard", [1e-3, 5e-4, 1e-30, 1e-100, np.finfo(float).tiny])
def test_a_guard_of_any_size_is_known(guard):
    def added(probs, y):
        return -np.log(probs[np.arange(len(y)), y] + guard).mean()

    def clipped(probs, y):
        return -np.log(np.maximum(probs[np.arange(len(y)), y], guard)).mean()

    for function, id in [(added, "probs-loss-epsilon"), (clipped, "probs-loss-clipped")]:
        assert id in diagnosed(function, "cross_entropy_from_probs").candidates


def test_right_answers_speak_for_a_kind_although_they_overwrite():
    def backward(dvalues, y_true):
        dinputs = dvalues
        dinputs[range(len(dvalues)), y_true] -= 1
        return dinputs / len(dvalues)

    assert diagnosed(backward).candidates == ("dprobs-in-place",)


def test_the_wrong_answer_comes_before_the_overwriting():
    def softmax(Z):
        Z -= Z.max()
        return np.exp(Z) / np.exp(Z).sum()

    verdict = diagnosed(softmax)
    assert "the probabilities are right" not in verdict.message
    assert verdict.id == "softmax-sum-of-everything"
    assert "Besides, it overwrites Z: work on a copy." in verdict.message.replace("\n", " ")


def test_a_network_of_tanh_has_the_mistakes_of_one_of_relu():
    def scaled(factors):
        def backprop(X, y, W1, b1, W2, b2):
            A = np.tanh(X @ W1 + b1)
            G2 = (lib.softmax(A @ W2 + b2) - np.eye(len(b2))[y]) / len(y)
            G1 = G2 @ W2.T * (1 - A**2)
            parts = X.T @ G1, G1.sum(axis=0), A.T @ G2, G2.sum(axis=0)
            return tuple(f(len(y)) * part for f, part in zip(factors, parts, strict=True))

        return backprop

    def m(m):
        return m

    def one(m):
        return 1

    def one_over_m(m):
        return 1 / m

    for factors, id in [
        ((m, m, m, m), "network-no-mean"),
        ((one_over_m, one_over_m, one, one), "network-mean-twice"),
        ((one, one_over_m, one, one_over_m), "network-biases-mean"),
        ((lambda m: -1,) * 4, "network-sign"),
    ]:
        verdict = diagnosed(scaled(factors), "network_gradients")
        assert verdict.id == id
        assert "\nJudged with a tanh hidden layer.\n" in verdict.message
    assert diagnosed(scaled((one,) * 4), "network_gradients").ok


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (lambda m, n_classes: -1, "Besides, the sign is turned round."),
        (lambda m, n_classes: m, "Besides, all is multiplied by the number of examples."),
        (lambda m, n_classes: 1 / n_classes, "Besides, all is divided by the number of classes."),
    ],
)
def test_a_slip_that_scales_every_number_is_said_besides(factor, says):
    twice = CATALOGUE["dlogits-softmax-twice"]
    verdict = diagnosed(lambda Z, y: factor(*Z.shape) * twice.wrong(Z, y), twice.kind)
    assert verdict.id == twice.id
    assert verdict.explained == 1
    assert says in verdict.message.replace("\n", " ")


def test_a_multiple_of_the_truth_is_no_mistake_times_another_number():
    verdict = diagnosed(lambda logits, y: 100 * lib.cross_entropy(logits, y), "cross_entropy")
    assert verdict.id == "factor"


def test_a_slip_at_the_true_class_is_known_in_other_clothes():
    def gradient_step(W, b, X, y, lr):
        P = lib.softmax(X @ W + b)
        for label in y:
            P[label] = P[label] - 1
        return W - lr * X.T.dot(P) / len(X), b - lr * P.mean(axis=0)

    def dweights(X, Z, y):
        P = lib.softmax(Z)
        P[y, range(len(y))] -= 1
        return X.T @ P / len(y), P.sum(axis=0) / len(y)

    def dprobs(p, y):
        return np.array([q + np.eye(len(q))[label] for q, label in zip(p, y, strict=True)]) / len(y)

    def loss(p, y):
        return -np.mean(np.log([p[label] for label in y]))

    def dlogits(Z, Y):
        return np.where(Y == 1, -1, lib.softmax(Z)) / len(Y)

    for function, kind, id in [
        (gradient_step, "gradient_step", "step-whole-rows"),
        (dweights, "weight_gradient", "dweights-indices-exchanged"),
        (dprobs, "logits_gradient_from_probs", "dprobs-one-added"),
        (loss, "cross_entropy_from_probs", "probs-loss-whole-rows"),
        (dlogits, "logits_gradient", "dlogits-minus-one-set"),
    ]:
        assert diagnosed(function, kind).id == id


def test_one_example_names_no_mistake_that_a_batch_denies():
    def logits_gradient(Z, y):
        P = lib.softmax(Z)
        for i in range(len(y) - 1):
            P[i, y[i]] -= 1
        return P / len(y)

    assert diagnosed(logits_gradient).id == "unknown"


def test_a_mistake_that_explains_little_is_not_named():
    def masked_softmax(Z, mask):
        exps = np.exp(Z) * mask
        return np.nan_to_num(exps / exps.sum(axis=1, keepdims=True))

    assert diagnosed(masked_softmax).id == "unknown"


def test_one_hot_rows_are_no_labels_that_count_as_numbers():
    def cross_entropy_loss(y, logits):
        return -np.mean(np.sum(y * np.log(lib.softmax(logits)), axis=1))

    def cross_entropy(logits, y):
        return -(y[:, np.newaxis] * lib.log_softmax(logits)).sum() / len(y)

    assert "loss-label-as-number" not in diagnosed(cross_entropy_loss).candidates
    assert diagnosed(cross_entropy).candidates == ("loss-label-as-number",)


def test_a_step_to_one_side_is_told_from_one_that_is_not_put_back():
    def numerical_gradient(f, x):
        h, gradient = 1e-4, np.zeros_like(x)
        for i in range(x.size):
            moved = x.copy()
            moved[i] += h
            gradient[i] = (f(moved) - f(x)) / h
        return gradient

    assert diagnosed(numerical_gradient).candidates == ("difference-to-one-side",)
