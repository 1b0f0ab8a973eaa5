"""Which mistakes of the catalogue earn half of a question's points, computed and written down.

python -m tests.support.credit        write the list anew, after a change of the catalogue
"""

import functools
from pathlib import Path

from softmax_lib.misconceptions import CATALOGUE
from tools.course.grading.credit import reason_for_half

SEED = 11  # as in the masters; the proof finds the same with others
RECORD = Path(__file__).with_name("half_credit.txt")


def computed(ids):
    return [id for id in ids if reason_for_half(CATALOGUE[id].wrong, CATALOGUE[id].kind, SEED)]


@functools.cache
def recorded():
    return RECORD.read_text(encoding="utf-8").split()


def share(id):
    """How much of its question's points a mistake earns."""
    return 0.5 if id in recorded() else 0


if __name__ == "__main__":
    RECORD.write_text("\n".join(computed(sorted(CATALOGUE))) + "\n", encoding="utf-8")
