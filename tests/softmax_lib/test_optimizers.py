"""Optimisers: steps worked by hand, invariants, settings."""

import pickle
import re
import tracemalloc
from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.base import clone

from softmax_lib import (
    Adam,
    ConvergenceWarning,
    GradientDescent,
    Momentum,
    SoftmaxNetwork,
    make_blobs,
    optimizers,
    train,
)
from softmax_lib.estimator import SoftmaxClassifier
from softmax_lib.optimizers import OPTIMIZERS

each_kind = pytest.mark.parametrize("kind", OPTIMIZERS.values())
each_optimizer = pytest.mark.parametrize(
    "optimizer", [kind(0.1) for kind in OPTIMIZERS.values()], ids=repr
)
gradients = hnp.arrays(np.float64, (6, 3), elements=st.floats(-100, 100))


def walk(optimizer, gradients, start=None):
    """Every point of a walk along given gradients."""
    x = np.zeros(3) if start is None else start.copy()
    state = optimizer.start(x)
    points = []
    for gradient in gradients:
        optimizer.step(x, gradient, state)
        points.append(x.copy())
    return np.array(points)


def test_a_step_of_descent_by_hand():
    assert walk(GradientDescent(0.25), [np.array([2.0, -4, 0])]).tolist() == [[-0.5, 1, 0]]


def test_three_steps_of_momentum_by_hand():
    steps = [np.full(3, 1.0), np.full(3, 1.0), np.full(3, 0.0)]
    # Velocities 1, 1.5 and 0.75.
    assert walk(Momentum(0.1, 0.5), steps)[:, 0] == pytest.approx([-0.1, -0.25, -0.325])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble, np.array])
@pytest.mark.parametrize("kind", OPTIMIZERS.values())
def test_settings_may_be_numpys_numbers_of_any_width(kind, dtype):
    narrow = {name: dtype(value) for name, value in kind(0.001).get_params().items()}
    narrow["learning_rate"] = dtype(1e-4)
    if "epsilon" in narrow:
        narrow.update(epsilon=dtype(1e-3), weight_decay=dtype(1e-3))
    slopes = np.random.default_rng(0).normal(size=(20, 3))
    plain = kind(**{name: float(value) for name, value in narrow.items()})
    assert walk(kind(**narrow), slopes) == pytest.approx(walk(plain, slopes), rel=1e-12)


@each_optimizer
def test_parameters_that_cannot_be_stepped_are_named(optimizer):
    state = optimizer.start(np.zeros(2))
    with pytest.raises(ValueError, match="parameters must be writeable; got a read-only array"):
        optimizer.step(np.broadcast_to(0.0, 2), np.ones(2), state)
    masked = np.ma.array([1.0, 2.0], mask=[0, 1])
    with pytest.raises(TypeError, match="parameters must have nothing masked"):
        optimizer.step(masked, np.ones(2), state)


def test_two_steps_of_adam_by_hand():
    steps = [np.full(3, 2.0), np.full(3, -1.0)]
    # Means 0.2 and 0.08 over 0.1 and 0.19; squares 0.004 and 0.004996 over 0.001 and 0.001999.
    second = 0.01 * (0.08 / 0.19) / np.sqrt(0.004996 / 0.001999)
    assert walk(Adam(0.01), steps)[:, 0] == pytest.approx([-0.01, -0.01 - second], rel=1e-7)


@given(gradients)
def test_momentum_zero_is_descent(gradients):
    assert (walk(Momentum(0.1, 0.0), gradients) == walk(GradientDescent(0.1), gradients)).all()


@given(gradients)
def test_momentum_is_a_sum_of_descents_that_fade(gradients):
    fading = [sum(0.9 ** (t - s) * gradients[s] for s in range(t + 1)) for t in range(6)]
    expected = walk(GradientDescent(0.1), fading)
    assert walk(Momentum(0.1, 0.9), gradients) == pytest.approx(expected, abs=1e-10)


@given(gradients)
def test_adam_is_its_formula(gradients):
    x, m, v = np.zeros(3), np.zeros(3), np.zeros(3)
    for t, g in enumerate(gradients, start=1):
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g**2
        x = x - 0.1 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.95**t)) + 1e-3)
    walked = walk(Adam(0.1, 0.8, 0.95, 1e-3), gradients)[-1]
    assert walked == pytest.approx(x, rel=1e-10, abs=1e-10)


def descent_as_written(x, gradients):
    for g in gradients:
        x = x - 0.01 * g
    return x


def momentum_as_written(x, gradients):
    v = np.zeros_like(x)
    for g in gradients:
        v = 0.9 * v + g
        x = x - 0.01 * v
    return x


def adam_as_written(x, gradients):
    m, v = np.zeros_like(x), np.zeros_like(x)
    for t, g in enumerate(gradients, start=1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        x = x - 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


AS_WRITTEN = {
    GradientDescent: descent_as_written,
    Momentum: momentum_as_written,
    Adam: adam_as_written,
}
STATE = {GradientDescent: set(), Momentum: {"velocity"}, Adam: {"mean", "square", "steps"}}


@each_kind
@pytest.mark.parametrize(
    "shape",
    [(), (3,), (2 * optimizers.BLOCK,), (2 * optimizers.BLOCK + 1,), (130, 100), (2, 3, 4000)],
)
def test_many_steps_on_any_arrays_are_the_formula_as_written(kind, shape):
    optimizer = kind(0.01)
    rng = np.random.default_rng(0)
    start, steps = rng.normal(size=shape), rng.normal(size=(200, *shape))
    walked = np.array(start)
    state = optimizer.start(walked)
    for gradient in steps:
        optimizer.step(walked, gradient, state)
    np.testing.assert_allclose(walked, AS_WRITTEN[kind](start, steps), rtol=1e-12, atol=1e-12)


@each_optimizer
def test_a_step_writes_through_a_view_of_every_layout(optimizer):
    rng = np.random.default_rng(0)
    start, gradient = rng.normal(size=(2, 200, 300))
    plain, turned, strided = start.copy(), np.asfortranarray(start), np.zeros((200, 600))[:, ::2]
    strided[...] = start
    for x in plain, turned, strided:
        optimizer.step(x, gradient, optimizer.start(x))
    assert (plain != start).all()
    assert (turned == plain).all()
    assert (strided == plain).all()


@each_optimizer
def test_the_state_is_what_must_be_remembered_and_nothing_else(optimizer):
    x = np.ones(3)
    state = optimizer.start(x)
    optimizer.step(x, np.ones(3), state)
    assert set(state) == STATE[type(optimizer)]


@each_optimizer
def test_a_step_makes_no_array_of_the_size_of_the_parameters(optimizer):
    x, gradient = np.ones(10**6), np.ones(10**6)
    state = optimizer.start(x)
    tracemalloc.start()
    try:
        optimizer.step(x, gradient, state)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < x.nbytes / 20


def test_adams_first_step_is_as_long_as_the_learning_rate():
    first = walk(Adam(0.01), [np.array([1000.0, -1e-3, 1.0])])[0]
    assert first == pytest.approx([-0.01, 0.01, -0.01], rel=1e-4)


@each_optimizer
def test_a_step_changes_parameters_in_place_and_no_gradient(optimizer):
    x, gradient = np.ones(3), np.array([1.0, -2.0, 3.0])
    view, kept = x[:], gradient.copy()
    gradient.flags.writeable = False
    assert optimizer.step(x, gradient, optimizer.start(x)) is None
    assert (view != 1).all()
    assert (gradient == kept).all()


@each_optimizer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_parameters_and_state_stays(optimizer, dtype):
    x = np.ones(3, dtype)
    state = optimizer.start(x)
    for _ in range(3):
        optimizer.step(x, np.ones(3, dtype), state)
    assert x.dtype == dtype
    assert all(value.dtype == dtype for name, value in state.items() if name != "steps")


@each_optimizer
def test_two_walks_do_not_disturb_each_other(optimizer):
    ones = [np.ones(3)] * 4
    alone = walk(optimizer, ones)
    x, y = np.zeros(3), np.zeros(3)
    state_x, state_y = optimizer.start(x), optimizer.start(y)
    for gradient in ones:
        optimizer.step(x, gradient, state_x)
        optimizer.step(y, -5 * gradient, state_y)
    assert (x == alone[-1]).all()


@each_optimizer
def test_a_bowl_is_walked_down_to_its_bottom(optimizer):
    curvature, x = np.array([1.0, 3.0, 10.0]), np.array([1.0, -2.0, 3.0])
    state = optimizer.start(x)
    for _ in range(3000):
        optimizer.step(x, curvature * x, state)
    assert abs(x).max() < 1e-3


def test_descent_above_two_over_the_curvature_climbs():
    x = np.ones(1)
    for _ in range(50):
        GradientDescent(2.1).step(x, 1.0 * x, {})
    assert abs(x[0]) > 100


@each_optimizer
def test_settings_cannot_change_and_compare_by_value(optimizer):
    with pytest.raises(FrozenInstanceError):
        optimizer.learning_rate = 1.0
    assert optimizer == type(optimizer)(0.1)
    assert optimizer != type(optimizer)(0.2)


@each_kind
@pytest.mark.parametrize("rate", [0, -0.1, np.nan, np.inf])
def test_a_learning_rate_is_finite_and_above_0(kind, rate):
    with pytest.raises(ValueError, match=r"learning_rate must be .*; got"):
        kind(rate)


@each_kind
def test_a_learning_rate_is_a_number(kind):
    with pytest.raises(TypeError, match="learning_rate must be a real number"):
        kind("fast")


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda v: Momentum(0.1, v), "momentum"),
        (lambda v: Adam(beta1=v), "beta1"),
        (lambda v: Adam(beta2=v), "beta2"),
    ],
)
@pytest.mark.parametrize("value", [-0.1, 1.0, 1.5, np.nan])
def test_what_is_kept_lies_between_0_and_below_1(make, name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        make(value)


def test_adams_epsilon_is_above_0():
    with pytest.raises(ValueError, match="epsilon must be above 0; got 0"):
        Adam(epsilon=0)


# Every slope, every precision

FLOATS = [np.float16, np.float32, np.float64, np.longdouble]


def exact_adam(gradients, rate, beta1, beta2, epsilon):
    """The walk of one parameter from 0 in 60 digits, whose exponents know no end."""
    with mpmath.workdps(60):
        x, m, v = mpmath.mpf(0), mpmath.mpf(0), mpmath.mpf(0)
        beta1, beta2 = mpmath.mpf(beta1), mpmath.mpf(beta2)
        for t, g in enumerate(map(mpmath.mpf, gradients), start=1):
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
            x -= rate * (m / (1 - beta1**t)) / (mpmath.sqrt(v / (1 - beta2**t)) + epsilon)
        return float(x)


@np.errstate(all="raise")
def walked(optimizer, gradients, dtype):
    x = np.zeros(1, dtype)
    state = optimizer.start(x)
    for gradient in gradients:
        optimizer.step(x, np.full(1, gradient, dtype), state)
    assert x.dtype == dtype
    return float(x[0])


@pytest.mark.parametrize("dtype", FLOATS)
def test_adam_stays_where_the_gradient_is_0(dtype):
    for epsilon in 1e-8, 1e-60, 5e-324:
        assert walked(Adam(0.01, epsilon=epsilon), [0, 0, 0], dtype) == 0


@pytest.mark.parametrize("dtype", FLOATS)
def test_adams_first_step_is_the_rate_on_every_slope(dtype):
    largest = float(min(np.finfo(dtype).max, np.finfo(np.float64).max))
    for slope in 1e-3, 1.0, largest**0.25, largest**0.5, largest**0.75, largest:
        for sign in 1, -1:
            first = walked(Adam(0.01), [sign * slope], dtype)
            assert first == pytest.approx(-0.01 * sign, rel=1e-3)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@given(
    st.integers(0, 2**32),
    st.sampled_from([0.0, 0.5, 0.9, 0.999]),
    st.sampled_from([0.0, 0.9, 0.999]),
    st.sampled_from([1e-3, 1e-8, 1e-30, 1e-200, 5e-324]),
)
def test_adams_steps_on_slopes_of_every_size(dtype, seed, beta1, beta2, epsilon):
    rng, limits = np.random.default_rng(seed), np.finfo(dtype)
    low, high = np.log2(float(limits.tiny)), np.log2(float(limits.max))
    slopes = np.exp2(rng.uniform(low, high, 4)) * rng.choice([-1, 0, 1], 4)
    slopes = slopes.astype(dtype).astype(float)
    exact = exact_adam(slopes, 0.01, beta1, beta2, epsilon)
    assume(abs(exact) < 60_000)  # a mean that outlives the slopes below it may carry it anywhere
    tolerance = {np.float16: 1e-2, np.float32: 1e-4, np.float64: 1e-12}[dtype]
    coarsest = {np.float16: 1e-3, np.float32: 1e-9, np.float64: 1e-16}[dtype]
    ours = walked(Adam(0.01, beta1, beta2, epsilon), slopes, dtype)
    assert ours == pytest.approx(exact, rel=tolerance, abs=coarsest)


def test_the_square_of_a_steep_slope_really_is_beyond_its_float():
    with np.errstate(over="ignore"):
        assert np.isinf(np.float32(1e20) ** 2)
    assert np.float16(1e-8) == 0


@each_kind
@pytest.mark.parametrize("dtype", FLOATS)
def test_a_bowl_is_walked_down_in_every_precision(kind, dtype):
    x = np.array([1.0, -2.0, 3.0], dtype)
    optimizer = kind(0.05)
    state = optimizer.start(x)
    for _ in range(300):
        optimizer.step(x, x.copy(), state)
    assert x.dtype == dtype
    assert abs(x).max() < 0.01


@each_kind
def test_what_underflows_is_meant_to(kind):
    for rate in 1e-300, 0.1:
        assert walked(kind(rate), [1e-200, 1e-310, 0.0], np.float64) == pytest.approx(0, abs=1e-8)


@each_optimizer
@pytest.mark.parametrize("shape", [(1,), (), (3, 1), (2,), (4,), (1, 3)])
def test_a_gradient_of_another_shape_is_refused(optimizer, shape):
    x = np.ones(3)
    state = optimizer.start(x)
    message = (
        rf"gradient must have the shape of the parameters, \(3,\); got {re.escape(str(shape))}"
    )
    with pytest.raises(ValueError, match=message):
        optimizer.step(x, np.ones(shape), state)
    assert (x == 1).all()


@each_optimizer
def test_a_gradient_is_an_array_of_numbers(optimizer):
    x = np.ones(2)
    state = optimizer.start(x)
    with pytest.raises(TypeError, match="gradient must have nothing masked"):
        optimizer.step(x, np.ma.array([1.0, 2.0], mask=[0, 1]), state)
    with pytest.raises(TypeError, match="gradient must hold real numbers; got dtype complex128"):
        optimizer.step(x, np.ones(2, complex), state)
    with pytest.raises(TypeError, match="gradient must hold real numbers"):
        optimizer.step(x, None, state)


@each_optimizer
@pytest.mark.parametrize("parameters", [np.ones(2, int), [1.0, 2.0], np.ones(2, complex)])
def test_parameters_are_an_array_of_floats(optimizer, parameters):
    with pytest.raises(TypeError, match="parameters must be an array of floating dtype; got"):
        optimizer.step(parameters, np.ones(2), optimizer.start(np.ones(2)))


# Weight decay


def test_a_step_with_weight_decay_by_hand():
    x, optimizer = np.array([2.0, -1.0, 0.0]), Adam(0.01, weight_decay=0.5)
    optimizer.step(x, np.zeros(3), optimizer.start(x))
    assert x == pytest.approx([2 - 0.01 * 0.5 * 2, -1 + 0.01 * 0.5 * 1, 0], rel=1e-15)


@given(gradients)
def test_weight_decay_is_its_formula_beside_adams(gradients):
    start = np.array([1.0, -2.0, 3.0])
    x, m, v = start, np.zeros(3), np.zeros(3)
    for t, g in enumerate(gradients, start=1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        step = (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        x = x - 0.1 * (step + 0.3 * x)
    walked = walk(Adam(0.1, weight_decay=0.3), gradients, start)[-1]
    assert walked == pytest.approx(x, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_what_the_state_says_does_not_decay(dtype):
    x, optimizer = np.ones(4, dtype), Adam(0.5, weight_decay=0.5)
    state = optimizer.start(x)
    state["decays"][2:] = False
    optimizer.step(x, np.zeros(4, dtype), state)
    assert x.tolist() == [0.75, 0.75, 1, 1]
    assert x.dtype == dtype


def test_a_network_decays_its_weights_and_spares_its_biases():
    plain, decayed = (
        SoftmaxNetwork((4,), Adam(0.01, weight_decay=decay), batch_size=None, random_state=0)
        for decay in (0, 10)
    )
    for network in plain, decayed:
        network.epochs = 0
        network.fit(X, Y)
        for biases in network.biases_:
            biases[:] = 0.5
    before = [weights.copy() for weights in plain.weights_]
    for network in plain, decayed:
        network.partial_fit(X, Y)
    for after, expected, start in zip(decayed.weights_, plain.weights_, before, strict=True):
        np.testing.assert_allclose(after, expected - 0.1 * start, rtol=1e-12, atol=1e-15)
    for after, expected in zip(decayed.biases_, plain.biases_, strict=True):
        assert (after == expected).all()


def test_a_copied_network_still_spares_its_biases():
    network = SoftmaxNetwork((4,), Adam(0.01, weight_decay=10), random_state=0, epochs=1)
    network.fit(X, Y)
    twin = pickle.loads(pickle.dumps(network)).partial_fit(X, Y)
    network.partial_fit(X, Y)
    assert (twin.predict_proba(X) == network.predict_proba(X)).all()


@pytest.mark.parametrize("value", [-0.1, np.nan, np.inf])
def test_weight_decay_is_at_least_0(value):
    with pytest.raises(ValueError, match="weight_decay must be finite and at least 0"):
        Adam(weight_decay=value)


# Searches


@each_kind
def test_settings_are_read_and_set_as_scikit_learn_does(kind):
    optimizer = kind(0.5)
    assert type(optimizer)(**optimizer.get_params()) == optimizer
    assert optimizer.get_params()["learning_rate"] == 0.5
    assert optimizer.set_params(learning_rate=0.25) is optimizer
    assert optimizer == kind(0.25)
    assert optimizer.set_params() == kind(0.25)


@each_kind
@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"learning_rate": -1}, ValueError, "learning_rate must be"),
        ({"learning_rate": "fast"}, TypeError, "learning_rate must be"),
        (
            {"rate": 0.1},
            ValueError,
            "must be given settings that it has, learning_rate.*; got rate",
        ),
    ],
)
def test_a_setting_that_is_refused_changes_nothing(kind, params, error, message):
    optimizer = kind(0.5)
    with pytest.raises(error, match=message):
        optimizer.set_params(**params)
    assert optimizer == kind(0.5)


class RateFromACount(Adam):
    """A constructor of its own, from whose arguments no clone could be made."""

    def __init__(self, count):
        super().__init__(learning_rate=1 / count)


def test_a_clone_is_another_object_of_equal_settings():
    for optimizer in Adam(0.5), RateFromACount(4), OwnDescent():
        estimator = SoftmaxClassifier((3,), optimizer=optimizer)
        twin = clone(estimator).optimizer
        assert twin is not optimizer
        assert vars(twin) == vars(optimizer)


# An optimiser of your own


class OwnDescent:
    """Gradient descent by somebody who has only read what `Optimizer` says."""

    def start(self, parameters):
        return {}

    def step(self, parameters, gradient, state):
        state["steps"] = state.get("steps", 0) + 1
        parameters -= 0.1 * gradient


class ShrinkingAdam(Adam):
    def step(self, parameters, gradient, state):
        super().step(parameters, gradient, state)
        parameters *= 0.999


def without_a_class():
    def step(parameters, gradient, state):
        parameters -= 0.1 * gradient

    return SimpleNamespace(start=lambda parameters: {}, step=step)


X, Y = make_blobs(8, 3, spread=2.0, random_state=0)


def train_a_number(optimizer):
    def objective(theta, rows):
        return ((theta - 1) ** 2).sum(), 2 * (theta - 1)

    theta = np.zeros(1)
    settings = {"batch_size": None, "epochs": 20, "rng": np.random.default_rng(0)}
    history = train(objective, theta, 4, optimizer=optimizer, **settings)
    return history, theta


def fit_a_network(optimizer):
    network = SoftmaxNetwork((3,), optimizer, epochs=20, random_state=0).fit(X, Y)
    return network.history_, network.predict_proba(X)


def fit_an_estimator(optimizer):
    estimator = SoftmaxClassifier((3,), optimizer=optimizer, epochs=20, random_state=0)
    estimator = clone(estimator).fit(X, Y)
    return estimator.history_, estimator.predict_proba(X)


each_door = pytest.mark.parametrize("fit", [train_a_number, fit_a_network, fit_an_estimator])


@each_door
@pytest.mark.parametrize("optimizer", [OwnDescent(), without_a_class()])
def test_ones_own_descent_walks_as_ours_does(fit, optimizer):
    history, end = fit(optimizer)
    expected_history, expected_end = fit(GradientDescent(0.1))
    np.testing.assert_allclose(history["cost"], expected_history["cost"], rtol=1e-12)
    np.testing.assert_allclose(end, expected_end, rtol=1e-12)


@each_door
def test_a_subclass_steps_by_its_own_rule(fit):
    history, end = fit(ShrinkingAdam(0.05))
    assert history["cost"][-1] < history["cost"][0]
    assert (end != fit(Adam(0.05))[1]).any()


def test_what_a_step_adds_to_the_state_goes_with_the_epoch():
    def poisoned(theta, rows):
        return np.nan, np.ones(1)

    theta, state = np.zeros(1), {}
    with pytest.warns(ConvergenceWarning):
        train(
            poisoned,
            theta,
            4,
            optimizer=OwnDescent(),
            batch_size=None,
            epochs=1,
            rng=np.random.default_rng(0),
            state=state,
        )
    assert theta == 0
    assert state == {}


class StepsAlone:
    def step(self, parameters, gradient, state):
        pass


class StartsAlone:
    step = 0.1

    def start(self, parameters):
        return {}


class RemembersNothing(OwnDescent):
    def start(self, parameters):
        pass


class ReturnsTheResult(OwnDescent):
    def step(self, parameters, gradient, state):
        return parameters - 0.1 * gradient


@each_door
@pytest.mark.parametrize(
    ("optimizer", "message"),
    [
        ("adam", "with the methods start and step; got str, which lacks start and step"),
        (0.1, "with the methods start and step; got float, which lacks start and step"),
        (Adam, "optimizer must be an object .*; got the class Adam"),
        (StepsAlone(), "got StepsAlone, which lacks start"),
        (StartsAlone(), "got StartsAlone, which lacks step"),
        (RemembersNothing(), "optimizer.start must return a dict, the state; got None"),
        (
            ReturnsTheResult(),
            "step must change the parameters in place and return None; got ndarray",
        ),
    ],
)
def test_what_an_optimiser_lacks_is_named(fit, optimizer, message):
    with pytest.raises(TypeError, match=message):
        fit(optimizer)
