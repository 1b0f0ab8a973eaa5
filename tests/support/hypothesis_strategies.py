"""What Hypothesis draws in several test files."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


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
        soft_targets = st.sampled_from([0.0, 0.25, 1.0, 3.0])
        targets = draw(hnp.arrays(np.float64, shape, elements=soft_targets))
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
