"""What a student's functions are worth: the tests of an assignment, asked from outside."""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Callable
from typing import Any, Protocol

import softmax_lib.misconceptions.catalogue  # noqa: F401 (once, before workers are forked)
from tools.course.assignments import Assignment, Question
from tools.course.grading.result import Result

LONGEST = 2000  # characters of a verdict


class Functions(Protocol):
    """Where the student's functions can be called."""

    def function(self, name: str) -> Callable[..., Any]: ...


def judge(assignment: Assignment, student: Functions, result: Result) -> None:
    """Find the verdicts that the student may read, and then the points.

    In this order, so that no function can tell in a verdict what the hidden tests asked it.
    """
    for question in assignment.questions:
        result.verdicts[question.id] = _verdict(question, _namespace(assignment, student))
    for question in assignment.questions:
        points = _points(question, _namespace(assignment, student))
        result.scores[question.id] = points
        if not points:
            result.verdicts[question.id] += _objection(result.verdicts[question.id])


def _objection(verdict: str) -> str:
    """What to add to a verdict of "right" that earns nothing."""
    if verdict.endswith(": right."):
        return " But it fails on inputs other than those of the visible test."
    if ": right, " in verdict.partition("\n")[0]:
        return "\nBut points are given for the form that the question asks for."
    return ""


def _points(question: Question, namespace: dict[str, Any]) -> float:
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            exec(question.hidden, namespace)
        except Exception:
            return 0.0
    return question.points


def _namespace(assignment: Assignment, student: Functions) -> dict[str, Any]:
    """What a test sees: the assignment's setup, and the student's functions."""
    namespace: dict[str, Any] = {"__name__": "grading"}
    exec(assignment.setup, namespace)
    return namespace | {
        question.function: student.function(question.function) for question in assignment.questions
    }


def _verdict(question: Question, namespace: dict[str, Any]) -> str:
    """What the visible test says: the value of its last line, or why it fails."""
    tree = ast.parse(question.visible)
    last = tree.body[-1] if tree.body else None
    value = last.value if isinstance(last, ast.Expr) else None
    if value:
        tree.body.pop()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(tree, "test", "exec"), namespace)
            if value is None:
                return f"{question.function}: right."
            verdict = eval(compile(ast.Expression(value), "test", "eval"), namespace)
        return str(verdict)[:LONGEST]
    except Exception as error:
        return f"{question.function}: not right yet. {error}"[:LONGEST]
