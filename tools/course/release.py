"""What a course hands out: the assignments, and a number for each student.

python -m tools.course.release                         all assignments, to _build/release/
python -m tools.course.release --students list.csv     also numbers.csv, for the students of a list

The first release makes the secret of the course.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from tools.course import assignments, secret
from tools.course.assignments import RELEASE, ROOT
from tools.course.files import write
from tools.course.reports.platforms import MOODLE_ACCOUNTS
from tools.course.reports.sheets import MARK, read_sheet
from tools.course.reports.tables import as_csv

# Who is not known by name alone, or not at all in another assignment.
BY_ACCOUNT = "several are called {}: give --moodle when you grade, which tells their accounts"
BY_NUMBER = (
    "several are called {}, and no account tells them apart: their numbers hold for the "
    "assignment of this list alone"
)
NAMELESS = "it names nobody: its numbers hold for the assignment of this list alone"
AS_ONE = "several are called {}: they share a number"


class Listed(NamedTuple):
    """A student of a list: the name, and what else tells them from others of that name."""

    name: str
    account: str = ""
    number: str = ""  # the platform's


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=Path, metavar="CSV", help="a list of the class")
    options = parser.parse_args(arguments)
    number, is_new = secret.of_this_course()
    if is_new:
        print(secret.IS_NEW.format(secret.FILE), file=sys.stderr)
    written = [assignments.write_release(one, RELEASE / one) for one in assignments.names()]
    try:
        if options.students:
            written.append(write_numbers(options.students, number))
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(*(path.relative_to(ROOT) for path in written), sep="\n")
    return 0


def write_numbers(path: Path, number: int) -> Path:
    """The number of each student of a list, to hand out."""
    students, doubtful = students_in(path)
    for reason, names in doubtful.items():
        print(f"{path.name}: {reason.format(', '.join(sorted(names)))}", file=sys.stderr)
    rows = [[one, str(secret.number_of(number, students[one]))] for one in sorted(students)]
    write(RELEASE / "numbers.csv", MARK + as_csv([["student", "my_number"], *rows]))
    return RELEASE / "numbers.csv"


def students_in(path: Path) -> tuple[dict[str, str], dict[str, set[str]]]:
    """The students of a list with what their numbers are made of, and who has another's name.

    Moodle numbers people anew in each assignment, so there a name counts, which stays. Canvas
    has one number for each person.
    """
    with contextlib.suppress(ValueError):
        rows = read_sheet(path, ["Identifier"], ["Full name", *MOODLE_ACCOUNTS])
        return made_of([one for row in rows if (one := _of_moodle(row.cells)).number])
    with contextlib.suppress(ValueError):
        cells = [row.cells for row in read_sheet(path, ["ID", "Student"])]
        cells = [one for one in cells if one["ID"].strip().isdigit()]
        return {
            f"{one['Student'].strip()}_{one['ID'].strip()}": one["ID"].strip() for one in cells
        }, {}
    names = [row.cells["student"].strip() for row in read_sheet(path, ["student"])]
    return made_of([Listed(name) for name in names if name])


def _of_moodle(cells: dict[str, str]) -> Listed:
    accounts = [cells[one].strip() for one in MOODLE_ACCOUNTS]
    number = re.search(r"\d+$", cells["Identifier"].strip())
    return Listed(
        cells["Full name"].strip(), next(filter(None, accounts), ""), number[0] if number else ""
    )


def made_of(students: list[Listed]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """What each student's number is made of, and by reason the names that several have.

    It is the name where nobody else has it; else the account; else the platform's number.
    """
    found: dict[str, str] = {}
    doubtful: dict[str, set[str]] = defaultdict(set)
    count = Counter(secret.key(one.name) for one in students)
    for one in students:
        if one.name and count[secret.key(one.name)] == 1:
            found[one.name] = one.name
        elif not one.name:
            found[one.number] = one.number
            doubtful[NAMELESS].add(one.number)
        elif own := one.account or one.number:
            found[f"{one.name}_{own}"] = own
            doubtful[BY_ACCOUNT if one.account else BY_NUMBER].add(one.name)
        else:
            found[one.name] = one.name
            doubtful[AS_ONE].add(one.name)
    return found, dict(doubtful)


if __name__ == "__main__":
    sys.exit(main())
