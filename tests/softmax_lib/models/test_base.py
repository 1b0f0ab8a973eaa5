"""What both models share: labels of any kind, what is refused, whose line a warning names."""

import copy
import warnings

import numpy as np
import pandas
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score

from softmax_lib import (
    Adam,
    GradientDescent,
    SoftmaxNetwork,
    SoftmaxRegression,
    fit_softmax_regression,
    make_blobs,
)
from softmax_lib.models._base import example_weights
from tests.support.models import FITS, PARTIAL, SMALL_X, SMALL_Y, TWO_BY_TWO

PREDICTIONS = ["predict", "predict_proba", "predict_log_proba", "decision_function"]
FUNCTION = [lambda X, y: fit_softmax_regression(X, y)]


@pytest.mark.parametrize(
    "labels", [["b", "a", "c"], np.array(["b", "a", "c"], object), [10, -3, 7], [0.5, 1.5, -2.5]]
)
@pytest.mark.parametrize(
    "make", [SoftmaxRegression, lambda: SoftmaxNetwork((), epochs=40, optimizer=Adam(0.1))]
)
def test_labels_of_any_kind_come_back_as_they_went_in(labels, make):
    X, y = make_blobs(20, 3, random_state=0)
    y = np.asarray(labels)[y]
    model = make().fit(X, y)
    assert model.classes_.tolist() == sorted(labels)
    assert model.score(X, y) > 0.9
    assert set(model.predict(X)) == set(labels)


def test_two_bool_classes_work():
    model = SoftmaxRegression().fit([[0.0], [1.0]], [False, True])
    assert model.predict([[0.0], [1.0]]).tolist() == [False, True]


BAD_X = [
    ([[1, np.nan], [2, 3]], ValueError, "X must be finite; got nan at row 0, column 1"),
    ([[1, 2], [np.inf, 3]], ValueError, "X must be finite; got inf at row 1, column 0"),
    (np.empty((0, 2)), ValueError, r"X must hold at least one example.*empty.*\(0, 2\)"),
    (np.empty((2, 0)), ValueError, r"X must hold at least one example.*empty.*\(2, 0\)"),
    ([], ValueError, r"X must have shape \(m, n\).*got \(0,\)"),
    ([1.0, 2.0], ValueError, r"X must have shape \(m, n\).*got \(2,\)"),
    (np.zeros((2, 2, 2)), ValueError, r"X must have shape \(m, n\).*got \(2, 2, 2\)"),
    ([[1, 2], [3]], ValueError, "X must be a rectangular array; got a ragged list"),
    ([["a", "b"], ["c", "d"]], TypeError, "X must hold real numbers; got dtype <U1"),
    ([[1j, 2], [3, 4]], TypeError, "X must hold real numbers; got dtype complex128"),
    ([[None, 2], [3, 4]], ValueError, "X must have no missing value; got None at row 0, column 0"),
    (
        [[object, 2], [3, 4]],
        TypeError,
        "X must hold real numbers; got .*object.* at row 0, column 0",
    ),
]


BAD_Y = [
    ([0], ValueError, r"y must have shape \(2,\), one label for each row of X; got \(1,\)"),
    ([0, 1, 0], ValueError, r"y must have shape \(2,\).*got \(3,\)"),
    ([[0], [1]], ValueError, r"y must have shape \(2,\).*got \(2, 1\)"),
    ([[1, 0], [0, 1]], ValueError, r"y must have shape \(2,\).*got \(2, 2\)"),
    ([[0], [0, 1]], ValueError, "y must be a flat list of labels; got a ragged list"),
    ([0, np.nan], ValueError, "y must be finite; got nan"),
    ([0, None], ValueError, "y must have no missing value; got None at index 1"),
    ([0, 1j], TypeError, "y must hold numbers or strings; got dtype complex128"),
]


# What is refused


@pytest.mark.parametrize("fit", [*FITS, *FUNCTION, *PARTIAL])
@pytest.mark.parametrize(("X", "error", "message"), BAD_X)
def test_bad_features_are_named(fit, X, error, message):
    with pytest.raises(error, match=message):
        fit(X, [0, 1])


@pytest.mark.parametrize("fit", [*FITS, *FUNCTION, *PARTIAL])
@pytest.mark.parametrize(("y", "error", "message"), BAD_Y)
def test_bad_labels_are_named(fit, y, error, message):
    with pytest.raises(error, match=message):
        fit(TWO_BY_TWO, y)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(("y", "shown"), [([7, 7], "7"), (["cat", "cat"], "cat")])
def test_fit_refuses_one_class_only(fit, y, shown):
    with pytest.raises(ValueError, match=f"y must hold at least two classes; got only {shown}"):
        fit(TWO_BY_TWO, y)


@pytest.mark.parametrize("model", [SoftmaxRegression(), SoftmaxNetwork()])
@pytest.mark.parametrize("method", PREDICTIONS)
def test_an_unfitted_model_says_so(model, method):
    with pytest.raises(ValueError, match=f"this {type(model).__name__} must be fitted first"):
        getattr(model, method)(SMALL_X)
    with pytest.raises(ValueError, match="must be fitted first"):
        model.score(SMALL_X, SMALL_Y)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("method", PREDICTIONS)
def test_prediction_checks_its_features(fit, method):
    predict = getattr(fit(SMALL_X, SMALL_Y), method)
    with pytest.raises(ValueError, match="X must have 2 features, as in fit; got 3"):
        predict(np.zeros((4, 3)))
    with pytest.raises(ValueError, match="X must be finite; got nan"):
        predict([[0, np.nan]])
    with pytest.raises(ValueError, match=r"X must have shape \(m, n\)"):
        predict([0, 1])


# Copies and refusals


@pytest.mark.parametrize(
    "make",
    [
        lambda: SoftmaxRegression(l2=0).fit([[0.0], [5.0]], [0, 1]),
        lambda: SoftmaxRegression(max_iter=1).fit(SMALL_X, SMALL_Y),
        lambda: SoftmaxNetwork((), GradientDescent(1e308), random_state=0).fit(SMALL_X, SMALL_Y),
    ],
)
def test_a_warning_points_at_the_line_that_called_fit(make):
    with warnings.catch_warnings(record=True) as record:
        warnings.simplefilter("always")
        make()
    assert {warning.filename for warning in record} == {__file__}


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("method", PREDICTIONS)
def test_logits_that_overflow_are_refused_without_a_warning(fit, method):
    model = fit([[1.0, 2.0], [3.0, 1.0], [2.0, 2.0]], [0, 1, 1])
    for weights in model.weights_ if isinstance(model, SoftmaxNetwork) else [model.W_]:
        weights *= 1e10
    for large in ([[1e308, 1e308]], [[0.0, 0.0], [1e308, -1e308]]):
        with pytest.raises(ValueError, match="X must be small enough to compute with; got logits"):
            getattr(model, method)(large)


@pytest.mark.parametrize("fit", FITS)
def test_logarithms_are_finite_where_probabilities_round_to_0(fit):
    model = fit(SMALL_X, SMALL_Y)
    for weights in model.weights_ if isinstance(model, SoftmaxNetwork) else [model.W_]:
        weights *= 1e4
    assert (model.predict_proba(SMALL_X) == 0).any()
    logs = model.predict_log_proba(SMALL_X)
    assert np.isfinite(logs).all()
    np.testing.assert_allclose(np.exp(logs), model.predict_proba(SMALL_X), rtol=1e-12)


@pytest.mark.parametrize(
    "model",
    [
        SoftmaxRegression(0.25, False, 1e-3, 7, class_weight={"a": 2.0}, warm_start=True),
        SoftmaxNetwork((3, 2), Adam(0.1), None, 7, 0.5, 3, np.float32),
    ],
)
def test_the_settings_make_the_same_model_unfitted(model):
    twin = type(model)(**model.get_params())
    assert twin.get_params() == model.get_params() == vars(model)
    assert clone(model).get_params().keys() == model.get_params().keys()
    model.fit([[0.0], [1.0]], ["a", "b"])
    assert twin.get_params() == model.get_params()  # what was fitted is no setting


@pytest.mark.parametrize(
    ("class_weight", "labels"),
    [
        (None, ["a", "b"]),
        ("balanced", ["a", "b"]),
        ({"a": 2, "b": np.float32(0.5)}, ["a", "b"]),
        ({np.int64(1): 2.0, 7: 1}, [1, 7]),
        ({0.5: 2.0}, [0.5, 1.5]),
        ({True: 2.0}, [False, True]),
        ([2.0, 1.0], ["a", "b"]),
        (np.array([2, 1]), [1, 7]),
    ],
)
def test_weights_of_classes_go_through_a_file(class_weight, labels, tmp_path):
    y = np.array(labels)[[0, 0, 1]]
    model = SoftmaxRegression(class_weight=class_weight, warm_start=True)
    model.fit([[0.0], [1.0], [2.0]], y).save(tmp_path / "model.npz")
    loaded = SoftmaxRegression.load(tmp_path / "model.npz")
    assert np.array_equal(loaded.class_weight, class_weight)
    assert loaded.warm_start is True
    loaded.warm_start = False
    assert (loaded.fit([[0.0], [1.0], [2.0]], y).W_ == model.W_).all()


@pytest.mark.parametrize(
    ("class_weight", "error", "message"),
    [
        ("balance", ValueError, "class_weight must be one of 'balanced'; got 'balance'"),
        ([1.0], ValueError, r"class_weight must be a dict, an array of shape \(2,\) or"),
        ([1.0, -1], ValueError, "class_weight must be finite and not negative; got -1.0 at index"),
        ({"a": np.nan}, ValueError, "class_weight must be finite and not negative; got nan"),
        ({"a": "2"}, TypeError, "class_weight must hold real numbers; got '2'"),
        (2.0, ValueError, "class_weight must be a dict, an array of shape"),
        ({0: 2.0}, ValueError, "class_weight must be text, like y; got numbers against text"),
        ({b"a": 2.0}, ValueError, "class_weight must be text, like y; got bytes against text"),
    ],
)
def test_weights_of_classes_that_are_none_are_named(class_weight, error, message):
    with pytest.raises(error, match=message):
        SoftmaxRegression(class_weight=class_weight).fit(TWO_BY_TWO, ["a", "b"])


FRAME = pandas.get_dummies(
    pandas.DataFrame({"mass": [3.7, 5.1, 3.9, 4.2], "island": ["A", "B", "A", "C"]})
)


@pytest.mark.parametrize(
    "X",
    [FRAME, FRAME.to_numpy(), FRAME.convert_dtypes(), FRAME.to_numpy().tolist()],
    ids=["frame", "objects", "nullable", "lists"],
)
def test_a_table_of_numbers_and_bools_is_an_array_of_numbers(X):
    y, weights = [0, 1, 0, 1], pandas.Series([1, 2, 1, 1])
    numbers = FRAME.to_numpy().astype(float)
    model = SoftmaxRegression().fit(X, y, weights)
    best = SoftmaxRegression().fit(numbers, y, weights)
    assert (model.W_ == best.W_).all()
    assert (fit_softmax_regression(X, y, sample_weight=weights)[0] == model.W_).all()
    assert (model.predict_proba(X) == best.predict_proba(numbers)).all()
    assert model.score(X, y, weights) == best.score(numbers, y, weights)


@pytest.mark.parametrize("name", ["nnz", "T", "tocsr", "dtype"])
def test_a_column_may_have_any_name(name):
    frame = FRAME.rename(columns={"mass": name})
    best = SoftmaxRegression().fit(FRAME, [0, 1, 0, 1])
    model = SoftmaxRegression().fit(frame, pandas.Series([0, 1, 0, 1], index=[name, *"abc"]))
    assert (model.predict_proba(frame) == best.predict_proba(FRAME)).all()


def test_masks_are_refused_and_empty_masks_are_none():
    X = np.ma.array([[1.0], [2], [1e9], [3]], mask=[[0], [0], [1], [0]])
    y, weights = [0, 1, 1, 0], np.ma.array([1.0, 2, 3, 1], mask=[0, 0, 1, 0])
    model = SoftmaxRegression().fit(X.data, y)
    for fit in fit_softmax_regression, SoftmaxRegression().fit:
        with pytest.raises(TypeError, match=r"X must have nothing masked.*\.compressed"):
            fit(X, y)
        with pytest.raises(TypeError, match="sample_weight must have nothing masked"):
            fit(X.data, y, sample_weight=weights)
        fit(np.ma.array(X.data), np.ma.array(y), sample_weight=np.ma.array(weights.data))
    for method in PREDICTIONS:
        with pytest.raises(TypeError, match="X must have nothing masked"):
            getattr(model, method)(X)


def test_a_model_shows_its_class_and_its_settings():
    assert repr(SoftmaxRegression(l2=0.25, class_weight="balanced")) == (
        "SoftmaxRegression(l2=0.25, fit_intercept=True, tol=1e-06, max_iter=100, "
        "class_weight='balanced', warm_start=False)"
    )
    shown = repr(SoftmaxNetwork((3,), dtype=np.float32).fit(SMALL_X, SMALL_Y))
    assert shown.startswith("SoftmaxNetwork(hidden=(3,), optimizer=None, batch_size=64")
    assert "dtype=float32" in shown


class HandsOn(SoftmaxRegression):
    def __init__(self, *args, note="", **kwargs):
        super().__init__(*args, **kwargs)
        self.note = note


class ByName(SoftmaxNetwork):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)


def test_a_subclass_may_hand_its_settings_on(tmp_path):
    model = HandsOn(0.25, note="mine").fit(SMALL_X, SMALL_Y)
    assert repr(model).startswith("HandsOn(note='mine', l2=0.25, fit_intercept=True")
    assert clone(model).get_params() == model.get_params()
    network = ByName(hidden=(3,), epochs=1).fit(SMALL_X, SMALL_Y)
    network.save(tmp_path / "network.npz")
    loaded = ByName.load(tmp_path / "network.npz")
    assert (loaded.predict_proba(SMALL_X) == network.predict_proba(SMALL_X)).all()


@pytest.mark.parametrize("model", [SoftmaxRegression(), SoftmaxNetwork(epochs=1)])
def test_what_scikit_learn_asks_for_has_another_name(model):
    with pytest.raises(TypeError, match=r"take softmax_lib\.estimator\.SoftmaxClassifier"):
        cross_val_score(model, SMALL_X, SMALL_Y)


@pytest.mark.parametrize("model", [SoftmaxRegression(), SoftmaxNetwork(epochs=1)])
def test_a_quantity_is_no_class(model):
    quantity = SMALL_X[:, 0]
    with pytest.raises(ValueError, match="y must hold classes; got 24 numbers .* a quantity"):
        model.fit(SMALL_X, quantity)
    model.fit(SMALL_X, np.round(quantity))
    model.fit(SMALL_X[:2], [0.5, 1.5])
    model.fit(SMALL_X[:3], [0.5, 1.5, 1.5])


def test_score_names_the_labels_that_do_not_fit():
    model = SoftmaxRegression().fit(SMALL_X, SMALL_Y)
    with pytest.raises(ValueError, match=r"y must have shape \(24,\), one label for each row of X"):
        model.score(SMALL_X, SMALL_Y[:5])


# Weights of classes in a dict


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"cat": 2}, [2, 1]),
        ({"dog": 3, "cat": 0.5}, [0.5, 3]),
        ({}, [1, 1]),
        ({"cat": 2, "dog": 3, "owl": 4}, [2, 3]),
    ],
)
def test_a_class_that_is_not_named_weighs_1(weights, expected):
    classes, indices = np.array(["cat", "dog"]), np.array([0, 1])
    assert example_weights(None, weights, classes, indices).tolist() == expected


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ({"ct": 2}, ValueError, "class_weight must name no class but cat, dog; got ct"),
        ({0: 2, 1: 2}, ValueError, "class_weight must be text, like y; got numbers"),
        ({b"cat": 2}, ValueError, "class_weight must be text, like y; got bytes"),
        ({"cat": 2, 1: 2}, TypeError, "class_weight must hold labels of one kind"),
        ({"cat": -2}, ValueError, "class_weight must be finite and not negative"),
    ],
)
def test_weights_of_no_class_are_named(weights, error, message):
    with pytest.raises(error, match=message):
        example_weights(None, weights, np.array(["cat", "dog"]), np.array([0, 1]))


def test_an_integer_class_may_be_named_in_any_dtype():
    classes, indices = np.array([0, 1]), np.array([0, 1, 1])
    assert example_weights(None, {np.int8(1): 2}, classes, indices).tolist() == [1, 2, 2]
    assert example_weights(None, {1.0: 2}, classes, indices).tolist() == [1, 2, 2]


NAMED = pandas.DataFrame(SMALL_X, columns=["mass", "length"])
TURNED = NAMED[["length", "mass"]]
BOTH = [SoftmaxRegression(), SoftmaxNetwork((2,), epochs=1, random_state=0)]
OTHER_COLUMNS = "X must have the columns of fit in their order; got 'length' in the place of 'mass'"


@pytest.mark.parametrize("model", BOTH)
def test_columns_in_another_order_are_refused(model, tmp_path):
    model = copy.deepcopy(model).fit(NAMED, SMALL_Y)
    assert model.feature_names_in_ == ["mass", "length"]
    assert (model.predict_proba(NAMED) == model.predict_proba(SMALL_X)).all()
    model.save(tmp_path / "model.npz")
    for twin in model, type(model).load(tmp_path / "model.npz"), copy.deepcopy(model):
        for call in twin.predict, twin.predict_proba, lambda X, m=twin: m.score(X, SMALL_Y):
            with pytest.raises(ValueError, match=OTHER_COLUMNS):
                call(TURNED)
    model.warm_start = True
    with pytest.raises(ValueError, match=OTHER_COLUMNS):
        model.fit(TURNED, SMALL_Y)
    model.warm_start = False
    assert model.fit(TURNED, SMALL_Y).feature_names_in_ == ["length", "mass"]


def test_a_network_meets_the_same_columns_in_every_call():
    network = SoftmaxNetwork((2,), epochs=1).partial_fit(NAMED, SMALL_Y, classes=[0, 1, 2])
    for call in network.partial_fit, network.cost:
        with pytest.raises(ValueError, match=OTHER_COLUMNS):
            call(TURNED, SMALL_Y)
    with pytest.raises(ValueError, match=f"the X of validation_data{OTHER_COLUMNS[1:]}"):
        network.fit(NAMED, SMALL_Y, validation_data=(TURNED, SMALL_Y))


@pytest.mark.parametrize("model", BOTH)
def test_names_count_only_where_both_frames_have_them(model, tmp_path):
    model = copy.deepcopy(model).fit(SMALL_X, SMALL_Y)
    assert model.feature_names_in_ is None
    expected = model.predict(SMALL_X)
    assert (model.predict(NAMED) == expected).all()
    model.fit(pandas.DataFrame(SMALL_X), SMALL_Y)  # numbered columns have no names
    model.save(tmp_path / "model.npz")
    for twin in model, type(model).load(tmp_path / "model.npz"):
        assert twin.feature_names_in_ is None
        assert (twin.predict(NAMED) == twin.predict(SMALL_X)).all()


@pytest.mark.parametrize("model", BOTH)
@pytest.mark.parametrize("value", ["no", "False", None, 2])
def test_what_is_neither_true_nor_false_is_named(model, value):
    for name in {"fit_intercept", "warm_start"} & set(model.get_params()):
        twin = copy.deepcopy(model)
        setattr(twin, name, value)
        with pytest.raises(TypeError, match=f"{name} must be True or False; got {value!r}"):
            twin.fit(SMALL_X, SMALL_Y)
        setattr(twin, name, np.bool_(False))
        twin.fit(SMALL_X, SMALL_Y)
