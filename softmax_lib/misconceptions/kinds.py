"""The kinds of function that can be judged: what goes in, what is true, where mistakes show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .. import activations, losses

LARGE = "logits around 1000"


class Probe(NamedTuple):
    """One call of a function, and what it looks for."""

    looks_for: str  # completes the sentence "It goes wrong first with ..."
    arguments: tuple
    caution: str = ""  # where a failure is no mistake, but worth knowing


@dataclass(frozen=True)
class Kind:
    """What a function of this kind takes and returns, and the calls that tell right from wrong."""

    name: str
    arguments: tuple[str, ...]
    results: tuple[str, ...]
    truth: Callable
    draw: Callable[[np.random.Generator], Iterator[Probe]]
    # Answers that differ by less are one answer: float32 reaches it, float16 does not.
    tolerance: float = 1e-6

    @property
    def call(self) -> str:
        return f"{self.name}({', '.join(self.arguments)})"

    def probes(self, seed: int = 0, dtype=np.float64) -> list[Probe]:
        """Small inputs first; the same for the same seed."""
        drawn = self.draw(np.random.default_rng(seed))
        return [
            probe._replace(arguments=tuple(_cast(a, dtype) for a in probe.arguments))
            for probe in drawn
        ]

    def n_classes(self, arguments: tuple) -> int:
        """Number of classes in examples that lie in rows."""
        given = dict(zip(self.arguments, arguments, strict=True))
        if "n_classes" in given:
            return given["n_classes"]
        name = next(n for n in ("probs", "logits", "scores", "Z", "W", "W2") if n in given)
        return given[name].shape[-1]


def _cast(argument, dtype):
    """A copy, so that no one can write on the exam; floating-point numbers of the given type."""
    if not isinstance(argument, np.ndarray):
        return argument
    return argument.astype(dtype if argument.dtype.kind == "f" else argument.dtype)


# --- inputs ------------------------------------------------------------------------------------


def _numbers(rng, *shape):
    """Numbers between -4 and 4 with one decimal, all different."""
    return rng.choice(np.arange(-40, 41), size=shape, replace=False) / 10


def _probabilities(rng, m, n_classes):
    """Rows of hundredths, each entry above 0."""
    shares = rng.dirichlet(np.ones(n_classes), size=m)
    return (rng.multinomial(100 - n_classes, shares) + 1) / 100


def _labels(rng, m, n_classes):
    """Labels of a batch in which the last class is missing, as happens in small batches."""
    return rng.integers(0, n_classes - 1, size=m)


def _array(*rows):
    return np.array(rows, dtype=np.float64)


LECTURE = _array([5, 2, -1, 3])
FORECAST = _array([0.3, 0.2, 0.1, 0.4])
CAT = np.array([1])
FIRST = np.array([0])

SHAPES = [(1, 2), (2, 3), (3, 3), (4, 2), (3, 5)]


def _logits(rng):
    """One input of each shape; the square one is where forgotten axes pass unnoticed."""
    yield "an ordinary row of logits", LECTURE
    for m, n_classes in SHAPES:
        rows = "one row" if m == 1 else f"{m} rows"
        yield f"{rows} of {n_classes} ordinary logits", _numbers(rng, m, n_classes)
    yield "negative logits", _array([-3, -4, -5])
    yield "equal logits", _array([2, 2, 1], [0, 1, 1])
    yield "whole numbers", np.array([[3, 1, 2], [0, 4, 1]])
    yield LARGE, _array([1000, 1001])
    yield "logits around -1000", _array([-1000, -1001])
    yield "logits far apart", _array([0, 1000])
    yield "logits far apart", _array([0, -2000])
    yield "rows that are far apart", _array([0, 1], [-2000, -2001])


def _of_logits(rng):
    for looks_for, Z in _logits(rng):
        yield Probe(looks_for, (Z,))


def _with_temperature(rng):
    for looks_for, Z in _logits(rng):
        for temperature in (1.0, 2.0, 0.5):
            yield Probe(f"{looks_for}, at temperature {temperature:g}", (Z, temperature))


def _of_numbers(rng):
    yield Probe("a single 0", (_array(0),))
    yield Probe("ordinary numbers", (_numbers(rng, 5),))
    yield Probe("ordinary numbers in a table", (_numbers(rng, 2, 3),))
    yield Probe("whole numbers", (np.array([2, -1, 0]),))
    yield Probe("large numbers", (_array(1000),))
    yield Probe("very negative numbers", (_array(-1000),))


def _of_one_row(rng):
    yield Probe("an ordinary row of logits", (LECTURE[0],))
    for n_classes in (2, 3, 5):
        yield Probe(f"{n_classes} ordinary logits", (_numbers(rng, n_classes),))
    yield Probe(LARGE, (_array(1000, 1001),))


def _of_labels(rng):
    yield Probe("three labels of three classes", (np.array([2, 0, 1]), 3))
    yield Probe("labels among which the last class is missing", (np.array([1, 0]), 3))
    yield Probe("labels among which a class is missing", (rng.permutation([0, 2, 2, 4]), 5))
    yield Probe("labels of two classes", (np.array([1, 1, 0]), 2))


def _with_labels(rng):
    """Logits and labels."""
    yield Probe("an ordinary row of logits", (LECTURE, CAT))
    for m, n_classes in SHAPES:
        rows = "one row" if m == 1 else f"{m} rows"
        yield Probe(
            f"{rows} of {n_classes} ordinary logits",
            (_numbers(rng, m, n_classes), _labels(rng, m, n_classes)),
        )
    yield Probe(
        "four rows in which every class occurs",
        (_numbers(rng, 4, 3), rng.permutation([0, 1, 2, 2])),
    )
    yield Probe("whole numbers", (np.array([[3, 1, 2], [0, 4, 1]]), np.array([0, 2])))
    yield Probe(LARGE, (_array([1000, 1001]), FIRST))
    yield Probe("logits around -1000", (_array([-1000, -1001]), FIRST))
    yield Probe("a confident mistake", (_array([0, -800]), np.array([1])))
    yield Probe("a confident and right answer", (_array([0, -800]), FIRST))
    yield Probe("rows that are far apart", (_array([0, 1], [-2000, -2001]), np.array([0, 1])))


def _of_probabilities(rng):
    yield Probe("the lecture's forecast", (FORECAST, CAT))
    for m, n_classes in SHAPES:
        rows = "one row" if m == 1 else f"{m} rows"
        yield Probe(
            f"{rows} of {n_classes} probabilities",
            (_probabilities(rng, m, n_classes), _labels(rng, m, n_classes)),
        )
    yield Probe(
        "four rows in which every class occurs",
        (_probabilities(rng, 4, 3), rng.permutation([0, 1, 2, 2])),
    )
    yield Probe("a small probability of what happened", (_array([0.02, 0.9, 0.08]), FIRST))
    yield Probe("a small probability of what happened", (_array([1e-4, 1 - 1e-4]), FIRST))
    yield Probe("a probability of 0 for what happened", (_array([0, 1]), FIRST))
    yield Probe(
        "a forecast that is certain and right",
        (_array([0, 1]), np.array([1])),
        caution="where a probability is exactly 0, 0 · ln 0 gives nan even for a perfect "
        "forecast. Pick the true class's probability first, then take its "
        "logarithm.",
    )


def _of_predictions(rng):
    yield Probe("one row", (LECTURE, CAT))
    for m, n_classes in SHAPES:
        rows = "one row" if m == 1 else f"{m} rows"
        yield Probe(
            f"{rows} of {n_classes} scores",
            (_numbers(rng, m, n_classes), _labels(rng, m, n_classes)),
        )
    scores = _numbers(rng, 8, 3)
    y = scores.argmax(axis=1)
    yield Probe("eight right answers", (scores, y))
    yield Probe("eight answers, one of them wrong", (scores, np.r_[(y[0] + 1) % 3, y[1:]]))


def _with_features(rng):
    yield Probe("one example with equal logits", (_array([1, 2]), _array([0, 0]), FIRST))
    for m, n, n_classes in [(1, 3, 2), (2, 2, 3), (3, 3, 3), (4, 3, 2), (2, 4, 2)]:
        yield Probe(
            _size(m, n, n_classes),
            (_numbers(rng, m, n), _numbers(rng, m, n_classes), _labels(rng, m, n_classes)),
        )
    yield Probe(
        "five examples in which every class occurs",
        (_numbers(rng, 5, 2), _numbers(rng, 5, 3), rng.permutation([0, 1, 2, 2, 1])),
    )
    yield Probe(LARGE, (_array([1, 2]), _array([1000, 1001]), FIRST))


def _size(m, n, n_classes):
    examples = "one example" if m == 1 else f"{m} examples"
    return f"{examples} with {n} features and {n_classes} classes"


def _of_a_step(rng):
    yield Probe(
        "one example and weights of 0", (np.zeros((2, 2)), np.zeros(2), _array([1, 2]), FIRST, 0.5)
    )
    for m, n, n_classes in [(1, 3, 2), (2, 2, 3), (3, 3, 3), (4, 3, 2)]:
        yield Probe(
            _size(m, n, n_classes),
            (
                _numbers(rng, n, n_classes) / 2,
                _numbers(rng, n_classes),
                _numbers(rng, m, n),
                _labels(rng, m, n_classes),
                0.2,
            ),
        )
    yield Probe("a logit of 1000", (_array([0, 1]), np.zeros(2), _array([1000]), FIRST, 0.5))


def _of_a_penalised_step(rng):
    for probe in _of_a_step(rng):
        yield probe._replace(
            arguments=(*probe.arguments, 0.0), looks_for=f"{probe.looks_for}, without a penalty"
        )
        yield probe._replace(arguments=(*probe.arguments, 0.5))


def _of_a_network(rng):
    yield Probe(
        "one example and a network with one hidden unit",
        (_array([1, 2]), FIRST, _array([1], [-0.25]), np.zeros(1), _array([1, -1]), np.zeros(2)),
    )
    for m, n, h, n_classes in [(1, 2, 2, 2), (2, 3, 3, 3), (3, 2, 4, 3), (4, 3, 2, 3)]:
        looks_for = f"{_size(m, n, n_classes)}, {h} hidden units"
        yield Probe(looks_for, _network(rng, m, n, h, n_classes))
    yield Probe(
        LARGE, (_array([1]), FIRST, _array([1]), np.zeros(1), _array([1, 2]), _array(1000, 1001))
    )


def _network(rng, m, n, h, n_classes):
    """A network in which some hidden values are cut off, and none lies near the kink at 0."""
    while True:
        X, W1, b1 = _numbers(rng, m, n), _numbers(rng, n, h) / 2, _numbers(rng, h)
        Z1 = X @ W1 + b1
        if np.abs(Z1).min() > 0.05 and 0.2 < (Z1 > 0).mean() < 0.8:
            return (
                X,
                _labels(rng, m, n_classes),
                W1,
                b1,
                _numbers(rng, h, n_classes) / 4,
                _numbers(rng, n_classes),
            )


# --- what is true ------------------------------------------------------------------------------


def _loss_of_probabilities(probs, y):
    with np.errstate(divide="ignore"):
        return losses.negative_log_likelihood(np.log(probs), y)


def _logits_gradient(Z, y):
    return losses.cross_entropy_and_gradient(Z, y)[1]


def _weight_gradient(X, Z, y):
    dZ = _logits_gradient(Z, y)
    return X.T @ dZ, dZ.sum(axis=0)


def _penalised_step(W, b, X, y, learning_rate, l2=0.0):
    dW, db = _weight_gradient(X, X @ W + b, y)
    return W - learning_rate * (dW + l2 * W), b - learning_rate * db


def _network_gradients(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dW2, db2 = _weight_gradient(A1, A1 @ W2 + b2, y)
    dZ1 = _logits_gradient(A1 @ W2 + b2, y) @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), dW2, db2


def _accuracy(scores, y):
    return np.mean(scores.argmax(axis=1) == y)


# --- the kinds ---------------------------------------------------------------------------------

TINY = 1e-30  # a small probability is right only if its leading digits are

KINDS = {
    kind.name: kind
    for kind in [
        Kind("softmax", ("Z",), ("probabilities",), activations.softmax, _of_logits, TINY),
        Kind(
            "softmax_with_temperature",
            ("Z", "temperature"),
            ("probabilities",),
            lambda Z, temperature: activations.softmax(Z, temperature=temperature),
            _with_temperature,
            TINY,
        ),
        Kind("hardmax", ("Z",), ("one-hot rows",), activations.hardmax, _of_logits),
        Kind("log_softmax", ("Z",), ("log-probabilities",), activations.log_softmax, _of_logits),
        Kind("logsumexp", ("Z",), ("one number a row",), activations.logsumexp, _of_logits),
        Kind("sigmoid", ("z",), ("probabilities",), activations.sigmoid, _of_numbers, TINY),
        Kind("softmax_jacobian", ("z",), ("Jacobian",), activations.softmax_jacobian, _of_one_row),
        Kind("one_hot", ("y", "n_classes"), ("one-hot rows",), losses.one_hot, _of_labels),
        Kind("accuracy", ("scores", "y"), ("accuracy",), _accuracy, _of_predictions),
        Kind(
            "cross_entropy_from_probs",
            ("probs", "y"),
            ("loss",),
            _loss_of_probabilities,
            _of_probabilities,
        ),
        Kind("cross_entropy", ("logits", "y"), ("loss",), losses.cross_entropy, _with_labels),
        Kind("logits_gradient", ("Z", "y"), ("dZ",), _logits_gradient, _with_labels),
        Kind("weight_gradient", ("X", "Z", "y"), ("dW", "db"), _weight_gradient, _with_features),
        Kind(
            "gradient_step",
            ("W", "b", "X", "y", "learning_rate"),
            ("W", "b"),
            _penalised_step,
            _of_a_step,
        ),
        Kind(
            "gradient_step_with_l2",
            ("W", "b", "X", "y", "learning_rate", "l2"),
            ("W", "b"),
            _penalised_step,
            _of_a_penalised_step,
        ),
        Kind(
            "network_gradients",
            ("X", "y", "W1", "b1", "W2", "b2"),
            ("dW1", "db1", "dW2", "db2"),
            _network_gradients,
            _of_a_network,
        ),
    ]
}
