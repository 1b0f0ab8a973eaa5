"""The masters: what is refused, what students get, and what the pages say of them."""

import json
import re

import nbformat
import pytest

from tests.support.submissions import load
from tools.course import assignments

NAMES = assignments.names()


def test_the_contents_and_the_table_name_every_assignment():
    contents = (assignments.ROOT / "_toc.yml").read_text(encoding="utf-8")
    assert re.findall(r"file: book/assignments/(?!index)(\S+)$", contents, re.MULTILINE) == NAMES
    table = (assignments.SOURCE.parent / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[.+\]\((\S+)\.md\) \|", table, re.MULTILINE) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_has_three_to_seven_questions_and_one_to_read(name):
    assert 3 <= len(load(name).questions) <= 7
    assert len(load(name).free_text) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_page_and_the_notebook_name_its_points_and_the_wheel(name):
    assignment = load(name)
    points = f"**Points:** {assignment.auto_max} from tests, {assignment.manual_max} for the"
    assert points in assignment.release.cells[0].source
    assert "--find-links . softmax_lib" in assignment.release.cells[1].source
    folder = assignments.SOURCE.parent
    page = (folder / f"{name}.md").read_text(encoding="utf-8")
    assert points in page
    assert "{{ wheel }}" in page
    row = next(
        line
        for line in (folder / "index.md").read_text(encoding="utf-8").splitlines()
        if f"({name}.md)" in line
    )
    assert row.endswith(f"| {assignment.auto_max} | {assignment.manual_max} |")


@pytest.mark.parametrize("name", NAMES)
def test_hidden_tests_draw_their_inputs_from_the_secret(name):
    first, second = (assignments.with_secret(load(name), number) for number in (1, 2))
    assert first == assignments.with_secret(load(name), 1)
    for question in load(name).questions:
        if f"def {question.function}():" not in question.solution:  # it gets no inputs
            assert len(assignments.SEED.findall(question.hidden)) == 1, question.id
            assert question.hidden.count("SEED") > 1, question.id
    drawn = [one.seed for assignment in (first, second) for one in assignment.questions if one.seed]
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("name", NAMES)
def test_a_release_holds_no_line_of_a_solution_or_hidden_test(name):
    released = nbformat.writes(load(name).release)
    secrets = [question.solution for question in load(name).questions]
    for question in (*load(name).questions, *load(name).free_text):
        secrets.append(question.hidden)
    for text in secrets:
        for line in text.splitlines():
            assert (
                line.startswith("def ")
                or not line.strip()
                or (json.dumps(line.strip())[1:-1] not in released)
            ), line
    assert "BEGIN" not in released


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r"    ### BEGIN SOLUTION\n", r"    Z = Z + 0.0\n    ### BEGIN SOLUTION\n"),
        (r"    ### END SOLUTION", r"    ### END SOLUTION\n    # the end"),
        (r"    ### BEGIN SOLUTION\n", ""),
        ("### BEGIN HIDDEN TESTS", "### BEGIN"),
        ("q1-hidden", "q1-hiden"),
    ],
)
def test_a_master_that_leaks_or_tests_nothing_is_refused(before, after, tmp_path):
    text = (assignments.SOURCE / "a1" / "a1.ipynb").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "a1").mkdir()
    (tmp_path / "a1" / "a1.ipynb").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ValueError, match="question q1 needs one function whose body lies between"):
        assignments.load("a1", tmp_path)
    (tmp_path / "a1" / "a1.ipynb").write_text(text, encoding="utf-8")
    assert assignments.load("a1", tmp_path) == load("a1")


def test_a_master_importing_what_submissions_cannot_is_refused(tmp_path):
    text = (assignments.SOURCE / "a1" / "a1.ipynb").read_text(encoding="utf-8")
    (tmp_path / "a1").mkdir()
    (tmp_path / "a1" / "a1.ipynb").write_text(
        text.replace("from softmax_lib import diagnose", "from softmax_lib import entropy"),
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="a1 imports entropy in its first code cell"):
        assignments.load("a1", tmp_path)


def test_a_missing_assignment_is_named_with_those_there_are():
    with pytest.raises(ValueError, match="no assignment 'a0'; there are " + ", ".join(NAMES)):
        assignments.load("a0")
