"""Run the cells of a notebook in IPython's shell, and return what they print: for run.mjs."""

import json
import os
import sys

os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
os.environ["IPYTHONDIR"] = "/ipython"

import matplotlib as mpl
import matplotlib.font_manager  # builds the font cache, which a cell would report on stderr
import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

ROOT = "/project"
SHELL = InteractiveShell.instance()
SHELL.showtraceback = lambda *_, **__: None  # an error is returned, not printed


def run(path):
    """Run the notebook at this path, relative to the root; return its outputs, a list a cell."""
    path = os.path.join(ROOT, path)
    os.chdir(os.path.dirname(path))
    with open(path, encoding="utf-8") as file:
        cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
    SHELL.reset()
    with np.printoptions(), mpl.rc_context():
        return json.dumps([outputs_of("".join(cell["source"])) for cell in cells])


def outputs_of(source):
    with capture_output() as captured:
        SHELL.display_trap.hook = sys.displayhook  # the one that captures results
        done = SHELL.run_cell(source)
    error = done.error_before_exec or done.error_in_exec
    return {
        "stdout": captured.stdout,
        "stderr": captured.stderr,
        "shown": [
            output.data | {kind: "a picture" for kind in output.data if kind.startswith("image/")}
            for output in captured.outputs
        ],
        "error": error and f"{type(error).__name__}: {error}",
    }
