"""The tables of a class: complete, harmless in a spreadsheet, and read back as they were meant."""

import csv
import io

import pytest

from tests.support.submissions import load
from tools.course.grading.result import Result
from tools.course.reports.tables import (
    escape_formula,
    free_text_csv,
    grades_csv,
    read_free_text,
    unescape_formula,
)

ASSIGNMENT = load("a1")
POINTS = {question.id: question.points for question in ASSIGNMENT.questions}
(TEXT,) = (question.id for question in ASSIGNMENT.free_text)


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-x", "@sum", "\ttab", "\rreturn", "'quoted'", "plain", ""]
)
def test_a_formula_is_escaped_and_comes_back(text):
    assert not escape_formula(text).startswith(tuple("=+-@\t\r"))
    assert unescape_formula(escape_formula(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "-x", "plain", "", None])
def test_what_a_spreadsheet_has_unescaped_stays(text):
    assert unescape_formula(text) == (text or "")


def test_grades_have_a_line_a_student_and_a_column_a_question():
    results = {
        "=bo": Result(dict.fromkeys(POINTS, 0.0), flags={"missing", "crashed"}),
        "ann": Result(dict(POINTS)),
    }
    bo, ann = rows(grades_csv(ASSIGNMENT, results, {("ann", TEXT): ("3.5", "good")}))
    assert list(ann) == [
        "student",
        "auto_score",
        "auto_max",
        "manual_max",
        "flags",
        *POINTS,
        TEXT,
    ]
    assert (bo["student"], bo["auto_score"], bo["flags"]) == ("'=bo", "0", "crashed missing")
    assert ann["auto_score"] == ann["auto_max"] == f"{sum(POINTS.values()):g}"
    assert (ann[TEXT], bo[TEXT]) == ("3.5", "")


def test_what_a_teacher_entered_survives(tmp_path):
    results = {"ann": Result(dict(POINTS), answers={TEXT: '=the answer, "quoted"\r\nnext'})}
    read = {("ann", TEXT): ("3", "- good"), ("came before", TEXT): ("1", ""), ("x", TEXT): ("", "")}
    text = free_text_csv(ASSIGNMENT, results, read)
    assert [row["student"] for row in rows(text)] == ["ann", "came before"]
    assert rows(text)[0]["answer"] == '\'=the answer, "quoted"\r\nnext'
    (tmp_path / "free-text.csv").write_text(text, encoding="utf-8-sig", newline="")
    kept = read_free_text(tmp_path / "free-text.csv")
    assert kept == {key: value for key, value in read.items() if key[0] != "x"}


def test_without_a_table_nothing_was_entered(tmp_path):
    assert read_free_text(tmp_path / "free-text.csv") == {}
