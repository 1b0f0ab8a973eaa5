"""The pages by keyboard alone: every stop is seen and in order, and nothing opens by mouse only."""

import pytest

from tests.support import checks
from tests.support.site_pages import CHAPTERS, LANDING

CHAPTER = CHAPTERS[2]


@pytest.fixture(
    params=[(LANDING, 1280), (LANDING, 360), (CHAPTER, 1280), (CHAPTER, 360)],
    ids=lambda place: f"{place[0]}-{place[1]}",
)
def place(request, window, site):
    path, width = request.param
    page = window(width=width)
    page.goto(site + path)
    return page


def test_every_stop_is_seen_and_in_order(place):
    assert checks.run(place, "positiveTabindex") == []
    assert checks.troubled(checks.walk(place)) == []


def test_the_first_stop_skips_to_the_text(place):
    place.keyboard.press("Tab")
    assert "Skip to main content" in checks.run(place, "stop")["name"]
    place.keyboard.press("Enter")
    place.keyboard.press("Tab")
    assert checks.run(place, "stop")["inMain"]


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_fold_outs_open(page, site, key):
    page.goto(site + CHAPTER)
    folded = page.locator("article details:not([open]) > summary:visible")
    assert folded.count() > 3
    summary = folded.first
    details = summary.element_handle().evaluate_handle("summary => summary.parentElement")
    summary.focus()
    page.keyboard.press(key)
    assert details.evaluate("details => details.open")


DRAWERS = [
    (".primary-toggle", ".bd-sidebar-primary"),
    (".secondary-toggle", ".bd-sidebar-secondary"),
]


@pytest.fixture(params=DRAWERS, ids=["contents-of-the-book", "contents-of-the-page"])
def drawer(request, window, site):
    """A page on a phone, with the button and the drawer that it opens."""
    page = window(width=360)
    page.goto(site + CHAPTER)
    button, sidebar = request.param
    return page, page.locator(f"{button}:visible").first, sidebar


def test_a_drawer_opens_and_closes(drawer):
    page, button, sidebar = drawer
    assert not checks.run(page, "isInWindow", sidebar)
    open_by_keyboard(page, button, sidebar)
    assert checks.run(page, "isInWindow", sidebar)
    page.keyboard.press("Escape")
    assert not checks.run(page, "isInWindow", sidebar)
    assert button.evaluate("button => button === document.activeElement")


def test_an_open_drawer_covers_no_stop(drawer):
    page, button, sidebar = drawer
    open_by_keyboard(page, button, sidebar)
    assert checks.troubled(checks.walk(page, most=100)) == []


def open_by_keyboard(page, button, sidebar):
    """Open a drawer, and wait until the focus is in it."""
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "drawer => document.querySelector(drawer).contains(document.activeElement)",
        arg=sidebar,
        timeout=5000,
    )
