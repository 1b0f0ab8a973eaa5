"""What a course hands out: its assignments, its secret once, and a number for each student."""

import csv

import nbformat
import pytest

from tests.support.submissions import load
from tools.course import assignments, release, secret

NAMES = assignments.names()
WRITTEN = [f"{name}/{name}.ipynb" for name in NAMES]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(assignments, "ROOT", tmp_path)
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setattr(release, "RELEASE", tmp_path)
    monkeypatch.setattr(secret, "FILE", tmp_path / "secret.txt")
    return tmp_path


def test_every_assignment_is_written_and_the_secret_kept(folder, capsys):
    assert release.main([]) == 0
    told = capsys.readouterr()
    assert told.out.split() == WRITTEN
    assert told.err.strip().endswith("secret.txt is new: the secret of your course, keep it")
    kept = secret.FILE.read_text()
    assert release.main([]) == 0
    assert capsys.readouterr().err == ""
    assert secret.FILE.read_text() == kept
    for name in NAMES:
        written = nbformat.read(folder / name / f"{name}.ipynb", as_version=4)
        assert written == load(name).release


LISTS = {
    "own": ("student;mail\nbo;b@example.org\n=ann;\n;\nbo;\n", {"'=ann": "=ann", "bo": "bo"}),
    "Moodle": (
        'Identifier,"Full name",Grade\n"Participant 101","Zoë Müller",\n"Teilnehmer/in102",Bo,3\n',
        {"Bo_102": "x_102", "Zoë Müller_101": "y_101"},
    ),
    "blind": ("Identifier,Grade\nParticipant 101,\n", {"101": "Participant_101"}),
    "Canvas": (
        'Student,ID,Section\n    Points Possible,,\n"Müller, Zoë",103,Mon\n',
        {"Müller, Zoë_103": "mllerzo_103"},
    ),
}


@pytest.mark.parametrize(("text", "graded_as"), LISTS.values(), ids=LISTS)
def test_every_student_of_a_list_gets_a_number(folder, monkeypatch, text, graded_as):
    monkeypatch.setattr(assignments, "names", list)
    (folder / "list.csv").write_text(text, encoding="utf-8")
    assert release.main(["--students", str(folder / "list.csv")]) == 0
    with (folder / "numbers.csv").open(encoding="utf-8-sig", newline="") as file:
        numbers = {row["student"]: int(row["my_number"]) for row in csv.DictReader(file)}
    assert list(numbers) == list(graded_as)
    for student, number in numbers.items():
        assert secret.is_number_of(number, secret.of_this_course()[0], graded_as[student])


def test_a_list_without_students_is_refused(folder, monkeypatch, capsys):
    monkeypatch.setattr(assignments, "names", list)
    (folder / "list.csv").write_text("name\nann\n")
    with pytest.raises(SystemExit):
        release.main(["--students", str(folder / "list.csv")])
    assert "list.csv must have the columns student" in capsys.readouterr().err
    assert not (folder / "numbers.csv").exists()
