"""A function of columns is told how to say so, and a function of rows that it is one."""

import pytest

import softmax_lib as lib
from tests.support.diagnoses import diagnosed, ids, unspaced
from tests.support.learner_functions.right import RIGHT

COLUMNS = [case for case in RIGHT if case.layout == "columns" and case.kind != "accuracy"]


@pytest.mark.parametrize("case", COLUMNS, ids=ids(COLUMNS))
def test_a_function_of_columns_is_told_how_to_say_so(case):
    verdict = diagnosed(case.function, case.kind)
    assert verdict.id == "layout" or verdict.id.endswith(
        ("wrong-axis", "in-columns", "over-classes")
    )
    assert unspaced('examples are columns, pass layout="columns".') in unspaced(verdict.message)


def test_a_function_of_rows_is_told_so_where_columns_were_promised():
    verdict = diagnosed(lib.cross_entropy, layout="columns")
    assert verdict.id == "layout"
    assert 'pass layout="rows"' in verdict.message
