"""More functions that `diagnose` was not made for, written when it knew those of `strangers.py`.

NEWCOMERS holds a row for each, with what is due to it, written down before any of them was judged.
"""

# ruff: noqa: B905   as learners write

from __future__ import annotations

import math

import numpy as np

from .table import Learner, keeper_of

NEWCOMERS: list[Learner] = []
newcomer = keeper_of(NEWCOMERS)


def stable(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


# --- right, in a form of its own ---------------------------------------------------------------


@newcomer("softmax", "right")
def by_apply_along_axis(x):
    def one(v):
        e = np.exp(v - v.max())
        return e / e.sum()

    return np.apply_along_axis(one, 1, x)


@newcomer("softmax", "right")
def by_einsum(logits):
    e = np.exp(logits - np.amax(logits, 1)[:, None])
    return np.einsum("ij,i->ij", e, 1 / np.einsum("ij->i", e))


@newcomer("stable_softmax", "right")
def one_over_the_sum_of_differences(Z):
    difference = Z[:, None, :] - Z[:, :, None]
    with np.errstate(over="ignore"):
        return 1 / np.exp(difference).sum(axis=2)


@newcomer("log_softmax", "right")
def by_logaddexp(x):
    return x - np.logaddexp.reduce(x, axis=1, keepdims=True)


@newcomer("LogSumExp", "right")
def two_branches(x):
    top = x.max(1)
    return np.where(np.isfinite(top), top, 0) + np.log(np.exp(x - top[:, None]).sum(1))


@newcomer("cross_entropy_loss", "right")
def labels_or_one_hot(y_pred, y_true):
    if y_true.ndim == 2:
        y_true = y_true.argmax(axis=1)
    n = y_pred.shape[0]
    return float(-np.log(y_pred[range(n), y_true]).sum() / n)


@newcomer("cross_entropy", "right", kind="cross_entropy")
def torch_like(input, target):
    logp = input - input.max(axis=1, keepdims=True)
    logp = logp - np.log(np.exp(logp).sum(axis=1, keepdims=True))
    return -np.take_along_axis(logp, target[:, None], axis=1).mean()


@newcomer("softmax_crossentropy_grad", "right", kind="logits_gradient")
def ones_for_answers(logits, reference_answers):
    ones = np.zeros_like(logits, dtype=float)
    ones[np.arange(len(logits)), reference_answers] = 1
    return (-ones + stable(logits)) / logits.shape[0]


@newcomer("grad_W", "right", kind="weight_gradient")
def outer_products_added(X, Z, y):
    P = stable(Z)
    dW, db = np.zeros((X.shape[1], Z.shape[1])), np.zeros(Z.shape[1])
    for x, p, label in zip(X, P, y):
        p = p.copy()
        p[label] -= 1
        dW += np.outer(x, p)
        db += p
    return dW / len(X), db / len(X)


@newcomer("train_step", "right", kind="gradient_step")
def with_a_helper_inside(W, b, xb, yb, lr):
    def forward():
        return stable(xb.dot(W) + b)

    delta = forward()
    delta[np.arange(yb.size), yb] -= 1.0
    delta /= yb.size
    return W - lr * xb.T.dot(delta), b - lr * np.add.reduce(delta, axis=0)


@newcomer("dReLU", "right")
def heaviside(Z):
    return np.heaviside(Z, 0)


@newcomer("tanhDerivative", "right")
def one_minus_the_square_of_a_quotient(z):
    t = np.tanh(z)
    return (1 - t) * (1 + t)


@newcomer("sigmoid", "right")
def minus_softplus_of_minus(x):
    return np.exp(-np.logaddexp(0, -x))


@newcomer("to_categorical", "right", kind="one_hot")
def compared_with_a_range(y, num_classes):
    return (np.arange(num_classes) == np.asarray(y)[:, None]).astype(int)


@newcomer("softmax_backward", "right")
def with_full_jacobians(y, grad):
    J = np.einsum("ij,jk->ijk", y, np.eye(y.shape[1])) - np.einsum("ij,ik->ijk", y, y)
    return np.einsum("ijk,ik->ij", J, grad)


# --- wrong -------------------------------------------------------------------------------------


@newcomer("softmax", "wrong", "softmax-no-shift")
def exponentials_by_power_of_e(x):
    return np.e**x / np.sum(np.e**x, axis=-1, keepdims=True)


@newcomer("softmax", "wrong", "softmax-wrong-axis")
def axis_zero_for_rows(x):
    x = x - np.max(x, axis=0)
    return np.exp(x) / np.sum(np.exp(x), axis=0)


@newcomer("softmax", "wrong", "softmax-sum-of-everything")
def flattened(x):
    flat = np.exp(x - x.max()).ravel()
    return (flat / flat.sum()).reshape(x.shape)


@newcomer("softmax", "wrong", "NEW: divided by the root of the sum of squares")
def unit_length(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / np.linalg.norm(e, axis=1, keepdims=True)


@newcomer("cross_entropy", "wrong", "probs-loss-sum")
def trace_of_a_product(probs, Y):
    return -np.trace(np.log(probs) @ Y.T)


@newcomer("cross_entropy", "wrong", "probs-loss-class-mean")
def mean_of_the_product(probs, Y):
    return -np.mean(Y * np.log(probs))


@newcomer("cross_entropy", "wrong", "probs-loss-other-base")
def in_bits(probs, y):
    return -np.log2(probs[np.arange(len(y)), y]).mean()


@newcomer("loss", "wrong", "loss-no-shift", "loss-no-shift-in-logsumexp", kind="cross_entropy")
def log_of_a_naive_sum(scores, y):
    correct = scores[np.arange(len(y)), y]
    return np.mean(-correct + np.log(np.sum(np.exp(scores), axis=1)))


@newcomer("dz", "wrong", "dlogits-no-mean", kind="logits_gradient")
def not_averaged(Z, y):
    g = stable(Z)
    for i, label in enumerate(y):
        g[i, label] -= 1
    return g


@newcomer("dz", "wrong", "dlogits-sign", kind="logits_gradient")
def target_less_prediction(Z, y):
    return (np.eye(Z.shape[1])[y] - stable(Z)) / Z.shape[0]


@newcomer("dz", "wrong", "dlogits-all-pairs", kind="logits_gradient")
def one_too_many_taken_off(Z, y):
    g = stable(Z)
    g[:, y] -= 1
    return g / len(y)


@newcomer("update", "wrong", "step-uphill", kind="gradient_step")
def uphill(W, b, X, y, lr):
    d = stable(X @ W + b)
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    W = W + lr * X.T @ d
    b = b + lr * d.sum(axis=0)
    return W, b


@newcomer("backprop", "wrong", "network-no-mask", kind="network_gradients")
def slope_of_relu_left_out(X, y, W1, b1, W2, b2):
    h = np.maximum(0, X @ W1 + b1)
    d = stable(h @ W2 + b2)
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    dh = d @ W2.T
    return X.T @ dh, dh.sum(0), h.T @ d, d.sum(0)


@newcomer("accuracy", "wrong", "accuracy-per-cent")
def in_per_cent(scores, y):
    hits = sum(int(np.argmax(row) == label) for row, label in zip(scores, y))
    return 100.0 * hits / len(y)


@newcomer("attention", "wrong", "attention-wrong-axis", kind="attention_weights")
def softmax_down_the_columns(q, k):
    s = q @ k.T / math.sqrt(q.shape[-1])
    e = np.exp(s - s.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


@newcomer("binary_cross_entropy", "wrong", "yes-loss-sum")
def added_up(y_hat, y):
    return -np.sum(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@newcomer("binary_cross_entropy", "wrong", "yes-loss-guarded")
def keras_epsilon(y_hat, y):
    p = np.clip(y_hat, 1e-7, 1 - 1e-7)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


@newcomer("sigmoid", "wrong", "sigmoid-sign")
def exponent_without_its_minus(x):
    return 1 / (1 + np.exp(x))


@newcomer("numerical_gradient", "wrong", "difference-over-h")
def h_where_two_h_belongs(f, x):
    grad, h = np.zeros(x.shape), 1e-5
    for i in np.ndindex(*x.shape):
        up, down = x.astype(float), x.astype(float)
        up[i] += h
        down[i] -= h
        grad[i] = (f(up) - f(down)) / h
    return grad
