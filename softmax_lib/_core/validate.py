"""Argument checks with one voice: the argument, what it must be, and what came."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple
from numpy.typing import DTypeLike, NDArray

from .arrays import as_array, as_numbers, in_words, is_frame, is_no_array, of_frame


def as_real(value: Any, name: str, *, objects: bool = False) -> np.ndarray:
    """Array of real numbers (bool, integer or floating); anything else is refused by name.

    With `objects`, an array of dtype object is welcome if each of its entries is a real number.
    """
    array = as_array(value, name)
    dtype = array.dtype
    foreign = dtype.isbuiltin == 2  # bfloat16 and its like, which another package has brought
    if dtype.kind in "biuf" and not foreign:
        return array
    if is_no_array(array):
        raise TypeError(f"{name} must hold real numbers; got {in_words(value)}")
    cure = ""
    if foreign:
        cure = ": convert it with astype(np.float32)"
    elif dtype.kind == "O":
        numbers = of_frame(value, name) if is_frame(value) else as_numbers(array, name)
        # A series with a place for what is missing hands out objects, too.
        if objects or is_frame(value) or hasattr(value, "isna"):
            return numbers
        cure = ": convert it with astype(float)"
    raise TypeError(f"{name} must hold real numbers; got dtype {dtype}{cure}")


def as_floating(value: Any, name: str, *, objects: bool = False) -> np.ndarray:
    """Real array of floating dtype; integers and bools become float64."""
    if type(value) is np.ndarray and value.dtype.kind == "f" and value.dtype.isbuiltin == 1:
        return value  # by far the commonest case
    array = as_real(value, name, objects=objects)
    if array.dtype.kind != "f":
        return array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def as_axes(axis: Any, ndim: int) -> tuple[int, ...]:
    """Ascending non-negative axes for an int, a tuple of ints, or None, which means all."""
    if axis is None:
        return tuple(range(ndim))
    if type(axis) is int and -ndim <= axis < ndim:  # by far the commonest case
        return (axis % ndim,)
    try:
        # True would be axis 1, for whoever means keepdims.
        if any(isinstance(one, (bool, np.bool_)) for one in np.array(axis, object).flat):
            raise TypeError
        return tuple(sorted(normalize_axis_tuple(axis, ndim, argname="axis")))
    except TypeError as error:
        raise TypeError(f"axis must be an int, a tuple of ints or None; got {axis!r}") from error
    except OverflowError as error:
        raise ValueError(f"axis must be an axis of {ndim}; got {axis!r}") from error


def as_axis(axis: Any, ndim: int) -> int:
    """One non-negative axis."""
    try:
        return as_axes(as_index(axis, "axis"), ndim)[0]
    except TypeError as error:
        raise TypeError(f"axis must be an int here; got {axis!r}") from error


def as_index(value: Any, name: str) -> int:
    """A Python int; bools and floats are refused, integer scalars are welcome."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be an integer; got {value!r}")
    try:
        return operator.index(value)
    except TypeError as error:
        raise TypeError(f"{name} must be an integer; got {value!r}") from error


def as_count(value: Any, name: str, *, high: int | None = None) -> int:
    """An integer of at least 1."""
    count = as_index(value, name)
    if count < 1:
        raise ValueError(f"{name} must be at least 1; got {count}")
    if high is not None and count > high:
        raise ValueError(f"{name} must be at most {high}; got {count}")
    return count


def as_number(value: Any, name: str, *, low: float = -np.inf, high: float = np.inf) -> float:
    """A finite real number with low <= value <= high."""
    if type(value) is float and low <= value <= high and math.isfinite(value):
        return value  # by far the commonest case
    number = as_array(value, name, "one number")
    # True is no number: label_smoothing=True would smooth all there is.
    if number.dtype.kind not in "iuf" and (number.dtype.kind == "b" or not isinstance(value, Real)):
        raise TypeError(f"{name} must be a real number; got {value!r}")
    if number.ndim:
        raise ValueError(f"{name} must be one number; got an array of shape {number.shape}")
    try:
        real = float(value)
    except OverflowError:  # a whole number beyond every float
        real = math.inf if value > 0 else -math.inf
    if not (math.isfinite(real) and low <= real <= high):
        raise ValueError(f"{name} must be finite and {_interval(low, high)}; got {real}")
    return real


def as_positive(value: Any, name: str) -> float:
    """A finite real number above zero."""
    if type(value) is float and 0 < value < np.inf:  # by far the commonest case
        return value
    number = as_number(value, name)
    if number <= 0:
        raise ValueError(f"{name} must be above 0; got {number}")
    return number


def as_flag(value: Any, name: str) -> bool:
    """True or False, or 1 or 0; text is refused: "False" would be true."""
    if isinstance(value, np.bool_) or (isinstance(value, Integral) and value in (0, 1)):
        return bool(value)
    raise TypeError(f"{name} must be True or False; got {value!r}")


def as_generator(seed: Any, name: str = "random_state") -> np.random.Generator:
    """A generator: the one given, or a new one from an int or None."""
    if isinstance(seed, np.random.Generator):
        return seed
    try:
        seed = None if seed is None else as_index(seed, name)
    except TypeError as error:
        raise TypeError(
            f"{name} must be an integer, a Generator of numpy.random or None; got {seed!r}"
        ) from error
    if seed is not None and seed < 0:
        raise ValueError(f"{name} must be at least 0; got {seed}")
    return np.random.default_rng(seed)


def as_choice(value: Any, name: str, choices: tuple[str, ...]) -> str:
    """One of a few words."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}; got {value!r}")
    return value


def check_writeable(array: np.ndarray, name: str) -> None:
    """Refuse an array that nothing can be written to."""
    if not array.flags.writeable:
        raise ValueError(f"{name} must be writeable; got a read-only array")


def check_methods(value: Any, name: str, *methods: str) -> None:
    """Refuse an object that lacks one of these methods, and say which."""
    wanted = f"{name} must be an object with the methods {' and '.join(methods)}"
    if isinstance(value, type):
        raise TypeError(f"{wanted}; got the class {value.__name__}")
    missing = [method for method in methods if not callable(getattr(value, method, None))]
    if missing:
        lack = " and ".join(missing)
        raise TypeError(f"{wanted}; got {type(value).__name__}, which lacks {lack}")


def as_features(value: Any, name: str = "X", dtype: DTypeLike | None = None) -> np.ndarray:
    """Finite real matrix of shape (m, n) with at least one example and one feature.

    Arrays of objects are welcome where each is a real number: frames often hand them out. With a
    `dtype`, every number must be finite in it too, and the matrix comes back as it is: it
    may be larger than the memory, so whoever computes with it converts a few rows at a time.
    """
    convert = as_floating if dtype is None else as_real
    array = convert(value, name, objects=True)
    if array.ndim != 2:
        raise ValueError(f"{name} must have shape (m, n), a row an example; got {array.shape}")
    if 0 in array.shape:
        raise ValueError(
            f"{name} must hold at least one example and one feature; "
            f"got an empty data set of shape {array.shape}"
        )
    dtype = array.dtype if dtype is None else np.dtype(dtype)
    for start, rows in row_blocks(array, array.shape[1]):
        with np.errstate(over="ignore"):
            bad = first_index(~np.isfinite(rows.astype(dtype, copy=False)))
        if bad is not None:
            number, where = rows[bad], f"row {start + bad[0]}, column {bad[1]}"
            if np.isfinite(number):
                raise ValueError(f"{name} must fit {dtype}; got {number!s} at {where}")
            raise ValueError(f"{name} must be finite; got {number} at {where}")
    return array


def row_blocks(array: np.ndarray, width: int) -> Iterator[tuple[int, NDArray[Any]]]:
    """A few rows at a time, for work on `width` numbers a row; with the index of the first."""
    step = max(1, 2**17 // width)
    for start in range(0, len(array), step):
        yield start, array[start : start + step]


def as_label_indices(
    value: Any, n_classes: int, name: str, ignore_index: int | None = None
) -> NDArray[np.intp]:
    """Integer labels in 0..n_classes-1; `ignore_index` is let through."""
    labels = as_real(value, name)
    if labels.size == 0:
        return labels.astype(np.intp)
    if labels.dtype.kind not in "iu":
        missing = first_index(np.isnan(labels)) if labels.dtype.kind == "f" else None
        if missing is not None:
            raise ValueError(
                f"{name} must have no missing value; got nan at index {show_index(missing)}"
            )
        raise TypeError(
            f"{name} of shape {labels.shape} are class labels and must be of an "
            f"integer dtype; got {labels.dtype}"
            + (": convert them with astype(int)" if labels.dtype.kind == "b" else "")
        )
    flat = labels.ravel()  # NumPy is faster at finding a place in a vector than its value
    if flat[flat.argmin()] >= 0 and flat[flat.argmax()] < n_classes:
        return labels.astype(np.intp, copy=False)
    outside = (labels < 0) | (labels >= n_classes)
    if ignore_index is not None:
        outside &= labels != ignore_index
    bad = first_index(outside)
    if bad is not None:
        kept = labels if ignore_index is None else labels[labels != ignore_index]
        from_one = kept.min() == 1 and kept.max() == n_classes
        raise ValueError(
            f"{name} must lie in 0..{n_classes - 1} ({n_classes} classes); "
            f"got {labels[bad]} at index {show_index(bad)}"
            + (". Are your labels counted from 1?" if from_one else "")
        )
    return labels.astype(np.intp)


def as_probabilities(value: Any, axis: Any, name: str) -> np.ndarray:
    """Probabilities in float64 or wider, whose slices along the axis or axes sum to 1.

    What a file or float32 has rounded is repaired: entries from -1e-12 to 0 become 0, and slices
    that sum to 1 within 1e-3 (or 4 eps of the dtype, where that is more) are divided by their sum.
    """
    given = as_floating(value, name)
    if given.ndim == 0:
        raise ValueError(f"{name} must have a class axis; got a scalar")
    axes = as_axes(axis, given.ndim)
    if not given.size and any(given.shape[axis] == 0 for axis in axes):
        raise ValueError(
            f"{name} must have at least one class; got shape {given.shape} with an empty class axis"
        )
    probs = given.astype(np.result_type(given, np.float64), copy=False)
    if probs.size and not np.minimum.reduce(probs, axis=None) >= 0:  # a nan is not, either
        probs = np.where((probs < 0) & (probs >= -1e-12), 0, probs)
        as_nonnegative(probs, name)
    with np.errstate(over="ignore", under="ignore"):
        sums = probs.sum(axis=axes, keepdims=True)
        if (np.abs(sums - 1) <= 4 * np.finfo(probs.dtype).eps).all():
            return probs
        as_nonnegative(probs, name)
        _check_sums(sums, max(1e-3, 4 * np.finfo(given.dtype).eps), axes, name)
        return probs / sums


def _check_sums(sums: np.ndarray, tolerance: float, axes: tuple[int, ...], name: str) -> None:
    ndim = sums.ndim
    sums = sums.squeeze(axes)
    off = first_index(~(np.abs(sums - 1) <= tolerance + 1e-12))  # the sum is rounded itself
    if off is not None:
        place = f"row {show_index(off)}" if off else "it"
        along = [axis - ndim for axis in axes]
        along_axes = f"axis {along[0]}" if len(along) == 1 else f"axes {tuple(along)}"
        raise ValueError(
            f"{name} must sum to 1 along {along_axes}; {place} sums to {sums[off]:.6g}"
        )


def as_sample_weight(
    value: Any, shape: tuple[int, ...], name: str = "sample_weight"
) -> NDArray[np.float64] | None:
    """One weight for each position, finite and not negative; None stays None."""
    if value is None:
        return None
    weights = as_real(value, name)
    if weights.shape != shape:
        raise ValueError(
            f"{name} must have shape {shape}, one weight for each example; got {weights.shape}"
        )
    return as_nonnegative(weights, name).astype(np.float64, copy=False)


def in_proportion(weights: NDArray[Any]) -> NDArray[Any]:
    """The weights, all scaled by one power of 2: none is large, and the largest is not small."""
    if not weights.size:
        return weights
    _, exponent = np.frexp(np.maximum.reduce(weights, axis=None))
    with np.errstate(under="ignore"):
        return np.ldexp(weights, -exponent)


def as_finite(value: Any, name: str) -> np.ndarray:
    """Floating array without nan and inf."""
    array = as_floating(value, name)
    bad = first_index(~np.isfinite(array))
    if bad is not None:
        raise ValueError(f"{name} must be finite; got {array[bad]} at index {show_index(bad)}")
    return array


def as_nonnegative(value: Any, name: str) -> np.ndarray:
    """Finite floating array without a negative entry."""
    array = as_floating(value, name)
    bad = first_index(~(np.isfinite(array) & (array >= 0)))
    if bad is not None:
        raise ValueError(
            f"{name} must be finite and not negative; got {array[bad]} at index {show_index(bad)}"
        )
    return array


def first_index(mask: np.ndarray) -> tuple[int, ...] | None:
    """Index of the first True, or None where there is none."""
    if not np.any(mask):
        return None
    return tuple(int(i) for i in np.unravel_index(np.argmax(mask), np.shape(mask)))


def show_index(index: tuple[int, ...]) -> str:
    """An index as a reader would write it: 3, or (3, 1)."""
    return str(index[0]) if len(index) == 1 else str(index)


def _interval(low: float, high: float) -> str:
    if np.isinf(high):
        return f"at least {low:g}" if np.isfinite(low) else "real"
    return f"between {low:g} and {high:g}"
