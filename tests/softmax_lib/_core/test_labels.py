"""Labels: of one kind, in one dtype, compared as they are; what cannot be compared is named."""

import enum

import ml_dtypes
import numpy as np
import pandas as pd
import pytest

from softmax_lib import (
    SoftmaxNetwork,
    SoftmaxRegression,
    accuracy,
    confusion_matrix,
    split,
)
from softmax_lib._core.labels import as_class_labels, as_labels, in_one_dtype, look_up
from softmax_lib.estimator import SoftmaxClassifier

STRINGS = np.dtypes.StringDType()
LARGE = 2**53
X = np.eye(3)


def network(y, classes):
    return SoftmaxNetwork((4,), epochs=1, random_state=0).partial_fit(X[: len(y)], y, classes)


def score(y, predictions):
    """As a model scores: it has learned one label, and is asked about the other."""
    rows = X[: len(y)]
    return SoftmaxRegression().fit(rows, predictions).score(rows, y)


# Every call that meets labels with other labels.
COMPARING = {
    "accuracy": accuracy,
    "confusion_matrix": confusion_matrix,
    "classes of confusion_matrix": lambda y, others: confusion_matrix(y, y, classes=others),
    "score": score,
    "partial_fit": network,
    "estimator": lambda y, others: SoftmaxClassifier((4,)).partial_fit(X[: len(y)], y, others),
    "cost": lambda y, others: network(others, others).cost(X[: len(y)], y),
    "validation_data": lambda y, others: SoftmaxNetwork((4,), epochs=1).fit(
        X[: len(y)], others, validation_data=(X[: len(y)], y)
    ),
    "second partial_fit": lambda y, others: network(y, y).partial_fit(X[: len(y)], y, others),
    "class_weight": lambda y, others: _weighed(y, others),
}


def _weighed(y, others):
    from softmax_lib.models._base import example_weights

    classes, indices = np.unique(as_labels(y), return_inverse=True)
    return example_weights(None, dict.fromkeys(as_labels(others).tolist(), 2.0), classes, indices)


# Every call that takes labels by themselves.
TAKING = {
    "y of accuracy": lambda y: accuracy(y, y),
    "predictions of accuracy": lambda y: accuracy(["a", "b", "c"], y),
    "y of confusion_matrix": lambda y: confusion_matrix(y, y),
    "classes of confusion_matrix": lambda y: confusion_matrix(["a"], ["a"], classes=y),
    "regression": lambda y: SoftmaxRegression().fit(X, y).classes_,
    "network": lambda y: SoftmaxNetwork((4,), epochs=1).fit(X, y).classes_,
    "classes of a network": lambda y: network(["a", "b", "c"], y),
    "estimator": lambda y: SoftmaxClassifier().fit(X, y).classes_,
    "split": lambda y: split(y, (0.5, 0.5), random_state=0),
}


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (["a", "b"], "U"),
        (np.array(["a", "b"], object), "U"),
        (np.array(["a", "b"], STRINGS), "U"),
        (pd.Series(["a", "b"]), "U"),
        (pd.Series(["a", "b"], dtype="category"), "U"),
        (pd.Index(["a", "b"]), "U"),
        ([np.str_("a"), "b"], "U"),
        ([1, 2], "i"),
        (range(2), "i"),
        (np.array([1, 2], object), "i"),
        (pd.Series([1, 2], dtype="Int64"), "i"),
        ([True, False], "b"),
        ([True, 2], "i"),
        ([0.5, 1.5], "f"),
        (np.array([b"a", b"b"]), "S"),
        (np.array([b"a", b"b"], object), "S"),
        (np.ma.array([1, 2]), "i"),
    ],
)
def test_labels_are_numbers_text_or_bytes(labels, kind):
    assert as_class_labels(labels, 2).dtype.kind == kind
    assert as_labels(labels).tolist() == list(labels)


@pytest.mark.parametrize("empty", [[], np.array([], object), np.array([], STRINGS), pd.Series([])])
def test_no_labels_are_labels_of_any_kind(empty):
    assert as_labels(empty).shape == (0,)
    assert np.isnan(accuracy(empty, []))
    assert confusion_matrix(empty, [], classes=["a"]).tolist() == [[0]]


@pytest.mark.parametrize("taking", TAKING.values(), ids=TAKING)
@pytest.mark.parametrize("array", [list, lambda y: np.array(y, object), pd.Series, tuple])
def test_text_and_numbers_are_not_mixed(taking, array):
    with pytest.raises(TypeError, match="must hold labels of one kind; got text, 'low', beside"):
        taking(array(["low", 1, "high"]))


@pytest.mark.parametrize("taking", TAKING.values(), ids=TAKING)
@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
def test_a_missing_label_is_called_missing(taking, missing):
    with pytest.raises(ValueError, match="must have no missing value; got .* at index 1"):
        taking(np.array(["low", missing, "high"], object))


@pytest.mark.parametrize("taking", TAKING.values(), ids=TAKING)
@pytest.mark.parametrize("labels", [["a", "b", "a\0"], np.array([b"a", b"b", b"a\0"], object)])
def test_labels_that_numpy_would_make_one_are_refused(taking, labels):
    with pytest.raises(ValueError, match="must not end in NUL; got b?'a.x00' at index 2"):
        taking(labels)


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        (["a", b"b"], TypeError, "got text, 'a', beside bytes, b'b' at index 1"),
        (["a", 1j], TypeError, "must hold numbers or strings; got complex among them"),
        ([1, 1j], TypeError, "must hold numbers or strings; got dtype complex128"),
        ([object()], TypeError, "must hold numbers or strings; got dtype object"),
        (np.zeros(2, "datetime64[D]"), TypeError, "numbers or strings; got dtype datetime64"),
        (np.zeros(2, ml_dtypes.bfloat16), TypeError, "numbers or strings; got dtype bfloat16"),
        (np.ma.array([1, 2], mask=[0, 1]), TypeError, "nothing masked; got 1 masked entry"),
        ([1, np.nan], ValueError, "must be finite; got nan among the labels"),
        (["a", None], ValueError, "no missing value; got None at index 1"),
        (pd.Series(["a", None]), ValueError, "no missing value"),
        ([2**63, -1], ValueError, f"one integer dtype .*; got {2**63} at index 0"),
        ([0.5, LARGE + 1], ValueError, f"one integer dtype .*; got {LARGE + 1} at index 1"),
        ([2**70, 1], ValueError, f"one integer dtype .*; got {2**70} at index 0"),
        ([[1], [2]], ValueError, r"must have shape \(m,\)"),
        (pd.DataFrame({"species": ["a", "b"]}), ValueError, r"must have shape \(m,\).*\(2, 1\)"),
        ([[1], [1, 2]], ValueError, "must be a flat list of labels; got a ragged list"),
    ],
)
def test_what_are_no_labels_is_named(labels, error, message):
    with pytest.raises(error, match=f"labels .*{message}"):
        as_labels(labels, "labels")


# Comparing


@pytest.mark.parametrize("call", COMPARING.values(), ids=COMPARING)
@pytest.mark.parametrize(
    ("labels", "others", "message"),
    [
        ([0, 1], ["0", "1"], "must be (numbers|text), like .*; got (text|numbers) against"),
        (["0", "1"], [0, 1], "must be (numbers|text), like .*; got (text|numbers) against"),
        (["a", "b"], [b"a", b"b"], "got (bytes|text) against (bytes|text)"),
        (np.array([b"\xff", b"b"]), ["a", "b"], "got (bytes|text) against (bytes|text)"),
        ([0, 1], [b"0", b"1"], "got (bytes|numbers) against (bytes|numbers)"),
    ],
)
def test_what_cannot_be_compared_is_named(call, labels, others, message):
    # scikit-learn takes no labels of bytes at all.
    with pytest.raises((ValueError, TypeError), match=f"{message}|represented as bytes"):
        call(labels, others)


@pytest.mark.parametrize("name", sorted(set(COMPARING) - {"class_weight", "estimator"}))
def test_labels_that_rounding_parts_are_named_with_both_dtypes(name):
    narrow = np.float32([0.1, 0.2])
    with pytest.raises(ValueError, match="of dtype float.* must not differ by rounding .*float"):
        COMPARING[name](narrow, narrow.astype(str).astype(float))


IDS = [LARGE, LARGE + 1]


@pytest.mark.parametrize(
    ("mine", "yours"),
    [(np.int64, np.uint64), (np.uint64, np.int64), (np.int64, object), (np.uint64, object)],
)
def test_large_integers_stay_apart_whatever_their_dtypes(mine, yours):
    y, others = np.array(IDS, mine), np.array(IDS, yours)
    assert accuracy(y, others) == 1
    assert accuracy(y, others[::-1]) == 0
    assert confusion_matrix(y, others).tolist() == [[1, 0], [0, 1]]
    assert confusion_matrix(y, y, classes=others[::-1]).tolist() == [[1, 0], [0, 1]]
    assert network(y, others).classes_.tolist() == IDS
    assert _weighed(y, others[:1]).tolist() == [2, 1]


def test_an_integer_is_no_float_that_is_next_to_it():
    y = np.array(IDS)
    assert accuracy(y, y.astype(float)) == 0.5
    assert accuracy(y, [0.5, 1e300]) == 0
    assert accuracy([1, 0], [1.0, 0.5]) == 0.5
    assert accuracy([True, False], [1, 0]) == 1
    assert accuracy(np.array([2**64 - 1, 0], np.uint64), [-1, 0]) == 0.5


def test_text_of_different_lengths_is_compared_whole():
    assert accuracy(["cat", "dogs"], np.array(["c", "dogs"])) == 0.5


def test_a_look_up_gives_the_place_or_minus_1():
    labels, classes = np.array([3, 1, 7]), np.array([1.0, 7.0, 0.0])
    assert look_up(labels, classes, "y").tolist() == [-1, 0, 1]
    assert look_up(labels, np.array([], str), "y").tolist() == [-1, -1, -1]
    assert look_up(np.array([]), np.array(["a"]), "y").tolist() == []


def test_the_dtype_is_common_where_it_can_hold_both():
    small = in_one_dtype(np.int8([1]), np.float32([1]), "y", "others")
    assert {part.dtype.kind for part in small} == {"f"}
    large = in_one_dtype(np.array(IDS), np.array(IDS, np.uint64), "y", "others")
    assert {part.dtype.kind for part in large} == {"O"}


# Not a StrEnum, whose names print as their text.
Colour = enum.Enum("Colour", {"RED": "red", "BLUE": "blue"}, type=str)
COLOURS = [Colour.RED, Colour.BLUE, Colour.BLUE]


@pytest.mark.parametrize("labels", [COLOURS, np.array(COLOURS, object), pd.Series(COLOURS)])
def test_an_enum_of_text_is_its_text(labels):
    assert accuracy(labels, ["red", "blue", "blue"]) == 1
    for model in SoftmaxRegression(), SoftmaxNetwork((2,), epochs=1), SoftmaxClassifier():
        assert model.fit(X, labels).classes_.tolist() == ["blue", "red"]
    weights = SoftmaxRegression(class_weight={Colour.RED: 2.0}).fit(X, labels).W_
    assert (weights == SoftmaxRegression(class_weight=[1, 2]).fit(X, labels).W_).all()
