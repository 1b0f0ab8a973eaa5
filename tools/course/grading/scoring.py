"""What a student's functions are worth: the tests of an assignment, asked from outside."""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

import numpy as np

import softmax_lib.misconceptions.catalogue  # noqa: F401 (once, before workers are forked)
from softmax_lib.misconceptions import Diagnosis, examine
from softmax_lib.misconceptions.kinds import KINDS
from tools.course.assignments import MY_NUMBER, Assignment, Question
from tools.course.grading import credit
from tools.course.grading.own_numbers import compared
from tools.course.grading.result import Result
from tools.course.grading.shapes import with_shapes_of

LONGEST = 2000  # characters of a verdict
HALF = 0.5  # of the points: for what is right and too slow, or nearly right
RIGHT = ": right."
EARLIER_NAMES = (
    "A later cell changes a name that it uses, or its own, so it was called with the names as they "
    "were when its cell had run."
)
LATE = "  It did not come back."  # what a diagnosis shows where all before it was right


class Time(Protocol):
    """What the calls of a function took."""

    @property
    def ended(self) -> Exception | None: ...
    @property
    def too_slow(self) -> str: ...
    @property
    def longest(self) -> float: ...


class Functions(Protocol):
    """Where the student's functions can be called."""

    def function(self, name: str) -> Callable[..., Any]: ...
    def clock(self, function: str) -> Time: ...
    def second_look(self, function: str) -> AbstractContextManager[None]: ...
    def go_back(self, function: str) -> bool: ...
    def come_back(self, function: str) -> None: ...


def judge(assignment: Assignment, student: Functions, result: Result, partial: bool = True) -> None:
    """Find the verdicts that the student may read, and then the points.

    In this order, so that no function can tell in a verdict what the hidden tests asked it.
    Without `partial` no mistake earns anything.
    """
    shown = {}
    number = result.number or 0
    for question in assignment.questions:
        namespace = _namespace(assignment, student, number)
        shown[question.id] = _verdict(question, namespace, result.flags)
    for question in assignment.questions:
        namespace = _namespace(assignment, student, number)
        clock = student.clock(question.function)
        earned, reason = _worth(question, namespace, clock, result.flags, partial)
        if earned < 1 and clock.ended is None and student.go_back(question.function):
            before = _worth(question, namespace, clock, result.flags, partial)
            if before > (earned, reason):
                earned, reason = before
                # Of what it said now nothing is shown: it may tell what a hidden test asked.
                right = RIGHT if earned == 1 else ": not right yet."
                shown[question.id] = f"{question.function}{right}\n{EARLIER_NAMES}"
            else:
                student.come_back(question.function)
        half = bool(reason)
        if clock.too_slow and clock.ended and _is_right_as_far_as_it_came(shown[question.id]):
            half = _is_right_on_secret_inputs(question, namespace, student)
        if not earned and clock.ended is None and str(shown[question.id]).endswith(RIGHT):
            result.hidden[question.id] = _failing_case(question, namespace[question.function])
        share = _share(earned, half, clock)
        result.scores[question.id] = share * question.points
        if ids := getattr(shown[question.id], "candidates", ()):
            result.mistakes[question.id] = ids[0]
        text = _told(question, shown[question.id], share, clock)
        result.verdicts[question.id] = f"{text}\n{reason}"[:LONGEST] if reason else text


def compute_numbers(assignment: Assignment, student: Functions, result: Result) -> None:
    """Find the numbers of the student's own run that a written answer should have."""
    for question in assignment.free_text:
        if not question.hidden or not result.answers.get(question.id):
            continue
        namespace = _namespace(assignment, student, result.number or 0)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(question.hidden, namespace)
            told = compared(namespace["numbers"], result.answers[question.id])
        except Exception as error:
            told = f"they cannot be computed. {type(error).__name__}: {error}"
        result.numbers[question.id] = told[:LONGEST]


def _worth(
    question: Question, namespace: dict[str, Any], clock: Time, flags: set[str], partial: bool
) -> tuple[float, str]:
    """The share of the points that a function earns, and why it earns half where it earns none."""
    earned = _earned(question, namespace, flags)
    function = namespace[question.function]
    if not partial or earned or clock.ended is not None:
        return earned, ""
    return earned, credit.reason_for_half(function, question.function, question.seed)


def _share(earned: float, half: bool, clock: Time) -> float:
    """How much of a question's points are due."""
    if clock.too_slow:
        return HALF if earned or half else 0.0
    return earned or HALF * half


def _is_right_on_secret_inputs(
    question: Question, namespace: dict[str, Any], student: Functions
) -> bool:
    """Whether a function whose time was used up on known inputs is right on others too.

    It may know the answers to those by heart, and wait.
    """
    function = question.function
    with student.second_look(function), contextlib.redirect_stdout(io.StringIO()):
        if function in KINDS:
            return credit.is_right_as_far_as_it_comes(namespace[function], function, question.seed)
        try:
            exec(question.hidden, namespace)
        except TimeoutError:
            return True
        except Exception:
            return False
    return True


def _is_right_as_far_as_it_came(shown: object) -> bool:
    if isinstance(shown, Diagnosis):
        return shown.ok or (LATE in str(shown).splitlines() and shown.explained >= HALF)
    return str(shown).endswith(RIGHT)


def _told(question: Question, shown: object, share: float, clock: Time) -> str:
    """The verdict in words, with what the time and the hidden tests add to it."""
    text = str(shown)
    if clock.too_slow:
        if share and not text.endswith(RIGHT) and _is_right_as_far_as_it_came(shown):
            text = f"{question.function}: right, as far as it came."
        if share == 0:
            text += _objection(text)
        return f"{text}\nToo slow: {clock.too_slow}."[:LONGEST]
    if isinstance(clock.ended, TimeoutError):
        text = _without_hint(text) or f"{question.function}: not right yet."
        if text.endswith(RIGHT):
            text = f"{question.function}: right for small inputs."
        return f"{text}\n{_why_late(clock)} {_sentence(clock.ended)}"[:LONGEST]
    if share == 0:
        text += _objection(text)
    return text[:LONGEST]


def _why_late(clock: Time) -> str:
    if clock.longest:
        return (
            "Other calls came back. Is it far more work than needed, such as a loop over all "
            "numbers, or a forward pass for each weight? Or does a loop never end for some inputs?"
        )
    return "Is there a loop that never ends?"


def _failing_case(question: Question, function: Callable[..., Any]) -> str:
    """The verdict on the first hidden inputs on which a function fails, for teachers alone."""
    if question.function not in KINDS:
        return ""
    for dtype in credit.DTYPES:
        verdict = examine(function, question.function, seed=question.seed, dtype=dtype)
        if not verdict.ok:
            return f"{np.dtype(dtype)}: {verdict}"[:LONGEST]
    return ""


def _objection(verdict: str) -> str:
    """What to add to a verdict of "right" that earns nothing."""
    if verdict.endswith(RIGHT):
        return " But it fails on inputs other than those of the visible test."
    if ": right, " in verdict.partition("\n")[0]:
        return "\nBut points are given for the form that the question asks for."
    return ""


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."


def _without_hint(text: str) -> str:
    """A verdict up to its evidence: the clock that it speaks of is another one."""
    first, *rest = text.splitlines() or [""]
    name, not_right, _ = first.partition(": not right yet.")
    return "\n".join([name + not_right, *(line for line in rest if line.startswith("  "))])


def _earned(question: Question, namespace: dict[str, Any], flags: set[str]) -> float:
    """The share of the points that the hidden test gives.

    All where nothing fails; the value of its last line says how many, where it has one.
    """
    try:
        points = _value_of(question.hidden, namespace)
    except Exception as error:
        _note_memory(error, flags)
        return 0.0
    return 1.0 if points is None else points / question.points


def _note_memory(error: Exception, flags: set[str]) -> None:
    if isinstance(error, MemoryError):
        flags.add("out-of-memory")


def _namespace(assignment: Assignment, student: Functions, number: int) -> dict[str, Any]:
    """What a test sees: the assignment's setup, and the student's number and functions."""
    namespace: dict[str, Any] = {"__name__": "grading", MY_NUMBER: number}
    exec(assignment.setup, namespace)
    functions = {
        question.function: student.function(question.function) for question in assignment.questions
    }
    for question in assignment.questions:
        if question.function not in KINDS:  # `diagnose` looks at shapes itself
            functions[question.function] = with_shapes_of(
                _reference(question, namespace), functions[question.function]
            )
    return namespace | functions


def learn_shapes(assignment: Assignment) -> None:
    """Ask the master's own functions once what the tests ask; workers need not ask again."""
    base: dict[str, Any] = {"__name__": "grading", MY_NUMBER: 0}
    exec(assignment.setup, base)
    references = {q.function: _reference(q, base) for q in assignment.questions}
    for question in assignment.questions:
        if question.function not in KINDS:
            reference = references[question.function]
            checked = {question.function: with_shapes_of(reference, reference)}
            _verdict(question, base | references | checked, set())
            _earned(question, base | references | checked, set())


def _reference(question: Question, namespace: dict[str, Any]) -> Callable[..., Any]:
    """The master's own function, which knows the shapes that are asked for."""
    scope = dict(namespace)
    exec(question.solution, scope)
    reference: Callable[..., Any] = scope[question.function]
    return reference


def _verdict(question: Question, namespace: dict[str, Any], flags: set[str]) -> object:
    """What the visible test says: the value of its last line, or why it fails."""
    try:
        value = _value_of(question.visible, namespace)
    except Exception as error:
        _note_memory(error, flags)
        is_untouched = isinstance(error, NotImplementedError) and not str(error)
        words = "It is not begun yet." if is_untouched else error
        return f"{question.function}: not right yet. {words}"[:LONGEST]
    return f"{question.function}{RIGHT}" if value is None else value


def _value_of(test: str, namespace: dict[str, Any]) -> Any:
    """Run a test; return the value of its last line, or None where that is no expression."""
    tree = ast.parse(test)
    last = tree.body[-1] if tree.body else None
    value = last.value if isinstance(last, ast.Expr) else ast.parse("None", mode="eval").body
    if isinstance(last, ast.Expr):
        tree.body.pop()
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(tree, "test", "exec"), namespace)
        return eval(compile(ast.Expression(value), "test", "eval"), namespace)
