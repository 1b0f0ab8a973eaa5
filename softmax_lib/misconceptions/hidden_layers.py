"""Networks that go back through their hidden layer by a slope that is not the layer's own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ..activations import sigmoid
from .answers import Answer, Answers
from .kinds import KINDS, Kind
from .variants import HIDDEN, Activation, Slope, network_of

RELU = "a ReLU"
LAYERS: dict[str, tuple[str, Activation, str]] = {
    RELU: ("np.maximum(Z1, 0)", lambda Z: np.maximum(Z, 0), "Z1 > 0"),
    "a tanh": ("np.tanh(Z1)", HIDDEN["a tanh"][0], "1 - A1**2"),
    "a sigmoid": ("sigmoid(Z1)", HIDDEN["a sigmoid"][0], "A1 * (1 - A1)"),
}
# As they are written, and what they give.
SLOPES: dict[str, Slope] = {
    "1 - A1**2": lambda Z, A: 1 - A**2,
    "A1 * (1 - A1)": lambda Z, A: A * (1 - A),
    "Z1 > 0": lambda Z, A: Z > 0,
    "Z1 <= 0": lambda Z, A: Z <= 0,
    "1 - Z1**2": lambda Z, A: 1 - Z**2,
    "Z1 * (1 - Z1)": lambda Z, A: Z * (1 - Z),
    "1 - A1": lambda Z, A: 1 - A,
    "1 - Z1": lambda Z, A: 1 - Z,
    "A1": lambda Z, A: A,
    "Z1": lambda Z, A: Z,
    "1": lambda Z, A: np.ones_like(Z),
    "1 - np.tanh(A1)**2": lambda Z, A: 1 - np.tanh(A) ** 2,
    "1 - np.tanh(Z1)**2": lambda Z, A: 1 - np.tanh(Z) ** 2,
    "sigmoid(A1) * (1 - sigmoid(A1))": lambda Z, A: sigmoid(A) * sigmoid(-A),
    "sigmoid(Z1) * (1 - sigmoid(Z1))": lambda Z, A: sigmoid(Z) * sigmoid(-Z),
}


def in_words(answers: Answers) -> str:
    """The sentence for a hidden layer of one make, and the slope of another."""
    kind = answers.kind
    own = KINDS[kind.name]
    is_variant = kind is not own and kind.arguments == own.arguments
    if kind.results[:1] != ("dW1",) or is_variant:  # each hidden layer is tried here itself
        return ""
    for layer, (written, activation, due) in LAYERS.items():
        if not _has_second_layer_of(answers, activation):
            continue
        for says, slope in SLOPES.items():
            if says != due and _is_network_of(answers, activation, slope):
                took = "no slope at all" if says == "1" else f"the slope {says}"
                return (
                    f"The hidden layer is {layer}, A1 = {written}, and on the way back it takes "
                    f"{took}. The slope of {layer} is {due}, which dA1 is multiplied by."
                )
    return ""


def _has_second_layer_of(answers: Answers, activation: Activation) -> bool:
    """Whether what belongs to the second layer is right for this hidden layer."""
    named = [at for at, name in enumerate(answers.kind.results) if name.endswith("2")]
    return bool(named) and all(
        parts is not None
        and all(
            parts[at].shape == truth[at].shape
            and answers.probe_set.close(index, parts[at], truth[at]).all()
            for at in named
        )
        for index, (parts, truth) in _beside(answers, activation, SLOPES["1"])
    )


def _is_network_of(answers: Answers, activation: Activation, slope: Slope) -> bool:
    return all(
        parts is not None and answers.probe_set.agree(index, Answer(parts), Answer(truth))
        for index, (parts, truth) in _beside(answers, activation, slope)
    )


Parts = tuple[NDArray, ...]


def _beside(
    answers: Answers, activation: Activation, slope: Slope
) -> Iterator[tuple[int, tuple[Parts | None, Parts]]]:
    """What it gave to each probe, and what a network with this layer and slope gives."""
    truth = _truth(answers.kind, activation, slope)
    for index in answers.outcomes():
        with np.errstate(all="ignore"):
            values = truth(*answers.probe_set.probes[index].arguments)
        yield index, (answers[index].parts, tuple(np.asarray(one) for one in values))


@functools.cache
def _truth(kind: Kind, activation: Activation, slope: Slope) -> Callable[..., Parts]:
    return kind.lifted(network_of(activation, slope))
