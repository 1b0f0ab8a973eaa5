"""What a submission sees of this machine: Python, NumPy, and what its assignment allows."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.support.submissions import handed_in
from tools.course import cli, student_library
from tools.course.grading import limits, sandbox, student

LOOK = """
import os

def files(top, skipped):
    found = []
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if os.path.join(folder, name) not in skipped]
        found += [os.path.join(folder, name) for name in names]
    return found

def packages(tops):
    folders = [os.path.join(top, name) for one in tops for top, names, _ in os.walk(one)
               for name in names if name.endswith("-packages")]
    inner = [os.path.join(folder, name) for folder in folders for name in os.listdir(folder)]
    return inner + [top for one in tops for top, _, files in os.walk(one) if "__init__.py" in files]
"""


def test_only_python_numpy_and_what_is_allowed_are_in_sight(tmp_path):
    library, prefix = tmp_path / "library", Path(sys.base_prefix)
    student_library.build(library, student_library.ALLOWED)
    system = [*sandbox.LIBRARIES, str(prefix / "lib"), str(prefix / "lib64")]
    with student.Student(library) as one:
        assert one.run("cell", LOOK) == []
        seen = one.call("files", ("/", [*system, "/proc", "/dev"]))
        packages = one.call("packages", (system,))
    folder = Path(np.__file__).parents[1]
    ours = [str(path) for path in library.rglob("*") if path.is_file()]
    numpy = [
        path for path in seen if path.startswith((f"{folder}/numpy/", f"{folder}/numpy.libs/"))
    ]
    assert sorted(set(seen) - set(numpy)) == sorted([*ours, sandbox.python()])
    others = [path for path in packages if not Path(path).is_relative_to(sandbox.STANDARD)]
    assert {Path(path).relative_to(folder).parts[0] for path in others} <= {"numpy", "numpy.libs"}


HOLD = """
import ctypes, os, socket

libc = ctypes.CDLL(None)
taken = []

def attempt(what):
    try:
        if (what() or 0) != -1:
            taken.append(what.__name__)
    except OSError:
        pass

def memory_file(): return os.memfd_create("x")
def secret_memory(): return libc.syscall(447, 0)
def shared_segment(): return libc.shmget(0, 1 << 20, 0o1600)
def message_queue(): return libc.msgget(0, 0o1600)
def semaphores(): return libc.semget(0, 100, 0o1600)
def ring(): return libc.syscall(425, 1, ctypes.create_string_buffer(200))
def network(): socket.socket(socket.AF_INET)
def netlink(): socket.socket(socket.AF_NETLINK)
for one in (memory_file, secret_memory, shared_segment, message_queue):
    attempt(one)
for one in (semaphores, ring, network, netlink):
    attempt(one)
pair = socket.socketpair()

def held():
    return taken
"""


def test_no_memory_can_be_held_that_nobody_counts(tmp_path):
    student_library.build(tmp_path / "library", set())
    with student.Student(tmp_path / "library") as one:
        assert one.run("cell", HOLD) == []
        assert one.call("held", ()) == []


def test_nothing_is_graded_where_the_reference_loses_points(tmp_path, capsys, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_bytes(handed_in("a1"))
    monkeypatch.setattr(limits, "QUESTION_SECONDS", 0.0)
    with pytest.raises(SystemExit):
        cli.main([str(tmp_path / "in"), "--assignment", "a1", "--out", str(tmp_path / "out")])
    assert "master's own solutions do not earn all points here" in capsys.readouterr().err
    assert not (tmp_path / "out" / "grades.csv").exists()
