"""A grader that is ended half way leaves no process, goes on from there, and ends the same."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil

from tests.support import hostile_class
from tests.support.grader import command, graded_rows, run, times

SOON = 15  # seconds: it is two, but not on a machine that has other work

SOME = {
    "right",
    "blank",
    "missing cell",
    "deleted tests",
    "exit in a cell",
    "empty",
    "nothing",
    "softmax-no-shift",
    "loop in a function",
    "recursion",
    "no value",
    "plain",
}


def test_ended_half_way_and_started_again_it_ends_the_same(tmp_path):
    world = hostile_class.World("nobody", Path("/nowhere"), tmp_path / "in", 0)
    some = [one for one in hostile_class.a_class(world) if one.student in SOME]
    assert len(some) == len(SOME)
    hostile_class.write_class(some, tmp_path / "in")
    out = tmp_path / "out"
    process = subprocess.Popen(
        command(tmp_path / "in", out, jobs=2),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        done = wait_for(lambda: [*(out / "results").glob("*.json")], len(some) // 3, process)
        below = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SOON) == 128 + signal.SIGTERM
        assert psutil.wait_procs(below, SOON)[1] == []
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert 0 < len(done) < len(some)
    assert not (out / "grades.csv").exists()
    before = times(out)
    assert run(tmp_path / "in", out).returncode == 0
    after = times(out)
    assert {name: after[name] for name in before if name.endswith(".json")} == {
        name: time for name, time in before.items() if name.endswith(".json")
    }
    rows = graded_rows(out)
    assert set(rows) == SOME
    for one in some:  # as test_hostile_class.py finds them without an interruption
        row = rows[one.student]
        assert {id: float(row[id]) for id in one.scores} == one.scores
        assert set(row["flags"].split()) == set(one.flags)


def wait_for(found, count, process):
    while len(done := found()) < count:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.05)
    return done
