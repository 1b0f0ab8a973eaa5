"""The forms that a function may have: how it is called, and how its answer is read."""

from __future__ import annotations

import functools
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
    axis: str = ""  # a parameter that wants to know the class axis
    part: int | None = None  # of the pair that it returns
    by_name: bool = False  # it returns a dict
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
            value = parts[self.part] if len(parts) == 2 else None
        if self.by_name:
            return named_results(value, names)
        if len(names) == 1:
            return (value,)
        values = in_sequence(value)
        return values if len(values) == len(names) else None


def in_sequence(value: Any) -> tuple[Any, ...]:
    """What a tuple or a list holds; nothing where it is none, or will not say."""
    try:
        return tuple(value) if isinstance(value, tuple | list) else ()
    except Exception:  # whatever a stranger's object does when it is read
        return ()


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


def _plain(key: Any) -> str:
    return "".join(letter for letter in str(key).lower() if letter.isalnum())


def _aliases(name: str) -> list[str]:
    """A gradient of W is called dW, grad_W, W_grad, or W."""
    plain = _plain(name)
    bare = plain.removeprefix("d")
    return [
        plain,
        f"d{bare}",
        f"grad{bare}",
        f"gradient{bare}",
        f"{bare}grad",
        f"new{bare}",
        f"{bare}new",
        bare,
    ]
