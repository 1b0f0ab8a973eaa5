"""Wrong ways to take 1 off at the true class, inside every kind of gradient that does so.

Each is written once, and put into the code of each kind in place of the right way.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..mistake import Misconception, compiled
from .wrong_softmaxes import INSIDE, WrongSoftmax

PUSH_AND_PULL = ("03-cross-entropy", "What does the gradient say?")
INDEXING = ("prerequisites", "Code that the chapters use")

RIGHT = re.compile(r"\[(np\.arange\(.*\)), y\] -= 1")


class WrongTarget(NamedTuple):
    """What stands in place of the right way, in all its forms; group 1 is one index a row."""

    name: str  # the end of the entries' ids
    title: str
    symptom: str
    message: str
    see: tuple[str, str]
    forms: tuple[str, ...]

    def entry(self, kind: str, prefix: str, right: str) -> Misconception:
        texts = tuple(RIGHT.sub(form, right) for form in self.forms)
        id = f"{prefix}-{self.name}"
        told = self.title, self.symptom, self.message, *self.see
        return Misconception(id, kind, *told, compiled(texts[0], id), sources=texts)


WRONG_TARGETS = [
    WrongTarget(
        "whole-rows",
        "whole rows in place of one entry a row",
        "an error about an index, or rows that no longer sum to 0",
        "p[y] picks whole rows, as if the labels were numbers of rows. One entry of each row is "
        "meant: p[np.arange(m), y] -= 1.",
        INDEXING,
        ("[y] -= 1", "[y] += 1"),
    ),
    WrongTarget(
        "indices-exchanged",
        "the indices exchanged",
        "an error about an index, or rows that no longer sum to 0",
        "its indices are exchanged. The row comes first, then the class: p[np.arange(m), y].",
        INDEXING,
        (r"[y, \1] -= 1", r"[y, \1] += 1"),
    ),
    WrongTarget(
        "one-added",
        "1 is added at the true class",
        "rows that sum to 2/m; a loss that grows",
        "1 is added at the true class, where it has to be taken off: ŷ - y is below 0 there, so "
        "that the step pulls this class up.",
        PUSH_AND_PULL,
        (r"[\1, y] += 1",),
    ),
    WrongTarget(
        "minus-one-set",
        "a -1 set at the true class, not subtracted",
        "rows that do not sum to 0; a gradient that stays when all is learnt",
        "the true class gets -1 itself, as by = -1 or =- 1. The gradient there is p - 1, which "
        "goes to 0 as p grows: write -= 1.",
        PUSH_AND_PULL,
        (r"[\1, y] = -1",),
    ),
]

FROM_PROBABILITIES = """def logits_gradient_from_probs(probs, y):
    dZ = probs.copy()
    dZ[np.arange(len(y)), y] -= 1
    return dZ / len(y)
"""

RIGHT_SOFTMAX = WrongSoftmax("", "", "", "", INDEXING)
RIGHTS = [("logits_gradient_from_probs", "dprobs", FROM_PROBABILITIES)]
RIGHTS += [
    (inside.kind, inside.prefix, RIGHT_SOFTMAX.texts(inside.forms[-1].lstrip())[0])
    for inside in INSIDE
    if RIGHT.search(inside.forms[-1])
]

# Of probabilities in columns, exchanged indices are right.
ENTRIES = [
    wrong.entry(*right)
    for right in RIGHTS
    for wrong in WRONG_TARGETS
    if (right[1], wrong.name) != ("dprobs", "indices-exchanged")
]
