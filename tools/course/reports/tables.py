"""The tables of a class, grades.csv and free-text.csv: a spreadsheet may open them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tools.course.assignments import Assignment
from tools.course.grading.result import Result

FREE_TEXT = ["student", "question", "points", "comment", "answer"]
FORMULA = tuple("=+-@\t\r'")

Read = dict[tuple[str, str], tuple[str, str]]  # student and question: points and comment


def grades_csv(assignment: Assignment, results: dict[str, Result], read: Read) -> str:
    """A line for each student; `read` holds what a teacher gave for free text."""
    ids = [question.id for question in assignment.questions]
    texts = [question.id for question in assignment.free_text]
    rows = [
        [
            student,
            f"{result.score:g}",
            f"{assignment.auto_max:g}",
            f"{assignment.manual_max:g}",
            " ".join(sorted(result.flags)),
            *(f"{result.scores[id]:g}" for id in ids),
            *(read.get((student, id), ("", ""))[0] for id in texts),
        ]
        for student, result in sorted(results.items())
    ]
    head = ["student", "auto_score", "auto_max", "manual_max", "flags", *ids, *texts]
    return _as_csv([head, *rows])


def free_text_csv(assignment: Assignment, results: dict[str, Result], read: Read) -> str:
    """A line for each written answer, with room for points and a comment."""
    rows = [
        [
            student,
            question.id,
            *read.get((student, question.id), ("", "")),
            result.answers.get(question.id, ""),
        ]
        for student, result in sorted(results.items())
        for question in assignment.free_text
    ]
    # Who is not among these submissions, because only the late ones came, keeps what was entered.
    rows += [
        [student, question, points, comment, ""]
        for (student, question), (points, comment) in sorted(read.items())
        if student not in results and (points or comment)
    ]
    return _as_csv([FREE_TEXT, *rows])


def read_free_text(path: Path) -> Read:
    """Points and comments that a teacher has entered."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not set(FREE_TEXT) <= set(rows.fieldnames or []):
            raise ValueError(f"{path.name} must have the columns {', '.join(FREE_TEXT)}")
        entered = [{name: unescape_formula(row[name]) for name in FREE_TEXT} for row in rows]
    return {(row["student"], row["question"]): (row["points"], row["comment"]) for row in entered}


def escape_formula(text: str) -> str:
    """Text that a spreadsheet takes for text, and not for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unescape_formula(text: str | None) -> str:
    """Undoes `escape_formula`, whether or not a spreadsheet has undone it already."""
    text = text or ""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def _as_csv(rows: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([escape_formula(cell) for cell in row] for row in rows)
    return text.getvalue()
