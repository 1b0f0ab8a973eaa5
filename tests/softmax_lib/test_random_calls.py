"""Random calls of the public functions: every value is that of a slow reference, or an argument
is named.

Dtypes, layouts, kinds of arrays and options are mixed at will, right and wrong ones. Every call is
made with `np.errstate(all="raise")`, as a user may have set it. 10,000 examples of each:
`pytest tests/softmax_lib/test_random_calls.py --hypothesis-profile explore`.
"""

import math
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import softmax_lib
from tests.support import plain
from tests.support.odd_arrays import (
    ALPHABETS,
    FAR,
    FLOATS,
    NEAR,
    ODD,
    WHOLE,
    an_axis,
    assert_close,
    axes_of,
    check,
    distributions,
    dressed,
    filled,
    floating,
    labels_of,
    logits,
    shapes,
    weights_of,
)

many = settings(
    max_examples=max(300, settings.default.max_examples),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def spread(array, axes, temperature=1.0):
    """Distance of each logit from the largest, in units of the temperature, where it counts."""

    def distances(row):
        finite = [z for z in row if mpmath.isfinite(z)]
        peak = max(finite, default=mpmath.mpf(0))
        T = plain.number(temperature)
        return [min(abs(z - peak) / T, mpmath.mpf(1500)) if mpmath.isfinite(z) else 0 for z in row]

    return plain.along(distances, array, axes)


def vector_like(array):
    return array.reshape(1) if array.ndim == 0 else array


# Activations


def a_place(draw, shape, dtype):
    """An array to write to; it may be of another dtype, or none at all."""
    how = draw(st.sampled_from(["none", "none", "none", "fits", "columns first", "wrong"]))
    if how == "none":
        return None
    if how == "wrong":
        return np.empty(shape, np.float64 if dtype != np.float64 else np.float32)
    return np.empty(shape, dtype, order="C" if how == "fits" else "F")


def along_axes(function, reference):
    def property_(data):
        draw = data.draw
        z = logits(draw, shapes(draw))
        given_ = dressed(draw, z)
        work = vector_like(z.astype(floating(given_)))
        options = {"axis": an_axis(draw, work.ndim, several=True)}
        T = draw(
            st.sampled_from([1.0, 1.0, 1, 0.5, 3.0, 1e-3, 1e6, 1e-320, 1e308, 0.0, -1.0, np.nan])
        )
        if T != 1.0 or draw(st.booleans()):
            options["temperature"] = T
        out = a_place(draw, z.shape, floating(given_))
        if out is not None:
            options["out"] = out

        def expected():
            axes = axes_of(options["axis"], work.ndim)
            if not T > 0 or any(work.shape[axis] == 0 for axis in axes):
                raise plain.Refused
            if out is not None and (out.shape, out.dtype) != (z.shape, floating(given_)):
                raise plain.Refused
            return plain.along(reference, work, axes, temperature=T), axes

        result = check(function, [given_], options, expected)
        if result is None:
            return
        answer, (value, axes) = result
        assert out is None or answer is out
        # As documented: a few units at temperature 1, more away from it.
        factor = np.full(z.shape, 8, object)
        if T != 1 and work.size:
            far = spread(work, axes, T).max(axis=axes, keepdims=True)
            factor = np.broadcast_to(8 + 4 * far, work.shape)
        floor = 0.0
        if function is softmax_lib.softmax and T != 1.0:
            floor = float(np.finfo(floating(given_)).smallest_normal)  # of a power that vanishes
        assert_close(
            answer, value.reshape(z.shape), floating(given_), factor.reshape(z.shape), floor
        )

    return property_


@many
@given(st.data())
def test_softmax(data):
    along_axes(softmax_lib.softmax, plain.softmax)(data)


@many
@given(st.data())
def test_log_softmax(data):
    along_axes(softmax_lib.log_softmax, plain.log_softmax)(data)


@many
@given(st.data(), st.booleans())
def test_logsumexp(data, keepdims):
    z = logits(data.draw, shapes(data.draw))
    given_ = dressed(data.draw, z)
    work = vector_like(z.astype(floating(given_)))
    axis = an_axis(data.draw, work.ndim, several=True)

    def expected():
        axes = axes_of(axis, work.ndim)
        return axes, plain.each(plain.logsumexp, work, axes)

    result = check(softmax_lib.logsumexp, [given_], {"axis": axis, "keepdims": keepdims}, expected)
    if result is None:
        return
    answer, (axes, value) = result
    largest = plain.each(
        lambda row: max(map(abs, filter(mpmath.isfinite, row)), default=0), work, axes
    )
    if keepdims and z.ndim:
        shape = [1 if k in axes else size for k, size in enumerate(work.shape)]
        value, largest = value.reshape(shape), largest.reshape(shape)
    elif z.ndim == 0:
        value, largest = value.reshape(()), largest.reshape(())
    assert_close(answer, value, floating(given_), 8, 8 * largest)


@many
@given(st.data())
def test_hardmax(data):
    z = logits(data.draw, shapes(data.draw))
    given_ = dressed(data.draw, z)
    work = vector_like(z.astype(floating(given_)))
    axis = an_axis(data.draw, work.ndim)

    def expected():
        axes = axes_of(axis, work.ndim)
        if work.shape[axes[0]] == 0:
            raise plain.Refused
        return plain.along(plain.hardmax, work, axes)

    result = check(softmax_lib.hardmax, [given_, axis], {}, expected)
    if result is not None:
        assert_close(result[0], result[1].reshape(z.shape), floating(given_), 0)


@many
@given(st.data())
def test_sigmoid(data):
    z = logits(data.draw, shapes(data.draw))
    given_ = dressed(data.draw, z)
    answer = check(softmax_lib.sigmoid, [given_], {}, lambda: None)[0]
    value = plain.along(lambda row: [plain.sigmoid(v) for v in row], vector_like(z), (0,))
    size = np.abs(np.nan_to_num(z.astype(np.float64), posinf=0, neginf=0)).clip(0, 1500)
    assert_close(answer, value.reshape(z.shape), floating(given_), 8 + 4 * size)


@many
@given(st.data())
def test_softmax_jacobian(data):
    z = logits(data.draw, shapes(data.draw))
    given_ = dressed(data.draw, z)
    work = vector_like(z.astype(floating(given_)))
    axis = an_axis(data.draw, work.ndim)

    def expected():
        (k,) = axes_of(axis, work.ndim)
        if work.shape[k] == 0:
            raise plain.Refused
        turned = np.moveaxis(work, k, -1)
        value = np.empty((*turned.shape, turned.shape[-1]), object)
        for position, _, row in plain.rows(turned, (turned.ndim - 1,)):
            matrix = np.empty((len(row), len(row)), object)
            for i, line in enumerate(plain.jacobian(row)):
                matrix[i, :] = line
            value[position] = matrix
        return value

    result = check(softmax_lib.softmax_jacobian, [given_, axis], {}, expected)
    if result is None:
        return
    answer, value = result
    tiny = 4 * float(np.finfo(np.float32 if floating(given_) != np.float64 else np.float64).tiny)
    assert_close(answer, value, floating(given_), 32, tiny / np.finfo(floating(given_)).eps)


# Losses


def loss_problem(draw, log_probs=False):
    """Arguments and options of a loss, what they mean, and whether they are right."""
    z = logits(draw, shapes(draw))
    if log_probs:
        z = -np.abs(z) if z.dtype.kind == "f" else np.zeros(z.shape, z.dtype)
        if z.size and draw(st.integers(0, 9)) == 0 and z.dtype.kind == "f":
            z.flat[0] = 0.3
    given_ = dressed(draw, z)
    work = vector_like(z.astype(floating(given_)))
    axis = an_axis(draw, work.ndim)
    options, meant, right = {"axis": axis}, {}, True
    if log_probs and (work > 0.1).any():
        right = False
    try:
        (k,) = axes_of(axis, work.ndim)
    except plain.Refused:
        return [given_, 0], options, None
    n_classes = work.shape[k]
    if n_classes == 0:
        return [given_, 0], options, None
    positions = work.shape[:k] + work.shape[k + 1 :]
    by_label = draw(st.booleans())
    if by_label:
        dtype = draw(st.sampled_from([np.int8, np.uint8, np.int64, np.uint64]))
        targets = filled(draw, positions, dtype, st.integers(0, n_classes - 1))
        if draw(st.booleans()):
            options["ignore_index"] = draw(st.sampled_from([0, 1, 99, -100]))
            if options["ignore_index"] != -100 or np.dtype(dtype).kind == "i":
                ignored = filled(draw, positions, bool, st.integers(0, 1))
                with np.errstate(all="ignore"):
                    targets = np.where(ignored, options["ignore_index"], targets).astype(
                        np.int64 if dtype is np.int8 else dtype
                    )
        elif draw(st.integers(0, 9)) == 0 and targets.size:
            targets.flat[0] = n_classes
            right = False
    elif draw(st.booleans()):
        choices = st.sampled_from([0.0, 0.25, 1.0, 3.0])
        targets = filled(draw, work.shape, draw(st.sampled_from(FLOATS)), choices)
    else:
        targets = filled(draw, work.shape, draw(st.sampled_from(WHOLE)), st.integers(0, 1))
        if draw(st.booleans()) and targets.size:
            labels = filled(draw, positions, int, st.integers(0, n_classes - 1))
            hot = np.expand_dims(labels, k) == np.arange(n_classes).reshape(
                -1, *[1] * (work.ndim - k - 1)
            )
            targets = hot.astype(targets.dtype)
        right = right and bool((targets.astype(int).sum(axis=k) == 1).all())
    meant["ignore_index"] = options.get("ignore_index")
    for name, shape in ("class_weight", (n_classes,)), ("sample_weight", positions):
        meant[name], passed, fits = weights_of(draw, shape)
        right = right and fits
        if passed is not None:
            options[name] = passed
    if not log_probs:
        smoothing = draw(st.sampled_from([0.0, 0.0, 0.1, 1.0, 1, 1.5]))
        options["label_smoothing"] = meant["label_smoothing"] = smoothing
        right = right and smoothing <= 1
    options["reduction"] = draw(st.sampled_from(["none", "sum", "mean", "mean", "median"]))
    right = right and options["reduction"] != "median"
    # A label in a frame or a list stays a label: the shape of either is that of the array.
    problem = (work, targets, k, meant) if right else None
    return [given_, dressed(draw, targets)], options, problem


def loss_reference(problem, reduction, **how):
    if problem is None:
        raise plain.Refused
    work, targets, k, meant = problem
    losses, *parts = plain.losses_and_gradients(work, targets, k, meant, **how)
    return losses, *plain.reduced(losses, *parts, reduction)


def assert_loss(answer, losses, loss, reduction, dtype):
    if reduction == "none":
        assert_close(answer, losses.reshape(np.shape(answer)), dtype, 64)
    elif loss == loss and any(v > float(np.finfo(dtype).max) for v in losses.ravel()):
        assert answer > 0  # the loss of one position is out of range, so the mean may be
    else:
        assert_close(answer, loss, dtype, 64)


@many
@given(st.data())
def test_cross_entropy(data):
    arguments, options, problem = loss_problem(data.draw)
    reduction = options.get("reduction", "mean")
    result = check(
        softmax_lib.cross_entropy, arguments, options, lambda: loss_reference(problem, reduction)
    )
    if result is not None:
        answer, (losses, loss, *_) = result
        assert_loss(answer, losses, loss, reduction, floating(arguments[0]))


@many
@given(st.data())
def test_cross_entropy_and_gradient(data):
    arguments, options, problem = loss_problem(data.draw)
    reduction = options.get("reduction", "mean")
    result = check(
        softmax_lib.cross_entropy_and_gradient,
        arguments,
        options,
        lambda: loss_reference(problem, reduction),
    )
    if result is None:
        return
    (answer, slopes), (losses, loss, gradient, cancelling) = result
    dtype, shape = floating(arguments[0]), np.shape(arguments[0])
    assert_loss(answer, losses, loss, reduction, dtype)
    assert_close(slopes, gradient.reshape(shape), dtype, 64, 16 * cancelling.reshape(shape))


@many
@given(st.data())
def test_negative_log_likelihood(data):
    arguments, options, problem = loss_problem(data.draw, log_probs=True)
    reduction = options.get("reduction", "mean")
    result = check(
        softmax_lib.negative_log_likelihood,
        arguments,
        options,
        lambda: loss_reference(problem, reduction, from_log_probs=True),
    )
    if result is not None:
        answer, (losses, loss, *_) = result
        assert_loss(answer, losses, loss, reduction, floating(arguments[0]))


def repaired(probs, axes):
    """Every slice repaired, or Refused."""
    if probs.ndim == 0 or any(probs.shape[axis] == 0 for axis in axes):
        raise plain.Refused
    tolerance = max(1e-3, 4 * float(np.finfo(probs.dtype).eps))
    slices = {
        position: plain.repaired(row, tolerance) for position, _, row in plain.rows(probs, axes)
    }
    if None in slices.values():
        raise plain.Refused
    return slices


@many
@given(st.data(), st.booleans(), st.booleans())
def test_entropy_and_kl_divergence(data, keepdims, two):
    shape = shapes(data.draw, min_dims=1)
    axis = an_axis(data.draw, len(shape), several=True)
    try:
        axes = axes_of(axis, len(shape))
    except plain.Refused:
        axes = None
    drawn = [distributions(data.draw, shape, axes or (0,)) for _ in range(1 + two)]
    passed = [dressed(data.draw, probs) for probs in drawn]
    meant = [probs.astype(floating(p)) for probs, p in zip(drawn, passed, strict=True)]

    def expected():
        if axes is None:
            raise plain.Refused
        # The tolerance is that of the dtype in which they come.
        slices = [repaired(probs, axes) for probs in meant]
        kept = [1 if k in axes else size for k, size in enumerate(shape)]
        value = np.empty([size for k, size in enumerate(shape) if k not in axes], object)
        for position in slices[0]:
            rows = [of_one[position] for of_one in slices]
            value[position] = plain.kl_divergence(*rows) if two else plain.entropy(*rows)
        return value.reshape(kept) if keepdims else value

    function = softmax_lib.kl_divergence if two else softmax_lib.entropy
    result = check(function, passed, {"axis": axis, "keepdims": keepdims}, expected)
    if result is not None:
        dtype = np.result_type(*map(floating, passed))
        assert_close(result[0], result[1], dtype, 64, 64)


@many
@given(st.data())
def test_one_hot(data):
    n_classes = data.draw(st.integers(0, 4))
    dtype = data.draw(st.sampled_from([*WHOLE, np.float64]))
    labels = filled(
        data.draw, shapes(data.draw), dtype, st.integers(0, 1 if dtype is np.bool_ else 4)
    )
    right = n_classes and (
        not labels.size or (np.dtype(dtype).kind in "iu" and (labels < n_classes).all())
    )

    def expected():
        if not right:
            raise plain.Refused
        return [[k == label for k in range(n_classes)] for label in labels.ravel().tolist()]

    given_ = dressed(data.draw, labels)
    result = check(softmax_lib.one_hot, [given_, n_classes], {}, expected)
    if result is not None:
        rows, hot = result
        assert rows.dtype == np.float64
        assert rows.tolist() == np.array(hot, float).reshape(*labels.shape, n_classes).tolist()


# Metrics


def two_vectors(draw):
    size = draw(st.integers(0, 8))
    alphabet = draw(st.sampled_from(sorted(ALPHABETS)))
    other = alphabet if draw(st.integers(0, 4)) else None
    y, passed_y = labels_of(draw, size, alphabet)
    if draw(st.integers(0, 9)) == 0:
        size += 1
    predictions, passed_predictions = labels_of(draw, size, other)
    return (y, predictions), [passed_y, passed_predictions]


def as_list(weights, size):
    return [1] * size if weights is None else np.ravel(weights).tolist()


@many
@given(st.data())
def test_accuracy(data):
    (y, predictions), passed = two_vectors(data.draw)
    weights, passed_weights, right = weights_of(data.draw, (len(y),))

    def expected():
        if not right or len(y) != len(predictions) or not plain.same_kind(y, predictions):
            raise plain.Refused
        return plain.accuracy(y, predictions, as_list(weights, len(y)))

    options = {} if passed_weights is None else {"sample_weight": passed_weights}
    result = check(softmax_lib.accuracy, passed, options, expected)
    if result is not None:
        assert type(result[0]) is float
        assert result[0] == pytest.approx(result[1], rel=1e-14, nan_ok=True)


@many
@given(st.data())
def test_confusion_matrix(data):
    (y, predictions), passed = two_vectors(data.draw)
    weights, passed_weights, right = weights_of(data.draw, (len(y),))
    options = {} if passed_weights is None else {"sample_weight": passed_weights}
    normalize = data.draw(st.sampled_from([None, None, "true", "pred", "all", "row"]))
    if normalize is not None:
        options["normalize"] = normalize
    classes = None
    if data.draw(st.booleans()):
        classes, options["classes"] = labels_of(data.draw, data.draw(st.integers(0, 5)))

    def expected():
        if not right or len(y) != len(predictions) or not plain.same_kind(y, predictions):
            raise plain.Refused
        order = sorted({*y, *predictions}) if classes is None else classes
        if (
            normalize == "row"
            or len(set(order)) < len(order)
            or not {*y, *predictions} <= set(order)
        ):
            raise plain.Refused
        matrix = plain.confusion(y, predictions, as_list(weights, len(y)), order)
        return matrix if normalize is None else plain.shares(matrix, normalize)

    result = check(softmax_lib.confusion_matrix, passed, options, expected)
    if result is None:
        return
    matrix, value = result
    whole = normalize is None and (
        passed_weights is None or np.asarray(passed_weights).dtype.kind in "iub"
    )
    assert matrix.dtype == (
        np.int64 if whole or (not len(y) and matrix.dtype == np.int64) else np.float64
    )
    assert matrix == pytest.approx(np.array(value, float).reshape(matrix.shape), rel=1e-14)


def forecast_problem(draw):
    """Probabilities (m, C) or (m,), labels and weights, as passed and as meant."""
    m = draw(st.integers(0, 6))
    binary = draw(st.booleans())
    right = True
    if binary:
        n_classes = 2
        dtype = draw(st.sampled_from(FLOATS))
        elements = st.floats(0, 1) | st.sampled_from([0.0, 1.0, 0.5])
        if draw(st.integers(0, 9)) == 0:
            elements = elements | st.sampled_from([-1e-13, 1.1, -0.1, np.nan])
        probs = filled(draw, (m,), dtype, elements)
    else:
        n_classes = draw(st.integers(1, 4))
        probs = distributions(draw, (m, n_classes), (1,))
    labels = filled(draw, (m,), draw(st.sampled_from(WHOLE[:4])), st.integers(0, n_classes - 1))
    if m and draw(st.integers(0, 9)) == 0:
        labels[0] = n_classes
        right = False
    weights, passed_weights, fits = weights_of(draw, (m,))
    passed = dressed(draw, probs)
    work = probs.astype(floating(passed))
    if binary and m:
        inside = (work >= -1e-12) & (work <= 1 + 1e-12)
        inside |= np.zeros(m, bool) if weights is None or not fits else np.asarray(weights == 0)
        right = right and bool(inside.all())
        work = work.astype(np.result_type(work, np.float64))
        with np.errstate(all="ignore"):
            work = np.stack([1 - work, work], axis=1)
    elif binary:
        work = np.empty((0, 2))
    options = {} if passed_weights is None else {"sample_weight": passed_weights}
    return [passed, dressed(draw, labels)], options, (work, labels, weights, right and fits)


def forecast(problem):
    work, labels, weights, right = problem
    if not right:
        raise plain.Refused
    counts = as_list(weights, len(labels))
    tolerance = max(1e-3, 4 * float(np.finfo(work.dtype).eps))
    probs, y, kept = [], [], []
    for row, label, count in zip(work, labels.tolist(), counts, strict=True):
        if count == 0:
            continue
        exact = plain.repaired([plain.number(p) for p in row], tolerance)
        if exact is None:
            raise plain.Refused
        probs.append([float(p) for p in exact])
        y.append(label)
        kept.append(count)
    return probs, y, kept


@many
@given(st.data())
def test_brier_score(data):
    arguments, options, problem = forecast_problem(data.draw)
    result = check(
        softmax_lib.brier_score, arguments, options, lambda: plain.brier(*forecast(problem))
    )
    if result is not None:
        assert result[0] == pytest.approx(result[1], rel=1e-13, abs=1e-30, nan_ok=True)


def on_an_edge(probs, y, weights, n_bins, strategy):
    """Whether the last digit decides: between two classes, or two bins."""
    for p in probs:
        ordered = sorted(p)
        if len(p) > 1 and 0 < ordered[-1] - ordered[-2] < 1e-12:
            return True
        if strategy == "uniform" and abs(ordered[-1] * n_bins - round(ordered[-1] * n_bins)) < 1e-9:
            return ordered[-1] != 1
    tops = sorted(max(p) for p in probs)
    close = any(0 < b - a < 1e-12 for a, b in pairwise(tops))
    return strategy == "quantile" and (close or any(w != int(w) for w in weights))


@many
@given(st.data())
def test_reliability_curve_and_its_error(data):
    arguments, options, problem = forecast_problem(data.draw)
    n_bins = options["n_bins"] = data.draw(st.sampled_from([1, 2, 3, 10, 10**6, 0]))
    strategy = options["strategy"] = data.draw(st.sampled_from(["uniform", "quantile", "other"]))

    def expected():
        if n_bins == 0 or strategy == "other":
            raise plain.Refused
        parts = forecast(problem)
        return plain.curve(*parts, n_bins, strategy), parts

    result = check(softmax_lib.reliability_curve, arguments, options, expected)
    error = check(softmax_lib.expected_calibration_error, arguments, options, expected)
    if result is None:
        return
    curve, (bins, parts) = result
    total = math.fsum(parts[2])
    assert curve.count.sum() == pytest.approx(total, rel=1e-14)
    if on_an_edge(*parts, n_bins, strategy):
        return
    columns = np.array(bins, float).reshape(-1, 3).T
    for ours, value in zip((curve.confidence, curve.accuracy, curve.count), columns, strict=True):
        assert ours == pytest.approx(value, rel=1e-13, abs=1e-13)
    gap = math.fsum(n * abs(a - c) for c, a, n in bins) / total if total else math.nan
    assert error[0] == pytest.approx(gap, rel=1e-12, abs=1e-13, nan_ok=True)


@many
@given(st.data())
@pytest.mark.filterwarnings("ignore:the temperature reached its bound")
def test_fit_temperature(data):
    draw = data.draw
    m, n_classes = draw(st.integers(0, 6)), draw(st.integers(1, 4))
    binary = draw(st.booleans())
    shape = (m,) if binary else (m, n_classes)
    elements = draw(st.sampled_from([NEAR, NEAR, FAR, NEAR | ODD]))
    z = filled(draw, shape, draw(st.sampled_from(FLOATS)), elements)
    given_ = dressed(draw, z)
    work = z.astype(np.float64)
    if binary:
        work, n_classes = np.stack([np.zeros(m), work], axis=1), 2
    y = filled(draw, (m,), np.int64, st.integers(0, n_classes - 1))
    weights, passed_weights, right = weights_of(draw, (m,))
    options = {} if passed_weights is None else {"sample_weight": passed_weights}
    bound = options["max_temperature"] = draw(st.sampled_from([100.0, 4, 1e300, 1.0]))

    def expected():
        counts = as_list(weights, m)
        if not right or bound <= 1 or not any(counts):
            raise plain.Refused
        rows = [row.tolist() for row, n in zip(work, counts, strict=True) if n]
        if not np.isfinite(rows).all():
            raise plain.Refused
        kept = [n for n in counts if n]
        return rows, [label for label, n in zip(y.tolist(), counts, strict=True) if n], kept

    result = check(softmax_lib.fit_temperature, [given_, dressed(draw, y)], options, expected)
    if result is None:
        return
    T, parts = result
    assert 1 / bound * (1 - 1e-12) <= T <= bound * (1 + 1e-12)
    if np.abs(parts[0]).max() > 1e4 or np.ptp(parts[0]) < 1e-3 or bound == 1e300:
        return  # where Python's own exp and sums say nothing exact
    sizes = [abs(z) for row in parts[0] for z in row]
    slack = 1e-9 * math.fsum(sizes) * max(parts[2])
    cooler, warmer = (
        plain.slope(*parts, beta) for beta in (1 / (T * (1 - 1e-6)), 1 / (T * (1 + 1e-6)))
    )
    assert cooler >= -slack or 1 / bound * (1 + 1e-9) >= T
    assert warmer <= slack or bound * (1 - 1e-9) <= T


@many
@given(st.data())
def test_accuracy_interval(data):
    n = data.draw(st.integers(-1, 10) | st.sampled_from([2**53, 2**53 + 1, 10**400]))
    k = data.draw(st.integers(-1, 11) | st.just(max(n, 0)))
    confidence = data.draw(
        st.floats(0, 1) | st.sampled_from([0, 1, 0.95, np.nextafter(1, 0), 5e-324, np.nan])
    )

    def expected():
        if not (1 <= n <= 2**53 and 0 <= k <= n and 0 < confidence < 1):
            raise plain.Refused

    options = {"confidence": confidence}
    result = check(softmax_lib.accuracy_interval, [k, n], options, expected)
    if result is not None:
        low, high = result[0]
        assert -1e-15 <= low <= k / n + 1e-15
        assert k / n - 1e-15 <= high <= 1
