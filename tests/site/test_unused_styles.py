"""The site's style sheet has the rules that a page or a script can need, and no others."""

import re
import zlib
from pathlib import Path

import pytest

from tools.book_ext.unused_styles import without_unused, words_of

pytestmark = pytest.mark.built

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
WORDS = words_of('<p class="panel wide" id="main-text">two words</p>; list.add("open")')


def squeezed(sheet):
    return re.sub(r"\s", "", sheet)


@pytest.mark.parametrize(
    "rule",
    [
        "p { color: red }",
        ".panel.wide > p, #main-text::before { color: red }",
        ".panel:not(.narrow) { color: red }",
        ":is(.panel, .narrow) { color: red }",
        "[class*=nar] { color: red }",
        ".open { background: url(a.svg) }",
        ".bs-tooltip-top { color: red }",
        "@font-face { font-family: narrow }",
        "@keyframes narrow { from { opacity: 0 } }",
        "/*! a licence */",
    ],
)
def test_what_a_page_can_need_stays(rule):
    assert squeezed(without_unused(rule, WORDS)) == squeezed(rule)


@pytest.mark.parametrize(
    "rule",
    [
        ".narrow { color: red }",
        ".panel .narrow p { color: red }",
        "#main { color: red }",
        "@media print { .narrow { color: red } }",
        "@supports (color: red) { @media print { .narrow { color: red } } }",
    ],
)
def test_what_no_page_can_need_goes(rule):
    assert without_unused(rule, WORDS) == ""


def test_a_list_of_selectors_keeps_those_in_use():
    sheet = "@media print { .narrow, .panel, #main { color: red } }"
    assert squeezed(without_unused(sheet, WORDS)) == "@mediaprint{.panel{color:red}}"


def test_a_damaged_sheet_is_an_error():
    with pytest.raises(ValueError, match="line 2"):
        without_unused("p { color: red }\n.panel", WORDS)


def test_the_site_has_the_short_sheet_and_its_checksum():
    sheet = (SITE / "_static" / "bundle.css").read_text(encoding="utf-8")
    pages = [path.read_text(encoding="utf-8") for path in SITE.rglob("*.html")]
    scripts = [path.read_text(encoding="utf-8") for path in SITE.rglob("*.js")]
    words = set().union(*map(words_of, pages + scripts))
    assert without_unused(sheet, words) == sheet
    checksums = {match for page in pages for match in re.findall(r"bundle\.css\?v=(\w+)", page)}
    assert checksums == {f"{zlib.crc32(sheet.encode()):08x}"}
