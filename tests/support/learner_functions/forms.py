"""Sound functions in another form than the documentation's, and what is said of each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import softmax_lib as lib

from .right import backprop, gradient_step, gradient_step_with_l2, of_rows


class InForm(NamedTuple):
    function: Callable
    says: str  # a part of the verdict
    ok: bool
    kind: str | None = None
    layout: str = "rows"


FORMS: list[InForm] = []


def accepted(says, kind=None, layout="rows"):
    def keep(function):
        FORMS.append(InForm(function, says, True, kind, layout))
        return function

    return keep


def explained(says, kind=None, layout="rows"):
    def keep(function):
        FORMS.append(InForm(function, says, False, kind, layout))
        return function

    return keep


# --- targets -----------------------------------------------------------------------------------


@accepted("right, as cross_entropy_from_probs(probs, y), with one-hot targets.")
def cross_entropy_error(y, t):
    return -np.sum(np.where(t > 0, t * np.log(y), 0)) / len(y)


@accepted("with the labels first.")
def categorical_cross_entropy(y_true, y_pred):
    return -np.log(y_pred[np.arange(len(y_true)), y_true]).mean()


@accepted("with the labels first, with one-hot targets.")
def categorical_loss(y_true, y_pred):
    return -np.mean(np.log((y_true * y_pred).sum(axis=1)))


@accepted("with the labels first.", "logits_gradient")
def delta_of_unnamed(a, b):
    return of_rows(b, a)


@accepted("with one-hot targets.")
def logits_gradient(logits, targets):
    return (lib.softmax(logits) - targets) / len(logits)


@explained("right if y is one-hot; here y holds labels", "logits_gradient")
def delta(Z, y):
    return (lib.softmax(Z) - y) / len(Z)


@explained("right if y is one-hot; here y holds labels")
def cross_entropy_of_argmax(probs, y):
    return -np.log(probs[np.arange(len(y)), y.argmax(axis=1)]).mean()


# --- one example -------------------------------------------------------------------------------


@explained("right for one example alone, as a vector. Make it work on rows")
def softmax_of_a_list(numbers):
    exps = [math.exp(number - max(numbers)) for number in numbers]
    return [e / sum(exps) for e in exps]


@accepted("softmax_of_a_vector: right", layout="vector")
def softmax_of_a_vector(z):
    exps = np.exp(z - np.max(z))
    return exps / np.sum(exps)


@explained("right for one example alone")
def softmax_by_builtins(z):
    powers = np.exp(z - max(z))
    return powers / sum(powers)


@explained("right for one example alone")
def cross_entropy_of_one(p, label):
    return -np.log(p[int(label)])


@accepted("right", layout="vector")
def cross_entropy_of_one_label(p, label):
    return -math.log(p[label]) if p[label] else math.inf


@accepted("right", "logits_gradient", "vector")
def delta_of_one(z, target):
    dz = lib.softmax(z)
    dz[target] -= 1
    return dz


@accepted("right", "weight_gradient", "vector")
def weights_of_one(x, z, label):
    dz = delta_of_one(z, label)
    return np.outer(x, dz), dz


@explained("right for one column alone")
def softmax_of_a_column(z):
    assert z.shape[1] == 1
    return np.exp(z - z.max()) / np.exp(z - z.max()).sum()


@explained("right for one example alone")
def one_hot_of_one(label, n_classes):
    row = [0] * n_classes
    row[label] = 1
    return row


# --- what is returned --------------------------------------------------------------------------


@accepted("right, as a dict.")
def weight_gradient(X, Z, y):
    G = of_rows(Z, y)
    return {"db": G.sum(axis=0), "dW": X.T @ G}


@accepted("right", "gradient_step")
def step_as_a_dict(W, b, X, y, lr):
    return dict(zip(("W_new", "b_new"), gradient_step(W, b, X, y, lr), strict=True)) | {"loss": 1}


@accepted("with the gradient beside it.")
def softmax_cross_entropy(logits, labels):
    return lib.cross_entropy_and_gradient(logits, labels)


@accepted("with the loss beside it.", "logits_gradient")
def loss_and_delta(logits, labels):
    return lib.cross_entropy_and_gradient(logits, labels)


@explained("right, but in a pair. Return the loss alone.")
def cross_entropy(logits, y):
    return lib.cross_entropy(logits, y), lib.softmax(logits)


@explained("right, but in a pair. Return the probabilities alone.")
def softmax_and_cache(Z):
    return lib.softmax(Z), Z


@explained("right, in another order: dW2, db2, dW1, db1.", "network_gradients")
def last_layer_first(X, y, W1, b1, W2, b2):
    first, second, third, fourth = backprop(X, y, W1, b1, W2, b2)
    return third, fourth, first, second


@explained("dW1 and dW2 are right, the others are missing.", "network_gradients")
def weights_alone(X, y, W1, b1, W2, b2):
    return backprop(X, y, W1, b1, W2, b2)[::2]


@explained("It works in place")
def gradient_step_in_place(W, b, X, y, learning_rate):
    G = of_rows(X @ W + b, y)
    W -= learning_rate * X.T @ G
    b -= learning_rate * G.sum(axis=0)


# --- other arguments ---------------------------------------------------------------------------


@accepted("with the arguments in another order.")
def train_step(X, y, W, b, lr):
    return gradient_step(W, b, X, y, lr)


@accepted("with the arguments in another order.")
def update_with_decay(X, y, W, b, lr, reg):
    return gradient_step_with_l2(W, b, X, y, lr, reg)


@accepted("softmax_along: right")
def softmax_along(Z, axis):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=axis, keepdims=True))


@accepted("softmax_with_dim: right", layout="columns")
def softmax_with_dim(Z, dim):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=dim, keepdims=True))


@explained("right without biases")
def gradient_step_of_weights(W, X, y, learning_rate):
    return W - learning_rate * X.T @ of_rows(X @ W, y)


@explained("right without biases")
def step(W, X, y, learning_rate):
    return W - learning_rate * X.T @ of_rows(X @ W, y)


# --- in its own way ----------------------------------------------------------------------------


def hidden(activation, slope):
    def network(X, y, W1, b1, W2, b2):
        A = activation(X @ W1 + b1)
        G2 = of_rows(A @ W2 + b2, y)
        G1 = G2 @ W2.T * slope(A)
        return X.T @ G1, G1.sum(axis=0), A.T @ G2, G2.sum(axis=0)

    return network


FORMS += [
    InForm(
        hidden(np.tanh, lambda A: 1 - A**2), "right, with a tanh hidden", True, "network_gradients"
    ),
    InForm(
        hidden(lib.sigmoid, lambda A: A * (1 - A)),
        "with a sigmoid hidden",
        True,
        "network_gradients",
    ),
    InForm(
        hidden(lambda Z: np.maximum(Z, 0.01 * Z), lambda A: np.where(A > 0, 1, 0.01)),
        "with a leaky ReLU (0.01) hidden layer",
        True,
        "network_gradients",
    ),
]


@accepted("right, as softmax_jacobian(z).")
def d_softmax(z):
    return lib.softmax_jacobian(z)


@accepted("right, as logits_gradient(Z, y).")
def cross_entropy_derivative(Z, y):
    return of_rows(Z, y)


@explained("This is a right log_softmax(Z).")
def softmax(Z):
    return lib.log_softmax(Z)


@explained("This is a right logits_gradient(Z, y).", "cross_entropy")
def gradient_for_loss(Z, y):
    return of_rows(Z, y)
