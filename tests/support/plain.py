"""What the public functions must say, slowly: one position and one class at a time, to 60 digits.

A function returns its value, or raises `Refused` where ours must name an argument.
"""

import math
from itertools import product

import mpmath
import numpy as np

mpmath.mp.dps = max(mpmath.mp.dps, 60)
INF, NAN = mpmath.inf, mpmath.nan


class Refused(Exception):
    """The call is wrong."""


def number(value):
    return mpmath.mpf(float(value)) if np.isfinite(value) else mpmath.mpf(str(float(value)))


# One distribution


def has_softmax(row):
    return all(z == z and z != INF for z in row) and any(z != -INF for z in row)


def log_softmax(row, temperature=1.0):
    if not has_softmax(row):
        return [NAN] * len(row)
    peak, T = max(row), number(temperature)
    shifted = [(z - peak) / T for z in row]
    # The largest power is 1; left out, it takes no digits from the others.
    log_sum = mpmath.log1p(without([mpmath.exp(d) for d in shifted], row.index(peak)))
    return [d - log_sum for d in shifted]


def without(terms, k):
    """The sum of all terms but one."""
    return mpmath.fsum(terms[:k] + terms[k + 1 :])


def softmax(row, temperature=1.0):
    return [mpmath.exp(v) if v == v else v for v in log_softmax(row, temperature)]


def logsumexp(row):
    if any(z != z for z in row):
        return NAN
    peak = max(row, default=-INF)
    if abs(peak) == INF:
        return peak
    return peak + mpmath.log1p(without([mpmath.exp(z - peak) for z in row], row.index(peak)))


def hardmax(row):
    if any(z != z for z in row):
        return [NAN] * len(row)
    winner = row.index(max(row))
    return [mpmath.mpf(k == winner) for k in range(len(row))]


def sigmoid(z):
    if z != z:
        return z
    return 1 / (1 + mpmath.exp(-z)) if z > -INF else mpmath.mpf(0)


def jacobian(row):
    p = softmax(row)
    every = range(len(p))
    return [[p[i] * (without(p, i) if i == j else -p[j]) for j in every] for i in every]


# Distributions of an array: the class axes are taken out, the others are walked along


def rows(array, axes):
    """Index of each position, and the entries there in order."""
    others = [axis for axis in range(array.ndim) if axis not in axes]
    for position in product(*(range(array.shape[axis]) for axis in others)):
        index = [slice(None)] * array.ndim
        for axis, i in zip(others, position, strict=True):
            index[axis] = i
        yield position, tuple(index), [number(v) for v in array[tuple(index)].ravel()]


def along(function, array, axes, **options):
    """A list of class entries for each position, in an array of the same shape."""
    result = np.empty(array.shape, object)
    for _, index, row in rows(array, axes):
        values = np.empty(len(row), object)
        values[:] = function(row, **options)
        result[index] = values.reshape(np.shape(result[index]))
    return result


def each(function, array, axes):
    """One number for each position."""
    shape = tuple(size for axis, size in enumerate(array.shape) if axis not in axes)
    result = np.empty(shape, object)
    for position, _, row in rows(array, axes):
        result[position] = function(row)
    return result


# Losses


def times(weight, surprisal):
    """0 times infinity is 0 here, but 0 times nan is nan."""
    return mpmath.mpf(0) if weight == 0 and surprisal == INF else weight * surprisal


def error(log_p, amounts):
    """(Σ A) p - A for each class, where nothing cancels for a single class."""
    p = [mpmath.exp(v) if v == v else v for v in log_p]
    return [
        p[k] * without(amounts, k) - amounts[k] * (without(p, k) if len(p) > 1 else 0 * p[k])
        for k in range(len(p))
    ]


def losses_and_gradients(logits, targets, axis, options, from_log_probs=False):
    """Loss and gradient of each position, the divisor of the mean, and what may cancel.

    That is Σ A for each class of soft targets, of whose size p and A are; for a label it is 0.
    """
    n_classes = logits.shape[axis]
    weight = [mpmath.mpf(1)] * n_classes
    if options.get("class_weight") is not None:
        weight = [number(w) for w in options["class_weight"]]
    epsilon = number(options.get("label_smoothing", 0.0))
    sample_weight, ignored = options.get("sample_weight"), options.get("ignore_index")
    by_label = targets.shape != logits.shape
    positions = logits.shape[:axis] + logits.shape[axis + 1 :]
    losses, gradient = np.empty(positions, object), np.empty(logits.shape, object)
    cancelling = np.full(logits.shape, mpmath.mpf(0))
    divisor = mpmath.mpf(0)
    for position, index, row in rows(logits, (axis,)):
        s = mpmath.mpf(1) if sample_weight is None else number(sample_weight[position])
        if by_label:
            y = int(targets[position])
            hot = [mpmath.mpf(k == y) for k in range(n_classes)]
        else:
            hot = [number(value) for value in targets[index]]
        smooth = [(1 - epsilon) * h + epsilon / n_classes for h in hot]
        amounts = [w * h for w, h in zip(weight, smooth, strict=True)]
        if s == 0 or (by_label and y == ignored):
            losses[position], values = mpmath.mpf(0), [mpmath.mpf(0)] * n_classes
        else:
            log_p = row if from_log_probs else log_softmax(row)
            costs = [times(a, -v) for a, v in zip(amounts, log_p, strict=True)]
            if from_log_probs and by_label:  # which looks at no other class
                costs = [costs[y]]
            if epsilon or not by_label:
                cancelling[index] = s * mpmath.fsum(amounts)
            losses[position] = s * mpmath.fsum(costs)
            values = [s * v for v in error(log_p, amounts)]
            divisor += s * weight[y] if by_label else s
        values_array = np.empty(n_classes, object)
        values_array[:] = values
        gradient[index] = values_array
    return losses, gradient, divisor, cancelling


def reduced(losses, gradient, divisor, cancelling, reduction):
    if reduction == "none":
        return losses, gradient, cancelling
    total = mpmath.fsum(losses.ravel())
    if reduction == "sum":
        return total, gradient, cancelling
    if divisor == 0:
        return NAN, np.full(gradient.shape, mpmath.mpf(0)), cancelling
    return total / divisor, gradient / divisor, cancelling / divisor


# Probabilities


def repaired(row, tolerance=1e-3):
    """A row divided by its sum, or None where it is none of probabilities."""
    if any(not mpmath.isfinite(p) or p < mpmath.mpf("-1e-12") for p in row):
        return None
    row = [max(p, mpmath.mpf(0)) for p in row]
    total = mpmath.fsum(row)
    return [p / total for p in row] if abs(total - 1) <= tolerance else None


def entropy(p):
    return -mpmath.fsum(v * mpmath.log(v) for v in p if v > 0)


def kl_divergence(p, q):
    if any(a > 0 and b == 0 for a, b in zip(p, q, strict=True)):
        return INF
    return mpmath.fsum(
        a * (mpmath.log(a) - mpmath.log(b)) for a, b in zip(p, q, strict=True) if a > 0
    )


# Labels and forecasts


def kind_of(label):
    if isinstance(label, (str, bytes)):
        return type(label).__mro__[-2].__name__
    return "number"


def same_kind(*sets_of_labels):
    return len({kind_of(label) for labels in sets_of_labels for label in labels}) <= 1


def accuracy(y, predictions, weights):
    total = math.fsum(weights)
    right = [w for a, b, w in zip(y, predictions, weights, strict=True) if a == b]
    return math.fsum(right) / total if total else math.nan


def confusion(y, predictions, weights, classes):
    matrix = [[0] * len(classes) for _ in classes]
    for a, b, w in zip(y, predictions, weights, strict=True):
        matrix[classes.index(a)][classes.index(b)] += w
    return matrix


def shares(matrix, normalize):
    size = range(len(matrix))

    def total(j, k):
        if normalize == "true":
            return math.fsum(matrix[j])
        if normalize == "pred":
            return math.fsum(matrix[i][k] for i in size)
        return math.fsum(math.fsum(row) for row in matrix)

    return [[matrix[j][k] / total(j, k) if total(j, k) else 0.0 for k in size] for j in size]


def bins(confidence, weights, n_bins, strategy):
    """The number of the bin of each forecast."""
    if strategy == "uniform":
        return [min(int(c * n_bins), n_bins - 1) for c in confidence]
    total = math.fsum(weights)
    below = [
        math.fsum(w for c, w in zip(confidence, weights, strict=True) if c < mine)
        for mine in confidence
    ]
    return [int(b * n_bins / total) for b in below]


def curve(probs, y, weights, n_bins, strategy):
    """(confidence, accuracy, count) of each bin that holds something."""
    confidence = [max(p) for p in probs]
    right = [p.index(max(p)) == label for p, label in zip(probs, y, strict=True)]
    numbers = bins(confidence, weights, n_bins, strategy)
    result = []
    for b in sorted(set(numbers)):
        here = [i for i, number in enumerate(numbers) if number == b]
        count = math.fsum(weights[i] for i in here)
        result.append(
            (
                math.fsum(weights[i] * confidence[i] for i in here) / count,
                math.fsum(weights[i] * right[i] for i in here) / count,
                count,
            )
        )
    return result


def brier(probs, y, weights):
    scores = [
        math.fsum((p - (k == label)) ** 2 for k, p in enumerate(row))
        for row, label in zip(probs, y, strict=True)
    ]
    total = math.fsum(weights)
    if not total:
        return math.nan
    return math.fsum(w * s for w, s in zip(weights, scores, strict=True)) / total


def slope(logits, y, weights, beta):
    """Of the weighted loss by beta = 1/T."""
    total = []
    for row, label, w in zip(logits, y, weights, strict=True):
        peak = max(row)
        powers = [math.exp(beta * (z - peak)) for z in row]
        mean = math.fsum(p * (z - peak) for p, z in zip(powers, row, strict=True))
        total.append(w * (mean / math.fsum(powers) - (row[label] - peak)))
    return math.fsum(total)
