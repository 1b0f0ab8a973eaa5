"""Write for each chapter a sheet to print: its questions and prompts, and their key on other paper.

Without it a teacher copies them from the page, and hands out the answers too.
"""

import re
from pathlib import Path
from typing import Any, NamedTuple

from bs4 import BeautifulSoup
from sphinx.application import Sphinx

FOLDER = "sheets"
TEMPLATE = "sheet.html"
NUMBER = re.compile(r"^\s*\d+\.\s*")
Tag = Any  # bs4's own types ask at every step whether the part is there


class Asked(NamedTuple):
    """What stands on the sheet, and on the key, as HTML."""

    title: str
    text: str
    answer: str


class Sheet(NamedTuple):
    title: str
    questions: list[Asked]
    prompts: list[Asked]


def sheet(page: str) -> Sheet:
    """Take from a chapter's page what its reader answers without a computer."""
    title = page[page.index("<h1>") :].partition("</h1>")[0] + "</h1>"
    end = page[page.index('<section id="questions">') :].partition("</article>")[0]
    parts: Tag = BeautifulSoup(title + end, "html.parser")  # most of the page stands before
    for link in parts.select(".headerlink"):
        link.decompose()
    for link in parts("a"):
        link.unwrap()
    return Sheet(
        parts.h1.decode_contents().strip(),
        [question(part) for part in parts.select("#questions > section")],
        [prompt(fold) for fold in parts.select("#review > details")],
    )


def question(part: Tag) -> Asked:
    answer = answer_of(part.details.extract())
    title = part.h3.extract().decode_contents()
    return Asked(title, part.decode_contents(), answer)


def prompt(fold: Tag) -> Asked:
    asked = NUMBER.sub("", fold.summary.decode_contents())
    return Asked("", asked, answer_of(fold))


def answer_of(fold: Tag) -> str:
    fold.summary.decompose()
    return str(fold.decode_contents()).strip()


def chapters(app: Sphinx) -> list[str]:
    return sorted(path.stem for path in Path(app.srcdir, "book").glob("[0-9]*.ipynb"))


def link(app: Sphinx) -> None:
    """Let a page for teachers say {{ sheets }}."""
    app.config.myst_substitutions["sheets"] = " · ".join(
        f'<a href="../../{FOLDER}/{name}.html">{int(name[:2])}</a>' for name in chapters(app)
    )


def write(app: Sphinx, exception: Exception | None) -> None:
    if exception is None:
        folder = Path(app.outdir, FOLDER)
        folder.mkdir(exist_ok=True)
        for name in chapters(app):
            page = Path(app.outdir, "book", f"{name}.html").read_text(encoding="utf-8")
            html = app.builder.templates.render(TEMPLATE, {"sheet": sheet(page)})
            (folder / f"{name}.html").write_text(html, encoding="utf-8")


def connect(app: Sphinx) -> None:
    app.connect("builder-inited", link, priority=100)  # before MyST reads its settings
    app.connect("build-finished", write)
