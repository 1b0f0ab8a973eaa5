"""The arithmetic that the panels share is that of the library."""

import numpy as np
import pytest

from softmax_lib import cross_entropy_and_gradient, softmax, softmax_jacobian
from softmax_lib.losses import entropy
from softmax_lib.metrics import expected_calibration_error, fit_temperature, reliability_curve

LOGITS = [[5, 2, -1, 3], [0, 0, 0, 0], [-1.2, 0.4, 6, -6], [0, -800, 800, 3], [1e-9, 0, -1e-9, 700]]
CHANGES = [[1, 0, 0, 0], [0.3, -0.8, 0.1, 0.4], [0, -1, 1, 0], [-2, 5, 7, 1], [1, 1, 1, 1]]
PREDICTION = [0.3, 0.2, 0.1, 0.4]  # the lecture's
TARGETS = [[0, 1, 0, 0], PREDICTION, [0.25] * 4, [0.5, 0, 0, 0.5], [0, 0, 0, 1]]

ROWS = np.random.default_rng(0).normal(scale=[[1], [4], [30]], size=(40, 3, 4)).reshape(-1, 4)
DRAWN = np.random.default_rng(1).integers(4, size=120)
DATA = {
    "many": (ROWS, DRAWN),
    "one": ([[1.0, 0.0]], [1]),
    "certain, and wrong": ([[1000.0, 0.0], [0.0, 1000.0]], [1, 1]),
    "undecided": (np.zeros((3, 2)), [0, 1, 1]),
}


@pytest.fixture(scope="module")
def panel_name():
    return "softmax-bars"  # any would do


@pytest.mark.parametrize("logits", LOGITS, ids=str)
def test_loss_gradient_and_jacobian(panel, logits):
    np.testing.assert_allclose(panel.calculate("softmax", logits), softmax(logits), rtol=1e-12)
    for target, change in zip(TARGETS, CHANGES, strict=True):
        loss, gradient = cross_entropy_and_gradient(np.array(logits, dtype=float), target)
        for ours, theirs in [
            (panel.calculate("softCrossEntropy", logits, target), loss),
            (panel.calculate("gradient", logits, target), gradient),
            (panel.calculate("jacobianTimes", logits, change), softmax_jacobian(logits) @ change),
            (panel.calculate("entropy", target), entropy(target)),
        ]:
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("prob", [0.001, 0.2, 0.5, 0.999])
def test_one_logit_sets_one_probability_and_leaves_proportions(panel, prob):
    logits = np.log(PREDICTION)
    logits[1] = panel.calculate("logitFor", prob, 1, logits.tolist())
    probs = softmax(logits)
    assert probs[1] == pytest.approx(prob, rel=1e-12)
    assert probs[[0, 2, 3]] / (1 - prob) == pytest.approx(np.array([3, 1, 4]) / 8, rel=1e-12)


@pytest.mark.parametrize("temperature", [0.25, 1, 3])
@pytest.mark.parametrize(("logits", "labels"), DATA.values(), ids=DATA)
def test_calibration(panel, logits, labels, temperature):
    probs = [panel.calculate("softmax", row, temperature) for row in np.array(logits).tolist()]
    theirs = softmax(logits, temperature=temperature)
    np.testing.assert_allclose(probs, theirs, rtol=1e-12, atol=1e-300)
    curve = panel.calculate("reliabilityCurve", probs, np.array(labels).tolist())
    for key in ("confidence", "accuracy", "count"):
        ours = [part[key] for part in curve]
        assert ours == pytest.approx(getattr(reliability_curve(theirs, labels), key), rel=1e-12)
    error = panel.calculate("calibrationError", curve)
    assert error == pytest.approx(expected_calibration_error(theirs, labels), rel=1e-12)


@pytest.mark.parametrize("factor", [0.1, 1, 7])
def test_a_fitted_temperature(panel, factor):
    logits, labels = factor * ROWS, ROWS.argmax(axis=1) * (DRAWN > 0)
    fitted = panel.calculate("fitTemperature", logits.tolist(), labels.tolist())
    assert fitted == pytest.approx(fit_temperature(logits, labels), rel=1e-9)
