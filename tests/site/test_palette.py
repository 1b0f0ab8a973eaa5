"""The palette in both themes: text and classes stand out from the page."""

import re

import pytest

from softmax_lib.plots import COLOURS
from tools.book_ext import palette

RULES = dict(re.findall(r"(\S[^{]*) \{(.*?)\}", palette.style_sheet(), re.DOTALL))
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w+);", RULES[selector]))
    for selector in (":root", 'html[data-theme="dark"]')
)


def test_contrast_is_that_of_the_standard():
    assert palette.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert palette.contrast("#777777", "#777777") == 1
    assert palette.contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "muted", "class-0", "class-1"])
def test_what_is_read_has_a_contrast_of_four_and_a_half_to_one(theme, ink):
    assert palette.contrast(theme[ink], theme["paper"]) >= 4.5


def test_every_class_has_its_own_colour_in_both_themes():
    for theme, ratio in ((LIGHT, 3), (DARK, 4.5)):
        colours = [theme[f"class-{k}"] for k in range(len(COLOURS))]
        assert len(set(colours)) == len(COLOURS)
        assert min(palette.contrast(colour, theme["paper"]) for colour in colours) >= ratio


def test_light_colours_are_those_of_the_figures():
    assert [LIGHT[f"class-{k}"] for k in range(len(COLOURS))] == list(COLOURS)


def test_a_colour_that_cannot_stand_out_is_named():
    with pytest.raises(ValueError, match="no tint of #eeeeee"):
        palette.lightened("#eeeeee", background="#ffffff")
