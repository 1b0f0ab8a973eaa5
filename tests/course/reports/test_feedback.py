"""The page of a student: what it says, and that nothing on it is taken for HTML."""

import re
from pathlib import Path

import numpy as np
import pytest

from softmax_lib import misconceptions
from tests.support.html_page import Page
from tests.support.submissions import load
from tools.course.grading.result import Result
from tools.course.reports.feedback import IN_WORDS, feedback_html

ROOT = Path(__file__).resolve().parents[3]
ASSIGNMENT = load("a1")
POINTS = {question.id: question.points for question in ASSIGNMENT.questions}
FIRST = ASSIGNMENT.questions[0]
(TEXT,) = ASSIGNMENT.free_text
HOSTILE = """<script>alert('"&')</script></pre><img src=x onerror=alert(1)>{{ 7 * 7 }}{% raw %}"""


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


def test_it_shows_the_total_the_file_and_what_was_written():
    most = sum(POINTS.values())
    shown = page(
        read={("ann", TEXT.id): ("2.5", "well said")},
        answers={TEXT.id: "A shift cancels."},
        file="final/a1.ipynb",
        others=["old.ipynb", "notes.pdf"],
    )
    assert shown.inside("strong") == [
        f"{most + 2.5:g} of {most + TEXT.points:g}: {most:g} of {most:g} from tests, "
        f"2.5 of {TEXT.points:g} for what you wrote"
    ]
    text = "".join(data for _, data in shown.text)
    assert "Graded: final/a1.ipynb, with Python 3." in text
    assert f" and NumPy {np.__version__}." in text
    assert "Not graded: old.ipynb, notes.pdf." in text
    assert shown.inside("blockquote") == ["A shift cancels."]


def test_a_lost_point_leads_to_the_section_that_explains_it(monkeypatch):
    result = {"scores": POINTS | {FIRST.id: 0.0}, "mistakes": {FIRST.id: "softmax-no-shift"}}
    (link,) = [dict(attributes) for tag, attributes in page(**result).tags if tag == "a"]
    assert link["href"].startswith("book/")
    monkeypatch.setenv("BOOK_SITE_URL", "https://example.org/book/")
    (link,) = [dict(attributes) for tag, attributes in page(**result).tags if tag == "a"]
    assert link["href"].startswith("https://example.org/book/book/0")
    assert "#overflow-and-the-shift-that-cures-it" in link["href"]


def test_the_section_is_pointed_to_once():
    wrong = next(q for q in ASSIGNMENT.questions if q.function == "softmax")
    source = misconceptions.CATALOGUE["softmax-no-shift"].wrong
    verdict = str(misconceptions.diagnose(source, "softmax"))
    assert 'See "Overflow' in verdict
    shown = page(verdicts={wrong.id: verdict}, mistakes={wrong.id: "softmax-no-shift"})
    text = "".join(data for _, data in shown.text)
    assert text.count("Overflow, and the shift that cures it") == 1
    assert "You gave" in text
    assert 'See "' in "".join(data for _, data in page(verdicts={wrong.id: verdict}).text)


def test_a_sentence_of_a_verdict_goes_on_to_the_width_of_the_page():
    verdict = (
        "f: not right yet.\n  You gave 1\n  Expected 2\nLikely: it\nis 1.\nHalf of\nthem.\n\nx"
    )
    shown = page(verdicts={FIRST.id: verdict})
    assert shown.inside("pre")[0].splitlines() == [
        "f: not right yet.",
        "  You gave 1",
        "  Expected 2",
        "Likely: it is 1.",
        "Half of them.",
        "",
        "x",
    ]


def test_changed_cells_are_named_and_nobody_is_accused():
    shown = page(changed=["setup"], flags={"changed", "tampering"})
    text = "".join(data for _, data in shown.text)
    assert "Not as it was handed out: setup. Nothing was lost or gained by that." in text
    assert "tampering" not in text


def test_free_text_that_nobody_has_read_is_to_be_read():
    shown = page(answers={TEXT.id: "A shift cancels."})
    assert "to be read" in shown.inside("td")


def test_where_nothing_was_written_nothing_is_to_be_read():
    shown = page(answers={TEXT.id: ""})
    assert f"0 of {TEXT.points:g}" in shown.inside("td")
    assert shown.inside("pre")[-1] == "There is no answer."
    assert not [words for words in shown.inside("strong") if "to be read" in words]


def test_failed_cells_and_flags_are_listed():
    shown = page(errors={"q1": "ValueError: no (line 2)"}, flags={"timed-out", "crashed"})
    assert shown.inside("b") == ["q1", ": ValueError: no (line 2)"]
    unnamed = page(errors={"cell 8": "no"}, left_out={"cell 9": "%x"})
    text = "".join(data for _, data in unnamed.text)
    assert "cell 8 from the top: no" in text
    assert "cell 9 from the top: %x" in text
    assert shown.inside("p") == [
        "Something ran too long and was stopped. "
        "The process that ran your code ended before it was done."
    ]


def test_every_flag_is_said_in_words_but_the_one_that_accuses():
    page_of_teachers = (ROOT / "book" / "teaching" / "grading.md").read_text(encoding="utf-8")
    table = page_of_teachers.partition("\n## Flags")[2].partition("\n## ")[0]
    flags = re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)
    assert set(IN_WORDS) == set(flags) - {"tampering"}
    for flag in IN_WORDS:
        assert page(flags={flag}).inside("p") == [IN_WORDS[flag]]


def test_a_file_that_is_no_notebook_is_no_failed_cell():
    shown = page(errors={"file": "no notebook was handed in"}, flags={"missing"})
    assert shown.inside("h2") == ["What was handed in"]


@pytest.mark.parametrize("where", ["student", "verdict", "cell", "error", "points", "comment"])
def test_whatever_somebody_wrote_is_text(where):
    wrote = {where: HOSTILE}
    student = wrote.get("student", "ann")
    shown = page(
        student,
        {(student, TEXT.id): (wrote.get("points", "1"), wrote.get("comment", ""))},
        verdicts={FIRST.id: wrote.get("verdict", "")},
        errors={wrote.get("cell", "q1"): wrote.get("error", "no")},
    )
    plain = page(errors={"q1": "no"}, read={("ann", TEXT.id): ("1", "")})
    assert shown.tags == plain.tags
    assert HOSTILE in "".join(data for _, data in shown.text)
