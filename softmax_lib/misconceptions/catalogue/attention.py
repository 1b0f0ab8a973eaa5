"""The catalogue's wrong versions of masked softmax, attention weights and softmax of any axis."""

from __future__ import annotations

import numpy as np

from ...activations import softmax
from ..mistake import mistake

MASK = ("11-softmax-today", "The mask: what may not be seen")
ATTENTION = ("11-softmax-today", "Attention: a softmax that chooses where to look")
ROOT = ("11-softmax-today", "Why the scores are divided by √d")
OVERFLOW = ("01-softmax-vs-hardmax", "Overflow, and the shift that cures it")
WHAT_GOES_WRONG = ("01-softmax-vs-hardmax", "What goes wrong")
SHAPES = ("prerequisites", "NumPy: shapes, broadcasting, keepdims")


@mistake(
    "masked_softmax",
    "masked after the softmax",
    symptom="rows that sum to less than 1",
    message="it sets the masked probabilities to 0 afterwards, so the others no longer sum to 1. "
    "Mask before the sum: a logit of -inf has the exponential 0.",
    see=MASK,
)
def masked_afterwards(Z, mask):
    return softmax(Z) * mask


@mistake(
    "masked_softmax",
    "masked logits set to 0",
    symptom="masked places that have a probability, the larger the lower the others",
    message="it sets masked logits to 0, and exp(0) is 1: they still take part. Set them to "
    "-inf, whose exponential is 0.",
    see=MASK,
)
def masked_with_zero(Z, mask):
    return softmax(np.where(mask, Z, 0))


@mistake(
    "masked_softmax",
    "the mask turned round",
    symptom="what was to be kept is 0, and what was to be masked is not",
    message="it masks what should be kept. Where mask is True, the logit takes part.",
    see=MASK,
    variants=({}, {"low": -1e9}, {"low": -1e9, "added": True}, {"low": -1e4, "added": True}),
)
def masked_the_others(Z, mask, low=-np.inf, added=False):
    return softmax(np.where(mask, Z + low if added else low, Z))


@mistake(
    "masked_softmax",
    "the mask itself is added",
    symptom="what is masked is only a little less probable: by the factor e",
    message="it adds the mask, 1 and 0, to the logits. What is masked must get -inf: "
    "np.where(mask, Z, -np.inf).",
    see=MASK,
    variants=({}, {"number": -1}),
)
def masked_by_adding_it(Z, mask, number=1):
    return softmax(Z + number * mask)


@mistake(
    "masked_softmax",
    "the mask is left out",
    symptom="masked places have the probabilities that they would have anyway",
    message="the mask does not occur. Set the logits where it is False to -inf, then take the "
    "softmax.",
    see=MASK,
)
def masked_not_at_all(Z, mask):
    return softmax(Z)


@mistake(
    "masked_softmax",
    "the maximum taken over masked logits too",
    symptom="nan where a masked logit lies far above those that are kept",
    message="its shift is the maximum of the row with the masked logits. Where a masked one is "
    "far larger, all others round to 0, and 0/0 is nan. Mask first.",
    see=OVERFLOW,
)
def masked_maximum_of_all(Z, mask):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True)) * mask
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "masked_softmax",
    "a small number in place of -inf",
    symptom="masked places win where all logits are lower still",
    message="it sets masked logits to a number that is not small enough. Where the kept ones lie "
    "lower, the masked ones win. -inf is below every number.",
    see=MASK,
    variants=tuple({"low": low} for low in (-1e3, -1.0, -10.0, -20.0, -50.0, -100.0, -999.0)),
)
def masked_too_high(Z, mask, low=-1e3):
    return softmax(np.where(mask, Z, low))


@mistake(
    "masked_softmax",
    "the logits multiplied by the mask",
    symptom="masked places that have a probability",
    message="it multiplies the logits by the mask, and so sets masked ones to 0, whose "
    "exponential is 1; then it masks the result, and the rows sum to less than 1.",
    see=MASK,
)
def masked_twice_over(Z, mask):
    return softmax(Z * mask) * mask


@mistake(
    "attention_weights",
    "no division by the root of d",
    symptom="weights that are almost 0 or 1 when vectors are long",
    message="it does not divide by √d. A sum of d products grows with √d, and large logits make "
    "softmax a hard choice that learns nothing.",
    see=ROOT,
)
def attention_unscaled(Q, K):
    return softmax(Q @ K.T)


@mistake(
    "attention_weights",
    "divided by d, not by its root",
    symptom="weights that are too equal when vectors are long",
    message="it divides by d. A sum of d products grows with √d only: divide by np.sqrt(d).",
    see=ROOT,
)
def attention_over_d(Q, K):
    return softmax(Q @ K.T / Q.shape[1])


@mistake(
    "attention_weights",
    "multiplied by the root of d",
    symptom="weights that are almost 0 or 1",
    message="it multiplies by √d. Dividing is meant: large logits make softmax a hard choice.",
    see=ROOT,
)
def attention_multiplied(Q, K):
    return softmax(Q @ K.T * np.sqrt(Q.shape[1]))


@mistake(
    "attention_weights",
    "the root of the number of keys",
    symptom="a scale that depends on how long the text is",
    message="it divides by the root of the number of keys. The sum in Q Kᵀ has d terms, one for "
    "each feature: d is Q.shape[1].",
    see=ROOT,
)
def attention_root_of_keys(Q, K):
    return softmax(Q @ K.T / np.sqrt(len(K)))


@mistake(
    "attention_weights",
    "scaled after the softmax",
    symptom="rows that sum to 1/√d",
    message="it divides the weights by √d, so they no longer sum to 1. The division belongs to "
    "the logits, before the softmax.",
    see=ROOT,
)
def attention_scaled_afterwards(Q, K):
    return softmax(Q @ K.T) / np.sqrt(Q.shape[1])


@mistake(
    "attention_weights",
    "no softmax",
    symptom="weights below 0 and above 1",
    message="these are the logits, Q Kᵀ / √d. Softmax makes weights of them, which are above 0 "
    "and sum to 1 in each row.",
    see=ATTENTION,
)
def attention_logits(Q, K):
    return Q @ K.T / np.sqrt(Q.shape[1])


@mistake(
    "attention_weights",
    "queries and keys exchanged",
    symptom="a row for each key, where one for each query is due",
    message="it is K Qᵀ, with a row for each key. Each query has a row, and looks for keys: Q Kᵀ.",
    see=ATTENTION,
)
def attention_keys_ask(Q, K):
    Z = K @ Q.T / np.sqrt(Q.shape[1])
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


@mistake(
    "attention_weights",
    "the keys are not transposed",
    symptom="an error about shapes, or silence when there are as many keys as features",
    message="Q K multiplies queries with features of keys. Each query meets each key in Q Kᵀ, "
    "of shape (queries, keys).",
    see=SHAPES,
)
def attention_not_transposed(Q, K):
    return softmax(Q @ K / np.sqrt(Q.shape[1]))


@mistake(
    "softmax_along_axis",
    "the axis is ignored: the last one",
    symptom="right with axis=-1 only",
    message="it always sums over the last axis. Pass the axis that was asked for to the maximum "
    "and to the sum.",
    see=SHAPES,
)
def along_axis_last(Z, axis):
    return softmax(Z)


@mistake(
    "softmax_along_axis",
    "the axis is ignored: axis 1",
    symptom="right with axis=1 only, an error for a vector",
    message="it always sums over axis 1. Pass the axis that was asked for to the maximum and to "
    "the sum.",
    see=SHAPES,
)
def along_axis_1(Z, axis):
    return softmax(Z, axis=1)


@mistake(
    "softmax_along_axis",
    "the axis is ignored: axis 0",
    symptom="right with axis=0 only",
    message="it always sums over axis 0. Pass the axis that was asked for to the maximum and to "
    "the sum.",
    see=SHAPES,
)
def along_axis_0(Z, axis):
    return softmax(Z, axis=0)
