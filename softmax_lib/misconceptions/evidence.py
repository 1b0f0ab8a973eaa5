"""The input, the answer and the right answer, as a verdict shows them."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from .answers import Answers, describe
from .calling import Outcome
from .errors import first_line, message_of, place_of
from .layouts import OF_EXAMPLES, from_rows

WIDTH, MAX_WIDTH = 88, 100  # of sentences, and of what stands in one line
MAX_CHARACTERS = 64  # longer arrays are shown by their shape, or by one entry
MAX_ENTRIES = 40  # entries of an array that is shown at all

SHORT_REPR = reprlib.Repr()
SHORT_REPR.maxother = SHORT_REPR.maxstring = MAX_CHARACTERS


def of(answers: Answers, index: int) -> list[str]:
    """The lines that show one probe."""
    outcome = answers[index].outcome
    names = answers.form.names(answers.kind)
    lines = [f"  You gave    {_show_inputs(answers.inputs(index), names)}"]
    if outcome.late:
        return [*lines, "  It did not come back."]
    if answers.is_right(index):
        return [*lines, f"  Afterwards  {names[outcome.changed[0]]} holds other numbers"]
    lines += _yours_and_expected(answers, index)
    return [shortened(line) for line in lines]


def shortened(line: str, width: int = MAX_WIDTH) -> str:
    return line if len(line) <= width else f"{line[: width - 3]}..."


def _yours_and_expected(answers: Answers, index: int) -> list[str]:
    probe_set, answer = answers.probe_set, answers[index]
    truths = in_layout(answers, probe_set.expected[index])
    names = [f"{name} = " if len(truths) > 1 else "" for name in answers.kind.results]
    if answer.parts is None:
        expected = f"  Expected    {names[0]}{show(truths[0]) or _brief(truths[0])}"
        return [*_failure(answer.outcome), expected]
    value = answer.outcome.value
    if isinstance(value, tuple) and len(names) == 1 and answers.form.part is None:
        return [*_failure(answer.outcome), f"  Expected    {_with_shape(truths[0])}"]
    for name, yours, truth in zip(names, in_layout(answers, answer.parts), truths, strict=True):
        if yours.shape != truth.shape:
            first, second = (_with_shape(array) for array in (yours, truth))
        elif probe_set.close(index, yours, truth).all():
            continue
        elif show(yours) and show(truth) and show(yours) != show(truth):
            first, second = show(yours), show(truth)
        else:
            at = tuple(int(i) for i in np.argwhere(~probe_set.close(index, yours, truth))[0])
            place = f" at {list(at)}" if at else ""
            first, second = (f"{text}{place}" for text in _distinguishable(yours[at], truth[at]))
        return [f"  Your answer {name}{first}", f"  Expected    {name}{second}"]
    raise AssertionError("a wrong answer differs somewhere")


def _failure(outcome: Outcome) -> list[str]:
    """What came instead of an answer that can be compared, and where it is raised."""
    if outcome.error is None:
        return [f"  Your answer {in_a_line(outcome.value)}"]
    text = f"{type(outcome.error).__name__}: {message_of(outcome.error)}"
    raised = f"  It raised   {text}".rstrip(": ")
    if (place := place_of(outcome.error)) is None:
        return [raised]
    number, line = place
    return [raised, f"{f'  In line {number}':14}{line}"]


def in_a_line(value: Any) -> str:
    """What a function returned, where that is nothing to compare."""
    try:
        if isinstance(value, Mapping):
            return f"a dict with the keys {', '.join(map(str, list(value)[:6]))}"
        if isinstance(value, tuple) and not all(np.isscalar(one) for one in value):
            return f"a tuple of {len(value)}: {', '.join(_brief(one) for one in value[:4])}"
        if np.ma.is_masked(value):
            return " ".join(str(value.round(4)).split())
        if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
            return show(value) or _brief(value)
    except Exception:  # whatever a stranger's object does when it is read
        return describe(value)
    text = first_line(SHORT_REPR.repr, value) or "<unreadable>"
    return describe(value) if "<" in text else text


def _brief(value: Any) -> str:
    if np.isscalar(value) or np.ndim(value) == 0:
        return "a number"
    return f"an array of shape {np.shape(value)}"


def in_layout(answers: Answers, parts: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """Parts of an answer as the function gives them."""
    names, arguments = answers.kind.results, answers.kind.arguments
    is_aggregate = {name.removeprefix("d") in arguments for name in names}
    of_examples = not any(is_aggregate) or bool({n.removeprefix("d") for n in names} & OF_EXAMPLES)
    return tuple(
        from_rows(part, answers.form.layout, of_examples and part.ndim > 0 and len(part) == 1)
        for part in parts
    )


def _show_inputs(inputs: dict[str, Any], names: list[str]) -> str:
    """With the function's own names too, where there is room for them."""
    values = [show(value) for value in inputs.values()]
    if all(values):
        for called in names, list(inputs):
            line = ", ".join(map(" = ".join, zip(called, values, strict=True)))
            if len(line) < WIDTH:
                return line
    sizes = [
        f"{np.shape(value)}" if np.ndim(value) else f"= {value:g}" for value in inputs.values()
    ]
    both = (
        f"these shapes: {', '.join(map(' '.join, zip(called, sizes, strict=True)))}"
        for called in (names, list(inputs))
    )
    return min(both, key=lambda line: len(line) >= WIDTH)


def _with_shape(array: np.ndarray) -> str:
    if array.ndim == 0:
        return f"{show(array)}, one number"
    return f"{show(array)} of shape {array.shape}".lstrip()


def show(value: Any) -> str:
    """An array as nested lists of four digits; nothing where that would be long."""
    if callable(value):
        return value.__name__
    if np.size(value) > MAX_ENTRIES:
        return ""
    text = _nested(np.asarray(value))
    return text if len(text) <= MAX_CHARACTERS else ""


def _nested(array: np.ndarray) -> str:
    if array.ndim == 0:
        return number(array)
    return f"[{', '.join(_nested(row) for row in array)}]"


def number(value: Any, digits: int = 4) -> str:
    return f"{float(value) + 0.0:.{digits}g}"


def _distinguishable(one: Any, other: Any) -> tuple[str, str]:
    """Two numbers with so many digits that they differ."""
    for digits in (4, 6, 8, 17):
        texts = number(one, digits), number(other, digits)
        if texts[0] != texts[1]:
            break
    return texts
