"""The catalogue's wrong versions of the gradients by the logits and by the weights."""

from __future__ import annotations

import numpy as np

from ...activations import log_softmax, sigmoid, softmax
from ...losses import cross_entropy_and_gradient
from ..mistake import mistake

DERIVED = ("03-cross-entropy", "Which way is down?")
JACOBIAN = ("03-cross-entropy", "Through the Jacobian of softmax")
PUSH_AND_PULL = ("03-cross-entropy", "What does the gradient say?")
WHERE_1_OVER_M_LIVES = ("03-cross-entropy", "Where does the 1/m live?")
LOOKS_RIGHT = ("03-cross-entropy", "Further: more that goes wrong")
TO_THE_WEIGHTS = ("04-gradient-descent", "From the logits back to the weights")
OVERFLOW = ("01-softmax-vs-hardmax", "Overflow, and the shift that cures it")
WRONG_AXIS = ("01-softmax-vs-hardmax", "What goes wrong")
SHAPES = ("prerequisites", "NumPy: shapes, broadcasting, keepdims")


def logits_gradient(Z, y):
    return cross_entropy_and_gradient(Z, y)[1]


def weight_gradient(X, Z, y):
    dZ = logits_gradient(Z, y)
    return X.T @ dZ, dZ.sum(axis=0)


# --- the gradient by the logits ----------------------------------------------------------------


@mistake(
    "logits_gradient",
    "1/m is missing",
    symptom="steps that grow with the batch; a gradient check off by the factor m",
    message="it is m times too large: this is ŷ - y of each example, the gradient of a sum. "
    "The cost is a mean, so divide by m.",
    see=WHERE_1_OVER_M_LIVES,
)
def dlogits_no_mean(Z, y):
    dZ = softmax(Z)
    dZ[np.arange(len(y)), y] -= 1
    return dZ


@mistake(
    "logits_gradient",
    "1/m is applied twice",
    symptom="training that crawls, the more so the larger the batch",
    message="it is divided by m twice. The 1/m lives in one place only.",
    see=WHERE_1_OVER_M_LIVES,
)
def dlogits_mean_twice(Z, y):
    return cross_entropy_and_gradient(Z, y)[1] / len(y)


@mistake(
    "logits_gradient",
    "divided by the number of classes too",
    symptom="training that is C times too slow",
    message="it is divided by m times C, as if the cost were a mean over all entries. The "
    "cost sums over the classes and averages over the examples.",
    see=WHERE_1_OVER_M_LIVES,
)
def dlogits_class_mean(Z, y):
    return cross_entropy_and_gradient(Z, y)[1] / Z.shape[1]


@mistake(
    "logits_gradient",
    "the sign is turned round",
    symptom="a loss that grows from the first step",
    message="it is y - ŷ, the direction of descent. The gradient points uphill: ŷ - y.",
    see=DERIVED,
)
def dlogits_sign(Z, y):
    return -cross_entropy_and_gradient(Z, y)[1]


@mistake(
    "logits_gradient",
    "a factor of 2",
    symptom="the best learning rate is half of everyone else's",
    message="it is twice the gradient. A 2 comes from the derivative of a square, and "
    "cross-entropy has no square.",
    see=LOOKS_RIGHT,
)
def dlogits_factor_2(Z, y):
    return 2 * cross_entropy_and_gradient(Z, y)[1]


@mistake(
    "logits_gradient",
    "the slope of the activation once more",
    symptom="hardly any gradient where the model is confidently wrong",
    message="ŷ - y is multiplied by p(1 - p). The slope of softmax is already inside ŷ - y: "
    "it cancelled with the 1/ŷ of the loss.",
    see=LOOKS_RIGHT,
)
def dlogits_extra_slope(Z, y):
    p = softmax(Z)
    return cross_entropy_and_gradient(Z, y)[1] * p * (1 - p)


@mistake(
    "logits_gradient",
    "the true class alone",
    symptom="the true class is pulled up, no other is pushed down",
    message="it has an entry for the true class alone. When its probability grows the others "
    "must shrink: they are pushed down by their own ŷ, and each row sums to 0.",
    see=PUSH_AND_PULL,
)
def dlogits_true_class_alone(Z, y):
    m = len(y)
    dZ = np.zeros(Z.shape)
    dZ[np.arange(m), y] = (softmax(Z)[np.arange(m), y] - 1) / m
    return dZ


@mistake(
    "logits_gradient",
    "y is not subtracted",
    symptom="every logit is pushed down, the true one too",
    message="y is not subtracted: every class is pushed down, the true one as well. Take 1 "
    "off the probability of the true class.",
    see=PUSH_AND_PULL,
)
def dlogits_probs_alone(Z, y):
    return softmax(Z) / len(y)


@mistake(
    "logits_gradient",
    "the label's number is subtracted",
    symptom="gradients that grow with the number of the class",
    message="it subtracts the label's number from every probability. A label is a name: "
    "subtract its one-hot row.",
    see=DERIVED,
)
def dlogits_label_as_number(Z, y):
    return (softmax(Z) - y[:, None]) / len(y)


@mistake(
    "logits_gradient",
    "the loss's slope by the probabilities",
    symptom="one entry a row, and enormous where the model is wrong",
    message="this is the slope by the probabilities, -1/ŷ. The chain rule goes on through "
    "softmax; the 1/ŷ then cancels, and ŷ - y is left.",
    see=JACOBIAN,
)
def dlogits_by_probs(Z, y):
    m = len(y)
    slopes = np.zeros(Z.shape)
    slopes[np.arange(m), y] = -1 / softmax(Z)[np.arange(m), y]
    return slopes / m


@mistake(
    "logits_gradient",
    "the slope of a yes-no loss by the probabilities",
    symptom="entries above 1 for the classes that did not happen",
    message="-y/ŷ + (1 - y)/(1 - ŷ) is the slope of a yes-no loss by ŷ. Softmax's loss charges the "
    "true class alone, and the slope by the logits is (ŷ - y)/m.",
    see=DERIVED,
    variants=({}, {"mean": False}),
)
def dlogits_of_yes_no(Z, y, mean=True):
    p = softmax(Z)
    Y = np.eye(Z.shape[1])[y]
    return (-Y / p + (1 - Y) / (1 - p)) / (len(y) if mean else 1)


@mistake(
    "logits_gradient",
    "the slope of p with the diagonal alone",
    symptom="the sign is that of y - ŷ or the entries do not sum to 0",
    message="it is p(1 - p), the diagonal of softmax's Jacobian, and the loss does not occur "
    "in it. Multiply the Jacobian with the slope of the loss: ŷ - y is left.",
    see=JACOBIAN,
)
def dlogits_p_one_minus_p(Z, y):
    p = softmax(Z)
    return p * (1 - p) / len(y)


@mistake(
    "logits_gradient",
    "1 subtracted in every column that is a label",
    symptom="right for one example; in a batch the rows sum to -1, -2, ...",
    message="dZ[:, y] -= 1 reaches every row, for the labels of all examples. One entry "
    "a row is meant: dZ[np.arange(m), y] -= 1.",
    see=SHAPES,
)
def dlogits_all_pairs(Z, y):
    dZ = softmax(Z)
    dZ[:, y] -= 1
    return dZ / len(y)


@mistake(
    "logits_gradient",
    "labels counted from 1",
    symptom="a loss that grows while the model learns the wrong class",
    message="it counts labels from 1 and pulls up the class before the true one. Label 0 "
    "becomes -1, which NumPy reads as the last class.",
    see=LOOKS_RIGHT,
)
def dlogits_labels_from_1(Z, y):
    dZ = softmax(Z)
    dZ[np.arange(len(y)), y - 1] -= 1
    return dZ / len(y)


@mistake(
    "logits_gradient",
    "log-probabilities in place of probabilities",
    symptom="entries far below -1",
    message="it subtracts y from the log-probabilities. The gradient needs the probabilities "
    "themselves: ŷ - y.",
    see=DERIVED,
)
def dlogits_from_log_probs(Z, y):
    dZ = log_softmax(Z)
    dZ[np.arange(len(y)), y] -= 1
    return dZ / len(y)


@mistake(
    "logits_gradient",
    "the caller's logits are overwritten",
    symptom="right, and yet the logits are other ones afterwards",
    message="the gradient is right, but Z is changed on the way, by -= or under a second "
    "name, as in dZ = Z. Work on a second array, Z.copy().",
    see=LOOKS_RIGHT,
)
def dlogits_in_place(Z, y):
    dZ = Z
    dZ -= dZ.max(axis=1, keepdims=True)
    dZ = np.exp(dZ)
    dZ /= dZ.sum(axis=1, keepdims=True)
    dZ[np.arange(len(y)), y] -= 1
    return dZ / len(y)


@mistake(
    "logits_gradient",
    "multiplied by the probability once more",
    symptom="hardly any gradient where the true class has no probability",
    message="ŷ - y is multiplied by ŷ. The 1/ŷ of the loss has already cancelled with it: "
    "ŷ - y is all that is left.",
    see=LOOKS_RIGHT,
)
def dlogits_times_probs(Z, y):
    return cross_entropy_and_gradient(Z, y)[1] * softmax(Z)


@mistake(
    "logits_gradient",
    "the gradient of the squared error",
    symptom="hardly any gradient where the model is confidently wrong",
    message="this is the gradient of the squared error, which passes through softmax's slope. "
    "With cross-entropy that slope cancels: ŷ - y is left.",
    see=JACOBIAN,
    variants=({}, {"factor": 2}),
)
def dlogits_squared_error(Z, y, factor=1):
    p, g = softmax(Z), cross_entropy_and_gradient(Z, y)[1]
    return factor * p * (g - (p * g).sum(axis=1, keepdims=True))


@mistake(
    "logits_gradient",
    "the winner in place of the probabilities",
    symptom="0 for every right answer; a perceptron, not softmax",
    message="it subtracts y from the winner's one-hot row. Softmax's gradient has the "
    "probabilities there, so a right answer that is not sure still teaches.",
    see=PUSH_AND_PULL,
)
def dlogits_of_hardmax(Z, y):
    classes = np.eye(Z.shape[1])
    return (classes[Z.argmax(axis=1)] - classes[y]) / len(y)


@mistake(
    "logits_gradient",
    "a sigmoid for each class",
    symptom="rows that do not sum to 0",
    message="its probabilities are sigmoids, one for each class. Softmax's sum to 1, so each row "
    "of the gradient sums to 0.",
    see=("02-logistic-to-softmax", "Which question are you asking?"),
)
def dlogits_of_sigmoids(Z, y):
    return (sigmoid(Z) - np.eye(Z.shape[1])[y]) / len(y)


@mistake(
    "logits_gradient",
    "softmax applied twice",
    symptom="a gradient that never fades, however good the model is",
    message="its softmax is applied twice: to the logits, and once more to the probabilities. "
    "Once is meant.",
    see=LOOKS_RIGHT,
)
def dlogits_softmax_twice(Z, y):
    return cross_entropy_and_gradient(softmax(Z), y)[1]


@mistake(
    "logits_gradient",
    "logits in place of probabilities",
    symptom="entries as large as the logits",
    message="it subtracts y from the logits. Softmax comes first: ŷ - y.",
    see=DERIVED,
)
def dlogits_from_logits(Z, y):
    return (Z - np.eye(Z.shape[1])[y]) / len(y)


@mistake(
    "logits_gradient",
    "summed over the examples",
    symptom="one row where one for each example is due",
    message="it sums over the examples. That is the gradient by the biases; by the logits, each "
    "example has a row of its own.",
    see=DERIVED,
)
def dlogits_summed(Z, y):
    return cross_entropy_and_gradient(Z, y)[1].sum(axis=0)


# --- the gradient by the logits, from probabilities --------------------------------------------


@mistake(
    "logits_gradient_from_probs",
    "1/m is missing",
    symptom="steps that grow with the batch; a gradient check off by the factor m",
    message="it is m times too large: this is ŷ - y of each example, the gradient of a sum. "
    "The cost is a mean, so divide by m.",
    see=WHERE_1_OVER_M_LIVES,
)
def dprobs_no_mean(probs, y):
    return probs - np.eye(probs.shape[1])[y]


@mistake(
    "logits_gradient_from_probs",
    "the sign is turned round",
    symptom="a loss that grows from the first step",
    message="it is y - ŷ, the direction of descent. The gradient points uphill: ŷ - y.",
    see=DERIVED,
)
def dprobs_sign(probs, y):
    return (np.eye(probs.shape[1])[y] - probs) / len(y)


@mistake(
    "logits_gradient_from_probs",
    "divided by the number of classes too",
    symptom="training that is C times too slow",
    message="it is divided by m times C, as if the cost were a mean over all entries. The "
    "cost sums over the classes and averages over the examples.",
    see=WHERE_1_OVER_M_LIVES,
)
def dprobs_class_mean(probs, y):
    return (probs - np.eye(probs.shape[1])[y]) / probs.size


@mistake(
    "logits_gradient_from_probs",
    "the loss's slope by the probabilities",
    symptom="one entry a row, and enormous where the model is wrong",
    message="this is the slope by the probabilities, -1/ŷ. The chain rule goes on through "
    "softmax; the 1/ŷ then cancels, and ŷ - y is left.",
    see=JACOBIAN,
    variants=({}, {"mean": False}),
)
def dprobs_by_probs(probs, y, mean=True):
    Y = np.eye(probs.shape[1])[y]
    return -Y / probs / (len(y) if mean else 1)


@mistake(
    "logits_gradient_from_probs",
    "the slope of a yes-no loss by the probabilities",
    symptom="entries above 1 for the classes that did not happen",
    message="-y/ŷ + (1 - y)/(1 - ŷ) is the slope of a yes-no loss by ŷ. Softmax's loss charges the "
    "true class alone, and the slope by the logits is (ŷ - y)/m.",
    see=DERIVED,
    variants=({}, {"m": 1}, {"m": 0}),
)
def dprobs_of_yes_no(probs, y, m=None):
    Y = np.eye(probs.shape[1])[y]
    slopes = -Y / probs + (1 - Y) / (1 - probs)
    return slopes / (len(y) if m is None else m or probs.size)


@mistake(
    "logits_gradient_from_probs",
    "softmax applied to probabilities",
    symptom="a gradient that never fades, however good the model is",
    message="it applies softmax to what are probabilities already. Subtract y from them as they "
    "are.",
    see=LOOKS_RIGHT,
)
def dprobs_softmax_again(probs, y):
    return cross_entropy_and_gradient(probs, y)[1]


@mistake(
    "logits_gradient_from_probs",
    "the slope of the activation once more",
    symptom="hardly any gradient where the model is confidently wrong",
    message="ŷ - y is multiplied by p(1 - p). The slope of softmax is already inside ŷ - y: "
    "it cancelled with the 1/ŷ of the loss.",
    see=LOOKS_RIGHT,
)
def dprobs_extra_slope(probs, y):
    return (probs - np.eye(probs.shape[1])[y]) * probs * (1 - probs) / len(y)


@mistake(
    "logits_gradient_from_probs",
    "1 subtracted in every column that is a label",
    symptom="right for one example; in a batch the rows sum to -1, -2, ...",
    message="dZ[:, y] -= 1 reaches every row, for the labels of all examples. One entry "
    "a row is meant: dZ[np.arange(m), y] -= 1.",
    see=SHAPES,
)
def dprobs_all_pairs(probs, y):
    dZ = probs.copy()
    dZ[:, y] -= 1
    return dZ / len(y)


@mistake(
    "logits_gradient_from_probs",
    "labels counted from 1",
    symptom="a loss that grows while the model learns the wrong class",
    message="it counts labels from 1 and pulls up the class before the true one. Label 0 "
    "becomes -1, which NumPy reads as the last class.",
    see=LOOKS_RIGHT,
)
def dprobs_labels_from_1(probs, y):
    dZ = probs.copy()
    dZ[np.arange(len(y)), y - 1] -= 1
    return dZ / len(y)


@mistake(
    "logits_gradient_from_probs",
    "the true class alone",
    symptom="the true class is pulled up, no other is pushed down",
    message="it has an entry for the true class alone. When its probability grows the others "
    "must shrink: they are pushed down by their own ŷ, and each row sums to 0.",
    see=PUSH_AND_PULL,
)
def dprobs_true_class_alone(probs, y):
    Y = np.eye(probs.shape[1])[y]
    return Y * (probs - 1) / len(y)


@mistake(
    "logits_gradient_from_probs",
    "the caller's probabilities are overwritten",
    symptom="right, and yet the probabilities are other ones afterwards",
    message="the gradient is right, but probs is changed on the way, by -= or under a "
    "second name, as in dZ = probs. Work on a second array, probs.copy().",
    see=LOOKS_RIGHT,
)
def dprobs_in_place(probs, y):
    dZ = probs
    dZ[np.arange(len(y)), y] -= 1
    return dZ / len(y)


# --- the gradient by the weights ---------------------------------------------------------------


@mistake(
    "weight_gradient",
    "1/m is missing",
    symptom="steps that grow with the batch",
    message="both are m times too large. The cost is a mean: divide ŷ - y by m, once.",
    see=WHERE_1_OVER_M_LIVES,
)
def dweights_no_mean(X, Z, y):
    dZ = logits_gradient(Z, y) * len(y)
    return X.T @ dZ, dZ.sum(axis=0)


@mistake(
    "weight_gradient",
    "1/m is applied twice",
    symptom="training that crawls, the more so the larger the batch",
    message="both are divided by m twice. dZ already carries the 1/m; dividing again in "
    "dW and db is once too often.",
    see=WHERE_1_OVER_M_LIVES,
)
def dweights_mean_twice(X, Z, y):
    m = len(y)
    dZ = logits_gradient(Z, y)
    return X.T @ dZ / m, dZ.sum(axis=0) / m


@mistake(
    "weight_gradient",
    "1/m in the weights only",
    symptom="a bias that jumps about while the weights learn",
    message="dW has the 1/m and db has not, so the bias moves m times too far. If 1/m lives "
    "in dZ, both have it.",
    see=WHERE_1_OVER_M_LIVES,
)
def dweights_bias_no_mean(X, Z, y):
    dZ = logits_gradient(Z, y)
    return X.T @ dZ, dZ.sum(axis=0) * len(y)


@mistake(
    "weight_gradient",
    "the bias by a mean after 1/m",
    symptom="a bias that learns m times too slowly",
    message="db is a mean of something that already carries the 1/m, so the bias learns m "
    "times too slowly. Sum dZ over the examples.",
    see=WHERE_1_OVER_M_LIVES,
)
def dweights_bias_mean(X, Z, y):
    dZ = logits_gradient(Z, y)
    return X.T @ dZ, dZ.mean(axis=0)


@mistake(
    "weight_gradient",
    "the bias is not summed over the examples",
    symptom="db has the shape of dZ, and the bias becomes a matrix",
    message="db is dZ itself. One bias serves all examples, so it gets the sum of their "
    "gradients: dZ.sum(axis=0).",
    see=TO_THE_WEIGHTS,
)
def dweights_bias_not_summed(X, Z, y):
    dZ = logits_gradient(Z, y)
    return X.T @ dZ, dZ


@mistake(
    "weight_gradient",
    "the bias summed over the classes",
    symptom="a bias that does not move: each row of dZ sums to 0",
    message="db is summed over the classes, where every row of dZ sums to 0. Sum over the "
    "examples, axis=0: there is one bias a class.",
    see=TO_THE_WEIGHTS,
)
def dweights_bias_over_classes(X, Z, y):
    dZ = logits_gradient(Z, y)
    return X.T @ dZ, dZ.sum(axis=1)


@mistake(
    "weight_gradient",
    "the sign is turned round",
    symptom="a loss that grows from the first step",
    message="both have the opposite sign: they come from y - ŷ. The gradient points uphill, "
    "and the step subtracts it.",
    see=DERIVED,
)
def dweights_sign(X, Z, y):
    dZ = -logits_gradient(Z, y)
    return X.T @ dZ, dZ.sum(axis=0)


@mistake(
    "weight_gradient",
    "the means are multiplied, not the examples",
    symptom="a gradient that is right for one example, and nearly 0 for many",
    message="it averages the features and ŷ - y first, and multiplies the means. Each example has "
    "a product of its own: Xᵀ (ŷ - y) / m.",
    see=TO_THE_WEIGHTS,
)
def dweights_of_means(X, Z, y):
    db = logits_gradient(Z, y).sum(axis=0)
    return np.outer(X.mean(axis=0), db), db


@mistake(
    "weight_gradient",
    "the wrong factor transposed",
    symptom="dW has the shape (C, n)",
    message="dW is transposed: it must have the shape of W, (n, C), which is Xᵀ dZ.",
    see=TO_THE_WEIGHTS,
)
def dweights_transposed(X, Z, y):
    dZ = logits_gradient(Z, y)
    return dZ.T @ X, dZ.sum(axis=0)


@mistake(
    "weight_gradient",
    "y is not subtracted",
    symptom="every class is pushed down for every example",
    message="it passes ŷ on, without subtracting y: every class is pushed down, the true one "
    "as well.",
    see=PUSH_AND_PULL,
)
def dweights_probs_alone(X, Z, y):
    dZ = softmax(Z) / len(y)
    return X.T @ dZ, dZ.sum(axis=0)


@mistake(
    "weight_gradient",
    "the bias by the sum of everything",
    symptom="one number for all biases, and always 0",
    message="db is the sum of all of dZ, one number, and always 0: each row of dZ sums to 0. "
    "There is a bias for each class: sum over the examples, axis=0.",
    see=TO_THE_WEIGHTS,
)
def dweights_bias_of_everything(X, Z, y):
    dZ = logits_gradient(Z, y)
    return X.T @ dZ, dZ.sum()


@mistake(
    "weight_gradient",
    "returned in another order",
    symptom="right numbers in the wrong places",
    message="it returns db before dW. The order is dW, db.",
    see=TO_THE_WEIGHTS,
)
def dweights_other_order(X, Z, y):
    dZ = logits_gradient(Z, y)
    return dZ.sum(axis=0), X.T @ dZ


@mistake(
    "weight_gradient",
    "the label's number is subtracted",
    symptom="gradients that grow with the number of the class",
    message="it subtracts the label's number from every probability. A label is a name: "
    "subtract its one-hot row.",
    see=DERIVED,
)
def dweights_label_as_number(X, Z, y):
    dZ = (softmax(Z) - y[:, np.newaxis]) / len(y)
    return X.T @ dZ, dZ.sum(axis=0)


@mistake(
    "weight_gradient",
    "the features are not transposed",
    symptom="an error about shapes, or silence when there are as many examples as features",
    message="X dZ does not fit: dW has the shape of W, (n, C), which is Xᵀ dZ.",
    see=TO_THE_WEIGHTS,
)
def dweights_not_transposed(X, Z, y):
    dZ = logits_gradient(Z, y)
    return X @ dZ, dZ.sum(axis=0)


@mistake(
    "weight_gradient",
    "divided by the number of classes too",
    symptom="training that is C times too slow",
    message="both are divided by m times C, as if the cost were a mean over all entries. The "
    "cost sums over the classes and averages over the examples.",
    see=WHERE_1_OVER_M_LIVES,
)
def dweights_class_mean(X, Z, y):
    dZ = logits_gradient(Z, y) / Z.shape[1]
    return X.T @ dZ, dZ.sum(axis=0)


@mistake(
    "weight_gradient",
    "the slope of the activation once more",
    symptom="hardly any gradient where the model is confidently wrong",
    message="ŷ - y is multiplied by p(1 - p). The slope of softmax is already inside ŷ - y: "
    "it cancelled with the 1/ŷ of the loss.",
    see=LOOKS_RIGHT,
)
def dweights_extra_slope(X, Z, y):
    p = softmax(Z)
    dZ = logits_gradient(Z, y) * p * (1 - p)
    return X.T @ dZ, dZ.sum(axis=0)
