"""The pages of the last `make book` on a server, and windows that several tests share."""

import functools
from pathlib import Path

import pytest

from tests.support import visit
from tests.support.panels import Panel, page_of
from tests.support.server import serve
from tests.support.site_pages import SITE
from tests.support.window import open_window


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site():
    """The pages, in a folder of a host that has nothing else: an address of its root fails."""
    assert SITE.is_dir(), "there are no pages yet: run `make book`"
    with serve(SITE, "/some/where/") as address:
        yield address


@pytest.fixture(scope="session")
def base_url(site):
    """Where pytest-playwright's own windows find a page by its path."""
    return site


@pytest.fixture
def page(window):
    return window()


@pytest.fixture(scope="session")
def windows(browser):
    """One window for each setting."""
    return functools.cache(functools.partial(open_window, browser.new_context))


@pytest.fixture(scope="module")
def loaded(browser, site):
    """Load a page once for all tests of a module."""
    contexts = []

    @functools.cache
    def load(path, **settings):
        window = open_window(browser.new_context, **settings)
        contexts.append(window.page.context)
        window.page.goto(site + path)
        return window

    yield load
    for context in contexts:
        context.close()


@pytest.fixture
def visited(windows, site):
    """Visit a page in one of the settings."""
    return lambda path, setting: visit.pay(windows(setting), site, SITE, path)


@pytest.fixture
def panel(loaded, panel_name):
    """The panel that a module names, as if just opened; nothing may go wrong afterwards."""
    window = loaded(page_of(panel_name), has_touch=True)
    window.forget()
    window.page.set_viewport_size({"width": 1280, "height": 900})
    window.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    panel = Panel(window.page, panel_name)
    panel.restart()
    yield panel
    assert window.trouble == []
