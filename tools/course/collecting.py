"""Submissions as learning platforms export them: a folder or a zip file, named in several ways.

ann/a1.ipynb                                            a folder for each student
Ann Smith_12345_assignsubmission_file_/a1.ipynb         Moodle, with folders
Ann Smith_12345_assignsubmission_file_a1.ipynb          Moodle, without
smithann_12345_67890_a1.ipynb                           Canvas, also with LATE before the numbers
anon_a1B2c_67890_a1.ipynb                               Canvas, anonymous, also with LATE first
a1_ann_attempt_2026-11-30-10-11-12_a1.ipynb             Blackboard
123-456 - Ann Smith - Nov 30, 2026 1011 AM - a1.ipynb   Brightspace
ann/a1/a1.ipynb                                         nbgrader, below `submitted`
ann.ipynb                                               a file for each student
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple

from tools.course.assignments import names

CANVAS_END = r"(?:\d+_(?P<file>.+)|(?:text|link)\.html)"
EXPORTS = [
    re.compile(r"(?P<student>.+_\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)"),  # Moodle
    re.compile(  # Blackboard
        r".+_(?P<student>[^_]+)_attempt_(?P<attempt>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)"
    ),
    # Canvas, also where it marks anonymously.
    re.compile(rf"(?P<late>LATE_)?(?P<student>anon_\w{{5}})_{CANVAS_END}"),
    re.compile(rf"(?P<student>[\w-]+?)(?P<late>_LATE)?_(?P<number>\d+)_{CANVAS_END}"),
    re.compile(  # Brightspace: a date with its year, in the words of the language
        r"(?P<number>\d+)-\d+ - (?P<student>.+?) - (?P<moment>(?=[^-]*\d{4})[\w ,.:]+)"
        r"(?: - (?P<file>.+))?"
    ),
]
MOMENT = re.compile(r"(\w{3})\w* (\d+), (\d{4}) (\d{1,2}?)(\d\d) ([AP])M")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
SKIPPED = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store", "desktop.ini", "Thumbs.db"}
SKIPPED |= {".git", ".github"}
APPLE_DOUBLE = b"\x00\x05\x16\x07"  # what macOS writes beside a file, as ._a1.ipynb
NOTEBOOK, ARCHIVE = ".ipynb", ".zip"
FOLDER = "*"  # stands for the folder itself: an empty one is of a student too
COPY = re.compile(r"(?:copy|[-_ (])\s*(\d+)\)?$", re.IGNORECASE)
ADDED = re.compile(r"(\.ipynb)\.(?:txt|json)$", re.IGNORECASE)
HUGE = 100 * 1024**2  # bytes that are read in the hope that most of them are outputs
MOST_PARTS, MOST_FILES = 200_000, 100  # of a huge notebook, and of an archive in a folder


class File(NamedTuple):
    """A file or folder; the data of notebooks alone, and b"" where they cannot be read."""

    name: PurePosixPath
    data: bytes | None = None
    date: float = 0.0


@dataclass(frozen=True)
class Submission:
    """A student, and the notebook to grade; None where they handed in none."""

    student: str
    data: bytes | None
    file: str = ""  # where the notebook lay, seen from the student's folder
    others: tuple[str, ...] = ()  # what else they handed in
    flags: frozenset[str] = frozenset()
    origin: str = ""  # what the platform has called their file or folder
    names: tuple[str, ...] = ()  # what else it calls the student


def collect(path: Path, assignment: str, largest: int) -> list[Submission]:
    """All submissions in a folder or a zip file, sorted by student."""
    if path.is_dir():
        files = list(_in_folder(path, largest))
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            files = list(_in_zip(archive, largest))
    else:
        raise ValueError(
            f"{path} is neither a folder nor a zip file" if path.exists() else f"there is no {path}"
        )
    found: dict[str, list[File]] = {}
    origins: dict[str, dict[PurePosixPath, str]] = {}
    late = set()
    for one in _unwrapped(files):
        if _is_of_a_student(one.name):
            student = student_of(one.name)
            within = _within(one.name)
            date = _date_in(one.name.parts[0]) or one.date
            found.setdefault(student, []).append(one._replace(name=within, date=date))
            origins.setdefault(student, {})[within] = one.name.parts[0]
            if (export := _export(one.name.parts[0])) and export.groupdict().get("late"):
                late.add(student)
    submissions = [_submission(one, found[one], assignment, one in late) for one in sorted(found)]
    return [replace(one, origin=_origin(one, origins[one.student])) for one in submissions]


def _origin(one: Submission, origins: dict[PurePosixPath, str]) -> str:
    return origins.get(PurePosixPath(one.file)) or next(iter(origins.values()))


def _submission(student: str, files: list[File], assignment: str, late: bool) -> Submission:
    flags = {"late"} if late else set()
    ranked = _ranked(files, assignment)
    if len(ranked) > 1:
        flags.add("several-files")
    file, data = (str(ranked[0].name), ranked[0].data) if ranked else ("", None)
    others = {str(one.name) for one in files if one.name.name not in (FOLDER, "")} - {file}
    return Submission(student, data, file, tuple(sorted(others)), frozenset(flags))


def _ranked(files: Iterable[File], assignment: str) -> list[File]:
    """The notebooks that may be meant, the one to grade first.

    First those that name the assignment; of these the newest, then the highest copy, then the one
    that lies nearest. What lies in the folder of another assignment, or is named so beside one
    that is named right, is not meant.
    """
    others = set(names()) - {assignment}
    notebooks = [one for one in files if one.data is not None]
    meant = [one for one in notebooks if not others & set(one.name.parts[:-1])]
    named = [one for one in meant if _names(one.name, assignment)]
    if named:
        meant = [
            one
            for one in meant
            if one in named or not any(_names(one.name, other) for other in others)
        ]
    return sorted(
        meant,
        key=lambda one: (
            one not in named,
            -int(one.date),
            -_copy(one.name),
            len(str(one.name)),
            str(one.name),
        ),
    )


def _names(name: PurePosixPath, assignment: str) -> bool:
    """Whether a file or one of its folders holds an assignment's name as a word."""
    word = re.compile(rf"(?<![a-z0-9]){re.escape(assignment)}(?![a-z0-9])", re.IGNORECASE)
    return any(word.search(part) for part in name.parts)


def _copy(name: PurePosixPath) -> int:
    """The number that a browser or a platform has added to a name."""
    number = COPY.search(_own_name(name).stem)
    return int(number[1][:9]) if number else 0


def _unwrapped(files: list[File]) -> list[File]:
    """The files without a folder that holds all of them, as a zip of a folder does."""
    inner = [
        one._replace(name=PurePosixPath(*one.name.parts[1:]))
        for one in files
        if one.name.parts[2:] or (one.name.parts[1:] and one.name.name != FOLDER)
    ]
    notebooks = [one.name for one in inner if one.data is not None]
    wrapped = (
        len({one.name.parts[0] for one in files}) == 1
        and notebooks
        and all(len(name.parts) > 1 or _export(name.name) for name in notebooks)
        and not {name.parts[0] for name in notebooks} & set(names())  # nbgrader, one student
    )
    return inner if wrapped and not _export(files[0].name.parts[0]) else files


def _export(name: str) -> re.Match[str] | None:
    """A file's or folder's name, where a platform has made it."""
    return next((match for pattern in EXPORTS if (match := pattern.fullmatch(name))), None)


def _is_of_a_student(name: PurePosixPath) -> bool:
    """Whether a file belongs to a student; a list of the class, say, does not."""
    return len(name.parts) > 1 or is_notebook(name) or bool(_export(name.name))


def student_of(name: PurePosixPath) -> str:
    """The student that a file belongs to; macOS takes letters and their accents apart."""
    name = PurePosixPath(unicodedata.normalize("NFC", str(name)))
    top = name.parts[0]
    if export := _export(top):
        number = export.groupdict().get("number")
        return f"{export['student']}_{number}" if number else export["student"]
    return top if len(name.parts) > 1 else _own_name(name).stem


def _within(name: PurePosixPath) -> PurePosixPath:
    """A file's name as the student had it."""
    export = _export(name.parts[0])
    own = export.groupdict().get("file") if export else None
    if len(name.parts) > 1:
        return PurePosixPath(*name.parts[1:])
    return PurePosixPath(own or name.name)


def is_notebook(name: PurePath) -> bool:
    """Whether a file is named as a notebook is."""
    return _ending(name) == NOTEBOOK


def _ending(name: PurePath) -> str:
    return _own_name(name).suffix.lower()


def _own_name(name: PurePath) -> PurePosixPath:
    """A name without the ending that a browser or a mail program adds to a notebook's."""
    return PurePosixPath(ADDED.sub(r"\1", str(name)))


def _is_kept(name: PurePosixPath) -> bool:
    """Whether it is what a student, and no system, has put there."""
    parts = set(name.parts)
    return (
        bool(parts) and not {"..", "/", *SKIPPED} & parts and not re.search(r"(^|_)\._", name.name)
    )


def _in_folder(folder: Path, largest: int) -> Iterator[File]:
    """Every entry; what is no ordinary file (a link, a pipe) is an entry without data."""
    for path in sorted(folder.rglob("*")):
        name = PurePosixPath(_readable(path.relative_to(folder).as_posix()))
        if not _is_kept(name):
            continue
        if path.is_symlink() or not path.is_file():
            yield File(name / FOLDER if path.is_dir() else name)
            continue
        date = path.stat().st_mtime
        if is_notebook(name):
            yield from _unless_apple_double(File(name, _data(path, largest), date))
        elif _ending(name) == ARCHIVE:
            yield from _in_archive(File(name, b"", date), path, largest)
        else:
            yield File(name)


def _in_zip(archive: zipfile.ZipFile, largest: int, nested: bool = True) -> Iterator[File]:
    for info in archive.infolist():
        name = PurePosixPath(_readable(info.filename))
        if not _is_kept(name):
            continue
        date = _date(info)
        if info.is_dir():
            yield File(name / FOLDER)
        elif is_notebook(name):
            yield from _unless_apple_double(File(name, _member(archive, info, largest), date))
        elif _ending(name) == ARCHIVE and nested:
            data = io.BytesIO(_member(archive, info, largest))
            yield from _in_archive(File(name, b"", date), data, largest)
        else:
            yield File(name)


def _in_archive(file: File, source: Path | io.BytesIO, largest: int) -> Iterator[File]:
    """The archive that a student handed in, and its notebooks; none within it is opened."""
    yield File(file.name)
    try:
        with zipfile.ZipFile(source) as archive:
            inner = [one for one in _in_zip(archive, largest, nested=False) if one.data is not None]
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile):
        return
    for one in inner[:MOST_FILES]:
        yield one._replace(name=file.name / one.name)


def _unless_apple_double(file: File) -> Iterator[File]:
    if not (file.data or b"").startswith(APPLE_DOUBLE):
        yield file


def _date(info: zipfile.ZipInfo) -> float:
    """The date in an archive as a number that grows; it names no zone of time."""
    return _growing(*info.date_time)


def _growing(year: int, month: int, day: int, hour: int, minute: int, second: int = 0) -> float:
    return ((((year * 12 + month) * 31 + day) * 24 + hour) * 60 + minute) * 60 + second


def _date_in(name: str) -> float:
    """When something was handed in, where the platform has written it into the name; else 0.

    All attempts in an archive may have the date of the download.
    """
    found = _export(name)
    groups = found.groupdict() if found else {}
    if len(numbers := re.findall(r"\d+", groups.get("attempt") or "")) == 6:
        return _growing(*map(int, numbers))
    moment = MOMENT.fullmatch(groups.get("moment") or "")
    if not moment or moment[1].lower() not in MONTHS:
        return 0.0
    month, hour = MONTHS.index(moment[1].lower()) + 1, int(moment[4]) % 12 + 12 * (moment[6] == "P")
    return _growing(int(moment[3]), month, int(moment[2]), hour, int(moment[5]))


def _data(path: Path, largest: int) -> bytes:
    try:
        with path.open("rb") as file:
            return without_outputs(file.read(HUGE + 1), largest)
    except OSError:
        return b""


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int) -> bytes:
    try:
        with archive.open(info) as file:
            return without_outputs(file.read(HUGE + 1), largest)
    except (  # locked or damaged
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        return b""


def without_outputs(data: bytes, largest: int) -> bytes:
    """A notebook that is too large, without its outputs; nobody needs them here."""
    if len(data) <= largest:
        return data
    if len(data) <= HUGE and sum(map(data.count, (b"{", b"["))) <= MOST_PARTS:
        try:
            notebook = json.loads(data)
            for cell in notebook["cells"]:
                cell.update(outputs=[], attachments={})
            data = json.dumps(notebook).encode()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, MemoryError):
            pass
    return data[: largest + 1]


def _readable(name: str) -> str:
    """A name that can be written to any file, whatever its bytes were."""
    return name.encode("utf-8", "backslashreplace").decode()
