"""The inputs that a function is called with, the small ones first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray


class Probe(NamedTuple):
    """One call of a function, and what it looks for."""

    looks_for: str  # completes the sentence "It goes wrong first with ..."
    arguments: tuple[Any, ...]
    caution: str = ""  # where a failure is no mistake, but worth knowing


def is_extreme(names: tuple[str, ...], arguments: tuple[Any, ...]) -> bool:
    """Whether an input is one where a function fails that is right on ordinary inputs.

    It holds numbers above 100, a row in which the largest is there twice, or a probability of 0.
    """
    named = dict(zip(names, arguments, strict=True))
    if any(np.max(np.abs(value)) > 100 for value in named.values()):
        return True
    rows = named.get("Z")
    ties = rows is not None and bool(np.any((rows == rows.max(-1, keepdims=True)).sum(-1) > 1))
    return ties or not np.all(named.get("probs", 1))


LARGE = "logits around 1000"


def _numbers(rng: Generator, *shape: int) -> NDArray[np.float64]:
    """Numbers between -4 and 4 with one decimal, all different."""
    return rng.choice(np.arange(-40, 41), size=shape, replace=False) / 10


def _probabilities(rng: Generator, m: int, n_classes: int) -> NDArray[np.float64]:
    """Rows of hundredths, each entry above 0."""
    shares = rng.dirichlet(np.ones(n_classes), size=m)
    return (rng.multinomial(100 - n_classes, shares) + 1) / 100


def _labels(rng: Generator, m: int, n_classes: int) -> NDArray[np.int64]:
    """Labels of a batch in which the last class is missing, as happens in small batches."""
    return rng.integers(0, n_classes - 1, size=m).astype(np.intp)  # what np.bincount takes


def _array(*rows: Any) -> NDArray[np.float64]:
    return np.array(rows, dtype=np.float64)


LECTURE_LOGITS = _array([5, 2, -1, 3])
LECTURE_PROBS = _array([0.3, 0.2, 0.1, 0.4])
CAT = np.array([1])
FIRST = np.array([0])

SHAPES = [(1, 2), (2, 3), (3, 3), (4, 2), (3, 5)]


def _logits(rng: Generator) -> Iterator[tuple[str, np.ndarray]]:
    """One input of each shape; the square one is where forgotten axes pass unnoticed."""
    yield "an ordinary row of logits", LECTURE_LOGITS
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


def of_logits(rng: Generator) -> Iterator[Probe]:
    for looks_for, Z in _logits(rng):
        yield Probe(looks_for, (Z,))


def of_logits_and_temperature(rng: Generator) -> Iterator[Probe]:
    for looks_for, Z in _logits(rng):
        for temperature in (1.0, 2.0, 0.5):
            yield Probe(f"{looks_for}, at temperature {temperature:g}", (Z, temperature))


def of_numbers(rng: Generator) -> Iterator[Probe]:
    yield Probe("a single 0", (_array(0),))
    yield Probe("ordinary numbers", (_numbers(rng, 5),))
    yield Probe("ordinary numbers in a table", (_numbers(rng, 2, 3),))
    yield Probe("whole numbers", (np.array([2, -1, 0]),))
    yield Probe("large numbers", (_array(1000),))
    yield Probe("very negative numbers", (_array(-1000),))


def of_one_row(rng: Generator) -> Iterator[Probe]:
    yield Probe("an ordinary row of logits", (LECTURE_LOGITS[0],))
    for n_classes in (2, 3, 5):
        yield Probe(f"{n_classes} ordinary logits", (_numbers(rng, n_classes),))
    yield Probe(LARGE, (_array(1000, 1001),))


def of_labels(rng: Generator) -> Iterator[Probe]:
    yield Probe("three labels of three classes", (np.array([2, 0, 1]), 3))
    yield Probe("labels among which the last class is missing", (np.array([1, 0]), 3))
    yield Probe("labels among which a class is missing", (rng.permutation([0, 2, 2, 4]), 5))
    yield Probe("labels of two classes", (np.array([1, 1, 0]), 2))


def of_logits_and_labels(rng: Generator) -> Iterator[Probe]:
    """Logits and labels."""
    yield Probe("an ordinary row of logits", (LECTURE_LOGITS, CAT))
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


def of_probabilities_and_labels(rng: Generator) -> Iterator[Probe]:
    yield Probe("the lecture's forecast", (LECTURE_PROBS, CAT))
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


def of_scores_and_labels(rng: Generator) -> Iterator[Probe]:
    yield Probe("one row", (LECTURE_LOGITS, CAT))
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


def of_features_logits_and_labels(rng: Generator) -> Iterator[Probe]:
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


def _size(m: int, n: int, n_classes: int) -> str:
    examples = "one example" if m == 1 else f"{m} examples"
    return f"{examples} with {n} features and {n_classes} classes"


def of_a_gradient_step(rng: Generator) -> Iterator[Probe]:
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


def of_a_penalised_step(rng: Generator) -> Iterator[Probe]:
    for probe in of_a_gradient_step(rng):
        yield probe._replace(
            arguments=(*probe.arguments, 0.0), looks_for=f"{probe.looks_for}, without a penalty"
        )
        yield probe._replace(arguments=(*probe.arguments, 0.5))


def of_a_network(rng: Generator) -> Iterator[Probe]:
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


def _network(rng: Generator, m: int, n: int, h: int, n_classes: int) -> tuple[np.ndarray, ...]:
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
