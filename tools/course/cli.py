"""Grade the submissions of a class.

SUBMISSIONS is a folder or a zip file as a learning platform exports it. OUT gets

    grades.csv            a line for each student
    free-text.csv         what students wrote; enter points and a comment, they survive a new run
    feedback/NAME.html    for the student; shows no hidden test
    assignment.txt        which assignment this folder is for
    results/NAME.json     what is known of each submission, so that a new run grades what is new

Run it again at any time: after an interruption, for late submissions, or with another master.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from tools.course.assignments import Assignment, load, names
from tools.course.collecting import collect
from tools.course.files import file_name, write
from tools.course.gradebook import grade_class, require_folder
from tools.course.grading import notebook, sandbox
from tools.course.grading.result import Result
from tools.course.reports.feedback import feedback_html
from tools.course.reports.sheets import MARK
from tools.course.reports.tables import (
    Read,
    free_text_csv,
    grades_csv,
    read_free_text,
    strangers,
    students_of,
)

tqdm.monitor_interval = 0  # its thread would be there when a worker is forked


def main(arguments: list[str] | None = None) -> int:
    parser = command_line()
    options = parser.parse_args(arguments)
    if options.jobs < 1:
        parser.error(f"--jobs must be 1 or more; got {options.jobs}")
    try:
        if not options.no_sandbox:
            sandbox.require()
        require_folder(options.out, options.submissions, options.assignment)
        found = collect(options.submissions, options.assignment, notebook.LARGEST)
        assignment = load(options.assignment)
        now, before = {one.student for one in found}, students_of(options.out / "grades.csv")
        read = read_free_text(options.out / "free-text.csv", assignment, now | before)
        for student in strangers(read, now, before):
            print(f"free-text.csv: nobody is called {student!r}; the row stays", file=sys.stderr)
    except (ValueError, OSError, sandbox.SandboxError) as error:
        parser.error(str(error))
    if not found:
        parser.error(f"{options.submissions} holds no submissions")
    graded = grade_class(found, assignment, options.out, options.jobs, not options.no_sandbox)
    try:
        with interruptible(), contextlib.closing(graded):
            results = dict(tqdm(graded, total=len(found), unit="submission", disable=None))
    except ValueError as error:
        parser.error(str(error))
    except KeyboardInterrupt as stopped:
        print("\nstopped; the same command goes on from here", file=sys.stderr)
        return 128 + int(stopped.args[0] if stopped.args else signal.SIGINT)
    write_reports(options.out, assignment, results, read)
    print(f"{len(results)} submissions: {options.out / 'grades.csv'}")
    return 0


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Have the signals that end a process interrupt it: then its workers end with it."""

    def interrupt(number: int, _: object) -> None:
        raise KeyboardInterrupt(number)

    ending = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, interrupt) for number in ending]
    try:
        yield
    finally:
        for number, handler in zip(ending, before, strict=True):
            signal.signal(number, handler)


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "submissions", metavar="SUBMISSIONS", type=Path, help="a folder or a zip file"
    )
    parser.add_argument("--assignment", required=True, choices=names())
    parser.add_argument("--out", type=Path, required=True, help="where the grades go")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="submissions at once")
    parser.add_argument(
        "--no-sandbox",
        action="store_true",
        help="run submissions with your own rights: only those that you trust",
    )
    return parser


def write_reports(
    out: Path, assignment: Assignment, results: dict[str, Result], read: Read
) -> None:
    write(out / "grades.csv", MARK + grades_csv(assignment, results, read))
    write(out / "free-text.csv", MARK + free_text_csv(assignment, results, read))
    for student, result in results.items():
        page = feedback_html(assignment, student, result, read)
        write(out / "feedback" / f"{file_name(student)}.html", page)
