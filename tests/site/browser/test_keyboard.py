"""The pages by keyboard alone: every stop is seen and in order, and nothing opens by mouse only."""

import pytest

from tests.support import checks
from tests.support.site_pages import CHAPTERS, LANDING
from tests.support.window import WIDTHS, Setting

CHAPTER = CHAPTERS[2]
DRAWERS = {
    "contents-of-the-book": (".primary-toggle", ".bd-sidebar-primary"),
    "contents-of-the-page": (".secondary-toggle", ".bd-sidebar-secondary"),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", [LANDING, CHAPTER])
def test_every_stop_is_seen_and_the_first_skips_to_the_text(window, site, path, width):
    page = window(Setting("light", width))
    page.goto(site + path)
    stops = checks.walk(page)
    skip = page.get_by_role("link", name="Skip to main content")
    skip.press("Enter")
    page.keyboard.press("Tab")
    found = checks.troubled(stops)
    if "Skip to main content" not in stops[0]["name"]:
        found.append(f"the first stop is {stops[0]['name']}")
    if not checks.run(page, "stop")["inMain"]:
        found.append("the first stop leads elsewhere than to the text")
    assert found == []


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_fold_outs_open(page, site, key):
    page.goto(site + CHAPTER)
    folded = page.locator("article details:not([open]) > summary:visible")
    assert folded.count() > 3
    summary = folded.first.element_handle()
    summary.press(key)
    assert summary.evaluate("summary => summary.parentElement.open")


@pytest.mark.parametrize(("toggle", "sidebar"), DRAWERS.values(), ids=DRAWERS)
def test_a_drawer_opens_and_closes_and_covers_no_stop(window, site, toggle, sidebar):
    page = window(Setting("light", 360))
    page.goto(site + CHAPTER)
    button = page.locator(f"{toggle}:visible").first
    assert not checks.run(page, "isInWindow", sidebar)
    open_by_keyboard(page, button, sidebar)
    assert checks.run(page, "isInWindow", sidebar)
    page.keyboard.press("Escape")
    assert not checks.run(page, "isInWindow", sidebar)
    assert button.evaluate("button => button === document.activeElement")
    open_by_keyboard(page, button, sidebar)
    assert checks.troubled(checks.walk(page, most=100)) == []


def open_by_keyboard(page, button, sidebar):
    """Open a drawer, and wait until the focus is in it."""
    button.press("Enter")
    page.wait_for_function(
        "drawer => document.querySelector(drawer).contains(document.activeElement)",
        arg=sidebar,
        timeout=5000,
    )
