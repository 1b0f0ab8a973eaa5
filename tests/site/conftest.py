"""Windows of the browser: `browser`, `new_context` and `--browser` are pytest-playwright's."""

import pytest

from tests.support.site_pages import ROOT
from tests.support.window import chromium_launch_args, open_window


def pytest_configure(config):
    if config.option.output == "test-results":  # pytest-playwright's default
        config.option.output = str(ROOT / "_build" / "browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, browser_name):
    """Debian's Chromium; another browser has to be Playwright's own."""
    own = chromium_launch_args() if browser_name == "chromium" else {}
    return browser_type_launch_args | own


@pytest.fixture
def window(new_context):
    """Open windows; a test passes only if nothing went wrong in them."""
    windows = []

    def open_one(*setting, **more):
        windows.append(open_window(new_context, *setting, **more))
        return windows[-1].page

    yield open_one
    assert [words for window in windows for words in window.trouble] == []
