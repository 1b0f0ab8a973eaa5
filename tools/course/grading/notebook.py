"""The notebook that a student handed in: its cells, and which answers which question."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from tools.course.assignments import Assignment
from tools.course.source_code import defined

LARGEST = 20 * 1024**2
LONGEST_NAME, LONGEST_TEXT = 80, 20_000  # characters
NAMELESS = "cell "


@dataclass(frozen=True)
class Cell:
    id: str  # nbgrader's, or the position
    is_code: bool
    is_test: bool
    source: str


class UnreadableError(ValueError):
    """A file that is no notebook."""


def read(data: bytes) -> list[Cell]:
    """The cells of a notebook file, whatever else is wrong with it."""
    if len(data) > LARGEST:
        raise UnreadableError(f"the file is larger than {LARGEST // 1024**2} MB")
    try:
        cells = json.loads(data)["cells"]
        return [_cell(index, cell) for index, cell in enumerate(cells)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnreadableError(f"the file is not a notebook: {type(error).__name__}") from None


def _cell(index: int, cell: dict[str, Any]) -> Cell:
    grader = cell.get("metadata", {}).get("nbgrader", {})
    source = cell.get("source", "")
    source = source if isinstance(source, str) else "".join(source)
    is_test = bool(grader.get("grade")) and not grader.get("solution")
    source = source.encode("utf-8", "replace").decode()  # half a surrogate fits in no file
    id = str(grader.get("grade_id", f"{NAMELESS}{index + 1}"))[:LONGEST_NAME]
    return Cell(id, cell.get("cell_type") == "code", is_test, source)


def recognise(assignment: Assignment, cells: list[Cell]) -> list[Cell]:
    """The cells with the ids that they were handed out with, where an editor has dropped these.

    What is locked is known by its text, a solution by the function that it defines, and the free
    text by standing below its question.
    """
    if not all(cell.id.startswith(NAMELESS) for cell in cells):
        return cells
    locked = defaultdict(list)
    for cell in assignment.release.cells:
        if "nbgrader" in cell.metadata and not cell.metadata.nbgrader.solution:
            locked[cell.source.strip()].append(cell.metadata.nbgrader)
    solutions = {question.function: question.id for question in assignment.questions}
    texts = {f"{question.id}-question": question.id for question in assignment.free_text}
    found: list[Cell] = []
    for cell in cells:
        if same := locked.get(cell.source.strip()):
            grader = same.pop(0)
            cell = replace(cell, id=grader.grade_id, is_test=grader.grade)
        elif found and found[-1].id in texts and not cell.is_code:
            cell = replace(cell, id=texts[found[-1].id])
        elif cell.is_code and (functions := defined(cell.source) & solutions.keys()):
            cell = replace(cell, id=solutions[min(functions)])
        found.append(cell)
    return found


def changes(assignment: Assignment, cells: list[Cell]) -> set[str]:
    """Flags of what was handed out and is gone or another now; what is new is nobody's business."""
    flags, given = set(), {cell.id: cell for cell in cells}
    for cell in assignment.release.cells:
        if grader := cell.metadata.get("nbgrader"):
            found = given.get(grader.grade_id)
            if grader.solution and not found:
                flags.add("missing")
            elif not grader.solution and (not found or found.source.strip() != cell.source.strip()):
                flags.add("tampering")
    return flags


def free_text(assignment: Assignment, cells: list[Cell]) -> dict[str, str]:
    """The answers for a teacher to read, by question."""
    ids = {question.id for question in assignment.free_text}
    return {cell.id: cell.source[:LONGEST_TEXT] for cell in cells if cell.id in ids}
