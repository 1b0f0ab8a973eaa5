"""The proof that the grader is right: what earns points, and what loses them."""

import copy
import itertools
import pickle
import zlib

import nbformat
import numpy as np
import pytest

from softmax_lib.misconceptions import CATALOGUE
from tests.support import credit
from tests.support.diagnoses import sample, sample_of_entries
from tests.support.submissions import (
    MISTAKES,
    InProcess,
    Wrong,
    due,
    handed_in,
    load,
    several_at_once,
)
from tools.course import assignments
from tools.course.grading import scoring, submission
from tools.course.grading.credit import reason_for_half
from tools.course.grading.result import Result

NAMES = assignments.names()


def grade(name, data):
    """With a seed that belongs to the submission: of many samples, many are tried."""
    assignment = assignments.with_secret(load(name), zlib.crc32(data))
    return submission.grade(assignment, data, InProcess())


def questions():
    return [(name, question) for name in NAMES for question in load(name).questions]


def wrong_answers(name, question, start):
    for entry in sample(2, sample_of_entries(6, question.function), start):
        source = (
            f"from softmax_lib.misconceptions import CATALOGUE\n\n"
            f"{question.function} = CATALOGUE[{entry.id!r}].wrong"
        )
        yield Wrong(entry.id, source, credit.share(entry.id))
    for mistake, source in MISTAKES.get((name, question.id), {}).items():
        yield Wrong(mistake, source, 0)


def hand_ins():
    start = itertools.count()
    for name in NAMES:
        wrong = {q.id: wrong_answers(name, q, next(start)) for q in load(name).questions}
        for number, answers in enumerate(several_at_once(wrong)):
            yield pytest.param(name, answers, id=f"{name}-{number}")


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
    assert all("It is not begun yet." in verdict for verdict in result.verdicts.values())


@pytest.mark.usefixtures("no_threads")
@pytest.mark.parametrize(("name", "answers"), list(hand_ins()))
def test_a_mistake_costs_its_own_question_and_no_other(name, answers):
    result = grade(name, handed_in(name, **{id: wrong.source for id, wrong in answers.items()}))
    points = due(name, answers)
    assert {(id, said): result.scores[id] for id, said in points} == points
    for id, wrong in answers.items():
        told = result.verdicts[id].splitlines()[-1].startswith("Half of the points: ")
        assert told == (wrong.share == 0.5), wrong.name


def test_what_each_mistake_earns_is_written_down():
    ids = sample(5, sorted(CATALOGUE))
    assert credit.computed(ids) == [id for id in ids if id in credit.recorded()]
    assert set(credit.recorded()) <= CATALOGUE.keys()


def test_without_partial_credit_no_mistake_earns_anything():
    source = "def softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)"
    data = handed_in("a1", q1=source)
    result = submission.grade(load("a1"), data, InProcess(), partial=False)
    assert result.scores["q1"] == 0
    assert "Half" not in result.verdicts["q1"]


def test_a_number_of_one_s_own_gives_other_digits_and_the_same_points():
    """In the written answer of the master, all numbers are of the common run."""
    common = handed_in("a5")
    own = common.replace(b'"my_number = 0"', b'"my_number = 12345"')
    assert own != common
    results = [grade("a5", data) for data in (common, own, own)]
    assert results[1] == results[2]
    assert [one.number for one in results] == [0, 12345, 12345]
    assert results[0].scores == results[1].scores
    assert "not found" not in results[0].numbers["q5"]
    assert "not found" in results[1].numbers["q5"]
    assert results[1].code == "my_number = 12345"
    guide = (assignments.ROOT / "book" / "teaching" / "grading.md").read_text(encoding="utf-8")
    for line in results[1].numbers["q5"].splitlines()[:4]:
        assert f"found: {line.partition('found: ')[2]}\n" in guide


class Recorded(InProcess):
    """The reference, which answers by heart what it was asked while it learned."""

    def __init__(self, assignment):
        super().__init__()
        self.answers, self.learns, self.fails_at_extremes = {}, True, False
        for source in [assignment.setup, *(question.solution for question in assignment.questions)]:
            self.run("cell", source)

    def function(self, name):
        right = super().function(name)

        def by_heart(*arguments):
            asked = name, pickle.dumps(arguments)
            if self.learns:
                self.answers[asked] = right(*arguments)
            if self.fails_at_extremes and arguments and np.max(np.abs(arguments[0])) > 100:
                return np.nan
            return copy.deepcopy(self.answers[asked])

        by_heart.__name__ = name
        return by_heart


@pytest.mark.parametrize("name", ["a1", "a5"])
def test_answers_by_heart_earn_nothing(name):
    """Whoever looks into the masters knows what these ask, and how to get half of the points."""
    student = Recorded(load(name))

    def score(assignment):
        result = Result({})
        scoring.judge(assignment, student, result)
        return result.score

    score(load(name))
    for question in load(name).questions:
        reason_for_half(student.function(question.function), question.function, question.seed)
    student.learns = False
    assert score(load(name)) == load(name).auto_max
    student.fails_at_extremes = True
    assert score(load(name)) > 0
    given_nothing = [q.points for q in load(name).questions if f"{q.function}()" in q.solution]
    assert score(assignments.with_secret(load(name), 3)) == sum(given_nothing)


ORDINARY, LARGE = "[[1, 2, 0], [0, 1, 1]]", "[[0, 1000]]"


@pytest.mark.parametrize(
    ("name", "id", "answer", "points"),
    [
        ("a1", "q6", "[[[0, 800]], [[1, 2]], [[1, 2]], [[1, 2]]]", 1),
        ("a1", "q6", "[[[0, 800]], [[1, 2]], [[-800, -790]], [[1], [2]]]", 3),
        ("a1", "q6", "(np.array([[0, 0], [800, -800]]),) * 2 + ([[-800]], [[1, 2], [2, 3]])", 4),
        ("a3", "q7", f"[({ORDINARY}, [0, 2])] * 3", 1),
        ("a3", "q7", f"[({ORDINARY}, [2, 2]), ({ORDINARY}, [0, 2]), ({ORDINARY}, [0, 0])]", 2),
        ("a3", "q7", f"(({ORDINARY}, [2, 2]), ({ORDINARY}, [0, 2]), ({LARGE}, np.array([1])))", 3),
    ],
)
def test_each_counterexample_earns_its_point(name, id, answer, points):
    source = f"def counterexamples():\n    return {answer}"
    result = grade(name, handed_in(name, **{id: source}))
    most = {question.id: question.points for question in load(name).questions}
    assert result.scores == most | {id: points}
    assert result.verdicts[id].endswith(": right.") == (points == most[id])


def test_every_question_has_mistakes_to_find():
    kinds = {entry.kind for entry in CATALOGUE.values()}
    for name, question in questions():
        assert question.function in kinds or (name, question.id) in MISTAKES, (
            f"{question.function} of {name} needs wrong versions in tests/support/submissions.py"
        )
