"""The forms that a function may have: how it is called, and how its answer is read."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .calling import Outcome
from .kinds import Kind
from .layouts import CLASS_AXIS, as_laid_out


@dataclass(frozen=True)
class Form:
    """Where nothing else is said, it is the documented one."""

    layout: str = "rows"
    one_example: bool = False  # it takes one at a time
    one_hot: bool = False
    order: tuple[str, ...] = ()  # the kind's arguments in the order of the function's
    labels_in_a_column: bool = False  # of shape (m, 1)
    axis: str = ""  # a parameter that wants to know the class axis
    part: int | None = None  # of the pair that it returns
    by_name: bool = False  # it returns a dict
    is_beside: bool = False  # what it returns holds the results, and something besides
    in_place: bool = False  # it returns nothing, and changes what it is given
    own: tuple[str, ...] = field(default=(), compare=False)  # what it calls its parameters

    def bound(self, function: Callable) -> Callable:
        if not self.axis:
            return function
        return functools.partial(function, **{self.axis: CLASS_AXIS[self.layout]})

    def inputs(self, kind: Kind, arguments: tuple[Any, ...]) -> dict[str, Any]:
        """The arguments by name, as the function takes them."""
        named = dict(zip(kind.arguments, arguments, strict=True))
        if self.one_hot:
            named["y"] = np.eye(kind.n_classes(arguments))[named["y"]]
        if self.labels_in_a_column:
            named["y"] = named["y"][:, np.newaxis]
        return {
            name: as_laid_out(name, named[name], self.layout)
            for name in self.order or kind.arguments
        }

    def names(self, kind: Kind) -> list[str]:
        """What a reader knows the arguments by: the function's own names, and the book's."""
        arguments = self.order or kind.arguments
        if len(self.own) < len(arguments):
            return list(arguments)
        return [
            own if own.strip("_").lower() == name.lower() else f"{own} ({name})"
            for own, name in zip(self.own, arguments, strict=False)
        ]

    def results(self, kind: Kind, outcome: Outcome) -> tuple[Any, ...] | None:
        """What the function returned, one for each result of its kind."""
        value, names = outcome.value, kind.results
        if self.in_place:
            given = dict(zip(self.order or kind.arguments, outcome.given, strict=True))
            value = tuple(given[name] for name in names)
        if self.part is not None:
            parts = in_sequence(value)
            value = parts[self.part] if self.part < len(parts) else None
        if self.is_beside:
            value = without_the_rest(value, names)
        if self.by_name:
            return named_results(value, names)
        if len(names) == 1:
            return (value,)
        values = () if isinstance(value, Mapping) else in_sequence(value)
        return values if len(values) == len(names) else None


def in_sequence(value: Any) -> tuple[Any, ...]:
    """What a tuple, a list or a dict holds; nothing where it is none, or will not say."""
    try:
        if isinstance(value, Mapping):
            return tuple(value.values())
        return tuple(value) if isinstance(value, tuple | list) else ()
    except Exception:  # whatever a stranger's object does when it is read
        return ()


def without_the_rest(value: Any, names: tuple[str, ...]) -> Any:
    """The results where other things come with them, as in (loss, (dW, db)) and W, b, losses.

    None where they do not.
    """
    if not isinstance(value, tuple | Mapping):
        return None
    things = in_sequence(value)
    things = tuple(one for one in things if not _is_a_record(one))
    inner = [one for one in things if len(in_sequence(one)) >= len(names)]
    arrays = tuple(one for one in things if not is_one_number(one))
    if len(inner) == 1 and len(in_sequence(value)) > 1:
        return inner[0]
    is_flat = isinstance(value, tuple) and len(arrays) == len(names) < len(in_sequence(value))
    return arrays if is_flat else None


def _is_a_record(value: Any) -> bool:
    """Whether it keeps what was on the way, such as a loss for each step."""
    if isinstance(value, Mapping):
        return all(isinstance(one, list) and _is_a_record(one) for one in in_sequence(value))
    return isinstance(value, list) and all(is_one_number(one) for one in value)


def is_one_number(value: Any) -> bool:
    try:
        return np.ndim(value) == 0 and not isinstance(value, Mapping)
    except Exception:
        return False


def named_results(value: Any, names: tuple[str, ...]) -> tuple[Any, ...] | None:
    """The values of a dict under these names, or under names like them; None where one lacks."""
    if not isinstance(value, Mapping):
        return None
    try:
        known = {_plain(key): one for key, one in value.items()}
    except Exception:
        return None
    found = [next((known[alias] for alias in _aliases(n) if alias in known), None) for n in names]
    return None if any(one is None for one in found) else tuple(found)


# What the parts of a name are called in full: weights_gradient is what dW is.
IN_FULL = [("weights?|kernel|theta", "w"), ("bias(es)?|intercept", "b"), ("grad(ient)?s?", "d")]


def _plain(key: Any) -> str:
    plain = "".join(letter for letter in str(key).lower() if letter.isalnum())
    for words, letter in IN_FULL:
        plain = re.sub(words, letter, plain)
    return plain


def _aliases(name: str) -> list[str]:
    """A gradient of W is called dW, grad_W, W_grad, or W; a loss is a cost as well."""
    if name == "loss":
        return ["loss", "cost", "j"]
    bare = _plain(name).removeprefix("d")
    of_all = ["d"] if name == "dW" else []  # "gradient", where that of W is the only one
    return [f"d{bare}", f"{bare}d", f"new{bare}", f"{bare}new", bare, *of_all]
