"""The row kernels that activations and losses stand on.

Each takes logits as a matrix, one distribution a row, of dtype float32 or wider and with at
least one column. Rows with a maximum that is not finite follow the table in `activations`.
"""

from __future__ import annotations

import numpy as np


def widened(values: np.ndarray) -> np.ndarray:
    """float16 as float32, to compute in; wider arrays as they are."""
    return values.astype(np.float32) if values.dtype == np.float16 else values


def softmax_rows(rows: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """exp((z - max z) / T), divided by its sum."""
    with np.errstate(all="ignore"):
        exps = np.exp(_shifted(rows, _peak(rows), temperature))
        return np.divide(exps, exps.sum(axis=1, keepdims=True), out=exps)


def log_softmax_rows(rows: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """(z - max z) / T minus the logarithm of the sum of its exponentials."""
    peak = _peak(rows)
    with np.errstate(all="ignore"):
        shifted = _shifted(rows, peak, temperature)
        result = shifted - _log_of_sum(rows, shifted)
    result[~np.isfinite(peak[:, 0])] = np.nan
    return result


def logsumexp_rows(rows: np.ndarray) -> np.ndarray:
    """max z plus the logarithm of the sum of exp(z - max z), one number a row."""
    peak = _peak(rows)
    with np.errstate(all="ignore"):
        total = peak + _log_of_sum(rows, _shifted(rows, peak))
    return np.where(np.isfinite(peak), total, peak)[:, 0]


def hardmax_rows(rows: np.ndarray) -> np.ndarray:
    """1 at the first maximum of each row, 0 elsewhere; nan in a row that holds nan."""
    result = np.zeros_like(rows)
    np.put_along_axis(result, rows.argmax(axis=1)[:, None], 1, axis=1)
    result[np.isnan(rows).any(axis=1)] = np.nan
    return result


def _peak(rows: np.ndarray) -> np.ndarray:
    return rows.max(axis=1, keepdims=True)


def _shifted(rows: np.ndarray, peak: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    shifted = rows - peak
    if temperature == 1.0:
        return shifted
    # A float64 divisor: a temperature that float32 would round to 0 must not become 0/0.
    divisor = np.float64(temperature)
    # Where the difference overflowed, the logits are huge and far apart: dividing first is safe.
    scaled = np.where(np.isinf(shifted), rows / divisor - peak / divisor, shifted / divisor)
    return scaled.astype(rows.dtype)


def _log_of_sum(rows: np.ndarray, shifted: np.ndarray) -> np.ndarray:
    # The winner contributes exactly 1. Beside that 1 a sum of tiny terms would be rounded
    # away, so the winner is left out and log1p puts it back.
    others = np.exp(shifted)
    np.put_along_axis(others, rows.argmax(axis=1)[:, None], 0, axis=1)
    return np.log1p(others.sum(axis=1, keepdims=True))
