"""A notebook's cell as plain Python: IPython's own commands, and statements that cannot be read."""

import ast
import sys

import pytest

from tools.course.plain_python import plain_python


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        "x = ('%s'\n     % 1)",
        "text = '''\n%matplotlib inline\n!ls\n'''",
        "y = await g()",
        "",
    ],
)
def test_plain_python_stays_as_it_is(source):
    assert plain_python(source) == (source, (), None, None)


@pytest.mark.parametrize(
    ("command", "left_out"),
    [
        ("%matplotlib inline", "%matplotlib inline"),
        ("    %config X=1", "%config X=1"),
        ("!pip install numpy", "!pip install numpy"),
        ("files = !ls *.csv", "!ls *.csv"),
        ("files = !!ls", "!!ls"),
        ("value = %env HOME", "%env HOME"),
        ("np.exp?", "?np.exp"),
        ("??np.exp", "?np.exp"),
        ("?np.exp", "?np.exp"),
    ],
)
def test_a_command_of_jupyter_is_left_out_and_named(command, left_out):
    source = f"def f(x):\n    return x\n\nif True:\n    pass\n{command}\ny = 2"
    plain = plain_python(source)
    assert plain.left_out == (left_out,)
    assert plain.error is None
    assert {"f", "y"} <= {getattr(node, "name", "y") for node in ast.parse(plain.source).body}


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%%timeit -n 1", "\n%%time\n%%prun"])
def test_a_cell_under_a_magic_of_python_is_python(magic):
    plain = plain_python(f"{magic}\ndef f(x):\n    !ls\n    return x")
    (function,) = ast.parse(plain.source).body
    assert (function.name, function.lineno) == ("f", magic.count("\n") + 2)
    assert plain.left_out == ("!ls",)


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%R a.py"])
def test_a_cell_in_another_language_is_left_out(magic):
    assert plain_python(f"{magic}\nls -l | x") == ("", (magic,), None, None)


@pytest.mark.parametrize(
    "broken",
    [
        "x = (1",
        "print(f'{d['a'}')",
        "def f(:",
        "if True:\nx",
        "a b c",
        ")",
        "return return",
        "for x in y:",
        "@",
        "  x = 1\n y = 2",
        "'''",
    ],
)
@pytest.mark.parametrize("order", ["before", "after"])
def test_what_can_be_read_beside_a_broken_statement_stays(broken, order):
    good = (
        "@staticmethod\ndef g(x):\n    if x:\n        return 1\n    else:\n        return '''\n'''"
    )
    lines = [good, broken] if order == "before" else [broken, good]
    plain = plain_python("\n".join(lines))
    names = [node.name for node in ast.parse(plain.source).body if hasattr(node, "name")]
    assert plain.error is not None
    assert names == ([] if broken == "'''" and order == "after" else ["g"])


def test_lines_stay_where_they_were():
    plain = plain_python("x = = 1\n\ny = 2\nz = (\n!ls")
    assert [node.lineno for node in ast.parse(plain.source).body] == [3]
    assert plain.error[1] == 1


@pytest.mark.parametrize(
    ("source", "version"),
    [
        ('d = {"a": 1}\nprint(f"{d["a"]}")', (3, 12)),
        ("type Row = list[float]", (3, 12)),
        ("def first[T](x: list[T]): return x[0]", (3, 12)),
        ("class Stack[T]: pass", (3, 12)),
        ("try:\n    x\nexcept ValueError, TypeError:\n    pass", (3, 14)),
        ("x = t'{y}'", (3, 14)),
        ("x = = 1", None),
        ("def f(:", None),
    ],
)
def test_what_a_newer_python_would_read_is_told(source, version):
    reads_it = version is not None and sys.version_info >= version
    assert plain_python(source).newer == (None if reads_it else version)


@pytest.mark.parametrize("source", ["(" * 10_000, "a\0b", "%%time", "%" * 100, "!", "?", "\\"])
def test_nothing_that_is_no_python_stops_the_reader(source):
    ast.parse(plain_python(source).source)
