"""Links as the browser sees them, those included that scripts make."""

import pytest

from tests.support import checks
from tests.support.site_pages import CHAPTERS, SITE


def test_every_link_inside_a_page_leads_somewhere(visit):
    assert checks.run(visit.page, "deadAnchors") == []
    assert checks.run(visit.page, "repeatedIds") == []


def test_every_link_to_another_page_leads_somewhere(visit, site):
    files = [
        address.removeprefix(site)
        for address in checks.run(visit.page, "addresses")
        if address.startswith(site)
    ]
    assert [path for path in files if not (SITE / path).is_file()] == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", CHAPTERS)
def test_the_contents_lead_to_a_heading_in_view(window, site, path, width):
    page = window(width=width)
    page.goto(site + path)
    assert checks.run(page, "headingsOutOfView") == []
