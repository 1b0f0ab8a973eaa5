"""NumPy arrays out of what users bring: lists, frames, series, masked and sparse arrays."""

from __future__ import annotations

import sys
from numbers import Real
from typing import Any

import numpy as np

MISSING = {"NoneType", "NAType", "NaTType"}


def as_array(value: Any, name: str, wanted: str = "a rectangular array") -> np.ndarray:
    """The array that the value is or holds; masks, sparse and ragged ones are refused by name."""
    if type(value) is np.ndarray:
        return value
    check_nothing_is_masked(value, name)
    if is_sparse(value):
        raise TypeError(
            f"{name} must be a dense array; got a sparse {type(value).__name__}: "
            f"convert it with .toarray()"
        )
    try:
        return np.asarray(value)
    except (ValueError, TypeError, RuntimeError) as error:
        if isinstance(error, ValueError) and not hasattr(value, "__array__"):
            raise ValueError(f"{name} must be {wanted}; got a ragged list") from error
        # The words of another library's array.
        raise TypeError(f"{name} must be {wanted}; got {type(value).__name__}: {error}") from error


def is_no_array(array: np.ndarray) -> bool:
    """Whether NumPy has made an array of an object that is none: None, a set, a generator."""
    return not array.ndim and array.dtype.kind == "O"


def in_words(value: Any) -> str:
    """What came in the place of an array."""
    return "None" if value is None else f"a {type(value).__name__}"


def is_sparse(value: Any) -> bool:
    """Whether this is a sparse matrix or array, of whichever library."""
    # What pandas makes shows its own columns and labels as attributes.
    return hasattr(value, "nnz") and not hasattr(value, "iloc")


def is_frame(value: Any) -> bool:
    """Whether this is a table with named columns, of whichever library."""
    return hasattr(value, "columns") and hasattr(value, "dtypes")


def column_names(value: Any) -> list[str] | None:
    """The names of a frame's columns; None where there is no frame, or they are not all text."""
    names = list(value.columns) if is_frame(value) else []
    return names if names and all(isinstance(name, str) for name in names) else None


def check_nothing_is_masked(value: Any, name: str) -> None:
    """Refuse what holds a masked entry: no function here knows what to leave out."""
    if "numpy.ma" not in sys.modules:  # then there can be none
        return
    masked = _count_masked(value)
    if masked:
        raise TypeError(
            f"{name} must have nothing masked; got {masked} masked "
            f"{'entry' if masked == 1 else 'entries'}: drop them with .compressed(), or put "
            f"numbers in with .filled(...)"
        )


def _count_masked(value: Any) -> int:
    if isinstance(value, np.ma.MaskedArray):
        return int(np.ma.getmaskarray(value).sum())
    return sum(map(_count_masked, value)) if isinstance(value, (list, tuple)) else 0


def holds_missing(entry: Any) -> bool:
    """Whether an entry stands for a value that is not there, in whichever library."""
    return type(entry).__name__ in MISSING or (isinstance(entry, float) and entry != entry)


def as_numbers(array: np.ndarray, name: str, place: str = "") -> np.ndarray:
    """An array of objects as one of numbers, if that is what they are."""
    entries = array.ravel().tolist()
    strange = [kind for kind in set(map(type, entries)) if not issubclass(kind, (Real, np.bool_))]
    if strange:
        at = next(i for i, entry in enumerate(entries) if type(entry) in strange)
        index = np.unravel_index(at, array.shape)
        where = ", ".join([*([place] if place else []), *_spell_out(index, array.ndim)])
        if type(entries[at]).__name__ in MISSING:
            raise ValueError(f"{name} must have no missing value; got {entries[at]} at {where}")
        raise TypeError(f"{name} must hold real numbers; got {entries[at]!r} at {where}")
    try:
        numbers = np.array(entries)
        numbers = numbers if numbers.dtype.kind in "biuf" else numbers.astype(np.float64)
    except OverflowError as error:
        raise ValueError(f"{name} must fit float64; got a whole number that is larger") from error
    return numbers.reshape(array.shape)


def _spell_out(index: tuple[Any, ...], ndim: int) -> list[str]:
    names = ["row", "column"] if ndim <= 2 else ["index"] * ndim
    return [f"{axis} {i}" for axis, i in zip(names, index, strict=False)]


def of_frame(frame: Any, name: str) -> np.ndarray:
    """The columns of a frame side by side, if each holds numbers or bools."""
    columns = []
    for position, label in enumerate(frame.columns):
        # By position where the library can: a label may stand twice.
        column = frame.iloc[:, position] if hasattr(frame, "iloc") else frame[label]
        values = np.asarray(column)
        if values.dtype.kind == "O":
            kinds = set(map(type, values.tolist()))
            if any(issubclass(kind, (str, bytes)) for kind in kinds):
                raise TypeError(
                    f"{name} must hold real numbers; its column {label!r} holds text: make columns "
                    f"of 0 and 1 of it, as pandas.get_dummies does"
                )
            values = as_numbers(values, name, f"column {label!r}")
        if values.dtype.kind not in "biuf":
            raise TypeError(
                f"{name} must hold real numbers; its column {label!r} holds {values.dtype}"
            )
        columns.append(values)
    return np.stack(columns, axis=1)
