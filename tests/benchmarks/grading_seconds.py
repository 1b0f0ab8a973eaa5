"""Print the seconds that a submission takes, with one and with two workers.

    python -m tests.benchmarks.grading_seconds [COUNT]

The starting of Python, the same for any class, is left out.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.support.submissions import handed_in, load
from tools.course.collecting import Submission
from tools.course.gradebook import grade_class


def main(count=20):
    loops = "def softmax(Z):\n    while True:\n        pass"
    for what, data in (
        ("right", handed_in("a1")),
        ("with an endless loop", handed_in("a1", q1=loops)),
    ):
        for jobs in (1, 2):
            some = [Submission(f"student {number}", data) for number in range(count)]
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                list(grade_class(some, load("a1"), Path(folder), jobs, isolated=True))
                seconds = (time.perf_counter() - start) / count
            print(f"{what}, {jobs} at once: {seconds:.2f} seconds a submission")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
