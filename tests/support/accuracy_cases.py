"""Families of logits that cost digits, each with its exact answers, and the documented bounds.

`test_accuracy.py` holds `softmax_lib` to its bounds with them; the benchmarks show the same
table for other libraries.
"""

from __future__ import annotations

from functools import cache

import numpy as np

import softmax_lib

from .rounding_error import Answers, answers

DTYPES = ("float64", "float32")
FUNCTIONS = ("softmax", "log_softmax", "logsumexp")

# What the documentation promises, in units in the last place.
BOUND = {"float64": 4, "float32": 6}


def by_way_of_float64(name):
    """A function for float32 that computes in float64 and rounds once."""

    def function(logits):
        result = getattr(softmax_lib, name)(logits.astype(np.float64))
        with np.errstate(over="ignore"):  # float64 holds what float32 does not
            return result.astype(np.float32)

    return function


# Each family takes a generator and a dtype and returns matrices, a distribution a row.
FAMILIES = {}


def family(title):
    def register(build):
        FAMILIES[title] = build
        return build

    return register


@cache
def examples(title: str, dtype: str) -> list[tuple[np.ndarray, Answers]]:
    """The matrices of a family, each with its exact answers."""
    matrices = FAMILIES[title](np.random.default_rng(0), np.dtype(dtype))
    cast = [np.atleast_2d(np.asarray(matrix)).astype(dtype) for matrix in matrices]
    return [(matrix, answers(matrix)) for matrix in cast]


@family("ordinary")
def _ordinary(rng, dtype):
    return [3 * rng.normal(size=(30, c)) for c in (1, 2, 4, 10, 100)]


@family("any spread")
def _any_spread(rng, dtype):
    reach = 10.0 ** rng.uniform(-8, 4, (40, 1))
    return [reach * rng.uniform(-1, 1, (40, c)) for c in (2, 3, 10, 40)]


@family("large offsets")
def _large_offsets(rng, dtype):
    offset = rng.uniform(-1, 1, (60, 1)) * 10.0 ** rng.integers(0, 7, (60, 1))
    spread = rng.choice([1, 30, 300, 700], (60, 1))
    return [offset + spread * rng.uniform(-1, 1, (60, c)) for c in (2, 5, 10)]


@family("mixed magnitudes")
def _mixed_magnitudes(rng, dtype):
    return [
        rng.normal(size=(150, 6)) * 10.0 ** rng.integers(-12, 4, (150, 6)),
        rng.normal(size=(20, 4)) * float(np.finfo(dtype).tiny),
    ]


@family("huge")
def _huge(rng, dtype):
    top = float(np.finfo(dtype).max)
    below = float(np.nextafter(np.finfo(dtype).max, dtype.type(0)))
    return [
        [
            [top, -top, top],
            [top, 0, -5],
            [top, below, -top],
            [-top, -top, -top],
            [0.5 * top, 0.5 * top, 0],
            [top, top, top],
        ],
        top * rng.uniform(-1, 1, (20, 4)),
        *_last_digits_apart(float(np.finfo(dtype).eps)),
    ]


def _last_digits_apart(eps):
    """Numbers so large that logits which matter differ in nothing but their last digit."""
    powers = 2.0 ** np.arange(100)[:, None]
    return [powers * [1, 1 + steps * eps, 0.5, -1] for steps in (1, 2, 4)]


@family("ties")
def _ties(rng, dtype):
    values = [0, 0.1, -345.678, 1e6 + 0.1, 1e30]
    return [
        np.repeat(np.array(values)[:, None], c, axis=1)
        for c in (2, 3, 7, 10, 64, 100, 129, 1000, 5000)
    ]


@family("subnormal results")
def _subnormal_results(rng, dtype):
    low, high = (
        -np.log(float(tiny)) for tiny in (np.finfo(dtype).tiny, np.finfo(dtype).smallest_subnormal)
    )
    offset = rng.choice([0, 1, -29.7, 3456.7], (150, 1))
    return [offset + np.column_stack([np.zeros(150), -rng.uniform(low - 20, high + 3, (150, 3))])]


@family("confident winner")
def _confident_winner(rng, dtype):
    lead = rng.uniform(10, 1.1 * np.log(float(np.finfo(dtype).max)), (100, 1))
    return [lead * [1, 0, -1 / 3], lead * [-1 / 3, 0.1, 1, 0]]


@family("thousands of classes")
def _thousands_of_classes(rng, dtype):
    return [
        rng.normal(size=3000) * scale + offset
        for scale, offset in [(1, 0), (10, 0), (100, 0), (200, 1e4), (300, -55555.5)]
    ]


@family("50,000 classes")
def _fifty_thousand_classes(rng, dtype):
    return [np.tile(rng.normal(size=distinct), 50_000 // distinct) for distinct in (1, 5, 2000)]


@family("crumbs beside a winner")
def _crumbs(rng, dtype):
    """Terms just above and below half the last digit of 1: one by one, each is rounded alike."""
    half_digit = np.log(float(np.finfo(dtype).eps) / 2)
    return [
        np.concatenate([[0], np.full(n, half_digit + side)])[::step] + offset
        for n in (3, 50, 4000)
        for side in (-0.01, 0.01, 0.4)
        for step in (1, -1)
        for offset in (0, 777.0)
    ]


@family("alike in every addition")
def _alike_in_every_addition(rng, dtype):
    """Terms whose last binary digits are ones: a running sum rounds each of them upwards."""
    ones = 1 + (1 - 2.0 ** -np.arange(4, 11)) * 2.0 ** (11 - np.finfo(dtype).nmant)
    logits = rng.uniform(0.25, 0.45, 2**14).astype(dtype)
    return [
        *(
            np.repeat(np.log(ones)[:, None] + offset, c, axis=1)
            for c in (6, 50, 1025)
            for offset in (0, 100)
        ),
        logits[_rounded_up_by_halves(np.exp(logits))],
    ]


def _rounded_up_by_halves(terms):
    """An order in which a sum by halves, first half plus second half and so on, only rounds up.

    The sum of two numbers between the same powers of 2 has one digit too many. Where that is 1,
    the rounding is to even: upwards if the last two digits are 11. So 00 must meet 11, and 01
    meet 10. The results are even, and their sums exact: only every second step can round.
    """
    order = np.arange(len(terms))[:, None]
    while len(terms) > 1:
        last_two_digits = (terms / np.spacing(terms)).astype(np.int64) % 4
        exact = not (last_two_digits % 2).any()
        ranked = np.arange(len(terms)) if exact else last_two_digits.argsort(kind="stable")
        left, right = ranked[: len(terms) // 2], ranked[: len(terms) // 2 - 1 : -1]
        order = np.stack([order[left], order[right]], axis=-1).reshape(len(left), -1)
        terms = terms[left] + terms[right]
    return order[0]


@family("around the thresholds")
def _around_the_thresholds(rng, dtype):
    """Rows that straddle the numbers at which the kernels take another way."""
    near, edge = (30, 104) if dtype == np.float32 else (300, 746)
    jitter = rng.choice([-1e-4, 0, 1e-4], (40, 1))
    winner = rng.uniform(-near, near, (40, 1))
    return [
        np.hstack([near + jitter, np.full((40, 1), -near), winner]),
        np.hstack([-near + jitter, -near - jitter, -near - 50 * rng.random((40, 1))]),
        np.hstack([near - jitter, near - edge + 10 * rng.normal(size=(40, 1)), winner]),
        np.hstack([winner, winner - edge + 3 * jitter, winner - edge / 1.5 + jitter]),
        rng.choice([-1, 1], (80, 1)) * rng.uniform(3, 8, (80, 1)) * near
        - rng.choice([1, near / 10, near], (80, 1)) * rng.exponential(size=(80, 5)),
        2.0**20 * rng.uniform(0.5, 2.5, (80, 1))
        - rng.choice([5, near / 3, near], (80, 1)) * rng.exponential(size=(80, 5)),
    ]
