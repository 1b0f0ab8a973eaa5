"""Run the notebooks and write their outputs: the one way outputs get into the book.

python tools/refresh.py                      run every notebook in book/ and write its outputs
python tools/refresh.py book/03-*.ipynb      only these
python tools/refresh.py --check              write nothing; exit 1 if a notebook would change
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

import tools.without_iris  # noqa: F401 (it must come first)
from tools.notebooks.refresh import main

if __name__ == "__main__":
    sys.exit(main())
