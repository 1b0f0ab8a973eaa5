"""Files of a class: named after students, and written whole."""

from pathlib import Path

import pytest

from tools.course.files import file_name, write


@pytest.mark.parametrize(
    "student", ["../x", "/etc/passwd", "..", "", "a\0b", "李" * 200, "x" * 300]
)
def test_a_file_name_stays_in_its_folder(student):
    name = file_name(student)
    assert Path(name).name == name
    assert name not in ("", ".", "..")
    assert len(f".{name}.json.1234567".encode()) < 255


def test_capitals_alone_make_another_name_on_any_disk():
    assert len({file_name(one).lower() for one in ("ann", "Ann", "ANN")}) == 3


def test_names_that_look_like_the_file_of_another_get_another():
    assert file_name(file_name("a b")) != file_name("a b")


def test_nothing_but_the_whole_file_is_left(tmp_path):
    write(tmp_path / "new" / "file", "old\n")
    write(tmp_path / "new" / "file", "Ünal \ud800\r\n")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]
    assert (tmp_path / "new" / "file").read_bytes() == "Ünal ?\r\n".encode()
