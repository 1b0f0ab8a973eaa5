"""On the built pages, a short formula and the punctuation behind it are one unit."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tools.book_ext import punctuation

pytestmark = pytest.mark.built

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "book").glob("[0-9]*.ipynb"))


@pytest.fixture(scope="module", params=CHAPTERS, ids=lambda path: path.stem)
def page(request):
    path = ROOT / "_build" / "html" / "book" / f"{request.param.stem}.html"
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_no_short_formula_is_left_by_its_punctuation(page):
    left = [
        formula.annotation.text
        for formula in page.select("article span.math")
        if not formula.find_parent(class_="together")
        and punctuation.PUNCTUATION.match(str(formula.next_sibling))
    ]
    assert [latex for latex in left if len(latex) <= punctuation.SHORT] == []
    assert page.select(".together")


def test_no_per_cent_sign_is_left_by_its_number(page):
    texts = page.article.find_all(string=punctuation.PER_CENT)
    assert [
        t
        for t in texts
        if not t.find_parent(["pre", "code", "script", "summary", "decision-regions"])
    ] == []
