"""A class: what is new or changed is graded, and what is known of each submission is kept.

The folder of results holds assignment.txt, which says what it is for, and results/NAME.json.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Generator
from pathlib import Path

from tools.course import secret
from tools.course.assignments import ROOT, Assignment
from tools.course.collecting import Submission, without_outputs
from tools.course.files import file_name, write
from tools.course.grading import notebook
from tools.course.grading.result import Result
from tools.course.grading.scoring import learn_shapes
from tools.course.grading.submission import failed, grade_apart
from tools.course.workers import run_in_workers

MARK = "assignment.txt"  # says whose results a folder holds
# What decides the points, beside the assignment itself.
JUDGES = (
    "softmax_lib/**/*",
    "tools/course/grading/**/*",
    "tools/course/runner/**/*",
    "tools/course/plain_python.py",
    "tools/course/workers.py",
    "tools/course/source_code.py",
    "tools/course/student_library.py",
)


def fingerprint(assignment: Assignment, root: Path = ROOT) -> str:
    """Changes when the assignment, or what grades it, does."""
    digest = hashlib.sha256(repr(assignment).encode())
    for path in judging_files(root):
        name, data = str(path.relative_to(root)), path.read_bytes()
        digest.update(f"{name}: {hashlib.sha256(data).hexdigest()}\n".encode())
    return digest.hexdigest()


def judging_files(root: Path = ROOT) -> list[Path]:
    found = {path for pattern in JUDGES for path in root.glob(pattern) if path.is_file()}
    return sorted(path for path in found if path.suffix not in (".md", ".pyc"))


def grade_class(
    submissions: list[Submission],
    assignment: Assignment,
    out: Path,
    jobs: int,
    isolated: bool,
    partial: bool = True,
) -> Generator[tuple[str, Result], None, None]:
    """Yield each student and their result; what is new or changed is graded, several at a time."""
    tests = fingerprint(assignment) + ("" if partial else "all or nothing")
    handed_in = {one.student: one for one in submissions}
    tasks, keys = {}, {}
    for one in submissions:
        key = hashlib.sha256(tests.encode() + (one.data or repr(one.data).encode())).hexdigest()
        if (known := stored(_path(out, one.student), key)) is not None:
            yield one.student, _with_student(known, one, assignment.secret)
        else:
            keys[one.student] = key
            tasks[one.student] = assignment, one.data, isolated, partial
    if tasks:
        learn_shapes(assignment)
        require_reference(assignment, isolated)
    for student, result in run_in_workers(grade_apart, tasks, jobs):
        result = result or failed(assignment, "its process ended")
        record = {"key": keys[student], "result": result.as_record()}
        write(_path(out, student), json.dumps(record, indent=1))
        yield student, _with_student(result, handed_in[student], assignment.secret)


def _with_student(result: Result, one: Submission, number: int) -> Result:
    """The result, with what is known of the student and the files beside the notebook's cells."""
    flags = result.flags | one.flags
    if not secret.is_number_of(result.number, number, one.student, one.names):
        flags = flags | {"other-number"}
    result = dataclasses.replace(result, file=one.file, others=list(one.others), flags=flags)
    if one.data is None and one.others:
        reason = f"no notebook was handed in, but {', '.join(one.others)}"
        result = dataclasses.replace(result, errors={"file": reason})
    return result


def _path(out: Path, student: str) -> Path:
    return out / "results" / f"{file_name(student)}.json"


def stored(path: Path, key: str) -> Result | None:
    """The result of an earlier run, if it is of the same file and the same tests."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Result.from_record(record["result"]) if record["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def require_reference(assignment: Assignment, isolated: bool) -> None:
    """Raise where the master's own solutions would not earn everything: then nobody's can."""
    sources = [assignment.setup, *(question.solution for question in assignment.questions)]
    notebook = {"cells": [{"cell_type": "code", "source": source} for source in sources]}
    task = assignment, json.dumps(notebook).encode(), isolated
    ((_, result),) = run_in_workers(grade_apart, {"reference": task}, 1)
    result = result or failed(assignment, "its process ended")
    if result.scores != {question.id: question.points for question in assignment.questions}:
        raise ValueError(
            f"the master's own solutions do not earn all points here, so nothing is "
            f"graded. {'; '.join(result.errors.values())}"
        )


def grade_file(path: Path, assignment: Assignment, isolated: bool, partial: bool = True) -> Result:
    """Grade one notebook, of which nothing is kept."""
    if not path.exists():
        raise ValueError(f"there is no {path}")
    data = without_outputs(path.read_bytes(), notebook.LARGEST)
    learn_shapes(assignment)
    ((_, result),) = run_in_workers(
        grade_apart, {path.name: (assignment, data, isolated, partial)}, 1
    )
    return result or failed(assignment, "its process ended")


def require_folder(out: Path, submissions: Path, assignment: str) -> None:
    """Raise where the folder of results is another assignment's, or among the students'."""
    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        raise ValueError(f"--out must not lie within {submissions}, among the submissions")
    mark = out / MARK
    if mark.is_file() and (other := mark.read_text(encoding="utf-8").strip()) != assignment:
        raise ValueError(f"{out} holds grades of {other}; choose another folder for {assignment}")


def mark_folder(out: Path, assignment: str) -> None:
    write(out / MARK, assignment)
