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
   addition is rounded the same way. Adding by halves rounds each term only log2 n times, and the
   last of these sums is taken exactly (`_total`).
3. *The logarithm.* Beside the winner's 1, small terms are rounded away, and with them the loss of
   a confident winner. So the sum leaves the winner out, and log1p puts it back (`_log_of_sum`).

Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions" (2021),
analyse the plain formulas. The error of a difference is from Dekker, "A floating-point technique
for extending the available precision" (1971); adding by halves is analysed in Higham, "The
accuracy of floating point summation" (1993); the exact sum is from Rump, Ogita and Oishi,
"Accurate floating-point summation part I" (2008).
"""

from __future__ import annotations

from functools import reduce

import numpy as np

# Logits up to this size are not shifted: no power of e, no sum of such powers and no quotient of
# the two can leave the range of the dtype.
NEAR = {"f": 30.0, "d": 300.0, "g": 300.0}

# Differences below this are taken for it: next to e^NEAR, such a power vanishes in any quotient.
FLOOR = {"f": -100.0, "d": -500.0, "g": -500.0}

# Powers of e up to here may be those of the floor; those above may still divide the largest sum.
FAINT = {"f": 1e-18, "d": 1e-150, "g": 1e-150}

# From a shift of this size, the logits that matter lie between its half and its double, and their
# differences from it are exact (Sterbenz).
EXACT = {"f": 200, "d": 1000, "g": 1000}

# So many entries are worked on at a time that each step finds the results of the last in the cache.
BLOCK = 2**17

# The shift has work arrays of its own; smaller blocks keep them under 2 MB together.
SHIFTED_BLOCK = 2**15

# Up to so many classes, it pays to have the numbers of one class side by side in memory.
FEW = 64


def widened(values: np.ndarray) -> np.ndarray:
    """float16 as float32, to compute in; wider arrays as they are."""
    return values.astype(np.float32) if values.dtype == np.float16 else values


@np.errstate(all="ignore")
def softmax(logits: np.ndarray, out: np.ndarray, temperature: float = 1.0) -> None:
    """exp(z / T), divided by its sum."""
    for z, probs in _blocks(logits, out):
        _exponentials(z, probs, temperature)
        np.divide(probs, _total(probs), out=probs)


@np.errstate(all="ignore")
def log_softmax(logits: np.ndarray, out: np.ndarray, temperature: float = 1.0) -> None:
    """(z - max z) / T, minus the logarithm of the sum of its exponentials."""
    for z, log_probs in _blocks(logits, out):
        winner = z.argmax(axis=0), np.arange(z.shape[1])
        peak = z[winner]
        log_sum = _log_of_sum(z, winner, temperature)
        _shift(z, peak, temperature, log_probs)
        np.subtract(log_probs, log_sum, out=log_probs)


@np.errstate(all="ignore")
def logsumexp(logits: np.ndarray, out: np.ndarray) -> None:
    """max z, plus the logarithm of the sum of exp(z - max z); `out` has shape (1, n)."""
    for z, sums in _blocks(logits, out):
        winner = z.argmax(axis=0), np.arange(z.shape[1])
        peak = z[winner]
        np.add(peak, _log_of_sum(z, winner), out=sums[0])
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
def label_losses(logits, labels, weights, losses, gradient=None, scale=1.0):
    """w (-ln p_y) for a label y of weight w and, if wanted, its gradient times `scale`.

    `labels`, `weights` and `losses` have shape (n,); the gradient is w (p - onehot(y)).
    """
    slots = logits if gradient is None else gradient
    for z, slot, y, w, loss in _blocks(logits, slots, labels, weights, losses):
        powers = np.empty_like(z) if gradient is None else slot
        truth = y, np.arange(len(y))
        logit = z[truth]
        shift = _exponentials(z, powers)
        power = powers[truth]
        powers[truth] = 0
        others = _total(powers)
        total = others + power
        # As in `_log_of_sum`, with the truth in the winner's place: -ln p = ln(1 + others / power).
        np.log1p(others / power, out=loss)
        np.copyto(loss, shift - logit + np.log(total), where=power < FAINT[z.dtype.char])
        loss *= w
        np.copyto(loss, 0, where=(w == 0) & (logit == -np.inf))
        if gradient is not None:
            # p - 1 is minus the probability of the others: written so, nothing cancels.
            powers[truth] = 0 - others
            powers *= w * scale / total


@np.errstate(all="ignore")
def amount_losses(logits, amounts, losses, gradient=None, scale=1.0):
    """-Σ A ln p for amounts A >= 0 and, if wanted, its gradient (Σ A) p - A times `scale`.

    An amount of 0 costs nothing, even where p is 0.
    """
    slots = logits if gradient is None else gradient
    for z, slot, a, loss in _blocks(logits, slots, amounts, losses):
        log_probs = np.empty_like(z) if gradient is None else slot
        log_softmax(z, log_probs)
        surprisals = np.multiply(log_probs, -a)
        np.copyto(surprisals, 0, where=(a == 0) & (log_probs == -np.inf))
        loss[...] = _total(surprisals) + 0
        if gradient is not None:
            _amount_gradient(log_probs, a)
            log_probs *= scale


def _amount_gradient(log_probs, amounts):
    """Replace the log-probabilities by (Σ A) p - A."""
    total = _total(amounts)
    winner = log_probs.argmax(axis=0), np.arange(log_probs.shape[1])
    highest = log_probs[winner]
    np.exp(log_probs, out=log_probs)
    log_probs *= total
    log_probs -= amounts
    # Where p is near 1 the difference cancels; (Σ A) (p - 1) plus the other amounts does not.
    others = amounts.copy()
    others[winner] = 0
    near_one = total * np.expm1(highest) + _total(others)
    log_probs[winner] = np.where(highest > -np.log(2), near_one, log_probs[winner])


def _blocks(*arrays, size=BLOCK):
    """A few columns at a time, of all arrays alike."""
    classes, n = arrays[0].shape
    step = max(1, size // classes)
    if n <= step:
        return [arrays] if n else []
    # NumPy copies lines shorter than its buffer into the buffer before it works on them; with a
    # small one it works in place. Leaving `errstate` restores the size.
    np.setbufsize(512)
    return ([array[..., start:start + step] for array in arrays] for start in range(0, n, step))


def _exponentials(logits, out, temperature=1.0):
    """Powers of e in proportion to exp(z / T) within each column; return what was subtracted."""
    near = NEAR[logits.dtype.char]
    if temperature == 1.0 and -near <= np.minimum.reduce(logits, axis=None) and (
            np.maximum.reduce(logits, axis=None) <= near):
        np.exp(logits, out=out)
        return 0.0
    shift = np.empty(logits.shape[1], logits.dtype)
    for z, powers, column_shift in _blocks(logits, out, shift, size=SHIFTED_BLOCK):
        # With few classes a step along a column is short; copied, the columns lie side by side.
        z = np.array(z, order="C") if len(z) <= FEW else z
        if temperature == 1.0:
            column_shift[...] = _whole_shift(z, near)
            _shifted_exponentials(z, column_shift, powers)
        else:
            difference = np.empty_like(z)
            _shift(z, z.max(axis=0), temperature, difference)
            np.exp(difference, out=powers)
    return shift


def _whole_shift(z, near):
    """A whole number for each column, by which the winner becomes about `near`.

    Its power is then not 1 but e^near: only what is lost in the quotient underflows.
    """
    peak = z.max(axis=0)
    shift = np.rint(peak) - near
    close = np.abs(peak) <= near
    if close.any():  # as without a shift: the last digit must not depend on the neighbours
        shift[close & (z.min(axis=0) >= -near)] = 0
    return shift


def _shifted_exponentials(z, shift, out):
    """exp(z - shift), as if the difference were exact, for whole numbers to shift by."""
    difference = z - shift
    # Further down, np.exp is slow, and the quotient 0 all the same.
    np.maximum(difference, FLOOR[z.dtype.char], out=difference)
    size = np.abs(shift)
    if ((size >= EXACT[z.dtype.char]) & (size <= 2**20)).all():
        np.exp(difference, out=out)
        return
    # Dekker's two-difference: `lost` is exactly what rounding took from the difference. It holds
    # since a whole number is a multiple of the last digit of any logit that matters.
    lost = difference + shift
    np.subtract(z, lost, out=lost)
    np.maximum(lost, -1, out=lost)  # where the floor took over, the power becomes 0
    powers = np.exp(difference, out=difference)
    # e^(d + r) = e^d (1 + r + r²/2 + ...); r² is far below the last digit.
    lost *= powers
    np.add(powers, lost, out=out)


def _shift(z, peak, temperature, out):
    """(z - peak) / T."""
    shifted = np.subtract(z, peak, out=out if temperature == 1.0 else None)
    if temperature != 1.0:
        # A float64 divisor: a temperature that float32 would round to 0 must not become 0/0.
        divisor = np.float64(temperature)
        # Where the difference overflowed, the logits are far apart: dividing first is safe.
        out[...] = np.where(np.isinf(shifted), z / divisor - peak / divisor, shifted / divisor)


def _log_of_sum(z, winner, temperature=1.0):
    """Logarithm of the sum of exp((z - max z) / T)."""
    powers = np.empty_like(z)
    _exponentials(z, powers, temperature)
    largest = powers[winner]
    powers[winner] = 0
    return np.log1p(_total(powers) / largest)


def _total(terms):
    """Sum of each column, right to about one unit in the last place; no term is negative."""
    if len(terms) <= 4:
        return reduce(np.add, terms)
    if terms.dtype == np.float32:
        # float64 holds a sum of float32 numbers with digits to spare.
        total = _halved(terms, max(8, len(terms) // 8)).sum(axis=0, dtype=np.float64)
        return total.astype(np.float32)
    return _exact_total(_halved(terms, max(8, len(terms) // 8)))


def _exact_total(terms):
    """Sum of each column, rounded once (Rump, Ogita and Oishi 2008)."""
    # Adding and subtracting a large power of 2 leaves the high digits of each term. They are
    # multiples of one small number, so that no addition of them is rounded.
    exponent = np.frexp(terms.max(axis=0))[1] + (len(terms) + 1).bit_length()
    large = np.ldexp(terms.dtype.type(1), exponent)
    high = terms + large
    high -= large
    low = terms - high
    return high.sum(axis=0) + low.sum(axis=0)


def _halved(terms, lanes):
    """Add up columns by halves until at most `lanes` rows are left."""
    while len(terms) > lanes:
        half = len(terms) // 2
        sums = np.add(terms[:half], terms[half:2 * half], order="C" if half <= FEW else "K")
        if len(terms) % 2:
            sums[0] += terms[-1]
        terms = sums
    return terms
