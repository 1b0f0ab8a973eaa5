"""Functions for the tests of `diagnose`: right ones in many manners, wrong ones that the catalogue
does not know, and some that behave badly.
"""

from __future__ import annotations

import contextlib
import functools
import math
import time
import warnings
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


class Wrong(NamedTuple):
    kind: str
    function: Callable
    what: str
    ids: tuple[str, ...] = ("unknown",)


class Hostile(NamedTuple):
    function: Callable
    says: str  # a part of the verdict
    kind: str = "softmax"
    ok: bool = False


HONEST: list[Right] = []
UNKNOWN: list[Wrong] = []
HOSTILE: list[Hostile] = []


def right(kind, layout="rows"):
    def keep(function):
        HONEST.append(Right(kind, function, layout))
        return function

    return keep


def wrong(kind, what, *ids):
    def keep(function):
        UNKNOWN.append(Wrong(kind, function, what, ids or ("unknown",)))
        return function

    return keep


def hostile(says, kind="softmax", ok=False):
    def keep(function):
        HOSTILE.append(Hostile(function, says, kind, ok))
        return function

    return keep


def by_kind(kind, *functions):
    HONEST.extend(Right(kind, function, named=False) for function in functions)


def only_lists(*values):
    if any(isinstance(value, np.ndarray) for value in values):
        raise TypeError("lists, please")


# === right, softmax ============================================================================


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


HONEST.append(Right("softmax", Softmax()))
HONEST.append(Right("softmax", lib.softmax))
HONEST.append(Right("softmax", functools.partial(lib.softmax, axis=1)))
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


HONEST.append(Right("hardmax", lib.hardmax))


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


HONEST.append(Right("log_softmax", lib.log_softmax))


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


HONEST.append(Right("logsumexp", lib.logsumexp))


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


HONEST.append(Right("sigmoid", lib.sigmoid))


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


HONEST.append(Right("softmax_jacobian", lib.softmax_jacobian))


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


HONEST.append(Right("one_hot", lib.one_hot))


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


HONEST.append(Right("cross_entropy", lib.cross_entropy))
HONEST.append(Right("cross_entropy", functools.partial(lib.cross_entropy, reduction="mean")))


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


# === wrong, and not in the catalogue ===========================================================


@wrong("softmax", "1e-3 in the denominator")
def softmax_epsilon(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / (exps.sum(axis=1, keepdims=True) + 1e-3)


@wrong("softmax", "1e-4 in the denominator: five digits show it, four do not")
def softmax_small_epsilon(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / (exps.sum(axis=1, keepdims=True) + 1e-4)


@wrong("softmax", "probabilities clipped at 0.05")
def softmax_floor(Z):
    return np.clip(lib.softmax(Z), 0.05, 1)


@wrong("softmax", "logits rounded to float16")
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


@wrong("softmax", "the mean as the shift")
def softmax_mean_shift(Z):
    exps = np.exp(Z - Z.mean(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


@wrong("softmax", "the first row's maximum as everyone's shift", "softmax-batch-maximum")
def softmax_first_shift(Z):
    exps = np.exp(Z - Z[0].max())
    return exps / exps.sum(axis=1, keepdims=True)


@wrong("softmax", "the last column is dropped")
def softmax_last_dropped(Z):
    return lib.softmax(Z[:, :-1])


@wrong("softmax", "the logits are sorted")
def softmax_sorted(Z):
    return lib.softmax(np.sort(Z, axis=1))


@wrong("softmax", "logits clipped to ±50")
def softmax_clipped_50(Z):
    exps = np.exp(np.clip(Z, -50, 50))
    return exps / exps.sum(axis=1, keepdims=True)


@wrong("softmax", "logits clipped to ±500")
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


@wrong("softmax", "rounded to two digits")
def softmax_two_digits(Z):
    return lib.softmax(Z).round(2)


@wrong("softmax", "rounded to four digits, as it is shown")
def softmax_four_digits(Z):
    return lib.softmax(Z).round(4)


@wrong("softmax", "returns the logits")
def softmax_identity(Z):
    return Z


@wrong("softmax", "the transpose of the right answer", "softmax-wrong-axis", "unknown")
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


@wrong("hardmax", "the smallest wins")
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


@wrong("log_softmax", "1e-12 in the logarithm")
def log_softmax_guarded(Z):
    return np.log(lib.softmax(Z) + 1e-12)


@wrong("logsumexp", "the maximum itself")
def logsumexp_maximum(Z):
    return Z.max(axis=1)


@wrong("logsumexp", "the maximum counts twice")
def logsumexp_counts_twice(Z):
    return np.logaddexp(lib.logsumexp(Z), Z.max(axis=1))


@wrong("sigmoid", "clipped at 1e-7 and 1 - 1e-7")
def sigmoid_clipped(z):
    return np.clip(lib.sigmoid(z), 1e-7, 1 - 1e-7)


@wrong("sigmoid", "numbers cut to ±30")
def sigmoid_cut(z):
    return lib.sigmoid(np.clip(z, -30, 30))


@wrong("sigmoid", "a straight line")
def sigmoid_hard(z):
    return np.clip(0.5 + 0.25 * z, 0, 1)


@wrong("softmax_jacobian", "the sign of everything")
def jacobian_negative(z):
    return -lib.softmax_jacobian(z)


@wrong("softmax_jacobian", "the Jacobian of log-softmax")
def jacobian_of_log(z):
    return np.eye(z.size) - lib.softmax(z)


@wrong("one_hot", "a column too many")
def one_hot_wide(y, n_classes):
    return np.eye(n_classes + 1)[y]


@wrong("one_hot", "-1 for the others")
def one_hot_signed(y, n_classes):
    return 2 * np.eye(n_classes)[y] - 1


@wrong("accuracy", "in percent")
def accuracy_percent(scores, y):
    return 100 * np.mean(scores.argmax(axis=1) == y)


@wrong("accuracy", "rounded to one digit")
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


@wrong("cross_entropy", "logits clipped to ±50")
def cross_entropy_clipped_logits(logits, y):
    return lib.cross_entropy(np.clip(logits, -50, 50), y)


@wrong("cross_entropy", "label smoothing left on")
def cross_entropy_smoothing_on(logits, y):
    return lib.cross_entropy(logits, y, label_smoothing=0.1)


@wrong("cross_entropy", "divided by m - 1, which for two rows is a sum")
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


@wrong("logits_gradient", "one-hot targets, logits clipped to ±50")
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


@wrong("gradient_step", "half a step for the bias")
def gradient_step_half_bias(W, b, X, y, learning_rate):
    new_W, new_b = gradient_step(W, b, X, y, learning_rate)
    return new_W, (b + new_b) / 2


@wrong("gradient_step", "W and b exchanged")
def gradient_step_exchanged(W, b, X, y, learning_rate):
    return gradient_step(W, b, X, y, learning_rate)[::-1]


@wrong("gradient_step_with_l2", "L1 in place of L2")
def step_with_l1(W, b, X, y, learning_rate, l2):
    new_W, new_b = gradient_step(W, b, X, y, learning_rate)
    return new_W - learning_rate * l2 * np.sign(W), new_b


@wrong("gradient_step_with_l2", "the penalty at the new weights")
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


@wrong("network_gradients", "the biases of the two layers exchanged")
def network_biases_exchanged(X, y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = backprop(X, y, W1, b1, W2, b2)
    return dW1, db2, dW2, db1


@wrong("network_gradients", "the first hidden unit never learns")
def network_dead_unit(X, y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = (np.array(part) for part in backprop(X, y, W1, b1, W2, b2))
    dW2[0] = 0
    return dW1, db1, dW2, db2


# === badly behaved =============================================================================


class Awkward(Exception):
    def __str__(self):
        raise RuntimeError("no words for you")


class Unreadable:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array for you")

    def __len__(self):
        raise RuntimeError("no length for you")

    def __repr__(self):
        raise RuntimeError("no picture for you")


class UnreadableTuple(tuple):
    def __len__(self):
        raise RuntimeError("no length for you")

    def __iter__(self):
        raise RuntimeError("no parts for you")


class AlwaysEqual:
    def __eq__(self, other):
        return True

    __hash__ = None


class ManyLines:
    def __repr__(self):
        return "first line\n" * 1000


def raising(error):
    def softmax(Z):
        raise error

    return softmax


def returning(value):
    def softmax(*arguments):
        return value

    return softmax


HOSTILE += [
    Hostile(raising(KeyError("row")), "It raised   KeyError: 'row'"),
    Hostile(raising(SystemExit("bye")), "It raised   SystemExit: bye"),
    Hostile(raising(KeyboardInterrupt()), "It raised   KeyboardInterrupt"),
    Hostile(raising(GeneratorExit()), "It raised   GeneratorExit"),
    Hostile(raising(StopIteration(3)), "It raised   StopIteration: 3"),
    Hostile(raising(MemoryError()), "It raised   MemoryError"),
    Hostile(raising(Awkward()), "It raised   Awkward"),
    Hostile(raising(ValueError("a line of a message\n" * 500)), "ValueError: a line of a message"),
    Hostile(raising(ValueError("long" * 2500)), "ValueError: longlong"),
    Hostile(raising(ValueError("first\rsecond\x0bthird")), "ValueError: first"),
    Hostile(raising(ExceptionGroup("both", [ValueError("a"), KeyError("b")])), "ExceptionGroup"),
    Hostile(returning(None), "It returns nothing"),
    Hostile(returning("0.27 0.73"), "return numbers; got something of type str"),
    Hostile(returning("text " * 1000), "return numbers; got something of type str"),
    Hostile(returning({"probs": [1.0]}), "return numbers; got something of type dict"),
    Hostile(returning([[1.0], [0.5, 0.5]]), "return numbers; got something of type list"),
    Hostile(returning([None]), "return numbers; got something of type list"),
    Hostile(returning(np.array(None)), "return numbers; got an array of dtype object"),
    Hostile(returning(np.ones((1, 4), complex)), "return numbers; got an array of dtype complex"),
    Hostile(returning(np.array([["1", "0", "0", "0"]])), "got an array of dtype <U1"),
    Hostile(returning(np.zeros((1, 4), "M8[s]")), "got an array of dtype datetime64"),
    Hostile(returning(np.array([object()] * 4)), "return numbers; got an array of dtype object"),
    Hostile(returning(np.broadcast_to(0.0, (10**6, 10**6))), "return"),
    Hostile(returning(np.zeros((0, 4))), "The shape is wrong"),
    Hostile(returning(10**400), "return numbers; got something of type int"),
    Hostile(returning(AlwaysEqual()), "got something of type AlwaysEqual"),
    Hostile(returning(Unreadable()), "got something of type Unreadable"),
    Hostile(returning(UnreadableTuple((1, 2))), "got something of type UnreadableTuple"),
    Hostile(returning(UnreadableTuple((1, 2))), "return 2 arrays: dW, db", "weight_gradient"),
    Hostile(returning(ManyLines()), "got something of type ManyLines"),
    Hostile(returning(object), "got something of type type"),
    Hostile(returning([print, np.exp, lambda: 0]), "got something of type list"),
    Hostile(returning(float("nan")), "Your answer nan"),
]


@hostile("got something of type function")
def softmax_itself(Z):
    return softmax_itself


@hostile("got something of type generator")
def softmax_by_yield(Z):
    yield from lib.softmax(Z)


@hostile("Your answer [[nan, nan, nan, nan]]")
def softmax_nan(Z):
    return np.full(Z.shape, np.nan)


@hostile("RecursionError")
def softmax_without_end(Z):
    return softmax_without_end(Z)


@hostile("It prints its answer and returns nothing")
def softmax_printed(Z):
    print(lib.softmax(Z))


@hostile("It also prints", ok=True)
def softmax_chatty(Z):
    print("Z =", Z)
    return lib.softmax(Z)


@hostile("It also prints", ok=True)
def softmax_talks_for_a_megabyte(Z):
    for _ in range(16):
        print("x" * 2**16)
    return lib.softmax(Z)


@hostile("right", ok=True)
def softmax_warns(Z):
    warnings.warn("a line\n" * 100, stacklevel=1)
    return lib.softmax(Z)


@hostile("not right yet")
def softmax_warns_and_is_wrong(Z):
    warnings.warn("a line\n" * 100, stacklevel=1)
    return Z


@hostile("RuntimeWarning: overflow encountered in exp")
def softmax_raises_its_warnings(Z):
    warnings.simplefilter("error")
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


@hostile("FloatingPointError")
def softmax_sets_errors(Z):
    np.seterr(all="raise")
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


@hostile("right", ok=True)
def softmax_seeds(Z):
    np.random.seed(0)  # noqa: NPY002
    return lib.softmax(Z)


@hostile("the maximum of the row is not subtracted")
def softmax_replaces_stdout(Z):
    import sys

    sys.stdout = None
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


@hostile("Afterwards  Z holds other numbers")
def softmax_overwrites(Z):
    probs = lib.softmax(Z)
    Z[:] = 7
    return probs


@hostile("Afterwards  Z holds other numbers")
def softmax_overwrites_partly(Z):
    probs = lib.softmax(Z)
    Z[-1, -1] += 1
    return probs


@hostile("Afterwards  Z holds other numbers")
def softmax_resizes(Z):
    probs = lib.softmax(Z)
    Z.resize((1, 1), refcheck=False)
    return probs


@hostile("Afterwards  Z holds other numbers")
def softmax_overwrites_a_list(Z):
    only_lists(Z)
    probs = lib.softmax(Z)
    Z[0][0] = 7
    return probs


@hostile("Afterwards  X holds other numbers", "gradient_step")
def gradient_step_scales_the_data(W, b, X, y, learning_rate):
    answer = gradient_step(W, b, X, y, learning_rate)
    X /= 10
    return answer


@hostile("Afterwards  y holds other numbers", "cross_entropy")
def cross_entropy_renumbers(logits, y):
    loss = lib.cross_entropy(logits, y)
    y += 1
    return loss


@hostile("It was called as softmax(Z)")
def softmax():
    return 1


@hostile("It was called as softmax(Z)")
def softmax_of_three(a, b, c):
    return 1


@hostile("It was called as softmax(Z)")
def softmax_by_keyword(*, Z):
    return lib.softmax(Z)


@hostile("return 4 arrays: dW1, db1, dW2, db2", "network_gradients")
def network_gradients_three(X, y, W1, b1, W2, b2):
    return backprop(X, y, W1, b1, W2, b2)[:3]


@hostile("return 2 arrays: dW, db", "weight_gradient")
def weight_gradient_as_dict(X, Z, y):
    return dict(zip(("dW", "db"), weight_gradient_by_einsum(X, Z, y), strict=True))


@hostile("It was called as gradient_step(W, b, X, y, learning_rate)", "gradient_step")
def gradient_step_of_two(W, b):
    return W, b


ENDLESS = []


def endless(function):
    ENDLESS.append(function)
    return function


@endless
def softmax_runs_for_ever(Z):
    while True:
        pass


@endless
def softmax_catches_everything(Z):
    while True:
        with contextlib.suppress(BaseException):
            while True:
                print("still here")


@endless
def softmax_sleeps(Z):
    time.sleep(5)


@endless
def softmax_hangs_on_the_last(Z):
    with contextlib.suppress(Exception):
        while Z.min() < -1999:
            pass
    return lib.softmax(Z)
