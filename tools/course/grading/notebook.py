"""The notebook that a student handed in: its cells, and which answers which question."""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from tools.course.assignments import Assignment, Released, alike, names, record_of, recorded
from tools.course.plain_python import plain_python
from tools.course.source_code import answered, defined, named, without_open, without_statements_of

LARGEST = 20 * 1024**2
LONGEST_NAME = 80  # characters
NAMELESS = "cell "
OTHER_FILES = {
    b"<": "a web page. Where a page shows a notebook, download the file itself",
    b"PK\x03\x04": "a zip file. Unpack it",
    b"%PDF": "a PDF",
}
CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)
DEFINES = re.compile(r"^\s*(def\s+)?(\w+)\s*(?(1)\(|=)", re.MULTILINE)
FENCED = re.compile(r"\s*(```|~~~)[ \w]*\n(.*?)\n?\1\s*", re.DOTALL)
MARKS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # what may stand before the first character


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
        content = json.loads(_text(data))
        cells = content["cells"] if "cells" in content else _cells_of_format_3(content)
        if not cells:
            raise UnreadableError("the notebook holds no cell")
        return [_cell(index, cell) for index, cell in enumerate(cells)]
    except UnreadableError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnreadableError(
            f"the file is not a notebook{_reason(data, error)}. Open it in Jupyter, and save it "
            "with File, Save Notebook As, under a name that ends in .ipynb. If Jupyter cannot open "
            "it either, hand in an earlier copy"
        ) from None


def _cells_of_format_3(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells of a notebook as programs before 2015 wrote it."""
    return [
        cell | {"source": cell.get("input", cell.get("source", ""))}
        for sheet in content["worksheets"]
        for cell in sheet["cells"]
    ]


def _reason(data: bytes, error: Exception) -> str:
    """What is wrong with a file, in words, where that can be said."""
    if not data.strip():
        return ": it is empty"
    if CONFLICT.search(data):
        return ": it holds the marks of a merge conflict, <<<<<<<"
    for beginning, what in OTHER_FILES.items():
        if data.lstrip(MARKS).startswith(beginning):
            return f": it is {what}"
    if not data.lstrip(MARKS).startswith(b"{"):
        return ""
    if isinstance(error, json.JSONDecodeError):
        return f": it breaks off, or another program has changed it, in line {error.lineno}"
    return ": it has no cells that can be read"


def _text(data: bytes) -> str:
    """The text of a file that an editor may have saved in an encoding of its own."""
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.rstrip("\0")  # what a disk or a network may leave at the end


def _cell(index: int, cell: dict[str, Any]) -> Cell:
    grader = (cell.get("metadata") or {}).get("nbgrader") or {}
    source = cell.get("source") or ""
    source = source if isinstance(source, str) else "".join(source)
    is_test = bool(grader.get("grade")) and not grader.get("solution")
    source = source.encode("utf-8", "replace").decode()  # half a surrogate fits in no file
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    id = str(grader.get("grade_id", f"{NAMELESS}{index + 1}"))[:LONGEST_NAME]
    return Cell(id, cell.get("cell_type") == "code", is_test, source)


def handed_out(assignment: Assignment) -> set[str]:
    """The names of the cells that students got."""
    return {
        cell.metadata.nbgrader.grade_id
        for cell in assignment.release.cells
        if "nbgrader" in cell.metadata
    }


def holds_setup(assignment: Assignment, cells: list[Cell]) -> bool:
    """Whether the first code cell is there, as it was handed out."""
    first = next(cell for cell in assignment.release.cells if cell.cell_type == "code")
    has = assignment.released.has
    return any(
        cell.is_code and has(first.metadata.nbgrader.grade_id, cell.source) for cell in cells
    )


def recognise(assignment: Assignment, cells: list[Cell]) -> list[Cell]:
    """The cells with the ids that they were handed out with, where an editor has dropped these.

    What is locked is known by its text, a solution by the function that it defines, and the free
    text by standing below its question.
    """
    if not all(cell.id.startswith(NAMELESS) for cell in cells):
        return cells
    tests = {
        cell.metadata.nbgrader.grade_id
        for cell in assignment.release.cells
        if "nbgrader" in cell.metadata and cell.metadata.nbgrader.grade
    }
    solutions = {question.function: question.id for question in assignment.questions}
    texts = {f"{question.id}-question": question.id for question in assignment.free_text}
    used: defaultdict[str, int] = defaultdict(int)
    found: list[Cell] = []
    for cell in cells:
        same = [id for id in assignment.released.names_of(cell.source) if not used[id]]
        if same:
            used[same[0]] += 1
            cell = replace(cell, id=same[0], is_test=same[0] in tests)
        elif found and found[-1].id in texts and not cell.is_code:
            cell = replace(cell, id=texts[found[-1].id])
        elif cell.is_code and (functions := defined(cell.source) & solutions.keys()):
            cell = replace(cell, id=solutions[min(functions)])
        found.append(cell)
    return found


def with_answers_of_other_types(assignment: Assignment, cells: list[Cell]) -> list[Cell]:
    """The cells, of which those are code again that hold an answer and became text by a slip."""
    functions = {question.function for question in assignment.questions}
    open_ones = functions.difference(*(answered(cell.source) for cell in cells if cell.is_code))
    found = []
    for cell in cells:
        fenced = FENCED.fullmatch(cell.source)
        source = fenced[2] if fenced else cell.source
        mentioned = {name for _, name in DEFINES.findall(source)} if not cell.is_code else set()
        readable = mentioned & open_ones and plain_python(source).error is None
        if readable and answered(source) & open_ones:
            cell = replace(cell, is_code=True, source=source)
        found.append(cell)
    return found


def made_by_tests(assignment: Assignment) -> set[str]:
    """The names that are there in a notebook because the cell of a test gives them a value."""
    tests = [
        cell for cell in map(_cell, itertools.count(), assignment.release.cells) if cell.is_test
    ]
    return set().union(*(named(cell.source) for cell in tests))


def added_to_test(assignment: Assignment, cell: Cell) -> str:
    """What of a test's cell a student has added: a helper, say, or an import."""
    if assignment.released.has(cell.id, cell.source):
        return ""
    given = _by_id([_cell(0, one) for one in assignment.release.cells])
    return without_statements_of(cell.source, given.get(cell.id, ""))


def without_open_copies(assignment: Assignment, cells: list[Cell]) -> list[Cell]:
    """The cells without functions that are still open, where another cell answers them."""
    functions = {question.function for question in assignment.questions}
    done = functions & set().union(*(answered(cell.source) for cell in cells if cell.is_code))
    return [
        replace(cell, source=without_open(cell.source, done))
        if cell.is_code and defined(cell.source) & done
        else cell
        for cell in cells
    ]


def changed(assignment: Assignment, cells: list[Cell]) -> list[str]:
    """The cells that were handed out and are in no release as they are now, or are gone."""
    given = _by_id(cells)
    return [id for id in _release_of(assignment, given) if _is_unlike(assignment, id, given)]


def asked_otherwise(assignment: Assignment, cells: list[Cell]) -> set[str]:
    """The questions that the student's release put in other words, or did not have."""
    given = _by_id(cells)
    handed_out = _release_of(assignment, given)
    today = {cell.metadata.nbgrader.grade_id: cell.source for cell in _locked(assignment)}
    texts = {question.id: f"{question.id}-text" for question in assignment.questions}
    return {
        id
        for id, text in texts.items()
        if text not in handed_out
        or (not _is_unlike(assignment, text, given) and not alike(given[text], today.get(text, "")))
    }


def _by_id(cells: list[Cell]) -> dict[str, str]:
    return {cell.id: cell.source for cell in cells}


def _release_of(assignment: Assignment, given: dict[str, str]) -> list[str]:
    """The cells of the release that the student got: the largest of those that fit best."""

    def fit(release: list[str]) -> tuple[int, int]:
        unlike = sum(_is_unlike(assignment, id, given) for id in release)
        of_others = sum(id in assignment.released.cells and id not in release for id in given)
        return -unlike - of_others, len(release)

    return max(assignment.released.releases, key=fit)


def _is_unlike(assignment: Assignment, id: str, given: dict[str, str]) -> bool:
    return not assignment.released.has(id, given.get(id))


def is_missing_an_answer(
    assignment: Assignment, cells: list[Cell], written: dict[str, str]
) -> bool:
    """Whether the cell of an answer is gone, and the answer stands nowhere else."""
    ids = {cell.id for cell in cells} | asked_otherwise(assignment, cells)
    functions = set().union(*(defined(cell.source) for cell in cells if cell.is_code))
    return any(q.id not in ids and q.function not in functions for q in assignment.questions) or (
        any(q.id not in ids and not written.get(q.id) for q in assignment.free_text)
    )


def other_assignment(assignment: Assignment, cells: list[Cell]) -> str | None:
    """The assignment that a notebook is of, where it is of another one."""
    ours = _likeness(assignment.released, cells)
    if 2 * ours > len(_locked(assignment)):
        return None
    others = {one: recorded(record_of(one)) for one in names() if one != assignment.name}
    likeness = {one: _likeness(released, cells) for one, released in others.items()}
    other = max(likeness, key=lambda one: likeness[one], default=None)
    return other if other and likeness[other] > max(ours, 2) else None


def _likeness(released: Released, cells: list[Cell]) -> int:
    """How many texts are as they were handed out, each counted once: some stand in many cells."""
    return len({cell.source for cell in cells if released.names_of(cell.source)})


def _locked(assignment: Assignment) -> list[Any]:
    return [
        cell
        for cell in assignment.release.cells
        if "nbgrader" in cell.metadata and not cell.metadata.nbgrader.solution
    ]
