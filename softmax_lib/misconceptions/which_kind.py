"""Which kind of function is it? Its name says so, or else its parameters."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable

from .._core.validate import as_choice
from .kinds import KINDS, Kind

# The first pattern that a function's name contains, with the kinds that it may then be.
KINDS_BY_NAME = {
    r"jacobian": ["softmax_jacobian"],
    r"network|backprop|backward": ["network_gradients"],
    r"step|update": ["gradient_step", "gradient_step_with_l2"],
    r"grad|d[zw]\b": ["logits_gradient", "weight_gradient", "network_gradients"],
    r"log_?soft_?max": ["log_softmax"],
    r"temperature|tempered": ["softmax_with_temperature"],
    r"log_?sum_?exp|\blse\b": ["logsumexp"],
    r"from_?prob": ["cross_entropy_from_probs"],
    r"cross_?entropy|loss|cost": ["cross_entropy", "cross_entropy_from_probs"],
    r"one_?hot": ["one_hot"],
    r"accuracy": ["accuracy"],
    r"sigmoid|logistic": ["sigmoid"],
    r"hard_?max": ["hardmax"],
    r"soft_?max": ["softmax", "softmax_with_temperature"],
}


# What the first parameter of a loss is called.
FIRST_PARAMETER = {
    "cross_entropy": {"logits", "scores", "Z", "z"},
    "cross_entropy_from_probs": {"probs", "probabilities", "P", "p", "Y_hat", "y_hat"},
}


def name_of(function: Callable) -> str | None:
    while isinstance(function, functools.partial):
        function = function.func
    name = getattr(function, "__name__", None)
    if not isinstance(name, str):
        name = type(function).__name__
    return None if name.startswith(("<", "__")) else name


def parameters_of(function: Callable) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # some compiled functions do not tell
        return {}


def loss_named_by_parameter(function: Callable) -> str | None:
    """The loss that takes what the first parameter is called."""
    first = next(iter(parameters_of(function)), None)
    return next((kind for kind, names in FIRST_PARAMETER.items() if first in names), None)


def kinds_of(function: Callable, kind: str | None) -> list[Kind]:
    """The kinds that a function may be, the likeliest first."""
    if kind is not None:
        return [KINDS[as_choice(kind, "kind", tuple(KINDS))]]
    name = name_of(function)
    parameters = list(parameters_of(function).values())
    names = tuple(parameter.name for parameter in parameters)
    words = re.sub(r"[\W_]+", "_", (name or "").lower())
    for pattern, kinds in KINDS_BY_NAME.items():
        if re.search(pattern.replace(r"\b", "(?:^|_|$)"), words):
            likely = [KINDS[one] for one in kinds]
            fitting = [one for one in likely if _takes(parameters, len(one.arguments))]
            fitting = fitting or likely[:1]
            if "cross_entropy" in kinds:
                return sorted(
                    fitting, key=lambda one: one.name != loss_named_by_parameter(function)
                )
            return sorted(fitting, key=lambda one: (names != one.arguments, one.name != words))[:1]
    alike = [one for one in KINDS.values() if one.arguments == names and not one.names]
    if len(alike) == 1:
        return alike
    raise ValueError(
        f"kind must be given: it cannot be told from {name or 'no name'}. It is one of "
        f"{', '.join(KINDS)}"
    )


def _takes(parameters: list[inspect.Parameter], count: int) -> bool:
    """Whether a function with these parameters can be called with so many arguments."""
    if not parameters or any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return True
    by_position = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    return len(needed) <= count <= len(by_position)
