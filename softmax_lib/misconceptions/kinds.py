"""The kinds of function that can be judged: what each takes, what it returns, and what is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .. import activations, losses
from . import probes
from .probes import Probe


@dataclass(frozen=True)
class Kind:
    """What a function of this kind takes and returns, and the calls that tell right from wrong."""

    name: str
    arguments: tuple[str, ...]
    results: tuple[str, ...]
    truth: Callable[..., Any]
    draw: Callable[[np.random.Generator], Iterator[Probe]]
    # Answers that differ by less are one answer: float32 reaches it, float16 does not.
    tolerance: float = 1e-6

    @property
    def call(self) -> str:
        return f"{self.name}({', '.join(self.arguments)})"

    def probes(self, seed: int = 0, dtype: DTypeLike = np.float64) -> list[Probe]:
        """Small inputs first; the same for the same seed."""
        drawn = self.draw(np.random.default_rng(seed))
        return [
            probe._replace(arguments=tuple(_cast(a, dtype) for a in probe.arguments))
            for probe in drawn
        ]

    def n_classes(self, arguments: tuple[Any, ...]) -> int:
        """Number of classes in examples that lie in rows."""
        given = dict(zip(self.arguments, arguments, strict=True))
        if "n_classes" in given:
            return given["n_classes"]
        name = next(n for n in ("probs", "logits", "scores", "Z", "W", "W2") if n in given)
        return given[name].shape[-1]


def _cast(argument: Any, dtype: DTypeLike) -> Any:
    """A copy, which a function may change; floating-point numbers of the given dtype."""
    if not isinstance(argument, np.ndarray):
        return argument
    return argument.astype(dtype if argument.dtype.kind == "f" else argument.dtype)


# --- what is true ------------------------------------------------------------------------------


def _loss_of_probabilities(probs: NDArray, y: NDArray) -> NDArray:
    with np.errstate(divide="ignore"):
        return losses.negative_log_likelihood(np.log(probs), y)


def _logits_gradient(Z: NDArray, y: NDArray) -> NDArray:
    return losses.cross_entropy_and_gradient(Z, y)[1]


def _weight_gradient(X: NDArray, Z: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    dZ = _logits_gradient(Z, y)
    return X.T @ dZ, dZ.sum(axis=0)


def _penalised_step(
    W: NDArray, b: NDArray, X: NDArray, y: NDArray, learning_rate: float, l2: float = 0.0
) -> tuple[NDArray, NDArray]:
    dW, db = _weight_gradient(X, X @ W + b, y)
    return W - learning_rate * (dW + l2 * W), b - learning_rate * db


def _network_gradients(
    X: NDArray, y: NDArray, W1: NDArray, b1: NDArray, W2: NDArray, b2: NDArray
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dW2, db2 = _weight_gradient(A1, A1 @ W2 + b2, y)
    dZ1 = _logits_gradient(A1 @ W2 + b2, y) @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), dW2, db2


def _accuracy(scores: NDArray, y: NDArray) -> np.floating:
    return np.mean(scores.argmax(axis=1) == y)


# --- the kinds ---------------------------------------------------------------------------------

TINY = 1e-30  # a small probability is right only if its leading digits are

KINDS = {
    kind.name: kind
    for kind in [
        Kind("softmax", ("Z",), ("probabilities",), activations.softmax, probes.of_logits, TINY),
        Kind(
            "softmax_with_temperature",
            ("Z", "temperature"),
            ("probabilities",),
            lambda Z, temperature: activations.softmax(Z, temperature=temperature),
            probes.of_logits_and_temperature,
            TINY,
        ),
        Kind("hardmax", ("Z",), ("one-hot rows",), activations.hardmax, probes.of_logits),
        Kind(
            "log_softmax", ("Z",), ("log-probabilities",), activations.log_softmax, probes.of_logits
        ),
        Kind("logsumexp", ("Z",), ("one number a row",), activations.logsumexp, probes.of_logits),
        Kind("sigmoid", ("z",), ("probabilities",), activations.sigmoid, probes.of_numbers, TINY),
        Kind(
            "softmax_jacobian",
            ("z",),
            ("Jacobian",),
            activations.softmax_jacobian,
            probes.of_one_row,
        ),
        Kind("one_hot", ("y", "n_classes"), ("one-hot rows",), losses.one_hot, probes.of_labels),
        Kind("accuracy", ("scores", "y"), ("accuracy",), _accuracy, probes.of_scores_and_labels),
        Kind(
            "cross_entropy_from_probs",
            ("probs", "y"),
            ("loss",),
            _loss_of_probabilities,
            probes.of_probabilities_and_labels,
        ),
        Kind(
            "cross_entropy",
            ("logits", "y"),
            ("loss",),
            losses.cross_entropy,
            probes.of_logits_and_labels,
        ),
        Kind("logits_gradient", ("Z", "y"), ("dZ",), _logits_gradient, probes.of_logits_and_labels),
        Kind(
            "weight_gradient",
            ("X", "Z", "y"),
            ("dW", "db"),
            _weight_gradient,
            probes.of_features_logits_and_labels,
        ),
        Kind(
            "gradient_step",
            ("W", "b", "X", "y", "learning_rate"),
            ("W", "b"),
            _penalised_step,
            probes.of_a_gradient_step,
        ),
        Kind(
            "gradient_step_with_l2",
            ("W", "b", "X", "y", "learning_rate", "l2"),
            ("W", "b"),
            _penalised_step,
            probes.of_a_penalised_step,
        ),
        Kind(
            "network_gradients",
            ("X", "y", "W1", "b1", "W2", "b2"),
            ("dW1", "db1", "dW2", "db2"),
            _network_gradients,
            probes.of_a_network,
        ),
    ]
}
