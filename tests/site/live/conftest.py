"""The pages of the last `make site` on a server, in Chromium, with no other host in reach."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.live import PATIENCE, LivePage, trial
from tests.support.server import serve
from tests.support.site_pages import LIVE
from tests.support.window import open_window


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.live)


@pytest.fixture(scope="session", autouse=True)
def patient():
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5000)


@pytest.fixture(scope="session")
def site():
    if not LIVE.is_dir():
        pytest.skip("there is no _build/site: make site PYODIDE=folder")
    with serve(LIVE.parents[1], "/some/where/") as address:
        yield address


@pytest.fixture(scope="session")
def base_url(site):
    """Where pytest-playwright's own windows find a page by its path."""
    return site


def show(page, site, cells):
    address = f"{site}book/trial.html"
    page.context.route(
        address, lambda route: route.fulfill(body=trial(cells), content_type="text/html")
    )
    page.goto(address)
    return LivePage(page)


@pytest.fixture
def open_page(window, site):
    """Open a page with these cells; it must not complain."""
    return lambda cells, *setting: show(window(*setting), site, cells)


@pytest.fixture
def open_troubled(new_context, site):
    """Open a page with these cells, whose requests a test may break."""

    def open_one(cells, prepare):
        page = open_window(new_context).page
        prepare(page)
        return show(page, site, cells)

    return open_one
