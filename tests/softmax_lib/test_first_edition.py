"""Models saved and pickled by the first edition still load, and answer as they did.

The folder `first_edition` was written by version 0.1.0, before the package had sub-packages.
"""

import pickle
from pathlib import Path

import numpy as np
import pytest

import softmax_lib

FOLDER = Path(__file__).parent / "first_edition"
ANSWERS = np.load(FOLDER / "answers.npz")


def unpickled(name):
    with (FOLDER / f"{name}.pickle").open("rb") as file:
        return pickle.load(file)


def answers_as_it_did(name, model):
    rows = ANSWERS["rows"].astype(ANSWERS[name].dtype)
    np.testing.assert_allclose(model.predict_proba(rows), ANSWERS[name], rtol=1e-6)


@pytest.mark.parametrize("name", ["regression", "network", "network32"])
def test_a_saved_model_loads(name):
    kind = softmax_lib.SoftmaxRegression if name == "regression" else softmax_lib.SoftmaxNetwork
    answers_as_it_did(name, kind.load(FOLDER / f"{name}.npz"))


@pytest.mark.parametrize("name", ["regression", "network", "network32"])
def test_a_pickled_model_loads(name):
    answers_as_it_did(name, unpickled(name))


@pytest.mark.filterwarnings("ignore:Trying to unpickle estimator")  # by another scikit-learn
@pytest.mark.parametrize("name", ["estimator", "deep"])
def test_a_pickled_estimator_loads(name):
    answers_as_it_did(name, unpickled(name))


def test_a_pickled_network_trains_on():
    network = unpickled("network")
    rows = ANSWERS["rows"]
    network.partial_fit(rows, np.arange(len(rows)) % 3)
    assert len(network.history_["cost"]) == 4


def test_pickled_settings_load():
    settings = [softmax_lib.GradientDescent(0.2), softmax_lib.Momentum(), softmax_lib.Adam(0.5)]
    assert unpickled("optimizers") == settings
    assert unpickled("stopping").patience == 3
