"""Every page in every setting: loaded once, and all checks run on that load.

Then the window is made as narrow as the smallest phone, or as one that is zoomed to 200 %.
"""

import pytest

from tests.support import checks
from tests.support.site_pages import CHAPTERS, LANDING, PAGES
from tests.support.window import NARROWED, PHONE, SETTINGS, narrowed

SCROLLED = """() => [...document.querySelectorAll(".equation > .math")]
    .filter(box => box.scrollWidth > box.clientWidth).length"""


def test_there_are_pages(site):
    assert {LANDING, *CHAPTERS} <= set(PAGES)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound(visited, path, setting):
    visit = visited(path, setting)
    found = checks.complaints(visit)
    if setting in NARROWED:
        with narrowed(visit.page, setting):
            found |= checks.complaints(visit, checks.LAYOUT, ", narrower")
    assert not found, checks.report(found)


def test_an_equation_that_grows_comes_within_reach(visited):
    """Its font arrives late, or the reader spaces the letters: the box stays as it is."""
    page = visited("book/02-logistic-to-softmax.html", PHONE).page
    scrolled = page.evaluate(SCROLLED)
    page.add_style_tag(content=".katex { letter-spacing: 0.12em !important }")
    assert page.evaluate(SCROLLED) > scrolled
    assert checks.run(page, "cut") == []
