"""Print the seconds that a submission takes, with one and with two workers.

    python tests/benchmarks/grading_seconds.py [COUNT]

The starting of Python, the same for any class, is left out.
"""

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests"), str(ROOT)]

from tools.course.collect import Submission  # noqa: E402

from tests.course.test_assignments import handed_in  # noqa: E402
from tools.course import assignments  # noqa: E402
from tools.course import grading as grade  # noqa: E402


def main(count=20):
    assignment = assignments.load("a1")
    loops = "def softmax(Z):\n    while True:\n        pass"
    for what, data in (
        ("right", handed_in("a1")),
        ("with an endless loop", handed_in("a1", q1=loops)),
    ):
        for jobs in (1, 2):
            some = [Submission(f"student {number}", data) for number in range(count)]
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                grade.grade_class(some, assignment, Path(folder), jobs, True, lambda *_: None)
                seconds = (time.perf_counter() - start) / count
            print(f"{what}, {jobs} at once: {seconds:.2f} seconds a submission")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
