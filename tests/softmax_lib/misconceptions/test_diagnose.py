"""diagnose passes what is right, and knows a mistake in other clothes and one that is new."""

import math

import numpy as np
import pytest

import softmax_lib as lib
from softmax_lib.misconceptions import CATALOGUE
from softmax_lib.misconceptions.kinds import KINDS
from tests.support.diagnoses import diagnosed, ids, judged, takes_one_hot
from tests.support.learner_functions.right import RIGHT, only_lists
from tests.support.learner_functions.wrong import WRONG


def softmax_by_loops_without_shift(Z):
    only_lists(Z)

    return [[math.exp(z) / sum(math.exp(other) for other in row) for z in row] for row in Z]


def hardmax_of_lists_with_ties(Z):
    only_lists(Z)
    return [[int(z == max(row)) for z in row] for row in Z]


def cross_entropy_summed(probs, Y):
    return -np.sum(Y * np.log(probs))


def cross_entropy_of_columns_summed(A, Y):
    return -np.sum(Y * np.log(A))


def logits_gradient_of_columns(Z, Y):
    exps = np.exp(Z - Z.max(axis=0))
    return exps / exps.sum(axis=0) - Y


def softmax_of_one_vector(z):
    return np.exp(z) / np.exp(z).sum()


def softmax_overflows_and_is_mistaken(Z):
    exps = np.exp(Z)
    return exps / exps.sum(axis=0)


@pytest.mark.parametrize(
    ("function", "layout", "mistake"),
    [
        (softmax_by_loops_without_shift, "rows", "softmax-no-shift"),
        (hardmax_of_lists_with_ties, "rows", "hardmax-marks-all-ties"),
        (cross_entropy_summed, "rows", "probs-loss-sum"),
        (cross_entropy_of_columns_summed, "columns", "probs-loss-sum"),
        (logits_gradient_of_columns, "columns", "dlogits-no-mean"),
        (softmax_of_one_vector, "rows", "softmax-sum-of-everything"),
        (softmax_overflows_and_is_mistaken, "rows", "softmax-wrong-axis"),
    ],
)
def test_a_mistake_is_known_in_other_clothes(function, layout, mistake):
    assert diagnosed(function, layout=layout).id == mistake


def test_every_kind_has_six_right_functions_and_a_mistake():
    for kind in KINDS:
        assert sum(case.kind == kind and case.layout == "rows" for case in RIGHT) >= 6
        assert any(entry.kind == kind for entry in CATALOGUE.values())


@pytest.mark.parametrize("case", RIGHT, ids=ids(RIGHT))
def test_a_right_function_passes(case):
    verdict = diagnosed(case.function, case.kind, layout=case.layout)
    assert verdict.ok
    assert verdict.candidates == ()
    assert verdict.explained == 1
    if case.named:
        verdict = diagnosed(case.function, layout=case.layout)
        assert (verdict.ok, verdict.kind) == (True, case.kind)


@pytest.mark.usefixtures("no_threads")
@pytest.mark.parametrize("case", RIGHT, ids=ids(RIGHT))
def test_a_right_function_passes_other_inputs(case):
    assert judged(
        case.function, case.kind, 1, np.float32, layout=case.layout, one_hot=takes_one_hot(case)
    ).ok


def test_zero_times_the_logarithm_of_zero_is_a_caution():
    def cross_entropy(probs, Y):
        return -(Y * np.log(probs)).sum() / len(Y)

    verdict = diagnosed(cross_entropy)
    assert verdict.ok
    assert "Careful: where a probability is exactly 0" in verdict.message


def test_what_python_raises_where_inf_is_due_is_a_caution():
    def cross_entropy(probs, y):
        return -sum(math.log(p[label]) for p, label in zip(probs, y, strict=True)) / len(y)

    assert "it raises ValueError; inf is due." in diagnosed(cross_entropy).message


def test_a_loss_that_is_right_on_logits_or_on_probabilities_is_right():
    def cross_entropy(a, b):
        return lib.cross_entropy(a, b)

    assert diagnosed(cross_entropy).kind == "cross_entropy"

    def loss(a, b):
        return -np.log(a[np.arange(len(b)), b]).mean()

    assert diagnosed(loss).kind == "cross_entropy_from_probs"
    assert diagnosed(loss).ok
    assert not diagnosed(loss, "cross_entropy").ok


# One is right in the other form; one is the same function in both.
AMBIGUOUS = {"probs-loss-softmax-again", "loss-logits-as-probs", "probs-loss-as-log-probs"}

LOSSES = [entry for entry in CATALOGUE.values() if entry.kind.startswith("cross_entropy")]


@pytest.mark.usefixtures("no_threads")
@pytest.mark.parametrize(
    "entry", [entry for entry in LOSSES if entry.id not in AMBIGUOUS], ids=lambda entry: entry.id
)
def test_a_wrong_loss_is_read_in_the_form_that_it_was_meant_in(entry):
    def cross_entropy(a, b):
        return entry.wrong(a, b)

    verdict = diagnosed(cross_entropy)
    assert verdict.kind == entry.kind
    assert entry.id in verdict.candidates


def fails(function, example):
    given = [
        np.copy(value) if isinstance(value, np.ndarray) else value
        for value in example.inputs.values()
    ]
    with np.errstate(all="ignore"):
        try:
            answer = function(*given)
        except Exception:
            return True
    answers = answer if isinstance(example.expected, tuple) else (answer,)
    truths = example.expected if isinstance(example.expected, tuple) else (example.expected,)
    return any(
        np.shape(a) != np.shape(t) or not np.allclose(a, t, rtol=1e-5, atol=1e-30)
        for a, t in zip(answers, truths, strict=True)
    )


def test_new_mistakes_of_every_kind_are_tried():
    assert {case.kind for case in WRONG} == set(KINDS)
    assert sum(case.ids == ("unknown",) for case in WRONG) >= 24


@pytest.mark.parametrize("case", WRONG, ids=ids(WRONG))
def test_a_new_mistake_is_reported_with_an_example_that_fails(case):
    verdict = diagnosed(case.function, None if case.named else case.kind)
    assert not verdict.ok
    assert verdict.id in case.ids
    assert verdict.kind == case.kind
    assert fails(case.function, verdict.example)


@pytest.mark.usefixtures("no_threads")
@pytest.mark.parametrize("case", WRONG, ids=ids(WRONG))
def test_a_new_mistake_fails_other_inputs(case):
    assert not judged(case.function, case.kind, 1, np.float32, one_hot=takes_one_hot(case)).ok
