"""A function of columns is told how to say so, and a function of rows that it is one."""

import pytest

import softmax_lib as lib
from softmax_lib.misconceptions import CATALOGUE
from softmax_lib.misconceptions.kinds import KINDS
from softmax_lib.misconceptions.layouts import OF_EXAMPLES
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


VECTOR_KINDS = [kind for kind in KINDS.values() if not OF_EXAMPLES & set(kind.arguments)]


@pytest.mark.parametrize("kind", VECTOR_KINDS, ids=[kind.name for kind in VECTOR_KINDS])
def test_what_takes_no_examples_is_judged_in_a_vectors_layout_too(kind):
    assert diagnosed(kind.truth, kind.name, layout="vector").ok
    wrong = diagnosed(lambda *arguments: 1 + 2 * kind.truth(*arguments), kind.name, layout="vector")
    assert not wrong.ok
    assert wrong.example is not None


def test_where_examples_are_columns_a_verdict_speaks_of_columns():
    naive = CATALOGUE["softmax-no-shift"].wrong
    message = diagnosed(lambda Z: naive(Z.T).T, "softmax", layout="columns").message
    assert "the maximum of the column is not subtracted" in message

    def one_bias(X, Z, y):
        dW, db = KINDS["weight_gradient"].truth(X.T, Z.T, y)
        return dW.T, db.sum()

    message = diagnosed(one_bias, "weight_gradient", layout="columns").message.replace("\n", " ")
    assert "each column of dZ sums to 0" in message
    assert "sum over the examples, axis=1" in message
