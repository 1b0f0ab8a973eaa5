"""The catalogue's wrong versions of cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import numpy as np

from ...activations import log_softmax, sigmoid, softmax
from ...losses import cross_entropy
from ..mistake import mistake

PICKING = ("03-cross-entropy", "How wrong is 20 %?")
MEAN_OF_LOGS = ("03-cross-entropy", "Why a logarithm, and why a mean?")
BASELINES = ("03-cross-entropy", "What must a loss beat?")
FROM_LOGITS = ("03-cross-entropy", "Can the loss be computed from logits?")
PITFALLS = ("03-cross-entropy", "What goes wrong")
MORE_PITFALLS = ("03-cross-entropy", "Further: more that goes wrong")
ONE_QUESTION = ("02-logistic-to-softmax", "Which question are you asking?")
OVERFLOW = ("01-softmax-vs-hardmax", "Overflow, and the shift that cures it")
WRONG_SHIFTS = ("01-softmax-vs-hardmax", "What goes wrong")
INDEXING = ("prerequisites", "Code that the chapters use")
SHAPES = ("prerequisites", "NumPy: shapes, broadcasting, keepdims")

# From the guard that distorts ordinary losses to the one that shows only at 0.
GUARDS = (1e-7, *(10.0**-k for k in range(2, 21) if k != 7), 2.0**-52, 2.0**-23, 1e-30)
USUAL_GUARDS = (1e-7, 1e-5, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)


# --- from probabilities ------------------------------------------------------------------------


@mistake(
    "cross_entropy_from_probs",
    "a sum where a mean belongs",
    symptom="a first loss of m ln C: 147.4 for 64 examples of ten classes",
    message="it sums the losses of the examples. The cost is their mean, which does not grow "
    "with the batch.",
    see=MEAN_OF_LOGS,
)
def probs_loss_sum(probs, y):
    m = len(y)
    return -np.log(probs[np.arange(m), y]).sum()


@mistake(
    "cross_entropy_from_probs",
    "a mean over the classes too",
    symptom="a first loss of ln(C)/C: 0.230 for ten classes",
    message="it averages over all m × C entries of the one-hot product, so the loss is too "
    "small by the factor C. Sum over the classes, then average over the examples.",
    see=MEAN_OF_LOGS,
)
def probs_loss_class_mean(probs, y):
    m, n_classes = probs.shape
    picked = np.log(probs[np.arange(m), y])
    return -picked.sum() / (m * n_classes)


@mistake(
    "cross_entropy_from_probs",
    "the minus sign is missing",
    symptom="a negative loss, and training that makes the model worse",
    message="the minus sign is missing. The logarithm of a probability is negative, so a loss "
    "is its opposite: 0 for a perfect prediction, and above 0 for any other.",
    see=PICKING,
)
def probs_loss_sign(probs, y):
    m = len(y)
    return np.log(probs[np.arange(m), y]).mean()


@mistake(
    "cross_entropy_from_probs",
    "the logarithm to base 2 or 10",
    symptom="a first loss of log2 C: 3.322 for ten classes",
    message="its logarithm is not the natural one, so the loss is in other units. This book "
    "uses np.log, the base e: only then is the gradient ŷ - y.",
    see=MEAN_OF_LOGS,
    variants=({"base": 2}, {"base": 10}),
)
def probs_loss_other_base(probs, y, base=2):
    m = len(y)
    return -(np.log(probs[np.arange(m), y]) / np.log(base)).mean()


@mistake(
    "cross_entropy_from_probs",
    "a clip before the logarithm",
    symptom="no loss ever above the clip's own: 16.118 for 1e-7",
    message="it clips the probabilities from below. So the loss of the impossible is "
    "capped, and beyond the cap nothing is learnt. The loss of the impossible is inf.",
    see=PITFALLS,
    variants=tuple(
        {"smallest": guard, "largest": largest} for guard in GUARDS for largest in (1, 1 - guard)
    ),
)
def probs_loss_clipped(probs, y, smallest=1e-7, largest=1):
    m = len(y)
    return -np.log(np.clip(probs, smallest, largest)[np.arange(m), y]).mean()


@mistake(
    "cross_entropy_from_probs",
    "a small number added in the logarithm",
    symptom="a slightly negative loss for perfect predictions; a capped loss for wrong ones",
    message="it adds a small number inside the logarithm. That caps the loss of the "
    "impossible, which should be inf, and makes a perfect prediction cost less than 0.",
    see=PITFALLS,
    variants=tuple({"epsilon": guard} for guard in GUARDS),
)
def probs_loss_epsilon(probs, y, epsilon=1e-7):
    m = len(y)
    return -np.log(probs[np.arange(m), y] + epsilon).mean()


@mistake(
    "cross_entropy_from_probs",
    "labels counted from 1",
    symptom="a loss that falls, and an accuracy at or below chance",
    message="it counts labels from 1, so it reads the probability of the class before the "
    "true one. Label 0 becomes -1, which NumPy reads as the last class.",
    see=MORE_PITFALLS,
)
def probs_loss_labels_from_1(probs, y):
    m = len(y)
    return -np.log(probs[np.arange(m), y - 1]).mean()


@mistake(
    "cross_entropy_from_probs",
    "every row picks the labels of all rows",
    symptom="a loss that falls to the entropy of the labels and no further",
    message="probs[:, y] picks, in every row, the labels of all examples: an (m, m) matrix. "
    "One entry a row is meant, probs[np.arange(m), y].",
    see=SHAPES,
)
def probs_loss_all_pairs(probs, y):
    return -np.log(probs[:, y]).mean()


@mistake(
    "cross_entropy_from_probs",
    "the label's number as a factor",
    symptom="0 for class 0, and dearer with the number of the class",
    message="it multiplies the log-probabilities with the label's number. A label is a name: "
    "multiply with its one-hot row, or pick [np.arange(m), y].",
    see=PICKING,
    variants=({}, {"mean": True}),
    is_whole=True,
)
def probs_loss_label_as_number(probs, y, mean=False):
    terms = -y[:, np.newaxis] * np.log(probs)
    return terms.mean() if mean else terms.sum() / len(y)


@mistake(
    "cross_entropy_from_probs",
    "a yes-no loss for each class",
    symptom="too large: the other classes are charged as well",
    message="it charges every class with a yes-no loss, ln(1 - p) for the others included. "
    "Softmax's probabilities already sum to 1: charge the true class alone.",
    see=ONE_QUESTION,
    variants=({}, {"picked": True}),
)
def probs_loss_binary(probs, y, picked=False):
    Y = np.eye(probs.shape[1])[y]
    if picked:
        return -np.log(np.where(Y == 1, probs, 1 - probs)).sum(axis=1).mean()
    return -(Y * np.log(probs) + (1 - Y) * np.log(1 - probs)).sum(axis=1).mean()


@mistake(
    "cross_entropy_from_probs",
    "a yes-no loss for each class, averaged over them",
    symptom="the first loss of ten equal classes is 0.325, not 2.303",
    message="it charges every class with a yes-no loss and averages over the classes. "
    "Softmax's probabilities already sum to 1: charge the true class alone.",
    see=ONE_QUESTION,
    variants=({}, {"picked": True}),
)
def probs_loss_binary_mean(probs, y, picked=False):
    Y = np.eye(probs.shape[1])[y]
    if picked:
        return -np.log(np.where(Y == 1, probs, 1 - probs)).mean()
    return -(Y * np.log(probs) + (1 - Y) * np.log(1 - probs)).mean()


@mistake(
    "cross_entropy_from_probs",
    "softmax applied to probabilities",
    symptom="a loss that creeps towards ln(1 + (C-1)/e): 1.461 for ten classes",
    message="it applies softmax to what are probabilities already. So even a "
    "perfect prediction has a loss above 0.",
    see=MORE_PITFALLS,
)
def probs_loss_softmax_again(probs, y):
    return cross_entropy(probs, y)


@mistake(
    "cross_entropy_from_probs",
    "the logarithm of the mean",
    symptom="too small; one impossible prediction goes unnoticed",
    message="it averages the probabilities and then takes the logarithm. The logarithm "
    "belongs to each example, because the probabilities of all multiply.",
    see=MEAN_OF_LOGS,
)
def probs_loss_log_of_mean(probs, y):
    m = len(y)
    return -np.log(probs[np.arange(m), y].mean())


@mistake(
    "cross_entropy_from_probs",
    "no logarithm",
    symptom="a loss between 0 and 1",
    message="it takes 1 - p, without a logarithm. So 1 % and 0 % cost nearly the same, and "
    "the product of probabilities no longer becomes a sum.",
    see=MEAN_OF_LOGS,
)
def probs_loss_no_logarithm(probs, y):
    m = len(y)
    return (1 - probs[np.arange(m), y]).mean()


@mistake(
    "cross_entropy_from_probs",
    "a picked probability, negated",
    symptom="a loss between -1 and 0",
    message="it negates the probability itself. That is right for log-probabilities; from "
    "probabilities, take the logarithm first.",
    see=MORE_PITFALLS,
)
def probs_loss_as_log_probs(probs, y):
    m = len(y)
    return -probs[np.arange(m), y].mean()


@mistake(
    "cross_entropy_from_probs",
    "the squared error",
    symptom="never above 2; hardly a gradient where the model is confidently wrong",
    message="this is the squared error. It is never above 2, even for the impossible, and it "
    "hardly teaches where the model is confidently wrong.",
    see=("03-cross-entropy", "Exercises"),
)
def probs_loss_squared(probs, y):
    Y = np.eye(probs.shape[1])[y]
    return ((probs - Y) ** 2).sum(axis=1).mean()


@mistake(
    "cross_entropy_from_probs",
    "the squared error, averaged over the classes",
    symptom="a first loss of 0.09 for ten classes",
    message="this is the mean squared error. It is never above 1, even for the impossible, "
    "and it hardly teaches where the model is confidently wrong.",
    see=("03-cross-entropy", "Exercises"),
)
def probs_loss_mean_squared(probs, y):
    Y = np.eye(probs.shape[1])[y]
    return ((probs - Y) ** 2).mean()


@mistake(
    "cross_entropy_from_probs",
    "the arguments exchanged",
    symptom="inf from the first example on",
    message="it takes the logarithm of the one-hot labels and weighs it with the prediction. "
    "The labels hold zeros, so that is inf, or what a guard makes of it. Weigh ln ŷ with y.",
    see=MORE_PITFALLS,
    variants=tuple({"guard": guard} for guard in (0.0, *USUAL_GUARDS)),
)
def probs_loss_exchanged(probs, y, guard=0.0):
    Y = np.eye(probs.shape[1])[y]
    return -(probs * np.log(Y + guard)).sum(axis=1).mean()


@mistake(
    "cross_entropy_from_probs",
    "the losses are not averaged",
    symptom="a vector where a number belongs",
    message="it gives the loss of each example. The cost is one number, their mean.",
    see=MEAN_OF_LOGS,
)
def probs_loss_of_each(probs, y):
    m = len(y)
    return -np.log(probs[np.arange(m), y])


@mistake(
    "cross_entropy_from_probs",
    "the entropy of the prediction",
    symptom="small for any confident model, right or wrong",
    message="it weighs ln ŷ with ŷ, not with y: that is the entropy of the prediction, and the "
    "labels do not count. A confidently wrong model would cost nothing.",
    see=PICKING,
)
def probs_loss_entropy(probs, y):
    return -(probs * np.log(probs)).sum(axis=1).mean()


@mistake(
    "cross_entropy_from_probs",
    "the probability of the predicted class",
    symptom="small for any confident model, right or wrong",
    message="it charges the class that the model prefers, not the one that happened. "
    "A confidently wrong model would cost nothing. Pick by the label.",
    see=PICKING,
)
def probs_loss_of_winner(probs, y):
    return -np.log(probs.max(axis=1)).mean()


@mistake(
    "cross_entropy_from_probs",
    "a yes-no loss for each class, summed over all",
    symptom="too large, the more so the larger the batch",
    message="it charges every class with a yes-no loss and sums over the examples. Softmax's "
    "probabilities already sum to 1: charge the true class alone, and take the mean.",
    see=ONE_QUESTION,
    variants=({}, {"picked": True}),
)
def probs_loss_binary_sum(probs, y, picked=False):
    Y = np.eye(probs.shape[1])[y]
    if picked:
        return -np.log(np.where(Y == 1, probs, 1 - probs)).sum()
    return -(Y * np.log(probs) + (1 - Y) * np.log(1 - probs)).sum()


@mistake(
    "cross_entropy_from_probs",
    "divided by the number of classes, not of examples",
    symptom="right where there are as many examples as classes",
    message="it divides the sum by the number of classes, the other entry of the shape. The cost "
    "is a mean over the examples: divide by m.",
    see=MEAN_OF_LOGS,
)
def probs_loss_mean_in_columns(probs, y):
    return -np.log(probs[np.arange(len(y)), y]).sum() / probs.shape[1]


@mistake(
    "cross_entropy_from_probs",
    "no sum: a table comes back",
    symptom="a table where a number belongs",
    message="it gives -y ln ŷ of every entry. Sum it over the classes, which leaves the true "
    "class's, and take the mean over the examples.",
    see=MEAN_OF_LOGS,
)
def probs_loss_table(probs, y):
    return -np.eye(probs.shape[1])[y] * np.log(probs)


@mistake(
    "cross_entropy_from_probs",
    "the gradient where the loss belongs",
    symptom="a table where a number belongs",
    message="ŷ - y is the gradient by the logits. The loss is one number: the mean of -ln ŷ of "
    "the true class.",
    see=PICKING,
    variants=({}, {"mean": True}),
)
def probs_loss_gradient(probs, y, mean=False):
    return (probs - np.eye(probs.shape[1])[y]) / (len(y) if mean else 1)


@mistake(
    "cross_entropy_from_probs",
    "all classes charged, whatever happened",
    symptom="a loss that the labels do not touch",
    message="it sums -ln ŷ over all classes, so the labels do not count. Only what happened is "
    "charged: multiply with the one-hot rows, or pick by the label.",
    see=PICKING,
)
def probs_loss_all_classes(probs, y):
    return -np.log(probs).sum(axis=1).mean()


@mistake(
    "cross_entropy_from_probs",
    "1 - p in the logarithm",
    symptom="0 for an impossible prediction, inf for a perfect one",
    message="it takes ln(1 - p) of the true class, so a good prediction is charged. The loss is "
    "-ln p of what happened.",
    see=PICKING,
)
def probs_loss_of_the_rest(probs, y):
    return -np.log(1 - probs[np.arange(len(y)), y]).mean()


@mistake(
    "cross_entropy_from_probs",
    "the perplexity",
    symptom="1 for a perfect prediction, and the number of classes for equal ones",
    message="this is the exponential of the loss, the perplexity: how many classes the model "
    "hesitates between. The loss is its logarithm.",
    see=("03-cross-entropy", "Further: perplexity, and the loss of a language model"),
)
def probs_loss_perplexity(probs, y):
    m = len(y)
    return np.exp(-np.log(probs)[np.arange(m), y].mean())


# --- from logits -------------------------------------------------------------------------------


@mistake(
    "cross_entropy",
    "softmax applied twice",
    symptom="a loss that creeps towards ln(1 + (C-1)/e): 0.744 for four classes",
    message="softmax is applied twice: once here and once more inside. So the loss never "
    "comes near 0, however good the logits are.",
    see=MORE_PITFALLS,
)
def loss_softmax_twice(logits, y):
    probs = softmax(softmax(logits))
    m = len(y)
    return -np.log(probs[np.arange(m), y]).mean()


@mistake(
    "cross_entropy",
    "logits taken for probabilities",
    symptom="nan, from the logarithm of a negative logit",
    message="it takes the logarithm of the logits themselves, as if they were probabilities. "
    "Logits may be negative; softmax must come first.",
    see=FROM_LOGITS,
)
def loss_logits_as_probs(logits, y):
    m = len(y)
    return -np.log(logits[np.arange(m), y]).mean()


@mistake(
    "cross_entropy",
    "logits taken for log-probabilities",
    symptom="a loss below 0 that falls without end",
    message="it negates the true class's logit, as if logits were log-probabilities. The "
    "log-sum-exp is missing, so raising all logits would seem to help.",
    see=FROM_LOGITS,
)
def loss_logits_as_log_probs(logits, y):
    m = len(y)
    return -logits[np.arange(m), y].mean()


@mistake(
    "cross_entropy",
    "the logarithm of a finished softmax",
    symptom="inf for a confident mistake, then nan",
    message="it takes the logarithm of a finished softmax. A probability that rounded to 0 "
    "costs inf, where the logits still know the true loss. Use log-softmax.",
    see=FROM_LOGITS,
)
def loss_log_of_softmax(logits, y):
    m = len(y)
    return -np.log(softmax(logits)[np.arange(m), y]).mean()


@mistake(
    "cross_entropy",
    "the true class's logit is added, not subtracted",
    symptom="a loss that rises with the logit of the true class",
    message="it adds the true class's logit to the log-sum-exp. A high logit of the true class "
    "makes the loss small: it is the log-sum-exp less that logit.",
    see=FROM_LOGITS,
)
def loss_logit_added(logits, y):
    m = len(y)
    top = logits.max(axis=1)
    logsumexp = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return (logsumexp + logits[np.arange(m), y]).mean()


@mistake(
    "cross_entropy",
    "the sum of the exponentials, without its logarithm",
    symptom="a loss that explodes where a logit is large",
    message="it subtracts the true class's logit from the sum of the exponentials itself. Take the "
    "logarithm of that sum first.",
    see=FROM_LOGITS,
    variants=({}, {"shifted": False}),
)
def loss_no_log_of_sum(logits, y, shifted=True):
    m = len(y)
    Z = logits - logits.max(axis=1, keepdims=True) if shifted else logits
    return (np.exp(Z).sum(axis=1) - Z[np.arange(m), y]).mean()


@mistake(
    "cross_entropy",
    "not divided by the sum of the exponentials",
    symptom="a loss of exactly 0 wherever the largest logit is the true class's",
    message="it takes the logarithm of the true class's exponential, as if that were a "
    "probability. Divide by the sum of all exponentials first.",
    see=FROM_LOGITS,
)
def loss_not_normalised(logits, y):
    m = len(y)
    shifted = logits - logits.max(axis=1, keepdims=True)
    return -shifted[np.arange(m), y].mean()


@mistake(
    "cross_entropy",
    "the shift of the log-sum-exp is not added back",
    symptom="a loss below 0 for confident models",
    message="the maximum that its log-sum-exp subtracts is not added back, and not subtracted "
    "from the true logit either. The loss is off by the maximum.",
    see=("01-softmax-vs-hardmax", "Further: log-sum-exp, the soft maximum"),
)
def loss_shift_lost(logits, y):
    m = len(y)
    top = logits.max(axis=1, keepdims=True)
    logsumexps = np.log(np.exp(logits - top).sum(axis=1))
    return (logsumexps - logits[np.arange(m), y]).mean()


@mistake(
    "cross_entropy",
    "a sum where a mean belongs",
    symptom="a first loss of m ln C: 147.4 for 64 examples of ten classes",
    message="it sums the losses of the examples. The cost is their mean, which does not grow "
    "with the batch.",
    see=MEAN_OF_LOGS,
)
def loss_sum(logits, y):
    m = len(y)
    return -log_softmax(logits)[np.arange(m), y].sum()


@mistake(
    "cross_entropy",
    "a mean over the classes too",
    symptom="a first loss of ln(C)/C: 0.230 for ten classes",
    message="it averages over all m × C entries of the one-hot product, so the loss is too "
    "small by the factor C. Sum over the classes, then average over the examples.",
    see=MEAN_OF_LOGS,
)
def loss_class_mean(logits, y):
    m, n_classes = logits.shape
    picked = log_softmax(logits)[np.arange(m), y]
    return -picked.sum() / (m * n_classes)


@mistake(
    "cross_entropy",
    "the minus sign is missing",
    symptom="a negative loss, and training that makes the model worse",
    message="the minus sign is missing. The logarithm of a probability is negative, so a loss "
    "is its opposite: 0 for a perfect prediction, and above 0 for any other.",
    see=PICKING,
)
def loss_sign(logits, y):
    m = len(y)
    return log_softmax(logits)[np.arange(m), y].mean()


@mistake(
    "cross_entropy",
    "the logarithm to base 2 or 10",
    symptom="a first loss of log2 C: 3.322 for ten classes",
    message="its logarithm is not the natural one, so the loss is in other units. This book "
    "uses np.log, the base e: only then is the gradient ŷ - y.",
    see=MEAN_OF_LOGS,
    variants=({"base": 2}, {"base": 10}),
)
def loss_other_base(logits, y, base=2):
    m = len(y)
    return -log_softmax(logits)[np.arange(m), y].mean() / np.log(base)


@mistake(
    "cross_entropy",
    "labels counted from 1",
    symptom="a loss that falls, and an accuracy at or below chance",
    message="it counts labels from 1, so it reads the probability of the class before the "
    "true one. Label 0 becomes -1, which NumPy reads as the last class.",
    see=MORE_PITFALLS,
)
def loss_labels_from_1(logits, y):
    m = len(y)
    return -log_softmax(logits)[np.arange(m), y - 1].mean()


@mistake(
    "cross_entropy",
    "every row picks the labels of all rows",
    symptom="a loss that falls to the entropy of the labels and no further",
    message="[:, y] picks, in every row, the labels of all examples: an (m, m) matrix. "
    "One entry a row is meant, [np.arange(m), y].",
    see=SHAPES,
)
def loss_all_pairs(logits, y):
    return -log_softmax(logits)[:, y].mean()


@mistake(
    "cross_entropy",
    "the label's number as a factor",
    symptom="0 for class 0, and dearer with the number of the class",
    message="it multiplies the log-probabilities with the label's number. A label is a name: "
    "multiply with its one-hot row, or pick [np.arange(m), y].",
    see=PICKING,
    variants=({}, {"mean": True}),
    is_whole=True,  # a function of one-hot rows does the same with one label
)
def loss_label_as_number(logits, y, mean=False):
    terms = -y[:, np.newaxis] * log_softmax(logits)
    return terms.mean() if mean else terms.sum() / len(y)


@mistake(
    "cross_entropy",
    "a yes-no loss for each class",
    symptom="the first loss is not ln C; the winner's probabilities do not sum to 1",
    message="each logit goes through a sigmoid and a yes-no loss of its own. That trains C "
    "separate yes-no answers; softmax shares one probability of 1 between them.",
    see=ONE_QUESTION,
)
def loss_sigmoids(logits, y):
    Y = np.eye(logits.shape[1])[y]
    probs = sigmoid(logits)
    return -(Y * np.log(probs) + (1 - Y) * np.log(1 - probs)).sum(axis=1).mean()


@mistake(
    "cross_entropy",
    "a yes-no loss for each class, averaged over them",
    symptom="the first loss is ln 2 = 0.693, whatever the number of classes",
    message="each logit goes through a sigmoid and a yes-no loss, averaged over the classes. "
    "That trains C separate yes-no answers; softmax gives one answer.",
    see=ONE_QUESTION,
)
def loss_sigmoids_mean(logits, y):
    Y = np.eye(logits.shape[1])[y]
    probs = sigmoid(logits)
    return -(Y * np.log(probs) + (1 - Y) * np.log(1 - probs)).mean()


@mistake(
    "cross_entropy",
    "a clip before the logarithm",
    symptom="no loss ever above the clip's own: 16.118 for 1e-7",
    message="it clips the probabilities from below. So the loss of a confident mistake is "
    "capped, and beyond the cap nothing is learnt. Use log-softmax, without a clip.",
    see=PITFALLS,
    variants=tuple(
        {"smallest": guard, "largest": largest} for guard in GUARDS for largest in (1, 1 - guard)
    ),
)
def loss_clipped(logits, y, smallest=1e-7, largest=1):
    m = len(y)
    return -np.log(np.clip(softmax(logits), smallest, largest)[np.arange(m), y]).mean()


@mistake(
    "cross_entropy",
    "a small number added in the logarithm",
    symptom="a slightly negative loss for confident answers; a capped loss for wrong ones",
    message="it adds a small number inside the logarithm, which caps the loss of a confident "
    "mistake. Beyond the cap nothing is learnt. Use log-softmax, and add nothing.",
    see=PITFALLS,
    variants=tuple({"epsilon": guard} for guard in GUARDS),
)
def loss_epsilon(logits, y, epsilon=1e-7):
    m = len(y)
    return -np.log(softmax(logits)[np.arange(m), y] + epsilon).mean()


@mistake(
    "cross_entropy",
    "the losses are not averaged",
    symptom="a vector where a number belongs",
    message="it gives the loss of each example. The cost is one number, their mean.",
    see=MEAN_OF_LOGS,
)
def loss_of_each(logits, y):
    m = len(y)
    return -log_softmax(logits)[np.arange(m), y]


@mistake(
    "cross_entropy",
    "the squared error of the probabilities",
    symptom="never above 2; hardly a gradient where the model is confidently wrong",
    message="this is the squared error of softmax's output. It is never above 2, even for a "
    "confident mistake, and there it hardly teaches.",
    see=("03-cross-entropy", "Exercises"),
    variants=({}, {"mean": True}),
)
def loss_squared(logits, y, mean=False):
    errors = (softmax(logits) - np.eye(logits.shape[1])[y]) ** 2
    return errors.mean() if mean else errors.sum(axis=1).mean()


@mistake(
    "cross_entropy",
    "a hinge",
    symptom="exactly 0 as soon as the true class leads by 1",
    message="this is the hinge loss of a support vector machine: 0 as soon as the true class "
    "leads by 1. Cross-entropy always asks for more.",
    see=("03-cross-entropy", "Further: what about a hinge?"),
)
def loss_hinge(logits, y):
    m = len(y)
    margins = np.maximum(0, logits - logits[np.arange(m), y][:, np.newaxis] + 1)
    margins[np.arange(m), y] = 0
    return margins.sum(axis=1).mean()


@mistake(
    "cross_entropy",
    "a yes-no loss of softmax's probabilities",
    symptom="too large: the other classes are charged as well",
    message="it charges every class of softmax's output with a yes-no loss, ln(1 - p) for the "
    "others included. The probabilities sum to 1: charge the true class alone.",
    see=ONE_QUESTION,
    variants=({}, {"mean": True}),
)
def loss_yes_no_of_softmax(logits, y, mean=False):
    Y, p = np.eye(logits.shape[1])[y], softmax(logits)
    losses = -(Y * np.log(p) + (1 - Y) * np.log(1 - p))
    return losses.mean() if mean else losses.sum(axis=1).mean()


@mistake(
    "cross_entropy",
    "divided by the number of classes, not of examples",
    symptom="right where there are as many examples as classes",
    message="it divides the sum by the number of classes, the other entry of the shape. The cost "
    "is a mean over the examples: divide by m.",
    see=MEAN_OF_LOGS,
)
def loss_mean_in_columns(logits, y):
    return -log_softmax(logits)[np.arange(len(y)), y].sum() / logits.shape[1]


@mistake(
    "cross_entropy",
    "no logarithm",
    symptom="a loss between 0 and 1",
    message="it takes 1 - p, without a logarithm. So 1 % and 0 % cost nearly the same, and "
    "a confident mistake hardly teaches.",
    see=MEAN_OF_LOGS,
)
def loss_no_logarithm(logits, y):
    return (1 - softmax(logits)[np.arange(len(y)), y]).mean()


@mistake(
    "cross_entropy",
    "the gradient where the loss belongs",
    symptom="a table where a number belongs",
    message="ŷ - y is the gradient by the logits. The loss is one number: the mean of -ln ŷ of "
    "the true class.",
    see=PICKING,
    variants=({}, {"mean": True}),
)
def loss_gradient(logits, y, mean=False):
    return (softmax(logits) - np.eye(logits.shape[1])[y]) / (len(y) if mean else 1)


@mistake(
    "cross_entropy",
    "the probability of the predicted class",
    symptom="small for any confident model, right or wrong",
    message="it charges the class that the model prefers, not the one that happened. "
    "A confidently wrong model would cost nothing. Pick by the label.",
    see=PICKING,
)
def loss_of_winner(logits, y):
    return -log_softmax(logits).max(axis=1).mean()


@mistake(
    "cross_entropy",
    "the perplexity",
    symptom="1 for a perfect prediction, and the number of classes for equal ones",
    message="this is the exponential of the loss, the perplexity: how many classes the model "
    "hesitates between. The loss is its logarithm.",
    see=("03-cross-entropy", "Further: perplexity, and the loss of a language model"),
)
def loss_perplexity(logits, y):
    m = len(y)
    return np.exp(-log_softmax(logits)[np.arange(m), y].mean())


@mistake(
    "cross_entropy_from_probs",
    "whole rows in place of one entry a row",
    symptom="an error about an index, or a mean over all classes",
    message="p[y] picks whole rows, as if the labels were numbers of rows. One entry of each row "
    "is meant: p[np.arange(m), y].",
    see=INDEXING,
)
def probs_loss_whole_rows(probs, y):
    return -np.log(probs[y]).mean()
