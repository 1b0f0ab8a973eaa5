"""The proof that the grader is right: what earns points, and what loses them."""

import functools
import io
import json
from contextlib import redirect_stdout

import nbformat
import pytest

from softmax_lib.misconceptions import CATALOGUE
from tools.course import assignments, submission

NAMES = assignments.names()
load = functools.cache(assignments.load)


# What goes wrong in questions that are no kind of the catalogue's.
MISTAKES = {
    ("a5", "q1"): {
        "own-statistics": """
def standardise(X_train, X):
    return tuple((A - A.mean(axis=0)) / np.where(A.std(axis=0) == 0, 1, A.std(axis=0))
                 for A in (X_train, X))""",
        "one-mean-for-all": """
def standardise(X_train, X):
    return tuple((A - X_train.mean()) / X_train.std() for A in (X_train, X))""",
        "divides-by-0": """
def standardise(X_train, X):
    with np.errstate(all="ignore"):
        return tuple((A - X_train.mean(axis=0)) / X_train.std(axis=0) for A in (X_train, X))""",
    },
    ("a5", "q2"): {
        "does-not-train": """
def train(X, y, n_classes):
    return np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)""",
        "uphill": """
def train(X, y, n_classes):
    dZ = (1 / n_classes - one_hot(y, n_classes)) / len(y)
    return X.T @ dZ, dZ.sum(axis=0)""",
        "always-ten-classes": """
def train(X, y, n_classes):
    W, b, Y = np.zeros((X.shape[1], 10)), np.zeros(10), one_hot(y, 10)
    for _ in range(200):
        dZ = (softmax(X @ W + b) - Y) / len(y)
        W, b = W - 0.5 * X.T @ dZ, b - 0.5 * dZ.sum(axis=0)
    return W, b""",
    },
    ("a5", "q3"): {
        "logits-for-probabilities": """
def predict(X, W, b):
    return (X @ W + b).argmax(axis=1), X @ W + b""",
        "bias-forgotten": """
def predict(X, W, b):
    return softmax(X @ W).argmax(axis=1), softmax(X @ W)""",
        "exchanged": """
def predict(X, W, b):
    return softmax(X @ W + b), softmax(X @ W + b).argmax(axis=1)""",
    },
    ("a5", "q4"): {
        "transposed": """
def confusion(y, predictions, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (predictions, y), 1)
    return matrix""",
        "counts-once": """
def confusion(y, predictions, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    matrix[y, predictions] += 1
    return matrix""",
        "classes-that-occur": """
def confusion(y, predictions, n_classes):
    n_classes = max(y.max(), predictions.max()) + 1
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y, predictions), 1)
    return matrix""",
    },
}


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
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in master(name).cells
        if "nbgrader" in cell.metadata and cell.metadata.nbgrader.solution
    }
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
    return [
        pytest.param(name, question, entry, id=f"{name}-{question.id}-{entry.id}")
        for name, question in questions()
        for entry in CATALOGUE.values()
        if entry.kind == question.function
    ]


def test_there_are_five_assignments_with_three_to_five_questions_and_one_to_read():
    assert NAMES == ["a1", "a2", "a3", "a4", "a5"]
    for name in NAMES:
        assert 3 <= len(load(name).questions) <= 5
        assert len(load(name).free_text) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_page_and_the_notebook_name_its_points_and_the_wheel(name):
    assignment = load(name)
    points = f"**Points:** {assignment.auto_max} from tests, {assignment.manual_max} for the"
    assert points in assignment.release.cells[0].source
    assert "--find-links . softmax_lib" in assignment.release.cells[1].source
    folder = assignments.SOURCE.parent
    page = (folder / f"{name}.md").read_text(encoding="utf-8")
    assert points in page
    assert "{{ wheel }}" in page
    row = next(
        line
        for line in (folder / "index.md").read_text(encoding="utf-8").splitlines()
        if f"({name}.md)" in line
    )
    assert row.endswith(f"| {assignment.auto_max} | {assignment.manual_max} |")


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
    source = (
        f"from softmax_lib.misconceptions import CATALOGUE\n\n"
        f"{question.function} = CATALOGUE[{entry.id!r}].wrong"
    )
    scores = grade(name, handed_in(name, **{question.id: source})).scores
    assert scores == {q.id: 0 if q.id == question.id else q.points for q in load(name).questions}


@pytest.mark.parametrize(
    ("name", "id", "source"),
    [
        pytest.param(name, id, source, id=f"{name}-{id}-{mistake}")
        for (name, id), sources in MISTAKES.items()
        for mistake, source in sources.items()
    ],
)
def test_so_does_a_mistake_that_the_catalogue_does_not_know(name, id, source):
    scores = grade(name, handed_in(name, **{id: source})).scores
    assert scores == {q.id: 0 if q.id == id else q.points for q in load(name).questions}


def test_every_question_has_mistakes_to_find():
    kinds = {entry.kind for entry in CATALOGUE.values()}
    for name, question in questions():
        assert question.function in kinds or (name, question.id) in MISTAKES


@pytest.mark.parametrize("name", NAMES)
def test_a_release_holds_no_line_of_a_solution_or_hidden_test(name):
    released = nbformat.writes(load(name).release)
    for question in load(name).questions:
        for line in (question.solution + "\n" + question.hidden).splitlines():
            assert (
                line.startswith("def ")
                or not line.strip()
                or (json.dumps(line.strip())[1:-1] not in released)
            ), line
    assert "BEGIN" not in released


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r"    ### BEGIN SOLUTION\n", r"    Z = Z + 0.0\n    ### BEGIN SOLUTION\n"),
        (r"    ### END SOLUTION", r"    ### END SOLUTION\n    # the end"),
        (r"    ### BEGIN SOLUTION\n", ""),
        ("### BEGIN HIDDEN TESTS", "### BEGIN"),
        ("q1-hidden", "q1-hiden"),
    ],
)
def test_a_master_that_would_give_something_away_or_test_nothing_is_refused(
    before, after, tmp_path
):
    text = (assignments.SOURCE / "a1" / "a1.ipynb").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "a1").mkdir()
    (tmp_path / "a1" / "a1.ipynb").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ValueError, match="question q1 needs one function whose body lies between"):
        assignments.load("a1", tmp_path)
    (tmp_path / "a1" / "a1.ipynb").write_text(text, encoding="utf-8")
    assert assignments.load("a1", tmp_path) == load("a1")
