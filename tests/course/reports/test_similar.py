"""Pairs whose code is the same: who is named, and who is not."""

import csv
import io

import pytest

from tests.support.submissions import load
from tools.course.assignments import ROOT
from tools.course.grading.alike import forms
from tools.course.grading.result import Result
from tools.course.reports import similar

MINE = """
def softmax(Z):
    top = Z.max(axis=1, keepdims=True) + 1
    weights = np.exp(Z - top)
    return weights / weights.sum(axis=1, keepdims=True)
"""
SAME = [
    MINE.replace("top", "m")
    .replace("weights", "w")
    .replace("(Z", "(logits")
    .replace("Z.", "logits."),
    MINE.replace("(Z)", "(Z: np.ndarray) -> np.ndarray").replace("top = ", "top: object = "),
    MINE.replace("):\n", '):\n    """Softmax, by myself."""\n\n    # I subtract the maximum.\n'),
    MINE.replace(" / ", "/")
    .replace("    ", "\t")
    .replace("np.exp(Z - top)", "(np.exp(\n(Z - top)))"),
    f"import numpy\n%timeit 3\nprint('softmax')\n{MINE}\nsoftmax(np.eye(3))",
]
OTHER = [
    MINE.replace("+ 1", "+ 2"),
    MINE.replace("np.exp", "np.exp2"),
    MINE.replace("Z - top", "top - Z"),
    MINE.replace("return weights", "return top"),
    MINE.replace("axis=1", "axis=-1"),
]


@pytest.mark.parametrize("source", SAME)
def test_names_comments_and_layout_make_no_difference(source):
    assert source != MINE
    assert forms(source) == forms(MINE) != []


@pytest.mark.parametrize("source", OTHER)
def test_what_the_code_does_makes_a_difference(source):
    assert forms(source) != forms(MINE)


@pytest.mark.parametrize(
    "source", ["", "x +", "(" * 1_000, "x = " + "-" * 1_500 + "1", "softmax(3)"]
)
def test_what_defines_nothing_has_no_form(source):
    assert forms(source) == []


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """What is usual where the book has one chapter."""
    root, path = tmp_path_factory.mktemp("root"), "book/01-softmax-vs-hardmax.ipynb"
    (root / "book").mkdir()
    (root / path).symlink_to(ROOT / path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similar, "ROOT", root)
        return similar.usual_forms(load("a1"))


@pytest.fixture
def _usual(usual, monkeypatch):
    monkeypatch.setattr(similar, "usual_forms", lambda _: usual)


def pairs(**sources):
    """Who is named with whom, where each hands in this softmax and the master's hardmax."""
    q2 = load("a1").questions[1].solution
    results = {
        student: Result({}, forms={"q1": forms(source), "q2": forms(q2)})
        for student, source in sources.items()
    }
    rows = csv.DictReader(io.StringIO(similar.similar_csv(load("a1"), results), newline=""))
    return [tuple(row.values())[:3] for row in rows]


@pytest.mark.usefixtures("_usual")
def test_pairs_are_named_with_their_questions():
    found = pairs(cy=OTHER[0], bo=SAME[0], ann=MINE, di=SAME[2])
    assert found == [("ann", "bo", "q1"), ("ann", "di", "q1"), ("bo", "di", "q1")]


ENTRIES = ("softmax-no-shift", "softmax-wrong-axis")


@pytest.mark.usefixtures("_usual")
@pytest.mark.parametrize(
    "source",
    [
        load("a1").questions[0].solution,
        "def softmax(Z):\n    raise NotImplementedError",
        *(similar.CATALOGUE[id].source for id in ENTRIES),
        "def softmax(Q):\n    expos = np.exp(Q - Q.max(axis=1, keepdims=True))\n"
        "    return expos / expos.sum(axis=1, keepdims=True)",
        "",
    ],
)
def test_what_many_have_names_nobody(source):
    assert pairs(ann=source, bo=source) == []


@pytest.mark.usefixtures("_usual")
def test_every_line_says_what_it_does_not_prove():
    results = {student: Result({}, forms={"q1": forms(MINE)}) for student in ("ann", "bo")}
    assert "This is no proof" in similar.similar_csv(load("a1"), results).splitlines()[1]
