"""Slopes found by Tensor: every rule against finite differences, and every rule broken once."""

import ast
import copy
import inspect
import math
import operator
import sys
import types
import warnings
from itertools import pairwise
from pickle import dumps, loads

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmax_lib import (
    Tensor,
    autodiff,
    check_gradient,
    cross_entropy,
    cross_entropy_and_gradient,
    one_hot,
    softmax,
)

SEEDS = st.integers(0, 2**32)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, max_side=4)
PAIRS = hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=4)


# What is fed to an operation: numbers that no finite difference carries over a kink.


def anything(rng, shape):
    return rng.normal(size=shape)


def away_from_0(rng, shape):
    return rng.choice([-1, 1], shape) * rng.uniform(0.3, 2, shape)


def above_0(rng, shape):
    return rng.uniform(0.3, 2, shape)


def no_two_alike(rng, shape):
    size = int(np.prod(shape))
    return (0.1 * rng.permutation(size) + rng.uniform(0, 0.05, size)).reshape(shape) - 1


# How it is called: each draws the shapes, and what else it takes, and returns (call, arrays).


@st.composite
def of_two(draw, call, left=anything, right=anything):
    rng = np.random.default_rng(draw(SEEDS))
    shape, other = draw(PAIRS).input_shapes
    return call, [left(rng, shape), right(rng, other)]


@st.composite
def of_one(draw, call, values=anything):
    return call, [values(np.random.default_rng(draw(SEEDS)), draw(SHAPES))]


@st.composite
def of_matrices(draw):
    rng, (stack, other) = np.random.default_rng(draw(SEEDS)), draw(PAIRS).input_shapes
    m, n, k = (draw(st.integers(1, 4)) for _ in range(3))
    return lambda a, b: a @ b, [rng.normal(size=(*stack, m, n)), rng.normal(size=(*other, n, k))]


@st.composite
def along_axes(draw, name, values=anything):
    shape, keepdims = draw(SHAPES), draw(st.booleans())
    axes = st.none()
    if shape:
        ndim = len(shape)
        axes |= st.integers(-ndim, ndim - 1) | hnp.valid_tuple_axes(ndim, min_size=1)
    axis = draw(axes)
    array = values(np.random.default_rng(draw(SEEDS)), shape)
    return lambda x: getattr(x, name)(axis=axis, keepdims=keepdims), [array]


@st.composite
def parts(draw):
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4))
    where = hnp.basic_indices(shape, allow_newaxis=True) | hnp.integer_array_indices(shape)
    index = draw(where)
    return lambda x: x[index], [np.random.default_rng(draw(SEEDS)).normal(size=shape)]


@st.composite
def powers(draw):
    exponent = draw(st.sampled_from([-2, -1, -0.5, 0, 0.5, 1, 2, 3]))
    array = above_0(np.random.default_rng(draw(SEEDS)), draw(SHAPES))
    return lambda a: a**exponent, [array]


@st.composite
def reshaped(draw):
    array = np.random.default_rng(draw(SEEDS)).normal(size=draw(SHAPES))
    shape = draw(st.sampled_from([(-1,), (1, -1), (-1, 1), array.shape[::-1]]))
    return lambda a: a.reshape(shape), [array]


@st.composite
def losses(draw):
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4))
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    rng = np.random.default_rng(draw(SEEDS))
    targets = rng.integers(shape[axis], size=np.delete(shape, axis))
    if draw(st.booleans()):
        targets = np.moveaxis(rng.dirichlet(np.ones(shape[axis]), targets.shape), -1, axis)
    options = {
        "axis": axis,
        "reduction": draw(st.sampled_from(["none", "sum", "mean"])),
        "label_smoothing": draw(st.sampled_from([0.0, 0.2])),
        "class_weight": rng.uniform(0.5, 2, shape[axis]),
    }
    return lambda z: z.cross_entropy(targets, **options), [rng.normal(size=shape)]


OPERATIONS = {
    "add": of_two(lambda a, b: a + b),
    "subtract": of_two(lambda a, b: a - b),
    "multiply": of_two(lambda a, b: a * b),
    "divide": of_two(lambda a, b: a / b, right=away_from_0),
    "negate": of_one(lambda a: -a),
    "matmul": of_matrices(),
    "transpose": of_one(lambda a: a.T),
    "index": parts(),
    "exp": of_one(lambda a: a.exp()),
    "log": of_one(lambda a: a.log(), above_0),
    "power": powers(),
    "sqrt": of_one(lambda a: a.sqrt(), above_0),
    "tanh": of_one(lambda a: a.tanh()),
    "reshape": reshaped(),
    "relu": of_one(lambda a: a.relu(), away_from_0),
    "sum": along_axes("sum"),
    "mean": along_axes("mean"),
    "max": along_axes("max", no_two_alike),
    "cross_entropy": losses(),
}


def weighted(result, weights):
    """One number made of a tensor, by none of the operations under test."""
    return type(result)(np.sum(result.data * weights), (result,), lambda g: (g * weights,))


def check_operation(call, arrays, tensor=Tensor):
    """Compare the slopes by every operand with finite differences."""
    operands = [tensor(array) for array in arrays]
    result = call(*operands)
    weights = np.random.default_rng(0).uniform(0.5, 2, result.shape)
    weighted(result, weights).backward()
    for place, operand in enumerate(operands):

        def value(x, place=place):
            others = [tensor(array) for array in arrays]
            others[place] = tensor(x)
            return (call(*others).data * weights).sum()

        check_gradient(value, operand.grad, arrays[place])


# Right as written


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
def test_an_operation_has_the_slopes_that_differences_show(name, data):
    check_operation(*data.draw(OPERATIONS[name]))


NUMPYS = {
    **{name: getattr(np, name) for name in ("exp", "log", "sqrt", "tanh")},
    "relu": lambda a: np.maximum(a, 0),
}


@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - {"cross_entropy"}))
@given(data=st.data())
def test_an_operation_has_numpys_values(name, data):
    call, arrays = data.draw(OPERATIONS[name])
    expected = NUMPYS.get(name, call)(*arrays)
    result = call(*map(Tensor, arrays))
    assert result.shape == np.shape(expected)
    assert result.data == pytest.approx(expected, rel=1e-14, abs=1e-15)


def test_every_operation_is_among_the_tested():
    defined = {
        name
        for name, member in vars(Tensor).items()
        if callable(member) or isinstance(member, property)
    }
    tested = {
        "add": "__add__",
        "subtract": "__sub__",
        "multiply": "__mul__",
        "divide": "__truediv__",
        "negate": "__neg__",
        "matmul": "__matmul__",
        "transpose": "T",
        "index": "__getitem__",
        "power": "__pow__",
    }
    mirrored = {"__radd__", "__rmul__", "__rsub__", "__rtruediv__", "__rmatmul__"}
    no_operation = {
        "__init__",
        "__getstate__",
        "__repr__",
        "shape",
        "backward",
        "zero_grad",
        "_history",
        "_lift",
    }
    assert {tested.get(name, name) for name in OPERATIONS} == defined - mirrored - no_operation


# Wrong when broken: what stands in the file, and what is put in its place.
RULES = [
    ("add", "lambda g: (g, g))", "lambda g: (g, 0 * g))"),
    ("add", "lambda g: (g, g))", "lambda g: (2 * g, g))"),
    ("subtract", "lambda g: (g, -g))", "lambda g: (g, g))"),
    ("multiply", "(g * other.data, g * self.data)", "(g * self.data, g * other.data)"),
    ("multiply", "(g * other.data, g * self.data)", "(g * other.data, g)"),
    ("divide", "(g / other.data, -g", "(g * other.data, -g"),
    ("divide", "-g * quotient / other.data", "g * quotient / other.data"),
    ("divide", "-g * quotient / other.data", "-g * quotient"),
    ("negate", "lambda g: (-g,))", "lambda g: (g,))"),
    ("matmul", "g @ other.data.mT,", "0 * (g @ other.data.mT),"),
    ("matmul", "self.data.mT @ g)", "0 * (self.data.mT @ g))"),
    ("transpose", "lambda g: (g.T,)", "lambda g: (g.reshape(self.shape),)"),
    ("index", "np.add.at(scattered, index, g)", "scattered[index] = g"),
    ("index", "np.add.at(scattered, index, g)", "pass"),
    ("exp", "(g * power,)", "(g,)"),
    ("log", "(g / self.data,)", "(g * self.data,)"),
    ("power", "exponent * self.data **", "self.data **"),
    ("power", "** (exponent - 1)", "** exponent"),
    ("sqrt", "(g / (2 * root),)", "(g / root,)"),
    ("tanh", "(1 - tangent**2)", "(1 + tangent**2)"),
    ("reshape", "(g.reshape(self.shape),)", "(g.reshape(self.shape[::-1]),)"),
    ("relu", "(g * np.heaviside(self.data, 0),)", "(g,)"),
    ("relu", "(g * np.heaviside(self.data, 0),)", "(g * np.heaviside(-self.data, 0),)"),
    ("sum", "g.reshape(total.shape), self.shape)", "g.mean(), self.shape)"),
    ("max", "winners / winners.sum(axis, keepdims=True) *", "1 / winners.sum() *"),
    ("max", "self.data == largest)", "self.data < largest)"),
    ("cross_entropy", "(np.expand_dims(g, axis) if g.ndim else g)", "1"),
    ("cross_entropy", "(np.expand_dims(g, axis) if g.ndim else g)", "g.mean()"),
    (
        "add",
        "gradient.sum(axis=(*range(extra), *copies))",
        "gradient.mean((*range(extra), *copies))",
    ),
    ("add", "if n == 1]", "if n == 0]"),
]


def broken_tensor(right, wrong):
    """The class as it would be with one piece of its file replaced."""
    source = inspect.getsource(autodiff)
    assert source.count(right) == 1, right
    module = types.ModuleType("softmax_lib.broken")
    module.__package__ = "softmax_lib"
    exec(source.replace(right, wrong), vars(module))
    return module.Tensor


@pytest.mark.parametrize(("name", "right", "wrong"), RULES)
def test_a_broken_rule_is_noticed(name, right, wrong):
    tensor = broken_tensor(right, wrong)

    @settings(phases=[Phase.generate], report_multiple_bugs=False)  # nobody reads the smallest
    @given(data=st.data())
    def check(data):
        call, arrays = data.draw(OPERATIONS[name])
        check_operation(call, arrays, tensor)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((AssertionError, ValueError, ExceptionGroup)):
            check()


def test_a_rule_of_every_operation_is_broken():
    composed = {"mean"}
    assert {name for name, _, _ in RULES} == set(OPERATIONS) - composed


# Slopes along a graph


def test_what_is_used_twice_gets_both_slopes():
    x = Tensor([3.0, -2.0])
    (x * x + x).sum().backward()
    assert x.grad.tolist() == [7, -3]


def test_backward_adds_up_until_it_is_told_to_forget():
    x = Tensor(3.0)
    y = x * x
    y.backward()
    y.backward()
    assert (x.grad, y.grad) == (12, 2)
    x.zero_grad()
    assert x.grad == 0
    (2 * x).backward()
    assert x.grad == 2


def test_slopes_are_complete_before_they_go_on():
    # x reaches the end by a short way and by a long one; the long one must not come too late.
    x = Tensor(2.0)
    y = x * 3
    z = y + 1
    for _ in range(3):
        z = z * 1.0 + y
    z.backward()
    assert (y.grad, x.grad) == (4, 12)


def test_a_result_in_the_middle_can_be_asked_for_its_own_slopes():
    x = Tensor(2.0)
    y = x.exp()
    (y * y).backward()
    x.zero_grad()
    y.backward()
    assert x.grad == pytest.approx(np.exp(2))


def test_a_graph_deeper_than_pythons_stack_is_no_trouble():
    x = y = Tensor(1.0)
    for _ in range(10 * sys.getrecursionlimit()):
        y = y + 1
    y.backward()
    assert x.grad == 1


# The loss


def test_composed_of_exp_and_sum_they_give_y_hat_minus_y():
    rng = np.random.default_rng(0)
    logits, y = rng.normal(size=(6, 4)), rng.integers(4, size=6)
    Z, Y = Tensor(logits), one_hot(y, 4)
    powers = Z.exp()
    probs = powers / powers.sum(axis=1, keepdims=True)
    loss = -(Y * probs.log()).sum(axis=1).mean()
    loss.backward()
    assert loss.data == pytest.approx(cross_entropy(logits, y), rel=1e-14)
    assert Z.grad == pytest.approx((softmax(logits) - Y) / 6, abs=1e-15)


@given(losses())
def test_the_fused_loss_is_the_librarys_own_to_the_last_bit(problem):
    call, (logits,) = problem
    Z = Tensor(logits)
    result = call(Z)
    weighted(result, np.ones(result.shape)).backward()
    options = inspect.getclosurevars(call).nonlocals
    loss, gradient = cross_entropy_and_gradient(logits, options["targets"], **options["options"])
    assert (result.data == loss).all()
    assert (Z.grad == gradient).all()


def test_composed_it_is_lost_where_the_fused_loss_is_exact():
    Z = Tensor([0.0, -800.0])
    with np.errstate(all="ignore"):
        powers = Z.exp()
        loss = -((powers / powers.sum()).log() * one_hot(1, 2)).sum()
        loss.backward()
    assert not np.isfinite(loss.data)
    assert np.isnan(Z.grad).any()
    Z = Tensor([0.0, -800.0])
    loss = Z.cross_entropy(1)
    loss.backward()
    assert loss.data == 800
    assert Z.grad.tolist() == [1, -1]


def test_an_ignored_row_has_no_slope():
    Z = Tensor([[0.0, 1.0], [np.nan, 0.0]])
    Z.cross_entropy([0, -1], ignore_index=-1).backward()
    assert Z.grad[1].tolist() == [0, 0]


@given(SEEDS, st.integers(1, 6), st.lists(st.integers(1, 5), min_size=2, max_size=4))
def test_every_parameter_of_a_network(seed, m, layers):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(m, layers[0])), rng.integers(layers[-1], size=m)
    arrays = [rng.normal(size=shape) for n, k in pairwise(layers) for shape in [(n, k), (k,)]]

    def logits_of(tensors):
        A = Tensor(X)
        for W, b in zip(tensors[:-2:2], tensors[1:-2:2], strict=True):
            Z = A @ W + b
            assume(abs(Z.data).min() > 1e-3)
            A = Z.relu()
        return A @ tensors[-2] + tensors[-1]

    tensors = [Tensor(array) for array in arrays]
    logits_of(tensors).cross_entropy(y).backward()
    for place, tensor in enumerate(tensors):

        def cost(x, place=place):
            others = [Tensor(array) for array in arrays]
            others[place] = Tensor(x)
            return logits_of(others).cross_entropy(y).data

        check_gradient(cost, tensor.grad, arrays[place])


# Conventions


def test_ties_for_the_maximum_share_its_slope():
    x = Tensor([1.0, 3.0, 3.0])
    x.max().backward()
    assert x.grad.tolist() == [0, 0.5, 0.5]


def test_the_slope_of_relu_at_0_is_0():
    x = Tensor([0.0, -1.0, 2.0])
    x.relu().sum().backward()
    assert x.grad.tolist() == [0, 0, 1]


@pytest.mark.parametrize("left", [2, 2.5, np.float64(2), np.arange(3), np.ones((2, 3))])
def test_numbers_and_arrays_may_stand_on_either_side(left):
    values = np.array([1.0, 2.0, 4.0])
    for call in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b):
        assert (call(left, Tensor(values)).data == call(left, values)).all()
        with np.errstate(divide="ignore"):
            assert (call(Tensor(values), left).data == call(values, left)).all()


def test_an_array_may_stand_on_either_side_of_a_matrix_product():
    X, W = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    assert ((X @ Tensor(W)).data == X @ W).all()
    assert ((Tensor(X) @ W).data == X @ W).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_stays_beside_bare_numbers_and_masks(dtype):
    x = Tensor(np.ones((2, 3), dtype))
    result = ((2 * x - 1) / 3 * (x.data > 0) * np.True_ + True).relu().sum(axis=0).max()
    result += x.cross_entropy([0, 1])
    assert result.data.dtype == dtype
    result.backward()
    assert x.grad.dtype == dtype


def test_whole_numbers_become_float64():
    assert Tensor([1, 2]).data.dtype == np.float64
    assert Tensor(True).data.dtype == np.float64


def test_the_data_are_a_copy():
    array = np.ones(2)
    x = Tensor(array)
    x.data -= 1
    assert array.tolist() == [1, 1]


def test_a_number_is_formatted_as_numbers_are():
    assert f"{Tensor(1 / 3):.4f} {Tensor(2.0)} {Tensor([1.0])}" == "0.3333 Tensor(2.) Tensor([1.])"


@pytest.mark.parametrize("call", [float, math.exp])
def test_python_makes_no_number_of_a_tensor(call):
    with pytest.raises(TypeError, match="forget how it was computed; take its .data"):
        call(Tensor(2.0))


def test_a_tensor_shows_its_data():
    assert repr(Tensor([[1.0, 2.0]])) == "Tensor([[1., 2.]])"
    assert Tensor([[1.0, 2.0]]).shape == (1, 2)


def test_the_average_of_nothing_is_nan_as_numpys_is():
    with np.errstate(invalid="ignore"):
        assert np.isnan(Tensor(np.empty(0)).mean().data)


# As an array among arrays


def test_truth_is_that_of_the_value():
    assert not Tensor(0.0)
    assert Tensor([[2.0]])
    with pytest.raises(ValueError, match="truth value"):
        bool(Tensor([1.0, 2.0]))


@pytest.mark.parametrize(
    "compare", [operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge]
)
def test_comparisons_go_entry_by_entry(compare):
    a, b = np.array([1.0, 2.0, np.nan]), np.array([2.0, 2.0, 2.0])
    expected = compare(a, b).tolist()
    for result in compare(Tensor(a), Tensor(b)), compare(Tensor(a), b), compare(a, Tensor(b)):
        assert isinstance(result, np.ndarray)
        assert result.tolist() == expected
    assert compare(Tensor(3.0), 2.0) == compare(3.0, 2.0)


def test_tensors_are_told_apart_by_identity():
    one, other = Tensor(1.0), Tensor(1.0)
    assert len({one, other}) == 2
    assert one in {one: 1}


def test_without_axes_there_is_nothing_to_iterate():
    assert [entry.data.tolist() for entry in Tensor([[1.0, 2.0], [3.0, 4.0]])] == [[1, 2], [3, 4]]
    for use in (list, len, lambda t: [*t]):
        with pytest.raises(TypeError):
            use(Tensor(3.0))


def test_entries_that_are_iterated_have_slopes():
    x = Tensor([1.0, 2.0])
    first, second = x
    (first * second).backward()
    assert x.grad.tolist() == [2, 1]


@pytest.mark.parametrize("index", [[0, 2], np.array([0, 2]), np.array([True, False, True])])
def test_an_index_that_is_changed_later_moves_no_slope(index):
    x = Tensor([1.0, 2.0, 3.0])
    total = x[index].sum()
    index[0] = index[1]
    total.backward()
    assert x.grad.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x.relu(),
        lambda x: x.max(),
        lambda x: x.max(axis=0),
        lambda x: x**2,
        lambda x: x**0,
        lambda x: x.sqrt(),
        lambda x: x.tanh(),
        lambda x: x.log(),
        lambda x: x.exp(),
        lambda x: x.cross_entropy(0),
    ],
)
def test_where_a_value_is_nan_its_slope_is_nan(call):
    x = Tensor([2.0, np.nan])
    call(x).sum().backward()
    assert np.isnan(x.grad[1])


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "tanh", "negative"])
def test_numpys_functions_of_one_work_on_a_tensor(name):
    x = Tensor([1.0, 2.0])
    result = getattr(np, name)(x)
    assert (result.data == getattr(np, name)(x.data)).all()
    result.sum().backward()
    assert x.grad.all()


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide", "less", "equal"])
def test_numpys_functions_of_two_work_on_a_tensor(name):
    call, a, b = getattr(np, name), np.array([1.0, 2.0]), np.array([4.0, 2.0])
    for left, right in (Tensor(a), Tensor(b)), (a, Tensor(b)), (Tensor(a), b):
        result = call(left, right)
        values = result.data if isinstance(result, Tensor) else result
        assert (values == call(a, b)).all()


@pytest.mark.parametrize(
    ("call", "cure"),
    [
        (np.sum, r"np.sum .* its method sum\(\)"),
        (np.mean, r"np.mean .* its method mean\(\)"),
        (np.max, r"np.max .* its method max\(\)"),
        (np.sin, "np.sin .* take its .data"),
        (lambda x: np.maximum(x, 0), "np.maximum .* take its .data"),
        (lambda x: np.maximum(x, 0), r"relu\(\) is the maximum with 0, or take"),
        (np.square, r"np.square .*; write \*\* 2, or take"),
        (lambda x: np.dot(x, x), "np.dot .*; write @, or take"),
        (lambda x: np.add(x, x, out=np.empty(2)), "np.add .* take its .data"),
        (np.add.reduce, "np.add .* take its .data"),
        (np.linalg.norm, "np.norm .* take its .data"),
        (np.asarray, "take its .data"),
        (np.array, "take its .data"),
        (softmax, "take its .data"),
    ],
)
def test_what_numpy_cannot_do_with_a_tensor_names_the_cure(call, cure):
    with pytest.raises(TypeError, match=cure):
        call(Tensor([1.0, 2.0]))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: loads(dumps(x))])
def test_a_copy_holds_values_and_slopes_without_the_history(copied):
    x = Tensor([1.0, 2.0])
    y = (x.exp() * 2).sum()
    y.backward()
    for tensor in (x, y):
        twin = copied(tensor)
        assert (twin.data == tensor.data).all()
        assert (twin.grad == tensor.grad).all()
        assert (twin.parents, twin.rule) == ((), None)


def test_the_slope_of_a_power_of_0_is_0_at_infinity_too():
    x = Tensor([np.inf, -np.inf, 2.0, np.nan])
    (x**0).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 0, np.nan])


# Errors


@pytest.mark.parametrize("exponent", ["2", None, 1j, [2.0]])
def test_an_exponent_is_a_number(exponent):
    with pytest.raises(TypeError, match="the exponent must be a number; got"):
        Tensor(2.0) ** exponent


@pytest.mark.parametrize("data", [1j, "a", [object()], None])
def test_what_is_not_a_real_number_is_refused(data):
    with pytest.raises(TypeError, match="data must hold real numbers; got"):
        Tensor(data)
    with pytest.raises(TypeError, match="data must hold real numbers; got"):
        Tensor(1.0) + data


def test_frames_are_taken_and_masks_are_refused():
    frame = pd.DataFrame({"mass": [1.5, 2.0], "island": [True, False]})
    assert Tensor(frame).data.tolist() == [[1.5, 1.0], [2.0, 0.0]]
    masked = np.ma.array([1.0, 2.0], mask=[0, 1])
    for call in Tensor, Tensor([1.0, 2.0]).__add__:
        with pytest.raises(TypeError, match="data must have nothing masked; got 1 masked entry"):
            call(masked)


def test_only_one_number_has_a_slope_by_everything():
    with pytest.raises(ValueError, match=r"backward needs one number.* has shape \(2,\)"):
        Tensor([1.0, 2.0]).backward()


def test_a_vector_is_refused_in_a_matrix_product():
    with pytest.raises(ValueError, match=r"two axes or more.*got shapes \(2, 3\) and \(3,\)"):
        Tensor(np.ones((2, 3))) @ np.ones(3)


# The file


def test_the_file_is_short_and_needs_numpy_and_losses_alone():
    source = inspect.getsource(autodiff)
    tree = ast.parse(source)
    imported = {
        getattr(node, "module", None) or node.names[0].name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    of_python = {"collections.abc", "typing", "numpy.typing", "numbers", "copy"}
    ours = {"losses", "_core.among_arrays", "_core.validate"}
    assert imported - of_python == {"__future__", "numpy", *ours}
    in_docstrings = sum(
        node.body[0].end_lineno - node.body[0].lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node)
    )
    assert sum(bool(line.strip()) for line in source.splitlines()) - in_docstrings <= 150
