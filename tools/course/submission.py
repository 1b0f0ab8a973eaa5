"""One submission: read, run, and scored by what its functions return."""

from __future__ import annotations

import ast
import contextlib
import io
import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from tools.course.assignments import Assignment, Question
from tools.course.student_library import defined, imported, uses_answers

LARGEST = 20 * 1024**2
LONGEST_NAME, LONGEST_MESSAGE, LONGEST_TEXT = 80, 2000, 20_000  # characters


@dataclass
class Result:
    """What a submission earns, and what a teacher should know."""

    scores: dict[str, float]
    verdicts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)  # free text
    errors: dict[str, str] = field(default_factory=dict)  # cells that failed
    flags: set[str] = field(default_factory=set)

    @property
    def score(self) -> float:
        return sum(self.scores.values())


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


NAMELESS = "cell "


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
    found = []
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


def nothing(assignment: Assignment, flag: str, reason: str = "") -> Result:
    """The result of a submission of which nothing can be run."""
    result = Result(dict.fromkeys((question.id for question in assignment.questions), 0.0))
    result.flags.add(flag)
    if reason:
        result.errors["file"] = reason
    return result


def grade(assignment: Assignment, data: bytes, student) -> Result:
    """Run a submission's cells as `student`, and score its functions outside of it."""
    try:
        cells = recognise(assignment, read(data))
    except UnreadableError as error:
        return nothing(assignment, "unreadable", str(error))
    result = Result({})
    _check_cells(assignment, cells, result)
    allowed = imported(assignment.setup)
    for cell in cells:
        if not cell.is_code or cell.is_test:
            continue
        if uses_answers(cell.source, allowed):
            result.flags.add("library-used")
        error = student.run(cell.id, cell.source)["error"]
        if error:
            _note_error(cell, error, result)
    judge(assignment, student, result)
    result.flags |= student.flags
    return result


def _check_cells(assignment: Assignment, cells: list[Cell], result: Result) -> None:
    """Compare with what was handed out; what the student wrote is nobody's business here."""
    given = {cell.id: cell for cell in cells}
    for cell in assignment.release.cells:
        grader = cell.metadata.get("nbgrader")
        if not grader:
            continue
        found = given.get(grader.grade_id)
        if not grader.solution and (not found or found.source.strip() != cell.source.strip()):
            result.flags.add("tampering")
        elif grader.solution and not found:
            result.flags.add("missing")
        elif grader.solution and grader.grade:
            result.answers[grader.grade_id] = found.source[:LONGEST_TEXT]


def _note_error(cell: Cell, error: list, result: Result) -> None:
    name, text, line = error
    if name == "NotImplementedError":
        return
    result.errors[cell.id] = f"{name}: {text}"[:LONGEST_MESSAGE] + (
        f" (line {line})" if line else ""
    )


def judge(assignment: Assignment, student, result: Result) -> None:
    """Find the verdicts that the student may read, and then the points.

    In this order, so that no function can tell in a verdict what the hidden tests asked it.
    """
    for question in assignment.questions:
        result.verdicts[question.id] = _verdict(question, _namespace(assignment, student))
    for question in assignment.questions:
        points = _points(question, _namespace(assignment, student))
        result.scores[question.id] = points
        if result.verdicts[question.id].endswith(": right.") and not points:
            result.verdicts[question.id] += (
                " But it fails on inputs other than those of the visible test."
            )


def _points(question: Question, namespace: dict) -> float:
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            exec(question.hidden, namespace)
        except Exception:
            return 0.0
    return question.points


def _namespace(assignment: Assignment, student) -> dict:
    """What a test sees: the assignment's setup, and the student's functions."""
    namespace: dict[str, Any] = {"__name__": "grading"}
    exec(assignment.setup, namespace)
    return namespace | {
        question.function: student.function(question.function) for question in assignment.questions
    }


def _verdict(question: Question, namespace: dict) -> str:
    """What the visible test says: the value of its last line, or why it fails."""
    tree = ast.parse(question.visible)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(tree, "test", "exec"), namespace)
            if last is None:
                return f"{question.function}: right."
            verdict = eval(compile(ast.Expression(last.value), "test", "eval"), namespace)
        return str(verdict)[:LONGEST_MESSAGE]
    except Exception as error:
        return f"{question.function}: not right yet. {error}"[:LONGEST_MESSAGE]
