"""The runner's loop: cells run, functions are called, and errors are told."""

import os
import sys
import warnings

import numpy as np
import pytest

from tools.course.runner import process
from tools.course.runner.notebook import names_of_a_notebook
from tools.course.runner.wire import pack, unpack


def run(source, namespace, **settings):
    cell = {"name": "cell", "source": source, "seconds": 5.0, "definitions": False}
    return process.run(cell | settings, namespace)


def after(*cells):
    namespace = dict(names_of_a_notebook({}))
    for cell in cells:
        assert run(cell, namespace) == {"errors": [], "late": False}
    return namespace


def called(namespace, function, *arguments, seconds=5.0):
    packed = [pack(argument) for argument in arguments]
    request = {"function": function, "arguments": packed, "seconds": seconds}
    return process.call(request, namespace)


def test_a_value_and_the_changed_arguments_come_back():
    namespace = after("def f(x):\n    x[0] = 9\n    return x.sum()")
    answer = called(namespace, "f", np.array([1, 2]))
    assert unpack(answer["value"]) == 11
    np.testing.assert_array_equal(unpack(answer["after"][0]), [9, 2])


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("x = 1\n1 / 0", ["ZeroDivisionError", "division by zero", 2]),
        ("raise SystemExit", ["SystemExit", "", 1]),
        ("raise KeyboardInterrupt('no')", ["KeyboardInterrupt", "no", 1]),
    ],
)
def test_an_error_is_told_with_its_line(source, error):
    assert run(source, {}) == {"errors": [error], "late": False}


def test_a_statement_that_fails_costs_itself_alone():
    namespace = {}
    errors = run("import no_such_module as pd\nx = 1\n1 / 0\ndef f():\n    return x", namespace)[
        "errors"
    ]
    assert [(name, line) for name, _, line in errors] == [
        ("ModuleNotFoundError", 1),
        ("ZeroDivisionError", 3),
    ]
    assert namespace["f"]() == 1


@pytest.mark.parametrize(
    "source",
    [
        "await_me = 1\nasync def g():\n    return 2\nx = await g()",
        "async def g():\n    yield 2\nx = [y async for y in g()][0]",
        "x = get_ipython().run_line_magic('time', '1 + 1')",
        "get_ipython().run_line_magic('time', 'x = 2')",
        "get_ipython().run_line_magic('matplotlib', 'inline')\nx = 2",
        "x = 2 + len(get_ipython().getoutput('ls'))",
        "get_ipython().events.register('post_run_cell', print)\nx = 2",
        "display(1, 2)\ninput('?')\nhelp(len)\nx = 2",
        "_, Out, In\nx = 2",
        "from __future__ import annotations\ndef f(a: nothing): return 2\nx = f(1)",
    ],
)
def test_what_a_notebook_allows_runs(source):
    namespace = process.new_namespace()
    assert run(source, namespace)["errors"] == []
    assert namespace["x"] == 2


def test_classes_of_a_cell_are_found_by_their_module():
    before = sys.modules["__main__"]
    namespace = process.new_namespace()
    source = "import dataclasses, pickle\n@dataclasses.dataclass\nclass A:\n    x: 'int' = 1\n"
    assert run(source + "assert pickle.loads(pickle.dumps(A())) == A()", namespace)["errors"] == []
    sys.modules["__main__"] = before


def test_definitions_alone_are_run_where_there_is_no_time():
    namespace = {}
    source = "import os\ndef f():\n    return os\nx = 1\nwhile True: pass\nclass A: pass"
    assert run(source, namespace, definitions=True)["late"]
    assert {"os", "f", "A"} <= namespace.keys()
    assert "x" not in namespace
    assert not run("import os", {}, definitions=True)["late"]


@pytest.mark.parametrize(
    "switch",
    [
        "np.seterr(all='raise')",
        "np.seterr(all='call')",
        "import warnings\nwarnings.simplefilter('error')",
        "import warnings\nwarnings.showwarning = None",
        "import sys\nsys.setrecursionlimit(40)",
        "import sys, io\nsys.stdout = sys.stderr = None",
        "np.set_printoptions(precision=1, threshold=2)",
        "import os\nos.chdir('/')",
        "np.random.seed(1)\nimport random\nrandom.seed(1)",
    ],
)
def test_what_a_cell_has_switched_holds_for_no_call(switch, monkeypatch):
    source = (
        "import numpy as np, warnings, os\nFOLDER = os.getcwd()\n"
        "def f(x):\n    warnings.warn('careful')\n    np.random.rand()\n    print(x)\n"
        "    return np.exp(x) / np.zeros(1) + g(50), os.getcwd() == FOLDER\n"
        "def g(n):\n    return n and g(n - 1)"
    )
    keep = sys.stdout, sys.stderr, sys.getrecursionlimit(), os.getcwd(), warnings.showwarning
    monkeypatch.setattr(process, "FOLDER", os.getcwd())
    try:
        with np.errstate(), np.printoptions(), warnings.catch_warnings():
            namespace = after(source)
            run(switch, namespace)
            before = np.random.get_state()[1].tolist()  # noqa: NPY002
            value, there = unpack(called(namespace, "f", np.array([1000.0]))["value"])
            assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
    finally:
        sys.stdout, sys.stderr = keep[:2]
        sys.setrecursionlimit(keep[2])
        os.chdir(keep[3])
        warnings.showwarning = keep[4]
    assert value == np.inf
    assert there


def test_a_call_that_is_late_says_so():
    namespace = after("def f():\n    while True: pass")
    assert called(namespace, "f", seconds=0.05) == {"late": True}


def test_what_a_call_raises_is_told():
    assert called({}, "f") == {"error": ["NameError", "name 'f' is not defined"]}
    namespace = after("def f():\n    raise SystemExit('bye')")
    assert called(namespace, "f") == {"error": ["SystemExit", "bye"]}


def test_what_is_printed_goes_nowhere(capsys):
    namespace = after("print('cell')\ndef f():\n    print('call')")
    called(namespace, "f")
    assert capsys.readouterr() == ("", "")
