"""The panel of chapter 10: its predictions are made as it says, and measured as in the library."""

import numpy as np
import pytest

from softmax_lib import cross_entropy, softmax
from softmax_lib.metrics import (
    accuracy,
    expected_calibration_error,
    fit_temperature,
    reliability_curve,
)


@pytest.fixture(scope="module")
def panel_name():
    return "reliability-diagram"


def data_of(panel):
    made = panel.ask("data")
    return np.array(made["logits"]), np.array(made["labels"])


def shows_what_the_library_measures(panel):
    (logits, labels), T = data_of(panel), panel.state("temperature")
    probs = softmax(logits, temperature=T)
    panel.says(
        f"At T = {T:.2f} the mean confidence is {probs.max(axis=1).mean():.3f}, ECE "
        f"{expected_calibration_error(probs, labels):.3f}, loss "
        f"{cross_entropy(logits / T, labels):.3f}"
    )
    panel.says(f"The accuracy is {accuracy(labels, logits.argmax(axis=1)):.3f} at every T.")
    words = panel.element.locator("svg text").all_text_contents()
    counts = [str(count) for count in reliability_curve(probs, labels).count]
    assert [word for word in words if word in counts][: len(counts)] == counts


def mulberry32(state):
    """The generator once more, from its description, in integers of 32 bits."""
    while True:
        state = (state + 0x6D2B79F5) % 2**32
        t = (state ^ state >> 15) * (1 | state) % 2**32
        t ^= (t + (t ^ t >> 7) * (61 | t)) % 2**32
        yield (t ^ t >> 14) / 2**32


def test_the_predictions_are_made_as_the_panel_says(panel):
    random, (logits, labels) = mulberry32(1), data_of(panel)
    for row, label in zip(logits, labels, strict=True):
        assert row == pytest.approx([10 * (sum(next(random) for _ in range(3)) - 1.5) for _ in row])
        edges = softmax(row, temperature=2).cumsum()
        assert label == (next(random) >= edges[:2]).sum()


def test_their_boldness_is_2_but_for_chance(panel):
    logits, labels = data_of(panel)
    confidence = softmax(logits, temperature=2).max(axis=1)
    spread = np.sqrt((confidence * (1 - confidence)).sum()) / len(labels)
    assert abs(accuracy(labels, logits.argmax(axis=1)) - confidence.mean()) < 2 * spread
    assert fit_temperature(logits, labels) == pytest.approx(2, rel=0.15)


@pytest.mark.parametrize("factor", [0.1, 1, 7])
def test_the_temperature_fitted_to_them_is_that_of_the_library(panel, factor):
    logits, labels = data_of(panel)
    fitted = panel.calculate("fitTemperature", (factor * logits).tolist(), labels.tolist())
    assert fitted == pytest.approx(fit_temperature(factor * logits, labels), rel=1e-9)


@pytest.mark.parametrize("temperature", [0.25, 0.8, 1, 2, 8])
def test_every_temperature_shows_what_the_library_measures(panel, temperature):
    panel.set(temperature=temperature)
    shows_what_the_library_measures(panel)


def test_keys_move_the_temperature(panel):
    assert panel.key("temperature T", "ArrowRight", 5) == f"{2**0.05:.2f}"
    shows_what_the_library_measures(panel)
    assert panel.key("temperature T", "Home") == "0.25"
    shows_what_the_library_measures(panel)


def test_fit_goes_to_the_lowest_loss(panel):
    logits, labels = data_of(panel)
    panel.press("Fit T")
    assert panel.state("temperature") == pytest.approx(fit_temperature(logits, labels), rel=1e-9)
    panel.says(", the lowest. The accuracy")
    shows_what_the_library_measures(panel)
