"""The catalogue's wrong versions of an epoch, and of a linear model's loss with its gradient."""

from __future__ import annotations

import numpy as np

from ...activations import softmax
from ...losses import cross_entropy_and_gradient
from ..mistake import mistake
from .gradients import weight_gradient

WHERE_1_OVER_M_LIVES = ("03-cross-entropy", "Where does the 1/m live?")
FROM_LOGITS = ("03-cross-entropy", "Can the loss be computed from logits?")
DERIVED = ("03-cross-entropy", "Which way is down?")
LOOKS_RIGHT = ("03-cross-entropy", "Further: more that goes wrong")
TO_THE_WEIGHTS = ("04-gradient-descent", "From the logits back to the weights")
PENALTY = ("04-gradient-descent", "What the weights say, and the L2 penalty")
LOOP = ("04-gradient-descent", "Ten lines of training")
BATCHES = ("04-gradient-descent", "Mini-batches")


@mistake(
    "descent_epoch",
    "the last, smaller batch is left out",
    symptom="some examples never teach, where the size does not divide m",
    message="it takes full batches only. The last batch may be smaller, and its examples count "
    "too: let range() run to len(X).",
    see=BATCHES,
)
def epoch_last_batch_lost(W, b, X, y, learning_rate, batch_size):
    for i in range(0, len(X) - batch_size + 1, batch_size):
        batch = slice(i, i + batch_size)
        dW, db = weight_gradient(X[batch], X[batch] @ W + b, y[batch])
        W, b = W - learning_rate * dW, b - learning_rate * db
    return W, b


@mistake(
    "descent_epoch",
    "one step with all examples",
    symptom="one step an epoch, whatever the size of a batch",
    message="it takes one step with all examples. An epoch of mini-batches takes a step for "
    "each batch, from where the last one ended.",
    see=BATCHES,
)
def epoch_of_one_step(W, b, X, y, learning_rate, batch_size):
    dW, db = weight_gradient(X, X @ W + b, y)
    return W - learning_rate * dW, b - learning_rate * db


@mistake(
    "descent_epoch",
    "the first batch only",
    symptom="one step an epoch; all other examples never teach",
    message="it takes a step with the first batch and returns. Is the return inside the loop? "
    "All batches have their turn.",
    see=BATCHES,
)
def epoch_of_first_batch(W, b, X, y, learning_rate, batch_size):
    for i in range(0, len(X), batch_size):
        batch = slice(i, i + batch_size)
        dW, db = weight_gradient(X[batch], X[batch] @ W + b, y[batch])
        return W - learning_rate * dW, b - learning_rate * db


@mistake(
    "descent_epoch",
    "a step for every example",
    symptom="m steps an epoch, whatever the size of a batch",
    message="it takes a step for every example. A batch shares one step, by the mean of its "
    "gradients: slice X[i:i + batch_size].",
    see=BATCHES,
)
def epoch_of_single_examples(W, b, X, y, learning_rate, batch_size):
    for i in range(len(X)):
        one = slice(i, i + 1)
        dW, db = weight_gradient(X[one], X[one] @ W + b, y[one])
        W, b = W - learning_rate * dW, b - learning_rate * db
    return W, b


@mistake(
    "descent_epoch",
    "batches that overlap",
    symptom="as many steps as examples; most examples count several times",
    message="its batches begin at every example, so they overlap. The start moves on by a whole "
    "batch: range(0, m, batch_size).",
    see=BATCHES,
    variants=({}, {"is_full": True}),
)
def epoch_overlapping_batches(W, b, X, y, learning_rate, batch_size, is_full=False):
    for i in range(max(1, len(X) - batch_size + 1) if is_full else len(X)):
        batch = slice(i, i + batch_size)
        dW, db = weight_gradient(X[batch], X[batch] @ W + b, y[batch])
        W, b = W - learning_rate * dW, b - learning_rate * db
    return W, b


@mistake(
    "descent_epoch",
    "all steps from the same weights",
    symptom="the second batch undoes nothing of the first: steps too long together",
    message="each batch's gradient is computed with the first weights, not with those that the "
    "batch before has reached. Use the newest W and b.",
    see=BATCHES,
)
def epoch_from_old_weights(W, b, X, y, learning_rate, batch_size):
    new_W, new_b = W, b
    for i in range(0, len(X), batch_size):
        batch = slice(i, i + batch_size)
        dW, db = weight_gradient(X[batch], X[batch] @ W + b, y[batch])
        new_W, new_b = new_W - learning_rate * dW, new_b - learning_rate * db
    return new_W, new_b


@mistake(
    "descent_epoch",
    "each step starts where the epoch began",
    symptom="only the last batch counts",
    message="each step starts from the first weights and forgets the steps before it. Only the "
    "last batch is left. Go on from the newest W and b.",
    see=BATCHES,
)
def epoch_forgets_steps(W, b, X, y, learning_rate, batch_size):
    for i in range(0, len(X), batch_size):
        batch = slice(i, i + batch_size)
        dW, db = weight_gradient(X[batch], X[batch] @ W + b, y[batch])
        new_W, new_b = W - learning_rate * dW, b - learning_rate * db
    return new_W, new_b


@mistake(
    "descent_epoch",
    "steps uphill",
    symptom="a loss that grows from the first step",
    message="it adds the gradient. The gradient points uphill: subtract it.",
    see=LOOP,
)
def epoch_uphill(W, b, X, y, learning_rate, batch_size):
    for i in range(0, len(X), batch_size):
        batch = slice(i, i + batch_size)
        dW, db = weight_gradient(X[batch], X[batch] @ W + b, y[batch])
        W, b = W + learning_rate * dW, b + learning_rate * db
    return W, b


@mistake(
    "descent_epoch",
    "divided by all examples, not by those of the batch",
    symptom="steps that are too short, the more batches there are",
    message="it divides the gradient of a batch by the number of all examples. The mean is that "
    "of the batch: divide by its own size.",
    see=WHERE_1_OVER_M_LIVES,
)
def epoch_mean_over_all(W, b, X, y, learning_rate, batch_size):
    for i in range(0, len(X), batch_size):
        batch = slice(i, i + batch_size)
        dW, db = weight_gradient(X[batch], X[batch] @ W + b, y[batch])
        share = len(y[batch]) / len(y)
        W, b = W - learning_rate * share * dW, b - learning_rate * share * db
    return W, b


@mistake(
    "descent_epoch",
    "divided by the size that was asked for",
    symptom="a last step that is too short, where the last batch is smaller",
    message="it divides by batch_size. The last batch may hold fewer examples: divide by the "
    "number that it really has.",
    see=BATCHES,
)
def epoch_over_batch_size(W, b, X, y, learning_rate, batch_size):
    for i in range(0, len(X), batch_size):
        batch = slice(i, i + batch_size)
        dW, db = weight_gradient(X[batch], X[batch] @ W + b, y[batch])
        share = len(y[batch]) / batch_size
        W, b = W - learning_rate * share * dW, b - learning_rate * share * db
    return W, b


@mistake(
    "descent_epoch",
    "the sum of the gradients of a batch",
    symptom="a learning rate that must shrink when the batch grows",
    message="it sums the gradients of a batch, and the cost is their mean: divide by the number "
    "of examples in the batch.",
    see=WHERE_1_OVER_M_LIVES,
)
def epoch_of_sums(W, b, X, y, learning_rate, batch_size):
    for i in range(0, len(X), batch_size):
        batch = slice(i, i + batch_size)
        dW, db = weight_gradient(X[batch], X[batch] @ W + b, y[batch])
        size = len(y[batch])
        W, b = W - learning_rate * size * dW, b - learning_rate * size * db
    return W, b


@mistake(
    "descent_epoch",
    "the caller's weights are overwritten",
    symptom="right, and yet the start is gone; two models share their weights",
    message="the epoch is right, but the start is changed with it: -= works in the caller's "
    "own arrays. Write W = W - ..., which makes a new one.",
    see=LOOKS_RIGHT,
)
def epoch_in_place(W, b, X, y, learning_rate, batch_size):
    for i in range(0, len(X), batch_size):
        batch = slice(i, i + batch_size)
        dW, db = weight_gradient(X[batch], X[batch] @ W + b, y[batch])
        W -= learning_rate * dW
        b -= learning_rate * db
    return W, b


# --- the loss of a linear model and its gradient -----------------------------------------------


@mistake(
    "linear_loss_and_gradient",
    "the penalty in the loss, not in the gradient",
    symptom="a gradient check that fails as soon as l2 is above 0",
    message="the loss has the penalty and the gradient has not. l2 · ‖W‖² has the gradient "
    "2 · l2 · W.",
    see=PENALTY,
)
def linear_penalty_not_in_gradient(W, X, y, l2):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    return loss + l2 * (W * W).sum(), X.T @ dZ


@mistake(
    "linear_loss_and_gradient",
    "the penalty in the gradient, not in the loss",
    symptom="a gradient check that fails as soon as l2 is above 0",
    message="the gradient has the penalty and the loss has not. Add l2 · ‖W‖² to the loss.",
    see=PENALTY,
)
def linear_penalty_not_in_loss(W, X, y, l2):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    return loss, X.T @ dZ + 2 * l2 * W


@mistake(
    "linear_loss_and_gradient",
    "the penalty is left out",
    symptom="weights that grow without end on separable data",
    message="l2 does not occur. Add l2 · ‖W‖² to the loss and 2 · l2 · W to the gradient.",
    see=PENALTY,
)
def linear_no_penalty(W, X, y, l2):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    return loss, X.T @ dZ


@mistake(
    "linear_loss_and_gradient",
    "half the penalty in one place only",
    symptom="a gradient check that is off by l2 · W",
    message="loss and gradient do not agree about the penalty: l2 · ‖W‖² has the gradient "
    "2 · l2 · W, and l2/2 · ‖W‖² has l2 · W.",
    see=PENALTY,
    variants=({}, {"in_loss": 0.5, "in_gradient": 2}),
)
def linear_penalties_disagree(W, X, y, l2, in_loss=1, in_gradient=1):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    return loss + in_loss * l2 * (W * W).sum(), X.T @ dZ + in_gradient * l2 * W


@mistake(
    "linear_loss_and_gradient",
    "1/m is missing in the gradient",
    symptom="a gradient check off by the factor m",
    message="the loss is a mean and the gradient a sum: it is m times too large. Divide both by "
    "m, or neither.",
    see=WHERE_1_OVER_M_LIVES,
)
def linear_gradient_no_mean(W, X, y, l2):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    return loss + l2 * (W * W).sum(), len(y) * X.T @ dZ + 2 * l2 * W


@mistake(
    "linear_loss_and_gradient",
    "a sum where a mean belongs",
    symptom="a loss and steps that grow with the batch",
    message="both are sums over the examples. The cost is a mean: divide both by m, and add the "
    "penalty after that.",
    see=WHERE_1_OVER_M_LIVES,
)
def linear_sum(W, X, y, l2):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    m = len(y)
    return m * loss + l2 * (W * W).sum(), m * X.T @ dZ + 2 * l2 * W


@mistake(
    "linear_loss_and_gradient",
    "the penalty divided by m",
    symptom="a penalty that fades when the data grow",
    message="the penalty is divided by the number of examples, with the loss. Divide the loss "
    "first, then add the penalty.",
    see=PENALTY,
)
def linear_penalty_over_m(W, X, y, l2):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    m = len(y)
    return loss + l2 * (W * W).sum() / m, X.T @ dZ + 2 * l2 * W / m


@mistake(
    "linear_loss_and_gradient",
    "the sign of the gradient",
    symptom="a loss that grows from the first step",
    message="the gradient has the opposite sign: it comes from y - ŷ. The gradient points "
    "uphill, and the step subtracts it.",
    see=DERIVED,
)
def linear_sign(W, X, y, l2):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    return loss + l2 * (W * W).sum(), -X.T @ dZ + 2 * l2 * W


@mistake(
    "linear_loss_and_gradient",
    "the penalty's gradient without its strength",
    symptom="weights that shrink even where l2 is 0",
    message="it adds the weights to dW whatever the strength. The gradient of l2 ‖W‖² is 2 · l2 · "
    "W, and of half of it l2 · W.",
    see=PENALTY,
    variants=tuple(
        {"factor": f, "in_loss": share} for f, share in ((2, 1), (1, 1), (1, 0.5), (2, 0.5))
    ),
)
def linear_penalty_without_strength(W, X, y, l2, factor=2, in_loss=1):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    return loss + in_loss * l2 * (W * W).sum(), X.T @ dZ + factor * W


@mistake(
    "linear_loss_and_gradient",
    "the norm of the weights, without the square",
    symptom="a penalty whose gradient does not fade near 0",
    message="it penalises the norm ‖W‖. The penalty is its square, the sum of the squared weights.",
    see=PENALTY,
)
def linear_norm(W, X, y, l2):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    return loss + l2 * np.sqrt((W * W).sum()), X.T @ dZ + 2 * l2 * W


@mistake(
    "linear_loss_and_gradient",
    "the wrong factor transposed",
    symptom="dW has the shape (C, n)",
    message="dW is transposed: it must have the shape of W, (n, C), which is Xᵀ dZ.",
    see=TO_THE_WEIGHTS,
)
def linear_transposed(W, X, y, l2):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    return loss + l2 * (W * W).sum(), dZ.T @ X + 2 * l2 * W.T


@mistake(
    "linear_loss_and_gradient",
    "the logarithm of a finished softmax",
    symptom="inf for a confident mistake",
    message="its loss is the logarithm of a finished softmax. A probability that rounded to 0 "
    "costs inf, where the logits still know the true loss. Use log-softmax.",
    see=FROM_LOGITS,
)
def linear_log_of_softmax(W, X, y, l2):
    P, m = softmax(X @ W), len(y)
    loss = -np.log(P[np.arange(m), y]).mean() + l2 * (W * W).sum()
    P[np.arange(m), y] -= 1
    return loss, X.T @ P / m + 2 * l2 * W


@mistake(
    "linear_loss_and_gradient_with_half",
    "the logarithm of a finished softmax",
    symptom="inf for a confident mistake",
    message="its loss is the logarithm of a finished softmax. A probability that rounded to 0 "
    "costs inf, where the logits still know the true loss. Use log-softmax.",
    see=FROM_LOGITS,
)
def linear_half_log_of_softmax(W, X, y, l2):
    P, m = softmax(X @ W), len(y)
    loss = -np.log(P[np.arange(m), y]).mean() + l2 / 2 * (W * W).sum()
    P[np.arange(m), y] -= 1
    return loss, X.T @ P / m + l2 * W


@mistake(
    "linear_loss_and_gradient_with_half",
    "the gradient of the whole penalty",
    symptom="a gradient check that is off by l2 · W",
    message="its loss has half the penalty and its gradient the whole. l2/2 · ‖W‖² has the "
    "gradient l2 · W: the half cancels the 2.",
    see=PENALTY,
)
def linear_half_in_loss_alone(W, X, y, l2):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    return loss + l2 / 2 * (W * W).sum(), X.T @ dZ + 2 * l2 * W


@mistake(
    "linear_loss_and_gradient_with_half",
    "half the penalty in the gradient too",
    symptom="a gradient check that is off by l2/2 · W",
    message="it has l2/2 · W in its gradient. The half cancels the 2 that comes down from the "
    "square: l2/2 · ‖W‖² has the gradient l2 · W.",
    see=PENALTY,
)
def linear_half_in_gradient(W, X, y, l2):
    loss, dZ = cross_entropy_and_gradient(X @ W, y)
    return loss + l2 / 2 * (W * W).sum(), X.T @ dZ + l2 / 2 * W
