"""The runner's loop: cells run, functions are called, and errors are told."""

import numpy as np
import pytest

from tools.course.runner import process
from tools.course.runner.wire import pack, unpack


def after(*cells):
    namespace = {}
    for cell in cells:
        assert process.run({"name": "cell", "source": cell}, namespace) == {"error": None}
    return namespace


def called(namespace, function, *arguments):
    request = {"function": function, "arguments": [pack(argument) for argument in arguments]}
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
    assert process.run({"name": "cell", "source": source}, {}) == {"error": error}


def test_a_syntax_error_is_told_with_its_line():
    name, _, line = process.run({"name": "cell", "source": "x = 1\ndef f(:"}, {})["error"]
    assert (name, line) == ("SyntaxError", 2)


def test_what_a_call_raises_is_told():
    assert called({}, "f") == {"error": ["NameError", "name 'f' is not defined"]}
    namespace = after("def f():\n    raise SystemExit('bye')")
    assert called(namespace, "f") == {"error": ["SystemExit", "bye"]}


def test_what_is_printed_goes_nowhere(capsys):
    namespace = after("print('cell')\ndef f():\n    print('call')")
    called(namespace, "f")
    assert capsys.readouterr() == ("", "")
