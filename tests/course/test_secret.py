"""The secret of a course: made once, and kept."""

import stat

import pytest

from tools.course import secret


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(secret, "FILE", tmp_path / "secret.txt")
    return tmp_path / "secret.txt"


def test_it_is_made_once_and_kept(file):
    first, is_new = secret.of_this_course()
    assert is_new
    assert secret.of_this_course() == (first, False)
    assert int(file.read_text()) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_two_courses_have_the_same(file):
    first, _ = secret.of_this_course()
    file.unlink()
    assert secret.of_this_course()[0] != first


@pytest.mark.parametrize("text", ["", "a word", "-3", "1 2"])
def test_a_damaged_file_is_named_and_left_alone(file, text):
    file.write_text(text)
    with pytest.raises(ValueError, match=r"secret\.txt must hold a whole number"):
        secret.of_this_course()
    assert file.read_text() == text


def test_a_number_belongs_to_its_secret_and_its_words():
    drawn = [
        secret.number(number, *words)
        for number in (1, 2)
        for words in (("a1", "q1"), ("a1", "q2"), ("a2", "q1"), ("a1q1",), ("a1", ""))
    ]
    assert len(set(drawn)) == len(drawn)
    assert secret.number(1, "a1", "q1") == drawn[0]
    assert all(0 <= one < 2**31 for one in drawn)


@pytest.mark.parametrize(
    "value",
    [0, *(secret.number_of(7, one) for one in ("12345", "ann  o'hara", "Ann OHara", "ann@x.org"))],
)
def test_a_number_is_known_by_any_name_of_the_student(value):
    assert secret.is_number_of(value, 7, "Ann OHara_12345", ("ann@x.org",))


@pytest.mark.parametrize(
    "value", [None, 1, secret.number_of(7, "bo"), secret.number_of(8, "12345")]
)
def test_a_number_of_somebody_or_something_else_is_told(value):
    assert not secret.is_number_of(value, 7, "Ann Smith_12345")


@pytest.mark.parametrize("bits", [1, 16, 64])
def test_a_number_has_the_size_that_was_asked_for(bits):
    drawn = {secret.number(1, str(word), bits=bits) for word in range(50)}
    assert all(0 <= one < 2**bits for one in drawn)
    assert max(drawn) >= 2 ** (bits - 1)
