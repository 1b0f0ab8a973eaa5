"""The proof of test_assignments.py once more, through the command line and the sandbox."""

import csv
import inspect
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from softmax_lib.misconceptions import CATALOGUE
from softmax_lib.misconceptions.catalogue import gradients, losses
from tests.course.test_assignments import MISTAKES, handed_in, load
from tools.course import assignments

GRADE = Path(assignments.ROOT, "tools", "grade.py")

# What the catalogue's wrong code takes from the book's package, which no submission sees.
HELPERS = f"""
import numpy as np

GUARDS = {losses.GUARDS!r}

def logsumexp(Z, axis=-1, keepdims=False):
    top = np.max(Z, axis=axis, keepdims=True)
    sums = top + np.log(np.exp(Z - top).sum(axis=axis, keepdims=True))
    return sums if keepdims else sums.squeeze(axis)

def log_softmax(Z, axis=-1):
    return Z - logsumexp(Z, axis, keepdims=True)

def softmax(Z, axis=-1):
    return np.exp(log_softmax(Z, axis))

def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)

def hardmax(Z):
    return np.eye(Z.shape[-1])[Z.argmax(axis=-1)]

def cross_entropy_and_gradient(Z, y):
    Y = np.eye(Z.shape[1])[y]
    return -(Y * log_softmax(Z)).sum() / len(y), (softmax(Z) - Y) / len(y)

def cross_entropy(Z, y):
    return cross_entropy_and_gradient(Z, y)[0]

{inspect.getsource(gradients.logits_gradient)}
{inspect.getsource(gradients.weight_gradient)}
"""


def in_a_scope_of_its_own(source, name):
    """Code that defines one name: the helpers must not take the place of other answers."""
    return f"scope = {{}}\nexec({source!r}, scope)\n{name} = scope[{name!r}]"


def a_class(name):
    """Submissions by student: the reference, the release, and one for each mistake."""
    points = {question.id: question.points for question in load(name).questions}
    yield "reference", handed_in(name), points
    yield "release", nbformat.writes(load(name).release).encode(), dict.fromkeys(points, 0)
    for question in load(name).questions:
        for id, source in MISTAKES.get((name, question.id), {}).items():
            yield (
                f"{question.id}-{id}",
                handed_in(name, **{question.id: source}),
                (points | {question.id: 0}),
            )
        for entry in CATALOGUE.values():
            if entry.kind == question.function:
                source = in_a_scope_of_its_own(f"{HELPERS}\n{entry.source}", entry.kind)
                yield (
                    f"{question.id}-{entry.id}",
                    handed_in(name, **{question.id: source}),
                    (points | {question.id: 0}),
                )


@pytest.mark.parametrize("name", assignments.names())
def test_in_the_sandbox_too_a_mistake_costs_its_own_question_and_no_other(name, tmp_path):
    members = list(a_class(name))
    (tmp_path / "in").mkdir()
    for student, data, _ in members:
        (tmp_path / "in" / f"{student}.ipynb").write_bytes(data)
    subprocess.run(
        [
            sys.executable,
            GRADE,
            tmp_path / "in",
            "--assignment",
            name,
            "--jobs",
            "2",
            "--out",
            tmp_path / "out",
        ],
        check=True,
        capture_output=True,
    )
    with (tmp_path / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    got = {student: {id: float(rows[student][id]) for id in due} for student, _, due in members}
    assert got == {student: due for student, _, due in members}
