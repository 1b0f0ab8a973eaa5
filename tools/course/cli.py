"""Grade the submissions of a class.

SUBMISSIONS is a folder or a zip file as a learning platform exports it. OUT gets

    grades.csv            a line for each student
    free-text.csv         what students wrote; enter points and a comment, they survive a new run
    feedback/NAME.html    for the student; shows no hidden test
    assignment.txt        which assignment this folder is for
    report.html           what the class can do, and what to teach again; names nobody
    results/NAME.json     what is known of each submission, so that a new run grades what is new
    similar.csv           with --similar: who handed in the same code

With --moodle or --canvas also the platform's own sheet, filled in, and feedback.zip for upload.
A single notebook without --out is graded to the screen: exit status 0 if all is right, 1 if not,
and 2 if it could not be graded.

Run it again at any time: after an interruption, for late submissions, or with another master.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from tools.course import secret
from tools.course.assignments import Assignment, load, names, with_secret
from tools.course.collecting import collect, is_notebook
from tools.course.files import file_name, write
from tools.course.gradebook import grade_class, grade_file, mark_folder, require_folder
from tools.course.grading import notebook, sandbox
from tools.course.grading.result import Result
from tools.course.reports.feedback import feedback_html
from tools.course.reports.platforms import (
    Sheet,
    canvas_sheet,
    feedback_archive,
    filled,
    moodle_sheet,
)
from tools.course.reports.report import report_html
from tools.course.reports.sheets import MARK
from tools.course.reports.similar import similar_csv
from tools.course.reports.tables import (
    Read,
    free_text_csv,
    grades_csv,
    read_free_text,
    strangers,
    students_of,
    with_points_by_hand,
)

tqdm.monitor_interval = 0  # its thread would be there when a worker is forked


def main(arguments: list[str] | None = None) -> int:
    parser = command_line()
    options = parser.parse_args(arguments)
    if options.jobs < 1:
        parser.error(f"--jobs must be 1 or more; got {options.jobs}")
    alone = is_notebook(options.submissions) and not options.submissions.is_dir()
    if options.out is None and not alone:
        parser.error("the following arguments are required: --out")
    try:
        if not options.no_sandbox:
            sandbox.require()
        with interruptible():
            return grade_one(options) if options.out is None else grade_all(options)
    except (ValueError, OSError, sandbox.SandboxError) as error:
        parser.exit(2, f"{parser.prog}: error: {error}\n")
    except KeyboardInterrupt as stopped:
        print("\nstopped; the same command goes on from here", file=sys.stderr)
        return 128 + int(stopped.args[0] if stopped.args else signal.SIGINT)


def grade_one(options: argparse.Namespace) -> int:
    """Grade a notebook and print its verdicts; 0 if all is right, 1 if not, 2 if it cannot be."""
    assignment = assignment_of(options)
    result = grade_file(
        options.submissions, assignment, not options.no_sandbox, not options.all_or_nothing
    )
    print(*told_lines(assignment, result), sep="\n")
    if "file" in result.errors:
        return 2
    return 0 if result.score == assignment.auto_max else 1


def grade_all(options: argparse.Namespace) -> int:
    """Grade a class, and write what teachers and students read."""
    begun = time.monotonic()
    assignment, out = assignment_of(options), options.out
    require_folder(out, options.submissions, options.assignment)
    found = collect(options.submissions, options.assignment, notebook.LARGEST)
    if not found:
        raise ValueError(f"{options.submissions} holds no submissions")
    students = [one.student for one in found]
    sheets = read_sheets(options, assignment, students)
    for sheet in sheets:
        found = [sheet.told_of(one) for one in found]
    before = students_of(out / "grades.csv")
    read = read_free_text(out / "free-text.csv", assignment, {*students, *before})
    for student in strangers(read, students, before):
        print(f"free-text.csv: nobody is called {student!r}; the row stays", file=sys.stderr)
    mark_folder(out, options.assignment)
    graded = grade_class(
        found, assignment, out, options.jobs, not options.no_sandbox, not options.all_or_nothing
    )
    with contextlib.closing(graded):
        results = dict(tqdm(graded, total=len(found), unit="submission", disable=None))
    seconds, by_hand = time.monotonic() - begun, options.seed is not None
    write(out / "report.html", report_html(assignment, results, read, seconds, by_hand))
    results = with_points_by_hand(assignment, results, read)
    pages = write_reports(out, assignment, results, read)
    if options.similar:
        write(out / "similar.csv", MARK + similar_csv(assignment, results))
    for sheet in sheets:
        content, waiting = filled(sheet, assignment, results, read)
        write(out / sheet.table.name, content)
        for reason, students_waiting in waiting.items():
            who = ", ".join(students_waiting)
            print(f"{sheet.table.name}: no grade yet, since {reason}: {who}", file=sys.stderr)
    if not sheets and (out / "feedback.zip").exists():
        print(
            f"{out / 'feedback.zip'} and the platform's sheet beside it are of an earlier run: "
            "for new ones give --moodle or --canvas again",
            file=sys.stderr,
        )
    if not options.similar and (out / "similar.csv").exists():
        print(f"{out / 'similar.csv'} is of an earlier run", file=sys.stderr)
    if sheets:
        origins = {one.student: one.origin for one in found}
        write(out / "feedback.zip", feedback_archive(pages, origins))
    print(f"{len(results)} submissions: {out / 'grades.csv'}")
    return 0


def assignment_of(options: argparse.Namespace) -> Assignment:
    """The assignment with the inputs of this course, or of the seed that was given."""
    number, is_new = (options.seed, False) if options.seed is not None else secret.of_this_course()
    if is_new:
        print(secret.IS_NEW.format(secret.FILE), file=sys.stderr)
    return with_secret(load(options.assignment), number)


def read_sheets(
    options: argparse.Namespace, assignment: Assignment, students: list[str]
) -> list[Sheet]:
    """The platforms' sheets; a ValueError, before anything is graded, where one does not fit."""
    sheets = []
    if options.moodle:
        sheets.append(moodle_sheet(options.moodle, assignment, students))
    if options.canvas:
        sheets.append(canvas_sheet(options.canvas, assignment, students, options.canvas_column))
    own = {"grades.csv", "free-text.csv"}
    for sheet, path in zip(sheets, filter(None, (options.moodle, options.canvas)), strict=True):
        if sheet.table.name in own or path.resolve().parent == options.out.resolve():
            raise ValueError(f"{path} must lie elsewhere, and not be called {' or '.join(own)}")
    return sheets


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
        "submissions", metavar="SUBMISSIONS", type=Path, help="a folder, a zip file or a notebook"
    )
    parser.add_argument("--assignment", required=True, choices=names())
    parser.add_argument("--out", type=Path, help="where the grades go; needed but for a notebook")
    parser.add_argument(
        "--moodle", type=Path, metavar="CSV", help="Moodle's grading worksheet, to be filled in"
    )
    parser.add_argument(
        "--canvas", type=Path, metavar="CSV", help="Canvas's exported gradebook, to be filled in"
    )
    parser.add_argument(
        "--canvas-column", metavar="TITLE", default="", help="its column, where no title says it"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="submissions at once")
    parser.add_argument(
        "--seed", type=int, metavar="N", help="draws the inputs, in place of your course's secret"
    )
    parser.add_argument(
        "--all-or-nothing", action="store_true", help="no half points for what is nearly right"
    )
    parser.add_argument(
        "--similar", action="store_true", help="also similar.csv: who handed in the same code"
    )
    parser.add_argument(
        "--no-sandbox",
        action="store_true",
        help="run submissions with your own rights: only those that you trust",
    )
    return parser


def write_reports(
    out: Path, assignment: Assignment, results: dict[str, Result], read: Read
) -> dict[str, str]:
    """Write the tables and the pages; return the pages by student."""
    write(out / "grades.csv", MARK + grades_csv(assignment, results, read))
    write(out / "free-text.csv", MARK + free_text_csv(assignment, results, read))
    pages = {
        student: feedback_html(assignment, student, result, read)
        for student, result in results.items()
    }
    for student, page in pages.items():
        write(out / "feedback" / f"{file_name(student)}.html", page)
    return pages


def told_lines(assignment: Assignment, result: Result) -> list[str]:
    """The verdicts on one notebook, and what else its student should know."""
    lines = []
    for question in assignment.questions if result.verdicts else ():
        points = f"{result.scores[question.id]:g} of {question.points:g}"
        lines += [f"{question.id} ({points})", result.verdicts.get(question.id, "")]
        if case := result.hidden.get(question.id):
            lines += ["On hidden inputs, which the student's page does not show:", case]
        lines.append("")
    lines += [f"{cell}: {text}" for cell, text in result.errors.items()]
    return [*lines, f"{result.score:g} of {assignment.auto_max:g} points from tests"]
