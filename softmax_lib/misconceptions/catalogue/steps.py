"""The catalogue's wrong versions of one step of gradient descent."""

from __future__ import annotations

from ..mistake import mistake
from .gradients import weight_gradient

WHERE_1_OVER_M_LIVES = ("03-cross-entropy", "Where does the 1/m live?")
LOOKS_RIGHT = ("03-cross-entropy", "Further: more that goes wrong")
TO_THE_WEIGHTS = ("04-gradient-descent", "From the logits back to the weights")
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
    "one of the two goes uphill",
    symptom="weights and biases that work against each other",
    message="it subtracts one gradient and adds the other. Both point uphill: subtract both.",
    see=LOOP,
    variants=({}, {"sign": -1}),
)
def step_half_uphill(W, b, X, y, learning_rate, sign=1):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - sign * learning_rate * dW, b + sign * learning_rate * db


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
    message="only W moves. The bias is a parameter too, with the gradient dZ.sum(axis=0); the "
    "sum of all of dZ, without an axis, is always 0.",
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
    message="the step is right, but the start is changed with it: -= works in the caller's "
    "own arrays. Write W = W - ..., which makes a new one.",
    see=LOOKS_RIGHT,
)
def step_in_place(W, b, X, y, learning_rate):
    dW, db = weight_gradient(X, X @ W + b, y)
    W -= learning_rate * dW
    b -= learning_rate * db
    return W, b


@mistake(
    "gradient_step",
    "returned in another order",
    symptom="right numbers in the wrong places",
    message="it returns b before W. The order is W, b.",
    see=LOOP,
)
def step_other_order(W, b, X, y, learning_rate):
    dW, db = weight_gradient(X, X @ W + b, y)
    return b - learning_rate * db, W - learning_rate * dW


@mistake(
    "gradient_step",
    "the gradients where the new weights belong",
    symptom="weights as small as gradients",
    message="it returns the gradients. The step is still to be taken: W - learning_rate · dW.",
    see=LOOP,
)
def step_of_gradients_alone(W, b, X, y, learning_rate):
    return weight_gradient(X, X @ W + b, y)


@mistake(
    "gradient_step",
    "divided by the learning rate",
    symptom="longer steps at small learning rates",
    message="it divides the gradients by the learning rate. Multiply: a small rate makes a short "
    "step.",
    see=LOOP,
)
def step_over_rate(W, b, X, y, learning_rate):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - dW / learning_rate, b - db / learning_rate


@mistake(
    "gradient_step",
    "1/m is applied twice",
    symptom="training that crawls, the more so the larger the batch",
    message="its step is m times too short: the 1/m is applied twice.",
    see=WHERE_1_OVER_M_LIVES,
)
def step_mean_twice(W, b, X, y, learning_rate):
    dW, db = weight_gradient(X, X @ W + b, y)
    m = len(y)
    return W - learning_rate * dW / m, b - learning_rate * db / m


@mistake(
    "gradient_step",
    "the logits without the bias",
    symptom="a bias that moves, and that the logits never see",
    message="its logits are X W, without b. The gradient belongs to X W + b.",
    see=LOOP,
)
def step_logits_without_bias(W, b, X, y, learning_rate):
    dW, db = weight_gradient(X, X @ W, y)
    return W - learning_rate * dW, b - learning_rate * db


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
    "the penalty without its strength",
    symptom="the strength l2 changes nothing, and weights shrink even at 0",
    message="it adds W itself to dW, whatever the strength. The gradient of l2/2 · ‖W‖² is l2 · W.",
    see=PENALTY,
    variants=({}, {"factor": 2}),
)
def penalty_without_strength(W, b, X, y, learning_rate, l2, factor=1):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * (dW + factor * W), b - learning_rate * db


@mistake(
    "gradient_step_with_l2",
    "the weights shrink after the step",
    symptom="almost right; the last digits depend on the order of two lines",
    message="it shrinks the weights that the step has reached. Both parts of the gradient belong "
    "to the old weights: W - rate · (dW + l2 · W).",
    see=PENALTY,
)
def penalty_after_the_step(W, b, X, y, learning_rate, l2):
    dW, db = weight_gradient(X, X @ W + b, y)
    W = W - learning_rate * dW
    return W - learning_rate * l2 * W, b - learning_rate * db


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


@mistake(
    "gradient_step_with_l2",
    "the penalty by the sum of all weights",
    symptom="all weights are pushed by the same number",
    message="it adds l2 times the sum of all weights, one number, to every entry. The gradient "
    "of l2/2 · ‖W‖² by one weight is l2 times that weight: l2 · W.",
    see=PENALTY,
)
def penalty_of_the_sum(W, b, X, y, learning_rate, l2):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * (dW + l2 * W.sum()), b - learning_rate * db


@mistake(
    "gradient_step_with_l2",
    "the penalty itself in the gradient",
    symptom="all weights fall together",
    message="it adds the penalty l2/2 · ‖W‖² itself, one number, to every entry of the gradient. "
    "Its derivative belongs there: l2 · W.",
    see=PENALTY,
    variants=({}, {"factor": 1}),
)
def penalty_itself(W, b, X, y, learning_rate, l2, factor=0.5):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * (dW + factor * l2 * (W * W).sum()), b - learning_rate * db


@mistake(
    "gradient_step_with_l2",
    "the square of the weights",
    symptom="negative weights are pushed further down",
    message="it adds l2 · W². The derivative of a square is twice the number: l2/2 · W² gives "
    "l2 · W, which keeps the sign.",
    see=PENALTY,
)
def penalty_squared(W, b, X, y, learning_rate, l2):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * (dW + l2 * W**2), b - learning_rate * db


@mistake(
    "gradient_step_with_l2",
    "the sign of the weights in place of the weights",
    symptom="small weights that become exactly 0, or swing around it",
    message="it takes the sign of the weights, the gradient of the sum of their absolute values "
    "(L1). That of l2/2 · ‖W‖² is l2 · W.",
    see=PENALTY,
)
def penalty_of_signs(W, b, X, y, learning_rate, l2):
    dW, db = weight_gradient(X, X @ W + b, y)
    sign = (W > 0) * 1.0 - (W < 0)
    return W - learning_rate * (dW + l2 * sign), b - learning_rate * db


@mistake(
    "gradient_step_with_l2",
    "a step uphill",
    symptom="a loss that grows from the first step",
    message="it adds the gradient. The gradient points uphill: subtract it.",
    see=LOOP,
)
def penalised_step_uphill(W, b, X, y, learning_rate, l2):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W + learning_rate * (dW + l2 * W), b + learning_rate * db


@mistake(
    "gradient_step_with_l2",
    "the penalty alone",
    symptom="weights that shrink, whatever the data say",
    message="only the penalty moves W. The gradient of the loss, Xᵀ dZ, belongs to it too.",
    see=PENALTY,
)
def penalty_alone(W, b, X, y, learning_rate, l2):
    _, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * l2 * W, b - learning_rate * db
