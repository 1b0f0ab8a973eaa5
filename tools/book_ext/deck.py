"""Serve the review prompts as a deck for Anki: without it a reader types them in, or forgets.

`softmax-review.apkg` lies in the site's root, with a sub-deck for each chapter.
"""

import html
import re
from pathlib import Path

import genanki
import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from sphinx.application import Sphinx

from tools.notebooks.views import all_prose, parts

FILE = "softmax-review.apkg"
BOOK = "Training a Softmax Classifier"
PROMPT = re.compile(r"<details><summary>(?:\d+\. )?(.*?)</summary>\s*(.*?)\s*</details>", re.DOTALL)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")

# Anki knows a deck, and a kind of card, by its number: another one would make a second deck.
MODEL = genanki.Model(
    1_640_318_207,
    f"{BOOK}: a question and its answer",
    fields=[{"name": "Question"}, {"name": "Answer"}],
    templates=[
        {"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}"}
    ],
    css=".card { font-family: sans-serif; font-size: 1.2em; text-align: center; }",
)
FIRST_DECK = 1_640_318_300


def as_card(text: str) -> str:
    r"""Return Markdown as the HTML of a card, whose formulas stand in \( and \)."""
    markdown = MarkdownIt().use(dollarmath_plugin, renderer=formula)
    return str(markdown.render(LINK.sub(r"\1", text)))


def formula(content: str, options: dict[str, bool]) -> str:
    return (
        rf"\[{html.escape(content)}\]"
        if options["display_mode"]
        else rf"\({html.escape(content)}\)"
    )


def prompts(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Return the questions and answers under the heading *Review*."""
    return PROMPT.findall(parts(all_prose(notebook), 2).get("Review", ""))


def decks(book: Path) -> list[genanki.Deck]:
    found = []
    for path in sorted(book.glob("[0-9]*.ipynb")):
        notebook = nbformat.read(path, 4)
        number, title = notebook.cells[0].source.splitlines()[0].removeprefix("# ").split(". ", 1)
        deck = genanki.Deck(FIRST_DECK + int(number), f"{BOOK}::{number.zfill(2)} {title}")
        for question, answer in prompts(notebook):
            key = genanki.guid_for(path.stem.partition("-")[2], question)
            deck.add_note(genanki.Note(MODEL, [as_card(question), as_card(answer)], guid=key))
        found.append(deck)
    return found


def serve(app: Sphinx, exception: Exception | None) -> None:
    if exception is None:
        package = genanki.Package(decks(Path(app.srcdir, "book")))
        package.write_to_file(Path(app.outdir, FILE))


def connect(app: Sphinx) -> None:
    app.connect("build-finished", serve)
