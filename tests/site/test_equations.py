"""The built pages number the equations as the notebooks do, and say them to a screen reader."""

import re
from pathlib import Path

import pytest

from tools.book_ext import equations
from tools.notebooks import rules

pytestmark = pytest.mark.built

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html" / "book"
NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
NUMBERED = re.compile(
    r'<div class="equation" id="([^"]+)"><div class="math"[^>]* aria-label="Equation ([^"]+)">'
    r'(.*?)</div><a class="eqno" href="#([^"]+)"[^>]*>\(([^)]+)\)</a></div>',
    re.DOTALL,
)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_tag_is_a_number_beside_its_equation(path):
    html = (SITE / f"{path.stem}.html").read_text(encoding="utf-8")
    built = NUMBERED.findall(html)
    tags = rules.TAG.findall(path.read_text(encoding="utf-8"))
    assert [number for *_, number in built] == tags
    for address, name, equation, link, number in built:
        assert name == number
        assert address == link == equations.anchor(number)
        assert html.count(f'id="{address}"') == 1
        assert "<math" in equation
        assert r"\tag" not in equation
