"""Submissions as learning platforms export them."""

import os
import zipfile

import pytest

from tools.course.collecting import collect

LARGEST = 1000


def found_in(path):
    return {one.student: one.data for one in collect(path, "a1", LARGEST)}


def zipped(path, *names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, f"data of {name}")
    return path


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["ann/a1.ipynb", "bo/a1.ipynb"], ["ann", "bo"]),
        (["class/ann/a1.ipynb", "class/bo/a1.ipynb", "class/readme.txt"], ["ann", "bo"]),
        (
            ["class/ann/a1.ipynb", "class/bo/a1.ipynb", "__MACOSX/class/ann/._a1.ipynb"],
            ["ann", "bo"],
        ),
        (["class/Ann_1_assignsubmission_file_a1.ipynb"], ["Ann_1"]),
        (["Ann_1_assignsubmission_file_/a1.ipynb"], ["Ann_1"]),
        (
            ["smithann_12_345_a1.ipynb", "jonesbo_LATE_13_346_a1.ipynb"],
            ["jonesbo_13", "smithann_12"],
        ),
        (["ann.ipynb", "roster.csv"], ["ann"]),
        (["ann/a1.ipynb", "../../ann/a1.ipynb", "/etc/bo/a1.ipynb", "../cy.ipynb"], ["ann"]),
        (["ann/report.pdf", "bo/a1.ipynb"], ["ann", "bo"]),
    ],
)
def test_the_names_in_a_zip(tmp_path, names, students):
    found = found_in(zipped(tmp_path / "class.zip", *names))
    assert sorted(found) == students
    for data in found.values():
        assert data is None or b".." not in data


def test_a_damaged_member_of_a_zip_stops_nobody_else(tmp_path):
    path = zipped(tmp_path / "class.zip", "ann/a1.ipynb", "bo/a1.ipynb")
    path.write_bytes(path.read_bytes().replace(b"data of ann", b"rubbish...."))
    assert found_in(path) == {"ann": b"", "bo": b"data of bo/a1.ipynb"}


def test_links_pipes_and_empty_folders_are_told_not_followed(tmp_path):
    folder, secret = tmp_path / "in", tmp_path / "secret"
    secret.mkdir()
    (secret / "a1.ipynb").write_text("secret")
    for name in ("pipe", "link", "empty", "bo"):
        (folder / name).mkdir(parents=True)
    os.mkfifo(folder / "pipe" / "a1.ipynb")
    (folder / "link" / "a1.ipynb").symlink_to(secret / "a1.ipynb")
    (folder / "door").symlink_to(secret)
    (folder / "bo" / "a1.ipynb").write_bytes(b"bo")
    assert found_in(folder) == {
        "bo": b"bo",
        "door": None,
        "empty": None,
        "link": None,
        "pipe": None,
    }


def test_a_name_of_broken_bytes_can_still_be_written(tmp_path):
    os.makedirs(os.fsencode(tmp_path) + b"/in/J\xfcrgen")
    (name,) = found_in(tmp_path / "in")
    assert name.encode()


def test_of_a_large_file_no_more_is_read_than_shows_that_it_is(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_bytes(b" " * (2 * LARGEST))
    assert found_in(tmp_path / "in") == {"ann": b" " * (LARGEST + 1)}


def test_the_notebook_that_names_the_assignment_is_chosen(tmp_path):
    path = zipped(tmp_path / "class.zip", "ann/draft.ipynb", "ann/my a1.ipynb", "bo/b.ipynb")
    assert found_in(path) == {"ann": b"data of ann/my a1.ipynb", "bo": b"data of bo/b.ipynb"}
