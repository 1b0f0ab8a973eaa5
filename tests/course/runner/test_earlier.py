"""Names as they were when a function's cell had run."""

import builtins

import pytest

from tools.course.runner.earlier import Earlier

CELL = "axis = 1\ndef f():\n    return axis"


def after(*cells):
    earlier, namespace = Earlier(), {}
    for cell in cells:
        exec(cell, namespace)
        earlier.keep(["f"], namespace)
    return earlier, namespace


@pytest.mark.parametrize("later", ["axis = 0", "del axis", "f = f()", "del f"])
def test_a_name_that_a_later_cell_changed_is_there_again(later):
    earlier, namespace = after(CELL, later, "g = 2")
    now = dict(namespace)
    assert earlier.differs("f", namespace)
    with earlier.names_for("f", namespace):
        assert namespace["f"]() == 1
        assert namespace["g"] == 2
    assert namespace == now


def test_a_name_that_hides_what_is_built_in_is_away_again():
    earlier, namespace = after("def f():\n    return max(1, 2)", "max = 5\ng = 2")
    assert earlier.differs("f", namespace)
    with earlier.names_for("f", namespace):
        assert namespace["f"]() == namespace["g"] == 2
    assert namespace["max"] == 5


@pytest.mark.parametrize("later", ["g = 2", "x = axis", "_ = 3"])
def test_what_comes_later_changes_nothing(later, monkeypatch):
    monkeypatch.setattr(builtins, "_", "as after a prompt", raising=False)
    earlier, namespace = after(CELL, later)
    assert not earlier.differs("f", namespace)
    assert not earlier.differs("g", namespace)


def test_the_definition_that_came_last_counts():
    earlier, namespace = after(CELL, "def f():\n    return 3", "del f")
    with earlier.names_for("f", namespace):
        assert namespace["f"]() == 3
