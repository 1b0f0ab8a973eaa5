"""Assignments: from a master notebook to what students get, and to what they are graded by.

A master is a notebook in nbgrader's format. A question has up to four cells: the solution `q1`,
which defines one function; the tests `q1-visible` and `q1-hidden`; or, for free text, the answer
`q5`, whose points a teacher gives.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import Config

from tools.course import secret
from tools.course.source_code import imported
from tools.course.student_library import ALLOWED

ROOT = Path(__file__).resolve().parents[2]
MASTERS = "book/assignments/source"
SOURCE = ROOT / MASTERS
RELEASE = ROOT / "_build" / "release"

RECORD = "released.json"  # beside the master
STUB = "raise NotImplementedError  # replace this line by your own"
TEXT_STUB = "*Your answer:*"
MY_NUMBER = "my_number"  # which students write into a cell of this
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", re.DOTALL)
ANSWER = re.compile(
    r"def (\w+)\(.*\):\n    ### BEGIN SOLUTION\n(?:(?:    .*)?\n)+    ### END SOLUTION"
)
SEED = re.compile(r"^SEED = (\d+)$", re.MULTILINE)  # in hidden tests
MARKERS = re.compile(r"^ *### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A function to write, and the tests that decide its points."""

    id: str
    function: str
    points: float
    solution: str
    visible: str
    hidden: str

    @property
    def seed(self) -> int:
        """What the hidden test draws its inputs from; 0 where it draws none."""
        found = SEED.search(self.hidden)
        return int(found[1]) if found else 0


@dataclass(frozen=True)
class FreeText:
    """A question that a teacher reads; its hidden code makes `numbers` of the student's own run."""

    id: str
    points: float
    hidden: str = ""


@dataclass(frozen=True)
class Released:
    """What students were ever handed out: hashes of locked cells by name, and of their lines.

    `releases` has the names of the locked cells of each.
    """

    cells: dict[str, list[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    releases: list[list[str]] = field(default_factory=list)

    def has(self, id: str, source: str | None) -> bool:
        """Whether a cell is as it was in some release."""
        return source is not None and _hash(source) in self.cells.get(id, ())

    def has_line(self, line: str) -> bool:
        return _hash(line) in self.lines

    def names_of(self, source: str) -> list[str]:
        """The names that a cell of this text was handed out with."""
        return [id for id, hashes in self.cells.items() if _hash(source) in hashes]


@dataclass(frozen=True)
class Assignment:
    """A master notebook, taken apart."""

    name: str
    setup: str  # the code that a student's functions stand on
    questions: tuple[Question, ...]
    free_text: tuple[FreeText, ...]
    release: NotebookNode
    released: Released = field(default_factory=Released, compare=False)
    secret: int = 0  # of the course, or a seed

    @property
    def points(self) -> dict[str, float]:
        """What each question gives at most, those in words too."""
        tested = {question.id: question.points for question in self.questions}
        return tested | {question.id: question.points for question in self.free_text}

    @property
    def auto_max(self) -> float:
        return sum(question.points for question in self.questions)

    @property
    def manual_max(self) -> float:
        return sum(question.points for question in self.free_text)


def names() -> list[str]:
    return sorted(path.parent.name for path in SOURCE.glob("*/*.ipynb"))


def load(name: str, source: Path = SOURCE) -> Assignment:
    path = source / name / f"{name}.ipynb"
    if not path.is_file():
        raise ValueError(f"there is no assignment {name!r}; there are {', '.join(names())}")
    master = nbformat.read(path, as_version=4)
    cells = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in master.cells
        if "nbgrader" in cell.metadata
    }
    questions, free_text = [], []
    for id, cell in cells.items():
        grader = cell.metadata.nbgrader
        if not grader.solution:
            continue
        if grader.grade:
            free_text.append(FreeText(id, grader.points, _hidden(cells, id)))
        else:
            questions.append(_question(id, cell, cells))
    setup = next(cell.source for cell in master.cells if cell.cell_type == "code")
    if unknown := imported(setup) - ALLOWED:
        raise ValueError(
            f"{name} imports {', '.join(sorted(unknown))} in its first code cell; "
            f"submissions can be given {', '.join(sorted(ALLOWED))}"
        )
    notebook = release(master)
    released = _released(notebook, record_of(name, source))
    return Assignment(name, setup, tuple(questions), tuple(free_text), notebook, released)


def with_secret(assignment: Assignment, number: int) -> Assignment:
    """The assignment, whose hidden tests draw their inputs from a course's secret."""
    questions = tuple(
        dataclasses.replace(one, hidden=SEED.sub(f"SEED = {drawn}", one.hidden))
        for one in assignment.questions
        for drawn in [secret.number(number, assignment.name, one.id)]
    )
    return dataclasses.replace(assignment, questions=questions, secret=number)


def _released(notebook: NotebookNode, record: Path) -> Released:
    """What the record of releases holds, and the release of today."""
    known = recorded(record)
    cells = {id: set(hashes) for id, hashes in known.cells.items()}
    lines = set(known.lines)
    releases = known.releases
    today = []
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata and not cell.metadata.nbgrader.solution:
            today.append(cell.metadata.nbgrader.grade_id)
            cells.setdefault(today[-1], set()).add(_hash(cell.source))
            if cell.cell_type == "markdown":
                lines |= {_hash(line) for line in cell.source.splitlines() if line.strip()}
    return Released(
        {id: sorted(hashes) for id, hashes in sorted(cells.items())},
        sorted(lines),
        releases if today in releases else [*releases, today],
    )


def alike(one: str, other: str) -> bool:
    """Whether two texts of a cell are the same, but for line ends and space at the end of lines."""
    return _hash(one) == _hash(other)


def recorded(record: Path) -> Released:
    """What students were handed out so far; nothing where there is no record."""
    if not record.is_file():
        return Released()
    return Released(**json.loads(record.read_text(encoding="utf-8")))


def record_of(name: str, source: Path = SOURCE) -> Path:
    return source / name / RECORD


def _hash(source: str) -> str:
    """A short hash of text, in which line ends and space at the end of lines do not count."""
    lines = [line.rstrip() for line in source.strip().splitlines()]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:16]


def _question(id: str, cell: NotebookNode, cells: dict[str, NotebookNode]) -> Question:
    function = ANSWER.fullmatch(cell.source.rstrip())
    hidden = _hidden(cells, id)
    if not function or not hidden.strip():
        raise ValueError(
            f"question {id} needs one function whose body lies between BEGIN SOLUTION "
            f"and END SOLUTION, and a cell {id}-hidden with hidden tests"
        )
    visible = cells[f"{id}-visible"].source if f"{id}-visible" in cells else ""
    return Question(
        id,
        function[1],
        cells[f"{id}-hidden"].metadata.nbgrader.points,
        MARKERS.sub("", cell.source),
        visible,
        hidden,
    )


def _hidden(cells: dict[str, NotebookNode], id: str) -> str:
    """The hidden code of a question."""
    tests = cells.get(f"{id}-hidden")
    found = HIDDEN.search(tests.source) if tests else None
    return found[1] if found else ""


def release(master: NotebookNode) -> NotebookNode:
    """Return the notebook that students get: no solutions, no hidden tests, no outputs."""
    config = Config()
    config.ClearSolutions.code_stub = {"python": STUB}
    config.ClearSolutions.text_stub = TEXT_STUB
    notebook, resources = nbformat.from_dict(master), {"kernel_name": "python3"}
    for step in (
        LockCells,
        ClearSolutions,
        ClearOutput,
        ClearHiddenTests,
        ComputeChecksums,
        CheckCellMetadata,
    ):
        notebook, resources = step(config=config).preprocess(notebook, resources)
    return notebook


def write_release(name: str, folder: Path) -> Path:
    path, assignment = folder / f"{name}.ipynb", load(name)
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(assignment.release, path)
    record_release(assignment)
    return path


def record_release(assignment: Assignment, source: Path | None = None) -> None:
    """Keep in mind what students get, beside what they got before."""
    path = record_of(assignment.name, source or ROOT / MASTERS)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(dataclasses.asdict(assignment.released), indent=1) + "\n"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
