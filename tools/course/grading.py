"""Grade the submissions of a class.

    python tools/grade.py SUBMISSIONS --assignment a1 --out OUT [--jobs N]

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
import csv
import dataclasses
import hashlib
import html
import io
import json
import os
import re
import sys
import tempfile
from pathlib import Path

from tools.course import sandbox, student_library, submission
from tools.course.apart import each_apart
from tools.course.assignments import Assignment, load, names
from tools.course.collect import Submission, collect
from tools.course.student import Student

FREE_TEXT = ["student", "question", "points", "comment", "answer"]
FORMULA = tuple("=+-@\t\r'")
BAR = 30


def fingerprint(assignment: Assignment) -> str:
    """Changes when the assignment, or what grades it, does."""
    parts = [repr(assignment.questions), assignment.setup, repr(assignment.release)]
    rooms = Path(__file__).parent.rglob("*.py")
    for path in (*sorted(rooms), *sorted(student_library.PACKAGE.rglob("*.py"))):
        parts.append(path.read_text(encoding="utf-8"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def grade_one(assignment: Assignment, data: bytes | None, isolated: bool) -> dict:
    """Grade one submission; never raises."""
    if data is None:
        return as_record(submission.nothing(assignment, "missing", "no notebook was handed in"))
    try:
        with tempfile.TemporaryDirectory() as folder:
            library = Path(folder, "library")
            student_library.build(library, student_library.imported(assignment.setup))
            with Student(library, isolated=isolated) as student:
                return as_record(submission.grade(assignment, data, student))
    except Exception as error:
        return failed(assignment, f"{type(error).__name__}: {error}")


def failed(assignment: Assignment, reason: str) -> dict:
    """The record where not the submission but its grading came to nothing."""
    return as_record(submission.nothing(assignment, "crashed", f"grading failed: {reason}"))


def as_record(result: submission.Result) -> dict:
    return {**dataclasses.asdict(result), "flags": sorted(result.flags)}


# --- files -------------------------------------------------------------------------------------


def safe(student: str) -> str:
    """A file name for a student; two students never share one."""
    plain = re.sub(r"[^\w.-]+", "-", student)[:40].strip(".-")
    if plain and plain == student and not re.search(r"-[0-9a-f]{8}$", plain):
        return plain
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"


def write(path: Path, text: str) -> None:
    """Write a file in one step, so that an interruption leaves the old one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8", errors="replace", newline="")
    draft.replace(path)


def as_csv(rows: list[list], head: list[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *([harmless(value) for value in row] for row in rows)])
    return text.getvalue()


def harmless(value):
    """Text that a spreadsheet takes for text, and not for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def meant(text: str | None) -> str:
    """Undoes `harmless`, whether or not a spreadsheet has undone it already."""
    text = text or ""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def shown(points: float) -> str:
    return f"{points:g}"


def grades_csv(assignment: Assignment, records: dict[str, dict], manual: dict) -> str:
    ids = [question.id for question in assignment.questions]
    texts = [question.id for question in assignment.free_text]
    rows = []
    for student, record in sorted(records.items()):
        scores = [record["scores"].get(id, 0.0) for id in ids]
        rows.append(
            [
                student,
                shown(sum(scores)),
                shown(assignment.auto_max),
                shown(assignment.manual_max),
                " ".join(record["flags"]),
                *(shown(score) for score in scores),
                *(manual.get((student, id), ("", ""))[0] for id in texts),
            ]
        )
    head = ["student", "auto_score", "auto_max", "manual_max", "flags", *ids, *texts]
    return as_csv(rows, head)


def read_free_text(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Points and comments that a teacher has entered."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not set(FREE_TEXT) <= set(rows.fieldnames or []):
            raise ValueError(f"{path.name} must have the columns {', '.join(FREE_TEXT)}")
        return {
            (meant(row["student"]), meant(row["question"])): (
                meant(row["points"]),
                meant(row["comment"]),
            )
            for row in rows
        }


def free_text_csv(assignment: Assignment, records: dict[str, dict], manual: dict) -> str:
    rows = [
        [
            student,
            question.id,
            *manual.get((student, question.id), ("", "")),
            record["answers"].get(question.id, ""),
        ]
        for student, record in sorted(records.items())
        for question in assignment.free_text
    ]
    # Who is not among these submissions, because only the late ones came, keeps what was entered.
    rows += [
        [student, question, points, comment, ""]
        for (student, question), (points, comment) in sorted(manual.items())
        if student not in records and (points or comment)
    ]
    return as_csv(rows, FREE_TEXT)


def feedback_html(assignment: Assignment, student: str, record: dict, manual: dict) -> str:
    """What a student reads: points and verdicts, and no hidden test."""
    rows = []
    for question in assignment.questions:
        rows.append(
            (
                f"{question.id}: {question.function}",
                record["scores"].get(question.id, 0.0),
                question.points,
                record["verdicts"].get(question.id, ""),
            )
        )
    for question in assignment.free_text:
        points, comment = manual.get((student, question.id), ("", ""))
        rows.append((question.id, points or "to be read", question.points, comment))
    table = "\n".join(
        f"<tr><th scope=row>{html.escape(name)}</th>"
        f"<td>{points if isinstance(points, str) else shown(points)} of {shown(most)}</td>"
        f"<td><pre>{html.escape(verdict)}</pre></td></tr>"
        for name, points, most, verdict in rows
    )
    errors = "\n".join(
        f"<li><b>{html.escape(name)}</b>: {html.escape(text)}</li>"
        for name, text in record["errors"].items()
    )
    notes = f"<h2>Cells that failed</h2>\n<ul>\n{errors}\n</ul>" if errors else ""
    if record["flags"]:
        notes += f"\n<p>Noted: {html.escape(', '.join(record['flags']))}.</p>"
    return PAGE.format(title=html.escape(f"{assignment.name}: {student}"), table=table, notes=notes)


PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 1rem }}
th, td {{ text-align: left; vertical-align: top; padding: .5rem; border-top: 1px solid #bbb }}
pre {{ margin: 0; white-space: pre-wrap }}
</style>
<h1>{title}</h1>
<table>
<tr><th scope=col>Question</th><th scope=col>Points</th><th scope=col>Verdict</th></tr>
{table}
</table>
{notes}
</html>
"""


# --- a class -----------------------------------------------------------------------------------


def stored(path: Path, key: str) -> dict | None:
    """The record of an earlier run, if it is of the same file and the same tests."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return record["result"] if record["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def require_reference(assignment: Assignment, isolated: bool) -> None:
    """Raise where the master's own solutions would not earn everything: then nobody's can."""
    sources = [assignment.setup, *(question.solution for question in assignment.questions)]
    notebook = {"cells": [{"cell_type": "code", "source": source} for source in sources]}
    task = assignment, json.dumps(notebook).encode(), isolated
    ((_, record),) = each_apart(grade_one, {"reference": task}, 1)
    if record is None or record["scores"] != {q.id: q.points for q in assignment.questions}:
        reasons = (record or failed(assignment, "its process ended"))["errors"]
        raise ValueError(
            f"the master's own solutions do not earn all points here, so nothing is "
            f"graded. {'; '.join(reasons.values())}"
        )


def grade_class(
    submissions: list[Submission],
    assignment: Assignment,
    out: Path,
    jobs: int,
    isolated: bool,
    progress,
) -> dict[str, dict]:
    """Grade what is new or changed, several at a time; return all records."""
    tests = fingerprint(assignment)
    records, waiting = {}, {}
    for one in submissions:
        key = hashlib.sha256(tests.encode() + (one.data or b"")).hexdigest()
        path = out / "results" / f"{safe(one.student)}.json"
        if (record := stored(path, key)) is not None:
            records[one.student] = record
        else:
            waiting[one.student] = (one.data, key, path)
    if waiting:
        require_reference(assignment, isolated)
    progress(len(records), len(submissions))
    tasks = {student: (assignment, data, isolated) for student, (data, _, _) in waiting.items()}
    for student, record in each_apart(grade_one, tasks, jobs):
        if record is None:
            record = failed(assignment, "its process ended")
        _, key, path = waiting[student]
        records[student] = record
        write(path, json.dumps({"key": key, "result": record}, indent=1))
        progress(len(records), len(submissions))
    return records


def require_folder(out: Path, submissions: Path, assignment: str) -> None:
    """Make the folder of results: of one assignment, and where no run takes it for a student."""
    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        raise ValueError(f"--out must not lie within {submissions}, among the submissions")
    mark = out / "assignment.txt"
    if mark.is_file() and (other := mark.read_text(encoding="utf-8").strip()) != assignment:
        raise ValueError(f"{out} holds grades of {other}; choose another folder for {assignment}")
    write(mark, assignment)


def bar(done: int, total: int) -> None:
    """A progress bar on a terminal; elsewhere nothing until all is done."""
    if sys.stderr.isatty() or done == total:
        filled = BAR * done // max(total, 1)
        print(
            f"\r[{'#' * filled}{' ' * (BAR - filled)}] {done} of {total}",
            file=sys.stderr,
            end="\n" if done == total else "",
            flush=True,
        )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("submissions", type=Path, help="a folder or a zip file")
    parser.add_argument("--assignment", required=True, choices=names())
    parser.add_argument("--out", type=Path, required=True, help="where the grades go")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="submissions at once")
    parser.add_argument(
        "--no-sandbox",
        action="store_true",
        help="run submissions with your own rights: only those that you trust",
    )
    options = parser.parse_args(arguments)
    if options.jobs < 1:
        parser.error(f"--jobs must be 1 or more; got {options.jobs}")
    try:
        if not options.no_sandbox:
            sandbox.require()
        require_folder(options.out, options.submissions, options.assignment)
        found = collect(options.submissions, options.assignment, submission.LARGEST)
        manual = read_free_text(options.out / "free-text.csv")
    except (ValueError, OSError, sandbox.SandboxError) as error:
        parser.error(str(error))
    if not found:
        parser.error(f"{options.submissions} holds no submissions")
    assignment = load(options.assignment)
    try:
        records = grade_class(
            found, assignment, options.out, options.jobs, not options.no_sandbox, bar
        )
    except ValueError as error:
        parser.error(str(error))
    except KeyboardInterrupt:
        print("\nstopped; the same command goes on from here", file=sys.stderr)
        return 130
    write(options.out / "grades.csv", grades_csv(assignment, records, manual))
    write(options.out / "free-text.csv", free_text_csv(assignment, records, manual))
    for student, record in records.items():
        write(
            options.out / "feedback" / f"{safe(student)}.html",
            feedback_html(assignment, student, record, manual),
        )
    print(f"{len(records)} submissions: {options.out / 'grades.csv'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
