"""Half of a question's points for a function that is nearly right.

The rules, which the page on grading repeats: REASONS names what earns half. To change them, change
this table; what it does not name earns nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from softmax_lib.misconceptions import isolation
from softmax_lib.misconceptions.answers import Answers, probe_set_of
from softmax_lib.misconceptions.kinds import KINDS, Kind

REASONS = {
    "extremes": "Half of the points: it is right on ordinary inputs, and fails at extremes alone.",
    "arguments": "Half of the points: its answers are right, but it writes into its input.",
}
DRAWS, DTYPES = (21, 22), (np.float64, np.float32)


def reason_for_half(function: Callable[..., Any], kind: str, seed: int) -> str:
    """Why a function that failed earns half of the points; nothing where it does not.

    It must be nearly right in the same way on several draws of inputs. They are always the same,
    so that a mistake earns the same in every course; who knows them by heart fails on the secret
    ones.
    """
    if kind not in KINDS:
        return ""
    with isolation.own_turn():
        found = {
            _wrong_in(Answers(function, probe_set_of(KINDS[kind], draw, np.dtype(dtype))))
            for draw in DRAWS
            for dtype in DTYPES
        }
        reason = REASONS.get(found.pop(), "") if len(found) == 1 else ""
        return reason if reason and _is_mostly_right(function, KINDS[kind], seed) else ""


def _is_mostly_right(function: Callable[..., Any], kind: Kind, seed: int) -> bool:
    answers = Answers(function, probe_set_of(kind, seed, np.dtype(np.float64)))
    probes = answers.probe_set.probes
    ordinary = {i for i, one in enumerate(probes) if not is_extreme(kind.arguments, one.arguments)}
    return 2 * len(ordinary & set(answers.failures())) < len(ordinary)


def is_right_as_far_as_it_comes(function: Callable[..., Any], kind: str, seed: int) -> bool:
    """Whether a function gives answers before its time is up, and all of them are right."""
    with isolation.own_turn():
        answers = Answers(function, probe_set_of(KINDS[kind], seed, np.dtype(np.float64)))
        failed = [index for index in answers.failures() if not answers.is_excused(index)]
        return not answers.is_over(0) and all(map(answers.is_over, failed))


def _wrong_in(answers: Answers) -> str:
    """Where a function is wrong, if it is so in one way alone."""
    wrong = [index for index in answers.failures() if not answers.is_excused(index)]
    if any(outcome.changed for outcome in answers.outcomes().values()):
        return "" if wrong else "arguments"
    if not wrong or any(answers.is_over(index) for index in wrong):
        return ""
    probes, names = answers.probe_set.probes, answers.kind.arguments
    extreme = all(is_extreme(names, probes[index].arguments) for index in wrong)
    return "extremes" if extreme else ""


def is_extreme(names: tuple[str, ...], arguments: tuple[Any, ...]) -> bool:
    """Whether an input is one where a function fails that is right on ordinary inputs.

    It holds numbers above 100, a row in which the largest is there twice, or a probability of 0.
    """
    named = {name: one for name, one in zip(names, arguments, strict=True) if not callable(one)}
    if any(np.max(np.abs(value)) > 100 for value in named.values()):
        return True
    rows = named.get("Z")
    ties = rows is not None and bool(np.any((rows == rows.max(-1, keepdims=True)).sum(-1) > 1))
    return ties or not np.all(named.get("probs", 1))
