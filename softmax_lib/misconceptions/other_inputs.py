"""Functions that do what is right for other inputs than those that they are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .answers import Answer, Answers
from .layouts import OF_EXAMPLES

TWICE = 2  # agreeing once could be chance
ORDINARY = 100  # what is beyond tells of overflow, and of nothing else
TABLES = ("probs", "logits", "scores", "Z")
NUMBERS = {*TABLES, "z", "X", "Q", "K", "learning_rate"}

Given = dict[str, Any]
Change = Callable[[Given], Given]

# What may be done to one argument before all goes right, and how that is called.
OF_NUMBERS: list[tuple[str, Callable[[NDArray], NDArray]]] = [
    ("the absolute values of {}", np.abs),
    ("{} cut to whole numbers", np.trunc),
    ("{} rounded to whole numbers", np.round),
    ("the squares of {}", np.square),
    ("{} with the sign turned round", np.negative),
    ("{} with negative numbers cut to 0", lambda a: np.maximum(a, 0)),
    ("{} less the mean of each column", lambda a: a - a.mean(axis=0)),
    ("the rows of {} in reverse order", lambda a: a[::-1]),
]
OF_LABELS: list[tuple[str, Callable[[NDArray], NDArray]]] = [
    ("the first label for all examples", lambda y: np.full_like(y, y[0])),
    ("the last label for all examples", lambda y: np.full_like(y, y[-1])),
    ("the labels in reverse order", lambda y: y[::-1]),
    ("the labels in sorted order", np.sort),
    ("labels that are counted from 1", lambda y: y - 1),
]
OF_STEPS: list[tuple[str, Callable[[int], int]]] = [
    ("It takes one step, however many are asked for: does return stand inside the loop?", np.sign),
    ("It takes one step too few: does the loop begin at 1?", lambda n: n - 1),
    ("It takes one step too many: does the loop end with <= ?", lambda n: n + 1),
]
# Which examples are left if one is forgotten, and where to look.
LEFT_OUT = {
    "first": (slice(1, None), "does a loop begin at 1?"),
    "last": (slice(None, -1), "does a loop end one too early, as over range(m - 1)?"),
}


def in_words(answers: Answers) -> str:
    """The sentence for answers that are right for something else than what was given."""
    names = answers.kind.arguments
    for name in names:
        changes = OF_NUMBERS if name in NUMBERS else OF_LABELS if name == "y" else []
        for says, make in changes:
            if _explains(answers, _with(name, make)):
                return f"It does what is right for {says.format(name)}. Look where they change."
    for sentence, count in OF_STEPS if "n_steps" in names else []:
        if _explains(answers, _with("n_steps", count)):
            return sentence
    if "n_steps" in names and _explains(answers, _one_long_step):
        return "Each step takes the gradient of the first one: compute it anew inside the loop."
    table = next((name for name in TABLES if name in names), "")
    if table and "y" in names and _explains(answers, _of_winners(table)):
        return "It takes the prediction, the winner of each row, for the label."
    for which, (kept, ask) in LEFT_OUT.items():
        change = _without(kept)
        if _explains(answers, change) or _explains(answers, change, of_all=True):
            return f"The {which} example is left out: {ask}"
    return ""


def _with(name: str, make: Callable[[Any], Any]) -> Change:
    return lambda given: given | {name: make(given[name])}


def _one_long_step(given: Given) -> Given:
    rate = given["learning_rate"] * given["n_steps"]
    return given | {"learning_rate": rate, "n_steps": 1}


def _of_winners(table: str) -> Change:
    return lambda given: given | {"y": given[table].argmax(axis=1)}


def _without(kept: slice) -> Change:
    def change(given: Given) -> Given:
        return {n: a[kept] if n in OF_EXAMPLES else a for n, a in given.items()}

    return change


def _explains(answers: Answers, change: Change, *, of_all: bool = False) -> bool:
    """Whether all answers to ordinary inputs are the right ones to changed inputs.

    With `of_all` a mean of what is left is divided by the number of all examples.
    """
    explained = 0
    for index in sorted(answers.outcomes(), key=answers.is_right):  # the wrong ones first
        names, arguments = answers.kind.arguments, answers.probe_set.probes[index].arguments
        given = dict(zip(names, arguments, strict=True))
        if not _is_ordinary(given):
            continue
        try:
            others = change(given)
            if any(np.size(a) == 0 for a in others.values()):
                continue
            share = _count(others) / _count(given) if of_all else 1.0
            with np.errstate(all="ignore"):
                theirs = _as_answer(answers.kind.truth(*others.values()), share)
        except Exception:  # there is no such input
            return False
        if not answers.probe_set.agree(index, answers[index], theirs):
            return False
        explained += not answers.is_right(index)
    return explained >= TWICE


def _is_ordinary(given: Given) -> bool:
    return all(np.abs(a).max() < ORDINARY for a in given.values() if isinstance(a, np.ndarray))


def _count(given: Given) -> int:
    """Of the examples."""
    return max((len(a) for n, a in given.items() if n in OF_EXAMPLES and np.ndim(a)), default=1)


def _as_answer(truth: Any, share: float) -> Answer:
    parts = truth if isinstance(truth, tuple) else (truth,)
    return Answer(tuple(share * np.asarray(part) for part in parts))
