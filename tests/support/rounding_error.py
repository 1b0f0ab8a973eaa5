"""Exact softmax, log-softmax and log-sum-exp, and the distance of a result from them in ulp."""

from __future__ import annotations

from typing import NamedTuple

import mpmath
import numpy as np

# Of 53 bits a hundredth of a unit in the last place must be known, and of every intermediate
# result more than that: twice the bits are plenty.
PRECISION = 120

# Powers of e below e^-1000 are 0 in every dtype, and vanish in every sum.
NOTHING = -1000


class Exact(NamedTuple):
    """A real number as the nearest float, and what is missing in units in its last place."""

    nearest: np.ndarray
    missing: np.ndarray


class Answers(NamedTuple):
    softmax: Exact
    log_softmax: Exact
    logsumexp: Exact


# --- exact answers -----------------------------------------------------------------------------


def answers(logits: np.ndarray) -> Answers:
    """Exact softmax, log-softmax and log-sum-exp of each row."""
    if logits.dtype == np.float32:
        return answers_in(np.float64, logits)
    rows = [_answers_of_row(row) for row in logits]
    return Answers(
        *(
            Exact(*(np.array(part) for part in zip(*column, strict=True)))
            for column in zip(*rows, strict=True)
        )
    )


def _answers_of_row(row):
    """By the formulas as they stand; equal logits have equal answers, computed once."""
    with mpmath.workprec(PRECISION):
        values, where, counts = np.unique(row, return_inverse=True, return_counts=True)
        z = [mpmath.mpf(value) for value in values.tolist()]
        differences = [value - z[-1] for value in z]
        powers = [mpmath.exp(d) if d > NOTHING else mpmath.mpf(0) for d in differences]
        counts[-1] -= 1  # the winner itself
        others = mpmath.fsum(p * int(n) for p, n in zip(powers, counts, strict=True))
        log_sum = mpmath.log1p(others)
        probs = rounded([power / (1 + others) for power in powers])
        log_probs = rounded([difference - log_sum for difference in differences])
        total = rounded([z[-1] + log_sum])
    return [tuple(part[where] for part in exact) for exact in (probs, log_probs)] + [
        tuple(part[0] for part in total)
    ]


def rounded(numbers: list[mpmath.mpf], dtype: str = "float64") -> Exact:
    """Exact numbers as the nearest of a dtype, and what is missing."""
    with np.errstate(over="ignore"):
        nearest = np.array([float(number) for number in numbers]).astype(dtype)
    triples = zip(numbers, nearest.tolist(), last_place(nearest).tolist(), strict=True)
    missing = [
        float((number - near) / unit) if np.isfinite(near) else 0.0
        for number, near, unit in triples
    ]
    return Exact(nearest, np.array(missing))


def answers_in(wider: type, logits: np.ndarray) -> Answers:
    """The same by the plain formulas, in a dtype so wide that their rounding cannot be seen."""
    z = logits.astype(wider)
    winner = np.arange(len(z)), z.argmax(axis=1)
    differences = z - z[winner][:, None]
    powers = np.exp(differences)
    powers[winner] = 0
    others = np.sort(powers, axis=1).sum(axis=1)
    powers[winner] = 1
    log_sum = np.log1p(others)
    exact = powers / (1 + others)[:, None], differences - log_sum[:, None], z[winner] + log_sum
    return Answers(*(_narrowed(values, logits.dtype) for values in exact))


def _narrowed(values, dtype):
    with np.errstate(over="ignore"):
        nearest = values.astype(dtype)
    finite = np.isfinite(nearest)
    missing = np.zeros_like(values)
    missing[finite] = (values[finite] - nearest[finite]) / last_place(nearest[finite])
    return Exact(nearest, missing)


def last_place(values: np.ndarray) -> np.ndarray:
    """The unit in the last place; at infinity, that of the largest numbers."""
    info = np.finfo(values.dtype)
    return np.spacing(np.minimum(abs(values), np.nextafter(info.max, -info.max)))


# --- the distance from them --------------------------------------------------------------------


def ulps(result: np.ndarray, exact: Exact) -> np.ndarray:
    """Distance in units in the last place of the exact answer; infinite for nan."""
    assert result.dtype.type is exact.nearest.dtype.type
    result, nearest = result.astype(np.float64), exact.nearest.astype(np.float64)
    unit = last_place(exact.nearest).astype(np.float64)
    with np.errstate(all="ignore"):
        apart = np.where(result == nearest, 0, (result - nearest) / unit)
        return np.nan_to_num(abs(apart - exact.missing), nan=np.inf, posinf=np.inf)


def relative_to_the_larger(result: np.ndarray, exact: Exact, logits: np.ndarray) -> np.ndarray:
    """Distance in units of eps max(|max z|, |result|), and of half the smallest number at least.

    Where log-sum-exp is near zero, max z and the logarithm of the sum cancel: no more is to be had.
    """
    larger = np.maximum(abs(logits.max(axis=1)), abs(exact.nearest)).astype(np.float64)
    info = np.finfo(result.dtype)
    scale = float(info.eps) * larger + float(info.smallest_subnormal)
    return ulps(result, exact) * (last_place(exact.nearest) / scale)


def errors(function: str, result: np.ndarray, exact: Answers, logits: np.ndarray) -> np.ndarray:
    if function == "logsumexp":
        return relative_to_the_larger(result, exact.logsumexp, logits)
    return ulps(result, getattr(exact, function))
