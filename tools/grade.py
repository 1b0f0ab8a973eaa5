"""Grade the submissions of a class: python tools/grade.py SUBMISSIONS --assignment a1 --out OUT."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

import tools.without_iris  # noqa: F401 (it must come first)
from tools.course.cli import main

if __name__ == "__main__":
    sys.exit(main())
