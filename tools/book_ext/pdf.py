"""Print the built pages as one PDF with bookmarks, for readers on paper and on trains.

    python -m tools.book_ext.pdf    _build/html -> _build/pdf/training-a-softmax-classifier.pdf

Debian's Chromium prints each page of `_toc.yml` with the book's print style, its numbers going on
from page to page. A link to another page of the book becomes a link inside the file.
"""

import shutil
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from playwright.sync_api import Page, Route, sync_playwright
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from tools.notebooks.contents import ROOT, listed

SITE = ROOT / "_build" / "html"
PDF = ROOT / "_build" / "pdf" / "training-a-softmax-classifier.pdf"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

TEXT_WIDTH = round(170 / 25.4 * 96)  # pixels between the margins of print.css
# A wide equation is set smaller until it fits its line.
FIT = """async (before) => {
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode()));
  await document.fonts.ready;
  document.documentElement.style.counterReset = `page ${before}`;
  for (const display of document.querySelectorAll(".katex-display")) {
    const right = Math.max(...[...display.querySelectorAll(".base")]
      .map((part) => part.getBoundingClientRect().right));
    const scale = display.clientWidth / (right - display.getBoundingClientRect().left);
    if (scale < 1) display.style.fontSize = `${Math.floor(scale * 100)}%`;
  }
}"""


def wait_for_typeface(route: Route) -> None:
    """On the screen the book's typeface never comes late; paper waits for it."""
    style = Path(unquote(urlsplit(route.request.url).path)).read_text(encoding="utf-8")
    route.fulfill(
        body=style.replace("display: optional", "display: block"), content_type="text/css"
    )


def printed_pages() -> list[Path]:
    """The pages of `_toc.yml`, in its order."""
    return [SITE / f"{name}.html" for name in listed()]


def print_page(page: Page, path: Path, before: int) -> PdfReader:
    """Print one page of the site; so many pages of paper lie before it."""
    page.goto(path.as_uri())
    page.evaluate(FIT, before)
    printed = page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
    reader = PdfReader(BytesIO(printed))
    for note in notes(reader.pages):
        if place := reader.named_destinations.get(str(note.get("/Dest"))):
            note[NameObject("/Dest")] = place.dest_array  # other pages have anchors of that name
    return reader


def notes(pages: Iterable[PageObject]) -> Iterator[DictionaryObject]:
    """The links of the pages."""
    for sheet in pages:
        for note in sheet.get("/Annots", ()):
            yield note.get_object()


def lead_inside(writer: PdfWriter, starts: dict[str, int]) -> None:
    """Point links between pages of the book into the file; those to other files go nowhere."""
    for note in notes(writer.pages):
        address = urlsplit(note.get("/A", {}).get("/URI", ""))
        if address.scheme == "file":
            del note["/A"]
            page = starts.get(unquote(address.path))
            place = starts.get(unquote(f"{address.path}#{address.fragment}"), page)
            if place is not None:
                sheet = writer.pages[place].indirect_reference
                note[NameObject("/Dest")] = ArrayObject([sheet, NameObject("/Fit")])


def main() -> None:
    browsers = [found for name in BROWSERS if (found := shutil.which(name))]
    if not browsers:
        raise SystemExit("The PDF needs Chromium: install it (Debian's package is chromium).")
    writer = PdfWriter()
    starts: dict[str, int] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers[0], args=SWITCHES)
        page = browser.new_page(viewport={"width": TEXT_WIDTH, "height": 1000})
        page.emulate_media(media="print", color_scheme="light")
        page.route("**/css/fonts.css*", wait_for_typeface)
        for path in printed_pages():
            before = len(writer.pages)
            printed = print_page(page, path, before)
            starts[path.as_posix()] = before
            for name, place in printed.named_destinations.items():
                number = printed.get_destination_page_number(place) or 0
                starts[f"{path.as_posix()}#{name.removeprefix('/')}"] = before + number
            writer.append(printed)
    lead_inside(writer, starts)
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    writer.metadata = {"/Title": settings["title"], "/Author": settings["author"]}
    PDF.parent.mkdir(parents=True, exist_ok=True)
    writer.write(PDF)
    print(f"{PDF.relative_to(ROOT)}: {len(writer.pages)} pages, {PDF.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
