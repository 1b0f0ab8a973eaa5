"""Bind the built pages as an EPUB, for readers on a phone or an e-reader without a network.

    python -m tools.book_ext.epub    _build/html -> _build/epub/training-a-softmax-classifier.epub

Each page of `_toc.yml` becomes one document: its text without the theme, equations as MathML,
panels as their pictures. Not every e-reader can fold: what is folded on the site stands at the end
of its page, each on a sheet of its own, with a link there and one back.
"""

import html
import time
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from uuid import NAMESPACE_URL, uuid5

import yaml

from tools.book_ext.epub_document import PAGE, SITE, Document, target
from tools.book_ext.metadata import site_address
from tools.notebooks.contents import ROOT, listed, toc

EPUB = ROOT / "_build" / "epub" / "training-a-softmax-classifier.epub"
STYLE = Path(__file__).with_suffix(".css")
COVER = "_static/social-card.png"

CONTAINER = """\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
PACKAGE = """\
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:creator>{author}</dc:creator>
<dc:language>en</dc:language>
<dc:rights>{rights}</dc:rights>
<meta property="dcterms:modified">{modified}</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Equations are MathML, figures have words.</meta>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
KINDS = {
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
}


def lead(documents: dict[str, Document]) -> None:
    """Point links into the EPUB, or to the site where its address is known; others are words."""
    anchors = {name: document.anchors() for name, document in documents.items()}
    for name, document in documents.items():
        for link in document.body.select("a[href]"):
            address, anchor = urldefrag(link["href"])
            if urlsplit(address).scheme:
                continue
            page = target(name, address).removesuffix(".html") if address else name
            if page in documents and (not anchor or unquote(anchor) in anchors[page]):
                link["href"] = f"{address.removesuffix('.html')}.xhtml" if address else ""
                link["href"] += f"#{anchor}" if anchor else ""
            elif site_address() and address:
                link["href"] = urljoin(site_address(), target(name, link["href"]))
            else:
                link.unwrap()


def navigation(documents: dict[str, Document]) -> str:
    contents = toc()
    first = documents[contents["root"]]
    parts = "\n".join(
        f"<li><span>{part['caption']}</span>{entries(part['chapters'], documents)}</li>"
        for part in contents["parts"]
    )
    body = f'<nav epub:type="toc"><h1>Contents</h1><ol>\n{entry(first)}</li>\n{parts}\n</ol></nav>'
    return PAGE.format(title="Contents", root="", body=body)


def entry(document: Document) -> str:
    return f'<li><a href="{document.name}.xhtml">{html.escape(document.title)}</a>'


def entries(chapters: list[dict[str, Any]], documents: dict[str, Document]) -> str:
    lines = [
        entry(documents[chapter["file"]])
        + (entries(chapter["sections"], documents) if "sections" in chapter else "")
        + "</li>"
        for chapter in chapters
    ]
    return "<ol>\n" + "\n".join(lines) + "\n</ol>"


def package(documents: dict[str, Document], images: list[str]) -> str:
    """Return the list of the files, and of the documents in reading order."""
    about = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    items = [
        item("nav", "nav.xhtml", ' properties="nav"'),
        item("style", "style.css"),
        item("cover", COVER, ' properties="cover-image"'),
    ]
    items += [
        item(f"page-{number}", f"{document.name}.xhtml", document.properties())
        for number, document in enumerate(documents.values())
    ]
    items += [item(f"image-{number}", name) for number, name in enumerate(images)]
    return PACKAGE.format(
        identifier=uuid5(NAMESPACE_URL, about["title"]),
        title=html.escape(about["title"]),
        author=html.escape(about["author"]),
        rights=html.escape(about["copyright"]),
        modified=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        manifest="\n".join(items),
        spine="\n".join(f'<itemref idref="page-{number}"/>' for number in range(len(documents))),
    )


def item(key: str, name: str, properties: str = "") -> str:
    kind = KINDS[Path(name).suffix]
    return f'<item id="{key}" href="{name}" media-type="{kind}"{properties}/>'


def write(path: Path) -> int:
    """Write the EPUB; return how many documents it has."""
    documents = {name: Document(name) for name in listed()}
    lead(documents)
    images = sorted({name for document in documents.values() for name in document.images()})
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("EPUB/package.opf", package(documents, images))
        book.writestr("EPUB/nav.xhtml", navigation(documents))
        for document in documents.values():
            book.writestr(f"EPUB/{document.name}.xhtml", document.written())
        book.write(STYLE, "EPUB/style.css")
        for name in [COVER, *images]:
            book.write(SITE / name, f"EPUB/{name}")
    return len(documents)


def main() -> None:
    count = write(EPUB)
    print(f"{EPUB.relative_to(ROOT)}: {count} documents, {EPUB.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
