"""Finite differences: right where they should be, and they catch wrong gradients."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_lib import (
    Tensor,
    check_gradient,
    cross_entropy,
    cross_entropy_and_gradient,
    entropy,
    numerical_gradient,
    softmax,
)
from tests.support.hypothesis_strategies import matrices, vectors


def square_sum(x):
    return (x**2).sum()


@given(vectors())
def test_the_slope_of_x_squared_is_2_x(x):
    assert numerical_gradient(square_sum, x) == pytest.approx(2 * x, rel=1e-6, abs=1e-6)


def test_a_known_slope_is_found_to_ten_digits():
    assert numerical_gradient(np.exp, 1.0) == pytest.approx(np.e, rel=1e-10)


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 1, 3), (0,), (0, 3)])
def test_the_gradient_has_the_shape_of_x_and_float64(shape):
    gradient = numerical_gradient(square_sum, np.ones(shape, np.float32))
    assert gradient.shape == shape
    assert gradient.dtype == np.float64


def test_each_entry_has_its_own_slope():
    weights = np.arange(6.0).reshape(2, 3)
    slopes = numerical_gradient(lambda x: (weights * x).sum(), np.ones((2, 3)))
    assert slopes == pytest.approx(weights, abs=1e-9)


def test_integers_and_lists_are_welcome():
    assert numerical_gradient(square_sum, [1, 2]) == pytest.approx([2, 4], abs=1e-9)


def test_large_entries_have_a_step_of_their_size():
    assert numerical_gradient(square_sum, [1e8]) == pytest.approx([2e8], rel=1e-9)
    assert numerical_gradient(np.sum, [1e12]) == pytest.approx([1], rel=1e-6)


def test_a_function_that_spoils_its_argument_does_no_harm():
    x = np.array([1.0, 2.0])
    x.flags.writeable = False

    def spoiling(x):
        value = square_sum(x)
        x[:] = 0
        return value

    assert numerical_gradient(spoiling, x) == pytest.approx([2, 4], abs=1e-9)
    assert check_gradient(spoiling, [2.0, 4.0], x) < 1e-9
    assert x.tolist() == [1, 2]


def test_a_function_may_return_an_array_of_one_number():
    assert numerical_gradient(lambda x: np.array([[x.sum()]]), [1.0]) == pytest.approx([1])


def test_a_tiny_one_sided_step_drowns_in_rounding_not_ours():
    one_sided = (np.exp(1 + 1e-15) - np.exp(1.0)) / 1e-15
    assert abs(one_sided - np.e) > 0.1
    assert abs(numerical_gradient(np.exp, 1.0) - np.e) < 1e-9


def test_a_right_gradient_passes_and_its_error_is_returned():
    error = check_gradient(square_sum, [2.0, 6.0], [1.0, 3.0])
    assert isinstance(error, float)
    assert 0 <= error < 1e-9


def test_the_gradient_may_be_a_function():
    assert check_gradient(square_sum, lambda x: 2 * x, [1.0, 3.0]) < 1e-9


@pytest.mark.parametrize(
    "wrong", [[2.0, 3.0], [-2.0, -6.0], [4.0, 12.0], [2.0, 6.001], [np.nan, 6.0], [2.0, np.inf]]
)
def test_a_wrong_gradient_fails(wrong):
    with pytest.raises(AssertionError, match=r"gradient at index \d is .*finite differences say"):
        check_gradient(square_sum, wrong, [1.0, 3.0])


def test_the_worst_entry_is_shown():
    with pytest.raises(AssertionError, match=r"gradient at index 1, 0 is 5, but .* say 4$"):
        check_gradient(square_sum, [[2.0], [5.0]], [[1.0], [2.0]])


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1.0, 1e6])
def test_the_error_is_relative_to_the_size_of_the_slope(scale):
    def f(x):
        return scale * square_sum(x)

    x = np.array([1e3, 10.0])
    wrong = 2 * scale * x * [1, 1 + 1e-4]
    assert check_gradient(f, wrong, x, tolerance=0.1) == pytest.approx(1e-4, rel=1e-2)
    assert check_gradient(f, 0 * wrong, x, tolerance=1) == 1
    with pytest.raises(AssertionError):
        check_gradient(f, wrong, x)


@pytest.mark.parametrize("p", [1e-8, 1e-6, 1e-3, 0.002, 0.5])
@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda p: -np.log(p[0]), lambda p: np.array([-1 / p[0], 0])),
        (lambda p: np.sqrt(p).sum(), lambda p: 0.5 / np.sqrt(p)),
        (lambda p: (p * np.log(p)).sum(), lambda p: np.log(p) + 1),
        (lambda p: np.log1p(-p[1]), lambda p: np.array([0, 1 / (p[1] - 1)])),
    ],
)
def test_right_slopes_pass_beside_the_edge_of_a_domain(f, slope, p):
    x = np.array([p, 1 - p])
    assert check_gradient(f, slope, x) < 1e-6
    assert numerical_gradient(f, x) == pytest.approx(slope(x), rel=1e-6)
    with pytest.raises(AssertionError):
        check_gradient(f, 1.001 * slope(x), x)


def _reciprocal(x):
    """As Python divides: 1 / 0 raises ZeroDivisionError."""
    return 1 / max(float(x), 0.0)


@pytest.mark.parametrize("x", [1e-6, 1e-3])
@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (math.log, lambda x: 1 / x),
        (math.sqrt, lambda x: 0.5 / math.sqrt(x)),
        (_reciprocal, lambda x: -1 / x**2),
        (lambda p: entropy([p, 1 - p]), lambda p: math.log((1 - p) / p)),
    ],
)
def test_a_function_may_raise_beyond_its_domain(f, slope, x):
    assert numerical_gradient(f, x) == pytest.approx(slope(x), rel=1e-6)
    assert check_gradient(f, slope(x), x) < 1e-6


def test_what_is_raised_inside_the_domain_goes_on():
    for call in numerical_gradient, lambda f, x: check_gradient(f, [1.0], x):
        with pytest.raises(ValueError, match="math domain error"):
            call(lambda x: math.log(-1), [1.0])


@pytest.mark.parametrize("x", [0.0, 1e-300, 1e-12, -1e-9, 1e-3, 30.0, 1e6])
def test_a_smooth_slope_is_found_at_any_size_of_x(x):
    assert check_gradient(np.sin, np.cos(x), x, tolerance=1e-2) < 1e-2
    assert numerical_gradient(np.arctan, x) == pytest.approx(1 / (1 + x * x), rel=1e-3, abs=1e-9)


@given(matrices(bound=9.0), st.sampled_from([1e-6, 1.0, 1e4]))
def test_at_an_optimum_0_is_right_and_a_slope_is_not(z, scale):
    target = softmax(z)

    def f(z):
        return scale * cross_entropy(z, target)

    assert check_gradient(f, np.zeros_like(z), z) <= 1e-6
    with pytest.raises(AssertionError):
        check_gradient(f, np.full(z.shape, 1e-3 * scale), z)


def test_a_function_rounded_to_float32_is_not_called_flat():
    z = np.random.default_rng(0).normal(size=(2, 3))
    slopes = numerical_gradient(lambda z: cross_entropy(np.float32(z), [0, 1]), z)
    assert slopes == pytest.approx((softmax(z) - np.eye(3)[:2]) / 2, abs=0.1)


def test_a_gradient_of_zeros_is_wrong_for_a_small_loss_too():
    z = np.random.default_rng(0).normal(size=(2, 3))
    with pytest.raises(AssertionError, match=r"is 0, but finite differences say -?\d"):
        check_gradient(lambda z: 1e-6 * cross_entropy(z, [0, 1]), np.zeros((2, 3)), z)


def test_a_looser_tolerance_accepts_more():
    assert check_gradient(square_sum, [2.1], [1.0], tolerance=0.1) > 0.01


def test_a_tolerance_of_nan_does_not_let_everything_pass():
    with pytest.raises((AssertionError, ValueError)):
        check_gradient(square_sum, [5.0], [1.0], tolerance=np.nan)


def test_a_function_that_gives_nan_fails():
    with pytest.raises(AssertionError, match="say nan"):
        check_gradient(lambda x: np.nan, [1.0], [1.0])


def test_no_entries_have_no_error():
    assert check_gradient(square_sum, np.empty((0, 2)), np.empty((0, 2))) == 0


def test_the_usual_mistakes_in_the_gradient_are_caught():
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(4, 3)), np.array([0, 2, 1, 1])
    p, Y = softmax(z), np.eye(3)[y]
    right = (p - Y) / 4

    def f(z):
        return cross_entropy(z, y)

    assert check_gradient(f, right, z) < 1e-9
    for wrong in (-right, 2 * right, 4 * right, right / 4, p - Y, p * (1 - p) * right, p / 4):
        with pytest.raises(AssertionError):
            check_gradient(f, wrong, z)


@pytest.mark.parametrize(
    ("f", "x", "error", "message"),
    [
        (np.sin, [1.0, 2.0], ValueError, r"f must return one number; got an array of shape \(2,\)"),
        (3, [1.0], TypeError, "f must be callable; got int"),
        (square_sum, ["a"], TypeError, "x must hold real numbers; got dtype <U1"),
        (square_sum, [1j], TypeError, "x must hold real numbers; got dtype complex128"),
        (square_sum, [[1], [1, 2]], ValueError, "x must be a rectangular array"),
    ],
)
def test_what_cannot_be_differentiated_is_named(f, x, error, message):
    with pytest.raises(error, match=message):
        numerical_gradient(f, x)


@pytest.mark.parametrize("gradient", [[1.0], [[1.0, 2.0]], 1.0])
def test_a_gradient_of_another_shape_is_refused(gradient):
    with pytest.raises(ValueError, match=r"gradient must have the shape of x, \(2,\); got \("):
        check_gradient(square_sum, gradient, [1.0, 3.0])


def test_a_gradient_that_is_not_real_is_refused():
    with pytest.raises(TypeError, match="gradient must hold real numbers"):
        check_gradient(square_sum, ["a", "b"], [1.0, 3.0])


def test_a_function_that_returns_no_number_is_named():
    with pytest.raises(ValueError, match="f must return one number; got NoneType"):
        numerical_gradient(lambda x: None, [1.0])


def test_a_tensor_in_the_place_of_a_number_has_a_cure():
    with pytest.raises(TypeError, match=r"f must be a function .*; got Tensor: .*its \.data"):
        numerical_gradient(lambda x: (Tensor(x) ** 2).sum(), [1.0, 2.0])


def test_a_gradient_that_overwrites_its_input_is_compared_right():
    def doubling_in_place(x):
        x *= 2
        return x

    assert check_gradient(lambda x: (x**2).sum(), doubling_in_place, [1.0, 3.0]) < 1e-6


@pytest.mark.parametrize("distance", [1e-1, 1e-5, 1e-6, 1e-7, 1e-9, 1e-12])
@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda x: np.abs(x[0]), np.sign),
        (lambda x: max(x[0], 0.1 * x[0]) + x[0] ** 2, lambda x: np.where(x > 0, 1, 0.1) + 2 * x),
    ],
)
def test_a_right_gradient_passes_beside_a_kink(f, slope, distance):
    for x in np.array([distance]), np.array([-distance]):
        assert check_gradient(f, slope(x), x) <= 1e-6
        with pytest.raises(AssertionError, match="gradient at index 0 is"):
            check_gradient(f, 3 + slope(x), x)


@pytest.mark.parametrize("kind", [np.float32, float])
def test_a_float32_loss_is_judged_by_its_own_digits(kind):
    z = np.random.default_rng(0).normal(size=(5, 3))

    def loss(z):
        return kind(cross_entropy(z.astype(np.float32), [0, 1, 2, 0, 1]))

    exact = cross_entropy_and_gradient(z, [0, 1, 2, 0, 1])[1]
    assert numerical_gradient(loss, z) == pytest.approx(exact, abs=1e-4)
    check_gradient(loss, exact, z)
    for factor in 0, 0.9, 2:
        with pytest.raises(AssertionError, match="finite differences say"):
            check_gradient(loss, factor * exact, z)
