"""What all benchmarks share: the peers, the race, and the file that the results go to.

Run by `make bench`. Each round of a race is one turn of every peer and then one of ours, all on
the same clock, so that a slow moment of the machine slows all of them. The clock counts the
processor time of this thread: nobody gains by a second thread, and no other program is counted.
"""

import datetime
import hashlib
import importlib.metadata
import importlib.util
import json
import platform
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import softmax_lib

PEERS = ("numpy", "scipy", "scikit-learn", "torch")
RESULTS = pytest.StashKey[dict]()


def pytest_addoption(parser):
    group = parser.getgroup("measured accuracy and speed")
    group.addoption("--seconds", type=float, default=0.2, help="how long a race lasts, about")
    group.addoption("--results", type=Path, help="file to write when all benchmarks have passed")


def pytest_configure(config):
    missing = [name for name in ("torch", "pytest_benchmark") if not importable(name)]
    if missing:
        raise pytest.UsageError(
            f"the benchmarks need {', '.join(missing)}; run `make bench`, "
            f"which installs them in an environment of its own"
        )
    config.stash[RESULTS] = {"about": about(config.getoption("--seconds"))}


def importable(name):
    return importlib.util.find_spec(name) is not None


def about(seconds):
    """What the numbers depend on; nothing that names this machine or its user."""
    return {
        "date": datetime.date.today().isoformat(),
        "seconds": seconds,
        "versions": {"python": platform.python_version()}
        | {name: importlib.metadata.version(name) for name in PEERS},
        "kernels": hashlib.sha256(
            Path(softmax_lib.__file__).with_name("_core").joinpath("kernels.py").read_bytes()
        ).hexdigest(),
        "processor": {
            "kind": platform.machine(),
            "features": np.show_config(mode="dicts")["SIMD Extensions"]["found"],
        },
    }


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    import threadpoolctl
    import torch

    torch.set_num_threads(1)
    with threadpoolctl.threadpool_limits(1):
        yield


@pytest.fixture
def record(request):
    """Add a row to a table of the results."""
    results = request.config.stash[RESULTS]
    return lambda table, **row: results.setdefault(table, []).append(row)


def three_digits(number):
    return float(f"{number:.3g}")


@pytest.fixture
def race(request, benchmark):
    """Median milliseconds of ours and of each peer; the peers run in the setup of our rounds."""
    seconds = request.config.getoption("--seconds")

    def run(ours, peers, calls=1):
        def turn(contestant):
            start = time.thread_time()
            for _ in range(calls):
                contestant()
            return time.thread_time() - start

        times = {name: [] for name in peers}

        def peers_take_their_turn():
            for name, peer in peers.items():
                times[name].append(turn(peer))

        warm_up = turn(ours) + sum(map(turn, peers.values()))
        rounds = int(np.clip(seconds / warm_up, 5, 1000))
        benchmark.pedantic(turn, (ours,), setup=peers_take_their_turn, rounds=rounds)
        medians = {name: np.median(times[name]) for name in peers}
        medians["softmax_lib"] = benchmark.stats.stats.median
        return {name: three_digits(1e3 * median / calls) for name, median in medians.items()}

    return run


def pytest_sessionfinish(session, exitstatus):
    path = session.config.getoption("--results")
    if path and exitstatus == pytest.ExitCode.OK:
        path.write_text(one_row_a_line(session.config.stash[RESULTS]), encoding="utf-8")


def one_row_a_line(results):
    """JSON in which a difference between two measurements is easy to read."""
    to_json = partial(json.dumps, ensure_ascii=False, allow_nan=False)
    parts = []
    for table, content in results.items():
        if isinstance(content, list):
            rows = ",\n".join(f"  {to_json(row)}" for row in content)
            parts.append(f'"{table}": [\n{rows}\n ]')
        else:
            parts.append(f'"{table}": {to_json(content, indent=1)}')
    return "{" + ",\n ".join(parts) + "}\n"
