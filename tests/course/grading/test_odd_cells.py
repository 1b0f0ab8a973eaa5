"""Cells that Jupyter runs, beside a right answer or in its cell: the answer earns what it earns."""

import dataclasses
import json
import sys

import nbformat
import numpy as np
import pytest

from softmax_lib import diagnose
from tests.support.submissions import load
from tools.course import student_library
from tools.course.grading import submission
from tools.course.grading.student import Student
from tools.course.plain_python import plain_python

HIDDEN = (
    "from softmax_lib.misconceptions import examine\nassert examine(softmax, 'softmax', seed=11)"
)
QUESTION = dataclasses.replace(load("a1").questions[0], hidden=HIDDEN)  # once, and not four times
ASSIGNMENT = dataclasses.replace(load("a1"), questions=(QUESTION,))
SOFTMAX = """
def softmax(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)
"""
ODD = """
np.exp?
?np.exp
np.exp??
files = !ls
files = !!ls
!pip install numpy
!!ls
%matplotlib inline
%pip install pandas
%load_ext autoreload
%time x = 3
x = %time 3
%timeit -n 1 3
folder = %pwd
a, b = %sql select
import pandas as pd
from scipy.special import expit
import seaborn as sns, torch
from softmax_lib.plots import show
import matplotlib.pyplot as plt; plt.plot([1]); plt.show()
from IPython.display import display, Markdown; display(Markdown('x'))
display(3)
get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().events.register('post_run_cell', print)
name = input('your name? ')
import asyncio; await asyncio.sleep(0)
import micropip; await micropip.install('softmax_lib')
async def g(): return 1
print(_, Out, In)
1 / 0
open('data.csv')
assert False
raise SystemExit
exit()
sys.exit()
help(np.exp)
x = = 3
x = (1
print(f"{d["a"]}")
type Row = list
def f[T](x): return x
/print 3
for i in range(3): %time i
    x = 3
from __future__ import annotations
import nothing; x = 4
%%time
%%capture
""".strip("\n").split("\n")
SHOWING = """
import matplotlib.pyplot as plt; plt.rcParams['figure.figsize'] = 3, 3; assert not len(plt.axes())
import matplotlib.pyplot as plt; exec("with plt.style.context(1): 2")
""".strip("\n").split("\n")
SWITCHES = """
np.seterr(all='raise')
import warnings; warnings.simplefilter('error')
np.random.seed(3)
np.set_printoptions(precision=1)
import os; os.chdir('/')
import sys; sys.setrecursionlimit(60)
import sys; sys.stdout = None
import sys; sys.stderr = None
import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)
import gc; gc.disable()
import builtins; builtins.print = None
del np.float64
""".strip("\n").split("\n")
FIRST_LINE_ALONE = ("%%time", "%%capture", "    x = 3", "from __future__ import annotations")


NAIVE = "def softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    student_library.build(folder, {"diagnose"})
    return folder


@pytest.fixture(scope="module")
def shared(library):
    """One process for the cells that leave nothing behind."""
    with Student(library, isolated=False) as student:
        yield student


def graded(student, q1, *cells):
    sources = {"setup": ASSIGNMENT.setup, "q1": q1} | {f"new {i}": c for i, c in enumerate(cells)}
    notebook = nbformat.v4.new_notebook()
    for id, source in sources.items():
        metadata = {"nbgrader": {"grade_id": id, "solution": id == "q1"}}
        notebook.cells.append(nbformat.v4.new_code_cell(source, metadata=metadata))
    student.run("before", "softmax = None")
    return submission.grade(ASSIGNMENT, json.dumps(notebook).encode(), student)


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD)
def test_a_right_answer_earns_all_points_beside_it(shared, odd):
    above = f"{odd}\n{SOFTMAX}"
    below = SOFTMAX if odd in FIRST_LINE_ALONE else f"{SOFTMAX}\n{odd}"
    for q1, *cells in ((above, odd), (below,)):
        result = graded(shared, q1, *cells)
        assert result.score == 4, (q1, cells, result)
        assert result.verdicts["q1"] == "softmax: right."
        assert not {"failed-cell", "newer-python"} & result.flags


@pytest.mark.parametrize("cell", SHOWING)
def test_what_only_shows_something_stops_no_cell(shared, cell):
    assert graded(shared, SOFTMAX, cell).errors == {}


def test_a_module_that_a_cell_writes_can_be_imported(shared):
    q1 = "from mine import lifted as shifted\n" + SOFTMAX.replace("np.exp(Z", "shifted(Z")
    written = "%%writefile mine.py\nimport numpy as np\n\ndef lifted(x):\n    return np.exp(x)"
    shared.run("written", plain_python(written).source)
    result = graded(shared, q1)
    assert (result.score, result.left_out, result.errors) == (4, {}, {})


def test_what_failed_or_was_left_out_is_listed(shared):
    q1 = f"%timeit 3\nimport no_such_module\n{SOFTMAX}x = = 3"
    result = graded(shared, q1, "np.exp?")
    assert result.left_out == {"q1": "%timeit 3", "new 0": "?np.exp"}
    assert result.errors == {
        "q1": "SyntaxError: invalid syntax (line 7); "
        "ModuleNotFoundError: No module named 'no_such_module' (line 2)"
    }


@pytest.mark.parametrize(
    ("q1", "flag"),
    [
        ("import no_such_module as n\ndef softmax(Z):\n    return n.softmax(Z)", "failed-cell"),
        ("def softmax(Z:\n    return Z", "failed-cell"),
        pytest.param(
            "try:\n    x\nexcept NameError, TypeError:\n    pass\ndef softmax(Z):\n    return Z",
            "newer-python",
            marks=pytest.mark.skipif(
                sys.version_info >= (3, 14), reason="this Python reads all that is known"
            ),
        ),
    ],
)
def test_a_question_that_lost_points_by_it_is_flagged(shared, q1, flag):
    result = graded(shared, q1)
    assert result.score == 0
    assert flag in result.flags
    if flag == "newer-python":
        assert "Python 3.14 may read it, and Python 3." in result.errors["q1"]


@pytest.mark.slow
@pytest.mark.parametrize("switch", SWITCHES)
def test_the_verdict_is_that_of_the_notebook(library, switch):
    with Student(library, isolated=False) as student:
        for source in (SOFTMAX, NAIVE, SOFTMAX.replace("axis=1", "axis=0")):
            scope = {"np": np}
            exec(source, scope)
            expected = str(diagnose(scope["softmax"]))
            verdict = graded(student, source, switch).verdicts["q1"]
            assert verdict.partition("\nHalf of the points")[0] == expected
