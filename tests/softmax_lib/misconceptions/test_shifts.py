"""A softmax with a wrong shift passes in no kind that contains a softmax."""

import numpy as np
import pytest

from softmax_lib.misconceptions import CATALOGUE, examine
from tests.support.diagnoses import diagnosed, sample

# What is exponentiated in place of the logits less the maximum of their row.
SHIFTS = {
    "none": lambda Z: Z,
    "maximum of the batch": lambda Z: Z - Z.max(),
    "max(0, maximum)": lambda Z: Z - np.maximum(0, Z.max(axis=-1, keepdims=True)),
    "largest absolute value": lambda Z: Z - np.abs(Z).max(axis=-1, keepdims=True),
    "mean": lambda Z: Z - Z.mean(axis=-1, keepdims=True),
    "first column": lambda Z: Z - Z[..., :1],
    "clip at 50": lambda Z: np.clip(Z, -50, 50),
    "last column": lambda Z: Z - Z[..., -1:],
    "minimum": lambda Z: Z - Z.min(axis=-1, keepdims=True),
    "median": lambda Z: Z - np.median(Z, axis=-1, keepdims=True),
    "sum": lambda Z: Z - Z.sum(axis=-1, keepdims=True),
    "half the maximum": lambda Z: Z - Z.max(axis=-1, keepdims=True) / 2,
    "first row's maximum": lambda Z: Z - np.atleast_2d(Z)[0].max(),
    "last row's maximum": lambda Z: Z - np.atleast_2d(Z)[-1].max(),
    "previous row's maximum": lambda Z: (
        Z - np.roll(Z.max(axis=-1, keepdims=True), 1, axis=0).reshape(*Z.shape[:-1], 1)
    ),
    "mean of the batch": lambda Z: Z - Z.mean(),
    "largest absolute value of the batch": lambda Z: Z - np.abs(Z).max(),
    "maximum, at most 500": lambda Z: Z - np.minimum(Z.max(axis=-1, keepdims=True), 500),
    "maximum, if above 100": lambda Z: Z - Z.max(axis=-1, keepdims=True) * (Z.max() > 100),
    "clip at 20": lambda Z: np.clip(Z, -20, 20),
    "clip at 80": lambda Z: np.clip(Z, -80, 80),
    "clip at 500": lambda Z: np.clip(Z, -500, 500),
    "clip at 700": lambda Z: np.clip(Z, -700, 700),
    "clip from above at 700": lambda Z: np.minimum(Z, 700),
}

# In one row these are the row's own.
IN_A_BATCH = {
    "maximum of the batch",
    "first row's maximum",
    "last row's maximum",
    "previous row's maximum",
}


def quotient(exponents):
    exps = np.exp(exponents)
    return exps / exps.sum(axis=-1, keepdims=True)


def gradient(exponents, y):
    return (quotient(exponents) - np.eye(exponents.shape[1])[y]) / len(y)


def loss(exponents, y):
    picked = exponents[np.arange(len(y)), y]
    return np.mean(np.log(np.exp(exponents).sum(axis=1)) - picked)


def step(shift, W, b, X, y, rate):
    G = gradient(shift(X @ W + b), y)
    return W - rate * X.T @ G, b - rate * G.sum(axis=0)


def penalised_step(shift, W, b, X, y, rate, l2):
    new_W, new_b = step(shift, W, b, X, y, rate)
    return new_W - rate * l2 * W, new_b


def epoch(shift, W, b, X, y, rate, size):
    for i in range(0, len(X), size):
        W, b = step(shift, W, b, X[i : i + size], y[i : i + size], rate)
    return W, b


def network(shift, X, y, W1, b1, W2, b2):
    A1 = np.maximum(X @ W1 + b1, 0)
    G = gradient(shift(A1 @ W2 + b2), y)
    G1 = G @ W2.T * (A1 > 0)
    return X.T @ G1, G1.sum(axis=0), A1.T @ G, G.sum(axis=0)


def jacobian(exponents):
    p = quotient(exponents)
    return np.diag(p) - np.outer(p, p)


def along_axis(shift, Z, axis):
    rows = np.moveaxis(Z, axis, -1)
    return np.moveaxis(quotient(shift(rows)), -1, axis)


def masked(exponents, mask):
    exps = np.exp(exponents) * mask
    return exps / exps.sum(axis=1, keepdims=True)


# A function of each kind, which is right but for its shift.
KINDS = {
    "softmax": lambda shift: lambda Z: quotient(shift(Z)),
    "softmax_with_temperature": lambda shift: lambda Z, T: quotient(shift(Z / T)),
    "log_softmax": lambda shift: (
        lambda Z: shift(Z) - np.log(np.exp(shift(Z)).sum(axis=1, keepdims=True))
    ),
    "logsumexp": lambda shift: (
        lambda Z: np.log(np.exp(shift(Z)).sum(axis=1)) + (Z - shift(Z))[:, 0]
    ),
    "softmax_jacobian": lambda shift: lambda z: jacobian(shift(z)),
    "cross_entropy": lambda shift: lambda logits, y: loss(shift(logits), y),
    "logits_gradient": lambda shift: lambda Z, y: gradient(shift(Z), y),
    "weight_gradient": lambda shift: (
        lambda X, Z, y: (
            X.T @ gradient(shift(Z), y),
            gradient(shift(Z), y).sum(axis=0),
        )
    ),
    "gradient_step": lambda shift: lambda *arguments: step(shift, *arguments),
    "gradient_step_with_l2": lambda shift: lambda *arguments: penalised_step(shift, *arguments),
    "network_gradients": lambda shift: lambda *arguments: network(shift, *arguments),
    "descent_epoch": lambda shift: lambda *arguments: epoch(shift, *arguments),
    "linear_loss_and_gradient": lambda shift: (
        lambda W, X, y, l2: (
            loss(shift(X @ W), y) + l2 * (W * W).sum(),
            X.T @ gradient(shift(X @ W), y) + 2 * l2 * W,
        )
    ),
    "linear_loss_and_gradient_with_half": lambda shift: (
        lambda W, X, y, l2: (
            loss(shift(X @ W), y) + l2 / 2 * (W * W).sum(),
            X.T @ gradient(shift(X @ W), y) + l2 * W,
        )
    ),
    "masked_softmax": lambda shift: lambda Z, mask: masked(shift(Z), mask),
    "attention_weights": lambda shift: lambda Q, K: quotient(shift(Q @ K.T / np.sqrt(Q.shape[1]))),
    "softmax_along_axis": lambda shift: lambda Z, axis: along_axis(shift, Z, axis),
}

EVERYWHERE = {
    "none": "no-shift",
    "maximum of the batch": "batch-maximum",
    "max(0, maximum)": "maximum-with-zero",
    "largest absolute value": "absolute-shift",
    "mean": "mean-shift",
    "first column": "first-logit-shift",
    "clip at 50": "clipped-logits",
    "clip at 20": "clipped-logits",
    "clip at 500": "clipped-logits",
    "minimum": "minimum-shift",
    "median": "other-shift",
    "last column": "other-shift",
}


def is_right(kind, shift):
    return kind == "softmax_jacobian" and shift in IN_A_BATCH


RARE = [shift for shift in SHIFTS if shift not in EVERYWHERE]
by_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.mark.slow
@pytest.mark.usefixtures("no_threads")
@by_kind
def test_no_wrong_shift_is_called_right(kind):
    for shift in [*EVERYWHERE, *sample(3, RARE, start=list(KINDS).index(kind))]:
        verdict = diagnosed(KINDS[kind](SHIFTS[shift]), kind)
        assert verdict.ok == is_right(kind, shift), shift
        if shift in EVERYWHERE and is_named(kind, shift):
            assert verdict.id in named(kind, shift), shift


@pytest.mark.slow
@pytest.mark.usefixtures("no_threads")
@by_kind
def test_no_wrong_shift_is_called_right_in_an_assignment(kind):
    for shift in list(SHIFTS)[:7]:
        function = KINDS[kind](SHIFTS[shift])
        verdict = diagnosed(function, kind, judge=examine, seed=7, dtype=np.float32)
        assert verdict.ok == is_right(kind, shift), shift


def is_named(kind, shift):
    """Whether the catalogue knows this shift in this kind."""
    return not (is_right(kind, shift) or (kind == "logsumexp" and "clip" in shift))


def named(kind, shift):
    """The entries that may name this shift in this kind."""
    return {
        entry.id
        for entry in CATALOGUE.values()
        if entry.kind == kind and EVERYWHERE[shift] in entry.id
    }


@pytest.mark.usefixtures("no_threads")
@by_kind
def test_the_maximum_of_the_row_is_right_in_every_kind(kind):
    function = KINDS[kind](lambda Z: Z - Z.max(axis=-1, keepdims=True))
    if kind == "masked_softmax":  # it takes the maximum over masked logits too
        assert diagnosed(function, kind).id == "masked-maximum-of-all"
    else:
        assert diagnosed(function, kind).ok
