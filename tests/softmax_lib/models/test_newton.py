"""Newton's method and the conjugate gradients underneath."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_lib.models import _newton


def bowl_with_flat_sides(x):
    """The square root of 1 + x²: full Newton steps jump from x to -x³."""
    root = np.sqrt(1 + x @ x)
    return root, x / root, lambda v: v / root**3


@pytest.mark.parametrize("start", [0.5, 2.0, 100.0])
def test_a_newton_step_that_is_too_long_is_shortened(start):
    x, norm, *_ = _newton.minimise(bowl_with_flat_sides, np.array([start]), tol=1e-12, max_iter=200)
    assert abs(x[0]) <= 1.01e-12
    assert norm <= 1e-12


def test_newton_starts_and_ends_at_an_optimum_without_a_step():
    start = np.zeros(1)
    x, norm, *_ = _newton.minimise(bowl_with_flat_sides, start, tol=1e-12, max_iter=5)
    assert (x[0], norm) == (0, 0)
    assert x is not start


@given(st.integers(0, 2**32))
def test_conjugate_gradients_stay_out_of_flat_directions(seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(6, 3))
    matrix, right = A @ A.T, A @ rng.normal(size=3)
    x = _newton.conjugate_gradient(lambda v: matrix @ v, right, 1e-12)
    assert matrix @ x == pytest.approx(right, abs=1e-9)
    assert x == pytest.approx(np.linalg.pinv(matrix) @ right, rel=1e-4, abs=1e-4)


def test_where_all_is_flat_the_direction_is_the_slope_itself():
    right = np.array([1.0, -2.0])
    assert (_newton.conjugate_gradient(np.zeros_like, right, 1e-12) == right).all()


@given(st.integers(0, 2**32))
def test_a_preconditioner_changes_the_way_and_not_the_solution(seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(6, 8))
    matrix, right = A @ A.T + 0.1 * np.eye(6), rng.normal(size=6)
    scales = 10 ** rng.uniform(-2, 2, 6)
    x = _newton.conjugate_gradient(lambda v: matrix @ v, right, 1e-10, lambda r: r * scales)
    assert np.linalg.norm(matrix @ x - right) <= 1e-9


def test_dividing_by_the_matrix_itself_takes_one_step():
    rng = np.random.default_rng(0)
    A = rng.normal(size=(6, 8))
    matrix, steps = A @ A.T, []
    _newton.conjugate_gradient(
        lambda v: steps.append(v) or matrix @ v,
        rng.normal(size=6),
        1e-9,
        lambda r: np.linalg.solve(matrix, r),
    )
    assert len(steps) == 1


def test_a_gradient_that_is_no_number_ends_the_descent():
    calls = []

    def nowhere(x):
        calls.append(x)
        return np.nan, np.full_like(x, np.nan), np.zeros_like

    _, norm, *_ = _newton.minimise(nowhere, np.zeros(2), tol=1e-6, max_iter=100)
    assert np.isnan(norm)
    assert len(calls) == 1
