"""The panel of one prediction: loss, gradient and steps are those of the library."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from softmax_lib import cross_entropy_and_gradient, softmax

PREDICTION = [0.3, 0.2, 0.1, 0.4]  # the lecture's


@pytest.fixture(scope="module")
def panel_name():
    return "push-and-pull"


def shows(panel, logits, truth=1):
    """The picture and the sentence say what the library computes."""
    loss, gradient = cross_entropy_and_gradient(np.array(logits, dtype=float), truth)
    for prob in softmax(logits):
        shown = panel.picture.locator("text", has_text=re.compile(rf"^{prob:.3f}$"))
        expect(shown.first).to_be_attached()
    expect(panel.picture).to_contain_text(f"= {loss:.4f}")
    panel.says(f"The loss is {loss:.4f}, ")
    panel.says(f"absolute sum {abs(gradient).sum():.3f} = 2(1 − ")
    panel.says(f"up by {-gradient[truth]:.3f} and pushes")


def test_the_lectures_prediction_is_worse_than_guessing(panel):
    shows(panel, np.log(PREDICTION))
    panel.says("1.6094, worse than guessing")
    expect(panel.picture).to_contain_text("ln 4 = 1.3863")


def test_a_key_raises_the_logit_of_cat(panel):
    assert panel.key("logit of cat", "ArrowRight", 5) == "−1.10"
    logits = panel.state("logits")
    assert logits[1] == pytest.approx(-1.1)
    shows(panel, logits)
    panel.says("better than guessing")


def test_another_truth_by_the_keyboard(panel):
    panel.element.get_by_role("radio", name="cat").press("ArrowRight")
    shows(panel, np.log(PREDICTION), truth=2)
    panel.says("pulls dog up")


def test_a_step_moves_the_logits_against_the_gradient(panel):
    logits = np.log(PREDICTION)
    for _ in range(3):
        panel.press("Step against the gradient")
        logits = logits - cross_entropy_and_gradient(logits, 1)[1]
        np.testing.assert_allclose(panel.state("logits"), logits, rtol=1e-12)
        shows(panel, logits)


def test_a_bar_dragged_up_leaves_the_others_their_proportions(panel):
    # The bars are 124 units high: half of that raises cat from 0.2 to 0.7.
    x, y = panel.middle(1)
    panel.drag(1, x, y - 62)
    probs = softmax(panel.state("logits"))
    assert probs[1] == pytest.approx(0.7, abs=0.002)
    assert probs[[0, 2, 3]] / (1 - probs[1]) == pytest.approx(np.array([3, 1, 4]) / 8)
    shows(panel, panel.state("logits"))
