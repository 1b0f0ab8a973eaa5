"""Cells as plain Python, without Jupyter's own commands."""

import pytest

from tools.course.runner.magic import without_magic


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("x = 1", "x = 1"),
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if True:\n    %config X=1\n    x = 1", "if True:\n    pass\n    x = 1"),
        ("!pip install numpy\n?np.exp", "pass\npass"),
        ("x = ('%s'\n     % 1)", "x = ('%s'\n     % 1)"),
        ("x = (1\n!ls", "x = (1\n!ls"),
        ("def f(:", "def f(:"),
        ("a\0b", "a\0b"),
        ("", ""),
    ],
)
def test_a_command_is_left_out_and_python_is_not(source, plain):
    assert without_magic(source) == plain
