"""One submission: read, run, and scored by what its functions return."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Protocol

from tools.course import student_library
from tools.course.assignments import Assignment
from tools.course.grading import notebook, scoring
from tools.course.grading.result import Result, nothing
from tools.course.grading.student import Student
from tools.course.source_code import imported, imports_answers

LONGEST = 2000  # characters of an error


class Runner(scoring.Functions, Protocol):
    """Where a student's cells run; `Student`, or a simpler one where the code is our own."""

    @property
    def flags(self) -> set[str]: ...

    def run(self, name: str, source: str) -> dict[str, Any]: ...


def grade_apart(assignment: Assignment, data: bytes | None, isolated: bool) -> Result:
    """Grade a submission in a process of its own; never raises."""
    if data is None:
        return nothing(assignment, "missing", "no notebook was handed in")
    try:
        with tempfile.TemporaryDirectory() as folder:
            library = Path(folder, "library")
            student_library.build(library, imported(assignment.setup))
            with Student(library, isolated=isolated) as student:
                return grade(assignment, data, student)
    except Exception as error:
        return failed(assignment, f"{type(error).__name__}: {error}")


def failed(assignment: Assignment, reason: str) -> Result:
    """The result where not the submission but its grading came to nothing."""
    return nothing(assignment, "crashed", f"grading failed: {reason}")


def grade(assignment: Assignment, data: bytes, student: Runner) -> Result:
    """Run a submission's cells as `student`, and score its functions outside of it."""
    try:
        cells = notebook.recognise(assignment, notebook.read(data))
    except notebook.UnreadableError as error:
        return nothing(assignment, "unreadable", str(error))
    result = Result(
        {},
        answers=notebook.free_text(assignment, cells),
        flags=notebook.changes(assignment, cells),
    )
    run(cells, student, result, imported(assignment.setup))
    scoring.judge(assignment, student, result)
    result.flags |= student.flags
    return result


def run(cells: list[notebook.Cell], student: Runner, result: Result, allowed: set[str]) -> None:
    for cell in cells:
        if not cell.is_code or cell.is_test:
            continue
        if imports_answers(cell.source, allowed):
            result.flags.add("library-used")
        error = student.run(cell.id, cell.source)["error"]
        if error and error[0] != "NotImplementedError":
            name, text, line = error
            where = f" (line {line})" if line else ""
            result.errors[cell.id] = f"{name}: {text}"[:LONGEST] + where
