"""Which mistakes of the catalogue earn half of a question's points, computed and written down.

python -m tests.support.credit        write the list anew, after a change of the catalogue
"""

import functools
from pathlib import Path

from softmax_lib.misconceptions import CATALOGUE
from tools.course.grading.credit import reason_for_half

RECORD = Path(__file__).with_name("half_credit.txt")


@functools.cache
def computed():
    return sorted(one.id for one in CATALOGUE.values() if reason_for_half(one.wrong, one.kind))


def recorded():
    return RECORD.read_text(encoding="utf-8").split()


def share(id):
    """How much of its question's points a mistake earns."""
    return 0.5 if id in recorded() else 0


if __name__ == "__main__":
    RECORD.write_text("\n".join(computed()) + "\n", encoding="utf-8")
