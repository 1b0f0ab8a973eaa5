"""One submission: read, run, and scored by what its functions return."""

from __future__ import annotations

import ast
import contextlib
import io
import json
from dataclasses import dataclass, field
from typing import Any

from assignments import Assignment, Question
from sandbox import CrashError, TooLongError
from student_library import imported, uses_answers

LARGEST = 20 * 1024**2
LONGEST_MESSAGE = 2000


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
        raise UnreadableError(f"{len(data) / 1e6:.0f} MB are more than {LARGEST / 1e6:.0f}")
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
    return Cell(str(grader.get("grade_id", f"cell {index}")), cell.get("cell_type") == "code",
                is_test, source)


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
        cells = read(data)
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
    for question in assignment.questions:
        result.scores[question.id], result.verdicts[question.id] = judge(
            assignment, question, student)
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
            result.answers[grader.grade_id] = found.source


def _note_error(cell: Cell, error: list, result: Result) -> None:
    name, text, line = error
    if name == "NotImplementedError":
        return
    result.errors[cell.id] = f"{name}: {text}"[:LONGEST_MESSAGE] + (
        f" (line {line})" if line else "")
    if name == "MemoryError":
        result.flags.add("out-of-memory")


def judge(assignment: Assignment, question: Question, student) -> tuple[float, str]:
    """The points of a question, and the verdict that its student may read."""
    names = {one.function: student.function(one.function) for one in assignment.questions}
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            exec(question.hidden, _namespace(assignment, names))
            points = question.points
        except (Exception, TooLongError, CrashError):
            points = 0.0
        verdict = _verdict(question, _namespace(assignment, names))
    if verdict.endswith(": right.") and not points:
        verdict += " But it fails on inputs other than those of the visible test."
    return points, verdict


def _namespace(assignment: Assignment, functions: dict) -> dict:
    namespace: dict[str, Any] = {"__name__": "grading"}
    exec(assignment.setup, namespace)
    return namespace | functions


def _verdict(question: Question, namespace: dict) -> str:
    """What the visible test says: the value of its last line, or why it fails."""
    tree = ast.parse(question.visible)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    try:
        exec(compile(tree, "test", "exec"), namespace)
        if last is None:
            return f"{question.function}: right."
        return str(eval(compile(ast.Expression(last.value), "test", "eval"), namespace))
    except Exception as error:
        return f"{question.function}: not right yet. {error}"[:LONGEST_MESSAGE]
