"""The proof that the grader is right: what earns points, and what loses them."""

import functools
import io
import json
from contextlib import redirect_stdout

import assignments
import nbformat
import pytest
import submission

from softmax_lib.misconceptions import CATALOGUE

NAMES = assignments.names()
load = functools.cache(assignments.load)


class InProcess:
    """Stands for the sandboxed student where speed matters and the code is our own."""

    def __init__(self):
        self.flags = set()
        self._namespace = {}

    def run(self, name, source):
        try:
            with redirect_stdout(io.StringIO()):
                exec(source, self._namespace)
        except Exception as error:
            return {"error": [type(error).__name__, str(error), None]}
        return {"error": None}

    def function(self, name):
        return self._namespace.get(name, lambda *arguments: None)


@functools.cache
def master(name):
    return nbformat.read(assignments.SOURCE / name / f"{name}.ipynb", as_version=4)


def handed_in(name, **solutions):
    """The notebook of a student who answers as in the master, or with these sources."""
    notebook = nbformat.from_dict(load(name).release)
    answers = {cell.metadata.nbgrader.grade_id: cell.source for cell in master(name).cells
               if "nbgrader" in cell.metadata and cell.metadata.nbgrader.solution}
    for cell in notebook.cells:
        id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if id in answers:
            cell.source = solutions.get(id, answers[id])
    return nbformat.writes(notebook).encode()


def grade(name, data):
    return submission.grade(load(name), data, InProcess())


def questions():
    return [(name, question) for name in NAMES for question in load(name).questions]


def mutants():
    return [pytest.param(name, question, entry, id=f"{name}-{question.id}-{entry.id}")
            for name, question in questions() for entry in CATALOGUE.values()
            if entry.kind == question.function]


def test_there_are_five_assignments_with_three_to_five_questions_and_one_to_read():
    assert NAMES == ["a1", "a2", "a3", "a4", "a5"]
    for name in NAMES:
        assert 3 <= len(load(name).questions) <= 5
        assert len(load(name).free_text) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_earns_everything(name):
    result = grade(name, handed_in(name))
    assert result.scores == {q.id: q.points for q in load(name).questions}
    assert result.flags == set()
    assert result.errors == {}
    assert all(verdict.endswith(": right.") for verdict in result.verdicts.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_untouched_release_earns_nothing(name):
    result = grade(name, nbformat.writes(load(name).release).encode())
    assert set(result.scores.values()) == {0}
    assert result.flags == set()


@pytest.mark.parametrize(("name", "question", "entry"), mutants())
def test_a_mistake_costs_its_own_question_and_no_other(name, question, entry):
    source = (f"from softmax_lib.misconceptions import CATALOGUE\n\n"
              f"{question.function} = CATALOGUE[{entry.id!r}].wrong")
    scores = grade(name, handed_in(name, **{question.id: source})).scores
    assert scores == {q.id: 0 if q.id == question.id else q.points for q in load(name).questions}


@pytest.mark.parametrize("name", NAMES)
def test_a_release_holds_no_line_of_a_solution_or_hidden_test(name):
    released = nbformat.writes(load(name).release)
    for question in load(name).questions:
        for line in (question.solution + "\n" + question.hidden).splitlines():
            assert line.startswith("def ") or not line.strip() or (
                json.dumps(line.strip())[1:-1] not in released), line
    assert "BEGIN" not in released
