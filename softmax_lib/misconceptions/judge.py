"""Is a function right, and if not, which known mistake does exactly what it does?"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .._core.validate import as_choice
from . import calling, verdict
from .catalogue import CATALOGUE
from .kinds import KINDS
from .mistake import Misconception
from .trial import SECONDS, Exam, Suspect, Trial
from .verdict import Diagnosis
from .which_kind import kinds_of, loss_named_by_parameter, name_of, parameters_of

LAYOUTS = ("rows", "columns")


def diagnose(function: Callable, kind: str | None, layout: str) -> Diagnosis:
    """Judge a function as each kind that it may be, and return the best of the verdicts."""
    if not callable(function):
        raise TypeError(f"function must be callable; got {type(function).__name__}")
    as_choice(layout, "layout", LAYOUTS)
    kinds = kinds_of(function, kind)
    targets = (True, False) if "Y" in parameters_of(function) else (False,)
    deadline = time.monotonic() + SECONDS
    verdicts = []
    for one in kinds:
        for one_hot in targets:
            found = judge(
                function,
                one.name,
                layout=layout,
                one_hot=one_hot and "y" in one.arguments,
                deadline=deadline,
            )
            if found.ok:
                if len(kinds) == 1 or loss_named_by_parameter(function) == one.name:
                    return found
                message = found.message.replace(": right.", f": right, as {one.call}.")
                return replace(found, message=message)
            verdicts.append(found)
    if loss_named_by_parameter(function):
        return verdicts[0]
    return max(verdicts, key=lambda verdict: verdict.explained)


def examine(function: Callable, kind: str, layout: str, seed: int, dtype) -> Diagnosis:
    """Judge a function as one kind, with inputs of your choice."""
    as_choice(kind, "kind", tuple(KINDS))
    as_choice(layout, "layout", LAYOUTS)
    return judge(function, kind, layout=layout, seed=seed, dtype=dtype)


def judge(
    function: Callable,
    kind: str,
    *,
    layout: str = "rows",
    one_hot: bool = False,
    seed: int = 0,
    dtype=np.float64,
    deadline: float | None = None,
) -> Diagnosis:
    """Judge a function as one kind, by its answers to small inputs that the seed draws."""
    if deadline is None:
        deadline = time.monotonic() + SECONDS
    exam = Exam(KINDS[kind], seed, dtype)
    trial = Trial(function, exam, layout=layout, one_hot=one_hot, deadline=deadline)
    known = [entry for entry in CATALOGUE.values() if entry.kind == kind]
    with calling.same_random_numbers():
        return _judged(trial, name_of(function) or kind, known)


def _judged(trial: Trial, name: str, known: list[Misconception]) -> Diagnosis:
    failed = trial.failures()
    wrong = [index for index in failed if not trial.is_excused(index)]
    overwrites = [index for index, outcome in trial.outcomes().items() if outcome.changed]
    if not wrong and not overwrites:
        return verdict.right(name, trial, failed)
    if overwrites and overwrites[0] not in wrong:
        index = overwrites[0]
        found = _that_overwrite(trial, index, known)
    else:
        index, found = wrong[0], _that_answer_alike(trial, wrong, known)
    return verdict.wrong(
        name, trial, index, found, _explained(trial, found), _is_right_turned_round(trial)
    )


def _that_answer_alike(trial: Trial, wrong: list[int], known) -> list[Misconception]:
    """The mistakes with the same answers to all probes; or else those that may be a part of it."""
    alike, part = [], []
    for entry in known:
        for suspect in (Suspect(variant, trial.exam) for variant in entry.functions()):
            if not _same(trial, suspect, wrong[:1]):
                continue
            if _same(trial, suspect, range(len(trial.exam))):
                alike.append(entry)
                break
            if entry not in part and _is_part(trial, wrong, suspect):
                part.append(entry)
    return alike or part


def _is_part(trial: Trial, wrong: list[int], suspect: Suspect) -> bool:
    """Whether a function may contain a mistake, beside others that show later.

    Then all that the mistake breaks is broken and nothing before is; and the answers are the same
    where it shows first, and where it shows next: once could be chance.
    """
    broken = suspect.failures()
    return (
        set(broken) <= set(wrong) and broken[:1] == wrong[:1] and _same(trial, suspect, broken[:2])
    )


def _same(trial: Trial, suspect: Suspect, indices) -> bool:
    return all(trial.exam.agree(i, trial.answer(i), suspect.answer(i)) for i in indices)


def _explained(trial: Trial, found: list[Misconception]) -> float:
    """The share of the probes that it gets right, or wrong as the mistake that was found does."""
    known = [trial.exam.kind.truth, *(f for entry in found[:1] for f in entry.functions())]
    suspects = [Suspect(function, trial.exam) for function in known]
    return max(
        sum(trial.is_right(i) or _same(trial, suspect, [i]) for i in trial.outcomes())
        for suspect in suspects
    ) / len(trial.exam)


def _that_overwrite(trial: Trial, index: int, known) -> list[Misconception]:
    """The mistakes that overwrite what the function overwrites, or more."""
    overwritten = set(trial.answer(index).outcome.changed)
    return [
        entry
        for entry in known
        if overwritten <= set(Suspect(entry.wrong, trial.exam).answer(index).outcome.changed)
    ]


def _is_right_turned_round(trial: Trial) -> bool:
    if any(outcome.late for outcome in trial.outcomes().values()):
        return False
    other = trial.turned_round()
    return all(other.is_right(index) or other.is_excused(index) for index in range(len(trial.exam)))
