"""Offer the book as files to take along: without them it is read only where there is a network.

The zip holds all pages as `make book` wrote them. They open from a disk, where no browser runs
Python: each page that would run says so.
"""

import shutil
import zipfile
from pathlib import Path

from tools.book_ext.metadata import site_address
from tools.site.pages import insert, live_pages

NAME = "training-a-softmax-classifier"
LANDING = Path("book/index.html")
# What is said of each kind of file; those that were not built are not offered.
OFFERS = {
    "pdf": "for paper, and for screens without a browser",
    "epub": "for e-readers and phones: the text takes the size of letters that you like",
    "zip": "all pages of this site: unpack it, and open <code>index.html</code>. "
    "Everything works there but the cells and the lab: no browser runs Python from a disk",
}
ON_A_DISK = (
    "This copy of the book is for a disk: its cells do not run, since a browser runs Python only "
    "for pages that a server sends."
)


def offer(book: Path, site: Path, bound: Path) -> None:
    """Put the files into the site, and links to them on its first page.

    The PDF and the EPUB are taken from `bound` where they are as new as the pages.
    """
    folder = site / "downloads"
    folder.mkdir()
    write_zip(book, folder / f"{NAME}.zip")
    built = (book / LANDING).stat().st_mtime
    for kind in OFFERS:
        path = bound / kind / f"{NAME}.{kind}"
        if path.is_file() and path.stat().st_mtime >= built:
            shutil.copyfile(path, folder / path.name)
    insert(site / LANDING, "</article>", section(folder), before=True)


def section(folder: Path) -> str:
    items = []
    for kind, words in OFFERS.items():
        path = folder / f"{NAME}.{kind}"
        if path.is_file():
            size = f"{path.stat().st_size / 1e6:.1f} MB"
            link = f'<a href="../{folder.name}/{path.name}" download>{kind.upper()}, {size}</a>'
            items.append(f"<li><p>{link}: {words}.</p></li>")
    return (
        '<section id="take-it-along">\n<h2>Take it along</h2>\n'
        f'<ul class="simple">\n{"".join(items)}\n</ul>\n</section>\n'
    )


def write_zip(book: Path, target: Path) -> None:
    """Pack the pages; those that would run code say that they do not."""
    pages = {LANDING, *live_pages()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in book.rglob("*") if path.is_file()):
            inside = path.relative_to(book)
            if inside in pages:
                packed.writestr(f"{NAME}/{inside.as_posix()}", said(path, inside))
            else:
                packed.write(path, f"{NAME}/{inside.as_posix()}")


def said(path: Path, inside: Path) -> str:
    """Return a page with the line for readers of a copy under its title."""
    address = site_address()
    link = f' They run on <a href="{address}{inside.as_posix()}">the published page</a>.'
    line = f'<p class="on-a-disk"><em>{ON_A_DISK}{link if address else ""}</em></p>'
    return path.read_text(encoding="utf-8").replace("</h1>", f"</h1>\n{line}", 1)
