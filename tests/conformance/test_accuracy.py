"""How many digits are right: logits that cost digits, against exact answers.

The bounds are those of the documentation: in float64 4, in float32 6 units in the last place, and
what the platform's own exp and log1p err beyond what these bounds suppose. Log-sum-exp loses only
what cancels near zero: its units are of max z where that is larger.
"""

import os
import subprocess
import sys
from functools import cache

import mpmath
import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy._core._multiarray_umath import __cpu_features__

import softmax_lib
from tests.support.accuracy_cases import (
    BOUND,
    DTYPES,
    FAMILIES,
    FUNCTIONS,
    by_way_of_float64,
    examples,
)
from tests.support.rounding_error import (
    PRECISION,
    answers,
    answers_in,
    errors,
    last_place,
    rounded,
    ulps,
)
from tests.support.vector_instructions import AVX512, HAS_AVX512

# What these bounds suppose of the platform, and what NumPy's own tests let its loops err.
SUPPOSED = {"exp": {"float64": 1, "float32": 3}, "log1p": {"float64": 1, "float32": 2}}
HEALTHY = 4

each_dtype = pytest.mark.parametrize("dtype", DTYPES)
each_function = pytest.mark.parametrize("name", FUNCTIONS)


def within_bounds(name, result, exact, logits):
    """Fail with the worst row, where a row is out of bounds."""
    error = errors(name, result, exact, logits).reshape(len(logits), -1).max(axis=1)
    worst, bound = error.argmax(), bound_here(logits.dtype.name)
    assert error[worst] <= bound, (
        f"{name} errs by {error[worst]:.4g} units, over {bound:.4g}, "
        f"on {logits[worst].tolist()!s:.500}"
    )


def bound_here(dtype):
    """The documented bound, and what this platform errs beyond what the bound supposes."""
    beyond = (error_of_platform(name, dtype) - SUPPOSED[name][dtype] for name in SUPPOSED)
    return BOUND[dtype] + sum(max(0, excess) for excess in beyond)


# --- what the bounds rest on -------------------------------------------------------------------


@cache
def error_of_platform(name, dtype):
    """The largest error of NumPy's exp or log1p on this processor, in units in the last place."""
    function = getattr(np, name)
    return max(ulps(function(x), exact).max() for x, exact in exact_values(name, dtype))


@cache
def exact_values(name, dtype):
    """Arguments, and the values of exp or log1p there."""
    exactly = getattr(mpmath, name)
    with mpmath.workprec(PRECISION):
        return [
            (x, rounded([exactly(mpmath.mpf(value)) for value in x.tolist()], dtype))
            for x in arguments(name, dtype)
        ]


def arguments(name, dtype):
    rng = np.random.default_rng(0)
    if name == "log1p":
        return [
            (10.0 ** rng.uniform(-30, 5, 5000)).astype(dtype),
            rng.uniform(0, 3, 5000).astype(dtype),
        ]
    info = np.finfo(dtype)
    low, bottom, top = np.log([info.tiny, info.smallest_subnormal, info.max]).astype(float)
    normal, subnormal, small = (low, top), (bottom, low), (-1, 1)
    return [rng.uniform(*ends, 8000).astype(dtype) for ends in (normal, subnormal, small)]


@each_dtype
@pytest.mark.parametrize("name", SUPPOSED)
def test_the_platform_is_as_accurate_as_numpy_promises(name, dtype):
    assert error_of_platform(name, dtype) <= HEALTHY


@pytest.mark.parametrize("name", SUPPOSED)
def test_a_less_accurate_platform_widens_the_bound(name, monkeypatch):
    usual = bound_here("float64")
    function = getattr(np, name)
    monkeypatch.setattr(np, name, lambda x: function(x) * (1 + 3 * np.finfo(x.dtype).eps))
    error_of_platform.cache_clear()
    assert 2 < bound_here("float64") - usual < 6  # 3 eps are 3 to 6 units
    error_of_platform.cache_clear()


def test_vector_instructions_that_are_to_be_off_are_off():
    """NumPy ignores a name that it does not know."""
    off = os.environ.get("NPY_DISABLE_CPU_FEATURES", "").split()
    assert [name for name in off if __cpu_features__[name]] == []


@pytest.mark.skipif(not HAS_AVX512, reason="without AVX-512 anyway")
def test_the_bounds_hold_without_the_newest_vector_instructions():
    quick = ["-p", "tools.without_iris", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", *quick, __file__]
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(AVX512)},
    )
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("title", ["mixed magnitudes", "huge", "crumbs beside a winner"])
def test_two_routes_to_the_exact_answers_in_float32_agree(title):
    for logits, exact in examples(title, "float32"):
        slow = answers(logits.astype(np.float64))
        for a, b, name in zip(exact, slow, FUNCTIONS, strict=True):
            finite = np.isfinite(a.nearest)
            unit = last_place(a.nearest[finite]).astype(np.float64)
            apart = (a.nearest[finite] - b.nearest[finite]) / unit + a.missing[finite]
            assert abs(apart).max() < 1e-4, name


# --- the bounds --------------------------------------------------------------------------------


@each_dtype
@each_function
@pytest.mark.parametrize("title", FAMILIES)
def test_every_family_is_within_the_bounds(name, dtype, title):
    for logits, exact in examples(title, dtype):
        within_bounds(name, getattr(softmax_lib, name)(logits), exact, logits)


@each_function
@pytest.mark.parametrize("title", FAMILIES)
def test_float32_by_way_of_float64_is_rounded_right(name, title):
    """To the nearest number, and so to the same on every processor and in any order."""
    function = by_way_of_float64(name)
    for logits, exact in examples(title, "float32"):
        result = function(logits)
        assert result.dtype == np.float32
        assert errors(name, result, exact, logits).max() <= 0.5001
        backwards = function(logits[:, ::-1].copy())
        np.testing.assert_array_equal(
            backwards[..., ::-1] if result.ndim > 1 else backwards, result
        )


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@each_dtype
def test_scipy_is_not_within_them(name, dtype):
    function = getattr(scipy.special, name)
    with np.errstate(over="ignore"):
        worst = max(
            errors(name, function(logits, axis=1), exact, logits).max()
            for title in FAMILIES
            for logits, exact in examples(title, dtype)
        )
    assert worst > 10 * BOUND[dtype]


def finite_rows(dtype):
    width = np.dtype(dtype).itemsize * 8
    anything = st.floats(allow_nan=False, allow_infinity=False, width=width)
    related = st.integers(-120, 120).map(lambda n: n * 6.25)  # close enough to share a sum
    return hnp.arrays(
        dtype, st.tuples(st.integers(1, 4), st.integers(1, 7)), elements=anything | related
    )


@each_function
@each_dtype
@given(data=st.data())
def test_whatever_is_finite_is_within_the_bounds(name, dtype, data):
    logits = data.draw(finite_rows(dtype))
    within_bounds(name, getattr(softmax_lib, name)(logits), answers(logits), logits)


@pytest.mark.slow
@each_function
@each_dtype
@pytest.mark.parametrize("n_classes", [2, 3, 5, 10, 33, 100])
def test_the_worst_that_a_search_finds_is_within_the_bounds(name, dtype, n_classes):
    logits = worst_rows(name, np.dtype(dtype), n_classes)
    within_bounds(name, getattr(softmax_lib, name)(logits), answers(logits), logits)


def worst_rows(name, dtype, n_classes, population=200, steps=80):
    """Hill climbing: a change of one logit stays where it raises the error of its row.

    The exact answers come from a wider dtype on the way: they only have to show the direction.
    """
    rng = np.random.default_rng(n_classes)
    wider = np.float64 if dtype == np.float32 else np.longdouble
    rows = np.arange(population)
    reach = 10.0 ** rng.uniform(-1, 2, population)

    def error(logits):
        found = errors(name, getattr(softmax_lib, name)(logits), answers_in(wider, logits), logits)
        return found.reshape(population, -1).max(axis=1)

    logits = (reach[:, None] * rng.uniform(-1, 1, (population, n_classes))).astype(dtype)
    highest = error(logits)
    for _ in range(steps):
        changed = logits.copy()
        anew = reach * rng.uniform(-1, 1, population)
        changed[rows, rng.integers(0, n_classes, population)] = anew
        raised = error(changed)
        better = raised > highest
        logits[better], highest[better] = changed[better], raised[better]
    return logits[np.argsort(highest)[-5:]]


# --- layouts and neighbours --------------------------------------------------------------------


@cache
def mixed_rows(dtype, n_classes):
    """A few rows of every family, cut to one number of classes; the number of rows is even."""
    rows = [
        logits[:10, :n_classes]
        for title in FAMILIES
        for logits, _ in examples(title, dtype)
        if logits.shape[1] >= n_classes
    ]
    logits = np.concatenate(rows)
    logits = logits[: len(logits) // 2 * 2]
    return logits, answers(logits)


def with_class_axis(axis):
    """Rows as an array of three dimensions, the classes on one of them."""

    def arrange(rows):
        return np.moveaxis(rows.reshape(2, -1, rows.shape[1]), -1, axis)

    def restore(result, n_rows):
        if result.ndim == 2:
            return result.reshape(n_rows)
        return np.moveaxis(result, axis, -1).reshape(n_rows, -1)

    return arrange, restore, axis


ARRANGEMENTS = {
    "rows": (lambda rows: rows, lambda result, n: result, 1),
    "columns": (lambda rows: rows.T, lambda result, n: result.T, 0),
    "columns, side by side": (lambda rows: rows.T.copy(), lambda result, n: result.T, 0),
    "rows in Fortran's order": (np.asfortranarray, lambda result, n: result, 1),
    "every other entry": (
        lambda rows: rows.repeat(2, 0).repeat(3, 1)[::2, ::3],
        lambda result, n: result,
        1,
    ),
    "backwards": (lambda rows: rows[::-1, ::-1].copy()[::-1, ::-1], lambda result, n: result, 1),
    "swapped bytes": (
        lambda rows: rows.astype(rows.dtype.newbyteorder()),
        lambda result, n: result,
        1,
    ),
    "first of three axes": with_class_axis(0),
    "second of three axes": with_class_axis(1),
    "last of three axes": with_class_axis(2),
}


@each_dtype
@each_function
@pytest.mark.parametrize("n_classes", [3, 70])
@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_no_axis_and_no_layout_costs_digits(name, dtype, n_classes, arrangement):
    logits, exact = mixed_rows(dtype, n_classes)
    arrange, restore, axis = ARRANGEMENTS[arrangement]
    result = getattr(softmax_lib, name)(arrange(logits), axis=axis)
    within_bounds(name, restore(result, len(logits)), exact, logits)


@each_dtype
@each_function
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("n_classes", [1, 2, 3, 10, 70])
def test_no_row_depends_on_its_neighbours(name, dtype, axis, n_classes):
    function = getattr(softmax_lib, name)
    rows, _ = mixed_rows(dtype, n_classes)
    alone = np.concatenate(
        [
            function(row.reshape((1, -1) if axis else (-1, 1)), axis=axis).reshape(1, -1)
            for row in rows
        ]
    )
    # So many that they fill several blocks, and rows of every family stand at the borders.
    among = np.random.default_rng(0).integers(0, len(rows), 400_000 // n_classes)
    batch = rows[among] if axis else rows[among].T
    together = function(batch, axis=axis)
    together = (together if axis else together.T).reshape(len(among), -1)
    differ = (together != alone[among]).any(axis=1)
    assert not differ.any(), (
        f"{differ.sum()} of {len(among)} rows differ; one is {rows[among[differ.argmax()]]}"
    )
