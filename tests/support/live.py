"""A page whose cells run: real ones, and small ones with the cells that a test needs."""

import html
import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.support.given import stored
from tests.support.site_pages import LIVE, ROOT
from tools.notebooks.canonical import loads
from tools.notebooks.views import alt_text, cells_of
from tools.site.pages import live_pages

PATIENCE = 180_000  # milliseconds: Python starts, on a busy machine
WHOLE_PAGE = 600_000  # all cells run
ARTICLE = re.compile(r"(<article[^>]*>).*?(</article>)", re.DOTALL)
ENDLESS = "while True:\n    pass"
PRINTED = '<div class="output stream"><div class="highlight"><pre>as printed\n</pre></div></div>'
IDLE = "() => !document.querySelector('[aria-busy]')"
GIVEN = """() => [...document.querySelectorAll(".cell")].map(cell => {
    const all = kind => [...cell.querySelectorAll(`.cell_output ${kind}`)]
    const texts = kind => all(kind).map(element => element.textContent)
    return {
        stdout: texts(".stream pre").join(""),
        shown: all(":is(img, .text_plain)").map(element =>
            element.matches("img") ? "a picture" : element.textContent.replace(/\\n$/, "")),
        wrong: texts(":is(.traceback, .stderr)"),
        alt: all("img").map(img => img.alt),
    }
})"""


class Printed(NamedTuple):
    """A cell as the book prints it."""

    source: str
    output: str = ""  # HTML
    tag: str = ""

    def html(self):
        code = f"<pre><span></span>{html.escape(self.source)}\n</pre>"
        code = (
            f'<div class="cell_input docutils container"><div class="highlight">{code}</div></div>'
        )
        given = f'<div class="cell_output docutils container">{self.output}</div>'
        if self.tag == "tag_hide-input":
            code = f'<details class="hide above-input"><summary>Code</summary>{code}</details>'
        return f"""<div class="cell {self.tag} docutils container">
            {code}{given if self.output else ""}</div>"""


def the_pages(quick):
    """Return the live pages as parameters; those that are not quick are marked."""
    return [
        pytest.param(page, id=page.stem, marks=[] if page.stem in quick else pytest.mark.weekly)
        for page in live_pages()
    ]


def printed(page):
    """Return what must stand under each cell of a page: what its notebook stores."""
    notebook = loads((ROOT / page).with_suffix(".ipynb").read_text(encoding="utf-8"))
    return [of_cell(cell) for _, cell in cells_of(notebook, "code")]


def of_cell(cell):
    there = stored(cell.outputs)
    shown = [forms if forms == "a picture" else forms["text/plain"] for forms in there["shown"]]
    return {
        "stdout": there["stdout"],
        "shown": shown,
        "wrong": there["error"],
        "alt": [alt_text(cell)] * shown.count("a picture"),
    }


def texts(live):
    """What each cell prints."""
    return [cell["stdout"] for cell in live.given()]


def trial(cells):
    """Return a page of the site with these cells alone."""
    page = (LIVE.parents[1] / "book" / "prerequisites.html").read_text(encoding="utf-8")
    article = "<h1>A trial</h1>" + "<p>Words.</p>".join(Printed(*cell).html() for cell in cells)
    return ARTICLE.sub(lambda whole: whole[1] + article + whole[2], page)


@dataclass
class LivePage:
    page: Page

    def cell(self, number):
        return self.page.locator(".cell").nth(number - 1)

    def output(self, number):
        return self.cell(number).locator(".cell_output")

    def button(self, words, number=None):
        inside = self.cell(number) if number else self.page.locator(".live-page")
        return inside.get_by_role("button", name=words, exact=True)

    @cached_property
    def status(self):
        return self.page.get_by_role("status").filter(visible=True)

    def run(self, number):
        self.button("Run", number).click()
        self.wait()

    def wait(self, patience=PATIENCE):
        self.page.wait_for_function(IDLE, timeout=patience)

    def write(self, number, source):
        """Put other code into a cell, as a reader does."""
        if self.button("Edit", number).is_visible():
            self.button("Edit", number).click()
        editor = self.cell(number).get_by_role("textbox")
        editor.press("Control+a")
        self.page.keyboard.insert_text(source)

    def given(self):
        """What stands under each cell."""
        return self.page.evaluate(GIVEN)

    def expect_busy(self, *numbers):
        for number in numbers:
            expect(self.cell(number)).to_have_attribute("aria-busy", "true")
            expect(self.output(number)).to_be_empty()
