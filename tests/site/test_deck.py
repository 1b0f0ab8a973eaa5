"""The deck of review prompts: all of them, with their formulas, the same at every build."""

import contextlib
import sqlite3
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tests.support.site_pages import CHAPTERS, SITE
from tools.book_ext import deck


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("Is it $p_0 < 1$?", r">\(p_0 &lt; 1\)</span>?</p>"),
        ("Write `np.exp`, *not* [softmax](glossary.md#softmax).",
         "<p>Write <code>np.exp</code>, <em>not</em> softmax.</p>"),
        ("$$ e^z $$", r"\[e^z\]"),
    ],
)  # fmt: skip
def test_a_card_shows_what_the_page_shows(text, card):
    assert card in deck.as_card(text)


def notes(path):
    with zipfile.ZipFile(path) as package:
        package.extract("collection.anki2", path.parent)
    with contextlib.closing(sqlite3.connect(path.parent / "collection.anki2")) as collection:
        return collection.execute("select guid, flds from notes order by guid").fetchall()


@pytest.mark.built
def test_the_served_deck_holds_every_prompt_of_every_chapter(tmp_path):
    served = tmp_path / deck.FILE
    served.write_bytes((SITE / deck.FILE).read_bytes())
    found = notes(served)
    pages = [SITE / path for path in CHAPTERS]
    folds = sum(
        page.read_text()
        .partition('<section id="review">')[2]
        .partition("</section>")[0]
        .count("<details>")
        for page in pages
    )
    assert len(found) == len({guid for guid, _ in found}) == folds
    assert [fields for _, fields in found if "$" in fields or "](" in fields] == []


def test_a_prompt_keeps_its_card_when_its_chapter_is_renumbered(tmp_path):
    review = "## Review\n\n<details><summary>1. Why?</summary>\n\nSo.\n\n</details>"
    guids = []
    for number in ("07", "08"):
        book = tmp_path / number
        book.mkdir()
        cells = [new_markdown_cell(f"# {number}. A network"), new_markdown_cell(review)]
        nbformat.write(new_notebook(cells=cells), book / f"{number}-network.ipynb")
        guids += [note.guid for part in deck.decks(book) for note in part.notes]
    assert guids[0] == guids[1]
