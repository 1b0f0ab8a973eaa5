r"""Activations: from logits to probabilities.

Non-finite logits follow one table, along the class axis:

=====================  =============  =================  ============  =============
logits                 `softmax`      `log_softmax`      `logsumexp`   `hardmax`
=====================  =============  =================  ============  =============
``[-inf, 0]``          ``[0, 1]``     ``[-inf, 0]``      ``0``         ``[0, 1]``
all ``-inf``           ``nan``        ``nan``            ``-inf``      first is 1
a ``+inf``             ``nan``        ``nan``            ``inf``       first is 1
a ``nan``              ``nan``        ``nan``            ``nan``       ``nan``
=====================  =============  =================  ============  =============
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core import columns, kernels
from ._core.arrays import check_nothing_is_masked
from ._core.kernels import widened
from ._core.validate import as_axes, as_axis, as_floating, as_positive, check_writeable


def softmax(
    logits: ArrayLike,
    axis: int | tuple[int, ...] | None = -1,
    *,
    temperature: float = 1.0,
    out: NDArray[np.floating] | None = None,
) -> NDArray[np.floating]:
    r"""Turn logits into probabilities.

    .. math:: \operatorname{softmax}(z)_k = \frac{e^{z_k / T}}{\sum_j e^{z_j / T}}

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Scores, one for each class. float32 stays float32, float16 is computed in float32 and
        returned as float16, integers become float64; longdouble has the range of float64.
    axis : int, tuple of int or None, default -1
        The class axis; several axes count as one, None means all of them. ``axis=0`` is the
        layout of the lecture, where a column is an example.
    temperature : float, default 1.0
        Above 1 the probabilities move together, below 1 apart; must be finite and above 0.
    out : ndarray, optional
        Where to write the result, of its shape and dtype. It may be `logits` itself; an array
        that overlaps `logits` in any other way is refused.

    Returns
    -------
    ndarray, shape (..., C)
        Between 0 and 1; each slice along `axis` sums to 1. `logits` is left as it was.

    Raises
    ------
    TypeError
        If `logits` are complex, strings or objects.
    ValueError
        If the class axis is empty, `temperature` is not finite and above 0, or `out` does not
        fit.

    See Also
    --------
    log_softmax : the logarithm of this, without underflow.
    hardmax : the limit for temperature to 0, where the maximum is unique.
    softmax_jacobian : its derivative.

    Notes
    -----
    Where `exp` could overflow, a number near the maximum is subtracted first, which changes
    nothing in the formula. What rounding takes from that difference is multiplied back in, and the
    sum is rounded twice at most, so at temperature 1 every probability is within 4 units in the
    last place of the true value (6 in float32), where the platform's `exp` is within 1 (3 in
    float32); what the platform errs beyond that is added. The temperature divides the differences,
    never the logits, so large equal parts cancel before they are rounded; away from 1 the relative
    error is about (4 + \|z - max z\|/T) such units.

    Where float32 probabilities must be the nearest float32 numbers, the same on every processor and
    for any order of the classes, compute in float64 and round once:
    ``softmax(z.astype(np.float64)).astype(np.float32)``.

    References
    ----------
    .. [1] J. S. Bridle, "Probabilistic interpretation of feedforward classification network
       outputs", Neurocomputing, 1990.
    .. [2] P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp
       and softmax functions", IMA Journal of Numerical Analysis, 2021.

    Examples
    --------
    >>> import numpy as np
    >>> softmax([5, 2, -1, 3]).round(3)
    array([0.842, 0.042, 0.002, 0.114])

    The formula as it is written overflows where this does not:

    >>> z = np.array([1000.0, 1001.0])
    >>> with np.errstate(all="ignore"):
    ...     print(np.exp(z) / np.exp(z).sum())
    [nan nan]
    >>> softmax(z).round(4)
    array([0.2689, 0.7311])

    Between 6 units in the last place and the nearest number, on one side float32 all the way, on
    the other by way of float64:

    >>> z = 3 * np.random.default_rng(0).normal(size=(1000, 10)).astype(np.float32)
    >>> direct, nearest = softmax(z), softmax(z.astype(np.float64)).astype(np.float32)
    >>> bool((direct == nearest).all()), bool(np.allclose(direct, nearest, rtol=6e-7, atol=0))
    (False, True)
    """
    values = as_floating(logits, "logits")
    axes = _class_axes(values, axis)
    temperature = as_positive(temperature, "temperature")
    if out is not None:
        _check_out(out, values, logits)
    return columns.run(kernels.softmax, values, axes, out=out, options=(temperature,))


def log_softmax(
    logits: ArrayLike,
    axis: int | tuple[int, ...] | None = -1,
    *,
    temperature: float = 1.0,
    out: NDArray[np.floating] | None = None,
) -> NDArray[np.floating]:
    r"""Logarithm of the softmax, computed in one piece.

    .. math:: \ln \operatorname{softmax}(z)_k = z_k / T - \ln \sum_j e^{z_j / T}

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Scores, one for each class.
    axis : int, tuple of int or None, default -1
        The class axis; several axes count as one, None means all of them.
    temperature : float, default 1.0
        As for `softmax`.
    out : ndarray, optional
        As for `softmax`.

    Returns
    -------
    ndarray, shape (..., C)
        At most 0; the exponentials of each slice along `axis` sum to 1.

    Raises
    ------
    TypeError
        If `logits` are complex, strings or objects.
    ValueError
        If the class axis is empty, `temperature` is not finite and above 0, or `out` does not
        fit.

    See Also
    --------
    softmax : the probabilities themselves.
    logsumexp : the term that is subtracted.
    cross_entropy : minus the entry of the true class.

    Notes
    -----
    The sum leaves the maximum out and `log1p` puts it back, so that a confident winner keeps
    its small loss: every value is as accurate as those of `softmax`, where the platform's `log1p`
    is within 1 unit in the last place (2 in float32). Applying the function
    twice changes nothing but rounding: the exponentials already sum to 1.

    References
    ----------
    .. [1] P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp
       and softmax functions", IMA Journal of Numerical Analysis, 2021.

    Examples
    --------
    The logarithm of a probability that has underflowed is lost; this is not:

    >>> import numpy as np
    >>> with np.errstate(all="ignore"):
    ...     print(np.log(softmax([0.0, -800.0])))
    [  0. -inf]
    >>> log_softmax([0.0, -800.0])
    array([   0., -800.])
    """
    values = as_floating(logits, "logits")
    axes = _class_axes(values, axis)
    temperature = as_positive(temperature, "temperature")
    if out is not None:
        _check_out(out, values, logits)
    return columns.run(kernels.log_softmax, values, axes, out=out, options=(temperature,))


def logsumexp(
    logits: ArrayLike, axis: int | tuple[int, ...] | None = -1, *, keepdims: bool = False
) -> NDArray[np.floating]:
    r"""Smooth maximum of the logits: the logarithm of the sum of their exponentials.

    .. math:: \operatorname{LSE}(z) = \ln \sum_j e^{z_j}

    .. math:: \max z \le \operatorname{LSE}(z) \le \max z + \ln C

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Scores, one for each class.
    axis : int, tuple of int or None, default -1
        The axis or axes that are summed over; None means all of them.
    keepdims : bool, default False
        Keep the summed axes with length 1.

    Returns
    -------
    ndarray, shape (...)
        Shifting every logit by a constant shifts the result by that constant. The sum over no
        class is 0, and its logarithm -inf.

    Raises
    ------
    TypeError
        If `logits` are complex, strings or objects.
    ValueError
        If `axis` is not an axis of `logits`.

    See Also
    --------
    softmax : its gradient.
    log_softmax : the logits minus this.

    Notes
    -----
    The maximum is subtracted before `exp` and added back after the logarithm. Only where the
    two nearly cancel are digits lost: the error is about one unit in the last place of the
    larger one.

    References
    ----------
    .. [1] P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp
       and softmax functions", IMA Journal of Numerical Analysis, 2021.

    Examples
    --------
    >>> import numpy as np
    >>> with np.errstate(over="ignore"):
    ...     print(np.log(np.exp([1000.0, 1000.0]).sum()))
    inf
    >>> print(logsumexp([1000.0, 1000.0]).round(4))
    1000.6931
    """
    values = as_floating(logits, "logits")
    axes = _axes(values, axis)
    if values.size:
        sums = columns.run(kernels.logsumexp, values, axes, sums=True)
    else:
        shape = [1 if k in axes else size for k, size in enumerate(values.shape)]
        sums = np.full(shape, -np.inf, values.dtype)
    return (sums if keepdims else sums.squeeze(axes))[()]


def hardmax(logits: ArrayLike, axis: int = -1) -> NDArray[np.floating]:
    r"""Put 1 on the largest logit and 0 on all others.

    .. math:: \operatorname{hardmax}(z)_k = \begin{cases} 1 & k = \min\arg\max_j z_j \\
              0 & \text{otherwise} \end{cases}

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Scores, one for each class.
    axis : int, default -1
        The class axis.

    Returns
    -------
    ndarray, shape (..., C)
        One 1 in each slice along `axis`: at the *first* maximum, where several tie.

    Raises
    ------
    TypeError
        If `logits` are complex, strings or objects, or `axis` is not an int.
    ValueError
        If the class axis is empty.

    See Also
    --------
    softmax : the gentle version, which has a useful gradient.

    Notes
    -----
    The derivative is 0 almost everywhere, so gradient descent cannot train through it. A slice
    with ``nan`` gives ``nan``.

    References
    ----------
    .. [1] I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning", MIT Press, 2016, §6.2.2.

    Examples
    --------
    Comparing with the maximum marks every tie; this picks one class:

    >>> import numpy as np
    >>> z = np.array([2.0, 2.0, 1.0])
    >>> (z == z.max()).astype(float)
    array([1., 1., 0.])
    >>> hardmax(z)
    array([1., 0., 0.])
    """
    values = as_floating(logits, "logits")
    axes = (as_axis(axis, values.ndim or 1),)[: values.ndim]
    _check_classes(values, axes)
    return columns.run(kernels.hardmax, values, axes)


def sigmoid(logits: ArrayLike) -> NDArray[np.floating]:
    r"""Probability of the positive class from one logit, elementwise.

    .. math:: \sigma(z) = \frac{1}{1 + e^{-z}} = \operatorname{softmax}([0, z])_1

    Parameters
    ----------
    logits : array_like
        Any shape.

    Returns
    -------
    ndarray
        Between 0 and 1, of the shape of `logits`.

    Raises
    ------
    TypeError
        If `logits` are complex, strings or objects.

    See Also
    --------
    softmax : the same for more than two classes.

    Notes
    -----
    Only ``exp(-|z|)`` is ever computed, so nothing overflows and a small probability keeps all
    its digits.

    References
    ----------
    .. [1] C. M. Bishop, "Pattern Recognition and Machine Learning", Springer, 2006, §4.2.

    Examples
    --------
    ``1 - 1 / (1 + exp(z))`` loses a small probability; this keeps it:

    >>> import numpy as np
    >>> print(1 - 1 / (1 + np.exp(-40.0)))
    0.0
    >>> print(f"{sigmoid(-40.0):.4g}")
    4.248e-18
    """
    values = as_floating(logits, "logits")
    work = widened(values)
    with np.errstate(under="ignore"):
        small = np.exp(-np.abs(work))
        probs = np.where(work < 0, small, 1) / (1 + small)
        return probs.astype(values.dtype)[()]


def softmax_jacobian(logits: ArrayLike, axis: int = -1) -> NDArray[np.floating]:
    r"""Derivative of every probability by every logit.

    .. math:: \frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)

    .. math:: J = \operatorname{diag}(p) - p p^\top

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Scores, one for each class.
    axis : int, default -1
        The class axis; it is moved to the end.

    Returns
    -------
    ndarray, shape (..., C, C)
        Symmetric; each row sums to 0; its largest eigenvalue is at most 1/2.

    Raises
    ------
    TypeError
        If `logits` are complex, strings or objects, or `axis` is not an int.
    ValueError
        If the class axis is empty.

    See Also
    --------
    softmax : the function it is the derivative of.
    cross_entropy_and_gradient : what is left of it after the chain rule.

    Notes
    -----
    The diagonal p(1 − p) is computed as minus the sum of the rest of its row: where p rounds
    to 1, the difference 1 − p would be 0 and the slope lost. At temperature T the derivative
    is this, taken at the logits divided by T, times 1/T.

    References
    ----------
    .. [1] C. M. Bishop, "Pattern Recognition and Machine Learning", Springer, 2006, §4.3.4.

    Examples
    --------
    >>> import numpy as np
    >>> p = softmax([40.0, 0.0])
    >>> print(p[0] * (1 - p[0]))
    0.0
    >>> print(f"{softmax_jacobian([40.0, 0.0])[0, 0]:.4g}")
    4.248e-18
    """
    values = as_floating(logits, "logits")
    if values.ndim == 0:
        values = values.reshape(1)
    axis = as_axis(axis, values.ndim)
    _check_classes(values, (axis,))
    probs = softmax(np.moveaxis(widened(values), axis, -1))
    diagonal = np.arange(probs.shape[-1])
    with np.errstate(under="ignore"):
        jacobian = -probs[..., :, None] * probs[..., None, :]
        jacobian[..., diagonal, diagonal] = 0 * probs  # nan, where there is no softmax
        jacobian[..., diagonal, diagonal] = -jacobian.sum(axis=-1)
        # Adding 0 turns the -0.0 of an underflowed product into a plain 0.
        return (jacobian + 0.0).astype(values.dtype)


def _class_axes(values: np.ndarray, axis: int | tuple[int, ...] | None) -> tuple[int, ...]:
    axes = _axes(values, axis)
    _check_classes(values, axes)
    return axes


def _axes(values: np.ndarray, axis: int | tuple[int, ...] | None) -> tuple[int, ...]:
    return as_axes(axis, values.ndim or 1)[: values.ndim]  # a scalar has no axis to use


def _check_classes(values: np.ndarray, axes: tuple[int, ...]) -> None:
    if not values.size and any(values.shape[axis] == 0 for axis in axes):
        raise ValueError(
            f"logits must have at least one class; got shape {values.shape} with "
            f"an empty class axis"
        )


def _check_out(out: Any, values: np.ndarray, logits: ArrayLike) -> None:
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an ndarray; got {type(out).__name__}")
    check_nothing_is_masked(out, "out")
    if out.shape != values.shape or out.dtype != values.dtype:
        raise ValueError(
            f"out must have shape {values.shape} and dtype {values.dtype}; "
            f"got shape {out.shape} and dtype {out.dtype}"
        )
    check_writeable(out, "out")
    same = out.__array_interface__["data"] == values.__array_interface__["data"] and (
        out.strides == values.strides
    )
    # Integer logits were copied into `values`; it is the caller's own array that must be spared.
    if not same and np.shares_memory(out, np.asarray(logits)):
        raise ValueError(
            "out must be logits itself or not overlap it; got an array that "
            "shares part of its memory"
        )
