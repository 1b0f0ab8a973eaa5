"""A function's answers to the probes of a kind, and whether two functions answer alike."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from . import calling
from .clock import Clock
from .forms import Form
from .kinds import Kind
from .layouts import OF_EXAMPLES, one_by_one, to_rows

RELATIVE = 1e-5  # float32 is nearer than this, float16 is not


class Answer(NamedTuple):
    """What a function made of one probe, with examples in rows."""

    parts: tuple[np.ndarray, ...] | None  # None where it gave nothing that can be compared
    outcome: calling.Outcome = calling.Outcome()
    instead: str = ""  # what it should have done instead of that nothing


class ProbeSet:
    """The probes of a kind, and the expected answers."""

    def __init__(
        self,
        kind: Kind,
        seed: int = 0,
        dtype: DTypeLike = np.float64,
        *,
        one_example: bool = False,
    ):
        self.kind = kind
        self.probes = kind.probes(seed, dtype)
        if one_example and OF_EXAMPLES & set(kind.arguments):  # others take no examples at all
            self.probes = [
                probe._replace(arguments=arguments)
                for probe in self.probes
                for arguments in one_by_one(kind.arguments, probe.arguments)
            ]
        self.expected = [_as_parts(kind.truth(*probe.arguments)) for probe in self.probes]
        self.sizes = [_size(probe.arguments) for probe in self.probes]
        self._known: dict[Callable, TrustedAnswers] = {}

    def __len__(self) -> int:
        return len(self.probes)

    def answers_of(self, function: Callable) -> TrustedAnswers:
        """Those of a function of the catalogue, which many are compared with."""
        if function not in self._known:
            self._known[function] = TrustedAnswers(self.kind.lifted(function), self)
        return self._known[function]

    def agree(self, index: int, one: Answer, other: Answer) -> bool:
        """Whether two answers to a probe are the same numbers, or fail in the same way."""
        if one.parts is None and other.parts is None:
            errors = one.outcome.error, other.outcome.error
            return None not in errors and type(errors[0]) is type(errors[1])
        if one.parts is None or other.parts is None:
            return _lacks_a_number(one) and _lacks_a_number(other)
        return all(
            a.shape == b.shape and bool(self.close(index, a, b).all())
            for a, b in zip(one.parts, other.parts, strict=True)
        )

    def close(self, index: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            near = np.abs(a - b) <= (self.kind.tolerance + RELATIVE * np.abs(b)) * self.sizes[index]
        if near.all() and np.isfinite(b).all():  # mostly
            return near
        return np.where(np.isfinite(b), near, (a == b) | np.isnan(a) & np.isnan(b))


@functools.lru_cache(maxsize=256)
def probe_set_of(
    kind: Kind, seed: int = 0, dtype: DTypeLike = np.float64, one_example: bool = False
) -> ProbeSet:
    """One for all functions that are judged in this way."""
    return ProbeSet(kind, seed, dtype, one_example=one_example)


def _as_parts(value: Any) -> tuple[np.ndarray, ...]:
    return tuple(np.asarray(part) for part in (value if isinstance(value, tuple) else (value,)))


def _size(arguments: tuple[Any, ...]) -> float:
    """How many times ten the largest input is: so many times more does float32 lose on the way."""
    numbers = [argument for argument in arguments if not callable(argument)]
    return max(1, *(np.abs(argument).max() / 10 for argument in numbers))


def _stands_for_no_number(error: BaseException | None) -> bool:
    """Whether Python's own arithmetic raised, where NumPy's would give inf or nan."""
    if isinstance(error, ValueError):
        return any(text in str(error) for text in ("math domain error", "expected a positive"))
    # What is too small becomes 0, which is a number, where NumPy is told to raise.
    return isinstance(error, ArithmeticError) and "underflow" not in str(error)


def _lacks_a_number(answer: Answer) -> bool:
    if answer.parts is None:
        return _stands_for_no_number(answer.outcome.error)
    return any(not np.isfinite(part).all() for part in answer.parts)


class Answers:
    """The answers of a function to a set of probes; it is called when an answer is first wanted.

    They have examples in rows, whatever the form of the function.
    """

    def __init__(
        self,
        function: Callable,
        probe_set: ProbeSet,
        form: Form | None = None,
        clock: Clock | None = None,
    ):
        self.function, self.probe_set, self.form = function, probe_set, form or Form()
        self.clock = clock or Clock()
        self.takes_lists: bool | None = None  # whether it is written for lists; None: not known
        self._answers: dict[int, Answer] = {}
        self._right: dict[int, bool] = {}

    def __getitem__(self, index: int) -> Answer:
        if index not in self._answers:
            self._answers[index] = self._answer(index)
        return self._answers[index]

    def __len__(self) -> int:
        return len(self.probe_set)

    @property
    def kind(self) -> Kind:
        return self.probe_set.kind

    def is_right(self, index: int) -> bool:
        if index not in self._right:
            expected = Answer(self.probe_set.expected[index])
            self._right[index] = self.probe_set.agree(index, self[index], expected)
        return self._right[index]

    def is_excused(self, index: int) -> bool:
        """Whether it gave no number where that is worth a caution, and no mistake."""
        return bool(self.probe_set.probes[index].caution) and _lacks_a_number(self[index])

    def is_right_everywhere(self) -> bool:
        """Whether nothing is wrong with it; it is called no more than that takes."""
        return all(
            (self.is_right(i) or self.is_excused(i)) and not self[i].outcome.changed
            for i in range(len(self))
        )

    def failures(self) -> list[int]:
        """The probes that it gets wrong; the last is the first that it did not come back from."""
        failed = []
        for index in range(len(self)):
            if not self.is_right(index):
                failed.append(index)
            if self.is_over(index):
                break
        return failed

    def is_over(self, index: int) -> bool:
        """Whether it makes no sense to call it again."""
        return self[index].outcome.late or self[index].outcome.untried

    def outcomes(self) -> dict[int, calling.Outcome]:
        """What came of the calls so far."""
        return {index: self._answers[index].outcome for index in sorted(self._answers)}

    def are_overwritten(self) -> bool:
        """Whether an answer holds other numbers by now: a later call has changed it."""
        again = {i: self._as_answer(one.outcome, i) for i, one in self._answers.items()}
        return not all(self.probe_set.agree(i, self[i], one) for i, one in again.items())

    def in_form(self, form: Form, probe_set: ProbeSet | None = None) -> Answers:
        """Those of the same function, called or read in another form."""
        return Answers(self.function, probe_set or self.probe_set, form, self.clock)

    def inputs(self, index: int) -> dict[str, Any]:
        """The arguments of a probe, by name, as the function takes them."""
        return self.form.inputs(self.kind, self.probe_set.probes[index].arguments)

    def _answer(self, index: int) -> Answer:
        inputs = tuple(self.inputs(index).values())
        lists = tuple(a.tolist() if isinstance(a, np.ndarray) else a for a in inputs)
        answer = self._as_answer(self._call(lists if self.takes_lists else inputs), index)
        failed = answer.outcome.error is not None or self._is_one_number(answer, index)
        if failed and self.takes_lists is None:
            second = self._as_answer(self._call(lists), index)
            self.takes_lists = second.parts is not None and not self._is_one_number(second, index)
            return second if self.takes_lists else answer
        return answer

    def _is_one_number(self, answer: Answer, index: int) -> bool:
        """Older NumPys let float() take an array of one entry: no error tells of lists then."""
        expected = self.probe_set.expected[index]
        return answer.parts is not None and any(
            part.ndim == 0 < truth.ndim for part, truth in zip(answer.parts, expected, strict=True)
        )

    def _call(self, inputs: tuple[Any, ...]) -> calling.Outcome:
        if getattr(self.function, "keeps_time", False):  # it runs elsewhere, on a clock of its own
            return self._call_untimed(inputs)
        limit, left = self.clock.limit(), self.clock.left
        if left <= 0:
            return calling.Outcome(untried=True)
        start = time.monotonic()
        outcome = calling.call(self.form.bound(self.function), inputs, min(limit, left))
        if outcome.late:
            self.clock.is_endless = True
            return outcome._replace(late=limit <= left, untried=limit > left)
        self.clock.note(time.monotonic() - start)
        return outcome

    def _call_untimed(self, inputs: tuple[Any, ...]) -> calling.Outcome:
        start = time.monotonic()
        outcome = calling.call(self.form.bound(self.function), inputs, None)
        if isinstance(outcome.error, TimeoutError):
            self.clock.is_endless = True
            return calling.Outcome(late=True)
        if outcome.error is not None:  # it was raised elsewhere, and its place is no longer known
            outcome.error.__traceback__ = None
        self.clock.note(time.monotonic() - start)
        return outcome

    def _as_answer(self, outcome: calling.Outcome, index: int) -> Answer:
        """Make arrays with examples in rows of whatever the function returned."""
        if outcome.late or outcome.untried or outcome.error is not None:
            return Answer(None, outcome)
        names, expected = self.kind.results, self.probe_set.expected[index]
        values = self.form.results(self.kind, outcome)
        if values is None:
            return Answer(None, outcome, f"return {len(names)} arrays: {', '.join(names)}")
        parts = []
        for name, value, truth in zip(names, values, expected, strict=True):
            part = as_numbers(value)
            if part is None:
                return Answer(None, outcome, f"return numbers; got {describe(value)}")
            parts.append(to_rows(part, name, truth, self.form.layout))
        return Answer(tuple(parts), outcome)


class TrustedAnswers(Answers):
    """Of a function that is known to come back and to print nothing: it is called as it is."""

    def __init__(self, function: Callable, probe_set: ProbeSet):
        super().__init__(function, probe_set)

    def _call(self, inputs: tuple[Any, ...]) -> calling.Outcome:
        given = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in inputs)
        try:
            with np.errstate(all="ignore"):
                value = self.function(*given)
        except Exception as error:
            return calling.Outcome(error=error)
        return calling.Outcome(value, changed=calling.changed(inputs, given))


def as_numbers(value: Any) -> np.ndarray | None:
    try:
        array = np.asarray(value)
        if np.ma.is_masked(value):
            return None
        if array.dtype == object:
            return np.vectorize(float, otypes=[float])(array)
        return array.astype(float) if array.dtype.kind in "biuf" else None
    except Exception:  # as above
        return None


# What turns other libraries' arrays into NumPy's.
AS_ARRAY = {"detach": "detach().numpy()", "numpy": "numpy()", "toarray": "toarray()"}


def describe(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, np.ma.MaskedArray):
        return "a masked array: .filled(0) puts a number where it is masked"
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}"
    if isinstance(value, list):
        return _describe_list(value)
    for method, call in AS_ARRAY.items():
        if callable(getattr(value, method, None)):
            return f"a {type(value).__name__}: .{call} makes an array of it"
    return f"something of type {type(value).__name__}"


def _describe_list(value: list) -> str:
    try:
        is_text = np.asarray(value).dtype.kind == "U"
    except Exception:  # as above
        return "a list whose rows differ in length"
    return "a list of texts" if is_text else "something of type list"
