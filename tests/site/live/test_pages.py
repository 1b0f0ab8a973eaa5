"""Chapters in the browser: every cell gives what is printed."""

import pytest

from tests.support.given import stored
from tests.support.live import LivePage
from tools.notebooks.canonical import loads
from tools.notebooks.contents import ROOT
from tools.notebooks.views import alt_text, cells_of
from tools.site.pages import live_pages

SHORT = {"prerequisites", "01-softmax-vs-hardmax", "03-cross-entropy"}


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.stem, marks=[] if page.stem in SHORT else pytest.mark.every_page)
        for page in live_pages()
    ],
)
def test_every_cell_gives_what_is_printed(window, site, page):
    live = LivePage(window())
    live.page.goto(f"{site}{page.as_posix()}")
    live.page.evaluate(
        "document.querySelectorAll('.cell_output').forEach(o => o.replaceChildren())"
    )
    live.button("Run all above").click()
    live.page.wait_for_function("() => !document.querySelector('[aria-busy]')", timeout=300_000)
    notebook = loads((ROOT / page).with_suffix(".ipynb").read_text(encoding="utf-8"))
    expected = [on_the_page(cell) for _, cell in cells_of(notebook, "code")]
    assert live.given() == expected


def on_the_page(cell):
    there = stored(cell.outputs)
    shown = [forms if forms == "a picture" else forms["text/plain"] for forms in there["shown"]]
    return {
        "stdout": there["stdout"],
        "shown": shown,
        "wrong": [],
        "alt": [alt_text(cell)] * shown.count("a picture"),
    }
