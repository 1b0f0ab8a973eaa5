"""The page of a student: what it says, and that nothing on it is taken for HTML."""

from html.parser import HTMLParser

import pytest

from tests.support.submissions import load
from tools.course.grading.result import Result
from tools.course.reports.feedback import feedback_html

ASSIGNMENT = load("a1")
POINTS = {question.id: question.points for question in ASSIGNMENT.questions}
FIRST = ASSIGNMENT.questions[0]
(TEXT,) = ASSIGNMENT.free_text
HOSTILE = """<script>alert('"&')</script></pre><img src=x onerror=alert(1)>{{ 7 * 7 }}{% raw %}"""


class Page(HTMLParser):
    """The tags of a page, and its text by the tag that it stands in."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, attributes))

    def handle_data(self, data):
        self.text.append((self.tags[-1][0] if self.tags else "", data))

    def inside(self, tag):
        return [data for within, data in self.text if within == tag and data.strip()]


def page(student="ann", read=None, **result):
    scores = result.pop("scores", dict(POINTS))
    return Page(feedback_html(ASSIGNMENT, student, Result(scores, **result), read or {}))


def test_it_shows_points_verdicts_and_comments():
    shown = page(
        scores=dict.fromkeys(POINTS, 0.0) | {FIRST.id: 3.0},
        verdicts={FIRST.id: "softmax: right."},
        read={("ann", TEXT.id): ("2.5", "well said")},
    )
    assert shown.inside("title")[0] == shown.inside("h1")[0] == "a1: ann"
    assert f"{FIRST.id}: {FIRST.function}" in shown.inside("th")
    assert f"3 of {FIRST.points:g}" in shown.inside("td")
    assert f"2.5 of {TEXT.points:g}" in shown.inside("td")
    assert shown.inside("pre") == ["softmax: right.", "well said"]
    assert {"h2", "ul", "p"} & {tag for tag, _ in shown.tags} == set()


def test_free_text_that_nobody_has_read_is_to_be_read():
    assert f"to be read of {TEXT.points:g}" in page().inside("td")


def test_failed_cells_and_flags_are_listed():
    shown = page(errors={"q1": "ValueError: no (line 2)"}, flags={"timed-out", "crashed"})
    assert shown.inside("b") == ["q1", ": ValueError: no (line 2)"]
    assert shown.inside("p") == ["Noted: crashed, timed-out."]


@pytest.mark.parametrize(
    "where", ["student", "verdict", "cell", "error", "points", "comment", "flag"]
)
def test_whatever_somebody_wrote_is_text(where):
    wrote = {where: HOSTILE}
    student = wrote.get("student", "ann")
    shown = page(
        student,
        {(student, TEXT.id): (wrote.get("points", "1"), wrote.get("comment", ""))},
        verdicts={FIRST.id: wrote.get("verdict", "")},
        errors={wrote.get("cell", "q1"): wrote.get("error", "no")},
        flags={wrote.get("flag", "crashed")},
    )
    plain = page(errors={"q1": "no"}, flags={"crashed"}, read={("ann", TEXT.id): ("1", "")})
    assert shown.tags == plain.tags
    assert HOSTILE in "".join(data for _, data in shown.text)
