"""The command that keeps a process apart, read: what it may see, and how it ends."""

import sys
from pathlib import Path

import numpy as np

from tools.course.assignments import ROOT
from tools.course.grading import sandbox

LIBRARY = Path("/somewhere/library")
COMMAND = sandbox.bubblewrap(["python"], LIBRARY)


def places(option):
    return {COMMAND[i + 1] for i, word in enumerate(COMMAND) if word == option}


def test_nothing_is_shown_but_python_numpy_and_the_library():
    prefix, packages = Path(sys.base_prefix), Path(np.__file__).parents[1]
    system = {*sandbox.LIBRARIES, str(prefix / "lib"), str(prefix / "lib64")}
    numpy = {str(packages / name) for name in ("numpy", "numpy.libs")}
    assert places("--ro-bind") - system - numpy == {sandbox.python(), str(LIBRARY)}
    assert not {path for path in places("--ro-bind") - numpy if Path(path).is_relative_to(ROOT)}
    assert "--bind" not in COMMAND


def test_neither_network_nor_rights_nor_environment_come_along():
    for option in ("--unshare-all", "--disable-userns", "--clearenv", "--die-with-parent"):
        assert option in COMMAND
    assert COMMAND[COMMAND.index("--cap-drop") + 1] == "ALL"
    assert places("--setenv") == set(sandbox.environment())


def test_packages_are_hidden_however_deep_they_lie(tmp_path, monkeypatch):
    for name in ("python3/dist-packages", "x-packages", "ours/python3.11/site-packages"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("sdk/lib/third_party/torch", "ours/gdb/printers", "ours/python3.11/json"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "__init__.py").touch()
    for name in ("office/program/office.py", "ours/libm.so", "ours/locale/c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "again").symlink_to(tmp_path / "sdk")
    monkeypatch.setattr(sandbox, "LIBRARIES", (str(tmp_path),))
    monkeypatch.setattr(sandbox, "STANDARD", tmp_path / "ours/python3.11")
    monkeypatch.setattr(sandbox, "needed", lambda: [sandbox.STANDARD, tmp_path / "ours"])
    command = sandbox.bubblewrap(["python"], LIBRARY)
    hidden = {command[i + 1] for i, word in enumerate(command) if word == "--tmpfs"}
    due = ("python3", "x-packages", "ours/python3.11/site-packages", "sdk", "ours/gdb")
    assert {path for path in hidden if Path(path).is_relative_to(tmp_path)} == {
        str(tmp_path / name) for name in due
    }
    assert hidden - {"/tmp"} <= {
        command[i + 1] for i, word in enumerate(command) if word == "--remount-ro"
    }


def test_what_could_be_written_to_is_bounded_or_read_only():
    bounded = COMMAND.index("--size")
    assert COMMAND[bounded + 2 : bounded + 4] == ["--tmpfs", "/tmp"]
    assert places("--tmpfs") - {"/tmp"} <= places("--remount-ro")
    assert {"/", "/dev"} <= places("--remount-ro")
