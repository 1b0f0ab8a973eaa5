"""The tables of a class: complete, harmless in a spreadsheet, and read back as they were meant."""

import csv
import io

import pytest

from tests.support.submissions import load
from tools.course.collecting import collect
from tools.course.grading.result import Result, nothing
from tools.course.reports.tables import (
    escape_formula,
    free_text_csv,
    grades_csv,
    read_free_text,
    strangers,
    unescape_formula,
    with_points_by_hand,
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
        "total",
    ]
    assert (bo["student"], bo["auto_score"], bo["flags"]) == ("'=bo", "0", "crashed missing")
    assert ann["auto_score"] == ann["auto_max"] == f"{sum(POINTS.values()):g}"
    assert (ann[TEXT], bo[TEXT]) == ("3.5", "")
    assert (ann["total"], bo["total"]) == (f"{sum(POINTS.values()) + 3.5:g}", "0")
    results["ann"].answers = {TEXT: "words"}
    assert rows(grades_csv(ASSIGNMENT, results, {}))[1]["total"] == ""


def test_students_stand_as_in_a_list_of_names():
    names = ["Åkesson", "Bo", "Eva", "éva", "Evz", "Zoë", "李"]
    results = {name: Result(dict(POINTS)) for name in reversed(names)}
    for table in (grades_csv, free_text_csv):
        found = [row["student"] for row in rows(table(ASSIGNMENT, results, {}))]
        assert found == names


def test_written_answers_stand_beside_what_belongs_to_them():
    result = Result(
        dict(POINTS), answers={TEXT: "96"}, numbers={TEXT: "found: right 96"}, code="-x", number=5
    )
    (row,) = rows(free_text_csv(ASSIGNMENT, {"ann": result}, {}))
    assert list(row) == [
        *("student", "question", "points", "comment", "answer", "note", "numbers", "code")
    ]
    assert (row["answer"], row["numbers"], row["code"]) == ("96", "found: right 96", "'-x")


def test_what_a_teacher_entered_survives(tmp_path):
    results = {"ann": Result(dict(POINTS), answers={TEXT: '=the answer, "quoted"\r\nnext'})}
    read = {("ann", TEXT): ("3", "- good"), ("came before", TEXT): ("1", ""), ("x", TEXT): ("", "")}
    text = free_text_csv(ASSIGNMENT, results, read)
    assert [row["student"] for row in rows(text)] == ["ann", "came before"]
    assert rows(text)[0]["answer"] == '\'=the answer, "quoted"\r\nnext'
    (tmp_path / "free-text.csv").write_text(text, encoding="utf-8-sig", newline="")
    kept = read_free_text(tmp_path / "free-text.csv")
    assert kept == {key: value for key, value in read.items() if key[0] != "x"}


def test_points_by_hand_stand_in_place_of_the_tests_and_stay(tmp_path):
    results = {"ann": Result(POINTS | {"q1": 0.0}, verdicts={"q1": "softmax: not right yet."})}
    read = {("ann", "q1"): ("3.5", "seen"), ("ann", TEXT): ("1", "")}
    by_hand = with_points_by_hand(ASSIGNMENT, results, read)
    (row,) = rows(grades_csv(ASSIGNMENT, by_hand, read))
    due = sum(POINTS.values()) - POINTS["q1"] + 3.5
    assert (row["q1"], row["auto_score"], row["total"]) == ("3.5", f"{due:g}", f"{due + 1:g}")
    assert by_hand["ann"].verdicts["q1"] == "softmax: not right yet.\nBy hand: 3.5 of 4. seen"
    assert results["ann"].scores["q1"] == 0
    path = tmp_path / "free-text.csv"
    path.write_text(free_text_csv(ASSIGNMENT, results, read), encoding="utf-8-sig", newline="")
    assert read_free_text(path, ASSIGNMENT, {"ann"}) == read
    path.write_text(path.read_text().replace("3.5", "4.5"), newline="")
    with pytest.raises(ValueError, match="ann: points must be a number from 0 to 4; got '4.5'"):
        read_free_text(path, ASSIGNMENT, {"ann"})


def test_who_handed_in_no_notebook_has_a_total_once_points_are_entered():
    results = {"ann": nothing(ASSIGNMENT, "missing", "no notebook was handed in")}
    for entered, total in (("", ""), ("2", "2")):
        read = {("ann", TEXT): (entered, "")}
        assert rows(grades_csv(ASSIGNMENT, results, read))[0]["total"] == total


def test_a_name_is_the_same_in_both_forms_of_unicode(tmp_path):
    apart = "Zoe\u0308"
    for folder in (apart, "Zo\u00eb"):
        (tmp_path / "in" / folder).mkdir(parents=True)
    (one,) = collect(tmp_path / "in", "a1", 1000)
    assert one.student == "Zo\u00eb"
    text = free_text_csv(ASSIGNMENT, {apart: Result(dict(POINTS))}, {(apart, TEXT): ("2", "")})
    assert entered(tmp_path, text)[one.student, TEXT] == ("2", "")


def test_without_a_table_nothing_was_entered(tmp_path):
    assert read_free_text(tmp_path / "free-text.csv") == {}


MOST = ASSIGNMENT.free_text[0].points
NAMES = ["José", "Ünal Ámbar", "ann", "Łukasz", "李"]


def entered(tmp_path, text, encoding="utf-8-sig"):
    path = tmp_path / "free-text.csv"
    path.write_bytes(text.encode(encoding))
    return read_free_text(path, ASSIGNMENT, NAMES)


def sheet(points="3.5", separator=",", names=NAMES):
    text = free_text_csv(ASSIGNMENT, {name: Result(dict(POINTS)) for name in names}, {})
    filled = [{**row, "points": points, "comment": 'ça va; oui, \t"là"'} for row in rows(text)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, filled[0], delimiter=separator)
    writer.writeheader()
    writer.writerows(filled)
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("points", ["3.5", "3,5", " 3,50 "])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_what_a_spreadsheet_wrote_is_read(tmp_path, separator, points, encoding):
    read = entered(tmp_path, sheet(points, separator), encoding)
    assert read == {(name, TEXT): ("3.5", 'ça va; oui, \t"là"') for name in NAMES}


def test_cp1252_is_read_and_so_is_a_line_that_names_the_separator(tmp_path):
    some = ["José", "Ünal Ámbar"]
    read = entered(tmp_path, sheet(names=some), "cp1252")
    assert read == {(name, TEXT): ("3.5", 'ça va; oui, \t"là"') for name in some}
    for line in ("sep=;\r\n", '"sep=;"\n'):
        assert entered(tmp_path, line + sheet(separator=";"))["ann", TEXT][0] == "3.5"
    assert entered(tmp_path, sheet().replace("student", " Student"))["ann", TEXT][0] == "3.5"


def test_names_that_went_through_the_wrong_encoding_are_known(tmp_path):
    text = sheet().encode().decode("cp1252", "surrogateescape")
    wrong = "".join(chr(ord(c) - 0xDC00) if 0xDC80 <= ord(c) <= 0xDCFF else c for c in text)
    read = entered(tmp_path, wrong)
    assert read == {(name, TEXT): ("3.5", 'ça va; oui, \t"là"') for name in NAMES} | {
        ("ann", TEXT): read["ann", TEXT]
    }


@pytest.mark.parametrize(
    "points", ["three", "40", "-1", "nan", "inf", "1e400", "3/4", "4.5", "1,0,0"]
)
def test_points_that_are_none_or_too_many_are_refused(tmp_path, points):
    message = f"free-text.csv, row 2, ann: points must be a number from 0 to {MOST:g}; got"
    with pytest.raises(ValueError, match=message):
        entered(tmp_path, sheet(points))


def test_a_refused_row_has_the_number_that_a_spreadsheet_shows(tmp_path):
    text = free_text_csv(ASSIGNMENT, {"ann": Result({}, answers={TEXT: "one\ntwo"})}, {})
    text += '"bo","q5","many"\r\n'
    with pytest.raises(ValueError, match="row 3, bo: points"):
        entered(tmp_path, text)


@pytest.mark.parametrize("points", ["0", "", f"{MOST}"])
def test_points_from_none_to_all_are_taken(tmp_path, points):
    assert entered(tmp_path, sheet(points))["ann", TEXT][0] == points


def test_points_for_a_question_that_is_none_are_refused(tmp_path):
    with pytest.raises(ValueError, match="row 2, ann: a1 has no question 'q9'"):
        entered(tmp_path, sheet().replace(TEXT, "q9"))


def test_a_file_that_nobody_can_read_is_named(tmp_path):
    (tmp_path / "free-text.csv").write_bytes(b"student\x81\xff,")
    with pytest.raises(ValueError, match="free-text.csv is neither UTF-8 nor UTF-16 nor cp1252"):
        read_free_text(tmp_path / "free-text.csv")


def test_a_damaged_name_is_no_reason_to_lose_points():
    read = {("Jos?", TEXT): ("3", ""), ("ann", TEXT): ("2", ""), ("bo", TEXT): ("", "")}
    assert strangers(read, ["ann", "José"], []) == ["Jos?"]
    assert strangers(read, ["ann"], ["ann", "bo"]) == ["Jos?"]
    with pytest.raises(
        ValueError, match="gives points to 'Jos.', whom nobody knows, and has no row"
    ):
        strangers(read, ["ann", "José"], ["ann", "José"])


def test_every_text_stands_in_quotes():
    result = {"ann": Result(dict(POINTS), answers={TEXT: "foo;=1+1\tx"})}
    for text in (free_text_csv(ASSIGNMENT, result, {}), grades_csv(ASSIGNMENT, result, {})):
        for line in text.splitlines():
            assert line[0] == line[-1] == '"'
            assert len(line[1:-1].split('","')) == len(text.splitlines()[0].split(","))
