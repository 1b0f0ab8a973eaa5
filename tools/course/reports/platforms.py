"""The platforms' own sheets of grades, filled in, and feedback as they take it back.

Nothing of a sheet changes but the grades: not a quote, a line end or a column of somebody else.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.course.assignments import Assignment, names
from tools.course.collecting import Submission
from tools.course.grading.result import Result
from tools.course.reports.sheets import MARK, NAMED_SEPARATOR, encoding_of, number
from tools.course.reports.tables import Read, in_order, total_points

MOODLE_COLUMNS = ("Identifier", "Grade", "Maximum Grade")
MOODLE_ACCOUNTS = ("Email address", "Username", "ID number")  # where the teacher may see them
CHANGEABLE = "Grade can be changed"
LATE = re.compile(r"\d \w+ late\b")  # in the status: Submitted for grading - 2 days 1 hour late
CANVAS_COLUMNS = ("Student", "ID")
CANVAS_POINTS = "Points Possible"  # the row that holds what an assignment gives at most
CANVAS_NUMBER = re.compile(r" \(\d+\)$")  # of an assignment, after its title
MOODLE_MARK = "_assignsubmission_file_"
# A file of a student; Canvas takes back what has its name, whatever its ending.
CANVAS_FILE = re.compile(r".*\.ipynb|.*_\d+_\d+_.*\.\w+", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """A sheet as it was exported: rows of cells, each as it is written in the file."""

    name: str
    encoding: str
    rows: list[list[str]]
    separators: list[list[str]]  # what follows each cell
    separator: str = ","
    above: str = ""  # a line that tells a spreadsheet the separator

    @classmethod
    def read(cls, path: Path) -> Table:
        data, encoding = path.read_bytes(), encoding_of(path)
        if encoding == "utf-8-sig" and not data.startswith(MARK.encode()):
            encoding = "utf-8"
        if encoding == "utf-16":  # to be written again in the same order
            encoding = "utf-16-be" if data.startswith(b"\xfe\xff") else "utf-16-le"
        text = data.decode(encoding)
        named = NAMED_SEPARATOR.match(text)
        above = named[0] if named else ""
        text = text.removeprefix(above)
        separator = named[1] if named else max(",;\t", key=text.partition("\n")[0].count)
        rows: list[list[str]] = [[]]
        separators: list[list[str]] = [[]]
        for match in re.finditer(
            rf'((?:[^"{separator}\r\n]++|"(?:[^"]|"")*+")*+)({separator}|\r\n|\n|\r|$)', text
        ):
            if match.start() == len(text) and not rows[-1]:
                break
            rows[-1].append(match[1])
            separators[-1].append(match[2])
            if match[2] not in (separator, ""):
                rows.append([])
                separators.append([])
        table = cls(path.name, encoding, rows, separators, separator, above)
        if table.written(0, {}) != data:
            raise ValueError(f"{path.name} is no table of rows and columns")
        return table

    def value(self, row: int, column: int) -> str:
        """What a cell says."""
        cells = self.rows[row]
        text = cells[column].lstrip("\ufeff") if column < len(cells) else ""
        if text[:1] == text[-1:] == '"' and len(text) > 1:
            return text[1:-1].replace('""', '"')
        return text

    def column(self, title: str) -> int:
        """The place of a column; a ValueError where there is none."""
        titles = self.titles
        if title in titles:
            return titles.index(title)
        found = ", ".join(one for one in titles if one)
        raise ValueError(
            f"{self.name} has no column {title!r}; it has {found or 'none'}. Is it the sheet that "
            "your platform exported, with the platform set to English?"
        )

    @property
    def titles(self) -> list[str]:
        return [self.value(0, column).strip() for column in range(len(self.rows[0]))]

    def values(self, row: int, titles: Sequence[str]) -> tuple[str, ...]:
        """What a row says under those of the titles that there are."""
        found = (self.value(row, self.titles.index(one)) for one in titles if one in self.titles)
        return tuple(text.strip() for text in found if text.strip())

    def written(self, column: int, grades: Mapping[int, str]) -> bytes:
        """The file with other texts in one column, by row."""
        text = io.StringIO(self.above)
        text.seek(0, io.SEEK_END)
        for row, (cells, ends) in enumerate(zip(self.rows, self.separators, strict=True)):
            if row in grades:
                missing = max(column + 1 - len(cells), 0)  # a spreadsheet leaves out empty ends
                cells = [*cells, *[""] * missing]
                ends = [*ends[:-1], *[self.separator] * missing, ends[-1]]
                quote = '"' if cells[column].startswith('"') or "," in grades[row] else ""
                cells[column] = f"{quote}{grades[row]}{quote}"
            text.writelines(cell + end for cell, end in zip(cells, ends, strict=True))
        return text.getvalue().encode(self.encoding)


@dataclass(frozen=True)
class Sheet:
    """A platform's sheet, and where in it the grade of each student goes."""

    table: Table
    column: int
    rows: dict[str, int]  # by student
    comma: bool  # whether its numbers have a decimal comma
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what else it calls them
    late: Collection[str] = ()  # whose files came after the date
    fixed: Collection[str] = ()  # whose grade nobody can change

    def told_of(self, one: Submission) -> Submission:
        """A submission, with what the sheet says of its student."""
        flags = one.flags | ({"late"} if one.student in self.late else set())
        names = one.names + self.names.get(one.student, ())
        return replace(one, flags=flags, names=names)


def moodle_sheet(path: Path, assignment: Assignment, students: list[str]) -> Sheet:
    """The offline grading worksheet; students are known by the participant's number."""
    table = Table.read(path)
    identifier, grade, most = map(table.column, MOODLE_COLUMNS)
    _require_same_assignment(path.stem, assignment, path.name)
    rows: dict[str, list[int]] = {}
    comma = False
    for row in range(1, len(table.rows)):
        if digits := re.search(r"(\d+)$", table.value(row, identifier).strip()):
            rows.setdefault(digits[1], []).append(row)
            _require_most(table, row, most, assignment)
            comma |= "," in table.value(row, most)
    row_of = _rows_of(students, rows, path.name)
    names = {one: table.values(row, ("Full name", *MOODLE_ACCOUNTS)) for one, row in row_of.items()}
    status = {one: " ".join(table.values(row, ("Status",))) for one, row in row_of.items()}
    late = [one for one, text in status.items() if LATE.search(text)]
    fixed = [one for one, row in row_of.items() if table.values(row, (CHANGEABLE,)) == ("No",)]
    return Sheet(table, grade, row_of, comma, names, late, fixed)


def canvas_sheet(path: Path, assignment: Assignment, students: list[str], title: str = "") -> Sheet:
    """The exported gradebook; students are known by their ID."""
    table = Table.read(path)
    _, identifier = map(table.column, CANVAS_COLUMNS)
    column = _titled(table, title) if title else _column_of(table, assignment)
    rows: dict[str, list[int]] = {}
    most = None
    for row in range(1, len(table.rows)):
        if table.value(row, 0).strip().lower().startswith(CANVAS_POINTS.lower()):
            most = row
        elif (digits := table.value(row, identifier).strip()).isdigit():
            rows.setdefault(digits, []).append(row)
    if most is None:
        raise ValueError(f"{path.name} has no row {CANVAS_POINTS!r}; export it anew, with all rows")
    _require_most(table, most, column, assignment)
    comma = "," in table.value(most, column)
    return Sheet(table, column, _rows_of(students, rows, path.name), comma)


def filled(
    sheet: Sheet, assignment: Assignment, results: Mapping[str, Result], read: Read
) -> tuple[bytes, dict[str, list[str]]]:
    """The sheet with the totals, and by reason the students whose grade stays as it is."""
    grades: dict[int, str] = {}
    waiting: dict[str, list[str]] = {}
    for student, result in in_order(results):
        total = total_points(assignment, student, result, read)
        if student in sheet.fixed:
            waiting.setdefault("the sheet says that it cannot be changed", []).append(student)
        elif isinstance(total, str):
            waiting.setdefault(total, []).append(student)
        else:
            text = f"{total:.10g}"
            grades[sheet.rows[student]] = text.replace(".", ",") if sheet.comma else text
    return sheet.table.written(sheet.column, grades), waiting


def feedback_archive(pages: Mapping[str, str], origins: Mapping[str, str]) -> bytes:
    """The pages of feedback in one archive, named as the platform named what it exported."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, page in sorted(pages.items()):
            origin = origins.get(student) or student
            if MOODLE_MARK in origin:
                name = f"{origin.partition(MOODLE_MARK)[0]}{MOODLE_MARK}/feedback.html"
            elif CANVAS_FILE.fullmatch(origin):
                name = f"{origin.rpartition('.')[0]}.html"
            else:
                name = f"{origin}/feedback.html"
            archive.writestr(zipfile.ZipInfo(name), page)
    return data.getvalue()


def _rows_of(students: list[str], rows: dict[str, list[int]], name: str) -> dict[str, int]:
    """The row of each student; a ValueError where somebody has none, or several."""
    found = {student: rows.get(student.rpartition("_")[2], []) for student in students}
    for told, count in (("no row", 0), ("several rows", 2)):
        if lost := [student for student, own in found.items() if min(len(own), 2) == count]:
            raise ValueError(f"{name} has {told} for {', '.join(lost)}; nothing was written")
    return {student: own[0] for student, own in found.items()}


def _require_most(table: Table, row: int, column: int, assignment: Assignment) -> None:
    due, told = assignment.auto_max + assignment.manual_max, table.value(row, column)
    if number(told.replace("(read only)", "")) != due:
        raise ValueError(
            f"{table.name}, row {row + 1}: {assignment.name} gives {due:g} points at most, the "
            f"sheet says {told.strip()!r}; set the maximum there. Nothing was written"
        )


def _column_of(table: Table, assignment: Assignment) -> int:
    fitting = [
        place
        for place, title in enumerate(table.titles)
        if _names(title, assignment.name) and "(read only)" not in title
    ]
    if len(fitting) != 1:
        found = " and ".join(repr(table.titles[place]) for place in fitting) or "none"
        titles = [one for one in table.titles if CANVAS_NUMBER.search(one)]
        raise ValueError(
            f"{table.name}: one column must name {assignment.name}; found {found}. "
            f"Pass --canvas-column with one of {', '.join(map(repr, titles))}"
        )
    return fitting[0]


def _titled(table: Table, title: str) -> int:
    """The column that a teacher named, perhaps without the number that Canvas adds."""
    titles = table.titles
    fitting = [
        place
        for place, one in enumerate(titles)
        if title.strip() in (one, CANVAS_NUMBER.sub("", one))
    ]
    if len(fitting) == 1:
        return fitting[0]
    found = "several columns" if fitting else "no column"
    raise ValueError(
        f"{table.name} has {found} {title!r}; --canvas-column takes one of "
        f"{', '.join(repr(one) for one in titles if CANVAS_NUMBER.search(one))}"
    )


def _names(text: str, assignment: str) -> bool:
    """Whether a title is of an assignment: a1, A1 or Assignment 1, as words."""
    return (
        bool(_numbers(text) & {assignment[1:]})
        if assignment[1:].isdigit()
        else (
            bool(
                re.search(rf"(?<![a-z0-9]){re.escape(assignment)}(?![a-z0-9])", text, re.IGNORECASE)
            )
        )
    )


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"(?<![a-z0-9])(?:a|assignment[ _-]?)(\d+)(?![a-z0-9])", text.lower()))


def _require_same_assignment(text: str, assignment: Assignment, name: str) -> None:
    known = {one[1:] for one in names()}
    if (numbers := _numbers(text) & known) and not _names(text, assignment.name):
        others = ", ".join(f"a{one}" for one in sorted(numbers))
        raise ValueError(f"{name} is a sheet of {others}, not of {assignment.name}")
