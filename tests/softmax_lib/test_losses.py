"""Losses and their gradient: by hand, against definitions read aloud, extremes, messages."""

import math
import re

import mpmath
import numpy as np
import pytest
import scipy.special
import scipy.stats
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import log_loss

from softmax_lib import (
    check_gradient,
    cross_entropy,
    cross_entropy_and_gradient,
    entropy,
    kl_divergence,
    log_softmax,
    logsumexp,
    negative_log_likelihood,
    numerical_gradient,
    one_hot,
    sigmoid,
    softmax,
    softmax_jacobian,
)
from tests.support.exact import FLOOR, exact_log_softmax, exact_softmax, plain_cross_entropy
from tests.support.hypothesis_strategies import (
    cross_entropy_problems,
    distributions,
    labelled_logits,
    layered_problems,
    soft_problems,
    vectors,
)

Y_HAT = np.array([0.3, 0.2, 0.1, 0.4])
CAT = 1
Z = np.log(Y_HAT)
LOSSES = [cross_entropy, lambda *a, **k: cross_entropy_and_gradient(*a, **k)[0]]
TAKING_TARGETS = [*LOSSES, lambda z, *a, **k: negative_log_likelihood(log_softmax(z), *a, **k)]
REDUCTIONS = ["none", "sum", "mean"]


def gradient_of(logits, targets, **options):
    return cross_entropy_and_gradient(logits, targets, **options)[1]


# Worked by hand


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("target", [CAT, [0, 1, 0, 0]])
def test_the_lectures_example_costs_ln_5(loss, target):
    assert loss(Z, target) == pytest.approx(math.log(5), abs=1e-12)
    assert round(float(loss(Z, target)), 4) == 1.6094


@pytest.mark.parametrize("target", [CAT, [0, 1, 0, 0]])
def test_the_lectures_gradient_is_y_hat_minus_y(target):
    assert gradient_of(Z, target) == pytest.approx([0.3, -0.8, 0.1, 0.4], abs=1e-12)


def test_the_lectures_belief_is_worse_than_guessing():
    guess = cross_entropy(np.zeros(4), CAT)
    assert round(float(guess), 4) == 1.3863
    assert guess < cross_entropy(Z, CAT)


@pytest.mark.parametrize("n_classes", [2, 3, 10])
def test_equal_logits_cost_ln_c_whatever_the_truth(n_classes):
    losses = cross_entropy(np.zeros((n_classes, n_classes)), range(n_classes), reduction="none")
    assert losses == pytest.approx(math.log(n_classes), abs=1e-12)


def test_the_three_reductions_of_two_examples():
    z, y = np.log([[0.5, 0.5], [0.2, 0.8]]), [0, 0]
    each = [math.log(2), math.log(5)]
    assert cross_entropy(z, y, reduction="none") == pytest.approx(each, abs=1e-12)
    assert cross_entropy(z, y, reduction="sum") == pytest.approx(math.log(10), abs=1e-12)
    assert cross_entropy(z, y, reduction="mean") == pytest.approx(math.log(10) / 2, abs=1e-12)
    assert cross_entropy(z, y) == cross_entropy(z, y, reduction="mean")


def test_the_mean_alone_puts_1_over_m_into_the_gradient():
    z, y = np.log([[0.5, 0.5], [0.2, 0.8]]), [0, 0]
    errors = np.array([[-0.5, 0.5], [-0.8, 0.8]])
    assert gradient_of(z, y, reduction="none") == pytest.approx(errors, abs=1e-12)
    assert gradient_of(z, y, reduction="sum") == pytest.approx(errors, abs=1e-12)
    assert gradient_of(z, y, reduction="mean") == pytest.approx(errors / 2, abs=1e-12)


def test_smoothing_a_label_by_hand():
    # 0.9 of the surprise at cat, and 0.1 spread over four surprises.
    even = -np.log(Y_HAT).sum() / 4
    expected = 0.9 * math.log(5) + 0.1 * even
    assert cross_entropy(Z, CAT, label_smoothing=0.1) == pytest.approx(expected, abs=1e-12)


def test_full_smoothing_forgets_the_label():
    assert cross_entropy(Z, 0, label_smoothing=1) == cross_entropy(Z, 3, label_smoothing=1)


def test_smoothing_ten_classes_by_0_1_has_its_floor_at_ln_91():
    z = np.zeros(10)
    z[4] = math.log(91)
    loss, gradient = cross_entropy_and_gradient(z, 4, label_smoothing=0.1)
    assert round(float(loss), 4) == 0.5003
    assert abs(gradient).max() < 1e-15


def test_class_weights_multiply_the_loss_and_share_in_the_mean():
    z, y = np.log([[0.5, 0.5], [0.2, 0.8]]), [0, 1]
    options = {"class_weight": [3, 1]}
    each = [3 * math.log(2), math.log(1.25)]
    assert cross_entropy(z, y, reduction="none", **options) == pytest.approx(each, abs=1e-12)
    assert cross_entropy(z, y, reduction="sum", **options) == pytest.approx(sum(each), abs=1e-12)
    assert cross_entropy(z, y, **options) == pytest.approx(sum(each) / 4, abs=1e-12)


def test_weighted_labels_and_one_hot_differ_as_documented():
    z, y, weight = np.log([[0.5, 0.5], [0.2, 0.8]]), np.array([0, 1]), np.array([3, 1])
    labels = cross_entropy(z, y, class_weight=weight)
    hot = cross_entropy(z, one_hot(y, 2), class_weight=weight)
    assert labels * weight[y].sum() == pytest.approx(hot * len(y), abs=1e-12)
    assert labels != hot


def test_weighted_labels_gradient_is_over_the_sum_of_weights():
    z, y, weight = np.log([[0.5, 0.5], [0.2, 0.8]]), np.array([0, 1]), np.array([3, 1])
    expected = weight[y][:, None] * (softmax(z) - one_hot(y, 2)) / weight[y].sum()
    assert gradient_of(z, y, class_weight=weight) == pytest.approx(expected, abs=1e-12)


def test_targets_that_sum_to_0_9_pull_with_0_9_of_y_hat():
    Y = np.array([0.4, 0.3, 0.2, 0.0])
    assert gradient_of(Z, Y) == pytest.approx(0.9 * Y_HAT - Y, abs=1e-15)
    assert abs(gradient_of(Z, Y) - (Y_HAT - Y)).max() > 0.01


@pytest.mark.parametrize(("n_classes", "floor"), [(3, 0.551), (4, 0.744), (10, 1.461)])
def test_a_second_softmax_keeps_the_loss_above_its_floor(n_classes, floor):
    once = softmax(1e6 * np.eye(n_classes)[0])
    assert cross_entropy(once, 0) == pytest.approx(math.log(1 + (n_classes - 1) / math.e))
    assert round(float(cross_entropy(once, 0)), 3) == floor


def test_one_hot_by_hand():
    assert one_hot([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert one_hot(1, 2).tolist() == [0, 1]
    assert one_hot([[0], [1]], 2).shape == (2, 1, 2)
    assert one_hot([], 3).shape == (0, 3)


def test_entropy_by_hand():
    assert entropy([0.5, 0.5]) == pytest.approx(math.log(2), abs=1e-12)
    assert entropy([0.5, 0.25, 0.25]) == pytest.approx(1.5 * math.log(2), abs=1e-12)


def test_divergence_by_hand():
    expected = 0.5 * math.log(2) + 0.5 * math.log(2 / 3)
    assert kl_divergence([0.5, 0.5], [0.25, 0.75]) == pytest.approx(expected, abs=1e-12)


# The derivation of y_hat - y, in numbers


@given(labelled_logits(bound=20.0))
def test_the_gradient_of_a_label_is_y_hat_minus_y(problem):
    z, y = problem
    expected = softmax(z) - one_hot(y, z.shape[1])
    assert gradient_of(z, y, reduction="sum") == pytest.approx(expected, abs=1e-14)


@given(labelled_logits(bound=10.0))
def test_the_gradient_is_the_jacobian_times_minus_y_over_y_hat(problem):
    z, y = problem
    by_the_probabilities = -one_hot(y, z.shape[1]) / softmax(z)
    chain = np.einsum("ikj,ik->ij", softmax_jacobian(z), by_the_probabilities)
    assert gradient_of(z, y, reduction="sum") == pytest.approx(chain, abs=1e-13)


@given(labelled_logits(bound=10.0))
def test_the_gradient_of_a_label_agrees_with_finite_differences(problem):
    z, y = problem
    check_gradient(lambda z: cross_entropy(z, y), gradient_of(z, y), z)


@given(labelled_logits(bound=700.0))
def test_the_gradient_rows_of_labels_sum_to_0(problem):
    rows = gradient_of(*problem, reduction="sum").sum(axis=1)
    assert rows == pytest.approx(0, abs=1e-15)


@given(soft_problems(bound=10.0))
def test_any_targets_gradient_is_sum_y_times_y_hat_minus_y(problem):
    z, Y = problem
    expected = Y.sum(axis=1, keepdims=True) * softmax(z) - Y
    assert gradient_of(z, Y, reduction="sum") == pytest.approx(expected, abs=1e-14)


@given(labelled_logits())
def test_what_is_pushed_away_equals_what_is_pulled_in(problem):
    z, y = problem
    gradient = gradient_of(z, y, reduction="sum")
    missing = 1 - softmax(z)[np.arange(len(y)), y]
    assert abs(gradient).sum(axis=1) == pytest.approx(2 * missing, abs=1e-14)


@given(cross_entropy_problems(bound=10.0))
def test_every_mixture_of_options_has_the_gradient_of_its_loss(problem):
    z, targets, options = problem
    loss, gradient = cross_entropy_and_gradient(z, targets, **options)
    if np.isnan(loss).any():
        assert (gradient == 0).all()
    else:
        check_gradient(lambda z: cross_entropy(z, targets, **options).sum(), gradient, z)


LABELS = np.array([[0, 2], [1, 1], [2, 0]])
AMOUNTS = np.random.default_rng(1).random((3, 3, 2))


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("weight", [None, [0.5, 0.0, 3.0], [0.0, 0.0, 0.0]])
@pytest.mark.parametrize(
    ("targets", "ignored"),
    [
        (AMOUNTS, None),
        (LABELS, None),
        (LABELS, 1),
        (np.where(LABELS, LABELS, -100), -100),
        (np.full((3, 2), -1), -1),
    ],
)
def test_under_all_options_the_gradient_is_that_of_the_loss(
    reduction, smoothing, weight, targets, ignored
):
    z = np.random.default_rng(0).normal(0, 3, (3, 3, 2))
    options = {
        "axis": 1,
        "reduction": reduction,
        "label_smoothing": smoothing,
        "class_weight": weight,
        "ignore_index": ignored,
    }
    loss, gradient = cross_entropy_and_gradient(z, targets, **options)
    if np.isnan(loss).any():
        assert reduction == "mean"
        assert (gradient == 0).all()
    else:
        check_gradient(lambda z: cross_entropy(z, targets, **options).sum(), gradient, z)


# Invariants, and two routes


@given(cross_entropy_problems())
def test_every_mixture_of_options_agrees_with_the_definition(problem):
    z, targets, options = problem
    expected = plain_cross_entropy(z, targets, **options)
    for loss in LOSSES:
        assert loss(z, targets, **options) == pytest.approx(
            expected, rel=1e-12, abs=1e-12, nan_ok=True
        )


@given(vectors(bound=100.0), st.data())
def test_confident_logits_cost_loss_and_gradient_no_digits(z, data):
    y = data.draw(st.integers(0, len(z) - 1))
    loss, gradient = cross_entropy_and_gradient(z, y)
    exact = exact_softmax(z)
    exact[y] -= sum(exact)  # minus the probabilities of the others: p - 1 without a difference
    digits = (8 + 2 * np.ptp(z)) * np.finfo(float).eps
    for ours, true in zip([loss, *gradient], [-exact_log_softmax(z)[y], *exact], strict=True):
        assert abs(ours - float(true)) <= digits * abs(float(true)) + FLOOR


@given(cross_entropy_problems())
def test_the_loss_is_the_same_with_and_without_the_gradient(problem):
    z, targets, options = problem
    alone = cross_entropy(z, targets, **options)
    np.testing.assert_array_equal(cross_entropy_and_gradient(z, targets, **options)[0], alone)


@given(cross_entropy_problems())
def test_log_softmax_then_nll_is_cross_entropy(problem):
    z, targets, options = problem
    del options["label_smoothing"]
    assert negative_log_likelihood(log_softmax(z), targets, **options) == pytest.approx(
        cross_entropy(z, targets, **options), rel=1e-13, abs=1e-13, nan_ok=True
    )


@given(labelled_logits(), st.sampled_from(REDUCTIONS), st.sampled_from([0, 0.1, 1]))
def test_unweighted_labels_and_the_same_labels_one_hot_agree(problem, reduction, smoothing):
    z, y = problem
    options = {"reduction": reduction, "label_smoothing": smoothing}
    for from_labels, from_hot in zip(
        cross_entropy_and_gradient(z, y, **options),
        cross_entropy_and_gradient(z, one_hot(y, z.shape[1]), **options),
        strict=True,
    ):
        assert from_labels == pytest.approx(from_hot, rel=1e-13, abs=1e-15)


@given(labelled_logits(bound=1e300))
def test_the_loss_of_a_label_is_never_negative(problem):
    assert (cross_entropy(*problem, reduction="none") >= 0).all()


@given(labelled_logits(bound=2**20), st.integers(-(2**20), 2**20))
def test_a_shift_of_all_logits_changes_no_loss_or_gradient(problem, shift):
    z, y = problem
    z = z.round()
    for before, after in zip(
        cross_entropy_and_gradient(z, y), cross_entropy_and_gradient(z + shift, y), strict=True
    ):
        np.testing.assert_allclose(before, after, rtol=1e-14, atol=0)


@given(soft_problems(), st.sampled_from([0.0, 0.3]))
def test_one_class_weight_scales_probs_and_cancels_for_labels(problem, eps):
    z, Y = problem
    weight = np.full(z.shape[1], 2.0)
    doubled = cross_entropy(z, Y, class_weight=weight, label_smoothing=eps)
    assert doubled == pytest.approx(2 * cross_entropy(z, Y, label_smoothing=eps), rel=1e-13)
    y = z.argmin(axis=1)
    same = cross_entropy(z, y, class_weight=weight, label_smoothing=eps)
    assert same == pytest.approx(cross_entropy(z, y, label_smoothing=eps), rel=1e-13)


@given(labelled_logits(), st.data())
def test_ignoring_positions_is_leaving_them_out(problem, data):
    z, y = problem
    kept = data.draw(hnp.arrays(bool, len(y)))
    kept[0] = True
    ignoring = cross_entropy(z, np.where(kept, y, -1), ignore_index=-1)
    assert ignoring == pytest.approx(cross_entropy(z[kept], y[kept]), abs=1e-12)


def test_scikit_learns_log_loss_agrees():
    rng = np.random.default_rng(0)
    z, y = rng.normal(0, 3, (50, 4)), rng.integers(0, 4, 50)
    assert cross_entropy(z, y) == pytest.approx(log_loss(y, softmax(z)), rel=1e-13)


@given(labelled_logits())
def test_the_loss_is_logsumexp_minus_the_true_logit(problem):
    z, y = problem
    expected = logsumexp(z) - z[np.arange(len(y)), y]
    assert cross_entropy(z, y, reduction="none") == pytest.approx(expected, abs=1e-12)


@given(distributions(), st.data())
def test_cross_entropy_is_entropy_plus_divergence(p, data):
    z = data.draw(vectors(len(p), len(p), bound=20.0))
    expected = entropy(p) + kl_divergence(p, softmax(z))
    assert cross_entropy(z, p) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(distributions())
def test_entropy_lies_between_0_and_ln_c(p):
    assert 0 <= entropy(p) <= math.log(len(p)) + 1e-12


@given(distributions())
def test_scipy_agrees_about_entropy(p):
    assert entropy(p) == pytest.approx(scipy.stats.entropy(p), rel=1e-13, abs=1e-15)


@given(distributions(), st.data())
def test_divergence_is_scipys_and_never_negative(p, data):
    q = data.draw(distributions(len(p), len(p)))
    assert kl_divergence(p, q) >= 0
    assert kl_divergence(p, q) == pytest.approx(scipy.special.rel_entr(p, q).sum(), abs=1e-13)


@given(distributions())
def test_a_distribution_diverges_from_itself_by_0(p):
    assert kl_divergence(p, p) == 0


@given(labelled_logits())
def test_one_hot_rows_have_their_1_at_the_label(problem):
    z, y = problem
    Y = one_hot(y, z.shape[1])
    assert (Y.argmax(axis=1) == y).all()
    assert (Y.sum(axis=1) == 1).all()
    assert Y.dtype == np.float64


def test_descending_on_the_gradient_ends_at_the_targets():
    q, z = np.array([0.7, 0.2, 0.1]), np.zeros(3)
    for _ in range(1000):
        z -= gradient_of(z, q)
    assert softmax(z) == pytest.approx(q, abs=1e-12)


# Extremes


@pytest.mark.parametrize("loss", TAKING_TARGETS)
def test_a_hopeless_label_costs_its_gap_not_infinity(loss):
    with np.errstate(divide="ignore"):
        assert -np.log(softmax([0.0, -800.0]))[1] == np.inf
    assert loss([0.0, -800.0], 1) == 800
    assert loss([1e308, 0.0], 1) == 1e308


def test_confident_and_right_keeps_a_tiny_loss_and_gradient():
    loss, gradient = cross_entropy_and_gradient([40.0, 0.0], 0)
    assert softmax([40.0, 0.0])[0] - 1 == 0
    assert loss == pytest.approx(math.exp(-40), rel=1e-14, abs=0)
    assert gradient == pytest.approx([-math.exp(-40), math.exp(-40)], rel=1e-14, abs=0)


def test_a_certain_and_wrong_answer_is_pushed_with_full_force():
    assert gradient_of([0.0, -800.0], 1).tolist() == [1, -1]


def test_a_likelihood_underflows_where_losses_do_not():
    assert 0.2**463 == 0
    z = np.tile(Z, (463, 1))
    total = cross_entropy(z, np.full(463, CAT), reduction="sum")
    assert total == pytest.approx(463 * math.log(5), rel=1e-13)


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("target", [1, [0, 1], [0.0, 0.5]])
def test_a_target_of_0_at_minus_infinity_costs_nothing(loss, target):
    assert loss([-np.inf, 0], target) == 0


def test_the_gradient_there_is_finite_too():
    assert gradient_of([-np.inf, 0], [0, 1]).tolist() == [0, 0]
    assert gradient_of([-np.inf, 0], 0).tolist() == [-1, 1]


@pytest.mark.parametrize("loss", TAKING_TARGETS)
def test_a_weight_of_0_at_minus_infinity_costs_nothing(loss):
    assert loss([-np.inf, 0], 0, class_weight=[0, 1], reduction="sum") == 0
    assert loss([-np.inf, 0], [0.5, 0.5], class_weight=[0, 1]) == 0


@pytest.mark.parametrize("loss", TAKING_TARGETS)
def test_an_impossible_label_costs_infinity(loss):
    assert loss([-np.inf, 0], 0) == np.inf


def test_smoothing_an_impossible_class_costs_infinity():
    assert cross_entropy([-np.inf, 0], 1, label_smoothing=0.1) == np.inf


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("row", [[np.nan, 0], [np.inf, 0], [-np.inf, -np.inf]])
@pytest.mark.parametrize("target", [0, [0, 1], [0.0, 0.0]])
def test_logits_without_a_softmax_give_nan_never_a_silent_number(loss, row, target):
    assert np.isnan(loss(row, target))


def test_logits_without_a_softmax_give_a_gradient_of_nan():
    assert np.isnan(gradient_of([np.nan, 0], 0)).all()


@pytest.mark.parametrize("loss", TAKING_TARGETS)
def test_no_loss_is_a_negative_zero(loss):
    assert not np.signbit(loss([50.0, -800.0], 0))
    assert not np.signbit(loss([3.0], 0))


# ignore_index, and means over nothing


@pytest.mark.parametrize("loss", TAKING_TARGETS)
def test_an_ignored_row_of_nan_costs_nothing(loss):
    z = np.array([[np.nan, np.nan], [0, 0], [np.inf, -np.inf]])
    y = [-100, 1, -100]
    losses = loss(z, y, ignore_index=-100, reduction="none")
    assert losses == pytest.approx([0, math.log(2), 0])
    assert loss(z, y, ignore_index=-100) == pytest.approx(math.log(2))


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("options", [{}, {"label_smoothing": 0.1}, {"class_weight": [2, 3]}])
def test_an_ignored_row_has_zero_gradient_even_for_nan_logits(reduction, options):
    z = np.array([[np.nan, 0], [0, 1], [-np.inf, -np.inf]])
    gradient = gradient_of(z, [7, 1, 7], ignore_index=7, reduction=reduction, **options)
    assert (gradient[[0, 2]] == 0).all()
    assert (gradient[1] == gradient_of(z[1:2], [1], reduction=reduction, **options)[0]).all()


@pytest.mark.parametrize("ignored", [-100, -1, 0, 3, 255, 2**70, np.int8(-5)])
def test_any_integer_may_be_ignored(ignored):
    labels = [1, 2] if ignored == 2**70 else [1, ignored]
    z = np.array([[1.0, 2.0, 3.0], [3.0, 0.0, 1.0]])
    kept = 2 if ignored == 2**70 else 1
    expected = cross_entropy(z[:kept], labels[:kept])
    assert cross_entropy(z, labels, ignore_index=ignored) == pytest.approx(expected, abs=1e-12)


def test_a_negative_index_may_be_ignored_beside_unsigned_labels():
    z = np.zeros((2, 3))
    y = np.array([1, 2], np.uint8)
    assert cross_entropy(z, y, ignore_index=-1) == pytest.approx(math.log(3))


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize(
    ("z", "y", "options"),
    [
        (np.empty((0, 3)), np.empty(0, int), {}),
        (np.empty((0, 3)), [], {}),
        (np.empty((0, 3)), np.empty((0, 3)), {}),
        (np.zeros((2, 3)), [9, 9], {"ignore_index": 9}),
        (np.zeros((2, 3)), [0, 0], {"class_weight": [0, 1, 1]}),
    ],
)
def test_a_mean_over_nothing_is_nan_without_a_warning(loss, z, y, options):
    assert np.isnan(loss(z, y, **options))
    assert loss(z, y, reduction="sum", **options) == 0
    assert loss(z, y, reduction="none", **options).shape == (len(z),)


@pytest.mark.parametrize(
    ("z", "y"),
    [(np.empty((0, 3)), []), (np.zeros((2, 3)), [9, 9]), (np.full((2, 3), np.nan), [9, 9])],
)
def test_a_mean_over_nothing_has_zero_gradient(z, y):
    gradient = gradient_of(z, y, ignore_index=9)
    assert gradient.shape == z.shape
    assert (gradient == 0).all()


# Shapes, layouts and dtypes


def test_shape_not_dtype_tells_labels_from_probabilities():
    z = np.array([[1.0, 2.0], [3.0, 5.0]])
    hot = [[0, 1], [1, 0]]
    for dtype in int, np.uint8, bool, np.float16, np.float64:
        assert cross_entropy(z, np.array(hot, dtype)) == cross_entropy(z, [1, 0])
        assert gradient_of(z, np.array(hot, dtype)) == pytest.approx(gradient_of(z, [1, 0]))
        assert negative_log_likelihood(log_softmax(z), np.array(hot, dtype)) == pytest.approx(
            negative_log_likelihood(log_softmax(z), [1, 0])
        )


def test_one_example_takes_a_label_or_a_vector():
    assert cross_entropy(Z, 2) == pytest.approx(cross_entropy(Z, [0, 0, 1, 0]), rel=1e-15)
    assert gradient_of(Z, 2).shape == (4,)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64, np.intp])
def test_labels_may_be_of_any_integer_dtype(dtype):
    z = np.random.default_rng(0).normal(size=(3, 4))
    assert cross_entropy(z, np.array([0, 3, 1], dtype)) == cross_entropy(z, [0, 3, 1])


@pytest.mark.parametrize(
    ("shape", "axis"),
    [((5, 3), -1), ((5, 3), 1), ((3, 5), 0), ((2, 3, 4), 1), ((2, 4, 3), 2), ((2, 3, 4), -2)],
)
@pytest.mark.parametrize("kind", ["labels", "probabilities"])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_every_layout_agrees_with_rows(shape, axis, kind, reduction):
    rng = np.random.default_rng(0)
    z = rng.normal(size=shape)
    rows = np.moveaxis(z, axis, -1)
    if kind == "labels":
        targets = target_rows = rng.integers(0, shape[axis], rows.shape[:-1])
    else:
        targets = rng.random(shape)
        target_rows = np.moveaxis(targets, axis, -1)
    options = {"class_weight": [1.0, 2.0, 0.5], "label_smoothing": 0.1, "reduction": reduction}
    loss, gradient = cross_entropy_and_gradient(z, targets, axis=axis, **options)
    flat = cross_entropy_and_gradient(
        rows.reshape(-1, 3),
        target_rows.reshape(-1) if kind == "labels" else target_rows.reshape(-1, 3),
        **options,
    )
    assert gradient.shape == shape
    as_rows = np.moveaxis(gradient, axis, -1).reshape(-1, 3)
    assert as_rows == pytest.approx(flat[1], abs=1e-14)
    assert np.ravel(loss) == pytest.approx(np.ravel(flat[0]), abs=1e-12)
    if reduction == "none":
        assert loss.shape == rows.shape[:-1]


@given(layered_problems())
def test_the_class_axis_may_lie_anywhere_whatever_the_options(problem):
    z, targets, options, axis = problem
    rows = np.moveaxis(z, axis, -1)
    target_rows = np.moveaxis(targets, axis, -1) if targets.shape == z.shape else targets
    loss, gradient = cross_entropy_and_gradient(z, targets, axis=axis, **options)
    row_loss, row_gradient = cross_entropy_and_gradient(rows, target_rows, **options)
    assert loss.shape == row_loss.shape
    np.testing.assert_allclose(loss, row_loss, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(
        np.moveaxis(gradient, axis, -1), row_gradient, rtol=1e-13, atol=1e-15
    )
    del options["label_smoothing"]
    likelihood = negative_log_likelihood(log_softmax(z, axis), targets, axis=axis, **options)
    expected = cross_entropy(z, targets, axis=axis, **options)
    np.testing.assert_allclose(likelihood, expected, rtol=1e-13, atol=1e-13)


@given(layered_problems(), st.sampled_from([np.nan, np.inf, -np.inf]))
def test_the_logits_of_an_ignored_position_are_never_looked_at(problem, value):
    z, targets, options, axis = problem
    assume(targets.shape != z.shape)
    options["ignore_index"] = options.get("ignore_index", 0)
    ignored = np.expand_dims(targets == options["ignore_index"], axis)
    spoilt = np.where(ignored, value, z)
    before = cross_entropy_and_gradient(z, targets, axis=axis, **options)
    after = cross_entropy_and_gradient(spoilt, targets, axis=axis, **options)
    for clean, spoilt_too in zip(before, after, strict=True):
        np.testing.assert_array_equal(clean, spoilt_too)
    assert (np.where(ignored, after[1], 0) == 0).all()


def test_the_lectures_columns_give_the_lectures_gradient():
    z = np.tile(Z, (3, 1)).T
    gradient = gradient_of(z, [1, 1, 1], axis=0, reduction="sum")
    assert gradient[:, 0] == pytest.approx([0.3, -0.8, 0.1, 0.4])


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_floating_dtype_stays(loss, reduction, dtype):
    z = np.array([[1, 2, 3], [0, 0, 0]], dtype)
    for targets in ([0, 1], np.eye(3)[:2]):
        assert loss(z, targets, reduction=reduction).dtype == dtype


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_gradient_has_the_dtype_of_the_logits(dtype):
    z = np.array([[1, 2, 3], [0, 0, 0]], dtype)
    options = {"class_weight": np.ones(3), "label_smoothing": 0.1}
    assert gradient_of(z, [0, 1], **options).dtype == dtype
    assert gradient_of(z.astype(int), [0, 1]).dtype == np.float64


def test_a_float16_mean_does_not_overflow_on_the_way():
    z = np.tile(np.float16([0, 100]), (10_000, 1))
    y = np.zeros(10_000, int)
    assert cross_entropy(z, y) == 100
    assert negative_log_likelihood(log_softmax(z), y) == 100
    assert cross_entropy_and_gradient(z, y)[0] == 100


def test_a_float16_mean_over_many_positions_counts_them_exactly():
    m = 70_000  # beyond the largest float16
    z = np.zeros((m, 2), np.float16)
    loss, gradient = cross_entropy_and_gradient(z, np.zeros(m, int), class_weight=[3, 1])
    assert loss == np.float16(math.log(2))
    assert (gradient[:, 1] == np.float16(0.5 / m)).all()


def test_a_float16_loss_out_of_range_is_infinite_unwarned():
    assert cross_entropy(np.float16([65504, -65504]), 1) == np.inf
    assert (
        cross_entropy(np.zeros((100_000, 2), np.float16), np.zeros(100_000, int), reduction="sum")
        == np.inf
    )


@pytest.mark.parametrize("call", [cross_entropy, cross_entropy_and_gradient])
def test_logits_and_targets_stay_even_if_read_only(call):
    z, Y = np.random.default_rng(0).random((2, 3, 4))
    weight = np.ones(4)
    copies = z.copy(), Y.copy(), weight.copy()
    for array in z, Y, weight:
        array.flags.writeable = False
    call(z, Y, class_weight=weight, label_smoothing=0.2)
    for array, copy in zip((z, Y, weight), copies, strict=True):
        assert (array == copy).all()


def test_the_gradient_shares_no_memory_with_what_it_came_from():
    z, Y = np.zeros((3, 4)), np.full((3, 4), 0.25)
    gradient = gradient_of(z, Y)
    assert not np.shares_memory(gradient, z)
    assert not np.shares_memory(gradient, Y)
    gradient += 1  # and it may be written


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a[::-1, ::-1],
        lambda a: np.asfortranarray(a),
        lambda a: np.repeat(a, 2, axis=1)[:, ::2],
    ],
)
def test_memory_layout_does_not_matter(view):
    rng = np.random.default_rng(0)
    z, Y = view(rng.normal(size=(4, 3))), view(rng.random((4, 3)))
    for ours, copied in zip(
        cross_entropy_and_gradient(z, Y),
        cross_entropy_and_gradient(z.copy(), Y.copy()),
        strict=True,
    ):
        np.testing.assert_array_equal(ours, copied)


def test_a_scalar_is_one_class_and_costs_nothing():
    loss, gradient = cross_entropy_and_gradient(5.0, 0)
    assert loss == 0
    assert gradient == 0


def test_entropy_and_divergence_work_along_any_axis():
    p = np.random.default_rng(0).dirichlet(np.ones(4), size=(2, 3))
    q = np.random.default_rng(1).dirichlet(np.ones(4), size=(2, 3))
    columns = np.moveaxis(p, -1, 0), np.moveaxis(q, -1, 0)
    assert entropy(columns[0], axis=0) == pytest.approx(entropy(p), abs=1e-12)
    assert kl_divergence(*columns, axis=0) == pytest.approx(kl_divergence(p, q), abs=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_entropy_and_divergence_keep_a_floating_dtype(dtype):
    p = np.array([[0.5, 0.5], [0.25, 0.75]], dtype)
    assert entropy(p).dtype == dtype
    assert kl_divergence(p, p).dtype == dtype


def test_certainty_has_no_surprise_where_the_formula_is_nan():
    p = np.array([1.0, 0.0])
    with np.errstate(all="ignore"):
        assert np.isnan(-(p * np.log(p)).sum())
    assert entropy(p) == 0
    assert not np.signbit(entropy(p))


def test_excluding_what_happens_costs_infinity():
    assert kl_divergence([0.5, 0.5], [1, 0]) == np.inf
    assert kl_divergence([1, 0], [0.5, 0.5]) == pytest.approx(math.log(2))
    assert kl_divergence([1, 0], [1, 0]) == 0


@pytest.mark.parametrize("exponent", [-4, -6, -9, -12, -25, -40, -50])
def test_nearly_equal_distributions_keep_their_distance(exponent):
    d = 2.0**exponent  # so every sum is exactly 1
    p, q = [0.5, 0.25, 0.25], [0.5 + 3 * d, 0.25 - 3 * d, 0.25]
    for one, other in (p, q), (q, p):
        with mpmath.workdps(50):
            terms = [a * mpmath.log(mpmath.mpf(a) / b) for a, b in zip(one, other, strict=True)]
            exact = float(sum(terms))
        assert kl_divergence(one, other) == pytest.approx(exact, rel=1e-13, abs=0)


# Messages


def test_a_column_of_labels_broadcasts_where_ours_refuses():
    labels, predictions = np.array([[0], [1], [2]]), np.array([0, 1, 2])
    assert (labels == predictions).shape == (3, 3)
    with pytest.raises(
        ValueError,
        match=r"targets must be labels of shape \(3,\) or "
        r"probabilities of shape \(3, 4\).*got \(3, 1\)",
    ):
        cross_entropy(np.zeros((3, 4)), labels)


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("shape", [(3, 1), (1, 3), (4,), (), (3, 5), (4, 3), (3, 4, 1)])
def test_targets_of_another_shape_are_refused_with_both_shapes(loss, shape):
    with pytest.raises(
        ValueError,
        match=r"\(3,\).*\(3, 4\).*got " + str(shape).replace("(", r"\(").replace(")", r"\)"),
    ):
        loss(np.zeros((3, 4)), np.zeros(shape, int))


@pytest.mark.parametrize("loss", TAKING_TARGETS)
def test_labels_of_another_class_axis_are_told_which(loss):
    for shape, axis, cure in ((2, 5), -1, 1), ((2, 3), 1, 2), ((3, 5), 2, 0):
        with pytest.raises(ValueError, match=rf"got \({shape[0]}, {shape[1]}\). With axis={cure} "):
            loss(np.zeros((2, 3, 5)), np.zeros(shape, int), axis=axis)


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.bool_])
def test_labels_that_are_no_integers_are_refused(loss, dtype):
    with pytest.raises(
        TypeError,
        match=r"targets of shape \(2,\) are class labels and must be "
        rf"of an integer dtype; got {np.dtype(dtype)}",
    ):
        loss(np.zeros((2, 3)), np.zeros(2, dtype))


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize(("label", "place"), [(12, "3"), (-1, "3"), (10, "3")])
def test_a_label_out_of_range_is_named_with_its_place(loss, label, place):
    y = np.zeros(5, int)
    y[3] = label
    with pytest.raises(
        ValueError, match=rf"targets must lie in 0\.\.9.*; got {label} at index {place}"
    ):
        loss(np.zeros((5, 10)), y)


def test_labels_counted_from_1_are_suspected():
    with pytest.raises(ValueError, match=r"got 3 at index 2. Are your labels counted from 1\?"):
        cross_entropy(np.zeros((3, 3)), [1, 2, 3])


def test_labels_that_hold_a_0_are_not_suspected():
    with pytest.raises(ValueError, match=r"got 3 at index 2$"):
        cross_entropy(np.zeros((3, 3)), [0, 2, 3])


def test_a_label_in_a_grid_is_named_with_its_index():
    with pytest.raises(ValueError, match=r"got 7 at index \(1, 0\)"):
        cross_entropy(np.zeros((2, 2, 3)), [[0, 1], [7, 2]])


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("bad", [-0.1, np.nan, np.inf])
def test_probabilities_must_be_finite_and_not_negative(loss, bad):
    with pytest.raises(
        ValueError,
        match=rf"targets must be finite and not negative; got {bad} at "
        r"index \(1, 0\)",
    ):
        loss(np.zeros((2, 2)), [[0, 1], [bad, 1]])


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("bad", [[1j, 0], ["a", "b"], [object(), 1]])
def test_targets_that_are_not_real_are_refused(loss, bad):
    with pytest.raises(TypeError, match="targets must hold real numbers; got"):
        loss(np.zeros((2, 2)), bad)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("bad", [[1j, 0], ["a", "b"], [object(), 1]])
def test_logits_that_are_not_real_are_refused(loss, bad):
    with pytest.raises(TypeError, match="logits must hold real numbers; got"):
        loss(bad, 0)


@pytest.mark.parametrize("loss", LOSSES)
def test_ragged_lists_are_refused_by_name(loss):
    with pytest.raises(ValueError, match="logits must be a rectangular array"):
        loss([[1, 2], [3]], [0, 0])
    with pytest.raises(ValueError, match="targets must be a rectangular array"):
        loss([[1, 2], [3, 4]], [[0], [0, 1]])


@pytest.mark.parametrize("loss", LOSSES)
def test_an_empty_class_axis_is_refused(loss):
    with pytest.raises(ValueError, match="logits must have at least one class"):
        loss(np.empty((2, 0)), [0, 0])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("axis", [None, (0, 1), 1.0, "0"])
def test_the_class_axis_is_one_int(loss, axis):
    with pytest.raises(TypeError, match="axis must be an int"):
        loss(np.zeros((2, 3)), [0, 1], axis=axis)


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("weight", [[1, 2], [1, 2, 3, 4], 1, [[1, 2, 3]]])
def test_class_weights_of_another_shape_are_refused(loss, weight):
    with pytest.raises(ValueError, match=r"class_weight must have shape \(3,\).*; got \("):
        loss(np.zeros((2, 3)), [0, 1], class_weight=weight)


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("bad", [-1, np.nan, np.inf])
def test_class_weights_must_be_finite_and_not_negative(loss, bad):
    with pytest.raises(ValueError, match="class_weight must be finite and not negative; got"):
        loss(np.zeros((2, 3)), [0, 1], class_weight=[1, bad, 1])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("smoothing", [-0.1, 1.1, np.nan, np.inf])
def test_smoothing_lies_between_0_and_1(loss, smoothing):
    with pytest.raises(ValueError, match="label_smoothing must be finite and between 0 and 1"):
        loss(Z, 0, label_smoothing=smoothing)


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("reduction", ["average", "", None, "Mean"])
def test_an_unknown_reduction_is_refused(loss, reduction):
    with pytest.raises(ValueError, match="reduction must be one of 'none', 'sum', 'mean'; got"):
        loss(Z, 0, reduction=reduction)


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("ignored", [1.0, "1", True, np.nan])
def test_only_an_integer_can_be_ignored(loss, ignored):
    with pytest.raises(TypeError, match="ignore_index must be an integer; got"):
        loss(Z, 0, ignore_index=ignored)


@pytest.mark.parametrize("loss", TAKING_TARGETS)
def test_ignoring_needs_labels(loss):
    with pytest.raises(ValueError, match=r"ignore_index must be None .*; got 1"):
        loss(Z, [0, 1, 0, 0], ignore_index=1)


def test_a_label_out_of_range_is_refused_beside_an_ignored_one():
    with pytest.raises(ValueError, match="got -2 at index 1"):
        cross_entropy(np.zeros((2, 3)), [-1, -2], ignore_index=-1)


def test_options_are_passed_by_name():
    with pytest.raises(TypeError, match="positional"):
        cross_entropy(Z, 0, -1)


def test_probabilities_passed_for_log_probabilities_are_refused():
    with pytest.raises(
        ValueError,
        match=r"log_probs must be at most 0; got 0\.3 at index 0. "
        "Are these probabilities",
    ):
        negative_log_likelihood([0.3, 0.7], 1)


def test_log_probabilities_a_rounding_above_0_are_accepted():
    assert negative_log_likelihood([1e-16, -40.0], 0) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("function", [entropy, lambda p: kl_divergence(p, p)])
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ([[0.5, 0.5], [0.5, 0.4]], r"must sum to 1 along axis -1; row 1 sums to 0\.9"),
        ([0.5, 0.6], r"must sum to 1 along axis -1; it sums to 1\.1"),
        ([1.5, -0.5], r"must be finite and not negative; got -0\.5 at index 1"),
        ([np.nan, 1], r"must be finite and not negative; got nan at index 0"),
        ([[1, 0], [1]], "must be a rectangular array"),
        (1.0, "must have a class axis; got a scalar"),
    ],
)
def test_what_is_no_distribution_is_refused(function, bad, message):
    with pytest.raises(ValueError, match=message):
        function(bad)


def test_two_distributions_must_have_one_shape():
    with pytest.raises(ValueError, match=r"q must have the shape of p, \(2,\); got \(3,\)"):
        kl_divergence([0.5, 0.5], [0.5, 0.5, 0])


@pytest.mark.parametrize(
    ("labels", "n_classes", "error", "message"),
    [
        ([0, 3], 3, ValueError, r"labels must lie in 0\.\.2.*got 3 at index 1"),
        ([-1], 3, ValueError, "got -1 at index 0"),
        ([0.0], 3, TypeError, "integer dtype; got float64"),
        ([0], 0, ValueError, "n_classes must be at least 1; got 0"),
        ([0], 2.5, TypeError, r"n_classes must be an integer; got 2\.5"),
        (["a"], 2, TypeError, "labels must hold real numbers"),
    ],
)
def test_one_hot_refuses_what_it_cannot_encode(labels, n_classes, error, message):
    with pytest.raises(error, match=message):
        one_hot(labels, n_classes)


# What goes wrong


def test_label_minus_1_would_become_the_last_class():
    assert np.eye(3)[-1].tolist() == [0, 0, 1]
    with pytest.raises(ValueError, match="got -1"):
        one_hot([-1], 3)


def test_squared_error_hardly_pushes_where_cross_entropy_does():
    z = np.array([10.0, 0, 0, 0])

    def squared_error(z):
        return ((softmax(z) - one_hot(1, 4)) ** 2).sum()

    assert abs(numerical_gradient(squared_error, z)).max() < 0.001
    assert abs(gradient_of(z, 1)).max() == pytest.approx(1, abs=1e-3)


def test_the_gradient_of_a_scalar_logit_is_a_scalar():
    loss, gradient = cross_entropy_and_gradient(5.0, 0)
    assert (loss, gradient, gradient.shape) == (0, 0, ())


def test_many_classes_need_no_table_of_all_pairs():
    loss, gradient = cross_entropy_and_gradient(np.zeros((2, 200_000)), [0, 199_999])
    assert loss == pytest.approx(math.log(200_000), rel=1e-14)
    assert gradient.shape == (2, 200_000)
    assert one_hot([199_999], 200_000)[0, -1] == 1


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_probabilities_in_columns_are_accepted(dtype):
    Z = np.random.default_rng(0).normal(size=(3000, 4)).astype(dtype)
    assert entropy(softmax(Z, axis=0), axis=0).shape == (4,)


def test_a_rounded_distance_is_not_negative():
    assert kl_divergence([0.5, 0.5], [0.5000002, 0.5000002]) == 0


def test_a_certain_loss_is_a_plain_zero():
    for reduction in "none", "sum", "mean":
        assert not np.signbit(cross_entropy([[800.0, 0.0]], [0], reduction=reduction)).any()


def test_a_small_probability_for_its_logarithm_is_refused():
    with pytest.raises(ValueError, match="log_probs must be at most 0; got 0.05"):
        negative_log_likelihood([0.05, -1.0], 1)


def test_a_reduction_is_one_word():
    with pytest.raises(ValueError, match="reduction must be one of"):
        cross_entropy([0.0, 1.0], 0, reduction=np.array(["mean", "sum"]))


# At the edges of what numbers can hold


@pytest.mark.parametrize("shape", [(0, 3, 5), (0, 3, 5, 2), (2, 3, 0), (0, 3)])
def test_an_empty_batch_of_any_shape_has_an_empty_gradient(shape):
    z = np.zeros(shape)
    loss, gradient = cross_entropy_and_gradient(z, np.zeros((shape[0], *shape[2:]), int), axis=1)
    assert np.isnan(loss)
    assert gradient.shape == shape


@pytest.mark.parametrize("label", [2**64 - 1, 2**63])
def test_an_ignored_label_too_large_for_an_index_is_ignored(label):
    z, y = np.array([[1.0, 2.0, 3.0]]), np.array([label], np.uint64)
    loss, gradient = cross_entropy_and_gradient(z, y, ignore_index=label, reduction="none")
    assert loss.tolist() == [0]
    assert gradient.tolist() == [[0, 0, 0]]
    log_probs = log_softmax(z)
    assert negative_log_likelihood(log_probs, y, ignore_index=label, reduction="none") == [0]


@pytest.mark.parametrize(("dtype", "large"), [(np.float64, 1e308), (np.float32, 3e38)])
def test_losses_whose_sum_overflows_have_a_mean(dtype, large):
    z = np.array([[large, 0], [large, 0]], dtype)
    assert cross_entropy(z, [1, 1]) == z[0, 0]
    assert cross_entropy(z, [1, 1], reduction="sum") == np.inf
    assert negative_log_likelihood(-z, [0, 0]) == z[0, 0]
    assert negative_log_likelihood([[-large, -large]], [[1.0, 1.0]]) in (2 * large, np.inf)


@pytest.mark.parametrize("logits", [[-np.inf, -np.inf], [-np.inf, np.nan], [-np.inf, np.inf]])
def test_no_weight_hides_a_row_that_has_no_softmax(logits):
    loss, gradient = cross_entropy_and_gradient([logits], [0], class_weight=[0, 1], reduction="sum")
    assert np.isnan(loss)
    assert np.isnan(gradient).all()


@pytest.mark.parametrize(("logit", "weight"), [(-300.0, 1e200), (300.0, 1e-200)])
def test_an_extreme_weight_meets_an_extreme_logit(logit, weight):
    _, gradient = cross_entropy_and_gradient(
        [[logit, logit]], [0], class_weight=[weight, 1], reduction="sum"
    )
    assert gradient == pytest.approx(np.array([[-weight / 2, weight / 2]]), rel=1e-15, abs=0)


@pytest.mark.parametrize(
    ("targets", "options", "message"),
    [
        ([0], {"class_weight": [1e40, 1]}, r"class_weight must fit float32; got 1e\+40 at index 0"),
        ([[1.0, 1e40]], {}, r"targets must fit float32; got 1e\+40 at index \(0, 1\)"),
    ],
)
def test_what_does_not_fit_the_logits_dtype_is_named(targets, options, message):
    with pytest.raises(ValueError, match=message):
        cross_entropy(np.zeros((1, 2), np.float32), targets, **options)


# Labels that are no probabilities


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("dtype", [int, np.uint8, np.uint64, bool])
@pytest.mark.parametrize("targets", [[0, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]])
def test_binary_scores_beside_labels_are_refused_with_the_cure(loss, targets, dtype):
    cure = re.escape("np.column_stack([np.zeros_like(z), z])")
    with pytest.raises(ValueError, match=f"targets .*one-hot.*these look like labels.*{cure}"):
        loss(Z, np.array(targets, dtype))


def test_the_cure_is_the_log_loss_of_the_scores():
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=50), rng.integers(0, 2, 50)
    two_columns = np.column_stack([np.zeros_like(z), z])
    assert cross_entropy(two_columns, y) == pytest.approx(log_loss(y, sigmoid(z)), rel=1e-13)


@pytest.mark.parametrize("loss", TAKING_TARGETS[:2])
@pytest.mark.parametrize("axis", [0, 1, 2, -1])
@pytest.mark.parametrize("options", [{}, {"label_smoothing": 0.1}, {"class_weight": np.ones(4)}])
def test_whole_numbers_of_that_shape_are_one_hot_on_the_axis(loss, axis, options):
    z = np.zeros((4, 4, 4))
    hot = np.moveaxis(one_hot(np.zeros((4, 4), int), 4), -1, axis).astype(int)
    assert loss(z, hot, axis=axis, **options) == pytest.approx(math.log(4))
    mask = np.zeros(z.shape, int)
    mask[1:3, 1:3, 1:3] = 1
    with pytest.raises(ValueError, match=f"must be one-hot along axis {axis % 3 - 3}"):
        loss(z, mask, axis=axis, **options)


@pytest.mark.parametrize("row", [[2, -1, 0, 0], [1, 1, -1, 0], [0, 0, 0, 2], [1, 0, 0, 3]])
def test_whole_numbers_that_sum_to_1_need_not_be_one_hot(row):
    with pytest.raises(ValueError, match="must be one-hot"):
        cross_entropy(Z, row)
    with pytest.raises(ValueError, match="must be one-hot"):
        cross_entropy(Z, np.uint64([2**63, 2**63 + 1, 0, 0]))


def test_a_column_of_labels_is_no_one_hot_row_of_one_class():
    with pytest.raises(ValueError, match="these look like labels"):
        cross_entropy(np.zeros((3, 1)), [[0], [1], [0]])
    assert cross_entropy(np.zeros((3, 1)), [[1], [1], [1]]) == 0


def test_floats_of_the_logits_shape_need_not_sum_to_1():
    assert cross_entropy(np.zeros(2), [1.0, 1.0]) == pytest.approx(2 * math.log(2))


# sample_weight


def repeated(logits, targets, axis, counts):
    """Every position as often as its weight says, as rows."""
    rows = np.moveaxis(logits, axis, -1).reshape(-1, logits.shape[axis])
    hot = targets.shape == logits.shape
    y = np.moveaxis(targets, axis, -1).reshape(rows.shape) if hot else targets.reshape(-1)
    copies = np.repeat(np.arange(len(rows)), counts.reshape(-1))
    return rows[copies], y[copies], copies


@given(layered_problems(), st.data())
def test_a_whole_weight_is_as_many_copies_with_gradient(problem, data):
    z, targets, options, axis = problem
    counts = data.draw(hnp.arrays(np.int64, z.take(0, axis).shape, elements=st.integers(0, 3)))
    rows, y, copies = repeated(z, targets, axis, counts)
    options["reduction"] = data.draw(st.sampled_from(["sum", "mean"]))
    loss, gradient = cross_entropy_and_gradient(
        z, targets, axis=axis, sample_weight=counts, **options
    )
    many, slopes = cross_entropy_and_gradient(rows, y, **options)
    np.testing.assert_allclose(loss, many, rtol=1e-12, atol=1e-14)
    together = np.zeros((counts.size, z.shape[axis]))
    np.add.at(together, copies, slopes)
    ours = np.moveaxis(gradient, axis, -1).reshape(together.shape)
    np.testing.assert_allclose(ours, together, rtol=1e-12, atol=1e-14)
    del options["label_smoothing"]
    likelihood = negative_log_likelihood(
        log_softmax(z, axis), targets, axis=axis, sample_weight=counts, **options
    )
    many = negative_log_likelihood(log_softmax(rows), y, **options)
    np.testing.assert_allclose(likelihood, many, rtol=1e-12, atol=1e-14)


@given(layered_problems(), st.data())
def test_without_reduction_each_loss_is_times_its_weight(problem, data):
    z, targets, options, axis = problem
    options["reduction"] = "none"
    weights = st.sampled_from([0.0, 0.5, 1.0, 3.0])
    weight = data.draw(hnp.arrays(np.float64, z.take(0, axis).shape, elements=weights))
    loss, gradient = cross_entropy_and_gradient(z, targets, axis=axis, **options)
    weighted, slopes = cross_entropy_and_gradient(
        z, targets, axis=axis, sample_weight=weight, **options
    )
    np.testing.assert_allclose(weighted, weight * loss, rtol=1e-13)
    expected = np.expand_dims(weight, axis) * gradient
    np.testing.assert_allclose(slopes, expected, rtol=1e-13, atol=1e-15)


@given(layered_problems())
def test_weights_of_1_change_no_bit(problem):
    z, targets, options, axis = problem
    ones = np.ones(z.take(0, axis).shape)
    for plain, weighted in zip(
        cross_entropy_and_gradient(z, targets, axis=axis, **options),
        cross_entropy_and_gradient(z, targets, axis=axis, sample_weight=ones, **options),
        strict=True,
    ):
        np.testing.assert_array_equal(plain, weighted)


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("targets", [[0, 1, 1], [[0.5, 0.5], [0, 1.0], [0.2, 0.8]]])
@pytest.mark.parametrize("size", [1e-320, 1e-300, 1e300, 1.7e308])
def test_only_the_ratios_of_weights_count_in_a_mean(loss, targets, size):
    z, weight = np.array([[0.0, -1.0], [2.0, -2.0], [1.0, 0.0]]), np.array([0.25, 0.5, 1.0])
    expected = loss(z, targets, sample_weight=weight)
    assert loss(z, targets, sample_weight=size * weight) == pytest.approx(expected, rel=1e-3)
    if size >= 1e-300:
        assert loss(z, targets, sample_weight=size * weight) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("option", ["class_weight", "sample_weight"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_small_weights_keep_their_ratios_in_a_narrow_dtype(option, dtype):
    z, weight = np.array([[0.0, -1.0], [2.0, -2.0]], dtype), np.array([0.5, 1.0])
    for ours, expected in zip(
        cross_entropy_and_gradient(z, [0, 1], **{option: 1e-100 * weight}),
        cross_entropy_and_gradient(z, [0, 1], **{option: weight}),
        strict=True,
    ):
        assert ours == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("size", [1e-300, 1e300, 1.7e308])
def test_only_ratios_of_class_weights_count_in_label_means(size):
    z, weight = np.array([[0.0, -1.0], [2.0, -2.0]]), np.array([0.5, 1.0])
    for ours, expected in zip(
        cross_entropy_and_gradient(z, [0, 1], class_weight=size * weight),
        cross_entropy_and_gradient(z, [0, 1], class_weight=weight),
        strict=True,
    ):
        assert ours == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize("targets", [[1, 0, 1], [[0.5, 0.5], [1, 0.0], [0.2, 0.8]]])
@pytest.mark.parametrize("row", [[np.nan, 0], [-np.inf, -np.inf], [-np.inf, -1]])
def test_a_weight_of_0_leaves_out_whatever_the_logits_are(loss, targets, row):
    z = np.array([row, [0, -1.0], [-2.0, 0]])
    for reduction in REDUCTIONS:
        ours = loss(z, targets, sample_weight=[0, 2, 1], reduction=reduction)
        rest = loss(z[1:], targets[1:], sample_weight=[2, 1], reduction=reduction)
        assert np.ravel(ours)[-len(np.ravel(rest)) :] == pytest.approx(np.ravel(rest), rel=1e-14)
        assert (np.ravel(ours)[: -len(np.ravel(rest))] == 0).all()


@pytest.mark.parametrize("targets", [[1, 0], [[0.5, 0.5], [1, 0.0]]])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_the_gradient_of_what_is_left_out_is_exactly_0(targets, reduction):
    z = np.array([[np.nan, 0], [0, -1.0]])
    gradient = gradient_of(z, targets, sample_weight=[0, 2], reduction=reduction)
    assert (gradient[0] == 0).all()
    alone = gradient_of(z[1:], targets[1:], sample_weight=[2], reduction=reduction)
    assert (gradient[1] == alone[0]).all()


@pytest.mark.parametrize("loss", TAKING_TARGETS)
def test_a_mean_of_weights_that_are_0_is_nan_with_zero_gradient(loss):
    assert np.isnan(loss(np.zeros((2, 2)), [0, 1], sample_weight=[0, 0]))
    assert (gradient_of(np.zeros((2, 2)), [0, 1], sample_weight=[0, 0]) == 0).all()
    both = {"sample_weight": [0, 1], "class_weight": [1, 0]}
    assert np.isnan(loss(np.zeros((2, 2)), [0, 1], **both))


@pytest.mark.parametrize("loss", TAKING_TARGETS)
@pytest.mark.parametrize(
    ("weight", "error", "message"),
    [
        ([1.0], ValueError, r"sample_weight must have shape \(2,\).*; got \(1,\)"),
        ([[1.0], [1.0]], ValueError, r"sample_weight must have shape \(2,\).*; got \(2, 1\)"),
        (1.0, ValueError, r"sample_weight must have shape \(2,\).*; got \(\)"),
        ([1.0, -1.0], ValueError, "sample_weight .* not negative; got -1.0 at index 1"),
        ([1.0, np.nan], ValueError, "sample_weight .* finite .*; got nan at index 1"),
        ([np.inf, 1.0], ValueError, "sample_weight .* finite .*; got inf at index 0"),
        (["a", "b"], TypeError, "sample_weight must hold real numbers"),
    ],
)
def test_weights_that_are_none_are_named(loss, weight, error, message):
    with pytest.raises(error, match=message):
        loss(np.zeros((2, 3)), [0, 1], sample_weight=weight)


def test_a_product_of_weights_that_overflows_is_named():
    weights = {"sample_weight": [1e200, 1], "class_weight": [1e200, 1], "reduction": "sum"}
    for targets in [0, 1], np.eye(2):
        with pytest.raises(ValueError, match="class_weight and sample_weight must fit float64"):
            cross_entropy(np.zeros((2, 2)), targets, **weights)


def test_a_vector_of_logits_has_one_position_and_one_weight():
    assert cross_entropy(Z, CAT, sample_weight=3, reduction="sum") == pytest.approx(3 * math.log(5))
    assert cross_entropy(Z, CAT, sample_weight=3) == pytest.approx(math.log(5))


# Axes of entropy and divergence, and what a file has rounded


@pytest.mark.parametrize("axis", [0, -1, (0, 1), (1, 2), (0, 2), (-1, 0), None, ()])
@pytest.mark.parametrize("keepdims", [True, False])
def test_several_class_axes_count_as_one(axis, keepdims):
    rng = np.random.default_rng(0)
    z, w = rng.normal(size=(2, 2, 3, 4))
    p, q = softmax(z, axis), softmax(w, axis)
    each = -(p * np.log(p)).sum(axis=axis, keepdims=keepdims)
    assert entropy(p, axis, keepdims=keepdims) == pytest.approx(each, abs=1e-12)
    each = (p * np.log(p / q)).sum(axis=axis, keepdims=keepdims)
    assert kl_divergence(p, q, axis, keepdims=keepdims) == pytest.approx(each, abs=1e-12)
    assert entropy(p, axis, keepdims=keepdims).shape == each.shape


def test_a_sum_over_several_axes_is_named_with_them():
    with pytest.raises(ValueError, match=r"must sum to 1 along axes \(-2, -1\); row 1 sums to 2"):
        entropy(np.stack([np.full((2, 2), 0.25), np.full((2, 2), 0.5)]), axis=(1, 2))
    with pytest.raises(ValueError, match="probs must have at least one class"):
        entropy(np.empty((2, 0)))


@given(distributions(2), st.integers(3, 8))
def test_rounded_rows_are_divided_by_their_sum(p, digits):
    rounded = np.round(p, digits)
    exact = rounded / rounded.sum()
    assert entropy(rounded) == pytest.approx(entropy(exact), abs=1e-14)
    assert kl_divergence(rounded, p) == pytest.approx(kl_divergence(exact, p), abs=1e-14)


@pytest.mark.parametrize("function", [entropy, lambda p: kl_divergence(p, p)])
def test_a_1_minus_p_below_0_counts_as_0_but_no_more(function):
    assert function([1.0, -1e-17]) == 0
    assert function([1.0, -1e-12]) == 0
    with pytest.raises(ValueError, match="finite and not negative; got -1.1e-12 at index 1"):
        function([1.0, -1.1e-12])


@pytest.mark.parametrize("off", [1e-3, -1e-3])
def test_the_bound_of_a_sum_is_1e_3(off):
    entropy([0.5, 0.5 + 0.999 * off])
    with pytest.raises(ValueError, match="probs must sum to 1 along axis -1; it sums to"):
        entropy([0.5, 0.5 + 1.001 * off])
