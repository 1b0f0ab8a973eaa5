"""The printed book: whole, within its pages, and with every number and link leading right.

The file is that of the last `make pdf`. The last part prints tiny documents that are broken in
every way the checks know, and sees the right check complain.
"""

import re
from itertools import pairwise

import assignments
import nbformat
import pdf
import print_edition
import pymupdf
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from test_site import leaks, squeezed

CHAPTERS = print_edition.chapters()
NOTEBOOKS = [chapter for chapter in CHAPTERS
             if (print_edition.ROOT / f"{chapter.docname}.ipynb").exists()]
MEGABYTE = 1_000_000
POINTS = 72 / 25.4
# Above stands the running head, below the number of the page: margins of tools/pdf.css.
TOP, SIDE, BOTTOM = 24 * POINTS, 20 * POINTS, 22 * POINTS

# What is wider than its column, or hides a part of itself; typeset equations are made of boxes
# that overlap by design, so of these only the whole is measured.
OVERFLOWING = """() => {
  const inside = [...document.querySelectorAll(".chapter *, .subchapter *, .table-of-contents *")]
    .filter(tag => !tag.parentElement.closest(".katex, svg"));
  const name = tag => `${tag.tagName} .${tag.className} ${tag.textContent.trim().slice(0, 60)}`;
  const edge = document.body.getBoundingClientRect();
  return inside.filter(tag => {
    const box = tag.getBoundingClientRect();
    const inline = getComputedStyle(tag).display === "inline";
    return box.left < edge.left - 1 || box.right > edge.right + 1
      || !inline && (tag.scrollWidth > tag.clientWidth + 1 && tag.clientWidth > 0
      || getComputedStyle(tag).overflowY !== "visible" && tag.scrollHeight > tag.clientHeight + 1);
  }).map(name);
}"""
UNSEEN = """() =>
  [...document.querySelectorAll("img, pre, table, p, li, svg, .katex-html, summary")]
    .filter(tag => !tag.closest("details.hide > summary, svg"))
    .filter(tag => tag.textContent.trim() || tag.tagName === "IMG")
    .filter(tag => { const box = tag.getBoundingClientRect(); return !box.width || !box.height; })
    .map(tag => `${tag.tagName} .${tag.className} ${tag.textContent.trim().slice(0, 60)}`)
"""
DEAD = """() => [...document.querySelectorAll("a[href]")].map(link => link.getAttribute("href"))
  .filter(address => !/^https?:/.test(address)
    && !(address.startsWith("#") && document.getElementById(address.slice(1))))
"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .map(heading => [Number(heading.tagName[1]), heading.textContent.replace(/\\s+/g, " ").trim()])
"""


@pytest.fixture(scope="module")
def printed():
    assert pdf.PDF.exists(), "there is no PDF yet: run `make pdf`"
    return pymupdf.open(pdf.PDF)


@pytest.fixture(scope="module")
def page():
    """The document that was printed, in the browser."""
    with pdf.opened(pdf.DOCUMENT) as page:
        yield page


# --- the checks: each says what is wrong -------------------------------------------------------


def glyphs(sheet):
    """Every visible glyph of a page: its character, its number in the font and its place."""
    return [(chr(glyph[0]), glyph[1], pymupdf.Rect(glyph[3])) for span in sheet.get_texttrace()
            for glyph in span["chars"] if not chr(glyph[0]).isspace()]


def missing_glyphs(document):
    """Characters for which no font has a shape: glyph 0 is the empty box."""
    return [(sheet.number + 1, character) for sheet in document
            for character, number, _ in glyphs(sheet) if number == 0 or character == "\ufffd"]


def fonts_elsewhere(document):
    """Fonts that the reader's machine would have to have; Type 3 is drawn, always inside."""
    return {font[3] for sheet in document for font in sheet.get_fonts()
            if font[1] == "n/a" and font[2] != "Type3"}


def outside(document):
    """What stands in the margins, apart from head and number, as a page and a word for it."""
    found = []
    for sheet in document:
        text = sheet.rect + (SIDE - 1, TOP - 1, 1 - SIDE, 1 - BOTTOM)
        heads = sheet.rect + (SIDE - 1, 0, 1 - SIDE, 0)
        found += [(sheet.number + 1, character) for character, _, box in glyphs(sheet)
                  if box.x0 < text.x0 or box.x1 > text.x1
                  or not (text.y0 <= (box.y0 + box.y1) / 2 <= text.y1 or box in heads)]
        found += [(sheet.number + 1, "picture") for image in sheet.get_image_info()
                  if pymupdf.Rect(image["bbox"]) not in text]
    return found


def pages_of_chapters(document):
    """The pages of each chapter, by its anchor: from its first to the next chapter's first."""
    starts = [(chapter.id, document.resolve_names()[chapter.id]["page"]) for chapter in CHAPTERS]
    ends = [start for _, start in starts[1:]] + [len(document)]
    return {name: range(start, max(end, start + 1))
            for (name, start), end in zip(starts, ends, strict=True)}


def wrong_entries(document):
    """Lines of the contents whose number is not that of the page on which their title stands."""
    found = []
    for sheet in document:
        if not sheet.get_text().startswith("Contents") and not found_before(document, sheet):
            continue
        for link in sheet.get_links():
            title, number = entry(sheet.get_textbox(link["from"]))
            target = document[link["page"]]
            if number != link["page"] + 1 or squeezed(title) not in squeezed(target.get_text()):
                found.append((title, number, link["page"] + 1))
    return found


def entry(line):
    title, number = re.fullmatch(r"(.*?)\s*(\d+)", " ".join(line.split())).groups()
    return title, int(number)
