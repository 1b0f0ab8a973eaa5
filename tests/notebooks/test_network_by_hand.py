"""Chapter 7's back-propagation: the function as the reader sees it, and every line of it broken."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from softmax_lib import (
    SoftmaxNetwork,
    check_gradient,
    cross_entropy,
    make_spirals,
    one_hot,
    softmax,
)
from softmax_lib.optimizers import GradientDescent
from tests.support.chapter_functions import function_from, source_of

CHAPTER = "07-network"
NAMES = ("W1", "b1", "W2", "b2")
NEEDS = {"np": np, "softmax": softmax, "one_hot": one_hot}
KINK = 1e-3  # how far from a kink the units are kept; finite differences step less than a tenth


SOURCE = source_of(CHAPTER, "network_gradients")
network_gradients = function_from(SOURCE, **NEEDS)
gradients_in_columns = function_from(source_of(CHAPTER, "gradients_in_columns"), **NEEDS)
deep_gradients = function_from(source_of(CHAPTER, "deep_gradients"), **NEEDS)


def random_problem(seed, m, n, h, n_classes):
    """Inputs, labels and parameters at random; each class occurs if there are enough examples."""
    rng = np.random.default_rng(seed)
    shapes = [(n, h), (h,), (h, n_classes), (n_classes,)]
    y = rng.permutation(np.arange(m) % n_classes)
    return rng.normal(size=(m, n)), y, [rng.normal(size=shape) for shape in shapes]


@st.composite
def problems(draw, min_examples=1):
    sizes = [(min_examples, 6), (1, 4), (1, 5), (2, 4)]
    return random_problem(
        draw(st.integers(0, 2**32 - 1)), *(draw(st.integers(low, high)) for low, high in sizes)
    )


def cost(X, y, W1, b1, W2, b2):
    return cross_entropy(np.maximum(X @ W1 + b1, 0) @ W2 + b2, y)


def is_far_from_kinks(X, params):
    return np.abs(X @ params[0] + params[1]).min() > KINK


def check_every_parameter(gradients, X, y, params):
    for i, gradient in enumerate(gradients(X, y, *params)):
        check_gradient(
            lambda p, i=i: cost(X, y, *params[:i], p, *params[i + 1 :]), gradient, params[i]
        )


# --- the function as it stands -----------------------------------------------------------------


def test_one_example_worked_by_hand():
    """Two features, three units of which one is silent, two classes."""
    W1, W2 = np.array([[1.0, -1.0, 2.0], [1.0, 0.0, -0.5]]), np.array([[1.0, 0], [5, 0], [0, 2]])
    # Z1 = [3, -1, 1], so A1 = [3, 0, 1] and Z2 = [3, 2] + b2: equal logits.
    dW1, db1, dW2, db2 = network_gradients(
        np.array([[1.0, 2.0]]), np.array([1]), W1, np.zeros(3), W2, np.array([0.0, 1.0])
    )
    assert db2.tolist() == [0.5, -0.5]
    assert dW2.tolist() == [[1.5, -1.5], [0, 0], [0.5, -0.5]]
    assert db1.tolist() == [0.5, 0, -1]
    assert dW1.tolist() == [[0.5, 0, -1], [1, 0, -2]]


@given(problems())
def test_every_parameter_passes_the_gradient_check(problem):
    X, y, params = problem
    assume(is_far_from_kinks(X, params))
    check_every_parameter(network_gradients, X, y, params)


@given(problems())
def test_each_gradient_has_the_shape_of_its_parameter(problem):
    X, y, params = problem
    for gradient, parameter in zip(network_gradients(X, y, *params), params, strict=True):
        assert gradient.shape == parameter.shape


@given(problems())
def test_the_lectures_columns_give_every_gradient_transposed(problem):
    X, y, params = problem
    Y = one_hot(y, len(params[3]))
    turned = [np.atleast_2d(array).T for array in (X, Y, *params)]
    for ours, theirs in zip(
        network_gradients(X, y, *params), gradients_in_columns(*turned), strict=True
    ):
        assert theirs == pytest.approx(np.atleast_2d(ours).T, rel=1e-12, abs=1e-14)


@given(problems(min_examples=4), st.integers(0, 2**32 - 1))
def test_a_library_step_is_minus_eta_times_these_gradients(problem, seed):
    X, y, params = problem

    def parameters_after(epochs):
        net = SoftmaxNetwork(
            (len(params[1]),), GradientDescent(0.7), None, epochs, random_state=seed
        ).fit(X, y)
        return [net.weights_[0], net.biases_[0], net.weights_[1], net.biases_[1]]

    before = parameters_after(0)
    for old, new, g in zip(
        before, parameters_after(1), network_gradients(X, y, *before), strict=True
    ):
        assert new == pytest.approx(old - 0.7 * g, rel=1e-12, abs=1e-12)


def test_the_loop_over_the_layers_gives_a_library_step_of_four():
    X, y, _ = random_problem(0, 6, 3, 1, 3)

    def parameters_after(epochs):
        net = SoftmaxNetwork((4, 5, 2), GradientDescent(0.7), None, epochs, random_state=0)
        net.fit(X, y)
        return net.weights_, net.biases_

    before, after = parameters_after(0), parameters_after(1)
    gradients = zip(*deep_gradients(X, y, *before), strict=True)
    for olds, news, found in zip(before, after, gradients, strict=True):
        for old, new, g in zip(olds, news, found, strict=True):
            assert new == pytest.approx(old - 0.7 * g, rel=1e-12, abs=1e-12)


# --- the function, broken ----------------------------------------------------------------------

MUTANTS = {
    "first bias forgotten": ("X @ W1 + b1", "X @ W1"),
    "ReLU forgotten": ("np.maximum(Z1, 0) ", "Z1 "),
    "second bias forgotten": ("A1 @ W2 + b2", "A1 @ W2"),
    "softmax along the examples": ("A1 @ W2 + b2)", "A1 @ W2 + b2, axis=0)"),
    "no softmax": ("softmax(A1 @ W2 + b2)", "A1 @ W2 + b2"),
    "1/m missing": (" / len(X)", ""),
    "1/n for 1/m": ("len(X)", "X.shape[1]"),
    "labels forgotten": ("(Y_hat - one_hot(y, len(b2)))", "Y_hat"),
    "sign flipped": ("(Y_hat - one_hot(y, len(b2)))", "(one_hot(y, len(b2)) - Y_hat)"),
    "slope of a sigmoid in the output": ("/ len(X) ", "/ len(X) * Y_hat * (1 - Y_hat) "),
    "a mask on the logits": ("/ len(X) ", "/ len(X) * (A1 @ W2 + b2 > 0) "),
    "A1 not transposed": ("A1.T @ dZ2", "A1 @ dZ2"),
    "Z1 for A1": ("A1.T @ dZ2", "Z1.T @ dZ2"),
    "second gradient transposed": ("A1.T @ dZ2", "dZ2.T @ A1"),
    "1/m twice in the second weights": ("A1.T @ dZ2", "A1.T @ dZ2 / len(X)"),
    "second bias summed over classes": ("dZ2.sum(axis=0)", "dZ2.sum(axis=1)"),
    "second bias averaged": ("dZ2.sum(axis=0)", "dZ2.mean(axis=0)"),
    "second bias not summed": ("dZ2.sum(axis=0)", "dZ2[0]"),
    "mask missing": (" * (Z1 > 0)", ""),
    "mask turned round": ("(Z1 > 0)", "(Z1 < 0)"),
    "mask of the gradient": ("(Z1 > 0)", "(dZ2 @ W2.T > 0)"),
    "value of ReLU for its slope": ("(Z1 > 0)", "A1"),
    "W2 not transposed": ("dZ2 @ W2.T", "dZ2 @ W2"),
    "W2 left out": ("(dZ2 @ W2.T)", "dZ2"),
    "X not transposed": ("X.T @ dZ1", "X @ dZ1"),
    "first gradient transposed": ("X.T @ dZ1", "dZ1.T @ X"),
    "1/m twice in the first weights": ("X.T @ dZ1", "X.T @ dZ1 / len(X)"),
    "first bias summed over units": ("dZ1.sum(axis=0)", "dZ1.sum(axis=1)"),
    "first bias without the mask": ("dZ1.sum(axis=0)", "(dZ2 @ W2.T).sum(axis=0)"),
    "first bias not summed": ("dZ1.sum(axis=0)", "dZ1[0]"),
    "layers swapped": ("return dW1, db1, dW2, db2", "return dW2, db2, dW1, db1"),
}
# Where all sizes are 3, no mutant stumbles over a shape; where they differ, 1/n is not 1/m.
SQUARE, OBLONG = random_problem(0, 3, 3, 3, 3), random_problem(3, 5, 2, 4, 3)

each_mutant = pytest.mark.parametrize("edit", MUTANTS.values(), ids=MUTANTS)


def edited(old, new):
    assert SOURCE.count(old) == 1, f"{old!r} is {SOURCE.count(old)} times in the chapter's function"
    return SOURCE.replace(old, new)


@pytest.mark.parametrize("problem", [SQUARE, OBLONG], ids=["square", "oblong"])
def test_the_problems_of_the_mutants_are_fair(problem):
    X, y, params = problem
    assert is_far_from_kinks(X, params)
    mask = X @ params[0] + params[1] > 0
    assert mask.any()
    assert not mask.all()
    check_every_parameter(network_gradients, X, y, params)


@each_mutant
def test_the_gradient_check_notices_a_broken_line(edit):
    X, y, params = OBLONG if edit == MUTANTS["1/n for 1/m"] else SQUARE
    with pytest.raises(AssertionError, match="finite differences say"):
        check_every_parameter(function_from(edited(*edit), **NEEDS), X, y, params)


def test_every_line_is_broken_by_some_mutant():
    body = SOURCE.splitlines()[1:]
    for line in body:
        assert any(old in line for old, _ in MUTANTS.values()), line


@pytest.mark.parametrize(("old", "new"), [("(Z1 > 0)", "(A1 > 0)"), ("(Z1 > 0)", "(Z1 >= 0)")])
@pytest.mark.parametrize("problem", [SQUARE, OBLONG], ids=["square", "oblong"])
def test_the_gradient_check_lets_a_harmless_edit_pass(old, new, problem):
    check_every_parameter(function_from(edited(old, new), **NEEDS), *problem)


# --- what the chapter says of networks ---------------------------------------------------------


def descend(gradients, X, y, params, learning_rate, steps):
    costs = [cost(X, y, *params)]
    for _ in range(steps):
        step = gradients(X, y, *params)
        params = [p - learning_rate * g for p, g in zip(params, step, strict=True)]
        costs.append(cost(X, y, *params))
    return params, np.array(costs)


def small_start(seed, h=16):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(2, h)), np.zeros(h), 0.01 * rng.normal(size=(h, 3)), np.zeros(3)]


@pytest.mark.parametrize("seed", range(3))
def test_without_the_mask_the_spirals_cost_falls_all_the_same(seed):
    without_mask = function_from(edited(*MUTANTS["mask missing"]), **NEEDS)
    X, y = make_spirals(random_state=seed)
    _, costs = descend(without_mask, X, y, small_start(seed), learning_rate=0.1, steps=100)
    assert (np.diff(costs) < 0).all()


@given(problems())
def test_a_network_of_zeros_moves_its_last_bias_alone(problem):
    X, y, params = problem
    dW1, db1, dW2, db2 = network_gradients(X, y, *(np.zeros_like(p) for p in params))
    shares = np.bincount(y, minlength=len(db2)) / len(y)
    assert not dW1.any()
    assert not db1.any()
    assert not dW2.any()
    assert db2 == pytest.approx(1 / len(db2) - shares, abs=1e-15)


@given(problems())
def test_copies_of_a_unit_get_the_same_gradient(problem):
    X, y, params = problem
    params = [
        np.broadcast_to(p[:, :1], p.shape)
        if i == 0
        else np.broadcast_to(p[:1], p.shape)
        if i in (1, 2)
        else p
        for i, p in enumerate(params)
    ]
    dW1, db1, dW2, _ = network_gradients(X, y, *params)
    assert np.ptp(dW1, axis=1) == pytest.approx(0, abs=1e-12)
    assert np.ptp(db1) == pytest.approx(0, abs=1e-12)
    assert np.ptp(dW2, axis=0) == pytest.approx(0, abs=1e-12)


@given(problems(), st.floats(0, 1))
def test_between_the_lines_of_the_units_the_logits_are_linear(problem, share):
    X, _, (W1, b1, W2, b2) = problem
    start, end = X[0], X[0] + 0.1 * X[-1]

    def forward(x):
        return np.maximum(x @ W1 + b1, 0) @ W2 + b2

    assume(((start @ W1 + b1 > 0) == (end @ W1 + b1 > 0)).all())
    between = (1 - share) * start + share * end
    expected = (1 - share) * forward(start) + share * forward(end)
    assert forward(between) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(problems())
def test_two_layers_without_relu_are_one(problem):
    X, _, (W1, b1, W2, b2) = problem
    assert X @ (W1 @ W2) + (b1 @ W2 + b2) == pytest.approx((X @ W1 + b1) @ W2 + b2, abs=1e-11)


@pytest.mark.parametrize("n_classes", [2, 3, 10])
@pytest.mark.parametrize("sigma", [0.05, 0.2])
def test_small_random_logits_cost_half_their_variance(n_classes, sigma):
    Z = np.random.default_rng(0).normal(0, sigma, size=(200_000, n_classes))
    every_label_alike = np.full(Z.shape, 1 / n_classes)  # so that no label's luck blurs the mean
    surplus = cross_entropy(Z, every_label_alike) - np.log(n_classes)
    assert surplus == pytest.approx(sigma**2 / 2 * (1 - 1 / n_classes), rel=0.03)
