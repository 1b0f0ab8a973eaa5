"""Metrics: counted by hand, invariants, peers, and what would have been a silent wrong mean."""

import math
import statistics
import warnings
from fractions import Fraction

import numpy as np
import pytest
import scipy.optimize
import scipy.stats
import sklearn.calibration
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmax_lib import (
    accuracy,
    accuracy_interval,
    brier_score,
    confusion_matrix,
    cross_entropy,
    expected_calibration_error,
    fit_temperature,
    load_digits,
    reliability_curve,
    softmax,
    split,
)
from tests.support.hypothesis_strategies import distributions, labelled_logits, vectors


@st.composite
def predictions(draw):
    size = draw(st.integers(1, 30))
    labels = hnp.arrays(np.int64, size, elements=st.integers(0, 4))
    return draw(labels), draw(labels)


# Accuracy


def test_three_of_four_right_are_three_quarters():
    assert accuracy([0, 1, 2, 2], [0, 1, 2, 0]) == 0.75
    assert accuracy(["cat", "dog"], ["cat", "cat"]) == 0.5


def test_accuracy_of_nothing_is_nan():
    assert math.isnan(accuracy([], []))


@given(predictions())
def test_scikit_learn_counts_the_same(pair):
    assert accuracy(*pair) == sklearn.metrics.accuracy_score(*pair)
    expected = sklearn.metrics.confusion_matrix(*pair, labels=range(5))
    assert (confusion_matrix(*pair, classes=range(5)) == expected).all()
    occurring = np.union1d(*pair)
    assert (confusion_matrix(*pair) == expected[np.ix_(occurring, occurring)]).all()


def test_a_column_of_predictions_would_meet_every_label():
    y, column = np.array([0, 1, 2]), np.array([[0], [1], [2]])
    assert (y == column).mean() == pytest.approx(1 / 3)
    with pytest.raises(
        ValueError,
        match=r"predictions must have shape \(3,\), one label "
        r"for each row of y; got \(3, 1\)",
    ):
        accuracy(y, column)


def test_one_hot_rows_would_score_0_8_for_a_miss():
    truth, miss = np.eye(10)[[3]], np.eye(10)[[5]]
    assert (truth == miss).mean() == 0.8
    with pytest.raises(ValueError, match=r"y must have shape \(m,\).*got \(1, 10\)"):
        accuracy(truth, miss)


@pytest.mark.parametrize("function", [accuracy, confusion_matrix])
def test_vectors_of_different_lengths_are_refused(function):
    with pytest.raises(ValueError, match=r"predictions must have shape \(2,\), one label for each"):
        function([0, 1], [0, 1, 2])


# The interval


def test_wilsons_interval_of_350_in_360():
    low, high = accuracy_interval(350, 360)
    assert (round(low, 4), round(high, 4)) == (0.9496, 0.9848)


@given(st.integers(1, 2000), st.data(), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_scipy_has_the_same_interval(m, data, confidence):
    k = data.draw(st.integers(0, m))
    theirs = scipy.stats.binomtest(k, m).proportion_ci(confidence, method="wilson")
    ours = accuracy_interval(k, m, confidence=confidence)
    assert ours == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert 0 <= ours[0] <= k / m + 1e-15
    assert k / m - 1e-15 <= ours[1] <= 1


def test_all_right_is_not_certain_as_the_usual_formula_says():
    p = 1.0
    assert 1.96 * math.sqrt(p * (1 - p) / 20) == 0
    low, high = accuracy_interval(20, 20)
    assert low < 0.9
    assert high == 1


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        ((5, 4), ValueError, r"n_right must lie in 0\.\.4; got 5"),
        ((-1, 4), ValueError, r"n_right must lie in 0\.\.4; got -1"),
        ((0, 0), ValueError, "n_examples must be at least 1; got 0"),
        ((0.5, 4), TypeError, r"n_right must be an integer; got 0\.5"),
    ],
)
def test_counts_of_the_interval_are_checked(args, error, message):
    with pytest.raises(error, match=message):
        accuracy_interval(*args)


@pytest.mark.parametrize("confidence", [0, 1, -0.1, 95, np.nan])
def test_confidence_lies_strictly_between_0_and_1(confidence):
    with pytest.raises(ValueError, match="confidence must be"):
        accuracy_interval(1, 2, confidence=confidence)


# The confusion matrix


def test_rows_are_the_truth_and_columns_the_prediction():
    assert confusion_matrix([0, 0, 1], [1, 0, 1]).tolist() == [[1, 1], [0, 1]]


def test_classes_fix_the_order_and_keep_absent_ones():
    matrix = confusion_matrix(["b", "b"], ["b", "a"], classes=["c", "b", "a"])
    assert matrix.tolist() == [[0, 0, 0], [0, 1, 1], [0, 0, 0]]


@given(predictions())
def test_the_matrix_counts_all_and_its_diagonal_what_is_right(pair):
    matrix = confusion_matrix(*pair)
    assert matrix.sum() == len(pair[0])
    assert np.trace(matrix) == round(accuracy(*pair) * len(pair[0]))
    assert matrix.dtype.kind == "i"


def test_a_label_without_a_class_is_named():
    with pytest.raises(ValueError, match=r"classes must hold every label that occurs.*for dog"):
        confusion_matrix(["cat"], ["dog"], classes=["cat"])


def test_no_examples_give_a_matrix_of_zeros():
    assert confusion_matrix([], [], classes=[0, 1]).tolist() == [[0, 0], [0, 0]]


# Calibration


def test_a_curve_of_two_bins_by_hand():
    probs = [[0.9, 0.1], [0.95, 0.05], [0.4, 0.6]]
    curve = reliability_curve(probs, [0, 1, 1])
    assert curve.confidence == pytest.approx([0.6, 0.925])
    assert curve.accuracy.tolist() == [1, 0.5]
    assert curve.count.tolist() == [1, 2]
    ece = expected_calibration_error(probs, [0, 1, 1])
    assert ece == pytest.approx((0.4 + 2 * 0.425) / 3)


def test_a_certain_forecast_falls_into_the_last_bin():
    curve = reliability_curve([[1.0, 0.0], [0.92, 0.08]], [0, 0])
    assert curve.confidence == pytest.approx([0.96])
    assert curve.count.tolist() == [2]


@given(labelled_logits(bound=5.0), st.integers(1, 20))
def test_bins_lose_no_example_and_average_to_the_whole(problem, n_bins):
    z, y = problem
    probs = softmax(z)
    curve = reliability_curve(probs, y, n_bins=n_bins)
    assert curve.count.sum() == len(y)
    assert (curve.count > 0).all()
    assert (np.diff(curve.confidence) > 0).all()
    confidence = np.average(curve.confidence, weights=curve.count)
    assert confidence == pytest.approx(probs.max(axis=1).mean(), rel=1e-12)
    right = np.average(curve.accuracy, weights=curve.count)
    assert right == pytest.approx(accuracy(y, probs.argmax(axis=1)), abs=1e-12)


@given(labelled_logits(bound=5.0))
def test_calibration_error_lies_between_the_overall_gap_and_1(problem):
    z, y = problem
    probs = softmax(z)
    gap = abs(probs.max(axis=1).mean() - accuracy(y, probs.argmax(axis=1)))
    assert gap - 1e-12 <= expected_calibration_error(probs, y) <= 1
    assert expected_calibration_error(probs, y, n_bins=1) == pytest.approx(gap, abs=1e-12)


def test_perfect_forecasts_still_have_an_error_by_chance():
    rng = np.random.default_rng(0)
    errors = []
    for _ in range(300):
        confidence = rng.uniform(0.5, 1, 360)
        y = (rng.random(360) > confidence).astype(int)
        probs = np.column_stack([confidence, 1 - confidence])
        errors.append(expected_calibration_error(probs, y, n_bins=15))
    assert np.mean(errors) == pytest.approx(0.047, abs=0.002)


def test_no_forecasts_have_no_error():
    assert math.isnan(expected_calibration_error(np.empty((0, 3)), []))
    assert reliability_curve(np.empty((0, 3)), []).count.tolist() == []


@pytest.mark.parametrize("function", [reliability_curve, expected_calibration_error, brier_score])
@pytest.mark.parametrize(
    ("probs", "y", "error", "message"),
    [
        ([[0.5, 0.4]], [0], ValueError, r"probs must sum to 1 along axis -1; row 0 sums to 0\.9"),
        ([[[1.0]]], [0], ValueError, r"probs must have shape \(m, C\) or \(m,\); got \(1, 1, 1\)"),
        ([0.5, 1.5], [0, 1], ValueError, r"probs .* between 0 and 1; got 1\.5 at index 1"),
        ([0.5, np.nan], [0, 1], ValueError, r"probs .* between 0 and 1; got nan at index 1"),
        ([[0.5, 0.5]], [2], ValueError, r"y must lie in 0\.\.1.*; got 2"),
        ([[0.5, 0.5]], [0, 1], ValueError, r"y must have shape \(1,\)"),
        ([[0.5, 0.5]], [0.0], TypeError, "y .*integer dtype; got float64"),
    ],
)
def test_forecasts_are_checked(function, probs, y, error, message):
    with pytest.raises(error, match=message):
        function(probs, y)


def test_bins_are_counted():
    with pytest.raises(ValueError, match="n_bins must be at least 1; got 0"):
        reliability_curve([[1.0]], [0], n_bins=0)


def test_the_noise_floor_halves_with_four_times_the_examples():
    rng = np.random.default_rng(0)

    def floor(m):
        confidence = rng.uniform(0.5, 1, (300, m))
        right = rng.random((300, m)) < confidence
        return np.mean(
            [
                expected_calibration_error(np.column_stack([c, 1 - c]), (~r).astype(int))
                for c, r in zip(confidence, right, strict=True)
            ]
        )

    assert floor(360) / floor(1440) == pytest.approx(2, rel=0.1)


# The Brier score


def test_brier_scores_by_hand():
    assert brier_score([[0.8, 0.2]], [0]) == pytest.approx(2 * 0.2**2)
    assert brier_score([[0.3, 0.2, 0.1, 0.4]], [1]) == pytest.approx(0.09 + 0.64 + 0.01 + 0.16)
    assert brier_score([[0.5, 0.5], [1, 0]], [0, 1]) == 1.25


def test_certainty_scores_0_or_2_and_ignorance_1_minus_1_over_c():
    assert brier_score([[1, 0, 0]], [0]) == 0
    assert brier_score([[1, 0, 0]], [2]) == 2
    assert brier_score(np.full((3, 4), 0.25), [0, 1, 3]) == 0.75
    assert brier_score([[1.0]], [0]) == 0


def test_no_forecasts_have_no_brier_score():
    assert math.isnan(brier_score(np.empty((0, 3)), []))


@given(labelled_logits(bound=30.0))
def test_the_brier_score_is_the_mean_of_exact_squares(problem):
    z, y = problem
    probs = softmax(z)
    exact = sum(
        (Fraction(float(p)) - (k == label)) ** 2
        for row, label in zip(probs, y, strict=True)
        for k, p in enumerate(row)
    )
    assert brier_score(probs, y) == pytest.approx(float(exact / len(y)), rel=1e-14)
    assert 0 <= brier_score(probs, y) <= 2


@given(labelled_logits(bound=5.0), st.randoms(use_true_random=False))
def test_renaming_the_classes_changes_no_brier_score(problem, random):
    z, y = problem
    order = list(range(z.shape[1]))
    random.shuffle(order)
    probs = softmax(z)
    renamed = np.argsort(order)[y]
    assert brier_score(probs[:, order], renamed) == pytest.approx(brier_score(probs, y), rel=1e-14)


@given(hnp.arrays(np.float64, st.integers(2, 30), elements=st.floats(0, 1)), st.data())
def test_scikit_learns_score_of_two_classes_is_half_of_it(p, data):
    y = data.draw(hnp.arrays(np.int64, len(p), elements=st.integers(0, 1)))
    theirs = sklearn.metrics.brier_score_loss(y, p, pos_label=1)
    assert brier_score(np.column_stack([1 - p, p]), y) == pytest.approx(2 * theirs, abs=1e-15)


@given(
    st.integers(2, 6).flatmap(
        lambda size: st.tuples(distributions(size, size), distributions(size, size))
    )
)
def test_the_brier_scores_surplus_is_a_squared_distance(pair):
    forecast, truth = pair
    outcomes = np.arange(len(truth))

    def expected(probs):
        return truth @ [brier_score(probs[None], [k]) for k in outcomes]

    surplus = expected(forecast) - expected(truth)
    assert surplus == pytest.approx(((forecast - truth) ** 2).sum(), abs=1e-14)
    assert expected(truth) == pytest.approx(1 - (truth**2).sum(), abs=1e-14)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_brier_scores_of_every_float_are_computed_in_float64(dtype):
    probs = np.array([[0.75, 0.25], [0.5, 0.5]], dtype)
    assert brier_score(probs, [0, 1]) == (2 * 0.25**2 + 2 * 0.5**2) / 2
    rough = np.array([[0.7, 0.3]], dtype)
    p, q = rough[0].astype(np.float64) / rough.sum(dtype=np.float64)
    assert brier_score(rough, [0]) == pytest.approx((1 - p) ** 2 + q**2, rel=1e-15)


def test_a_read_only_forecast_is_scored_and_left_alone():
    whole = np.array([[0.7, 0.0, 0.3, 0.0], [0.1, 0.0, 0.9, 0.0]])
    before = whole.copy()
    whole.flags.writeable = False
    assert brier_score(whole[:, ::2], [0, 1]) == pytest.approx((2 * 0.3**2 + 2 * 0.1**2) / 2)
    assert (whole == before).all()


def test_subtracted_labels_broadcast_along_the_wrong_axis():
    probs, y = np.eye(3)[[2, 2, 2]], np.array([2, 2, 2])
    assert ((probs - y) ** 2).sum(axis=1).mean() == 9
    assert brier_score(probs, y) == 0


def test_a_confident_mistake_is_bounded_unlike_in_log_loss():
    logits = np.array([[800.0, 0.0]])
    assert brier_score(softmax(logits), [1]) == 2
    assert cross_entropy(logits, [1]) == 800


# Temperature


def test_odds_of_e_to_the_4_that_are_right_three_times_in_four():
    assert fit_temperature([[4.0, 0.0]] * 4, [0, 0, 0, 1]) == pytest.approx(4 / math.log(3))


def noisy_forecast(seed, scale):
    rng = np.random.default_rng(seed)
    z = rng.normal(0, 2, (200, 4))
    y = (softmax(z).cumsum(axis=1) < rng.random((200, 1))).sum(axis=1)
    return scale * z, np.minimum(y, 3)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("scale", [0.1, 1, 20])
def test_a_general_minimiser_finds_no_better_temperature(seed, scale):
    z, y = noisy_forecast(seed, scale)
    theirs = scipy.optimize.minimize_scalar(
        lambda beta: cross_entropy(z * beta, y),
        bounds=(0.01, 100),
        method="bounded",
        options={"xatol": 1e-9},
    )
    T = fit_temperature(z, y)
    assert cross_entropy(z / T, y) <= theirs.fun + 1e-12
    assert 1 / theirs.x == pytest.approx(T, rel=1e-3)


def test_the_slope_of_the_loss_is_zero_there():
    z, y = noisy_forecast(0, 3)
    beta = 1 / fit_temperature(z, y)
    slope = (cross_entropy(z * (beta + 1e-5), y) - cross_entropy(z * (beta - 1e-5), y)) / 2e-5
    assert abs(slope) < 1e-6


def test_scaling_the_logits_scales_the_temperature():
    z, y = noisy_forecast(1, 1)
    assert fit_temperature(5 * z, y) == pytest.approx(5 * fit_temperature(z, y), rel=1e-9)


def test_a_temperature_repairs_logits_ten_times_too_large():
    z, y = noisy_forecast(2, 1)
    loud = 10 * z
    assert cross_entropy(loud, y) > cross_entropy(z, y)
    assert cross_entropy(loud / fit_temperature(loud, y), y) <= cross_entropy(z, y)
    assert (loud.argmax(axis=1) == z.argmax(axis=1)).all()


def test_the_loss_is_convex_in_one_over_t_and_not_in_t():
    z, y = np.array([[3.0, 0, 0]]), [0]

    def bends(grid, losses):
        slopes = np.diff(losses) / np.diff(grid)
        return np.diff(slopes).min() >= -1e-12

    grid = np.linspace(0.05, 5, 200)
    assert bends(grid, [cross_entropy(z * beta, y) for beta in grid])
    assert not bends(grid, [cross_entropy(z / T, y) for T in grid])


@given(labelled_logits(bound=5.0), st.floats(0.1, 3))
def test_slope_and_curvature_in_1_over_t_are_mean_and_variance(problem, beta):
    z, y = problem
    probs = softmax(beta * z)
    mean = (probs * z).sum(axis=1)
    variance = (probs * (z - mean[:, None]) ** 2).sum(axis=1)
    h = 1e-3
    left, here, right = (cross_entropy(z * (beta + step), y) for step in (-h, 0, h))
    slope = (mean - z[np.arange(len(y)), y]).mean()
    # A central difference errs by h²/6 of the third derivative, a second one by h²/12 of the
    # fourth; for a variable in -5..5 those are at most 10³ and 2·10⁴.
    assert (right - left) / (2 * h) == pytest.approx(slope, abs=2e-4)
    assert (left - 2 * here + right) / h**2 == pytest.approx(variance.mean(), abs=2e-3)


def test_where_all_are_right_the_bound_is_reached_and_told():
    z, y = np.array([[3.0, 0], [0, 3.0]]), [0, 1]
    with pytest.warns(UserWarning, match=r"the temperature reached its bound, 0\.01"):
        assert fit_temperature(z, y) == pytest.approx(0.01)
    with pytest.warns(UserWarning, match=r"bound, 0\.25"):
        assert fit_temperature(z, y, max_temperature=4) == pytest.approx(0.25)


def test_forecasts_worse_than_guessing_reach_the_other_bound():
    with pytest.warns(UserWarning, match="the temperature reached its bound, 100"):
        assert fit_temperature([[3.0, 0], [0, 3.0]], [1, 0]) == pytest.approx(100)


def test_large_logits_do_not_overflow():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        T = fit_temperature(np.array([[4e4, 0.0]] * 4), [0, 0, 0, 1], max_temperature=1e6)
    assert pytest.approx(4e4 / math.log(3)) == T


@pytest.mark.parametrize(
    ("z", "y", "error", "message"),
    [
        (np.empty((0, 3)), [], ValueError, r"logits must be a finite matrix.*got shape \(0, 3\)"),
        ([[[1.0]]], [0], ValueError, r"logits must be a finite matrix.*got shape \(1, 1, 1\)"),
        ([1.0, 2.0], [0], ValueError, r"y must have shape \(2,\)"),
        ([1.0, np.inf], [0, 1], ValueError, "logits must be a finite .*vector.*with nan or inf"),
        ([[np.nan, 0]], [0], ValueError, "logits must be a finite matrix.*with nan or inf"),
        ([["a", "b"]], [0], TypeError, "logits must hold real numbers"),
        ([[1.0, 2.0]], [2], ValueError, r"y must lie in 0\.\.1.*got 2"),
        ([[1.0, 2.0]], [0, 1], ValueError, r"y must have shape \(1,\)"),
    ],
)
def test_what_sets_no_temperature_is_named(z, y, error, message):
    with pytest.raises(error, match=message):
        fit_temperature(z, y)


@pytest.mark.parametrize("bound", [1, 0.5, -3])
def test_the_bound_is_above_1(bound):
    with pytest.raises(ValueError, match="max_temperature must be above 1; got"):
        fit_temperature([[1.0, 2.0]], [0], max_temperature=bound)


def test_digits_split_at_random_leave_every_class_in_every_part():
    y = load_digits().y
    for part in split(y, random_state=0):
        assert confusion_matrix(y[part], y[part]).shape == (10, 10)


@pytest.mark.parametrize("measure", [accuracy, confusion_matrix])
def test_text_labels_are_not_compared_with_numbers(measure):
    with pytest.raises(ValueError, match="predictions must be text, like y; got numbers against"):
        measure(["0", "1"], [0, 1])


@pytest.mark.parametrize("measure", [accuracy, confusion_matrix])
@pytest.mark.parametrize(
    "labels", [[0, 1, 1], np.array([True, False, True]), np.array([0, 1, 1], np.uint8)]
)
@pytest.mark.parametrize("probs", [[0.2, 0.9, 0.4], [0.0, 0.9, 0.4], [0.7, 0.7, 0.7]])
def test_probabilities_are_no_labels(measure, labels, probs):
    message = (
        "must be labels, whole numbers .*; got 0.[279] at index [01]. Are these probabilities?"
    )
    with pytest.raises(ValueError, match=f"^predictions {message}"):
        measure(labels, probs)
    with pytest.raises(ValueError, match=f"^y {message}"):
        measure(probs, labels)


def test_labels_may_be_fractions():
    assert accuracy([0, 0.5, 1], [0.5, 0.5, 1]) == pytest.approx(2 / 3)  # points in chess
    assert accuracy([1, 0, 1], [1, 0.5, 1]) == pytest.approx(2 / 3)
    assert accuracy([0, 1], [0.0, 1.0]) == 1


def test_more_labels_than_memory_holds_are_named():
    many = np.arange(10**6) + 0.5
    with pytest.raises(ValueError, match="fits in memory; got 1000000$"):
        confusion_matrix(many, many)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: accuracy([[1], [1, 2]], [1, 2]), "y must be a flat list of labels; got a ragged"),
        (lambda: accuracy([1, 2], [[1], [1, 2]]), "predictions must be a flat list of labels"),
        (lambda: confusion_matrix([0, 1], [0, 1], classes=[[0, 1]]), "classes must have shape"),
        (
            lambda: confusion_matrix([0, 1], [0, 1], classes=[0, 1, 1]),
            "classes must name each label",
        ),
        (lambda: fit_temperature([[1.0, 0.0]], [0, 1]), "one label for each row of logits"),
        (lambda: reliability_curve([[1.0, 0.0]], [0, 1]), "one label for each row of probs"),
        (lambda: brier_score([[1.0, 0.0]], [[0]]), "one label for each row of probs"),
    ],
)
def test_labels_that_are_no_vector_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_shift_of_the_logits_changes_no_temperature():
    logits, y = np.array([[4.0, 0.0]] * 4), [0, 0, 0, 1]
    assert fit_temperature(logits + 1e15, y) == fit_temperature(logits, y)


def test_logits_at_the_edge_fit_a_temperature_unwarned():
    logits = [[1e308, -1e308], [1.0, 0.0]]
    with pytest.warns(UserWarning, match="the temperature reached its bound"):
        assert fit_temperature(logits, [0, 0]) == pytest.approx(0.01)


# What chapter 10 decides with probabilities


@given(vectors(2, 6, bound=20.0), st.data())
def test_prior_ratios_of_probs_are_added_logs_of_logits(z, data):
    ratio = data.draw(hnp.arrays(np.float64, len(z), elements=st.floats(0.01, 100)))
    reweighted = softmax(z) * ratio
    assert softmax(z + np.log(ratio)) == pytest.approx(reweighted / reweighted.sum(), rel=1e-12)


@given(vectors(2, 6, bound=10.0), st.floats(0.01, 0.9))
def test_asking_is_cheapest_below_1_minus_the_price_ratio(z, ask):
    probs = softmax(z)
    price = np.column_stack([1 - np.eye(len(z)), np.full(len(z), ask)])
    by_hand = [sum(p * c for p, c in zip(probs, column, strict=True)) for column in price.T]
    expected = probs @ price
    assert expected == pytest.approx(by_hand, rel=1e-12)
    if abs(probs.max() - (1 - ask)) > 1e-12:
        assert (expected.argmin() == len(z)) == (probs.max() < 1 - ask)


@pytest.mark.parametrize(("p", "alarm"), [(1 / 101 - 1e-9, False), (1 / 101 + 1e-9, True)])
def test_where_a_miss_costs_100_alarms_it_begins_at_1_in_101(p, alarm):
    price = np.array([[0, 1], [100, 0]])  # rows: harmless, harmful; columns: quiet, alarm
    assert (np.array([1 - p, p]) @ price).argmin() == alarm


@given(labelled_logits(bound=5.0), st.data())
def test_class_weights_are_a_population_with_other_shares(problem, data):
    z, y = problem
    n_classes = z.shape[1]
    copies = data.draw(hnp.arrays(np.int64, n_classes, elements=st.integers(1, 4)))
    rows = np.repeat(np.arange(len(y)), copies[y])
    weighted = cross_entropy(z, y, class_weight=copies.astype(float))
    assert weighted == pytest.approx(cross_entropy(z[rows], y[rows]), rel=1e-12, abs=1e-15)


# sample_weight

Z4 = np.random.default_rng(0).normal(size=(40, 3))
P4 = softmax(2 * Z4)
Y4 = (softmax(Z4).cumsum(axis=1) < np.random.default_rng(1).random((40, 1))).sum(axis=1)
COUNTS = np.random.default_rng(2).integers(0, 4, 40)
WEIGHING = {
    "accuracy": lambda P, y, **w: accuracy(y, P.argmax(axis=1), **w),
    "confusion_matrix": lambda P, y, **w: confusion_matrix(y, P.argmax(axis=1), [0, 1, 2], **w),
    "shares": lambda P, y, **w: confusion_matrix(
        y, P.argmax(axis=1), [0, 1, 2], normalize="all", **w
    ),
    "confidence": lambda P, y, **w: reliability_curve(P, y, n_bins=4, **w).confidence,
    "accuracy of bins": lambda P, y, **w: reliability_curve(P, y, n_bins=4, **w).accuracy,
    "count of bins": lambda P, y, **w: reliability_curve(P, y, n_bins=4, **w).count,
    "equal counts": lambda P, y, **w: (
        reliability_curve(P, y, n_bins=4, strategy="quantile", **w).count
    ),
    "expected_calibration_error": expected_calibration_error,
    "brier_score": brier_score,
    "fit_temperature": lambda P, y, **w: fit_temperature(np.log(P), y, **w),
    "brier_score of p": lambda P, y, **w: brier_score(P[:, 0], (y == 0).astype(int), **w),
}


COUNTING = [WEIGHING[name] for name in ("confusion_matrix", "count of bins", "equal counts")]


@pytest.mark.parametrize("measure", WEIGHING.values(), ids=WEIGHING)
@pytest.mark.parametrize("seed", range(5))
def test_a_whole_weight_is_that_many_copies(measure, seed):
    counts = np.random.default_rng(seed).integers(0, 4, 40)
    many = measure(np.repeat(P4, counts, axis=0), np.repeat(Y4, counts))
    for dtype in int, np.uint8, float, np.float32:
        weighted = measure(P4, Y4, sample_weight=counts.astype(dtype))
        np.testing.assert_allclose(weighted, many, rtol=1e-12)


@pytest.mark.parametrize("name", ["accuracy", "confusion_matrix", "count of bins", "equal counts"])
def test_counts_are_whole_and_the_same_to_the_bit(name):
    many = WEIGHING[name](np.repeat(P4, COUNTS, axis=0), np.repeat(Y4, COUNTS))
    weighted = WEIGHING[name](P4, Y4, sample_weight=COUNTS)
    np.testing.assert_array_equal(weighted, many)
    assert np.asarray(weighted).dtype == np.asarray(many).dtype


@pytest.mark.parametrize("measure", WEIGHING.values(), ids=WEIGHING)
def test_only_the_ratios_of_weights_count_but_in_counts(measure):
    weights = np.random.default_rng(3).random(40)
    plain = measure(P4, Y4, sample_weight=weights)
    for size in 1e-300, 2.0, 1e300:
        scaled = measure(P4, Y4, sample_weight=size * weights)
        if measure in COUNTING:
            scaled = scaled / size
        np.testing.assert_allclose(scaled, plain, rtol=1e-12)


@pytest.mark.parametrize(
    "measure", [reliability_curve, expected_calibration_error, brier_score, fit_temperature]
)
def test_a_weight_of_0_leaves_a_forecast_out_whatever_it_is(measure):
    rest, y = P4[:, :2] / P4[:, :2].sum(axis=1, keepdims=True), np.minimum(Y4, 1)
    for junk, forecasts in ([np.nan, 7.0], rest), (np.nan, rest[:, 1]):
        spoilt = np.concatenate([np.array([junk]), forecasts])
        weighted = measure(spoilt, [0, *y], sample_weight=[0] + [1] * 40)
        alone = measure(forecasts, y)
        if measure is reliability_curve:
            assert (weighted.accuracy == alone.accuracy).all()
        else:
            assert weighted == alone


@pytest.mark.parametrize("measure", WEIGHING.values(), ids=WEIGHING)
@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ([1.0], r"sample_weight must have shape \(40,\).*; got \(1,\)"),
        (np.r_[np.ones(39), -1], "sample_weight must be finite and not negative; got -1.0"),
        (np.r_[np.ones(39), np.nan], "sample_weight must be finite and not negative; got nan"),
    ],
)
def test_weights_that_are_none_are_named(measure, weight, message):
    with pytest.raises(ValueError, match=message):
        measure(P4, Y4, sample_weight=weight)


def test_no_weight_above_0_is_no_example():
    nothing = np.zeros(40)
    assert math.isnan(accuracy(Y4, Y4, sample_weight=nothing))
    assert math.isnan(brier_score(P4, Y4, sample_weight=nothing))
    assert math.isnan(expected_calibration_error(P4, Y4, sample_weight=nothing))
    assert reliability_curve(P4, Y4, sample_weight=nothing).count.shape == (0,)
    with pytest.raises(ValueError, match="sample_weight must be above 0 for at least one example"):
        fit_temperature(Z4, Y4, sample_weight=nothing)


@given(predictions(), st.data())
def test_scikit_learn_weighs_the_same(pair, data):
    weights = hnp.arrays(np.float64, len(pair[0]), elements=st.sampled_from([0.5, 1.0, 3.0]))
    w = data.draw(weights)
    theirs = sklearn.metrics.accuracy_score(*pair, sample_weight=w)
    assert accuracy(*pair, sample_weight=w) == pytest.approx(theirs, rel=1e-14)
    for normalize in None, "true", "pred", "all":
        with np.errstate(all="ignore"):
            theirs = sklearn.metrics.confusion_matrix(
                *pair, labels=range(5), sample_weight=w, normalize=normalize
            )
        ours = confusion_matrix(*pair, range(5), sample_weight=w, normalize=normalize)
        assert ours == pytest.approx(theirs, rel=1e-14)


# Shares, bins of equal count, two classes


def test_shares_of_rows_columns_and_the_whole():
    y, predictions = [0, 0, 0, 1], [0, 0, 1, 1]
    shares = {
        how: confusion_matrix(y, predictions, [0, 1, 2], normalize=how).tolist()
        for how in ("true", "pred", "all")
    }
    assert shares["true"] == [[2 / 3, 1 / 3, 0], [0, 1, 0], [0, 0, 0]]
    assert shares["pred"] == [[1, 0.5, 0], [0, 0.5, 0], [0, 0, 0]]
    assert shares["all"] == [[0.5, 0.25, 0], [0, 0.25, 0], [0, 0, 0]]
    assert confusion_matrix([], [], [0], normalize="all").tolist() == [[0]]


@pytest.mark.parametrize("how", ["rows", True, 1, ["true"]])
def test_an_unknown_share_is_refused(how):
    with pytest.raises(ValueError, match="normalize must be one of 'true', 'pred', 'all'; got"):
        confusion_matrix([0], [0], normalize=how)


@pytest.mark.parametrize(("m", "n_bins"), [(60, 6), (60, 7), (5, 5), (7, 3), (3, 10)])
def test_bins_of_equal_count_differ_by_one_at_most(m, n_bins):
    p = np.random.default_rng(0).uniform(0.5, 1, m)
    count = reliability_curve(p, np.ones(m, int), n_bins=n_bins, strategy="quantile").count
    assert count.sum() == m
    assert len(count) == min(m, n_bins)
    assert np.ptp(count) <= 1


def test_bins_of_equal_count_are_scikit_learns():
    rng = np.random.default_rng(0)
    p = rng.uniform(0.5, 1, 60)
    y = (rng.random(60) < p).astype(int)
    curve = reliability_curve(p, y, n_bins=6, strategy="quantile")
    theirs = sklearn.calibration.calibration_curve(y, p, n_bins=6, strategy="quantile")
    assert curve.accuracy == pytest.approx(theirs[0])
    assert curve.confidence == pytest.approx(theirs[1])
    assert expected_calibration_error(p, y, n_bins=6, strategy="quantile") == pytest.approx(
        np.abs(theirs[0] - theirs[1]).mean()
    )


def test_equal_confidences_share_a_bin_in_any_order():
    p = np.array([0.6, 0.9, 0.6, 0.9, 0.6, 0.7])
    y = np.array([1, 1, 0, 1, 1, 0])
    for order in np.random.default_rng(0).permuted(np.tile(np.arange(6), (10, 1)), axis=1):
        curve = reliability_curve(p[order], y[order], n_bins=3, strategy="quantile")
        assert curve.count.tolist() == [3, 1, 2]


@pytest.mark.parametrize("weight", [0.1, 0.7, 1 / 3, 1e-300, 1e300])
@pytest.mark.parametrize("n_bins", [3, 10, 15, 30])
def test_equal_weights_of_any_size_have_the_bins_of_ones(weight, n_bins):
    p = np.linspace(0.51, 0.99, 30)
    curves = [
        reliability_curve(
            p, (p > 0.7).astype(int), n_bins=n_bins, strategy="quantile", sample_weight=w
        )
        for w in (None, np.full(30, weight))
    ]
    np.testing.assert_allclose(*(curve.confidence for curve in curves), rtol=1e-12)


@pytest.mark.parametrize("strategy", ["equal", None, 1])
def test_an_unknown_strategy_is_refused(strategy):
    for measure in reliability_curve, expected_calibration_error:
        with pytest.raises(ValueError, match="strategy must be one of 'uniform', 'quantile'; got"):
            measure([0.5], [1], strategy=strategy)


def test_bins_may_be_more_than_memory_holds():
    curve = reliability_curve(P4, Y4, n_bins=2**53)
    assert curve.count.tolist() == [1] * 40
    with pytest.raises(ValueError, match=f"n_bins must be at most {2**53}; got {2**53 + 1}"):
        reliability_curve(P4, Y4, n_bins=2**53 + 1)


@given(
    st.integers(1, 20).flatmap(
        lambda m: st.tuples(
            hnp.arrays(np.float64, m, elements=st.floats(0, 1)),
            hnp.arrays(np.int64, m, elements=st.integers(0, 1)),
        )
    )
)
def test_a_vector_is_the_two_columns_1_minus_p_and_p(problem):
    p, y = problem
    columns = np.column_stack([1 - p, p])
    assert brier_score(p, y) == brier_score(columns, y)
    assert expected_calibration_error(p, y) == expected_calibration_error(columns, y)
    ours, theirs = reliability_curve(p, y), reliability_curve(columns, y)
    assert (ours.confidence == theirs.confidence).all()
    assert (ours.accuracy == theirs.accuracy).all()


def test_log_odds_are_the_two_columns_0_and_z():
    z = np.random.default_rng(0).normal(0, 4, 100)
    y = (np.random.default_rng(1).random(100) < 1 / (1 + np.exp(-z / 2))).astype(int)
    assert fit_temperature(z, y) == fit_temperature(np.column_stack([0 * z, z]), y)


def test_a_probability_of_1_that_rounding_raised_is_1():
    assert brier_score([1 + 1e-15, -1e-17], [1, 0]) == pytest.approx(0, abs=1e-28)


@pytest.mark.parametrize("measure", [reliability_curve, expected_calibration_error, brier_score])
def test_a_forecast_that_a_file_has_rounded_is_welcome(measure):
    rounded = np.round(P4, 4)
    exact = rounded / rounded.sum(axis=1, keepdims=True)
    ours, expected = measure(rounded, Y4), measure(exact, Y4)
    if measure is reliability_curve:
        ours, expected = ours.confidence, expected.confidence
    assert ours == pytest.approx(expected, rel=1e-14)
    assert brier_score([[1.0, -1e-17]], [0]) == 0


# The ends of the ranges


def test_a_confidence_next_to_1_has_its_interval():
    low, high = accuracy_interval(5, 10, confidence=np.nextafter(1, 0))
    assert 0 < low < 0.1
    assert high == pytest.approx(1 - low)
    with pytest.raises(statistics.StatisticsError):
        statistics.NormalDist().inv_cdf((1 + np.nextafter(1, 0)) / 2)


def test_more_examples_than_can_be_counted_are_named():
    with pytest.raises(ValueError, match="n_examples must be at most"):
        accuracy_interval(1, 10**400)


@pytest.mark.filterwarnings("ignore:the temperature reached its bound")
@pytest.mark.parametrize("size", [1e-300, 1e-5, 1.0, 1e5, 1e300])
def test_any_bound_is_taken_whatever_the_logits(size):
    with np.errstate(all="raise"):
        T = fit_temperature(
            size * np.array([[4.0, 0.0]] * 4), [0, 0, 0, 1], max_temperature=np.finfo(float).max
        )
    assert pytest.approx(size * 4 / math.log(3), rel=1e-9) == T


def test_an_edge_between_two_bins_belongs_to_the_upper_one():
    for n_bins in range(2, 101):
        edges = np.arange(n_bins // 2 + 1, n_bins) / n_bins
        inside = edges + 0.5 / n_bins
        together = np.repeat(2, len(edges))
        curve = reliability_curve(np.r_[edges, inside], np.ones(2 * len(edges), int), n_bins=n_bins)
        assert curve.count.tolist() == together.tolist()


@pytest.mark.parametrize("n", [*range(1, 40), 10**6, 2**53])
def test_the_interval_of_all_or_none_ends_at_1_or_0(n):
    assert accuracy_interval(n, n)[1] == 1
    assert accuracy_interval(0, n)[0] == 0


@pytest.mark.parametrize("bound", [100.0, 3.7, 1.1])
@pytest.mark.filterwarnings("ignore:the temperature reached its bound")
def test_a_temperature_at_its_bound_is_the_bound(bound):
    assert fit_temperature([[0.0, 0.0]], [0], max_temperature=bound) == bound
    assert fit_temperature([[1.0, 0.0]], [0], max_temperature=bound) == 1 / bound


@pytest.mark.parametrize("p", [1e-3, 1e-6, 0.3, 0.999])
def test_a_narrow_p_is_the_number_that_it_holds(p):
    p = np.array([p, 1 - p], np.float32)
    for measure in brier_score, expected_calibration_error:
        assert measure(p, [0, 1]) == measure(p.astype(np.float64), [0, 1])
