"""Every argument that is turned into an array: masks, frames, sparse, objects, foreign dtypes."""

import ml_dtypes
import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from softmax_lib import (
    accuracy,
    brier_score,
    confusion_matrix,
    cross_entropy,
    cross_entropy_and_gradient,
    entropy,
    expected_calibration_error,
    fit_temperature,
    hardmax,
    kl_divergence,
    log_softmax,
    logsumexp,
    negative_log_likelihood,
    one_hot,
    plots,
    reliability_curve,
    sigmoid,
    softmax,
    softmax_jacobian,
    split,
)

Z = np.array([[2.0, 0.0], [1.0, 4.0], [0.0, 1.0]])
P = np.array([[0.75, 0.25], [0.5, 0.5], [1.0, 0.0]])
Y = np.array([0, 1, 1])
W = np.array([1.0, 2.0, 3.0])

# (argument, call, value): the call takes the value in whatever kind of array.
NUMBERS = {
    **{
        f"{function.__name__}(logits)": ("logits", function, Z)
        for function in (softmax, log_softmax, logsumexp, hardmax, sigmoid, softmax_jacobian)
    },
    "cross_entropy(logits)": ("logits", lambda z: cross_entropy(z, Y), Z),
    "cross_entropy(probabilities)": ("targets", lambda t: cross_entropy(Z, t), P),
    "cross_entropy(class_weight)": (
        "class_weight",
        lambda w: cross_entropy(Z, Y, class_weight=w),
        W[:2],
    ),
    "cross_entropy(sample_weight)": (
        "sample_weight",
        lambda w: cross_entropy(Z, Y, sample_weight=w),
        W,
    ),
    "cross_entropy_and_gradient(logits)": (
        "logits",
        lambda z: cross_entropy_and_gradient(z, Y)[1],
        Z,
    ),
    "cross_entropy_and_gradient(probabilities)": (
        "targets",
        lambda t: cross_entropy_and_gradient(Z, t)[1],
        P,
    ),
    "negative_log_likelihood(log_probs)": (
        "log_probs",
        lambda z: negative_log_likelihood(z, Y),
        -Z,
    ),
    "entropy(probs)": ("probs", entropy, P),
    "kl_divergence(p)": ("p", lambda p: kl_divergence(p, P), P),
    "kl_divergence(q)": ("q", lambda q: kl_divergence(P, q), P),
    "accuracy(sample_weight)": (
        "sample_weight",
        lambda w: accuracy(Y, Y[::-1], sample_weight=w),
        W,
    ),
    "confusion_matrix(sample_weight)": (
        "sample_weight",
        lambda w: confusion_matrix(Y, Y, sample_weight=w),
        W,
    ),
    "reliability_curve(probs)": ("probs", lambda p: reliability_curve(p, Y).confidence, P),
    "reliability_curve(sample_weight)": (
        "sample_weight",
        lambda w: reliability_curve(P, Y, sample_weight=w).count,
        W,
    ),
    "expected_calibration_error(probs)": (
        "probs",
        lambda p: expected_calibration_error(p, Y),
        P,
    ),
    "brier_score(probs)": ("probs", lambda p: brier_score(p, Y), P),
    "brier_score(p)": ("probs", lambda p: brier_score(p, Y), P[:, 1]),
    "brier_score(sample_weight)": (
        "sample_weight",
        lambda w: brier_score(P, Y, sample_weight=w),
        W,
    ),
    "fit_temperature(logits)": ("logits", lambda z: fit_temperature(z, Y), Z),
    "fit_temperature(log-odds)": ("logits", lambda z: fit_temperature(z, Y), [3.0, 3.0, -1.0]),
    "split(fractions)": (
        "fractions",
        lambda f: split(Y, f, random_state=0)[0],
        [0.5, 0.5],
    ),
    "simplex_to_plane(probs)": ("probs", plots.simplex_to_plane, np.eye(3)),
}
INTEGERS = {
    "cross_entropy(labels)": ("targets", lambda y: cross_entropy(Z, y), Y),
    "cross_entropy_and_gradient(labels)": (
        "targets",
        lambda y: cross_entropy_and_gradient(Z, y, ignore_index=0)[1],
        Y,
    ),
    "negative_log_likelihood(labels)": (
        "targets",
        lambda y: negative_log_likelihood(-Z, y, ignore_index=0),
        Y,
    ),
    "one_hot(labels)": ("labels", lambda y: one_hot(y, 2), Y),
}
LABELS = {
    "accuracy(y)": ("y", lambda y: accuracy(y, Y), Y),
    "accuracy(predictions)": ("predictions", lambda y: accuracy(Y, y), Y),
    "confusion_matrix(y)": ("y", lambda y: confusion_matrix(y, Y), Y),
    "confusion_matrix(predictions)": ("predictions", lambda y: confusion_matrix(Y, y), Y),
    "confusion_matrix(classes)": ("classes", lambda c: confusion_matrix(Y, Y, c), [1, 0]),
    "reliability_curve(y)": ("y", lambda y: reliability_curve(P, y).accuracy, Y),
    "expected_calibration_error(y)": ("y", lambda y: expected_calibration_error(P, y), Y),
    "brier_score(y)": ("y", lambda y: brier_score(P, y), Y),
    "fit_temperature(y)": ("y", lambda y: fit_temperature(Z, y), Y),
    "split(y)": ("y", lambda y: split(y, (0.5, 0.5), random_state=0)[0], Y),
}
ALL = {**NUMBERS, **INTEGERS, **LABELS}


def of(cases):
    return pytest.mark.parametrize(("name", "call", "value"), cases.values(), ids=cases)


pytestmark = pytest.mark.filterwarnings("ignore:the temperature reached its bound")


def as_frame(value):
    return pd.DataFrame(value) if np.ndim(value) == 2 else pd.Series(value)


def masked(value):
    array = np.ma.array(value)
    array[-1] = np.ma.masked
    return array


# Masks


@of(ALL)
def test_a_masked_entry_is_named_with_the_cure(name, call, value):
    entries = "1 masked entry" if np.ndim(value) == 1 else r"\d masked entries"
    with pytest.raises(
        TypeError, match=rf"^{name} must .* masked; got {entries}.*compressed.*filled"
    ):
        call(masked(value))


@of(ALL)
def test_a_masked_array_of_which_nothing_is_masked_is_an_array(name, call, value):
    np.testing.assert_array_equal(call(np.ma.array(value)), call(value))
    np.testing.assert_array_equal(
        call(np.ma.array(value, mask=np.zeros(np.shape(value)))), call(value)
    )


@pytest.mark.parametrize(
    "nested",
    [
        [np.ma.array([1.0, 2.0], mask=[0, 1]), np.array([1.0, 2.0])],
        [[1.0, np.ma.masked], [1.0, 2.0]],
        ([1.0, 2.0], [1.0, np.ma.masked]),
        [[[1.0, 2.0]], [[np.ma.masked, 2.0]]],
    ],
)
def test_a_mask_in_a_list_is_found(nested):
    with pytest.raises(TypeError, match="logits must have nothing masked; got 1 masked entry"):
        softmax(nested)


def test_a_place_for_the_result_may_not_be_masked_either():
    out = masked(np.zeros((3, 2)))
    with pytest.raises(TypeError, match="out must have nothing masked"):
        softmax(Z, out=out)


# Frames and series


@pytest.mark.parametrize(
    "weights",
    [
        pd.Series([3.0, 1.0, 2.0], index=[2, 0, 1]),
        {2: 3.0, 0: 1.0, 1: 2.0},
        pd.Series([3.0, 2.0], index=[2, 1]),
    ],
)
def test_weights_of_classes_go_by_their_labels(weights):
    Z, y = np.arange(9.0).reshape(3, 3) % 4, [0, 2, 1]
    given = cross_entropy(Z, y, class_weight=weights)
    assert given == cross_entropy(Z, y, class_weight=[1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"class_weight must name no class but 0, 1; got 2"):
        cross_entropy(Z[:, :2], [0, 1, 1], class_weight={2: 3.0})
    with pytest.raises(ValueError, match=r"class_weight must name each label once; got \[2, 2\]"):
        cross_entropy(Z, y, class_weight=pd.Series([3.0, 1.0], index=[2, 2]))


@of(NUMBERS)
@pytest.mark.parametrize("dtype", [None, "Float64", "float32"])
def test_a_frame_or_series_of_numbers_is_an_array(name, call, value, dtype):
    frame = as_frame(value) if dtype is None else as_frame(value).astype(dtype)
    ours = call(frame)
    plain = call(np.asarray(value, np.float32 if dtype == "float32" else np.float64))
    np.testing.assert_array_equal(ours, plain)


@of({**INTEGERS, **LABELS})
@pytest.mark.parametrize("dtype", [None, "Int64", "int8", "UInt16"])
def test_a_series_of_integers_is_an_array(name, call, value, dtype):
    series = pd.Series(value) if dtype is None else pd.Series(value).astype(dtype)
    np.testing.assert_array_equal(call(series), call(value))


def test_bools_beside_floats_in_a_frame_are_numbers():
    frame = pd.DataFrame({"mass": [1.5, 2.0], "island": [True, False]})
    np.testing.assert_array_equal(softmax(frame), softmax([[1.5, 1.0], [2.0, 0.0]]))


@of({name: case for name, case in NUMBERS.items() if np.ndim(case[2]) == 2})
def test_a_column_of_text_is_named_with_the_cure(name, call, value):
    frame = pd.DataFrame(value).rename(columns={0: "mass", 1: "island"})
    frame["island"] = "B"
    with pytest.raises(TypeError, match=f"^{name} must .*'island' holds text.*get_dummies"):
        call(frame)


@of({**NUMBERS, **INTEGERS})
def test_a_missing_value_is_called_missing_or_nan(name, call, value):
    frame = as_frame(value).convert_dtypes()
    frame.iloc[-1] = pd.NA
    with pytest.raises(ValueError, match=f"{name} .*(missing|nan)"):
        _or_nan(call(frame))


def _or_nan(result):
    if np.isnan(np.asarray(result, float)).any():  # nan in, nan out
        raise ValueError("logits log_probs nan")


# Sparse, objects, and dtypes of other packages


@of(ALL)
@pytest.mark.parametrize("kind", [scipy.sparse.csr_array, scipy.sparse.coo_matrix])
def test_a_sparse_array_is_named_with_the_cure(name, call, value, kind):
    sparse = kind(np.atleast_2d(value))
    with pytest.raises(TypeError, match=rf"^{name} must .*dense.* sparse .*\.toarray\(\)"):
        call(sparse)


@of({**NUMBERS, **INTEGERS})
def test_objects_are_named_with_the_cure(name, call, value):
    with pytest.raises(TypeError, match=rf"^{name} must .*dtype object.*astype\(float\)"):
        call(np.array(value, object))


@of(LABELS)
def test_labels_may_be_objects(name, call, value):
    np.testing.assert_array_equal(call(np.array(value, object)), call(value))


@of({**NUMBERS, **INTEGERS})
@pytest.mark.parametrize("dtype", [ml_dtypes.bfloat16, ml_dtypes.float8_e5m2, ml_dtypes.int4])
def test_a_dtype_of_another_package_is_named_with_the_cure(name, call, value, dtype):
    foreign = np.asarray(value).astype(dtype)
    cure = rf"dtype {np.dtype(dtype)}: convert it with astype\(np.float32\)"
    with pytest.raises(TypeError, match=rf"^{name} must hold real numbers; got {cure}"):
        call(foreign)


def test_a_record_has_no_such_cure():
    with pytest.raises(TypeError, match=r"logits must hold real numbers; got dtype \[.*\]$"):
        softmax(np.zeros(2, [("mass", float)]))


@of({**NUMBERS, **INTEGERS})
@pytest.mark.parametrize("wrong", [["a", "b", "c"], [1j, 2, 3], {1, 2}, "text", None, object()])
def test_what_holds_no_numbers_is_named(name, call, value, wrong):
    if wrong is None and name in ("class_weight", "sample_weight"):
        return
    came = "None" if wrong is None else "dtype|a set|an? object"
    with pytest.raises(TypeError, match=f"^{name} must hold real numbers; got ({came})"):
        call(wrong)


@of(ALL)
def test_what_is_no_array_is_named_by_its_kind(name, call, value):
    if name != "class_weight":  # there a dict is one
        with pytest.raises(TypeError, match=f"^{name} must .*; got a dict$"):
            call(dict(enumerate(value)))
    with pytest.raises(TypeError, match=f"^{name} must .*; got a generator$"):
        call(row for row in value)


@of({**NUMBERS, **INTEGERS})
def test_an_entry_that_is_no_number_is_shown_with_its_place(name, call, value):
    with pytest.raises(ValueError, match=f"^{name} must have no missing value; got None at row 1"):
        call([1.0, None])
    with pytest.raises(ValueError, match=f"^{name} must fit float64; got a whole number that is"):
        call([1, 10**400])


class Exporting:
    """An array of another library, as it was before NumPy 2 asked for a keyword `copy`."""

    def __init__(self, value):
        self.array = np.array(value)

    def __array__(self, dtype=None):
        return self.array if dtype is None else self.array.astype(dtype)


class Shared:
    """An array of another library that shares its memory."""

    def __init__(self, value):
        self.array = np.array(value)
        self.__array_interface__ = self.array.__array_interface__


@of(ALL)
@pytest.mark.parametrize("kind", [Exporting, Shared])
def test_arrays_of_other_libraries_are_arrays(name, call, value, kind):
    np.testing.assert_array_equal(call(kind(value)), call(value))


@of(ALL)
def test_another_librarys_refusal_keeps_its_words(name, call, value):
    class Refusing:
        def __array__(self, dtype=None, copy=None):
            raise ValueError("detach it first")

    with pytest.raises(TypeError, match=f"^{name} must .*; got Refusing: detach it first"):
        call(Refusing())


@of({**NUMBERS, **INTEGERS, **LABELS})
def test_a_ragged_list_is_named(name, call, value):
    with pytest.raises(ValueError, match=f"^{name} must be .*; got a ragged list"):
        call([[1, 2], [3]])
