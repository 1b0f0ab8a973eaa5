"""Tables of functions as learners write them, each row with what `diagnose` should say of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Learner(NamedTuple):
    """A function and what is due to it.

    name      what the row is called here.
    function  what is judged. Its `__name__` is the one that learners give it, which matters where
              no kind is passed.
    kind      what to pass to `diagnose` as kind; None: the name has to do.
    layout    what to pass as layout.
    truth     "right"    the verdict is ok.
              "careful"  it is ok, with a line "Careful: ..." that speaks of what `accepted` says.
              "wrong"    the verdict is not ok.
              "form"     sound, or nearly, but not in the documented form. The verdict judges it in
                         its own form, or says in plain words what the form is. It is not ok where
                         the row has a mistake besides.
    accepted  For "wrong": ids of the catalogue, one of which is due. "NEW: ..." describes a mistake
              that had no entry when the row was written. Empty: the id "unknown" is due.
              "FORM: tag": FORMS[tag] is a pattern that the message should hold. For "form" and
              "careful" these, and the ids of a mistake that the function has besides.
    """

    name: str
    function: Callable
    kind: str | None
    layout: str
    truth: str
    accepted: tuple[str, ...]


FORMS = {
    "one example": r"one (example|vector|row|label|number)|single|a vector|1-D",
    "labels first": r"labels? (come )?first|order|exchanged|swapped",
    "one-hot": r"one-hot",
    "pair": r"\bpair|two (things|values|results|parts)|\balone\b|loss and (its |the )?gradient",
    "dict": r"dict|by name",
    "order": r"order",
    "activation": r"relu|tanh|hyperbolic|sigmoid|hidden layer",
    "probabilities": r"probabilit",
    "kind": r"right, as|a right",
    "labels": r"predict|labels",
    "method": r"\bmethod|\bobject\b|\binstance\b|\.forward|\bself\b",
    "generator": r"generator|\blist\b|\barray\b",
    "begun": r"not begun|begin|NotImplementedError",
    "method of an array": r"np\.exp|tensor|no attribute",
    "never set": r"never set|typing slip|not defined",
    "of the activation": r"already|activation|sigmoid\(z\)|of the sigmoid|of sigmoid",
    "bias": r"\bbias|\bdb\b|\bb1\b",
    "signature": r"called as|takes|X, y, W1, b1, W2, b2",
    "log-probabilities": r"log-prob|logarithm",
    "classes": r"number\s+of\s+classes",
    "shuffled": r"drawn at random|in order",
    "in place": r"in place|returns nothing|copies",
    "itself": r"calls itself",
    "keyword": r"keepdims",
    "returned": r"End it with return",
    "inverse": r"1 ?/ ?T|inverse",
    "random": r"another answer each time",
    "text": r"type str|list of texts",
    "column of labels": r"shape \(m,\)",
    "by keyword": r"called as .*takes\s+\(\*\*given\)",
    "called as": r"called as",
    "object": r"return 2 arrays",
    "masked array": r"a masked array",
    "exponent of Python": r"No number of Python",
    "not called": r"Call it",
    "counted classes": r"counts the classes",
    "together": r"for one example alone, and wrong for several",
    "nearly 0": r"nearly 0",
    "too large": r"step h too large",
    "other order": r"in\s+another\s+order",
}


def keeper_of(table):
    """A decorator that keeps a function as a row, and calls it what a learner called it."""

    def learner(called, truth, *accepted, kind=None, layout="rows"):
        def keep(function):
            table.append(Learner(function.__name__, function, kind, layout, truth, accepted))
            function.__name__ = called
            return function

        return keep

    return learner
