"""The verdict on a function, in at most eight lines of plain words."""

from __future__ import annotations

import reprlib
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from .mistake import Misconception
from .trial import OTHER_LAYOUT, SECONDS_A_CALL, Trial, describe

LINES, WIDTH = 8, 88
SHORT = 64  # longer arrays are shown by their shape, or by one entry
MOST = 40  # entries of an array that is shown at all

BRIEF = reprlib.Repr()
BRIEF.maxother = BRIEF.maxstring = SHORT


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
        ``"layout"`` where it is right with examples along the other axis.
    candidates : tuple of str
        All mistakes of the catalogue that do what it does.
    message : str
        The verdict, at most eight lines.
    example : Example or None
        The first and smallest input that it gets wrong: `inputs` by name, `answer`, `expected`.
    explained : float
        The share of the inputs on which the function is right, or does what `id` does.
    """

    kind: str
    ok: bool
    id: str | None
    candidates: tuple[str, ...]
    message: str
    example: Example | None = None
    explained: float = 1.0

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        return self.message


def right(name: str, trial: Trial, failed: list[int]) -> Diagnosis:
    lines = [_cut(f"{name}: right.")]
    cautions = [trial.exam.probes[index].caution for index in failed]
    if cautions:
        lines += textwrap.wrap(f"Careful: {cautions[0]}", WIDTH)
    elif any(outcome.printed for outcome in trial.outcomes().values()):
        lines.append("It also prints, at every call.")
    return Diagnosis(trial.exam.kind.name, True, None, (), "\n".join(lines))


def wrong(
    name: str,
    trial: Trial,
    index: int,
    found: list[Misconception],
    explained: float,
    right_turned_round: bool,
) -> Diagnosis:
    ids = tuple(entry.id for entry in found)
    turn = ""
    if right_turned_round:
        other = OTHER_LAYOUT[trial.layout]
        turn = f'If your examples are {other}, pass layout="{other}".'
    reason = (
        (_likely(found), f"{_where(found[0])} {turn}") if found else (turn or _hint(trial, index),)
    )
    reason = [line for text in reason for line in textwrap.wrap(text, WIDTH)]
    evidence = _evidence(trial, index)[: LINES - 1 - len(reason)]  # a warning comes last
    lines = [_cut(f"{name}: not right yet."), *evidence, *reason]
    verdict = ids[0] if ids else "layout" if turn else "unknown"
    return Diagnosis(
        trial.exam.kind.name,
        False,
        verdict,
        ids,
        "\n".join(lines),
        _example(trial, index),
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


def _hint(trial: Trial, index: int) -> str:
    """What can be said of a mistake that the catalogue does not know."""
    kind, answer = trial.exam.kind, trial.answer(index)
    if answer.outcome.late:
        return f"Is there a loop that never ends? A call has {SECONDS_A_CALL} seconds."
    if answer.outcome.error is not None:
        if "broadcast" in _said(str, answer.outcome.error):
            return "Two shapes do not fit: look at axis and keepdims."
        return f"It was called as {kind.call}."
    if answer.outcome.value is None:
        if answer.outcome.printed:
            return "It prints its answer and returns nothing. End it with return."
        return "It returns nothing. End it with return and the result."
    if answer.parts is None:
        return f"It should {answer.demand}."
    if trial.is_right(index):
        return "The answer is right, but the caller's array has changed. Work on a copy."
    truths = trial.exam.truths[index].parts
    if any(a.shape != b.shape for a, b in zip(answer.parts, truths, strict=True)):
        order = ", and the order of what it returns" if len(truths) > 1 else ""
        return f"The shape is wrong: look at it{order}."
    return (
        "No mistake of the catalogue does this. It goes wrong first with "
        f"{trial.exam.probes[index].looks_for}."
    )


# --- evidence ----------------------------------------------------------------------------------


def _evidence(trial: Trial, index: int) -> list[str]:
    outcome, inputs = trial.answer(index).outcome, trial.inputs(index)
    lines = [f"  You gave    {_show_inputs(inputs)}"]
    if outcome.late:
        return [*lines, "  It did not come back."]
    if trial.is_right(index):
        name = trial.exam.kind.arguments[outcome.changed[0]]
        return [*lines, f"  Afterwards  {name} holds other numbers"]
    lines += _answers(trial, index)
    if outcome.warning:
        lines.append(f"  With the warning: {_said(str, outcome.warning)}")
    return [_cut(line) for line in lines]


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH + 8 else f"{line[: WIDTH + 5]}..."


def _answers(trial: Trial, index: int) -> tuple[str, str]:
    answer, truths = trial.answer(index), _as_taken(trial, trial.exam.truths[index].parts)
    several = len(truths) > 1
    names = [f"{name} = " if several else "" for name in trial.exam.kind.results]
    if answer.parts is None:
        if answer.outcome.error is not None:
            error = answer.outcome.error
            yours = f"  It raised   {type(error).__name__}: {_said(str, error)}".rstrip(": ")
        else:
            text = _said(BRIEF.repr, answer.outcome.value)
            yours = f"  Your answer {describe(answer.outcome.value) if '<' in text else text}"
        return yours, f"  Expected    {names[0]}{_show(truths[0]) or _shape(truths[0])}"
    for name, yours, truth in zip(names, _as_taken(trial, answer.parts), truths, strict=True):
        if yours.shape != truth.shape:
            pair = (f"{_show(array)} {_shape(array)}".lstrip() for array in (yours, truth))
        elif trial.exam.close(index, yours, truth).all():
            continue
        elif _show(yours) and _show(truth) and _show(yours) != _show(truth):
            pair = _show(yours), _show(truth)
        else:
            at = tuple(int(i) for i in np.argwhere(~trial.exam.close(index, yours, truth))[0])
            place = f" at {list(at)}" if at else ""
            pair = (f"{number}{place}" for number in _told_apart(yours[at], truth[at]))
        first, second = pair
        return f"  Your answer {name}{first}", f"  Expected    {name}{second}"
    raise AssertionError("a wrong answer differs somewhere")


def _said(speak: Callable[[Any], str], value) -> str:
    """The first line of what a stranger's object has to say, which may be an error."""
    try:
        return next(iter(speak(value).splitlines()), "")
    except Exception:
        return ""


def _as_taken(trial: Trial, parts: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    return tuple(part.T for part in parts) if trial.layout == "columns" else parts


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


def _show(value) -> str:
    """An array as nested lists of four digits; nothing where that would be long."""
    if np.size(value) > MOST:
        return ""
    text = _nested(np.asarray(value))
    return text if len(text) <= SHORT else ""


def _nested(array: np.ndarray) -> str:
    if array.ndim == 0:
        return _number(array)
    return f"[{', '.join(_nested(row) for row in array)}]"


def _number(value, digits: int = 4) -> str:
    return f"{float(value) + 0.0:.{digits}g}"


def _told_apart(one, other) -> tuple[str, str]:
    """Two numbers with so many digits that they differ."""
    for digits in (4, 6, 8, 17):
        texts = _number(one, digits), _number(other, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _example(trial: Trial, index: int) -> Example:
    outcome = trial.answer(index).outcome
    expected = _as_taken(trial, trial.exam.truths[index].parts)
    return Example(
        trial.inputs(index),
        outcome.value if outcome.error is None else outcome.error,
        expected if len(expected) > 1 else expected[0],
    )
