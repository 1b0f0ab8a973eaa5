"""What can be seen in wrong answers that no entry of the catalogue gives."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .answers import RELATIVE, Answer, Answers, as_numbers
from .forms import in_sequence
from .kinds import Kind
from .layouts import OF_EXAMPLES, one_by_one, to_rows

TWICE = 2  # agreeing once could be chance
SEVERAL = 3  # answers from which on a pattern counts
MANY = 5  # examples, all orders of which are tried
DIGITS = range(1, 9)
NEARLY = 2e-3  # relative: half precision is as near,
TINY = 5e-8  # and to small numbers so near
SMALL = 1e-3  # probabilities that some take for 0

# How the factor may depend on the batch: a name, and its value from m, C and n.
SIZES: list[tuple[str, Callable[[float, float, float], float]]] = [
    ("", lambda m, n_classes, n: 1.0),
    ("m", lambda m, n_classes, n: m),
    ("m/(m - 1)", lambda m, n_classes, n: m / max(1.0, m - 1)),
    ("1/m", lambda m, n_classes, n: 1 / m),
    ("C", lambda m, n_classes, n: n_classes),
    ("1/C", lambda m, n_classes, n: 1 / n_classes),
    ("m/C", lambda m, n_classes, n: m / n_classes),
    ("C/m", lambda m, n_classes, n: n_classes / m),
    ("m/n", lambda m, n_classes, n: m / n),
    ("1/n", lambda m, n_classes, n: 1 / n),
]
MEANT = {"m": "m examples", "C": "C classes", "n": "n features"}
Start = Callable[[dict[str, Any]], np.ndarray]
WRONG_SIZES = {"m/C": "number of classes", "m/n": "number of features"}


def constant(answers: Answers) -> float | None:
    """The one number that it gives whatever it is given."""
    parts = [part for index in answers.outcomes() for part in answers[index].parts or ()]
    if len(parts) < SEVERAL or any(part.size == 0 for part in parts):
        return None
    numbers = {float(number) for part in parts for number in (part.min(), part.max())}
    only = numbers.pop()
    return only if not numbers and np.isfinite(only) else None


def gives_back(answers: Answers) -> str:
    """The argument that comes back as it was given, in place of the only result."""
    for position, name in enumerate(answers.form.names(answers.kind)):
        if all(_is_given(answers, index, position) for index in answers.outcomes()):
            return name
    return ""


def _is_given(answers: Answers, index: int, position: int) -> bool:
    given = list(answers.inputs(index).values())[position]
    parts = answers[index].parts
    if parts is None or len(parts) > 1 or not isinstance(given, np.ndarray):
        return False
    return np.array_equal(parts[0], given)


def has_one_shape(answers: Answers) -> bool:
    """Whether all answers have the same shape, although the right ones have several."""
    all_parts = [answers[index].parts for index in answers.outcomes()]
    truths = [answers.probe_set.expected[index] for index in answers.outcomes()]
    ours, due = ({_shapes(parts) for parts in both} for both in (all_parts, truths))
    return len(ours) == 1 < len(due) and None not in ours and ours != {((),)}


def _shapes(parts: tuple[np.ndarray, ...] | None) -> tuple[tuple[int, ...], ...] | None:
    return None if parts is None else tuple(part.shape for part in parts)


def factors(answers: Answers, part: int, start: Start | None = None) -> dict[int, float] | None:
    """By which number the truth is multiplied at each probe; None where it is not.

    With a `start` what is added to it is looked at, by both.
    """
    start = start or _moves_from(answers, part)
    found = {}
    for index in range(len(answers)):
        if answers.is_excused(index):
            continue
        parts, truth = answers[index].parts, answers.probe_set.expected[index][part]
        if parts is None or parts[part].shape != truth.shape:
            return None
        ours = parts[part]
        if start is not None:
            given = _given(answers, index)
            ours, truth = ours - start(given), truth - start(given)
        if not (np.isfinite(ours) == np.isfinite(truth)).all():
            return None
        finite = np.isfinite(truth)
        square = float((truth[finite] ** 2).sum())
        k = float((ours[finite] * truth[finite]).sum()) / square if square else 1.0
        if not answers.probe_set.close(index, ours[finite], k * truth[finite]).all():
            return None
        if square:
            found[index] = k
    return found if len(found) >= SEVERAL else None


def _given(answers: Answers, index: int) -> dict[str, Any]:
    return dict(zip(answers.kind.arguments, answers.probe_set.probes[index].arguments, strict=True))


def all_are_multiples(answers: Answers) -> bool:
    return all(factors(answers, part) is not None for part in range(len(answers.kind.results)))


def _moves_from(answers: Answers, part: int) -> Start | None:
    """Where one step of descent starts: what is multiplied is the way that it goes."""
    name = answers.kind.results[part]
    is_step = answers.kind.name.startswith("gradient_step") and name in answers.kind.arguments
    return (lambda given: given[name]) if is_step else None


def _without_penalty(answers: Answers, part: int) -> Start | None:
    """What the right answer is without a penalty, to look at what a penalty adds."""
    if "l2" not in answers.kind.arguments:
        return None

    def start(given: dict[str, Any]) -> np.ndarray:
        truth = answers.kind.truth(*(given | {"l2": 0.0}).values())
        return np.asarray(truth[part] if isinstance(truth, tuple) else truth)

    return start


def factor_in_words(answers: Answers) -> str:
    """The sentence for an answer that is k times the truth, or whose penalty is."""
    several = len(answers.kind.results) > 1
    for part, name in enumerate(answers.kind.results):
        subject = name if several else "Your answer"
        moves = _moves_from(answers, part) is not None
        if sentence := _factor_of(answers, part, None, f"The step of {name}" if moves else subject):
            return sentence
    for part, name in enumerate(answers.kind.results):
        start = _without_penalty(answers, part)
        if start and (sentence := _factor_of(answers, part, start, f"The penalty in {name}")):
            return sentence
    return ""


def _factor_of(answers: Answers, part: int, start: Start | None, subject: str) -> str:
    kind, by_probe = answers.kind, factors(answers, part, start)
    if by_probe is None or all(abs(k - 1) < 1e-4 for k in by_probe.values()):
        return ""
    for size, value in SIZES:
        ratios = [
            k / value(*sizes(kind, answers.probe_set.probes[index].arguments))
            for index, k in by_probe.items()
        ]
        if np.allclose(ratios, ratios[0], rtol=1e-4, atol=0) and ratios[0]:
            return _factor_sentence(subject, ratios[0], size)
    return ""


def sizes(kind: Kind, arguments: tuple) -> tuple[float, float, float]:
    """The numbers of examples, classes and features, or 1 where the kind has none."""
    given = dict(zip(kind.arguments, arguments, strict=True))
    m = next((len(given[n]) for n in ("X", "y", "Z", "logits", "scores", "probs") if n in given), 1)
    n = given["X"].shape[1] if "X" in given else 1
    try:
        return float(m), float(kind.n_classes(arguments)), float(n)
    except (KeyError, StopIteration):
        return float(m), 1.0, float(n)


def _factor_sentence(subject: str, k: float, size: str) -> str:
    number = f"{k:.4g}"
    times = size if np.isclose(k, 1) else f"{number} {size}".strip()
    if size.startswith("1/") and not np.isclose(k, 1):
        times = f"{number}{size[1:]}"
    if not size and np.isclose(k, -1):
        return f"{subject} is the right one with the opposite sign."
    sentence = f"{subject} is {times} times the right one"
    if not size and np.isclose(k, 100):
        return f"{sentence}: per cent?"
    if size == "m" and not np.isclose(k, 1):
        return f"{sentence}: is a batch of {1 / k:.4g} examples written into the code?"
    if size in WRONG_SIZES:
        return (
            f"{sentence}: it divides by the {WRONG_SIZES[size]}. Where examples are rows, their "
            "number is the first entry of the shape; where they are columns, the last."
        )
    meant = ", ".join(text for letter, text in MEANT.items() if letter in size)
    too_often = f": it divides by {times[2:]} once too often" if times.startswith("1/") else ""
    return f"{sentence} ({meant}){too_often}." if meant else f"{sentence}."


def digits_in_words(answers: Answers) -> str:
    """The sentence for an answer that is right but for its last digits."""
    for digits in DIGITS:
        if _everywhere(answers, partial(_is_rounded, digits=digits)):
            count = "1 digit" if digits == 1 else f"{digits} digits"
            return f"It agrees to {count}: is it rounded? Rounding belongs to printing."
    if _everywhere(answers, _has_zeros_for_small_numbers):
        return "It is right but for small numbers, which are 0 here: is there a threshold?"
    if _everywhere(answers, partial(np.allclose, rtol=RELATIVE, atol=TINY)):
        return (
            "It is right but for numbers that are nearly 0, and should be smaller still. Is a "
            "number added, or something clipped, to keep it from 0?"
        )
    if _everywhere(answers, partial(np.allclose, rtol=NEARLY, atol=TINY)):
        if answers.kind.name == "numerical_gradient":
            return "It agrees to about 3 digits. Is the step h too large? 1e-5 is usual."
        return (
            "It agrees to about 3 digits. Is a small number added, is a constant rounded, as in "
            "2.718, or is float16 used? Take it out."
        )
    return ""


def _is_rounded(ours: np.ndarray, truth: np.ndarray, digits: int) -> bool:
    return np.allclose(ours, truth.round(digits), rtol=0, atol=1e-12)


def _has_zeros_for_small_numbers(ours: np.ndarray, truth: np.ndarray) -> bool:
    return np.allclose(ours, np.where(ours == 0, 0, truth), rtol=RELATIVE, atol=0) and np.allclose(
        ours, truth, rtol=RELATIVE, atol=SMALL
    )


def _everywhere(answers: Answers, holds: Callable[[np.ndarray, np.ndarray], bool]) -> bool:
    for index in range(len(answers)):
        parts, truths = answers[index].parts, answers.probe_set.expected[index]
        if parts is None or any(a.shape != t.shape for a, t in zip(parts, truths, strict=True)):
            return False
        for ours, truth in zip(parts, truths, strict=True):
            finite = np.isfinite(truth)
            if not (np.isfinite(ours) == finite).all():
                return False
            if not holds(ours[finite], np.asarray(truth)[finite]):
                return False
    return True


# What is exponentiated in kinds whose rows are probabilities.
EXPONENTS = {
    "softmax": "the logits",
    "softmax_with_temperature": "logits / temperature",
    "masked_softmax": "the logits",
    "attention_weights": "Q Kᵀ / √d",
}


def exponent_in_words(answers: Answers, index: int) -> str:
    """The sentence for a softmax of a multiple of what should be exponentiated."""
    if (what := EXPONENTS.get(answers.kind.name)) is None:
        return ""
    by_probe = {i: _exponent_factors(answers, i) for i in answers.outcomes()}
    found = {i: factors for i, factors in by_probe.items() if factors is not None}
    if len(found) < SEVERAL or index not in found or any(np.isnan(f).all() for f in found.values()):
        return ""
    k = next((float(k) for k in found[index] if abs(k - 1) > NEARLY), None)
    if k is None:
        return ""
    return (
        f"It is the softmax of {k:.4g} times {what}. Is something multiplied or divided before the "
        "exponential, or left out?"
    )


def _exponent_factors(answers: Answers, index: int) -> np.ndarray | None:
    """By which number the logarithms of the right probabilities are multiplied, for each row.

    None where a probability is 0, and nan where they are not multiplied by a number.
    """
    parts, (truth,) = answers[index].parts, answers.probe_set.expected[index]
    if parts is None or parts[0].shape != truth.shape or truth.ndim != 2:
        return None
    if not (truth.all() and parts[0].all()):
        return None
    with np.errstate(all="ignore"):
        ours, due = (np.log(p) - np.log(p).mean(axis=1, keepdims=True) for p in (parts[0], truth))
        k = (ours * due).sum(axis=1) / (due * due).sum(axis=1)
        is_softmax = np.allclose(parts[0].sum(axis=1), 1)
        is_multiple = np.allclose(ours, k[:, np.newaxis] * due, rtol=1e-4, atol=1e-6)
    return k if is_softmax and is_multiple else np.full(len(truth), np.nan)


PROPORTIONAL = (
    "Within a row all is in the right proportion, but what divides it is not its sum. Divide each "
    "row by the sum of what stands above the line."
)
OFF_BY_A_NUMBER = (
    "Within a row all is right but for one number that is added to each. Subtract the logarithm of "
    "the sum of the row's exponentials."
)


def row_factor_in_words(answers: Answers) -> str:
    """The sentence for rows that are right but for one number in each: their normaliser."""
    name, *others = answers.kind.results
    if others or name not in ("probabilities", "weights", "log-probabilities"):
        return ""
    if answers.kind.arguments == ("z",):  # of a sigmoid, each number has its own
        return ""
    is_log = name == "log-probabilities"
    seen = 0
    for index in answers.outcomes():
        if answers.is_right(index):
            continue
        parts, (truth,) = answers[index].parts, answers.probe_set.expected[index]
        if parts is None or parts[0].shape != truth.shape or truth.ndim < TWICE:
            return ""
        ours = parts[0]
        if not (np.isfinite(ours).all() and np.isfinite(truth).all()):
            continue  # it overflows besides
        top = truth.argmax(axis=-1)[..., np.newaxis]
        mine, due = (np.take_along_axis(a, top, axis=-1) for a in (ours, truth))
        if not (is_log or mine.all()):
            return ""
        guess = truth + (mine - due) if is_log else truth * (mine / due)
        if not answers.probe_set.close(index, ours, guess).all():
            return ""
        seen += bool((truth != truth[..., :1]).any() and (is_log or truth.all()))
    if seen < TWICE:
        return ""
    return OFF_BY_A_NUMBER if is_log else PROPORTIONAL


def counts_labels(answers: Answers) -> str:
    """What has a column for each class, where it is wrong if the labels tell of fewer."""
    names = answers.kind.arguments
    table = next((n for n in ("probs", "logits", "scores", "Z", "W", "W2") if n in names), "")
    if not table or "y" not in names:
        return ""
    outcomes = answers.outcomes()
    probes = [answers.probe_set.probes[index].arguments for index in outcomes]
    labels, tables = ([one[names.index(name)] for one in probes] for name in ("y", table))
    if tables[0].ndim != 2 or all(outcome.error is None for outcome in outcomes.values()):
        return ""
    wrong = [not answers.is_right(index) for index in outcomes]
    for count in (lambda y: y.max() + 1, lambda y: np.unique(y).size):
        if wrong == [count(y) != t.shape[1] for y, t in zip(labels, tables, strict=True)]:
            return table
    return ""


def is_of_other_order(answers: Answers, index: int) -> bool:
    """Whether an epoch takes the examples of a small batch in another order."""
    W, b, X, y, *settings = answers.probe_set.probes[index].arguments
    if len(y) > MANY:
        return False
    orders = map(list, itertools.permutations(range(len(y))))
    truths = (answers.kind.truth(W, b, X[order], y[order], *settings) for order in orders)
    return any(answers.probe_set.agree(index, answers[index], Answer(one)) for one in truths)


def is_transposed(answers: Answers) -> bool:
    """Whether every table comes with its rows as columns."""
    for index in range(len(answers)):
        parts, truths = answers[index].parts, answers.probe_set.expected[index]
        if parts is None or parts[0].ndim != 2 or parts[0].T.shape != truths[0].shape:
            return False
        if not answers.probe_set.close(index, parts[0].T, truths[0]).all():
            return False
    return True


def only_example(answers: Answers) -> str:
    """Whether the first or the last example alone makes the answers, or its share of the mean."""
    for which, place in ("first", 0), ("last", -1):
        for is_share in (False, True):
            found = [_is_of_example(answers, i, place, is_share) for i in answers.outcomes()]
            if found.count(True) >= TWICE and False not in found:
                return which
    return ""


def _is_of_example(answers: Answers, index: int, place: int, is_share: bool) -> bool | None:
    """None where nothing can be seen: there is one example, or no finite answer."""
    kind, parts = answers.kind, answers[index].parts
    alone = one_by_one(kind.arguments, answers.probe_set.probes[index].arguments)
    if len(alone) < TWICE or parts is None or not np.isfinite(parts[0]).all():
        return None
    part = parts[0]
    if part.ndim and len(part) == len(alone) and not part[1:].any():
        part = part[:1]  # below it stand the zeros that it began with
    truth = kind.truth(*alone[place])
    due = np.squeeze(truth[0] if isinstance(truth, tuple) else truth)
    ours = np.squeeze(part) * (len(alone) if is_share else 1)
    return ours.shape == due.shape and np.allclose(ours, due, rtol=1e-4, atol=0)


def cut_to_whole(answers: Answers) -> bool:
    """Whether the answers to whole numbers, and no others, are cut to whole numbers."""
    cut = []
    for index in answers.outcomes():
        given = answers.inputs(index)
        is_whole = any(
            isinstance(a, np.ndarray) and a.dtype.kind == "i" and n in ("Z", "z", "logits")
            for n, a in given.items()
        )
        parts, truths = answers[index].parts, answers.probe_set.expected[index]
        if parts is None or answers.is_right(index) == is_whole:
            return False
        if is_whole:
            cut.append(
                parts[0].shape == truths[0].shape and np.all(parts[0] == np.trunc(truths[0]))
            )
    return bool(cut) and all(cut)


def wrong_for_label_0(answers: Answers) -> bool:
    """Whether it is wrong exactly where a label is 0."""
    names = answers.kind.arguments
    if "y" not in names:
        return False
    outcomes = answers.outcomes()
    labels = [answers.probe_set.probes[i].arguments[names.index("y")] for i in outcomes]
    wrong = [not answers.is_right(index) for index in outcomes]
    return not all(wrong) and wrong == [0 in y for y in labels]


def row_left_out(answers: Answers) -> str:
    """Whether every row is right but the first, or the last, also where there is one alone."""
    wrong: dict[str, list[int]] = {"first": [], "last": []}  # the numbers of rows
    if OF_EXAMPLES.isdisjoint(answers.kind.arguments):
        return ""
    for index in answers.outcomes():
        parts, (truth, *_) = answers[index].parts, answers.probe_set.expected[index]
        if parts is None or not truth.ndim or parts[0].shape != truth.shape:
            return ""
        close = answers.probe_set.close(index, parts[0], truth)
        rows = np.array([row.all() for row in close])
        for which, place in ("first", 0), ("last", -1):
            if not np.delete(rows, place).all():
                wrong.pop(which, None)
            elif which in wrong and not rows[place]:
                wrong[which].append(len(rows))
    found = (w for w, sizes in wrong.items() if 1 in sizes and sizes.count(1) < len(sizes))
    return next(found, "")


def first_row_is_right(answers: Answers) -> bool:
    """Whether of several rows the first one always is right."""
    for index in answers.outcomes():
        parts, (truth, *_) = answers[index].parts, answers.probe_set.expected[index]
        if parts is None or not truth.ndim or parts[0].shape != truth.shape:
            return False
        if not np.all(answers.probe_set.close(index, parts[0], truth)[0]):
            return False
    return True


def repeats(answers: Answers) -> bool:
    """Whether every wrong answer is one that it gave before, to something else."""
    before: list[np.ndarray] = []
    for index in answers.outcomes():
        parts = answers[index].parts
        if parts is None:
            return False
        is_known = any(np.array_equal(parts[0], other) for other in before)
        if not answers.is_right(index) and (not is_known or not (parts[0] % 1).any()):
            return False
        before.append(parts[0])
    return True


def order_in_words(answers: Answers) -> str:
    """The sentence for right results that come in another order, or without some of them."""
    names = answers.kind.results
    if len(names) == 1:
        return ""
    found: list[set[str]] | None = None
    for index in range(len(answers)):
        values = in_sequence(answers[index].outcome.value)
        if not 1 < len(values) <= len(names):
            return ""
        here = [_which_result(answers, index, one) for one in values]
        found = here if found is None else [a & b for a, b in zip(found, here, strict=False)]
    places = [next(iter(one)) if len(one) == 1 else "" for one in found or []]
    wrong_place = [(i, name) for i, name in enumerate(places) if name and names[i] != name]
    if not wrong_place:
        return ""
    wanted = ", ".join(names)
    if all(places) and len(set(places)) == len(names):
        return f"It is right, in another order: {', '.join(places)}. Return {wanted}."
    if all(places) and len(set(places)) == len(places):
        return f"{' and '.join(places)} are right, the others are missing. Return {wanted}."
    ordinals = ("first", "second", "third", "fourth")
    what = " and ".join(f"the {ordinals[i]} is {name}" for i, name in wrong_place[:2])
    return f"Look at the order of what it returns: {what}. It should be {wanted}."


def _which_result(answers: Answers, index: int, value: object) -> set[str]:
    """The results that a part of an answer is equal to."""
    array = as_numbers(value)
    if array is None:
        return set()
    fitting = set()
    truths = answers.probe_set.expected[index]
    for name, truth in zip(answers.kind.results, truths, strict=True):
        part = to_rows(array, name, truth, answers.form.layout)
        if part.shape == truth.shape and answers.probe_set.close(index, part, truth).all():
            fitting.add(name)
    return fitting
