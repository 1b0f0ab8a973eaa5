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


def test_what_could_be_written_to_is_bounded_or_read_only():
    bounded = COMMAND.index("--size")
    assert COMMAND[bounded + 2 : bounded + 4] == ["--tmpfs", "/tmp"]
    assert places("--tmpfs") - {"/tmp"} <= places("--remount-ro")
    assert {"/", "/dev"} <= places("--remount-ro")
