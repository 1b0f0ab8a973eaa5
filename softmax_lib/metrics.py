"""How good is a classifier: its decisions, and whether its probabilities deserve the name."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core.validate import (
    as_class_labels,
    as_count,
    as_floating,
    as_index,
    as_label_indices,
    as_labels,
    as_number,
    as_probabilities,
)
from .activations import log_softmax


def accuracy(y: ArrayLike, predictions: ArrayLike) -> float:
    r"""Share of predictions that are right.

    .. math:: \frac{1}{m} \sum_i [\hat y_i = y_i]

    Parameters
    ----------
    y : array_like, shape (m,)
        True labels, numbers or strings.
    predictions : array_like, shape (m,)
        Predicted labels.

    Returns
    -------
    float
        Between 0 and 1; nan for no examples.

    Raises
    ------
    ValueError
        If the two are not vectors of one length. One-hot rows are refused: over their entries
        a miss among ten classes would still score 0.8.

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
    return float(np.mean(y == predictions)) if len(y) else float("nan")


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
        Independent test examples m; at least 1.
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

    n_examples = as_count(n_examples, "n_examples")
    n_right = as_index(n_right, "n_right")
    if not 0 <= n_right <= n_examples:
        raise ValueError(f"n_right must lie in 0..{n_examples}; got {n_right}")
    confidence = as_number(confidence, "confidence", low=0, high=1)
    if confidence in (0, 1):
        raise ValueError(f"confidence must be between 0 and 1, both excluded; got {confidence}")
    z = statistics.NormalDist().inv_cdf((1 + confidence) / 2)
    p, spread = n_right / n_examples, z**2 / n_examples
    centre = (p + spread / 2) / (1 + spread)
    half = np.sqrt(p * (1 - p) * spread + spread**2 / 4) / (1 + spread)
    return float(max(0.0, centre - half)), float(min(1.0, centre + half))


def confusion_matrix(
    y: ArrayLike, predictions: ArrayLike, classes: ArrayLike | None = None
) -> NDArray[np.int64]:
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

    Returns
    -------
    ndarray of int, shape (C, C)
        The diagonal counts what is right; the sum is m.

    Raises
    ------
    ValueError
        If the two are not vectors of one length, or a label is not in `classes`.

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
    """
    y, predictions = _as_pair(y, predictions)
    occurring = np.union1d(y, predictions)
    classes = occurring if classes is None else as_labels(classes, "classes")
    if len(np.unique(classes)) < len(classes):
        raise ValueError(f"classes must name each label once; got {classes.tolist()}")
    unknown = np.setdiff1d(occurring, classes)
    if len(unknown):
        raise ValueError(f"classes must hold every label that occurs; got none for {unknown[0]!s}")
    order = np.argsort(classes, kind="stable")
    rows = order[np.searchsorted(classes, y, sorter=order)]
    columns = order[np.searchsorted(classes, predictions, sorter=order)]
    matrix = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(matrix, (rows, columns), 1)
    return matrix


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
        Examples in each bin.
    """

    confidence: NDArray[np.floating]
    accuracy: NDArray[np.floating]
    count: NDArray[np.intp]


def reliability_curve(probs: ArrayLike, y: ArrayLike, *, n_bins: int = 10) -> ReliabilityCurve:
    r"""Compare how sure a classifier is with how often it is right.

    .. math:: \text{conf}_b = \frac{1}{|b|} \sum_{i \in b} \max_k \hat y_{ik}, \qquad
              \text{acc}_b = \frac{1}{|b|} \sum_{i \in b} [\arg\max_k \hat y_{ik} = y_i]

    Parameters
    ----------
    probs : array_like, shape (m, C)
        Predicted probabilities; rows sum to 1.
    y : array_like of int, shape (m,)
        Labels 0..C-1.
    n_bins : int, default 10
        Bins of equal width between 0 and 1.

    Returns
    -------
    ReliabilityCurve
        Calibrated probabilities put every bin on the diagonal, but for chance.

    Raises
    ------
    ValueError
        If rows do not sum to 1 or labels do not fit.

    See Also
    --------
    expected_calibration_error : the curve in one number.
    fit_temperature : the simplest cure.

    Notes
    -----
    A bin with few examples strays from the diagonal by chance: look at the counts.

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
    """
    probs, y = _as_forecast(probs, y)
    n_bins = as_count(n_bins, "n_bins")
    confidence = probs.max(axis=1)
    right = probs.argmax(axis=1) == y
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    count = np.bincount(bins, minlength=n_bins)
    used = count > 0
    return ReliabilityCurve(
        np.bincount(bins, confidence, n_bins)[used] / count[used],
        np.bincount(bins, right, n_bins)[used] / count[used],
        count[used],
    )


def expected_calibration_error(probs: ArrayLike, y: ArrayLike, *, n_bins: int = 10) -> float:
    r"""Average distance between confidence and accuracy.

    .. math:: \text{ECE} = \sum_b \frac{|b|}{m} \, |\text{acc}_b - \text{conf}_b|

    Parameters
    ----------
    probs : array_like, shape (m, C)
        Predicted probabilities; rows sum to 1.
    y : array_like of int, shape (m,)
        Labels 0..C-1.
    n_bins : int, default 10
        Bins of equal width between 0 and 1.

    Returns
    -------
    float
        Between 0 and 1; nan for no examples.

    Raises
    ------
    ValueError
        If rows do not sum to 1 or labels do not fit.

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
    curve = reliability_curve(probs, y, n_bins=n_bins)
    if not curve.count.sum():
        return float("nan")
    gaps = np.abs(curve.accuracy - curve.confidence)
    return float(np.average(gaps, weights=curve.count))


def brier_score(probs: ArrayLike, y: ArrayLike) -> float:
    r"""Mean squared distance between the forecast and what happened.

    .. math:: \text{Brier} = \frac{1}{m} \sum_i \sum_k (\hat y_{ik} - Y_{ik})^2,
              \qquad Y \text{ the labels as one-hot rows}

    Parameters
    ----------
    probs : array_like, shape (m, C)
        Predicted probabilities; rows sum to 1.
    y : array_like of int, shape (m,)
        Labels 0..C-1.

    Returns
    -------
    float
        Between 0 (certain and right) and 2 (certain and wrong); 1 - 1/C for the same
        probability on every class; nan for no examples.

    Raises
    ------
    ValueError
        If rows do not sum to 1 or labels do not fit.

    See Also
    --------
    negative_log_likelihood : proper too, and without a bound.
    expected_calibration_error : judges the confidence alone.

    Notes
    -----
    Proper: on average no forecast scores lower than the true probabilities. With two classes it
    is twice the mean of (p - y)², which other libraries report for class 1 alone. A sum of
    squares of exact or once-rounded differences, in float64: the relative error is a few ulp.

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
    probs, y = _as_forecast(probs, y)
    errors = probs.astype(np.float64)
    errors[np.arange(len(y)), y] -= 1
    return float((errors**2).sum(axis=1).mean()) if len(y) else float("nan")


def fit_temperature(logits: ArrayLike, y: ArrayLike, *, max_temperature: float = 100.0) -> float:
    r"""Find the temperature that makes held-out data least surprising.

    .. math:: \min_{\beta} \; -\frac{1}{m} \sum_i \ln \operatorname{softmax}(\beta z_i)_{y_i},
              \qquad T = 1/\beta

    Parameters
    ----------
    logits : array_like, shape (m, C)
        Scores of examples the model was *not* trained on; finite.
    y : array_like of int, shape (m,)
        Labels 0..C-1.
    max_temperature : float, default 100.0
        T is kept between 1/max_temperature and this.

    Returns
    -------
    float
        The temperature T for `softmax`.

    Raises
    ------
    ValueError
        If the data are empty or not finite, labels do not fit, or `max_temperature` is not
        above 1.

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
    scores = as_floating(logits, "logits").astype(np.float64)
    if scores.ndim != 2 or 0 in scores.shape or not np.isfinite(scores).all():
        raise ValueError(
            f"logits must be a finite matrix (m, C) with at least one row and "
            f"column; got shape {scores.shape}"
            + ("" if np.isfinite(scores).all() else " with nan or inf")
        )
    labels = as_class_labels(y, len(scores), rows_of="logits")
    labels = as_label_indices(labels, scores.shape[1], "y")
    high = as_number(max_temperature, "max_temperature")
    if high <= 1:
        raise ValueError(f"max_temperature must be above 1; got {high}")
    # A shift changes no probability; without the large common part the slope keeps its digits.
    with np.errstate(over="ignore"):
        scores = np.maximum(scores - scores.max(axis=1, keepdims=True), -1e300)
    truth = scores[np.arange(len(labels)), labels]

    def slope(beta: float) -> float:
        probs = np.exp(log_softmax(scores, temperature=1 / beta))
        return ((probs * scores).sum(axis=1) - truth).mean()

    low, high = np.log(1 / high), np.log(high)
    if slope(np.exp(low)) >= 0 or slope(np.exp(high)) <= 0:
        bound = low if slope(np.exp(low)) >= 0 else high
        warnings.warn(
            f"the temperature reached its bound, {np.exp(-bound):.4g}: these data set "
            f"no optimum within it",
            UserWarning,
            stacklevel=2,
        )
        return float(np.exp(-bound))
    while high - low > 1e-14:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if slope(np.exp(middle)) < 0 else (low, middle)
    return float(np.exp(-(low + high) / 2))


def _as_pair(y: ArrayLike, predictions: ArrayLike) -> tuple[NDArray, NDArray]:
    y = as_labels(y)
    predictions = as_class_labels(predictions, len(y), "predictions", rows_of="y")
    if len(y) and (y.dtype.kind in "US") != (predictions.dtype.kind in "US"):
        raise ValueError(
            f"predictions must be text where y is, and numbers where y is; "
            f"got dtypes {predictions.dtype} and {y.dtype}"
        )
    return y, predictions


def _as_forecast(probs: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.floating], NDArray[np.intp]]:
    probs = as_probabilities(probs, -1, "probs")
    if probs.ndim != 2:
        raise ValueError(f"probs must have shape (m, C); got {probs.shape}")
    return probs, as_label_indices(
        as_class_labels(y, len(probs), rows_of="probs"), probs.shape[1], "y"
    )
