"""The tables of a class, grades.csv and free-text.csv: a spreadsheet may open them."""

from __future__ import annotations

import csv
import dataclasses
import io
import unicodedata
from collections.abc import Collection, Mapping
from pathlib import Path

from tools.course.assignments import Assignment
from tools.course.grading.result import Result
from tools.course.reports.sheets import number, read_again, read_sheet

FREE_TEXT = ["student", "question", "points", "comment", "answer"]
FOUND = ["note", "numbers", "code"]  # where it stood, and what of the own run belongs to it
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
            "" if isinstance(total, str) else f"{total:g}",
        ]
        for student, result in in_order(results)
        for total in [total_points(assignment, student, result, read)]
    ]
    head = ["student", "auto_score", "auto_max", "manual_max", "flags", *ids, *texts, "total"]
    return as_csv([head, *rows])


def free_text_csv(assignment: Assignment, results: dict[str, Result], read: Read) -> str:
    """A line for each written answer, with room for points and a comment."""
    rows = [
        [
            student,
            question.id,
            *read.get((student, question.id), ("", "")),
            result.answers.get(question.id, ""),
            result.notes.get(question.id, ""),
            result.numbers.get(question.id, ""),
            result.code,
        ]
        for student, result in in_order(results)
        for question in assignment.free_text
    ]
    # What was entered stays: for who is not among these submissions, because only the late ones
    # came, and for a function, in place of its tests.
    texts = {question.id for question in assignment.free_text}
    rows += [
        [student, question, points, comment, *[""] * 4]
        for (student, question), (points, comment) in sorted(read.items())
        if (student not in results or question not in texts) and (points or comment)
    ]
    return as_csv([[*FREE_TEXT, *FOUND], *rows])


def total_points(assignment: Assignment, student: str, result: Result, read: Read) -> float | str:
    """Points of tests and of written answers together, or why there are none yet."""
    entered = any(read.get((student, id), ("", ""))[0] for id in assignment.points)
    if "file" in result.errors and not entered:
        return "no notebook of this assignment was graded"
    written = 0.0
    for question in assignment.free_text:
        points = read.get((student, question.id), ("", ""))[0]
        if not points and result.answers.get(question.id):
            return f"the answer to {question.id} is to be read"
        written += number(points or "0") or 0.0
    return result.score + written


def with_points_by_hand(
    assignment: Assignment, results: Mapping[str, Result], read: Read
) -> dict[str, Result]:
    """The results, with the points that a teacher gives a function in place of its tests."""
    changed = {}
    for student, result in results.items():
        scores, verdicts = dict(result.scores), dict(result.verdicts)
        for question in assignment.questions:
            points, comment = read.get((student, question.id), ("", ""))
            if points:
                scores[question.id] = float(points)
                told = f"By hand: {points} of {question.points:g}. {comment}"
                verdicts[question.id] = f"{verdicts.get(question.id, '')}\n{told}".strip()
        changed[student] = dataclasses.replace(result, scores=scores, verdicts=verdicts)
    return changed


def in_order(results: Mapping[str, Result]) -> list[tuple[str, Result]]:
    """Students as a list of names has them: an accent makes no difference."""

    def place(student: str) -> tuple[str, str]:
        letters = unicodedata.normalize("NFKD", student.casefold())
        return "".join(one for one in letters if not unicodedata.combining(one)), student

    return sorted(results.items(), key=lambda one: place(one[0]))


def read_free_text(
    path: Path, assignment: Assignment | None = None, students: Collection[str] = ()
) -> Read:
    """Points and comments that a teacher has entered.

    Parameters
    ----------
    path : Path
        The table, as it may have come back from a spreadsheet.
    assignment : Assignment, optional
        Whose points are checked.
    students : collection of str
        Who was graded before or is graded now.

    Raises
    ------
    ValueError
        If points are no number from 0 to what the question gives, naming file, line and student.
    """
    if not path.is_file():
        return {}
    most = assignment.points if assignment else {}
    read: Read = {}
    for row in read_sheet(path, FREE_TEXT):
        cells = {name: unescape_formula(cell) for name, cell in row.cells.items()}
        cells["student"] = unicodedata.normalize("NFC", cells["student"])
        if cells["student"] not in students and read_again(cells["student"]) in students:
            cells = {name: read_again(cell) for name, cell in cells.items()}
        where = f"{path.name}, row {row.number}, {cells['student']}"
        points = _points(cells["points"], most.get(cells["question"]), where)
        if points and assignment and cells["question"] not in most:
            raise ValueError(f"{where}: {assignment.name} has no question {cells['question']!r}")
        read[cells["student"], cells["question"]] = points, cells["comment"]
    return read


def strangers(read: Read, now: Collection[str], before: Collection[str]) -> list[str]:
    """Who was given points or a comment, and is neither graded now nor was before.

    A ValueError where, beside them, somebody who had a row has none: then a name was damaged, and
    points would be lost.
    """
    rows = {student for student, _ in read}
    given = {student for (student, _), entered in read.items() if any(entered)}
    unknown = sorted(given - {*now, *before})
    lost = sorted({*before} & {*now} - rows)
    if unknown and lost:
        raise ValueError(
            f"free-text.csv gives points to {', '.join(map(repr, unknown))}, whom nobody knows, "
            f"and has no row for {', '.join(map(repr, lost))}. Mend the names: grades.csv has them"
        )
    return unknown


def _points(text: str, most: float | None, where: str) -> str:
    """Points as this table writes them; nothing where none were entered."""
    if not text.strip():
        return ""
    value = number(text)
    if value is None or value < 0 or (most is not None and value > most):
        limit = "0 or more" if most is None else f"from 0 to {most:g}"
        raise ValueError(f"{where}: points must be a number {limit}; got {text!r}")
    return f"{value:g}"


def students_of(path: Path) -> set[str]:
    """Who has a line in a table of grades."""
    if not path.is_file():
        return set()
    names = (unescape_formula(row.cells["student"]) for row in read_sheet(path, ["student"]))
    return {unicodedata.normalize("NFC", name) for name in names}


def escape_formula(text: str) -> str:
    """Text that a spreadsheet takes for text, and not for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unescape_formula(text: str | None) -> str:
    """Undoes `escape_formula`, whether or not a spreadsheet has undone it already."""
    text = text or ""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def as_csv(rows: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    # In quotes, a text stays one cell wherever a spreadsheet splits.
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
        [escape_formula(cell) for cell in row] for row in rows
    )
    return text.getvalue()
