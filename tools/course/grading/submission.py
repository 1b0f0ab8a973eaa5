"""One submission: read, run, and scored by what its functions return."""

from __future__ import annotations

import contextlib
import platform
import re
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Protocol

from tools.course import student_library
from tools.course.assignments import MY_NUMBER, Assignment
from tools.course.grading import limits, notebook, scoring
from tools.course.grading.alike import forms
from tools.course.grading.free_text import free_text, own_code
from tools.course.grading.result import Result, nothing
from tools.course.grading.student import Error, Student
from tools.course.plain_python import Plain, plain_python
from tools.course.source_code import assigned_number, defined, imported, imports_answers, named

LONGEST = 2000  # characters of an error
TOO_LARGE = "the notebook, or what its functions return, is too large to be looked at"
EARLIER = (
    "\nYour notebook is of an earlier release, in which this question was another one or missing: "
    "the page of the assignment has it as it is now."
)
MISSING = re.compile(r"name '(\w+)' is not defined")
GIVEN_UP = ("TooLongError", "CrashError", "TooLargeError")  # these have flags of their own


class Runner(scoring.Functions, Protocol):
    """Where a student's cells run; `Student`, or a simpler one where the code is our own."""

    @property
    def flags(self) -> set[str]: ...

    def run(self, name: str, source: str, *, extra: bool = False) -> list[Error]: ...


def grade_apart(
    assignment: Assignment, data: bytes | None, isolated: bool, partial: bool = True
) -> Result:
    """Grade a submission in a process of its own; never raises."""
    begun = time.monotonic()
    result = _grade_apart(assignment, data, isolated, partial)
    result.seconds = round(time.monotonic() - begun, 2)
    return result


def _grade_apart(
    assignment: Assignment, data: bytes | None, isolated: bool, partial: bool
) -> Result:
    if data is None:
        return nothing(assignment, "missing", "no notebook was handed in")
    try:
        with tempfile.TemporaryDirectory() as folder:
            library = Path(folder, "library")
            student_library.build(library, imported(assignment.setup))
            functions = [question.function for question in assignment.questions]
            with Student(library, isolated=isolated, functions=functions) as student:
                return grade(assignment, data, student, partial)
    except MemoryError:
        return nothing(assignment, "out-of-memory", TOO_LARGE)
    except Exception as error:
        return failed(assignment, f"{type(error).__name__}: {error}")


def failed(assignment: Assignment, reason: str) -> Result:
    """The result where not the submission but its grading came to nothing."""
    return nothing(assignment, "crashed", f"grading failed: {reason}")


def grade(assignment: Assignment, data: bytes, student: Runner, partial: bool = True) -> Result:
    """Run a submission's cells as `student`, and score its functions outside of it."""
    try:
        with time_to_read():
            cells = notebook.recognise(assignment, notebook.read(data))
            as_handed_in = cells
            cells = notebook.with_answers_of_other_types(assignment, cells)
            turned = [one.id for one, was in zip(cells, as_handed_in, strict=True) if one != was]
            cells = notebook.without_open_copies(assignment, cells)
            for cell in cells:
                if cell.is_code:
                    plain_python(cell.source)  # it is remembered
    except notebook.UnreadableError as error:
        return nothing(assignment, "unreadable", str(error))
    answers = free_text(assignment, cells)
    result = Result({}, answers=answers.texts, notes=answers.notes)
    if answers.notes:
        result.flags.add("answer-elsewhere")
    sources = [cell.source for cell in cells if cell.is_code]
    result.number = assigned_number(sources, MY_NUMBER)
    result.code = own_code(assignment, cells)
    result.forms = _forms(assignment, cells)
    _compare_with_release(assignment, cells, result)
    if turned:
        result.flags.add("changed")
        result.changed = [*result.changed, *turned]
    run(assignment, cells, student, result)
    scoring.judge(assignment, student, result, partial)
    scoring.compute_numbers(assignment, student, result)
    _tell_of_failed_cells(assignment, cells, result)
    _tell_of_earlier_release(assignment, cells, result)
    if "other-assignment" in result.flags:  # then the others say nothing
        result.flags = {"other-assignment"}
    else:
        result.flags |= _failed_cells(assignment, cells, result)
    result.flags |= student.flags
    return result


def _forms(assignment: Assignment, cells: list[notebook.Cell]) -> dict[str, list[str]]:
    """The form of each answer's code, from the cell that defines it last."""
    answers = {
        question.id: cell.source
        for question in assignment.questions
        for cell in cells
        if cell.is_code and question.function in defined(cell.source)
    }
    return {id: forms(source) for id, source in answers.items()}


def _compare_with_release(
    assignment: Assignment, cells: list[notebook.Cell], result: Result
) -> None:
    if notebook.is_missing_an_answer(assignment, cells, result.answers):
        result.flags.add("missing")
    if other := notebook.other_assignment(assignment, cells):
        result.flags.add("other-assignment")
        result.answers, result.notes = {}, {}  # its texts answer other questions
        result.number = 0
        result.errors["file"] = (
            f"this is the notebook of {other}, and was graded as {assignment.name}"
        )
    elif changed := notebook.changed(assignment, cells):
        result.flags.add("changed")
        result.changed = changed


def _tell_of_earlier_release(
    assignment: Assignment, cells: list[notebook.Cell], result: Result
) -> None:
    """Say so where a question that lost points was not asked like this when it was handed out."""
    for id in notebook.asked_otherwise(assignment, cells):
        points = next(question.points for question in assignment.questions if question.id == id)
        if result.scores[id] < points and "other-assignment" not in result.flags:
            result.flags.add("earlier-release")
            result.verdicts[id] += EARLIER


def _tell_of_failed_cells(
    assignment: Assignment, cells: list[notebook.Cell], result: Result
) -> None:
    """Say so where a name is not there because its cell could not be read or run."""
    for question in assignment.questions:
        missing = MISSING.search(result.verdicts[question.id])
        if not missing:
            continue
        begun = f"{question.function}: not right yet.\n"
        if missing[1] == question.function and question.id in result.errors:
            told = f"Its cell failed: {result.errors[question.id]}"
            result.verdicts[question.id] = begun + told
            continue
        for cell in cells:
            if cell.id in result.errors and missing[1] in named(cell.source):
                told = f"It needs {missing[1]}, and that cell failed: {result.errors[cell.id]}"
                result.verdicts[question.id] = begun + told


def _failed_cells(assignment: Assignment, cells: list[notebook.Cell], result: Result) -> set[str]:
    """Flags of cells that did not run as in Jupyter, where their questions lost points."""
    lost = {q.function: q.id for q in assignment.questions if result.scores[q.id] < q.points}
    flags = set()
    for cell in cells:
        failed = result.errors.get(cell.id, "").partition(":")[0]
        if (not failed and cell.id not in result.left_out) or failed in GIVEN_UP:
            continue
        if imports_answers(cell.source, imported(assignment.setup)):  # that has its own flag
            continue
        if cell.id in lost.values() or defined(cell.source) & lost.keys():
            newer = plain_python(cell.source).newer
            flags.add("newer-python" if newer else "failed-cell")
    return flags


@contextlib.contextmanager
def time_to_read() -> Iterator[None]:
    """Raise where a notebook is made so that reading it does not end."""

    def up(*_: object) -> None:
        raise notebook.UnreadableError(
            f"reading the file takes more than {limits.READING_SECONDS:g} seconds"
        )

    if threading.current_thread() is not threading.main_thread():  # no signals there
        yield
        return
    before = signal.signal(signal.SIGALRM, up)
    signal.setitimer(signal.ITIMER_REAL, limits.READING_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(
    assignment: Assignment, cells: list[notebook.Cell], student: Runner, result: Result
) -> None:
    allowed = imported(assignment.setup)
    functions = {question.function for question in assignment.questions}
    answers = notebook.handed_out(assignment) - {cell.id for cell in cells if cell.is_test}
    made_by_tests = notebook.made_by_tests(assignment)
    if not notebook.holds_setup(assignment, cells):
        student.run("setup", assignment.setup)  # it was there when the student worked
    for cell in cells:
        source = notebook.added_to_test(assignment, cell) if cell.is_test else cell.source
        if not cell.is_code or (cell.is_test and not source.strip()):
            continue
        if imports_answers(source, allowed):
            result.flags.add("library-used")
        plain = plain_python(source)
        extra = cell.id not in answers and not defined(plain.source) & functions
        errors = student.run(cell.id, plain.source, extra=extra)
        told = [*_unread(plain), *(_told(*error) for error in errors if not _is_open(error))]
        if extra:
            told = [_with_reason(text, made_by_tests) for text in told]
        if told:
            result.errors[cell.id] = "; ".join(told)[:LONGEST]
        if plain.left_out:
            result.left_out[cell.id] = ", ".join(plain.left_out)[:LONGEST]


def _is_open(error: Error) -> bool:
    """Whether a question was called that nobody has answered."""
    return bool(error[0] == "NotImplementedError")


def _with_reason(told: str, made_by_tests: Set[str]) -> str:
    missing = MISSING.search(told)
    if told.startswith("NameError") and missing and missing[1] in made_by_tests:
        return f"{told}: a test makes it, and tests are not run here"
    return told


def _told(name: str, text: str, line: int | None) -> str:
    return f"{name}: {text}" + (f" (line {line})" if line else "")


def _unread(plain: Plain) -> list[str]:
    """What a cell holds that this Python cannot read; the rest of it was run."""
    if plain.error is None:
        return []
    text, line = plain.error
    newer = ""
    if plain.newer:
        newer = (
            f"; Python {'.'.join(map(str, plain.newer))} may read it, "
            f"and Python {platform.python_version()} graded"
        )
    return [f"SyntaxError: {text} (line {line}){newer}"]
