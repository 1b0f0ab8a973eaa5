"""What a student reads: points and verdicts, and no hidden test."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tools.course.assignments import Assignment
from tools.course.grading.result import Result
from tools.course.reports.tables import Read

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,  # names, errors and comments are whatever somebody wrote
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def feedback_html(assignment: Assignment, student: str, result: Result, read: Read) -> str:
    """The page of one student; `read` holds what a teacher gave for free text."""
    rows = [
        (
            f"{question.id}: {question.function}",
            f"{result.scores[question.id]:g}",
            f"{question.points:g}",
            result.verdicts.get(question.id, ""),
        )
        for question in assignment.questions
    ]
    for text in assignment.free_text:
        points, comment = read.get((student, text.id), ("", ""))
        rows.append((text.id, points or "to be read", f"{text.points:g}", comment))
    return TEMPLATES.get_template("feedback.html.jinja").render(
        title=f"{assignment.name}: {student}", rows=rows, errors=result.errors, flags=result.flags
    )
