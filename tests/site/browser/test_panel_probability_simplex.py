"""The panel of the triangle: losses, gradients and steps are those of the library."""

import numpy as np
import pytest
from playwright.sync_api import expect

from softmax_lib import (
    cross_entropy,
    cross_entropy_and_gradient,
    load_penguins,
    softmax,
    softmax_jacobian,
)
from softmax_lib.losses import entropy

CLASSES = ["Adelie", "Chinstrap", "Gentoo"]
LABELS = load_penguins().y
SHARES = np.bincount(LABELS) / len(LABELS)


@pytest.fixture(scope="module")
def panel_name():
    return "probability-simplex"


def shows_what_the_library_says(panel):
    logits, chosen = np.array(panel.state("logits")), int(panel.state("target"))
    target = SHARES if chosen == 3 else np.eye(3)[chosen]
    loss, gradient = cross_entropy_and_gradient(logits, target)
    for name, prob in zip(CLASSES, softmax(logits), strict=True):
        expect(panel.picture).to_contain_text(f"{name} {prob:.3f}")
    size, start = np.linalg.norm(gradient), softmax_jacobian(logits) @ -gradient
    cosine = -gradient @ start / size / np.linalg.norm(start)
    panel.says(f"loss is {loss:.4f}")
    panel.says(f"less than {entropy(target):.4f}")
    panel.says(
        f"{size:.3f} long; a small step sets off {np.degrees(np.arccos(cosine)):.0f}° beside"
    )


def test_it_starts_as_the_library_says(panel):
    np.testing.assert_allclose(softmax(panel.state("logits")), [0.05, 0.8, 0.15], rtol=1e-12)
    shows_what_the_library_says(panel)


@pytest.mark.parametrize("target", CLASSES)
def test_each_corner_can_be_the_target(panel, target):
    panel.element.get_by_role("radio", name=target).check()
    shows_what_the_library_says(panel)


def test_a_key_moves_the_prediction(panel):
    before = panel.state("logits")[2]
    panel.key("logit of Gentoo", "ArrowRight")
    assert 0 < panel.state("logits")[2] - before < 0.2
    shows_what_the_library_says(panel)


def test_steps_go_as_the_librarys_gradient_says(panel):
    logits = np.array(panel.state("logits"))
    assert panel.key("learning rate", "ArrowRight") == "0.6"
    panel.press("Step")
    logits = logits - 0.6 * cross_entropy_and_gradient(logits, SHARES)[1]
    np.testing.assert_allclose(panel.state("logits"), logits, rtol=1e-12)
    shows_what_the_library_says(panel)
    panel.says("After 1 step the prediction")


def test_a_run_ends_at_the_target_and_stays_there(panel):
    panel.press("Run")
    at_the_end = panel.state("logits")
    assert cross_entropy(at_the_end, SHARES) == pytest.approx(entropy(SHARES), abs=5e-5)
    panel.says("It has reached the target")
    panel.press("Step")
    assert panel.state("logits") == at_the_end


def test_the_prediction_is_dragged_to_where_the_pointer_is(panel):
    # A side of the triangle is 284 units: half of it to the left gives half to Adelie.
    x, y = panel.middle("prediction")
    panel.drag("prediction", x - 142, y)
    assert softmax(panel.state("logits")) == pytest.approx([0.55, 0.3, 0.15], abs=0.005)
    shows_what_the_library_says(panel)


def test_dragged_out_of_the_triangle_every_class_keeps_a_little(panel):
    x, y = panel.middle("prediction")
    panel.drag("prediction", x + 400, y)
    probs = softmax(panel.state("logits"))
    assert probs[1] > 0.8
    assert probs.min() > 0.001
    shows_what_the_library_says(panel)
