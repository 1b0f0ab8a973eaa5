"""The verdict on a function, in at most eight lines of plain words."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from . import evidence
from .answers import Answers
from .evidence import MAX_WIDTH, WIDTH, shortened
from .kinds import Kind
from .layouts import in_words_of
from .mistake import Misconception

MAX_LINES = 8


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
        The mistake; None where it is right. Where no entry of the catalogue does the same:
        ``"layout"`` where it is right with examples lying in another way, ``"form"`` where it is
        right in another form, ``"factor"``, ``"digits"``, ``"order"`` or ``"constant"`` where the
        answers are a multiple of the right ones, nearly right, in another order, or always the
        same, ``"slow"`` where the time was too short, else ``"unknown"``.
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


class Title(NamedTuple):
    """The function's name, what it was judged as, and in which form: how a verdict begins."""

    name: str
    guessed: Kind | None = None  # the kind, where the name does not say it
    form: str = ""

    def right(self) -> list[str]:
        said = ["right", f"as {self.guessed.call}" if self.guessed else "", self.form]
        return textwrap.wrap(f"{self._short_name()}: {_joined(said)}.", WIDTH)

    def wrong(self, verdict: str = "not right yet.") -> list[str]:
        # Its name alone: the arguments are in the evidence.
        how = _joined([f"as {self.guessed.name}" if self.guessed else "", self.form])
        judged = textwrap.wrap(f"Judged {how}.", MAX_WIDTH) if how else []
        return [f"{self._short_name()}: {verdict}", *judged]

    def _short_name(self) -> str:
        return shortened(self.name, WIDTH // 2)


def _joined(said: list[str]) -> str:
    return ", ".join(filter(None, said))


def right(title: Title, answers: Answers, cautions: list[str]) -> Diagnosis:
    lines = title.right()
    for caution in cautions:
        lines += textwrap.wrap(f"Careful: {caution}", WIDTH)
    if any(outcome.printed for outcome in answers.outcomes().values()):
        lines.append("It also prints, at every call.")
    return Diagnosis(answers.kind.name, True, None, (), "\n".join(lines[:MAX_LINES]))


def slow(title: Title, answers: Answers) -> Diagnosis:
    """Not to be judged in the time that there is."""
    tried = sum(not outcome.untried for outcome in answers.outcomes().values())
    lines = [
        *title.wrong("too slow to be judged."),
        *textwrap.wrap(
            f"It is right as far as it was tried ({tried} of {len(answers)} inputs); a call takes "
            f"{answers.clock.usual:.1f} s. Next: look for loops; operations on whole arrays are "
            "quicker.",
            WIDTH,
        ),
        where(("prerequisites", "NumPy: shapes, broadcasting, keepdims")),
    ]
    return Diagnosis(answers.kind.name, False, "slow", (), "\n".join(lines), None, 0.0)


def named(
    title: Title,
    answers: Answers,
    index: int,
    found: list[Misconception],
    explained: float,
    advice: str = "",
) -> Diagnosis:
    """A mistake of the catalogue, or several that no answer tells apart."""
    ids = tuple(entry.id for entry in found)
    see = where((found[0].chapter, found[0].section))
    likely = in_words_of(answers.form.layout, _likely(found))
    reason = [likely, f"{see} {advice}"]
    return _wrong(title, answers, index, ids[0], ids, reason, explained)


def unnamed(
    title: Title,
    answers: Answers,
    index: int,
    id: str,
    text: str,
    see: tuple[str, str],
    explained: float,
) -> Diagnosis:
    """What the catalogue does not know, with whatever can be said of it."""
    return _wrong(title, answers, index, id, (), [text, where(see)], explained)


def unjudged(kind: str, title: Title, text: str, see: tuple[str, str]) -> Diagnosis:
    """What was not called at all."""
    lines = [*title.wrong(), *textwrap.wrap(text, WIDTH), where(see)]
    return Diagnosis(kind, False, "form", (), "\n".join(lines), None, 0.0)


def _wrong(
    title: Title,
    answers: Answers,
    index: int,
    id: str,
    ids: tuple[str, ...],
    reason: list[str],
    explained: float,
) -> Diagnosis:
    begin, full = title.wrong(), evidence.of(answers, index)
    brief = [line for line in full if not line.startswith("  In line")]
    for shown, width, parts in [
        (full, WIDTH, reason),
        (full, MAX_WIDTH, reason),
        (brief, MAX_WIDTH, reason),
        (brief, MAX_WIDTH, [" ".join(reason)]),
    ]:
        end = [line for part in parts for line in textwrap.wrap(part, width)]
        room = MAX_LINES - len(begin) - len(end)
        if room >= len(shown):
            break
    lines = [*begin, *shown[:room], *end]
    return Diagnosis(
        answers.kind.name,
        False,
        id,
        ids,
        "\n".join(lines[:MAX_LINES]),
        _example(answers, index),
        explained,
    )


def _likely(found: list[Misconception]) -> str:
    if len(found) == 1:
        return f"Likely: {found[0].message}"
    titles = "; or ".join(entry.title for entry in found)
    cure = re.split(r"(?<=\.) ", found[0].message)[-1]
    return f"Likely, and no answer can tell these apart: {titles}. {cure}"


def where(see: tuple[str, str]) -> str:
    chapter, section = see
    number = chapter.partition("-")[0]
    place = f"chapter {int(number)}" if number.isdigit() else "Before you start"
    return f'See "{section}", {place}.'


def _example(answers: Answers, index: int) -> Example:
    outcome = answers[index].outcome
    expected = tuple(
        np.copy(part) for part in evidence.in_layout(answers, answers.probe_set.expected[index])
    )
    inputs = {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in answers.inputs(index).items()
    }
    return Example(
        inputs,
        outcome.value if outcome.error is None else outcome.error,
        expected if len(expected) > 1 else expected[0],
    )
