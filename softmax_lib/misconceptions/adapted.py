"""Functions that take all weights in one dict or object, or arguments by keyword alone."""

from __future__ import annotations

import functools
import inspect
import string
from collections.abc import Callable
from typing import Any

from .forms import named_results
from .kinds import KINDS
from .which_kind import as_kind, name_of, parameters_of, takes

BY_POSITION = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
# What a parameter for all weights is called.
PACKED = {"params", "parameters", "param", "model", "net", "network", "weights_and_biases"}


class Weights(dict):
    """Weights by name, under a key such as W1, or as attributes."""

    def __missing__(self, key: str) -> Any:
        if (found := named_results(self, (str(key),))) is None:
            raise KeyError(key)
        return found[0]

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(f"the weights have no {name}") from error


def adapted(function: Callable, kind: str | None) -> Callable:
    """A function that takes one thing after the other, where it takes them in another way."""
    return _with_each_weight(_by_position(function), kind)


def how_adapted(function: Callable) -> str:
    """The way in which a function takes its arguments that was adapted; empty where none was."""
    return getattr(function, "how_adapted", "")


def _by_position(function: Callable) -> Callable:
    """Where arguments have to come by keyword, one that takes them in the order of its names."""
    parameters = parameters_of(function).values()
    by_keyword = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty}
    if not by_keyword:
        return function
    names = [p.name for p in parameters if p.kind in BY_POSITION or p.name in by_keyword]

    def by_position(*given: Any, **named: Any) -> Any:
        pairs = list(zip(names, given, strict=False))
        named |= {name: value for name, value in pairs if name in by_keyword}
        return function(*(value for name, value in pairs if name not in by_keyword), **named)

    return _like(function, by_position, names, "by keyword")


def _with_each_weight(function: Callable, kind: str | None) -> Callable:
    """Where a parameter is for a dict of all weights, one that takes each of them."""
    parameters = parameters_of(function)
    packed = next((name for name in parameters if name in PACKED), None)
    if packed is None:
        return function
    others = [p for n, p in parameters.items() if n != packed]
    is_epoch = any("batch" in other.name for other in others)
    for one in KINDS.values() if kind is None else [KINDS[as_kind(kind)]]:
        weights = [n for n in one.arguments if n.rstrip(string.digits) in ("W", "b")]
        if len(weights) < 2 or (is_epoch != (one.name == "descent_epoch") and kind is None):
            continue
        if takes(others, len(one.arguments) - len(weights)):
            return _packing(function, packed, weights)
    return function


def _packing(function: Callable, packed: str, weights: list[str]) -> Callable:
    parameters = parameters_of(function)
    names = [n for name in parameters for n in (weights if name == packed else [name])]

    def with_each_weight(*given: Any) -> Any:
        named = dict(zip(names, given, strict=False))
        named[packed] = Weights((name, named.pop(name)) for name in weights)
        return function(*(named[name] for name in parameters if name in named))

    return _like(function, with_each_weight, names, f"with the weights in {packed}")


def _like(function: Callable, adapted: Callable, names: list[str], how: str) -> Callable:
    """With the name of a function and parameters of these names."""
    known = parameters_of(function)
    one = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [known.get(name, inspect.Parameter(name, one)).replace(kind=one) for name in names]
    wrapped: Any = functools.wraps(function)(adapted)
    wrapped.__name__ = name_of(function) or "<lambda>"
    wrapped.__signature__ = inspect.Signature(parameters, __validate_parameters__=False)
    wrapped.how_adapted = ", ".join(filter(None, (how_adapted(function), how)))
    return wrapped
