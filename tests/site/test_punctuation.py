"""On the built pages, a short formula and the punctuation behind it are one unit."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tools.book_ext import punctuation

pytestmark = pytest.mark.built

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "book").glob("[0-9]*.ipynb"))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_nothing_short_is_left_by_what_belongs_to_it(chapter):
    built = ROOT / "_build" / "html" / "book" / f"{chapter.stem}.html"
    page = BeautifulSoup(built.read_text(encoding="utf-8"), "html.parser")
    formulas = [
        formula.annotation.text
        for formula in page.select("article span.math")
        if not formula.find_parent(class_="together")
        and punctuation.PUNCTUATION.match(str(formula.next_sibling))
    ]
    assert [latex for latex in formulas if len(latex) <= punctuation.SHORT] == []
    assert page.select(".together")
    per_cent_signs = page.article.find_all(string=punctuation.PER_CENT)
    assert [
        text
        for text in per_cent_signs
        if not text.find_parent(["pre", "code", "script", "summary", "decision-regions"])
    ] == []
