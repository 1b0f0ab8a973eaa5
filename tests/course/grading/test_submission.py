"""One submission, from the file to its result."""

import json

import nbformat
import pytest

from tests.support.submissions import InProcess, handed_in, load, with_earlier_release
from tools.course.grading import limits, submission
from tools.course.grading.alike import forms
from tools.course.grading.student import Clock


def test_nothing_handed_in_is_missing():
    result = submission.grade_apart(load("a1"), None, isolated=False)
    assert (result.score, result.flags) == (0, {"missing"})
    assert result.errors == {"file": "no notebook was handed in"}


def test_what_is_no_notebook_is_unreadable():
    result = submission.grade_apart(load("a1"), b"%PDF", isolated=False)
    assert (result.score, result.flags) == (0, {"unreadable"})


def test_the_reference_earns_all_in_a_process_of_its_own():
    result = submission.grade_apart(load("a1"), handed_in("a1"), isolated=False)
    assert result.score == load("a1").auto_max
    assert result.flags == set()


def test_an_empty_copy_below_an_answer_takes_nothing_away():
    content = nbformat.reads(handed_in("a1").decode(), as_version=4)
    content.cells += load("a1").release.cells
    result = submission.grade(load("a1"), json.dumps(content).encode(), InProcess())
    assert result.score == load("a1").auto_max
    assert result.forms["q1"] == forms(load("a1").questions[0].solution)
    assert result.flags == set()


def test_an_answer_in_a_cell_of_tests_counts():
    content = nbformat.reads(handed_in("a1", q1="").decode(), as_version=4)
    answer = load("a1").questions[0].solution
    cell = next(c for c in content.cells if c.metadata.nbgrader.grade_id == "q1-visible")
    cell.source = f"{answer}\n\n{cell.source}"
    result = submission.grade(load("a1"), nbformat.writes(content).encode(), InProcess())
    assert result.score == load("a1").auto_max
    assert result.forms["q1"] == forms(answer)


@pytest.mark.parametrize("kind", ["code", "raw", None])
def test_what_the_first_code_cell_makes_is_there_without_it(kind):
    content = json.loads(handed_in("a1"))
    setup = next(c for c in content["cells"] if c["cell_type"] == "code")
    if kind:
        setup.update(cell_type=kind, source="# import numpy as np")
    else:
        content["cells"].remove(setup)
    result = submission.grade(load("a1"), json.dumps(content).encode(), InProcess())
    assert result.score == load("a1").auto_max
    assert "changed" in result.flags


def test_a_helper_in_a_cell_of_tests_is_there_and_takes_no_test_along():
    content = nbformat.reads(handed_in("a1").decode(), as_version=4)
    by_id = {cell.metadata.nbgrader.grade_id: cell for cell in content.cells}
    by_id["q2"].source = "def hardmax(Z):\n    return row(Z)"
    row = "def row(Z):\n    return np.eye(Z.shape[1])[Z.argmax(axis=1)]"
    by_id["q6-visible"].source += f"\n{row}"
    result = submission.grade(load("a1"), nbformat.writes(content).encode(), InProcess())
    assert (result.score, result.flags) == (load("a1").auto_max, {"changed"})
    assert result.errors == {}


def test_a_name_that_only_a_test_makes_is_told_as_such():
    content = json.loads(handed_in("a5"))
    for source in ("print(digits)", "print(digit)"):
        content["cells"].append({"cell_type": "code", "metadata": {}, "source": source})
    result = submission.grade(load("a5"), json.dumps(content).encode(), InProcess())
    words = "a test makes it, and tests are not run here"
    assert [words in text for text in result.errors.values()] == [True, False]


def test_a_cell_that_became_text_is_named_as_changed():
    content = json.loads(handed_in("a1"))
    cell = next(c for c in content["cells"] if c["metadata"]["nbgrader"]["grade_id"] == "q1")
    cell["cell_type"] = "markdown"
    result = submission.grade(load("a1"), json.dumps(content).encode(), InProcess())
    assert (result.score, result.changed) == (load("a1").auto_max, ["q1"])
    assert (result.flags, result.notes) == ({"changed"}, {})


def test_where_grading_itself_fails_the_result_says_so(monkeypatch):
    def broken(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(submission.student_library, "build", broken)
    result = submission.grade_apart(load("a1"), b"", isolated=False)
    assert result.errors == {"file": "grading failed: OSError: the disk is full"}
    assert result.flags == {"crashed"}


class Remembers:
    """A student who runs nothing, and remembers what came."""

    flags = frozenset({"timed-out"})

    def __init__(self, error=None):
        self.error, self.ran = error, []

    def go_back(self, name):
        return False

    def run(self, name, source, *, extra=False):
        self.ran.append(source)
        return [self.error] if self.error else []

    def function(self, name):
        return lambda *arguments: None

    def clock(self, name):
        return Clock()


def notebook(*cells):
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]}).encode()


def test_errors_and_imports_of_answers_are_noted():
    one = Remembers(["ValueError", "no", 3])
    result = submission.grade(load("a1"), notebook("import scipy"), one)
    assert result.errors == {"cell 1": "ValueError: no (line 3)"}
    assert {"library-used", "timed-out"} <= result.flags


def test_who_left_a_cell_unreadable_is_told_so():
    result = submission.grade(
        load("a1"), handed_in("a1", q2="def hardmax(Z)\n    pass"), InProcess()
    )
    assert result.verdicts["q2"].startswith(
        "hardmax: not right yet.\nIts cell failed: SyntaxError: expected ':'"
    )


@pytest.mark.parametrize(
    "broken", ["from nowhere import lse", "import nowhere as lse", "lse = 1 / 0"]
)
def test_who_needs_a_name_of_a_failed_cell_is_told_so(broken):
    content = json.loads(handed_in("a1", q4="def logsumexp(Z):\n    return lse(Z, axis=1)"))
    content["cells"].append({"cell_type": "code", "metadata": {}, "source": broken})
    result = submission.grade(load("a1"), json.dumps(content).encode(), InProcess())
    told = result.verdicts["q4"]
    assert told.startswith("logsumexp: not right yet.\nIt needs lse, and that cell failed: ")
    assert result.errors[f"cell {len(content['cells'])}"] in told


def test_of_another_assignments_notebook_nothing_else_is_said():
    data = handed_in("a5").replace(b"my_number = 0", b"my_number = 7")
    result = submission.grade(load("a1"), data, Remembers())
    assert (result.flags, result.number) == ({"other-assignment", "timed-out"}, 0)


def test_the_form_of_the_code_that_counts_is_kept():
    source = "import numpy\ndef softmax(Z):\n    return Z"
    result = submission.grade(
        load("a1"), notebook("def softmax(Z): pass", source, "x = 1"), Remembers()
    )
    assert result.forms == {"q1": forms("def softmax(logits): return logits")}


def test_an_open_question_is_no_error():
    one = Remembers(["NotImplementedError", "", 2])
    assert submission.grade(load("a1"), notebook("x = 1"), one).errors == {}


def test_points_lost_to_an_earlier_release_are_told_and_flagged(tmp_path):
    new, earlier = with_earlier_release(tmp_path)
    result = submission.grade(new, nbformat.writes(earlier).encode(), Remembers())
    told = [id for id, text in result.verdicts.items() if text.endswith(submission.EARLIER)]
    assert told == ["q2", "q6"]
    assert "earlier-release" in result.flags
    result = submission.grade(new, handed_in("a1"), Remembers())
    assert "earlier-release" not in result.flags


def test_tests_are_not_run_as_cells():
    one = Remembers()
    submission.grade(load("a1"), handed_in("a1"), one)
    assert len(one.ran) == 1 + len(load("a1").questions)  # the set-up comes first


BUSY = "import time\nend = time.time() + 1\nwhile time.time() < end: pass"


@pytest.mark.slow
@pytest.mark.parametrize("place", ["first", "between", "last"])
def test_cells_of_ones_own_cost_no_answer(monkeypatch, place):
    monkeypatch.setattr(limits, "EXTRA_SECONDS", 0.5)
    monkeypatch.setattr(limits, "CELL_SECONDS", 0.4)
    content = json.loads(handed_in("a1"))
    at = {"first": 0, "between": 8, "last": len(content["cells"])}[place]
    content["cells"][at:at] = [
        {"cell_type": "code", "metadata": {}, "source": BUSY.replace("time()", f"time() + 0 * {n}")}
        for n in range(4)
    ]
    data = json.dumps(content).encode()
    result = submission.grade_apart(load("a1"), data, isolated=False)
    assert result.score == load("a1").auto_max
    assert result.flags == {"timed-out"}
    assert len(result.errors) == 4
    assert "the cells that you added have 0.5 seconds together" in str(result.errors)
