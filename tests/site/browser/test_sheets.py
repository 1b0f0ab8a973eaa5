"""A sheet to print, on a screen and on paper."""

from io import BytesIO

from pypdf import PdfReader

from tests.support import checks
from tests.support.site_pages import SITE
from tests.support.visit import pay
from tests.support.window import PHONE

NAME = "sheets/03-cross-entropy.html"


def test_a_sheet_is_sound_and_its_key_begins_other_paper(windows, site):
    visit = pay(windows(PHONE), site, SITE, NAME)
    found = checks.complaints(visit)
    assert not found, checks.report(found)
    printed = PdfReader(BytesIO(visit.page.pdf(format="A4", prefer_css_page_size=True)))
    sheets = [sheet.extract_text() for sheet in printed.pages]
    key = [number for number, text in enumerate(sheets) if text.startswith("Key: 3. ")]
    assert len(key) == 1
    assert 1 <= key[0] <= 3
    assert len(sheets) - key[0] <= 2
