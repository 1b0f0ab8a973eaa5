"""Is a gradient right? Ask finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core.validate import as_number, as_real


def numerical_gradient(f: Callable[..., ArrayLike], x: ArrayLike) -> NDArray[np.float64]:
    r"""Gradient of a scalar function by central differences.

    .. math:: \frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h},
              \qquad h = \sqrt[3]{\varepsilon}\, \max(1, |x_i|)

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns one number.
    x : array_like
        Where to take the gradient; computed in float64.

    Returns
    -------
    ndarray of float64, of the shape of `x`
        Right to about ten digits for a smooth function whose value, and whose entries of `x`, are
        of moderate size.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or `f` is not callable.
    ValueError
        If `f` returns anything but one number.

    See Also
    --------
    check_gradient : compares it with a gradient derived by hand.

    Notes
    -----
    A smaller h makes the formula better and the rounding worse; the cube root of the machine
    precision balances the two. A float32 function has few digits to lose: let it compute in
    float64 while you check it.

    References
    ----------
    .. [1] J. Nocedal and S. J. Wright, "Numerical Optimization", Springer, 2006, §8.1.

    Examples
    --------
    A one-sided difference with a tiny step drowns in rounding; this does not:

    >>> import numpy as np
    >>> print(round(float((np.exp(1 + 1e-15) - np.exp(1.0)) / 1e-15), 4))
    3.1086
    >>> print(round(float(numerical_gradient(np.exp, 1.0)), 4))
    2.7183
    """
    if not callable(f):
        raise TypeError(f"f must be callable; got {type(f).__name__}")
    x = np.array(as_real(x, "x"), dtype=np.float64)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        h = np.cbrt(np.finfo(np.float64).eps) * max(1.0, abs(kept))
        x[index] = kept + h
        above = _one_number(f(x.copy()))
        x[index] = kept - h
        below = _one_number(f(x.copy()))
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


def check_gradient(
    f: Callable[..., ArrayLike],
    gradient: ArrayLike | Callable[..., ArrayLike],
    x: ArrayLike,
    *,
    tolerance: float = 1e-6,
) -> float:
    r"""Compare a gradient derived by hand with finite differences.

    .. math:: \text{error}_i = \frac{|g_i - \hat g_i|}{\max(1, |g_i|, |\hat g_i|)}

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns one number.
    gradient : array_like or callable
        The gradient at `x`, or a function that returns it.
    x : array_like
        Where to compare; no place where `f` has a kink, such as a ReLU at 0.
    tolerance : float, default 1e-6
        The largest error that passes.

    Returns
    -------
    float
        The largest error over all entries.

    Raises
    ------
    AssertionError
        If an entry is off by more than `tolerance`; the message shows the worst one.
    ValueError
        If the gradient does not have the shape of `x`.

    See Also
    --------
    numerical_gradient : the finite differences.

    Notes
    -----
    The error is relative for entries above 1 and absolute below: a tiny entry cannot be
    checked to more digits than rounding leaves in the difference of two values of `f`.

    References
    ----------
    .. [1] J. Nocedal and S. J. Wright, "Numerical Optimization", Springer, 2006, §8.1.

    Examples
    --------
    The slope of x² is 2x. Forgetting the 2 is seen at once:

    >>> check_gradient(lambda x: (x**2).sum(), [2.0, 6.0], [1.0, 3.0]) < 1e-6
    True
    >>> check_gradient(lambda x: (x**2).sum(), [2.0, 3.0], [1.0, 3.0])
    Traceback (most recent call last):
        ...
    AssertionError: gradient at index 1 is 3, but finite differences say 6
    """
    x = np.asarray(as_real(x, "x"), dtype=np.float64)
    given = as_real(gradient(x.copy()) if callable(gradient) else gradient, "gradient")
    if given.shape != x.shape:
        raise ValueError(f"gradient must have the shape of x, {x.shape}; got {given.shape}")
    if given.size == 0:
        return 0.0
    tolerance = as_number(tolerance, "tolerance", low=0)
    expected = numerical_gradient(f, x)
    scale = np.maximum(1.0, np.maximum(np.abs(given), np.abs(expected)))
    with np.errstate(invalid="ignore"):
        error = np.nan_to_num(np.abs(given - expected) / scale, nan=np.inf)
    worst = np.unravel_index(np.argmax(error), error.shape)
    if error[worst] > tolerance:
        place = ", ".join(str(int(i)) for i in worst)
        where = f" at index {place}" if place else ""
        raise AssertionError(
            f"gradient{where} is {given[worst]:.6g}, but finite differences "
            f"say {expected[worst]:.6g}"
        )
    return float(error[worst])


def _one_number(value: Any) -> float:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"f must return one number; got {type(value).__name__}")
    if array.size != 1:
        raise ValueError(f"f must return one number; got an array of shape {array.shape}")
    return float(array.reshape(()))
