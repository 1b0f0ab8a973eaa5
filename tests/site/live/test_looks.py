"""The states of a live page: no trouble for axe, and no wider than a phone."""

import pytest

from tests.support import checks
from tests.support.window import DESKTOP, Setting

CELLS = [
    ("print('a long line ' * 20)", '<img alt="a line that rises" src="data:,">'),
    ("raise ValueError('no ' * 40)", "", "tag_hide-input"),
]
PARTS = (".cell", ".live-page")


def troubles(live):
    found = [line for part in PARTS for line in checks.accessibility_of(live.page, part)]
    return found + checks.run(live.page, "sideways") + checks.run(live.page, "cut")


@pytest.mark.parametrize("setting", [DESKTOP, Setting("dark", 360)], ids=str)
def test_no_state_has_a_barrier(open_page, setting):
    live = open_page(CELLS, setting)
    found = {"idle": troubles(live)}
    live.page.route(
        "**/python/numpy*", lambda route: found.update(loading=troubles(live)) or route.continue_()
    )
    live.button("Edit", 1).click()
    live.cell(1).get_by_role("textbox").wait_for()
    found["editing"] = troubles(live)
    live.run(1)
    found["answered"] = troubles(live)
    live.run(2)
    found["error"] = troubles(live)
    assert list(found) == ["idle", "editing", "loading", "answered", "error"]
    assert {state: lines for state, lines in found.items() if lines} == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_the_buttons_come_without_moving_the_text(window, site, width):
    places = []
    for script in ("", None):
        page = window(Setting("light", width))
        if script is not None:
            page.route("**/live.js*", lambda route: route.fulfill(body=""))
        page.goto(f"{site}book/01-softmax-vs-hardmax.html")
        places.append(
            page.evaluate(
                """() => [...document.querySelectorAll("article :is(h2, p)")]
                    .filter(e => !e.closest("details:not([open]), .live-page"))
                    .map(e => Math.round(e.getBoundingClientRect().top + scrollY))"""
            )
        )
    assert places[0] == places[1]
