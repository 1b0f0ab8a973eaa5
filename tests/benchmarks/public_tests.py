"""Which mistakes of the catalogue pass the public tests of an exercise site.

    python -m tests.benchmarks.public_tests FOLDER

FOLDER is a checkout of the repository that holds the site's problems (github.com,
Open-Deep-ML/DML-OpenProblem). Its tests are programs, and are run as they stand. Written are counts
and names, to tests/benchmarks/results-public-tests.json, which a page of the book reads.
"""

import ast
import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from softmax_lib import log_softmax, softmax
from softmax_lib.misconceptions import CATALOGUE

RESULTS = Path(__file__).with_name("results-public-tests.json")
Wrong = Callable[..., Any]


def rounded(values: Any) -> Any:
    return np.round(values, 4).tolist()


# The number of a problem, the name its tests call, our kind, and how one calls the other.
PROBLEMS: dict[int, tuple[str, str, Callable[[Wrong], Wrong]]] = {
    22: ("sigmoid", "sigmoid", lambda f: lambda z: rounded(f(np.array([float(z)]))[0])),
    23: ("softmax", "softmax", lambda f: lambda scores: rounded(f(np.array([scores], float))[0])),
    34: (
        "to_categorical",
        "one_hot",
        lambda f: lambda x, n_col=None: f(np.array(x), n_col or int(np.max(x)) + 1).tolist(),
    ),
    36: ("accuracy_score", "accuracy_of_labels", lambda f: lambda y, y_hat: float(f(y_hat, y))),
    39: (
        "log_softmax",
        "log_softmax",
        lambda f: lambda scores: rounded(f(np.array([scores], float))[0]),
    ),
    134: (
        "compute_cross_entropy_loss",
        "cross_entropy_from_probs",
        lambda f: lambda probs, Y, epsilon=0: float(f(probs.astype(float), Y.argmax(axis=1))),
    ),
}


RIGHT = {"softmax": softmax, "log_softmax": log_softmax}
# What a problem that asks for one list of numbers could have asked for, and did not.
OTHER_LISTS = ([1000, 1001, 1002], [-1000, -1001, -1002], [0, 0, 800], [-800, 0, 0], [5, 2, -1, 3])


def fails_on_another_list(adapted: Wrong, right: Wrong) -> bool:
    with np.errstate(all="ignore"):
        return any(
            not np.allclose(adapted(numbers), right(numbers), rtol=0, atol=5e-5)
            for numbers in OTHER_LISTS
        )


def tests_of(folder: Path, number: int) -> list[dict[str, str]]:
    (problem,) = (folder / "questions").glob(f"{number}_*")
    return json.loads((problem / "tests.json").read_text(encoding="utf-8"))


def passes(function: Wrong, name: str, tests: list[dict[str, str]]) -> bool:
    """Whether every test prints what it expects, to half a unit of its last digit."""
    for test in tests:
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), np.errstate(all="ignore"):
                exec(test["test"], {"np": np, name: function})
            said, due = (
                np.array(ast.literal_eval(text))
                for text in (printed.getvalue(), test["expected_output"])
            )
        except Exception:  # whatever a wrong function does, the test has caught it
            return False
        if said.shape != due.shape or not np.allclose(said, due, rtol=0, atol=5e-5):
            return False
    return True


def mistakes(kind: str) -> Iterator[tuple[str, Wrong]]:
    return ((entry.id, entry.wrong) for entry in CATALOGUE.values() if entry.kind == kind)


def measure(folder: Path) -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "-C", str(folder), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    rows = []
    for number, (name, kind, adapt) in PROBLEMS.items():
        tests = tests_of(folder, number)
        passed = [id for id, wrong in mistakes(kind) if passes(adapt(wrong), name, tests)]
        tried = sum(1 for _ in mistakes(kind))
        row = {
            "problem": number,
            "kind": kind,
            "tests": len(tests),
            "tried": tried,
            "passed": passed,
        }
        if kind in RIGHT:
            right = adapt(RIGHT[kind])
            row["fail_on_another_list"] = [
                id
                for id, wrong in mistakes(kind)
                if id in passed and fails_on_another_list(adapt(wrong), right)
            ]
        rows.append(row)
    return {"repository": "Open-Deep-ML/DML-OpenProblem", "commit": commit, "problems": rows}


if __name__ == "__main__":
    RESULTS.write_text(json.dumps(measure(Path(sys.argv[1])), indent=1) + "\n", encoding="utf-8")
