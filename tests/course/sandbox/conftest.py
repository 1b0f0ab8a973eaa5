"""The tests of this folder need Debian's package bubblewrap, and fail where it is missing."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support import graded_class
from tests.support.hostile_class import World, a_class
from tools.course.assignments import ROOT

LONGEST = 1800.0  # seconds


def pytest_collection_modifyitems(items):
    """Mark this folder's tests; those that wait for the graded class come last."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.sandbox)
    items.sort(key=needs_the_class)


def needs_the_class(item):
    return "graded" in getattr(item, "fixturenames", ())


@pytest.fixture(autouse=True, scope="session")
def _bubblewrap():
    if not shutil.which("bwrap"):
        pytest.fail("these tests need bubblewrap: apt-get install bubblewrap")


@pytest.fixture(scope="session")
def class_folder(tmp_path_factory, request):
    """The same for all workers of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if hasattr(request.config, "workerinput") else base) / "class"


@pytest.fixture(autouse=True, scope="session")
def _class_at_work(request, class_folder, _bubblewrap):
    """Have the class graded meanwhile, by whichever worker comes first."""
    if not any(map(needs_the_class, request.session.items)):
        yield
        return
    try:
        class_folder.mkdir()
    except FileExistsError:
        yield
        return
    command = [sys.executable, "-m", "tests.support.graded_class", class_folder]
    with subprocess.Popen(command, cwd=ROOT):
        yield


@pytest.fixture(scope="session")
def graded(class_folder):
    """The class, what came of it, and the world around before and after."""
    path, end = class_folder / graded_class.FACTS, time.monotonic() + LONGEST
    while not path.exists():
        assert time.monotonic() < end, "the class is not graded yet"
        time.sleep(0.1)
    facts = SimpleNamespace(**json.loads(path.read_text()))
    assert facts.status == 0, facts.errors
    facts.world = World(
        facts.world["marker"],
        Path(facts.world["precious"]),
        Path(facts.world["submissions"]),
        int(facts.world["port"]),
    )
    facts.members = a_class(facts.world)
    facts.out = class_folder / "out"
    return facts
