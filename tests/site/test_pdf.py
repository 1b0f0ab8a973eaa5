"""The printed book: every page of the contents, with bookmarks, and no solution is lost.

The file is that of the last `make pdf`, made anew where the pages are newer.
"""

import fcntl
import json
import re
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from tests.site.test_site import ROOT, leaks, squeezed
from tools.book_ext import pdf
from tools.course import assignments

pytestmark = pytest.mark.browser

PAGES = pdf.printed_pages()
CHAPTERS = [path for path in PAGES if re.match(r"\d\d-", path.name)]


TEXT = pdf.PDF.with_name("text.json")


@pytest.fixture(scope="module")
def files():
    """The book and the text of each sheet of paper; of several processes one makes them."""
    pdf.PDF.parent.mkdir(parents=True, exist_ok=True)
    with (pdf.PDF.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = max(path.stat().st_mtime for path in PAGES)
        if not pdf.PDF.exists() or pdf.PDF.stat().st_mtime < newest:
            subprocess.run([sys.executable, "-m", "tools.book_ext.pdf"], cwd=ROOT, check=True)
        book = PdfReader(pdf.PDF)
        if not TEXT.exists() or TEXT.stat().st_mtime < pdf.PDF.stat().st_mtime:
            TEXT.write_text(json.dumps([sheet.extract_text() for sheet in book.pages]))
    return book, json.loads(TEXT.read_text())


@pytest.fixture(scope="module")
def book(files):
    return files[0]


@pytest.fixture(scope="module")
def printed(files):
    return files[1]


@pytest.fixture(scope="module")
def starts(book):
    """On which sheet each page of the site begins: its bookmark has the title of the page."""
    tops = [mark for mark in book.outline if not isinstance(mark, list)]
    assert len(tops) == len(PAGES)
    return dict(zip(PAGES, map(book.get_destination_page_number, tops), strict=True))


def article(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select_one("article")


def title_of(path):
    title = article(path).h1
    for link in title.select(".headerlink"):
        link.decompose()
    return squeezed(title.get_text())


def folded_code(path):
    """The code of all solutions; that behind a figure stays out, by the print style."""
    cells = article(path).select(".tag_hide-cell .cell_input pre")
    return [line for cell in cells for line in cell.get_text().splitlines() if line.strip()]


def lost(lines, text):
    return [line for line in lines if squeezed(line) not in text]


def test_the_bookmarks_are_the_titles_of_all_pages(book, starts):
    tops = [mark.title for mark in book.outline if not isinstance(mark, list)]
    assert [squeezed(title) for title in tops] == [title_of(path) for path in PAGES]
    assert sorted(starts.values()) == list(starts.values())


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_cell_of_a_solution_is_lost(printed, starts, path):
    after = PAGES[PAGES.index(path) + 1]
    text = squeezed("".join(printed[starts[path] : starts[after]]))
    lines = folded_code(path)
    assert len(lines) > 10
    assert lost(lines, text) == []


def test_the_numbers_go_on_from_page_to_page(printed):
    missing = [
        number for number, text in enumerate(printed, 1) if not re.search(rf"\b{number}\b", text)
    ]
    assert missing == []


def test_links_lead_into_the_file_or_to_a_site(book):
    addresses = [note["/A"]["/URI"] for note in pdf.notes(book.pages) if "/A" in note]
    assert [address for address in addresses if not address.startswith("https://")] == []
    assert sum("/Dest" in note for note in pdf.notes(book.pages)) > 500


def test_links_within_a_chapter_stay_in_it(book, starts):
    """Every chapter has an anchor `exercises`: the name alone would lead to the first."""
    borders = [*starts.values(), len(book.pages)]
    numbers = {sheet.indirect_reference.idnum: n for n, sheet in enumerate(book.pages)}
    for path, start in starts.items():
        end = borders[borders.index(start) + 1]
        for link in article(path).select('a.eqno[href^="#eq-"]')[:1]:
            targets = [
                numbers[note["/Dest"][0].idnum]
                for note in pdf.notes(book.pages[start:end])
                if "/Dest" in note and note["/Dest"][1] == "/XYZ"
            ]
            assert targets, link
            assert all(start <= target < end for target in targets)


@pytest.mark.parametrize("name", assignments.names())
def test_no_secret_of_an_assignment_is_printed(printed, name):
    assert leaks(assignments.load(name), squeezed("".join(printed))) == []


def test_the_file_says_what_it_is(book):
    assert book.metadata.title == "Training a Softmax Classifier"
    assert book.metadata.author == "the contributors"
    assert pdf.PDF.stat().st_size < 25_000_000


def test_a_line_that_is_not_printed_is_found():
    assert lost(["z = X @ W", "gone = 1"], squeezed("z = X @\nW")) == ["gone = 1"]
