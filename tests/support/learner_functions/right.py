"""Right functions of every kind, in many manners."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

import softmax_lib as lib
from softmax_lib import Tensor, numerical_gradient


class Right(NamedTuple):
    kind: str
    function: Callable
    layout: str = "rows"
    named: bool = True  # whether its name tells what it is


RIGHT: list[Right] = []


def right(kind, layout="rows", *, named=True):
    def keep(function):
        RIGHT.append(Right(kind, function, layout, named))
        return function

    return keep


def by_kind(kind, *functions):
    RIGHT.extend(Right(kind, function, named=False) for function in functions)


def only_lists(*values):
    if any(isinstance(value, np.ndarray) for value in values):
        raise TypeError("lists, please")


# --- softmax ============================================================================


@right("softmax")
def softmax_by_loops(Z):
    probs = []
    for row in Z:
        exps = [math.exp(z - max(row)) for z in row]
        probs.append([e / sum(exps) for e in exps])
    return probs


@right("softmax")
def softmax_of_lists(Z):
    only_lists(Z)
    tops = [max(row) for row in Z]
    exps = [[math.exp(z - top) for z in row] for row, top in zip(Z, tops, strict=True)]
    return tuple(tuple(e / math.fsum(row) for e in row) for row in exps)


@right("softmax")
def my_softmax_along_axis(Z):
    def one(row):
        exps = np.exp(row - row.max())
        return exps / exps.sum()

    return np.apply_along_axis(one, 1, Z)


@right("softmax")
def stable_softmax(x, axis=1, eps=0.0):
    exps = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return exps / (np.sum(exps, axis=axis, keepdims=True) + eps)


@right("softmax")
def softmax_by_einsum(Z):
    exps = np.exp(Z - Z.max(axis=1)[:, np.newaxis])
    return np.einsum("ij,i->ij", exps, 1 / np.einsum("ij->i", exps))


@right("softmax")
def softmax_transposed_first(Z):
    columns = Z.T - Z.T.max(axis=0)
    return (np.exp(columns) / np.exp(columns).sum(axis=0)).T


@right("softmax")
def softmax_in_float32(Z):
    shifted = (Z - Z.max(axis=1, keepdims=True)).astype(np.float32)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=1, keepdims=True)


@right("softmax")
def softmax_by_differences(Z):
    return 1 / np.exp(Z[:, np.newaxis, :] - Z[:, :, np.newaxis]).sum(axis=2)


@right("softmax")
def softmax_by_outer_differences(Z):
    return [1 / np.exp(np.subtract.outer(row, row)).sum(axis=0) for row in Z]


@right("softmax")
def softmax_in_log_space(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))


@right("softmax")
def softmax_of_decimals(Z):
    exps = [[Decimal(float(z)).exp() for z in row] for row in Z]
    return [[e / sum(row) for e in row] for row in exps]


@right("softmax")
def softmax_in_long_double(Z):
    exps = np.exp(np.subtract(Z, np.max(Z, 1, keepdims=True), dtype=np.longdouble))
    return exps / exps.sum(1, keepdims=True)


@right("softmax")
def softmax_masked(Z):
    exps = np.exp(np.ma.masked_invalid(Z - Z.max(axis=1, keepdims=True)))
    return exps / exps.sum(axis=1, keepdims=True)


@right("softmax")
def softmax_works_on_a_copy(Z):
    Z = np.array(Z, dtype=float, order="F")
    Z -= Z.max(axis=1, keepdims=True)
    np.exp(Z, out=Z)
    Z /= Z.sum(axis=1, keepdims=True)
    return Z


@right("softmax")
def softmax_with_any_arguments(*args, **options):
    return lib.softmax(*args, **options)


class Softmax:
    """Keeps one buffer for its answers, as fast code does."""

    def __init__(self):
        self.buffer = np.empty(1000)

    def __call__(self, Z):
        out = self.buffer[: Z.size].reshape(Z.shape)
        out[:] = lib.softmax(Z)
        return out


RIGHT.append(Right("softmax", Softmax()))
RIGHT.append(Right("softmax", lib.softmax))
RIGHT.append(Right("softmax", functools.partial(lib.softmax, axis=1)))
by_kind("softmax", lambda Z: lib.softmax(np.asarray(Z).tolist()), Softmax().__call__)


@right("softmax", "columns")
def softmax_of_columns(Z):
    T = np.exp(Z - Z.max(axis=0, keepdims=True))
    return T / T.sum(axis=0, keepdims=True)


@right("softmax", "columns")
def softmax_column_by_column(Z):
    return np.stack([np.exp(z - z.max()) / np.exp(z - z.max()).sum() for z in Z.T], axis=1)


# --- temperature -------------------------------------------------------------------------------


@right("softmax_with_temperature")
def softmax_at_temperature_by_loops(Z, temperature):
    return [softmax_by_loops([[z / temperature for z in row]])[0] for row in Z]


@right("softmax_with_temperature")
def softmax_at_a_temperature(Z, T=1.0):
    return lib.softmax(np.asarray(Z) / T)


@right("softmax_with_temperature")
def softmax_with_temperature(Z, temperature=1.0):
    shifted = (Z - Z.max(axis=1, keepdims=True)) / temperature
    return np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)


@right("softmax_with_temperature")
def tempered_softmax(logits, tau):
    return np.exp(lib.log_softmax(logits * np.float64(1 / tau)))


@right("softmax_with_temperature")
def softmax_of_lists_with_temperature(Z, temperature):
    only_lists(Z)
    return softmax_by_loops([[z / temperature for z in row] for row in Z])


@right("softmax_with_temperature")
def softmax_by_einsum_with_temperature(Z, temperature):
    exps = np.exp(np.einsum("ij,->ij", Z - Z.max(1, keepdims=True), 1 / temperature))
    return exps / np.einsum("ij->i", exps)[:, None]


by_kind("softmax_with_temperature", lambda Z, T: lib.softmax(Z, temperature=T))


@right("softmax_with_temperature", "columns")
def softmax_of_columns_with_temperature(Z, temperature):
    return softmax_of_columns(Z / temperature)


# --- hardmax -----------------------------------------------------------------------------------


@right("hardmax")
def hardmax_by_loops(Z):
    rows = [list(row) for row in Z]
    return [[int(j == row.index(max(row))) for j in range(len(row))] for row in rows]


@right("hardmax")
def hardmax_by_eye(Z):
    return np.eye(Z.shape[1])[np.argmax(Z, axis=1)]


@right("hardmax")
def hardmax_put_along_axis(Z):
    A = np.zeros_like(Z)
    np.put_along_axis(A, Z.argmax(axis=1, keepdims=True), 1, axis=1)
    return A


@right("hardmax")
def hardmax_by_comparison(Z):
    return Z.argmax(axis=1)[:, None] == np.arange(Z.shape[1])


@right("hardmax")
def hardmax_along_axis(Z):
    return np.apply_along_axis(lambda row: np.bincount([row.argmax()], minlength=row.size), 1, Z)


@right("hardmax")
def hard_max_by_first_true(Z):
    top = np.max(Z, axis=1, keepdims=True) == Z
    return (top & (np.cumsum(top, axis=1) == 1)).astype(np.float32)


@right("hardmax")
def hardmax_of_lists(Z):
    only_lists(Z)
    return [
        [float(j == max(range(len(row)), key=row.__getitem__)) for j in range(len(row))]
        for row in Z
    ]


RIGHT.append(Right("hardmax", lib.hardmax))


@right("hardmax", "columns")
def hardmax_of_columns(Z):
    return np.eye(Z.shape[0])[:, Z.argmax(axis=0)]


# --- log-softmax and log-sum-exp ---------------------------------------------------------------


@right("log_softmax")
def log_softmax_by_loops(Z):
    def log_sum(row):
        return max(row) + math.log(sum(math.exp(z - max(row)) for z in row))

    return [[z - log_sum(row) for z in row] for row in Z]


@right("log_softmax")
def LogSoftmax(logits, axis=-1):
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@right("log_softmax")
def log_softmax_by_reduction(Z):
    return Z - np.logaddexp.reduce(Z, axis=1)[:, None]


@right("log_softmax")
def log_softmax_by_log1p(Z):
    top = Z.argmax(axis=1, keepdims=True)
    shifted = Z - np.take_along_axis(Z, top, axis=1)
    others = np.exp(shifted)
    np.put_along_axis(others, top, 0, axis=1)
    return shifted - np.log1p(others.sum(axis=1, keepdims=True))


@right("log_softmax")
def log_softmax_in_float32(Z):
    shifted = np.float32(Z - Z.max(axis=1, keepdims=True))
    return shifted - np.log(np.einsum("ij->i", np.exp(shifted)))[:, None]


@right("log_softmax")
def log_softmax_of_lists(Z):
    only_lists(Z)
    return [list(np.array(row) - functools.reduce(np.logaddexp, row)) for row in Z]


@right("log_softmax")
def logsoftmax_by_logsumexp(Z):
    return Z - lib.logsumexp(Z, keepdims=True)


RIGHT.append(Right("log_softmax", lib.log_softmax))


@right("log_softmax", "columns")
def log_softmax_of_columns(Z):
    shifted = Z - Z.max(axis=0)
    return shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))


@right("logsumexp")
def logsumexp_by_loops(Z):
    return [max(row) + math.log(sum(math.exp(z - max(row)) for z in row)) for row in Z]


@right("logsumexp")
def logsumexp_vectorised(Z):
    top = Z.max(axis=1)
    return top + np.log(np.exp(Z - top[:, None]).sum(axis=1))


@right("logsumexp")
def log_sum_exp_keeps_dims(Z, axis=1):
    top = Z.max(axis=axis, keepdims=True)
    return top + np.log(np.exp(Z - top).sum(axis=axis, keepdims=True))


@right("logsumexp")
def lse(Z):
    return np.logaddexp.reduce(Z, axis=1)


@right("logsumexp")
def logsumexp_two_at_a_time(Z):
    def pair(a, b):
        return max(a, b) + math.log1p(math.exp(-abs(a - b)))

    return np.array([functools.reduce(pair, row.tolist()) for row in Z], dtype=np.float32)


@right("logsumexp")
def logsumexp_of_lists(Z):
    only_lists(Z)
    return [float(lib.logsumexp(row)) for row in Z]


@right("logsumexp")
def logsumexp_by_difference(Z):
    return Z[:, 0] - lib.log_softmax(Z)[:, 0]


RIGHT.append(Right("logsumexp", lib.logsumexp))


@right("logsumexp", "columns")
def logsumexp_of_columns(Z):
    top = Z.max(axis=0, keepdims=True)
    return top + np.log(np.exp(Z - top).sum(axis=0, keepdims=True))


# --- sigmoid and the Jacobian ------------------------------------------------------------------


@right("sigmoid")
def sigmoid_of_two_branches(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@right("sigmoid")
def logistic(z):
    return np.exp(-np.logaddexp(0, -z))


@right("sigmoid")
def sigmoid_as_the_lecture_has_it(z):
    return 1.0 / (1.0 + np.exp(-z))


@right("sigmoid")
def sigmoid_one_by_one(z):
    def one(x):
        return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))

    return np.vectorize(one, otypes=[float])(z)


@right("sigmoid")
def sigmoid_by_masks(z):
    z = np.asarray(z, dtype=float)
    s = np.empty_like(z)
    s[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    s[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return s


@right("sigmoid")
def sigmoid_as_softmax_of_two(z):
    return lib.softmax(np.stack([z, np.zeros(np.shape(z))]), axis=0)[0]


RIGHT.append(Right("sigmoid", lib.sigmoid))


@right("softmax_jacobian")
def jacobian_by_loops(z):
    p = softmax_by_loops([z])[0]
    n = range(len(p))
    return [[p[i] * ((i == j) - p[j]) for j in n] for i in n]


@right("softmax_jacobian")
def jacobian_by_outer(z):
    p = lib.softmax(z)
    return np.diag(p) - np.outer(p, p)


@right("softmax_jacobian")
def softmax_jacobian_by_einsum(z):
    p = lib.softmax(z).astype(np.float32)
    return np.einsum("i,ij->ij", p, np.eye(len(p)) - p)


@right("softmax_jacobian")
def jacobian_as_a_column(z):
    p = lib.softmax(z).reshape(-1, 1)
    return np.diagflat(p) - p @ p.T


@right("softmax_jacobian")
def jacobian_by_autodiff(z):
    rows = []
    for k in range(len(z)):
        logits = Tensor(z)
        exps = (logits - logits.max()).exp()
        (exps / exps.sum())[k].backward()
        rows.append(logits.grad)
    return rows


@right("softmax_jacobian")
def jacobian_by_finite_differences(z):
    z = np.asarray(z, dtype=float)
    return [numerical_gradient(lambda x, k=k: lib.softmax(x)[k], z) for k in range(z.size)]


RIGHT.append(Right("softmax_jacobian", lib.softmax_jacobian))


# --- one-hot rows and accuracy -----------------------------------------------------------------


@right("one_hot")
def one_hot_by_loops(y, n_classes):
    return [[1 if k == label else 0 for k in range(n_classes)] for label in y]


@right("one_hot")
def one_hot_by_eye(y, C):
    return np.eye(C)[y]


@right("one_hot")
def one_hot_by_comparison(labels, n_classes=10):
    return np.arange(n_classes) == np.asarray(labels)[:, None]


@right("one_hot")
def one_hot_by_index(y, n_classes):
    Y = np.zeros((len(y), n_classes))
    Y[np.arange(len(y)), y] = 1
    return Y


@right("one_hot")
def onehot_along_axis(y, n_classes):
    Y = np.zeros((y.size, n_classes), dtype=np.int8)
    np.put_along_axis(Y, y.reshape(-1, 1), 1, axis=1)
    return Y


@right("one_hot")
def one_hot_by_outer_equality(y, n_classes):
    return np.equal.outer(y, np.arange(n_classes)).astype(np.float32)


@right("one_hot")
def one_hot_called_with_capital(Y, n_classes):
    return np.eye(n_classes)[Y]


RIGHT.append(Right("one_hot", lib.one_hot))


@right("one_hot", "columns")
def one_hot_columns(y, n_classes):
    return np.eye(n_classes)[:, y]


@right("accuracy")
def accuracy_by_loops(scores, y):
    hits = [list(row).index(max(row)) == label for row, label in zip(scores, y, strict=True)]
    return sum(hits) / len(hits)


@right("accuracy")
def accuracy_as_mean(scores, y):
    return (scores.argmax(axis=1) == y).mean()


@right("accuracy")
def accuracy_as_fraction(scores, y):
    return Fraction(int(np.count_nonzero(np.argmax(scores, 1) == y)), len(y))


@right("accuracy")
def accuracy_from_misses(scores, labels):
    return 1 - np.count_nonzero(scores.argmax(axis=1) - labels) / len(labels)


@right("accuracy")
def accuracy_with_targets(scores, Y):
    return np.mean(scores.argmax(axis=1) == Y.argmax(axis=1))


@right("accuracy")
def accuracy_by_hardmax(logits, y):
    return np.float32((lib.hardmax(logits) * np.eye(logits.shape[1])[y]).sum() / len(y))


by_kind("accuracy", lambda scores, y: lib.accuracy(y, scores.argmax(axis=1)))


@right("accuracy", "columns")
def accuracy_of_columns(scores, y):
    return np.mean(np.argmax(scores, axis=0) == y)


# --- cross-entropy from probabilities ----------------------------------------------------------


@right("cross_entropy_from_probs")
def cross_entropy_by_loops(probs, y):
    return sum(-math.log(row[k]) for row, k in zip(probs, y, strict=True)) / len(y)


@right("cross_entropy_from_probs")
def cross_entropy_by_index(probs, y):
    return -np.log(probs[np.arange(len(y)), y]).mean()


@right("cross_entropy_from_probs")
def cross_entropy_of_one_hot(probs, Y):
    return -(Y * np.log(probs)).sum() / len(Y)


@right("cross_entropy_from_probs")
def cross_entropy_where(probs, Y):
    return np.sum(np.where(Y > 0, -Y * np.log(probs), 0)) / Y.shape[0]


@right("cross_entropy_from_probs")
def loss_take_along_axis(P, labels):
    picked = np.take_along_axis(P, labels[:, None], axis=1)
    return np.mean(-np.log(picked), keepdims=True)


@right("cross_entropy_from_probs")
def cost_by_einsum(Y_hat, Y):
    return -np.log(np.einsum("ij,ij->i", Y, Y_hat)).mean()


@right("cross_entropy_from_probs")
def cross_entropy_in_float32(probs, y):
    return np.float32(-1) * np.log(np.choose(y, probs.T.astype(np.float32))).mean()


@right("cross_entropy_from_probs")
def cross_entropy_of_lists(probs, y):
    only_lists(probs, y)
    logs = [math.log(p[k]) if p[k] else -math.inf for p, k in zip(probs, y, strict=True)]
    return -math.fsum(logs) / len(logs)


@right("cross_entropy_from_probs")
def cross_entropy_from_probs_by_trace(probs, y):
    return -np.trace(np.log(probs[:, y])) / len(y)


@right("cross_entropy_from_probs")
def loss_by_library(probs, y):
    with np.errstate(divide="ignore"):
        return lib.negative_log_likelihood(np.log(probs), y)


@right("cross_entropy_from_probs", "columns")
def cross_entropy_of_columns(A, Y):
    m = Y.shape[1]
    return np.squeeze(-(1 / m) * np.sum(Y * np.log(A)))


@right("cross_entropy_from_probs", "columns")
def cost_of_columns(probs, y):
    return -np.log(probs[y, np.arange(y.size)]).mean()


# --- cross-entropy from logits -----------------------------------------------------------------


@right("cross_entropy")
def cross_entropy_from_logits_by_loops(logits, y):
    losses = [
        lse_ - row[k] for row, k, lse_ in zip(logits, y, logsumexp_by_loops(logits), strict=True)
    ]
    return sum(losses) / len(losses)


@right("cross_entropy")
def cross_entropy_vectorised(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return losses.mean()


@right("cross_entropy")
def cross_entropy_of_one_hot_targets(Z, Y):
    return -np.einsum("ij,ij->", Y, lib.log_softmax(Z)) / Z.shape[0]


@right("cross_entropy")
def softmax_loss(scores, labels, weights=None):
    margins = scores - np.take_along_axis(scores, labels.reshape(-1, 1), axis=1)
    return np.average(np.logaddexp.reduce(margins, axis=1), weights=weights)


@right("cross_entropy")
def loss_by_tensor(logits, y):
    return Tensor(logits).cross_entropy(y).data


@right("cross_entropy")
def cross_entropy_of_logit_lists(logits, y):
    only_lists(logits, y)
    return np.mean([lib.logsumexp(z) - z[k] for z, k in zip(logits, y, strict=True)])


@right("cross_entropy")
def cross_entropy_by_library(logits, y, **options):
    return lib.negative_log_likelihood(lib.log_softmax(logits), y, **options)


@right("cross_entropy")
def cost_as_first_of_two(Z, y):
    return lib.cross_entropy_and_gradient(Z.astype(np.float32), y)[0]


RIGHT.append(Right("cross_entropy", lib.cross_entropy))
RIGHT.append(Right("cross_entropy", functools.partial(lib.cross_entropy, reduction="mean")))


@right("cross_entropy", "columns")
def cross_entropy_of_logit_columns(Z, Y):
    shifted = Z - Z.max(axis=0, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    return -np.sum(Y * logs) / Y.shape[1]


# --- the gradient by the logits ----------------------------------------------------------------


@right("logits_gradient")
def logits_gradient_by_loops(Z, y):
    probs = softmax_by_loops(Z)
    return [
        [(p - (k == label)) / len(y) for k, p in enumerate(row)]
        for row, label in zip(probs, y, strict=True)
    ]


@right("logits_gradient")
def gradient_by_index(Z, y):
    dZ = lib.softmax(Z)
    dZ[np.arange(len(y)), y] -= 1
    return dZ / len(y)


@right("logits_gradient")
def gradient_of_one_hot(Z, Y):
    return (lib.softmax(Z) - Y) / len(Y)


@right("logits_gradient")
def dZ(Z, y):
    Z = Tensor(Z)
    Z.cross_entropy(y).backward()
    return Z.grad


@right("logits_gradient")
def compute_dz(logits, labels):
    m, n_classes = logits.shape
    return (softmax_in_float32(logits) - np.eye(n_classes, dtype=np.float32)[labels]) / m


@right("logits_gradient")
def gradient_by_finite_differences(Z, y):
    return numerical_gradient(lambda logits: lib.cross_entropy(logits, y), Z.astype(float))


@right("logits_gradient")
def gradient_of_lists(Z, y):
    only_lists(Z, y)
    return logits_gradient_by_loops(Z, y)


@right("logits_gradient")
def cross_entropy_gradient(Z, y):
    return lib.cross_entropy_and_gradient(Z, y)[1]


@right("logits_gradient")
def grad_by_subtract_at(Z, y):
    G = lib.softmax(Z) / Z.shape[0]
    np.subtract.at(G, (range(len(y)), y), 1 / len(y))
    return G.tolist()


@right("logits_gradient", "columns")
def gradient_of_columns(Z, Y):
    return (softmax_of_columns(Z) - Y) / Z.shape[1]


# --- the gradient by the weights ---------------------------------------------------------------


def of_rows(Z, y):
    return (lib.softmax(Z) - np.eye(Z.shape[1])[y]) / len(y)


@right("weight_gradient")
def weight_gradient_by_loops(X, Z, y):
    G = logits_gradient_by_loops(Z, y)
    dW = [
        [sum(x[j] * g[k] for x, g in zip(X, G, strict=True)) for k in range(len(G[0]))]
        for j in range(len(X[0]))
    ]
    return dW, [sum(column) for column in zip(*G, strict=True)]


@right("weight_gradient")
def weight_gradient_by_einsum(X, Z, y):
    G = of_rows(Z, y)
    return [np.einsum("ij,ik->jk", X, G), np.einsum("ik->k", G)]


@right("weight_gradient")
def weight_gradient_with_bias_row(X, Z, y):
    G = of_rows(Z, y)
    return X.T @ G, G.sum(axis=0, keepdims=True)


@right("weight_gradient")
def weight_gradient_one_by_one(X, Z, y):
    G = of_rows(Z, y).astype(np.float32)
    return sum(np.outer(x, g) for x, g in zip(X, G, strict=True)), sum(G)


@right("weight_gradient")
def gradients_of_one_hot(X, Z, Y):
    m = X.shape[0]
    G = lib.softmax(Z) - Y
    return np.dot(X.T, G) / m, np.mean(G, axis=0)


@right("weight_gradient")
def weight_gradient_with_ones(X, Z, y):
    both = np.c_[X, np.ones(len(X))].T @ of_rows(Z, y)
    return both[:-1], both[-1]


@right("weight_gradient")
def weight_gradient_of_lists(X, Z, y):
    only_lists(X, Z, y)
    return weight_gradient_by_loops(X, Z, y)


@right("weight_gradient")
def weight_gradient_by_finite_differences(X, Z, y):
    def cost(W, b):
        return lib.cross_entropy(Z + X @ W + b, y)

    W, b = np.zeros((X.shape[1], Z.shape[1])), np.zeros(Z.shape[1])
    return (
        numerical_gradient(lambda W: cost(W, b), W),
        numerical_gradient(lambda b: cost(W, b), b),
    )


@right("weight_gradient", "columns")
def weight_gradient_of_columns(X, Z, Y):
    m = X.shape[1]
    dZ = softmax_of_columns(Z) - Y
    return np.dot(dZ, X.T) / m, np.sum(dZ, axis=1, keepdims=True) / m


@right("weight_gradient", "columns")
def weight_gradient_of_columns_and_labels(X, Z, y):
    dZ = softmax_of_columns(Z)
    dZ[y, np.arange(y.size)] -= 1
    dZ /= y.size
    return dZ @ X.T, dZ.sum(axis=1)


# --- one step ----------------------------------------------------------------------------------


@right("gradient_step")
def gradient_step_by_loops(W, b, X, y, learning_rate):
    Z = [[sum(x[j] * W[j][k] for j in range(len(x))) + b[k] for k in range(len(b))] for x in X]
    dW, db = weight_gradient_by_loops(X, Z, y)
    return (
        [
            [w - learning_rate * g for w, g in zip(*pair, strict=True)]
            for pair in zip(W, dW, strict=True)
        ],
        [w - learning_rate * g for w, g in zip(b, db, strict=True)],
    )


@right("gradient_step")
def gradient_step(W, b, X, y, learning_rate=0.1):
    G = of_rows(X @ W + b, y)
    return W - learning_rate * X.T @ G, b - learning_rate * G.sum(axis=0)


@right("gradient_step")
def update_a_copy(W, b, X, y, lr):
    W, b = W.copy(), b.copy()
    G = of_rows(X @ W + b, y)
    W -= lr * (X.T @ G)
    b -= lr * G.sum(axis=0)
    return W, b


@right("gradient_step")
def step_by_tensor(W, b, X, y, learning_rate):
    W, b = Tensor(W), Tensor(b)
    (Tensor(X) @ W + b).cross_entropy(y).backward()
    return W.data - learning_rate * W.grad, b.data - learning_rate * b.grad


@right("gradient_step")
def step_with_bias_row(W, b, X, Y, learning_rate):
    b = b.reshape(1, -1)
    G = (lib.softmax(np.dot(X, W) + b) - Y) / len(X)
    return [W - learning_rate * np.dot(X.T, G), b - learning_rate * G.sum(axis=0, keepdims=True)]


@right("gradient_step")
def step_of_lists(W, b, X, y, learning_rate):
    only_lists(W, b, X, y)
    return gradient_step_by_loops(W, b, X, y, learning_rate)


@right("gradient_step")
def step_by_einsum_in_float32(W, b, X, y, learning_rate):
    Z = np.einsum("ij,jk->ik", X, W) + b
    G = np.float32(of_rows(Z, y)) * np.float32(learning_rate)
    return W - np.einsum("ij,ik->jk", X, G), b - np.add.reduce(G)


@right("gradient_step")
def step_by_finite_differences(W, b, X, y, learning_rate):
    def cost(W, b):
        return lib.cross_entropy(X @ W + b, y)

    dW = numerical_gradient(lambda W: cost(W, b), W)
    return W - learning_rate * dW, b - learning_rate * numerical_gradient(lambda b: cost(W, b), b)


@right("gradient_step", "columns")
def gradient_step_of_columns(W, b, X, Y, learning_rate):
    m = X.shape[1]
    dZ = softmax_of_columns(np.dot(W, X) + b) - Y
    return (
        W - learning_rate * np.dot(dZ, X.T) / m,
        b - learning_rate * np.sum(dZ, axis=1, keepdims=True) / m,
    )


@right("gradient_step_with_l2")
def step_by_weight_decay(W, b, X, y, learning_rate, l2):
    W_new, b_new = gradient_step(W, b, X, y, learning_rate)
    return W_new - learning_rate * l2 * W, b_new


@right("gradient_step_with_l2")
def gradient_step_with_l2(W, b, X, y, learning_rate=0.1, l2=0.0):
    G = of_rows(X @ W + b, y)
    return W - learning_rate * (X.T @ G + l2 * W), b - learning_rate * G.sum(axis=0)


@right("gradient_step_with_l2")
def step_with_l2_by_tensor(W, b, X, y, learning_rate, l2):
    W, b = Tensor(W), Tensor(b)
    ((Tensor(X) @ W + b).cross_entropy(y) + (W * W).sum() * (l2 / 2)).backward()
    return W.data - learning_rate * W.grad, b.data - learning_rate * b.grad


@right("gradient_step_with_l2")
def step_with_l2_shrinks_first(W, b, X, y, eta, lam):
    G = of_rows(X @ W + b, y)
    return (1 - eta * lam) * W - eta * X.T @ G, (b - eta * G.sum(axis=0))[np.newaxis]


@right("gradient_step_with_l2")
def step_with_l2_of_lists(W, b, X, y, learning_rate, l2):
    only_lists(W, b, X, y)
    W_new, b_new = gradient_step_by_loops(W, b, X, y, learning_rate)
    return [
        [new - learning_rate * l2 * w for new, w in zip(*pair, strict=True)]
        for pair in zip(W_new, W, strict=True)
    ], b_new


@right("gradient_step_with_l2")
def step_with_l2_by_finite_differences(W, b, X, y, learning_rate, l2):
    def cost(W):
        return lib.cross_entropy(X @ W + b, y) + l2 / 2 * (W**2).sum()

    db = of_rows(X @ W + b, y).sum(axis=0)
    return W - learning_rate * numerical_gradient(cost, W), b - learning_rate * db


@right("gradient_step_with_l2", "columns")
def step_with_l2_of_columns(W, b, X, Y, learning_rate, l2):
    W_new, b_new = gradient_step_of_columns(W, b, X, Y, learning_rate)
    return W_new - learning_rate * l2 * W, b_new


# --- a network with one hidden layer -----------------------------------------------------------


@right("network_gradients")
def network_gradients_by_einsum(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = Z1 * (Z1 > 0)
    G2 = of_rows(A1 @ W2 + b2, y)
    G1 = np.einsum("ik,jk,ij->ij", G2, W2, Z1 > 0)
    return (
        np.einsum("ij,ik->jk", X, G1),
        G1.sum(axis=0),
        np.einsum("ij,ik->jk", A1, G2),
        G2.sum(axis=0),
    )


@right("network_gradients")
def backprop(X, y, W1, b1, W2, b2):
    Z1 = np.dot(X, W1) + b1
    A1 = np.where(Z1 > 0, Z1, 0)
    dZ2 = of_rows(np.dot(A1, W2) + b2, y)
    dZ1 = np.dot(dZ2, W2.T)
    dZ1[Z1 <= 0] = 0
    return [
        np.dot(X.T, dZ1),
        dZ1.sum(axis=0, keepdims=True),
        np.dot(A1.T, dZ2),
        dZ2.sum(axis=0, keepdims=True),
    ]


@right("network_gradients")
def network_gradients_by_tensor(X, y, W1, b1, W2, b2):
    parameters = W1, b1, W2, b2 = [Tensor(value) for value in (W1, b1, W2, b2)]
    ((Tensor(X) @ W1 + b1).relu() @ W2 + b2).cross_entropy(y).backward()
    return tuple(parameter.grad for parameter in parameters)


@right("network_gradients")
def network_gradients_one_by_one(X, y, W1, b1, W2, b2):
    total = [np.zeros_like(value, dtype=float) for value in (W1, b1, W2, b2)]
    for x, label in zip(X, y, strict=True):
        a = np.maximum(x @ W1 + b1, 0)
        g2 = lib.softmax(a @ W2 + b2) - (np.arange(b2.size) == label)
        g1 = W2 @ g2 * (a > 0)
        for sum_, part in zip(total, (np.outer(x, g1), g1, np.outer(a, g2), g2), strict=True):
            sum_ += part / len(y)
    return total


@right("network_gradients")
def backward_of_one_hot(X, Y, W1, b1, W2, b2):
    A1 = np.maximum(0, X @ W1 + b1)
    G2 = ((lib.softmax(A1 @ W2 + b2) - Y) / len(X)).astype(np.float32)
    G1 = (G2 @ W2.T) * np.heaviside(A1, 0)
    return X.T @ G1, G1.sum(0), A1.T @ G2, G2.sum(0)


@right("network_gradients")
def network_gradients_by_finite_differences(X, y, W1, b1, W2, b2):
    def cost(W1, b1, W2, b2):
        return lib.cross_entropy(np.maximum(X @ W1 + b1, 0) @ W2 + b2, y)

    given = [W1, b1, W2, b2]
    return [
        numerical_gradient(lambda v, i=i: cost(*given[:i], v, *given[i + 1 :]), given[i])
        for i in range(4)
    ]


@right("network_gradients")
def network_gradients_of_lists(X, y, W1, b1, W2, b2):
    only_lists(X, y, W1, b1, W2, b2)
    return tuple(part.tolist() for part in backprop(*map(np.array, (X, y, W1, b1, W2, b2))))


@right("network_gradients", "columns")
def network_gradients_of_columns(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    Z1 = np.dot(W1, X) + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = softmax_of_columns(np.dot(W2, A1) + b2) - Y
    dZ1 = np.dot(W2.T, dZ2) * (Z1 > 0)
    return (
        np.dot(dZ1, X.T) / m,
        np.sum(dZ1, axis=1, keepdims=True) / m,
        np.dot(dZ2, A1.T) / m,
        np.sum(dZ2, axis=1, keepdims=True) / m,
    )


# --- slopes --------------------------------------------------------------------------------


def stable_sigmoid(z):
    power = np.exp(-np.abs(z))
    return np.where(z < 0, power, 1) / (1 + power)


@right("sigmoid_derivative", named=False)
def sigmoid_derivative(z):
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


@right("sigmoid_derivative", named=False)
def sigmoid_prime_of_lists(z):
    if isinstance(z, list):
        return [sigmoid_prime_of_lists(one) for one in z]
    return float(lib.sigmoid(z)) * (1 - float(lib.sigmoid(z)))


by_kind(
    "sigmoid_derivative",
    lambda z: lib.sigmoid(z) - lib.sigmoid(z) ** 2,
    lambda z: stable_sigmoid(z) * stable_sigmoid(-z),
    lambda z: 0.25 / np.cosh(np.clip(z, -700, 700) / 2) ** 2,
    lambda z: (1 - np.tanh(z / 2) ** 2) / 4,
    lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2,
)


@right("tanh_derivative", named=False)
def tanh_derivative(z):
    return 1 - np.tanh(z) ** 2


@right("tanh_derivative", named=False)
def tanh_prime(z):
    a = np.tanh(z)
    return (1 + a) * (1 - a)


by_kind(
    "tanh_derivative",
    lambda z: 1 - np.square(np.tanh(z)),
    lambda z: 1 / np.cosh(np.clip(z, -300, 300)) ** 2,
    lambda z: 4 * stable_sigmoid(2 * z) * (1 - stable_sigmoid(2 * z)),
    lambda z: np.vectorize(lambda one: 1 - math.tanh(one) ** 2)(z),
)


@right("relu_derivative", named=False)
def relu_derivative(z):
    return np.where(z > 0, 1, 0)


@right("relu_derivative", named=False)
def relu_mask(z):
    return z > 0


@right("relu_derivative", named=False)
def relu_prime_in_a_copy(z):
    slopes = np.array(z, dtype=float)
    slopes[slopes <= 0] = 0
    slopes[slopes > 0] = 1
    return slopes


by_kind(
    "relu_derivative",
    lambda z: (z >= 0).astype(float),
    lambda z: np.heaviside(z, 0.5),
    lambda z: 1.0 * (np.maximum(z, 0) > 0),
    lambda z: (np.sign(z) + 1) / 2,
)


# --- back through softmax ----------------------------------------------------------------------


@right("logits_gradient_from_probs", named=False)
def gradient_from_probs(probs, y):
    dZ = probs.copy()
    dZ[np.arange(len(y)), y] -= 1
    return dZ / len(y)


@right("logits_gradient_from_probs", named=False)
def gradient_from_one_hot_probs(probs, Y):
    return (probs - Y) / len(probs)


by_kind(
    "logits_gradient_from_probs",
    lambda probs, y: (probs - np.eye(probs.shape[1])[y]) / probs.shape[0],
    lambda probs, y: np.mean([1]) * (probs - (y[:, None] == np.arange(probs.shape[1]))) / y.size,
    lambda probs, y: [
        [(p - (k == label)) / len(y) for k, p in enumerate(row)]
        for row, label in zip(probs, y, strict=True)
    ],
    lambda probs, y: probs / len(y) - lib.one_hot(y, probs.shape[1]) / len(y),
    lambda probs, y: np.subtract(probs, np.identity(probs.shape[1])[list(y)]) / float(len(y)),
)


@right("softmax_backward", named=False)
def softmax_backward(probs, upstream):
    return probs * (upstream - (probs * upstream).sum(axis=1, keepdims=True))


@right("softmax_backward", named=False)
def softmax_backward_by_jacobians(probs, dout):
    return np.array([(np.diag(p) - np.outer(p, p)) @ d for p, d in zip(probs, dout, strict=True)])


by_kind(
    "softmax_backward",
    lambda p, g: p * g - p * np.einsum("ij,ij->i", p, g)[:, None],
    lambda p, g: p * (g - np.sum(p * g, 1).reshape(-1, 1)),
    lambda p, g: np.einsum("ijk,ik->ij", p[:, :, None] * (np.eye(p.shape[1]) - p[:, None]), g),
    lambda p, g: [
        [a * (b - sum(x * y for x, y in zip(P, G, strict=True))) for a, b in zip(P, G, strict=True)]
        for P, G in zip(p, g, strict=True)
    ],
    lambda p, g: (p.T * (g.T - (p * g).sum(axis=1))).T,
)


# --- yes or no ---------------------------------------------------------------------------------


@right("binary_cross_entropy", named=False)
def binary_cross_entropy(probs, y):
    return -np.mean(y * np.log(probs) + (1 - y) * np.log(1 - probs))


@right("binary_cross_entropy", named=False)
def bce_of_what_happened(probs, y):
    return -np.log(np.where(y == 1, probs, 1 - probs)).mean()


by_kind(
    "binary_cross_entropy",
    lambda p, y: -(np.dot(y, np.log(p)) + np.dot(1 - y, np.log(1 - p))) / len(y),
    lambda p, y: -np.log(p**y * (1 - p) ** (1 - y)).mean(),
    lambda p, y: -np.log(np.abs(1 - y - p)).mean(),
    lambda p, y: sum(-math.log(a if b else 1 - a) for a, b in zip(p, y, strict=True)) / len(y),
    lambda p, y: -np.log(p[y == 1]).sum() / y.size - np.log(1 - p[y == 0]).sum() / y.size,
)


@right("binary_cross_entropy_from_logits", named=False)
def bce_from_logits(z, y):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@right("binary_cross_entropy_from_logits", named=False)
def bce_with_logits(logits, targets):
    return np.logaddexp(0, (1 - 2 * targets) * logits).mean()


by_kind(
    "binary_cross_entropy_from_logits",
    lambda z, y: (np.logaddexp(0, z) - y * z).mean(),
    lambda z, y: lib.cross_entropy(np.stack([0 * z, z], axis=1), y),
    lambda z, y: np.mean([np.logaddexp(0, -a if b else a) for a, b in zip(z, y, strict=True)]),
    lambda z, y: -np.mean(y * -np.logaddexp(0, -z) + (1 - y) * -np.logaddexp(0, z)),
    lambda z, y: (np.logaddexp(0, -z) + (1 - y) * z).sum() / z.size,
)


# --- masks, attention, axes --------------------------------------------------------------------


@right("masked_softmax", named=False)
def masked_softmax(Z, mask):
    kept = np.where(mask, Z, -np.inf)
    exps = np.exp(kept - kept.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


@right("masked_softmax", named=False)
def masked_softmax_row_by_row(Z, mask):
    out = np.zeros(Z.shape)
    for i, (z, keep) in enumerate(zip(Z, mask, strict=True)):
        exps = np.exp(z[keep] - z[keep].max())
        out[i, keep] = exps / exps.sum()
    return out


by_kind(
    "masked_softmax",
    lambda Z, mask: lib.softmax(np.where(mask, Z, -np.inf)),
    lambda Z, mask: lib.softmax(np.where(mask, Z, -1e9)),
    lambda Z, mask: lib.softmax(Z + np.where(mask, 0, -1e9)),
    lambda Z, mask: np.exp(lib.log_softmax(np.where(mask, Z, -np.inf))),
    lambda Z, mask: np.where(mask, lib.softmax(np.where(mask, Z, -1e30)), 0),
)


@right("attention_weights", named=False)
def attention_weights(Q, K):
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    exps = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


@right("attention_weights", named=False)
def attention_weights_query_by_query(Q, K):
    return [lib.softmax([q @ k / math.sqrt(len(q)) for k in K]) for q in Q]


by_kind(
    "attention_weights",
    lambda Q, K: lib.softmax(Q @ K.T, temperature=np.sqrt(K.shape[1])),
    lambda Q, K: lib.softmax(np.einsum("qd,kd->qk", Q, K) * Q.shape[-1] ** -0.5),
    lambda Q, K: lib.softmax((K @ Q.T) / np.sqrt(Q.shape[1]), axis=0).T,
    lambda Q, K: lib.softmax(Q / np.sqrt(Q.shape[1]) @ K.T),
    lambda Q, K: lib.softmax(np.inner(Q, K) / np.sqrt(Q.shape[1])),
)


@right("softmax_along_axis", named=False)
def softmax_along_axis(Z, axis=-1):
    exps = np.exp(Z - Z.max(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


@right("softmax_along_axis", named=False)
def softmax_along_axis_moved(x, axis):
    x = np.moveaxis(x, axis, -1)
    exps = np.exp(x - x.max(axis=-1)[..., None])
    return np.moveaxis(exps / exps.sum(axis=-1)[..., None], -1, axis)


by_kind(
    "softmax_along_axis",
    lambda Z, axis: lib.softmax(Z, axis),
    lambda Z, axis: np.exp(lib.log_softmax(Z, axis=axis)),
    lambda Z, axis: np.apply_along_axis(lambda z: np.exp(z - lib.logsumexp(z)), axis, Z),
    lambda Z, axis: np.exp(Z - np.expand_dims(lib.logsumexp(Z, axis=axis), axis)),
    lambda Z, axis: lib.softmax(Z.swapaxes(axis, 0), axis=0).swapaxes(axis, 0),
)


# --- epochs and linear models ------------------------------------------------------------------


@right("descent_epoch", named=False)
def descent_epoch(W, b, X, y, learning_rate, batch_size):
    for start in range(0, len(X), batch_size):
        x, labels = X[start : start + batch_size], y[start : start + batch_size]
        W, b = gradient_step(W, b, x, labels, learning_rate)
    return W, b


@right("descent_epoch", named=False)
def descent_epoch_on_copies(W, b, X, y, rate, size):
    W, b = W.copy(), b.copy()
    for rows in np.split(np.arange(len(X)), range(size, len(X), size)):
        G = of_rows(X[rows] @ W + b, y[rows])
        W -= rate * X[rows].T @ G
        b -= rate * G.sum(axis=0)
    return W, b


@right("descent_epoch", named=False)
def descent_epoch_by_while(W, b, X, y, rate, size):
    done = 0
    while done < len(y):
        W, b = gradient_step(W, b, X[done : done + size], y[done : done + size], rate)
        done += size
    return [W, b]


def one_by_one(W, b, X, y, rate, size):
    batches = [list(range(i, min(i + size, len(y)))) for i in range(0, len(y), size)]
    for batch in batches:
        dW, db = 0, 0
        for i in batch:
            G = of_rows(X[[i]] @ W + b, y[[i]]) / len(batch)
            dW, db = dW + np.outer(X[i], G), db + G[0]
        W, b = W - rate * dW, b - rate * db
    return W, b


by_kind(
    "descent_epoch",
    one_by_one,
    lambda *arguments: descent_epoch(*arguments),
    lambda W, b, X, y, rate, size: functools.reduce(
        lambda at, i: gradient_step(*at, X[i : i + size], y[i : i + size], rate),
        range(0, len(X), size),
        (W, b),
    ),
)


def linear(half):
    """Functions with the whole penalty, or with half of it."""
    share = 0.5 if half else 1.0

    def by_library(W, X, y, l2):
        loss, dZ = lib.cross_entropy_and_gradient(X @ W, y)
        return loss + share * l2 * np.sum(W**2), X.T @ dZ + 2 * share * l2 * W

    def loss_and_gradient_by_hand(W, X, y, reg):
        scores = X @ W
        scores = scores - scores.max(axis=1, keepdims=True)
        exps = np.exp(scores)
        totals = exps.sum(axis=1)
        picked = scores[np.arange(len(y)), y]
        loss = (np.log(totals) - picked).mean() + share * reg * np.sum(W * W)
        P = exps / totals[:, None]
        P[np.arange(len(y)), y] -= 1
        return loss, X.T @ P / len(y) + 2 * share * reg * W

    def example_by_example(W, X, y, reg):
        loss, dW = 0.0, np.zeros(W.shape)
        for x, label in zip(X, y, strict=True):
            logs = lib.log_softmax(x @ W)
            loss -= logs[label]
            dW += np.outer(x, np.exp(logs) - np.eye(len(logs))[label])
        return (
            loss / len(y) + share * reg * np.square(W).sum(),
            dW / len(y) + 2 * share * reg * W,
        )

    return [
        by_library,
        loss_and_gradient_by_hand,
        example_by_example,
        lambda *arguments: list(by_library(*arguments)),
        lambda W, X, y, l2=0.0: by_library(W, X, y, l2),
        lambda W, X, y, l2: (
            lib.cross_entropy(X @ W, y) + share * l2 * np.linalg.norm(W) ** 2,
            X.T @ of_rows(X @ W, y) + 2 * share * l2 * W,
        ),
    ]


by_kind("linear_loss_and_gradient", *linear(half=False))
by_kind("linear_loss_and_gradient_with_half", *linear(half=True))


# --- accuracy of labels, and differences -------------------------------------------------------


@right("accuracy_of_labels", named=False)
def share_of_equal_labels(predicted, y):
    return (predicted == y).mean()


@right("accuracy_of_labels", named=False)
def share_of_equal_labels_in_lists(predicted, y):
    return sum(int(a == b) for a, b in zip(predicted, y, strict=True)) / len(y)


by_kind(
    "accuracy_of_labels",
    lambda predicted, y: lib.accuracy(y, predicted),
    lambda predicted, y: 1 - np.count_nonzero(predicted - y) / y.size,
    lambda predicted, y: np.equal(predicted, y).sum() / len(predicted),
    lambda predicted, y: np.average(predicted == y),
)


@right("numerical_gradient", named=False)
def central_difference(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = h
        gradient[place] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


@right("numerical_gradient", named=False)
def numerical_gradient_in_place_and_put_back(f, x):
    gradient, h = np.zeros(x.shape), 1e-4
    for place in np.ndindex(x.shape):
        old = x[place]
        x[place] = old + h
        above = f(x)
        x[place] = old - h
        below = f(x)
        x[place] = old
        gradient[place] = (above - below) / (2 * h)
    return gradient


by_kind(
    "numerical_gradient",
    numerical_gradient,
    lambda f, x: central_difference(f, x, 1e-7),
    lambda f, x: central_difference(f, x, 1e-3),
    lambda f, x: (4 * central_difference(f, x, 1e-3) - central_difference(f, x, 2e-3)) / 3,
)
