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
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MOODLE = re.compile(r"(?P<student>.+_\d+)_assignsubmission_(?:file|onlinetext)_?")
CANVAS = re.compile(r"(?P<student>[^_]+)(?:_LATE)?_(?P<number>\d+)_\d+_.+")
SKIPPED = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store"}
NOTEBOOK = ".ipynb"
FOLDER = "*"  # stands for the folder itself: an empty one is of a student too

File = tuple[PurePosixPath, bytes | None]  # the data of notebooks; b"" if they cannot be read


@dataclass(frozen=True)
class Submission:
    """A student, and their file; None where they handed in no notebook."""

    student: str
    data: bytes | None


def collect(path: Path, assignment: str, largest: int) -> list[Submission]:
    """All submissions in a folder or a zip file, sorted by student."""
    if path.is_dir():
        files = list(_in_folder(path, largest))
    elif zipfile.is_zipfile(path):
        files = list(_in_zip(path, largest))
    else:
        raise ValueError(f"{path} is neither a folder nor a zip file")
    found: dict[str, dict[str, bytes]] = {}
    for name, data in _unwrapped(files):
        if not _is_of_a_student(name):
            continue
        notebooks = found.setdefault(student_of(name), {})
        if data is not None:
            notebooks[name.name] = data
    return [Submission(student, _chosen(found[student], assignment)) for student in sorted(found)]


def _unwrapped(files: list[File]) -> list[File]:
    """The files without a folder that holds all of them, as a zip of a folder does."""
    inner = [
        (PurePosixPath(*name.parts[1:]), data)
        for name, data in files
        if name.parts[2:] or (name.parts[1:] and name.name != FOLDER)
    ]
    notebooks = [name for name, data in inner if data is not None]
    wrapped = (
        len({name.parts[0] for name, _ in files}) == 1
        and notebooks
        and all(len(name.parts) > 1 or _is_export(name.name) for name in notebooks)
    )
    return inner if wrapped and not MOODLE.match(files[0][0].parts[0]) else files


def _is_export(name: str) -> bool:
    return bool(MOODLE.match(name) or CANVAS.match(name))


def _is_of_a_student(name: PurePosixPath) -> bool:
    """Whether a file belongs to a student; a list of the class, say, does not."""
    return len(name.parts) > 1 or name.suffix == NOTEBOOK or _is_export(name.name)


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


def _in_folder(folder: Path, largest: int) -> Iterator[File]:
    """Every entry; what is no ordinary file (a link, a pipe) is an entry without data."""
    for path in sorted(folder.rglob("*")):
        name = PurePosixPath(_readable(path.relative_to(folder).as_posix()))
        if SKIPPED & set(name.parts):
            continue
        regular = path.is_file() and not path.is_symlink() and name.suffix == NOTEBOOK
        yield name / FOLDER if path.is_dir() else name, _data(path, largest) if regular else None


def _in_zip(path: Path, largest: int) -> Iterator[File]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name = PurePosixPath(_readable(info.filename))
            if not name.parts or {"..", "/", *SKIPPED} & set(name.parts):
                continue
            regular = not info.is_dir() and name.suffix == NOTEBOOK
            yield (
                name / FOLDER if info.is_dir() else name,
                _member(archive, info, largest) if regular else None,
            )


def _data(path: Path, largest: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(largest + 1)
    except OSError:
        return b""


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int) -> bytes:
    try:
        with archive.open(info) as file:
            return file.read(largest + 1)
    except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):  # locked or damaged
        return b""


def _readable(name: str) -> str:
    """A name that can be written to any file, whatever its bytes were."""
    return name.encode("utf-8", "backslashreplace").decode()
