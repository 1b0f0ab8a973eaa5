"""Arrays as users may hold them, drawn at random; and the verdict on a call with them."""

import inspect
import math
import re

import mpmath
import numpy as np
import pandas as pd
from hypothesis import strategies as st

from tests.support import plain

FLOATS = [np.float16, np.float32, np.float64]
WHOLE = [np.int8, np.uint8, np.int64, np.uint64, np.bool_]
LAYOUTS = {
    "as it is": lambda a: a,
    "columns first": lambda a: np.asfortranarray(a) if a.ndim else a,
    "backwards": lambda a: np.flip(np.flip(a).copy()),
    "every second": lambda a: np.repeat(a, 2, axis=-1)[..., ::2] if a.ndim else a,
    "turned": lambda a: np.moveaxis(np.moveaxis(a, 0, -1).copy(), -1, 0) if a.ndim else a,
    "other bytes": lambda a: a.astype(a.dtype.newbyteorder()),
}


class Subclass(np.ndarray):
    """An array of a class of its own."""


def frame(a):
    if a.ndim == 2 and a.shape[1] and a.dtype.isnative:
        return pd.DataFrame(a)
    return pd.Series(a) if a.ndim == 1 and a.dtype.isnative else a


def extension(a):
    """A series with a place for what is missing."""
    return pd.Series(a, dtype="Int64") if a.ndim == 1 and a.dtype == np.int64 else frame(a)


KINDS = {
    "array": lambda a: a,
    "list": lambda a: a.tolist() if a.size else a,
    "subclass": lambda a: a.view(Subclass),
    "matrix": lambda a: a.view(np.matrix) if a.ndim == 2 else a,
    "nothing masked": np.ma.asarray,
    "frame": frame,
    "extension": extension,
}


def dressed(draw, array):
    """The same numbers as a user may hold them."""
    array = np.asarray(LAYOUTS[draw(st.sampled_from(sorted(LAYOUTS)))](array))
    if draw(st.booleans()):
        array.flags.writeable = False
    return KINDS[draw(st.sampled_from(sorted(KINDS)))](array)


def shapes(draw, min_dims=0, max_dims=3):
    sides = st.sampled_from([1, 2, 3, 4, 0])
    return tuple(draw(st.lists(sides, min_size=min_dims, max_size=max_dims)))


def filled(draw, shape, dtype, elements):
    size = math.prod(shape)
    values = draw(st.lists(elements, min_size=size, max_size=size))
    with np.errstate(all="ignore"):
        return np.array(values, np.float64).reshape(shape).astype(dtype)


NEAR = st.floats(-30, 30, allow_subnormal=False) | st.sampled_from([0.0, -0.0, 1.0, 2.0])
FAR = NEAR | st.floats(-1500, 1500) | st.sampled_from([1e4, -1e4, 6e4, 3e38, -3e38, 1e-300, 1e300])
ODD = st.sampled_from([np.inf, -np.inf, np.nan, 1.7e308, -1.7e308, 5e-324])


def logits(draw, shape):
    dtype = draw(st.sampled_from(FLOATS * 3 + WHOLE))
    if np.dtype(dtype).kind != "f":
        low = 0 if np.dtype(dtype).kind in "ub" else -100
        return filled(draw, shape, dtype, st.integers(low, 1 if dtype is np.bool_ else 100))
    elements = draw(st.sampled_from([NEAR, FAR, FAR | ODD, NEAR | st.just(-np.inf)]))
    return filled(draw, shape, dtype, elements)


def floating(value):
    array = np.asarray(value)
    return array.dtype.newbyteorder("=") if array.dtype.kind == "f" else np.dtype(np.float64)


def an_axis(draw, ndim, several=False):
    one = st.integers(-ndim - (1 if draw(st.integers(0, 9)) == 0 else 0), max(ndim - 1, 0))
    if not several:
        return draw(one)
    return draw(one | st.none() | st.lists(one, max_size=3).map(tuple))


def weights_of(draw, shape, wrong=True):
    """Weights of examples or classes, how they are passed, and whether they are right."""
    kind = draw(st.sampled_from(["none", "none", "whole", "real", "real", *(["wrong"] * wrong)]))
    if kind == "none":
        return None, None, True
    if kind == "whole":
        weights = filled(draw, shape, np.int64, st.integers(0, 4))
    else:
        real = st.sampled_from([0.0, 0.25, 1.0, 3.0, 1e-3, 1e3])
        weights = filled(draw, shape, draw(st.sampled_from(FLOATS)), real)
    right = True
    if kind == "wrong":
        how = draw(st.sampled_from(["negative", "nan", "shape"]))
        if how == "shape":
            weights = np.ones((*shape, 2))
            right = False
        elif weights.size:
            weights.flat[-1] = -1.0 if how == "negative" else np.nan
            right = False
    return weights, dressed(draw, weights), right


def distributions(draw, shape, axes):
    """Probabilities as they come: exact, rounded, from float32, with a 1 - p below 0, or wrong."""
    amounts = st.sampled_from([0.0, 0.1, 1.0, 2.5, 30.0])
    probs = filled(draw, shape, np.float64, amounts)
    if probs.size:
        first = [slice(None)] * probs.ndim
        for axis in axes:
            first[axis] = slice(0, 1)
        probs[tuple(first)] += 1
        probs /= probs.sum(axis=axes, keepdims=True)
    how = draw(
        st.sampled_from(["exact", "exact", "rounded", "below 0", "counts", "negative", "nan"])
    )
    if how == "rounded":
        probs = np.round(probs, 5)
    elif how == "below 0":
        probs[probs == 0] = -1e-13
    elif probs.size:
        if how == "counts":
            probs = probs * draw(st.sampled_from([1.01, 0.98, 100.0, 0.0]))
        elif how == "negative":
            probs.flat[0] = -1e-3
        elif how == "nan":
            probs.flat[-1] = draw(st.sampled_from([np.nan, np.inf]))
    return probs.astype(draw(st.sampled_from(FLOATS)))


# Labels

NUMBERS = [0, 1, 2, 3]
ALPHABETS = {
    "small": (NUMBERS, [np.int8, np.uint8, np.int64, np.uint64, np.float32, np.float64, object]),
    "large": ([2**53, 2**53 + 1, 2**53 + 2, 5], [np.int64, np.uint64, object]),
    "text": (["a", "b", "cat", ""], [str, np.dtypes.StringDType(), object]),
    "bytes": ([b"a", b"b", b"cat", b"x"], [np.bytes_, object]),
}


def labels_of(draw, size, alphabet=None):
    alphabet = alphabet or draw(st.sampled_from(sorted(ALPHABETS)))
    letters, dtypes = ALPHABETS[alphabet]
    labels = draw(st.lists(st.sampled_from(letters), min_size=size, max_size=size))
    if draw(st.booleans()):
        return labels, list(labels)
    array = np.array(labels, draw(st.sampled_from(dtypes)))
    how = draw(st.sampled_from(["array", "backwards", "series", "read-only"]))
    if how == "backwards":
        array = array[::-1].copy()[::-1]
    elif how == "series" and array.dtype.kind not in "ST":
        return labels, pd.Series(array)
    elif how == "read-only":
        array.flags.writeable = False
    return labels, array


# The verdict


def axes_of(axis, ndim):
    """Non-negative axes, or Refused."""
    if axis is None:
        return tuple(range(ndim))
    axes = axis if isinstance(axis, tuple) else (axis,)
    if any(not -ndim <= k < ndim for k in axes) or len({k % ndim for k in axes}) < len(axes):
        raise plain.Refused
    return tuple(sorted(k % ndim for k in axes))


def check(function, arguments, options, expected):
    """Call it, and see that it answers as `expected` does, or names an argument."""
    try:
        value = expected()
    except plain.Refused:
        value = plain.Refused
    names = "|".join(inspect.signature(function).parameters)
    try:
        with np.errstate(all="raise"):
            answer = function(*arguments, **options)
    except (TypeError, ValueError) as error:
        named, message = re.search(rf"\b({names})\b", str(error)), str(error)
    else:
        assert value is not plain.Refused, "taken, though wrong"
        return answer, value
    assert named, f"names no argument: {message}"
    assert value is plain.Refused, f"refused without need: {message}"
    return None


def assert_close(answer, value, dtype, relative, absolute=0.0):
    """Within a relative error in eps of the dtype (or of what it is computed in), and rounding."""
    answer, value = np.asarray(answer), np.asarray(value, object)
    assert answer.dtype == dtype, (answer.dtype, dtype)
    assert answer.shape == value.shape, (answer.shape, value.shape)
    info = np.finfo(dtype)
    eps = max(float(np.finfo(dtype).eps), float(np.finfo(np.float64).eps))
    relative = np.broadcast_to(np.asarray(relative, object), value.shape)
    absolute = np.broadcast_to(np.asarray(absolute, object), value.shape)
    for index in np.ndindex(value.shape):
        ours, true = float(answer[index]), value[index]
        if true != true:
            assert ours != ours, (index, ours)
            continue
        largest = mpmath.mpf(float(info.max))
        slack = eps * (relative[index] * abs(true) + absolute[index])
        slack += 4 * mpmath.mpf(float(info.smallest_subnormal))
        if abs(ours) == math.inf:
            assert true == ours or abs(true) + slack >= largest * (1 - eps), (index, ours, true)
            assert (ours > 0) == (true > 0)
        else:
            assert ours == ours, (index, ours, true)
            assert abs(plain.number(ours) - true) <= slack, (index, ours, true)
