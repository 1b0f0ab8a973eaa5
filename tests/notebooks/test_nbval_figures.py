"""nbval with figures: whatever a fresh run changes in an output is seen."""

import os
import subprocess
import sys
from copy import deepcopy

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.support.pictures import line, png
from tools.notebooks import refresh
from tools.notebooks.canonical import dumps, loads
from tools.notebooks.nbval_figures import differences

TEXT = new_output("stream", name="stdout", text="0.8420\n")
FIGURE = new_output(
    "display_data", {"image/png": png(line()), "text/plain": "<Figure size 432x288>"}
)
OTHER_FIGURE = new_output("display_data", FIGURE.data | {"image/png": png(line(0.1))})
RESULT = new_output("execute_result", {"text/plain": "1"}, execution_count=3)
ERROR = new_output("error", ename="ValueError", evalue="no", traceback=["a long story"])
ALL = [TEXT, FIGURE, RESULT, ERROR]


def changed(index, **parts):
    outputs = deepcopy(ALL)
    outputs[index].update(parts)
    return outputs


def test_a_run_that_gives_the_same_differs_in_nothing():
    halves = [TEXT | {"text": "0.84"}, TEXT | {"text": "20\n"}]
    almost = new_output("display_data", FIGURE.data | {"image/png": png(line(1e-9))})
    fresh = [*map(type(TEXT), halves), almost, RESULT | {"execution_count": None}, ERROR]
    assert list(differences([type(TEXT)(output) for output in fresh], ALL)) == []


@pytest.mark.parametrize(
    ("fresh", "said"),
    [
        (changed(0, text="0.8421\n"), "output 1 is {'output_type': 'stream', 'name': 'stdout', "),
        (changed(0, name="stderr"), "output 1 is {"),
        ([TEXT, OTHER_FIGURE, RESULT, ERROR], "output 2 is another figure: "),
        ([TEXT, RESULT, RESULT, ERROR], "output 2 is no figure"),
        ([FIGURE, FIGURE, RESULT, ERROR], "output 1 is a figure"),
        (changed(1, data=FIGURE.data | {"text/plain": "<Figure size 1x1>"}), "output 2 is {"),
        (changed(1, metadata={"image/png": {"width": 9}}), "output 2 is {"),
        (changed(2, data={"text/plain": "2"}), "output 3 is {"),
        (changed(2, output_type="display_data"), "output 3 is {"),
        (changed(3, evalue="yes"), "output 4 is {"),
        ([FIGURE, TEXT, RESULT, ERROR], "output 1 is a figure"),
        (ALL[:3], "the cell gives 3 outputs in place of 4"),
        ([*ALL, TEXT], "the cell gives 5 outputs in place of 4"),
    ],
)
def test_what_another_run_changes_is_told(fresh, said):
    assert any(line.startswith(said) for line in differences(fresh, ALL))


CELLS = {
    "a drawing": "import matplotlib.pyplot as plt\nplt.plot([1, 2, 4])\nplt.show()",
    "a text below a figure": "plt.plot([4, 2, 1])\nplt.show()\nprint('below')",
    "a text": "print('0.8420')",
    "a result": "6 * 7",
    "the environment": "import os\nprint(os.environ['OMP_NUM_THREADS'], plt.get_backend())",
    "the profile": "from IPython import get_ipython\nprint('nbval' in get_ipython().ipython_dir)",
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A notebook that `refresh` ran."""
    path = tmp_path_factory.mktemp("book") / "a.ipynb"
    path.write_text(dumps(new_notebook(cells=[new_code_cell(s) for s in CELLS.values()])))
    assert refresh.refresh(path, check=False) == ("refreshed", True)
    return path


@pytest.mark.slow
def test_nbval_finds_what_is_stored_and_is_red_for_what_is_not(stored):
    """The stored outputs are broken in the copy: the run is right, and differs from them."""
    notebook = loads(stored.read_text(encoding="utf-8"))
    drawing, below, text, *_ = notebook.cells
    drawing.outputs[0].data["image/png"] = below.outputs[0].data["image/png"]
    below.outputs.reverse()
    text.outputs[0].text = "0.8421\n"
    broken = stored.with_name("b.ipynb")
    broken.write_text(dumps(notebook), encoding="utf-8")
    quick = ["-p", "tools.without_iris", "-n", "0"]
    command = [sys.executable, "-m", "pytest", *quick, "-p", "tools.notebooks.nbval_figures"]
    run = subprocess.run(
        [*command, "-q", "--color=no", "--nbval", "--nbval-current-env", stored, broken],
        capture_output=True,
        text=True,
        cwd=refresh.BOOK.parent,
        env=os.environ | {"PYTEST_ADDOPTS": ""},
    )
    assert run.returncode == 1, run.stdout
    assert "3 failed, 9 passed" in run.stdout
    assert "a.ipynb" not in run.stdout
    assert "output 1 is another figure: " in run.stdout
    assert "visibly differ" in run.stdout
    assert "output 1 is a figure" in run.stdout
    assert "0.8421" in run.stdout
