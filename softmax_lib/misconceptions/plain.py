"""Verdicts and the catalogue as plain data, which JSON can hold: for other people's programs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .answers import probe_set_of
from .catalogue import CATALOGUE
from .kinds import KINDS
from .mistake import Misconception
from .verdict import Diagnosis


def verdict_as_data(name: str, verdict: Diagnosis) -> dict[str, Any]:
    """What a program may want to know of the verdict on a function."""
    return {
        "name": name,
        "kind": verdict.kind,
        "ok": verdict.ok,
        "id": verdict.id,
        "candidates": list(verdict.candidates),
        "explained": round(verdict.explained, 4),
        "message": verdict.message,
    }


def catalogue_as_data() -> list[dict[str, Any]]:
    """All mistakes, each with its code and the smallest input that shows it."""
    return [entry_as_data(entry) for entry in CATALOGUE.values()]


def entry_as_data(entry: Misconception) -> dict[str, Any]:
    """What a program may want to know of a mistake."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "title": entry.title,
        "symptom": entry.symptom,
        "code": entry.source,
        **_smallest_failure(entry),
        "message": entry.message,
        "chapter": entry.chapter,
        "section": entry.section,
    }


def _smallest_failure(entry: Misconception) -> dict[str, Any]:
    answers = probe_set_of(KINDS[entry.kind]).answers_of(entry.wrong)
    wrong = [index for index in answers.failures() if not answers.is_excused(index)]
    wrong += [index for index, outcome in answers.outcomes().items() if outcome.changed]
    parts, outcome, _ = answers[wrong[0]]
    inputs = answers.inputs(wrong[0])
    return {
        "input": plain(inputs),
        "answer": f"{type(outcome.error).__name__} is raised" if outcome.error else _one(parts),
        "expected": _one(answers.probe_set.expected[wrong[0]]),
        "overwritten": [list(inputs)[index] for index in outcome.changed],
    }


def _one(parts: tuple[Any, ...] | None) -> Any:
    """One result as it is, several as a list."""
    return plain(parts[0] if parts and len(parts) == 1 else parts)


def plain(value: Any) -> Any:
    """Numbers, text, lists and dicts alone; inf and nan, which JSON lacks, by their names."""
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, bool | int | float | str | None) else _words(value)


def _words(value: Any) -> str:
    return getattr(value, "__name__", type(value).__name__)
