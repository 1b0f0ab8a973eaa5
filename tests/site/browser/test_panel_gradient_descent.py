"""The panel of chapter 5: its walks and thresholds are those of the library."""

import numpy as np
import pytest

from softmax_lib import cross_entropy, cross_entropy_and_gradient, softmax_jacobian

GRID = [
    (rate, share, start)
    for rate in (1, 7.9, 12, 21)
    for share, start in ((0.5, 0.3), (0.8, -6), (0.95, 6))
]


@pytest.fixture(scope="module")
def panel_name():
    return "gradient-descent"


def cost(z, share):
    return cross_entropy([[z, 0.0]], [[share, 1 - share]])


def walk(rate, share, start, steps):
    places = [start]
    for _ in range(steps):
        _, gradient = cross_entropy_and_gradient([[places[-1], 0.0]], [[share, 1 - share]])
        places.append(places[-1] - rate * gradient[0, 0])  # the other logit stays 0
    return places


def curvature(z):
    return softmax_jacobian([z, 0.0])[0, 0]


def shows_where_it_is(panel):
    z = panel.ask("walk")[-1]
    panel.says(f"After {panel.state('steps')} steps, at z = {z:.2f}".replace("-", "−"))
    panel.says(f" with cost {cost(z, panel.state('share')):.4f}")


@pytest.mark.parametrize(("rate", "share", "start"), GRID)
def test_a_walk_goes_as_the_librarys_gradient_says(panel, rate, share, start):
    steps = 30 if rate < 2 / (share * (1 - share)) else 8  # beyond, rounding errors grow
    panel.set(rate=rate, share=share, start=start, steps=steps)
    assert panel.ask("walk") == pytest.approx(walk(rate, share, start, steps), rel=1e-9, abs=1e-9)
    shows_where_it_is(panel)


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9, 0.95])
def test_both_thresholds_come_from_the_librarys_curvature(panel, share):
    panel.set(share=share)
    assert panel.ask("limit") == pytest.approx(2 / curvature(np.log(share / (1 - share))))
    sharpest = max(curvature(z) for z in np.linspace(-8, 8, 161))
    picture = panel.picture.text_content()
    assert f"always down: below {2 / sharpest:.0f}" in picture
    assert f"settles: below {panel.ask('limit'):.1f}" in picture


@pytest.mark.parametrize(("rate", "share", "start"), [(r, q, s) for r, q, s in GRID if r < 8])
def test_below_the_promise_each_step_goes_down(rate, share, start):
    costs = [cost(z, share) for z in walk(rate, share, start, 30)]
    assert max(np.diff(costs)) <= 1e-15


@pytest.mark.parametrize("share", [0.5, 0.6, 0.8, 0.9, 0.95])
def test_below_the_threshold_every_walk_settles(panel, share):
    """The panel says "on its way" of these walks. So they must all arrive, whatever the start."""
    states = [
        {"rate": part * 2 / (share * (1 - share)), "share": share, "start": z, "steps": 600}
        for part in np.linspace(0.4, 0.97, 9)
        for z in (-6, -1.3, 0.4, 5)
    ]
    words = panel.page.evaluate("states => states.map(Panels['gradient-descent'].words)", states)
    assert [text for text in words if "it has settled at the bottom" not in text] == []


def test_above_it_the_walk_ends_in_the_librarys_two_cycle(panel):
    panel.set(rate=24, share=0.9, start=-2, steps=200)
    *_, other, z = walk(24, 0.9, -2, 200)
    assert abs(z - other) > 1
    panel.says(f"it hops between z = {z:.2f} and z = {other:.2f}: a two-cycle")


@pytest.mark.parametrize(
    ("rate", "share", "start", "steps", "verdict"),
    [
        (12, 0.9, -2, 3, "is above 8 and below 22.2. "),
        (12, 0.9, -2, 3, "it is on its way to the bottom"),
        (7.9, 0.5, 3, 300, "is below 8: each step goes down. "),
        (21.9, 0.9, -2, 300, "it has settled at the bottom"),
        (29, 0.9, -2, 200, "it repeats itself every 4 steps"),
        (100, 0.9, -2, 200, "it repeats itself every 10 steps"),
        (36, 0.9, -2, 200, "it repeats itself every 3 steps"),
        (45, 0.9, -2, 900, "it keeps jumping"),
        (45, 0.9, -2, 5, "it has not come to rest"),
        (10, 0.5, 0, 40, "it balances on the bottom, where any nudge would grow"),
    ],
)
def test_the_words_say_where_it_ends(panel, rate, share, start, steps, verdict):
    panel.set(rate=rate, share=share, start=start, steps=steps)
    panel.says(verdict)
    if "every" in verdict:
        period, places = int(verdict.split()[-2]), panel.ask("walk")
        assert places[-1] == pytest.approx(places[-1 - period], abs=0.01)
        assert all(abs(places[-1] - places[-1 - k]) > 0.01 for k in range(1, period))


def test_keys_move_rate_share_and_start(panel):
    assert panel.key("learning rate η", "ArrowRight") == "12.3"
    assert panel.key("share q of class 0", "ArrowLeft", 10) == "0.80"
    assert panel.key("start z", "End") == "6.0"
    assert panel.ask("walk") == pytest.approx(walk(10**1.09, 0.8, 6, 3))
    panel.says("Learning rate 12.3 is above 8 and below 12.5")
    shows_where_it_is(panel)


def test_step_and_run(panel):
    panel.press("Step")
    shows_where_it_is(panel)
    assert panel.state("steps") == 4
    panel.press("Run 40 steps")
    assert panel.state("steps") == 44
    panel.says(f"After 44 steps, at z = {np.log(9):.2f}")
    panel.says("it has settled at the bottom")
    shows_where_it_is(panel)


@pytest.mark.parametrize(
    "way", ["drag", pytest.param("drag_by_finger", marks=pytest.mark.only_browser("chromium"))]
)
def test_the_start_is_dragged_along_the_curve(panel, way):
    panel.set(steps=0)  # so that the window stays: z from −6.3 to 6.3 over 310 units
    panel.in_window(0, 0)
    top = panel.page.evaluate("scrollY")
    getattr(panel, way)("start", 195 + 3 / 6.3 * 155, 150)
    assert panel.state("start") == pytest.approx(3)
    assert panel.page.evaluate("scrollY") == top
    shows_where_it_is(panel)


def test_a_start_dragged_out_of_the_picture_stays_on_its_slider(panel):
    panel.drag("start", -100, 150)
    assert panel.state("start") == -6
