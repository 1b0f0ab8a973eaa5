"""A class: what is graded anew, and what the fingerprint of the graders covers."""

import shutil
import subprocess
import sys

import pytest

from tests.support.grader import times
from tests.support.submissions import load
from tools.course import gradebook
from tools.course.assignments import ROOT, with_secret
from tools.course.collecting import Submission
from tools.course.grading.result import Result
from tools.course.secret import number_of


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The files of this repository that judge, and those that do not."""
    root = tmp_path_factory.mktemp("copy")
    for folder in ("softmax_lib", "tools"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return root


# Read masters and the secret: what they yield is covered itself.
MASTERS = {"tools.course.assignments", "tools.course.secret"}


def changed_by(copy, path):
    """Whether a change of one file changes the fingerprint."""
    file = copy / path
    data = file.read_bytes()
    before = gradebook.fingerprint(load("a1"), copy)
    file.write_bytes(data + b"# changed\n")
    after = gradebook.fingerprint(load("a1"), copy)
    file.write_bytes(data)
    return after != before


@pytest.mark.parametrize(
    "path",
    [
        "softmax_lib/__init__.py",
        "softmax_lib/_core/kernels.py",
        "softmax_lib/data/digits.csv.gz",
        "softmax_lib/misconceptions/catalogue/losses.py",
        "softmax_lib/models/network.py",
        "tools/course/grading/scoring.py",
        "tools/course/runner/allowed/softmax.py",
        "tools/course/runner/process.py",
        "tools/course/source_code.py",
        "tools/course/student_library.py",
    ],
)
def test_a_change_in_what_judges_changes_the_fingerprint(copy, path):
    assert changed_by(copy, path)


@pytest.mark.parametrize(
    "path",
    [
        "tools/book_ext/__init__.py",
        "tools/course/cli.py",
        "tools/course/reports/feedback.html.jinja",
        "tools/course/reports/tables.py",
        "tools/course/runner/README.md",
    ],
)
def test_a_change_in_what_is_written_afterwards_does_not(copy, path):
    assert not changed_by(copy, path)


def test_a_file_that_comes_goes_or_moves_changes_the_fingerprint(copy):
    seen = {gradebook.fingerprint(load("a1"), copy)}
    new = copy / "softmax_lib" / "misconceptions" / "rooms" / "more.py"
    new.parent.mkdir()
    new.touch()
    seen.add(gradebook.fingerprint(load("a1"), copy))
    new.rename(new.with_name("less.py"))
    seen.add(gradebook.fingerprint(load("a1"), copy))
    assert len(seen) == 3


def test_another_assignment_has_another_fingerprint():
    assert gradebook.fingerprint(load("a1")) != gradebook.fingerprint(load("a2"))


def test_another_secret_has_another_fingerprint():
    drawn = [gradebook.fingerprint(with_secret(load("a1"), number)) for number in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.slow
def test_the_fingerprint_covers_all_that_grading_imports():
    script = "import tools.course.grading.submission as one, sys; print(*sys.modules)"
    command = [sys.executable, "-c", script]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    rooms = {name for name in shown.split() if name.startswith("tools.course.")}
    assert "tools.course.grading.student" in rooms
    files = {ROOT.joinpath(*name.split(".")) for name in rooms - MASTERS}
    covered = set(gradebook.judging_files())
    assert {
        file for file in files if not covered & {file.with_suffix(".py"), file / "__init__.py"}
    } == set()


def graded(folder, *submissions):
    some = [Submission(student, data) for student, data in submissions]
    return dict(gradebook.grade_class(some, load("a1"), folder, 1, isolated=False))


def test_only_what_is_new_or_changed_is_graded(tmp_path):
    first = graded(tmp_path, ("same", b"no notebook"), ("changed", b"no notebook"))
    before = times(tmp_path)
    second = graded(tmp_path, ("same", b"no notebook"), ("changed", b"another"), ("new", b"new"))
    after = times(tmp_path)
    assert {name for name, when in after.items() if when != before.get(name)} == {
        "changed.json",
        "new.json",
    }
    assert second["same"] == first["same"]


@pytest.mark.parametrize("text", ["", "[]", '{"key": "k"}', '{"key": "k", "result": {"a": 1}}'])
def test_a_damaged_record_is_no_record(tmp_path, text):
    (tmp_path / "ann.json").write_text(text)
    assert gradebook.stored(tmp_path / "ann.json", "k") is None


def test_a_result_is_the_same_after_a_visit_to_the_disk():
    result = Result({"q1": 3.0}, {"q1": "right"}, {"q5": "text"}, {"file": "no"}, {"crashed"})
    assert Result.from_record(result.as_record()) == result
    assert result.score == 3.0


@pytest.mark.parametrize(
    ("number", "flags"),
    [
        (0, set()),
        (number_of(0, "ann"), set()),
        (number_of(0, "bo"), {"other-number"}),
        (7, {"other-number"}),
        (None, {"other-number"}),
    ],
)
def test_the_number_of_somebody_else_is_flagged(tmp_path, monkeypatch, number, flags):
    scores = {question.id: 1.0 for question in load("a1").questions}
    monkeypatch.setattr(gradebook, "require_reference", lambda *_: None)
    done = ("ann", Result(scores, number=number))
    monkeypatch.setattr(gradebook, "run_in_workers", lambda _, tasks, __: iter([done] * len(tasks)))
    for _ in range(2):  # the second time from the disk
        result = graded(tmp_path, ("ann", b""))["ann"]
        assert (result.flags, result.scores) == (flags, scores)


def test_a_folder_of_results_is_of_one_assignment(tmp_path):
    gradebook.require_folder(tmp_path / "out", tmp_path / "in", "a1")
    assert not (tmp_path / "out").exists()
    gradebook.mark_folder(tmp_path / "out", "a1")
    gradebook.require_folder(tmp_path / "out", tmp_path / "in", "a1")
    with pytest.raises(ValueError, match="holds grades of a1; choose another folder for a2"):
        gradebook.require_folder(tmp_path / "out", tmp_path / "in", "a2")


def test_a_submission_whose_worker_dies_is_flagged(tmp_path, monkeypatch):
    monkeypatch.setattr(gradebook, "require_reference", lambda *_: None)
    monkeypatch.setattr(gradebook, "run_in_workers", lambda *_: iter([("ann", None)]))
    result = graded(tmp_path, ("ann", b""))["ann"]
    assert result.errors == {"file": "grading failed: its process ended"}
    assert (result.score, result.flags) == (0, {"crashed"})
