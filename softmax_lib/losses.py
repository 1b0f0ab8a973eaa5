"""Losses: how wrong predicted probabilities are, and the gradient that training starts from."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core import columns, kernels
from ._core.kernels import widened
from ._core.labels import weights_by_label
from ._core.validate import (
    as_axes,
    as_axis,
    as_choice,
    as_count,
    as_floating,
    as_index,
    as_label_indices,
    as_nonnegative,
    as_number,
    as_probabilities,
    as_real,
    first_index,
    in_proportion,
    show_index,
)

REDUCTIONS = ("none", "sum", "mean")


def cross_entropy(
    logits: ArrayLike,
    targets: ArrayLike,
    *,
    axis: int = -1,
    class_weight: ArrayLike | None = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
    sample_weight: ArrayLike | None = None,
) -> NDArray[np.floating]:
    r"""Surprise of a softmax classifier at the truth, from logits.

    .. math:: \ell = -\sum_k Y_k \ln \operatorname{softmax}(z)_k

    For a label y that is :math:`-\ln \operatorname{softmax}(z)_y`, one term.

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Scores before softmax, not probabilities.
    targets : array_like, shape (...) or (..., C)
        The shape decides. Of the shape of `logits`: probabilities, finite and not negative;
        whole numbers and bools among them must be one-hot. Of that shape without the class axis:
        labels in 0..C-1, of an integer dtype.
    axis : int, default -1
        The class axis.
    class_weight : array_like of shape (C,) or dict, optional
        How much an error on each class counts; finite and not negative. A dict, or a Series,
        says by its keys or its index which label each weight is for; others weigh 1.
    ignore_index : int, optional
        Positions with this label count nothing, not even where their logits are nan. Only for
        labels.
    label_smoothing : float, default 0.0
        Share ε of the target, between 0 and 1, that is spread evenly over all classes.
    reduction : {"mean", "sum", "none"}, default "mean"
        What to do with the losses of the positions.
    sample_weight : array_like, shape (...), optional
        How much each position counts; finite and not negative. A whole number is that many
        copies of the position; 0 leaves it out, even where its logits are nan.

    Returns
    -------
    ndarray
        In nats. With ``reduction="none"`` one loss for each position, else one number.

    Raises
    ------
    TypeError
        If `logits` are not real, or labels are not of an integer dtype.
    ValueError
        If `targets` have another shape, a label lies outside 0..C-1, or an option is out of
        its range. A column of labels, shape (m, 1), is refused: it would broadcast. So are whole
        numbers of the shape of `logits` that are not one-hot: they look like labels, beside the
        scores of a binary classifier.

    See Also
    --------
    cross_entropy_and_gradient : the same, with the derivative.
    negative_log_likelihood : the same from log-probabilities.
    log_softmax : what the logits go through.

    Notes
    -----
    With smoothing ε and class weights w, a label costs
    :math:`(1-ε) w_y (-\ln p_y) + \frac{ε}{C} \sum_c w_c (-\ln p_c)`, and "mean" divides by the
    sum of :math:`w_y` over the positions that are kept. Probabilities are first smoothed,
    :math:`Y \leftarrow (1-ε) Y + ε/C`, then cost :math:`-\sum_c w_c Y_c \ln p_c`, and "mean"
    divides by the number of positions. So weighted labels and the same labels one-hot have
    different means. A `sample_weight` s multiplies the loss of its position and what the position
    adds to the divisor: :math:`s w_y` for a label, s for probabilities. A mean over nothing is
    nan, with zero gradient.

    These are the rules of PyTorch's ``cross_entropy``. Differences from it:

    * `axis` is the last by default; PyTorch's classes are always along axis 1 (0 for a vector).
    * Nothing is ignored unasked; PyTorch's `ignore_index` is -100 by default. Beside
      probabilities every `ignore_index` is refused; PyTorch lets a negative one pass, unused.
    * The shape alone decides what `targets` are. One-hot integers and bools of the shape of
      `logits` are probabilities, and labels may be of any integer dtype; PyTorch refuses the
      former, and takes labels of int64 and uint8 only. Integer logits and weights of another
      dtype are welcome too.
    * Negative or non-finite probabilities and weights, and an empty class axis, are errors;
      PyTorch computes with them. A label out of range is an error in both.
    * A target or a weight of 0 at a logit of -inf costs nothing (0 · ln 0 = 0); there it is nan.
    * An ignored position has zero gradient even where its logits have no softmax, and so has a
      mean over weights that sum to 0; there the gradient is nan.
    * A confident winner keeps its tiny loss and gradient, which round to 0 there, and a mean
      of float16 losses does not overflow on the way.

    For labels, ONNX's ``SoftmaxCrossEntropyLoss`` is this with ``axis=1``; it has no label
    smoothing and no probabilities.

    The logarithm and the softmax are one step, so a probability that would underflow to 0
    still has its finite loss.

    References
    ----------
    .. [1] C. M. Bishop, "Pattern Recognition and Machine Learning", Springer, 2006, §4.3.4.

    Examples
    --------
    >>> import numpy as np
    >>> print(cross_entropy(np.log([0.3, 0.2, 0.1, 0.4]), 1).round(4))
    1.6094

    In two steps the same loss is infinite where it is really 800:

    >>> p = np.exp([0.0, -800.0]) / np.exp([0.0, -800.0]).sum()
    >>> with np.errstate(divide="ignore"):
    ...     print(-np.log(p[1]))
    inf
    >>> print(cross_entropy([0.0, -800.0], 1))
    800.0

    The scores of a binary classifier have the shape of its labels, which would be read as one
    distribution over all examples, and are refused. The class 0 of score 0 belongs beside them:

    >>> z, y = np.array([0.3, -1.2, 2.0]), np.array([1, 0, 1])
    >>> print(cross_entropy(z, y / y.sum()).round(4))
    1.0517
    >>> print(cross_entropy(np.column_stack([np.zeros_like(z), z]), y).round(4))
    0.3149

    A weight of 0 is not the same as multiplying by 0, which leaves a nan:

    >>> z = np.array([[np.nan, 0.0], [1.0, 1.0]])
    >>> print((np.array([0, 1]) * cross_entropy(z, [0, 1], reduction="none")).sum())
    nan
    >>> print(cross_entropy(z, [0, 1], sample_weight=[0, 1]).round(4))
    0.6931
    """
    return _loss_and_gradient(
        logits,
        targets,
        axis,
        class_weight,
        ignore_index,
        label_smoothing,
        reduction,
        sample_weight,
    )[0]


def cross_entropy_and_gradient(
    logits: ArrayLike,
    targets: ArrayLike,
    *,
    axis: int = -1,
    class_weight: ArrayLike | None = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
    sample_weight: ArrayLike | None = None,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    r"""Cross-entropy and its derivative by the logits.

    .. math:: \frac{\partial \ell}{\partial z} = \Bigl(\sum_k Y_k\Bigr) \hat y - Y

    For a label or a distribution that is ŷ − Y.

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Scores before softmax, not probabilities.
    targets : array_like, shape (...) or (..., C)
        Labels or probabilities; the shape decides.
    axis : int, default -1
        The class axis.
    class_weight : array_like, shape (C,), optional
        How much an error on each class counts.
    ignore_index : int, optional
        Positions with this label have a loss and a gradient of exactly 0.
    label_smoothing : float, default 0.0
        Share of the target that is spread evenly over all classes.
    reduction : {"mean", "sum", "none"}, default "mean"
        As for `cross_entropy`.
    sample_weight : array_like, shape (...), optional
        How much each position counts.

    Returns
    -------
    loss : ndarray
        As `cross_entropy` returns it.
    gradient : ndarray, shape (..., C)
        Derivative of ``loss.sum()``. For "mean" it carries the factor 1/m; nothing after it
        should.

    Raises
    ------
    TypeError
        If `logits` are not real, or labels are not of an integer dtype.
    ValueError
        As for `cross_entropy`.

    See Also
    --------
    cross_entropy : the loss alone, and the meaning of every option.
    softmax_jacobian : the derivative that is multiplied out here.

    Notes
    -----
    Where the true class has nearly all the probability, ŷ − 1 is computed as minus the
    probability of all others: the difference of rounded numbers would be 0, and the example
    would stop teaching.

    References
    ----------
    .. [1] C. M. Bishop, "Pattern Recognition and Machine Learning", Springer, 2006, §4.3.4.

    Examples
    --------
    The lecture's example: push *cat* up, pull the others down.

    >>> import numpy as np
    >>> loss, gradient = cross_entropy_and_gradient(np.log([0.3, 0.2, 0.1, 0.4]), 1)
    >>> print(loss.round(4), gradient.round(4))
    1.6094 [ 0.3 -0.8  0.1  0.4]

    Subtracting 1 from a probability that rounds to 1 loses the gradient; this keeps it:

    >>> print(1 / (1 + np.exp(-40.0)) - 1)
    0.0
    >>> print(f"{cross_entropy_and_gradient([40.0, 0.0], 0)[1][0]:.4g}")
    -4.248e-18
    """
    return _loss_and_gradient(
        logits,
        targets,
        axis,
        class_weight,
        ignore_index,
        label_smoothing,
        reduction,
        sample_weight,
        with_gradient=True,
    )


def negative_log_likelihood(
    log_probs: ArrayLike,
    targets: ArrayLike,
    *,
    axis: int = -1,
    class_weight: ArrayLike | None = None,
    ignore_index: int | None = None,
    reduction: str = "mean",
    sample_weight: ArrayLike | None = None,
) -> NDArray[np.floating]:
    r"""Cross-entropy for a model that already returns log-probabilities.

    .. math:: \ell = -\sum_k Y_k \ln p_k

    For a label y that is :math:`-\ln p_y`, one term.

    Parameters
    ----------
    log_probs : array_like, shape (..., C)
        Logarithms of probabilities, so none is above 0: the output of `log_softmax`.
    targets : array_like, shape (...) or (..., C)
        Labels or probabilities; the shape decides.
    axis : int, default -1
        The class axis.
    class_weight : array_like, shape (C,), optional
        How much an error on each class counts.
    ignore_index : int, optional
        Positions with this label count nothing.
    reduction : {"mean", "sum", "none"}, default "mean"
        As for `cross_entropy`.
    sample_weight : array_like, shape (...), optional
        How much each position counts.

    Returns
    -------
    ndarray
        In nats; at least 0, up to the rounding of `log_probs`.

    Raises
    ------
    TypeError
        If `log_probs` are not real, or labels are not of an integer dtype.
    ValueError
        If a log-probability is above 0 by more than its rounding, which is how probabilities
        passed by mistake are caught; else as for `cross_entropy`.

    See Also
    --------
    cross_entropy : the same from logits, which is safer.
    log_softmax : turns logits into log-probabilities.

    Notes
    -----
    Pass log-probabilities that were computed as such; the logarithm of a probability that has
    underflowed is -inf.

    References
    ----------
    .. [1] I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning", MIT Press, 2016, §5.5.

    Examples
    --------
    >>> import numpy as np
    >>> from softmax_lib import log_softmax
    >>> print(negative_log_likelihood(log_softmax([0.0, -800.0]), 1))
    800.0

    Probabilities passed by mistake would give a negative "loss"; here they are refused:

    >>> negative_log_likelihood([0.3, 0.7], 1)
    Traceback (most recent call last):
        ...
    ValueError: log_probs must be at most 0; got 0.3 at index 0. Are these probabilities?
    """
    log_probs, axis = _as_logits(log_probs, axis, "log_probs")
    rounding = 8 * np.finfo(log_probs.dtype).eps
    above = first_index(log_probs > rounding)
    if above is not None:
        raise ValueError(
            f"log_probs must be at most 0; got {log_probs[above]} at index "
            f"{show_index(above)}. Are these probabilities?"
        )
    reduction = as_choice(reduction, "reduction", REDUCTIONS)
    checked = _Targets(
        log_probs, targets, axis, class_weight, ignore_index, 0.0, reduction, sample_weight
    )
    work = widened(log_probs)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        if checked.soft is None:
            of_truth = np.take_along_axis(work, np.expand_dims(checked.labels, axis), axis)
            weights = 1 if checked.weights is None else checked.weights
            losses = _cost(weights, of_truth.squeeze(axis))
        else:
            losses = _cost(checked.soft, work).sum(axis=axis)
    if checked.left_out is not None:
        losses = np.where(checked.left_out, 0, losses)
    return _reduce(losses + 0.0, checked.divisor, reduction, log_probs.dtype)


def entropy(
    probs: ArrayLike, axis: int | tuple[int, ...] | None = -1, *, keepdims: bool = False
) -> NDArray[np.floating]:
    r"""Average surprisal of a distribution, in nats.

    .. math:: H(p) = -\sum_k p_k \ln p_k

    What never happens adds nothing: 0 ln 0 = 0.

    Parameters
    ----------
    probs : array_like, shape (..., C)
        Probabilities; each slice along `axis` is not negative and sums to 1.
    axis : int, tuple of int or None, default -1
        The class axis; several axes count as one, None means all of them.
    keepdims : bool, default False
        Keep the class axes with length 1.

    Returns
    -------
    ndarray, shape (...)
        Between 0 (one certain outcome) and ln C (all outcomes alike).

    Raises
    ------
    TypeError
        If `probs` are not real.
    ValueError
        If an entry is below -1e-12 or not finite, or a slice does not sum to 1 within 1e-3 (or
        4 eps of its dtype, where that is more).

    See Also
    --------
    kl_divergence : what believing a second distribution costs on top.
    cross_entropy : the average surprisal under a second distribution.

    Notes
    -----
    Outcomes of probability 0 are left out of the sum, since p ln p tends to 0. Probabilities that
    a file or float32 has rounded are repaired: a slice is divided by its sum, and an entry from
    -1e-12 to 0 counts as 0.

    References
    ----------
    .. [1] C. E. Shannon, "A Mathematical Theory of Communication", Bell System Technical
       Journal, 1948, §6.

    Examples
    --------
    A certain outcome carries no surprise, though the formula as written gives nan:

    >>> import numpy as np
    >>> p = np.array([1.0, 0.0])
    >>> with np.errstate(all="ignore"):
    ...     print(-(p * np.log(p)).sum())
    nan
    >>> print(entropy(p))
    0.0
    """
    given = as_floating(probs, "probs")
    p = as_probabilities(given, axis, "probs")
    with np.errstate(under="ignore"):
        surprisals = p * -np.log(p, out=np.zeros_like(p), where=p > 0)
        total = surprisals.sum(axis=as_axes(axis, p.ndim), keepdims=keepdims) + 0.0
    return _rounded(total, given.dtype)


def kl_divergence(
    p: ArrayLike,
    q: ArrayLike,
    axis: int | tuple[int, ...] | None = -1,
    *,
    keepdims: bool = False,
) -> NDArray[np.floating]:
    r"""Extra surprise of believing q when p is true, in nats.

    .. math:: D(p \,\|\, q) = \sum_k p_k \ln \frac{p_k}{q_k}

    Parameters
    ----------
    p : array_like, shape (..., C)
        The true distribution; each slice along `axis` sums to 1.
    q : array_like, shape (..., C)
        The believed distribution, of the shape of `p`.
    axis : int, tuple of int or None, default -1
        The class axis; several axes count as one, None means all of them.
    keepdims : bool, default False
        Keep the class axes with length 1.

    Returns
    -------
    ndarray, shape (...)
        At least 0, and 0 only where q = p to rounding; inf where q excludes what p allows.

    Raises
    ------
    TypeError
        If `p` or `q` are not real.
    ValueError
        If the shapes differ, an entry is below -1e-12 or not finite, or a slice does not sum to
        1 within 1e-3.

    See Also
    --------
    entropy : cross-entropy is the entropy of p plus this.
    cross_entropy : the same from logits.

    Notes
    -----
    Outcomes with p = 0 cost nothing, whatever q says. Where p and q are far apart the logarithms
    are subtracted instead of dividing first, so the quotient cannot overflow. What is added up are
    the terms p ln(p/q) − p + q, of the same sum, none of which is negative: so distributions that
    are nearly equal keep the digits of their small distance. What a file or float32 has rounded is
    repaired as for `entropy`.

    References
    ----------
    .. [1] S. Kullback and R. A. Leibler, "On Information and Sufficiency", Annals of
       Mathematical Statistics, 1951.

    Examples
    --------
    >>> import numpy as np
    >>> p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.75, 0.0])
    >>> with np.errstate(all="ignore"):
    ...     print((p * np.log(p / q)).sum())
    nan
    >>> print(kl_divergence(p, q).round(4))
    0.1438
    """
    p, q = as_floating(p, "p"), as_floating(q, "q")
    dtype = np.result_type(p, q)
    p, q = as_probabilities(p, axis, "p"), as_probabilities(q, axis, "q")
    if p.shape != q.shape:
        raise ValueError(f"q must have the shape of p, {p.shape}; got {q.shape}")
    possible = p > 0
    near = np.abs(p - q) < q / 2
    with np.errstate(divide="ignore", under="ignore"):
        log_p = np.log(p, out=np.zeros_like(p), where=possible)
        log_q = np.log(q, out=np.zeros_like(q), where=possible)
        excess = np.divide(p - q, q, out=np.zeros_like(p), where=near)  # p / q - 1
        terms = np.where(
            near,
            q * _divergence_of(excess),
            p * (log_p - log_q) - p + q,
        )
        distance = np.sum(np.maximum(terms, 0.0), axis=as_axes(axis, p.ndim), keepdims=keepdims)
    return _rounded(distance, dtype)


def _divergence_of(excess: NDArray[np.floating]) -> NDArray[np.floating]:
    """(1 + e) ln(1 + e) - e, without the cancellation where e is small: by its power series."""
    value = (1 + excess) * np.log1p(excess) - excess
    small = np.abs(excess) < 0.01
    e = excess[small]
    series = np.full_like(e, 1 / 90)
    for k in range(8, 0, -1):  # 1/2 - e/6 + e²/12 - ...
        series *= -e
        series += 1 / (k * (k + 1))
    value[small] = e * e * series
    return value


def one_hot(labels: ArrayLike, n_classes: int) -> NDArray[np.float64]:
    r"""Rows with a single 1, at the label.

    .. math:: Y_{ik} = \begin{cases} 1 & k = y_i \\ 0 & \text{otherwise} \end{cases}

    Parameters
    ----------
    labels : array_like of int, shape (...)
        Labels in 0..n_classes-1.
    n_classes : int
        Number of classes C; it is never guessed from the labels that happen to be present.

    Returns
    -------
    ndarray of float64, shape (..., C)
        The class axis is the last.

    Raises
    ------
    TypeError
        If `labels` are not of an integer dtype.
    ValueError
        If a label lies outside 0..n_classes-1, or `n_classes` is below 1.

    See Also
    --------
    cross_entropy : takes labels directly.

    References
    ----------
    .. [1] C. M. Bishop, "Pattern Recognition and Machine Learning", Springer, 2006, §4.1.

    Examples
    --------
    Indexing the identity would turn a label of -1 into the last class; this refuses it:

    >>> import numpy as np
    >>> print(np.eye(3)[-1])
    [0. 0. 1.]
    >>> one_hot([-1], 3)
    Traceback (most recent call last):
        ...
    ValueError: labels must lie in 0..2 (3 classes); got -1 at index 0
    >>> one_hot([1, 0], 3)
    array([[0., 1., 0.],
           [1., 0., 0.]])
    """
    n_classes = as_count(n_classes, "n_classes")
    indices = as_label_indices(labels, n_classes, "labels")
    try:
        rows = np.zeros((*indices.shape, n_classes))
    except (ValueError, MemoryError) as error:
        raise ValueError(
            f"n_classes must leave rows that fit in memory; got {n_classes}"
        ) from error
    np.put_along_axis(rows, indices[..., None], 1, axis=-1)
    return rows


class _Targets:
    """What targets and options ask for, position by position.

    Where only one class counts, `labels` and `weights` say which and how much; otherwise
    `soft` targets A say it for every class, and the loss of a position is −Σ_k A_k ln p_k. What is
    None is the same everywhere: a weight of 1, no position `left_out`. "mean" divides by `divisor`.
    """

    def __init__(
        self,
        logits: NDArray[np.floating],
        targets: ArrayLike,
        axis: int,
        class_weight: ArrayLike | None,
        ignore_index: int | None,
        label_smoothing: float,
        reduction: str,
        sample_weight: ArrayLike | None,
    ) -> None:
        self.axis = axis
        self.n_classes = logits.shape[axis]
        self.dtype = widened(logits).dtype
        self.labels: NDArray[np.intp]  # where `soft` is None
        self.weights: NDArray[np.floating] | None = None
        self.soft: NDArray[np.floating] | None = None
        self.left_out: NDArray[np.bool_] | None = None
        smoothing = as_number(label_smoothing, "label_smoothing", low=0, high=1)
        position_shape = logits.shape[:axis] + logits.shape[axis + 1 :]
        given = as_real(targets, "targets")
        if given.shape not in (logits.shape, position_shape):
            raise ValueError(
                f"targets must be labels of shape {position_shape} or probabilities of shape "
                f"{logits.shape}, to go with logits of shape {logits.shape}; got {given.shape}"
                f"{_other_axis(logits.shape, given.shape)}"
            )
        by_label = given.shape == position_shape
        mean = reduction == "mean"
        if class_weight is not None and not isinstance(class_weight, np.ndarray):
            class_weight = weights_by_label(class_weight, np.arange(self.n_classes))
        self.class_weight = self._as_weights(
            class_weight, "class_weight", (self.n_classes,), "class", mean and by_label
        )
        self.sample_weight = self._as_weights(
            sample_weight, "sample_weight", position_shape, "position", mean
        )
        if self.sample_weight is not None and not self.sample_weight.all():
            self.left_out = self.sample_weight == 0
        if by_label:
            self._from_labels(given, ignore_index, smoothing)
        else:
            self._from_probabilities(given, ignore_index, smoothing)

    @property
    def only_labels(self) -> bool:
        """Whether there is nothing but labels, which count alike."""
        return self.soft is None and self.weights is None and self.left_out is None

    def _as_weights(
        self, value: ArrayLike | None, name: str, shape: tuple[int, ...], of: str, relative: bool
    ) -> NDArray[np.floating] | None:
        """Weights in the dtype of the computation; in proportion, where only the ratios count."""
        if value is None:
            return None
        given = as_nonnegative(value, name)
        if given.shape != shape:
            raise ValueError(
                f"{name} must have shape {shape}, one weight for each {of}; got {given.shape}"
            )
        weights = self._cast(given, name)
        if not relative:
            return weights
        return self._cast(in_proportion(given.astype(np.float64, copy=False)), name)

    def _cast(self, value: ArrayLike, name: str) -> NDArray[np.floating]:
        """Numbers that are not negative, in the dtype of the computation."""
        given = as_nonnegative(value, name)
        with np.errstate(over="ignore", under="ignore"):
            cast = given.astype(self.dtype, copy=False)
        bad = first_index(np.isinf(cast))
        if bad is not None:
            raise ValueError(
                f"{name} must fit {self.dtype}; got {given[bad]} at index {show_index(bad)}"
            )
        return cast

    def _from_probabilities(
        self, given: NDArray[Any], ignore_index: int | None, smoothing: float
    ) -> None:
        if ignore_index is not None:
            raise ValueError(
                f"ignore_index must be None where targets are probabilities; got {ignore_index!r}"
            )
        if given.dtype.kind != "f":
            _check_one_hot(given, self.axis)
        probs = self._cast(given, "targets")
        self.soft = self._smoothed(probs, smoothing)
        if self.sample_weight is None:
            self.divisor = float(probs.size // self.n_classes)
        else:
            self.divisor = _sum_of(self.sample_weight)

    def _from_labels(self, given: NDArray[Any], ignore_index: int | None, smoothing: float) -> None:
        if ignore_index is not None:
            ignore_index = as_index(ignore_index, "ignore_index")
        labels = as_label_indices(given, self.n_classes, "targets", ignore_index)
        if ignore_index is not None:
            # As given: an unsigned label may become another number as an index.
            ignored = given == ignore_index
            labels = np.where(ignored, 0, labels)
            self.left_out = ignored if self.left_out is None else self.left_out | ignored
        self.labels, self.divisor = labels, float(labels.size)
        self.weights = self._weights_of(labels)
        if self.weights is not None:
            self.divisor = _sum_of(self.weights)
        if smoothing:
            rows = one_hot(labels, self.n_classes).astype(self.dtype)
            self.soft = self._smoothed(np.moveaxis(rows, -1, self.axis), smoothing)

    def _weights_of(self, labels: NDArray[np.intp]) -> NDArray[np.floating] | None:
        """How much each label counts; None where all count alike."""
        weights = self.sample_weight
        if self.class_weight is not None:
            of_class = self.class_weight[labels]
            weights = of_class if weights is None else self._product(weights, of_class)
        if self.left_out is None:
            return weights
        every = np.ones(labels.shape, self.dtype) if weights is None else weights
        return np.where(self.left_out, 0, every)

    def _smoothed(self, probs: NDArray[np.floating], smoothing: float) -> NDArray[np.floating]:
        """The targets smoothed and weighted: what each class counts in the end."""
        if smoothing:
            with np.errstate(under="ignore"):
                probs = (1 - smoothing) * probs + smoothing / self.n_classes
        if self.class_weight is not None:
            along_classes = self.class_weight.reshape(-1, *[1] * (probs.ndim - self.axis - 1))
            probs = self._product(probs, along_classes)
        if self.sample_weight is not None:
            probs = self._product(probs, np.expand_dims(self.sample_weight, self.axis))
        return probs

    def _product(
        self, amounts: NDArray[np.floating], weights: NDArray[np.floating]
    ) -> NDArray[np.floating]:
        with np.errstate(over="ignore", under="ignore"):
            product = amounts * weights
        if np.isinf(product).any():
            raise ValueError(
                f"targets, class_weight and sample_weight must fit {self.dtype} when multiplied; "
                f"got a product that is larger"
            )
        return product


def _other_axis(shape: tuple[int, ...], positions: tuple[int, ...]) -> str:
    """The cure where targets are labels of another class axis, as where channels come first."""
    for axis in range(len(shape)):
        if shape[:axis] + shape[axis + 1 :] == positions:
            return f". With axis={axis} they would go together"
    return ""


def _sum_of(weights: NDArray[np.floating]) -> float:
    with np.errstate(over="ignore"):  # where no mean is asked for, nothing needs it
        return float(weights.sum(dtype=np.float64))


def _check_one_hot(targets: NDArray[Any], axis: int) -> None:
    """Refuse whole numbers that cannot be probabilities: they are labels, most likely."""
    ones = (targets == 1).sum(axis=axis)
    if (ones == 1).all() and ((targets == 0) | (targets == 1)).all():
        return
    cure = f"np.stack([np.zeros_like(z), z], axis={axis})"
    if targets.ndim == 1:
        cure = "np.column_stack([np.zeros_like(z), z])"
    raise ValueError(
        f"targets of the shape of logits, {targets.shape}, are probabilities, and those of dtype "
        f"{targets.dtype} must be one-hot along axis {axis - targets.ndim}; these look like "
        f"labels: to go with them, scores z of a binary classifier need both classes, {cure}"
    )


def _loss_and_gradient(
    logits: ArrayLike,
    targets: ArrayLike,
    axis: int,
    class_weight: ArrayLike | None,
    ignore_index: int | None,
    label_smoothing: float,
    reduction: str,
    sample_weight: ArrayLike | None,
    with_gradient: bool = False,
) -> tuple[NDArray[np.floating], Any]:
    values, axis = _as_logits(logits, axis, "logits")
    reduction = as_choice(reduction, "reduction", REDUCTIONS)
    checked = _Targets(
        values, targets, axis, class_weight, ignore_index, label_smoothing, reduction, sample_weight
    )
    scale = 1.0
    if reduction == "mean":
        scale = 1 / checked.divisor if checked.divisor > 0 else 0.0
    losses, gradient = _position_losses(values, axis, checked, scale, with_gradient)
    loss = _reduce(losses, checked.divisor, reduction, values.dtype)
    if with_gradient and not np.ndim(logits):
        gradient = gradient.reshape(())
    return loss, gradient


def _position_losses(
    logits: NDArray[np.floating], axis: int, targets: _Targets, scale: float, with_gradient: bool
) -> tuple[NDArray[np.floating], Any]:
    """The loss of each position and, if wanted, its gradient by the logits times `scale`."""
    work, axes = columns.arrange(widened(logits), (axis,))
    losses = np.empty(logits.shape[:axis] + logits.shape[axis + 1 :], work.dtype)
    gradient: Any = np.empty(work.shape, work.dtype) if with_gradient else None
    if (
        work is logits and work.ndim == 2 and axes == (1,) and targets.only_labels and losses.size
    ):  # the commonest
        slot = None if gradient is None else gradient.T
        kernels.label_losses(work.T, targets.labels, None, losses, slot, scale)
        return losses, gradient
    parts = columns.class_first(work, axes)

    def split(array: NDArray[Any] | None) -> list[Any]:
        return [None] * len(parts) if array is None else columns.class_first(array, axes)

    def split_positions(array: NDArray[Any] | None) -> list[Any]:
        if array is None or not losses.size:
            return [None] * len(parts)
        return list(array.reshape(len(parts), -1))

    if targets.soft is None:
        kernel: Callable[..., None] = kernels.label_losses
        arrays = [split_positions(targets.labels), split_positions(targets.weights)]
    else:
        kernel = kernels.soft_target_losses
        arrays = [split(np.moveaxis(targets.soft, axis, axes[0]))]
    if losses.size:
        for z, loss, slot, *target in zip(
            parts, split_positions(losses), split(gradient), *arrays, strict=True
        ):
            kernel(z, *target, loss, slot, scale)
    if targets.left_out is not None:
        losses[targets.left_out] = 0
    if with_gradient:
        gradient = columns.restore(gradient, axes, (axis,), logits.dtype)
        # Zero times nan is nan, but what is left out teaches nothing, whatever its logits.
        if not scale:
            gradient[...] = 0
        elif targets.left_out is not None:
            np.copyto(gradient, 0, where=np.expand_dims(targets.left_out, axis))
    return losses, gradient


def _cost(weights: Any, log_probs: NDArray[np.floating]) -> NDArray[np.floating]:
    """−w ln p; a weight of 0 costs nothing, even where p is 0."""
    return np.where((weights == 0) & ~np.isnan(log_probs), 0, -weights * log_probs)


def _as_logits(value: ArrayLike, axis: int, name: str) -> tuple[NDArray[np.floating], int]:
    logits = as_floating(value, name)
    if logits.ndim == 0:
        logits = logits.reshape(1)
    axis = as_axis(axis, logits.ndim)
    if logits.shape[axis] == 0:
        raise ValueError(
            f"{name} must have at least one class; got shape {logits.shape} with "
            f"an empty class axis"
        )
    return logits, axis


def _rounded(values: NDArray[np.floating], dtype: np.dtype[Any]) -> NDArray[np.floating]:
    with np.errstate(over="ignore", under="ignore"):  # the dtype may be too narrow
        return values.astype(dtype)[()]


def _reduce(
    losses: NDArray[np.floating], divisor: float, reduction: str, dtype: np.dtype[Any]
) -> NDArray[np.floating]:
    if reduction == "none":
        return _rounded(losses, dtype)
    if reduction == "mean" and not divisor > 0:
        return dtype.type(np.nan)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        wide = None if dtype.itemsize >= 8 else np.float64
        total = np.add.reduce(losses, axis=None, dtype=wide)
        if reduction == "mean":
            # Where the sum overflows, the mean need not.
            total = total / divisor if math.isfinite(total) else np.sum(losses / divisor)
        return dtype.type(total)
