"""What a student reads: points and verdicts, what was graded, and no hidden test."""

from __future__ import annotations

import platform
import re
from typing import Any

import numpy as np

from tools.course.assignments import Assignment
from tools.course.grading import limits
from tools.course.grading.result import Result
from tools.course.reports.pages import TEMPLATES, Section, section_of
from tools.course.reports.sheets import number
from tools.course.reports.tables import Read

# What a flag says to a student. The page has no word of `tampering`: it accuses nobody.
IN_WORDS = {
    "missing": "A notebook, or an answer, is missing.",
    "unreadable": "The file could not be read as a notebook.",
    "several-files": "You handed in several notebooks; one of them was graded.",
    "late": "It came after the date.",
    "other-assignment": "The notebook is of another assignment.",
    "changed": "A cell is not as it was handed out.",
    "earlier-release": "A question was another one in the notebook that you got.",
    "answer-elsewhere": "A written answer, or a part of it, was found outside its cell.",
    "other-number": "my_number is neither 0 nor the number that you were given.",
    "library-used": "A cell imports what holds the answer. That import did not work.",
    "failed-cell": "A statement in the cell of an answer failed, or could not be read.",
    "newer-python": "A statement may need a newer Python than the one that graded it.",
    "timed-out": "Something ran too long and was stopped.",
    "too-slow": "A function took longer than is allowed.",
    "crashed": "The process that ran your code ended before it was done.",
    "out-of-memory": "Your code asked for more memory than there is.",
}


def feedback_html(assignment: Assignment, student: str, result: Result, read: Read) -> str:
    """The page of one student; `read` holds what a teacher gave for free text."""
    rows: list[dict[str, Any]] = [
        {
            "name": f"{question.id}: {question.function}",
            "points": f"{result.scores[question.id]:g} of {question.points:g}",
            "text": _unwrapped(_without_pointer(result.verdicts.get(question.id, ""), section)),
            "section": section,
            "wrote": "",
        }
        for question in assignment.questions
        for section in [section_of(result.mistakes.get(question.id, ""))]
    ]
    written = []
    for text in assignment.free_text:
        points, comment = read.get((student, text.id), ("", ""))
        if not result.answers.get(text.id):
            points, comment = points or "0", comment or "There is no answer."
        written.append(number(points))
        rows.append(
            {
                "name": text.id,
                "points": f"{points} of {text.points:g}" if points else "to be read",
                "text": comment,
                "section": None,
                "wrote": result.answers.get(text.id, ""),
            }
        )
    return TEMPLATES.get_template("feedback.html.jinja").render(
        title=f"{assignment.name}: {student}",
        rows=rows,
        total=_total(assignment, result, written),
        result=result,
        noted=[words for flag, words in IN_WORDS.items() if flag in result.flags],
        slow=bool(result.flags & {"timed-out", "too-slow"}),
        limits=limits.in_words(),
        python=platform.python_version(),
        numpy=np.__version__,
    )


def _unwrapped(verdict: str) -> str:
    """A verdict whose sentences are not broken into lines: those of a page have another width."""
    lines: list[str] = []
    for line in verdict.splitlines():
        last = lines[-1] if lines else ""
        if line and last and not f"{last}{line}".startswith(" ") and line[0] != " ":
            ends = last.endswith(tuple('.?!:"'))
            lines[-1:] = [last, line] if ends else [f"{last} {line}"]
        else:
            lines.append(line)
    return "\n".join(lines)


def _without_pointer(verdict: str, section: Section | None) -> str:
    """A verdict without the words that lead to a section: the page has a link there."""
    if section is None:
        return verdict
    pointer = r"\s+".join(map(re.escape, f'See "{section.title}", {section.place}.'.split()))
    return re.sub(rf"\s*{pointer}\s?", "\n", verdict).strip()


def _total(assignment: Assignment, result: Result, written: list[float | None]) -> str:
    tests = f"{result.score:g} of {assignment.auto_max:g} from tests"
    if not written:
        return tests
    if None in written:
        return f"{tests}; the written answer is still to be read"
    given = sum(points or 0 for points in written)
    most = assignment.auto_max + assignment.manual_max
    return (
        f"{result.score + given:g} of {most:g}: {tests}, {given:g} of "
        f"{assignment.manual_max:g} for what you wrote"
    )
