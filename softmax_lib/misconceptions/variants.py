"""Functions that are right in their own way, where the book has another one: what they compute."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .. import activations
from .kinds import KINDS, Kind
from .layouts import BIASES
from .mistake import Misconception, source_of
from .probes import Probe


class Variant(NamedTuple):
    """A kind with another truth, and how a verdict calls it."""

    kind: Kind
    says: str  # "right, ..." or, where it is explained only, a sentence
    accepted: bool
    form: str = ""  # how a verdict calls it where it is wrong
    is_last_resort: bool = False  # it is tried only where nothing else gives an answer


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


def network_of(activation: Activation, slope: Slope) -> Callable[..., tuple[NDArray, ...]]:
    def gradients(
        X: NDArray, y: NDArray, W1: NDArray, b1: NDArray, W2: NDArray, b2: NDArray
    ) -> tuple[NDArray, ...]:
        Z1 = X @ W1 + b1
        A1 = activation(Z1)
        dW2, db2 = KINDS["weight_gradient"].truth(A1, A1 @ W2 + b2, y)
        dZ1 = KINDS["logits_gradient"].truth(A1 @ W2 + b2, y) @ W2.T * slope(Z1, A1)
        return X.T @ dZ1, dZ1.sum(axis=0), dW2, db2

    return gradients


# As the catalogue writes a ReLU and its slope, and what stands there in other hidden layers.
RELU = re.compile(r"np\.maximum\(((?:X @ W1|Z1)[^()]*), 0\)")
RELU_SLOPE = re.compile(r"\([ZA]1 > 0\)")
WRITTEN = {
    "a tanh": (r"np.tanh(\1)", "(1 - A1**2)"),
    "a sigmoid": (r"(1 / (1 + np.exp(-(\1))))", "A1 * (1 - A1)"),
}


def _with_hidden(layer: str) -> Callable[[Callable], Callable] | None:
    """A mistake of a network with a ReLU as one of a network with another hidden layer."""
    if layer not in WRITTEN:
        return None
    value, slope = WRITTEN[layer]

    @functools.cache
    def rewritten(wrong: Callable) -> Callable:
        namespace = dict(wrong.__globals__)
        exec(RELU_SLOPE.sub(slope, RELU.sub(value, source_of(wrong))), namespace)
        return namespace[wrong.__code__.co_name]

    def lift(function: Callable) -> Callable:
        if isinstance(function, functools.partial):
            return functools.partial(rewritten(function.func), **function.keywords)
        return rewritten(function)

    return lift


def is_of_any_layer(entry: Misconception) -> bool:
    """Whether a mistake of a network has nothing to do with its ReLU."""
    return "ReLU" not in entry.title + entry.message and "Z1 > 0" not in entry.message


# --- without biases ----------------------------------------------------------------------------


WITHOUT_BIASES = "It is right without biases. With them a border need not pass through the origin"


def _without_biases(kind: Kind) -> Kind:
    """The same where all biases are 0 and nobody asks for them."""
    kept = [name not in BIASES for name in kind.arguments]

    def lift(function: Callable) -> Callable:
        def without(*arguments: NDArray) -> tuple[NDArray, ...] | NDArray:
            given = iter(arguments)
            named = {
                n: next(given) if k else None for n, k in zip(kind.arguments, kept, strict=True)
            }
            sizes = {"b": "W", "b1": "W1", "b2": "W2"}
            for name, value in named.items():
                if value is None:
                    named[name] = np.zeros(named[sizes[name]].shape[1])  # type: ignore[union-attr]
            results = zip(kind.results, function(*named.values()), strict=True)
            parts = tuple(part for name, part in results if name.removeprefix("d") not in BIASES)
            return parts if len(parts) > 1 else parts[0]

        return without

    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            pairs = zip(probe.arguments, kept, strict=True)
            yield probe._replace(arguments=tuple(a for a, is_kept in pairs if is_kept))

    return replace(
        kind,
        arguments=tuple(n for n, is_kept in zip(kind.arguments, kept, strict=True) if is_kept),
        results=tuple(n for n in kind.results if n.removeprefix("d") not in BIASES),
        truth=lift(kind.truth),
        draw=draw,
        lift=lift,
    )


def _of_full_batches(kind: Kind) -> Kind:
    """As many steps as are asked for, each with all examples."""

    def lift(epoch: Callable) -> Callable:
        def descent(*given: Any) -> Any:
            *weights, X, y, learning_rate, n_steps = given
            for _ in range(n_steps):
                found = epoch(*weights, X, y, learning_rate, len(X))
                weights = list(found) if isinstance(found, tuple) else [found]
            return tuple(weights) if len(weights) > 1 else weights[0]

        return descent

    def draw(rng: Generator) -> Iterator[Probe]:
        for number, probe in enumerate(kind.draw(rng)):
            *others, _ = probe.arguments
            n_steps = 1 + number % 3
            steps = "one step" if n_steps == 1 else f"{n_steps} steps"
            looks_for = f"{probe.looks_for.partition(' in batches')[0]}, {steps}"
            yield Probe(looks_for, (*others, n_steps))

    arguments = (*kind.arguments[:-1], "n_steps")
    return replace(
        kind,
        arguments=arguments,
        truth=lift(kind.truth),
        draw=draw,
        lift=lambda one: lift(kind.lifted(one)),
    )


# --- more axes than two ------------------------------------------------------------------------

FURTHER_AXES = {3: "three axes, such as (batch, positions, classes)", 4: "four axes"}
OF_FURTHER_AXES = {"softmax", "log_softmax", "masked_softmax", "attention_weights"}


def _of_axes(kind: Kind, count: int) -> Kind:
    """The same for two tables, one upon the other, or for a stack of such stacks."""
    further = (None,) * (count - 3)

    def lift(function: Callable) -> Callable:
        def of_stacks(*stacks: NDArray) -> NDArray:
            of_tables = zip(*(stack[(0,) * len(further)] for stack in stacks), strict=True)
            return np.stack([function(*tables) for tables in of_tables])[further]

        return of_stacks

    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            stacks = (
                np.stack([table, np.roll(table, 1, axis=-1)])[further] for table in probe.arguments
            )
            yield probe._replace(arguments=tuple(stacks))

    return replace(kind, truth=lift(kind.truth), draw=draw, lift=lambda one: lift(kind.lifted(one)))


def _with_values(kind: Kind) -> Kind:
    """Attention to values; those of the unit matrix are the weights."""

    def lift(weights: Callable) -> Callable:
        return lambda Q, K, V: weights(Q, K) @ V

    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            Q, K = probe.arguments
            yield probe._replace(arguments=(Q, K, np.eye(len(K))))

    return replace(kind, arguments=("Q", "K", "V"), truth=lift(kind.truth), draw=draw, lift=lift)


def _of_lengths(kind: Kind) -> Kind:
    """A mask that keeps the first numbers of each row: how many, is given."""

    def lift(masked: Callable) -> Callable:
        return lambda Z, lengths: masked(Z, np.arange(Z.shape[1]) < lengths[:, np.newaxis])

    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            Z, mask = probe.arguments
            kept = mask.sum(axis=1)
            # Two are hidden, if any: one alone would not show a length that is off by one.
            lengths = np.where(mask.all(axis=1), kept, np.maximum(kept - 1, 1))
            yield probe._replace(arguments=(Z, lengths))

    return replace(kind, arguments=("Z", "lengths"), truth=lift(kind.truth), draw=draw, lift=lift)


# --- slopes as functions of what was computed already -------------------------------------------


def _of_probabilities(kind: Kind) -> Kind:
    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            yield probe._replace(arguments=(activations.softmax(probe.arguments[0]),))

    def lift(jacobian: Callable) -> Callable:
        return lambda p: jacobian(np.log(p))

    return replace(
        kind,
        arguments=("p",),
        truth=lambda p: np.diag(p) - np.outer(p, p),
        draw=draw,
        lift=lift,
    )


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

    def lift(jacobian: Callable) -> Callable:
        return lambda Z: np.stack([jacobian(z) for z in Z])

    return replace(kind, arguments=("Z",), truth=lift(kind.truth), draw=draw, lift=lift)


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

    def lift(slope: Callable) -> Callable:
        return lambda upstream, z: upstream * slope(z)

    return replace(kind, arguments=("upstream", "z"), truth=lift(kind.truth), draw=draw, lift=lift)


def _way_back_of_logits(kind: Kind) -> Kind:
    """What a layer does on the way back that was given logits on the way there."""

    def lift(way_back: Callable) -> Callable:
        return lambda logits, upstream: way_back(activations.softmax(logits), upstream)

    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            probs, upstream = probe.arguments
            if probs.all():
                yield probe._replace(arguments=(np.log(probs), upstream))

    return replace(
        kind, arguments=("logits", "upstream"), truth=lift(kind.truth), draw=draw, lift=lift
    )


# --- gradients by the weights, and losses, of what softmax has given ---------------------------


def _of_logarithms(function: Callable) -> Callable:
    """Of probabilities what a function makes of logits: their logarithms are such."""

    def of_probabilities(X: NDArray, probs: NDArray, y: NDArray) -> Any:
        return function(X, np.log(probs), y)

    return of_probabilities


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

    return replace(kind, arguments=("X", "probs", "y"), truth=truth, draw=draw, lift=_of_logarithms)


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
        lift=lambda loss: loss,  # they are logits as well
    )


def _first_result_alone(kind: Kind) -> Kind:
    def first(function: Callable) -> Callable:
        return lambda *given: function(*given)[0]

    return replace(
        kind,
        results=kind.results[:1],
        truth=first(kind.truth),
        lift=lambda one: first(kind.lifted(one)),
    )


def _of_labels_alone(kind: Kind) -> Kind:
    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            yield probe._replace(arguments=probe.arguments[:1])

    return replace(
        kind, arguments=("y",), truth=lambda y: kind.truth(y, int(y.max()) + 1), draw=draw
    )


def _of_listed_classes(kind: Kind) -> Kind:
    def lift(one_hot: Callable) -> Callable:
        return lambda y, classes: one_hot(y, len(classes))

    def draw(rng: Generator) -> Iterator[Probe]:
        for probe in kind.draw(rng):
            y, n_classes = probe.arguments
            yield probe._replace(arguments=(y, np.arange(n_classes)))

    return replace(kind, arguments=("y", "classes"), truth=lift(kind.truth), draw=draw, lift=lift)


def _of_further_axes(kind: Kind) -> Iterator[Variant]:
    for count, axes in FURTHER_AXES.items():
        yield Variant(
            _of_axes(kind, count),
            f"It is right for arrays of {axes}. Here they have two. Count the axes from the "
            "end, axis=-1, and any number of them will do.",
            False,
            f"for arrays of {axes}",
            is_last_resort=True,
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
            truth = network_of(activation, slope)
            variant = replace(kind, truth=truth, lift=_with_hidden(name))
            yield Variant(variant, f"with {name} hidden layer", True)
    if BIASES & set(kind.arguments) and kind.name != "descent_epoch":
        yield Variant(
            _without_biases(kind),
            f"{WITHOUT_BIASES}: take {kind.call}.",
            False,
            "without biases",
        )
    if kind.name == "descent_epoch":
        yield Variant(_of_full_batches(kind), "with all examples in each step", True)
        without = _of_full_batches(_without_biases(kind))
        yield Variant(without, f"{WITHOUT_BIASES}.", False, "without biases")
    if kind.name == "softmax_with_temperature":
        yield Variant(
            _powers(kind),
            "It is right as a function of the probabilities. Here it is given logits: divide them "
            "by the temperature, and take the softmax.",
            False,
            "of the probabilities",
        )
    if kind.name == "masked_softmax":
        yield Variant(_of_lengths(kind), "with lengths for a mask", True)
    if kind.name == "attention_weights":
        yield Variant(_with_values(kind), "with the unit matrix for V", True)
    if kind.name in OF_FURTHER_AXES:
        yield from _of_further_axes(kind)
        if kind.name == "attention_weights":
            yield from _of_further_axes(_with_values(kind))
    if kind.name == "softmax_jacobian":
        yield Variant(
            _of_probabilities(kind),
            "It is right as a function of the probabilities. Here it is given logits: begin with "
            "p = softmax(z).",
            False,
            "of the probabilities",
        )
        yield Variant(
            _of_a_batch(kind),
            "It is right for a batch. Here it is given one vector of logits, z.",
            False,
            "for a batch",
        )
    if kind.name == "weight_gradient":
        from_probabilities = _weights_from_probabilities(kind)
        yield Variant(from_probabilities, "of the probabilities", True)
        yield Variant(
            _first_result_alone(from_probabilities),
            "It is a right dW of the probabilities, and alone. Return dW, db.",
            False,
            "by dW alone, of the probabilities",
        )
    if kind.name == "softmax_backward":
        yield Variant(_way_back_of_logits(kind), "of the logits", True)
    if kind.name == "cross_entropy":
        yield Variant(_loss_of_log_probabilities(kind), "of log-probabilities", True)
    if kind.results[0] in ("loss", "dW") and len(kind.results) > 1:
        yield Variant(
            _first_result_alone(kind),
            f"It is a right {kind.results[0]}, and alone. Return {', '.join(kind.results)}.",
            False,
            f"by {kind.results[0]} alone",
        )
    if kind.name == "one_hot":
        yield Variant(
            _of_labels_alone(kind),
            "It is right where the last class occurs. A batch may lack it, so take the number of "
            f"classes too: {kind.call}.",
            False,
            "of the labels alone",
        )
        yield Variant(
            _of_listed_classes(kind),
            "It is right where the classes are listed, as in [0, 1, 2]. Here it is given their "
            f"number: {kind.call}.",
            False,
            "where the classes are listed",
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
            "of the activation",
        )
