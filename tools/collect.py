"""Submissions as learning platforms export them: a folder or a zip file, named in several ways.

    ann/a1.ipynb                                            a folder for each student
    Ann Smith_12345_assignsubmission_file_/a1.ipynb         Moodle, with folders
    Ann Smith_12345_assignsubmission_file_a1.ipynb          Moodle, without
    smithann_12345_67890_a1.ipynb                           Canvas, also with LATE in it
    ann.ipynb                                               a file for each student
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MOODLE = re.compile(r"(?P<student>.+_\d+)_assignsubmission_(?:file|onlinetext)_?")
CANVAS = re.compile(r"(?P<student>[^_]+)(?:_LATE)?_(?P<number>\d+)_\d+_.+\.ipynb$")
SKIPPED = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store"}


@dataclass(frozen=True)
class Submission:
    """A student, and their file; None where they handed in no notebook."""

    student: str
    data: bytes | None


def collect(path: Path, assignment: str, largest: int) -> list[Submission]:
    """All submissions in a folder or a zip file, sorted by student."""
    if path.is_dir():
        files = _in_folder(path, largest)
    elif zipfile.is_zipfile(path):
        files = _in_zip(path, largest)
    else:
        raise ValueError(f"{path} is neither a folder nor a zip file")
    found: dict[str, dict[str, bytes]] = {}
    for name, data in files:
        student = student_of(name)
        found.setdefault(student, {})
        if name.suffix == ".ipynb":
            found[student][name.name] = data
    return [Submission(student, _chosen(found[student], assignment)) for student in sorted(found)]


def student_of(name: PurePosixPath) -> str:
    """The student that a file belongs to."""
    if len(name.parts) > 1:
        folder = name.parts[0]
        moodle = MOODLE.match(folder)
        return moodle["student"] if moodle else folder
    if moodle := MOODLE.match(name.name):
        return moodle["student"]
    if canvas := CANVAS.match(name.name):
        return f"{canvas['student']}_{canvas['number']}"
    return name.stem


def _chosen(notebooks: dict[str, bytes], assignment: str) -> bytes | None:
    """The notebook to grade: the one that names the assignment, or else the first."""
    named = [name for name in sorted(notebooks) if assignment in name]
    chosen = (named or sorted(notebooks))[:1]
    return notebooks[chosen[0]] if chosen else None


def _in_folder(folder: Path, largest: int) -> Iterator[tuple[PurePosixPath, bytes]]:
    for path in sorted(folder.rglob("*")):
        name = PurePosixPath(path.relative_to(folder).as_posix())
        if path.is_file() and not path.is_symlink() and not SKIPPED & set(name.parts):
            with path.open("rb") as file:
                yield name, file.read(largest + 1)


def _in_zip(path: Path, largest: int) -> Iterator[tuple[PurePosixPath, bytes]]:
    with zipfile.ZipFile(path) as archive:
        names = [PurePosixPath(info.filename) for info in archive.infolist() if not info.is_dir()]
        top = {name.parts[0] for name in names}
        wrapped = len(top) == 1 and all(len(name.parts) > 2 for name in names)
        for info in archive.infolist():
            name = PurePosixPath(info.filename)
            if info.is_dir() or SKIPPED & set(name.parts) or ".." in name.parts:
                continue
            with archive.open(info) as file:
                yield PurePosixPath(*name.parts[1:]) if wrapped else name, file.read(largest + 1)
