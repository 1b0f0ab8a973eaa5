"""The printed book: every page of the contents, with bookmarks, and no solution is lost.

The file is that of the last `make pdf`, made anew where the pages are newer.
"""

import fcntl
import re
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from tests.site.test_site import ROOT, leaks, squeezed
from tools.book_ext import pdf
from tools.course import assignments

pytestmark = pytest.mark.browser

PAGES = pdf.printed_pages()
CHAPTERS = [path for path in PAGES if re.match(r"\d\d-", path.name)]


@pytest.fixture(scope="module")
def book():
    """The book; of several processes one makes it."""
    pdf.PDF.parent.mkdir(parents=True, exist_ok=True)
    with (pdf.PDF.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = max(path.stat().st_mtime for path in PAGES)
        if not pdf.PDF.exists() or pdf.PDF.stat().st_mtime < newest:
            subprocess.run([sys.executable, "-m", "tools.book_ext.pdf"], cwd=ROOT, check=True)
    return PdfReader(pdf.PDF)


@pytest.fixture(scope="module")
def printed(book):
    """The text of each sheet of paper."""
    return [sheet.get_textpage().get_text_bounded() for sheet in PdfDocument(pdf.PDF)]


@pytest.fixture(scope="module")
def starts(book):
    """On which sheet each page of the site begins: its bookmark has the title of the page."""
    tops = [mark for mark in book.outline if not isinstance(mark, list)]
    assert len(tops) == len(PAGES)
    return dict(zip(PAGES, map(book.get_destination_page_number, tops), strict=True))


def article(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select_one("article")


def title_of(path):
    # To take a whole page apart for its title would cost a third of a second.
    top = re.search(r"<h1>.*?</h1>", path.read_text(encoding="utf-8"), re.DOTALL)
    title = BeautifulSoup(top[0], "html.parser")
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
        if re.search(r'<a class="eqno[^>]* href="#eq-', path.read_text(encoding="utf-8")):
            targets = [
                numbers[note["/Dest"][0].idnum]
                for note in pdf.notes(book.pages[start:end])
                if "/Dest" in note and note["/Dest"][1] == "/XYZ"
            ]
            assert targets, path
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
