"""From arrays with a class axis anywhere to the class-first matrices that the kernels take."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import kernels
from .kernels import Array

# With fewer entries than this between two steps along the outer axes, copying beats looping.
SMALL = 4096


def run(
    kernel: Callable[..., None],
    values: Array,
    axes: tuple[int, ...],
    *,
    out: Array | None = None,
    options: tuple[float, ...] = (),
    sums: bool = False,
) -> Array:
    """Apply a kernel over the class axes; the result has the shape of `values`.

    With `sums`, the kernel gives one number a distribution, and the class axes shrink to 1.
    """
    work, work_axes = arrange(kernels.widened(values), axes)
    shape = list(work.shape)
    if sums:
        shape = [1 if axis in work_axes else size for axis, size in enumerate(shape)]
    in_place = out is not None and work is values and out.flags.c_contiguous
    result = np.asarray(out) if in_place else np.empty(shape, work.dtype)
    for matrix, target in zip(
        class_first(work, work_axes), class_first(result, work_axes), strict=True
    ):
        kernel(matrix, target, *options)
    if out is not None and in_place:
        return out
    return restore(result, work_axes, axes, values.dtype, out)


def arrange(values: Array, axes: tuple[int, ...]) -> tuple[Array, tuple[int, ...]]:
    """Values and axes such that `class_first` finds a few large matrices.

    The class axes become neighbours; where matrices of them would be too small to be worth a
    call each, they become the last.
    """
    if axes == (values.ndim - 1,) and values.flags.c_contiguous:  # the commonest case
        return values, axes
    if axes and axes[-1] - axes[0] != len(axes) - 1:
        scattered = True
    else:
        outer, classes, inner = _sizes(values.shape, axes)
        scattered = outer > 1 and inner > 1 and classes * inner < SMALL
    if scattered:
        last = tuple(range(values.ndim - len(axes), values.ndim))
        values, axes = np.ascontiguousarray(np.moveaxis(values, axes, last)), last
    elif values.itemsize not in values.strides:  # np.exp rounds otherwise where entries lie apart
        values = values.copy()
    return values, axes


def class_first(array: NDArray[Any], axes: tuple[int, ...]) -> list[NDArray[Any]]:
    """The distributions of an array as the columns of matrices (C, n).

    The matrices share the array's memory where it is contiguous.
    """
    if axes == (1,) and array.ndim == 2:  # the commonest case
        return [array.T]
    outer, classes, inner = _sizes(array.shape, axes)
    if inner == 1:
        return [array.reshape(outer, classes).T]
    return list(array.reshape(outer, classes, inner))


def restore(
    result: Array,
    from_axes: tuple[int, ...],
    to_axes: tuple[int, ...],
    dtype: np.dtype[Any],
    out: Array | None = None,
) -> Array:
    """The result with its class axes, dtype and memory as the caller wants them."""
    if from_axes != to_axes:
        result = np.moveaxis(result, from_axes, to_axes)
    if out is None and result.ndim == 0:
        return dtype.type(result)  # as NumPy's own functions answer a scalar
    if out is None and result.dtype == dtype and result.flags.c_contiguous:
        return result
    with np.errstate(over="ignore", under="ignore"):  # float16 may be too narrow for float32
        if out is None:
            return np.ascontiguousarray(result, dtype).reshape(result.shape)
        out[...] = result
    return out


def _sizes(shape: Sequence[int], axes: tuple[int, ...]) -> tuple[int, int, int]:
    """Numbers of steps along the axes before the class axes, of classes, and of steps after."""
    first, after = (axes[0], axes[-1] + 1) if axes else (0, 0)
    return math.prod(shape[:first]), math.prod(shape[first:after]), math.prod(shape[after:])
