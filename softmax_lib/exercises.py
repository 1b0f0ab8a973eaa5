"""Exercises that check themselves: a verdict in plain words, and a name for the misconception.

The module stands alone on NumPy. A chapter makes one `Exercise` for each question, hands it the
computed answer, and adds a hint for every wrong answer that a known misconception leads to.
"""

from collections.abc import Hashable, Iterable, Mapping
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Exercise"]

Value = tuple[str, Any]  # its kind, and a form that can be compared

NO_ANSWER = "No answer yet: replace None with your answer and run the cell again."
RIGHT = "Right."
NOT_YET = "Not yet."

KIND_OF_DTYPE = {
    **dict.fromkeys("iuf", "number"),
    **dict.fromkeys("UT", "text"),  # T is NumPy's text of any length
    "b": "truth",
}
SINGULAR = {"truth": "True or False", "number": "a number", "text": "text in quotes"}
PLURAL = {"truth": "True or False", "number": "numbers", "text": "text"}


class Exercise:
    """A question's answer, and what the likely wrong answers mean.

    Parameters
    ----------
    expected : number, bool, str, array_like or set
        The right answer. A bool must be matched by a bool. Text is compared without regard to
        case and to space around it. A set holds labels in any order, and a list answers it as
        well. Anything else becomes an array, and an answer must have its shape.
    tolerance : float, default 1e-3
        A number is right within this absolute or this relative distance of the expected one,
        whichever is looser; 0 asks for the exact number. So an answer that was rounded to three
        decimals, or to four digits, is right.
    hints : mapping or iterable of pairs, optional
        Wrong answers, and for each the message that names the misconception behind it. Use
        `{wrong: message}` for numbers and text and `[(wrong, message)]` for arrays and sets.

    Raises
    ------
    ValueError
        If `expected` cannot be an answer; if `tolerance` is negative, or so wide that 0 would
        pass for an answer that is not 0; if a hint cannot be told from the expected answer or
        from another hint, or its message is not text.

    See Also
    --------
    softmax_lib.gradcheck.check_gradient : judges a gradient rather than an answer.

    Examples
    --------
    How many times too small was a belief of 0.2 in what happened?

    >>> exercise = Exercise(1 / 0.2, hints={0.8: "That is how much belief was missing."})
    >>> exercise.check(None)
    No answer yet: replace None with your answer and run the cell again.
    >>> exercise.check(0.8)
    Not yet. That is how much belief was missing.
    >>> exercise.check([5, 5])
    Not yet. The answer is one value; yours has shape (2,).
    >>> exercise.check(5)
    Right.
    """

    def __init__(
        self,
        expected: ArrayLike | set[Any] | frozenset[Any],
        *,
        tolerance: float = 1e-3,
        hints: Mapping[Any, str] | Iterable[tuple[Any, str]] | None = None,
    ) -> None:
        value = _read(expected)
        if value is None:
            raise ValueError(
                "expected must be a number, text, True or False, an array of these, or a set of "
                f"labels; got {_name(expected)}"
            )
        self._expected = value
        self._tolerance = _as_tolerance(tolerance, self._expected)
        self._hints = self._read_hints(hints)

    def __repr__(self) -> str:
        return f"Exercise({_describe(self._expected)}, {len(self._hints)} hints)"

    def check(self, answer: Any) -> None:
        """Print a one-line verdict on an answer.

        Parameters
        ----------
        answer : object
            The learner's answer, of the shape of `expected`; None where there is none yet.

        See Also
        --------
        Exercise : says which answers count as right.

        Notes
        -----
        No answer, however odd, raises an error: what cannot be right is told what it should be.

        Examples
        --------
        >>> exercise = Exercise([0.3, -0.8, 0.1, 0.4])
        >>> exercise.check([0.3, -0.8, 0.1])
        Not yet. The answer has shape (4,); yours has shape (3,).
        >>> exercise.check("0.3")
        Not yet. The answer is an array of numbers; yours is text in quotes.
        """
        print(NO_ANSWER if answer is None else self._verdict(answer))

    def _verdict(self, answer: Any) -> str:
        given = _read(answer, as_set=self._expected[0] == "set")
        if _same(given, self._expected, self._tolerance):
            return RIGHT
        for wrong, message in self._hints:
            if _same(given, wrong, self._tolerance):
                return f"{NOT_YET} {message}"
        remark = _remark(given, self._expected, _name(answer))
        return f"{NOT_YET} {remark}" if remark else NOT_YET

    def _read_hints(self, hints: Any) -> list[tuple[Value, str]]:
        known: list[tuple[Value, str]] = []
        for wrong, message in _pairs(hints):
            if not isinstance(message, str) or not message.strip():
                raise ValueError(f"hints must map wrong answers to text; got {message!r}")
            value = _read(wrong, as_set=self._expected[0] == "set")
            if value is None:
                raise ValueError(f"hints must be for possible answers; got {_name(wrong)}")
            if _same(value, self._expected, self._tolerance):
                raise ValueError(
                    f"hints must be for wrong answers; {wrong!r} equals the expected answer "
                    f"within the tolerance {self._tolerance:g}"
                )
            if any(_same(value, other, self._tolerance) for other, _ in known):
                raise ValueError(
                    f"hints must differ by more than the tolerance {self._tolerance:g}; "
                    f"{wrong!r} comes twice"
                )
            known.append((value, message.strip()))
        return known


def _as_tolerance(tolerance: Any, expected: Value) -> float:
    is_real = isinstance(tolerance, Real) and not isinstance(tolerance, bool | np.bool_)
    if not is_real or not 0 <= tolerance < np.inf:
        raise ValueError(f"tolerance must be a finite number, 0 or more; got {tolerance!r}")
    kind, value = expected
    if kind == "number" and value.size:
        largest = np.abs(value).max()
        # Below 1e-12 the expected value is a computed zero, and 0 is a fair answer to it.
        if 1e-12 < largest <= tolerance:
            raise ValueError(
                f"tolerance must be smaller: {tolerance:g} would accept 0 where {largest:g} is "
                "expected"
            )
    return float(tolerance)


def _pairs(hints: Any) -> list[tuple[Any, str]]:
    if hints is None:
        return []
    try:
        pairs = hints.items() if isinstance(hints, Mapping) else hints
        return [(wrong, message) for wrong, message in pairs]
    except (TypeError, ValueError):
        raise ValueError(
            f"hints must be a mapping or a list of (wrong answer, message); got {_name(hints)}"
        ) from None


def _read(value: Any, *, as_set: bool = False) -> Value | None:
    """A value with its kind, or None where it cannot be an answer."""
    # A learner may pass any object at all, and reading it may fail in any way.
    try:
        if isinstance(value, set | frozenset) or (as_set and isinstance(value, Iterable)):
            labels = [value] if isinstance(value, str) else value
            return "set", frozenset(_plain(label) for label in labels)
        if _is_masked(value):
            return None
        array = np.array(value)
        for entries, dtype in (Real, float), (str, str):  # of a series, or of an array of objects
            if array.dtype == object and all(isinstance(item, entries) for item in array.flat):
                array = array.astype(dtype)
        kind = KIND_OF_DTYPE.get(array.dtype.kind)
        if kind == "text":
            array = np.reshape([_plain(item) for item in array.flat], array.shape)
        return None if kind is None else (kind, array)
    except Exception:
        return None


def _is_masked(value: Any) -> bool:
    return isinstance(value, np.ma.MaskedArray) and bool(np.ma.getmaskarray(value).any())


def _plain(label: Hashable) -> Hashable:
    return label.strip().casefold() if isinstance(label, str) else label


def _same(given: Value | None, reference: Value, tolerance: float) -> bool:
    if given is None or given[0] != reference[0]:
        return False
    kind, value = reference
    if kind == "set":
        return given[1] == value
    if given[1].shape != value.shape:
        return False
    if kind != "number":
        return bool((given[1] == value).all())
    with np.errstate(all="ignore"):
        absolute = np.isclose(given[1], value, rtol=0, atol=tolerance, equal_nan=True)
        relative = np.isclose(given[1], value, rtol=tolerance, atol=0, equal_nan=True)
    return bool((absolute | relative).all())


def _remark(given: Value | None, expected: Value, name: str) -> str:
    """Say what is wrong with an answer that can be seen without knowing why it was given."""
    kind, value = expected
    if given is None:
        return f"The answer is {_describe(expected)}; yours is {name}."
    if given[0] != kind:
        return f"The answer is {_describe(expected)}; yours is {_describe(given)}."
    if kind == "set":
        return ""
    if given[1].shape != value.shape:
        wanted = f"has shape {value.shape}" if value.shape else "is one value"
        yours = f"has shape {given[1].shape}" if given[1].shape else "is one value"
        return f"The answer {wanted}; yours {yours}."
    if kind == "number" and (np.isnan(given[1]) & ~np.isnan(value)).any():
        return "Your answer holds nan, which is not a number."
    return ""


def _describe(answer: Value) -> str:
    kind, value = answer
    if kind == "set":
        return "a set of labels"
    return f"an array of {PLURAL[kind]}" if value.shape else SINGULAR[kind]


def _name(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "a list with mixed contents, or rows of different lengths"
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}" + (", partly masked" if _is_masked(value) else "")
    return f"of type {type(value).__name__}"
