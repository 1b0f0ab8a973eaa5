"""What a function returns has the shape that was asked for, before anything is computed with it.

A test that broadcasts what a student returned would otherwise do so at the student's size.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np

Shape = tuple[int | None, ...]  # None where any length will do
Shapes = tuple[Shape, ...] | list[Shape]  # of several results, or of the only one


class ShapeError(ValueError):
    """A result has not the shape that was asked for."""


def with_shapes_of(reference: Callable[..., Any], function: Callable[..., Any]) -> Any:
    """The function, which raises a ShapeError where its result is not shaped as the reference's."""

    @functools.wraps(function)
    def checked(*arguments: Any) -> Any:
        expected = shapes_of(reference, arguments)
        value = function(*arguments)
        value = tuple(getattr(value, "entries", ())) or value  # as the test unpacks it
        if expected is not None:
            require_shapes(value, expected, function.__name__)
        return value

    return checked


# The tests ask everybody the same: what the reference answers is computed once.
_known: dict[bytes, Shapes | None] = {}


def shapes_of(reference: Callable[..., Any], arguments: tuple[Any, ...]) -> Shapes | None:
    """The shapes of what the reference returns; None where it raises, or is asked nothing.

    (What answers without an argument is the student's choice; its test looks at it.)
    """
    if not arguments:
        return None
    code = reference.__code__.co_code
    key = hashlib.sha256(code + pickle.dumps(arguments)).digest()
    if key not in _known:
        try:
            value = reference(*copy.deepcopy(arguments))
            _known[key] = tuple(map(_shape, value)) if isinstance(value, tuple) else [_shape(value)]
        except Exception:  # a test that asks for an error
            _known[key] = None
    return _known[key]


def _shape(value: Any) -> Shape:
    """A shape to ask for: who may return a list decides on its length."""
    return (None, *np.shape(value)[1:]) if isinstance(value, list) else np.shape(value)


def require_shapes(value: Any, expected: Shapes, name: str) -> None:
    if isinstance(expected, list):
        _require_shape(value, expected[0], name)
        return
    if not isinstance(value, tuple | list) or len(value) != len(expected):
        raise ShapeError(f"{name} should return {len(expected)} results; it returns {_told(value)}")
    for number, (one, shape) in enumerate(zip(value, expected, strict=True), start=1):
        _require_shape(one, shape, f"result {number} of {name}")


def _require_shape(value: Any, shape: Shape, name: str) -> None:
    if isinstance(value, bool | int | float | list | tuple | np.ndarray | np.generic):
        try:
            found = np.shape(value)
        except ValueError:  # rows of several lengths
            found = None
        if found is not None and _fits(found, shape):
            return
    asked = f"have shape {shape}" if shape else "be a number"
    if None in shape:
        asked = "be a list of numbers"
    raise ShapeError(f"{name} should {asked}; it is {_told(value)}")


def _fits(found: tuple[int, ...], shape: Shape) -> bool:
    return len(found) == len(shape) and all(
        wanted in (None, length) for length, wanted in zip(found, shape, strict=True)
    )


def _told(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    of_type = getattr(value, "of_type", type(value).__name__)
    if of_type == "NoneType":
        return "None"
    size = f" of {len(value)}" if isinstance(value, list | tuple) else ""
    return f"something of type {of_type}{size}"
