"""Labels of classes, and the one rule for comparing them.

Text is compared with text, bytes with bytes and numbers with numbers; anything else is refused.
Numbers are compared as they are: integers never by way of floats that cannot hold them.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import as_array, as_numbers, holds_missing, in_words, is_no_array
from .validate import as_nonnegative, as_real

KINDS = {"U": "text", "S": "bytes"}


def as_labels(value: Any, name: str = "y") -> np.ndarray:
    """Vector of labels: numbers, text or bytes."""
    labels = _as_label_array(value, name)
    if labels.ndim != 1:
        raise ValueError(f"{name} must have shape (m,), one label an example; got {labels.shape}")
    return _of_one_kind(value, labels, name)


def as_class_labels(value: Any, n_examples: int, name: str = "y", rows_of: str = "X") -> np.ndarray:
    """Vector of labels, one for each example."""
    labels = _as_label_array(value, name)
    if labels.shape != (n_examples,):
        raise ValueError(
            f"{name} must have shape ({n_examples},), one label for each row of "
            f"{rows_of}; got {labels.shape}"
        )
    return _of_one_kind(value, labels, name)


def in_one_dtype(
    labels: np.ndarray, others: np.ndarray, name: str, others_name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Both in a dtype in which labels are equal only where they were."""
    if labels.dtype == others.dtype:
        return labels, others
    if not len(labels) or not len(others):  # nothing to compare, but something to look up
        dtype = others.dtype if len(others) else labels.dtype
        return labels.astype(dtype), others.astype(dtype)
    kind, others_kind = _kind(labels), _kind(others)
    if kind != others_kind:
        raise ValueError(
            f"{name} must be {others_kind}, like {others_name}; got {kind} against "
            f"{others_kind}: dtype {labels.dtype} against {others.dtype}"
        )
    if labels.dtype.kind == others.dtype.kind == "f":
        _check_rounding(labels, others, name, others_name)
    dtype = np.result_type(labels, others)
    if dtype.kind == "f" and not (_fits(labels, dtype) and _fits(others, dtype)):
        dtype = np.dtype(object)  # Python compares integers with any number exactly
    return labels.astype(dtype), others.astype(dtype)


def look_up(
    labels: np.ndarray, classes: np.ndarray, name: str, classes_name: str = "classes"
) -> NDArray[np.intp]:
    """The place of each label in classes that differ from each other; -1 where it has none."""
    labels, classes = in_one_dtype(labels, classes, name, classes_name)
    if not len(classes):
        return np.full(len(labels), -1)
    order = np.argsort(classes, kind="stable")
    places = np.searchsorted(classes, labels, sorter=order)
    places = order[np.minimum(places, len(classes) - 1)]
    return np.where(classes[places] == labels, places, -1)


def weights_by_label(weights: Any, classes: NDArray[Any], name: str = "class_weight") -> Any:
    """Weights that say which label each is for, a dict or a Series, in the order of the classes.

    A class that is not named weighs 1. Weights in an order of their own come back as they are.
    """
    if hasattr(weights, "to_dict"):  # a Series, whose order is often that of the counts
        given, weights = weights, weights.to_dict()
        if len(weights) < len(given):
            raise ValueError(f"{name} must name each label once; got {list(given.index)}")
    if not isinstance(weights, Mapping):
        return weights
    named = as_labels(list(weights), name)
    indices = look_up(named, classes, name, "y")
    unknown = named[indices < 0]
    # All classes of another set of data may be named, of which these are some.
    if len(unknown) and len(named) - len(unknown) < len(classes):
        raise ValueError(
            f"{name} must name no class but {', '.join(map(str, classes))}; got {unknown[0]!s}"
        )
    numbers = as_real(np.array([*weights.values()], object), name, objects=True)
    of_class = np.ones(len(classes))
    of_class[indices[indices >= 0]] = as_nonnegative(numbers, name)[indices >= 0]
    return of_class


def _as_label_array(value: Any, name: str) -> np.ndarray:
    labels = as_array(value, name, "a flat list of labels")
    if is_no_array(labels):
        raise TypeError(f"{name} must be a flat list of labels; got {in_words(value)}")
    return labels


def _of_one_kind(value: Any, labels: np.ndarray, name: str) -> np.ndarray:
    if labels.dtype.kind in "OT":  # objects, or NumPy's strings of any length
        labels = _of_entries(labels.tolist(), labels, name)
    elif not any(hasattr(value, mark) for mark in ("dtype", "__array__", "__array_interface__")):
        # NumPy makes text of a number beside text.
        labels = _of_entries(list(value), labels, name)
    if labels.dtype.kind not in "biufUS" or labels.dtype.isbuiltin == 2:
        raise TypeError(f"{name} must hold numbers or strings; got dtype {labels.dtype}")
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise ValueError(
            f"{name} must be finite; got {labels[~np.isfinite(labels)][0]} among the labels"
        )
    return labels


def _of_entries(entries: list[Any], labels: np.ndarray, name: str) -> np.ndarray:
    """The labels in a dtype of one kind, if their entries are of one kind."""
    kinds = {kind: _kind_of_type(kind) for kind in set(map(type, entries))}
    if set(kinds.values()) - {"numbers"}:
        for index, entry in enumerate(entries):
            if holds_missing(entry):
                raise ValueError(f"{name} must have no missing value; got {entry} at index {index}")
    strange = set(kinds.values()) - {"numbers", *KINDS.values()}
    if strange and labels.dtype.kind in "US":  # NumPy makes text of anything beside text
        raise TypeError(f"{name} must hold numbers or strings; got {strange.pop()} among them")
    if not strange and len(set(kinds.values())) > 1:
        first = kinds[type(entries[0])]
        index = next(i for i, entry in enumerate(entries) if kinds[type(entry)] != first)
        raise TypeError(
            f"{name} must hold labels of one kind; got {first}, {entries[0]!r}, "
            f"beside {kinds[type(entries[index])]}, {entries[index]!r} at index {index}"
        )
    kind = kinds[type(entries[0])] if entries else "numbers"
    if kind in KINDS.values() and not strange:
        _check_endings(entries, "\0" if kind == "text" else b"\0", name)
    if kind == "text" and not strange:
        # An Enum of text prints as its name, which NumPy would take for the text.
        return np.array([str.__str__(entry) for entry in entries])
    if labels.dtype.kind in "OT":
        if kind == "bytes":
            return np.array(entries)
        if kind == "numbers":
            labels = as_numbers(labels, name)
    if labels.dtype.kind == "f" and any(issubclass(kind, Integral) for kind in kinds):
        _check_whole_numbers(entries, labels.dtype, name)
    return labels


def _check_endings(entries: list[Any], nul: Any, name: str) -> None:
    """Refuse text and bytes that end in NUL: NumPy's arrays drop it, and so make two labels one."""
    if nul not in nul[:0].join(entries):  # by far the commonest case
        return
    for index, entry in enumerate(entries):
        if entry.endswith(nul):
            raise ValueError(f"{name} must not end in NUL; got {entry!r} at index {index}")


def _check_whole_numbers(entries: list[Any], dtype: np.dtype[Any], name: str) -> None:
    """Refuse a list that NumPy makes floats of, which cannot hold its whole numbers."""
    limit = 2 ** (np.finfo(dtype).nmant + 1)
    for index, entry in enumerate(entries):
        if isinstance(entry, Integral) and abs(int(entry)) > limit:
            raise ValueError(
                f"{name} must fit one integer dtype where a whole number is beyond {limit}; "
                f"got {entry} at index {index}"
            )


def _kind(labels: np.ndarray) -> str:
    return KINDS.get(labels.dtype.kind, "numbers")


def _kind_of_type(kind: type) -> str:
    if issubclass(kind, str):
        return "text"
    if issubclass(kind, bytes):
        return "bytes"
    return "numbers" if issubclass(kind, (Real, np.bool_)) else kind.__name__


def _fits(labels: np.ndarray, dtype: np.dtype[Any]) -> bool:
    """Whether a floating dtype holds these numbers exactly."""
    if labels.dtype.kind not in "iu":
        return True  # bools, and floats that are not wider
    limit = 2 ** (np.finfo(dtype).nmant + 1)
    return -limit <= int(labels.min()) and int(labels.max()) <= limit


def _check_rounding(labels: np.ndarray, others: np.ndarray, name: str, others_name: str) -> None:
    """Refuse labels that only rounding keeps apart: 0.1 in float32 is not 0.1 in float64."""
    narrow, wide = sorted((labels, others), key=lambda array: array.dtype.itemsize)
    with np.errstate(over="ignore", under="ignore"):
        rounded = wide.astype(narrow.dtype)
    apart = (rounded != wide) & np.isin(rounded, narrow)
    if apart.any():
        raise ValueError(
            f"{name} of dtype {labels.dtype} must not differ by rounding from {others_name} of "
            f"dtype {others.dtype}; got {wide[apart][0]} and {float(rounded[apart][0])}: convert "
            f"one to the dtype of the other"
        )
