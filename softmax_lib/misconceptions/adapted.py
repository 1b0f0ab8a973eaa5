"""Functions that take several things in one: all weights, or all settings, in a dict or object.

And those that take arguments by keyword alone, the number of epochs beside a batch size, values
beside queries and keys, or what another method has kept.
"""

from __future__ import annotations

import functools
import inspect
import re
import string
from collections.abc import Callable
from typing import Any

from .forms import named_results
from .kinds import KINDS
from .which_kind import PENALTIES, RATES, STEPS, WEIGHTS, as_kind, name_of, parameters_of, takes

BY_POSITION = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
# What a parameter for all weights is called.
PACKED = {"params", "parameters", "param", "model", "net", "network", "weights_and_biases"}
# What a parameter for all settings is called.
SETTINGS = {"cfg", "config", "conf", "opts", "options", "hparams", "hyper", "hyperparams"} | {
    *("settings", "hyperparameters", "hp", "args"),
}


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


class Settings(float):
    """A learning rate that stands for all settings: under the name of a rate it has itself."""

    def __getitem__(self, key: str) -> Any:
        return getattr(self, str(key))

    def get(self, key: str, default: Any = None) -> Any:
        return getattr(self, str(key), default)

    def __getattr__(self, name: str) -> Any:
        if name in RATES | {"alpha"}:
            return float(self)
        if name in PENALTIES:
            return 0.0
        raise AttributeError(f"the settings hold a learning rate alone, and no {name}")


def adapted(function: Callable, kind: str | None) -> Callable:
    """A function that takes one thing after the other, where it takes them in another way."""
    for adapt in _by_position, _after_forward, _output_alone, _for_one_epoch, _with_a_rate:
        function = adapt(function)
    return _with_each_weight(function, kind)


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


def _after_forward(function: Callable) -> Callable:
    """A layer's way back, which needs what `forward` has kept, as a function of all of it."""
    forward = getattr(getattr(function, "__self__", None), "forward", None)
    if not callable(forward) or not re.search("back|grad|deriv", name_of(function) or ""):
        return function
    own, before = (
        [name for name, p in parameters_of(one).items() if _is_plain(p)]
        for one in (function, forward)
    )
    if len(own) > 1 or not before or set(own) & set(before):
        return function

    def after_forward(*given: Any) -> Any:
        forward(*given[len(own) :])
        return function(*given[: len(own)])

    return _like(function, after_forward, [*own, *before], "after forward")


def _output_alone(function: Callable) -> Callable:
    """Attention to values gives its weights as well, which are seen in what it makes of values."""
    names = [name for name, p in parameters_of(function).items() if _is_plain(p)]
    if [name[:1].lower() for name in names] != ["q", "k", "v"]:
        return function

    def output_alone(*given: Any) -> Any:
        found = function(*given)
        return found[0] if isinstance(found, tuple) and found else found

    return _like(function, output_alone, names, "")


def _for_one_epoch(function: Callable) -> Callable:
    """Where it asks for the number of epochs, and for a batch size too, one of a single epoch."""
    parameters = parameters_of(function)
    epochs = next((name for name in parameters if name in STEPS), None)
    if epochs is None or not any("batch" in name for name in parameters):
        return function
    by_name = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    names = [n for n, p in parameters.items() if p.kind in by_name and n != epochs]

    def for_one_epoch(*given: Any) -> Any:
        return function(**dict(zip(names, given, strict=False)), **{epochs: 1})

    return _like(function, for_one_epoch, names, f"with {epochs} = 1")


def _with_a_rate(function: Callable) -> Callable:
    """Where a parameter is for an object of settings, one that takes the learning rate there."""
    parameters = parameters_of(function)
    settings = next((n for n, p in parameters.items() if n in SETTINGS and _is_plain(p)), None)
    if settings is None or parameters.keys().isdisjoint(WEIGHTS | PACKED):
        return function
    by_position = [name for name, p in parameters.items() if p.kind in BY_POSITION]
    at = by_position.index(settings)
    names = ["learning_rate" if name == settings else name for name in by_position]

    def with_a_rate(*given: Any) -> Any:
        return function(*given[:at], *map(Settings, given[at : at + 1]), *given[at + 1 :])

    return _like(function, with_a_rate, names, f"with the rate in {settings}, without a penalty")


def _is_plain(parameter: inspect.Parameter) -> bool:
    return parameter.kind in BY_POSITION and parameter.default is parameter.empty


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
        values = {name: named.pop(name) for name in weights}

        def called(all_weights: Any) -> Any:
            with_them = named | {packed: all_weights}
            return function(*(with_them[name] for name in parameters if name in with_them))

        try:
            return called(Weights(values))
        except (TypeError, ValueError, KeyError) as error:  # a list, perhaps: W, b = params
            try:
                return called(list(values.values()))
            except Exception:
                raise error from None

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
