"""The network: gradients, determinism, passes, files, interruptions, what is refused."""

import copy
import math
import pickle
import tracemalloc

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import sparse

from softmax_lib import (
    Adam,
    ConvergenceWarning,
    EarlyStopping,
    GradientDescent,
    Momentum,
    SoftmaxNetwork,
    SoftmaxRegression,
    check_gradient,
    cross_entropy,
    cross_entropy_and_gradient,
    fit_softmax_regression,
    make_spirals,
    softmax,
)
from softmax_lib.models import network as network_module
from tests.support.models import FITS, PARTIAL, SMALL_X, SMALL_Y, cost


def test_descent_without_hidden_layers_is_at_the_optimum():
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


def test_the_cost_is_mean_loss_plus_penalty_on_weights_alone():
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


def test_a_hidden_layer_solves_the_spiral_and_no_linear_model():
    X, y = make_spirals(60, random_state=0)
    network = SoftmaxNetwork((32,), Adam(0.02), epochs=120, random_state=0).fit(X, y)
    assert SoftmaxRegression().fit(X, y).score(X, y) < 0.65
    assert network.score(X, y) > 0.95


def test_the_history_holds_every_epoch_and_the_cost_falls(digits):
    network = SoftmaxNetwork((16,), Adam(0.01), epochs=5, random_state=0).fit(*digits)
    assert list(network.history_) == ["epoch", "cost"]
    assert network.history_["epoch"] == [1, 2, 3, 4, 5]
    assert (np.diff(network.history_["cost"]) < 0).all()


def test_validation_data_are_measured_after_each_epoch(digits):
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


def test_a_seed_gives_one_model_and_another_seed_another():
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


def test_a_first_partial_fit_without_classes_is_refused():
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


def peak_memory(action):
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# Data in files


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


def parameters_of(network):
    return np.concatenate([array.ravel() for array in (*network.weights_, *network.biases_)])


# The same again


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
    batch.Z[:] = rng.normal(size=(size, n_classes)) * spread
    labels = rng.integers(n_classes, size=size)
    loss, dZ = cross_entropy_and_gradient(batch.Z, labels)
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


def interrupt_in_epoch(number):
    def callback(record, _):
        if record["epoch"] == number:
            raise KeyboardInterrupt

    return callback


# Interruptions


def test_an_interrupted_fit_leaves_a_model_to_use_and_train():
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


def test_an_interrupted_second_fit_drops_the_first_history():
    network = SoftmaxNetwork((5,), epochs=9, random_state=0).fit(SMALL_X, SMALL_Y)
    with pytest.raises(KeyboardInterrupt):
        network.fit(SMALL_X, SMALL_Y, callbacks=[interrupt_in_epoch(1)])
    assert network.history_["epoch"] == [1]


@pytest.mark.parametrize("optimizer", [GradientDescent(0.1), Momentum(0.1)])
def test_one_bad_batch_of_a_stream_harms_no_later_one(optimizer):
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


def test_wrong_callbacks_are_refused_before_anything_changes():
    network = SoftmaxNetwork((3,), epochs=1, random_state=0)
    with pytest.raises(TypeError, match="callbacks must be"):
        network.fit(SMALL_X, SMALL_Y, callbacks=[3])
    with pytest.raises(ValueError, match="must be fitted first"):
        network.predict(SMALL_X)


# What is refused


@pytest.mark.parametrize(
    ("setting", "error", "message"),
    [
        ({"hidden": (0,)}, ValueError, "hidden must be at least 1; got 0"),
        ({"hidden": (2.5,)}, TypeError, r"hidden must be an integer; got 2\.5"),
        ({"hidden": 64}, TypeError, "hidden must be a sequence of integers, .*; got 64"),
        ({"hidden": "64"}, TypeError, "hidden must be a sequence of integers, .*; got '64'"),
        ({"hidden": {8: 4}}, TypeError, "hidden must be a sequence of integers"),
        ({"hidden": np.array(8)}, TypeError, "hidden must be a sequence of integers"),
        ({"hidden": [[4, 4]]}, TypeError, "hidden must be an integer"),
        ({"hidden": np.array([4.0])}, TypeError, "hidden must be an integer"),
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
    with pytest.raises(ValueError, match="y must be numbers, like the classes; got text"):
        network.partial_fit(SMALL_X[:2], ["0", "1"])


# Copies and refusals


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))]
)
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


def test_a_failed_first_partial_fit_leaves_nothing_behind():
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
        ([0, None], ValueError),
    ],
)
def test_classes_that_are_no_list_of_labels_are_named(classes, error):
    with pytest.raises(error, match="classes must "):
        SoftmaxNetwork((3,)).partial_fit(SMALL_X, SMALL_Y, classes=classes)


def test_what_was_fitted_counts_whatever_is_set_later(tmp_path):
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


@pytest.mark.parametrize("callbacks", [None, 3, [3], "stop"])
def test_callbacks_are_functions(callbacks):
    with pytest.raises(TypeError, match="callbacks must be a list of functions"):
        SoftmaxNetwork((3,), random_state=0).fit(SMALL_X, SMALL_Y, callbacks=callbacks)


# Weights


WEIGHTED = [
    {"hidden": ()},
    {"hidden": (5,)},
    {"hidden": (4, 3), "l2": 0.1},
    {"hidden": (5,), "dtype": np.float32},
]
COUNTS = np.arange(24) % 4  # some weigh nothing


def fit_by_weight(settings, counts, **weights):
    """Fits to weighted rows, and to as many copies of them, on whole batches."""
    settings = {"batch_size": None, "epochs": 4, "random_state": 0, **settings}
    X, y = np.repeat(SMALL_X, counts, axis=0), np.repeat(SMALL_Y, counts)
    weighted = SoftmaxNetwork(**settings).fit(SMALL_X, SMALL_Y, counts, **weights)
    return weighted, SoftmaxNetwork(**settings).fit(X, y), X, y


@pytest.mark.parametrize("settings", WEIGHTED)
def test_a_whole_weight_is_that_many_copies_of_the_row(settings):
    weighted, repeated, X, y = fit_by_weight(settings, COUNTS)
    tolerance = 1e-12 if weighted.dtype == np.float64 else 1e-5
    for ours, theirs in zip(weighted.weights_, repeated.weights_, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(weighted.history_["cost"], repeated.history_["cost"], rtol=tolerance)
    assert weighted.cost(SMALL_X, SMALL_Y, COUNTS) == pytest.approx(
        repeated.cost(X, y), rel=tolerance
    )
    assert weighted.score(SMALL_X, SMALL_Y, COUNTS) == pytest.approx(weighted.score(X, y))


def test_a_pass_over_weighted_rows_is_one_over_their_copies():
    passes = [
        SoftmaxNetwork((5,), batch_size=None, random_state=0).partial_fit(*data)
        for data in (
            (SMALL_X, SMALL_Y, [0, 1, 2], COUNTS),
            (np.repeat(SMALL_X, COUNTS, axis=0), np.repeat(SMALL_Y, COUNTS), [0, 1, 2]),
        )
    ]
    np.testing.assert_allclose(*(network.weights_[0] for network in passes), rtol=1e-12)


@pytest.mark.parametrize("batch_size", [5, None])
def test_rows_without_weight_are_as_if_they_were_not_there(batch_size):
    settings = {"hidden": (5,), "batch_size": batch_size, "epochs": 3, "random_state": 0}
    kept = COUNTS > 0
    without = SoftmaxNetwork(**settings).fit(SMALL_X[kept], SMALL_Y[kept])
    beside = SoftmaxNetwork(**settings).fit(SMALL_X, SMALL_Y, kept)
    assert without.history_ == beside.history_
    assert parameters_of(without).tobytes() == parameters_of(beside).tobytes()


def test_a_class_without_weight_is_no_class():
    network = SoftmaxNetwork((3,), epochs=1, random_state=0)
    assert network.fit(SMALL_X, SMALL_Y, SMALL_Y != 1).classes_.tolist() == [0, 2]
    with pytest.raises(ValueError, match="y must hold at least two classes; got only 1"):
        network.fit(SMALL_X, SMALL_Y, SMALL_Y == 1)


@pytest.mark.parametrize("scale", [2.0, 0.1, 1e-300, 1e300, 3])
@pytest.mark.parametrize("batch_size", [5, None])
def test_only_the_ratios_of_weights_count(scale, batch_size):
    settings = {"hidden": (5,), "batch_size": batch_size, "epochs": 3, "random_state": 0}
    weights = np.random.default_rng(0).random(24)
    fits = [SoftmaxNetwork(**settings).fit(SMALL_X, SMALL_Y, w) for w in (weights, scale * weights)]
    np.testing.assert_allclose(*map(parameters_of, fits), rtol=1e-10, atol=1e-12)
    alike = SoftmaxNetwork(**settings).fit(SMALL_X, SMALL_Y, np.full(24, scale))
    without = SoftmaxNetwork(**settings).fit(SMALL_X, SMALL_Y)
    assert parameters_of(alike).tobytes() == parameters_of(without).tobytes()


def test_the_mean_over_the_batches_is_the_weighted_cost():
    weights = np.random.default_rng(0).random(24)
    network = SoftmaxNetwork(
        (5,), GradientDescent(1e-300), batch_size=5, epochs=1, l2=0.1, random_state=0
    ).fit(SMALL_X, SMALL_Y, weights)
    cost = network.cost(SMALL_X, SMALL_Y, weights)
    assert network.history_["cost"] == [pytest.approx(cost, rel=1e-12)]


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        (np.ones(23), ValueError, r"sample_weight must have shape \(24,\)"),
        (np.ones((24, 1)), ValueError, r"sample_weight must have shape \(24,\)"),
        (1.0, ValueError, r"sample_weight must have shape \(24,\)"),
        (-np.ones(24), ValueError, "sample_weight must be finite and not negative"),
        (np.full(24, np.nan), ValueError, "sample_weight must be finite and not negative"),
        (np.zeros(24), ValueError, "sample_weight must be above zero for some example"),
        (["heavy"] * 24, TypeError, "sample_weight must hold real numbers"),
    ],
)
def test_weights_are_checked(weights, error, message):
    network = SoftmaxNetwork((3,), epochs=1, random_state=0)
    calls = [
        lambda: network.fit(SMALL_X, SMALL_Y, weights),
        lambda: network.partial_fit(SMALL_X, SMALL_Y, [0, 1, 2], weights),
    ]
    for call in calls:
        with pytest.raises(error, match=message):
            call()
        with pytest.raises(ValueError, match="must be fitted first"):
            network.predict(SMALL_X)
    network.fit(SMALL_X, SMALL_Y)
    for call in network.cost, network.score:
        with pytest.raises(error, match=message):
            call(SMALL_X, SMALL_Y, weights)


def test_weighted_features_of_a_file_are_never_all_in_memory(tmp_path):
    y = np.arange(2500) % 2
    np.memmap(tmp_path / "X", np.float64, "w+", shape=(2500, 2000))[:, 0] = y
    X = np.memmap(tmp_path / "X", np.float64, "r", shape=(2500, 2000))
    network = SoftmaxNetwork((8,), Adam(0.1), epochs=1, random_state=0)
    weights = np.arange(2500) % 3
    assert peak_memory(lambda: network.fit(X, y, weights)) < X.nbytes / 8


# Weights of classes


BY_LABEL = {"cat": 3.0, "owl": 0.5}
CATS = np.array(["cat", "dog", "owl"])[SMALL_Y]
UNEVEN = np.flatnonzero(np.arange(24) % 8 < 2 + 2 * SMALL_Y)


@pytest.mark.parametrize(
    ("class_weight", "of_class"),
    [
        (BY_LABEL, [3, 1, 0.5]),
        ([3, 1, 0.5], [3, 1, 0.5]),
        ("balanced", [12 / (3 * 2), 12 / (3 * 4), 12 / (3 * 6)]),
    ],
)
def test_class_weight_is_the_weight_of_each_example(class_weight, of_class):
    X, y, indices = SMALL_X[UNEVEN], CATS[UNEVEN], SMALL_Y[UNEVEN]
    settings = {"hidden": (5,), "batch_size": 5, "epochs": 3, "random_state": 0}
    by_class = SoftmaxNetwork(class_weight=class_weight, **settings).fit(X, y)
    by_example = SoftmaxNetwork(**settings).fit(X, y, np.array(of_class)[indices])
    np.testing.assert_allclose(
        parameters_of(by_class), parameters_of(by_example), rtol=1e-10, atol=1e-13
    )
    costs = by_class.cost(X, y), by_example.cost(X, y, np.array(of_class)[indices])
    assert costs[0] == pytest.approx(costs[1], rel=1e-12)


def test_class_weight_multiplies_sample_weight():
    settings = {"hidden": (5,), "batch_size": 5, "epochs": 3, "random_state": 0}
    both = SoftmaxNetwork(class_weight=BY_LABEL, **settings).fit(SMALL_X, CATS, COUNTS)
    product = COUNTS * np.array([3, 1, 0.5])[SMALL_Y]
    one = SoftmaxNetwork(**settings).fit(SMALL_X, CATS, product)
    np.testing.assert_allclose(parameters_of(both), parameters_of(one), rtol=1e-10, atol=1e-13)


def test_class_weight_counts_in_a_pass_but_not_balanced():
    settings = {"hidden": (5,), "random_state": 0}
    by_class = SoftmaxNetwork(class_weight=BY_LABEL, **settings)
    by_example = SoftmaxNetwork(**settings)
    by_class.partial_fit(SMALL_X, CATS, ["cat", "dog", "owl"])
    by_example.partial_fit(SMALL_X, CATS, ["cat", "dog", "owl"], np.array([3, 1, 0.5])[SMALL_Y])
    np.testing.assert_allclose(parameters_of(by_class), parameters_of(by_example), atol=1e-13)
    with pytest.raises(ValueError, match="class_weight must be a dict or an array for partial_fit"):
        SoftmaxNetwork(class_weight="balanced").partial_fit(SMALL_X, SMALL_Y, [0, 1, 2])


def test_class_weight_that_is_none_of_these_is_refused():
    for class_weight in "unbalanced", [1, 2], {"cat": -1}, {0: 2}, {"cat": 2, 1: 3}:
        with pytest.raises((ValueError, TypeError), match="class_weight must"):
            SoftmaxNetwork((3,), class_weight=class_weight).fit(SMALL_X, CATS)


# Validation data with weights


def test_validation_data_are_weighed():
    weights = np.random.default_rng(0).random(24)
    network = SoftmaxNetwork((5,), epochs=2, random_state=0).fit(
        SMALL_X, SMALL_Y, validation_data=(SMALL_X, SMALL_Y, weights)
    )
    last = {name: values[-1] for name, values in network.history_.items()}
    assert last["validation_loss"] == pytest.approx(
        network.cost(SMALL_X, SMALL_Y, weights), rel=1e-12
    )
    assert last["validation_accuracy"] == pytest.approx(network.score(SMALL_X, SMALL_Y, weights))


def test_validation_data_are_weighed_by_class_like_training():
    X, y = SMALL_X[UNEVEN], CATS[UNEVEN]
    network = SoftmaxNetwork((5,), epochs=2, random_state=0, class_weight="balanced")
    network.fit(X, y, validation_data=(SMALL_X, CATS))
    of_class = np.array([12 / (3 * 2), 12 / (3 * 4), 12 / (3 * 6)])
    network.class_weight = None
    expected = network.cost(SMALL_X, CATS, of_class[SMALL_Y])
    assert network.history_["validation_loss"][-1] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.ones(3), "the sample_weight of validation_data must have shape"),
        (np.zeros(24), "the sample_weight of validation_data must be above zero for some example"),
        (-np.ones(24), "the sample_weight of validation_data must be finite and not negative"),
    ],
)
def test_weights_of_validation_data_are_checked(weights, message):
    network = SoftmaxNetwork((3,), epochs=1, random_state=0)
    with pytest.raises(ValueError, match=message):
        network.fit(SMALL_X, SMALL_Y, validation_data=(SMALL_X, SMALL_Y, weights))
    with pytest.raises(ValueError, match="must be fitted first"):
        network.predict(SMALL_X)


# A warm start


def test_a_warm_start_goes_on_from_the_last_parameters():
    network = SoftmaxNetwork((5,), epochs=2, random_state=0, warm_start=True)
    cold = SoftmaxNetwork((5,), epochs=2, random_state=0).fit(SMALL_X, SMALL_Y)
    assert (parameters_of(network.fit(SMALL_X, SMALL_Y)) == parameters_of(cold)).all()
    kept, cost = parameters_of(network), network.cost(SMALL_X, SMALL_Y)
    network.epochs = 0
    assert (parameters_of(network.fit(SMALL_X, SMALL_Y)) == kept).all()
    network.epochs = 20
    assert network.fit(SMALL_X, SMALL_Y).cost(SMALL_X, SMALL_Y) < cost
    assert network.history_["epoch"] == list(range(1, 21))


def test_a_warm_start_goes_on_after_loading_in_any_precision(tmp_path):
    network = SoftmaxNetwork((5,), epochs=2, random_state=0, warm_start=True).fit(SMALL_X, SMALL_Y)
    network.save(tmp_path / "m.npz")
    loaded = SoftmaxNetwork.load(tmp_path / "m.npz")
    assert (
        parameters_of(loaded.fit(SMALL_X, SMALL_Y)) == parameters_of(network.fit(SMALL_X, SMALL_Y))
    ).all()
    network.dtype, network.epochs = np.float32, 0
    kept = parameters_of(network)
    network.fit(SMALL_X, SMALL_Y)
    assert parameters_of(network).dtype == np.float32
    np.testing.assert_allclose(parameters_of(network), kept, rtol=1e-6)


@pytest.mark.parametrize(
    ("X", "y", "hidden", "message"),
    [
        (SMALL_X[:, :1], SMALL_Y, (5,), "X must have 2 features, as in the fit that warm_start"),
        (SMALL_X, SMALL_Y % 2, (5,), "y must hold the classes of the fit that warm_start .* got 0"),
        (SMALL_X, SMALL_Y, (4,), r"hidden must be \(5,\), as in the fit that warm_start"),
    ],
)
def test_a_warm_start_refused_on_other_data_changes_nothing(X, y, hidden, message):
    network = SoftmaxNetwork((5,), epochs=2, random_state=0, warm_start=True).fit(SMALL_X, SMALL_Y)
    kept, history = parameters_of(network), dict(network.history_)
    network.hidden = hidden
    with pytest.raises(ValueError, match=message):
        network.fit(X, y)
    assert (parameters_of(network) == kept).all()
    assert network.history_ == history
    assert network.classes_.tolist() == [0, 1, 2]


def test_an_interrupt_before_epoch_1_leaves_a_warm_network(monkeypatch):
    network = SoftmaxNetwork((5,), epochs=2, batch_size=6, random_state=0, warm_start=True)
    names = [f"feature {k}" for k in range(SMALL_X.shape[1])]
    network.fit(pd.DataFrame(SMALL_X, columns=names), SMALL_Y)
    kept, history = parameters_of(network), dict(network.history_)
    interrupted_once(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        network.fit(SMALL_X, SMALL_Y)
    assert (parameters_of(network) == kept).all()
    assert network.history_ == history
    assert network.feature_names_in_ == names


def test_an_optimiser_of_ones_own_may_keep_a_gradient():
    class WithTheLast:
        keep = staticmethod(np.asarray)

        def start(self, parameters):
            return {"last": np.zeros_like(parameters)}

        def step(self, parameters, gradient, state):
            parameters -= 0.01 * (gradient + state["last"])
            state["last"] = self.keep(gradient)

    class WithACopy(WithTheLast):
        keep = staticmethod(np.copy)

    kept, copied = (
        SoftmaxNetwork((4,), optimizer, epochs=2, random_state=0).fit(SMALL_X, SMALL_Y)
        for optimizer in (WithTheLast(), WithACopy())
    )
    assert (parameters_of(kept) == parameters_of(copied)).all()


def test_an_interrupt_before_epoch_1_leaves_no_fitted_model(monkeypatch):
    network = SoftmaxNetwork((5,), epochs=2, batch_size=6, random_state=0).fit(SMALL_X, SMALL_Y)
    interrupted_once(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        network.fit(SMALL_X, SMALL_Y)
    with pytest.raises(ValueError, match="must be fitted first"):
        network.predict(SMALL_X)


# What is put in the place of the layers


@pytest.mark.parametrize("how", ["all", "one by one", "a part", "in place"])
def test_layers_that_are_put_in_are_those_that_count(how):
    network, other = (
        SoftmaxNetwork((4,), epochs=1, random_state=seed).fit(SMALL_X, SMALL_Y) for seed in (0, 1)
    )
    for name in "weights_", "biases_":
        theirs = getattr(other, name)
        if how == "all":
            setattr(network, name, [array.tolist() for array in theirs])
        elif how == "a part":
            getattr(network, name)[:1] = theirs[:1]
            getattr(network, name)[1:] = theirs[1:]
        else:
            for layer, array in enumerate(theirs):
                if how == "in place":
                    getattr(network, name)[layer] *= 0
                    getattr(network, name)[layer] += array
                else:
                    getattr(network, name)[layer] = array.copy()
    assert (network.predict_proba(SMALL_X) == other.predict_proba(SMALL_X)).all()
    before = other.weights_[0].copy()
    network.partial_fit(SMALL_X, SMALL_Y)
    assert (other.weights_[0] == before).all()
    assert (network.weights_[0] != before).any()


def test_layers_of_another_shape_are_refused():
    network = SoftmaxNetwork((4,), epochs=1, random_state=0).fit(SMALL_X, SMALL_Y)
    before = network.predict_proba(SMALL_X)
    with pytest.raises(
        ValueError, match=r"must keep their shapes, here \[\(2, 4\)\]; got \[\(4, 2\)"
    ):
        network.weights_[0] = np.zeros((4, 2))
    with pytest.raises(ValueError, match="must keep their shapes"):
        network.weights_ = [np.zeros((2, 4))]
    with pytest.raises(ValueError, match="weights_ and biases_ must be finite; got nan"):
        network.biases_ = [np.full(4, np.nan), np.zeros(3)]
    assert (network.predict_proba(SMALL_X) == before).all()


def test_validation_data_too_large_to_compute_with_raise_nothing():
    network = SoftmaxNetwork((4,), epochs=1, random_state=0)
    with np.errstate(all="raise"):
        network.fit(SMALL_X, SMALL_Y, validation_data=(np.full((3, 2), 1e308), [0, 1, 2]))
    assert np.isnan(network.history_["validation_loss"]).all()


# What is taken, and what is not


@pytest.mark.parametrize("hidden", [[4, 3], np.array([4, 3]), range(4, 2, -1)])
def test_any_flat_sequence_of_integers_is_taken_for_the_layers(hidden):
    network = SoftmaxNetwork(hidden, epochs=1, random_state=0).fit(SMALL_X, SMALL_Y)
    assert [W.shape for W in network.weights_] == [(2, 4), (4, 3), (3, 3)]
    assert (
        network.history_
        == SoftmaxNetwork((4, 3), epochs=1, random_state=0).fit(SMALL_X, SMALL_Y).history_
    )


def test_no_layer_in_any_sequence_is_softmax_regression():
    for hidden in [], np.array([], int), range(0):
        assert len(SoftmaxNetwork(hidden, epochs=1).fit(SMALL_X, SMALL_Y).weights_) == 1


@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csc_matrix, sparse.coo_array])
def test_sparse_features_are_refused_with_their_cure(kind):
    X = kind(SMALL_X)
    network = SoftmaxNetwork((3,), epochs=1, random_state=0)
    fitted = SoftmaxNetwork((3,), epochs=1, random_state=0).fit(SMALL_X, SMALL_Y)
    for call in (
        lambda: network.fit(X, SMALL_Y),
        lambda: network.partial_fit(X, SMALL_Y, classes=[0, 1, 2]),
        lambda: network.fit(SMALL_X, SMALL_Y, validation_data=(X, SMALL_Y)),
        lambda: fitted.predict(X),
        lambda: fitted.cost(X, SMALL_Y),
    ):
        with pytest.raises(TypeError, match=r"sparse .*\.toarray\(\)"):
            call()


def test_callbacks_that_cannot_work_are_refused_before_training():
    network = SoftmaxNetwork((3,), epochs=1, random_state=0).fit(SMALL_X, SMALL_Y)
    before = parameters_of(network)
    with pytest.raises(TypeError, match=r"the class EarlyStopping: pass an object of it"):
        network.fit(SMALL_X, SMALL_Y, callbacks=[EarlyStopping])
    with pytest.raises(ValueError, match="EarlyStopping must see a validation loss"):
        network.fit(SMALL_X, SMALL_Y, callbacks=[EarlyStopping()])
    assert (parameters_of(network) == before).all()


def test_early_stopping_leaves_the_best_when_epochs_run_out(digits):
    X, y = digits
    network = SoftmaxNetwork((32,), Adam(0.05), epochs=25, random_state=0).fit(
        X[:100], y[:100], validation_data=(X[500:], y[500:]), callbacks=[EarlyStopping(100)]
    )
    losses = network.history_["validation_loss"]
    assert len(losses) == 25
    assert np.argmin(losses) < 24
    assert network.cost(X[500:], y[500:]) == pytest.approx(min(losses), rel=1e-13)


def test_a_network_whose_file_is_mapped_trains_on(tmp_path):
    network = SoftmaxNetwork((3,), random_state=0, epochs=1).fit(SMALL_X, SMALL_Y)
    joblib.dump(network, tmp_path / "network")
    mapped = joblib.load(tmp_path / "network", mmap_mode="r")
    probs = mapped.predict_proba(SMALL_X)
    assert (probs == network.predict_proba(SMALL_X)).all()
    for model in mapped, network:
        model.partial_fit(SMALL_X, SMALL_Y)
    assert (mapped.predict_proba(SMALL_X) == network.predict_proba(SMALL_X)).all()
    again = joblib.load(tmp_path / "network", mmap_mode="r")
    assert (again.predict_proba(SMALL_X) == probs).all()
