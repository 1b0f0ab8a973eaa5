"""Submissions as learning platforms export them."""

import json
import os
import zipfile

import pytest

from tools.course.collecting import collect, without_outputs

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
        (["ann.ipynb.txt", "bo.IPYNB.json", "notes.txt"], ["ann", "bo"]),
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


# --- which file is graded ------------------------------------------------------------------------

OLD, NEW = (2026, 11, 20, 8, 0, 0), (2026, 11, 29, 8, 0, 0)


def dated(path, **files):
    """A zip of a folder of one student's: each file with a date, or with its data."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, date in files.items():
            archive.writestr(zipfile.ZipInfo(f"ann/{name}", date), f"data of {name}")
        archive.writestr("bo/a1.ipynb", "bo")
    return next(one for one in collect(path, "a1", LARGEST) if one.student == "ann")


@pytest.mark.parametrize(
    ("files", "graded"),
    [
        ({"a1-old.ipynb": OLD, "a1_final.ipynb": NEW}, "a1_final.ipynb"),
        ({"a1-old.ipynb": NEW, "a1_final.ipynb": OLD}, "a1-old.ipynb"),
        ({"a1.ipynb": NEW, "backup/a1.ipynb": OLD}, "a1.ipynb"),
        ({"a1.ipynb": OLD, "backup/a1.ipynb": NEW}, "backup/a1.ipynb"),
        ({"a1.ipynb": OLD, "backup/a1.ipynb": OLD}, "a1.ipynb"),
        ({"data1.ipynb": NEW, "A1.ipynb": OLD}, "A1.ipynb"),
        ({"a10.ipynb": NEW, "my a1.ipynb": OLD}, "my a1.ipynb"),
        ({"homework.ipynb": NEW, "a1/work.ipynb": OLD}, "a1/work.ipynb"),
        ({"a1.ipynb": OLD, "a1 (1).ipynb": OLD, "a1 (2).ipynb": OLD}, "a1 (2).ipynb"),
        ({"a1.ipynb": OLD, "a1-Copy1.ipynb": OLD}, "a1-Copy1.ipynb"),
        ({"draft.ipynb": OLD, "final.ipynb": NEW}, "final.ipynb"),
    ],
)
def test_the_newest_that_names_the_assignment_is_graded(tmp_path, files, graded):
    one = dated(tmp_path / "class.zip", **files)
    assert (one.file, one.data) == (graded, f"data of {graded}".encode())
    assert one.flags == {"several-files"}
    assert one.others == tuple(sorted(files.keys() - {graded}))


def test_dates_on_disk_count_as_those_in_an_archive_do(tmp_path):
    for number, name in enumerate(["a1.ipynb", "a1-old.ipynb"]):
        (tmp_path / "in" / "ann").mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / "ann" / name).write_text(name)
        os.utime(tmp_path / "in" / "ann" / name, (10**9 - 60 * number,) * 2)
    assert found_in(tmp_path / "in") == {"ann": b"a1.ipynb"}


@pytest.mark.parametrize("name", ["a2.ipynb", "a2/work.ipynb", "._a1.ipynb", "a1.html"])
def test_beside_the_right_notebook_others_are_none_to_choose_from(tmp_path, name):
    one = dated(tmp_path / "class.zip", **{"a1.ipynb": OLD, name: NEW})
    assert (one.file, one.flags) == ("a1.ipynb", frozenset())


HOMEWORK, BRIGHTSPACE = "Homework 1_ann_attempt_{}_a1.ipynb", "12-34 - Ann - {} - a1.ipynb"


@pytest.mark.parametrize(
    ("shape", "earlier", "later"),
    [
        (HOMEWORK, "2026-11-30-09-59-59", "2026-11-30-10-00-00"),
        (HOMEWORK, "2026-09-30-10-11-12", "2026-10-01-10-11-12"),
        (BRIGHTSPACE, "Nov 30, 2026 1011 AM", "Nov 30, 2026 201 PM"),
        (BRIGHTSPACE, "Nov 30, 2026 1259 AM", "Nov 30, 2026 111 AM"),
        (BRIGHTSPACE, "November 30, 2026 1159 PM", "Dec 1, 2026 1200 AM"),
        (BRIGHTSPACE.replace(" - a1.", "/a1."), "Nov 2, 2026 901 AM", "Nov 10, 2026 900 AM"),
    ],
)
def test_of_several_attempts_the_last_is_graded(tmp_path, shape, earlier, later):
    for names in ((earlier, later), (later, earlier)):
        path = zipped(tmp_path / "class.zip", *map(shape.format, names))
        (one,) = collect(path, "a1", LARGEST)
        assert one.data == f"data of {shape.format(later)}".encode()
        assert one.flags == {"several-files"}


@pytest.mark.parametrize(
    "names",
    [
        ["ann/a1/a1.ipynb"],
        ["submitted/ann/a1/a1.ipynb", "submitted/ann/a2/a2.ipynb"],
        ["ann/a1/a1.ipynb", "ann/a1/timestamp.txt", "ann/a2/a2.ipynb"],
    ],
)
def test_one_student_of_nbgrader_is_one_student(tmp_path, names):
    assert [*found_in(zipped(tmp_path / "class.zip", *names))] == ["ann"]
    (one,) = collect(tmp_path / "class.zip", "a1", LARGEST)
    assert one.data.endswith(b"a1/a1.ipynb")
    assert one.flags == frozenset()


@pytest.mark.parametrize("top", ["", "submitted/"])
@pytest.mark.parametrize("on_disk", [True, False])
def test_many_of_nbgrader_are_many_and_each_has_one(tmp_path, top, on_disk):
    handed_in = {"ann": ["a1", "a2"], "bo": ["a1"], "cy": ["a2"]}
    names = [f"{top}{who}/{one}/{one}.ipynb" for who, these in handed_in.items() for one in these]
    names += [
        f"{top}{who}/{one}/timestamp.txt" for who, these in handed_in.items() for one in these
    ]
    path = zipped(tmp_path / "class.zip", *names)
    if on_disk:
        zipfile.ZipFile(path).extractall(tmp_path / "course")
        path = tmp_path / "course" / top
    found = collect(path, "a1", LARGEST)
    assert [one.student for one in found] == ["ann", "bo", "cy"]
    assert [one.file for one in found] == ["a1/a1.ipynb", "a1/a1.ipynb", ""]
    assert not any(one.flags for one in found)


def test_who_handed_in_another_assignment_of_nbgrader_handed_in_none(tmp_path):
    (one,) = collect(zipped(tmp_path / "class.zip", "ann/a2/a2.ipynb"), "a1", LARGEST)
    assert (one.data, one.others) == (None, ("a2/a2.ipynb",))


def test_a_clone_of_a_repository_holds_what_its_student_wrote(tmp_path):
    own = ["README.md", ".git/HEAD", ".git/objects/a1/b.ipynb", ".github/workflows/a1.yml"]
    names = [f"a1-{who}/{name}" for who in ("ann", "bo") for name in ("a1.ipynb", *own)]
    zipfile.ZipFile(zipped(tmp_path / "class.zip", *names)).extractall(tmp_path / "in")
    for one in collect(tmp_path / "in", "a1", LARGEST):
        assert (one.file, one.others, one.flags) == ("a1.ipynb", ("README.md",), frozenset())


# --- what else is handed in ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["ann/._a1.ipynb", "__MACOSX/ann/._a1.ipynb", "ann/deep/._a1.ipynb", "._ann.ipynb"]
)
def test_what_macos_writes_beside_a_file_is_no_notebook(tmp_path, name):
    found = found_in(zipped(tmp_path / "class.zip", "ann/a1.ipynb", "bo/a1.ipynb", name))
    assert found == {"ann": b"data of ann/a1.ipynb", "bo": b"data of bo/a1.ipynb"}


@pytest.mark.parametrize(
    "name", ["Ann_1_assignsubmission_file_._a1.ipynb", "annsmith_1_2_._a1.ipynb"]
)
def test_neither_is_it_under_a_name_of_a_platform(tmp_path, name):
    right = name.replace("._", "")
    (data,) = found_in(zipped(tmp_path / "class.zip", right, name)).values()
    assert data == f"data of {right}".encode()


def test_what_macos_wrote_is_known_by_its_first_bytes(tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("ann/a1-1.ipynb", b"\x00\x05\x16\x07 Mac OS X")
        archive.writestr("ann/a1.ipynb", "right")
        archive.writestr("bo/a1.ipynb", "bo")
    assert found_in(tmp_path / "class.zip")["ann"] == b"right"


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("muellerzoe_12346_text.html", "muellerzoe_12346"),
        ("muellerzoe_LATE_12346_link.html", "muellerzoe_12346"),
        ("anon_QfZuW_text.html", "anon_QfZuW"),
        ("Homework 1_zoe_attempt_2026-11-30-10-11-12.txt", "zoe"),
    ],
)
def test_who_handed_in_words_alone_is_not_left_out(tmp_path, name, student):
    found = collect(zipped(tmp_path / "class.zip", name, "bo_1_2_a1.ipynb"), "a1", LARGEST)
    assert {one.student: one.data is None for one in found} == {student: True, "bo_1": False}


def test_what_was_handed_in_instead_is_named(tmp_path):
    names = ["ann/answer.pdf", "ann/deep/x.py", "bo/a1.ipynb"]
    one, _ = collect(zipped(tmp_path / "class.zip", *names), "a1", LARGEST)
    assert (one.data, one.others) == (None, ("answer.pdf", "deep/x.py"))


@pytest.mark.parametrize("folder", ["ann/homework.zip", "ann/HOMEWORK.ZIP", "x_1_2_a.zip"])
@pytest.mark.parametrize("on_disk", [True, False])
def test_an_archive_in_a_students_folder_is_opened_once(tmp_path, folder, on_disk):
    inner = zipped(tmp_path / "inner.zip", "a1.ipynb", "readme.txt")
    deeper = zipped(tmp_path / "deeper.zip", "a1.ipynb")
    with zipfile.ZipFile(inner, "a") as archive:
        archive.writestr("deeper.zip", deeper.read_bytes())
    files = {folder: inner.read_bytes(), "bo/a1.ipynb": b"bo", "cy/a1.zip": b"no zip"}
    if on_disk:
        for name, data in files.items():
            (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "in" / name).write_bytes(data)
    else:
        with zipfile.ZipFile(tmp_path / "in", "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
    found = {one.student: one for one in collect(tmp_path / "in", "a1", 10_000)}
    student = "ann" if folder.startswith("ann") else "x_1"
    assert found[student].data == b"data of a1.ipynb"
    assert found[student].file.endswith("a1.ipynb")
    assert (found["cy"].data, found["cy"].others) == (None, ("a1.zip",))


def test_endings_in_capitals_are_endings(tmp_path):
    assert found_in(zipped(tmp_path / "class.zip", "ann/A1.IPYNB", "bo.IPYNB")) == {
        "ann": b"data of ann/A1.IPYNB",
        "bo": b"data of bo.IPYNB",
    }


def test_outputs_do_not_make_a_notebook_too_large(tmp_path):
    cell = {"cell_type": "code", "source": "x = 1", "outputs": ["x" * 3 * LARGEST]}
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_text(json.dumps({"cells": [cell], "nbformat": 4}))
    slim = json.loads(found_in(tmp_path / "in")["ann"])
    assert slim["cells"][0] == cell | {"outputs": [], "attachments": {}}


def test_a_file_of_nothing_but_brackets_is_not_taken_apart():
    data = b"[" + b"{}," * 300_000 + b"{}]"
    assert without_outputs(data, LARGEST) == data[: LARGEST + 1]


@pytest.mark.parametrize(
    ("name", "student", "flags"),
    [
        ("muellerzoe_LATE_12346_67891_a1.ipynb", "muellerzoe_12346", {"late"}),
        ("muellerzoe_12346_67891_a1-1.ipynb", "muellerzoe_12346", set()),
        ("anon_QfZuW_67891_a1.ipynb", "anon_QfZuW", set()),
        ("LATE_anon_QfZuW_67891_a1.ipynb", "anon_QfZuW", {"late"}),
        ("zoe_van_berg_LATE_12346_67891_a1_2_3.ipynb", "zoe_van_berg_12346", {"late"}),
        ("group_1_zoe_7_89_a1.ipynb", "group_1_zoe_7", set()),
        ("Participant 123_456_assignsubmission_file_a1.ipynb", "Participant 123_456", set()),
        ("Zoë van der Berg_7_assignsubmission_file_/a_1_2_b.ipynb", "Zoë van der Berg_7", set()),
        ("Homework 1_zoe_attempt_2026-11-30-10-11-12_a1.ipynb", "zoe", set()),
        ("12-34 - Zoë Müller - Nov 30, 2026 1011 AM - a1.ipynb", "Zoë Müller_12", set()),
        ("12-34 - Zoë Müller - Nov 30, 2026 1011 AM/a1.ipynb", "Zoë Müller_12", set()),
        ("12-34 - Zoë - Ann - Nov 3, 2026 911 PM - a1 - b.ipynb", "Zoë - Ann_12", set()),
        ("12-34 - Zoë - 3 septembre, 2026 2111 - a1.ipynb", "Zoë_12", set()),
        ("my_hw_1_2_zoe_attempt_2026-11-30-10-11-12_x_3_4_a1.ipynb", "zoe", set()),
    ],
)
def test_every_shape_of_a_platform_gives_one_student(tmp_path, name, student, flags):
    other = name.replace("zoe", "bo").replace("Zoë", "Bo").replace("QfZuW", "QfZuX")
    other = other.replace("Participant 123_4", "Participant 124_5")
    path = zipped(tmp_path / "class.zip", name, other)
    found = {one.student: one for one in collect(path, "a1", LARGEST)}
    assert len(found) == 2
    assert found[student].flags == flags
    assert found[student].file.endswith(".ipynb")
    assert "_assignsubmission" not in found[student].file
