"""The catalogue's wrong versions of the gradients of a network with one hidden layer."""

from __future__ import annotations

import numpy as np

from ...activations import softmax
from ..mistake import mistake
from .gradients import logits_gradient

DERIVED = ("03-cross-entropy", "Which way is down?")
WHERE_1_OVER_M_LIVES = ("03-cross-entropy", "Where does the 1/m live?")
LOOKS_RIGHT = ("03-cross-entropy", "Further: more that goes wrong")
BACK = ("07-network", "Back through both layers")


@mistake(
    "network_gradients",
    "the slope of the activation is missing",
    symptom="a loss that falls, and a gradient check that fails in the first layer",
    message="the slope of ReLU is missing: where a hidden value was cut to 0, nothing may "
    "flow back. Multiply with (Z1 > 0).",
    see=BACK,
)
def network_no_mask(X, y, W1, b1, W2, b2):
    A1 = np.maximum(X @ W1 + b1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "the weights are not transposed on the way back",
    symptom="an error about shapes, or silence when there are as many hidden units as classes",
    message="on the way back the weights must be transposed: dZ2 @ W2.T. Without that it "
    "runs only where W2 is square, and is wrong there.",
    see=BACK,
)
def network_not_transposed(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2 * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "the biases are not summed over the examples",
    symptom="db1 and db2 have as many rows as there are examples",
    message="the biases get dZ1 and dZ2 themselves. One bias serves all examples, so it gets "
    "the sum over them, axis=0.",
    see=BACK,
)
def network_biases_not_summed(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1, A1.T @ dZ2, dZ2


@mistake(
    "network_gradients",
    "the biases by a mean after 1/m",
    symptom="biases that learn m times too slowly",
    message="the biases get a mean of something that already carries the 1/m. Sum over the "
    "examples.",
    see=WHERE_1_OVER_M_LIVES,
)
def network_biases_mean(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.mean(axis=0), A1.T @ dZ2, dZ2.mean(axis=0)


@mistake(
    "network_gradients",
    "1/m is missing",
    symptom="steps that grow with the batch",
    message="all four are m times too large. The cost is a mean: divide ŷ - y by m, where "
    "the way back begins.",
    see=WHERE_1_OVER_M_LIVES,
)
def network_no_mean(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y) * len(y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "1/m is applied in each layer",
    symptom="a first layer that learns m times too slowly",
    message="the 1/m is applied again in the first layer. It enters once, where the way back "
    "begins, and the chain rule carries it on.",
    see=WHERE_1_OVER_M_LIVES,
)
def network_mean_twice(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0) / len(y)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "the slope of a sigmoid for ReLU's",
    symptom="a first layer that learns slowly or the wrong way",
    message="the hidden layer is a ReLU, and A1 (1 - A1) is the slope of a sigmoid. ReLU's "
    "slope is 1 where Z1 > 0, and 0 elsewhere.",
    see=BACK,
)
def network_sigmoid_slope(X, y, W1, b1, W2, b2):
    A1 = np.maximum(X @ W1 + b1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * A1 * (1 - A1)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "the slope of a hyperbolic tangent for ReLU's",
    symptom="a first layer that learns slowly or the wrong way",
    message="the hidden layer is a ReLU, and 1 - A1² is the slope of a hyperbolic tangent. "
    "ReLU's slope is 1 where Z1 > 0, and 0 elsewhere.",
    see=BACK,
)
def network_tanh_slope(X, y, W1, b1, W2, b2):
    A1 = np.maximum(X @ W1 + b1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (1 - A1**2)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "ReLU's value for its slope",
    symptom="hidden units that are strongly on learn too fast",
    message="it multiplies with A1, the value of ReLU. The chain rule needs its slope: 1 "
    "where Z1 > 0, and 0 elsewhere.",
    see=BACK,
)
def network_value_for_slope(X, y, W1, b1, W2, b2):
    A1 = np.maximum(X @ W1 + b1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * A1
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "the gradient cut off in place of the value",
    symptom="hidden units that are never pushed down",
    message="it applies ReLU to the gradient on the way back. What counts is where the value "
    "was cut on the way forward: multiply with (Z1 > 0).",
    see=BACK,
)
def network_relu_of_gradient(X, y, W1, b1, W2, b2):
    A1 = np.maximum(X @ W1 + b1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = np.maximum(dZ2 @ W2.T, 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "values before the activation in the second layer's gradient",
    symptom="a second layer that learns from values that it never saw",
    message="dW2 uses Z1, the values before the activation. The second layer saw A1: its "
    "gradient is A1ᵀ dZ2.",
    see=BACK,
)
def network_before_relu(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), Z1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "softmax's slope once more",
    symptom="hardly any gradient where the network is confidently wrong",
    message="ŷ - y is multiplied by p(1 - p). The slope of softmax is already inside ŷ - y: "
    "it cancelled with the 1/ŷ of the loss.",
    see=LOOKS_RIGHT,
)
def network_extra_slope(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    p = softmax(A1 @ W2 + b2)
    dZ2 = logits_gradient(A1 @ W2 + b2, y) * p * (1 - p)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "the sign is turned round",
    symptom="a loss that grows from the first step",
    message="all four have the opposite sign: they come from y - ŷ. The gradient points "
    "uphill, and the step subtracts it.",
    see=DERIVED,
)
def network_sign(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = -logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "the ReLU is missing",
    symptom="a network that bends no border, however many units it has",
    message="there is no ReLU between the layers. Two linear layers are one linear layer; the "
    "borders stay straight.",
    see=("07-network", "Further: depth without nonlinearity"),
)
def network_no_relu(X, y, W1, b1, W2, b2):
    A1 = X @ W1 + b1
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "the biases by the sum of everything",
    symptom="one number for all biases of a layer; in the last one always 0",
    message="db1 and db2 are sums of everything, one number each; in the last layer always 0. "
    "There is a bias for each unit: sum over the examples, axis=0.",
    see=BACK,
)
def network_biases_of_everything(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(), A1.T @ dZ2, dZ2.sum()


@mistake(
    "network_gradients",
    "biases summed over the units",
    symptom="an error about shapes, or silence when there are as many examples as units",
    message="a bias gradient is summed over the units of its layer, with axis=1. There is a bias "
    "for each unit: sum over the examples, axis=0.",
    see=BACK,
    variants=({}, {"last": 0}, {"hidden": 0}),
)
def network_biases_over_units(X, y, W1, b1, W2, b2, hidden=1, last=1):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=hidden), A1.T @ dZ2, dZ2.sum(axis=last)


@mistake(
    "network_gradients",
    "the last layer returned first",
    symptom="right numbers in the wrong places",
    message="it returns dW2, db2, dW1, db1. The order is dW1, db1, dW2, db2.",
    see=BACK,
)
def network_other_order(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return A1.T @ dZ2, dZ2.sum(axis=0), X.T @ dZ1, dZ1.sum(axis=0)


@mistake(
    "network_gradients",
    "both weights before both biases",
    symptom="right numbers in the wrong places",
    message="it returns dW1, dW2, db1, db2. The order is dW1, db1, dW2, db2.",
    see=BACK,
)
def network_weights_first(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, A1.T @ dZ2, dZ1.sum(axis=0), dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "the second layer stepped before the first layer's gradient",
    symptom="almost right; the last digits depend on the order of two lines",
    message="the gradient goes back through W2 after it was updated. Compute all gradients with "
    "the old weights first, then change them all.",
    see=BACK,
    variants=tuple({"rate": rate} for rate in (0.1, 1.0, 0.5, 0.01, 0.05, 0.2)),
)
def network_stepped_too_early(X, y, W1, b1, W2, b2, rate=0.1):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dW2 = A1.T @ dZ2
    dZ1 = dZ2 @ (W2 - rate * dW2).T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), dW2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "a ReLU on the logits too",
    symptom="logits that are never below 0, and classes that cannot be ruled out",
    message="it cuts the logits off at 0 as well, as if the last layer were a hidden one. Softmax "
    "takes them as they are: Z2 = A1 W2 + b2.",
    see=BACK,
    variants=({}, {"masked": True}),
)
def network_relu_on_logits(X, y, W1, b1, W2, b2, masked=False):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2 + b2
    dZ2 = logits_gradient(np.maximum(Z2, 0), y)
    if masked:
        dZ2 = dZ2 * (Z2 > 0)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "the hidden bias is left out",
    symptom="hidden units whose borders seem to pass through the origin",
    message="its hidden layer is X W1, without b1. The gradient belongs to X W1 + b1.",
    see=BACK,
)
def network_no_hidden_bias(X, y, W1, b1, W2, b2):
    Z1 = X @ W1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@mistake(
    "network_gradients",
    "the mask of one unit for all, or of one example",
    symptom="units that learn while they are cut off",
    message="it asks which units were ever on, not which were on for this example. The mask is a "
    "table: (Z1 > 0), one entry for each example and unit.",
    see=BACK,
)
def network_mask_of_batch(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = logits_gradient(A1 @ W2 + b2, y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0).any(axis=0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)
