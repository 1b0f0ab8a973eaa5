"""Light or dark, as the reader asks: the button tries each, and the choice lasts."""

from tests.support.site_pages import CHAPTERS, LANDING
from tests.support.window import Setting

MODE = "document.documentElement.dataset.mode"
THEME = "document.documentElement.dataset.theme"


def press(page):
    page.locator(".theme-switch-button:visible").click()
    return page.evaluate(MODE)


def test_the_button_goes_round(page, site):
    page.goto(site + LANDING)
    assert sorted(press(page) for _ in range(3)) == ["auto", "dark", "light"]


def test_the_choice_lasts(page, site):
    page.goto(site + LANDING)
    assert "dark" in (press(page) for _ in range(3))
    page.goto(site + CHAPTERS[0])
    assert page.evaluate(THEME) == "dark"
    page.reload()
    assert page.evaluate(THEME) == "dark"


def test_without_a_choice_the_system_decides(window, site):
    for scheme in ("light", "dark"):
        page = window(Setting(scheme, 1280))
        page.goto(site + LANDING)
        assert page.evaluate(THEME) == scheme
