"""The pages work at a host's root too.

All other tests of this folder visit them in a folder of a host, or, `test_from_disk.py`, on a disk.
"""

import pytest

from tests.support.server import serve
from tests.support.site_pages import CHAPTERS, LANDING, SITE
from tests.support.visit import assert_styled

SOME = [LANDING, CHAPTERS[2], "book/api/losses.html"]


@pytest.fixture(scope="module")
def root():
    with serve(SITE) as address:
        yield address


def test_the_root_leads_to_the_landing_page(page, site):
    page.goto(site + "index.html")
    page.wait_for_url("**/" + LANDING)


@pytest.mark.parametrize("path", SOME)
def test_a_page_works_at_the_root_of_a_host(page, root, path):
    page.goto(root + path)
    assert_styled(page)
