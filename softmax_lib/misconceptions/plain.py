"""Verdicts and the catalogue as plain data, which JSON can hold: for other people's programs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import CATALOGUE
from .judge import judge
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


def catalogue_as_data() -> dict[str, Any]:
    """All mistakes, each with its code and the smallest input that shows it."""
    return {"mistakes": [entry_as_data(entry) for entry in CATALOGUE.values()]}


def entry_as_data(entry: Misconception) -> dict[str, Any]:
    example = judge(entry.wrong, entry.kind).example
    return {
        "id": entry.id,
        "kind": entry.kind,
        "title": entry.title,
        "code": entry.source,
        "input": plain(example.inputs) if example else None,
        "answer": plain(example.answer) if example else None,
        "expected": plain(example.expected) if example else None,
        "message": entry.message,
        "chapter": entry.chapter,
        "section": entry.section,
    }


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
