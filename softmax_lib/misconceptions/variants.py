"""Functions that are right in their own way, where the book has another one: what they compute."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .. import activations
from .kinds import KINDS, Kind
from .layouts import BIASES
from .probes import Probe


class Variant(NamedTuple):
    """A kind with another truth, and how a verdict calls it."""

    kind: Kind
    says: str  # "right, ..." or, where it is explained only, a sentence
    accepted: bool


# --- other hidden layers: a function, and its slope from its argument and its value ------------

Activation = Callable[[NDArray], NDArray]
Slope = Callable[[NDArray, NDArray], NDArray]


def _leaky(leak: float) -> tuple[Activation, Slope]:
    return (
        lambda Z: np.where(Z > 0, Z, leak * Z),
        lambda Z, A: np.where(Z > 0, 1.0, leak),
    )


HIDDEN: dict[str, tuple[Activation, Slope]] = {
    "a tanh": (np.tanh, lambda Z, A: 1 - A**2),
    "a sigmoid": (activations.sigmoid, lambda Z, A: A * (1 - A)),
    **{f"a leaky ReLU ({leak:g})": _leaky(leak) for leak in (0.01, 0.1, 0.2)},
}


def _network(activation: Activation, slope: Slope) -> Callable[..., tuple[NDArray, ...]]:
    def gradients(
        X: NDArray, y: NDArray, W1: NDArray, b1: NDArray, W2: NDArray, b2: NDArray
    ) -> tuple[NDArray, ...]:
        Z1 = X @ W1 + b1
        A1 = activation(Z1)
        dW2, db2 = KINDS["weight_gradient"].truth(A1, A1 @ W2 + b2, y)
        dZ1 = KINDS["logits_gradient"].truth(A1 @ W2 + b2, y) @ W2.T * slope(Z1, A1)
        return X.T @ dZ1, dZ1.sum(axis=0), dW2, db2

    return gradients


# --- without biases ----------------------------------------------------------------------------


def _without_biases(kind: Kind) -> Kind:
    """The same where all biases are 0 and nobody asks for them."""
    kept = [name not in BIASES for name in kind.arguments]

    def truth(*arguments: NDArray) -> tuple[NDArray, ...] | NDArray:
        given = iter(arguments)
        named = {n: next(given) if k else None for n, k in zip(kind.arguments, kept, strict=True)}
        sizes = {"b": "W", "b1": "W1", "b2": "W2"}
        for name, value in named.items():
            if value is None:
                named[name] = np.zeros(named[sizes[name]].shape[1])  # type: ignore[union-attr]
        results = zip(kind.results, kind.truth(*named.values()), strict=True)
        parts = tuple(part for name, part in results if name.removeprefix("d") not in BIASES)
        return parts if len(parts) > 1 else parts[0]

    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            pairs = zip(probe.arguments, kept, strict=True)
            yield probe._replace(arguments=tuple(a for a, is_kept in pairs if is_kept))

    return replace(
        kind,
        arguments=tuple(n for n, is_kept in zip(kind.arguments, kept, strict=True) if is_kept),
        results=tuple(n for n in kind.results if n.removeprefix("d") not in BIASES),
        truth=truth,
        draw=draw,
    )


# --- slopes as functions of what was computed already -------------------------------------------


def _of_probabilities(kind: Kind) -> Kind:
    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            yield probe._replace(arguments=(activations.softmax(probe.arguments[0]),))

    return replace(kind, arguments=("p",), truth=lambda p: np.diag(p) - np.outer(p, p), draw=draw)


def _powers(kind: Kind) -> Kind:
    """A temperature for probabilities, whose logarithms stand for the logits."""

    def truth(probs: NDArray, temperature: float) -> NDArray:
        with np.errstate(under="ignore"):
            powers = probs ** (1 / temperature)
        return powers / powers.sum(axis=1, keepdims=True)

    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            Z, temperature = probe.arguments
            yield probe._replace(arguments=(activations.softmax(Z), temperature))

    return replace(kind, arguments=("probs", "temperature"), truth=truth, draw=draw)


def _of_a_batch(kind: Kind) -> Kind:
    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            yield probe._replace(arguments=(probe.arguments[0][None],))

    return replace(
        kind, arguments=("Z",), truth=lambda Z: np.stack([kind.truth(z) for z in Z]), draw=draw
    )


def _of_activation(kind: Kind, activation: Activation, slope: Activation) -> Kind:
    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            yield probe._replace(arguments=(activation(np.asarray(probe.arguments[0], float)),))

    return replace(kind, arguments=("a",), truth=slope, draw=draw)


def _times_upstream(kind: Kind) -> Kind:
    """A slope as a layer uses it: times the gradient that comes in from above."""

    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            z = probe.arguments[0]
            yield probe._replace(arguments=(2.0 - np.arange(z.size).reshape(z.shape), z))

    return replace(
        kind,
        arguments=("upstream", "z"),
        truth=lambda upstream, z: upstream * kind.truth(z),
        draw=draw,
    )


# --- gradients by the weights, and losses, of what softmax has given ---------------------------


def _weights_from_probabilities(kind: Kind) -> Kind:
    def truth(X: NDArray, probs: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
        dZ = KINDS["logits_gradient_from_probs"].truth(probs, y)
        return X.T @ dZ, dZ.sum(axis=0)

    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            X, Z, y = probe.arguments
            looks_for = probe.looks_for.replace("logits", "probabilities")
            if np.abs(Z).max() < 100:  # beyond, all are 0 or 1
                yield Probe(looks_for, (X, activations.softmax(Z), y))

    return replace(kind, arguments=("X", "probs", "y"), truth=truth, draw=draw)


def _loss_of_log_probabilities(kind: Kind) -> Kind:
    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in KINDS["cross_entropy_from_probs"].draw(rng):
            probs, y = probe.arguments
            with np.errstate(divide="ignore"):
                yield probe._replace(arguments=(np.log(probs), y))

    return replace(
        kind,
        arguments=("log_probs", "y"),
        truth=lambda log_probs, y: -log_probs[np.arange(len(y)), y].mean(),
        draw=draw,
    )


def _first_result_alone(kind: Kind) -> Kind:
    return replace(kind, results=kind.results[:1], truth=lambda *given: kind.truth(*given)[0])


def _of_labels_alone(kind: Kind) -> Kind:
    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            yield probe._replace(arguments=probe.arguments[:1])

    return replace(
        kind, arguments=("y",), truth=lambda y: kind.truth(y, int(y.max()) + 1), draw=draw
    )


OF_ACTIVATION: dict[str, tuple[str, Activation, Activation]] = {
    "sigmoid_derivative": ("sigmoid", activations.sigmoid, lambda a: a * (1 - a)),
    "tanh_derivative": ("tanh", np.tanh, lambda a: 1 - a**2),
}


@functools.cache
def variants_of(kind: Kind) -> tuple[Variant, ...]:
    """What a function of this kind may be in its own way."""
    return tuple(_variants_of(kind))


def _variants_of(kind: Kind) -> Iterator[Variant]:
    if kind.name == "network_gradients":
        for name, (activation, slope) in HIDDEN.items():
            variant = replace(kind, truth=_network(activation, slope))
            yield Variant(variant, f"with {name} hidden layer", True)
    if BIASES & set(kind.arguments) and kind.name != "descent_epoch":
        yield Variant(
            _without_biases(kind),
            "It is right without biases. With them a border need not pass through the origin: "
            f"take {kind.call}.",
            False,
        )
    if kind.name == "softmax_with_temperature":
        yield Variant(
            _powers(kind),
            "It is right as a function of the probabilities. Here it is given logits: divide them "
            "by the temperature, and take the softmax.",
            False,
        )
    if kind.name == "softmax_jacobian":
        yield Variant(
            _of_probabilities(kind),
            "It is right as a function of the probabilities. Here it is given logits: begin with "
            "p = softmax(z).",
            False,
        )
        yield Variant(
            _of_a_batch(kind),
            "It is right for a batch. Here it is given one vector of logits, z.",
            False,
        )
    if kind.name == "weight_gradient":
        from_probabilities = _weights_from_probabilities(kind)
        yield Variant(from_probabilities, "of the probabilities", True)
        yield Variant(
            _first_result_alone(from_probabilities),
            "It is a right dW of the probabilities, and alone. Return dW, db.",
            False,
        )
    if kind.name == "cross_entropy":
        yield Variant(_loss_of_log_probabilities(kind), "of log-probabilities", True)
    if kind.results[0] in ("loss", "dW") and len(kind.results) > 1:
        yield Variant(
            _first_result_alone(kind),
            f"It is a right {kind.results[0]}, and alone. Return {', '.join(kind.results)}.",
            False,
        )
    if kind.name == "one_hot":
        yield Variant(
            _of_labels_alone(kind),
            "It is right where the last class occurs. A batch may lack it, so take the number of "
            f"classes too: {kind.call}.",
            False,
        )
    if kind.arguments == ("z",) and kind.results == ("slopes",):
        yield Variant(_times_upstream(kind), "times the gradient from above", True)
    if kind.name in OF_ACTIVATION:
        name, activation, slope_of = OF_ACTIVATION[kind.name]
        yield Variant(
            _of_activation(kind, activation, slope_of),
            f"It is right as a function of the activation. Here it is given z: begin with "
            f"a = {name}(z).",
            False,
        )
