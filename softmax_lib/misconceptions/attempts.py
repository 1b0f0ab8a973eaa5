"""The forms in which a function is tried: those that are accepted, and those that are explained."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .forms import Form
from .kinds import Kind
from .layouts import BIASES, OTHER_LAYOUTS
from .variants import variants_of
from .which_kind import (
    LOGITS,
    PENALTIES,
    PROBABILITIES,
    RATES,
    RATES_OR_PENALTIES,
    STEPS,
    WEIGHTS,
    Parameters,
    axis_parameter,
    can_take,
    contradicts,
    counted_parameters,
    has_parameter,
)

SLOPES_FROM_ABOVE = {"upstream", "dout", "d_out", "grad", "grad_out", "grad_output", "dvalues"} | {
    *("gradient", "dy", "dY", "da", "dA", "dp", "dP", "dprobs", "d_probs", "dL", "g", "error"),
    *("upstream_grad", "upstream_gradient", "output_gradient", "accum_grad", "loss_grad"),
}
PREDICTIONS = {"y_pred", "ypred", "pred", "preds", "predictions", "a", "A", "yhat", "out", "output"}
# What an argument may be called. A y before a t is a prediction, and before a y_hat a target.
ALIASES = {
    "y": {"y", "Y", "t", "T", "target", "targets", "label", "labels", "y_true", "truth", "answers"}
    | {"true", "y_one_hot", "one_hot", "y_onehot", "ytrue", "Y_true", "yb"},
    "probs": PROBABILITIES | PREDICTIONS | {"y", "Y", "s", "S", "softmax", "softmax_output"},
    "upstream": SLOPES_FROM_ABOVE,
    "logits": LOGITS | PREDICTIONS | {"y", "Y"},
    "scores": LOGITS | PREDICTIONS | PROBABILITIES,
    "Z": LOGITS | {"a", "A", "x"},
    "X": {"X", "x", "data", "inputs", "features", "X_batch", "xb"},
    "W": WEIGHTS | {"weights"},
    "b": {"b", "bias", "biases"},
    "learning_rate": RATES | RATES_OR_PENALTIES,
    "l2": PENALTIES - RATES_OR_PENALTIES,
    "predicted": PREDICTIONS | {"predicted"},
    "n_steps": STEPS,
    "W1": {"W1", "w1"},
    "W2": {"W2", "w2"},
}
# Arguments that a function may have only if it calls them so: with logits it would be wrong.
ONLY_BY_NAME = {
    "probs": ALIASES["probs"] - {"y", "Y"},
    "n_steps": STEPS,
    "lengths": {"valid_lens", "valid_len", "valid_length", "lengths", "lens", "seq_lens"},
    "logits": LOGITS | {"x", "X", "input", "inputs"},
    "log_probs": {"log_probs", "logprobs", "log_p", "logp", "log_probabilities", "log_softmax"},
}
ONE_HOT_BY_NAME = "Y"
LABELS_BY_NAME = "y"

ROWS = {
    "probabilities": "take maximum and sum with axis=1, keepdims=True",
    "log-probabilities": "take maximum and sum with axis=1, keepdims=True",
    "one number a row": "take maximum and sum with axis=1",
    "one-hot rows": "one row of the answer for each example, as np.eye(C)[y] makes them",
    "loss": "one loss for each row, as in probs[np.arange(m), y], and then their mean",
    "dZ": "ŷ - y for each row, divided by m",
    "Jacobian": "one matrix for each row",
}
ROWS_BY_DEFAULT = "the first axis counts the examples, and the answer is their mean"


class Attempt(NamedTuple):
    """A kind and a form; whether being right in it is being right; what a verdict says of it."""

    kind: Kind
    form: Form
    accepted: bool
    says: str = ""  # after "right," where it is accepted; else a sentence
    may_be_named: bool = True  # whether mistakes are looked for in this form
    caution: str = ""  # where it is right in this form alone
    form_of_wrong: str = ""  # how a verdict calls an explained form where it is wrong
    is_last_resort: bool = False  # it is tried only where nothing else gives an answer


def accepted(parameters: Parameters, kinds: Sequence[Kind], layout: str) -> Iterator[Attempt]:
    """The documented form of each kind, and the forms that are judged like it."""
    asked_by_name = set()
    for kind in kinds:
        for attempt in _in_variants(parameters, kind, layout, by_name=True):
            asked_by_name.add(kind.name)
            yield attempt
    for kind in kinds:
        if kind.name in asked_by_name and contradicts(parameters, kind):
            continue
        if not can_take(parameters, kind) and _is_taken_in_a_variant(parameters, kind):
            yield from _in_variants(parameters, kind, layout, by_name=False)
            continue
        yield from _with_all_targets(parameters, kind, layout)
    for kind in kinds:
        base = documented(parameters, kind, layout)
        if len(kind.arguments) == 2 and _has_labels_of_a_table(kind) and not base.one_hot:
            first, second = base.order or kind.arguments
            swapped = replace(base, order=(second, first))
            yield Attempt(kind, swapped, True, _order_says(kind, swapped.order))
        yield from _in_variants(parameters, kind, layout, by_name=False)


def _is_taken_in_a_variant(parameters: Parameters, kind: Kind) -> bool:
    return any(one.accepted and can_take(parameters, one.kind) for one in variants_of(kind))


def _in_variants(
    parameters: Parameters, kind: Kind, layout: str, *, by_name: bool
) -> Iterator[Attempt]:
    """The accepted variants of a kind: those that a parameter's name asks for, or the others."""
    for variant in variants_of(kind):
        asked = [ONLY_BY_NAME[one] for one in variant.kind.arguments if one in ONLY_BY_NAME]
        if not variant.accepted or not can_take(parameters, variant.kind) or by_name != bool(asked):
            continue
        if all(has_parameter(names, parameters) for names in asked):
            for attempt in _with_all_targets(parameters, variant.kind, layout):
                says = ", ".join(filter(None, (variant.says, attempt.says)))
                yield attempt._replace(says=says)


def explained(parameters: Parameters, kinds: Sequence[Kind], layout: str) -> Iterator[Attempt]:
    """The forms in which being right deserves an explanation."""
    for kind in kinds:
        forms = [attempt.form for attempt in _with_all_targets(parameters, kind, layout)]
        one_hot = replace(documented(parameters, kind, layout), one_hot=True)
        if _has_labels_of_a_table(kind) and one_hot not in forms:
            yield Attempt(
                kind, one_hot, False, ONE_HOT_UNDER_Y, form_of_wrong="with one-hot targets"
            )
            forms.append(one_hot)
        for other, one_example in OTHER_LAYOUTS[layout]:
            for form in forms:
                one = replace(form, layout=other, one_example=one_example)
                says = _layout_says(kind, one)
                yield Attempt(kind, one, False, says, form_of_wrong="for one example")
        if "y" in kind.arguments:
            column = replace(forms[0], labels_in_a_column=True)
            yield Attempt(
                kind, column, False, LABELS_IN_A_COLUMN, form_of_wrong="with labels in a column"
            )
        for variant in variants_of(kind):
            lacks_biases = len(variant.kind.arguments) < len(kind.arguments)
            if lacks_biases and has_parameter(ALIASES["b"] | BIASES, parameters):
                continue
            if not variant.accepted and can_take(parameters, variant.kind):
                for attempt in _with_all_targets(parameters, variant.kind, layout):
                    targets = " Its targets are one-hot." if attempt.form.one_hot else ""
                    yield attempt._replace(
                        accepted=False,
                        says=f"{variant.says}{targets}",
                        form_of_wrong=", ".join(filter(None, (variant.form, attempt.says))),
                        is_last_resort=variant.is_last_resort,
                    )


def as_other_kinds(
    parameters: Parameters, kinds: Sequence[Kind], all_kinds: Sequence[Kind], layout: str
) -> Iterator[Attempt]:
    """Every other kind that the function may be called as."""
    for kind in all_kinds:
        leaves_out = any(len(kind.arguments) < len(asked.arguments) for asked in kinds)
        if kind in kinds or leaves_out or contradicts(parameters, kind):
            continue
        if not can_take(parameters, kind):
            continue
        for attempt in _with_all_targets(parameters, kind, layout):
            says = f"This is a right {kind.call}."
            yield attempt._replace(accepted=False, says=says)


ONE_HOT_UNDER_Y = (
    "It is right if y is one-hot; here y holds labels, such as [1]. Make it one-hot first, "
    "Y = one_hot(y, n_classes), or call the parameter Y."
)
LABELS_IN_A_COLUMN = (
    "It is right if the labels lie in a column, of shape (m, 1). Here they are of shape (m,), one "
    "number each: take y[:, None] first, or y.ravel() of a column."
)
NO_LABELS = "it takes y one-hot. With labels, such as y = [1], it is wrong."


def documented(parameters: Parameters, kind: Kind, layout: str) -> Form:
    """As the documentation has it, with the arguments in the order of the parameters' names."""
    counted = counted_parameters(parameters, kind)
    names = tuple(parameter.name for parameter in counted)
    return Form(
        layout=layout,
        one_example=layout == "vector",
        one_hot=_has_labels_of_a_table(kind) and _target_name(kind, names) == ONE_HOT_BY_NAME,
        order=_order_by_name(kind, names),
        axis="" if "axis" in kind.arguments else axis_parameter(parameters),
        own=tuple(
            p.name for p in counted if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ),
    )


def _with_all_targets(parameters: Parameters, kind: Kind, layout: str) -> Iterator[Attempt]:
    """Labels or one-hot targets, whichever the parameter's name promises, first."""
    base = documented(parameters, kind, layout)
    says = _order_says(kind, base.order)
    yield Attempt(kind, base, True, says)
    names = tuple(parameter.name for parameter in counted_parameters(parameters, kind))
    name = _target_name(kind, names)
    is_the_books_own = name == LABELS_BY_NAME and names == kind.arguments
    if not name or is_the_books_own or not _has_labels_of_a_table(kind):
        return
    other = replace(base, one_hot=not base.one_hot)
    targets = "with one-hot targets" if other.one_hot else ""
    says = ", ".join(filter(None, (says, targets)))
    caution = NO_LABELS if name == LABELS_BY_NAME and other.one_hot else ""
    yield Attempt(kind, other, True, says, name != ONE_HOT_BY_NAME, caution)


@functools.cache
def _has_labels_of_a_table(kind: Kind) -> bool:
    """Whether its targets may be one-hot: not those of yes or no, nor the labels of one_hot."""
    arguments = kind.probes()[0].arguments
    return "y" in kind.arguments and any(np.ndim(argument) == 2 for argument in arguments)


def _target_name(kind: Kind, names: tuple[str, ...]) -> str:
    """What the function calls its targets; empty where that is not known."""
    if "y" not in kind.arguments:
        return ""
    at = (_order_by_name(kind, names) or kind.arguments).index("y")
    return names[at] if at < len(names) and names[at] not in ("args", "arguments") else ""


@functools.lru_cache(maxsize=256)
def _order_by_name(kind: Kind, names: tuple[str, ...]) -> tuple[str, ...]:
    """The arguments in the order of the parameters, where their names say so without a doubt."""
    names = names[: len(kind.arguments)]
    if len(names) != len(kind.arguments) or len(names) < 2:
        return ()
    meant = [
        [one for one in kind.arguments if name == one or name in ALIASES.get(one, ())]
        or kind.arguments  # a name that nobody knows may be any of them
        for name in names
    ]
    orders = [
        order
        for order in itertools.permutations(kind.arguments)
        if all(one in meanings for one, meanings in zip(order, meant, strict=True))
    ]
    return orders[0] if len(orders) == 1 and orders[0] != kind.arguments else ()


def _order_says(kind: Kind, order: tuple[str, ...]) -> str:
    if not order or order == kind.arguments:
        return ""
    return (
        "with the labels first"
        if len(order) == 2 and order[0] == "y"
        else "with the arguments in another order"
    )


def _layout_says(kind: Kind, form: Form) -> str:
    if not form.one_example:
        return f'If your examples are {form.layout}, pass layout="{form.layout}".'
    one = "column" if form.layout == "columns" else "example"
    if not any(np.ndim(argument) == 2 for argument in kind.probes()[0].arguments):
        return (
            "It is right for one example alone, and wrong for several. Their answer is the mean of "
            "what each of them gives."
        )
    cure = ROWS.get(kind.results[0], ROWS_BY_DEFAULT)
    if form.layout != "vector":
        return f"It is right for one {one} alone. Make it work on rows: {cure}."
    return (
        f"It is right for one {one} alone, as a vector. Make it work on rows: {cure}. Or, if it "
        'takes one vector, pass layout="vector".'
    )
