"""The platforms' sheets: filled in, otherwise as they were to the byte, or refused by name."""

import io
import zipfile

import pytest

from tests.support.submissions import load
from tools.course.collecting import Submission
from tools.course.grading.result import Result, nothing
from tools.course.reports.platforms import (
    canvas_sheet,
    feedback_archive,
    filled,
    moodle_sheet,
)

A1 = load("a1")
MOST = A1.auto_max + A1.manual_max
POINTS = {question.id: float(question.points) for question in A1.questions}
(TEXT,) = (question.id for question in A1.free_text)
STUDENTS = ["Ann Smith_101", "José O'Brien_102", "Zoë Müller_103"]
READ = {(student, TEXT): ("3.5", "good") for student in STUDENTS}
RESULTS = {student: Result(dict(POINTS), answers={TEXT: "words"}) for student in STUDENTS}

# Exports of real shape, with nobody real in them.
MOODLE = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade",'
    '"Grade can be changed","Last modified (submission)","Last modified (grade)",'
    '"Feedback comments"\n'
    'Participant 101,"Ann Smith",ann@example.org,"Submitted for grading - ",,22.00,Yes,'
    '"Monday, 30 November 2026, 8:00 AM",-,"<p>late, but ""fine""</p>\nnext line"\n'
    'Participant 102,"José O\'Brien",jo@example.org,"Submitted for grading - ",2.00,22.00,Yes,'
    "-,-,\n"
    'Participant 103,"Zoë Müller",zoe@example.org,"Submitted - 2 days late",,22.00,Yes,-,-,\n'
    'Participant 104,"Not There",no@example.org,"No submission",,22.00,Yes,-,-,\n'
)
BLIND = (
    'Identifier,Status,Grade,"Maximum Grade","Grade can be changed"\r\n'
    'Participant 101,"Submitted for grading - ",,22.00,Yes\r\n'
    'Participant 102,"Submitted for grading - ",,22.00,Yes\r\n'
    'Participant 103,"Submitted for grading - ",,22.00,Yes'
)
COMMA = (
    '\ufeffIdentifier;"Full name";Status;Grade;"Maximum Grade";"Feedback comments"\r\n'
    'Teilnehmer/in101;"Ann Smith";x;;22,00;\r\n'
    'Teilnehmer/in102;"José O\'Brien";x;-;22,00;\r\n'
    'Teilnehmer/in103;"Zoë Müller";x;;22,00;\r\n'
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,A1: softmax (55501),Assignment 2 (55502),"
    "Current Score,Final Grade (read only)\n"
    "    Points Possible,,,,,22,20,(read only),(read only)\n"
    '"Smith, Ann",101,s1,ann,"Mon, 8 am",,12,80,B\n'
    '"O\'Brien, José",102,s2,jo,Mon,5,13,81,\n'
    '"Müller, Zoë",103,s3,zoe,Mon,EX,14,82,\n'
    '"Student, Test",999,,x,Mon,,,,\n'
)
PLAIN = (
    "\ufeffStudent,ID,SIS Login ID,Homework,A1 - functions (1),Assignment 1 Final Score\r\n"
    ",,,Manual Posting,,\r\n"
    "    Points Possible,,,10,22.0,(read only)\r\n"
    '"Smith, Ann",101,ann,,,\r\n"O\'Brien, José",102,jo,,,\r\n"Müller, Zoë",103,zoe,,,\r\n'
)
EXPORTS = {
    "Moodle": (MOODLE, moodle_sheet, "21.5"),
    "Moodle, blind": (BLIND, moodle_sheet, "21.5"),
    "Moodle, semicolons": (COMMA, moodle_sheet, "21,5"),
    "Canvas, sections": (CANVAS, canvas_sheet, "21.5"),
    "Canvas, plain": (PLAIN, canvas_sheet, "21.5"),
}
each_export = pytest.mark.parametrize("name", EXPORTS)


def sheet(tmp_path, name, students=STUDENTS, before="", after="", assignment=A1, file="x.csv"):
    text, read, _ = EXPORTS[name]
    assert before in text
    path = tmp_path / file
    path.write_bytes(text.replace(before, after).encode())
    title = ("A1 - functions (1)",) if name == "Canvas, plain" else ()
    return read(path, assignment, students, *title), path


@each_export
def test_grades_go_in_and_all_else_comes_back_to_the_byte(tmp_path, name):
    one, path = sheet(tmp_path, name)
    content, waiting = filled(one, A1, RESULTS, READ)
    assert waiting == {}
    assert path.read_bytes() == EXPORTS[name][0].encode()
    given = EXPORTS[name][2]
    assert content.count(given.encode()) == len(STUDENTS)
    again, _ = sheet(tmp_path, name)
    (tmp_path / "filled.csv").write_bytes(content)
    back = type(again.table).read(tmp_path / "filled.csv")
    for row, cells in enumerate(again.table.rows):
        for column, cell in enumerate(cells):
            if column == again.column and row in again.rows.values():
                assert back.value(row, column) == given
            else:
                assert back.rows[row][column] == cell
    assert back.separators == again.table.separators


@pytest.mark.parametrize(
    ("status", "late"),
    [
        ("Submitted for grading - 1 day 3 hours late - Graded", True),
        ("Submitted for grading - 5 mins late", True),
        ("Submitted for grading -  - Extension granted until: Monday, 7 December 2026", False),
        ("No submission - Assignment is overdue by: 2 days", False),
        ("Submitted for grading - related, later", False),
        ("", False),
    ],
)
def test_the_worksheet_tells_who_was_late_and_what_else_they_are_called(tmp_path, status, late):
    one, _ = sheet(tmp_path, "Moodle", before="Submitted - 2 days late", after=status)
    told = [one.told_of(Submission(student, b"")) for student in STUDENTS]
    assert [("late" in submission.flags) for submission in told] == [False, False, late]
    assert told[1].names == ("José O'Brien", "jo@example.org")


def test_a_grade_that_nobody_can_change_stays(tmp_path):
    one, path = sheet(tmp_path, "Moodle", before="22.00,Yes,-,-,\n", after="22.00,No,-,-,\n")
    assert one.fixed == [STUDENTS[1], STUDENTS[2]]
    content, waiting = filled(one, A1, RESULTS, READ)
    assert content == path.read_bytes().replace(b'grading - ",,', b'grading - ",21.5,', 1)
    assert waiting == {"the sheet says that it cannot be changed": STUDENTS[1:]}


@pytest.mark.parametrize("name", ["Moodle, blind", "Moodle, semicolons", "Canvas, plain"])
def test_a_sheet_that_tells_nothing_of_them_changes_nothing(tmp_path, name):
    one, _ = sheet(tmp_path, name)
    submission = Submission(STUDENTS[0], b"", flags=frozenset({"several-files"}))
    assert one.told_of(submission).flags == submission.flags


@each_export
def test_who_is_still_to_be_read_keeps_the_old_grade(tmp_path, name):
    one, path = sheet(tmp_path, name)
    content, waiting = filled(one, A1, RESULTS, {})
    assert content == path.read_bytes()
    assert waiting == {f"the answer to {TEXT} is to be read": STUDENTS}


def test_nothing_written_waits_for_nobody_and_no_notebook_gets_no_grade(tmp_path):
    one, path = sheet(tmp_path, "Moodle")
    results = {
        STUDENTS[0]: Result(dict(POINTS), answers={TEXT: ""}),
        STUDENTS[1]: nothing(A1, "missing", "no notebook"),
        STUDENTS[2]: Result(dict(POINTS), answers={}, errors={"file": "the notebook of a2"}),
    }
    content, waiting = filled(one, A1, results, {})
    assert content == path.read_bytes().replace(b'grading - ",,22', b'grading - ",18,22', 1)
    assert waiting == {"no notebook of this assignment was graded": STUDENTS[1:]}


@each_export
def test_a_submission_without_a_row_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="x.csv has no row for Bo_105, ann; nothing was written"):
        sheet(tmp_path, name, [*STUDENTS, "Bo_105", "ann"])


@each_export
def test_a_maximum_that_differs_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match=f"a1 gives {MOST:g} points at most, the sheet says '20"):
        sheet(tmp_path, name, before="22", after="20")


@each_export
def test_a_sheet_without_its_columns_is_refused(tmp_path, name):
    before = "Identifier" if "Moodle" in name else ",ID"
    with pytest.raises(ValueError, match="x.csv has no column 'I"):
        sheet(tmp_path, name, before=before, after=",Name" if before == ",ID" else "Name")


def test_a_sheet_of_another_assignment_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is a sheet of a2, not of a1"):
        sheet(tmp_path, "Moodle", file="Grades-ML12-Assignment 2-7.csv")
    sheet(tmp_path, "Moodle", file="Grades-ML12-Assignment 1-7.csv")
    sheet(tmp_path, "Moodle", file="Grades-A17-softmax.csv")
    with pytest.raises(
        ValueError, match="one column must name a1; found none. Pass --canvas-column with one of '"
    ):
        sheet(tmp_path, "Canvas, sections", before="A1: softmax", after="Week 3")


def test_a_column_is_named_where_several_could_be_meant(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(PLAIN.encode())
    with pytest.raises(ValueError, match="'A1 - functions .1.' and 'Assignment 1 Final Score'"):
        canvas_sheet(path, A1, STUDENTS)
    with pytest.raises(ValueError, match="has no column 'A1'; --canvas-column takes one of 'A1 - "):
        canvas_sheet(path, A1, STUDENTS, "A1")
    for title in ("A1 - functions (1)", "A1 - functions"):
        assert canvas_sheet(path, A1, STUDENTS, title).column == 4


@pytest.mark.parametrize(("line", "separator"), [("sep=;\r\n", ";"), ('\ufeff"sep=\t"\n', "\t")])
def test_a_first_line_that_names_the_separator_stays(tmp_path, line, separator):
    path = tmp_path / "x.csv"
    path.write_bytes((line + PLAIN[1:].replace(",", separator)).encode())
    with pytest.raises(ValueError, match="has no column"):
        canvas_sheet(path, A1, STUDENTS, "B1")
    path.write_bytes((line + BLIND.replace(",", separator)).encode())
    content, _ = filled(moodle_sheet(path, A1, STUDENTS), A1, RESULTS, READ)
    empty = f'g - "{separator}'.encode()
    assert content == path.read_bytes().replace(empty, empty + b"21.5")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_letter_stay_in_their_order(tmp_path, encoding):
    path = tmp_path / "x.csv"
    path.write_bytes(("\ufeff" + BLIND).encode(encoding))
    content, _ = filled(moodle_sheet(path, A1, STUDENTS), A1, RESULTS, READ)
    assert content.decode(encoding) == "\ufeff" + BLIND.replace('g - ",', 'g - ",21.5')


def test_a_row_that_ends_early_gets_its_grade(tmp_path):
    one, _ = sheet(tmp_path, "Canvas, plain", before="102,jo,,,", after="102")
    content, _ = filled(one, A1, RESULTS, READ)
    assert b",102,,,21.5\r\n" in content


@each_export
def test_who_has_two_rows_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="x.csv has several rows for Ann Smith_101; nothing"):
        sheet(tmp_path, name, STUDENTS[:1], before="102", after="101")


def test_without_the_row_of_the_maximum_a_gradebook_is_refused(tmp_path):
    with pytest.raises(ValueError, match="x.csv has no row 'Points Possible'"):
        sheet(tmp_path, "Canvas, plain", before="    Points Possible", after="Points")


def test_a_file_that_is_no_table_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is no table of rows and columns"):
        sheet(tmp_path, "Moodle", before='"Full name"', after='"Full name')


def test_feedback_is_named_as_the_platform_names_what_it_exports():
    pages = {"Ann Smith_101": "A", "José_102": "B", "smithann_103": "C", "ann": "D", "kim_104": "E"}
    origins = {
        "Ann Smith_101": "Ann Smith_101_assignsubmission_file_",
        "José_102": "José_102_assignsubmission_file_a1.ipynb",
        "smithann_103": "smithann_LATE_103_9_a1.ipynb",
        "ann": "ann",
        "kim_104": "kim_104_17_a1_kim.pdf",
    }
    data = feedback_archive(pages, origins)
    assert data == feedback_archive(pages, origins)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert found == {
        "Ann Smith_101_assignsubmission_file_/feedback.html": "A",
        "José_102_assignsubmission_file_/feedback.html": "B",
        "smithann_LATE_103_9_a1.html": "C",
        "ann/feedback.html": "D",
        "kim_104_17_a1_kim.html": "E",
    }
