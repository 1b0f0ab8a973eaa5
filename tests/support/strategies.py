"""What Hypothesis draws in several test files, and the slow but plain answers to compare with."""

from functools import cache

import mpmath
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

mpmath.mp.dps = 200
FLOOR = 1e-150  # below this, 200 digits of logits near 100 leave the exact answers in doubt


def vectors(min_size=1, max_size=7, bound=100.0):
    """Logits of one example."""
    return hnp.arrays(np.float64, st.integers(min_size, max_size), elements=numbers(bound))


def matrices(min_classes=1, max_classes=6, bound=100.0):
    """Logits of a few examples, a row each."""
    shapes = st.tuples(st.integers(1, 5), st.integers(min_classes, max_classes))
    return hnp.arrays(np.float64, shapes, elements=numbers(bound))


def numbers(bound):
    return st.floats(-bound, bound, allow_subnormal=False)


@st.composite
def distributions(draw, min_size=1, max_size=7):
    """Non-negative numbers that sum to 1; some are exactly 0."""
    size = draw(st.integers(min_size, max_size))
    weights = draw(hnp.arrays(np.float64, size, elements=st.sampled_from([0, 0.1, 1, 2.5, 30])))
    weights[draw(st.integers(0, size - 1))] += 1
    return weights / weights.sum()


@st.composite
def labelled_logits(draw, min_classes=1, bound=100.0):
    """Logits and a label for each row."""
    logits = draw(matrices(min_classes, bound=bound))
    m, n_classes = logits.shape
    return logits, draw(hnp.arrays(np.int64, m, elements=st.integers(0, n_classes - 1)))


@st.composite
def soft_problems(draw, bound=30.0):
    """Logits, and targets that are not negative but need not sum to 1."""
    logits = draw(matrices(bound=bound))
    elements = st.sampled_from([0.0, 0.25, 1.0]) | st.floats(0, 3, allow_subnormal=False)
    return logits, draw(hnp.arrays(np.float64, logits.shape, elements=elements))


@st.composite
def cross_entropy_problems(draw, bound=30.0):
    """Logits, targets of either kind, and any mixture of options."""
    with_labels = draw(st.booleans())
    logits, targets = draw(labelled_logits(bound=bound) if with_labels else soft_problems(bound))
    return _with_options(draw, logits, targets, logits.shape[1], with_labels)


@st.composite
def layered_problems(draw, bound=30.0):
    """The same for logits of up to four axes, any of which is the class axis; it comes last."""
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=4, max_side=4))
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    n_classes = shape[axis]
    logits = draw(hnp.arrays(np.float64, shape, elements=numbers(bound)))
    with_labels = draw(st.booleans())
    if with_labels:
        labels = st.integers(0, n_classes - 1)
        targets = draw(hnp.arrays(np.int64, logits.take(0, axis).shape, elements=labels))
    else:
        amounts = st.sampled_from([0.0, 0.25, 1.0, 3.0])
        targets = draw(hnp.arrays(np.float64, shape, elements=amounts))
    return *_with_options(draw, logits, targets, n_classes, with_labels), axis


def _with_options(draw, logits, targets, n_classes, with_labels):
    options = {
        "reduction": draw(st.sampled_from(["none", "sum", "mean"])),
        "label_smoothing": draw(st.sampled_from([0.0, 0.1, 1.0])),
    }
    if draw(st.booleans()):
        weights = st.sampled_from([0.0, 0.5, 1.0, 3.0])
        options["class_weight"] = draw(hnp.arrays(np.float64, n_classes, elements=weights))
    if with_labels and draw(st.booleans()):
        options["ignore_index"] = draw(st.sampled_from([-100, 0, 99]))
        ignored = draw(hnp.arrays(np.bool_, targets.shape))
        targets = np.where(ignored, options["ignore_index"], targets)
    return logits, targets, options


@cache
def _exact_log_softmax(logits, temperature):
    z = [mpmath.mpf(value) / mpmath.mpf(temperature) for value in logits]
    total = mpmath.log(mpmath.fsum(mpmath.exp(value) for value in z))
    return tuple(value - total for value in z)


def exact_log_softmax(logits, temperature=1.0):
    """Log-probabilities of one example to 200 digits, by the formula as it stands."""
    return _exact_log_softmax(tuple(float(value) for value in logits), float(temperature))


def exact_softmax(logits, temperature=1.0):
    return [mpmath.exp(value) for value in exact_log_softmax(logits, temperature)]


def exact_logsumexp(logits):
    return mpmath.mpf(float(logits[0])) - exact_log_softmax(logits)[0]


def plain_cross_entropy(
    logits, targets, *, class_weight=None, ignore_index=None, label_smoothing=0.0, reduction="mean"
):
    """Cross-entropy read off its definition, one position and one class at a time."""
    n_classes = logits.shape[1]
    weight = [1.0] * n_classes if class_weight is None else list(class_weight)
    spread = label_smoothing / n_classes
    losses, divisor = [], 0.0
    for row, target in zip(logits, targets, strict=True):
        surprisal = [-value for value in exact_log_softmax(row)]
        if np.ndim(target):
            losses.append(
                mpmath.fsum(
                    weight[c] * ((1 - label_smoothing) * float(target[c]) + spread) * surprisal[c]
                    for c in range(n_classes)
                )
            )
            divisor += 1
        elif target == ignore_index:
            losses.append(mpmath.mpf(0))
        else:
            even = mpmath.fsum(weight[c] * surprisal[c] for c in range(n_classes))
            losses.append(
                (1 - label_smoothing) * weight[target] * surprisal[target] + spread * even
            )
            divisor += weight[target]
    if reduction == "none":
        return np.array([float(loss) for loss in losses])
    total = float(mpmath.fsum(losses))
    if reduction == "sum":
        return total
    return total / divisor if divisor else float("nan")
