"""The proof of ../test_proof.py once more, through the command line and the sandbox."""

import inspect

import nbformat
import pytest

from softmax_lib.misconceptions import CATALOGUE
from softmax_lib.misconceptions.catalogue import gradients, losses
from tests.support import credit
from tests.support.diagnoses import sample
from tests.support.grader import graded_rows, run
from tests.support.submissions import MISTAKES, Wrong, due, handed_in, load, several_at_once
from tools.course import assignments

# What the catalogue's wrong code takes from the book's package, which no submission sees.
HELPERS = f"""
import numpy as np

GUARDS = {losses.GUARDS!r}

# By other names too: a mistake below may take one of these.
def the_logsumexp(Z, axis=-1, keepdims=False):
    top = np.max(Z, axis=axis, keepdims=True)
    sums = top + np.log(np.exp(Z - top).sum(axis=axis, keepdims=True))
    return sums if keepdims else sums.squeeze(axis)

def the_log_softmax(Z, axis=-1):
    return Z - the_logsumexp(Z, axis, keepdims=True)

def the_softmax(Z, axis=-1):
    return np.exp(the_log_softmax(Z, axis))

logsumexp, log_softmax, softmax = the_logsumexp, the_log_softmax, the_softmax

def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)

def hardmax(Z):
    return np.eye(Z.shape[-1])[Z.argmax(axis=-1)]

def cross_entropy_and_gradient(Z, y):
    Y = np.eye(Z.shape[1])[y]
    return -(Y * the_log_softmax(Z)).sum() / len(y), (the_softmax(Z) - Y) / len(y)

def cross_entropy(Z, y):
    return cross_entropy_and_gradient(Z, y)[0]

{inspect.getsource(gradients.logits_gradient)}
{inspect.getsource(gradients.weight_gradient)}
"""


def in_a_scope_of_its_own(source, name):
    """Code that defines one name: the helpers must not take the place of other answers."""
    return f"scope = {{}}\nexec({source!r}, scope)\n{name} = scope[{name!r}]"


# No back-propagation in it: two forward passes for each weight.
NETWORK_DIFFERENCES = """
def network_gradients(X, y, W1, b1, W2, b2):
    parameters = [array.astype(float) for array in (W1, b1, W2, b2)]
    def cost():
        values = np.maximum(X @ parameters[0] + parameters[1], 0)
        probs = softmax(values @ parameters[2] + parameters[3])
        return -np.log(probs[np.arange(len(y)), y]).mean()
    slopes = [np.zeros_like(array) for array in parameters]
    for array, slope in zip(parameters, slopes):
        for place in np.ndindex(array.shape):
            kept, costs = array[place], []
            for nudge in (1e-6, -1e-6):
                array[place] = kept + nudge
                costs.append(cost())
            array[place] = kept
            slope[place] = (costs[0] - costs[1]) / 2e-6
    return slopes[0], slopes[1], slopes[2], slopes[3]
"""
TRAINING_BY_DIFFERENCES = f"""
{NETWORK_DIFFERENCES.replace("network_gradients", "differences")}
def train_network(X, y, W1, b1, W2, b2, learning_rate, steps):
    now, costs = [W1, b1, W2, b2], []
    for step in range(steps + 1):
        values = np.maximum(X @ now[0] + now[1], 0)
        probs = softmax(values @ now[2] + now[3])
        costs.append(-np.log(probs[np.arange(len(y)), y]).mean())
        if step < steps:
            slopes = differences(X, y, *now)
            now = [array - learning_rate * slope for array, slope in zip(now, slopes)]
    return *now, costs
"""

# What needs a process of its own, in assignments that the hostile class leaves out.
BAD_COMPANY = {
    "a2": {
        "loops": {
            "q8": """
def cross_entropies(P, Q):
    losses = np.zeros((len(P), len(Q)))
    for i, j, c in np.ndindex(len(P), len(Q), P.shape[1]):
        losses[i, j] -= P[i, c] * np.log(Q[j, c])
    return losses"""
        },
    },
    "a4": {
        "differences": {"q3": NETWORK_DIFFERENCES, "q5": TRAINING_BY_DIFFERENCES},
    },
    "a3": {
        "no step": {"q3": "def gradient_step(W, b, X, y, rate):\n    return W, b"},
        "loops": {"q1": "def logits_gradient(Z, y):\n    while True: pass"},
    },
    "a5": {
        "empties its arguments": {
            "q3": "def predict(X, W, b):\n    X[:] = 0\n    b[:] = 0\n"
            "    return np.zeros(len(X), int), np.full((len(X), len(b)), 1 / len(b))",
            "q4": "def confusion(y, predictions, n):\n    y[:] = predictions[:] = 0\n"
            "    return np.diag([len(y)] + [0] * (n - 1))",
        },
    },
}


def bad_company(name):
    for student, solutions in BAD_COMPANY.get(name, {}).items():
        yield student, {id: Wrong(student, source, 0) for id, source in solutions.items()}


def wrong_answers(name, question):
    for id, source in sample(3, MISTAKES.get((name, question.id), {}).items()):
        yield Wrong(id, source, 0)
    known = [entry for entry in CATALOGUE.values() if entry.kind == question.function]
    for entry in sample(6, [entry for entry in known if not entry.sources]):
        source = in_a_scope_of_its_own(f"{HELPERS}\n{entry.source}", entry.kind)
        yield Wrong(entry.id, source, credit.share(entry.id))


def a_class(name):
    """What is wrong in the notebook of each student: nothing, or some mistakes of each question.

    The proof without a sandbox has more of them.
    """
    yield "reference", {}
    wrong = {question.id: wrong_answers(name, question) for question in load(name).questions}
    for number, answers in enumerate(several_at_once(wrong)):
        yield f"student-{number}", answers
    yield from bad_company(name)


@pytest.mark.parametrize("name", assignments.names())
def test_a_mistake_costs_its_own_question_in_the_sandbox_too(name, tmp_path):
    members = dict(a_class(name))
    (tmp_path / "in").mkdir()
    for student, answers in members.items():
        solutions = {id: wrong.source for id, wrong in answers.items()}
        (tmp_path / "in" / f"{student}.ipynb").write_bytes(handed_in(name, **solutions))
    release = nbformat.writes(load(name).release)
    (tmp_path / "in" / "release.ipynb").write_text(release, encoding="utf-8")
    ended = run(tmp_path / "in", tmp_path / "out", name, seed=len(members))
    assert ended.returncode == 0, ended.stderr
    rows = graded_rows(tmp_path / "out")
    points = {student: due(name, answers) for student, answers in members.items()}
    assert {
        student: {(id, said): float(rows[student][id]) for id, said in earned}
        for student, earned in points.items()
    } == points
    assert {float(rows["release"][question.id]) for question in load(name).questions} == {0}
