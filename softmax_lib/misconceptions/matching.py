"""Which mistakes of the catalogue do what a function does?"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from . import patterns
from .answers import Answer, Answers, ProbeSet, TrustedAnswers, probe_set_of
from .catalogue import CATALOGUE
from .kinds import KINDS
from .mistake import Misconception
from .variants import is_of_any_layer

TWICE = 2  # agreeing once could be chance
PART = 1 / 3  # of what is wrong: a mistake that explains less is not the one to speak of
GUARDS = {"smallest", "epsilon"}  # what the catalogue calls a number that keeps a loss finite
IMPOSSIBLE = 745  # a loss beyond that of the smallest positive number


class Match(NamedTuple):
    """The mistakes that were found, and whether they explain every answer."""

    entries: list[Misconception]
    is_exact: bool = False
    theirs: Answers | Multiple | None = None  # those of the first entry
    besides: str = ""  # what is wrong as well


def match(answers: Answers, wrong: Sequence[int]) -> Match:
    """The mistakes with the same answers to all probes; or else those that may be a part of it."""
    kind = answers.kind
    is_one = answers.form.one_example
    known = [entry for entry in entries_of(kind.name) if not (is_one and entry.needs_rows)]
    if kind.name == "network_gradients" and kind.results == KINDS[kind.name].results:
        is_own = kind is KINDS[kind.name]
        known = [entry for entry in known if is_own or is_of_any_layer(entry)]
    if kind is not KINDS[kind.name] and kind.lift is None:  # the catalogue has the book's own way
        return Match(_with_the_same_factors(answers, known), True)
    guard = _guard(answers)
    same: dict[str, Match] = {}
    part: dict[str, Match] = {}
    for entry in known:
        for theirs in _answers_of(entry, answers.probe_set, guard):
            if not _agree(answers, theirs, wrong[:1]):
                continue
            if _agree(answers, theirs, _judged(answers, theirs)) and (
                entry.is_one_number or not _is_constant(answers)
            ):
                same[entry.id] = Match([entry], True, theirs)
                break
            if entry.is_whole or entry.id in part:
                continue
            if _is_part(answers, wrong, theirs):
                part[entry.id] = Match([entry], False, theirs)
    found = list(same.values())
    if not found:
        # A part explains the input that is shown; of a multiple the factor alone may show there.
        multiples = _multiples(answers, known)
        both = [one for one in multiples if one.entries[0].id in part]
        found = both or list(part.values()) or multiples
    entries = [one.entries[0] for one in found]
    return found[0]._replace(entries=entries) if found else Match([])


def _judged(answers: Answers, theirs: Answers) -> list[int]:
    """The probes in which neither gives no number where that is no mistake."""
    return [i for i in range(len(answers)) if not (answers.is_excused(i) or theirs.is_excused(i))]


@dataclass(frozen=True)
class Multiple:
    """Answers of which every number is multiplied by one that the sizes of the batch give."""

    answers: Answers
    factor: Callable[[float, float, float], float]

    def __getitem__(self, index: int) -> Answer:
        answer, probe_set = self.answers[index], self.answers.probe_set
        if answer.parts is None:
            return answer
        factor = self.factor(*patterns.sizes(probe_set.kind, probe_set.probes[index].arguments))
        return answer._replace(parts=tuple(factor * part for part in answer.parts))


# What may be wrong with every number besides, the plainest slip first.
BESIDES: list[tuple[str, Callable[[float, float, float], float]]] = [
    ("the sign is turned round", lambda m, n_classes, n: -1),
    ("all is multiplied by the number of examples", lambda m, n_classes, n: m),
    ("all is divided by the number of examples", lambda m, n_classes, n: 1 / m),
    ("all is doubled", lambda m, n_classes, n: 2),
    ("all is halved", lambda m, n_classes, n: 0.5),
    ("all is divided by the number of classes", lambda m, n_classes, n: 1 / n_classes),
]


def _multiples(answers: Answers, known: list[Misconception]) -> list[Match]:
    """The mistakes whose answers these are, but for one factor."""
    if _is_constant(answers):
        return []
    for says, factor in BESIDES:
        found = []
        for entry in known:
            # The forms of a mistake that is made from text differ in the extremes alone.
            for function in entry.functions[: 1 if entry.sources else None]:
                plain = answers.probe_set.answers_of(function)
                theirs, judged = Multiple(plain, factor), _judged(answers, plain)
                if not _agree(answers, theirs, judged):
                    continue
                # Where all is right it overwrites, and no answer tells of that.
                if not all(plain.is_right(index) for index in judged):
                    found.append(Match([entry], False, theirs, f"Besides, {says}."))
                    break
        if found:
            return found
    return []


@functools.cache
def entries_of(kind: str) -> list[Misconception]:
    """The mistakes of a kind."""
    return [entry for entry in CATALOGUE.values() if entry.kind == kind]


def _answers_of(
    entry: Misconception, probe_set: ProbeSet, guard: float | None
) -> Iterator[TrustedAnswers]:
    """Those of an entry; and where it guards a logarithm, those with this function's guard."""
    for function in entry.functions:
        yield probe_set.answers_of(function)
    if guard is not None:
        for name in GUARDS & entry.parameters:
            guarded = partial(entry.wrong, **{name: guard})
            yield TrustedAnswers(probe_set.kind.lifted(guarded), probe_set)


def _guard(answers: Answers) -> float | None:
    """The number that keeps the loss of one impossible example finite."""
    for index, (truth, *_) in enumerate(answers.probe_set.expected):
        parts = answers[index].parts
        is_impossible = truth.ndim == 0 and truth > IMPOSSIBLE
        if is_impossible and parts is not None and parts[0].ndim == 0:
            loss = float(parts[0])
            return math.exp(-loss) if 0 < loss < IMPOSSIBLE else None
    return None


def _is_part(answers: Answers, wrong: Sequence[int], theirs: TrustedAnswers) -> bool:
    """Whether a function may contain a mistake, beside others that show later.

    Then all that the mistake breaks is broken and nothing before is; and the answers are the same
    where it shows first, and where it shows next, until they are no longer such that every
    function of this make has them; and of one batch at least, and of a good part of all.
    """
    broken = [index for index in theirs.failures() if not theirs.is_excused(index)]
    if not set(broken) <= set(wrong) or broken[:1] != list(wrong[:1]):
        return False
    counts = range(min(TWICE, len(broken)), len(broken) + 1)
    evidence = next((n for n in counts if len(_numbers(theirs, broken[:n])) > 1), None)
    if evidence is None or not _agree(answers, theirs, broken[:evidence]):
        return False
    same = [index for index in broken if _agree(answers, theirs, [index])]
    several = [index for index in broken if has_several(answers.probe_set, index)]
    return len(same) >= PART * len(wrong) and (not several or not set(several).isdisjoint(same))


def has_several(probe_set: ProbeSet, index: int) -> bool:
    """Whether a probe has several examples: one alone shows a part of what goes wrong."""
    return patterns.sizes(probe_set.kind, probe_set.probes[index].arguments)[0] > 1


def _is_constant(answers: Answers) -> bool:
    """Whether it seems to compute nothing: not even the rounding errors differ."""
    return len(_numbers(answers, range(len(answers)), digits=None)) == 1


def _numbers(theirs: Answers, indices: Iterable[int], digits: int | None = 6) -> set[float]:
    """The different numbers in the answers: where there is one, to agree is no evidence."""
    parts = [part.ravel() for index in indices for part in theirs[index].parts or ()]
    numbers = np.concatenate([*parts, np.empty(0)])
    numbers = numbers[np.isfinite(numbers)]
    return set((numbers if digits is None else numbers.round(digits)).tolist())


def _agree(answers: Answers, theirs: Answers | Multiple, indices: Iterable[int]) -> bool:
    return all(answers.probe_set.agree(i, answers[i], theirs[i]) for i in indices)


def share_explained(answers: Answers, found: Match) -> float:
    """The share of the probes that it gets right, or wrong as the mistake that was found does."""
    theirs = found.theirs
    explained = [
        answers.is_right(i) or (theirs is not None and _agree(answers, theirs, [i]))
        for i in answers.outcomes()
    ]
    return sum(explained) / len(answers)


def with_the_same_side_effect(answers: Answers, index: int) -> list[Misconception]:
    """The mistakes that overwrite what the function overwrites, or more."""
    arguments = answers.kind.arguments
    order = answers.form.order or arguments
    overwritten = {arguments.index(order[at]) for at in answers[index].outcome.changed}
    return [
        entry
        for entry in entries_of(answers.kind.name)
        if overwritten <= set(answers.probe_set.answers_of(entry.wrong)[index].outcome.changed)
    ]


def _with_the_same_factors(answers: Answers, known: list[Misconception]) -> list[Misconception]:
    """Those that multiply each result with the same numbers, whatever the right one is."""
    base = KINDS[answers.kind.name]
    if base.results != answers.kind.results:
        return []
    ours = _all_factors(answers)
    if ours is None or np.allclose(list(ours.values()), 1):
        return []
    probe_set = probe_set_of(base)
    found = []
    for entry in known:
        theirs = _all_factors(probe_set.answers_of(entry.wrong)) or {}
        both = sorted(ours.keys() & theirs.keys())
        if both and np.allclose([ours[k] for k in both], [theirs[k] for k in both], rtol=1e-4):
            found.append(entry)
    return found


def _all_factors(answers: Answers) -> dict[tuple[int, int], float] | None:
    """By part and probe; None where a part is no multiple of the truth."""
    found: dict[tuple[int, int], float] = {}
    for part in range(len(answers.kind.results)):
        by_probe = patterns.factors(answers, part)
        if by_probe is None:
            return None
        found |= {(part, index): k for index, k in by_probe.items()}
    return found
