"""The grader's command line, run by tests, and the tables that it writes."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

from tools.course.assignments import ROOT
from tools.course.reports.tables import unescape_formula

QUIET = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}


def command(
    submissions: Path, out: Path, assignment: str = "a1", jobs: int = 1, seed: int = 0
) -> list[str]:
    grade = str(ROOT / "tools" / "grade.py")
    options = ["--assignment", assignment, "--out", str(out), "--jobs", str(jobs)]
    return [sys.executable, grade, str(submissions), *options, "--seed", str(seed)]


def run(
    submissions: Path, out: Path, assignment: str = "a1", jobs: int = 1, seed: int = 0
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(submissions, out, assignment, jobs, seed),
        capture_output=True,
        text=True,
        env=QUIET,
        check=False,
    )


def graded_rows(out: Path) -> dict[str, dict[str, str]]:
    """The lines of grades.csv by student."""
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return {unescape_formula(row["student"]): row for row in csv.DictReader(file)}


def times(out: Path) -> dict[str, int]:
    """When each result was written."""
    return {path.name: path.stat().st_mtime_ns for path in (out / "results").iterdir()}
