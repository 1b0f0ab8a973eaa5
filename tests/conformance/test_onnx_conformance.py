"""ONNX's operators of the same names: its own node tests, and its reference evaluator.

Softmax, LogSoftmax and Hardmax are meant as they have been since opset 13: along one axis.
"""

import importlib
from unittest import mock

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from onnx.backend.test.case import node as onnx_cases
from onnx.helper import get_attribute_value, make_node
from onnx.reference import ReferenceEvaluator

from softmax_lib import (
    cross_entropy,
    hardmax,
    log_softmax,
    logsumexp,
    negative_log_likelihood,
    softmax,
)

ALONG_AN_AXIS = {"Softmax": softmax, "LogSoftmax": log_softmax, "Hardmax": hardmax}
FROM_LABELS = {
    "SoftmaxCrossEntropyLoss": cross_entropy,
    "NegativeLogLikelihoodLoss": negative_log_likelihood,
}
MODULES = [
    "softmax",
    "logsoftmax",
    "hardmax",
    "reduce_log_sum_exp",
    "softmax_cross_entropy_loss",
    "negativeloglikelihoodloss",
]


def attributes_of(node):
    values = {part.name: get_attribute_value(part) for part in node.attribute}
    return {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in values.items()
    }


def ours(node, *inputs):
    """What our functions say to a node of a graph, as a list of its outputs."""
    options = attributes_of(node)
    if node.op_type in ALONG_AN_AXIS:
        return [ALONG_AN_AXIS[node.op_type](*inputs, **options)]
    if node.op_type == "ReduceLogSumExp":
        values, *axes = inputs
        by_default = () if options.get("noop_with_empty_axes") else None
        axis = tuple(map(int, axes[0])) if axes and len(axes[0]) else by_default
        return [logsumexp(values, axis, keepdims=bool(options.get("keepdims", 1)))]
    scores, labels, *weights = inputs
    if weights:
        options["class_weight"] = weights[0]
    loss = FROM_LABELS[node.op_type](scores, labels, axis=1, **options)
    return [loss, log_softmax(scores, axis=1)][: len(node.output)]


def theirs(node, *inputs):
    with np.errstate(all="ignore"):  # a mean over nothing is 0 / 0
        return ReferenceEvaluator(node).run(None, dict(zip(node.input, inputs, strict=True)))


def assert_ours_agrees(node, inputs, expected, **tolerance):
    answers = ours(node, *inputs)
    for answer, value in zip(answers, expected, strict=True):
        assert answer.shape == np.shape(value)
        assert answer.dtype == value.dtype
        np.testing.assert_allclose(answer, value, **tolerance)


# Its own node tests: they come as code, and each hands its node and data to a function `expect`


def recorded():
    cases = {}

    def expect(node, inputs, outputs, name, **_):
        cases[name] = node, inputs, outputs

    # A sum over the empty set has the logarithm -inf.
    with mock.patch.object(onnx_cases, "expect", expect), np.errstate(divide="ignore"):
        for module in MODULES:
            importlib.import_module(f"{onnx_cases.__name__}.{module}")
    return cases


CASES = recorded()
# Their "log-probabilities" are any numbers between 0 and 1.
UNLIKELY = {name: CASES.pop(name) for name in list(CASES) if name.startswith("test_nllloss")}


@pytest.mark.parametrize("name", CASES)
def test_a_case_of_onnx_passes(name):
    assert_ours_agrees(*CASES[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("operator", "count"),
    [
        ("Softmax", 7),
        ("LogSoftmax", 7),
        ("Hardmax", 7),
        ("ReduceLogSumExp", 8),
        ("SoftmaxCrossEntropyLoss", 34),
    ],
)
def test_every_operator_has_its_cases(operator, count):
    assert sum(node.op_type == operator for node, _, _ in CASES.values()) >= count


def test_the_cases_ignore_labels_in_and_out_of_range():
    ignored = {attributes_of(node).get("ignore_index") for node, _, _ in CASES.values()}
    assert {None, -5, -1, 0, 1, 2, 10} <= ignored


def test_a_sum_over_the_empty_set_is_among_them():
    _, _, (expected,) = CASES["test_reduce_log_sum_exp_empty_set"]
    assert (expected == -np.inf).all()


@pytest.mark.parametrize("name", UNLIKELY)
def test_log_probabilities_above_0_are_refused_and_pass_below(name):
    node, (scores, *rest), _ = UNLIKELY[name]
    with pytest.raises(ValueError, match="log_probs must be at most 0"):
        ours(node, scores, *rest)
    inputs = scores - 1, *rest
    assert_ours_agrees(node, inputs, theirs(node, *inputs), rtol=1e-5, atol=1e-6)


def test_there_are_such_cases():
    assert len(UNLIKELY) >= 18


# Its reference evaluator


def arrays(draw, elements, max_dims=4):
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=max_dims, max_side=4))
    return draw(hnp.arrays(np.float64, shape, elements=elements))


@given(st.data())
def test_softmax_and_log_softmax_agree_along_every_axis(data):
    z = arrays(data.draw, st.floats(-30, 30))
    for axis in range(-z.ndim, z.ndim):
        for operator in "Softmax", "LogSoftmax":
            node = make_node(operator, ["z"], ["p"], axis=axis)
            assert_ours_agrees(node, [z], theirs(node, z), rtol=1e-12, atol=1e-14)


@given(st.data(), st.sampled_from([np.float16, np.float32, np.float64]))
def test_hardmax_agrees_along_every_axis_and_where_maxima_tie(data, dtype):
    z = arrays(data.draw, st.sampled_from([-np.inf, -1.0, 0.0, 2.0, np.inf])).astype(dtype)
    for axis in range(-z.ndim, z.ndim):
        node = make_node("Hardmax", ["z"], ["p"], axis=axis)
        assert_ours_agrees(node, [z], theirs(node, z), rtol=0)


@pytest.mark.parametrize("operator", ALONG_AN_AXIS)
def test_the_last_axis_is_the_default_of_both(operator):
    z = np.random.default_rng(0).normal(size=(2, 3, 4))
    node = make_node(operator, ["z"], ["p"])
    assert_ours_agrees(node, [z], theirs(node, z), rtol=1e-12)


@given(st.data(), st.booleans())
def test_logsumexp_agrees_over_every_set_of_axes(data, keepdims):
    z = arrays(data.draw, st.floats(-30, 30))
    axes = data.draw(st.lists(st.integers(0, z.ndim - 1), unique=True))
    axes = np.array([data.draw(st.sampled_from([axis, axis - z.ndim])) for axis in axes], int)
    for none_is_all in [0, 1]:
        node = make_node(
            "ReduceLogSumExp",
            ["z", "axes"],
            ["s"],
            keepdims=int(keepdims),
            noop_with_empty_axes=none_is_all,
        )
        assert_ours_agrees(node, [z, axes], theirs(node, z, axes), rtol=1e-12, atol=1e-12)


@st.composite
def label_nodes(draw, operator):
    """A node that takes scores (N, C, d1, ...) and labels, and its inputs."""
    scores = draw(
        hnp.arrays(
            np.float64,
            hnp.array_shapes(min_dims=2, max_dims=4, max_side=4),
            elements=st.floats(-30, 30),
        )
    )
    n_classes = scores.shape[1]
    positions = scores.shape[:1] + scores.shape[2:]
    labels = draw(hnp.arrays(np.int64, positions, elements=st.integers(0, n_classes - 1)))
    options = {"reduction": draw(st.sampled_from(["none", "sum", "mean"]))}
    ignored = draw(st.sampled_from([None, -100, -1, 0, 99]))
    if ignored is not None:
        options["ignore_index"] = ignored
        labels = np.where(draw(hnp.arrays(np.bool_, positions)), ignored, labels)
    inputs = {"scores": scores, "labels": labels}
    if draw(st.booleans()):
        inputs["weights"] = draw(
            hnp.arrays(np.float64, n_classes, elements=st.sampled_from([0.0, 0.5, 1.0, 3.0]))
        )
    outputs = ["loss", "log_probs"] if operator == "SoftmaxCrossEntropyLoss" else ["loss"]
    return make_node(operator, list(inputs), outputs, **options), list(inputs.values())


@given(label_nodes("SoftmaxCrossEntropyLoss"))
def test_cross_entropy_of_labels_agrees_under_all_options(problem):
    node, inputs = problem
    assert_ours_agrees(node, inputs, theirs(node, *inputs), rtol=1e-12, atol=1e-12)


@given(label_nodes("NegativeLogLikelihoodLoss"))
def test_negative_log_likelihood_agrees_under_all_options(problem):
    node, (scores, *rest) = problem
    # Without weights, the reference evaluator counts a label of -1 in the mean, ignored or not.
    assume(len(rest) == 2 or attributes_of(node).get("ignore_index") != -1)
    inputs = log_softmax(scores, axis=1), *rest
    assert_ours_agrees(node, inputs, theirs(node, *inputs), rtol=1e-12, atol=1e-12)


def test_a_mean_over_nothing_is_nan_in_both():
    node = make_node("SoftmaxCrossEntropyLoss", ["x", "y"], ["l"], ignore_index=-1)
    inputs = np.zeros((2, 3)), np.array([-1, -1])
    assert np.isnan(theirs(node, *inputs)[0])
    assert np.isnan(ours(node, *inputs)[0])
