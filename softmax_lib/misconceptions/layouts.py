"""Examples as rows, as columns, or one alone as a vector: how arrays go from one to the other."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

LAYOUTS = ("rows", "columns", "vector")
# How else examples may lie, and whether one is given at a time.
OTHER_LAYOUTS = {
    "rows": (("columns", False), ("vector", True), ("columns", True)),
    "columns": (("rows", False), ("vector", True)),
    "vector": (("rows", False), ("columns", False)),
}
CLASS_AXIS = {"rows": 1, "columns": 0, "vector": 0}
BIASES = {"b", "b1", "b2"}
# Arguments whose first axis counts the examples.
OF_EXAMPLES = {"X", "Z", "logits", "scores", "probs", "y", "predicted", "upstream"}
OF_EXAMPLES |= {"mask", "lengths"}


def as_laid_out(name: str, value: Any, layout: str) -> Any:
    """An argument as a function of this layout takes it; what is no array stays as it is."""
    if not isinstance(value, np.ndarray) or layout == "rows":
        return value
    if layout == "vector":
        return value[0] if name in OF_EXAMPLES else value
    return value[:, None] if name in BIASES else np.ascontiguousarray(value.T)


def in_words_of(layout: str, text: str) -> str:
    """What is said of rows, where a function takes columns."""
    if layout != "columns":
        return text
    exchanged = {"row": "column", "column": "row", "axis=0": "axis=1", "axis=1": "axis=0"}
    return re.sub(r"\b(row|column)(?=s?\b)|\baxis=[01]", lambda one: exchanged[one[0]], text)


def to_rows(result: np.ndarray, name: str, expected: np.ndarray, layout: str) -> np.ndarray:
    """Turn columns or a vector to rows, and drop an axis of length 1 that was kept on purpose."""
    if layout == "columns" and result.ndim == 2:
        result = result.T
    if layout == "vector" and (1, *result.shape) == expected.shape:
        return result[None]
    is_bias = name.removeprefix("d") in BIASES
    kept = (1, *expected.shape) if is_bias else (*expected.shape, 1)
    is_one_number = expected.ndim == 0 and result.size == 1
    return result.reshape(expected.shape) if is_one_number or result.shape == kept else result


def from_rows(array: np.ndarray, layout: str, of_examples: bool) -> np.ndarray:
    """An answer in rows as a function of this layout gives it."""
    if layout == "columns":
        return array.T
    return array[0] if layout == "vector" and of_examples else array


def one_by_one(names: tuple[str, ...], arguments: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """The arguments of one call with many examples as those of many calls with one."""
    batches = [
        isinstance(value, np.ndarray) and name in OF_EXAMPLES
        for name, value in zip(names, arguments, strict=True)
    ]
    m = max((len(a) for a, is_batch in zip(arguments, batches, strict=True) if is_batch), default=0)
    return [
        tuple(
            a[row : row + 1] if is_batch else a
            for a, is_batch in zip(arguments, batches, strict=True)
        )
        for row in range(m)
    ]
