"""What a cell imports and defines, read without running it."""

import pytest

from tools.course.source_code import assigned_number, defined, imported, imports_answers


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from softmax_lib import diagnose, softmax as s", {"diagnose", "softmax"}),
        ("from softmax_lib.activations import softmax", {"softmax_lib"}),
        ("import softmax_lib.losses as l", {"softmax_lib"}),
        (
            "def f():\n    import importlib\n    importlib.import_module('softmax_lib')",
            {"softmax_lib"},
        ),
        ("__import__('softmax_lib.losses')", {"softmax_lib"}),
        ("%pip install softmax_lib\nimport numpy", set()),
        ("from .softmax_lib import softmax", {"softmax"}),
        ("this is no Python", set()),
        ("(" * 10_000, set()),
    ],
)
def test_imports_are_found_in_all_forms(source, names):
    assert imported(source) == names


def test_only_allowed_names_are_no_answers():
    assert not imports_answers("from softmax_lib import softmax", {"softmax"})
    assert imports_answers("from softmax_lib import softmax", set())
    assert imports_answers("import scipy.special", {"softmax"})
    assert not imports_answers("import numpy as np", set())


@pytest.mark.parametrize(
    ("sources", "number"),
    [
        ([], 0),
        (["number = 5"], 0),
        (["my_number = 12345"], 12345),
        (["my_number: int = 5  # mine"], 5),
        (["%time\nx = my_number = 5\n!ls"], 5),
        (["my_number = 0", "my_number = 5", "print(my_number)"], 5),
        (["my_number = -5"], None),
        (["my_number = 2**31"], None),
        (["my_number = 2147483648"], None),
        (["my_number = 5.0"], None),
        (["my_number = True"], None),
        (["my_number = '5'"], None),
        (["my_number = 5", "my_number = load()"], None),
        (["my_number: int"], None),
        (["def f():\n    my_number = 5"], 0),
        (["my_number, x = 7, 1", "[a, b] = 1, 2"], 7),
        (["my_number, x = load()"], None),
    ],
)
def test_the_number_that_a_name_gets_last_is_read(sources, number):
    assert assigned_number(sources, "my_number") == number


def test_names_are_defined_at_the_top_alone():
    source = "!ls\ndef f():\n    g = 1\nclass H: pass\ni = j = 1\nasync def k(): pass\n"
    source += (
        "l, [m, n.o] = 1, 2\np: int = 1\n(q := 1)\nif x:\n    r = 1\nelse:\n    def s(): t = 1"
    )
    assert defined(source) == {"f", "H", "i", "j", "k", "l", "p", "q", "r", "s"}
