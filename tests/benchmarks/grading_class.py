"""Grade a class as it may come, a twentieth of it hostile, and print what that took and left.

    python -m tests.benchmarks.grading_class [COUNT]

The hostile ones are those that ask for most memory and time. The class is graded once in one go,
and once more with a SIGTERM and a SIGKILL on the way: both tables must be the same. A temporary
folder of its own shows what is left there; what is measured is the grader with all its processes.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import resource
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psutil

from tests.support import hostile_class
from tests.support.graded_class import listing, processes_named
from tests.support.grader import QUIET, ROOT, command
from tests.support.hostile_class import Handed, World, write_class
from tests.support.submissions import load
from tools.course.grading.result import Result
from tools.course.reports.report import report_html

SOON = 15  # seconds


def main(count: int = 300) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = World("kid" + secrets.token_hex(4), folder / "precious", folder / "in", 0)
        world.precious.mkdir()
        (world.precious / "kept").write_text("kept")
        write_class(mixed(count, world), world.submissions)
        around = (ROOT, world.precious, world.submissions)
        before = listing(*around)
        run = Run(world.submissions, folder / "whole", folder / "temporary")
        seconds = run.wait()
        print(f"{count} submissions, two at once: {seconds / 60:.1f} minutes, ", end="")
        print(
            f"{seconds / count:.2f} seconds each, of which {cpu_seconds() / count:.2f} worked; ",
            end="",
        )
        print(f"load {os.getloadavg()[0]:.0f}")
        print(f"memory of all its processes at the peak: {run.peak / 1e9:.2f} GB")
        print(f"report.html: {seconds_of_report(folder / 'whole'):.2f} seconds")
        print(f"left by {left_by(run, world.marker)}")
        for number, share in ((signal.SIGTERM, 0.3), (signal.SIGKILL, 0.6)):
            run = Run(world.submissions, folder / "parts", folder / "temporary")
            run.end_after(int(share * count), number)
            print(f"{number.name}: left by {left_by(run, world.marker)}")
        Run(world.submissions, folder / "parts", folder / "temporary").wait()
        tables = [(folder / one / "grades.csv").read_bytes() for one in ("whole", "parts")]
        print(f"the same table after these: {tables[0] == tables[1]}")
        for one, other in zip(*(table.splitlines() for table in tables), strict=False):
            if one != other:
                print(f"  {one.decode()}\n  {other.decode()}")
        print(
            f"changed elsewhere: {sorted(before.items() ^ listing(*around).items()) or 'nothing'}"
        )


def mixed(count: int, world: World) -> list[Handed]:
    """Right ones and mistaken ones in turn, and a twentieth of the greediest."""
    greedy = [*hostile_class.greedy(world), *hostile_class.endless(world)][: count // 20]
    usual = itertools.cycle([*hostile_class.honest(), *hostile_class.mistaken()])
    named = (
        replace(one, student=f"{one.student} {number}")
        for number, one in zip(range(count - len(greedy)), usual, strict=False)
    )
    return [*named, *greedy]


class Run:
    """The grader at work, its memory measured ten times a second."""

    def __init__(self, submissions: Path, out: Path, temporary: Path) -> None:
        temporary.mkdir(exist_ok=True)
        self.begun, self.peak, self.out, self.temporary = time.monotonic(), 0, out, temporary
        self.seen: set[psutil.Process] = set()
        self.shared = psutil.virtual_memory().shared
        self.process = subprocess.Popen(
            command(submissions, out, jobs=2),
            env=QUIET | {"TMPDIR": str(temporary)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> float:
        """Measure until it ends; the seconds that it took."""
        while self.process.poll() is None:
            self.measure()
            time.sleep(0.1)
        assert self.process.returncode == 0, self.process.returncode
        return time.monotonic() - self.begun

    def end_after(self, count: int, number: signal.Signals) -> None:
        """Send a signal once so many are graded."""
        while len([*(self.out / "results").glob("*.json")]) < count:
            assert self.process.poll() is None
            self.measure()
            time.sleep(0.1)
        self.process.send_signal(number)
        self.process.wait(SOON)

    def measure(self) -> None:
        """What all processes hold together, and what lies in memory without a process."""
        held = max(0, psutil.virtual_memory().shared - self.shared)
        try:
            grader = psutil.Process(self.process.pid)
            tree = grader.children(recursive=True)
        except psutil.NoSuchProcess:
            return
        self.seen |= set(tree)
        for process in (grader, *tree):
            with contextlib.suppress(psutil.Error, AttributeError):  # it has ended
                held += process.memory_full_info().pss
        self.peak = max(self.peak, held)


def left_by(run: Run, marker: str) -> str:
    """What a run has left, and how long its processes stayed."""
    begun = time.monotonic()
    _, alive = psutil.wait_procs(run.seen, SOON)
    stayed = time.monotonic() - begun
    files = [path.name for path in run.temporary.iterdir()]
    return (
        f"it: {len(alive) + len(processes_named(marker))} processes after {stayed:.1f} seconds, "
        f"{len(files)} files of its own"
    )


def cpu_seconds() -> float:
    """What all processes below this one, which have ended, have worked."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_of_report(out: Path) -> float:
    """How long the page of the class takes."""
    records = [json.loads(path.read_text()) for path in (out / "results").glob("*.json")]
    results = {str(n): Result.from_record(one["result"]) for n, one in enumerate(records)}
    begun = time.perf_counter()
    (out / "again.html").write_text(report_html(load("a1"), results, {}, 0), encoding="utf-8")
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
