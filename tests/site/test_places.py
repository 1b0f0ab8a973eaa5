"""The pages work wherever they lie: at a host's root, in a folder of it, or in a folder on disk."""

import pytest
from server import serve
from site_pages import CHAPTERS, LANDING, PAGES, SITE

SOME = [LANDING, CHAPTERS[2], "book/api/losses.html"]

IS_STYLED = """() => document.fonts.ready.then(fonts => ({
    styled: getComputedStyle(document.querySelector("html")).getPropertyValue("--pst-color-text-base"),
    missing: [...fonts].filter(font => font.status === "error").map(font => font.family),
}))"""


def assert_styled(page):
    look = page.evaluate(IS_STYLED)
    assert look["styled"]
    assert look["missing"] == []


def test_the_root_leads_to_the_landing_page(page, site):
    page.goto(site + "index.html")
    page.wait_for_url("**/" + LANDING)


def test_every_page_works_in_a_folder_of_a_host(page):
    with serve(SITE, "/some/where/") as address:
        for path in PAGES:
            page.goto(address + path)
        assert_styled(page)


@pytest.mark.parametrize("path", SOME)
def test_a_page_works_from_disk(page, path):
    page.goto((SITE / path).as_uri())
    assert_styled(page)
