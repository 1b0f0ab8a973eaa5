"""Softmax regression: the optimum a peer finds, its warnings, its settings."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from sklearn.datasets import load_iris, make_classification
from sklearn.linear_model import LogisticRegression

from softmax_lib import (
    ConvergenceWarning,
    SeparableDataWarning,
    SoftmaxNetwork,
    SoftmaxRegression,
    check_gradient,
    cross_entropy,
    fit_softmax_regression,
    load_penguins,
    make_blobs,
    sigmoid,
    softmax,
)
from tests.support.models import SMALL_X, SMALL_Y, TWO_BY_TWO, cost


def objective_gradient(X, y, W, b, l2):
    dZ = (softmax(X @ W + b) - np.eye(len(b))[y]) / len(y)
    return X.T @ dZ + l2 * W, dZ.sum(axis=0)


@pytest.mark.parametrize("data", ["penguins", "digits"])
@pytest.mark.parametrize("l2", [1e-1, 1e-3])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_scikit_learn_finds_the_same_optimum(data, l2, fit_intercept, request):
    X, y = request.getfixturevalue(data)
    peer = LogisticRegression(
        C=1 / (l2 * len(y)),
        tol=1e-12,
        solver="newton-cg",
        max_iter=1000,
        fit_intercept=fit_intercept,
    ).fit(X, y)
    W, b = fit_softmax_regression(X, y, l2=l2, tol=1e-12, fit_intercept=fit_intercept)
    peer_W = peer.coef_.T
    peer_b = peer.intercept_ - peer.intercept_.mean() if fit_intercept else np.zeros(len(b))
    assert np.linalg.norm(W - peer_W) <= 1e-8
    assert np.linalg.norm(b - peer_b) <= 1e-8
    assert cost(X, y, W, b, l2) == pytest.approx(cost(X, y, peer_W, peer_b, l2), rel=1e-8)


def strangers():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(120, 4)), rng.permutation(np.arange(120) % 3)
    yield "tiny", X * 1e-8, y, 1e-19
    yield "huge", X * 1e8, y, 1e13
    yield "scales from 1e-4 to 1e4", X * np.logspace(-4, 4, 4), y, 1e-2
    yield "every column twice", np.c_[X, X], y, 1e-2
    yield "one class split off", np.r_[X, X[:20] + 9], np.r_[y, np.full(20, 3)], 1e-3
    yield "a class with one member", X, np.r_[2, y[1:] % 2], 1e-3
    yield "one feature", X[:, :1], y, 1e-3
    yield "more features than examples", rng.normal(size=(30, 90)), y[:30], 1e-2
    yield "zeros", np.zeros((120, 2)), y, 1.0
    yield "ones and zeros", (X > 0).astype(np.int8), y, 1e-4
    yield "a hundred classes", rng.normal(size=(400, 3)), np.arange(400) % 100, 1e-2
    yield (
        "300 scaled columns",
        rng.normal(size=(400, 300)) * np.logspace(-1, 1, 300),
        np.r_[y, y, y, y[:40]],
        1.0,
    )
    yield "one example a class", X[:3], [0, 1, 2], 1e-2
    yield "far from 0", X + 1e3, y, 1e-2


@pytest.mark.parametrize("weigh", [False, True])
@pytest.mark.parametrize(
    ("X", "y", "l2"), [s[1:] for s in strangers()], ids=[s[0] for s in strangers()]
)
def test_the_peer_finds_the_same_cost_whatever_the_data(X, y, l2, weigh):
    weights = np.random.default_rng(1).integers(1, 4, len(y)) if weigh else np.ones(len(y))
    W, b = fit_softmax_regression(X, y, l2=l2, tol=1e-10, sample_weight=weights)
    scale = np.abs(X).max() or 1.0  # the peer does not like columns of 1e8
    peer = LogisticRegression(
        C=scale**2 / (l2 * weights.sum()), tol=1e-10, solver="newton-cg", max_iter=10_000
    ).fit(X / scale, y, weights)

    def cost(W, b):
        losses = cross_entropy(X @ W + b, y, reduction="none")
        return (losses @ weights) / weights.sum() + l2 / 2 * (W**2).sum()

    ours, theirs = cost(W, b), cost(peer.coef_.T / scale, peer.intercept_)
    assert ours <= theirs * (1 + 1e-9)
    assert ours == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize(
    ("X", "y", "l2"), [s[1:] for s in strangers()], ids=[s[0] for s in strangers()]
)
def test_nothing_is_raised_where_all_of_numpys_flags_are_errors(X, y, l2):
    weights = np.logspace(-310, -300, len(y))
    with np.errstate(all="raise"):
        model = SoftmaxRegression(l2).fit(X, y)
        model.predict(X)
        model.predict_proba(X)
        model.predict_log_proba(X)
        fit_softmax_regression(X, y, l2=l2)
        if len(y) > 3:
            SoftmaxRegression(l2).fit(X, y, weights)


def test_any_number_of_badly_scaled_columns_costs_few_steps():
    A, y = make_classification(
        n_samples=3000, n_features=300, n_informative=30, n_classes=3, random_state=0
    )
    model = SoftmaxRegression().fit(A * np.logspace(-3, 3, 300), y)
    plain = SoftmaxRegression().fit(A, y)
    assert model.n_iter_ <= 2 * plain.n_iter_


def test_two_classes_are_logistic_with_half_the_penalty():
    X, y = make_blobs(30, 2, spread=4.0, random_state=0)
    W, b = fit_softmax_regression(X, y, l2=0.02, tol=1e-12)
    peer = LogisticRegression(C=1 / (0.01 * len(y)), tol=1e-12, solver="newton-cg").fit(X, y)
    assert W[:, 1] - W[:, 0] == pytest.approx(peer.coef_[0], abs=1e-8)
    assert b[1] - b[0] == pytest.approx(peer.intercept_[0], abs=1e-8)


@pytest.mark.parametrize("data", ["penguins", "digits"])
@pytest.mark.parametrize("tol", [1e-3, 1e-6, 1e-12])
def test_tol_bounds_the_norm_of_the_gradient_over_all_parameters(data, tol, request):
    X, y = request.getfixturevalue(data)
    dW, db = objective_gradient(X, y, *fit_softmax_regression(X, y, tol=tol), 1e-3)
    assert math.hypot(np.linalg.norm(dW), np.linalg.norm(db)) <= tol * (1 + 1e-6) + 1e-15


@given(st.integers(0, 2**32), st.sampled_from([1e-3, 0.1, 10.0]), st.integers(2, 4))
def test_any_small_problem_ends_where_the_gradient_is_zero(seed, l2, n_classes):
    rng = np.random.default_rng(seed)
    X = rng.normal(0, rng.choice([0.1, 1, 10]), (12, 3))
    y = rng.permutation(np.arange(12) % n_classes)
    W, b = fit_softmax_regression(X, y, l2=l2, tol=1e-9)
    for gradient in objective_gradient(X, y, W, b, l2):
        assert np.linalg.norm(gradient) <= 1.01e-9


@pytest.mark.parametrize("l2", [0.01, 1.0])
def test_no_point_nearby_is_cheaper(l2):
    W, b = fit_softmax_regression(SMALL_X, SMALL_Y, l2=l2, tol=1e-12)
    best = cost(SMALL_X, SMALL_Y, W, b, l2)
    rng = np.random.default_rng(0)
    for _ in range(50):
        step_W, step_b = 0.1 * rng.normal(size=W.shape), 0.1 * rng.normal(size=b.shape)
        assert cost(SMALL_X, SMALL_Y, W + step_W, b + step_b, l2) > best


@pytest.mark.parametrize("data", ["penguins", "digits"])
def test_biases_and_penalised_weights_sum_to_0_over_the_classes(data, request):
    W, b = fit_softmax_regression(*request.getfixturevalue(data))
    assert b.sum() == pytest.approx(0, abs=1e-13)
    assert W.sum(axis=1) == pytest.approx(0, abs=1e-12)


def test_the_intercept_is_not_penalised():
    X, y = np.zeros((10, 1)), np.repeat([0, 1], [9, 1])
    W, b = fit_softmax_regression(X, y, l2=100.0, tol=1e-12)
    assert softmax(b) == pytest.approx([0.9, 0.1], abs=1e-11)
    assert abs(W).max() <= 1e-12


def test_with_an_intercept_mean_probs_are_the_class_shares(penguins):
    X, y = penguins
    W, b = fit_softmax_regression(X, y, tol=1e-12)
    shares = np.bincount(y) / len(y)
    assert softmax(X @ W + b).mean(axis=0) == pytest.approx(shares, abs=1e-11)


def test_without_an_intercept_the_bias_is_zero(penguins):
    assert fit_softmax_regression(*penguins, fit_intercept=False)[1].tolist() == [0, 0, 0]


def test_a_stronger_penalty_shrinks_weights_and_raises_loss(penguins):
    X, y = penguins
    fits = [fit_softmax_regression(X, y, l2=l2) for l2 in (1e-3, 1e-2, 1e-1, 1)]
    assert (np.diff([np.linalg.norm(W) for W, _ in fits]) < 0).all()
    assert (np.diff([cross_entropy(X @ W + b, y) for W, b in fits]) > 0).all()


def test_duplicating_all_data_changes_nothing(penguins):
    X, y = penguins
    for once, twice in zip(
        fit_softmax_regression(X, y, tol=1e-12),
        fit_softmax_regression(np.vstack([X, X]), np.tile(y, 2), tol=1e-12),
        strict=True,
    ):
        assert once == pytest.approx(twice, abs=1e-8)


def test_shapes_and_dtypes_of_the_result(penguins):
    X, y = penguins
    W, b = fit_softmax_regression(X.astype(np.float32), y.astype(np.uint8))
    assert (W.shape, b.shape) == ((4, 3), (3,))
    assert (W.dtype, b.dtype) == (np.float64, np.float64)


def test_two_overlapping_features_need_no_penalty(penguins):
    X, y = penguins
    W, b = fit_softmax_regression(X[:, :2], y, l2=0, tol=1e-10)
    assert round(float(cross_entropy(X[:, :2] @ W + b, y)), 4) == 0.0700
    assert round(float(np.linalg.norm(W)), 2) == 16.08
    assert round(float(((X[:, :2] @ W + b).argmax(axis=1) == y).mean()), 3) == 0.965


def test_raw_unscaled_penguins_are_fitted_without_a_warning():
    data = load_penguins()
    W, b = fit_softmax_regression(data.X, data.y)
    assert ((data.X @ W + b).argmax(axis=1) == data.y).mean() > 0.98


def test_rounding_lets_no_sum_drift_where_features_are_raw():
    data = load_penguins()
    W, b = fit_softmax_regression(data.X, data.y)
    assert abs(b).max() > 10
    assert abs(b.sum()) < 1e-13
    assert abs(W.sum(axis=1)).max() < 1e-13


@pytest.mark.parametrize("scale", [1e-6, 1e3, 1e6])
def test_features_of_any_scale_are_fitted_or_warned_of(scale):
    X = SMALL_X * scale
    W, b = fit_softmax_regression(X, SMALL_Y, l2=1e-3 * scale**2, tol=1e-6 * scale)
    dW, db = objective_gradient(X, SMALL_Y, W, b, 1e-3 * scale**2)
    assert math.hypot(np.linalg.norm(dW), np.linalg.norm(db)) <= 1.01e-6 * scale


@pytest.mark.parametrize("fit_intercept", [False, True])
@pytest.mark.parametrize("scales", [1e-100, 1e-30, 1e-6, 1e50, [1e-100, 1.0], [1.0, 1e100]])
def test_without_a_penalty_units_change_no_probability(scales, fit_intercept):
    labels = np.arange(len(SMALL_X)) % 3
    X = SMALL_X - SMALL_X.mean(axis=0) + 0.3 * np.eye(3)[labels, :2]
    options = {"l2": 0, "fit_intercept": fit_intercept, "tol": 1e-9}
    W, b = fit_softmax_regression(X, labels, **options)
    scaled = X * scales
    V, c = fit_softmax_regression(scaled, labels, **options)
    np.testing.assert_allclose(softmax(scaled @ V + c), softmax(X @ W + b), atol=1e-4)


def test_stopping_short_warns_with_the_norm_reached(penguins):
    X, y = penguins
    with pytest.warns(ConvergenceWarning, match="above tol=1e-12; raise max_iter") as record:
        W, b = fit_softmax_regression(X, y, tol=1e-12, max_iter=1)
    dW, db = objective_gradient(X, y, W, b, 1e-3)
    reached = math.hypot(np.linalg.norm(dW), np.linalg.norm(db))
    assert f"norm is {reached:.3g}," in str(record[0].message)


def test_the_warnings_point_at_the_caller(penguins):
    with pytest.warns(ConvergenceWarning) as record:
        fit_softmax_regression(*penguins, tol=1e-12, max_iter=1)
    assert record[0].filename == __file__


# Separable data


RNG = np.random.default_rng(0)
NOISE = RNG.normal(size=(300, 3))
COIN = RNG.integers(2, size=300)
DIE = RNG.integers(3, size=300)
CELLS = np.eye(4)[np.repeat(np.arange(4), 6)]
IRIS = load_iris()
SECONDS = 1.7e9 + np.cumsum(RNG.random(200) * 600)  # Unix time
LATE = (SECONDS - SECONDS.mean()) / SECONDS.std()
SEPARABLE = {
    "one column, all rows right": ([[1.0], [2], [3], [4]], [0, 0, 1, 1]),
    "a cell with one class, the other with both": ([[0.0], [0], [1], [1], [0]], [0, 1, 1, 1, 0]),
    "classes that touch": ([[1.0], [2], [2], [3]], [0, 0, 1, 1]),
    "one class of three split off": (IRIS.data, IRIS.target),
    "the same, far from the origin": (IRIS.data + 1e6, IRIS.target),
    "the same, every column twice": (np.c_[IRIS.data, IRIS.data], IRIS.target),
    "the same, beside a constant": (np.c_[IRIS.data, np.full(150, 7)], IRIS.target),
    "the same, on scales from 1e-8 to 1e8": (IRIS.data * [1e-8, 1, 1e4, 1e8], IRIS.target),
    "a class with one member far out": (np.r_[NOISE, [[9, 9, 9]]], np.r_[COIN, 2]),
    "more features than examples": (RNG.normal(size=(10, 20)), np.arange(10) % 3),
    "a cell that lacks a class": (CELLS, np.r_[np.tile([0, 1, 2], 6), [0, 1, 0, 1, 0, 1]]),
    "a rare indicator": (np.c_[NOISE, np.arange(300) < 5], np.where(np.arange(300) < 5, 1, COIN)),
    "a threshold in Unix time": (np.c_[SECONDS, NOISE[:200]], (LATE > 0).astype(int)),
}
OVERLAPPING = {
    "two pairs across": ([[1.0], [2], [3], [4]], [0, 1, 0, 1]),
    "noise": (NOISE, DIE),
    "noise on scales from 1e-8 to 1e8": (NOISE * [1e-8, 1, 1e8], DIE),
    "columns that depend on others": (np.c_[NOISE, NOISE @ [[1, 2], [3, 4], [5, 6]]], DIE),
    "constant columns": (np.c_[NOISE, np.tile([0, 1, 5], (300, 1))], DIE),
    "nothing but a constant": (np.full((7, 2), 7.0), [0, 1, 0, 1, 1, 1, 2]),
    "full cells": (CELLS, np.tile([0, 1, 2, 0, 1, 2], 4)),
    "rare classes in full cells": (
        np.eye(4)[np.repeat(np.arange(4), 1000)],
        np.tile(np.r_[1, 2, np.zeros(998, int)], 4),
    ),
    "two classes that nearly separate": (IRIS.data[50:], IRIS.target[50:] - 1),
    "one pair across, by a millionth": (
        np.r_[np.linspace(-1, 0, 100), np.linspace(0, 1, 100), 1e-6, -1e-6][:, np.newaxis],
        np.r_[np.zeros(100, int), np.ones(100, int), 0, 1],
    ),
    "outliers": (
        np.r_[np.linspace(-1, 1, 200), -50, 50][:, np.newaxis],
        np.r_[np.linspace(-1, 1, 200) > 0, True, False].astype(int),
    ),
    "noise in Unix time": (
        np.c_[SECONDS, NOISE[:200]],
        (LATE + RNG.normal(size=200) > 0).astype(int),
    ),
}


@pytest.mark.parametrize("tol", [1e-3, 1e-6, 1e-9, 1e-12])
@pytest.mark.parametrize("data", SEPARABLE.values(), ids=SEPARABLE)
def test_what_has_no_optimum_is_announced_at_every_tol(data, tol):
    with warnings.catch_warnings(record=True) as record:
        warnings.simplefilter("always")
        fit_softmax_regression(*data, l2=0, tol=tol)
    assert [warning.category for warning in record] == [SeparableDataWarning]
    assert str(record[0].message) == "the classes are separable: no optimum exists; set l2 > 0"


@pytest.mark.parametrize("tol", [1e-3, 1e-6, 1e-9, 1e-12])
@pytest.mark.parametrize("data", OVERLAPPING.values(), ids=OVERLAPPING)
def test_what_has_an_optimum_is_never_called_separable(data, tol):
    fit_softmax_regression(*data, l2=0, tol=tol)  # a warning would be an error


@pytest.mark.parametrize("data", SEPARABLE.values(), ids=SEPARABLE)
def test_with_a_penalty_nothing_is_called_separable(data):
    fit_softmax_regression(*data, l2=1e-6)


def test_steps_that_ran_out_hide_no_separation():
    with pytest.warns(SeparableDataWarning):
        fit_softmax_regression(IRIS.data, IRIS.target, l2=0, max_iter=1)


@settings(max_examples=50)
@given(st.integers(0, 2**32), st.integers(2, 4), st.integers(1, 4), st.booleans())
def test_linear_programming_agrees_about_separation(seed, n_classes, n, fit_intercept):
    rng = np.random.default_rng(seed)
    m = rng.integers(n_classes, 40)
    X = rng.integers(-2, 3, size=(m, n)) * 10.0 ** rng.integers(-4, 5, n)
    y = rng.permutation(np.arange(m) % n_classes)
    if rng.integers(2):  # labels that the features decide in part
        scores = np.where(np.abs(X) > 1e-9, np.sign(X), 0) @ rng.normal(size=(n, n_classes))
        y = np.unique((scores + rng.gumbel(size=scores.shape) / 3).argmax(1), return_inverse=True)[
            1
        ]
    if y.max() == 0:
        return
    with warnings.catch_warnings(record=True) as record:
        warnings.simplefilter("always")
        fit_softmax_regression(X, y, l2=0, fit_intercept=fit_intercept)
    announced = any(warning.category is SeparableDataWarning for warning in record)
    assert announced == separable(np.c_[X, np.ones(m)] if fit_intercept else X, y)


def separable(design, y):
    """Whether a direction stretches a lead of a true class and shrinks none: a linear program."""
    design = design / np.where(design.any(axis=0), abs(design).max(axis=0), 1)
    one_hot = np.eye(y.max() + 1)
    leads = np.array(
        [
            np.outer(one_hot[label] - one_hot[other], x).ravel()
            for x, label in zip(design, y, strict=True)
            for other in range(len(one_hot))
            if other != label
        ]
    )
    best = linprog(-leads.sum(axis=0), A_ub=-leads, b_ub=np.zeros(len(leads)), bounds=(-1, 1))
    return -best.fun > 1e-7


# Warnings at an optimum, and before it


def test_an_optimum_reached_to_rounding_is_no_alarm():
    time, y = OVERLAPPING["noise in Unix time"]
    W, b = fit_softmax_regression(time, y, l2=0)  # a warning would be an error
    best = fit_softmax_regression(np.c_[LATE, NOISE[:200]], y, l2=0, tol=1e-12)
    found = cross_entropy(time @ W + b, y)
    assert found == pytest.approx(
        cross_entropy(np.c_[LATE, NOISE[:200]] @ best[0] + best[1], y), rel=5e-12
    )


@pytest.mark.parametrize(("far", "spread"), [(1e6, 1.0), (1e9, 1e2), (1e9, 1e4)])
@pytest.mark.parametrize("l2", [0, 1e-6])
def test_features_far_from_0_are_no_alarm(far, spread, l2):
    rng = np.random.default_rng(0)
    u, others = rng.normal(size=300), rng.normal(size=(300, 2))
    y = np.digitize(u + rng.normal(size=300), [-0.5, 0.5])
    W, b = fit_softmax_regression(np.c_[far + spread * u, others], y, l2=l2)
    best = fit_softmax_regression(np.c_[u, others], y, l2=0, tol=1e-12)
    found = cross_entropy(np.c_[far + spread * u, others] @ W + b, y)
    assert found == pytest.approx(cross_entropy(np.c_[u, others] @ best[0] + best[1], y), rel=1e-4)


@pytest.mark.filterwarnings("ignore::softmax_lib.ConvergenceWarning")
def test_overlap_that_rounding_nearly_hides_is_no_separation():
    rng = np.random.default_rng(0)
    u, noise, others = rng.normal(size=300), rng.normal(size=300), rng.normal(size=(300, 2))
    fit_softmax_regression(np.c_[1e12 + u, others], (u + noise > 0).astype(int), l2=0)


@pytest.mark.parametrize("scale", [1e-8, 1e-3, 1.0, 1e3, 1e8])
@pytest.mark.parametrize("l2", [0, 1e-3])
def test_a_tol_that_no_gradient_reaches_is_no_alarm_either(scale, l2):
    W, b = fit_softmax_regression(NOISE * scale, DIE, l2=l2 * scale**2, tol=1e-300)
    dW, db = objective_gradient(NOISE * scale, DIE, W, b, l2 * scale**2)
    assert math.hypot(np.linalg.norm(dW) / scale, np.linalg.norm(db)) <= 1e-9


def test_steps_that_ran_out_are_told_from_rounding():
    with pytest.warns(ConvergenceWarning, match="raise max_iter"):
        fit_softmax_regression(NOISE, DIE, max_iter=1, tol=1e-9)
    with pytest.warns(ConvergenceWarning) as record:
        fit_softmax_regression(NOISE * 1e200, DIE)
    assert "rounding stopped the descent before the optimum: scale the features" in str(
        record[0].message
    )
    assert "max_iter" not in str(record[0].message)


# Weights


@given(st.integers(0, 2**32), st.sampled_from([0.0, 1e-3, 0.3]), st.booleans())
def test_a_whole_weight_is_that_many_copies_of_the_row(seed, l2, fit_intercept):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(40, 3)) * 10.0 ** rng.integers(-3, 4, 3), rng.integers(3, size=40)
    X /= np.abs(X).max() if l2 == 0 else 1
    counts = np.r_[1, rng.integers(0, 4, 39)]
    options = {"l2": l2, "tol": 1e-12, "fit_intercept": fit_intercept}
    X_often, y_often = X.repeat(counts, axis=0), y.repeat(counts)
    if len(np.unique(y_often)) < 3:
        return
    with warnings.catch_warnings(record=True) as record:
        warnings.simplefilter("always")
        weighted = fit_softmax_regression(X, y, sample_weight=counts, **options)
        repeated = fit_softmax_regression(X_often, y_often, **options)
    categories = [warning.category for warning in record]
    assert categories in ([], [SeparableDataWarning] * 2)
    if not categories:
        logits = [X @ W + b for W, b in (weighted, repeated)]
        np.testing.assert_allclose(*logits, rtol=1e-8, atol=1e-8)


def test_weights_of_digits_are_copies_to_ten_decimals(digits):
    X, y = digits
    counts = np.random.default_rng(0).integers(0, 4, len(y))
    weighted = fit_softmax_regression(X, y, tol=1e-12, sample_weight=counts)
    repeated = fit_softmax_regression(X.repeat(counts, 0), y.repeat(counts), tol=1e-12)
    for ours, theirs in zip(weighted, repeated, strict=True):
        assert abs(ours - theirs).max() <= 1e-10


@pytest.mark.parametrize("factor", [1e-300, 0.3, 7, 1e300])
def test_only_the_ratios_of_weights_count(factor):
    counts = np.random.default_rng(0).integers(0, 4, 300)
    once = fit_softmax_regression(NOISE, DIE, sample_weight=counts)
    again = fit_softmax_regression(NOISE, DIE, sample_weight=counts * factor)
    for ours, theirs in zip(once, again, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def test_equal_weights_change_no_bit():
    for ours, theirs in zip(
        fit_softmax_regression(NOISE, DIE, sample_weight=np.full(300, 0.1)),
        fit_softmax_regression(NOISE, DIE),
        strict=True,
    ):
        assert (ours == theirs).all()


def test_a_class_without_weight_is_left_out_like_its_rows(penguins):
    X, y = penguins
    model = SoftmaxRegression().fit(X, y, sample_weight=(y != 1) * 2.0)
    assert model.classes_.tolist() == [0, 2]
    assert (model.W_ == SoftmaxRegression().fit(X[y != 1], y[y != 1]).W_).all()
    with pytest.raises(ValueError, match="from 0 to 2 but none is 1"):
        fit_softmax_regression(X, y, sample_weight=y != 1)
    with pytest.raises(ValueError, match="y must hold at least two classes; got only 0"):
        SoftmaxRegression().fit(X, y, sample_weight=y == 0)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, 1, 1], r"sample_weight must have shape \(2,\).*got \(3,\)"),
        ([1, -1], "sample_weight must be finite and not negative; got -1.0 at index 1"),
        ([np.nan, 1], "sample_weight must be finite and not negative; got nan at index 0"),
        ([0, 0], "sample_weight must be above zero for some example; got only zeros"),
        (1.0, r"sample_weight must have shape \(2,\)"),
    ],
)
def test_weights_that_are_none_are_named(weights, message):
    with pytest.raises(ValueError, match=message):
        fit_softmax_regression(TWO_BY_TWO, [0, 1], sample_weight=weights)
    model = SoftmaxRegression()
    with pytest.raises(ValueError, match=message):
        model.fit(TWO_BY_TWO, [0, 1], sample_weight=weights)


def test_a_weight_of_0_leaves_out_what_is_too_large_to_compute():
    X = np.r_[NOISE, [[1e300] * 3]]
    weights = np.r_[np.ones(300), 0]
    without, _ = fit_softmax_regression(NOISE, DIE)
    assert (fit_softmax_regression(X, np.r_[DIE, 0], sample_weight=weights)[0] == without).all()


@pytest.mark.parametrize("class_weight", ["balanced", {0: 2.0, 2: 0.5}])
def test_weights_of_classes_are_those_of_the_peer(class_weight, penguins):
    X, y = penguins
    peer = LogisticRegression(
        C=1 / (1e-2 * len(y)), tol=1e-12, solver="newton-cg", class_weight=class_weight
    )
    model = SoftmaxRegression(1e-2, tol=1e-12, class_weight=class_weight)
    if class_weight != "balanced":  # the peer's cost is a sum, ours a mean
        each = np.array([class_weight.get(label, 1.0) for label in y])
        peer.C *= len(y) / each.sum()
    assert abs(model.fit(X, y).W_ - peer.fit(X, y).coef_.T).max() <= 1e-8


@pytest.mark.parametrize("model", [SoftmaxRegression(), SoftmaxNetwork((2,), random_state=0)])
def test_a_series_of_class_weights_goes_by_its_labels(model, tmp_path):
    y = pd.Series(["rare", "often", "often", "often", "rare", "often"])
    model.class_weight = 1 / y.value_counts()  # in the order of the counts
    X = np.random.default_rng(0).normal(size=(6, 2))
    probs = model.fit(X, y).predict_proba(X)
    model.save(tmp_path / "model.npz")
    assert type(model).load(tmp_path / "model.npz").class_weight == {"often": 0.25, "rare": 0.5}
    model.class_weight = {"often": 0.25, "rare": 0.5}
    assert (model.fit(X, y).predict_proba(X) == probs).all()


def test_numbers_that_float64_cannot_hold_are_refused(penguins):
    X = penguins[0].astype(np.longdouble)
    X[3, 1] = np.finfo(np.longdouble).max
    if np.finfo(np.longdouble).max > np.finfo(np.float64).max:
        with pytest.raises(ValueError, match=r"X must fit float64; got 1\..*at row 3, column 1"):
            fit_softmax_regression(X, penguins[1])


def test_weights_of_classes_multiply_those_of_examples(penguins):
    X, y = penguins
    names = np.array(["a", "b", "c"])[y]
    each = np.random.default_rng(0).random(len(y))
    fits = [
        SoftmaxRegression(class_weight={"a": 3, "c": 0.5}).fit(X, names, each),
        SoftmaxRegression(class_weight=[3, 1, 0.5]).fit(X, names, each),
        SoftmaxRegression().fit(X, names, each * np.array([3, 1, 0.5])[y]),
    ]
    for fit in fits:
        np.testing.assert_allclose(fit.W_, fits[0].W_, rtol=0, atol=1e-12)
    share = float(((fits[0].predict(X) == names) * each).sum() / each.sum())
    assert fits[0].score(X, names, each) == pytest.approx(share, rel=1e-12)


# A warm start


def test_a_second_fit_to_the_same_data_makes_at_most_one_step(penguins):
    model = SoftmaxRegression(warm_start=True).fit(*penguins)
    assert model.n_iter_ > 3
    assert model.fit(*penguins).n_iter_ <= 1
    unscaled = load_penguins()
    model = SoftmaxRegression(warm_start=True).fit(unscaled.X, unscaled.y)
    assert model.fit(unscaled.X, unscaled.y).n_iter_ <= 1


def test_a_warm_start_ends_in_the_optimum_of_the_new_data(penguins):
    X, y = penguins
    model = SoftmaxRegression(warm_start=True, tol=1e-12).fit(X[::2], y[::2]).fit(X, y)
    assert abs(model.W_ - fit_softmax_regression(X, y, tol=1e-12)[0]).max() <= 1e-10
    model.fit_intercept = False
    W, b = fit_softmax_regression(X, y, tol=1e-12, fit_intercept=False)
    assert abs(model.fit(X, y).W_ - W).max() <= 1e-10
    assert (model.b_ == b).all()


def test_a_warm_start_wants_the_last_classes_and_features(penguins):
    X, y = penguins
    model = SoftmaxRegression(warm_start=True).fit(X, y)
    W = model.W_.copy()
    with pytest.raises(ValueError, match="y must hold the classes of the last fit, 0, 1, 2,"):
        model.fit(X, y + 1)
    with pytest.raises(ValueError, match="X must have the 4 features of the last fit"):
        model.fit(X[:, :2], y)
    assert (model.W_ == W).all()
    model.warm_start = False
    assert model.fit(X[:, :2], y + 1).W_.shape == (2, 3)


def test_the_estimator_is_the_function_with_named_classes(penguins):
    X, y = penguins
    names = np.array(["Adelie", "Chinstrap", "Gentoo"])
    model = SoftmaxRegression(l2=0.01).fit(X, names[y])
    W, b = fit_softmax_regression(X, y, l2=0.01)
    assert (model.W_ == W).all()
    assert (model.b_ == b).all()
    assert model.classes_.tolist() == names.tolist()
    assert (model.decision_function(X) == X @ W + b).all()
    assert (model.predict_proba(X) == softmax(X @ W + b)).all()
    assert (model.predict(X) == names[(X @ W + b).argmax(axis=1)]).all()
    assert model.score(X, names[y]) == (model.predict(X) == names[y]).mean()
    assert model.n_features_in_ == 4


def test_the_estimator_passes_all_settings_on(penguins):
    X, y = penguins
    model = SoftmaxRegression(l2=0.5, fit_intercept=False, tol=1e-9, max_iter=7).fit(X, y)
    W, b = fit_softmax_regression(X, y, l2=0.5, fit_intercept=False, tol=1e-9, max_iter=7)
    assert (model.W_ == W).all()
    assert (model.b_ == b).all()


# What is refused


@pytest.mark.parametrize("y", [[0, 2], [1, 2], [0, 10**9], [-1, 0], [-1, -1]])
def test_the_function_refuses_labels_with_a_class_missing(y):
    with pytest.raises(ValueError, match="y must hold every class from 0"):
        fit_softmax_regression(TWO_BY_TWO, y)


@pytest.mark.parametrize("y", [[0.0, 1.0], ["a", "b"], [True, False]])
def test_the_function_wants_integer_labels(y):
    with pytest.raises(TypeError, match=r"y .*(integer dtype|real numbers); got"):
        fit_softmax_regression(TWO_BY_TWO, y)


@pytest.mark.parametrize(
    ("setting", "error", "message"),
    [
        ({"l2": -1e-9}, ValueError, "l2 must be finite and at least 0; got -1e-09"),
        ({"l2": np.nan}, ValueError, "l2 must be finite and at least 0; got nan"),
        ({"l2": "1"}, TypeError, "l2 must be a real number; got .1."),
        ({"tol": 0}, ValueError, "tol must be above 0; got 0"),
        ({"tol": np.inf}, ValueError, "tol must be finite"),
        ({"max_iter": 0}, ValueError, "max_iter must be at least 1; got 0"),
        ({"max_iter": 1.5}, TypeError, "max_iter must be an integer; got 1.5"),
    ],
)
def test_settings_of_the_convex_model_are_checked(setting, error, message):
    with pytest.raises(error, match=message):
        fit_softmax_regression(SMALL_X, SMALL_Y, **setting)
    with pytest.raises(error, match=message):
        SoftmaxRegression(**setting).fit(SMALL_X, SMALL_Y)


def test_a_refused_fit_leaves_no_half_fitted_model():
    model = SoftmaxRegression(l2=-1)
    with pytest.raises(ValueError, match="l2"):
        model.fit(SMALL_X, SMALL_Y)
    with pytest.raises(ValueError, match="must be fitted first"):
        model.predict(SMALL_X)


# What chapter 4 derives


@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 4), st.integers(2, 4))
def test_the_weight_gradient_is_inputs_times_logits_gradient(seed, m, n, n_classes):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(m, n)), rng.integers(n_classes, size=m)
    W, b = rng.normal(size=(n, n_classes)), rng.normal(size=n_classes)
    dW, db = objective_gradient(X, y, W, b, 0.0)
    check_gradient(lambda W: cross_entropy(X @ W + b, y), dW, W)
    check_gradient(lambda b: cross_entropy(X @ W + b, y), db, b)
    in_columns = (softmax(W.T @ X.T + b[:, None], axis=0) - np.eye(n_classes)[y].T) / m
    np.testing.assert_allclose(in_columns @ X, dW.T, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(in_columns.sum(axis=1), db, rtol=1e-10, atol=1e-14)


@given(st.integers(0, 2**32), st.floats(0.01, 2), st.floats(0, 0.5), st.floats(0, 0.95))
def test_two_logits_are_one_at_twice_the_step_half_the_penalty(seed, rate, l2, keep):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(9, 3)), rng.integers(2, size=9)
    pair = np.zeros((4, 2)), np.zeros((4, 2))
    one = np.zeros(4), np.zeros(4)
    design, penalised = np.column_stack([X, np.ones(9)]), np.array([1.0, 1, 1, 0])
    for _ in range(20):
        theta, velocity = pair
        dZ = (softmax(design @ theta) - np.eye(2)[y]) / 9
        velocity = keep * velocity + design.T @ dZ + l2 * penalised[:, None] * theta
        pair = theta - rate * velocity, velocity
        theta, velocity = one
        dz = (sigmoid(design @ theta) - y) / 9
        velocity = keep * velocity + design.T @ dz + l2 / 2 * penalised * theta
        one = theta - 2 * rate * velocity, velocity
    np.testing.assert_allclose(pair[0][:, 1] - pair[0][:, 0], one[0], rtol=1e-9, atol=1e-12)


# Copies and refusals


def test_too_large_features_end_in_a_convergence_warning():
    with pytest.warns(ConvergenceWarning):
        fit_softmax_regression(SMALL_X * 1e200, SMALL_Y)


@pytest.mark.parametrize(
    ("l2", "X"), [(1e-13, [[0.0], [1.0], [0.0], [1.0]]), (0, [[0.0], [0.0], [0.0], [0.0]])]
)
def test_only_a_margin_without_penalty_is_called_separable(l2, X):
    with warnings.catch_warnings():
        warnings.simplefilter("error", SeparableDataWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit_softmax_regression(X, [0, 1, 0, 1], l2=l2)


def test_weights_set_by_hand_are_those_that_count():
    model = SoftmaxRegression(warm_start=True).fit(SMALL_X, SMALL_Y)
    model.W_, model.b_ = [[0, 0, 0], [0, 0, 0]], [0, 0, 1]
    assert model.predict_proba(SMALL_X) == pytest.approx(np.tile(softmax([0, 0, 1]), (24, 1)))
    for name, wrong, message in (
        ("W_", np.zeros((3, 2)), r"W_ and b_ must have shapes \(2, 3\) and \(3,\), .*\(3, 2\)"),
        ("W_", np.full((2, 3), np.nan), "W_ must be finite; got nan"),
        ("b_", np.zeros(2), r"W_ and b_ must have shapes .* \(2,\)$"),
    ):
        model = SoftmaxRegression(warm_start=True).fit(SMALL_X, SMALL_Y)
        setattr(model, name, wrong)
        for call in lambda m: m.predict(SMALL_X), lambda m: m.fit(SMALL_X, SMALL_Y):
            with pytest.raises(ValueError, match=message):
                call(model)
