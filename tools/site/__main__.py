"""Assemble the site that is published: `make site`. Without it no page would run its code."""

import os
import shutil
import sys
from pathlib import Path

from tools.notebooks.contents import ROOT
from tools.site import downloads, editor, lab, pages, python, sources

BUILD = ROOT / "_build"
SCRIPTS = ("live.js", "live.css", "worker.js", "editor.js")


def assemble(book: Path, site: Path, source: str, cache: Path) -> str:
    """Write the site; return a line about it."""
    shutil.rmtree(site, ignore_errors=True)
    (wheel,) = book.glob("softmax_lib-*.whl")
    live = site / "_static" / "live"
    try:
        files = python.write(live / "python", source, wheel, cache)
        shutil.copytree(book, site, dirs_exist_ok=True)
    except BaseException:
        shutil.rmtree(site, ignore_errors=True)
        raise
    for name in SCRIPTS:
        shutil.copyfile(pages.SCRIPTS / name, live / name)
    start, figures, kernel = python.megabytes(files)
    pages.make_live(site, (start, figures), editor.write(live / "editor"))
    of_lab = lab.write(site)
    downloads.offer(book, site, book.parent)
    return (
        f"The site is in {site}. Python loads {start:.1f} MB at the first run, {figures:.1f} MB"
        f" more for figures, and {kernel:.1f} MB more in the lab, whose own files are"
        f" {of_lab:.1f} MB."
    )


def main() -> str | None:
    source = os.environ.get("PYODIDE") or sources.PUBLISHED
    try:
        print(assemble(BUILD / "html", BUILD / "site", source, BUILD / "pyodide"))
    except sources.RefusedError as error:
        return f"make site: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main())
