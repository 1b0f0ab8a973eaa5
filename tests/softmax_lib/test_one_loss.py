"""The loss that is derived is the loss that trains: every door leads to the same numbers.

With the identity as features, the logits are the weights, and the gradient of the weights is the
gradient of the logits: nothing that a model adds can hide a digit. Eight examples, so that dividing
by their number rounds nothing.
"""

import dask.array as da
import numpy as np
import pytest

from softmax_lib import SoftmaxNetwork, cross_entropy_and_gradient, softmax
from softmax_lib.autodiff import Tensor
from softmax_lib.distributed import Blocks
from softmax_lib.models._objective import Examples, Objective

CONFIDENT = 0  # the example whose label has all of the probability that can be told from 1
LOGITS = np.array(
    [
        [40.0, 0.0, 0.0],
        [0.5, -1.0, 2.0],
        [0.0, 0.0, 0.0],
        [-2000.0, 0.0, 1.0],
        [3.0, 300.0, -400.0],
        [1e5, 1e5 + 1, 99_999.5],
        [7.0, 7.5, 8.0],
        [-1.0, 30.0, 29.0],
    ]
)
LABELS = np.array([0, 2, 1, 0, 1, 2, 0, 1])
FEATURES = np.eye(len(LABELS))


class Notebook:
    """An optimiser that goes nowhere, and writes down the gradient."""

    def start(self, parameters):
        return {}

    def step(self, parameters, gradient, state):
        self.gradient = gradient.copy()


def by_network(dtype=np.float64):
    notebook = Notebook()
    network = SoftmaxNetwork((), notebook, None, epochs=0, dtype=dtype).fit(FEATURES, LABELS)
    network.weights_[0][:] = LOGITS
    network.partial_fit(FEATURES, LABELS)
    return network.history_["cost"][0], notebook.gradient[: LOGITS.size].reshape(LOGITS.shape)


def by_network_in_float32():
    return by_network(np.float32)


def by_objective(examples):
    cost, gradient, _ = Objective(examples, l2=0)(LOGITS.T.ravel())
    return cost, gradient.reshape(LOGITS.T.shape).T


def by_regression():
    return by_objective(Examples(FEATURES, LABELS, 3, fit_intercept=False))


def by_dask():
    blocks = da.from_array(FEATURES, chunks=(3, -1)), da.from_array(LABELS, chunks=3)
    return by_objective(Blocks(*blocks, fit_intercept=False))


def by_tensor():
    logits = Tensor(LOGITS)
    loss = logits.cross_entropy(LABELS)
    loss.backward()
    return loss.data, logits.grad


DOORS = [by_network, by_network_in_float32, by_regression, by_dask, by_tensor]


@pytest.mark.parametrize("door", DOORS)
def test_what_trains_is_loss_and_gradient_to_the_last_bit(door):
    cost, gradient = door()
    loss, expected = cross_entropy_and_gradient(LOGITS.astype(gradient.dtype), LABELS)
    # To rounding: Dask adds up the losses block by block.
    assert gradient.dtype.type(cost) == pytest.approx(loss, rel=1e-15, abs=0)
    np.testing.assert_array_equal(gradient, expected)


@pytest.mark.parametrize("door", DOORS)
def test_an_example_that_is_almost_certain_still_teaches(door):
    _, gradient = door()
    rounded = softmax(LOGITS[CONFIDENT].astype(gradient.dtype))[LABELS[CONFIDENT]] - 1
    assert rounded == 0  # what subtracting 1 from a rounded probability would leave
    certain = gradient[CONFIDENT, LABELS[CONFIDENT]]
    assert certain == pytest.approx(-2 * np.exp(-40) / 8, rel=1e-6, abs=0)
