"""The verdict on a function, in at most eight lines of plain words."""

from __future__ import annotations

import reprlib
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from .answers import SECONDS_A_CALL, Answers, describe
from .calling import Outcome
from .layouts import OTHER_LAYOUT
from .mistake import Misconception

MAX_LINES, WIDTH = 8, 88
MAX_CHARACTERS = 64  # longer arrays are shown by their shape, or by one entry
MAX_ENTRIES = 40  # entries of an array that is shown at all

SHORT_REPR = reprlib.Repr()
SHORT_REPR.maxother = SHORT_REPR.maxstring = MAX_CHARACTERS


class Example(NamedTuple):
    """An input that a function gets wrong, its answer, and the right one."""

    inputs: dict[str, Any]
    answer: Any
    expected: Any


@dataclass(frozen=True, eq=False, repr=False)
class Diagnosis:
    """The verdict on a function. Shown or printed, it is the message; it is true where `ok` is.

    Attributes
    ----------
    kind : str
        What the function was judged as.
    ok : bool
        Whether it is right.
    id : str or None
        The mistake; None where it is right, ``"unknown"`` where it is wrong in a new way,
        ``"layout"`` where it is right with examples along the other axis, ``"slow"`` where the
        first answer that is not right did not come in time.
    candidates : tuple of str
        All mistakes of the catalogue that do what it does.
    message : str
        The verdict, at most eight lines.
    example : Example or None
        The first and smallest input that it gets wrong: `inputs` by name, `answer`, `expected`.
    explained : float
        The share of the inputs on which the function is right, or does what `id` does.
    wrong_in : str
        ``"extremes"`` where it is right on ordinary inputs, ``"arguments"`` where its answers are
        right and it writes into what it was given, else ``"ordinary"``; nothing where it is right.
    """

    kind: str
    ok: bool
    id: str | None
    candidates: tuple[str, ...]
    message: str
    example: Example | None = None
    explained: float = 1.0
    wrong_in: str = ""

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        return self.message


def right(name: str, answers: Answers, failed: list[int]) -> Diagnosis:
    lines = [_shortened(f"{name}: right.")]
    cautions = [answers.probe_set.probes[index].caution for index in failed]
    if cautions:
        lines += textwrap.wrap(f"Careful: {cautions[0]}", WIDTH)
    elif any(outcome.printed for outcome in answers.outcomes().values()):
        lines.append("It also prints, at every call.")
    return Diagnosis(answers.probe_set.kind.name, True, None, (), "\n".join(lines))


def wrong(
    name: str,
    answers: Answers,
    index: int,
    found: list[Misconception],
    explained: float,
    right_in_other_layout: bool,
) -> Diagnosis:
    ids = tuple(entry.id for entry in found)
    advice = ""
    if right_in_other_layout:
        other = OTHER_LAYOUT[answers.layout]
        advice = f'If your examples are {other}, pass layout="{other}".'
    if found:
        reason = [_likely(found), f"{_where(found[0])} {advice}"]
    else:
        reason = [advice or _hint(answers, index)]
    reason = [line for text in reason for line in textwrap.wrap(text, WIDTH)]
    evidence = _evidence(answers, index)[: MAX_LINES - 1 - len(reason)]
    lines = [_shortened(f"{name}: not right yet."), *evidence, *reason]
    new = "slow" if answers[index].outcome.late else "unknown"
    verdict = ids[0] if ids else "layout" if advice else new
    return Diagnosis(
        answers.probe_set.kind.name,
        False,
        verdict,
        ids,
        "\n".join(lines),
        _example(answers, index),
        explained,
    )


def _likely(found: list[Misconception]) -> str:
    if len(found) == 1:
        return f"Likely: {found[0].message}"
    titles = "; or ".join(entry.title for entry in found)
    return f"Likely, and no answer can tell these apart: {titles}."


def _where(entry: Misconception) -> str:
    place = f"chapter {entry.chapter_number}" if entry.chapter_number else "Before you start"
    return f'See "{entry.section}", {place}.'


def _hint(answers: Answers, index: int) -> str:
    """What can be said of a mistake that the catalogue does not know."""
    kind, answer = answers.probe_set.kind, answers[index]
    if answer.outcome.late:
        return f"Is there a loop that never ends? A call has {SECONDS_A_CALL} seconds."
    if answer.outcome.error is not None:
        if "broadcast" in _first_line(str, answer.outcome.error):
            return "Two shapes do not fit: look at axis and keepdims."
        return f"It was called as {kind.call}."
    if answer.outcome.value is None:
        if answer.outcome.printed:
            return "It prints its answer and returns nothing. End it with return."
        return "It returns nothing. End it with return and the result."
    if answer.parts is None:
        return f"It should {answer.instead}."
    if answers.is_right(index):
        return "The answer is right, but the caller's array has changed. Work on a copy."
    truths = answers.probe_set.expected[index]
    if any(a.shape != b.shape for a, b in zip(answer.parts, truths, strict=True)):
        order = ", and the order of what it returns" if len(truths) > 1 else ""
        return f"The shape is wrong: look at it{order}."
    return (
        "No mistake of the catalogue does this. It goes wrong first with "
        f"{answers.probe_set.probes[index].looks_for}."
    )


# --- evidence ----------------------------------------------------------------------------------


def _evidence(answers: Answers, index: int) -> list[str]:
    outcome, inputs = answers[index].outcome, answers.inputs(index)
    lines = [f"  You gave    {_show_inputs(inputs)}"]
    if outcome.late:
        return [*lines, "  It did not come back."]
    if answers.is_right(index):
        name = answers.probe_set.kind.arguments[outcome.changed[0]]
        return [*lines, f"  Afterwards  {name} holds other numbers"]
    lines += _yours_and_expected(answers, index)
    return [_shortened(line) for line in lines]


def _shortened(line: str) -> str:
    return line if len(line) <= WIDTH + 8 else f"{line[: WIDTH + 5]}..."


def _yours_and_expected(answers: Answers, index: int) -> tuple[str, str]:
    probe_set, answer = answers.probe_set, answers[index]
    truths = _in_layout(answers, probe_set.expected[index])
    names = [f"{name} = " if len(truths) > 1 else "" for name in probe_set.kind.results]
    if answer.parts is None:
        expected = f"  Expected    {names[0]}{_show(truths[0]) or _shape(truths[0])}"
        return _failure(answer.outcome), expected
    for name, yours, truth in zip(names, _in_layout(answers, answer.parts), truths, strict=True):
        if yours.shape != truth.shape:
            first, second = (f"{_show(array)} {_shape(array)}".lstrip() for array in (yours, truth))
        elif probe_set.close(index, yours, truth).all():
            continue
        elif _show(yours) and _show(truth) and _show(yours) != _show(truth):
            first, second = _show(yours), _show(truth)
        else:
            at = tuple(int(i) for i in np.argwhere(~probe_set.close(index, yours, truth))[0])
            place = f" at {list(at)}" if at else ""
            first, second = (f"{text}{place}" for text in _distinguishable(yours[at], truth[at]))
        return f"  Your answer {name}{first}", f"  Expected    {name}{second}"
    raise AssertionError("a wrong answer differs somewhere")


def _failure(outcome: Outcome) -> str:
    """What came instead of an answer that can be compared."""
    if outcome.error is not None:
        text = f"{type(outcome.error).__name__}: {_first_line(str, outcome.error)}"
        return f"  It raised   {text}".rstrip(": ")
    text = _first_line(SHORT_REPR.repr, outcome.value)
    return f"  Your answer {text if text and '<' not in text else describe(outcome.value)}"


def _first_line(speak: Callable[[Any], str], value: Any) -> str:
    """The first line of what a stranger's object has to say, which may be an error."""
    try:
        return next(iter(speak(value).splitlines()), "")
    except Exception:
        return ""


def _in_layout(answers: Answers, parts: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    return tuple(part.T for part in parts) if answers.layout == "columns" else parts


def _show_inputs(inputs: dict[str, Any]) -> str:
    line = ", ".join(f"{name} = {_show(value)}" for name, value in inputs.items())
    if len(line) < WIDTH and all(_show(value) for value in inputs.values()):
        return line
    sizes = (
        f"{name} {np.shape(value) if np.ndim(value) else f'= {value:g}'}"
        for name, value in inputs.items()
    )
    return f"these shapes: {', '.join(sizes)}"


def _shape(array: np.ndarray) -> str:
    return f"of shape {np.shape(array)}" if np.ndim(array) else "a number"


def _show(value: Any) -> str:
    """An array as nested lists of four digits; nothing where that would be long."""
    if np.size(value) > MAX_ENTRIES:
        return ""
    text = _nested(np.asarray(value))
    return text if len(text) <= MAX_CHARACTERS else ""


def _nested(array: np.ndarray) -> str:
    if array.ndim == 0:
        return _number(array)
    return f"[{', '.join(_nested(row) for row in array)}]"


def _number(value: Any, digits: int = 4) -> str:
    return f"{float(value) + 0.0:.{digits}g}"


def _distinguishable(one: Any, other: Any) -> tuple[str, str]:
    """Two numbers with so many digits that they differ."""
    for digits in (4, 6, 8, 17):
        texts = _number(one, digits), _number(other, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _example(answers: Answers, index: int) -> Example:
    outcome = answers[index].outcome
    expected = _in_layout(answers, answers.probe_set.expected[index])
    return Example(
        answers.inputs(index),
        outcome.value if outcome.error is None else outcome.error,
        expected if len(expected) > 1 else expected[0],
    )
