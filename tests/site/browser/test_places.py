"""The pages work wherever they lie: at a host's root or on a disk.

All other tests of this folder visit them in a folder of a host.
"""

import pytest

from tests.support.server import serve
from tests.support.site_pages import CHAPTERS, LANDING, SITE

SOME = [LANDING, CHAPTERS[2], "book/api/losses.html"]

IS_STYLED = """() => document.fonts.ready.then(fonts => ({
    styled: getComputedStyle(document.documentElement).getPropertyValue("--pst-color-text-base"),
    missing: [...fonts].filter(font => font.status === "error").map(font => font.family),
}))"""


@pytest.fixture(scope="module")
def root():
    with serve(SITE) as address:
        yield address


def assert_styled(page):
    look = page.evaluate(IS_STYLED)
    assert look["styled"]
    assert look["missing"] == []


def test_the_root_leads_to_the_landing_page(page, site):
    page.goto(site + "index.html")
    page.wait_for_url("**/" + LANDING)


@pytest.mark.parametrize("path", SOME)
def test_a_page_works_at_the_root_of_a_host(page, root, path):
    page.goto(root + path)
    assert_styled(page)


@pytest.mark.parametrize("path", SOME)
def test_a_page_works_from_disk(page, path):
    page.goto((SITE / path).as_uri())
    assert_styled(page)
