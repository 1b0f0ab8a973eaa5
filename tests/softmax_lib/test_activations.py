"""Activations: worked by hand, invariants, a second route, extremes, messages, layouts."""

import math
from itertools import permutations

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st

from softmax_lib import (
    check_gradient,
    hardmax,
    log_softmax,
    logsumexp,
    numerical_gradient,
    sigmoid,
    softmax,
    softmax_jacobian,
)
from tests.support.exact import FLOOR, exact_log_softmax, exact_logsumexp, exact_softmax
from tests.support.hypothesis_strategies import matrices, vectors

LECTURE = [5.0, 2.0, -1.0, 3.0]
EPS = np.finfo(np.float64).eps
TINY = np.finfo(np.float64).tiny
SHAPED = [softmax, log_softmax, hardmax]
EVERY = [*SHAPED, logsumexp]
ON_LOGITS = [*EVERY, sigmoid, softmax_jacobian]


def naive_softmax(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def shifted_by(shift, z):
    """Softmax with something else subtracted than the maximum."""
    return naive_softmax(z - shift(z, axis=-1, keepdims=True))


# Worked by hand


def test_the_lectures_logits_give_the_lectures_probabilities():
    assert softmax(LECTURE) == pytest.approx([0.842034, 0.041922, 0.002087, 0.113957], abs=5e-7)


def test_two_equal_logits_share_evenly():
    assert softmax([7, 7]).tolist() == [0.5, 0.5]


def test_odds_of_three_to_one_to_one_are_the_logits_ln_3_0_0():
    assert softmax([math.log(3), 0, 0]) == pytest.approx([0.6, 0.2, 0.2], abs=1e-12)


def test_the_worked_value_that_a_course_prints_wrongly():
    probs = softmax([12.5, 0.6, -23.0])
    assert probs[0] == pytest.approx(0.999993, abs=5e-7)
    assert probs[1] == pytest.approx(6.8e-6, abs=5e-8)


def test_the_lectures_logits_at_temperature_a_half_and_two():
    assert softmax(LECTURE, temperature=0.5).round(3).tolist() == [0.98, 0.002, 0, 0.018]
    assert softmax(LECTURE, temperature=2).round(3).tolist() == [0.609, 0.136, 0.03, 0.224]


def test_log_softmax_of_c_equal_logits_is_minus_ln_c():
    assert log_softmax(np.zeros(10)) == pytest.approx(-math.log(10), abs=1e-12)


def test_logsumexp_of_two_equal_logits_adds_ln_2():
    assert logsumexp([3.0, 3.0]) == pytest.approx(3 + math.log(2), abs=1e-12)


def test_hardmax_puts_the_lectures_1_on_other():
    assert hardmax(LECTURE).tolist() == [1, 0, 0, 0]


def test_hardmax_gives_a_tie_to_the_first():
    assert hardmax([[1, 2, 2], [2, 1, 2]]).tolist() == [[0, 1, 0], [1, 0, 0]]


def test_sigmoid_of_ln_3_is_three_quarters():
    assert sigmoid([math.log(3), 0, -math.log(3)]) == pytest.approx([0.75, 0.5, 0.25], abs=1e-12)


def test_the_jacobian_of_two_equal_logits_is_a_quarter_each_way():
    assert softmax_jacobian([1, 1]).tolist() == [[0.25, -0.25], [-0.25, 0.25]]


# Invariants


@given(matrices(bound=1e300))
def test_probabilities_lie_between_0_and_1_and_sum_to_1(z):
    probs = softmax(z)
    assert ((probs >= 0) & (probs <= 1)).all()
    assert probs.sum(axis=1) == pytest.approx(1, abs=1e-14)


@given(matrices(bound=2**20), st.integers(-(2**20), 2**20))
def test_adding_one_number_to_every_logit_changes_nothing(z, shift):
    z = z.round()  # whole numbers, so that the sum is exact
    # Each side may be 4 units in the last place from the truth.
    np.testing.assert_array_max_ulp(softmax(z + shift), softmax(z), maxulp=8)
    np.testing.assert_array_max_ulp(log_softmax(z + shift), log_softmax(z), maxulp=8)
    assert (hardmax(z + shift) == hardmax(z)).all()


def test_multiplying_every_logit_does_change_the_probabilities():
    assert abs(softmax(np.multiply(2, LECTURE)) - softmax(LECTURE)).max() > 0.1


@given(matrices(), st.randoms(use_true_random=False))
def test_classes_in_another_order_keep_their_probabilities(z, random):
    order = random.sample(range(z.shape[1]), z.shape[1])
    assert softmax(z)[:, order] == pytest.approx(softmax(z[:, order]), rel=1e-14, abs=TINY)


@given(matrices())
def test_a_larger_logit_never_has_a_smaller_probability(z):
    order = z.argsort(axis=1)
    assert (np.diff(np.take_along_axis(softmax(z), order, axis=1), axis=1) >= 0).all()


@given(matrices())
def test_the_logarithm_of_softmax_is_log_softmax(z):
    assert np.exp(log_softmax(z)) == pytest.approx(softmax(z), rel=1e-12, abs=TINY)


@given(matrices())
def test_log_softmax_applied_twice_changes_nothing(z):
    once = log_softmax(z)
    assert log_softmax(once) == pytest.approx(once, rel=1e-14, abs=1e-14)


@given(matrices())
def test_log_softmax_is_the_logits_minus_logsumexp(z):
    assert z - logsumexp(z, keepdims=True) == pytest.approx(log_softmax(z), abs=1e-12)


@given(vectors(), st.floats(0.01, 100))
def test_the_smooth_maximum_lies_within_t_ln_c_of_the_maximum(z, temperature):
    smooth = temperature * logsumexp(z / temperature)
    slack = 1e-12 * max(1, abs(z).max())
    assert z.max() - slack <= smooth <= z.max() + temperature * math.log(len(z)) + slack


def test_the_upper_bound_is_reached_only_where_all_logits_tie():
    assert logsumexp([2.0, 2.0, 2.0]) == pytest.approx(2 + math.log(3), abs=1e-12)
    assert logsumexp([2.0, 2.0, 1.9]) < 2 + math.log(3) - 0.01


@given(matrices(bound=2**20), st.integers(-(2**20), 2**20))
def test_logsumexp_moves_with_a_shift(z, shift):
    z = z.round()
    assert logsumexp(z + shift) == pytest.approx(logsumexp(z) + shift, rel=1e-15, abs=1e-9)


@given(vectors())
def test_softmax_is_the_gradient_of_logsumexp(z):
    check_gradient(logsumexp, softmax(z), z)


@given(matrices())
def test_hardmax_is_one_hot_at_numpys_argmax(z):
    assert (hardmax(z) == np.eye(z.shape[1])[z.argmax(axis=1)]).all()


@given(st.floats(-700, 700))
def test_sigmoid_of_the_opposite_logit_is_the_rest(z):
    assert sigmoid(z) + sigmoid(-z) == pytest.approx(1, abs=1e-12)


@given(st.floats(-700, 700), st.floats(-10, 10))
def test_of_two_logits_the_second_has_the_sigmoid_of_the_gap(difference, base):
    z = np.array([base, base + difference])
    assert softmax(z)[1] == pytest.approx(sigmoid(z[1] - z[0]), rel=1e-12, abs=0)


@given(vectors(bound=20.0))
def test_the_jacobian_is_diag_p_minus_p_p_transposed(z):
    p = softmax(z)
    assert softmax_jacobian(z) == pytest.approx(np.diag(p) - np.outer(p, p), abs=1e-15)


@given(vectors(bound=5.0))
def test_the_jacobian_agrees_with_finite_differences(z):
    rows = [numerical_gradient(lambda z, k=k: softmax(z)[k], z) for k in range(len(z))]
    assert softmax_jacobian(z) == pytest.approx(np.array(rows), abs=1e-8)


@given(vectors())
def test_the_jacobian_is_symmetric_with_rows_that_sum_to_0(z):
    jacobian = softmax_jacobian(z)
    assert (jacobian == jacobian.T).all()
    assert jacobian.sum(axis=1) == pytest.approx(0, abs=1e-16)


@given(vectors())
def test_the_jacobians_eigenvalues_lie_between_0_and_a_half(z):
    eigenvalues = np.linalg.eigvalsh(softmax_jacobian(z))
    assert eigenvalues.min() >= -1e-15
    assert eigenvalues.max() <= 0.5 + 1e-15


@given(vectors(min_size=2, bound=5.0))
def test_nonzero_eigenvalues_multiply_to_c_times_all_probs(z):
    largest = np.linalg.eigvalsh(softmax_jacobian(z))[1:]
    assert np.prod(largest) == pytest.approx(len(z) * softmax(z).prod(), rel=1e-6, abs=1e-15)


# Two routes agree


@given(matrices())
def test_scipy_agrees(z):
    assert softmax(z) == pytest.approx(scipy.special.softmax(z, axis=1), rel=1e-12, abs=TINY)
    assert log_softmax(z) == pytest.approx(scipy.special.log_softmax(z, axis=1), abs=1e-12)
    assert logsumexp(z) == pytest.approx(scipy.special.logsumexp(z, axis=1), rel=1e-13, abs=1e-13)
    assert sigmoid(z) == pytest.approx(scipy.special.expit(z), rel=1e-13, abs=0)


@given(vectors(bound=600.0))
def test_softmax_is_right_to_the_digits_that_its_exponents_have(z):
    exact = np.array(exact_softmax(z), dtype=float)
    error = abs(softmax(z) - exact)
    assert (error <= (4 + np.ptp(z)) * EPS * exact + TINY).all()


@given(vectors(bound=600.0))
def test_log_softmax_and_logsumexp_are_right_to_the_end(z):
    exact = np.array(exact_log_softmax(z), dtype=float)
    assert (abs(log_softmax(z) - exact) <= 4 * EPS * (abs(exact) + np.ptp(z)) + FLOOR).all()
    total = float(exact_logsumexp(z))
    assert abs(logsumexp(z) - total) <= 4 * EPS * max(abs(z).max(), abs(total)) + FLOOR


@given(vectors(bound=100.0))
def test_the_jacobian_keeps_the_digits_of_its_smallest_entries(z):
    p = exact_softmax(z)
    exact = -np.array([[float(a * b) for b in p] for a in p])
    np.fill_diagonal(exact, [float(a * (sum(p) - a)) for a in p])
    error = abs(softmax_jacobian(z) - exact)
    assert (error <= (8 + 2 * np.ptp(z)) * EPS * abs(exact) + FLOOR).all()


@given(vectors(bound=100.0), st.sampled_from([0.1, 0.3, 3.0, 7.0]))
def test_a_temperature_costs_no_more_digits_than_documented(z, temperature):
    exact = np.array(exact_softmax(z, temperature), dtype=float)
    error = abs(softmax(z, temperature=temperature) - exact)
    assert (error <= (4 + np.ptp(z) / temperature) * EPS * exact + TINY).all()


def test_dividing_differences_keeps_digits_that_logits_lose():
    z = np.array([1e6 + 0.1, 1e6 - 300.3])
    exact = np.array(exact_softmax(z, 3), dtype=float)
    assert softmax(z, temperature=3)[1] == pytest.approx(exact[1], rel=104 * EPS, abs=0)
    assert abs(softmax(z / 3)[1] / exact[1] - 1) > 10_000 * EPS


def test_float32_softmax_is_right_to_float32_digits():
    z = np.random.default_rng(0).uniform(-20, 20, (200, 5)).astype(np.float32)
    exact = np.array([exact_softmax(row) for row in z], dtype=float)
    assert softmax(z) == pytest.approx(exact, rel=3e-6, abs=0)


# Extremes


def test_large_logits_do_not_overflow():
    assert softmax([1000, 1]).tolist() == [1, 0]
    assert softmax([3000, 1]).tolist() == [1, 0]
    assert softmax([1000, 1001]) == pytest.approx([0.2689414, 0.7310586], abs=5e-8)


def test_very_negative_logits_do_not_divide_zero_by_zero():
    assert softmax([-1000, -1000]).tolist() == [0.5, 0.5]
    assert softmax([-10000, -10000]).tolist() == [0.5, 0.5]


def test_the_largest_finite_logits_are_still_distinguished():
    big = np.finfo(np.float64).max
    assert softmax([big, -big]).tolist() == [1, 0]
    assert logsumexp([big, -big]) == big
    assert log_softmax([1e307, -1e307]).tolist() == [0, -2e307]


def test_a_row_far_below_the_others_keeps_its_own_maximum():
    z = np.array([[0.0, 1.0], [-2000.0, -1999.0]])
    np.testing.assert_array_max_ulp(softmax(z)[0], softmax(z)[1], maxulp=8)
    with np.errstate(all="ignore"):
        by_the_batch_maximum = naive_softmax(z - z.max())
    assert np.isnan(by_the_batch_maximum[1]).all()


def test_the_plain_formula_overflows_where_ours_does_not():
    assert np.isnan(naive_softmax(np.array([1000.0, 1000.0]))).all()
    assert softmax([1000.0, 1000.0]).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("shift", [np.mean, np.median, np.min])
def test_only_the_maximum_survives_3000_and_1(shift):
    assert np.isnan(shifted_by(shift, np.array([3000.0, 1.0]))).any()


def test_the_maximum_with_zero_does_not_survive_minus_10000():
    z = np.array([-10000.0, -10000.0])
    assert np.isnan(naive_softmax(z - max(0, z.max()))).all()


def test_the_log_of_an_underflow_is_lost_where_ours_is_not():
    with np.errstate(all="ignore"):
        assert np.log(softmax([0.0, -800.0]))[1] == -np.inf
    assert log_softmax([0.0, -800.0]).tolist() == [0, -800]


def test_a_confident_winner_keeps_its_small_loss():
    assert scipy.special.log_softmax([40.0, 0.0])[0] == 0
    assert log_softmax([40.0, 0.0])[0] == pytest.approx(-math.exp(-40), rel=1e-14, abs=0)


def test_a_gap_of_37_prints_exactly_1_and_of_746_exactly_0():
    assert softmax([37.0, 0.0])[0] == 1
    assert softmax([36.0, 0.0])[0] < 1
    assert softmax([746.0, 0.0])[1] == 0
    assert softmax([745.0, 0.0])[1] > 0


def test_sigmoid_keeps_a_small_probability():
    assert sigmoid(-700.0) == pytest.approx(math.exp(-700), rel=1e-14, abs=0)
    assert sigmoid([1000.0, -1000.0]).tolist() == [1, 0]


def test_the_jacobian_keeps_the_slope_where_p_rounds_to_1():
    p = softmax([40.0, 0.0])
    assert p[0] * (1 - p[0]) == 0
    assert softmax_jacobian([40.0, 0.0])[0, 0] == pytest.approx(math.exp(-40), rel=1e-14, abs=0)


def test_a_jacobian_shows_no_negative_zero():
    assert not np.signbit(softmax_jacobian([1000.0, 0.0])).any()
    assert not np.signbit(softmax_jacobian([5.0])).any()


# Temperature


def test_a_tiny_temperature_is_hardmax_for_one_maximum():
    assert softmax(LECTURE, temperature=1e-300).tolist() == hardmax(LECTURE).tolist()
    assert softmax(np.float32(LECTURE), temperature=1e-300).tolist() == [1, 0, 0, 0]


def test_a_tiny_temperature_shares_among_tied_winners():
    assert softmax([1, 1, 0], temperature=1e-300).tolist() == [0.5, 0.5, 0]


def test_a_huge_temperature_makes_all_classes_alike():
    assert softmax(LECTURE, temperature=1e300).tolist() == [0.25] * 4
    assert log_softmax(LECTURE, temperature=1e300) == pytest.approx(-math.log(4), abs=1e-12)


@given(matrices(), st.sampled_from([0.25, 0.5, 2.0, 4.0]))
def test_a_temperature_is_a_division_of_the_logits(z, temperature):
    for function in softmax, log_softmax:
        expected = function(z / temperature)
        assert function(z, temperature=temperature) == pytest.approx(expected, rel=1e-12, abs=TINY)


@given(matrices())
def test_any_temperature_keeps_the_order_of_the_classes(z):
    order = z.argsort(axis=1)
    warm = np.take_along_axis(softmax(z, temperature=3.7), order, axis=1)
    assert (np.diff(warm, axis=1) >= 0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_too_large_differences_are_still_divided(dtype):
    big = np.finfo(dtype).max
    z = np.array([big, -big], dtype)
    temperature = float(big) / 2
    assert softmax(z, temperature=temperature) == pytest.approx(softmax([2.0, -2.0]), rel=1e-6)
    assert log_softmax(z, temperature=temperature) == pytest.approx(log_softmax([2.0, -2.0]))


@pytest.mark.parametrize("function", [softmax, log_softmax])
@pytest.mark.parametrize("temperature", [0, -1, np.nan, np.inf, -np.inf])
def test_a_temperature_that_is_not_finite_and_above_0_is_refused(function, temperature):
    with pytest.raises(ValueError, match=rf"temperature must be .*; got {float(temperature)}"):
        function(LECTURE, temperature=temperature)


@pytest.mark.parametrize("temperature", ["1", None, 1j])
def test_a_temperature_that_is_no_real_number_is_refused(temperature):
    with pytest.raises(TypeError, match="temperature must be a real number; got"):
        softmax(LECTURE, temperature=temperature)


def test_a_list_of_temperatures_is_refused():
    with pytest.raises(ValueError, match=r"temperature must be one number; got .* \(2,\)"):
        softmax(LECTURE, temperature=[1, 2])


# Non-finite logits: the documented table

INF, NAN = np.inf, np.nan
TABLE = [
    ([-INF, 0], [0, 1], [-INF, 0], 0, [0, 1]),
    ([-INF, -INF], [NAN, NAN], [NAN, NAN], -INF, [1, 0]),
    ([0, INF], [NAN, NAN], [NAN, NAN], INF, [0, 1]),
    ([INF, INF], [NAN, NAN], [NAN, NAN], INF, [1, 0]),
    ([-INF, INF], [NAN, NAN], [NAN, NAN], INF, [0, 1]),
    ([NAN, 0], [NAN, NAN], [NAN, NAN], NAN, [NAN, NAN]),
    ([NAN, INF], [NAN, NAN], [NAN, NAN], NAN, [NAN, NAN]),
    ([NAN, -INF], [NAN, NAN], [NAN, NAN], NAN, [NAN, NAN]),
]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("row", TABLE, ids=lambda row: str(row[0]))
def test_non_finite_logits_follow_the_table(row, dtype):
    z = np.array(row[0], dtype)
    for function, expected in zip([softmax, log_softmax, logsumexp, hardmax], row[1:], strict=True):
        np.testing.assert_array_equal(function(z), np.array(expected, dtype))


def test_a_bad_row_leaves_its_neighbours_alone():
    z = np.array([[NAN, 0], [1, 2], [-INF, -INF]])
    assert (softmax(z)[1] == softmax([1, 2])).all()
    assert np.isnan(softmax(z)[[0, 2]]).all()


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_the_table_holds_at_every_temperature(temperature):
    assert softmax([-INF, 0], temperature=temperature).tolist() == [0, 1]
    assert np.isnan(softmax([-INF, -INF], temperature=temperature)).all()
    assert np.isnan(log_softmax([0, INF], temperature=temperature)).all()


def test_sigmoid_of_infinities_and_nan():
    np.testing.assert_array_equal(sigmoid([-INF, INF, NAN]), [0, 1, NAN])


# Dtypes


@pytest.mark.parametrize("function", ON_LOGITS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_floating_dtype_stays(function, dtype):
    assert function(np.array(LECTURE, dtype)).dtype == dtype


@pytest.mark.parametrize("function", ON_LOGITS)
@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.bool_])
def test_integers_and_bools_become_float64(function, dtype):
    z = np.array([1, 0, 1, 1], dtype)
    assert function(z).dtype == np.float64
    assert (function(z) == function([1.0, 0.0, 1.0, 1.0])).all()


@pytest.mark.parametrize("function", ON_LOGITS)
def test_float16_is_computed_in_float32(function):
    z = np.random.default_rng(0).normal(0, 5, (50, 9)).astype(np.float16)
    expected = function(z.astype(np.float32)).astype(np.float16)
    np.testing.assert_array_equal(function(z), expected)


def test_a_long_float16_row_does_not_lose_its_sum():
    z = np.zeros(100_000, np.float16)
    assert logsumexp(z) == np.float16(math.log(100_000))
    assert log_softmax(z)[0] == np.float16(-math.log(100_000))


def test_a_float16_result_out_of_range_is_infinite_unwarned():
    assert log_softmax(np.float16([65504, -65504])).tolist() == [0, -INF]
    assert log_softmax(np.float16([1, 0]), temperature=1e-9).tolist() == [0, -INF]


@pytest.mark.parametrize("function", ON_LOGITS)
@pytest.mark.parametrize("bad", [[1j, 0], ["a", "b"], [object(), 1], [b"1"]])
def test_what_is_not_real_is_refused_by_name(function, bad):
    with pytest.raises(TypeError, match="logits must hold real numbers; got"):
        function(bad)


@pytest.mark.parametrize("function", ON_LOGITS)
def test_a_ragged_list_is_refused_by_name(function):
    with pytest.raises(ValueError, match="logits must be a rectangular array; got a ragged list"):
        function([[1, 2], [3]])


# Layouts and axes


@pytest.mark.parametrize("function", EVERY)
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_every_axis_agrees_with_a_loop(function, axis):
    z = np.random.default_rng(0).normal(size=(3, 4, 5))
    expected = np.apply_along_axis(function, axis, z)
    np.testing.assert_allclose(function(z, axis=axis), expected, rtol=1e-14)


@pytest.mark.parametrize("function", SHAPED)
def test_axis_0_is_the_lectures_layout(function):
    z = np.random.default_rng(0).normal(size=(4, 7))
    np.testing.assert_array_equal(function(z, axis=0), function(z.T).T)


@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp])
@pytest.mark.parametrize("axis", [(0, 1), (1, 0), (-1, 0), (0, 1, 2)])
def test_several_axes_count_as_one(function, axis):
    z = np.random.default_rng(0).normal(size=(3, 4, 5))
    first = np.moveaxis(z, axis, range(len(axis)))
    flat = first.reshape(math.prod(first.shape[: len(axis)]), -1)
    expected = function(flat, axis=0)
    if function is not logsumexp:
        expected = np.moveaxis(expected.reshape(first.shape), range(len(axis)), axis)
    np.testing.assert_allclose(np.ravel(function(z, axis=axis)), np.ravel(expected), rtol=1e-13)


@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp])
@pytest.mark.parametrize("axis", list(permutations(range(4), 3)))
def test_the_order_of_the_axes_does_not_matter(function, axis):
    z = np.random.default_rng(0).normal(size=(2, 3, 2, 4))
    np.testing.assert_array_equal(function(z, axis), function(z, tuple(sorted(axis))))


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_axis_none_means_all_of_them(function):
    z = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_array_equal(function(z, axis=None), function(z.ravel()).reshape(3, 4))


def test_logsumexp_over_all_axes_is_one_number():
    z = np.random.default_rng(0).normal(size=(3, 4))
    assert np.shape(logsumexp(z, axis=None)) == ()
    assert logsumexp(z, axis=None) == logsumexp(z.ravel())


@pytest.mark.parametrize("axis", [0, -1, (0, 2), None])
def test_keepdims_keeps_the_summed_axes(axis):
    z = np.random.default_rng(0).normal(size=(3, 4, 5))
    kept = logsumexp(z, axis=axis, keepdims=True)
    assert kept.shape == z.sum(axis=axis, keepdims=True).shape
    assert (np.squeeze(kept) == logsumexp(z, axis=axis)).all()


def test_the_jacobians_class_axis_moves_to_the_end():
    z = np.random.default_rng(0).normal(size=(3, 4))
    assert softmax_jacobian(z).shape == (3, 4, 4)
    np.testing.assert_array_equal(softmax_jacobian(z.T, axis=0), softmax_jacobian(z))


@pytest.mark.parametrize("function", SHAPED)
def test_a_scalar_is_one_class(function):
    result = function(5.0)
    assert np.shape(result) == ()
    assert result == (0 if function is log_softmax else 1)


def test_a_scalar_has_itself_as_logsumexp_and_no_slope():
    assert logsumexp(5.0) == 5
    assert softmax_jacobian(5.0).tolist() == [[0]]


@pytest.mark.parametrize("function", SHAPED)
def test_an_empty_batch_works(function):
    assert function(np.empty((0, 3))).shape == (0, 3)
    assert function(np.empty((3, 0)), axis=0).shape == (3, 0)
    assert function(np.empty((2, 0, 3), np.float32)).dtype == np.float32


def test_an_empty_batch_has_an_empty_logsumexp_and_jacobian():
    assert logsumexp(np.empty((0, 3))).shape == (0,)
    assert logsumexp(np.empty((0, 3)), keepdims=True).shape == (0, 1)
    assert softmax_jacobian(np.empty((0, 3))).shape == (0, 3, 3)
    assert sigmoid([]).shape == (0,)


@pytest.mark.parametrize("function", [softmax, log_softmax, hardmax, softmax_jacobian])
@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 0)])
def test_an_empty_class_axis_is_refused(function, shape):
    message = rf"logits must have at least one class; got shape \({shape[0]},.*empty class axis"
    with pytest.raises(ValueError, match=message):
        function(np.empty(shape))


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_all_axes_of_an_empty_batch_are_an_empty_class_axis(function):
    with pytest.raises(ValueError, match="empty class axis"):
        function(np.empty((0, 3)), axis=None)


@pytest.mark.parametrize(
    ("shape", "axis", "kept"),
    [((0,), -1, (1,)), ((3, 0), 1, (3, 1)), ((3, 0, 2), (0, 1), (1, 1, 2)), ((0, 3), None, (1, 1))],
)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, int])
def test_the_logarithm_of_a_sum_over_nothing_is_minus_infinity(shape, axis, kept, dtype):
    z = np.empty(shape, dtype)
    sums = logsumexp(z, axis, keepdims=True)
    assert (sums == np.full(kept, -np.inf)).all()
    assert sums.shape == kept
    assert sums.dtype == (z.dtype if z.dtype.kind == "f" else np.float64)
    assert logsumexp(z, axis).shape == np.empty(kept).sum(axis=axis).shape


@pytest.mark.parametrize("function", [*EVERY, softmax_jacobian])
def test_an_axis_that_is_not_there_is_refused(function):
    with pytest.raises(ValueError, match="axis"):
        function(np.zeros((2, 3)), axis=2)


@pytest.mark.parametrize("function", [*EVERY, softmax_jacobian])
@pytest.mark.parametrize("axis", ["0", 1.0])
def test_an_axis_that_is_no_int_is_refused(function, axis):
    with pytest.raises(TypeError, match=rf"axis must be an int.*got {axis!r}"):
        function(np.zeros((2, 3)), axis=axis)


@pytest.mark.parametrize("function", [hardmax, softmax_jacobian])
@pytest.mark.parametrize("axis", [None, (0, 1), (0,), [0, 1]])
def test_one_axis_means_one(function, axis):
    with pytest.raises(TypeError, match="axis must be an int here; got"):
        function(np.zeros((2, 3)), axis=axis)


@pytest.mark.parametrize("function", ON_LOGITS)
def test_the_input_stays_as_it_was_even_if_read_only(function):
    z = np.random.default_rng(0).normal(size=(3, 4))
    before = z.copy()
    z.flags.writeable = False
    function(z)
    assert (z == before).all()


@pytest.mark.parametrize("function", ON_LOGITS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int64])
def test_a_writeable_input_stays_as_it_was(function, dtype):
    z = np.array([[3, 1, 2], [0, 5, 5]], dtype)
    before = z.copy()
    result = function(z)
    assert (z == before).all()
    assert not np.shares_memory(result, z)


NON_CONTIGUOUS = {
    "transposed": lambda z: z.T.copy().T,
    "every other": lambda z: np.repeat(np.repeat(z, 2, axis=0), 2, axis=1)[::2, ::2],
    "backwards": lambda z: z[::-1, ::-1].copy()[::-1, ::-1],
    "other byte order": lambda z: z.astype(z.dtype.newbyteorder()),
}


@pytest.mark.parametrize("function", ON_LOGITS)
@pytest.mark.parametrize("layout", NON_CONTIGUOUS)
def test_memory_layout_does_not_matter(function, layout):
    z = np.random.default_rng(0).normal(size=(6, 4))
    np.testing.assert_array_equal(function(NON_CONTIGUOUS[layout](z)), function(z))


@pytest.mark.parametrize("function", ON_LOGITS)
def test_a_broadcast_view_works(function):
    row = np.array(LECTURE)
    np.testing.assert_array_equal(function(np.broadcast_to(row, (3, 4)))[2], function(row))


# out


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_out_receives_the_result_and_is_returned(function):
    z, out = np.array([LECTURE]), np.empty((1, 4))
    assert function(z, out=out) is out
    assert (out == function(z)).all()
    assert (z == LECTURE).all()


@pytest.mark.parametrize("function", [softmax, log_softmax])
@pytest.mark.parametrize("axis", [0, 1, None])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_out_may_be_the_logits_themselves(function, axis, dtype):
    z = np.random.default_rng(0).normal(size=(3, 4)).astype(dtype)
    expected = function(z, axis=axis)
    assert function(z, axis=axis, out=z) is z
    assert (z == expected).all()


def test_out_may_be_a_second_view_of_all_the_logits():
    z = np.random.default_rng(0).normal(size=(3, 4))
    expected = softmax(z)
    assert (softmax(z, out=z[:]) == expected).all()


def test_out_may_be_non_contiguous():
    out = np.zeros((2, 8))
    softmax([LECTURE, LECTURE], out=out[:, ::2])
    assert (out[:, ::2] == softmax(LECTURE)).all()
    assert (out[:, 1::2] == 0).all()


def test_integer_logits_go_to_a_float64_out():
    out = np.empty(4)
    assert (softmax([5, 2, -1, 3], out=out) == softmax(LECTURE)).all()


@pytest.mark.parametrize("function", [softmax, log_softmax])
@pytest.mark.parametrize(
    "out",
    [np.empty(3), np.empty((1, 4)), np.empty((4, 1)), np.empty(4, np.float32), np.empty(4, int)],
)
def test_out_of_another_shape_or_dtype_is_refused(function, out):
    with pytest.raises(ValueError, match=r"out must have shape \(4,\) and dtype float64; got"):
        function(LECTURE, out=out)


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_out_that_overlaps_the_logits_in_part_is_refused(function):
    buffer = np.zeros(6)
    with pytest.raises(ValueError, match="out must be logits itself or not overlap it"):
        function(buffer[:5], out=buffer[1:])
    square = np.zeros((3, 3))
    with pytest.raises(ValueError, match="out must be logits itself or not overlap it"):
        function(square, out=square.T)
    assert (buffer == 0).all()


def test_out_that_is_integer_logits_in_disguise_is_refused():
    z = np.arange(4)
    with pytest.raises(ValueError, match="out must be logits itself or not overlap it"):
        softmax(z, out=z.view(np.float64))
    assert z.tolist() == [0, 1, 2, 3]


def test_neighbours_in_one_buffer_do_not_overlap():
    buffer = np.zeros((2, 4))
    softmax(buffer[0], out=buffer[1])
    assert buffer.tolist() == [[0] * 4, [0.25] * 4]


def test_out_that_cannot_be_written_is_refused():
    out = np.empty(4)
    out.flags.writeable = False
    with pytest.raises(ValueError, match="out must be writeable; got a read-only array"):
        softmax(LECTURE, out=out)


def test_out_that_is_no_array_is_refused():
    with pytest.raises(TypeError, match="out must be an ndarray; got list"):
        softmax(LECTURE, out=[0] * 4)


def test_a_refused_call_writes_nothing():
    out = np.zeros(4)
    with pytest.raises(ValueError, match="temperature"):
        softmax(LECTURE, temperature=0, out=out)
    assert (out == 0).all()


@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp, hardmax])
def test_a_scalar_has_one_axis_at_most(function):
    assert np.isfinite(function(5.0, axis=0))
    with pytest.raises(ValueError, match="axis 7 is out of bounds"):
        function(5.0, axis=7)


@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp, hardmax])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_scalar_gives_a_numpy_scalar_as_numpys_functions_do(function, dtype):
    assert type(np.exp(np.array(5, dtype))) is dtype
    assert type(function(dtype(5))) is dtype
    assert type(function(np.array(5, dtype))) is dtype


def test_a_tiny_temperature_keeps_the_impossible_impossible():
    assert softmax([-np.inf, -1e9], temperature=1e-300).tolist() == [0, 1]
    assert log_softmax([-np.inf, -1e9], temperature=1e-300).tolist() == [-np.inf, 0]


def test_huge_float32_logits_keep_their_faintest_probability():
    z = np.array([2.0**29 + 64, 2.0**29 - 32], np.float32)
    assert softmax(z)[1] == np.float32(math.exp(-96))


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_result_is_in_the_machines_own_byte_order(order):
    z = np.array([1.0, 2.0], order + "f8")
    assert softmax(z).dtype.isnative
    assert softmax(z).tolist() == softmax([1.0, 2.0]).tolist()


@pytest.mark.parametrize("logit", [np.nan, np.inf, -np.inf])
def test_one_class_without_a_softmax_has_no_slope(logit):
    assert np.isnan(softmax_jacobian([logit])).all()
    assert np.isnan(softmax([logit])).all()
    assert (softmax_jacobian([3.0]) == 0).all()


@pytest.mark.parametrize("function", [*EVERY, softmax_jacobian, sigmoid])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_what_underflows_raises_nothing(function, dtype):
    z = np.array([[-800.0, 0.0, 800.0], [-12.0, 0.0, 12.0], [-60000.0, 60000.0, 0.0]], dtype)
    quiet = function(z)
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(function(z), quiet)


@pytest.mark.parametrize("axis", [2**70, -(2**70), (0, 2**70)])
def test_an_axis_beyond_every_machine_integer_is_named(axis):
    with pytest.raises(ValueError, match="axis"):
        softmax(np.zeros((2, 3)), axis=axis)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("axis", [0, 1])
def test_a_matrix_may_be_the_place_for_the_result(axis):
    out = np.asmatrix(np.zeros((2, 3)))
    z = np.arange(6.0).reshape(2, 3)
    assert softmax(z, axis, out=out) is out
    assert (np.asarray(out) == softmax(z, axis)).all()
