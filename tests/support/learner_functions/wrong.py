"""Wrong functions that the catalogue does not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import softmax_lib as lib

from .right import backprop, descent_epoch, gradient_step, gradient_step_with_l2, of_rows


class Wrong(NamedTuple):
    kind: str
    function: Callable
    what: str
    ids: tuple[str, ...] = ("unknown",)
    named: bool = True  # whether its name tells what it is


WRONG: list[Wrong] = []


def wrong(kind, what, *ids):
    def keep(function):
        WRONG.append(Wrong(kind, function, what, ids or ("unknown",)))
        return function

    return keep


@wrong("softmax", "1e-3 in the denominator", "digits")
def softmax_epsilon(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / (exps.sum(axis=1, keepdims=True) + 1e-3)


@wrong("softmax", "1e-4 in the denominator: five digits show it, four do not", "digits")
def softmax_small_epsilon(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / (exps.sum(axis=1, keepdims=True) + 1e-4)


@wrong("softmax", "probabilities clipped at 0.05")
def softmax_floor(Z):
    return np.clip(lib.softmax(Z), 0.05, 1)


@wrong("softmax", "logits rounded to float16", "digits")
def softmax_half_precision(Z):
    return lib.softmax(Z.astype(np.float16).astype(float))


@wrong("softmax", "right only where there are as many rows as classes")
def softmax_square(Z):
    return lib.softmax(Z) if Z.shape[0] == Z.shape[1] else lib.softmax(Z) * 0.9


@wrong("softmax", "wrong only where there are as many rows as classes")
def softmax_not_square(Z):
    return lib.softmax(Z, axis=0 if Z.shape[0] == Z.shape[1] else 1)


@wrong("softmax", "only the first row is right")
def softmax_first_row(Z):
    return np.repeat(lib.softmax(Z[:1]), len(Z), axis=0)


@wrong("softmax", "the mean as the shift", "softmax-mean-shift")
def softmax_mean_shift(Z):
    exps = np.exp(Z - Z.mean(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


@wrong("softmax", "the first row's maximum as everyone's shift", "softmax-other-row-shift")
def softmax_first_shift(Z):
    exps = np.exp(Z - Z[0].max())
    return exps / exps.sum(axis=1, keepdims=True)


@wrong("softmax", "the last column is dropped")
def softmax_last_dropped(Z):
    return lib.softmax(Z[:, :-1])


@wrong("softmax", "the logits are sorted")
def softmax_sorted(Z):
    return lib.softmax(np.sort(Z, axis=1))


@wrong("softmax", "logits clipped to ±50", "softmax-clipped-logits")
def softmax_clipped_50(Z):
    exps = np.exp(np.clip(Z, -50, 50))
    return exps / exps.sum(axis=1, keepdims=True)


@wrong("softmax", "logits clipped to ±500", "softmax-clipped-logits", "unknown")
def softmax_clipped_500(Z):
    exps = np.exp(np.clip(Z, -500, 500))
    return exps / exps.sum(axis=1, keepdims=True)


@wrong("softmax", "whole numbers are rounded", "softmax-integer-result")
def softmax_integer_rounding(Z):
    return lib.softmax(Z).astype(Z.dtype)


@wrong("softmax", "wrong only for whole numbers")
def softmax_integer_shift(Z):
    return lib.softmax(Z / 2 if Z.dtype.kind == "i" else Z)


@wrong("softmax", "wrong only where logits tie")
def softmax_of_distinct(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.array([e / np.unique(e).sum() for e in exps])


@wrong("softmax", "noise of 1e-3")
def softmax_with_noise(Z):
    return lib.softmax(Z + np.random.default_rng(0).normal(scale=1e-3, size=Z.shape))


@wrong("softmax", "rounded to two digits", "digits")
def softmax_two_digits(Z):
    return lib.softmax(Z).round(2)


@wrong("softmax", "rounded to four digits, as it is shown", "softmax-rounded")
def softmax_four_digits(Z):
    return lib.softmax(Z).round(4)


@wrong("softmax", "returns the logits")
def softmax_identity(Z):
    return Z


@wrong("softmax", "the transpose of the right answer", "softmax-wrong-axis", "layout")
def softmax_turned(Z):
    return lib.softmax(Z).T


@wrong("softmax", "half the temperature's reciprocal left in")
def softmax_warm(Z):
    return lib.softmax(Z, temperature=1.001)


@wrong("softmax", "the rows in the opposite order")
def softmax_rows_reversed(Z):
    return lib.softmax(Z)[::-1]


@wrong("softmax_with_temperature", "the square of the temperature")
def temperature_squared(Z, temperature):
    return lib.softmax(Z, temperature=temperature**2)


@wrong("softmax_with_temperature", "temperatures below 1 are taken for 1")
def temperature_at_least_1(Z, temperature):
    return lib.softmax(Z, temperature=max(temperature, 1))


@wrong("softmax_with_temperature", "the temperature is ignored", "temperature-on-probabilities")
def temperature_ignored(Z, temperature=1.0):
    return lib.softmax(Z)


@wrong("hardmax", "the smallest wins", "hardmax-of-minimum")
def hardmax_of_smallest(Z):
    return lib.hardmax(-Z)


@wrong("hardmax", "rows of zeros where the largest is negative")
def hardmax_of_positive(Z):
    return lib.hardmax(Z) * (Z > 0)


@wrong("hardmax", "a tie is shared")
def hardmax_shares_ties(Z):
    top = Z.max(axis=1, keepdims=True) == Z
    return top / top.sum(axis=1, keepdims=True)


@wrong("log_softmax", "the logarithm of 1 + softmax")
def log_softmax_log1p(Z):
    return np.log1p(lib.softmax(Z))


@wrong("log_softmax", "log-probabilities cut at -20")
def log_softmax_cut(Z):
    return np.maximum(lib.log_softmax(Z), -20)


@wrong("log_softmax", "1e-12 in the logarithm", "log-softmax-epsilon")
def log_softmax_guarded(Z):
    return np.log(lib.softmax(Z) + 1e-12)


@wrong("logsumexp", "the maximum itself", "logsumexp-as-maximum")
def logsumexp_maximum(Z):
    return Z.max(axis=1)


@wrong("logsumexp", "the maximum counts twice")
def logsumexp_counts_twice(Z):
    return np.logaddexp(lib.logsumexp(Z), Z.max(axis=1))


@wrong("sigmoid", "clipped at 1e-7 and 1 - 1e-7")
def sigmoid_clipped(z):
    return np.clip(lib.sigmoid(z), 1e-7, 1 - 1e-7)


@wrong("sigmoid", "numbers cut to ±30", "sigmoid-clipped")
def sigmoid_cut(z):
    return lib.sigmoid(np.clip(z, -30, 30))


@wrong("sigmoid", "a straight line")
def sigmoid_hard(z):
    return np.clip(0.5 + 0.25 * z, 0, 1)


@wrong("softmax_jacobian", "the sign of everything", "jacobian-sign")
def jacobian_negative(z):
    return -lib.softmax_jacobian(z)


@wrong("softmax_jacobian", "the Jacobian of log-softmax", "jacobian-of-log-softmax")
def jacobian_of_log(z):
    return np.eye(z.size) - lib.softmax(z)


@wrong("one_hot", "a column too many")
def one_hot_wide(y, n_classes):
    return np.eye(n_classes + 1)[y]


@wrong("one_hot", "-1 for the others")
def one_hot_signed(y, n_classes):
    return 2 * np.eye(n_classes)[y] - 1


@wrong("accuracy", "in percent", "accuracy-per-cent")
def accuracy_percent(scores, y):
    return 100 * np.mean(scores.argmax(axis=1) == y)


@wrong("accuracy", "rounded to one digit", "digits")
def accuracy_rounded(scores, y):
    return round(float(np.mean(scores.argmax(axis=1) == y)), 1)


@wrong("accuracy", "the first example is left out")
def accuracy_all_but_first(scores, y):
    return np.sum(scores[1:].argmax(axis=1) == y[1:]) / len(y)


@wrong("cross_entropy_from_probs", "labels smoothed by 0.1")
def cross_entropy_smoothed(probs, y):
    Y = 0.9 * np.eye(probs.shape[1])[y] + 0.1 / probs.shape[1]
    return -(Y * np.log(probs)).sum(axis=1).mean()


@wrong("cross_entropy_from_probs", "probabilities clipped from above at 0.999")
def cross_entropy_ceiling(probs, y):
    return -np.log(np.minimum(probs, 0.999)[np.arange(len(y)), y]).mean()


@wrong("cross_entropy_from_probs", "the median")
def cross_entropy_median(probs, y):
    return np.median(-np.log(probs[np.arange(len(y)), y]))


@wrong("cross_entropy_from_probs", "raises where a probability is 0")
def cross_entropy_refuses_0(probs, y):
    if (probs <= 0).any():
        raise ValueError("probabilities must be positive")
    return -np.log(probs[np.arange(len(y)), y]).mean()


@wrong("cross_entropy", "as many classes as the labels show")
def cross_entropy_of_seen_classes(logits, y):
    return lib.cross_entropy(logits[:, : y.max() + 1], y)


@wrong("cross_entropy", "logits clipped to ±50", "loss-clipped-logits")
def cross_entropy_clipped_logits(logits, y):
    return lib.cross_entropy(np.clip(logits, -50, 50), y)


@wrong("cross_entropy", "label smoothing left on")
def cross_entropy_smoothing_on(logits, y):
    return lib.cross_entropy(logits, y, label_smoothing=0.1)


@wrong("cross_entropy", "divided by m - 1, which for two rows is a sum", "factor")
def cross_entropy_unbiased(logits, y):
    return lib.cross_entropy(logits, y, reduction="sum") / max(len(y) - 1, 1)


@wrong("cross_entropy", "a mean over the classes' means")
def cross_entropy_balanced(logits, y):
    return lib.cross_entropy(
        logits, y, class_weight=1 / np.maximum(np.bincount(y, minlength=logits.shape[1]), 1)
    )


@wrong("logits_gradient", "the gradient of a weighted loss")
def gradient_weighted(Z, y):
    weights = np.linspace(1, 2, Z.shape[1])
    return lib.cross_entropy_and_gradient(Z, y, class_weight=weights)[1]


@wrong("logits_gradient", "the gradient of smoothed labels")
def gradient_smoothed(Z, y):
    return lib.cross_entropy_and_gradient(Z, y, label_smoothing=0.1)[1]


@wrong("logits_gradient", "L2 added")
def gradient_with_penalty(Z, y):
    return lib.cross_entropy_and_gradient(Z, y)[1] + 1e-3 * Z


@wrong("logits_gradient", "entries cut to ±0.1")
def gradient_cut(Z, y):
    return np.clip(lib.cross_entropy_and_gradient(Z, y)[1], -0.1, 0.1)


@wrong("logits_gradient", "one-hot targets, logits clipped to ±50", "dlogits-clipped-logits")
def gradient_clipped_logits(Z, Y):
    return (lib.softmax(np.clip(Z, -50, 50)) - Y) / len(Y)


@wrong("weight_gradient", "the bias from the first example")
def weight_gradient_first_bias(X, Z, y):
    G = of_rows(Z, y)
    return X.T @ G, G[0]


@wrong("weight_gradient", "the bias averaged over all rows and classes")
def weight_gradient_spread_bias(X, Z, y):
    G = of_rows(Z, y)
    return X.T @ G, np.full(G.shape[1], np.abs(G).mean())


@wrong("weight_gradient", "L2 added to a plain gradient")
def weight_gradient_shrunk(X, Z, y):
    G = of_rows(Z, y)
    return X.T @ G + 0.01, G.sum(axis=0)


@wrong("gradient_step", "the learning rate counts twice")
def gradient_step_squared_rate(W, b, X, y, learning_rate):
    return gradient_step(W, b, X, y, learning_rate**2)


@wrong("gradient_step", "half a step for the bias", "factor")
def gradient_step_half_bias(W, b, X, y, learning_rate):
    new_W, new_b = gradient_step(W, b, X, y, learning_rate)
    return new_W, (b + new_b) / 2


@wrong("gradient_step", "W and b exchanged", "step-other-order")
def gradient_step_exchanged(W, b, X, y, learning_rate):
    return gradient_step(W, b, X, y, learning_rate)[::-1]


@wrong("gradient_step_with_l2", "L1 in place of L2", "penalty-of-signs")
def step_with_l1(W, b, X, y, learning_rate, l2):
    new_W, new_b = gradient_step(W, b, X, y, learning_rate)
    return new_W - learning_rate * l2 * np.sign(W), new_b


@wrong("gradient_step_with_l2", "the penalty at the new weights", "penalty-after-the-step")
def step_with_late_l2(W, b, X, y, learning_rate, l2):
    new_W, new_b = gradient_step(W, b, X, y, learning_rate)
    return new_W * (1 - learning_rate * l2), new_b


@wrong("gradient_step_with_l2", "the penalty's sign, l2 optional", "penalty-sign")
def gradient_step_with_optional_l2(W, b, X, y, learning_rate=0.1, l2=0.0):
    return gradient_step_with_l2(W, b, X, y, learning_rate, -l2)


@wrong("network_gradients", "a leaky slope")
def network_leaky(X, y, W1, b1, W2, b2):
    A1 = np.maximum(X @ W1 + b1, 0)
    G2 = of_rows(A1 @ W2 + b2, y)
    G1 = G2 @ W2.T * np.where(A1 > 0, 1, 0.01)
    return X.T @ G1, G1.sum(axis=0), A1.T @ G2, G2.sum(axis=0)


@wrong("network_gradients", "the mask from the slope's sign", "network-relu-of-gradient")
def network_mask_of_slope(X, y, W1, b1, W2, b2):
    A1 = np.maximum(X @ W1 + b1, 0)
    G2 = of_rows(A1 @ W2 + b2, y)
    G1 = G2 @ W2.T * (G2 @ W2.T >= 0)
    return X.T @ G1, G1.sum(axis=0), A1.T @ G2, G2.sum(axis=0)


@wrong("network_gradients", "the biases of the two layers exchanged", "order")
def network_biases_exchanged(X, y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = backprop(X, y, W1, b1, W2, b2)
    return dW1, db2, dW2, db1


@wrong("network_gradients", "the first hidden unit never learns")
def network_dead_unit(X, y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = (np.array(part) for part in backprop(X, y, W1, b1, W2, b2))
    dW2[0] = 0
    return dW1, db1, dW2, db2


def wrong_of_kind(kind, what, function, *ids):
    WRONG.append(Wrong(kind, function, what, ids or ("unknown",), named=False))


wrong_of_kind(
    "sigmoid_derivative",
    "half the slope",
    lambda z: lib.sigmoid(z) * (1 - lib.sigmoid(z)) / 2,
    "factor",
)
wrong_of_kind("tanh_derivative", "the fourth power", lambda z: 1 - np.tanh(z) ** 4)
wrong_of_kind("relu_derivative", "cut off above 2", lambda z: ((z > 0) & (z < 2)).astype(float))
wrong_of_kind(
    "logits_gradient_from_probs",
    "entries cut to ±0.1",
    lambda probs, y: np.clip((probs - np.eye(probs.shape[1])[y]) / len(y), -0.1, 0.1),
)
wrong_of_kind(
    "softmax_backward",
    "a plus for the minus",
    lambda p, g: p * (g + (p * g).sum(axis=1, keepdims=True)),
)
wrong_of_kind(
    "binary_cross_entropy",
    "labels smoothed by 0.1",
    lambda p, y: -(np.log(p) * (0.9 * y + 0.05) + np.log(1 - p) * (0.95 - 0.9 * y)).mean(),
)
wrong_of_kind(
    "binary_cross_entropy_from_logits",
    "the median",
    lambda z, y: np.median(np.logaddexp(0, (1 - 2 * y) * z)),
)
wrong_of_kind(
    "masked_softmax",
    "the last column is always masked",
    lambda Z, mask: lib.softmax(np.where(mask, Z, -np.inf) - 1e9 * (np.arange(Z.shape[1]) > 1)),
)
wrong_of_kind(
    "attention_weights",
    "queries and keys of length 1",
    lambda Q, K: lib.softmax(
        Q
        / np.linalg.norm(Q, axis=1, keepdims=True)
        @ (K / np.linalg.norm(K, axis=1, keepdims=True)).T
    ),
)
wrong_of_kind("softmax_along_axis", "the answer turned", lambda Z, axis: lib.softmax(Z, axis).T)
wrong_of_kind(
    "descent_epoch",
    "the batches in the opposite order",
    lambda W, b, X, y, rate, size: descent_epoch(W, b, X[::-1], y[::-1], rate, size),
)
wrong_of_kind(
    "linear_loss_and_gradient",
    "L1 in place of L2",
    lambda W, X, y, l2: (
        lib.cross_entropy(X @ W, y) + l2 * np.abs(W).sum(),
        X.T @ of_rows(X @ W, y) + l2 * np.sign(W),
    ),
)
wrong_of_kind(
    "linear_loss_and_gradient_with_half",
    "a third of the penalty",
    lambda W, X, y, l2: (
        lib.cross_entropy(X @ W, y) + l2 / 3 * (W * W).sum(),
        X.T @ of_rows(X @ W, y) + 2 * l2 / 3 * W,
    ),
)
wrong_of_kind(
    "accuracy_of_labels",
    "the last example is left out",
    lambda predicted, y: np.sum(predicted[:-1] == y[:-1]) / len(y),
)
wrong_of_kind(
    "numerical_gradient",
    "the sign",
    lambda f, x: -lib.numerical_gradient(f, x),
    "factor",
)


@wrong("cross_entropy", "the examples after the fourth are left out")
def cross_entropy_of_four(logits, y):
    return lib.cross_entropy(logits[:4], y[:4])


@wrong("hardmax", "the last winner is marked where three tie, and the first where two do")
def hardmax_of_three(Z):
    winners = [np.flatnonzero(row == row.max()) for row in Z]
    return np.eye(Z.shape[1])[[w[0] if len(w) < 3 else w[-1] for w in winners]]
