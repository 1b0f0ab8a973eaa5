"""Both models: the optimum a peer finds, gradients, determinism, what is refused."""

import copy
import math
import pickle
import tracemalloc
import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from softmax_lib import (
    Adam,
    ConvergenceWarning,
    EarlyStopping,
    GradientDescent,
    Momentum,
    SeparableDataWarning,
    SoftmaxNetwork,
    SoftmaxRegression,
    check_gradient,
    cross_entropy,
    cross_entropy_and_gradient,
    fit_softmax_regression,
    load_digits,
    load_penguins,
    make_blobs,
    make_spirals,
    sigmoid,
    softmax,
)
from softmax_lib.models import _newton
from softmax_lib.models import network as network_module

FITS = [
    lambda X, y: SoftmaxRegression().fit(X, y),
    lambda X, y: SoftmaxNetwork((3,), epochs=2, random_state=0).fit(X, y),
]
PARTIAL = [lambda X, y: SoftmaxNetwork((3,), random_state=0).partial_fit(X, y, classes=[0, 1, 2])]
FUNCTION = [lambda X, y: fit_softmax_regression(X, y)]
SMALL_X, SMALL_Y = make_blobs(8, 3, spread=2.0, random_state=0)


def standardised(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


def cost(X, y, W, b, l2):
    return cross_entropy(X @ W + b, y) + l2 / 2 * (W**2).sum()


def objective_gradient(X, y, W, b, l2):
    dZ = (softmax(X @ W + b) - np.eye(len(b))[y]) / len(y)
    return X.T @ dZ + l2 * W, dZ.sum(axis=0)


@pytest.fixture(scope="module")
def penguins():
    data = load_penguins()
    return standardised(data.X), data.y


@pytest.fixture(scope="module")
def digits():
    data = load_digits()
    return data.X[:700], data.y[:700]


# The convex model


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


@pytest.mark.parametrize(
    "labels", [["b", "a", "c"], np.array(["b", "a", "c"], object), [10, -3, 7], [0.5, 1.5, -2.5]]
)
@pytest.mark.parametrize(
    "make", [SoftmaxRegression, lambda: SoftmaxNetwork((), epochs=40, optimizer=Adam(0.1))]
)
def test_labels_of_any_kind_come_back_as_they_went_in(labels, make):
    X, y = make_blobs(20, 3, random_state=0)
    y = np.asarray(labels)[y]
    model = make().fit(X, y)
    assert model.classes_.tolist() == sorted(labels)
    assert model.score(X, y) > 0.9
    assert set(model.predict(X)) == set(labels)


def test_two_bool_classes_work():
    model = SoftmaxRegression().fit([[0.0], [1.0]], [False, True])
    assert model.predict([[0.0], [1.0]]).tolist() == [False, True]


# Newton's method underneath


def bowl_with_flat_sides(x):
    """The square root of 1 + x²: full Newton steps jump from x to -x³."""
    root = np.sqrt(1 + x @ x)
    return root, x / root, lambda v: v / root**3


@pytest.mark.parametrize("start", [0.5, 2.0, 100.0])
def test_a_newton_step_that_is_too_long_is_shortened(start):
    x, norm, _ = _newton.minimise(bowl_with_flat_sides, np.array([start]), tol=1e-12, max_iter=200)
    assert abs(x[0]) <= 1.01e-12
    assert norm <= 1e-12


def test_newton_starts_and_ends_at_an_optimum_without_a_step():
    start = np.zeros(1)
    x, norm, _ = _newton.minimise(bowl_with_flat_sides, start, tol=1e-12, max_iter=5)
    assert (x[0], norm) == (0, 0)
    assert x is not start


@given(st.integers(0, 2**32))
def test_conjugate_gradients_solve_a_singular_system_without_entering_its_flat_directions(seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(6, 3))
    matrix, right = A @ A.T, A @ rng.normal(size=3)
    x = _newton.conjugate_gradient(lambda v: matrix @ v, right, 1e-12)
    assert matrix @ x == pytest.approx(right, abs=1e-9)
    assert x == pytest.approx(np.linalg.pinv(matrix) @ right, rel=1e-4, abs=1e-4)


def test_where_all_is_flat_the_direction_is_the_slope_itself():
    right = np.array([1.0, -2.0])
    assert (_newton.conjugate_gradient(np.zeros_like, right, 1e-12) == right).all()


# The network


def test_descent_without_hidden_layers_reaches_the_convex_optimum():
    l2 = 0.1
    W, b = fit_softmax_regression(SMALL_X, SMALL_Y, l2=l2, tol=1e-12)
    network = SoftmaxNetwork(
        (), GradientDescent(0.3), batch_size=None, epochs=2500, l2=l2, random_state=0
    ).fit(SMALL_X, SMALL_Y)
    assert network.weights_[0] == pytest.approx(W, abs=1e-8)
    # Descent keeps the sum of the biases at its start, 0.
    assert network.biases_[0] == pytest.approx(b, abs=1e-8)
    best = cost(SMALL_X, SMALL_Y, W, b, l2)
    assert network.cost(SMALL_X, SMALL_Y) == pytest.approx(best, rel=1e-8)


@pytest.mark.parametrize("optimizer", [Momentum(0.03), Adam(0.01)])
def test_the_other_optimisers_reach_it_too(optimizer):
    W, b = fit_softmax_regression(SMALL_X, SMALL_Y, l2=0.1, tol=1e-12)
    network = SoftmaxNetwork(
        (), optimizer, batch_size=None, epochs=2500, l2=0.1, random_state=0
    ).fit(SMALL_X, SMALL_Y)
    best = cost(SMALL_X, SMALL_Y, W, b, 0.1)
    assert network.cost(SMALL_X, SMALL_Y) == pytest.approx(best, rel=1e-8)


@given(
    st.integers(0, 2**32),
    st.integers(2, 8),
    st.integers(1, 4),
    st.integers(2, 4),
    st.lists(st.integers(1, 5), max_size=3),
    st.sampled_from([0.0, 0.3]),
)
def test_every_parameter_moves_by_the_gradient_of_the_cost(seed, m, n, n_classes, hidden, l2):
    # One full-batch step at rate 1 is minus the gradient.
    rng = np.random.default_rng(seed)
    m = max(m, n_classes)
    X, y = rng.normal(size=(m, n)), rng.permutation(np.arange(m) % n_classes)
    network = SoftmaxNetwork(hidden, GradientDescent(1.0), batch_size=None, epochs=0, l2=l2)
    network.fit(X, y)
    parameters = [*network.weights_, *network.biases_]
    for array in parameters:
        array[:] = rng.normal(size=array.shape)
    A = X
    for W, b in zip(network.weights_[:-1], network.biases_[:-1], strict=True):
        assume(abs(A @ W + b).min() > 1e-3)  # no finite difference may carry over a kink
        A = np.maximum(A @ W + b, 0)
    before = [array.copy() for array in parameters]
    network.partial_fit(X, y)
    gradients = [start - end for start, end in zip(before, parameters, strict=True)]
    for array, start in zip(parameters, before, strict=True):
        array[:] = start
    for array, gradient in zip(parameters, gradients, strict=True):

        def cost_at(values, array=array):
            kept = array.copy()
            array[:] = values
            value = network.cost(X, y)
            array[:] = kept
            return value

        check_gradient(cost_at, gradient, array.copy())


def test_the_forward_pass_is_relu_layers_and_a_softmax():
    network = SoftmaxNetwork((5, 4), epochs=3, random_state=0).fit(SMALL_X, SMALL_Y)
    A = SMALL_X
    for W, b in zip(network.weights_[:-1], network.biases_[:-1], strict=True):
        A = np.where(A @ W + b > 0, A @ W + b, 0)
    Z = A @ network.weights_[-1] + network.biases_[-1]
    assert network.decision_function(SMALL_X) == pytest.approx(Z, rel=1e-13)
    assert network.predict_proba(SMALL_X) == pytest.approx(softmax(Z), rel=1e-13)
    assert (network.predict(SMALL_X) == Z.argmax(axis=1)).all()


def test_the_cost_is_the_mean_loss_plus_the_penalty_on_weights_alone():
    network = SoftmaxNetwork((5,), epochs=3, l2=0.7, random_state=0).fit(SMALL_X, SMALL_Y)
    loss = cross_entropy(network.decision_function(SMALL_X), SMALL_Y)
    penalty = 0.7 / 2 * sum((W**2).sum() for W in network.weights_)
    assert network.cost(SMALL_X, SMALL_Y) == pytest.approx(loss + penalty, rel=1e-14)


def test_the_first_loss_is_close_to_ln_c(digits):
    X, y = digits
    network = SoftmaxNetwork((64,), epochs=0, random_state=0).fit(X, y)
    assert network.cost(X, y) == pytest.approx(math.log(10), abs=0.02)
    assert network.history_ == {"epoch": [], "cost": []}


def test_hidden_weights_start_at_hes_size_and_biases_at_0():
    X = np.random.default_rng(0).normal(size=(10, 300))
    network = SoftmaxNetwork((200, 100), epochs=0, random_state=0).fit(X, np.arange(10) % 2)
    for W in network.weights_[:-1]:
        assert W.std() == pytest.approx(math.sqrt(2 / len(W)), rel=0.05)
    assert network.weights_[-1].std() == pytest.approx(0.01, rel=0.2)
    assert all((b == 0).all() for b in network.biases_)


def test_a_hidden_layer_solves_the_spiral_where_a_linear_model_fails():
    X, y = make_spirals(60, random_state=0)
    network = SoftmaxNetwork((32,), Adam(0.02), epochs=120, random_state=0).fit(X, y)
    assert SoftmaxRegression().fit(X, y).score(X, y) < 0.65
    assert network.score(X, y) > 0.95


def test_the_history_holds_every_epoch_and_the_cost_falls(digits):
    network = SoftmaxNetwork((16,), Adam(0.01), epochs=5, random_state=0).fit(*digits)
    assert list(network.history_) == ["epoch", "cost"]
    assert network.history_["epoch"] == [1, 2, 3, 4, 5]
    assert (np.diff(network.history_["cost"]) < 0).all()


def test_validation_data_are_recorded_and_measured_after_each_epoch(digits):
    X, y = digits
    network = SoftmaxNetwork((16,), epochs=4, l2=0.1, random_state=0).fit(
        X[:500], y[:500], validation_data=(X[500:], y[500:])
    )
    history = network.history_
    assert list(history) == ["epoch", "cost", "validation_loss", "validation_accuracy"]
    assert [len(values) for values in history.values()] == [4] * 4
    last = cross_entropy(network.decision_function(X[500:]), y[500:])
    assert history["validation_loss"][-1] == pytest.approx(last, rel=1e-14)
    assert history["validation_accuracy"][-1] == network.score(X[500:], y[500:])


def test_watching_validation_data_does_not_change_the_training(digits):
    X, y = digits
    alone = SoftmaxNetwork((8,), epochs=3, random_state=0).fit(X[:500], y[:500])
    watched = SoftmaxNetwork((8,), epochs=3, random_state=0).fit(
        X[:500], y[:500], validation_data=(X[500:], y[500:])
    )
    assert alone.history_["cost"] == watched.history_["cost"]


def test_the_same_seed_gives_the_same_model_and_another_seed_another():
    def fitted(seed):
        return SoftmaxNetwork((5,), epochs=3, random_state=seed).fit(SMALL_X, SMALL_Y)

    same, again, other = fitted(1), fitted(1), fitted(2)
    assert (same.predict_proba(SMALL_X) == again.predict_proba(SMALL_X)).all()
    assert same.history_ == again.history_
    assert (same.predict_proba(SMALL_X) != other.predict_proba(SMALL_X)).any()


def test_fitting_twice_starts_afresh():
    network = SoftmaxNetwork((5,), Momentum(0.05), epochs=3, random_state=1)
    first = network.fit(SMALL_X, SMALL_Y).predict_proba(SMALL_X)
    assert (network.fit(SMALL_X, SMALL_Y).predict_proba(SMALL_X) == first).all()
    assert network.history_["epoch"] == [1, 2, 3]


def test_one_optimiser_serves_two_fits_and_stays_as_it_was():
    optimizer = Adam(0.01)
    fits = [
        SoftmaxNetwork((5,), optimizer, epochs=3, random_state=1).fit(SMALL_X, SMALL_Y)
        for _ in range(2)
    ]
    assert fits[0].history_ == fits[1].history_
    assert optimizer == Adam(0.01)


def test_no_optimiser_means_adam():
    default = SoftmaxNetwork((5,), epochs=3, random_state=1).fit(SMALL_X, SMALL_Y)
    adam = SoftmaxNetwork((5,), Adam(), epochs=3, random_state=1).fit(SMALL_X, SMALL_Y)
    assert default.history_ == adam.history_
    assert default.optimizer is None


@pytest.mark.parametrize("dtype", [np.float32, np.float64, "float32"])
def test_the_dtype_holds_for_parameters_and_predictions(dtype):
    network = SoftmaxNetwork((5,), epochs=2, dtype=dtype, random_state=0).fit(SMALL_X, SMALL_Y)
    for array in (
        *network.weights_,
        *network.biases_,
        network.predict_proba(SMALL_X),
        network.decision_function(SMALL_X),
    ):
        assert array.dtype == dtype


def test_float32_training_follows_float64_training():
    def fitted(dtype):
        return SoftmaxNetwork((5,), epochs=5, dtype=dtype, random_state=0).fit(SMALL_X, SMALL_Y)

    costs = fitted(np.float32).history_["cost"], fitted(np.float64).history_["cost"]
    assert costs[0] == pytest.approx(costs[1], rel=1e-4)


def test_fitting_leaves_data_and_settings_as_they_were():
    X, y = SMALL_X.copy(), SMALL_Y.copy()
    X.flags.writeable = y.flags.writeable = False
    for fit in (*FITS, *PARTIAL):
        fit(X, y)
    network = SoftmaxNetwork(hidden=(3,), epochs=1, random_state=5)
    network.fit(X, y)
    assert (network.hidden, network.epochs, network.random_state) == ((3,), 1, 5)


def test_early_stopping_keeps_the_best_parameters(digits):
    X, y = digits
    network = SoftmaxNetwork((32,), Adam(0.05), epochs=60, random_state=0).fit(
        X[:100], y[:100], validation_data=(X[500:], y[500:]), callbacks=[EarlyStopping(3)]
    )
    losses = network.history_["validation_loss"]
    assert len(losses) < 60
    assert np.argmin(losses) == len(losses) - 4
    assert network.cost(X[500:], y[500:]) == pytest.approx(min(losses), rel=1e-13)


def test_a_diverging_network_warns_and_keeps_finite_parameters():
    network = SoftmaxNetwork((8,), GradientDescent(1e12), epochs=20, random_state=0)
    with pytest.warns(ConvergenceWarning, match="try a smaller learning_rate"):
        network.fit(SMALL_X, SMALL_Y)
    assert all(np.isfinite(W).all() for W in network.weights_)
    assert np.isfinite(network.history_["cost"]).all()


# partial_fit


def test_partial_fit_makes_one_pass_and_records_it():
    network = SoftmaxNetwork((5,), random_state=0)
    for _ in range(3):
        network.partial_fit(SMALL_X, SMALL_Y, classes=[0, 1, 2])
    assert network.history_["epoch"] == [1, 2, 3]
    assert len(network.history_["cost"]) == 3


def test_passes_of_partial_fit_are_the_epochs_of_fit():
    settings = {"hidden": (5,), "optimizer": Adam(0.01), "random_state": 0, "batch_size": 7}
    passes = SoftmaxNetwork(**settings)
    for _ in range(4):
        passes.partial_fit(SMALL_X, SMALL_Y, classes=[0, 1, 2])
    fitted = SoftmaxNetwork(epochs=4, **settings).fit(SMALL_X, SMALL_Y)
    assert passes.history_ == fitted.history_
    assert (passes.predict_proba(SMALL_X) == fitted.predict_proba(SMALL_X)).all()


def test_the_classes_are_needed_once_and_sorted():
    network = SoftmaxNetwork((5,), random_state=0)
    network.partial_fit(SMALL_X[:2], ["b", "b"], classes=["c", "b", "a"])
    network.partial_fit(SMALL_X[:2], ["a", "c"])
    assert network.classes_.tolist() == ["a", "b", "c"]
    assert network.predict_proba(SMALL_X).shape == (24, 3)


def test_a_batch_of_partial_fit_may_hold_one_class():
    network = SoftmaxNetwork((5,), Adam(0.05), random_state=0)
    for _ in range(60):
        for label in range(3):
            batch = np.equal(SMALL_Y, label)
            network.partial_fit(SMALL_X[batch], SMALL_Y[batch], classes=[0, 1, 2])
    assert network.score(SMALL_X, SMALL_Y) > 0.8


def test_partial_fit_without_classes_is_refused_on_the_first_call():
    with pytest.raises(ValueError, match=r"classes must list all labels on the first .*; got None"):
        SoftmaxNetwork().partial_fit([[1.0]], [0])


def test_partial_fit_refuses_a_label_that_no_class_has():
    network = SoftmaxNetwork((2,), random_state=0)
    with pytest.raises(ValueError, match="y must hold no class but 0, 1; got 2"):
        network.partial_fit([[1.0], [2.0]], [0, 2], classes=[0, 1])


def test_partial_fit_refuses_other_classes_later():
    network = SoftmaxNetwork((2,), random_state=0).partial_fit([[1.0]], [0], classes=[0, 1])
    with pytest.raises(ValueError, match="classes must be those of the first call, 0, 1"):
        network.partial_fit([[1.0]], [0], classes=[0, 1, 2])


def test_partial_fit_continues_a_fit():
    network = SoftmaxNetwork((5,), epochs=2, random_state=0).fit(SMALL_X, SMALL_Y)
    network.partial_fit(SMALL_X, SMALL_Y)
    assert network.history_["epoch"] == [1, 2, 3]
    longer = SoftmaxNetwork((5,), epochs=3, random_state=0).fit(SMALL_X, SMALL_Y)
    assert network.history_["cost"] == longer.history_["cost"]


def test_a_pass_that_diverges_is_not_recorded():
    network = SoftmaxNetwork((4,), GradientDescent(1e200), random_state=0)
    network.partial_fit(SMALL_X, SMALL_Y, classes=[0, 1, 2])
    with pytest.warns(ConvergenceWarning):
        network.partial_fit(SMALL_X, SMALL_Y)
    assert len(network.history_["epoch"]) == len(network.history_["cost"]) == 1


# Data in files


def peak_memory(action):
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("stored", "dtype"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.float64, np.float32),
        (np.float16, np.float64),
        (np.int16, np.float32),
    ],
)
def test_features_in_a_file_are_never_in_memory_as_a_whole(stored, dtype, tmp_path):
    shape = 40_000_000 // (2000 * np.dtype(stored).itemsize), 2000
    y = np.arange(shape[0]) % 2
    np.memmap(tmp_path / "X", stored, "w+", shape=shape)[:, 0] = y
    X = np.memmap(tmp_path / "X", stored, "r", shape=shape)
    network = SoftmaxNetwork((8,), Adam(0.1), epochs=1, random_state=0, dtype=dtype)
    for action in (
        lambda: network.fit(X, y, validation_data=(X, y)),
        lambda: network.partial_fit(X, y),
        lambda: network.predict(X),
    ):
        assert peak_memory(action) < X.nbytes / 8
    assert network.score(X, y) == 1


def test_features_of_every_kind_and_layout_train_the_same():
    X = np.arange(48).reshape(24, 2) % 7
    strided = np.zeros((24, 4))
    strided[:, ::2] = X
    fits = [
        SoftmaxNetwork((5,), epochs=3, random_state=0).fit(form, SMALL_Y)
        for form in (
            X.astype(float),
            X,
            X.astype(np.uint8),
            X.astype(np.float16),
            X.tolist(),
            np.asfortranarray(X, float),
            strided[:, ::2],
        )
    ]
    for network in fits[1:]:
        assert network.history_ == fits[0].history_
        assert (network.decision_function(X) == fits[0].decision_function(X)).all()


def test_many_rows_are_predicted_as_a_few_are():
    network = SoftmaxNetwork((5, 4), epochs=2, random_state=0).fit(SMALL_X, SMALL_Y)
    X = np.random.default_rng(0).normal(size=(60_000, 2))
    parts = [network.decision_function(part) for part in np.array_split(X, 7)]
    np.testing.assert_allclose(
        network.decision_function(X), np.concatenate(parts), rtol=1e-12, atol=1e-14
    )


@pytest.mark.parametrize("row", [0, 70_000, 199_999])
@pytest.mark.parametrize("number", [np.nan, -np.inf])
def test_a_number_that_is_not_finite_is_found_wherever_it_is(row, number):
    X = np.zeros((200_000, 2), np.float32)
    X[row, 1] = number
    with pytest.raises(ValueError, match=f"X must be finite; got {number} at row {row}, column 1"):
        SoftmaxNetwork().fit(X, np.arange(200_000) % 2)


# The same again


def parameters_of(network):
    return np.concatenate([array.ravel() for array in (*network.weights_, *network.biases_)])


@pytest.mark.parametrize("optimizer", [GradientDescent(0.1), Momentum(0.1), Adam(0.01)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_same_seed_gives_the_same_parameters_to_the_last_bit(optimizer, dtype):
    settings = {
        "hidden": (5, 4),
        "optimizer": optimizer,
        "batch_size": 7,
        "epochs": 4,
        "random_state": 3,
        "dtype": dtype,
    }
    network = SoftmaxNetwork(**settings).fit(SMALL_X, SMALL_Y)
    once = parameters_of(network)
    again = parameters_of(SoftmaxNetwork(**settings).fit(SMALL_X, SMALL_Y))
    assert once.tobytes() == again.tobytes()
    assert once.tobytes() == parameters_of(network.fit(SMALL_X, SMALL_Y)).tobytes()
    stream = SoftmaxNetwork(**settings)
    for _ in range(4):
        stream.partial_fit(SMALL_X, SMALL_Y, classes=[0, 1, 2])
    assert once.tobytes() == parameters_of(stream).tobytes()


def test_a_generator_moves_on_from_fit_to_fit():
    def two_fits(rng):
        network = SoftmaxNetwork((5,), epochs=1, random_state=rng)
        return [parameters_of(network.fit(SMALL_X, SMALL_Y)).tobytes() for _ in range(2)]

    first, second = two_fits(np.random.default_rng(3))
    assert first != second
    assert [first, second] == two_fits(np.random.default_rng(3))
    seeded = SoftmaxNetwork((5,), epochs=1, random_state=3).fit(SMALL_X, SMALL_Y)
    assert first == parameters_of(seeded).tobytes()


# Steps against their formula


@pytest.mark.parametrize("batch_size", [1, 7, 24, 1000, None])
@pytest.mark.parametrize("hidden", [(), (5,), (4, 3)])
def test_training_is_the_textbook_loop(hidden, batch_size):
    l2, rate = 0.1, 0.2
    network = SoftmaxNetwork(
        hidden, GradientDescent(rate), batch_size=batch_size, epochs=3, l2=l2, random_state=0
    ).fit(SMALL_X, SMALL_Y)
    rng, m = np.random.default_rng(0), len(SMALL_X)
    sizes = [2, *hidden, 3]
    scales = [*np.sqrt(2 / np.array(sizes[:-2], float)), 0.01]
    W = [
        rng.standard_normal((n, k)) * scale
        for n, k, scale in zip(sizes[:-1], sizes[1:], scales, strict=True)
    ]
    b = [np.zeros(k) for k in sizes[1:]]
    for _ in range(3):
        order = np.arange(m) if batch_size is None else rng.permutation(m)
        for start in range(0, m, batch_size or m):
            rows = order[start : start + (batch_size or m)]
            A = [SMALL_X[rows]]
            for i in range(len(hidden)):
                A.append(np.maximum(A[i] @ W[i] + b[i], 0))
            D = cross_entropy_and_gradient(A[-1] @ W[-1] + b[-1], SMALL_Y[rows])[1]
            for i in reversed(range(len(W))):
                dW, db = A[i].T @ D + l2 * W[i], D.sum(axis=0)
                D = (D @ W[i].T) * (A[i] > 0)
                W[i], b[i] = W[i] - rate * dW, b[i] - rate * db
    for arrays, expected in ((network.weights_, W), (network.biases_, b)):
        for array, values in zip(arrays, expected, strict=True):
            np.testing.assert_allclose(array, values, rtol=1e-10, atol=1e-12)


def test_a_batch_larger_than_the_data_is_all_of_the_data():
    fits = [
        SoftmaxNetwork((5,), batch_size=size, epochs=3, random_state=0).fit(SMALL_X, SMALL_Y)
        for size in (len(SMALL_X), 10**12)
    ]
    assert fits[0].history_ == fits[1].history_


@given(
    st.integers(0, 2**32),
    st.integers(1, 9),
    st.integers(1, 12),
    st.sampled_from([0.0, 1.0, 50.0, 1e4, 1e30]),
    st.sampled_from([np.float32, np.float64]),
)
def test_the_loss_of_a_batch_is_cross_entropy(seed, size, n_classes, spread, dtype):
    rng = np.random.default_rng(seed)
    batch = network_module._Batch(size, [2, n_classes], dtype)
    batch.activations[-1][:] = rng.normal(size=(size, n_classes)) * spread
    labels = rng.integers(n_classes, size=size)
    loss, dZ = cross_entropy_and_gradient(batch.activations[-1], labels)
    rtol = 1000 * float(np.finfo(dtype).eps)
    assert batch.mean_loss(labels) == pytest.approx(loss, rel=rtol, abs=0)
    np.testing.assert_allclose(batch.dZ, dZ, rtol=rtol, atol=1e-36)  # where float32 thins out
    assert batch.dZ.dtype == dtype


def test_an_example_that_is_certain_still_teaches():
    # Logits 40 and 0 for the truth and the other: the derivative is far below the last digit of 1.
    network = SoftmaxNetwork((), GradientDescent(1.0), epochs=0).partial_fit(
        [[0.0]], [0], classes=[0, 1]
    )
    network.weights_[0][:] = [[40.0, 0.0]]
    network.biases_[0][:] = 0
    network.partial_fit([[1.0]], [0])
    assert network.biases_[0] == pytest.approx([np.exp(-40), -np.exp(-40)], rel=1e-12, abs=0)
    assert network.history_["cost"][-1] == pytest.approx(np.exp(-40), rel=1e-12, abs=0)


def test_an_example_without_hope_costs_what_it_should():
    network = SoftmaxNetwork((), GradientDescent(1.0)).partial_fit([[0.0]], [0], classes=[0, 1])
    network.weights_[0][:] = [[-2000.0, 0.0]]
    network.biases_[0][:] = 0
    network.partial_fit([[1.0]], [0])
    assert network.history_["cost"][-1] == 2000
    assert network.biases_[0].tolist() == [1, -1]


@pytest.mark.parametrize("optimizer", [GradientDescent(0.1), Momentum(0.1), Adam(0.01)])
def test_no_array_of_a_float32_network_is_wider(optimizer):
    network = SoftmaxNetwork(
        (5,), optimizer, epochs=2, l2=np.float64(0.1), random_state=0, dtype=np.float32
    )
    network.fit(SMALL_X, SMALL_Y).partial_fit(SMALL_X, SMALL_Y)
    kept = pickle.loads(pickle.dumps(network))
    for model in network, kept:
        arrays = [
            value
            for value in (
                *vars(model).values(),
                *model._state.values(),
                *model.weights_,
                *model.biases_,
            )
            if isinstance(value, np.ndarray) and value.dtype.kind == "f"
        ]
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


# Interruptions


def interrupt_in_epoch(number):
    def callback(record, _):
        if record["epoch"] == number:
            raise KeyboardInterrupt

    return callback


def test_an_interrupted_fit_leaves_a_model_to_use_and_to_train_on():
    network = SoftmaxNetwork((5,), epochs=9, random_state=0)
    with pytest.raises(KeyboardInterrupt):
        network.fit(SMALL_X, SMALL_Y, callbacks=[interrupt_in_epoch(3)])
    shorter = SoftmaxNetwork((5,), epochs=3, random_state=0).fit(SMALL_X, SMALL_Y)
    assert network.history_ == shorter.history_
    assert (network.predict_proba(SMALL_X) == shorter.predict_proba(SMALL_X)).all()
    assert network.partial_fit(SMALL_X, SMALL_Y).history_["epoch"] == [1, 2, 3, 4]


def interrupted_once(monkeypatch):
    """Ctrl-C in the second step, once."""
    step, steps = Adam.step, []

    def interrupted(self, *arguments):
        steps.append(1)
        if len(steps) == 2:
            raise KeyboardInterrupt
        step(self, *arguments)

    monkeypatch.setattr(Adam, "step", interrupted)


def test_an_interrupted_pass_leaves_no_trace(monkeypatch):
    network, twin = (
        SoftmaxNetwork((5,), batch_size=6, random_state=0).partial_fit(
            SMALL_X, SMALL_Y, classes=[0, 1, 2]
        )
        for _ in range(2)
    )
    twin.partial_fit(SMALL_X, SMALL_Y)
    interrupted_once(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        network.partial_fit(SMALL_X, SMALL_Y)
    network.partial_fit(SMALL_X, SMALL_Y)
    assert network.history_ == twin.history_
    assert (network.predict_proba(SMALL_X) == twin.predict_proba(SMALL_X)).all()


def test_an_interrupted_first_pass_leaves_no_fitted_model(monkeypatch):
    network = SoftmaxNetwork((5,), batch_size=6, random_state=0)
    interrupted_once(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        network.partial_fit(SMALL_X, SMALL_Y, classes=[0, 1, 2])
    with pytest.raises(ValueError, match="must be fitted first"):
        network.predict(SMALL_X)


def test_an_interrupted_second_fit_does_not_keep_the_history_of_the_first():
    network = SoftmaxNetwork((5,), epochs=9, random_state=0).fit(SMALL_X, SMALL_Y)
    with pytest.raises(KeyboardInterrupt):
        network.fit(SMALL_X, SMALL_Y, callbacks=[interrupt_in_epoch(1)])
    assert network.history_["epoch"] == [1]


@pytest.mark.parametrize("optimizer", [GradientDescent(0.1), Momentum(0.1)])
def test_one_bad_batch_of_a_stream_does_no_harm_to_those_after_it(optimizer):
    def fed(*batches):
        network = SoftmaxNetwork((), optimizer, batch_size=12, random_state=0)
        for X in batches:
            network.partial_fit(X, SMALL_Y, classes=[0, 1, 2])
        return network

    with pytest.warns(ConvergenceWarning, match="training stopped in epoch 1"):
        network = fed(SMALL_X, SMALL_X * 1e200, SMALL_X)
    alone = fed(SMALL_X)
    assert network.history_["cost"][0] == alone.history_["cost"][0]
    assert len(network.history_["cost"]) == 2
    alone.partial_fit(SMALL_X, SMALL_Y)
    assert network.history_ == alone.history_


def test_callbacks_that_are_none_are_refused_before_anything_changes():
    network = SoftmaxNetwork((3,), epochs=1, random_state=0)
    with pytest.raises(TypeError, match="callbacks must be"):
        network.fit(SMALL_X, SMALL_Y, callbacks=[3])
    with pytest.raises(ValueError, match="must be fitted first"):
        network.predict(SMALL_X)


# What is refused

BAD_X = [
    ([[1, np.nan], [2, 3]], ValueError, "X must be finite; got nan at row 0, column 1"),
    ([[1, 2], [np.inf, 3]], ValueError, "X must be finite; got inf at row 1, column 0"),
    (np.empty((0, 2)), ValueError, r"X must hold at least one example.*empty.*\(0, 2\)"),
    (np.empty((2, 0)), ValueError, r"X must hold at least one example.*empty.*\(2, 0\)"),
    ([], ValueError, r"X must have shape \(m, n\).*got \(0,\)"),
    ([1.0, 2.0], ValueError, r"X must have shape \(m, n\).*got \(2,\)"),
    (np.zeros((2, 2, 2)), ValueError, r"X must have shape \(m, n\).*got \(2, 2, 2\)"),
    ([[1, 2], [3]], ValueError, "X must be a rectangular array; got a ragged list"),
    ([["a", "b"], ["c", "d"]], TypeError, "X must hold real numbers; got dtype <U1"),
    ([[1j, 2], [3, 4]], TypeError, "X must hold real numbers; got dtype complex128"),
    ([[None, 2], [3, 4]], TypeError, "X must hold real numbers; got dtype object"),
]
BAD_Y = [
    ([0], ValueError, r"y must have shape \(2,\), one label for each row of X; got \(1,\)"),
    ([0, 1, 0], ValueError, r"y must have shape \(2,\).*got \(3,\)"),
    ([[0], [1]], ValueError, r"y must have shape \(2,\).*got \(2, 1\)"),
    ([[1, 0], [0, 1]], ValueError, r"y must have shape \(2,\).*got \(2, 2\)"),
    ([[0], [0, 1]], ValueError, "y must be a flat list of labels; got a ragged list"),
    ([0, np.nan], ValueError, "y must be finite; got nan"),
    ([0, None], TypeError, "y must hold numbers or strings; got dtype object"),
    ([0, 1j], TypeError, "y must hold numbers or strings; got dtype complex128"),
]
TWO_BY_TWO = [[0.0, 1.0], [1.0, 0.0]]


@pytest.mark.parametrize("fit", [*FITS, *FUNCTION, *PARTIAL])
@pytest.mark.parametrize(("X", "error", "message"), BAD_X)
def test_bad_features_are_named(fit, X, error, message):
    with pytest.raises(error, match=message):
        fit(X, [0, 1])


@pytest.mark.parametrize("fit", [*FITS, *FUNCTION, *PARTIAL])
@pytest.mark.parametrize(("y", "error", "message"), BAD_Y)
def test_bad_labels_are_named(fit, y, error, message):
    with pytest.raises(error, match=message):
        fit(TWO_BY_TWO, y)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(("y", "shown"), [([7, 7], "7"), (["cat", "cat"], "cat")])
def test_fit_refuses_one_class_only(fit, y, shown):
    with pytest.raises(ValueError, match=f"y must hold at least two classes; got only {shown}"):
        fit(TWO_BY_TWO, y)


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


@pytest.mark.parametrize(
    ("setting", "error", "message"),
    [
        ({"hidden": (0,)}, ValueError, "hidden must be at least 1; got 0"),
        ({"hidden": (2.5,)}, TypeError, r"hidden must be an integer; got 2\.5"),
        ({"hidden": 64}, TypeError, "hidden must be a tuple .*; got 64"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1; got 0"),
        ({"batch_size": 0.5}, TypeError, r"batch_size must be an integer; got 0\.5"),
        ({"epochs": -1}, ValueError, "epochs must be at least 0; got -1"),
        ({"epochs": "3"}, TypeError, "epochs must be an integer; got '3'"),
        ({"l2": -1}, ValueError, "l2 must be finite and at least 0; got -1"),
        ({"dtype": np.float16}, ValueError, "dtype must be float32 or float64; got float16"),
        ({"dtype": complex}, ValueError, "dtype must be float32 or float64; got complex128"),
        (
            {"optimizer": "adam"},
            TypeError,
            "methods start and step; got str, which lacks start and",
        ),
        ({"optimizer": Adam}, TypeError, "optimizer must be an object .*; got the class Adam"),
    ],
)
def test_settings_of_the_network_are_checked(setting, error, message):
    with pytest.raises(error, match=message):
        SoftmaxNetwork(**{"hidden": (3,), **setting}).fit(SMALL_X, SMALL_Y)


@pytest.mark.parametrize("model", [SoftmaxRegression(), SoftmaxNetwork()])
@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_an_unfitted_model_says_so(model, method):
    with pytest.raises(ValueError, match=f"this {type(model).__name__} must be fitted first"):
        getattr(model, method)(SMALL_X)
    with pytest.raises(ValueError, match="must be fitted first"):
        model.score(SMALL_X, SMALL_Y)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_prediction_checks_its_features(fit, method):
    predict = getattr(fit(SMALL_X, SMALL_Y), method)
    with pytest.raises(ValueError, match="X must have 2 features, as in fit; got 3"):
        predict(np.zeros((4, 3)))
    with pytest.raises(ValueError, match="X must be finite; got nan"):
        predict([[0, np.nan]])
    with pytest.raises(ValueError, match=r"X must have shape \(m, n\)"):
        predict([0, 1])


def test_validation_data_are_checked_like_training_data():
    network = SoftmaxNetwork((3,), epochs=1, random_state=0)
    with pytest.raises(ValueError, match="the X of validation_data must have 2 features"):
        network.fit(SMALL_X, SMALL_Y, validation_data=(np.zeros((2, 3)), [0, 1]))
    with pytest.raises(
        ValueError, match="the y of validation_data must hold no class but 0, 1, 2; got 5"
    ):
        network.fit(SMALL_X, SMALL_Y, validation_data=(SMALL_X[:2], [0, 5]))


def test_strings_are_no_classes_of_an_integer_model():
    network = SoftmaxNetwork((3,), epochs=1, random_state=0).fit(SMALL_X, SMALL_Y)
    with pytest.raises(ValueError, match="y must hold no class but 0, 1, 2; got 0"):
        network.partial_fit(SMALL_X[:2], ["0", "1"])


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


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_of_a_network_trains_on_by_itself(copied):
    network = SoftmaxNetwork((3,), epochs=2, random_state=0).fit(SMALL_X, SMALL_Y)
    before = network.predict_proba(SMALL_X)
    twin = copied(network).partial_fit(SMALL_X, SMALL_Y)
    assert (network.predict_proba(SMALL_X) == before).all()
    trained_on = network.partial_fit(SMALL_X, SMALL_Y).predict_proba(SMALL_X)
    assert (twin.predict_proba(SMALL_X) == trained_on).all()
    assert (trained_on != before).any()


@pytest.mark.parametrize(
    ("validation_data", "message"),
    [
        ((SMALL_X[:, :1], SMALL_Y), "the X of validation_data must have 2 features"),
        ((SMALL_X, SMALL_Y + 7), "the y of validation_data must hold no class but 0, 1, 2; got 7"),
        ((SMALL_X,), "validation_data must be a pair"),
        (SMALL_X, "validation_data must be a pair"),
    ],
)
def test_refused_validation_data_leave_the_network_as_it_was(validation_data, message):
    network = SoftmaxNetwork((3,), epochs=1, random_state=0)
    with pytest.raises(ValueError, match=message):
        network.fit(SMALL_X, SMALL_Y, validation_data=validation_data)
    with pytest.raises(ValueError, match="must be fitted first"):
        network.predict(SMALL_X)


def test_all_columns_of_the_history_stay_as_long_as_each_other():
    network = SoftmaxNetwork((3,), epochs=2, random_state=0)
    network.fit(SMALL_X, SMALL_Y, validation_data=(SMALL_X, SMALL_Y))
    network.partial_fit(SMALL_X, SMALL_Y)
    assert {len(values) for values in network.history_.values()} == {3}
    assert math.isnan(network.history_["validation_loss"][-1])


def test_features_too_large_to_compute_with_end_in_a_convergence_warning():
    with pytest.warns(ConvergenceWarning):
        fit_softmax_regression(SMALL_X * 1e200, SMALL_Y)


def test_a_failed_first_call_of_partial_fit_leaves_nothing_behind():
    network = SoftmaxNetwork((3,), random_state=0)
    with pytest.raises(ValueError, match="y must hold no class but 0, 1; got 2"):
        network.partial_fit(SMALL_X, SMALL_Y, classes=[0, 1])
    with pytest.raises(ValueError, match="must be fitted first"):
        network.predict(SMALL_X)
    assert network.partial_fit(SMALL_X, SMALL_Y, classes=[0, 1, 2]).score(SMALL_X, SMALL_Y) >= 0


@pytest.mark.parametrize(
    ("classes", "error"),
    [
        ([], ValueError),
        (3, ValueError),
        ([[0, 1, 2]], ValueError),
        ([[0], [1, 2]], ValueError),
        ([0, None], TypeError),
    ],
)
def test_classes_that_are_no_list_of_labels_are_named(classes, error):
    with pytest.raises(error, match="classes must "):
        SoftmaxNetwork((3,)).partial_fit(SMALL_X, SMALL_Y, classes=classes)


@pytest.mark.parametrize(
    "make",
    [
        lambda: SoftmaxRegression(l2=0).fit([[0.0], [5.0]], [0, 1]),
        lambda: SoftmaxRegression(max_iter=1).fit(SMALL_X, SMALL_Y),
        lambda: SoftmaxNetwork((), GradientDescent(1e308), random_state=0).fit(SMALL_X, SMALL_Y),
    ],
)
def test_a_warning_points_at_the_line_that_called_fit(make):
    with warnings.catch_warnings(record=True) as record:
        warnings.simplefilter("always")
        make()
    assert {warning.filename for warning in record} == {__file__}


def test_what_was_fitted_counts_and_not_what_a_setting_says_later(tmp_path):
    network = SoftmaxNetwork((3,), epochs=1, random_state=0).fit(SMALL_X, SMALL_Y)
    network.hidden, network.dtype = (9,), np.float32
    network.save(tmp_path / "model.npz")
    for twin in copy.deepcopy(network), SoftmaxNetwork.load(tmp_path / "model.npz"):
        assert len(twin.biases_[0]) == 3
        assert twin.weights_[0].dtype == np.float64


def test_features_that_do_not_fit_the_precision_are_named():
    network = SoftmaxNetwork((3,), epochs=1, dtype=np.float32, random_state=0)
    with pytest.raises(ValueError, match=r"X must fit float32; got 1e\+300 at row 1, column 0"):
        network.fit([[0.0], [1e300]], [0, 1])
    network.fit([[0.0], [1.0]], [0, 1])
    with pytest.raises(ValueError, match="X must fit float32"):
        network.predict([[1e300]])


def test_logits_that_overflow_decide_nothing():
    model = SoftmaxRegression().fit([[0.0], [1.0]], [0, 1])
    model.W_ = model.W_ * 1e10
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="X must be small enough"):
        model.predict([[1e308]])


@pytest.mark.parametrize(
    ("l2", "X"), [(1e-13, [[0.0], [1.0], [0.0], [1.0]]), (0, [[0.0], [0.0], [0.0], [0.0]])]
)
def test_only_a_positive_margin_without_any_penalty_is_called_separable(l2, X):
    with warnings.catch_warnings():
        warnings.simplefilter("error", SeparableDataWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit_softmax_regression(X, [0, 1, 0, 1], l2=l2)


@pytest.mark.parametrize("callbacks", [None, 3, [3], "stop"])
def test_callbacks_are_functions(callbacks):
    with pytest.raises(TypeError, match="callbacks must be a list of functions"):
        SoftmaxNetwork((3,), random_state=0).fit(SMALL_X, SMALL_Y, callbacks=callbacks)


def test_score_names_the_labels_that_do_not_fit():
    model = SoftmaxRegression().fit(SMALL_X, SMALL_Y)
    with pytest.raises(ValueError, match=r"y must have shape \(24,\), one label for each row of X"):
        model.score(SMALL_X, SMALL_Y[:5])
