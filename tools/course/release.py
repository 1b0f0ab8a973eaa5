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
from pathlib import Path

from tools.course import assignments, secret
from tools.course.assignments import RELEASE, ROOT
from tools.course.files import write
from tools.course.reports.sheets import MARK, read_sheet
from tools.course.reports.tables import as_csv

# Columns with a platform's number and the name: Moodle's worksheet, blind or not, and Canvas's.
EXPORTS = [["Identifier", "Full name"], ["Identifier"], ["ID", "Student"]]


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
    students = students_in(path)
    rows = [[one, str(secret.number_of(number, students[one]))] for one in sorted(students)]
    write(RELEASE / "numbers.csv", MARK + as_csv([["student", "my_number"], *rows]))
    return RELEASE / "numbers.csv"


def students_in(path: Path) -> dict[str, str]:
    """The students of a list, by name, and the name or the platform's number that counts."""
    for columns in EXPORTS:
        with contextlib.suppress(ValueError):
            rows = [
                [row.cells[one].strip() for one in columns] for row in read_sheet(path, columns)
            ]
            numbers = [re.search(r"\d+$", identifier) for identifier, *_ in rows]
            return {
                "_".join([*name, number[0]]): number[0]
                for (_, *name), number in zip(rows, numbers, strict=True)
                if number
            }
    names = [row.cells["student"].strip() for row in read_sheet(path, ["student"])]
    return {name: name for name in names if name}


if __name__ == "__main__":
    sys.exit(main())
