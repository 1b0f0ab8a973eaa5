"""One mistake of the catalogue: the wrong code, and what is said about it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Misconception:
    """A wrong implementation of one of the book's functions, as a learner would write it.

    Attributes
    ----------
    id : str
        Its name in the catalogue, such as ``"softmax-no-shift"``.
    kind : str
        The kind of function that it is a wrong version of.
    title : str
        What is wrong, in a few words.
    symptom : str
        How it shows while one works.
    message : str
        What a learner is told: what is wrong, why, and what to do.
    chapter, section : str
        The file, without its ending, and the heading that explain it.
    wrong : callable
        The wrong implementation.
    variants : tuple of dict
        Settings of `wrong` that are the same mistake, such as different clips; the first are its
        defaults.
    sources : tuple of str
        The code of a mistake that is made from text, in all its forms; `wrong` is the first.
    is_one_number : bool
        Whether to answer with one number, whatever is given, is the mistake itself.
    needs_rows : bool
        Whether it takes several examples to make it.
    is_whole : bool
        Whether it is named only where it explains every answer: for one example it is no sign.
    """

    id: str
    kind: str
    title: str
    symptom: str
    message: str
    chapter: str
    section: str
    wrong: Callable = field(repr=False)
    variants: tuple[dict, ...] = field(default=({},), repr=False)
    sources: tuple[str, ...] = field(default=(), repr=False)
    is_one_number: bool = field(default=False, repr=False)
    needs_rows: bool = field(default=False, repr=False)
    is_whole: bool = field(default=False, repr=False)

    @cached_property
    def functions(self) -> tuple[Callable, ...]:
        """The wrong implementation, once with each of its settings and in each of its forms."""
        if self.sources:
            return tuple(compiled(source, self.id) for source in self.sources)
        return tuple(partial(self.wrong, **variant) for variant in self.variants)

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names of its parameters."""
        return frozenset(inspect.signature(self.wrong).parameters)

    @property
    def source(self) -> str:
        """The wrong code, with the name that its kind has."""
        if self.sources:
            return self.sources[0]
        code = inspect.getsource(self.wrong)
        code = code[code.index("def ") :]
        return re.sub(r"def \w+", f"def {self.kind}", code, count=1)

    @property
    def chapter_number(self) -> int:
        """The number of the chapter that explains it; 0 for what comes before the first."""
        number = self.chapter.partition("-")[0]
        return int(number) if number.isdigit() else 0


@cache
def compiled(source: str, id: str) -> Callable:
    """The function that a text defines, under a name made of the id."""
    namespace: dict[str, Any] = {"np": np}
    exec(source, namespace)
    function = namespace[source[len("def ") : source.index("(")]]
    function.__name__ = id.replace("-", "_")
    function.source = source
    return function


@cache
def source_of(function: Callable) -> str:
    """The code of a wrong function, whether it was made from text or not."""
    if (source := getattr(function, "source", None)) is not None:
        return source
    code = inspect.getsource(function)
    return code[code.index("def ") :]


def mistake(
    kind: str,
    title: str,
    *,
    symptom: str,
    message: str,
    see: tuple[str, str],
    variants: tuple[dict, ...] = ({},),
    is_one_number: bool = False,
    is_whole: bool = False,
) -> Callable[[Callable], Misconception]:
    """Make a catalogue entry of the function below; its name becomes the id."""

    def entry(wrong: Callable) -> Misconception:
        name = wrong.__name__.replace("_", "-")
        texts = name, kind, title, symptom, message, *see
        return Misconception(
            *texts, wrong, variants, is_one_number=is_one_number, is_whole=is_whole
        )

    return entry
