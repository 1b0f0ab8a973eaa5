"""Is a function right, and if not, which known mistake does exactly what it does?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import DTypeLike

from .._core.validate import as_choice
from . import isolation, verdict
from .answers import SECONDS, Answers, ProbeSet, TrustedAnswers
from .catalogue import CATALOGUE
from .kinds import KINDS, Kind
from .mistake import Misconception
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
    with isolation.own_turn():
        return _best_verdict(function, kinds, targets, layout)


def _best_verdict(
    function: Callable, kinds: Sequence[Kind], targets: tuple[bool, ...], layout: str
) -> Diagnosis:
    deadline = time.monotonic() + SECONDS  # the clock starts when the turn comes
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


def examine(function: Callable, kind: str, layout: str, seed: int, dtype: DTypeLike) -> Diagnosis:
    """Judge a function as one kind, with inputs of your choice."""
    as_choice(kind, "kind", tuple(KINDS))
    as_choice(layout, "layout", LAYOUTS)
    with isolation.own_turn():
        return judge(function, kind, layout=layout, seed=seed, dtype=dtype)


def judge(
    function: Callable,
    kind: str,
    *,
    layout: str = "rows",
    one_hot: bool = False,
    seed: int = 0,
    dtype: DTypeLike = np.float64,
    deadline: float | None = None,
) -> Diagnosis:
    """Judge a function as one kind, by its answers to small inputs that the seed draws."""
    if deadline is None:
        deadline = time.monotonic() + SECONDS
    answers = Answers(
        function,
        ProbeSet(KINDS[kind], seed, dtype),
        layout=layout,
        one_hot=one_hot,
        deadline=deadline,
    )
    known = [entry for entry in CATALOGUE.values() if entry.kind == kind]
    return _judged(answers, name_of(function) or kind, known)


def _judged(answers: Answers, name: str, known: list[Misconception]) -> Diagnosis:
    failed = answers.failures()
    wrong = [index for index in failed if not answers.is_excused(index)]
    overwrites = [index for index, outcome in answers.outcomes().items() if outcome.changed]
    if not wrong and not overwrites:
        return verdict.right(name, answers, failed)
    if overwrites and overwrites[0] not in wrong:
        index = overwrites[0]
        found = _with_the_same_side_effect(answers, index, known)
    else:
        index, found = wrong[0], _with_the_same_answers(answers, wrong, known)
    judged = verdict.wrong(
        name,
        answers,
        index,
        found,
        _share_explained(answers, found),
        _is_right_in_other_layout(answers),
    )
    return replace(judged, wrong_in=_wrong_in(answers, wrong, overwrites))


def _wrong_in(answers: Answers, wrong: list[int], overwrites: list[int]) -> str:
    if not wrong:
        return "arguments"
    if overwrites or any(outcome.late for outcome in answers.outcomes().values()):
        return "ordinary"
    return "extremes" if all(answers.probe_set.extreme[index] for index in wrong) else "ordinary"


def _with_the_same_answers(
    answers: Answers, wrong: list[int], known: list[Misconception]
) -> list[Misconception]:
    """The mistakes with the same answers to all probes; or else those that may be a part of it."""
    same: list[Misconception] = []
    part: list[Misconception] = []
    for entry in known:
        for variant in entry.functions():
            theirs = TrustedAnswers(variant, answers.probe_set)
            if not _agree(answers, theirs, wrong[:1]):
                continue
            if _agree(answers, theirs, range(len(answers.probe_set))):
                same.append(entry)
                break
            if entry not in part and _is_part(answers, wrong, theirs):
                part.append(entry)
    return same or part


def _is_part(answers: Answers, wrong: list[int], theirs: TrustedAnswers) -> bool:
    """Whether a function may contain a mistake, beside others that show later.

    Then all that the mistake breaks is broken and nothing before is; and the answers are the same
    where it shows first, and where it shows next: once could be chance.
    """
    broken = theirs.failures()
    return (
        set(broken) <= set(wrong)
        and broken[:1] == wrong[:1]
        and _agree(answers, theirs, broken[:2])
    )


def _agree(answers: Answers, theirs: TrustedAnswers, indices: Iterable[int]) -> bool:
    return all(answers.probe_set.agree(i, answers[i], theirs[i]) for i in indices)


def _share_explained(answers: Answers, found: list[Misconception]) -> float:
    """The share of the probes that it gets right, or wrong as the mistake that was found does."""
    known = [answers.probe_set.kind.truth, *(f for entry in found[:1] for f in entry.functions())]
    return max(
        sum(answers.is_right(i) or _agree(answers, theirs, [i]) for i in answers.outcomes())
        for theirs in (TrustedAnswers(function, answers.probe_set) for function in known)
    ) / len(answers.probe_set)


def _with_the_same_side_effect(
    answers: Answers, index: int, known: list[Misconception]
) -> list[Misconception]:
    """The mistakes that overwrite what the function overwrites, or more."""
    overwritten = set(answers[index].outcome.changed)
    return [
        entry
        for entry in known
        if overwritten <= set(TrustedAnswers(entry.wrong, answers.probe_set)[index].outcome.changed)
    ]


def _is_right_in_other_layout(answers: Answers) -> bool:
    if any(outcome.late for outcome in answers.outcomes().values()):
        return False
    other = answers.in_other_layout()
    return all(other.is_right(i) or other.is_excused(i) for i in range(len(answers.probe_set)))
