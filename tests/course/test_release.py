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
    "own": ("student;mail\nbo;b@example.org\n=ann;\n;\n", {"'=ann": "=ann", "bo": "bo"}),
    "Moodle": (
        'Identifier,"Full name",Grade\n"Participant 101","Zoë O\'Hara",\n"Teilnehmer/in102",Bo,3\n',
        {"Bo": "Bo_502", "Zoë O'Hara": "Zoë OHara_501"},  # as a later assignment numbers them
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


FIRST = """Identifier,Full name,Email address,Grade
Participant 11,Ana Ruiz,ana@example.org,
Participant 12,ana  ruiz,ruiz@example.org,
Participant 13,Seán O'Brien,sean@example.org,
"""
LATER = """Identifier,Full name,Email address,Grade
Participant 92,Seán O'Brien,sean@example.org,
Participant 93,Ana Ruiz,ana@example.org,
Participant 94,Bo,bo@example.org,
Participant 95,ana  ruiz,ruiz@example.org,
"""


def test_a_number_stays_in_a_later_assignment(folder, capsys):
    given = []
    for text in (FIRST, LATER):
        (folder / "list.csv").write_text(text)
        students, _ = release.students_in(folder / "list.csv")
        given.append({one: secret.number_of(7, own) for one, own in students.items()})
    assert [*given[0]] == ["Ana Ruiz_ana@example.org", "ana  ruiz_ruiz@example.org", "Seán O'Brien"]
    assert given[0] == {one: number for one, number in given[1].items() if one != "Bo"}
    assert len(set(given[1].values())) == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FIRST, "several are called Ana Ruiz, ana  ruiz: give --moodle when you grade"),
        (FIRST.replace("Email address", "Mail"), "no account tells them apart: their numbers hold"),
        ("Identifier,Grade\nParticipant 11,\n", "list.csv: it names nobody: its numbers hold for"),
        ("student\nbo\nann\nBo\n", "several are called Bo, bo: they share a number"),
        ("student\nbo\nann\n", ""),
        ("Student,ID\nBo,1\nBo,2\n", ""),
    ],
)
def test_whom_a_name_does_not_tell_apart_is_named(folder, capsys, text, told):
    (folder / "list.csv").write_text(text)
    release.write_numbers(folder / "list.csv", 7)
    err = capsys.readouterr().err
    assert told in err
    assert err.count("\n") == bool(told)


def test_a_list_without_students_is_refused(folder, monkeypatch, capsys):
    monkeypatch.setattr(assignments, "names", list)
    (folder / "list.csv").write_text("name\nann\n")
    with pytest.raises(SystemExit):
        release.main(["--students", str(folder / "list.csv")])
    assert "list.csv must have the columns student" in capsys.readouterr().err
    assert not (folder / "numbers.csv").exists()
