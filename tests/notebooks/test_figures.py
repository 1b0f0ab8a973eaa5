"""Another processor may change the edges in a figure; what a reader could see, it may not."""

import numpy as np
import pytest

from tests.support.pictures import line, png
from tools.notebooks.figures import difference, look_same


def label(text):
    return lambda axes: axes.text(0.2, 0.7, text, fontsize=9)


def points(shift=0.0):
    x, y = np.random.default_rng(0).normal(size=(2, 60))
    x[0] += shift
    return lambda axes: (axes.scatter(x, y, s=9), axes.set_xlim(-3, 3))


def regions(shift=0.0):
    x, y = np.meshgrid(np.linspace(-1, 1, 200), np.linspace(-1, 1, 200))
    return lambda axes: axes.pcolormesh(x, y, 0.37 * x + 0.71 * y + shift > 0.1)


@pytest.mark.parametrize(
    ("draw", "redraw"),
    [
        (line(), line()),
        (line(), line(1e-9)),  # another BLAS
        (line(), line(5e-4)),  # a tenth of a pixel: only the edge's grey changes
        (points(), points(1e-9)),
        (regions(), regions(1e-12)),  # a tie decided the other way: one cell of the grid
    ],
)
def test_what_no_reader_could_see_looks_the_same(draw, redraw):
    assert look_same(png(draw), png(redraw))


@pytest.mark.parametrize(
    ("draw", "redraw"),
    [
        (line(), line(0.01)),  # 1 part in 300 of the axis
        (points(), points(0.03)),  # one small point of sixty
        (regions(), regions(1e-3)),
        *((label(f"96.{a} %"), label(f"96.{b} %")) for a, b in ["38", "56", "69", "01"]),
        (lambda axes: axes.bar([0], [1], color="C0"), lambda axes: axes.bar([0], [1], color="C1")),
    ],
)
def test_what_a_reader_could_see_does_not(draw, redraw):
    assert not look_same(png(draw), png(redraw))


def test_pictures_of_two_sizes_do_not_look_the_same():
    assert not look_same(png(line(), dpi=72), png(line(), dpi=73))


def test_the_difference_is_told():
    assert difference(png(line()), png(line())) == ""
    moved = difference(png(line()), png(line(0.1)))
    assert moved.endswith(" of its 432 × 288 pixels visibly differ")
    assert int(moved.partition(" ")[0]) > 100
    larger = difference(png(line(), dpi=72), png(line(), dpi=73))
    assert larger == "it is 438 × 292 pixels in place of 432 × 288"
