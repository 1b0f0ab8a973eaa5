"""The shell of the pages, without a page: what it sends for a cell."""

import builtins
import importlib.util
import json
import sys

import pytest

from tools.site.python import SHELL


@pytest.fixture
def run(monkeypatch):
    """Run cells one after another; return what each sent."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    monkeypatch.setattr(builtins, "display", None, raising=False)
    spec = importlib.util.spec_from_file_location("shell", SHELL)
    shell = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shell)
    sent = []
    shell.start(lambda kind, value: sent.append((kind, json.loads(value))))

    def run(*sources):
        sent.clear()
        for number, source in enumerate(sources, 1):
            shell.run(source, number)
        return list(sent)

    run.shell = shell
    return run


def test_what_is_printed_comes_in_order(run):
    assert run("print(1)\nimport sys\nprint(2, file=sys.stderr)\nprint(3, end='')") == [
        ("stdout", "1\n"),
        ("stderr", "2\n"),
        ("stdout", "3"),
    ]


def test_names_live_on_and_the_last_value_is_shown(run):
    assert run("x = 2", "x + 1", "_ + 1") == [
        ("shown", {"text/plain": "3"}),
        ("shown", {"text/plain": "4"}),
    ]
    run.shell.start(lambda kind, value: None)
    assert "x" not in vars(sys.modules["__main__"])


@pytest.mark.parametrize("source", ["None", "1;", "x = 1", "", "# a comment"])
def test_nothing_is_shown_for(run, source):
    assert run(source) == []


def test_values_are_shown_in_all_their_forms(run):
    forms = run(
        "class A:\n  def _repr_html_(self): return '<b>a</b>'\n  __repr__ = lambda s: 'a'\nA()"
    )
    assert forms == [("shown", {"text/plain": "a", "text/html": "<b>a</b>"})]
    assert run("display(1, 'two')") == [
        ("shown", {"text/plain": "1"}),
        ("shown", {"text/plain": "'two'"}),
    ]
    assert [kind for kind, _ in run("class A:\n  _repr_html_ = None\nA")] == ["shown"]


def test_an_error_tells_of_the_lines_of_cells_alone(run):
    define = "import json\ndef load(text):\n    return json.loads(text)"
    ((kind, error),) = run(define, "load('{')")
    assert kind == "error"
    assert error["line"].startswith("JSONDecodeError: Expecting property name")
    assert 'File "cell 2", line 1' in error["text"]
    assert 'File "cell 1", line 3, in load\n    return json.loads(text)' in error["text"]
    assert error["text"].count("File") == 2


@pytest.mark.parametrize("source", ["x = (", "  x", "exit()", "raise KeyboardInterrupt"])
def test_no_cell_ends_the_shell(run, source):
    assert [kind for kind, _ in run(source)] == ["error"]


def test_a_cell_that_prints_without_end_does_not_fill_the_page(run):
    words = "".join(text for _, text in run("for _ in range(5000):\n    print('x' * 99)"))
    assert len(words) < 201_000
    assert words.endswith("The rest is left out: more than 200,000 characters.\n")
    assert words.count("left out") == 1


@pytest.mark.parametrize(
    ("source", "draws"),
    [
        ("import matplotlib.pyplot as plt", True),
        ("def f():\n    from matplotlib import cm", True),
        ("from softmax_lib import plots, softmax", True),
        ("from softmax_lib.plots import use_style", True),
        ("import numpy as np\nfrom softmax_lib import softmax", False),
        ("matplotlib = 'import matplotlib'", False),
        ("from . import matplotlib_like", False),
        ("import (", False),
    ],
)
def test_matplotlib_is_brought_by_a_cell_that_imports_it(run, source, draws):
    assert run.shell.draws(source) is draws
