"""Argument checks: what passes comes out in one form; what fails is named, with what came."""

from fractions import Fraction

import numpy as np
import pytest

from softmax_lib import SoftmaxNetwork, make_blobs
from softmax_lib._core import validate as v
from softmax_lib._core.labels import as_class_labels

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize("value", [1, 2.5, True, [1, 2], [[1.5]], np.float32(2), np.arange(3)])
def test_real_numbers_pass(value):
    assert (v.as_real(value, "x") == np.asarray(value)).all()


@pytest.mark.parametrize(
    "value",
    [1j, "1", ["a"], b"1", np.array("2020-01-01", "datetime64[D]"), np.array([1.0], object)],
)
def test_everything_else_is_a_type_error_with_its_dtype(value):
    with pytest.raises(TypeError, match=r"^x must hold real numbers; got dtype "):
        v.as_real(value, "x")


@pytest.mark.parametrize(
    ("value", "came"),
    [
        (None, "None"),
        ({}, "a dict"),
        (object(), "a object"),
        ([object()], "<object object at .*> at row 0"),
        ([[1, 1j], [1, object()]], "1j at row 0, column 1"),
    ],
)
def test_what_is_no_array_or_number_is_shown(value, came):
    with pytest.raises(TypeError, match=rf"^x must hold real numbers; got {came}$"):
        v.as_real(value, "x")


@pytest.mark.parametrize("value", [Fraction(1, 2), np.float16(0.5), np.array(0.5), 0.5])
def test_a_real_number_of_any_kind_is_one(value):
    assert v.as_number(value, "x") == 0.5
    assert type(v.as_number(value, "x")) is float


@pytest.mark.parametrize("value", [10**400, -(10**400)])
def test_a_whole_number_beyond_every_float_is_out_of_range(value):
    with pytest.raises(ValueError, match=r"^x must be finite and real; got -?inf$"):
        v.as_number(value, "x")


@pytest.mark.parametrize("value", [[[1], [1, 2]], [1, [2]], [[[1]], [2]]])
def test_ragged_lists_are_a_value_error(value):
    with pytest.raises(ValueError, match=r"^x must be a rectangular array; got a ragged list$"):
        v.as_real(value, "x")


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (np.float16, np.float16),
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.int8, np.float64),
        (np.uint64, np.float64),
        (np.bool_, np.float64),
    ],
)
def test_floating_dtypes_stay_and_others_become_float64(dtype, expected):
    assert v.as_floating(np.ones(2, dtype), "x").dtype == expected


@pytest.mark.parametrize(
    ("axis", "expected"),
    [(0, (0,)), (-1, (2,)), ((0, -1), (0, 2)), (None, (0, 1, 2)), (np.int8(1), (1,)), ((), ())],
)
def test_axes_are_made_non_negative(axis, expected):
    assert v.as_axes(axis, 3) == expected


@pytest.mark.parametrize("axis", [3, -4, (0, 3), (1, 1), (0, -3)])
def test_axes_that_are_not_there_or_come_twice_are_value_errors(axis):
    with pytest.raises(ValueError, match="axis"):
        v.as_axes(axis, 3)


@pytest.mark.parametrize("axis", [1.0, "0", [0.5], 1j])
def test_axes_that_are_no_ints_are_type_errors(axis):
    with pytest.raises(TypeError, match=r"^axis must be an int, a tuple of ints or None; got"):
        v.as_axes(axis, 3)


@pytest.mark.parametrize("axis", [None, (0,), [0], 1.0, "0"])
def test_one_axis_is_one_int(axis):
    with pytest.raises(TypeError, match=r"^axis must be an int here; got"):
        v.as_axis(axis, 3)
    assert v.as_axis(np.int64(-1), 3) == 2


@pytest.mark.parametrize("axis", [True, np.False_, (0, True), [True]])
def test_true_is_no_axis_and_no_number(axis):
    with pytest.raises(TypeError, match=r"^axis must be an int"):
        v.as_axes(axis, 3)
    with pytest.raises(TypeError, match=r"^axis must be an int here; got"):
        v.as_axis(axis, 3)
    with pytest.raises((TypeError, ValueError), match=r"^x must be (a real|one) number; got"):
        v.as_number(axis, "x")


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3), np.array(3)])
def test_integers_of_any_kind_are_indices(value):
    assert v.as_index(value, "k") == 3
    assert type(v.as_index(value, "k")) is int


@pytest.mark.parametrize("value", [3.0, "3", True, np.True_, None, np.array([3, 4])])
def test_what_is_no_integer_is_a_type_error(value):
    with pytest.raises(TypeError, match=r"^k must be an integer; got"):
        v.as_index(value, "k")


@pytest.mark.parametrize("value", [0, -1])
def test_a_count_is_at_least_1(value):
    with pytest.raises(ValueError, match=f"^k must be at least 1; got {value}$"):
        v.as_count(value, "k")


@pytest.mark.parametrize(
    ("value", "low", "high", "message"),
    [
        (NAN, -INF, INF, "x must be finite and real; got nan"),
        (INF, 0, INF, "x must be finite and at least 0; got inf"),
        (-1, 0, INF, "x must be finite and at least 0; got -1.0"),
        (2, 0, 1, "x must be finite and between 0 and 1; got 2.0"),
        ([1.0], 0, 1, "x must be one number; got an array of shape (1,)"),
    ],
)
def test_numbers_out_of_range_are_named(value, low, high, message):
    with pytest.raises(ValueError, match=r"^x must be") as error:
        v.as_number(value, "x", low=low, high=high)
    assert str(error.value) == message


def test_the_ends_of_a_range_belong_to_it():
    assert v.as_number(0, "x", low=0, high=1) == 0
    assert v.as_number(np.float32(1), "x", low=0, high=1) == 1


@pytest.mark.parametrize("value", [0, -0.0, -1e-300])
def test_positive_means_above_0(value):
    with pytest.raises(ValueError, match=r"^x must be above 0; got"):
        v.as_positive(value, "x")
    assert v.as_positive(5e-324, "x") == 5e-324


def test_a_choice_is_one_of_a_few_words():
    assert v.as_choice("sum", "reduction", ("none", "sum")) == "sum"
    with pytest.raises(ValueError, match=r"^reduction must be one of 'none', 'sum'; got 'all'$"):
        v.as_choice("all", "reduction", ("none", "sum"))


@pytest.mark.parametrize("name", ["y", "targets"])
def test_the_argument_is_named_as_the_caller_names_it(name):
    with pytest.raises(ValueError, match=f"^{name} must lie in"):
        v.as_label_indices([5], 3, name)
    with pytest.raises(ValueError, match=f"^{name} must have shape"):
        as_class_labels([[5]], 3, name)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
def test_label_indices_can_index_whatever_their_dtype(dtype):
    indices = v.as_label_indices(np.array([0, 2], dtype), 3, "y")
    assert indices.dtype == np.intp


def test_a_label_beyond_every_integer_is_out_of_range():
    with pytest.raises(ValueError, match=f"got {2**64 - 1} at index 0"):
        v.as_label_indices(np.array([2**64 - 1], np.uint64), 3, "y")


@pytest.mark.parametrize(
    ("probs", "axis"),
    [
        ([0.5, 0.5], 0),
        ([[0.25, 1], [0.75, 0]], 0),
        ([0.5, 0.5 + 5e-7], -1),
        (np.full(3, 1 / 3, np.float16), -1),
        (np.full(1000, 1e-3, np.float32), -1),
    ],
)
def test_sums_within_rounding_of_1_are_distributions(probs, axis):
    v.as_probabilities(probs, axis, "p")


def test_a_sum_beyond_rounding_is_not():
    with pytest.raises(ValueError, match=r"^p must sum to 1 along axis -1; it sums to 1\.0011"):
        v.as_probabilities([0.5, 0.5011], -1, "p")


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ([False, False], None),
        ([], None),
        ([False, True, True], (1,)),
        ([[False, False], [True, False]], (1, 0)),
        (True, ()),
        (False, None),
    ],
)
def test_the_first_true_is_found(mask, expected):
    assert v.first_index(np.array(mask, bool)) == expected


@pytest.mark.parametrize(
    ("seed", "error", "message"),
    [
        (
            "x",
            TypeError,
            "random_state must be an integer, a Generator of numpy.random or None; got 'x'",
        ),
        (
            1.5,
            TypeError,
            "random_state must be an integer, a Generator of numpy.random or None; got 1.5",
        ),
        (-1, ValueError, "random_state must be at least 0; got -1"),
    ],
)
def test_a_seed_that_is_none_is_named(seed, error, message):
    with pytest.raises(error, match=message):
        make_blobs(random_state=seed)
    with pytest.raises(error, match=message):
        SoftmaxNetwork(random_state=seed).fit([[0.0], [1.0]], [0, 1])


def test_a_generator_is_used_as_it_is():
    rng = np.random.default_rng(0)
    first, second = make_blobs(random_state=rng)[0], make_blobs(random_state=rng)[0]
    assert (first == make_blobs(random_state=0)[0]).all()
    assert (first != second).all()


# What rounding did to probabilities, and weights in proportion


def test_probabilities_within_rounding_come_back_as_they_are():
    probs = np.full((2, 3), 1 / 3)
    assert v.as_probabilities(probs, -1, "p") is probs


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_slices_are_divided_by_their_sum_in_float64(dtype):
    given = np.array([[0.3337, 0.3333, 0.3333], [1, 0, 0]], dtype)
    probs = v.as_probabilities(given, -1, "p")
    assert probs.dtype == np.float64
    assert probs.sum(axis=1) == pytest.approx(1, abs=1e-15)
    assert probs == pytest.approx(given / given.sum(axis=1, dtype=float, keepdims=True), rel=1e-15)


def test_the_users_array_is_left_as_it_is():
    given = np.array([1.0, -1e-17])
    assert v.as_probabilities(given, -1, "p").tolist() == [1, 0]
    assert given.tolist() == [1, -1e-17]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ([0.5, np.inf], "p must be finite and not negative; got inf at index 1"),
        ([0.5, -np.inf], "p must be finite and not negative; got -inf at index 1"),
        ([1e308, 1e308], "p must sum to 1 along axis -1; it sums to inf"),
        ([2.0, 3.0], "p must sum to 1 along axis -1; it sums to 5"),
        ([0.0, 0.0], "p must sum to 1 along axis -1; it sums to 0"),
        (np.empty((0, 0)), "p must have at least one class"),
    ],
)
def test_what_cannot_be_repaired_is_named(bad, message):
    with pytest.raises(ValueError, match=message):
        v.as_probabilities(bad, -1, "p")


@pytest.mark.parametrize("weights", [[3.0, 1.0], [1e308, 1e300], [5e-324, 0.0], [0.0], [1.0]])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_in_proportion_keep_their_bits(weights, dtype):
    with np.errstate(over="ignore", under="ignore"):
        weights = np.array(weights).astype(dtype)
    weights = weights[np.isfinite(weights)]
    scaled = v.in_proportion(weights)
    assert scaled.dtype == dtype
    if weights.size and weights.max() > 0:
        assert 0.5 <= scaled.max() < 1
        assert (scaled / scaled.max() == weights / weights.max()).all()
    assert np.frexp(scaled)[0].tolist() == np.frexp(weights)[0].tolist()


def test_a_count_may_have_an_upper_bound():
    assert v.as_count(7, "k", high=7) == 7
    with pytest.raises(ValueError, match=r"^k must be at most 7; got 8$"):
        v.as_count(8, "k", high=7)


def test_a_missing_label_is_called_missing():
    with pytest.raises(ValueError, match="y must have no missing value; got nan at index 1"):
        v.as_label_indices([0, np.nan], 2, "y")


def test_truths_in_the_place_of_labels_have_a_cure():
    with pytest.raises(TypeError, match=r"must be of an integer dtype; got bool: .*astype\(int\)"):
        v.as_label_indices([False, True], 2, "y")
