"""The panel of chapter 2: regions, shares and probabilities are those of the library."""

import numpy as np
import pytest

from softmax_lib import softmax

THREE_WAYS = [[1, -0.5, -0.5], [0, 0.866, -0.866]]
STATES = {
    "three ways": (THREE_WAYS, [0, 0, 0]),
    "biases": (THREE_WAYS, [1, -2, 0.5]),
    "class 2 owns nothing": ([[1, -0.5, 0.3], [0, 0.9, 0.4]], [0, 0, -1]),
    "parallel": ([[-1, 0, 1], [2, 0, -2]], [0, 0.5, 0]),
    "all alike": ([[0.3, 0.3, 0.3], [-1, -1, -1]], [0.2, 0.2, 0.2]),
    "two alike": ([[2, 2, -1], [0, 0, 1]], [0, 0, 0]),
    "alike but for the bias": ([[1, 1, 1], [1, 1, 1]], [0, 0.1, -4]),
    "far out": ([[3, -3, 3], [-3, 3, 3]], [4, -4, 4]),
    "a sliver": ([[3, -3, 0], [0, 0, 0.1]], [0, 0, 0]),
}
MIDDLES = (np.arange(400) + 0.5) / 50 - 4
PLANE = np.stack(np.meshgrid(MIDDLES, MIDDLES), axis=-1).reshape(-1, 2)


@pytest.fixture(scope="module")
def panel_name():
    return "decision-regions"


def probabilities(panel):
    return softmax(panel.state("x") @ np.array(panel.state("W")) + panel.state("b"))


def shows_the_probabilities(panel):
    text = panel.picture.text_content()
    for k, prob in enumerate(probabilities(panel)):
        assert f"class {k}: {prob:.3f}" in text
    panel.says(f"the largest probability is {probabilities(panel).max():.3f}")


@pytest.mark.parametrize(("W", "b"), STATES.values(), ids=STATES)
def test_the_shares_are_those_that_argmax_gives(panel, W, b):
    panel.set(W=W, b=b)
    winners = softmax(PLANE @ W + b).argmax(axis=1)
    counted = np.bincount(winners, minlength=3) / len(PLANE)
    assert panel.ask("shares") == pytest.approx(counted, abs=0.004)
    assert sum(panel.ask("shares")) == pytest.approx(1, abs=1e-12)


def test_the_start_divides_the_square_as_worked_by_hand(panel):
    # Class 0 owns |x₂| ≤ s x₁ with s = 1.5 / 0.866: two triangles, and what lies right of them.
    corner = 4 * 0.866 / 1.5
    share = (corner * 4 + (4 - corner) * 8) / 64
    assert panel.ask("shares")[0] == pytest.approx(share, rel=1e-12)
    panel.says(f"Of the square class 0 owns {100 * share:.1f} %")
    shows_the_probabilities(panel)


def test_keys_take_a_class_all_it_owns(panel):
    panel.element.get_by_role("radio", name="0").focus()
    panel.page.keyboard.press("ArrowLeft")  # round the corner, to class 2
    assert panel.key("its weight for x₁", "ArrowRight", 8) == "0.30"
    assert panel.key("its weight for x₂", "ArrowRight", 13) == "0.40"
    assert panel.key("its bias", "ArrowLeft", 10) == "−1.00"
    panel.says("class 2 owns nothing")
    W, b = np.array(panel.state("W")), panel.state("b")
    assert W[:, 2] == pytest.approx([0.3, 0.4])
    assert 2 not in softmax(PLANE @ W + b).argmax(axis=1)
    shows_the_probabilities(panel)


def test_keys_move_the_point(panel):
    assert panel.key("point x, its x₁", "End") == "4.00"
    assert panel.key("point x, its x₂", "ArrowLeft", 3) == "0.70"
    panel.says("At x = (4.0, 0.7)")
    shows_the_probabilities(panel)


def test_the_same_for_all_three_changes_nothing_but_the_arrows(panel):
    panel.set(b=[0.5, 0, -1])
    W, probs, shares = np.array(panel.state("W")), probabilities(panel), panel.ask("shares")
    for _ in range(12):
        panel.press("Add the same to all three")
        moved = np.array(panel.state("W")) - W
        assert np.ptp(moved, axis=1) == pytest.approx(0, abs=1e-12)
        assert abs(moved).max() > 0.1
        assert abs(np.array(panel.state("W"))).max() <= 3 + 1e-12
        assert abs(np.array(panel.state("b"))).max() <= 4 + 1e-12
        assert panel.ask("shares") == pytest.approx(shares, abs=1e-12)
        assert probabilities(panel) == pytest.approx(probs, rel=1e-12)
    panel.says("The same went to all three: no region moved.")


def test_an_arrow_is_dragged_and_its_sliders_follow(panel):
    panel.drag("2", 30 + 4.3 * 40, 8 + 3.6 * 40)
    assert np.array(panel.state("W"))[:, 2] == pytest.approx([0.3, 0.4])
    assert panel.slider("its weight for x₁").locator("+ output").text_content() == "0.30"
    assert panel.element.get_by_role("radio", name="2").is_checked()
    shows_the_probabilities(panel)


def test_an_arrow_stays_within_its_sliders(panel):
    panel.drag("0", 350, 320)
    assert np.array(panel.state("W"))[:, 0] == pytest.approx([3, -3])


@pytest.mark.only_browser("chromium")
def test_a_finger_drags_the_point_and_not_the_page(panel):
    panel.in_window(0, 0)
    top = panel.page.evaluate("scrollY")
    panel.drag_by_finger("x", 30 + 40, 8 + 40)
    assert panel.state("x") == pytest.approx([-3, 3])
    assert panel.page.evaluate("scrollY") == top
    shows_the_probabilities(panel)


@pytest.mark.parametrize("name", ["three ways", "biases", "class 2 owns nothing"])
def test_the_pair_lines_lie_where_two_logits_tie(panel, name):
    W, b = map(np.array, STATES[name])
    panel.set(W=W.tolist(), b=b.tolist())
    lines = panel.element.locator("svg polyline[stroke-dasharray]").evaluate_all(
        "lines => lines.map((line) => line.getAttribute('points'))"
    )
    assert len(lines) == 3
    for line, (j, k) in zip(lines, [(0, 1), (1, 2), (2, 0)], strict=True):
        ends = np.array([end.split(",") for end in line.split()], dtype=float)
        places = np.column_stack([ends[:, 0] - 30, 328 - ends[:, 1]]) / 40 - 4
        Z = places @ W + b
        assert Z[:, j] == pytest.approx(Z[:, k], abs=0.01)
        assert np.hypot(*np.diff(ends, axis=0)[0]) > 100
