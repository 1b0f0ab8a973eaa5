"""What a submission may take is told the same everywhere."""

import re

import pytest

from tests.support.submissions import load
from tools.course import assignments
from tools.course.grading import limits

BOOK = assignments.ROOT / "book"
SENTENCE = f"When it is graded, {limits.in_words()}."


@pytest.mark.parametrize("page", ["assignments/index.md", "teaching/grading.md"])
def test_a_page_tells_the_limits(page):
    assert SENTENCE in (BOOK / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", assignments.names())
def test_a_notebook_tells_the_limits(name):
    assert SENTENCE in load(name).release.cells[0].source


def test_the_guide_tells_when_a_call_is_given_up():
    words = {3: "three"}[limits.LATEST_SECONDS]
    guide = (BOOK / "teaching" / "grading.md").read_text(encoding="utf-8")
    assert f"does not come back in {words} seconds earns nothing" in guide


def test_the_share_of_right_digits_is_one_number_everywhere():
    train = next(q for q in load("a5").questions if q.function == "train")
    text = next(
        cell.source
        for cell in load("a5").release.cells
        if "nbgrader" in cell.metadata and cell.metadata.nbgrader.grade_id == f"{train.id}-text"
    )
    page = (BOOK / "assignments" / "a5.md").read_text(encoding="utf-8")
    told = re.findall(r"(\d\d) %", text) + re.findall(r"train\(.*?(\d\d) %", page)
    tested = re.findall(r">= 0\.(\d\d)\b", train.visible + train.hidden)
    assert len(told) == len(tested) == 2
    assert len({*told, *tested, *re.findall(r"(\d\d) % are asked", train.visible)}) == 1


def test_the_cost_to_reach_and_the_passes_are_one_number():
    train = next(q for q in load("a5").questions if q.function == "train")
    text = next(c.source for c in load("a5").release.cells if "## Question 2" in c.source)
    assert re.findall(r"below (0\.\d)", text + train.visible) == ["0.5", "0.5"]
    assert re.findall(r"< (0\.\d)\b", train.visible + train.hidden) == ["0.5", "0.5"]
    assert "at least ten" in text
    assert re.findall(r"len\(\w+\) > (\d+)", train.visible + train.hidden) == ["10", "10"]


def test_the_time_of_a_call_is_one_number_everywhere():
    words = {2: "two"}[limits.CALL_SECONDS]
    page = (BOOK / "assignments" / "a5.md").read_text(encoding="utf-8")
    texts = [cell.source for cell in load("a5").release.cells if "## Question 2" in cell.source]
    for text in (page, *texts):
        assert re.findall(r"(\w+) seconds", text) == [words]


def test_what_takes_too_long_in_the_notebook_is_what_a_call_may_take():
    tests = [question.visible for name in assignments.names() for question in load(name).questions]
    told = re.findall(r"seconds < (\S+?),", "\n".join(tests))
    assert told
    assert set(told) == {f"{limits.CALL_SECONDS:g}"}
