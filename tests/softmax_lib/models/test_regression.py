"""Softmax regression: the optimum a peer finds, its warnings, its settings."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from softmax_lib import (
    ConvergenceWarning,
    SeparableDataWarning,
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


def test_two_classes_are_logistic_regression_with_half_the_penalty():
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


def test_with_an_intercept_the_mean_probabilities_are_the_class_shares(penguins):
    X, y = penguins
    W, b = fit_softmax_regression(X, y, tol=1e-12)
    shares = np.bincount(y) / len(y)
    assert softmax(X @ W + b).mean(axis=0) == pytest.approx(shares, abs=1e-11)


def test_without_an_intercept_the_bias_is_zero(penguins):
    assert fit_softmax_regression(*penguins, fit_intercept=False)[1].tolist() == [0, 0, 0]


def test_a_stronger_penalty_gives_smaller_weights_and_a_higher_loss(penguins):
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


def test_penguins_two_overlapping_features_have_an_optimum_without_a_penalty(penguins):
    X, y = penguins
    W, b = fit_softmax_regression(X[:, :2], y, l2=0, tol=1e-10)
    assert round(float(cross_entropy(X[:, :2] @ W + b, y)), 4) == 0.0700
    assert round(float(np.linalg.norm(W)), 2) == 16.08
    assert round(float(((X[:, :2] @ W + b).argmax(axis=1) == y).mean()), 3) == 0.965


def test_raw_unscaled_penguins_are_fitted_without_a_warning():
    data = load_penguins()
    W, b = fit_softmax_regression(data.X, data.y)
    assert ((data.X @ W + b).argmax(axis=1) == data.y).mean() > 0.98


def test_rounding_does_not_let_the_sums_drift_where_the_features_are_raw():
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


@pytest.mark.filterwarnings("ignore::softmax_lib.ConvergenceWarning")
def test_separable_data_without_a_penalty_are_warned_of(penguins):
    with pytest.warns(SeparableDataWarning, match="no optimum exists; set l2 > 0"):
        fit_softmax_regression(*penguins, l2=0)
    with pytest.warns(SeparableDataWarning):
        fit_softmax_regression([[1.0], [2.0], [3.0], [4.0]], [0, 0, 1, 1], l2=0)


def test_the_same_separable_data_with_a_penalty_are_fine(penguins):
    fit_softmax_regression(*penguins, l2=1e-3)


def test_classes_that_overlap_are_not_called_separable():
    W, b = fit_softmax_regression([[1.0], [2.0], [3.0], [4.0]], [0, 1, 0, 1], l2=0, tol=1e-12)
    assert np.isfinite(W).all()
    assert b.sum() == pytest.approx(0, abs=1e-14)


def test_the_estimator_is_the_function_with_names_for_the_classes(penguins):
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
def test_the_weight_gradient_is_the_inputs_times_the_logits_gradient(seed, m, n, n_classes):
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
def test_two_logits_descend_as_one_at_twice_the_step_and_half_the_penalty(seed, rate, l2, keep):
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


def test_features_too_large_to_compute_with_end_in_a_convergence_warning():
    with pytest.warns(ConvergenceWarning):
        fit_softmax_regression(SMALL_X * 1e200, SMALL_Y)


@pytest.mark.parametrize(
    ("l2", "X"), [(1e-13, [[0.0], [1.0], [0.0], [1.0]]), (0, [[0.0], [0.0], [0.0], [0.0]])]
)
def test_only_a_positive_margin_without_any_penalty_is_called_separable(l2, X):
    with warnings.catch_warnings():
        warnings.simplefilter("error", SeparableDataWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit_softmax_regression(X, [0, 1, 0, 1], l2=l2)
