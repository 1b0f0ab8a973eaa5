"""The sheets to print: all questions and prompts of a chapter, and no answer but on the key."""

import re
from pathlib import Path

import pytest

from tests.support.site_pages import CHAPTERS, SITE
from tools.book_ext import sheets

PAGE = """<article><h1>3. A chapter<a class="headerlink" href="#x">#</a></h1><p>Much.</p>
<section id="questions"><h2>Questions</h2><p>Three.</p>
<section id="q"><h3>Question 1: Why <em>m</em>?</h3><p>See <a href="a.html">this</a>.</p>
<ul><li>A</li></ul>
<details><summary>Answer</summary><p><strong>A.</strong> So.</p></details></section>
</section>
<section id="review"><h2>Review</h2><details><summary>1. Is it 0?</summary><p>Never.</p></details>
</section></article><footer><details><summary>2. No</summary></details></footer>"""


def test_a_question_and_its_answer_are_told_apart():
    sheet = sheets.sheet(PAGE)
    assert sheet.title == "3. A chapter"
    (question,) = sheet.questions
    assert question.title == "Question 1: Why <em>m</em>?"
    assert "<p>See this.</p>" in question.text
    assert "So." not in question.text
    assert question.answer == "<p><strong>A.</strong> So.</p>"
    assert sheet.prompts == [sheets.Asked("", "Is it 0?", "<p>Never.</p>")]


def parts_of(name):
    html = (SITE / "sheets" / name).read_text(encoding="utf-8")
    return html.split('<section class="key">')


@pytest.mark.built
@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapters_sheet_has_all_of_it_and_the_key_alone_its_answers(path):
    page = (SITE / path).read_text(encoding="utf-8")
    asked = page.partition('<section id="questions">')[2].partition('<section id="review">')
    questions, prompts = (part.count("<details>") for part in asked[::2])
    assert questions >= 3
    assert prompts >= 8
    given, key = parts_of(Path(path).name)
    for part in (given, key):
        assert part.count("<h2>") == questions + 1
        assert part.rpartition("<ol")[2].count("<li>") == prompts
    right = re.compile(r"<p><strong>[A-Z](?:, [A-Z])*\.</strong>")
    assert len(right.findall(key)) == questions
    assert not right.search(given)
    assert "<details" not in given + key
    assert "<a " not in given + key


@pytest.mark.built
def test_teachers_find_a_sheet_for_each_chapter():
    page = (SITE / "book" / "teaching" / "index.html").read_text(encoding="utf-8")
    names = [Path(path).name for path in CHAPTERS]
    assert re.findall(r'href="\.\./\.\./sheets/([^"]+)"', page) == names
