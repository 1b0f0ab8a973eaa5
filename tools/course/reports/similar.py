"""similar.csv, for the teacher alone: who handed in the same code where nobody else has it so."""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from softmax_lib.misconceptions.catalogue import CATALOGUE
from tools.course.assignments import ROOT, Assignment
from tools.course.grading.alike import forms
from tools.course.grading.result import Result
from tools.course.reports.tables import as_csv

NOTE = (
    "This is no proof that one copied from the other: a short function has few forms, and both may "
    "have it from a third place."
)
FENCE = re.compile(r"^```(?:python)?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def similar_csv(assignment: Assignment, results: dict[str, Result]) -> str:
    """A line for each pair whose answers are the same but for names, comments and layout."""
    usual = usual_forms(assignment)
    alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for question in assignment.questions:
        groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for student, result in sorted(results.items()):
            form = tuple(result.forms.get(question.id, ()))
            if not usual.issuperset(form):
                groups[form].append(student)
        for group in groups.values():
            for pair in itertools.combinations(group, 2):
                alike[pair].append(question.id)
    pairs = sorted(alike.items(), key=lambda one: (-len(one[1]), one[0]))
    rows = [[*pair, " ".join(questions), NOTE] for pair, questions in pairs]
    return as_csv([["student", "other", "questions", "note"], *rows])


def usual_forms(assignment: Assignment) -> set[str]:
    """What many have: the release, the master's answers, the book, its package and its mistakes."""
    sources = [cell.source for cell in assignment.release.cells if cell.cell_type == "code"]
    sources += [question.solution for question in assignment.questions]
    sources += [source for entry in CATALOGUE.values() for source in (entry.source, *entry.sources)]
    sources += code_of_the_book(ROOT)
    return {form for source in sources if "def " in source for form in forms(source)}


def code_of_the_book(root: Path) -> Iterator[str]:
    for path in (root / "softmax_lib").rglob("*.py"):
        yield path.read_text(encoding="utf-8")
    for path in (root / "book").rglob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            yield from [source] if cell["cell_type"] == "code" else FENCE.findall(source)
