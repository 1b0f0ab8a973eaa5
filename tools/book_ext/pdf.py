"""Print the built book as a PDF, with the Chromium that is installed.

    python -m tools.book_ext.pdf    _build/html -> _build/pdf/training-a-softmax-classifier.pdf

The pages of the site are assembled into one document (`print_edition.py`), and printed as
often as it takes for the numbers in the table of contents to be those of the pages.
"""

import logging
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader, PdfWriter

from tools.book_ext import print_edition

FOLDER = print_edition.ROOT / "_build" / "pdf"
PDF = FOLDER / "training-a-softmax-classifier.pdf"
DOCUMENT = FOLDER / "book.html"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The width of the text on A4, in the browser's pixels: 170 mm between the margins of pdf.css.
TEXT_WIDTH = round(170 / 25.4 * 96)
MINUTES = 10 * 60_000  # a busy machine takes its time

LOADED = """async () => {
  await document.fonts.ready;
  await Promise.all([...document.images].map(image => image.decode()));
}"""
# A wide equation is set smaller until it fits its line.
FIT = """() => {
  for (const display of document.querySelectorAll(".katex-display")) {
    const parts = [...display.querySelectorAll(".base, .tag")];
    const right = Math.max(...parts.map(part => part.getBoundingClientRect().right));
    const left = Math.min(...parts.map(part => part.getBoundingClientRect().left));
    const scale = display.clientWidth / (right - left);
    if (scale < 1) display.style.fontSize = `${Math.floor(scale * 100)}%`;
  }
}"""
NUMBER = """pages => {
  for (const place of document.querySelectorAll("[data-page-of]"))
    place.textContent = pages[place.dataset.pageOf];
}"""


@contextmanager
def started() -> Iterator[Browser]:
    found = [path for name in BROWSERS if (path := shutil.which(name))]
    if not found:
        raise SystemExit("The PDF needs Chromium: install it (Debian's package is chromium).")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=found[0], args=SWITCHES)


def opened(browser: Browser, document: Path) -> Page:
    """The document as it will be printed, with all its fonts and pictures."""
    page = browser.new_page(viewport={"width": TEXT_WIDTH, "height": 1000})
    page.set_default_timeout(MINUTES)
    page.emulate_media(media="print", color_scheme="light")
    page.goto(document.as_uri())
    page.evaluate(LOADED)
    page.evaluate(FIT)
    return page


def print_numbered(page: Page, attempts: int = 4) -> bytes:
    """Print until the numbers that are printed are those of the pages."""
    numbers = None
    for _ in range(attempts):
        printed = page.pdf(
            prefer_css_page_size=True, print_background=True, tagged=True, outline=True
        )
        found = page_numbers(printed)
        if found == numbers:
            return printed
        numbers = found
        page.evaluate(NUMBER, numbers)
    raise RuntimeError("the numbers of the pages do not settle")


def page_numbers(printed: bytes) -> dict[str, int]:
    """On which page each anchor stands to which a link leads, counted from the cover."""
    reader = PdfReader(BytesIO(printed))
    return {
        name.removeprefix("/"): reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
    }


def describe(printed: bytes) -> bytes:
    """Name the book's title and author, and leave out the hour of the build."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it counts its own new objects as a fault
    writer = PdfWriter(clone_from=BytesIO(printed))
    settings = print_edition.settings()
    writer.pdf_header = "%PDF-1.4"
    writer.metadata = {"/Title": settings["title"], "/Author": settings["author"]}
    described = BytesIO()
    writer.write(described)
    return described.getvalue()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(print_edition.assemble(FOLDER), encoding="utf-8")
    with started() as browser:
        PDF.write_bytes(describe(print_numbered(opened(browser, DOCUMENT))))
    name, pages = PDF.relative_to(print_edition.ROOT), len(PdfReader(PDF).pages)
    print(f"{name}: {pages} pages, {PDF.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(main())
