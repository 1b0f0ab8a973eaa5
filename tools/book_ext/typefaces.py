"""The typefaces of text and equations, from the book's own folder."""

import re
import tarfile
from pathlib import Path

from sphinxcontrib.katex import katex_version

from tools.book_ext import npm_package

FOLDER = Path(__file__).resolve().parents[2] / "_build" / "typefaces"
# The SHA-512 of npm's katex package, in the version that sphinxcontrib-katex renders with.
KATEX_SHA512 = (
    "XCHRdUw4lf3SKBaJe4EvgqIuWwkPSo9XoeO8GjQW94Bp7TWv9hNhzZjZ+OH9yf1UmLygb7DIT5GSFQiyt16zYg=="
)
SERIF, SERIF_VERSION = "@fontsource/source-serif-4", "5.3.1"
SERIF_SHA512 = (
    "cWcTCXjYYrgF9A67fThVir1VSc0lPEYmwQ6jA4pPt01s2MSCi/maINUcZoCzaqnU8fyUReDO97eGcBUkHgOeug=="
)
SERIF_STYLES = ("400-normal", "400-italic", "600-normal")


def unpack_katex(folder: Path) -> None:
    """Keep the licence, the style sheet and the one font format that every browser reads."""
    archive = npm_package.fetch("katex", katex_version, KATEX_SHA512)
    with tarfile.open(archive) as package:
        fonts = [name for name in package.getnames() if name.endswith(".woff2")]
    npm_package.unpack(
        archive,
        {name.removeprefix("package/"): folder / "fonts" / Path(name).name for name in fonts}
        | {"LICENSE": folder / "LICENSE.txt", "dist/katex.min.css": folder / "katex.min.css"},
    )
    css = folder / "katex.min.css"
    only_woff2 = re.sub(r',url\([^)]*\.(woff|ttf)\) format\("\w+"\)', "", css.read_text())
    css.write_text(only_woff2)


def unpack_serif(folder: Path) -> None:
    archive = npm_package.fetch(SERIF, SERIF_VERSION, SERIF_SHA512)
    npm_package.unpack(
        archive,
        {
            f"files/source-serif-4-latin-{style}.woff2": folder / f"source-serif-{style}.woff2"
            for style in SERIF_STYLES
        }
        | {"LICENSE": folder / "LICENSE.txt"},
    )


def serve(app, config) -> None:
    unpack_katex(FOLDER / "katex")
    unpack_serif(FOLDER / "serif")
    config.html_static_path.append(str(FOLDER))


def connect(app):
    app.connect("config-inited", serve)
