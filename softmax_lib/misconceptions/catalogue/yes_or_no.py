"""The catalogue's wrong versions of binary cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import numpy as np

from ...activations import sigmoid
from ..mistake import mistake
from .losses import USUAL_GUARDS

RECALLED = ("02-logistic-to-softmax", "Logistic regression, recalled")
ONE_QUESTION = ("02-logistic-to-softmax", "Which question are you asking?")
PICKING = ("03-cross-entropy", "How wrong is 20 %?")
MEAN_OF_LOGS = ("03-cross-entropy", "Why a logarithm, and why a mean?")
FROM_LOGITS = ("03-cross-entropy", "Can the loss be computed from logits?")
PITFALLS = ("03-cross-entropy", "What goes wrong")
OVERFLOW = ("01-softmax-vs-hardmax", "Overflow, and the shift that cures it")


# --- from probabilities ------------------------------------------------------------------------


@mistake(
    "binary_cross_entropy",
    "the no is not charged",
    symptom="a loss that falls to 0 while every answer becomes yes",
    message="it charges only the examples that are a yes. Where y is 0, the model must pay for "
    "its yes as well: -ln(1 - p).",
    see=RECALLED,
)
def yes_loss_no_is_free(probs, y):
    return -(y * np.log(probs)).mean()


@mistake(
    "binary_cross_entropy",
    "the no is charged like a yes",
    symptom="a loss that falls to 0 while every answer becomes yes",
    message="it takes ln p for a yes and for a no. The probability of a no is 1 - p, so where y is "
    "0 the loss is -ln(1 - p).",
    see=RECALLED,
)
def yes_loss_all_charged_as_yes(probs, y):
    return -(y * np.log(probs) + (1 - y) * np.log(probs)).mean()


@mistake(
    "binary_cross_entropy",
    "1 - ln p for ln(1 - p)",
    symptom="a loss below 0 for a confident no",
    message="it takes 1 - ln p for a no. The probability of a no is 1 - p, and the logarithm is "
    "taken of that: ln(1 - p).",
    see=RECALLED,
)
def yes_loss_one_less_logarithm(probs, y):
    return -(y * np.log(probs) + (1 - y) * (1 - np.log(probs))).mean()


@mistake(
    "binary_cross_entropy",
    "yes and no exchanged",
    symptom="a loss that falls while the accuracy falls too",
    message="it charges a yes with ln(1 - p) and a no with ln p. It is the other way round: p is "
    "the probability of a yes.",
    see=RECALLED,
)
def yes_loss_exchanged(probs, y):
    return -((1 - y) * np.log(probs) + y * np.log(1 - probs)).mean()


@mistake(
    "binary_cross_entropy",
    "the minus sign is missing",
    symptom="a negative loss, and training that makes the model worse",
    message="the minus sign is missing. The logarithm of a probability is negative, so a loss "
    "is its opposite: 0 for a perfect prediction, and above 0 for any other.",
    see=PICKING,
)
def yes_loss_sign(probs, y):
    return (y * np.log(probs) + (1 - y) * np.log(1 - probs)).mean()


@mistake(
    "binary_cross_entropy",
    "a minus between yes and no",
    symptom="a loss that may be negative, and that falls when a no is answered wrongly",
    message="it subtracts the part of the no from the part of the yes. The minus stands before "
    "both: -(y ln p + (1 - y) ln(1 - p)).",
    see=PICKING,
)
def yes_loss_minus_between(probs, y):
    return (-y * np.log(probs) + (1 - y) * np.log(1 - probs)).mean()


@mistake(
    "binary_cross_entropy",
    "a sum where a mean belongs",
    symptom="a first loss of m ln 2, which grows with the batch",
    message="it sums the losses of the examples. The cost is their mean, which does not grow "
    "with the batch.",
    see=MEAN_OF_LOGS,
)
def yes_loss_sum(probs, y):
    return -(y * np.log(probs) + (1 - y) * np.log(1 - probs)).sum()


@mistake(
    "binary_cross_entropy",
    "the losses are not averaged",
    symptom="a vector where a number belongs",
    message="it gives the loss of each example. The cost is one number, their mean.",
    see=MEAN_OF_LOGS,
)
def yes_loss_of_each(probs, y):
    return -(y * np.log(probs) + (1 - y) * np.log(1 - probs))


@mistake(
    "binary_cross_entropy",
    "a small number added in the logarithm, or a clip before it",
    symptom="no loss ever above that of the guard: 16.118 for 1e-7",
    message="a small number in the logarithm, or a clip, caps the loss of the impossible, and "
    "beyond the cap nothing is learnt. Compute the loss from logits, without a guard.",
    see=PITFALLS,
    variants=tuple(
        {"epsilon": guard, "smallest": clip}
        for one in USUAL_GUARDS
        for guard, clip in ((one, 0), (0, one))
    ),
)
def yes_loss_guarded(probs, y, epsilon=1e-7, smallest=0):
    p = np.clip(probs, smallest, 1 - smallest)
    return -(y * np.log(p + epsilon) + (1 - y) * np.log(1 - p + epsilon)).mean()


@mistake(
    "binary_cross_entropy",
    "the squared error",
    symptom="never above 1; hardly a gradient where the model is confidently wrong",
    message="this is the squared error. It is never above 1, even for the impossible, and it "
    "hardly teaches where the model is confidently wrong.",
    see=("03-cross-entropy", "Exercises"),
)
def yes_loss_squared(probs, y):
    return ((probs - y) ** 2).mean()


@mistake(
    "binary_cross_entropy",
    "the arguments exchanged",
    symptom="inf or nan from the first example on",
    message="it takes the logarithm of the labels and weighs it with the prediction. One of ln y "
    "and ln(1 - y) is always -inf, or what a guard makes of it. Weigh ln ŷ with y.",
    see=PICKING,
    variants=tuple({"guard": guard} for guard in (0.0, *USUAL_GUARDS)),
)
def yes_loss_arguments_exchanged(probs, y, guard=0.0):
    return -(probs * np.log(y + guard) + (1 - probs) * np.log(1 - y + guard)).mean()


@mistake(
    "binary_cross_entropy",
    "the sigmoid applied to probabilities",
    symptom="a loss that never falls below 0.313",
    message="it applies the sigmoid to what are probabilities already. Even a perfect prediction "
    "then costs ln(1 + 1/e) = 0.313.",
    see=RECALLED,
)
def yes_loss_sigmoid_again(probs, y):
    p = sigmoid(probs)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


# --- from logits -------------------------------------------------------------------------------


@mistake(
    "binary_cross_entropy_from_logits",
    "the logarithm of a finished sigmoid",
    symptom="inf or nan for a confident mistake",
    message="it takes the logarithm of a finished sigmoid. A probability that rounded to 0 or 1 "
    "costs inf, or 0 · ln 0 = nan. Use max(z, 0) - zy + ln(1 + exp(-|z|)).",
    see=FROM_LOGITS,
    variants=({}, {"picked": True}),
)
def yes_logits_log_of_sigmoid(z, y, picked=False):
    p = sigmoid(z)
    if picked:
        return -np.log(np.where(y == 1, p, 1 - p)).mean()
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


@mistake(
    "binary_cross_entropy_from_logits",
    "an exponential that overflows",
    symptom="inf as soon as a logit passes 709",
    message="the exponential of a large logit is inf, and the loss with it. Write max(z, 0) - zy "
    "+ ln(1 + exp(-|z|)), whose exponential is never above 1.",
    see=OVERFLOW,
    variants=({}, {"sign": -1}, {"sign": 0}),
)
def yes_logits_overflow(z, y, sign=1):
    if sign == -1:
        return (np.log(1 + np.exp(-z)) + (1 - y) * z).mean()
    if sign == 0:  # that of each example
        return np.log(1 + np.exp(np.where(y == 1, -z, z))).mean()
    return (np.log(1 + np.exp(z)) - y * z).mean()


@mistake(
    "binary_cross_entropy_from_logits",
    "logits taken for probabilities",
    symptom="nan, from the logarithm of a negative logit",
    message="it takes the logarithm of the logits themselves, as if they were probabilities. "
    "A logit may be any number; the sigmoid must come first.",
    see=RECALLED,
)
def yes_logits_as_probs(z, y):
    return -(y * np.log(z) + (1 - y) * np.log(1 - z)).mean()


@mistake(
    "binary_cross_entropy_from_logits",
    "the sign of the logit",
    symptom="a loss that falls while the accuracy falls too",
    message="it charges yes and no exchanged: a large logit is a confident yes, so where y is 1 "
    "the loss falls when z grows.",
    see=RECALLED,
)
def yes_logits_sign(z, y):
    return np.logaddexp(0, np.where(y == 1, z, -z)).mean()


@mistake(
    "binary_cross_entropy_from_logits",
    "y z is added, not subtracted",
    symptom="a loss that rises when a yes is more certain",
    message="it adds y z. Where y is 1 a large logit is right, and costs less: ln(1 + e^z) - y z.",
    see=RECALLED,
)
def yes_logits_added(z, y):
    return (np.logaddexp(0, z) + y * z).mean()


@mistake(
    "binary_cross_entropy_from_logits",
    "a sum where a mean belongs",
    symptom="a first loss of m ln 2, which grows with the batch",
    message="it sums the losses of the examples. The cost is their mean, which does not grow "
    "with the batch.",
    see=MEAN_OF_LOGS,
)
def yes_logits_sum(z, y):
    return (np.logaddexp(0, z) - y * z).sum()


@mistake(
    "binary_cross_entropy_from_logits",
    "the probability of a finished sigmoid, guarded",
    symptom="no loss ever above that of the guard: 16.118 for 1e-7",
    message="a small number in the logarithm, or a clip, caps the loss of a confident mistake, "
    "and beyond the cap nothing is learnt. Compute the loss from the logit itself.",
    see=PITFALLS,
    variants=tuple(
        {"epsilon": guard, "smallest": clip}
        for one in USUAL_GUARDS
        for guard, clip in ((one, 0), (0, one))
    ),
)
def yes_logits_guarded(z, y, epsilon=1e-7, smallest=0):
    p = np.clip(sigmoid(z), smallest, 1 - smallest)
    return -(y * np.log(p + epsilon) + (1 - y) * np.log(1 - p + epsilon)).mean()


@mistake(
    "binary_cross_entropy_from_logits",
    "y is left out",
    symptom="a loss that falls while every answer becomes no",
    message="it charges every example as a no, ln(1 + e^z), and y does not occur. A yes costs z "
    "less: ln(1 + e^z) - y z.",
    see=RECALLED,
)
def yes_logits_y_left_out(z, y):
    return np.logaddexp(0, z).mean()


@mistake(
    "binary_cross_entropy_from_logits",
    "the sign in the exponent of the stable form",
    symptom="a loss that is too large by |z|, and inf for a large logit",
    message="its stable form has e^|z| where e^-|z| belongs. max(z, 0) - y z + ln(1 + e^-|z|) has "
    "no exponent above 0.",
    see=FROM_LOGITS,
    variants=({}, {"is_absolute": False}),
)
def yes_logits_exponent(z, y, is_absolute=True):
    exponent = np.abs(z) if is_absolute else z
    return (np.maximum(z, 0) - y * z + np.log(1 + np.exp(exponent))).mean()
