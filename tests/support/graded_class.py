"""The hostile class, graded through the command line as a teacher would: once for all tests.

    python -m tests.support.graded_class FOLDER

writes FOLDER/out and, at the end, FOLDER/facts.json: what the tests ask of the world around. It
takes a minute, in which processes wait more than they work: other tests can go on.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from tests.support.grader import ROOT, run
from tests.support.hostile_class import World, a_class, write_class

FACTS = "facts.json"
# What Python, pytest and make keep beside the sources.
OWN = {".git", "__pycache__", ".pytest_cache", ".hypothesis", ".ruff_cache", "_build", ".venv"}


def listing(*folders: Path) -> dict[str, tuple[int, int]]:
    """What there is, with sizes and times."""
    return {
        str(path): (path.lstat().st_mtime_ns, path.lstat().st_size)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not OWN & set(path.parts)
    }


def processes_named(marker: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            if path.read_text().strip() == marker:
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def reached(listener: socket.socket) -> bool:
    """Whether somebody has connected."""
    try:
        listener.accept()
    except BlockingIOError:
        return False
    return True


def grade(folder: Path) -> dict[str, Any]:
    """Grade the class; return what came of it."""
    precious, submissions = folder / "precious", folder / "submissions"
    precious.mkdir()
    (precious / "kept").write_text("kept")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        port = listener.getsockname()[1]
        world = World("kid" + secrets.token_hex(4), precious, submissions, port)
        write_class(a_class(world), submissions)
        around = (ROOT, precious, submissions)
        before = listing(*around)
        ended = run(submissions, folder / "out", jobs=2)
        after = listing(*around)
        return {
            "world": {name: str(value) for name, value in dataclasses.asdict(world).items()},
            "status": ended.returncode,
            "errors": ended.stderr,
            "changed": sorted(name for name, _ in before.items() ^ after.items()),
            "left": processes_named(world.marker),
            "reached": reached(listener),
        }


def main(folder: Path) -> None:
    try:
        facts = grade(folder)
    except Exception:
        facts = {"status": None, "errors": traceback.format_exc()}
    (folder / "draft").write_text(json.dumps(facts))
    (folder / "draft").rename(folder / FACTS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
