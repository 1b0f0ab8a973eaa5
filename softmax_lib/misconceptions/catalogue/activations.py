"""The catalogue's wrong versions of softmax and its relatives."""

from __future__ import annotations

import numpy as np

from ...activations import logsumexp, sigmoid, softmax
from ..mistake import mistake
from .losses import USUAL_GUARDS

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
    "the shift on one side of the line alone",
    symptom="each row sums to a number of its own, not to 1",
    message="it shifts the numerator or the sum below it, and not both. The shift cancels only if "
    "it stands in both: exponentiate once, and divide that by its own sum.",
    see=OVERFLOW,
    variants=({}, {"above": False}),
)
def softmax_half_shifted(Z, above=True):
    both = np.exp(Z - Z.max(axis=1, keepdims=True)), np.exp(Z)
    top, below = both if above else reversed(both)
    return top / below.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "the maximum is added, not subtracted",
    symptom="nan for large logits, and earlier than without a shift",
    message="it adds the maximum of the row where it should subtract it, so the exponentials "
    "overflow even earlier. Write Z - maximum: then none is above 1.",
    see=OVERFLOW,
)
def softmax_maximum_added(Z):
    exps = np.exp(Z + Z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "the maximum subtracted after the exponential",
    symptom="negative probabilities, and inf or nan for large logits",
    message="brackets: it subtracts the maximum from the exponentials. Subtract it from the "
    "logits, before: np.exp(Z - maximum).",
    see=OVERFLOW,
)
def softmax_shifted_outside(Z):
    exps = np.exp(Z) - Z.max(axis=1, keepdims=True)
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "divided by the sum of the logits",
    symptom="rows that do not sum to 1, and a division by 0 where the logits cancel",
    message="it divides by the sum of the logits. What each exponential is a share of is the sum "
    "of the exponentials.",
    see=STEPS,
    variants=({}, {"shift": True}),
)
def softmax_over_logits(Z, shift=False):
    exps = np.exp(Z - shift * Z.max(axis=1, keepdims=True))
    return exps / Z.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "nan is replaced by 0",
    symptom="rows of zeros for large logits",
    message="it replaces the nan of an overflow by 0, which hides that the answer is lost. "
    "Subtract the maximum of the row first, and there is no nan.",
    see=OVERFLOW,
)
def softmax_nan_hidden(Z):
    exps = np.exp(Z)
    return np.nan_to_num(exps / exps.sum(axis=1, keepdims=True))


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
    message="the probabilities are right, but Z is changed on the way: -=, /= and out= "
    "work in the caller's own array. Write Z = Z - ..., which makes a new one.",
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
    message="its base is 2. Softmax uses e, as np.exp does: with another base all is too even, and "
    "the gradient is no longer ŷ - y.",
    see=TEMPERATURE,
)
def softmax_base_2(Z):
    powers = 2.0 ** (Z - Z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "divided by the mean of the exponentials",
    symptom="rows that sum to the number of classes",
    message="it divides by the mean of the exponentials, so the rows sum to C and not to 1. "
    "Divide by their sum.",
    see=STEPS,
)
def softmax_mean_for_sum(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / exps.mean(axis=1, keepdims=True)


@mistake(
    "softmax",
    "divided by the length of the row",
    symptom="rows that sum to more than 1, and whose squares sum to 1",
    message="it divides by the root of the sum of squares, so each row has length 1. "
    "Probabilities must sum to 1: divide by the sum of the exponentials.",
    see=STEPS,
)
def softmax_unit_length(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / np.linalg.norm(exps, axis=1, keepdims=True)


@mistake(
    "softmax",
    "the sum divides the logits inside the exponential",
    symptom="numbers near 1 that do not sum to 1",
    message="brackets: the sum of the exponentials divides Z inside the exponential. "
    "Exponentiate first, then divide: np.exp(Z) / total.",
    see=STEPS,
)
def softmax_brackets(Z):
    total = np.exp(Z).sum(axis=1, keepdims=True)
    return np.exp(Z / total)


@mistake(
    "softmax",
    "the sign of the exponent",
    symptom="the smallest logit gets the largest probability",
    message="the sign in the exponent is turned round, so the smallest logit wins. "
    "Exponentiate Z minus its maximum, not the other way round.",
    see=STEPS,
)
def softmax_sign(Z):
    exps = np.exp(Z.min(axis=1, keepdims=True) - Z)
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "log-probabilities where probabilities belong",
    symptom="negative numbers",
    message="this is log-softmax, the logarithm of the probabilities. Leave the logarithm out, "
    "or call it log_softmax.",
    see=FROM_LOGITS,
)
def softmax_as_logarithms(Z):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@mistake(
    "softmax",
    "the class where probabilities belong",
    symptom="one whole number a row",
    message="it gives the class with the largest logit. Softmax gives a probability for every "
    "class; whoever wants the class takes the argmax of them.",
    see=HARDMAX,
)
def softmax_as_class(Z):
    return Z.argmax(axis=1)


@mistake(
    "softmax",
    "hardmax in place of softmax",
    symptom="only zeros and ones, and no gradient",
    message="it marks the winner, which is hardmax. Softmax gives every class a share, by its "
    "exponential.",
    see=HARDMAX,
)
def softmax_as_hardmax(Z):
    return np.eye(Z.shape[1])[Z.argmax(axis=1)]


@mistake(
    "softmax",
    "per cent",
    symptom="rows that sum to 100",
    message="its rows sum to 100: these are per cent. A probability lies between 0 and 1.",
    see=("01-softmax-vs-hardmax", "The simplex: where the answers live"),
)
def softmax_per_cent(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return 100 * exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "not divided by the sum",
    symptom="the winner has 1 in every row, and the rows do not sum to 1",
    message="its exponentials are not divided by the sum of their row. "
    "Divide, and each row sums to 1.",
    see=STEPS,
    variants=({}, {"shift": False}),
)
def softmax_not_normalised(Z, shift=True):
    return np.exp(Z - shift * Z.max(axis=1, keepdims=True))


# --- temperature -------------------------------------------------------------------------------


@mistake(
    "softmax_with_temperature",
    "the temperature has no effect",
    symptom="turning the temperature changes nothing",
    message="the temperature is not used, or it divides the probabilities, and the normalisation "
    "takes it out again. It must divide the logits, before the exponential.",
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


@mistake(
    "softmax_with_temperature",
    "the temperature in the numerator alone",
    symptom="rows that sum to 1 at temperature 1 only",
    message="the temperature divides the logits in the numerator and not in the sum below it. "
    "Divide first, and use the result in both.",
    see=TEMPERATURE,
)
def temperature_in_numerator(Z, temperature):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return np.exp(shifted / temperature) / np.exp(shifted).sum(axis=1, keepdims=True)


@mistake(
    "softmax_with_temperature",
    "the maximum is taken before the division, and not divided",
    symptom="nan or inf at low temperatures, zeros at high ones",
    message="it divides the logits by the temperature and subtracts their maximum undivided. "
    "Divide first; then subtract the maximum of what came out.",
    see=TEMPERATURE,
)
def temperature_shift_undivided(Z, temperature):
    exps = np.exp(Z / temperature - Z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


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


@mistake(
    "hardmax",
    "whole rows are marked",
    symptom="rows of ones and rows of zeros",
    message="H[Z.argmax(axis=1)] = 1 takes the classes for rows, and marks whole rows. Give both "
    "indices: H[np.arange(m), Z.argmax(axis=1)] = 1.",
    see=SHAPES,
)
def hardmax_marks_rows(Z):
    H = np.zeros(Z.shape)
    H[Z.argmax(axis=1)] = 1
    return H


@mistake(
    "hardmax",
    "the winners of all rows in every row",
    symptom="right for one example; in a batch more than one 1 a row",
    message="H[:, Z.argmax(axis=1)] = 1 marks, in every row, the winners of all rows. One place "
    "a row is meant: H[np.arange(m), Z.argmax(axis=1)] = 1.",
    see=SHAPES,
)
def hardmax_all_pairs(Z):
    H = np.zeros(Z.shape)
    H[:, Z.argmax(axis=1)] = 1
    return H


@mistake(
    "hardmax",
    "the smallest is marked",
    symptom="a 1 in the worst place",
    message="it marks the smallest logit of each row. Take argmax, not argmin.",
    see=HARDMAX,
)
def hardmax_of_minimum(Z):
    return np.eye(Z.shape[1])[Z.argmin(axis=1)]


@mistake(
    "hardmax",
    "softmax in place of hardmax",
    symptom="numbers between 0 and 1",
    message="these are softmax's probabilities. Hardmax gives everything to the winner: a 1 for "
    "the largest logit, and 0 for the others.",
    see=HARDMAX,
)
def hardmax_as_softmax(Z):
    return softmax(Z)


@mistake(
    "hardmax",
    "divided by the maximum and rounded down",
    symptom="wrong where the largest logit is 0 or negative",
    message="it divides by the maximum and keeps what is at least 1. With a maximum of 0 that is "
    "nan, and below 0 the others are above 1. Compare with the maximum instead.",
    see=HARDMAX,
)
def hardmax_by_quotient(Z):
    return np.floor(Z / Z.max(axis=1, keepdims=True))


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
    "the shift is taken out on one side alone",
    symptom="each row is off by its own maximum",
    message="it subtracts the maximum from the Z in front or inside the exponential, and not in "
    "both. Use the shifted logits in both places.",
    see=FROM_LOGITS,
    variants=({}, {"in_front": True}),
)
def log_softmax_half_shifted(Z, in_front=False):
    both = Z, Z - Z.max(axis=1, keepdims=True)
    front, inside = reversed(both) if in_front else both
    return front - np.log(np.exp(inside).sum(axis=1, keepdims=True))


@mistake(
    "log_softmax",
    "the logarithm to base 2 or 10",
    symptom="all values off by one factor",
    message="its logarithm is not the natural one. In this book, as in NumPy's np.log, "
    "a logarithm has the base e.",
    see=MEAN_OF_LOGS,
    variants=tuple(
        {"base": base, "of_sum": of_sum} for of_sum in (False, True) for base in (2, 10)
    ),
)
def log_softmax_other_base(Z, base=2, of_sum=False):
    if of_sum:
        shifted = Z - Z.max(axis=1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)) / np.log(base)
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
    "log_softmax",
    "the sign is turned round",
    symptom="numbers above 0",
    message="it has the opposite sign: these are the losses, -ln p. Log-probabilities are 0 or "
    "below.",
    see=FROM_LOGITS,
)
def log_softmax_sign(Z):
    return logsumexp(Z, keepdims=True) - Z


@mistake(
    "log_softmax",
    "a small number added in the logarithm",
    symptom="no log-probability below that of the number: -16.118 for 1e-7",
    message="it adds a small number to a finished softmax, or clips it, and so cuts all "
    "log-probabilities off below. Subtract the log-sum-exp from the logits instead.",
    see=("03-cross-entropy", "What goes wrong"),
    variants=tuple(
        {"epsilon": guard, "smallest": clip}
        for one in USUAL_GUARDS
        for guard, clip in ((one, 0), (0, one))
    ),
)
def log_softmax_epsilon(Z, epsilon=1e-7, smallest=0):
    return np.log(np.clip(softmax(Z), smallest, 1) + epsilon)


@mistake(
    "log_softmax",
    "probabilities where log-probabilities belong",
    symptom="numbers between 0 and 1",
    message="these are the probabilities themselves. Log-softmax is their logarithm: Z "
    "minus its log-sum-exp.",
    see=FROM_LOGITS,
)
def log_softmax_as_softmax(Z):
    return softmax(Z)


@mistake(
    "log_softmax",
    "the logits are not subtracted from",
    symptom="one number a row",
    message="this is the log-sum-exp alone. Log-softmax subtracts it from each logit: "
    "Z - logsumexp.",
    see=FROM_LOGITS,
)
def log_softmax_as_logsumexp(Z):
    return logsumexp(Z)


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


@mistake(
    "logsumexp",
    "the logits are clipped, not shifted",
    symptom="no answer above that of the clip",
    message="it clips the logits before the exponential, so whatever lies beyond the clip is "
    "lost. Subtract the maximum of the row, and add it again after the logarithm.",
    see=SOFT_MAXIMUM,
    variants=tuple({"limit": n} for n in (50, 10, 20, 30, 80)),
)
def logsumexp_clipped_logits(Z, limit=50):
    return np.log(np.exp(np.clip(Z, -limit, limit)).sum(axis=1))


@mistake(
    "logsumexp",
    "one number for the whole batch",
    symptom="one number where one for each example is due",
    message="it sums over the whole batch. There is one log-sum-exp for each example: "
    "axis=1 in the maximum and in the sum.",
    see=SHAPES,
)
def logsumexp_of_everything(Z):
    return Z.max() + np.log(np.exp(Z - Z.max()).sum())


@mistake(
    "logsumexp",
    "the maximum alone",
    symptom="too small by up to ln C",
    message="this is the maximum of the row. The log-sum-exp lies above it, by up to ln C: the "
    "other logits count too.",
    see=SOFT_MAXIMUM,
)
def logsumexp_as_maximum(Z):
    return Z.max(axis=1)


@mistake(
    "logsumexp",
    "the shift is subtracted once more",
    symptom="off by twice the maximum",
    message="it subtracts the maximum after the logarithm too. What was subtracted before must "
    "be added afterwards.",
    see=SOFT_MAXIMUM,
)
def logsumexp_shift_twice(Z):
    top = Z.max(axis=1)
    return np.log(np.exp(Z - top[:, np.newaxis]).sum(axis=1)) - top


@mistake(
    "logsumexp",
    "the sum of the exponentials, without the logarithm",
    symptom="inf for large logits, and far too large for others",
    message="the logarithm is missing. Log-sum-exp is the logarithm of the sum, which is close "
    "to the largest logit.",
    see=SOFT_MAXIMUM,
)
def logsumexp_no_logarithm(Z):
    return np.exp(Z).sum(axis=1)


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


@mistake(
    "sigmoid",
    "a product where a sum belongs",
    symptom="the exponential itself, without a bound",
    message="1 * exp(-z) in the denominator is the exponential alone. A sum is meant: "
    "1 / (1 + exp(-z)).",
    see=TWO_CLASSES,
)
def sigmoid_times_for_plus(z):
    return 1 / (1 * np.exp(-z))


@mistake(
    "sigmoid",
    "numbers clipped too early",
    symptom="no probability below that of the clip: 2e-9 for 20",
    message="it clips z, and so no probability falls below that of the clip, which hides how "
    "wrong a confident mistake is. np.exp(-z) overflows above 709 only.",
    see=OVERFLOW,
    variants=tuple({"limit": n} for n in (20, 10, 15, 16, 30, 32, 34, 36, 40, 50, 60)),
)
def sigmoid_clipped(z, limit=20):
    return 1 / (1 + np.exp(-np.clip(z, -limit, limit)))


@mistake(
    "sigmoid",
    "the slope of the sigmoid",
    symptom="never above 1/4",
    message="σ(1 - σ) is the slope of the sigmoid, not its value.",
    see=("prerequisites", "The chain rule"),
)
def sigmoid_as_slope(z):
    return 1 / (2 + np.exp(z) + np.exp(-z))


@mistake(
    "sigmoid",
    "an if over a whole array",
    symptom="an error that speaks of any() and all()",
    message="it asks with if whether a whole array is negative, which has no one answer. Use "
    "np.where, or a mask.",
    see=SHAPES,
)
def sigmoid_if_over_array(z):
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


@mistake(
    "sigmoid",
    "a threshold",
    symptom="only zeros and ones, and no gradient",
    message="it answers yes or no. The sigmoid gives a probability between 0 and 1; a threshold "
    "may follow.",
    see=TWO_CLASSES,
)
def sigmoid_as_threshold(z):
    return (z >= 0).astype(float)


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
    "squares for the outer product",
    symptom="the same number taken off a whole column",
    message="p * p is a vector of squares, and is taken off every row. Each entry needs a product "
    "of its own: diag(p) - np.outer(p, p).",
    see=JACOBIAN,
)
def jacobian_of_squares(z):
    p = np.exp(z - z.max())
    p /= p.sum()
    return np.diag(p) - p * p


@mistake(
    "softmax_jacobian",
    "a plus between its two parts",
    symptom="raising one logit raises all probabilities, so they cannot sum to 1",
    message="off the diagonal the sign is wrong. When one probability grows the others must "
    "shrink: each row of the Jacobian sums to 0.",
    see=JACOBIAN,
    variants=({}, {"squares": 0}),
)
def jacobian_plus(z, squares=2):
    p = softmax(z)
    return np.diag(p) + np.outer(p, p) - squares * np.diag(p**2)


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


@mistake(
    "softmax_jacobian",
    "the row sums",
    symptom="zeros",
    message="it sums the rows of the Jacobian, and each of them sums to 0. The derivative is the "
    "matrix itself.",
    see=JACOBIAN,
)
def jacobian_summed(z):
    p = softmax(z)
    return (np.diag(p) - np.outer(p, p)).sum(axis=1)


@mistake(
    "softmax_jacobian",
    "the sign is turned round",
    symptom="raising a logit seems to lower its probability",
    message="it has the opposite sign. Raising a logit raises its own probability: the diagonal "
    "is p(1 - p), above 0.",
    see=JACOBIAN,
)
def jacobian_sign(z):
    p = softmax(z)
    return np.outer(p, p) - np.diag(p)


@mistake(
    "softmax_jacobian",
    "the Jacobian of log-softmax",
    symptom="a diagonal of 1 - p",
    message="this is the Jacobian of log-softmax, I - p. Softmax's has each row multiplied by "
    "its p: diag(p) - p pᵀ.",
    see=JACOBIAN,
)
def jacobian_of_log_softmax(z):
    return np.eye(z.size) - softmax(z)


@mistake(
    "softmax_jacobian",
    "logits where probabilities belong",
    symptom="entries that grow with the logits",
    message="it puts the logits into diag(p) - p pᵀ. The formula speaks of the probabilities: "
    "take the softmax first.",
    see=JACOBIAN,
)
def jacobian_of_logits(z):
    return np.diag(z) - np.outer(z, z)
