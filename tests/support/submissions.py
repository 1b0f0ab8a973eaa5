"""What a student of the tests hands in: the reference, other solutions, and known mistakes."""

import functools
import io
import itertools
from contextlib import redirect_stdout
from typing import NamedTuple

import nbformat

from tools.course import assignments
from tools.course.grading.student import Clock

load = functools.cache(assignments.load)


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


def with_earlier_release(folder):
    """A1 as it is, and an earlier release of it: question 2 in other words, and no question 6."""
    content = nbformat.from_dict(master("a1"))
    ids = [cell.metadata.nbgrader.grade_id for cell in content.cells]
    content.cells = [c for c, id in zip(content.cells, ids, strict=True) if not id.startswith("q6")]
    content.cells[ids.index("q2-text")].source = "## Question 2: the largest (3 points)"
    (folder / "a1").mkdir()
    for one in (content, master("a1")):
        nbformat.write(one, folder / "a1" / "a1.ipynb")
        assignments.record_release(assignments.load("a1", folder), folder)
    return assignments.load("a1", folder), assignments.release(content)


class InProcess:
    """Stands for the sandboxed student where speed matters and the code is our own."""

    def __init__(self):
        self.flags = set()
        self._namespace = {}

    def run(self, name, source, *, extra=False):
        try:
            with redirect_stdout(io.StringIO()):
                exec(source, self._namespace)
        except Exception as error:
            return [[type(error).__name__, str(error), None]]
        return []

    def function(self, name):
        def missing(*arguments):
            raise NameError(f"name {name!r} is not defined")

        missing.__name__ = name
        return self._namespace.get(name, missing)

    def clock(self, name):
        return Clock()

    def go_back(self, name):
        return False


class Wrong(NamedTuple):
    """A wrong answer, and the share of the points that it earns."""

    name: str
    source: str
    share: float


def several_at_once(wrong):
    """From the wrong answers to each question, make hand-ins in which each answer comes once.

    They spare each question in turn: there it shows what the other answers do to a right one.
    """
    waiting = {id: list(answers) for id, answers in wrong.items()}
    for spared in itertools.cycle([*wrong, None]):
        answers = {id: left.pop() for id, left in waiting.items() if left and id != spared}
        if answers:
            yield answers
        elif not any(waiting.values()):
            return


def due(name, answers):
    """The points of each question, by its answer's name where that is wrong."""
    return {
        (question.id, answers[question.id].name if question.id in answers else "right"): (
            question.points * (answers[question.id].share if question.id in answers else 1)
        )
        for question in load(name).questions
    }


def master_but(name, id, *changes):
    """The master's own answer, in which some text stands in the place of other."""
    source = next(one.solution for one in load(name).questions if one.id == id)
    for before, after in changes:
        assert before in source, before
        source = source.replace(before, after)
    return source


TRAINING, DIGITS = ("a4", "q5"), ("a5", "q2")
# A classifier without any training.
LEAST_SQUARES = """
def train(X, y, n_classes):
    ones = np.c_[X, np.ones(len(X))]
    inside = ones.T @ ones + 1e-3 * np.eye(ones.shape[1])
    W = np.linalg.solve(inside, ones.T @ one_hot(y, n_classes))
    W, b = W[:-1], W[-1]
"""

# What goes wrong in questions that are no kind of the catalogue's.
MISTAKES = {
    ("a1", "q6"): {
        "ordinary": """
def counterexamples():
    return [np.array([[1, 2]])] * 4""",
        "one-that-shows-nothing-fair": """
def counterexamples():
    return [[[0, 800]], [[800, 800], [-10, -10]], [[-800, -790]], [[np.inf, 0], [1, 2]]]""",
        "other-shape": """
def counterexamples():
    return [[0, 800]] * 4""",
        "too-many-numbers": """
def counterexamples():
    return [np.array([[800, 0, -800], [-800, 0, -800], [-799, -798, -797]])] * 4""",
        "too-far": """
def counterexamples():
    return [np.array([[1000, 0, 1000], [-1000, -1001, -999]])] * 4""",
        "three-arrays": """
def counterexamples():
    return [[[0, 800]], [[800, 800], [-10, -10]], [[-800, -790]]]""",
        "one-for-all": """
def counterexamples():
    return np.array([[0, 800]])""",
    },
    ("a2", "q7"): {
        "log-of-sigmoid": """
def log_sigmoid(z):
    with np.errstate(over="ignore", divide="ignore"):
        return np.log(1 / (1 + np.exp(-z)))""",
        "log-of-stable-sigmoid": """
def log_sigmoid(z):
    exps = np.exp(-np.abs(z))
    with np.errstate(divide="ignore"):
        return np.log(np.where(z >= 0, 1, exps) / (1 + exps))""",
        "overflows": """
def log_sigmoid(z):
    with np.errstate(over="ignore"):
        return -np.log(1 + np.exp(-z))""",
        "overflows-on-the-other-side": """
def log_sigmoid(z):
    with np.errstate(over="ignore"):
        return z - np.log(1 + np.exp(z))""",
        "clipped": """
def log_sigmoid(z):
    return np.log(np.maximum(1 / (1 + np.exp(np.minimum(-z, 700))), 1e-300))""",
        "softplus": """
def log_sigmoid(z):
    return np.logaddexp(0, -z)""",
        "of-the-other-class": """
def log_sigmoid(z):
    return -np.logaddexp(0, z)""",
    },
    ("a2", "q8"): {
        "mean-over-classes": """
def cross_entropies(P, Q):
    return -P @ np.log(Q).T / P.shape[1]""",
        "roles-exchanged": """
def cross_entropies(P, Q):
    return -np.log(P) @ Q.T""",
        "columns-for-rows": """
def cross_entropies(P, Q):
    return -np.log(Q) @ P.T""",
        "one-number": """
def cross_entropies(P, Q):
    return -np.sum(P @ np.log(Q).T)""",
    },
    ("a3", "q7"): {
        "one-example": """
def counterexamples():
    return [(np.array([[1, 2]]), np.array([0]))] * 3""",
        "arguments-exchanged": """
def counterexamples():
    Z, y, large = np.array([[1, 2, 0], [0, 1, 1]]), np.array([2, 2]), np.array([[0, 1000]])
    return [(y, Z), (np.array([0, 2]), Z), (np.array([0]), large)]""",
        "labels-from-1": """
def counterexamples():
    Z, large = np.array([[1, 2, 0], [0, 1, 1]]), np.array([[0, 1000]])
    return [(Z, np.array([3, 3])), (Z, np.array([1, 3])), (large, np.array([1]))]""",
        "too-many-logits": """
def counterexamples():
    Z, large = np.eye(4), np.array([[0, 1000]])
    y = np.array([0, 0, 0, 0])
    return [(Z, y), (Z, np.arange(4)), (large, np.array([0]))]""",
    },
    ("a4", "q5"): {
        "slopes-of-new-weights": master_but(
            *TRAINING,
            (
                "        to_inner",
                "        W2 = W2 - learning_rate * values.T @ to_outer\n        to_inner",
            ),
            ("W2, b2 = W2 - learning_rate * values.T @ to_outer, b2", "b2 = b2"),
        ),
        "biases-stay": master_but(*TRAINING, ("rate * to_", "rate * 0 * to_")),
        "uphill": master_but(*TRAINING, ("- learning_rate", "+ learning_rate")),
        "sum-for-mean": master_but(*TRAINING, ("(probs - Y) / len(y)", "probs - Y")),
        "no-slope-of-relu": master_but(*TRAINING, (" * (values > 0)", "")),
        "no-cost-at-the-end": master_but(*TRAINING, ("*reached, costs", "*reached, costs[:-1]")),
        "a-step-too-many": master_but(*TRAINING, ("*reached", "W1, b1, W2, b2")),
        "in-place": master_but(
            *TRAINING,
            ("reached = W1, b1", "reached = W1.copy(), b1"),
            ("W1, b1 = W1 - learning_rate * X.T @ to_inner, b1", "b1 = b1"),
            ("        W2, b2 =", "        W1 -= learning_rate * X.T @ to_inner\n        W2, b2 ="),
        ),
    },
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
        "does-not-train": master_but(*DIGITS, ("dZ = (", "dZ = 0 * (")),
        "uphill": master_but(*DIGITS, ("W - X", "W + X"), ("b - dZ", "b + dZ")),
        "too-few-passes": master_but(*DIGITS, ("121", "10")),
        "always-ten-classes": master_but(
            *DIGITS, ("    W, b, Y", "    n_classes = 10\n    W, b, Y")
        ),
        "starts-elsewhere": master_but(
            *DIGITS, ("    costs = []", "    costs, W = [], np.eye(*W.shape)")
        ),
        "costs-of-the-sum": master_but(*DIGITS, (".mean()", ".sum()")),
        "no-cost-at-the-end": master_but(*DIGITS, ("reached, costs", "reached, costs[:-1]")),
        "a-pass-too-many": master_but(*DIGITS, ("*reached", "W, b")),
        "no-costs": master_but(*DIGITS, ("*reached, costs", "*reached,")),
        "least-squares": LEAST_SQUARES + "    return W, b",
        "least-squares-and-its-cost": LEAST_SQUARES
        + """
    probs = softmax(X @ W + b)
    cost = -np.log(probs[np.arange(len(y)), y]).mean()
    return W, b, np.linspace(np.log(n_classes), cost, 50)""",
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
