"""Nothing is lost on a narrow screen: the page never scrolls sideways, and hides no text."""

import pytest

from tests.support import checks
from tests.support.site_pages import PAGES
from tests.support.window import open_window

SCROLLED = """() => [...document.querySelectorAll(".equation > .math")]
    .filter(box => box.scrollWidth > box.clientWidth).length"""


def test_nothing_is_lost(visit):
    assert checks.run(visit.page, "sideways") == []
    assert checks.run(visit.page, "cut") == []
    assert checks.run(visit.page, "cutFormulas") == []


def test_no_line_begins_with_the_punctuation_of_a_formula(visit):
    assert checks.run(visit.page, "strayPunctuation") == []


def test_an_equation_that_grows_comes_within_reach(window, site):
    """Its font arrives late, or the reader spaces the letters: the box stays as it is."""
    page = window(width=360)
    page.goto(site + "book/02-logistic-to-softmax.html")
    scrolled = page.evaluate(SCROLLED)
    page.add_style_tag(content=".katex { letter-spacing: 0.12em !important }")
    assert page.evaluate(SCROLLED) > scrolled
    assert checks.run(page, "cut") == []


@pytest.fixture(scope="module")
def small(browser):
    return open_window(browser, width=320, height=640).page


@pytest.fixture(scope="module")
def zoomed(browser):
    """A desktop's window of 1280 pixels at 200 %."""
    return open_window(browser, width=640, height=450, device_scale_factor=2).page


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_lost_on_the_smallest_phone(small, site, path):
    small.goto(site + path)
    assert checks.run(small, "sideways") == []
    assert checks.run(small, "cut") == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_lost_at_twice_the_size(zoomed, site, path):
    zoomed.goto(site + path)
    assert checks.run(zoomed, "sideways") == []
    assert checks.run(zoomed, "cut") == []
    assert checks.run(zoomed, "overlapping") == []
