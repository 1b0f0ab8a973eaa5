"""A hostile class, graded through the command line: what it earns, and what it must not do."""

import csv
import html
import json
import shutil
from pathlib import Path

from tests.support.grader import command, graded_rows, times
from tests.support.submissions import load
from tools.course import assignments, cli
from tools.course.files import file_name
from tools.course.reports.tables import read_free_text, unescape_formula

HIDDEN = [
    line.strip()
    for name in assignments.names()
    for question in load(name).questions
    for line in question.hidden.splitlines()
    if len(line.strip()) > 20
]


# --- what a submission earns ---------------------------------------------------------------------


def test_the_class_is_large_and_all_of_it_is_graded(graded):
    rows = graded_rows(graded.out)
    assert len(graded.members) >= 60
    assert set(rows) == {one.student for one in graded.members}


def test_everyone_gets_the_points_and_flags_they_deserve(graded):
    rows = graded_rows(graded.out)
    got, deserved = {}, {}
    for one in graded.members:
        row = rows[one.student]
        got[one.student] = ({id: float(row[id]) for id in one.scores}, set(row["flags"].split()))
        deserved[one.student] = (one.scores, set(one.flags))
        assert float(row["auto_score"]) == sum(got[one.student][0].values())
    assert got == deserved


# --- what it must not do -------------------------------------------------------------------------


def test_nothing_changes_outside_the_folder_of_results(graded):
    assert graded.changed == []
    for place in ("/usr/lib", "/home", "/etc", "/dev", "/tmp"):
        assert not Path(place, graded.world.marker).exists()


def test_no_process_is_left(graded):
    assert graded.left == []


def test_nobody_reaches_the_network(graded):
    assert not graded.reached


# --- what students and teachers read -------------------------------------------------------------


def test_feedback_shows_no_hidden_test(graded):
    assert len(HIDDEN) > 20
    for page in (graded.out / "feedback").iterdir():
        text = html.unescape(page.read_text(encoding="utf-8"))
        assert not [line for line in HIDDEN if line in text], page
        assert "seed" not in text, page


def test_no_function_can_tell_what_the_hidden_tests_asked(graded):
    """Its error says how often it was called before: when the verdict is made, never."""
    path = graded.out / "results" / f"{file_name('tells in an error')}.json"
    verdict = json.loads(path.read_text(encoding="utf-8"))["result"]["verdicts"]["q1"]
    assert "TOLD 1:" in verdict


def test_feedback_and_tables_disarm_what_students_write(graded):
    for page in (graded.out / "feedback").iterdir():
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "<b>bold" not in text
    for name in ("grades.csv", "free-text.csv"):
        with (graded.out / name).open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))]
    assert "'=HYPERLINK(A1)" in (graded.out / "free-text.csv").read_text(encoding="utf-8")


def test_everyone_has_a_file_of_their_own(graded):
    pages = {file_name(one.student) for one in graded.members}
    assert len(pages) == len(graded.members)
    assert {path.stem for path in (graded.out / "feedback").iterdir()} == pages


def test_a_second_run_grades_nothing_anew_and_keeps_notes(graded, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(graded.out, out)
    path = out / "free-text.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        row["points"], row["comment"] = str(number % 5), f"- read, {number} <b>"
    left_out = dict(rows[0], student="who came before", points="3", comment="+ good")
    rewrite(path, [*rows, left_out])
    before = times(out)
    for _ in range(2):
        _, _, *arguments = command(graded.world.submissions, out)
        assert cli.main(arguments) == 0
    assert times(out) == before
    kept = read_free_text(path)
    for number, row in enumerate(rows):
        student = unescape_formula(row["student"])
        assert kept[student, "q5"] == (row["points"], row["comment"])
        assert graded_rows(out)[student]["q5"] == row["points"]
        page = out / "feedback" / f"{file_name(student)}.html"
        assert f"- read, {number} &lt;b&gt;" in page.read_text(encoding="utf-8")
    assert kept["who came before", "q5"] == ("3", "+ good")


def rewrite(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
