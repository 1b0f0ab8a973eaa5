"""The panel of the landing page: its probabilities are those of the library."""

import numpy as np
import pytest

from softmax_lib import hardmax, softmax

CLASSES = ["other", "cat", "dog", "chick"]


@pytest.fixture(scope="module")
def panel_name():
    return "softmax-bars"


def shows_what_the_library_says(panel):
    logits, temperature = np.array(panel.state("logits")), panel.state("temperature")
    picture = panel.picture.text_content()
    for name, prob in zip(CLASSES, softmax(logits, temperature=temperature), strict=True):
        assert f"{name}{prob:.3f}" in picture
        panel.says(f" gives {prob:.3f}")
    panel.says(f"Hardmax gives all to {CLASSES[hardmax(logits).argmax()]}.")


@pytest.mark.parametrize("temperature", [0.1, 1, 7, 100])
@pytest.mark.parametrize("logits", [[5, 2, -1, 3], [0, 0, 0, 0], [-10, 10, 10, -10]], ids=str)
def test_every_setting_shows_the_librarys_softmax(panel, logits, temperature):
    panel.set(logits=logits, temperature=temperature)
    shows_what_the_library_says(panel)


def test_keys_move_logits_and_temperature(panel):
    assert panel.key("logit of cat", "End") == "10.0"
    assert panel.state("logits") == [5, 10, -1, 3]
    panel.says("Hardmax gives all to cat.")
    assert panel.key("temperature T", "ArrowRight", 10) == f"{10**0.1:.3g}"
    shows_what_the_library_says(panel)
