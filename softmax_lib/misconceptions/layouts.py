"""Examples as rows, or as columns as in the lecture: how arrays go from one to the other."""

from __future__ import annotations

from typing import Any

import numpy as np

OTHER_LAYOUT = {"rows": "columns", "columns": "rows"}
BIASES = {"b", "b1", "b2"}


def to_columns(name: str, value: Any) -> Any:
    """An argument as a function of columns takes it; what is no array stays as it is."""
    if not isinstance(value, np.ndarray):
        return value
    return value[:, None] if name in BIASES else np.ascontiguousarray(value.T)


def to_rows(result: np.ndarray, name: str, expected: np.ndarray, layout: str) -> np.ndarray:
    """Turn columns to rows, and drop an axis of length 1 that was kept on purpose."""
    if layout == "columns" and result.ndim == 2:
        result = result.T
    is_bias = name.removeprefix("d") in BIASES
    kept = (1, *expected.shape) if is_bias else (*expected.shape, 1)
    is_one_number = expected.ndim == 0 and result.size == 1
    return result.reshape(expected.shape) if is_one_number or result.shape == kept else result
