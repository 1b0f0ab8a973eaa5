"""The catalogue's wrong versions of softmax and its relatives."""

from __future__ import annotations

import numpy as np

from ...activations import logsumexp, sigmoid, softmax
from ..mistake import mistake

STEPS = ("01-softmax-vs-hardmax", "From scores to probabilities")
HARDMAX = ("01-softmax-vs-hardmax", "Hardmax: the winner takes all")
TEMPERATURE = ("01-softmax-vs-hardmax", "Temperature: the dial between")
SHIFT_AND_SCALE = ("01-softmax-vs-hardmax", "A shift changes nothing, a scale does")
OVERFLOW = ("01-softmax-vs-hardmax", "Overflow, and the shift that cures it")
SOFT_MAXIMUM = ("01-softmax-vs-hardmax", "Further: log-sum-exp, the soft maximum")
WRONG_SHIFTS = ("01-softmax-vs-hardmax", "What goes wrong")
TWO_CLASSES = ("02-logistic-to-softmax", "Two classes: softmax is logistic regression")
ONE_QUESTION = ("02-logistic-to-softmax", "Which question are you asking?")
FROM_LOGITS = ("03-cross-entropy", "Can the loss be computed from logits?")
JACOBIAN = ("03-cross-entropy", "Through the Jacobian of softmax")
MEAN_OF_LOGS = ("03-cross-entropy", "Why a logarithm, and why a mean?")
SHAPES = ("prerequisites", "NumPy: shapes, broadcasting, keepdims")


# --- softmax -----------------------------------------------------------------------------------


@mistake(
    "softmax",
    "the maximum is not subtracted",
    symptom="nan as soon as a logit passes 709; before that, all is well",
    message="the maximum of the row is not subtracted, so the exponential of a large logit is "
    "inf, and inf/inf is nan; far below 0 it is 0/0.",
    see=OVERFLOW,
)
def softmax_no_shift(Z):
    exps = np.exp(Z)
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "normalised along the wrong axis",
    symptom="no error; the columns sum to 1, the rows do not",
    message="it sums over the wrong axis, so examples compete with each other where classes "
    "should. Each example's own probabilities must sum to 1.",
    see=WRONG_SHIFTS,
)
def softmax_wrong_axis(Z):
    exps = np.exp(Z - Z.max(axis=0, keepdims=True))
    return exps / exps.sum(axis=0, keepdims=True)


@mistake(
    "softmax",
    "the maximum of the whole batch as the shift",
    symptom="nan in the rows of a batch that lie far below its largest logit",
    message="it subtracts the maximum of the whole batch. A row far below that underflows to "
    "0/0, which is nan. Subtract each row's own maximum.",
    see=WRONG_SHIFTS,
)
def softmax_batch_maximum(Z):
    exps = np.exp(Z - Z.max())
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "the larger of 0 and the maximum as the shift",
    symptom="nan in rows whose logits all lie far below 0",
    message="its shift is the larger of 0 and the maximum, so nothing lifts a row of very "
    "negative logits: all exponentials round to 0, and 0/0 is nan.",
    see=WRONG_SHIFTS,
)
def softmax_maximum_with_zero(Z):
    exps = np.exp(Z - np.maximum(0, Z.max(axis=1, keepdims=True)))
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "the minimum as the shift",
    symptom="nan when the logits of one row lie far apart",
    message="it subtracts the minimum, which leaves the largest logit large: its exponential "
    "can still overflow. Subtract the maximum.",
    see=WRONG_SHIFTS,
)
def softmax_minimum_shift(Z):
    exps = np.exp(Z - Z.min(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "the largest absolute value as the shift",
    symptom="nan in rows whose logits all lie far below 0",
    message="its shift is the largest absolute value. For a very negative row that is a large "
    "positive number, and every exponential rounds to 0. Subtract the maximum itself.",
    see=WRONG_SHIFTS,
)
def softmax_absolute_shift(Z):
    exps = np.exp(Z - np.abs(Z).max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "the shift in the numerator alone",
    symptom="each row sums to a number of its own, not to 1",
    message="it shifts the numerator and not the sum below it. The shift cancels only if it "
    "stands in both: exponentiate once, and divide that by its own sum.",
    see=OVERFLOW,
)
def softmax_half_shifted(Z):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return np.exp(shifted) / np.exp(Z).sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "one sum for the whole batch",
    symptom="right for one example; in a batch of m, the rows sum to about 1/m",
    message="it divides by the sum of the whole batch. That is right for one example only; "
    "in a batch each row needs its own maximum and its own sum.",
    see=SHAPES,
)
def softmax_sum_of_everything(Z):
    exps = np.exp(Z - Z.max())
    return exps / exps.sum()


@mistake(
    "softmax",
    "no exponential",
    symptom="negative probabilities, and a division by 0 where the logits cancel",
    message="it divides the logits by their sum, without the exponential. So a negative logit "
    "makes a negative probability, and a shift of all logits changes the answer.",
    see=STEPS,
)
def softmax_no_exponential(Z):
    return Z / Z.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "divided by the maximum instead of shifted by it",
    symptom="probabilities too equal, and the wrong order where all logits are negative",
    message="it divides the logits by their maximum where it should subtract it. A shift "
    "changes nothing; a scale is a temperature, and changes every probability.",
    see=SHIFT_AND_SCALE,
)
def softmax_scaled_by_maximum(Z):
    exps = np.exp(Z / Z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "the caller's logits are overwritten",
    symptom="right, and yet the logits are other ones afterwards",
    message="the probabilities are right, but Z is changed on the way: -= works in the "
    "caller's own array. Write Z = Z - ..., which makes a new one.",
    see=("03-cross-entropy", "Further: more that goes wrong"),
)
def softmax_in_place(Z):
    Z -= Z.max(axis=1, keepdims=True)
    exps = np.exp(Z)
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "results stored in an array of integers",
    symptom="rows of zeros when the logits are whole numbers",
    message="the result array takes its type from Z. When Z holds whole numbers, every "
    "probability below 1 is cut to 0. Make it with np.zeros(Z.shape).",
    see=SHAPES,
)
def softmax_integer_result(Z):
    probs = np.zeros_like(Z)
    for i, row in enumerate(Z):
        exps = np.exp(row - row.max())
        probs[i] = exps / exps.sum()
    return probs


@mistake(
    "softmax",
    "no keepdims",
    symptom="an error about shapes, or silence when there are as many rows as classes",
    message="the maximum and the sum have lost their axis, so NumPy lines them up with the "
    "classes and not with the rows. Pass keepdims=True to both.",
    see=SHAPES,
)
def softmax_no_keepdims(Z):
    exps = np.exp(Z - Z.max(axis=1))
    return exps / exps.sum(axis=1)


@mistake(
    "softmax",
    "no keepdims in the sum",
    symptom="an error about shapes, or silence when there are as many rows as classes",
    message="the sum has lost its axis, so NumPy lines it up with the classes and not with "
    "the rows. Pass keepdims=True to it.",
    see=SHAPES,
)
def softmax_no_keepdims_in_sum(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1)


@mistake(
    "softmax",
    "negative logits cut to 0 first",
    symptom="classes with negative logits are equally probable",
    message="it applies ReLU to the logits first, so all negative logits become equal. "
    "A logit may be any number: the exponential makes it positive.",
    see=STEPS,
)
def softmax_after_relu(Z):
    positive = np.maximum(Z, 0)
    exps = np.exp(positive - positive.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "softmax applied twice",
    symptom="no probability far from the others; with C classes none above e/(e + C - 1)",
    message="softmax is applied twice. The second sees probabilities, which differ by less "
    "than 1, and makes them nearly equal.",
    see=WRONG_SHIFTS,
)
def softmax_twice(Z):
    for _ in range(2):
        exps = np.exp(Z - Z.max(axis=1, keepdims=True))
        Z = exps / exps.sum(axis=1, keepdims=True)
    return Z


@mistake(
    "softmax",
    "a sigmoid for each class",
    symptom="each number lies between 0 and 1, but the rows do not sum to 1",
    message="each logit goes through a sigmoid of its own. That answers C separate yes-no "
    "questions; softmax answers one question with C answers.",
    see=ONE_QUESTION,
)
def softmax_as_sigmoids(Z):
    return sigmoid(Z)


@mistake(
    "softmax",
    "powers of 2 in place of e",
    symptom="probabilities too equal; gradients off by a factor of 0.693",
    message="its base is 2. Softmax uses e: base 2 is a temperature of 1/ln 2 = 1.4427, "
    "and the gradient is then no longer ŷ - y.",
    see=TEMPERATURE,
)
def softmax_base_2(Z):
    powers = 2.0 ** (Z - Z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


# --- temperature -------------------------------------------------------------------------------


@mistake(
    "softmax_with_temperature",
    "the temperature divides the probabilities",
    symptom="turning the temperature changes nothing",
    message="the temperature divides the probabilities, and the normalisation takes it out "
    "again: it has no effect. It must divide the logits, before the exponential.",
    see=TEMPERATURE,
)
def temperature_on_probabilities(Z, temperature):
    probs = softmax(Z) / temperature
    return probs / probs.sum(axis=1, keepdims=True)


@mistake(
    "softmax_with_temperature",
    "the temperature divides the result",
    symptom="the rows sum to 1/temperature",
    message="the temperature divides the probabilities, so they no longer sum to 1. "
    "It must divide the logits, before the exponential.",
    see=TEMPERATURE,
)
def temperature_on_result(Z, temperature):
    return softmax(Z) / temperature


@mistake(
    "softmax_with_temperature",
    "the temperature multiplies the logits",
    symptom="a high temperature makes the answer harder, not softer",
    message="it multiplies the logits by the temperature. Dividing is meant: a high "
    "temperature makes the logits, and so the probabilities, more alike.",
    see=TEMPERATURE,
)
def temperature_upside_down(Z, temperature):
    return softmax(Z * temperature)


# --- hardmax -----------------------------------------------------------------------------------


@mistake(
    "hardmax",
    "the value of the maximum where a 1 belongs",
    symptom="right places, wrong numbers",
    message="it keeps the largest logit itself. Hardmax says only where the largest is: "
    "put a 1 there.",
    see=HARDMAX,
)
def hardmax_keeps_the_value(Z):
    top = Z.max(axis=1, keepdims=True)
    return np.where(top == Z, Z, 0)


@mistake(
    "hardmax",
    "all winners of a tie are marked",
    symptom="rows with a tie sum to 2 or more",
    message="it marks every logit that equals the maximum, so a tie gets two ones. This book, "
    "like argmax, takes the first.",
    see=HARDMAX,
)
def hardmax_marks_all_ties(Z):
    top = Z.max(axis=1, keepdims=True)
    return (top == Z).astype(float)


@mistake(
    "hardmax",
    "the last winner of a tie is marked",
    symptom="differs from argmax, and only where logits tie",
    message="where logits tie, it marks the last of them. This book, like argmax, takes the first.",
    see=HARDMAX,
)
def hardmax_marks_the_last_tie(Z):
    n_classes = Z.shape[1]
    last = n_classes - 1 - Z[:, ::-1].argmax(axis=1)
    return np.eye(n_classes)[last]


@mistake(
    "hardmax",
    "the wrong axis",
    symptom="each class has one winner, each example has none or several",
    message="it looks for the largest along the wrong axis, so it marks the best example of "
    "each class, not the best class of each example.",
    see=WRONG_SHIFTS,
)
def hardmax_wrong_axis(Z):
    return np.eye(len(Z))[:, Z.argmax(axis=0)]


@mistake(
    "hardmax",
    "the index where a one-hot row belongs",
    symptom="one number a row; shapes fail to match later",
    message="it gives the index of the largest logit. Hardmax gives a row of zeros with a 1 "
    "at that index, as many numbers as there are classes.",
    see=HARDMAX,
)
def hardmax_as_index(Z):
    return Z.argmax(axis=1)


@mistake(
    "hardmax",
    "one winner for the whole batch",
    symptom="a single 1 in the whole batch",
    message="it marks the largest logit of the whole batch. Each row has a winner of its own.",
    see=SHAPES,
)
def hardmax_of_the_batch(Z):
    winner = np.zeros(Z.shape)
    winner[np.unravel_index(Z.argmax(), Z.shape)] = 1
    return winner


@mistake(
    "hardmax",
    "a probability above one half",
    symptom="rows of zeros where no class reaches 50 %",
    message="it marks what has a probability above 0.5. With three classes or more the winner "
    "may have less; compare the logits with each other, not with a threshold.",
    see=HARDMAX,
)
def hardmax_above_one_half(Z):
    return (softmax(Z) > 0.5).astype(float)


# --- log-softmax and log-sum-exp ---------------------------------------------------------------


@mistake(
    "log_softmax",
    "the logarithm of softmax",
    symptom="-inf where a probability rounds to 0; then nan in the gradient",
    message="it takes the logarithm of a finished softmax. A probability that rounded to 0 "
    "has the logarithm -inf. Subtract the log-sum-exp from the logits instead.",
    see=FROM_LOGITS,
)
def log_softmax_of_softmax(Z):
    return np.log(softmax(Z))


@mistake(
    "log_softmax",
    "the maximum is not subtracted",
    symptom="-inf or nan as soon as a logit passes 709",
    message="the logarithm comes after a sum of exponentials that can overflow to inf or "
    "round to 0. Subtract the maximum of each row first.",
    see=OVERFLOW,
)
def log_softmax_no_shift(Z):
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


@mistake(
    "log_softmax",
    "the shift is taken out on one side alone",
    symptom="each row is off by its own maximum; log-probabilities above 0",
    message="it subtracts the maximum inside the exponential and not from the Z in front. "
    "Use the shifted logits in both places.",
    see=FROM_LOGITS,
)
def log_softmax_half_shifted(Z):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@mistake(
    "log_softmax",
    "the wrong axis",
    symptom="no error; the exponentials of a row do not sum to 1",
    message="it sums over the wrong axis, so examples compete with each other where classes "
    "should.",
    see=WRONG_SHIFTS,
)
def log_softmax_wrong_axis(Z):
    shifted = Z - Z.max(axis=0)
    return shifted - np.log(np.exp(shifted).sum(axis=0))


@mistake(
    "log_softmax",
    "the logarithm to base 2 or 10",
    symptom="all values off by one factor",
    message="its logarithm is not the natural one. In this book, as in NumPy's np.log, "
    "a logarithm has the base e.",
    see=MEAN_OF_LOGS,
    variants=({"base": 2}, {"base": 10}),
)
def log_softmax_other_base(Z, base=2):
    return (Z - logsumexp(Z, keepdims=True)) / np.log(base)


@mistake(
    "log_softmax",
    "the sum is subtracted, not its logarithm",
    symptom="values far below those expected",
    message="it subtracts the sum of the exponentials, not the logarithm of that sum. "
    "The logarithm of a quotient is the difference of two logarithms.",
    see=FROM_LOGITS,
)
def log_softmax_minus_sum(Z):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return shifted - np.exp(shifted).sum(axis=1, keepdims=True)


@mistake(
    "logsumexp",
    "the shift is not added back",
    symptom="never above ln C, however large the logits",
    message="the maximum that it subtracted is not added back, so the answer lies between 0 "
    "and ln C whatever the logits are.",
    see=SOFT_MAXIMUM,
)
def logsumexp_shift_lost(Z):
    return np.log(np.exp(Z - Z.max(axis=1, keepdims=True)).sum(axis=1))


@mistake(
    "logsumexp",
    "the maximum is not subtracted",
    symptom="inf as soon as a logit passes 709",
    message="a large logit overflows to inf, and far below 0 the sum rounds to 0. Subtract "
    "the maximum of each row, and add it again after the logarithm.",
    see=SOFT_MAXIMUM,
)
def logsumexp_no_shift(Z):
    return np.log(np.exp(Z).sum(axis=1))


@mistake(
    "logsumexp",
    "the maximum of the whole batch as the shift",
    symptom="-inf in rows that lie far below the largest logit of the batch",
    message="its shift is the maximum of the whole batch. A row far below that rounds to 0, "
    "and the logarithm of 0 is -inf. Each row needs its own maximum.",
    see=WRONG_SHIFTS,
)
def logsumexp_batch_maximum(Z):
    return Z.max() + np.log(np.exp(Z - Z.max()).sum(axis=1))


@mistake(
    "logsumexp",
    "the wrong axis",
    symptom="one number for each class where one for each example is due",
    message="it sums over the examples. There is one log-sum-exp for each example, over its "
    "classes.",
    see=WRONG_SHIFTS,
)
def logsumexp_wrong_axis(Z):
    top = Z.max(axis=0)
    return top + np.log(np.exp(Z - top).sum(axis=0))


@mistake(
    "logsumexp",
    "a mean of exponentials where a sum belongs",
    symptom="too small by ln C",
    message="it averages the exponentials, which takes ln C off. The sum is meant.",
    see=SOFT_MAXIMUM,
)
def logsumexp_of_mean(Z):
    top = Z.max(axis=1)
    return top + np.log(np.exp(Z - top[:, None]).mean(axis=1))


@mistake(
    "logsumexp",
    "the sum of the logarithms",
    symptom="the sum of the logits",
    message="it takes the logarithm of each exponential and then sums, which undoes the "
    "exponential: what is left is the sum of the logits. Sum first.",
    see=SOFT_MAXIMUM,
)
def logsumexp_sum_of_logs(Z):
    return np.log(np.exp(Z)).sum(axis=1)


# --- sigmoid -----------------------------------------------------------------------------------


@mistake(
    "sigmoid",
    "inf divided by inf",
    symptom="nan for large positive numbers",
    message="the exponential of z stands above and below the line. For a large z both are "
    "inf, and inf/inf is nan. There, 1 / (1 + exp(-z)) is safe.",
    see=OVERFLOW,
)
def sigmoid_of_large_z(z):
    return np.exp(z) / (1 + np.exp(z))


@mistake(
    "sigmoid",
    "the sign of the exponent",
    symptom="the two classes are exchanged",
    message="the sign in the exponent is turned round: this is sigmoid(-z), the probability "
    "of the other class.",
    see=TWO_CLASSES,
)
def sigmoid_sign(z):
    return 1 / (1 + np.exp(z))


@mistake(
    "sigmoid",
    "no brackets round the denominator",
    symptom="values above 1",
    message="without brackets, 1 / 1 + exp(-z) is 1 plus the exponential, because the "
    "division comes first. Write 1 / (1 + exp(-z)).",
    see=TWO_CLASSES,
)
def sigmoid_no_brackets(z):
    return 1 / 1 + np.exp(-z)


@mistake(
    "sigmoid",
    "the hyperbolic tangent",
    symptom="values below 0",
    message="this is the hyperbolic tangent, between -1 and 1. Sigmoid lies between 0 and 1: "
    "it is (1 + tanh(z/2)) / 2.",
    see=TWO_CLASSES,
)
def sigmoid_as_tanh(z):
    return np.tanh(z)


# --- the Jacobian of softmax -------------------------------------------------------------------


@mistake(
    "softmax_jacobian",
    "the diagonal alone",
    symptom="the true class is pulled up, no other is pushed down",
    message="it has p(1 - p) on the diagonal and zeros elsewhere. Every logit moves every "
    "probability: off the diagonal stands -p_i p_j.",
    see=JACOBIAN,
)
def jacobian_diagonal_alone(z):
    p = softmax(z)
    return np.diag(p * (1 - p))


@mistake(
    "softmax_jacobian",
    "the slopes of a sigmoid",
    symptom="a vector where a matrix belongs",
    message="p(1 - p) is only the diagonal of the Jacobian. Softmax maps a vector to a "
    "vector, so its derivative is a matrix, diag(p) - p pᵀ.",
    see=JACOBIAN,
)
def jacobian_as_vector(z):
    p = softmax(z)
    return p * (1 - p)


@mistake(
    "softmax_jacobian",
    "the inner product for the outer",
    symptom="the same number taken off every entry",
    message="np.dot(p, p) is one number, the inner product. diag(p) - p pᵀ needs the matrix "
    "of all products, np.outer(p, p).",
    see=JACOBIAN,
)
def jacobian_inner_product(z):
    p = softmax(z)
    return np.diag(p) - np.dot(p, p)


@mistake(
    "softmax_jacobian",
    "a plus between its two parts",
    symptom="raising one logit raises all probabilities, so they cannot sum to 1",
    message="off the diagonal the sign is wrong. When one probability grows the others must "
    "shrink: each row of the Jacobian sums to 0.",
    see=JACOBIAN,
)
def jacobian_plus(z):
    p = softmax(z)
    return np.diag(p) + np.outer(p, p) - 2 * np.diag(p**2)


@mistake(
    "softmax_jacobian",
    "the square of p left out of the diagonal",
    symptom="rows that do not sum to 0",
    message="its diagonal is p. The outer product must be taken off there too, which leaves "
    "p(1 - p).",
    see=JACOBIAN,
)
def jacobian_wrong_diagonal(z):
    p = softmax(z)
    jacobian = -np.outer(p, p)
    np.fill_diagonal(jacobian, p)
    return jacobian
