"""What can be said of a function whose mistake the catalogue does not know, and where to go on."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator, Mapping
from types import GeneratorType
from typing import Any, NamedTuple

import numpy as np

from . import errors, hidden_layers, other_inputs, patterns
from .answers import Answer, Answers
from .forms import in_sequence
from .kinds import Kind
from .layouts import in_words_of
from .which_kind import parameters_of

FORMULA = ("01-softmax-vs-hardmax", "From scores to probabilities")
TEMPERATURE = ("01-softmax-vs-hardmax", "Temperature: the dial between")
HARDMAX = ("01-softmax-vs-hardmax", "Hardmax: the winner takes all")
LOGSUMEXP = ("01-softmax-vs-hardmax", "Further: log-sum-exp, the soft maximum")
LOGISTIC = ("02-logistic-to-softmax", "Logistic regression, recalled")
LOSS = ("03-cross-entropy", "Why a logarithm, and why a mean?")
FROM_LOGITS = ("03-cross-entropy", "Can the loss be computed from logits?")
JACOBIAN = ("03-cross-entropy", "Through the Jacobian of softmax")
GRADIENT = ("03-cross-entropy", "Which way is down?")
WEIGHTS = ("04-gradient-descent", "From the logits back to the weights")
DESCENT = ("04-gradient-descent", "Ten lines of training")
BACK = ("07-network", "Back through both layers")
MASK = ("11-softmax-today", "The mask: what may not be seen")
ATTENTION = ("11-softmax-today", "Attention: a softmax that chooses where to look")
BATCH_BACK = ("11-softmax-today", "Backward through the softmax of a batch")
ONE_QUESTION = ("02-logistic-to-softmax", "Which question are you asking?")
SHAPES = ("prerequisites", "NumPy: shapes, broadcasting, keepdims")
CHAIN_RULE = ("prerequisites", "The chain rule")
IN_PLACE = ("03-cross-entropy", "Further: more that goes wrong")

SECTIONS = {
    "softmax": FORMULA,
    "softmax_with_temperature": TEMPERATURE,
    "hardmax": HARDMAX,
    "log_softmax": LOGSUMEXP,
    "logsumexp": LOGSUMEXP,
    "sigmoid": LOGISTIC,
    "softmax_jacobian": JACOBIAN,
    "softmax_backward": BATCH_BACK,
    "masked_softmax": MASK,
    "attention_weights": ATTENTION,
    "binary_cross_entropy": ONE_QUESTION,
    "binary_cross_entropy_from_logits": ONE_QUESTION,
    "one_hot": SHAPES,
    "cross_entropy": FROM_LOGITS,
    "cross_entropy_from_probs": LOSS,
    "logits_gradient": GRADIENT,
    "logits_gradient_from_probs": GRADIENT,
    "weight_gradient": WEIGHTS,
    "gradient_step": DESCENT,
    "gradient_step_with_l2": DESCENT,
    "descent_epoch": DESCENT,
    "network_gradients": BACK,
    "linear_loss_and_gradient": WEIGHTS,
    "sigmoid_derivative": CHAIN_RULE,
    "tanh_derivative": CHAIN_RULE,
    "relu_derivative": BACK,
    "numerical_gradient": CHAIN_RULE,
}

LOGS = "log-probabilities"
PRINT_STEPS = "Next: call it with this input, and print each step."
ONE_THEN_TWO = "Next: call it with one row, then with two, and print each step."
EXPONENTS = "Next: print what is exponentiated: nothing above 0 may be, nor a whole row far below."
NO_NUMBER = "Next: print each step: nan comes of 0/0, inf/inf, inf - inf or 0 · inf."
COMPARE = "Next: compare each number with numerical_gradient of the loss."
NEXT_STEPS = {
    "loss": "Next: compute one row by hand, then give it twice: a mean stays as it is.",
    "dZ": COMPARE,
    "dW": COMPARE,
    "dW1": "Next: is the hidden layer a ReLU? Compare with numerical_gradient of the loss.",
    "W": "Next: print (W - new W) / learning_rate, and compare it with numerical_gradient.",
    "Jacobian": "Next: compare each row with numerical_gradient of one probability.",
}
OF_ROWS = "Subtract the maximum of the row first."
OF_NUMBERS = "np.exp gives inf there; or ask for the sign of z, so that no exponent is above 0."
TOGETHER = (
    "It is right for each example alone, and wrong for several together. Do they share something "
    "that each has of its own, such as a maximum, or a sum that should be a mean?"
)
WRITTEN_IN = (
    "The shape is wrong: it is the same whatever is given. Is a size, or an array from outside, "
    "written into the code?"
)
ONE_NUMBER = (
    "It gives one number, and takes an array: is there an `if` in it, or math.exp? Use np.where, "
    "np.exp."
)
ONLY = {
    "first": "It stops after the first example: does return stand inside the loop?",
    "last": "Only the last example comes back: collect what each gives, and return all of it.",
}
ONE_ROW_OF_ANOTHER = (
    "Its first row is right, and a later one is not. Is something of the first row used for the "
    "others too, such as a sum that is not set back to 0?"
)
BATCHES = (
    "It is right for one batch, and wrong for several. Each takes its own rows of X and of y, such "
    "as X[i:i + batch_size], the same rate, and the W and b of the batch before."
)
OTHER_ORDER = (
    "It is right, but takes the examples in another order. Here the batches are taken in order: "
    "the first one is X[:batch_size]."
)
VARIES = (
    "It gives another answer each time that it is called. Is something drawn at random, or kept "
    "from call to call?"
)
KEPT = (
    "It gave this answer before, to another input. Is something kept from call to call, such as a "
    "result under the shape of its input?"
)
CUT = (
    "Its results are cut to whole numbers where it is given such: np.zeros_like makes an array of "
    "the same type. np.zeros(Z.shape) holds fractions."
)
LABEL_0 = (
    "It is wrong exactly where a label is 0. Is class 0 left out, or asked for by `if y`, to which "
    "0 is False?"
)
ROW_LEFT_OUT = {
    "first": "Every row is right but the first: does a loop begin at 1?",
    "last": "Every row is right but the last: does a loop end one too early?",
}
ROUNDED_BACK = (
    "The answer is right, but the caller's array is no longer what it was, by a rounding error: x "
    "+ h - h is not x. Keep the old number, and put that back; or work on a copy."
)
IN_ORDER = " Here the batches are taken in order."
INDICES = "If they are rows, exchange the indices: the row comes first, p[np.arange(m), y]."
ZERO_SUM = " The sum of everything is 0."


class Hint(NamedTuple):
    """What is seen in wrong answers: what it is called, and in words with a place to read."""

    id: str
    text: str
    see: tuple[str, str]


def section_of(kind: Kind) -> tuple[str, str]:
    return SECTIONS.get(kind.name, SHAPES)


def next_step(kind: Kind, m: float = 1) -> str:
    """What to do where nothing is known; `m` examples were given."""
    return NEXT_STEPS.get(kind.results[0], ONE_THEN_TWO if m > 1 else PRINT_STEPS)


def hint(answers: Answers, index: int, call: str) -> Hint:
    """The most that can be said, the surest first."""
    kind, answer = answers.kind, answers[index]
    if answer.outcome.late:
        text = (
            f"Is there a loop that never ends? It was stopped after {answers.clock.limit():.2g} "
            "seconds. Each round must change what `while` asks."
        )
        return Hint("unknown", text, section_of(kind))
    if table := patterns.counts_labels(answers):
        text = (
            "It counts the classes in the labels, and not every class occurs in them. Take their "
            f"number from the shape of {table}."
        )
        return Hint("unknown", text, SHAPES)
    if answer.outcome.error is not None:
        text = errors.explained(answer.outcome.error, call, _taken(answers), _advice(kind))
        is_shape = "fit" in text or "axis" in text
        return Hint("unknown", text, SHAPES if is_shape else section_of(kind))
    if answer.parts is None:
        if sentence := patterns.order_in_words(answers):
            return Hint("order", sentence, section_of(kind))
        return Hint("unknown", _no_numbers(kind, answer), section_of(kind))
    if answers.is_right(index):
        text = "The answer is right, but the caller's array has changed. Work on a copy."
        text = ROUNDED_BACK if _is_off_by_rounding(answers, index) else text
        return Hint("unknown", text, IN_PLACE)
    return _pattern(answers, index) or _difference(answers, index)


def _is_off_by_rounding(answers: Answers, index: int) -> bool:
    outcome, before = answers[index].outcome, tuple(answers.inputs(index).values())
    pairs = [(before[at], outcome.given[at]) for at in outcome.changed if outcome.given]
    arrays = [(a, b) for a, b in pairs if isinstance(a, np.ndarray) and a.shape == np.shape(b)]
    return len(arrays) == len(pairs) > 0 and all(np.allclose(a, b, rtol=1e-12) for a, b in arrays)


def _taken(answers: Answers) -> str:
    """The parameters, as a function's first line has them."""
    function = answers.function
    if inspect.ismethod(function):  # with its first parameter, which Python fills in
        function = function.__func__
    parameters = parameters_of(function).values()
    stars: dict[Any, str] = {
        inspect.Parameter.VAR_POSITIONAL: "*",
        inspect.Parameter.VAR_KEYWORD: "**",
    }
    names = ", ".join(f"{stars.get(one.kind, '')}{one.name}" for one in parameters)
    return f"({names})" if names else "nothing"


def _advice(kind: Kind) -> dict[str, str]:
    """What to do about some errors in functions of this kind."""
    is_gradient = any(name.startswith("dW") for name in kind.results)
    is_softmax = kind.name == "softmax_jacobian"
    return {
        "labels": " Labels are of shape (m,) here, one number each."
        if "y" in kind.arguments
        else "",
        "product": " * works entry by entry; @ is the matrix product." if is_gradient else "",
        "transpose": " A gradient of W has the shape of W: transpose X." if is_gradient else "",
        "overflow": OF_NUMBERS if "z" in kind.arguments and not is_softmax else OF_ROWS,
    }


def _pattern(answers: Answers, index: int) -> Hint | None:
    section = section_of(answers.kind)
    if name := patterns.gives_back(answers):
        text = f"It gives back {name} as it was given. Return what was computed."
        return Hint("unknown", text, section)
    if (number := patterns.constant(answers)) is not None:
        text = f"It gives {number + 0.0:.4g} whatever it is given. {next_step(answers.kind)}"
        return Hint("constant", text, section)
    if sentence := patterns.order_in_words(answers):
        return Hint("order", sentence, section)
    if sentence := patterns.factor_in_words(answers):
        id = "factor" if patterns.all_are_multiples(answers) else "unknown"
        return Hint(id, sentence, section)
    if sentence := patterns.digits_in_words(answers):
        return Hint("digits", sentence, section)
    ways = [
        lambda: patterns.exponent_in_words(answers, index),
        lambda: CUT if patterns.cut_to_whole(answers) else "",
        lambda: LABEL_0 if patterns.wrong_for_label_0(answers) else "",
        lambda: ROW_LEFT_OUT.get(patterns.row_left_out(answers), ""),
        lambda: ONLY.get(patterns.only_example(answers), ""),
        lambda: _normaliser(answers, index),
        lambda: hidden_layers.in_words(answers),
        lambda: other_inputs.in_words(answers),
        lambda: KEPT if patterns.repeats(answers) else "",
    ]
    sentence = next(filter(None, (way() for way in ways)), "")
    return Hint("unknown", sentence, section) if sentence else None


def _normaliser(answers: Answers, index: int) -> str:
    """For rows that are right but for what they are divided by."""
    sentence, parts = patterns.row_factor_in_words(answers), answers[index].parts
    if not sentence or parts is None:
        return ""
    (truth,) = answers.probe_set.expected[index]
    sums = _row_sums(answers.kind, parts[0], truth)
    return in_words_of(answers.form.layout, f"{sums} {sentence}".strip())


def _no_numbers(kind: Kind, answer: Answer) -> str:
    """What to return in place of something that is no array of numbers."""
    value, outcome = answer.outcome.value, answer.outcome
    if value is None:
        if outcome.printed:
            return "It prints its answer and returns nothing. End it with return."
        return "It returns nothing. End it with return and the result."
    text = f"It should {answer.instead}."
    if isinstance(value, GeneratorType):
        return f"{text} It has yield where return belongs: collect the rows, and return them all."
    if isinstance(value, Iterator):
        return f"{text} It gives them one by one: list(...) around it collects them."
    if callable(value):
        return f"{text} It returns a function, which still has to be called."
    if isinstance(value, Mapping) and len(kind.results) == 1:
        return f"{text} Return the {kind.results[0]} alone."
    things = in_sequence(value) if isinstance(value, tuple) else ()
    if things and len(kind.results) == 1:
        return f"It returns {len(things)} things in a tuple. Return the {kind.results[0]} alone."
    if things and len(things) != len(kind.results):
        return f"{text} There are {len(things)}."
    return text


def _difference(answers: Answers, index: int) -> Hint:
    kind, parts, layout = answers.kind, answers[index].parts, answers.form.layout
    truths = answers.probe_set.expected[index]
    assert parts is not None
    for name, ours, truth in zip(kind.results, parts, truths, strict=True):
        if ours.shape != truth.shape:
            of_all = patterns.has_one_shape(answers)
            said = WRITTEN_IN if of_all else _shape(name, ours, truth, len(truths) > 1)
            return Hint("unknown", in_words_of(layout, said), SHAPES)
    seen = in_words_of(layout, _row_sums(kind, parts[0], truths[0])) or _which_entries(
        answers, index
    )
    looks_for = answers.probe_set.probes[index].looks_for
    where = f"No known mistake gives this. It goes wrong first with {looks_for}."
    arguments = answers.probe_set.probes[index].arguments
    m, *_ = patterns.sizes(kind, arguments)
    step = next_step(kind, m)
    if not np.isfinite(parts[0]).all() and "logits" in looks_for:
        step = EXPONENTS
    elif np.isnan(parts[0]).any():
        step = NO_NUMBER
    text = " ".join(filter(None, (where, seen, step)))
    return Hint("unknown", text, section_of(kind))


def _shape(name: str, ours: np.ndarray, truth: np.ndarray, is_one_of_several: bool) -> str:
    if name.startswith("db"):
        unit, zero = ("hidden unit", "") if name == "db1" else ("class", ZERO_SUM)
        return (
            f"The shape is wrong: there is one bias for each {unit}. Sum over the examples alone, "
            f"with axis=0.{zero if ours.size == 1 else ''}"
        )
    if ours.ndim == 0 and truth.size == 1:
        return ONE_NUMBER
    if truth.shape == (1, *ours.shape) and ours.ndim and np.allclose(ours, truth[0]):
        return (
            "The shape is wrong: the axis that counts the examples is lost where there is one "
            "alone. np.squeeze drops it, and so does an index."
        )
    if _is_turned(ours, truth):
        return "Its axes come in another order than they were given: move them back at the end."
    if truth.ndim == 0 and ours.size:
        return "The shape is wrong: it should be one number. Are the examples averaged?"
    order = ", and the order of what it returns" if is_one_of_several else ""
    return f"The shape is wrong: look at axis and keepdims{order}."


def _is_turned(ours: np.ndarray, truth: np.ndarray) -> bool:
    """Whether it is the truth with its axes in another order."""
    return ours.ndim == truth.ndim and any(
        order != tuple(range(truth.ndim))
        and ours.shape == truth.transpose(order).shape
        and np.allclose(ours, truth.transpose(order))
        for order in itertools.permutations(range(truth.ndim))
    )


def _row_sums(kind: Kind, ours: np.ndarray, truth: np.ndarray) -> str:
    """For results whose rows must have a certain sum, and have another one."""
    if kind.results[0] not in ("probabilities", "dZ", "Jacobian", LOGS) or ours.ndim != 2:
        return ""
    if kind.results[0] == LOGS:
        with np.errstate(over="ignore"):
            ours, truth = np.exp(ours), np.exp(truth)
    sums, due = ours.sum(axis=1), truth.sum(axis=1)
    wrong = np.flatnonzero(~np.isclose(sums, due, rtol=0, atol=1e-3))
    if kind.name == "sigmoid" or not wrong.size or not np.isfinite(sums[wrong[0]]):
        return ""
    which = "Your row sums" if len(sums) == 1 else f"Row {wrong[0]} of yours sums"
    which += ", exponentiated," if kind.results[0] == LOGS else ""
    return f"{which} to {sums[wrong[0]]:.4g}; it must sum to {round(float(due[wrong[0]])):d}."


def _which_entries(answers: Answers, index: int) -> str:
    """For answers of which only a part is wrong."""
    parts, truths = answers[index].parts or (), answers.probe_set.expected[index]
    close = [answers.probe_set.close(index, a, t) for a, t in zip(parts, truths, strict=True)]
    right = [n for n, c in zip(answers.kind.results, close, strict=True) if c.all()]
    if right:
        are = "is" if len(right) == 1 else "are"
        wrong = [n for n in answers.kind.results if n not in right]
        return f"{' and '.join(right)} {are} right there, {' and '.join(wrong)} not."
    if close[0].size > 1 and close[0].any():
        places = [str([int(i) for i in place]) for place in np.argwhere(~close[0])]
        count = f"{len(places)} of its {close[0].size} numbers"
        if len(places) == 1:
            return f"1 of its {close[0].size} numbers differs, at {places[0]}."
        return f"{count} differ, the first at {places[0]}."
    return ""


def together(answers: Answers, index: int) -> str:
    """What to say where it is right for each example alone, and wrong for several together."""
    ours, truth = (answers[index].parts or ())[0], answers.probe_set.expected[index][0]
    if answers.kind.name == "descent_epoch" and _is_right_for_one_batch(answers):
        return OTHER_ORDER if patterns.is_of_other_order(answers, index) else BATCHES
    if truth.ndim == 1 and ours.shape == 2 * truth.shape:
        return "(m, 1) and (m,) make (m, m). Drop the axis that keepdims kept, or keep it in both."
    if sentence := patterns.factor_in_words(answers):
        return sentence
    if which := patterns.only_example(answers):
        return ONLY[which]
    if sentence := other_inputs.in_words(answers):
        return sentence
    return ONE_ROW_OF_ANOTHER if patterns.first_row_is_right(answers) else TOGETHER


def _is_right_for_one_batch(answers: Answers) -> bool:
    whole = [
        index
        for index, probe in enumerate(answers.probe_set.probes)
        if len(probe.arguments[2]) <= probe.arguments[5]
    ]
    return all(answers.is_right(index) for index in whole)


def varying(kind: Kind) -> str:
    return VARIES + (IN_ORDER if kind.name == "descent_epoch" else "")


def factor(answers: Answers) -> str:
    return patterns.factor_in_words(answers)


def is_multiple(answers: Answers) -> bool:
    return patterns.all_are_multiples(answers) and bool(factor(answers))


def is_transposed(answers: Answers) -> bool:
    return patterns.is_transposed(answers)
