"""On the built pages, a short formula and the punctuation behind it are one unit."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tools.book_ext import punctuation

pytestmark = pytest.mark.built

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "book").glob("[0-9]*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_short_formula_is_left_by_its_punctuation(path):
    html = (ROOT / "_build" / "html" / "book" / f"{path.stem}.html").read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html.parser")
    left = [
        formula.annotation.text
        for formula in page.select("article span.math")
        if not formula.find_parent(class_="together")
        and punctuation.PUNCTUATION.match(str(formula.next_sibling))
    ]
    assert [latex for latex in left if len(latex) <= punctuation.SHORT] == []
    assert page.select(".together")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_per_cent_sign_is_left_by_its_number(path):
    html = (ROOT / "_build" / "html" / "book" / f"{path.stem}.html").read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html.parser")
    texts = page.article.find_all(string=punctuation.PER_CENT)
    assert [
        t
        for t in texts
        if not t.find_parent(["pre", "code", "script", "summary", "decision-regions"])
    ] == []
