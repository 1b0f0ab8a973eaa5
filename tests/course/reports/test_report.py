"""The page of a class: what can be counted, and nobody's name."""

import re

import pytest

from tests.support.html_page import Page
from tests.support.submissions import load
from tools.course.grading.result import Result, nothing
from tools.course.reports.report import report_html

A1 = load("a1")
POINTS = {question.id: float(question.points) for question in A1.questions}
(TEXT,) = (question.id for question in A1.free_text)


def result(**lost):
    """A result that lost points of questions, each by a mistake."""
    scores = POINTS | {id: share * POINTS[id] for id, (share, _) in lost.items()}
    mistakes = {id: mistake for id, (_, mistake) in lost.items() if mistake}
    return Result(scores, mistakes=mistakes, answers={TEXT: "words"}, seconds=2.0)


CLASS = {
    "Ann Smith_1": result(),
    "Bo <b>_2": result(q1=(0, "softmax-no-shift")),
    "Cy_3": result(q1=(0.5, "softmax-no-shift"), q2=(0, "hardmax-as-index")),
    "Di_4": result(q2=(0, "")),
    "Ed_5": nothing(A1, "missing", "no notebook"),
}


def shown(results=CLASS, read=None):
    return report_html(A1, results, read or {}, 61.0)


def rows(html):
    """The cells of each row, as text."""
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in html.split("<tr>")[1:]]
    return [[re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in row] for row in cells]


def test_each_question_tells_how_many_have_all_a_part_and_none():
    found = {row[0].partition(":")[0]: row[2:5] for row in rows(shown()) if row[0][:1] == "q"}
    assert found["q1"] == ["2", "1", "1"]
    assert found["q2"] == ["2", "0", "2"]
    assert found["q3"] == ["4", "0", "0"]


def test_mistakes_are_counted_by_name_with_their_section():
    counted = [row for row in rows(shown()) if row[0].isdigit()]
    assert [row[0] for row in counted] == ["2", "1"]
    assert counted[0][1] == "softmax"
    assert "Overflow, and the shift that cures it" in counted[0][3]


def test_the_sections_that_cost_most_come_first():
    items = re.findall(r"<li>(.*?)</li>", shown())
    assert "6 points were lost" in items[0]
    assert "3 points were lost" in items[1]
    assert len(items) == 2


def test_what_is_still_to_be_read_is_counted():
    assert "4 written answers still to be read" in shown()
    assert "3 written answers" in shown(read={("Ann Smith_1", TEXT): ("3", "")})
    assert "to be read" not in shown({"ann": Result(dict(POINTS))})


def test_it_says_what_drew_the_hidden_inputs():
    assert "drawn from the secret of your course." in shown()
    assert "drawn from the number that <code>--seed</code> gave." in report_html(
        A1, CLASS, {}, 61.0, True
    )


def test_nobody_is_named_and_nothing_is_fetched():
    html = shown()
    for student in CLASS:
        assert student.split("_")[0] not in html
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in Page(html).tags}
    assert "http" not in html


@pytest.mark.parametrize("results", [{}, {"ann": nothing(A1, "missing", "none")}])
def test_a_class_of_nobody_has_a_page_too(results):
    assert "0 of" in shown(results)
    assert "No mistake of the catalogue cost a point." in shown(results)
