"""Serve the typefaces, KaTeX's style and the palette from the book's own folder.

Without them a page would ask other hosts, or have no colours. What a page loads, and in which
order, is listed in `_config.yml`; the panels' scripts come by `panels.py`, where a page has one.
"""

import shutil
from pathlib import Path

from sphinx.application import Sphinx

from tools.book_ext import palette
from tools.book_ext.npm import PACKAGES

KATEX = PACKAGES / "katex"
SERIF = PACKAGES / "@fontsource" / "source-serif-4"
SERIF_STYLES = ("400-normal", "400-italic", "600-normal")


def serve(app: Sphinx) -> None:
    """Put the files in their places before a page is written, since pages name their checksums."""
    static = Path(app.outdir, "_static")
    copy(KATEX / "LICENSE", static / "katex" / "LICENSE.txt")
    copy(KATEX / "dist" / "katex.min.css", static / "katex" / "katex.min.css")
    shutil.copytree(KATEX / "dist" / "fonts", static / "katex" / "fonts", dirs_exist_ok=True)
    copy(SERIF / "LICENSE", static / "serif" / "LICENSE.txt")
    for style in SERIF_STYLES:
        name = f"source-serif-4-latin-{style}.woff2"
        copy(SERIF / "files" / name, static / "serif" / name)
    (static / "css").mkdir(exist_ok=True)
    (static / "css" / "palette.css").write_text(palette.style_sheet(), encoding="utf-8")


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def remove_icon_font(app: Sphinx, exception: Exception | None) -> None:
    """Drop 2.6 MB that no page loads: `css/icons.css` draws the few icons that are used."""
    shutil.rmtree(Path(app.outdir, "_static", "vendor"), ignore_errors=True)


def connect(app: Sphinx) -> None:
    app.connect("builder-inited", serve)
    app.connect("build-finished", remove_icon_font)
