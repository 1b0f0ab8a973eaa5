"""A server and a browser for the tests of this folder, which need Debian's package chromium.

The pages are those of the last `make book`. Tests that look at every page share one visit to it:
pytest runs those with the same visit one after the other.
"""

import functools
from collections import namedtuple
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.support.server import serve
from tests.support.site_pages import PAGES, SITE
from tests.support.window import SETTINGS, launch, open_window

Visit = namedtuple("Visit", "path page trouble")


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
def browser():
    with sync_playwright() as playwright:
        yield launch(playwright)


@pytest.fixture
def window(browser):
    """Open windows; a test passes only if nothing went wrong in them."""
    windows = []

    def open_one(**settings):
        windows.append(open_window(browser, **settings))
        return windows[-1].page

    yield open_one
    for window in windows:
        window.page.context.close()
    assert [words for window in windows for words in window.trouble] == []


@pytest.fixture
def page(window):
    return window()


@pytest.fixture(scope="session")
def windows(browser):
    """One window for each setting."""
    return functools.cache(lambda setting: open_window(browser, *setting))


@pytest.fixture(
    scope="session",
    params=[(path, *setting) for setting in SETTINGS for path in PAGES],
    ids=lambda visit: "-".join(map(str, visit)),
)
def visit(request, windows, site):
    """A page, loaded in one of the four settings, and the trouble that it made."""
    path, *setting = request.param
    window = windows(tuple(setting))
    window.trouble.clear()
    window.page.goto(site + path)
    return Visit(path, window.page, window.trouble)
