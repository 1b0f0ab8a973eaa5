"""The convex objective: its derivatives, its sums over examples, its preconditioner."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_lib import (
    check_gradient,
    cross_entropy,
    fit_softmax_regression,
    load_digits,
    load_penguins,
)
from softmax_lib.models import _newton, _objective


@st.composite
def problems(draw, max_classes=4):
    """Features, labels of which every class occurs, and whether there is an intercept."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n_classes = draw(st.integers(2, max_classes))
    m = n_classes + draw(st.integers(0, 8))
    X = rng.normal(size=(m, draw(st.integers(1, 4))))
    return X, rng.permutation(np.arange(m) % n_classes), draw(st.booleans()), rng


def objective_at(theta, X, y, intercept, l2):
    objective = _objective.Objective(_objective.Examples(X, y, y.max() + 1, intercept), l2)
    return objective, *objective(theta)


def parameters(X, y, intercept, rng):
    return rng.normal(size=(y.max() + 1) * (X.shape[1] + intercept))


def centred(vector, n_classes):
    classes = vector.reshape(n_classes, -1)
    return (classes - classes.mean(axis=0)).ravel()


@given(problems(), st.sampled_from([0.0, 0.3]))
def test_the_cost_is_the_mean_loss_plus_the_weights_penalty(problem, l2):
    X, y, intercept, rng = problem
    theta = parameters(X, y, intercept, rng)
    _, cost, _, _ = objective_at(theta, X, y, intercept, l2)
    theta = theta.reshape(y.max() + 1, -1)
    W = theta[:, : X.shape[1]].T
    b = theta[:, -1] if intercept else 0
    assert cost == pytest.approx(cross_entropy(X @ W + b, y) + l2 / 2 * (W**2).sum(), rel=1e-13)


@given(problems(), st.sampled_from([0.0, 0.3]))
def test_the_gradient_is_the_derivative_of_the_cost(problem, l2):
    X, y, intercept, rng = problem
    theta = parameters(X, y, intercept, rng)
    objective, _, gradient, _ = objective_at(theta, X, y, intercept, l2)
    check_gradient(lambda x: objective(x)[0], gradient, theta)


@given(problems(), st.sampled_from([0.0, 0.3]))
def test_the_hessian_product_is_the_derivative_of_the_gradient(problem, l2):
    X, y, intercept, rng = problem
    theta, v = parameters(X, y, intercept, rng), parameters(X, y, intercept, rng)
    objective, _, _, hessian_times = objective_at(theta, X, y, intercept, l2)
    product = hessian_times(v)
    check_gradient(lambda x: objective(x)[1] @ v, product, theta)


@given(problems(), st.integers(1, 5))
def test_all_that_an_objective_needs_are_sums_over_examples(problem, cut):
    X, y, intercept, rng = problem
    shape = y.max() + 1, X.shape[1] + intercept
    theta, V = rng.normal(size=shape), rng.normal(size=shape)

    def sums(X, y):
        examples = _objective.Examples(X, y, shape[0], intercept)
        examples.evaluate(theta)
        return (
            examples.loss(),
            examples.gradient(),
            examples.class_covariance(),
            examples.gram(),
            examples.hessian_times(V),
        )

    parts = [sums(X[:cut], y[:cut]), sums(X[cut:], y[cut:])] if cut < len(X) else [sums(X, y)]
    for total, *terms in zip(sums(X, y), *parts, strict=True):
        np.testing.assert_allclose(total, sum(terms), rtol=1e-12, atol=1e-12)


def test_growth_is_that_of_a_true_class_over_another():
    examples = _objective.Examples(np.array([[-1.0], [0.0], [1.0]]), np.array([0, 0, 1]), 2, True)
    before, after = np.zeros((2, 2)), np.array([[-1.0, 0.5], [1.0, -0.5]])
    assert examples.growth(before, after) == (1.0, 3.0)
    assert examples.growth(after, before) == (-3.0, -1.0)
    # A lead that is large all the same may shrink.
    assert examples.growth(100 * after, 21 * after)[0] == np.inf


# The preconditioner


@given(problems(), st.sampled_from([0.0, 0.3]))
def test_equal_probs_let_the_preconditioner_undo_the_hessian(problem, l2):
    _, y, intercept, rng = problem
    X = np.linspace(-1, 1, len(y))[:, np.newaxis]
    v = centred(parameters(X, y, intercept, rng), y.max() + 1)
    objective, _, _, hessian_times = objective_at(0 * v, X, y, intercept, l2)
    divide = objective.preconditioner()
    assert divide(hessian_times(v)) == pytest.approx(v, rel=1e-6, abs=1e-6)


@given(problems(), st.sampled_from([0.0, 0.3]))
def test_the_preconditioner_is_symmetric_and_positive(problem, l2):
    X, y, intercept, rng = problem
    u, v, theta = (parameters(X, y, intercept, rng) for _ in range(3))
    objective, *_ = objective_at(theta, X, y, intercept, l2)
    u, v = centred(u, y.max() + 1), centred(v, y.max() + 1)
    divide = objective.preconditioner()
    size = np.sqrt((u @ divide(u)) * (v @ divide(v)))
    assert u @ divide(v) == pytest.approx(v @ divide(u), abs=1e-5 * size)
    assert min(u @ divide(u), v @ divide(v)) > 0


@pytest.mark.parametrize(("data", "l2"), [(load_digits, 1e-3), (load_penguins, 1.0)])
def test_it_saves_more_than_half_of_the_hessian_products(data, l2):
    data = data()
    examples = _objective.Examples(data.X, data.y, len(data.class_names), True)
    objective = _objective.Objective(examples, l2)
    products = []

    def counted(theta):
        cost, gradient, hessian_times = objective(theta)
        return cost, gradient, lambda v: products.append(v) or hessian_times(v)

    def count(**options):
        products.clear()
        start = np.zeros(np.prod(examples.shape))
        assert _newton.minimise(counted, start, tol=1e-6, max_iter=100, **options).norm <= 1e-6
        return len(products)

    assert 2 * count(preconditioner=objective.preconditioner) < count()


BEYOND = _objective.MANY + 1


@pytest.mark.parametrize(("n", "n_classes"), [(BEYOND, 3), (2, BEYOND)])
def test_of_many_features_or_classes_it_knows_the_scales(n, n_classes):
    rng = np.random.default_rng(0)
    m = 2 * BEYOND
    X, y = rng.normal(size=(m, n)) * np.logspace(-3, 3, n), np.arange(m) % n_classes
    objective = _objective.Objective(_objective.Examples(X, y, n_classes, True), 1e-2)
    start = np.zeros(n_classes * (n + 1))
    assert objective.minimise(start, tol=1e-4, max_iter=100).end == "optimum"
    assert objective._n_products < 100


def test_few_examples_of_many_features_do_without():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, BEYOND)), np.arange(40) % 3
    objective, *_ = objective_at(np.zeros(3 * (BEYOND + 1)), X, y, 1, 1e-3)
    assert objective.preconditioner() is None
    fit_softmax_regression(X, y, l2=0.1, tol=1e-9)  # a warning would be an error


def test_the_matrix_is_built_once_products_have_cost_as_much():
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(600, 1)) * 30
    X = shared + rng.normal(size=(600, BEYOND))  # features that go together: scales do not help
    y = (X[:, 0] - shared[:, 0] > 0).astype(int)
    objective = _objective.Objective(_objective.Examples(X, y, 2, True), 1e-3)
    grams = []
    gram = objective.examples.gram
    objective.examples.gram = lambda: grams.append(objective._n_products) or gram()
    start = np.zeros(2 * (BEYOND + 1))
    assert objective.minimise(start, tol=1e-8, max_iter=100).end == "optimum"
    assert len(grams) == 1
    assert 0 < grams[0] < objective._n_products


def test_where_every_probability_is_0_or_1_there_is_none():
    theta = np.array([-1e6, 1e6])
    objective, _, _, hessian_times = objective_at(
        theta, np.array([[-1.0], [1.0]]), np.array([0, 1]), False, 0.5
    )
    assert objective.preconditioner() is None
    assert (hessian_times(theta) == 0.5 * theta).all()


@pytest.mark.parametrize("l2", [0, 1e-3])
@pytest.mark.parametrize(
    "more",
    [
        lambda X: X,  # every column twice
        lambda X: X[:, :1] + X[:, 1:2],  # a sum of two others
        lambda X: np.tile([0.0, 1.0, 5.0], (len(X), 1)),  # constants, beside the intercept
    ],
)
def test_rounding_in_flat_directions_does_not_spoil_the_descent(more, l2):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 5)), rng.integers(3, size=300)
    W, b = fit_softmax_regression(np.hstack([X, more(X)]), y, l2=l2, tol=1e-12)
    assert np.isfinite(W).all()
    if l2 == 0:  # and no more columns than before: only the way to write the optimum differs
        plain = fit_softmax_regression(X, y, l2=0, tol=1e-12)
        assert np.hstack([X, more(X)]) @ W + b == pytest.approx(X @ plain[0] + plain[1], abs=1e-8)


@pytest.mark.parametrize("scale", [1e-8, 1e-4, 1e4, 1e8])
def test_the_features_scale_changes_only_the_weights_scale(scale):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 5)), rng.integers(3, size=300)
    W, _ = fit_softmax_regression(X, y, tol=1e-12, fit_intercept=False)
    scaled, _ = fit_softmax_regression(
        scale * X, y, l2=1e-3 * scale**2, tol=1e-12 * scale, fit_intercept=False
    )
    assert scaled * scale == pytest.approx(W, abs=1e-8)
