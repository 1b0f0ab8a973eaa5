"""How good is a classifier: its decisions, and whether its probabilities deserve the name."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core.labels import as_class_labels, as_labels, in_one_dtype, look_up
from ._core.validate import (
    as_choice,
    as_count,
    as_floating,
    as_index,
    as_label_indices,
    as_number,
    as_probabilities,
    as_real,
    as_sample_weight,
    in_proportion,
)
from .activations import log_softmax


def accuracy(
    y: ArrayLike, predictions: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    r"""Share of predictions that are right.

    .. math:: \frac{1}{m} \sum_i [\hat y_i = y_i]

    Parameters
    ----------
    y : array_like, shape (m,)
        True labels, numbers or strings.
    predictions : array_like, shape (m,)
        Predicted labels. Text is compared with text and numbers with numbers.
    sample_weight : array_like, shape (m,), optional
        How much each example counts; a whole number is that many copies of it.

    Returns
    -------
    float
        Between 0 and 1; nan for no examples, or where no weight is above 0.

    Raises
    ------
    TypeError
        If labels are of more kinds than one, or of another kind than numbers and strings.
    ValueError
        If the two are not vectors of one length, text meets numbers, or fractions such as
        probabilities meet whole numbers. One-hot rows are refused: over their entries a miss among
        ten classes would still score 0.8.

    See Also
    --------
    accuracy_interval : how far chance alone can move it.
    confusion_matrix : which classes are taken for which.

    References
    ----------
    .. [1] T. Hastie, R. Tibshirani and J. Friedman, "The Elements of Statistical Learning",
       Springer, 2009, §7.2.

    Examples
    --------
    A column of labels compared with a vector gives a matrix, and a wrong mean; here it is
    refused:

    >>> import numpy as np
    >>> y, predictions = np.array([0, 1, 2]), np.array([[0], [1], [2]])
    >>> print(round(float((y == predictions).mean()), 4))
    0.3333
    >>> accuracy(y, predictions)
    Traceback (most recent call last):
        ...
    ValueError: predictions must have shape (3,), one label for each row of y; got (3, 1)
    >>> accuracy(y, predictions[:, 0])
    1.0
    """
    y, predictions = _as_pair(y, predictions)
    return _mean(y == predictions, as_sample_weight(sample_weight, y.shape))


def accuracy_interval(
    n_right: int, n_examples: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    r"""Range in which the true accuracy plausibly lies: Wilson's interval.

    .. math:: \frac{\hat p + \frac{z^2}{2m} \pm z
              \sqrt{\frac{\hat p (1 - \hat p)}{m} + \frac{z^2}{4 m^2}}}{1 + \frac{z^2}{m}}

    Parameters
    ----------
    n_right : int
        Right predictions, 0..n_examples.
    n_examples : int
        Independent test examples m; from 1 to 2**53.
    confidence : float, default 0.95
        Between 0 and 1, both excluded.

    Returns
    -------
    low, high : float
        Within 0..1.

    Raises
    ------
    ValueError
        If a number is out of its range.

    See Also
    --------
    accuracy : the estimate itself.

    Notes
    -----
    The interval is about the examples, drawn independently; it knows nothing of a test set that
    comes from other writers than the next one will.

    References
    ----------
    .. [1] E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
       Journal of the American Statistical Association, 1927.

    Examples
    --------
    With all of 20 right, the usual p ± 1.96 √(p(1−p)/m) claims certainty; this does not:

    >>> low, high = accuracy_interval(20, 20)
    >>> print(f"{low:.3f} to {high:.3f}")
    0.839 to 1.000
    """
    import statistics  # brings fractions and decimal, so not before it is needed

    n_examples = as_count(n_examples, "n_examples", high=2**53)
    n_right = as_index(n_right, "n_right")
    if not 0 <= n_right <= n_examples:
        raise ValueError(f"n_right must lie in 0..{n_examples}; got {n_right}")
    confidence = as_number(confidence, "confidence", low=0, high=1)
    if confidence in (0, 1):
        raise ValueError(f"confidence must be between 0 and 1, both excluded; got {confidence}")
    # The lower tail: for a confidence next to 1, the upper one would round to 1.
    z = -statistics.NormalDist().inv_cdf((1 - confidence) / 2)
    p, spread = n_right / n_examples, z**2 / n_examples
    centre = (p + spread / 2) / (1 + spread)
    half = np.sqrt(p * (1 - p) * spread + spread**2 / 4) / (1 + spread)
    high = centre + half if n_right < n_examples else 1.0
    return float(max(0.0, centre - half)), float(min(1.0, high))


def confusion_matrix(
    y: ArrayLike,
    predictions: ArrayLike,
    classes: ArrayLike | None = None,
    *,
    normalize: str | None = None,
    sample_weight: ArrayLike | None = None,
) -> NDArray[Any]:
    r"""Count which class is taken for which.

    .. math:: M_{jk} = \#\{ i : y_i = j, \ \hat y_i = k \}

    Parameters
    ----------
    y : array_like, shape (m,)
        True labels: the rows.
    predictions : array_like, shape (m,)
        Predicted labels: the columns.
    classes : array_like, shape (C,), optional
        Which labels the rows and columns stand for, in their order; by default all that occur,
        sorted.
    normalize : {"true", "pred", "all"}, optional
        Give shares of each row, of each column or of the whole; an empty one is 0.
    sample_weight : array_like, shape (m,), optional
        How much each example counts; a whole number is that many copies of it.

    Returns
    -------
    ndarray of int, shape (C, C)
        The diagonal counts what is right; the sum is m. With `normalize`, or with weights that
        are not of an integer dtype, the matrix is of float64.

    Raises
    ------
    TypeError
        If labels are of more kinds than one, or of another kind than numbers and strings.
    ValueError
        If the two are not vectors of one length, text meets numbers, fractions such as
        probabilities meet whole numbers, a label is not in `classes`, there are more labels than
        the memory can hold, or an option is out of its range.

    See Also
    --------
    accuracy : the diagonal's share of the sum.

    References
    ----------
    .. [1] T. Hastie, R. Tibshirani and J. Friedman, "The Elements of Statistical Learning",
       Springer, 2009, §4.3.

    Examples
    --------
    A class that does not occur in a small test set keeps its row when `classes` names it:

    >>> confusion_matrix([0, 0, 2], [0, 2, 2], classes=[0, 1, 2])
    array([[1, 0, 1],
           [0, 0, 0],
           [0, 0, 1]])

    Shares of a class that does not occur would be 0 / 0; here they are 0:

    >>> confusion_matrix([0, 0, 2], [0, 2, 2], classes=[0, 1, 2], normalize="true")
    array([[0.5, 0. , 0.5],
           [0. , 0. , 0. ],
           [0. , 0. , 1. ]])
    """
    y, predictions = _as_pair(y, predictions)
    weights = _as_counts(sample_weight, y.shape)
    if normalize is not None:
        as_choice(normalize, "normalize", ("true", "pred", "all"))
    if classes is None:
        classes = np.union1d(y, predictions)
    else:
        classes = as_labels(classes, "classes")
        if len(np.unique(classes)) < len(classes):
            raise ValueError(f"classes must name each label once; got {classes.tolist()}")
    rows = _class_indices(y, classes, "y")
    columns = _class_indices(predictions, classes, "predictions")
    try:
        matrix = np.zeros((len(classes), len(classes)), weights.dtype)
    except (ValueError, MemoryError) as error:
        raise ValueError(
            f"y and predictions must hold so few labels that the matrix fits in memory; "
            f"got {len(classes)}"
        ) from error
    np.add.at(matrix, (rows, columns), weights)
    return matrix if normalize is None else _shares(matrix, normalize)


@dataclass(frozen=True, eq=False)
class ReliabilityCurve:
    """Confidence against accuracy, bin by bin; empty bins are left out.

    Attributes
    ----------
    confidence : ndarray, shape (bins,)
        Mean probability of the predicted class in each bin.
    accuracy : ndarray, shape (bins,)
        Share of right predictions in each bin.
    count : ndarray of int, shape (bins,)
        Examples in each bin; with weights that are not of an integer dtype, the sum of them.
    """

    confidence: NDArray[np.floating]
    accuracy: NDArray[np.floating]
    count: NDArray[Any]


def reliability_curve(
    probs: ArrayLike,
    y: ArrayLike,
    *,
    n_bins: int = 10,
    strategy: str = "uniform",
    sample_weight: ArrayLike | None = None,
) -> ReliabilityCurve:
    r"""Compare how sure a classifier is with how often it is right.

    .. math:: \begin{aligned}
              \text{conf}_b &= \frac{1}{|b|} \sum_{i \in b} \max_k \hat y_{ik} \\
              \text{acc}_b &= \frac{1}{|b|} \sum_{i \in b} [\arg\max_k \hat y_{ik} = y_i]
              \end{aligned}

    Parameters
    ----------
    probs : array_like, shape (m, C) or (m,)
        Predicted probabilities; rows sum to 1. A vector p holds those of class 1 of two, and
        stands for the columns ``[1 - p, p]``.
    y : array_like of int, shape (m,)
        Labels 0..C-1.
    n_bins : int, default 10
        How many bins there are between 0 and 1.
    strategy : {"uniform", "quantile"}, default "uniform"
        Bins of equal width, or of equal count; equal confidences share a bin. An edge between
        two bins belongs to the upper one.
    sample_weight : array_like, shape (m,), optional
        How much each example counts; a whole number is that many copies of it, and 0 leaves it
        out.

    Returns
    -------
    ReliabilityCurve
        Calibrated probabilities put every bin on the diagonal, but for chance.

    Raises
    ------
    TypeError
        If `probs` are not real, or labels are not of an integer dtype.
    ValueError
        If rows do not sum to 1 within 1e-3, a probability is not between 0 and 1, labels do not
        fit, or an option is out of its range.

    See Also
    --------
    expected_calibration_error : the curve in one number.
    fit_temperature : the simplest cure.

    Notes
    -----
    A bin with few examples strays from the diagonal by chance: look at the counts. Probabilities
    that a file or float32 has rounded are repaired: a row is divided by its sum, and an entry from
    -1e-12 to 0 counts as 0.

    References
    ----------
    .. [1] C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On Calibration of Modern Neural
       Networks", ICML 2017.

    Examples
    --------
    Four forecasts of 0.9, of which three come true:

    >>> curve = reliability_curve([[0.9, 0.1]] * 4, [0, 0, 0, 1])
    >>> curve.confidence, curve.accuracy, curve.count
    (array([0.9]), array([0.75]), array([4]))

    Where all forecasts are confident, bins of equal width put them together; these do not:

    >>> reliability_curve([0.91, 0.93, 0.97, 0.99], [1, 0, 1, 1]).accuracy
    array([0.75])
    >>> reliability_curve(
    ...     [0.91, 0.93, 0.97, 0.99], [1, 0, 1, 1], n_bins=2, strategy="quantile"
    ... ).accuracy
    array([0.5, 1. ])
    """
    forecast, y, weights = _as_forecast(probs, y, sample_weight)
    n_bins = as_count(n_bins, "n_bins", high=2**53)
    as_choice(strategy, "strategy", ("uniform", "quantile"))
    confidence, right = forecast.max(axis=1), forecast.argmax(axis=1) == y
    in_bin = _bins_of_equal_width if strategy == "uniform" else _bins_of_equal_count
    _, bins = np.unique(in_bin(confidence, weights, n_bins), return_inverse=True)
    shares = in_proportion(weights.astype(np.float64))
    totals = np.bincount(bins, shares)
    count = np.zeros(len(totals), weights.dtype)
    np.add.at(count, bins, weights)
    return ReliabilityCurve(
        np.bincount(bins, confidence * shares) / totals,
        np.bincount(bins, right * shares) / totals,
        count,
    )


def expected_calibration_error(
    probs: ArrayLike,
    y: ArrayLike,
    *,
    n_bins: int = 10,
    strategy: str = "uniform",
    sample_weight: ArrayLike | None = None,
) -> float:
    r"""Average distance between confidence and accuracy.

    .. math:: \text{ECE} = \sum_b \frac{|b|}{m} \, |\text{acc}_b - \text{conf}_b|

    Parameters
    ----------
    probs : array_like, shape (m, C) or (m,)
        Predicted probabilities; rows sum to 1. A vector p holds those of class 1 of two, and
        stands for the columns ``[1 - p, p]``.
    y : array_like of int, shape (m,)
        Labels 0..C-1.
    n_bins : int, default 10
        How many bins there are between 0 and 1.
    strategy : {"uniform", "quantile"}, default "uniform"
        Bins of equal width, or of equal count; equal confidences share a bin.
    sample_weight : array_like, shape (m,), optional
        How much each example counts; a whole number is that many copies of it, and 0 leaves it
        out.

    Returns
    -------
    float
        Between 0 and 1; nan for no examples.

    Raises
    ------
    TypeError
        If `probs` are not real, or labels are not of an integer dtype.
    ValueError
        If rows do not sum to 1 within 1e-3, a probability is not between 0 and 1, labels do not
        fit, or an option is out of its range.

    See Also
    --------
    reliability_curve : the bins one by one.
    brier_score : judges the whole forecast, not its largest entry alone.

    Notes
    -----
    Not 0 even for perfect forecasts: chance moves every bin. Compare with the value that
    labels drawn from the forecasts themselves give.

    References
    ----------
    .. [1] C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On Calibration of Modern Neural
       Networks", ICML 2017.

    Examples
    --------
    Right three times in four at confidence 0.9; accuracy alone does not show it:

    >>> print(round(expected_calibration_error([[0.9, 0.1]] * 4, [0, 0, 0, 1]), 4))
    0.15
    """
    curve = reliability_curve(
        probs, y, n_bins=n_bins, strategy=strategy, sample_weight=sample_weight
    )
    gaps = np.abs(curve.accuracy - curve.confidence)
    return _mean(gaps, curve.count.astype(np.float64))


def brier_score(probs: ArrayLike, y: ArrayLike, *, sample_weight: ArrayLike | None = None) -> float:
    r"""Mean squared distance between the forecast and what happened.

    .. math:: \text{Brier} = \frac{1}{m} \sum_i \sum_k (\hat y_{ik} - Y_{ik})^2

    The rows of Y are the labels, one-hot.

    Parameters
    ----------
    probs : array_like, shape (m, C) or (m,)
        Predicted probabilities; rows sum to 1. A vector p holds those of class 1 of two, and
        stands for the columns ``[1 - p, p]``.
    y : array_like of int, shape (m,)
        Labels 0..C-1.
    sample_weight : array_like, shape (m,), optional
        How much each example counts; a whole number is that many copies of it, and 0 leaves it
        out.

    Returns
    -------
    float
        Between 0 (certain and right) and 2 (certain and wrong); 1 - 1/C for the same
        probability on every class; nan for no examples.

    Raises
    ------
    TypeError
        If `probs` are not real, or labels are not of an integer dtype.
    ValueError
        If rows do not sum to 1 within 1e-3, a probability is not between 0 and 1, labels do not
        fit, or an option is out of its range.

    See Also
    --------
    negative_log_likelihood : proper too, and without a bound.
    expected_calibration_error : judges the confidence alone.

    Notes
    -----
    Proper: on average no forecast scores lower than the true probabilities. With two classes it
    is twice the mean of (p - y)², which other libraries report for class 1 alone. A sum of
    squares of exact or once-rounded differences, in float64: the relative error is a few ulp. Of a
    vector p, the 1 - p is rounded first.
    Probabilities that a file or float32 has rounded are repaired: a row is divided by its sum, and
    an entry from -1e-12 to 0 counts as 0.

    References
    ----------
    .. [1] G. W. Brier, "Verification of Forecasts Expressed in Terms of Probability", Monthly
       Weather Review 78, 1950.

    Examples
    --------
    A certain forecast that fails costs 2 here, where the log loss is infinite:

    >>> brier_score([[1.0, 0.0]], [1])
    2.0

    Labels subtracted as they are would broadcast along the wrong axis, without complaint:

    >>> import numpy as np
    >>> probs, y = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0, 0])
    >>> print(((probs - y) ** 2).sum(axis=1).mean(), brier_score(probs, y))
    1.0 0.0
    """
    forecast, y, weights = _as_forecast(probs, y, sample_weight)
    errors = forecast.copy()
    errors[np.arange(len(y)), y] -= 1
    with np.errstate(under="ignore"):
        return _mean((errors**2).sum(axis=1), weights.astype(np.float64))


def fit_temperature(
    logits: ArrayLike,
    y: ArrayLike,
    *,
    max_temperature: float = 100.0,
    sample_weight: ArrayLike | None = None,
) -> float:
    r"""Find the temperature that makes held-out data least surprising.

    .. math:: \min_T \; -\frac{1}{m} \sum_i \ln \operatorname{softmax}(z_i / T)_{y_i}

    Parameters
    ----------
    logits : array_like, shape (m, C) or (m,)
        Scores of examples the model was *not* trained on; finite. A vector z holds the log-odds of
        class 1 of two, and stands for the columns ``[0, z]``.
    y : array_like of int, shape (m,)
        Labels 0..C-1.
    max_temperature : float, default 100.0
        T is kept between 1/max_temperature and this.
    sample_weight : array_like, shape (m,), optional
        How much each example counts; a whole number is that many copies of it, and 0 leaves it
        out.

    Returns
    -------
    float
        The temperature T for `softmax`.

    Raises
    ------
    TypeError
        If `logits` are not real, or labels are not of an integer dtype.
    ValueError
        If the data are empty or not finite, no weight is above 0, labels do not fit, or
        `max_temperature` is not above 1.

    Warns
    -----
    UserWarning
        If the bound is reached. Where every example is right there is no optimum: the loss
        falls for ever as T goes to 0.

    See Also
    --------
    softmax : takes the temperature.
    reliability_curve : look before and after.

    Notes
    -----
    The loss is convex in β, though not in T, so the sign of its slope leads to the optimum by
    bisection. The predicted classes stay the same.

    References
    ----------
    .. [1] C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On Calibration of Modern Neural
       Networks", ICML 2017.

    Examples
    --------
    Sure to e⁴ : 1, but right only three times in four, which odds of 3 : 1 would express:

    >>> import numpy as np
    >>> T = fit_temperature([[4.0, 0.0]] * 4, [0, 0, 0, 1])
    >>> print(round(T, 4), round(4 / np.log(3), 4))
    3.641 3.641
    """
    scores, labels, weights = _as_scores(logits, y, sample_weight)
    hottest = as_number(max_temperature, "max_temperature")
    if hottest <= 1:
        raise ValueError(f"max_temperature must be above 1; got {hottest}")
    # A shift changes no probability; without the large common part the slope keeps its digits.
    # Scores and temperature are scaled by one power of 2, so that no difference or sum overflows.
    exponent = -4 - len(scores).bit_length()
    with np.errstate(under="ignore"):
        scores = np.ldexp(scores, exponent)
        scores -= scores.max(axis=1, keepdims=True)
    truth = scores[np.arange(len(labels)), labels]

    @np.errstate(under="ignore")
    def slope(log_beta: float) -> float:
        temperature = float(np.ldexp(np.exp(-log_beta), exponent))
        probs = np.exp(log_softmax(scores, temperature=temperature))
        return _mean((probs * scores).sum(axis=1) - truth, weights)

    # At the end of their range, temperatures underflow or overflow.
    high = min(float(np.log(hottest)), 700.0)
    low = -high
    if slope(low) >= 0 or slope(high) <= 0:
        bound = hottest if slope(low) >= 0 else 1 / hottest
        warnings.warn(
            f"the temperature reached its bound, {bound:.4g}: these data set no optimum within it",
            UserWarning,
            stacklevel=2,
        )
        return bound
    while high - low > 1e-14:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return float(np.exp(-(low + high) / 2))


def _as_pair(y: ArrayLike, predictions: ArrayLike) -> tuple[NDArray, NDArray]:
    y = as_labels(y)
    predictions = as_class_labels(predictions, len(y), "predictions", rows_of="y")
    _check_whole(predictions, y, "predictions", "y")
    _check_whole(y, predictions, "y", "predictions")
    predictions, y = in_one_dtype(predictions, y, "predictions", "y")
    return y, predictions


def _check_whole(labels: NDArray[Any], others: NDArray[Any], name: str, others_name: str) -> None:
    """Refuse probabilities in the place of labels: each would count as wrong, without a word."""
    if labels.dtype.kind != "f" or others.dtype.kind not in "biu":
        return
    broken = labels != np.trunc(labels)
    # One fraction among whole numbers may be a class of its own, as half a point in chess.
    if len(labels) and (broken.all() or len(np.unique(labels[broken])) > 1):
        raise ValueError(
            f"{name} must be labels, whole numbers like those of {others_name}; got "
            f"{labels[broken][0]} at index {int(broken.argmax())}. Are these probabilities?"
        )


def _class_indices(labels: NDArray[Any], classes: NDArray[Any], name: str) -> NDArray[np.intp]:
    indices = look_up(labels, classes, name)
    unknown = labels[indices < 0]
    if len(unknown):
        raise ValueError(f"classes must hold every label that occurs; got none for {unknown[0]!s}")
    return indices


def _as_forecast(
    probs: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None
) -> tuple[NDArray[np.floating], NDArray[np.intp], NDArray[Any]]:
    """Probabilities (m, C), labels and weights of the examples that count."""
    given = as_floating(probs, "probs")
    if given.ndim not in (1, 2):
        raise ValueError(f"probs must have shape (m, C) or (m,); got {given.shape}")
    counts = _as_counts(sample_weight, given.shape[:1])
    given = _without_left_out(given, counts, 1 / max(1, given.shape[-1]))
    if given.ndim == 1:
        given = _both_columns(given)
    with np.errstate(under="ignore"):  # longdouble holds what is 0 in float64
        probs = as_probabilities(given, -1, "probs").astype(np.float64, copy=False)
    labels = as_class_labels(y, len(probs), rows_of="probs")
    labels = as_label_indices(labels, probs.shape[1], "y")
    if counts.all():
        return probs, labels, counts
    return probs[counts > 0], labels[counts > 0], counts[counts > 0]


def _both_columns(p: NDArray[np.floating]) -> NDArray[np.floating]:
    """The probabilities of two classes, from those of class 1."""
    p = p.astype(np.result_type(p, np.float64), copy=False)  # so 1 - p keeps what p holds
    outside = ~((p >= -1e-12) & (p <= 1 + 1e-12))
    if outside.any():
        index = int(outside.argmax())
        raise ValueError(
            f"probs of shape (m,) must lie between 0 and 1; got {p[index]} at index {index}"
        )
    return np.stack([1 - p, p], axis=1)


def _as_scores(
    logits: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
    """Logits (m, C), labels and weights of the examples that count."""
    scores = as_floating(logits, "logits")
    if scores.ndim not in (1, 2) or 0 in scores.shape:
        raise ValueError(
            f"logits must be a finite matrix (m, C) with at least one row and column, or a vector "
            f"(m,); got shape {scores.shape}"
        )
    counts = _as_counts(sample_weight, scores.shape[:1])
    with np.errstate(over="ignore"):
        scores = _without_left_out(scores, counts, 0).astype(np.float64)
    if not np.isfinite(scores).all():
        raise ValueError(
            f"logits must be a finite matrix (m, C) or vector (m,); got shape {scores.shape} "
            f"with nan or inf"
        )
    if scores.ndim == 1:
        scores = np.stack([np.zeros_like(scores), scores], axis=1)
    labels = as_class_labels(y, len(scores), rows_of="logits")
    labels = as_label_indices(labels, scores.shape[1], "y")
    kept = counts > 0
    if not kept.any():
        raise ValueError("sample_weight must be above 0 for at least one example; got only 0")
    return scores[kept], labels[kept], counts[kept].astype(np.float64)


def _as_counts(sample_weight: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[Any]:
    """How often each example counts: whole numbers where the weights are of an integer dtype."""
    weights = as_sample_weight(sample_weight, shape)
    if weights is None:
        return np.ones(shape, np.int64)
    whole = as_real(sample_weight, "sample_weight").dtype.kind in "biu"
    return weights.astype(np.int64) if whole and weights.sum() < 2**53 else weights


def _without_left_out(
    rows: NDArray[np.floating], counts: NDArray[Any], fill: float
) -> NDArray[np.floating]:
    """The rows, with something harmless in those that do not count."""
    if counts.all():
        return rows
    return np.where((counts > 0).reshape(-1, *[1] * (rows.ndim - 1)), rows, rows.dtype.type(fill))


def _mean(values: NDArray[Any], weights: NDArray[np.float64] | None) -> float:
    """The mean over examples; nan for none."""
    if weights is None:
        return float(np.mean(values)) if len(values) else float("nan")
    weights = in_proportion(weights)
    total = weights.sum()
    with np.errstate(under="ignore"):
        return float((values * weights).sum() / total) if total > 0 else float("nan")


def _shares(matrix: NDArray[Any], normalize: str) -> NDArray[np.float64]:
    shares = in_proportion(matrix.astype(np.float64))
    totals = shares.sum(axis={"true": 1, "pred": 0, "all": None}[normalize], keepdims=True)
    return np.divide(shares, totals, out=np.zeros_like(shares), where=totals > 0)


def _bins_of_equal_width(
    confidence: NDArray[np.float64], weights: NDArray[Any], n_bins: int
) -> NDArray[np.float64]:
    bins = np.floor(confidence * n_bins)
    # The product is rounded, as the edge k / n is: 0.29 times 100 lies below 29.
    bins += (bins + 1) / n_bins <= confidence
    bins -= bins / n_bins > confidence
    return np.minimum(bins, n_bins - 1)


def _bins_of_equal_count(
    confidence: NDArray[np.float64], weights: NDArray[Any], n_bins: int
) -> NDArray[np.float64]:
    """The bin by the share of the examples that are less confident."""
    _, inverse = np.unique(confidence, return_inverse=True)
    of_value = np.bincount(inverse, in_proportion(weights.astype(np.float64)))
    below = (np.cumsum(of_value) - of_value) * n_bins / of_value.sum()
    # Only ratios count: weights of 0.1, whose sums are rounded, have the bins of ones.
    edge = np.rint(below)
    below = np.where(np.abs(below - edge) <= 1e-9 * np.maximum(edge, 1), edge, below)
    return np.floor(below)[inverse]
