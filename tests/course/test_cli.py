"""The command line: what it says, what it refuses, and what it writes."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.grader import graded_rows
from tests.support.submissions import InProcess, handed_in, load
from tools.course import assignments, cli, secret
from tools.course.assignments import with_secret
from tools.course.grading import submission
from tools.course.grading.result import Result, nothing
from tools.course.reports.feedback import feedback_html

NOTHING = nothing(load("a1"), "unreadable", "the file is not a notebook")


@pytest.fixture
def two(tmp_path):
    for name in ("ann", "bo"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "a1.ipynb").write_bytes(handed_in("a1"))
    return tmp_path / "in"


@pytest.mark.slow
def test_the_door_shows_what_it_takes_and_writes():
    door = assignments.ROOT / "tools" / "grade.py"
    command = [sys.executable, "-X", "importtime", door, "--help"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "lark" not in ended.stderr  # its grammars would take a second
    shown = ended.stdout
    for word in ("grade.py", "SUBMISSIONS", *assignments.names(), "--no-sandbox", "grades.csv"):
        assert word in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "--assignment", "a1", "--out", "out"], "error: there is no nowhere"),
        (["file", "--assignment", "a1", "--out", "out"], "neither a folder nor a zip file"),
        (["in", "--assignment", "a9", "--out", "out"], "invalid choice: 'a9'"),
        (["in", "--assignment", "a1"], "required: --out"),
        (["none.ipynb", "--assignment", "a1"], "error: there is no none.ipynb"),
        (
            ["in", "--assignment", "a1", "--out", "out", "--moodle", "in.csv"],
            "No such file or directory: 'in.csv'",
        ),
        (
            ["in", "--assignment", "a1", "--out", "out", "--canvas", "sheet.csv"],
            "sheet.csv has no row for ann, bo; nothing was written",
        ),
        (["in", "--assignment", "a1", "--out", "out", "--jobs", "0"], "must be 1 or more; got 0"),
        (["empty", "--assignment", "a1", "--out", "out"], "empty holds no submissions"),
        (["in", "--assignment", "a1", "--out", "in/out"], "--out must not lie within in"),
        (["in", "--assignment", "a1", "--out", "file"], "File exists"),
    ],
)
def test_what_is_wrong_is_named(two, capsys, monkeypatch, arguments, message):
    monkeypatch.chdir(two.parent)
    Path("empty").mkdir()
    Path("file").touch()
    Path("sheet.csv").write_text("Student,ID,A1\nPoints Possible,,22\n")
    with pytest.raises(SystemExit) as stopped:
        cli.main([*arguments, "--no-sandbox"])
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_points_of_another_table_are_refused(two, capsys):
    out = two.parent / "out"
    out.mkdir()
    (out / "free-text.csv").write_text("name,mark\nann,3\n")
    with pytest.raises(SystemExit):
        cli.main([str(two), "--assignment", "a1", "--out", str(out), "--no-sandbox"])
    told = capsys.readouterr().err
    assert "error: free-text.csv must have the columns student, question" in told
    assert "usage" not in told
    assert [path.name for path in out.iterdir()] == ["free-text.csv"]


@pytest.mark.slow
def test_without_bubblewrap_it_refuses_until_it_is_told(two, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    arguments = [str(two), "--assignment", "a1", "--out", str(two.parent / "out")]
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert "install the package `bubblewrap`" in capsys.readouterr().err
    assert not (two.parent / "out" / "grades.csv").exists()
    assert cli.main([*arguments, "--no-sandbox"]) == 0
    assert {row["auto_score"] for row in graded_rows(two.parent / "out").values()} == {"18"}


def test_a_bubblewrap_that_may_not_work_is_named(two, capsys, monkeypatch, tmp_path):
    fake = tmp_path / "bin" / "bwrap"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 'no permission for namespaces' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=os.pathsep)
    with pytest.raises(SystemExit):
        cli.main([str(two), "--assignment", "a1", "--out", str(tmp_path / "out")])
    assert "does not work here (no permission for namespaces)" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Terminal, True), (io.StringIO, False)])
def test_progress_is_shown_on_a_terminal_alone(tmp_path, monkeypatch, capsys, stream, shown):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_bytes(b"no notebook")
    monkeypatch.setattr(cli, "grade_class", lambda *_: (one for one in [("ann", NOTHING)]))
    monkeypatch.setattr(sys, "stderr", stream())
    out = ["--out", str(tmp_path / "out"), "--no-sandbox"]
    assert cli.main([str(tmp_path / "in"), "--assignment", "a1", *out]) == 0
    assert ("1/1" in sys.stderr.getvalue()) == shown


def test_whoever_interrupts_it_is_told_how_to_go_on(two, monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(cli, "grade_class", interrupted)
    out = two.parent / "out"
    assert cli.main([str(two), "--assignment", "a1", "--out", str(out), "--no-sandbox"]) == 130
    assert "the same command goes on from here" in capsys.readouterr().err
    assert not (out / "grades.csv").exists()


MOODLE = """Identifier,"Full name",Status,Grade,"Maximum Grade"
Participant 1,Ann,Submitted,,22.00
Participant 2,Bo,Submitted - 5 mins late,,22.00
"""


def test_a_sheet_is_filled_beside_feedback_for_upload_and_a_report(tmp_path, monkeypatch, capsys):
    for name in ("Ann_1", "Bo_2"):
        folder = tmp_path / "in" / f"{name}_assignsubmission_file_"
        folder.mkdir(parents=True)
        (folder / "a1.ipynb").write_bytes(b"{}")
    results = {
        "Ann_1": Result({q.id: q.points for q in load("a1").questions}, answers={"q5": ""}),
        "Bo_2": NOTHING,
    }
    seen = []

    def graded(found, *_):
        seen.extend(found)
        yield from results.items()

    monkeypatch.setattr(cli, "grade_class", graded)
    (tmp_path / "sheet.csv").write_text(MOODLE)
    out = tmp_path / "out"
    arguments = ["--assignment", "a1", "--out", str(out), "--no-sandbox"]
    sheet = ["--moodle", str(tmp_path / "sheet.csv")]
    monkeypatch.setattr(cli, "similar_csv", lambda *_: "pairs")
    assert cli.main([str(tmp_path / "in"), *arguments, *sheet]) == 0
    assert (tmp_path / "sheet.csv").read_text() == MOODLE
    assert [(one.names, one.flags) for one in seen] == [(("Ann",), set()), (("Bo",), {"late"})]
    assert (out / "sheet.csv").read_text() == MOODLE.replace("Submitted,,", "Submitted,18,", 1)
    assert (
        "no grade yet, since no notebook of this assignment was graded: Bo_2"
        in capsys.readouterr().err
    )
    assert "a1: the class" in (out / "report.html").read_text()
    with zipfile.ZipFile(out / "feedback.zip") as archive:
        assert archive.namelist() == [
            "Ann_1_assignsubmission_file_/feedback.html",
            "Bo_2_assignsubmission_file_/feedback.html",
        ]
    assert (out / "grades.csv").read_bytes().startswith("\ufeff".encode())
    with (out / "free-text.csv").open("a") as table:
        table.write("Ann_1,q1,2.5,well\n")
    for _ in range(2):  # what was given by hand stays
        assert cli.main([str(tmp_path / "in"), *arguments, *sheet]) == 0
        assert "Submitted,16.5," in (out / "sheet.csv").read_text()
        assert "By hand: 2.5 of 4. well" in next(out.glob("feedback/Ann*")).read_text()
    assert not (out / "similar.csv").exists()
    assert cli.main([str(tmp_path / "in"), *arguments, "--similar"]) == 0
    assert (out / "similar.csv").read_text(encoding="utf-8-sig") == "pairs"
    assert "are of an earlier run: for new ones give --moodle or --canvas again" in (
        capsys.readouterr().err
    )


def test_an_appeal_is_answered_with_the_hidden_inputs(tmp_path):
    """They stand in what a teacher calls for, and never on a page for the student."""
    source = "def softmax(Z):\n    P = np.exp(Z - Z.max(axis=1, keepdims=True))\n"
    source += "    return (P / P.sum(axis=1, keepdims=True)) ** (1 + (Z.dtype == np.float32))"
    result = submission.grade(load("a1"), handed_in("a1", q1=source), InProcess())
    assert result.scores["q1"] == 0
    assert list(result.hidden) == ["q1"]
    assert result.hidden["q1"].startswith("float32: softmax: not right yet.\n  You gave")
    told = "\n".join(cli.told_lines(load("a1"), result))
    assert result.hidden["q1"] in told
    assert "float32: softmax" not in feedback_html(load("a1"), "ann", result, {})


def test_inputs_come_from_the_secret_or_the_seed(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(secret, "FILE", tmp_path / "secret.txt")

    def drawn(*seed):
        options = cli.command_line().parse_args(["in", "--assignment", "a1", *seed])
        assignment = cli.assignment_of(options)
        return assignment, capsys.readouterr().err

    first, told = drawn()
    assert f"{secret.FILE} is new: the secret of your course, keep it" in told
    assert drawn() == (first, "")
    assert drawn("--seed", "5")[0] == with_secret(load("a1"), 5) != first
    assert drawn("--seed", secret.FILE.read_text())[0] == first


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        (handed_in("a1"), 0, "18 of 18 points from tests"),
        (handed_in("a1", q2="def hardmax(Z):\n    return Z"), 1, "hardmax: not right yet."),
        (b"%PDF", 2, "file: the file is not a notebook"),
    ],
)
def test_one_notebook_is_graded_to_the_screen(tmp_path, capsys, data, status, told):
    (tmp_path / "mine.ipynb").write_bytes(data)
    arguments = [str(tmp_path / "mine.ipynb"), "--assignment", "a1", "--no-sandbox"]
    assert cli.main(arguments) == status
    assert told in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["mine.ipynb"]
