"""With floating-point errors raised, valid input raises none: what underflows is meant to."""

import numpy as np
import pytest

import softmax_lib as lib
from softmax_lib import models, optimizers
from softmax_lib.misconceptions import diagnose

DTYPES = ["float16", "float32", "float64", "longdouble"]
LOGITS = {
    "ordinary": [[1.0, -2.0, 3.0], [0.0, 0.5, 0.25]],
    "far apart": [[-800.0, 800.0, 0.0], [0.0, -740.0, 3.0]],
    "subnormal": [[1e-310, -1e-310, 0.0], [1e-40, 0.0, -1e-40]],
    "huge": [[1e300, -1e300, 0.0], [6e4, 3e38, -3e38]],
    "impossible": [[-np.inf, 0.0, 1.0], [0.0, -np.inf, -np.inf]],
    "broken": [[np.nan, 0.0, 1.0], [np.inf, 0.0, -np.inf]],
}
LABELS = np.array([2, 0])
TARGETS = np.array([[0.0, 0.25, 0.75], [1e-300, 1.0, 0.0]])

OF_LOGITS = {
    "softmax": lib.softmax,
    "softmax, cold": lambda z: lib.softmax(z, temperature=1e-300),
    "softmax, hot": lambda z: lib.softmax(z, temperature=1e300),
    "log_softmax": lib.log_softmax,
    "log_softmax, cold": lambda z: lib.log_softmax(z, temperature=1e-5),
    "logsumexp": lib.logsumexp,
    "hardmax": lib.hardmax,
    "sigmoid": lib.sigmoid,
    "softmax_jacobian": lib.softmax_jacobian,
    "cross_entropy": lambda z: lib.cross_entropy(z, LABELS),
    "cross_entropy, soft": lambda z: lib.cross_entropy(z, TARGETS),
    "gradient": lambda z: lib.cross_entropy_and_gradient(z, LABELS, label_smoothing=0.1),
    "gradient, soft": lambda z: lib.cross_entropy_and_gradient(z, TARGETS, reduction="sum"),
    "gradient, weights": lambda z: lib.cross_entropy_and_gradient(
        z, LABELS, class_weight=[1e-5, 0, 1], sample_weight=[1e-5, 3], reduction="none"
    ),
    "negative_log_likelihood": lambda z: lib.negative_log_likelihood(lib.log_softmax(z), LABELS),
}


@pytest.fixture(autouse=True)
def raise_all():
    with np.errstate(all="raise"):
        yield


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("family", LOGITS)
@pytest.mark.parametrize("name", OF_LOGITS)
def test_functions_of_logits_raise_nothing(name, family, dtype):
    with np.errstate(all="ignore"):
        z = np.array(LOGITS[family], np.longdouble).astype(dtype)
    OF_LOGITS[name](z)


OF_PROBS = {
    "entropy": lib.losses.entropy,
    "kl_divergence": lambda p: lib.losses.kl_divergence(p, p[::-1]),
    "brier_score": lambda p: lib.brier_score(p, LABELS),
    "expected_calibration_error": lambda p: lib.expected_calibration_error(p, LABELS),
    "reliability_curve": lambda p: lib.reliability_curve(p, LABELS),
}


@pytest.mark.parametrize("dtype", DTYPES[1:])
@pytest.mark.parametrize("family", ["ordinary", "far apart", "subnormal", "huge"])
@pytest.mark.parametrize("name", OF_PROBS)
def test_functions_of_probabilities_raise_nothing(name, family, dtype):
    with np.errstate(all="ignore"):
        z = np.array(LOGITS[family], np.longdouble).astype(dtype)
        z = np.nan_to_num(z)
    OF_PROBS[name](lib.softmax(z))


@pytest.mark.filterwarnings("ignore:the temperature reached its bound")
@pytest.mark.parametrize("size", [1e-300, 1e-30, 1.0, 1e30, 1e300])
def test_a_temperature_is_fitted_to_logits_of_any_size(size):
    rng = np.random.default_rng(0)
    lib.fit_temperature(size * rng.normal(size=(40, 3)), rng.integers(3, size=40))


SLOPES = [
    (slope, dtype)
    for dtype in DTYPES[:3]
    for slope in (0, 1e-200, 1e-30, 1e-7, 1, 6e4, 1e30, 1e200)
    if slope <= float(np.finfo(dtype).max)
]


@pytest.mark.parametrize(("slope", "dtype"), SLOPES)
@pytest.mark.parametrize("kind", optimizers.OPTIMIZERS)
def test_an_optimiser_steps_on_any_slope(kind, slope, dtype):
    with np.errstate(under="ignore"):
        gradient = np.full(3, slope).astype(dtype)
    optimizer, parameters = optimizers.OPTIMIZERS[kind](1e-4), np.ones(3, dtype)
    state = optimizer.start(parameters)
    # A sum of float16 slopes near the largest number leaves its range: no step is right there.
    with np.errstate(over="ignore" if slope == 6e4 else "raise"):
        for _ in range(3):
            optimizer.step(parameters, gradient, state)


@pytest.mark.parametrize("scale", [1e-150, 1e-8, 1.0, 1e8])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_models_fit_and_predict(scale, dtype):
    X, y = lib.make_blobs(random_state=0)
    with np.errstate(under="ignore"):
        X = (scale * X).astype(dtype)
    regression = lib.SoftmaxRegression().fit(X, y)
    network = lib.SoftmaxNetwork((8,), epochs=3, random_state=0, dtype=np.dtype(dtype).type)
    for model in regression, network.fit(X, y):
        model.predict(X)
        model.predict_proba(X)
        model.predict_log_proba(X)
        model.score(X, y)


def test_the_rest_raises_nothing():
    models.fit_softmax_regression([[0.0], [1.0]], [0, 1], l2=1e-3)
    lib.numerical_gradient(lambda x: np.log(x).sum(), [1e-8, 1.0])
    assert diagnose(lib.softmax).ok
    lib.confusion_matrix([0, 1], [1, 1], normalize="true")
    lib.accuracy_interval(0, 3)
