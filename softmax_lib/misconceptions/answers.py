"""A function's answers to the probes of a kind, and whether two functions answer alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from . import calling
from .kinds import Kind
from .layouts import OTHER_LAYOUT, to_columns, to_rows
from .probes import is_extreme

SECONDS_A_CALL, SECONDS = 1.5, 3.5
RELATIVE = 1e-5  # float32 is nearer than this, float16 is not


class Answer(NamedTuple):
    """What a function made of one probe, with examples in rows."""

    parts: tuple[np.ndarray, ...] | None  # None where it gave nothing that can be compared
    outcome: calling.Outcome = calling.Outcome()
    instead: str = ""  # what it should have done instead of that nothing


class ProbeSet:
    """The probes of a kind, and the expected answers."""

    def __init__(self, kind: Kind, seed: int = 0, dtype: DTypeLike = np.float64):
        self.kind = kind
        self.probes = kind.probes(seed, dtype)
        self.expected = [_as_parts(kind.truth(*probe.arguments)) for probe in self.probes]
        self.sizes = [_size(probe.arguments) for probe in self.probes]
        self.extreme = [is_extreme(kind.arguments, probe.arguments) for probe in self.probes]

    def __len__(self) -> int:
        return len(self.probes)

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
        return np.where(np.isfinite(b), near, (a == b) | np.isnan(a) & np.isnan(b))


def _as_parts(value: Any) -> tuple[np.ndarray, ...]:
    return tuple(np.asarray(part) for part in (value if isinstance(value, tuple) else (value,)))


def _size(arguments: tuple[Any, ...]) -> float:
    """How many times ten the largest input is: so many times more does float32 lose on the way."""
    return max(1, *(np.abs(argument).max() / 10 for argument in arguments))


def _stands_for_no_number(error: BaseException | None) -> bool:
    """Whether Python's own arithmetic raised, where NumPy's would give inf or nan."""
    if isinstance(error, ValueError):
        return any(text in str(error) for text in ("math domain error", "expected a positive"))
    return isinstance(error, ArithmeticError)


def _lacks_a_number(answer: Answer) -> bool:
    if answer.parts is None:
        return _stands_for_no_number(answer.outcome.error)
    return any(not np.isfinite(part).all() for part in answer.parts)


class Answers:
    """The answers of a function to a set of probes; it is called when an answer is first wanted.

    `layout` says how the examples lie in what the function takes and returns, and `one_hot` that
    it takes its targets as one-hot vectors. The answers have examples in rows.
    """

    def __init__(
        self,
        function: Callable,
        probe_set: ProbeSet,
        *,
        layout: str = "rows",
        one_hot: bool = False,
        deadline: float,
    ):
        self.function, self.probe_set, self.deadline = function, probe_set, deadline
        self.layout, self.one_hot = layout, one_hot
        self.takes_lists = False  # whether it has turned out to be written for lists
        self._answers: dict[int, Answer] = {}

    def __getitem__(self, index: int) -> Answer:
        if index not in self._answers:
            self._answers[index] = self._answer(index)
        return self._answers[index]

    def is_right(self, index: int) -> bool:
        expected = Answer(self.probe_set.expected[index])
        return self.probe_set.agree(index, self[index], expected)

    def is_excused(self, index: int) -> bool:
        """Whether it gave no number where that is worth a caution, and no mistake."""
        return bool(self.probe_set.probes[index].caution) and _lacks_a_number(self[index])

    def failures(self) -> list[int]:
        """The probes that it gets wrong; the last is the first that it did not come back from."""
        failed = []
        for index in range(len(self.probe_set)):
            if not self.is_right(index):
                failed.append(index)
            if self[index].outcome.late:
                break
        return failed

    def outcomes(self) -> dict[int, calling.Outcome]:
        """What came of the calls so far."""
        return {index: self._answers[index].outcome for index in sorted(self._answers)}

    def in_other_layout(self) -> Answers:
        """Those of the same function, called with examples lying the other way."""
        return Answers(
            self.function,
            self.probe_set,
            layout=OTHER_LAYOUT[self.layout],
            one_hot=self.one_hot,
            deadline=self.deadline,
        )

    def inputs(self, index: int) -> dict[str, Any]:
        """The arguments of a probe, by name, as the function takes them."""
        kind, probe = self.probe_set.kind, self.probe_set.probes[index]
        named = dict(zip(kind.arguments, probe.arguments, strict=True))
        if self.one_hot:
            named["y"] = np.eye(kind.n_classes(probe.arguments))[named["y"]]
        if self.layout == "columns":
            named = {name: to_columns(name, value) for name, value in named.items()}
        return named

    def _answer(self, index: int) -> Answer:
        inputs = tuple(self.inputs(index).values())
        lists = tuple(a.tolist() if isinstance(a, np.ndarray) else a for a in inputs)
        answer = self._as_answer(self._call(lists if self.takes_lists else inputs), index)
        if answer.outcome.error is not None and not self.takes_lists:
            second = self._as_answer(self._call(lists), index)
            if second.parts is not None:
                self.takes_lists = True
                return second
        return answer

    def _call(self, inputs: tuple[Any, ...]) -> calling.Outcome:
        if getattr(self.function, "keeps_time", False):  # it runs elsewhere, on a clock of its own
            outcome = calling.call(self.function, inputs, None)
            late = isinstance(outcome.error, TimeoutError)
            return calling.Outcome(late=True) if late else outcome
        seconds = min(SECONDS_A_CALL, self.deadline - time.monotonic())
        if seconds <= 0:
            return calling.Outcome(late=True)
        return calling.call(self.function, inputs, seconds)

    def _as_answer(self, outcome: calling.Outcome, index: int) -> Answer:
        """Make arrays with examples in rows of whatever the function returned."""
        if outcome.late or outcome.error is not None:
            return Answer(None, outcome)
        names, expected = self.probe_set.kind.results, self.probe_set.expected[index]
        values = _results(outcome.value, len(names))
        if values is None:
            return Answer(None, outcome, f"return {len(names)} arrays: {', '.join(names)}")
        parts = []
        for name, value, truth in zip(names, values, expected, strict=True):
            part = _as_numbers(value)
            if part is None:
                return Answer(None, outcome, f"return numbers; got {describe(value)}")
            parts.append(to_rows(part, name, truth, self.layout))
        return Answer(tuple(parts), outcome)


class TrustedAnswers(Answers):
    """Of a function that is known to come back and to print nothing: it is called as it is."""

    def __init__(self, function: Callable, probe_set: ProbeSet):
        super().__init__(function, probe_set, deadline=np.inf)

    def _call(self, inputs: tuple[Any, ...]) -> calling.Outcome:
        given = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in inputs)
        try:
            with np.errstate(all="ignore"):
                value = self.function(*given)
        except Exception as error:
            return calling.Outcome(error=error)
        return calling.Outcome(value, changed=calling.changed(inputs, given))


def _results(value: Any, count: int) -> tuple[Any, ...] | None:
    if count == 1:
        return (value,)
    try:
        values = tuple(value) if isinstance(value, tuple | list) else ()
    except Exception:  # whatever a stranger's object does when it is read
        return None
    return values if len(values) == count else None


def _as_numbers(value: Any) -> np.ndarray | None:
    try:
        array = np.asarray(value)
        if array.dtype == object:
            return np.vectorize(float, otypes=[float])(array)
        return array.astype(float) if array.dtype.kind in "biuf" else None
    except Exception:  # as above
        return None


def describe(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}"
    return f"something of type {type(value).__name__}"
