"""The scikit-learn estimator: scikit-learn's own checks, its compositions, the models beneath."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from joblib import Parallel, delayed
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import ConvergenceWarning as SklearnConvergenceWarning
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    StratifiedKFold,
    cross_val_score,
    train_test_split,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import softmax_lib
from softmax_lib import (
    Adam,
    EarlyStopping,
    SeparableDataWarning,
    SoftmaxNetwork,
    SoftmaxRegression,
    load_penguins,
    make_blobs,
    make_spirals,
)
from softmax_lib.estimator import SoftmaxClassifier

ROOT = Path(__file__).resolve().parents[2]
REGRESSION = SoftmaxClassifier()
NETWORK = SoftmaxClassifier((8,), optimizer=Adam(0.02), epochs=15, random_state=0)
BOTH = pytest.mark.parametrize("estimator", [REGRESSION, NETWORK], ids=["regression", "network"])


@pytest.fixture(scope="module")
def penguins():
    """Scaled features, and the species by name."""
    data = load_penguins()
    return StandardScaler().fit_transform(data.X), np.array(data.class_names)[data.y]


@pytest.fixture(scope="module")
def two_species(penguins):
    X, y = penguins
    kept = y != "Gentoo"
    return X[kept], y[kept]


# scikit-learn's own checks


@parametrize_with_checks([REGRESSION, NETWORK])
def test_scikit_learns_checks(estimator, check):
    check(estimator)


def test_no_check_is_skipped_but_the_one_that_needs_pandas():
    code = """
from sklearn.utils.estimator_checks import check_estimator
from softmax_lib import Adam
from softmax_lib.estimator import SoftmaxClassifier

for estimator in SoftmaxClassifier(), SoftmaxClassifier((8,), optimizer=Adam(0.02), epochs=15):
    results = check_estimator(estimator, on_skip=None)
    assert len(results) > 40
    print(*{r["check_name"] for r in results if r["status"] != "passed"})
"""
    # SciPy reads this switch when it is imported; without it one more check is skipped.
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "SCIPY_ARRAY_API": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) <= {"check_classifier_data_not_an_array"}


def test_it_is_a_classifier_with_no_state_before_fit():
    assert is_classifier(REGRESSION)
    assert set(vars(REGRESSION)) == set(REGRESSION.get_params())


# The models beneath


def test_three_classes_have_the_optimum_of_logistic_regression(penguins):
    X, y = penguins
    l2 = 1e-2
    ours = SoftmaxClassifier(l2=l2, tol=1e-12).fit(X, y)
    theirs = LogisticRegression(C=1 / (l2 * len(X)), solver="newton-cg", tol=1e-13).fit(X, y)
    np.testing.assert_array_equal(ours.classes_, theirs.classes_)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=0, atol=1e-8)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=0, atol=1e-8)


def test_two_classes_have_the_optimum_of_logistic_regression_with_twice_the_c(two_species):
    X, y = two_species
    l2 = 1e-2
    ours = SoftmaxClassifier(l2=l2, tol=1e-12).fit(X, y)
    theirs = LogisticRegression(C=2 / (l2 * len(X)), solver="newton-cg", tol=1e-13).fit(X, y)
    np.testing.assert_allclose(np.diff(ours.coef_, axis=0), theirs.coef_, rtol=0, atol=1e-8)
    np.testing.assert_allclose(np.diff(ours.intercept_), theirs.intercept_, rtol=0, atol=1e-8)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-7)


def test_without_hidden_layers_it_is_softmax_regression(penguins):
    X, y = penguins
    settings = {"l2": 0.1, "fit_intercept": False, "tol": 1e-4, "max_iter": 7}
    ours, model = SoftmaxClassifier(**settings).fit(X, y), SoftmaxRegression(**settings).fit(X, y)
    np.testing.assert_array_equal(ours.coef_, model.W_.T)
    np.testing.assert_array_equal(ours.intercept_, model.b_)
    np.testing.assert_array_equal(ours.predict_proba(X), model.predict_proba(X))


def test_newton_steps_are_counted(penguins):
    with pytest.warns(SklearnConvergenceWarning):
        assert SoftmaxClassifier(max_iter=2).fit(*penguins).n_iter_ == 2
    enough = SoftmaxClassifier().fit(*penguins).n_iter_
    assert 2 < enough < 100
    assert SoftmaxClassifier(max_iter=enough).fit(*penguins).n_iter_ == enough


def test_with_hidden_layers_it_is_the_network(penguins):
    X, y = penguins
    settings = {
        "hidden": (5, 4),
        "optimizer": Adam(0.01),
        "batch_size": 50,
        "epochs": 3,
        "l2": 0.1,
        "random_state": 7,
    }
    ours, model = SoftmaxClassifier(**settings).fit(X, y), SoftmaxNetwork(**settings).fit(X, y)
    np.testing.assert_array_equal(ours.predict_proba(X), model.predict_proba(X))
    assert ours.history_ == model.history_
    assert ours.n_iter_ == 3


def test_early_stopping_is_the_networks_on_a_part_of_each_class(penguins):
    X, y = penguins
    ours = clone(NETWORK).set_params(early_stopping=True, validation_fraction=0.25, epochs=200)
    ours.fit(X, y)
    X_train, X_aside, y_train, y_aside = train_test_split(
        X, y, test_size=0.25, random_state=0, stratify=y
    )
    network = SoftmaxNetwork((8,), Adam(0.02), epochs=200, l2=1e-3, random_state=0)
    network.fit(X_train, y_train, validation_data=(X_aside, y_aside), callbacks=[EarlyStopping()])
    np.testing.assert_array_equal(ours.decision_function(X), network.decision_function(X))
    assert ours.n_iter_ == len(network.history_["validation_loss"]) < 200


def test_a_fit_of_one_model_leaves_nothing_of_the_other(penguins):
    estimator = SoftmaxClassifier().fit(*penguins)
    assert not hasattr(estimator, "history_")
    estimator.set_params(hidden=(3,), epochs=1).fit(*penguins)
    assert not hasattr(estimator, "coef_")
    assert not hasattr(estimator, "intercept_")
    assert estimator.n_iter_ == 1


def test_the_fitted_model_can_be_saved(penguins, tmp_path):
    X, y = penguins
    estimator = clone(NETWORK).fit(X, y)
    estimator.model_.save(tmp_path / "model.npz")
    loaded = SoftmaxNetwork.load(tmp_path / "model.npz")
    np.testing.assert_array_equal(loaded.predict(X), estimator.predict(X))


def test_a_network_computes_in_the_precision_of_its_data(penguins):
    X, y = penguins
    estimator = clone(NETWORK)
    assert estimator.fit(X.astype(np.float32), y).predict_proba(X).dtype == np.float32
    assert estimator.fit(X, y).predict_proba(X.astype(np.float32)).dtype == np.float64


def test_no_bar_is_drawn_even_on_a_terminal(penguins, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    clone(NETWORK).fit(*penguins)
    clone(NETWORK).set_params(early_stopping=True).fit(*penguins)
    assert capsys.readouterr().err == ""


# Scores and probabilities


@BOTH
def test_two_classes_have_one_score_the_log_odds(estimator, two_species):
    X, y = two_species
    fitted = clone(estimator).fit(X, y)
    scores, probs = fitted.decision_function(X), fitted.predict_proba(X)
    assert scores.shape == (len(X),)
    np.testing.assert_allclose(scores, np.log(probs[:, 1] / probs[:, 0]), rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(fitted.classes_[(scores > 0).astype(int)], fitted.predict(X))


@BOTH
def test_three_classes_have_a_score_each(estimator, penguins):
    X, y = penguins
    fitted = clone(estimator).fit(X, y)
    scores = fitted.decision_function(X)
    np.testing.assert_array_equal(scores, fitted.model_.decision_function(X))
    np.testing.assert_array_equal(fitted.classes_[scores.argmax(axis=1)], fitted.predict(X))
    np.testing.assert_allclose(
        fitted.predict_log_proba(X), np.log(fitted.predict_proba(X)), rtol=1e-9, atol=1e-12
    )


@BOTH
def test_log_probabilities_stay_finite_where_the_logarithm_of_probabilities_does_not(
    estimator, penguins
):
    X, y = penguins
    fitted = clone(estimator).fit(X, y)
    far = 1e4 * X
    with np.errstate(divide="ignore"):
        assert np.isneginf(np.log(fitted.predict_proba(far))).any()
    assert np.isfinite(fitted.predict_log_proba(far)).all()


@BOTH
@pytest.mark.parametrize("dtype", [object, str])
def test_labels_may_be_strings(estimator, dtype, penguins):
    X, y = penguins
    fitted = clone(estimator).fit(X, y.astype(dtype))
    assert fitted.classes_.tolist() == ["Adelie", "Chinstrap", "Gentoo"]
    assert set(fitted.predict(X)) == set(y)
    assert fitted.score(X, y) > 0.95


# Compositions


@BOTH
def test_in_a_pipeline(estimator):
    data = load_penguins()
    pipeline = make_pipeline(StandardScaler(), clone(estimator))
    assert cross_val_score(pipeline, data.X, data.y, cv=3).min() > 0.95


def test_in_a_grid_search_over_both_models_on_two_processes():
    X, y = make_spirals(random_state=0)
    search = GridSearchCV(
        SoftmaxClassifier(optimizer=Adam(0.02), epochs=40, random_state=0),
        {"hidden": [(), (32,)], "l2": [1e-3, 10.0]},
        n_jobs=2,
        cv=StratifiedKFold(3, shuffle=True, random_state=0),
    )
    search.fit(X, y)
    assert search.best_params_ == {"hidden": (32,), "l2": 1e-3}
    assert search.score(X, y) > 0.9


@BOTH
@pytest.mark.parametrize("method", ["sigmoid", "isotonic"])
def test_in_a_calibration(estimator, method, penguins):
    X, y = penguins
    calibrated = CalibratedClassifierCV(clone(estimator), method=method, cv=3).fit(X, y)
    np.testing.assert_allclose(calibrated.predict_proba(X).sum(axis=1), 1)
    assert calibrated.score(X, y) > 0.95


@BOTH
def test_in_other_processes_of_joblib(estimator, penguins):
    X, y = penguins
    here = clone(estimator).fit(X, y).decision_function(X)
    fits = Parallel(n_jobs=2)(delayed(clone(estimator).fit)(X, y) for _ in range(2))
    for fitted in fits:
        np.testing.assert_allclose(fitted.decision_function(X), here, rtol=1e-9, atol=1e-12)


@BOTH
def test_a_pickle_predicts_and_learns_on_as_the_original(estimator, penguins):
    X, y = penguins
    fitted = clone(estimator).fit(X, y)
    copy = pickle.loads(pickle.dumps(fitted))
    if estimator is NETWORK:
        fitted.partial_fit(X, y)
        copy.partial_fit(X, y)
    np.testing.assert_array_equal(copy.decision_function(X), fitted.decision_function(X))


def test_parameters_go_round():
    given = {
        "hidden": (3, 2),
        "l2": 0.5,
        "fit_intercept": False,
        "tol": 1e-3,
        "max_iter": 5,
        "optimizer": Adam(0.5),
        "batch_size": None,
        "epochs": 2,
        "early_stopping": True,
        "validation_fraction": 0.3,
        "random_state": 4,
    }
    assert SoftmaxClassifier(**given).get_params() == given
    assert SoftmaxClassifier().set_params(**given).get_params() == given
    assert clone(SoftmaxClassifier(**given)).get_params() == given


# Streams


def test_partial_fit_is_the_networks(penguins):
    X, y = penguins
    ours = clone(NETWORK)
    network = SoftmaxNetwork((8,), Adam(0.02), l2=1e-3, random_state=0)
    for batch in np.array_split(np.arange(len(X)), 3):
        ours.partial_fit(X[batch], y[batch], classes=np.unique(y))
        network.partial_fit(X[batch], y[batch], classes=np.unique(y))
    np.testing.assert_array_equal(ours.decision_function(X), network.decision_function(X))
    assert ours.n_iter_ == 3


def test_only_a_network_learns_from_a_stream():
    assert hasattr(NETWORK, "partial_fit")
    assert not hasattr(REGRESSION, "partial_fit")
    assert not hasattr(SoftmaxClassifier([]), "partial_fit")


def test_a_stream_after_a_regression_starts_a_network(penguins):
    X, y = penguins
    estimator = SoftmaxClassifier().fit(X, y).set_params(**NETWORK.get_params())
    estimator.partial_fit(X[:, :2], y, classes=np.unique(y))
    fresh = clone(NETWORK).partial_fit(X[:, :2], y, classes=np.unique(y))
    np.testing.assert_array_equal(estimator.predict_proba(X[:, :2]), fresh.predict_proba(X[:, :2]))


def test_a_stream_is_told_its_classes_and_keeps_to_them(penguins):
    X, y = penguins
    with pytest.raises(ValueError, match="classes must list all labels on the first call"):
        clone(NETWORK).partial_fit(X, y)
    with pytest.raises(ValueError, match="y must hold no class but Adelie, Gentoo; got Chinstrap"):
        clone(NETWORK).partial_fit(X, y, classes=["Adelie", "Gentoo"])


# Chance


@pytest.mark.parametrize("early_stopping", [False, True])
def test_a_seed_gives_the_same_network_again(penguins, early_stopping):
    def fit(random_state):
        estimator = clone(NETWORK).set_params(
            random_state=random_state, epochs=2, early_stopping=early_stopping
        )
        return estimator.fit(*penguins).decision_function(penguins[0])

    np.testing.assert_array_equal(fit(3), fit(np.int64(3)))
    np.testing.assert_array_equal(fit(np.random.RandomState(3)), fit(np.random.RandomState(3)))
    assert not np.array_equal(fit(3), fit(4))


def test_the_same_random_state_goes_on_from_fit_to_fit(penguins):
    estimator = clone(NETWORK).set_params(random_state=np.random.RandomState(0), epochs=0)
    first, second = (estimator.fit(*penguins).decision_function(penguins[0]) for _ in range(2))
    assert not np.array_equal(first, second)


def test_none_draws_from_numpys_global_state_as_everywhere_in_scikit_learn(penguins, monkeypatch):
    monkeypatch.setattr(np.random.mtrand, "_rand", np.random.RandomState(5))
    drawn = clone(NETWORK).set_params(random_state=None).fit(*penguins)
    given = clone(NETWORK).set_params(random_state=np.random.RandomState(5)).fit(*penguins)
    X, _ = penguins
    np.testing.assert_array_equal(drawn.predict_proba(X), given.predict_proba(X))


# Warnings and errors


def test_stopping_short_warns_in_both_categories_and_names_the_line_that_called(penguins):
    estimator = SoftmaxClassifier(max_iter=1)
    for category in SklearnConvergenceWarning, softmax_lib.ConvergenceWarning:
        with pytest.warns(category, match="above tol=1e-06; raise max_iter") as caught:
            estimator.fit(*penguins)
        assert len(caught) == 1
        assert caught[0].filename == __file__
    assert hasattr(estimator, "model_")


def test_a_diverging_network_warns_in_both_categories_and_names_the_line_that_called(penguins):
    estimator = SoftmaxClassifier((8,), optimizer=softmax_lib.GradientDescent(1e200))
    calls = [lambda: estimator.fit(*penguins), lambda: estimator.partial_fit(*penguins)]
    for call in calls:
        with pytest.warns(SklearnConvergenceWarning, match="smaller learning_rate") as caught:
            call()
        assert all(issubclass(w.category, softmax_lib.ConvergenceWarning) for w in caught)
        assert {w.filename for w in caught} == {__file__}


def test_other_warnings_of_the_models_keep_their_category():
    X, y = make_blobs(20, random_state=0)
    with pytest.warns(SeparableDataWarning, match="set l2 > 0") as caught:
        SoftmaxClassifier(l2=0, tol=0.1).fit(X, y)
    assert [warning.category for warning in caught] == [SeparableDataWarning]
    assert caught[0].filename == __file__


@BOTH
@pytest.mark.parametrize(
    "method", ["predict", "predict_proba", "predict_log_proba", "decision_function"]
)
def test_it_must_be_fitted_first(estimator, method):
    with pytest.raises(NotFittedError, match="SoftmaxClassifier instance is not fitted yet"):
        getattr(clone(estimator), method)([[1.0]])


@BOTH
def test_one_class_is_refused_by_name(estimator):
    with pytest.raises(ValueError, match="y must hold at least two classes; got only cat"):
        clone(estimator).fit([[1.0], [2.0]], ["cat", "cat"])


@BOTH
@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([[1.0], [np.nan]], [0, 1], "Input X contains NaN"),
        ([[1.0], [2.0]], [0.5, 1.5], "Unknown label type: continuous"),
        ([[1.0]], [0], "minimum of 2 is required by SoftmaxClassifier"),
        ([1.0, 2.0], [0, 1], "Expected 2D array, got 1D array"),
        ([[1.0], [2.0]], [0], "inconsistent numbers of samples"),
        ([[1.0], [2.0]], None, "requires y to be passed"),
    ],
)
def test_data_are_refused_in_scikit_learns_own_words(estimator, X, y, message):
    with pytest.raises(ValueError, match=message):
        clone(estimator).fit(X, y)


@BOTH
def test_another_number_of_features_is_refused_in_scikit_learns_own_words(estimator, penguins):
    X, y = penguins
    with pytest.raises(ValueError, match="X has 2 features, but SoftmaxClassifier is expecting 4"):
        clone(estimator).fit(X, y).predict(X[:, :2])


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"hidden": 8}, TypeError, "hidden must be a tuple"),
        ({"hidden": None}, TypeError, "hidden must be a tuple"),
        ({"hidden": np.array([8])}, TypeError, "hidden must be a tuple"),
        ({"hidden": (0,)}, ValueError, "hidden must be at least 1"),
        ({"l2": -1.0}, ValueError, "l2 must be finite and at least 0"),
        ({"max_iter": 0}, ValueError, "max_iter must be at least 1"),
        ({"hidden": (8,), "epochs": -1}, ValueError, "epochs must be at least 0"),
        ({"hidden": (8,), "random_state": "seed"}, ValueError, "cannot be used to seed"),
        (
            {"hidden": (8,), "early_stopping": True, "validation_fraction": 2.0},
            ValueError,
            "validation_fraction must leave some of each class on both sides; got 2.0",
        ),
        (
            {"hidden": (8,), "early_stopping": True, "validation_fraction": 0.001},
            ValueError,
            "validation_fraction must leave some of each class on both sides; got 0.001",
        ),
    ],
)
def test_a_wrong_parameter_is_refused_by_fit_not_before(settings, error, message, penguins):
    estimator = SoftmaxClassifier(**settings)
    with pytest.raises(error, match=message):
        estimator.fit(*penguins)
