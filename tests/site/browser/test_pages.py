"""Every page, wide and on a phone, light and dark: all checks run on two loads.

Each page is loaded in the colours and the width of a setting. The reader's system goes over to the
other colours meanwhile, and then the window is made as narrow as the smallest phone, or as one that
is zoomed to 200 %.
"""

import pytest

from tests.support import checks
from tests.support.site_pages import CHAPTERS, LANDING, PAGES
from tests.support.window import DESKTOP, PHONE, Setting, narrowed

LOADED = (DESKTOP, Setting("dark", PHONE.width))

SCROLLED = """() => [...document.querySelectorAll(".equation > .math")]
    .filter(box => box.scrollWidth > box.clientWidth).length"""


def test_there_are_pages(site):
    assert {LANDING, *CHAPTERS} <= set(PAGES)


@pytest.mark.parametrize("setting", LOADED, ids=str)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound(visited, path, setting):
    visit = visited(path, setting)
    found = checks.complaints(visit)
    with narrowed(visit.page, setting):
        found |= checks.complaints(visit, checks.LAYOUT, ", narrower")
    assert not found, checks.report(found)


def test_an_equation_that_grows_comes_within_reach(visited):
    """Its font arrives late, or the reader spaces the letters: the box stays as it is."""
    page = visited("book/05-convexity.html", PHONE).page
    scrolled = page.evaluate(SCROLLED)
    page.add_style_tag(content=".katex { letter-spacing: 0.12em !important }")
    assert page.evaluate(SCROLLED) > scrolled
    assert checks.run(page, "cut") == []
