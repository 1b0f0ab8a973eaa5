"""The catalogue's wrong versions of one step of gradient descent."""

from __future__ import annotations

from ..mistake import mistake
from .gradients import weight_gradient

WHERE_1_OVER_M_LIVES = ("03-cross-entropy", "Where does the 1/m live?")
LOOKS_RIGHT = ("03-cross-entropy", "Further: more that goes wrong")
LOOP = ("04-gradient-descent", "Ten lines of training")
PENALTY = ("04-gradient-descent", "What the weights say, and the L2 penalty")


@mistake(
    "gradient_step",
    "a step uphill",
    symptom="a loss that grows from the first step",
    message="it adds the gradient. The gradient points uphill: subtract it.",
    see=LOOP,
)
def step_uphill(W, b, X, y, learning_rate):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W + learning_rate * dW, b + learning_rate * db


@mistake(
    "gradient_step",
    "the new weights used for the bias",
    symptom="almost right; the last digits depend on the order of two lines",
    message="the gradient of b is computed with the weights that were just updated. Compute "
    "both gradients first, then change both.",
    see=LOOP,
)
def step_bias_after_weights(W, b, X, y, learning_rate):
    W = W - learning_rate * weight_gradient(X, X @ W + b, y)[0]
    b = b - learning_rate * weight_gradient(X, X @ W + b, y)[1]
    return W, b


@mistake(
    "gradient_step",
    "the new bias used for the weights",
    symptom="almost right; the last digits depend on the order of two lines",
    message="the gradient of W is computed with the bias that was just updated. Compute "
    "both gradients first, then change both.",
    see=LOOP,
)
def step_weights_after_bias(W, b, X, y, learning_rate):
    b = b - learning_rate * weight_gradient(X, X @ W + b, y)[1]
    W = W - learning_rate * weight_gradient(X, X @ W + b, y)[0]
    return W, b


@mistake(
    "gradient_step",
    "the sum of the gradients of all examples",
    symptom="a learning rate that must shrink when the batch grows",
    message="its step is m times too long: it sums the gradients of the examples, and the "
    "cost is their mean.",
    see=WHERE_1_OVER_M_LIVES,
)
def step_of_the_sum(W, b, X, y, learning_rate):
    dW, db = weight_gradient(X, X @ W + b, y)
    m = len(y)
    return W - learning_rate * m * dW, b - learning_rate * m * db


@mistake(
    "gradient_step",
    "the bias stays where it is",
    symptom="borders that all pass through the origin",
    message="only W moves. The bias is a parameter too, with the gradient dZ.sum(axis=0).",
    see=LOOP,
)
def step_without_bias(W, b, X, y, learning_rate):
    dW, _ = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * dW, b


@mistake(
    "gradient_step",
    "the learning rate is left out",
    symptom="steps of one length, whatever the learning rate",
    message="the learning rate does not occur in the step. Multiply the gradients with it.",
    see=LOOP,
)
def step_without_rate(W, b, X, y, learning_rate):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - dW, b - db


@mistake(
    "gradient_step",
    "the gradient where the new weights belong",
    symptom="weights that start anew at every step",
    message="it returns the step alone. The step must be taken from where W and b are.",
    see=LOOP,
)
def step_forgets_where_it_was(W, b, X, y, learning_rate):
    dW, db = weight_gradient(X, X @ W + b, y)
    return -learning_rate * dW, -learning_rate * db


@mistake(
    "gradient_step",
    "the caller's weights are overwritten",
    symptom="right, and yet the start is gone; two models share their weights",
    message="the step is right, but the caller's W and b change with it, because -= works in "
    "place. Write W = W - ..., which makes a new array.",
    see=LOOKS_RIGHT,
)
def step_in_place(W, b, X, y, learning_rate):
    dW, db = weight_gradient(X, X @ W + b, y)
    W -= learning_rate * dW
    b -= learning_rate * db
    return W, b


@mistake(
    "gradient_step_with_l2",
    "the bias is penalised too",
    symptom="unequal classes are predicted too equally",
    message="the penalty also pulls the bias towards 0. Only the weights are penalised: the "
    "bias must be free to say how frequent a class is.",
    see=PENALTY,
)
def penalty_on_bias(W, b, X, y, learning_rate, l2):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * (dW + l2 * W), b - learning_rate * (db + l2 * b)


@mistake(
    "gradient_step_with_l2",
    "the penalty with the wrong sign",
    symptom="weights that grow the faster the larger they are",
    message="the penalty pushes the weights away from 0. Its gradient l2 · W is added to dW, "
    "and the whole is subtracted.",
    see=PENALTY,
)
def penalty_sign(W, b, X, y, learning_rate, l2):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * (dW - l2 * W), b - learning_rate * db


@mistake(
    "gradient_step_with_l2",
    "twice the penalty",
    symptom="an optimum that belongs to another strength",
    message="its penalty is twice too strong. The derivative of l2/2 · ‖W‖² is l2 · W: the "
    "half cancels the 2.",
    see=PENALTY,
)
def penalty_doubled(W, b, X, y, learning_rate, l2):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * (dW + 2 * l2 * W), b - learning_rate * db


@mistake(
    "gradient_step_with_l2",
    "the penalty divided by m",
    symptom="a penalty that fades when the data grow",
    message="the penalty is divided by the number of examples. Here it stands beside a mean, "
    "l2/2 · ‖W‖², and its gradient is l2 · W.",
    see=PENALTY,
)
def penalty_over_m(W, b, X, y, learning_rate, l2):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * (dW + l2 / len(y) * W), b - learning_rate * db


@mistake(
    "gradient_step_with_l2",
    "the penalty without the learning rate",
    symptom="weights that collapse towards 0 at small learning rates",
    message="the penalty is not multiplied by the learning rate. It is part of the cost, so "
    "its gradient is part of the step.",
    see=PENALTY,
)
def penalty_without_rate(W, b, X, y, learning_rate, l2):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * dW - l2 * W, b - learning_rate * db


@mistake(
    "gradient_step_with_l2",
    "the penalty is left out",
    symptom="weights that grow without end on separable data",
    message="l2 does not occur in the step. Add l2 · W to the gradient of the weights.",
    see=PENALTY,
)
def penalty_left_out(W, b, X, y, learning_rate, l2):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * dW, b - learning_rate * db
