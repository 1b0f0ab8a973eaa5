"""A worker process for each task."""

import os
import signal
import subprocess
import sys
import tempfile
import time

import psutil
import pytest

from tools.course.workers import run_in_workers


def test_a_worker_that_dies_does_not_stop_the_others():
    tasks = {name: (name,) for name in ("well", "dies", "also well")}
    assert dict(run_in_workers(die_if_told, tasks, 2)) == {
        "well": "well",
        "dies": None,
        "also well": "also well",
    }


def die_if_told(name):
    if name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    return name


def test_each_task_has_a_process_of_its_own():
    processes = [process for _, process in run_in_workers(os.getpid, {"a": (), "b": ()}, 1)]
    assert len({*processes, os.getpid()}) == 3


def test_who_stops_early_leaves_no_worker_and_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "noted").mkdir()
    tasks = {"a": (tmp_path / "noted", 0), "b": (tmp_path / "noted", 30)}
    results = run_in_workers(note_and_wait, tasks, 2)
    next(results)
    results.close()
    for path in (tmp_path / "noted").iterdir():
        assert not os.path.exists(f"/proc/{path.name}")
    assert [path.name for path in tmp_path.iterdir()] == ["noted"]
    assert tempfile.tempdir == str(tmp_path)


def note_and_wait(folder, seconds):
    tempfile.mkdtemp()
    (folder / str(os.getpid())).touch()
    time.sleep(seconds)


SCRIPT = """
import signal, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a test run under nohup ignores it
from tools.course.workers import run_in_workers
def task(name):
    print(name, flush=True)
    time.sleep(100)
list(run_in_workers(task, {"a": ("a",), "b": ("b",)}, 2))
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_however_the_process_above_ends_no_worker_is_left(number):
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE) as process:
        for _ in range(2):
            process.stdout.readline()
        workers = psutil.Process(process.pid).children()
        process.send_signal(number)
        assert len(workers) == 2
        assert psutil.wait_procs(workers, 10)[1] == []


IN_A_FORK = """
import os, signal
from tools.course.workers import run_in_workers
def interrupt(*_):
    raise KeyboardInterrupt
signal.signal(signal.SIGTERM, interrupt)
os.register_at_fork(before=lambda: os.kill(os.getpid(), signal.SIGTERM))
try:
    list(run_in_workers(print, {"a": ()}, 1))
except KeyboardInterrupt:
    print("interrupted")
"""


def test_a_signal_that_comes_within_a_fork_is_not_lost():
    command = [sys.executable, "-c", IN_A_FORK]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "interrupted" in ended.stdout
    assert ended.stderr == ""


def test_who_ends_the_whole_group_ends_no_worker_first():
    ((_, result),) = run_in_workers(after_a_signal, {"a": ()}, 1)
    assert result == "done"


def after_a_signal():
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)
    return "done"
