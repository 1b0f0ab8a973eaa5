"""Is a gradient right? Ask finite differences."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core.arrays import as_array
from ._core.validate import as_number, as_real

EPS = float(np.finfo(np.float64).eps)
CUBE_ROOT = float(np.cbrt(EPS))
SHORTER, TRIES = 8, 16  # down to steps that are short beside any entry above 1e-12


def numerical_gradient(f: Callable[..., ArrayLike], x: ArrayLike) -> NDArray[np.float64]:
    r"""Gradient of a scalar function by central differences.

    .. math:: \frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}

    The step h is the cube root of 2.2e-16, times the size of xᵢ where that is above 1, or less.

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
    precision balances the two. Where that step does badly, as beside the edge of a domain, which
    it may cross (`f` may give nan there, or raise a ValueError or an ArithmeticError), or beside a
    kink, as relu has one, shorter ones are tried as long as they do better, by an estimate of the
    error: the change that half the step makes, and what the rounding of `f` can do. Where all
    values of `f` are float32 numbers, the step is the cube root of 1.2e-7, and some four digits are
    right: let it compute in float64 while you check it.

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

    Beside the edge of the logarithm, where a fixed step would cross it:

    >>> print(round(float(numerical_gradient(np.log, 1e-6)) / 1e6, 6))
    1.0
    """
    if not callable(f):
        raise TypeError(f"f must be callable; got {type(f).__name__}")
    return _slopes(f, np.array(as_real(x, "x"), dtype=np.float64))[0]


def check_gradient(
    f: Callable[..., ArrayLike],
    gradient: ArrayLike | Callable[..., ArrayLike],
    x: ArrayLike,
    *,
    tolerance: float = 1e-6,
) -> float:
    r"""Compare a gradient derived by hand with finite differences.

    .. math:: \text{error}_i = \frac{|g_i - \hat g_i|}{\max(|g_i|, |\hat g_i|, r_i / \tau)}

    Here g is the gradient by hand, ĝ the differences, r how far these may err themselves, and τ
    the tolerance.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns one number.
    gradient : array_like or callable
        The gradient at `x`, or a function that returns it.
    x : array_like
        Where to compare; no place where `f` has a kink, such as a ReLU at 0.
    tolerance : float, default 1e-6
        The largest error τ that passes; between 0 and 1.

    Returns
    -------
    float
        The largest error over all entries: 0 where all agree, 1 where an entry is missing.

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
    The error is relative to the entry's own size, however small the loss: a gradient of zeros is
    wrong for a millionth of a loss too. But it is no finer than the differences are: at an optimum
    they are rounding, and 0 is right.

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
    if not callable(f):
        raise TypeError(f"f must be callable; got {type(f).__name__}")
    x = np.array(as_real(x, "x"), dtype=np.float64)
    given = as_real(gradient(x.copy()) if callable(gradient) else gradient, "gradient")
    if given.shape != x.shape:
        raise ValueError(f"gradient must have the shape of x, {x.shape}; got {given.shape}")
    tolerance = as_number(tolerance, "tolerance", low=0, high=1)
    if given.size == 0:
        return 0.0
    expected, doubt = _slopes(f, x)
    error = _relative_error(given, expected, doubt, tolerance)
    if (error > tolerance).any():
        with np.errstate(all="ignore"):
            off = np.nan_to_num(np.abs(given - expected), nan=np.inf)
        worst = np.unravel_index(np.argmax(np.where(error > tolerance, off, 0)), error.shape)
        place = ", ".join(str(int(i)) for i in worst)
        where = f" at index {place}" if place else ""
        raise AssertionError(
            f"gradient{where} is {given[worst]:.6g}, but finite differences "
            f"say {expected[worst]:.6g}"
        )
    return float(error.max())


def _relative_error(
    given: NDArray[Any], expected: NDArray[np.float64], doubt: NDArray[np.float64], tolerance: float
) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):
        off = np.abs(given - expected)
        size = np.maximum(np.abs(given), np.abs(expected))
        error = off / np.maximum(size, doubt / tolerance if tolerance else 0)
    return np.where(off == 0, 0, np.nan_to_num(error, nan=np.inf))


def _slopes(
    f: Callable[..., ArrayLike], x: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The slope by each entry, and how far it may err."""
    slopes, doubts = np.empty_like(x), np.empty_like(x)
    if not x.size:
        return slopes, doubts
    centre = _value(f, x, [])
    eps = _precision(f, x, centre)
    for index in np.ndindex(x.shape):
        slopes[index], doubts[index] = _best_slope(f, x, index, centre, eps)
    return slopes, doubts


def _precision(f: Callable[..., ArrayLike], x: NDArray[np.float64], centre: float) -> float:
    """To what the values of `f` are rounded: to float64, or to float32 where all of them fit it.

    Sums of whole numbers fit as well; a step of so odd a length leaves them.
    """
    steps = CUBE_ROOT * np.maximum(1.0, np.abs(x))
    values = [centre, *(_value(f, point, []) for point in (x + steps, x - steps))]
    if all(value == centre for value in values):
        return EPS
    with np.errstate(all="ignore"):
        narrow = all(float(np.float32(value)) == value for value in values)  # a nan is not
    return float(np.finfo(np.float32).eps) if narrow else EPS


def _value(f: Callable[..., ArrayLike], x: NDArray[np.float64], refusals: list[Exception]) -> float:
    """What `f` returns; nan where it raises as beyond its domain, which joins the refusals."""
    try:
        # A step may leave the domain of f: what it says there is judged by its result.
        with np.errstate(all="ignore"):
            result = f(x.copy())
    except (ArithmeticError, ValueError) as error:  # as Python's own logarithm raises
        refusals.append(error)
        return math.nan
    return _one_number(result)


def _best_slope(
    f: Callable[..., ArrayLike],
    x: NDArray[np.float64],
    index: tuple[int, ...],
    centre: float,
    eps: float,
) -> tuple[float, float]:
    """With the step that suits most functions, and shorter ones as long as they do better."""
    step = float(np.cbrt(eps)) * max(1.0, abs(float(x[index])))
    refusals: list[Exception] = []
    slope, doubt, _ = _slope(f, x, index, step, centre, eps, refusals)
    for _ in range(TRIES):
        if doubt <= 1e-8 * abs(slope):
            break
        step /= SHORTER
        next_slope, next_doubt, kinked = _slope(f, x, index, step, centre, eps, refusals)
        # Where f is rounded to fewer digits than x, so short a step may change nothing at all.
        worse = next_doubt >= doubt or next_slope == 0
        if math.isfinite(doubt) and worse:
            if kinked:  # a step may have to be far shorter to end before the kink
                continue
            break
        slope, doubt = next_slope, next_doubt
    if refusals and not math.isfinite(doubt):
        raise refusals[-1]
    return slope, doubt


def _slope(
    f: Callable[..., ArrayLike],
    x: NDArray[np.float64],
    index: tuple[int, ...],
    h: float,
    centre: float,
    eps: float,
    refusals: list[Exception],
) -> tuple[float, float, bool]:
    """A central difference, how far it may err, and whether a kink lies within the step.

    It may err by inf where it is no number. What `f` raises beside `x` joins the refusals.
    """
    here = float(x[index])

    def value(at: float) -> float:
        x[index] = at
        try:
            return _value(f, x, refusals)
        finally:
            x[index] = here

    def difference(h: float) -> tuple[float, float, float]:
        right, left = here + h, here - h
        above, below = value(right), value(left)
        turn = (above - centre) / (right - here) - (centre - below) / (here - left)
        return (above - below) / (right - left), turn, max(abs(above), abs(below))

    if here + h / 2 == here:  # so far from 0 that this step is none
        return math.nan, math.inf, False
    wide, turn, size = difference(h)
    narrow, half_turn, _ = difference(h / 2)
    rounding = 8 * eps * size / h
    doubt = 2 * abs(wide - narrow) + rounding
    # Half of the step turns a smooth slope by half as much, and a kink within it by all the same.
    kink = abs(2 * half_turn - turn)
    if kink > 4 * rounding:
        doubt += kink
    return wide, doubt if math.isfinite(doubt) else math.inf, kink > 4 * rounding


def _one_number(value: Any) -> float:
    array = as_array(value, "f", "a function that returns one number")
    if array.dtype.kind not in "biuf":
        raise ValueError(f"f must return one number; got {type(value).__name__}")
    if array.size != 1:
        raise ValueError(f"f must return one number; got an array of shape {array.shape}")
    return float(array.reshape(()))
