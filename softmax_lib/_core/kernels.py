r"""The kernels under activations and losses: a block at a time, accurate to the last digits.

Each takes logits *class first*: a matrix of shape (C, n), a distribution a column, C at least 1,
of any strides and of dtype float32 or wider. What is not finite follows the table in
`activations`.

Three steps of the plain formula lose digits. Each is mended in one place:

1. *The shift.* The difference z - max z is rounded, and the rounding error of an exponent becomes
   a relative error of the power: at -700 it can be 256 units in the last place. So the error is
   computed and multiplied back in (`_shifted_exponentials`). Small logits need no shift at all:
   it would cancel in the quotient.
2. *The sum.* Adding n equal terms one by one can lose n/4 units in the last place, since every
   addition is rounded the same way. So the terms are added in pairs, which halves the work, and
   the sum of the pairs is taken exactly (`_accurate_sum`).
3. *The logarithm.* Beside the winner's 1, small terms are rounded away, and with them the loss of
   a confident winner. So the sum leaves the winner out, and log1p puts it back
   (`_max_and_log_sum`).

What is left, in units in the last place of a probability: up to 1 for the power, 1 for the sum of
such powers, 2 for two roundings of that sum where the probability is large, and 1 for the quotient;
they do not all happen at once, and tests/conformance/test_accuracy.py searches for the worst.

Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions" (2021),
analyse the plain formulas. The error of a difference is from Dekker, "A floating-point technique
for extending the available precision" (1971); the exact sum is from Rump, Ogita and Oishi,
"Accurate floating-point summation part I" (2008).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

# Logits up to this size are not shifted: no power of e, no sum of such powers and no quotient of
# the two can leave the range of the dtype.
NEAR = {"f": 30.0, "d": 300.0, "g": 300.0}

# Differences below this are taken for it: next to e^NEAR, such a power vanishes in any quotient.
# Further down, where powers are subnormal or 0, np.exp is several times slower.
FLOOR = {"f": -104.0, "d": -500.0, "g": -500.0}

# Powers of e up to here may be those of the floor; those above may still divide the largest sum.
FAINT = {"f": 1e-18, "d": 1e-150, "g": 1e-150}

# From a shift of this size, the logits that matter lie between its half and its double, and their
# differences from it are exact (Sterbenz).
EXACT = {"f": 200, "d": 1000, "g": 1000}

# Up to a shift of this size, whole numbers have all their digits, and the winner becomes e^NEAR;
# beyond, the distance to its neighbours can make it 1.
LARGE = 2**20

# So many bytes are worked on at a time that each step finds the results of the last in the cache.
BLOCK = 2**19

# Up to so many classes, and from so many entries, it pays to go through the classes one by one.
FEW = 32
LONG = 128  # and from so many on, to add along each column
SMALL = 1024
FEWEST = 6  # and up to so many, from however few entries


def widened(values: np.ndarray) -> np.ndarray:
    """float16 as float32, to compute in; wider arrays as they are."""
    return values.astype(np.float32) if values.dtype == np.float16 else values


@np.errstate(all="ignore")
def softmax(logits: np.ndarray, out: np.ndarray, temperature: float = 1.0) -> None:
    """exp(z / T), divided by its sum."""
    for z, probs in _blocks(logits, out):
        _exponentials(z, probs, temperature)
        np.divide(probs, _accurate_sum(probs), out=probs)


@np.errstate(all="ignore")
def log_softmax(logits: np.ndarray, out: np.ndarray, temperature: float = 1.0) -> None:
    """(z - max z) / T, minus the logarithm of the sum of its exponentials."""
    for z, log_probs in _blocks(logits, out):
        peak, log_sum = _max_and_log_sum(z, temperature)
        _shift(z, peak, temperature, log_probs)
        np.subtract(log_probs, log_sum, out=log_probs)


@np.errstate(all="ignore")
def logsumexp(logits: np.ndarray, out: np.ndarray) -> None:
    """max z, plus the logarithm of the sum of exp(z - max z); `out` has shape (1, n)."""
    for z, sums in _blocks(logits, out):
        peak, log_sum = _max_and_log_sum(z)
        np.add(peak, log_sum, out=sums[0])
        np.copyto(sums[0], peak, where=~np.isfinite(peak))


@np.errstate(all="ignore")
def hardmax(logits: np.ndarray, out: np.ndarray) -> None:
    """1 at the first maximum, 0 elsewhere; nan where there is a nan."""
    for z, choice in _blocks(logits, out):
        winner = z.argmax(axis=0), np.arange(z.shape[1])
        missing = np.isnan(z[winner])  # argmax stops at the first nan
        choice[...] = 0
        choice[winner] = 1
        np.copyto(choice, np.nan, where=missing)


@np.errstate(all="ignore")
def label_losses(
    logits: Array,
    labels: NDArray[np.intp],
    weights: Array | None,
    losses: Array,
    gradient: Array | None = None,
    scale: float = 1.0,
) -> None:
    """w (-ln p_y) for a label y of weight w and, if wanted, its gradient times `scale`.

    `labels`, `weights` and `losses` have shape (n,); the gradient is w (p - onehot(y)). Without
    weights all are 1.
    """
    slots = logits if gradient is None else gradient
    for z, slot, y, loss, w in _blocks(logits, slots, labels, losses, weights):
        powers = np.empty_like(z) if gradient is None else slot
        shift = _exponentials(z, powers)
        truth = y, np.arange(len(y))
        power = powers[truth]
        powers[truth] = 0
        others = _accurate_sum(powers)
        total = others + power
        # The sum leaves the truth out as that of `log_softmax` leaves out the winner:
        # -ln p = ln(1 + others / power).
        np.log1p(others / power, out=loss)
        if shift is not None:
            faint = power < FAINT[z.dtype.char]
            if np.count_nonzero(faint):
                np.copyto(loss, shift - z[truth] + np.log(total), where=faint)
        if w is not None:
            loss *= w
            np.copyto(loss, 0, where=(w == 0) & (z[truth] == -np.inf) & ~np.isnan(total))
        if gradient is not None:
            # p - 1 is minus the probability of the others: written so, nothing cancels.
            powers[truth] = 0 - others
            powers *= scale / total
            if w is not None:  # by itself: beside the total, an extreme weight could overflow
                powers *= w


@np.errstate(all="ignore")
def soft_target_losses(
    logits: Array,
    targets: Array,
    losses: Array,
    gradient: Array | None = None,
    scale: float = 1.0,
) -> None:
    """-Σ Y ln p for soft targets Y >= 0 and, if wanted, its gradient (Σ Y) p - Y times `scale`.

    A target of 0 costs nothing, even where p is 0.
    """
    slots = logits if gradient is None else gradient
    for z, slot, y, loss in _blocks(logits, slots, targets, losses):
        log_probs = np.empty_like(z) if gradient is None else slot
        log_softmax(z, log_probs)
        surprisals = np.multiply(log_probs, -y)
        np.copyto(surprisals, 0, where=(y == 0) & (log_probs == -np.inf))
        loss[...] = _pairwise_sum(surprisals, 1)[0] + 0
        if gradient is not None:
            _soft_target_gradient(log_probs, y)
            log_probs *= scale


def _soft_target_gradient(log_probs: Array, targets: Array) -> None:
    """Replace the log-probabilities by (Σ Y) p - Y."""
    total = _pairwise_sum(targets, 1)[0]
    winner = log_probs.argmax(axis=0), np.arange(log_probs.shape[1])
    highest = log_probs[winner]
    np.exp(log_probs, out=log_probs)
    log_probs *= total
    log_probs -= targets
    # Where p is near 1 the difference cancels; (Σ Y) (p - 1) plus the other targets does not.
    others = targets.copy()
    others[winner] = 0
    near_one = total * np.expm1(highest) + _pairwise_sum(others, 1)[0]
    log_probs[winner] = np.where(highest > -np.log(2), near_one, log_probs[winner])


def _blocks(*arrays: Any) -> Iterable[Any]:
    """A few columns at a time, of all arrays alike."""
    classes, n = arrays[0].shape
    step = max(1, BLOCK // (classes * arrays[0].itemsize))
    if n <= step:
        return [arrays] if n else []
    return (
        [None if array is None else array[..., start : start + step] for array in arrays]
        for start in range(0, n, step)
    )


def _is_wide(matrix: Array) -> bool:
    """Whether its columns are short, many, and each in one piece.

    NumPy goes through a matrix along the shortest steps in memory; where that is along a short
    column, going through the classes one by one is faster.
    """
    return 1 < len(matrix) <= FEW and matrix.size > SMALL and matrix.strides[0] < matrix.strides[1]


def _largest(matrix: Array) -> Array:
    """Maximum of each column."""
    if 1 < len(matrix) <= FEWEST or _is_wide(matrix):
        return reduce(np.maximum, matrix)
    return np.maximum.reduce(matrix, axis=0)


def _is_near(z: Array, near: float) -> bool:
    """Whether no entry is larger, in size, than `near`, or nan."""
    if not z.flags.forc:
        return bool(np.maximum.reduce(np.abs(z), axis=None) <= near)
    flat = z.ravel(order="K")  # a view, in which NumPy is fastest at finding a place
    return bool(-near <= flat[flat.argmin()] and flat[flat.argmax()] <= near)


def _exponentials(z: Array, out: Array, temperature: float = 1.0) -> Array | None:
    """Powers of e in proportion to exp(z / T) within each column.

    Return what was subtracted from each column; None where none needed it.
    """
    near = NEAR[z.dtype.char]
    if temperature == 1.0 and _is_near(z, near):
        if out.strides != z.strides:  # np.exp is fast, and rounds alike, on neighbours only
            np.copyto(out, z)
            z = out
        np.exp(z, out=out)
        return None
    if temperature == 1.0:
        shift = _integer_shift(z, near)
        _shifted_exponentials(z, shift, out)
    else:
        shift = _largest(z)
        difference = np.empty_like(out)
        _shift(z, shift, temperature, difference)
        np.exp(difference, out=out)
    return shift


def _integer_shift(z: Array, near: float) -> Array:
    """A whole number for each column, by which the winner becomes about `near`.

    Its power is then not 1 but e^near: only what is lost in the quotient underflows.
    """
    peak = _largest(z)
    shift = np.rint(peak) - near
    close = np.abs(peak) <= near
    # As without a shift: the last digit must not depend on the neighbours.
    if np.count_nonzero(close):
        shift[close & (_largest(-z) <= near)] = 0
    return shift


def _shifted_exponentials(z: Array, shift: Array, out: Array) -> None:
    """exp(z - shift), as if the difference were exact, for whole numbers to shift by."""
    difference = np.subtract(z, shift, out=np.empty_like(out))
    rounded = _inexact_columns(z, shift)
    lost = _rounding_error(z[:, rounded], shift[rounded], difference[:, rounded])
    if z.dtype != np.float32:  # float32 has a fast np.exp all the way down
        np.maximum(difference, FLOOR[z.dtype.char], out=difference)
    np.exp(difference, out=out)
    # e^(d + r) = e^d (1 + r + r²/2 + ...); r² is far below the last digit.
    lost *= out[:, rounded]
    out[:, rounded] += lost


def _inexact_columns(z: Array, shift: Array) -> slice | NDArray[np.intp]:
    """Where differences z - shift may be rounded; all, where telling them apart costs more."""
    if z.size <= SMALL:
        return slice(None)
    size = np.abs(shift)
    exact = (size >= EXACT[z.dtype.char]) & (size <= LARGE)
    return np.flatnonzero(~exact) if exact.any() else slice(None)


def _rounding_error(z: Array, shift: Array, difference: Array) -> Array:
    """Exactly what rounding took from the difference z - shift (Dekker's two-difference).

    It holds since a whole number is a multiple of the last digit of any logit that matters.
    """
    lost = difference + shift
    np.subtract(z, lost, out=lost)
    # Below the floor -1 makes the power 0: next to a winner of 1, e^FLOOR would not vanish.
    np.copyto(lost, -1, where=~(difference > FLOOR[z.dtype.char]))
    return lost


def _shift(
    z: Array,
    peak: Array,
    temperature: float,
    out: Array,
) -> None:
    """(z - peak) / T."""
    shifted = np.subtract(z, peak, out=out if temperature == 1.0 else None)
    if temperature != 1.0:
        # A float64 divisor: a temperature that float32 would round to 0 must not become 0/0.
        divisor = np.float64(temperature)
        # Where the difference overflowed, the logits are far apart: dividing first is safe.
        overflown = np.isinf(shifted) & np.isfinite(z)
        out[...] = np.where(overflown, z / divisor - peak / divisor, shifted / divisor)


def _max_and_log_sum(z: Array, temperature: float = 1.0) -> tuple[Array, Array]:
    """max z, and the logarithm of the sum of exp((z - max z) / T)."""
    if 1 < len(z) <= FEW:
        powers = _largest_first(z)
        peak = powers[0].copy()
        _exponentials(powers, powers, temperature)
        largest, others = powers[0], powers[1:]
    else:
        powers = np.empty_like(z)
        _exponentials(z, powers, temperature)
        winner = z.argmax(axis=0), np.arange(z.shape[1])
        peak, largest = z[winner], powers[winner]
        powers[winner] = 0
        others = powers
    return peak, np.log1p(_accurate_sum(others) / largest)


def _largest_first(z: Array) -> Array:
    """The entries of each column in another order, the largest in front."""
    ordered = np.empty(z.shape, z.dtype)
    if z.size > SMALL:
        leader = z[0]
        for logit, loser in zip(z[1:], ordered[1:], strict=True):
            np.minimum(leader, logit, out=loser)
            leader = np.maximum(leader, logit)
        ordered[0] = leader
    else:
        leaders = np.maximum.accumulate(z, axis=0)
        np.minimum(leaders[:-1], z[1:], out=ordered[1:])
        ordered[0] = leaders[-1]
    return ordered


def _accurate_sum(terms: Array) -> Array:
    """Sum of each column of powers, rounded twice at most."""
    if len(terms) == 4:
        return (terms[0] + terms[1]) + (terms[2] + terms[3])
    if len(terms) <= 3:
        return reduce(np.add, terms)
    return _exact_sum(_pairwise_sum(terms, -(-len(terms) // 2)))


def _exact_sum(terms: Array) -> Array:
    """Sum of each column, rounded once (Rump, Ogita and Oishi 2008)."""
    if terms.dtype == np.float32:  # float64 has digits to spare
        return np.add.reduce(terms, dtype=np.float64).astype(np.float32)
    # Adding and subtracting a number larger than their sum leaves the high digits of the terms.
    # They are multiples of its last digit, so that no addition of them is rounded.
    large = 2 * np.add.reduce(terms)
    high = terms + large
    high -= large
    total = np.add.reduce(high)
    low = np.subtract(terms, high, out=high)
    return total + np.add.reduce(low)


def _pairwise_sum(terms: Array, rows: int) -> Array:
    """Add up each column in pairs, and the pairs in pairs, until at most so many rows are left."""
    while len(terms) > rows:
        half, odd = divmod(len(terms), 2)
        first, second = terms[:half], terms[half + odd :]
        # Long columns stay in one piece; of short ones, rows become so.
        stay = len(terms) >= LONG and terms.strides[0] < terms.strides[1]
        sums = np.empty((half + odd, terms.shape[1]), terms.dtype, order="F" if stay else "C")
        if _is_wide(terms):
            for a, b, total in zip(first, second, sums, strict=False):
                np.add(a, b, out=total)
        else:
            np.add(first, second, out=sums[:half])
        sums[half:] = terms[half : half + odd]
        terms = sums
    return terms
