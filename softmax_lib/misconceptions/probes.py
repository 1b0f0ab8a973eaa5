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


# More rows and classes than elsewhere; in the fourth row three logits tie.
MANY_LOGITS = (np.arange(42).reshape(7, 6) * 11 % 19 - 9) / 2.0
MANY_LOGITS[3] = [0, 2, 2, 2, -1, 1]
MANY_LABELS = np.array([5, 0, 3, 1, 4, 2, 5])

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

# Logits that tell a softmax with the maximum of each row as its shift from one with another shift,
# or with none.
EXTREME_LOGITS = [
    (LARGE, _array([1000, 1001])),
    ("logits around -1000", _array([-1000, -1001])),
    ("logits far apart, the winner first", _array([2000, 0])),
    ("logits far apart, the winner first", _array([0, -2000])),
    ("logits far apart, the winner last", _array([0, 2000])),
    ("two large logits beside a small one", _array([0, 1000, 1001])),
    ("two large logits beside a small one", _array([0, 250, 251])),
    ("a large logit beside two small ones", _array([0, 0, 1000])),
    ("rows far apart, the higher one first", _array([0, 1], [-2000, -2001])),
    ("rows far apart, the higher one last", _array([-2000, -2001], [0, 1])),
]


def _logits(rng: Generator) -> Iterator[tuple[str, np.ndarray]]:
    """One input of each shape; the square one is where forgotten axes pass unnoticed."""
    yield "an ordinary row of logits", LECTURE_LOGITS
    for m, n_classes in SHAPES:
        rows = "one row" if m == 1 else f"{m} rows"
        yield f"{rows} of {n_classes} ordinary logits", _numbers(rng, m, n_classes)
    yield "negative logits", _array([-3, -4, -5])
    yield "equal logits", _array([2, 2, 1], [0, 1, 1])
    yield "whole numbers", np.array([[3, 1, 2], [0, 4, 1]])
    yield "7 rows of 6 logits", MANY_LOGITS
    yield "a small probability, of 2e-9", _array([0, 20])
    yield from EXTREME_LOGITS
    yield "logits around 400", _array([400, 401])  # exp can give these, and no sum of two


def _extreme_logits_and_labels() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Each of the extremes with labels that lie on both sides."""
    for looks_for, Z in EXTREME_LOGITS:
        m, n_classes = Z.shape
        for first in (0, n_classes - 1):
            yield looks_for, Z, (first + np.arange(m)) % n_classes


def _features_and_weights(Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Examples and weights whose logits are `Z`; the first feature counts for nothing.

    It is so large that a gradient that is clipped shows there.
    """
    m, n_classes = Z.shape
    return np.c_[100.0 + np.arange(m), np.eye(m)], np.r_[np.zeros((1, n_classes)), Z]


def of_logits(rng: Generator) -> Iterator[Probe]:
    for looks_for, Z in _logits(rng):
        yield Probe(looks_for, (Z,))


def of_logits_and_temperature(rng: Generator) -> Iterator[Probe]:
    for looks_for, Z in _logits(rng):
        temperatures = (1.0, 0.5) if np.abs(Z).max() > 100 else (1.0, 2.0, 0.5)
        for temperature in temperatures:
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
    for looks_for, Z in EXTREME_LOGITS:
        if len(Z) == 1:
            yield Probe(looks_for, (Z[0],))


def of_labels(rng: Generator) -> Iterator[Probe]:
    yield Probe("three labels of three classes", (np.array([2, 0, 1]), 3))
    yield Probe("labels among which the last class is missing", (np.array([1, 0]), 3))
    yield Probe("labels among which the first class is missing", (rng.permutation([1, 2, 2, 4]), 5))
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
    yield Probe("7 rows of 6 logits", (MANY_LOGITS, MANY_LABELS))
    extremes = [Probe(looks_for, (Z, y)) for looks_for, Z, y in _extreme_logits_and_labels()]
    yield from extremes[:4]
    # The last two lie between what exp can give as large numbers, and as small ones.
    for loss in (800, 720, 95):
        yield Probe("a confident mistake", (_array([0, -loss]), np.array([1])))
    yield Probe("a confident and right answer", (_array([0, -800]), FIRST))
    yield from extremes[4:]


def of_probabilities_and_labels(rng: Generator) -> Iterator[Probe]:
    yield Probe("the lecture's prediction", (LECTURE_PROBS, CAT))
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
        "a prediction that is certain and right",
        (_array([0, 1]), np.array([1])),
        caution="where a probability is exactly 0, 0 · ln 0 gives nan even for a perfect "
        "prediction. Pick the true class's probability first, then take its "
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
    yield Probe("equal scores", (np.zeros((3, 3)), np.array([0, 1, 2])))
    yield Probe("eight right answers", (scores, y))
    yield Probe("eight answers, one of them wrong", (scores, np.r_[(y[0] + 1) % 3, y[1:]]))
    yield Probe("a score that is the number of its class", (_array([0.5, 1]), np.array([1])))


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
    for looks_for, Z, y in _extreme_logits_and_labels():
        yield Probe(looks_for, (_features_and_weights(Z)[0], Z, y))


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
    for looks_for, Z, y in _extreme_logits_and_labels():
        X, W = _features_and_weights(Z)
        yield Probe(looks_for, (W, np.zeros(Z.shape[1]), X, y, 0.5))


def of_a_penalised_step(rng: Generator) -> Iterator[Probe]:
    for probe in of_a_gradient_step(rng):
        yield probe._replace(
            arguments=(*probe.arguments, 0.0), looks_for=f"{probe.looks_for}, without a penalty"
        )
        if np.abs(probe.arguments[0]).max() < 100:
            yield probe._replace(arguments=(*probe.arguments, 0.5))


def of_a_network(rng: Generator) -> Iterator[Probe]:
    yield Probe(
        "one example and a network with one hidden unit",
        (_array([1, 2]), FIRST, _array([1], [-0.25]), np.zeros(1), _array([1, -1]), np.zeros(2)),
    )
    for m, n, h, n_classes in [(1, 2, 2, 2), (2, 3, 3, 3), (3, 2, 4, 3), (4, 3, 2, 3)]:
        looks_for = f"{_size(m, n, n_classes)}, {h} hidden units"
        yield Probe(looks_for, _network(rng, m, n, h, n_classes))
    for looks_for, Z, y in _extreme_logits_and_labels():
        yield Probe(looks_for, _network_with_logits(Z, y))


def _network_with_logits(Z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    """A hidden unit for each example, which is 1 for it and cut to 0 for the others."""
    m, n_classes = Z.shape
    return np.eye(m), y, 1.25 * np.eye(m), np.full(m, -0.25), Z, np.zeros(n_classes)


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


def of_an_epoch(rng: Generator) -> Iterator[Probe]:
    yield Probe(
        "one example and weights of 0",
        (np.zeros((2, 2)), np.zeros(2), _array([1, 2]), FIRST, 0.5, 1),
    )
    for m, n, n_classes, size in [
        (2, 2, 3, 2),
        (3, 2, 3, 1),
        (4, 3, 2, 2),
        (5, 3, 3, 2),
        (3, 2, 2, 8),
        (5, 2, 2, 4),  # no equal parts: that is where np.array_split would cut otherwise
    ]:
        yield Probe(
            f"{_size(m, n, n_classes)} in batches of {size}",
            (
                _numbers(rng, n, n_classes) / 2,
                _numbers(rng, n_classes),
                _numbers(rng, m, n),
                _labels(rng, m, n_classes),
                0.2,
                size,
            ),
        )
    for looks_for, Z, y in _extreme_logits_and_labels():
        X, W = _features_and_weights(Z)
        yield Probe(looks_for, (W, np.zeros(Z.shape[1]), X, y, 0.5, 2))


def of_a_linear_model(rng: Generator) -> Iterator[Probe]:
    yield Probe("one example and weights of 0", (np.zeros((2, 2)), _array([1, 2]), FIRST, 0.0))
    for m, n, n_classes in [(1, 3, 2), (2, 2, 3), (3, 3, 3), (4, 3, 2)]:
        W, X = _numbers(rng, n, n_classes) / 2, _numbers(rng, m, n)
        for l2 in (0.0, 0.5):
            yield Probe(
                f"{_size(m, n, n_classes)}, l2 = {l2:g}", (W, X, _labels(rng, m, n_classes), l2)
            )
    for looks_for, Z, y in _extreme_logits_and_labels():
        yield Probe(looks_for, (Z, np.eye(len(Z)), y, 0.0))


def of_predictions_and_labels(rng: Generator) -> Iterator[Probe]:
    for probe in of_probabilities_and_labels(rng):
        yield probe._replace(caution="")


def of_slopes(rng: Generator) -> Iterator[Probe]:
    """Without a 0, where ReLU has no slope."""
    yield Probe("a single 1", (_array(1),))
    yield Probe("ordinary numbers", (rng.permutation([-2.5, -0.7, 0.3, 1.2, 3.1]),))
    yield Probe("ordinary numbers in a table", (rng.permutation(_array([-3, 0.4], [1.5, -0.2])),))
    yield Probe("whole numbers", (np.array([2, -1, 3]),))
    yield Probe("large numbers", (_array(1000, 2),))
    yield Probe("large numbers of both signs", (_array(-1000, 1000),))


def of_probabilities_and_slopes(rng: Generator) -> Iterator[Probe]:
    yield Probe("the lecture's prediction", (LECTURE_PROBS, _array([0, -5, 0, 0])))
    for m, n_classes in SHAPES:
        rows = "one row" if m == 1 else f"{m} rows"
        yield Probe(
            f"{rows} of {n_classes} probabilities",
            (_probabilities(rng, m, n_classes), _numbers(rng, m, n_classes)),
        )
    yield Probe("a certain prediction", (_array([0, 1]), _array([3, 2])))


def of_yes_or_no(rng: Generator) -> Iterator[Probe]:
    yield Probe("one probability and a yes", (_array(0.2), np.array([1])))
    yield Probe("one probability and a no", (_array(0.2), np.array([0])))
    for m in (2, 3, 5):
        yield Probe(
            f"{m} probabilities",
            (_probabilities(rng, m, 2)[:, 0], rng.permutation(np.arange(m) % 2)),
        )
    yield Probe("a small probability of what happened", (_array(1e-4, 0.5), np.array([1, 0])))
    yield Probe("a probability of 0 for what happened", (_array(0, 0.5), np.array([1, 1])))
    for p in (0, 1):
        yield Probe(
            "a prediction that is certain and right",
            (_array(p, 0.5), np.array([p, 1])),
            caution="where a probability is exactly 0 or 1, 0 · ln 0 gives nan even for a perfect "
            "prediction. Compute the loss from logits.",
        )


def of_logits_of_yes_or_no(rng: Generator) -> Iterator[Probe]:
    yield Probe("a logit of 0 and a yes", (_array(0), np.array([1])))
    for m in (2, 3, 5):
        yield Probe(f"{m} ordinary logits", (_numbers(rng, m), rng.permutation(np.arange(m) % 2)))
    for z, y in [(1000, 1), (1000, 0), (-1000, 1), (-1000, 0), (-40, 1), (40, 0)]:
        yield Probe(f"a logit of {z}", (_array(z, 1), np.array([y, 1])))
    yield Probe("large logits of both signs", (_array(-1000, 1000), np.array([1, 0])))


def of_logits_and_mask(rng: Generator) -> Iterator[Probe]:
    yield Probe("a row in which all are kept", (LECTURE_LOGITS, np.ones((1, 4), bool)))
    yield Probe(
        "a row in which one is masked", (LECTURE_LOGITS, np.array([[True, True, True, False]]))
    )
    for m, n in [(2, 3), (3, 3), (4, 2), (3, 5)]:
        mask = rng.random((m, n)) < 0.6
        mask[np.arange(m), rng.integers(n, size=m)] = True
        mask[0] = np.arange(n) > 0
        yield Probe(f"{m} rows of {n} logits, some masked", (_numbers(rng, m, n), mask))
    yield Probe("a masked logit of 1000", (_array([1, 2, 1000]), np.array([[True, True, False]])))
    yield Probe(
        "negative logits, one masked", (_array([-3, -4, -5]), np.array([[True, True, False]]))
    )
    yield Probe(
        "logits around -1000, one masked",
        (_array([-1000, -1001, -999]), np.array([[True, True, False]])),
    )
    for looks_for, Z in EXTREME_LOGITS:
        yield Probe(looks_for, (Z, np.ones(Z.shape, bool)))


def of_queries_and_keys(rng: Generator) -> Iterator[Probe]:
    yield Probe("one query and two keys", (_array([1, 2]), _array([1, 0], [0, 1])))
    for queries, keys, d in [(1, 3, 4), (2, 3, 2), (3, 3, 3), (4, 2, 3), (2, 5, 4)]:
        yield Probe(
            f"{queries} queries, {keys} keys, {d} features",
            (_numbers(rng, queries, d), _numbers(rng, keys, d) / 4),
        )
    for looks_for, Z in EXTREME_LOGITS:
        features = np.zeros((len(Z), 4))
        features[:, : Z.shape[1]] = Z
        yield Probe(looks_for, (features, 2 * np.eye(Z.shape[1], 4)))  # the root of 4 is 2


def of_logits_and_axis(rng: Generator) -> Iterator[Probe]:
    yield Probe("an ordinary row of logits", (LECTURE_LOGITS, 1))
    for shape, axis in [
        ((3,), 0),
        ((2, 3), 0),
        ((3, 3), 1),
        ((2, 3, 4), 1),
        ((2, 3, 2), 0),
        ((3, 3, 3), -1),
    ]:
        yield Probe(f"logits of shape {shape}, axis {axis}", (_numbers(rng, *shape), axis))
    for looks_for, Z in EXTREME_LOGITS:
        yield Probe(looks_for, (Z, 1))
        yield Probe(f"{looks_for}, as columns", (Z.T, 0))


def of_two_labels(rng: Generator) -> Iterator[Probe]:
    yield Probe("one right answer", (np.array([2]), np.array([2])))
    yield Probe("one of two right", (np.array([2, 0]), np.array([2, 1])))
    for m, n_classes in [(3, 3), (4, 2), (6, 4)]:
        predicted, y = rng.integers(n_classes, size=(2, m))
        predicted[0] = y[0]
        y[-1] = (predicted[-1] + 1) % n_classes
        yield Probe(f"{m} labels of {n_classes} classes", (predicted, y))
    y = rng.permutation([0, 1, 2, 3, 1, 2])
    yield Probe("six right answers", (y, y.copy()))
    yield Probe("six wrong answers", (y, (y + 1) % 4))


def sum_of_squares(x: NDArray) -> Any:
    return (x * x).sum()


def sum_of_cubes(x: NDArray) -> Any:
    return (x**3).sum() + x.ravel()[0] * x.ravel()[-1]


def steep_valley(x: NDArray) -> Any:
    return 1e4 * x.sum() ** 2


def high_bowl(x: NDArray) -> Any:
    return 1000 + (x * x).sum()


def of_functions(rng: Generator) -> Iterator[Probe]:
    yield Probe("the sum of squares, of one number", (sum_of_squares, _array(3)))
    yield Probe("the sum of squares, of three numbers", (sum_of_squares, _numbers(rng, 3)))
    yield Probe("the sum of squares, of a table", (sum_of_squares, _numbers(rng, 2, 3)))
    yield Probe("a sum of cubes", (sum_of_cubes, _numbers(rng, 4)))
    yield Probe("a minimum, where a step to one side goes uphill", (steep_valley, np.zeros(2)))
    yield Probe("a function with large values", (high_bowl, _array(1, 2)))
