"""What chapter 5 states about curvature, steps and optima, on random inputs and on the penguins."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from softmax_lib import (
    cross_entropy,
    cross_entropy_and_gradient,
    fit_softmax_regression,
    load_penguins,
    one_hot,
    softmax,
    softmax_jacobian,
)
from tests.support.hypothesis_strategies import distributions, labelled_logits, vectors

ROUNDING = 1e-12

penguins = load_penguins()
X, y = (penguins.X - penguins.X.mean(axis=0)) / penguins.X.std(axis=0), penguins.y
X1, Y, m = np.column_stack([X, np.ones(len(y))]), one_hot(y, 3), len(y)
PRICE = np.array([0.01] * 4 + [0])[:, None]
K = np.linalg.eigvalsh(X1.T @ X1)[-1] / m / 2 + 0.01

seeds = st.integers(0, 2**32)


def cost(theta):
    return cross_entropy(X1 @ theta, y) + (PRICE * theta**2).sum() / 2


def gradient(theta):
    return X1.T @ cross_entropy_and_gradient(X1 @ theta, y)[1] + PRICE * theta


def hessian(theta, features=X1, price=PRICE):
    S = softmax_jacobian(features @ theta)
    size = theta.size
    H = np.einsum("ij,ik,icd->jckd", features, features, S).reshape(size, size) / len(features)
    return H + np.diag((price + np.zeros_like(theta)).ravel())


def random_theta(seed, scale=3.0):
    return scale * np.random.default_rng(seed).normal(size=(5, 3))


@pytest.fixture(scope="module")
def bottom():
    return np.vstack(fit_softmax_regression(X, y, l2=0.01, tol=1e-13))


@st.composite
def forecasts_with_directions(draw):
    p = draw(distributions(min_size=2))
    return p, draw(vectors(len(p), len(p)))


def covariance(p):
    return np.diag(p) - np.outer(p, p)


def largest(matrix):
    return np.linalg.eigvalsh(matrix)[-1]


# The curvature of one loss, by the logits


@given(labelled_logits(min_classes=2, bound=5))
def test_the_hessian_of_a_loss_is_the_jacobian_of_softmax(problem):
    Z, labels = problem
    h = 1e-5
    for z, label in zip(Z, labels, strict=True):
        nudges = h * np.eye(len(z))
        up, down = (
            np.array([cross_entropy_and_gradient(z + sign * nudge, label)[1] for nudge in nudges])
            for sign in (1, -1)
        )
        assert (up - down) / (2 * h) == pytest.approx(softmax_jacobian(z), abs=1e-9)
        assert softmax_jacobian(z) == pytest.approx(covariance(softmax(z)), abs=ROUNDING)


@given(forecasts_with_directions())
def test_the_curvature_along_v_is_a_variance(drawn):
    p, v = drawn
    variance = p @ (v - p @ v) ** 2
    assert v @ covariance(p) @ v == pytest.approx(variance, abs=ROUNDING * (1 + v @ v))
    assert variance >= 0


@given(forecasts_with_directions())
@example((np.array([0.5, 0.5, 0]), np.array([1.0, -1, 0])))
def test_a_variance_is_at_most_a_quarter_of_the_squared_range(drawn):
    p, v = drawn
    slack = ROUNDING * (1 + v @ v)
    variance, spread = p @ (v - p @ v) ** 2, v.max() - v.min()
    assert variance <= spread**2 / 4 + slack
    assert spread**2 / 4 <= (v.max() ** 2 + v.min() ** 2) / 2 + slack
    assert (v.max() ** 2 + v.min() ** 2) / 2 <= v @ v + slack
    assert variance <= v @ v / 2 + slack


@given(distributions(min_size=2))
def test_no_eigenvalue_exceeds_a_half(p):
    assert np.linalg.eigvalsh(covariance(p))[0] >= -ROUNDING
    assert largest(covariance(p)) <= 0.5 + ROUNDING


@pytest.mark.parametrize("n_classes", [2, 3, 10])
def test_two_classes_neck_and_neck_reach_a_half(n_classes):
    p = np.zeros(n_classes)
    p[:2] = 0.5
    assert largest(covariance(p)) == pytest.approx(0.5, abs=ROUNDING)
    direction = np.zeros(n_classes)
    direction[:2] = 1, -1
    assert covariance(p) @ direction == pytest.approx(0.5 * direction, abs=ROUNDING)


@given(distributions(min_size=2))
def test_the_top_eigenvalue_lies_between_the_two_top_probs(p):
    second, first = np.sort(p)[-2:]
    assert second - ROUNDING <= largest(covariance(p)) <= first + ROUNDING


@given(vectors(2, 6, bound=3))
def test_nonzero_eigenvalues_multiply_to_c_times_all_probs(z):
    p = softmax(z)
    zero, *others = np.linalg.eigvalsh(covariance(p))
    assert zero == pytest.approx(0, abs=ROUNDING)
    assert math.prod(others) == pytest.approx(len(p) * p.prod(), rel=1e-8)


@given(forecasts_with_directions())
def test_boehnings_matrix_curves_at_least_as_much(drawn):
    p, v = drawn
    centred = v - v.mean()
    assert v @ covariance(p) @ v <= centred @ centred / 2 + ROUNDING * (1 + v @ v)
    C = len(p)
    assert np.linalg.eigvalsh((np.eye(C) - 1 / C) / 2 - covariance(p))[0] >= -ROUNDING


@given(st.floats(-30, 30))
def test_logistic_regression_curves_half_as_much_as_two_logits(z):
    p = softmax([0, z])[1]
    assert largest(covariance(softmax([0, z]))) == pytest.approx(2 * p * (1 - p), abs=ROUNDING)
    assert p * (1 - p) <= 0.25 + ROUNDING


# The curvature of the penguins' cost


@given(seeds)
def test_the_parameters_hessian_has_features_on_both_sides(seed):
    theta, h = random_theta(seed, scale=1), 1e-5
    columns = []
    for nudge in h * np.eye(15):
        nudge = nudge.reshape(5, 3)
        columns.append((gradient(theta + nudge) - gradient(theta - nudge)).ravel() / (2 * h))
    assert hessian(theta) == pytest.approx(np.array(columns), abs=1e-8)


@given(seeds, st.floats(0, 1))
def test_the_cost_is_never_above_the_line_between_its_ends(seed, share):
    start, end = np.random.default_rng(seed).normal(size=(2, 5, 3)) * 5
    chord = (1 - share) * cost(start) + share * cost(end)
    assert cost((1 - share) * start + share * end) <= chord * (1 + ROUNDING)


@given(seeds, st.sampled_from([0, 1, 10]))
def test_neither_bound_is_ever_exceeded(seed, scale):
    H = hessian(random_theta(seed, scale))
    assert largest(H) <= K
    B = np.kron(X1.T @ X1 / m, (np.eye(3) - 1 / 3) / 2) + np.diag((PRICE + np.zeros(3)).ravel())
    assert np.linalg.eigvalsh(B - H)[0] >= -ROUNDING
    assert largest(B) == pytest.approx(K)


def test_at_zero_all_classes_share_the_curvature():
    share = np.linalg.eigvalsh(X1.T @ X1)[-1] / (3 * m) + 0.01
    assert largest(hessian(np.zeros((5, 3)))) == pytest.approx(share)


# Steps


@given(seeds, st.floats(0.01, 0.999), st.sampled_from([0, 1, 10]))
def test_a_step_below_2_over_k_never_raises_the_cost(seed, share, scale):
    theta = random_theta(seed, scale)
    for _ in range(5):
        step = share * 2 / K * gradient(theta)
        promised = cost(theta) - (1 - share) * (step * gradient(theta)).sum()
        theta = theta - step
        assert cost(theta) <= promised * (1 + ROUNDING)


@given(seeds)
def test_a_step_by_boehnings_matrix_never_raises_the_cost(seed):
    B = np.kron(X1.T @ X1 / m, (np.eye(3) - 1 / 3) / 2) + np.diag((PRICE + np.zeros(3)).ravel())
    inverse, theta = np.linalg.pinv(B, rcond=1e-8), random_theta(seed)
    costs = [cost(theta)]
    for _ in range(5):
        theta = theta - (inverse @ gradient(theta).ravel()).reshape(5, 3)
        costs.append(cost(theta))
    assert all(after < before for before, after in pairwise(costs))


@pytest.mark.parametrize("eta", [1.0, 10.0, 11.5, 11.9])
def test_near_the_bottom_each_eigenvector_has_its_own_factor(bottom, eta):
    eigenvalues, eigenvectors = np.linalg.eigh(hessian(bottom))
    for h, eigenvector in zip(eigenvalues, eigenvectors.T, strict=True):
        error = 1e-6 * eigenvector
        theta = bottom + error.reshape(5, 3)
        after = (theta - eta * gradient(theta) - bottom).ravel()
        assert after == pytest.approx((1 - eta * h) * error, abs=1e-10)


def test_descent_settles_below_the_threshold_and_hops_above(bottom):
    threshold = 2 / largest(hessian(bottom))
    assert threshold == pytest.approx(11.70, abs=0.005)
    assert pytest.approx(1.442, abs=0.0005) == 2 / K
    below, above = np.zeros((2, 5, 3))
    for _ in range(1500):
        below = below - 0.98 * threshold * gradient(below)
        above = above - 1.02 * threshold * gradient(above)
    assert below == pytest.approx(bottom, abs=1e-9)
    once = above - 1.02 * threshold * gradient(above)
    twice = once - 1.02 * threshold * gradient(once)
    assert twice == pytest.approx(above, abs=1e-9)
    assert np.linalg.norm(once - above) > 0.3
    assert sorted([cost(above), cost(once)]) == pytest.approx([0.1419, 0.1425], abs=0.0001)


@given(seeds, st.floats(0.1, 100), st.sampled_from([1, 30, 100]))
def test_no_step_throws_the_weights_ever_further(seed, eta, scale):
    # A loss pulls with at most |p - y| |x|, and |p - y| is at most the root of 2.
    pull = math.sqrt(2) * np.linalg.norm(X1, axis=1).mean()
    theta = random_theta(seed, scale)
    start = np.linalg.norm(theta[:4])
    for _ in range(5):
        before, theta = np.linalg.norm(theta[:4]), theta - eta * gradient(theta)
        after = np.linalg.norm(theta[:4])
        assert after <= (1 - 0.01 * eta) * before + eta * pull + 1e-9
        assert after <= max(start, pull / 0.01) + 1e-9


def test_a_wider_hop_crosses_flatter_ground():
    hops = []
    for eta in (12, 13, 14):
        one = np.zeros((5, 3))
        for _ in range(1500):
            one = one - eta * gradient(one)
        other = one - eta * gradient(one)
        hop = (other - one).ravel()
        shares = (np.arange(200) + 0.5) / 200
        mean = sum(hessian(one + share * (other - one)) for share in shares) / len(shares)
        hops.append(np.linalg.norm(hop))
        assert hop @ mean @ hop / hops[-1] ** 2 == pytest.approx(2 / eta, rel=1e-5)
        assert largest(mean) == pytest.approx(2 / eta, rel=1e-5)
    assert hops == sorted(hops)


@pytest.mark.parametrize(("eta", "settles"), [(0.5, True), (3.9, True), (4.1, False), (6, False)])
def test_both_thresholds_are_4_for_one_example_torn_in_two(eta, settles):
    z = np.array([0.5, -0.5])
    for _ in range(2000):
        z = z - eta * (softmax(z) - 0.5)
    after = z - eta * (softmax(z) - 0.5)
    assert after == pytest.approx(-z if not settles else [0, 0], abs=1e-12)
    assert (abs(z[0]) < 1e-12) == settles


# What is unique


@given(seeds, st.floats(0.1, 20))
def test_descent_keeps_the_mean_of_biases_and_unpriced_rows(seed, eta):
    theta = random_theta(seed)
    after = theta - eta * gradient(theta)
    assert after[4].mean() == pytest.approx(theta[4].mean(), abs=1e-9)
    free = theta - eta * (gradient(theta) - PRICE * theta)
    assert free.mean(axis=1) == pytest.approx(theta.mean(axis=1), abs=1e-9)


def test_only_the_biases_can_move_and_only_together(bottom):
    eigenvalues, eigenvectors = np.linalg.eigh(hessian(bottom))
    assert eigenvalues[0] == pytest.approx(0, abs=ROUNDING)
    assert eigenvalues[1] >= 0.01 - ROUNDING
    flat = eigenvectors[:, 0].reshape(5, 3)
    assert flat[:4] == pytest.approx(np.zeros((4, 3)), abs=1e-8)
    assert np.ptp(flat[4]) < 1e-8
    assert bottom[:4].sum(axis=1) == pytest.approx(np.zeros(4), abs=1e-9)
    shifted = bottom + np.array([0, 0, 0, 0, 7])[:, None]
    assert cost(shifted) == pytest.approx(cost(bottom), rel=ROUNDING)


def test_without_a_price_a_column_can_be_added_to_all_columns():
    H = hessian(random_theta(0, scale=1), price=0 * PRICE)
    assert np.linalg.matrix_rank(H, hermitian=True) == 10
    assert H @ np.kron(np.eye(5), np.ones((3, 1))) == pytest.approx(np.zeros((15, 5)), abs=1e-12)


@given(seeds)
def test_a_class_without_examples_has_no_bottom(seed):
    theta = random_theta(seed)
    labels = np.minimum(y, 1)
    slope = cross_entropy_and_gradient(X1 @ theta, labels)[1].sum(axis=0)
    assert slope[2] > 0


# No bottom


def test_on_separable_birds_stretching_always_pays():
    W, b = fit_softmax_regression(X, y, l2=1e-4)
    assert ((X @ W + b).argmax(axis=1) == y).all()
    costs = [cross_entropy(stretch * (X @ W + b), y) for stretch in range(1, 20)]
    assert all(after < before for before, after in pairwise(costs))


def test_bill_depth_and_flipper_isolate_the_gentoos():
    W, b = fit_softmax_regression(X[:, [1, 2]], (y == 2).astype(int), l2=1e-6)
    assert ((X[:, [1, 2]] @ W + b).argmax(axis=1) == (y == 2)).all()


@given(seeds, st.floats(0.1, 10))
def test_splitting_off_one_class_lowers_every_loss(seed, stretch):
    W, b = fit_softmax_regression(X[:, [1, 2]], (y == 2).astype(int), l2=1e-6)
    Z = X1 @ random_theta(seed, scale=1)
    longer = Z.copy()
    longer[:, 2] += stretch * ((X[:, [1, 2]] @ W + b) @ [-1, 1])
    before, after = (cross_entropy(logits, y, reduction="none") for logits in (Z, longer))
    assert (after < before).all()


def test_bill_length_and_depth_have_a_bottom_without_a_price():
    W, b = fit_softmax_regression(X[:, :2], y, l2=0, tol=1e-10)  # no SeparableDataWarning
    assert np.linalg.norm(W) == pytest.approx(16.08, abs=0.005)
    assert cross_entropy(X[:, :2] @ W + b, y) == pytest.approx(0.0700, abs=0.0001)


@pytest.mark.parametrize("eta", [0.5, 5])
def test_one_birds_lead_grows_like_the_logarithm_of_passes(eta):
    z = np.zeros(2)
    for t in range(1, 10_001):
        z = z - eta * (softmax(z) - [1, 0])
        if t in (1000, 10_000):
            assert z[0] - z[1] == pytest.approx(math.log(2 * eta * t), abs=0.02)
