"""The scikit-learn estimator: scikit-learn's own checks, its compositions, the models beneath."""

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joblib import Parallel, delayed
from scipy import sparse
from sklearn import config_context
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import AdaBoostClassifier, VotingClassifier
from sklearn.exceptions import ConvergenceWarning as SklearnConvergenceWarning
from sklearn.exceptions import NotFittedError
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags
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
from softmax_lib import estimator as estimator_module
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

ALL = [
    clone(estimator).set_params(warm_start=warm_start, class_weight=class_weight, **settings)
    for estimator, settings in (
        (REGRESSION, {}),
        (NETWORK, {}),
        (NETWORK, {"early_stopping": True}),
    )
    for warm_start in (False, True)
    for class_weight in (None, "balanced")
]


def expected_to_fail(estimator):
    """What a network cannot do, with the reason."""
    reasons = {}
    if estimator.early_stopping:
        reasons["check_sample_weight_equivalence_on_dense_data"] = (
            "another number of rows is shuffled, and set aside, in another way"
        )
    if estimator.warm_start and estimator.hidden:
        reasons["check_supervised_y_2d"] = "its second fit goes on from where the first one ended"
    return reasons


@parametrize_with_checks([REGRESSION, NETWORK])
def test_scikit_learns_checks(estimator, check):
    check(estimator)


@pytest.mark.slow
def test_every_combination_passes_all_checks_but_those_it_cannot():
    code = """
from sklearn.utils.estimator_checks import check_estimator
from tests.softmax_lib.test_estimator import ALL, expected_to_fail

for estimator in ALL:
    expected = expected_to_fail(estimator)
    results = check_estimator(
        estimator, on_skip=None, on_fail=None, expected_failed_checks=expected
    )
    assert len(results) > 50
    for result in results:
        passed = result["status"] == "passed"
        assert passed or result["check_name"] in expected, (estimator, result)
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


def test_two_classes_have_the_optimum_of_twice_the_c(two_species):
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


def parts(estimator, X, y, sample_weight=None):
    """The rows that early stopping trains on, and those that it sets aside."""
    seen = []
    fit = SoftmaxNetwork._fit

    def watched(network, X, y, sample_weight=None, **options):
        seen.append((X, y, sample_weight, *options["validation_data"]))
        return fit(network, X, y, sample_weight, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SoftmaxNetwork, "_fit", watched)
        estimator.fit(X, y, sample_weight)
    return seen[0]


def test_early_stopping_is_the_networks_on_a_part_of_each_class(penguins):
    X, y = penguins
    ours = clone(NETWORK).set_params(early_stopping=True, validation_fraction=0.25, epochs=200)
    ours.set_params(optimizer__learning_rate=0.2)
    X_train, y_train, _, X_aside, y_aside, _ = parts(ours, X, y)
    network = SoftmaxNetwork((8,), Adam(0.2), epochs=200, l2=1e-3, random_state=0)
    network.fit(X_train, y_train, validation_data=(X_aside, y_aside), callbacks=[EarlyStopping()])
    np.testing.assert_array_equal(ours.decision_function(X), network.decision_function(X))
    assert ours.n_iter_ == len(network.history_["validation_loss"]) < 200
    together = np.concatenate([X_train, X_aside])
    assert sorted(together.tolist()) == sorted(X.tolist())
    for species, count in zip(*np.unique(y, return_counts=True), strict=True):
        assert abs((y_aside == species).sum() - count / 4) <= 1


@given(
    st.lists(st.integers(1, 40), min_size=2, max_size=8),
    st.floats(1e-6, 0.999),
    st.integers(0, 2**64),
)
def test_every_class_that_can_gives_its_share_and_keeps_a_member(counts, fraction, seed):
    indices = np.repeat(np.arange(len(counts)), counts)
    indices = np.random.default_rng(seed).permutation(indices)
    rng = np.random.default_rng(seed)
    aside = estimator_module._part_of_each_class(indices, fraction, rng)
    assert len(set(aside.tolist())) == len(aside)
    given = np.bincount(indices[aside], minlength=len(counts))
    spare = np.array(counts) - 1
    assert (given <= spare).all()
    wanted = min(max(1, round(fraction * len(indices))), spare.sum())
    assert given.sum() == wanted
    for here, n in zip(given, counts, strict=True):  # as near to its share as the others allow
        assert here >= min(n - 1, np.floor(fraction * n - 1 / 2)) or given.sum() == 1


@pytest.mark.parametrize("labels", ["low", "high"])
def test_a_class_with_one_member_stays_in_the_training_part(labels):
    X, y = make_blobs(20, 2, random_state=0)
    y = np.r_[y[:-1], 2] if labels == "high" else np.r_[-1, y[1:]]
    estimator = SoftmaxClassifier((8,), early_stopping=True, random_state=0)
    _, y_train, _, _, y_aside, _ = parts(estimator, X, y)
    assert set(estimator.classes_) == set(y) == set(y_train)
    assert set(y_aside) == {0, 1}


@pytest.mark.parametrize("n", [3, 5, 9, 30])
def test_a_small_set_gives_one_example_at_least(n):
    X, y = np.arange(float(n))[:, None], np.arange(n) % 2
    for fraction in 1e-9, 0.001, 0.1:
        estimator = SoftmaxClassifier(
            (2,), early_stopping=True, validation_fraction=fraction, random_state=0, epochs=1
        )
        assert len(parts(estimator, X, y)[3]) == max(1, round(fraction * n))


def test_where_no_class_has_two_members_early_stopping_is_named():
    estimator = SoftmaxClassifier((2,), early_stopping=True, random_state=0)
    with pytest.raises(ValueError, match="early_stopping must find a class with two examples"):
        estimator.fit([[0.0], [1.0], [2.0]], ["a", "b", "c"])
    with pytest.raises(ValueError, match="early_stopping must find a class with two examples"):
        estimator.fit([[0.0], [1.0], [2.0]], ["a", "b", "b"], sample_weight=[1, 1, 0])


@pytest.mark.parametrize(
    "seed", [2**33, 2**100, np.uint64(2**63), 0, np.random.default_rng(0), None]
)
@pytest.mark.parametrize("early_stopping", [False, True])
def test_every_seed_that_a_network_takes_is_taken(penguins, seed, early_stopping):
    estimator = clone(NETWORK).set_params(
        random_state=seed, early_stopping=early_stopping, epochs=1
    )
    assert estimator.fit(*penguins).n_iter_ == 1


def test_the_part_set_aside_is_weighed_like_the_rest(penguins):
    X, y = penguins
    weights = np.random.default_rng(0).random(len(y)) * (np.arange(len(y)) % 3 > 0)
    estimator = clone(NETWORK).set_params(early_stopping=True, epochs=3)
    X_train, _, w_train, X_aside, y_aside, w_aside = parts(estimator, X, y, weights)
    of_row = {tuple(row): weight for row, weight in zip(X.tolist(), weights, strict=True)}
    assert w_train.tolist() == [of_row[tuple(row)] for row in X_train.tolist()]
    assert w_aside.tolist() == [of_row[tuple(row)] for row in X_aside.tolist()]
    assert (w_aside > 0).all()
    best = min(estimator.history_["validation_loss"])
    network = copy.copy(estimator.model_)
    network.l2 = 0.0
    assert network.cost(X_aside, y_aside, w_aside) == pytest.approx(best, rel=1e-9)


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
def test_log_probabilities_stay_finite_where_logs_do_not(estimator, penguins):
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


@pytest.mark.slow
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


@pytest.mark.slow
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
        "class_weight": {"a": 2},
        "warm_start": True,
    }
    assert SoftmaxClassifier(**given).get_params(deep=False) == given
    assert SoftmaxClassifier().set_params(**given).get_params(deep=False) == given
    assert clone(SoftmaxClassifier(**given)).get_params(deep=False) == given
    deep = SoftmaxClassifier(**given).get_params()
    assert {name: deep[name] for name in given} == given
    assert deep["optimizer__learning_rate"] == 0.5


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


def test_none_draws_from_numpys_state_as_in_scikit_learn(penguins, monkeypatch):
    monkeypatch.setattr(np.random.mtrand, "_rand", np.random.RandomState(5))
    drawn = clone(NETWORK).set_params(random_state=None).fit(*penguins)
    given = clone(NETWORK).set_params(random_state=np.random.RandomState(5)).fit(*penguins)
    X, _ = penguins
    np.testing.assert_array_equal(drawn.predict_proba(X), given.predict_proba(X))


# Warnings and errors


def test_stopping_short_warns_both_ways_at_the_callers_line(penguins):
    estimator = SoftmaxClassifier(max_iter=1)
    for category in SklearnConvergenceWarning, softmax_lib.ConvergenceWarning:
        with pytest.warns(category, match="above tol=1e-06; raise max_iter") as caught:
            estimator.fit(*penguins)
        assert len(caught) == 1
        assert caught[0].filename == __file__
    assert hasattr(estimator, "model_")


def test_divergence_warns_both_ways_at_the_callers_line(penguins):
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
def test_other_features_are_refused_in_scikit_learns_words(estimator, penguins):
    X, y = penguins
    with pytest.raises(ValueError, match="X has 2 features, but SoftmaxClassifier is expecting 4"):
        clone(estimator).fit(X, y).predict(X[:, :2])


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"hidden": 8}, TypeError, "hidden must be a sequence of integers"),
        ({"hidden": None}, TypeError, "hidden must be a sequence of integers"),
        ({"hidden": "8"}, TypeError, "hidden must be a sequence of integers"),
        ({"hidden": np.array(8)}, TypeError, "hidden must be a sequence of integers"),
        ({"hidden": (0,)}, ValueError, "hidden must be at least 1"),
        ({"l2": -1.0}, ValueError, "l2 must be finite and at least 0"),
        ({"max_iter": 0}, ValueError, "max_iter must be at least 1"),
        ({"hidden": (8,), "epochs": -1}, ValueError, "epochs must be at least 0"),
        (
            {"hidden": (8,), "random_state": "seed"},
            ValueError,
            "random_state must be an int, a RandomState, a Generator or None; got 'seed'",
        ),
        ({"hidden": (8,), "random_state": -1}, ValueError, "random_state must be at least 0"),
        *(
            (
                {"hidden": (8,), "early_stopping": True, "validation_fraction": fraction},
                error,
                "validation_fraction must be",
            )
            for fraction, error in (
                (2.0, ValueError),
                (0, ValueError),
                (1, ValueError),
                (np.nan, ValueError),
                ("a tenth", TypeError),
            )
        ),
    ],
)
def test_a_wrong_parameter_is_refused_by_fit_not_before(settings, error, message, penguins):
    estimator = SoftmaxClassifier(**settings)
    with pytest.raises(error, match=message):
        estimator.fit(*penguins)


# Interruptions


@pytest.fixture
def other_task():
    """Data with other classes and another number of columns."""
    X, y = make_blobs(20, 3, random_state=0)
    return X, np.array(["a", "b", "c"])[y]


def ctrl_c_in_step(number, error=KeyboardInterrupt):
    """An optimiser that is interrupted in one of its steps."""

    class Interrupted(Adam):
        steps = 0

        def step(self, *arguments):
            Interrupted.steps += 1
            if Interrupted.steps == number:
                raise error
            super().step(*arguments)

    return Interrupted(0.02)


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_an_interrupted_fit_keeps_the_last_whole_epoch(penguins, other_task, early_stopping, error):
    X, y = penguins
    settings = {"early_stopping": early_stopping, "batch_size": None}
    for estimator in clone(NETWORK), clone(NETWORK).fit(*other_task), SoftmaxClassifier().fit(X, y):
        estimator.set_params(**NETWORK.get_params(deep=False) | settings)
        estimator.set_params(optimizer=ctrl_c_in_step(4, error))
        with pytest.raises(error):
            estimator.fit(X, y)
        assert estimator.n_iter_ == len(estimator.history_["epoch"]) == 3
        assert ("validation_loss" in estimator.history_) == early_stopping
        assert estimator.classes_.tolist() == ["Adelie", "Chinstrap", "Gentoo"]
        assert estimator.n_features_in_ == estimator.model_.n_features_in_ == 4
        assert estimator.score(X, y) > 0.3
        if not early_stopping:
            whole = clone(NETWORK).set_params(epochs=3, batch_size=None).fit(X, y)
            np.testing.assert_array_equal(estimator.predict_proba(X), whole.predict_proba(X))
        assert estimator.partial_fit(X, y).n_iter_ == 4


@pytest.mark.parametrize("early_stopping", [False, True])
def test_before_the_first_whole_epoch_it_is_not_fitted(penguins, other_task, early_stopping):
    X, y = penguins
    for estimator in clone(NETWORK), clone(NETWORK).fit(*other_task):
        estimator.set_params(early_stopping=early_stopping, optimizer=ctrl_c_in_step(2))
        with pytest.raises(KeyboardInterrupt):
            estimator.fit(X, y)
        with pytest.raises(NotFittedError):
            estimator.predict(X)
        for name in "history_", "n_iter_", "classes_":
            assert not hasattr(estimator, name)
        assert estimator.set_params(optimizer=Adam(0.02)).fit(X, y).score(X, y) > 0.9


def test_an_interrupted_first_pass_leaves_no_older_model(penguins, other_task):
    X, y = penguins
    estimator = SoftmaxClassifier().fit(*other_task)
    estimator.set_params(hidden=(8,), optimizer=ctrl_c_in_step(2), batch_size=50)
    with pytest.raises(KeyboardInterrupt):
        estimator.partial_fit(X, y, classes=np.unique(y))
    with pytest.raises(NotFittedError):
        estimator.predict(X)


def test_an_interrupted_regression_is_not_fitted(penguins, other_task, monkeypatch):
    estimator = SoftmaxClassifier().fit(*other_task)

    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(SoftmaxRegression, "_fit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        estimator.fit(*penguins)
    with pytest.raises(NotFittedError):
        estimator.predict(penguins[0])


def test_parameters_that_are_refused_leave_the_fit_before(penguins):
    X, y = penguins
    estimator = clone(NETWORK).fit(X, y)
    before = estimator.predict_proba(X)
    with pytest.raises(ValueError, match="epochs must be at least 0"):
        estimator.set_params(epochs=-1).fit(X, y)
    np.testing.assert_array_equal(estimator.predict_proba(X), before)


@pytest.mark.parametrize("warm_start", [False, True])
@pytest.mark.parametrize("estimator", [SoftmaxClassifier(), NETWORK])
def test_data_that_are_refused_leave_the_features_before(estimator, warm_start, penguins):
    X, y = penguins
    frame = pd.DataFrame(X, columns=list("abcd"))
    estimator = clone(estimator).set_params(warm_start=warm_start)
    with pytest.raises(ValueError, match="at least two classes"):
        estimator.fit(frame, np.zeros(len(y)))
    assert not hasattr(estimator, "n_features_in_")
    before = estimator.fit(frame, y).predict_proba(frame)
    for refused in frame[["a", "b"]], frame.rename(columns=str.upper), X[:, :2]:
        with pytest.raises(ValueError, match="at least two classes|must have the columns of fit"):
            estimator.fit(refused, np.zeros(len(y)))
        np.testing.assert_array_equal(estimator.predict_proba(frame), before)


@pytest.mark.parametrize("estimator", [SoftmaxClassifier(), NETWORK])
def test_a_warm_start_has_its_columns_in_their_order(estimator, penguins):
    X, y = penguins
    frame = pd.DataFrame(X, columns=list("abcd"))
    warm = clone(estimator).set_params(warm_start=True).fit(frame, y)
    before = warm.predict_proba(frame)
    with pytest.raises(ValueError, match="X must have the columns of fit in their order; got 'b'"):
        warm.fit(frame[list("bacd")], y)
    np.testing.assert_array_equal(warm.predict_proba(frame), before)


def test_a_stream_that_is_refused_leaves_the_fit_before(penguins):
    X, y = penguins
    estimator = SoftmaxClassifier().fit(X, y)
    before = estimator.predict_proba(X)
    with pytest.raises(ValueError, match="classes must list all labels"):
        estimator.set_params(hidden=(4,)).partial_fit(X[:, :2], y)
    np.testing.assert_array_equal(estimator.predict_proba(X), before)


# Weights


@BOTH
def test_a_whole_weight_is_that_many_copies_of_the_row(estimator, penguins):
    X, y = penguins
    counts = np.arange(len(y)) % 3
    settings = {"batch_size": None, "epochs": 5, "tol": 1e-10}
    weighted = clone(estimator).set_params(**settings).fit(X, y, sample_weight=counts)
    X_copied, y_copied = np.repeat(X, counts, axis=0), np.repeat(y, counts)
    copied = clone(estimator).set_params(**settings).fit(X_copied, y_copied)
    np.testing.assert_allclose(
        weighted.predict_proba(X), copied.predict_proba(X), rtol=1e-7, atol=1e-9
    )
    assert weighted.score(X, y, counts) == pytest.approx(copied.score(X_copied, y_copied))


@BOTH
@pytest.mark.parametrize("early_stopping", [False, True])
def test_class_weight_is_the_weight_of_each_example(estimator, early_stopping, penguins):
    X, y = penguins
    by_label = {"Adelie": 3.0, "Gentoo": 0.5}
    settings = {"early_stopping": early_stopping, "tol": 1e-10}
    by_class = clone(estimator).set_params(class_weight=by_label, **settings).fit(X, y)
    by_example = clone(estimator).set_params(**settings)
    by_example.fit(X, y, [by_label.get(label, 1.0) for label in y])
    np.testing.assert_allclose(
        by_class.predict_proba(X), by_example.predict_proba(X), rtol=1e-7, atol=1e-9
    )


def test_balanced_classes_have_logistic_regressions_optimum(penguins):
    X, y = penguins
    settings = {"class_weight": "balanced"}
    ours = SoftmaxClassifier(l2=1e-2, tol=1e-12, **settings).fit(X, y)
    theirs = LogisticRegression(C=100 / len(X), solver="newton-cg", tol=1e-13, **settings)
    np.testing.assert_allclose(ours.coef_, theirs.fit(X, y).coef_, rtol=0, atol=1e-7)


@BOTH
def test_adaboost_fits(estimator, penguins):
    X, y = penguins
    boosted = AdaBoostClassifier(clone(estimator), n_estimators=5, random_state=0).fit(X, y)
    assert boosted.score(X, y) > 0.95


@BOTH
def test_weights_go_through_a_vote_a_pipeline_and_a_search(estimator, penguins):
    X, y = penguins
    weights = np.where(y == "Adelie", 1.0, 0.0) + 1e-3
    with config_context(enable_metadata_routing=True):
        weighed = clone(estimator).set_fit_request(sample_weight=True)
        weighed.set_score_request(sample_weight=True)
        vote = VotingClassifier([("a", weighed), ("b", clone(weighed))], voting="soft")
        pipeline = make_pipeline(
            StandardScaler().set_fit_request(sample_weight=False), clone(weighed)
        )
        search = GridSearchCV(clone(weighed), {"l2": [1e-3]}, cv=2)
        for model in vote, pipeline, search:
            plain = clone(model).fit(X, y).predict_proba(X)[:, 0].mean()
            heavy = model.fit(X, y, sample_weight=weights).predict_proba(X)[:, 0].mean()
            assert heavy > plain + 0.01


@BOTH
def test_a_vote_passes_weights_on_without_routing_too(estimator, penguins):
    X, y = penguins
    weights = np.where(y == "Adelie", 1.0, 1e-3)
    vote = VotingClassifier([("a", clone(estimator))], voting="soft")
    vote.fit(X, y, sample_weight=weights)
    alone = clone(estimator).fit(X, np.searchsorted(np.unique(y), y), weights)
    np.testing.assert_array_equal(vote.predict_proba(X), alone.predict_proba(X))


def test_a_stream_takes_weights(penguins):
    X, y = penguins
    weights = np.arange(len(y)) % 3
    ours = clone(NETWORK).partial_fit(X, y, np.unique(y), weights)
    network = SoftmaxNetwork((8,), Adam(0.02), l2=1e-3, random_state=0)
    network.partial_fit(X, y, np.unique(y), weights)
    np.testing.assert_array_equal(ours.predict_proba(X), network.predict_proba(X))


def test_a_balanced_network_has_no_partial_fit_and_says_why():
    estimator = SoftmaxClassifier((8,), class_weight="balanced")
    assert not hasattr(estimator, "partial_fit")
    with pytest.raises(AttributeError) as error:
        estimator.partial_fit([[0.0]], [0], [0, 1])
    assert "class_weight must be a dict or an array" in str(error.value.__cause__)


def test_temperature_scaling_finds_our_temperature(penguins):
    X, y = penguins
    labels = np.searchsorted(np.unique(y), y)
    for estimator in SoftmaxClassifier(l2=1e-5), clone(NETWORK):
        fitted = estimator.fit(X[::2], labels[::2])
        theirs = CalibratedClassifierCV(FrozenEstimator(fitted), method="temperature")
        theirs.fit(X[1::2], labels[1::2])
        ours = softmax_lib.fit_temperature(fitted.decision_function(X[1::2]), labels[1::2])
        inverse = theirs.calibrated_classifiers_[0].calibrators[0].beta_
        assert 1 / inverse == pytest.approx(ours, rel=1e-6)


# Searches over settings of the optimiser


@pytest.mark.parametrize("optimizer", [Adam(), softmax_lib.Momentum(), Adam(weight_decay=0.1)])
def test_a_search_sets_the_learning_rate_of_a_copy(optimizer, penguins):
    before = copy.deepcopy(optimizer)
    given = SoftmaxClassifier((8,), optimizer=optimizer, epochs=15, random_state=0)
    search = GridSearchCV(given, {"optimizer__learning_rate": [1e-7, 0.02]}, cv=2)
    search.fit(*penguins)
    assert search.best_params_ == {"optimizer__learning_rate": 0.02}
    assert search.best_estimator_.optimizer.learning_rate == 0.02
    assert given.optimizer is optimizer
    assert optimizer == before


def test_a_search_reaches_it_in_a_pipeline_and_its_optimiser(penguins):
    adam, momentum = Adam(0.5), softmax_lib.Momentum(0.5)
    pipeline = make_pipeline(StandardScaler(), clone(NETWORK))
    grid = {
        "softmaxclassifier__optimizer": [adam, momentum],
        "softmaxclassifier__optimizer__learning_rate": [1e-7, 0.02],
    }
    best = GridSearchCV(pipeline, grid, cv=2).fit(*penguins).best_estimator_[-1]
    assert best.optimizer.learning_rate == 0.02
    assert (adam, momentum) == (Adam(0.5), softmax_lib.Momentum(0.5))


def test_set_params_changes_a_copy_of_the_optimiser():
    adam = Adam()
    estimator = SoftmaxClassifier((8,), optimizer=adam).set_params(optimizer__learning_rate=0.5)
    assert estimator.optimizer == Adam(0.5)
    assert adam == Adam()
    estimator.set_params(optimizer=adam, optimizer__beta1=0.5)
    assert estimator.optimizer == Adam(beta1=0.5)
    assert adam == Adam()


@pytest.mark.parametrize("optimizer", [None, SimpleNamespace(start=1, step=2)])
def test_settings_of_an_optimiser_without_any_are_refused(optimizer):
    estimator = SoftmaxClassifier((8,), optimizer=optimizer)
    with pytest.raises(ValueError, match=r"such as Adam\(\), before optimizer__learning_rate can"):
        estimator.set_params(optimizer__learning_rate=0.5)
    with pytest.raises(ValueError, match="Adam must be given settings that it has"):
        SoftmaxClassifier((8,), optimizer=Adam()).set_params(optimizer__rate=0.5)


# A warm start


def test_a_warm_network_goes_on_from_the_last_fit(penguins):
    X, y = penguins
    warm = clone(NETWORK).set_params(warm_start=True, epochs=3)
    first = warm.fit(X, y).predict_proba(X)
    model = warm.model_
    assert (warm.set_params(epochs=0).fit(X, y).predict_proba(X) == first).all()
    assert warm.model_ is not model
    assert warm.set_params(epochs=15).fit(X, y).score(X, y) > 0.9
    assert warm.n_iter_ == 15
    assert model.n_features_in_ == 4
    assert (model.predict_proba(X) == first).all()


def test_a_warm_start_with_other_layers_is_told_or_fresh(penguins):
    X, y = penguins
    warm = clone(NETWORK).set_params(warm_start=True).fit(X, y)
    with pytest.raises(ValueError, match=r"hidden must be \(8,\), as in the fit that warm_start"):
        warm.set_params(hidden=(4,)).fit(X, y)
    assert warm.set_params(hidden=()).fit(X, y).coef_.shape == (3, 4)


# Layers


@pytest.mark.parametrize("hidden", [[8], np.array([8]), range(8, 9), np.array([4, 4])])
def test_any_flat_sequence_of_integers_is_taken_for_the_layers(hidden, penguins):
    X, y = penguins
    ours = clone(NETWORK).set_params(hidden=hidden).fit(X, y)
    same = clone(NETWORK).set_params(hidden=tuple(hidden)).fit(X, y)
    np.testing.assert_array_equal(ours.predict_proba(X), same.predict_proba(X))
    assert "hidden" in repr(ours)


@pytest.mark.parametrize("hidden", ["", {}, set(), {8}, iter([8]), (n for n in [8])])
@pytest.mark.parametrize("kind", [SoftmaxClassifier, SoftmaxNetwork])
def test_layers_without_an_order_or_for_one_look_are_refused(kind, hidden, penguins):
    with pytest.raises(TypeError, match="hidden must be a sequence of integers"):
        kind(hidden).fit(*penguins)


@pytest.mark.parametrize("hidden", [[], np.array([]), range(0)])
def test_no_layer_in_any_sequence_is_the_regression(hidden, penguins):
    assert SoftmaxClassifier(hidden).fit(*penguins).coef_.shape == (3, 4)


@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csc_array, sparse.coo_array])
def test_a_network_refuses_sparse_features_with_their_cure(kind, penguins):
    X, y = penguins
    estimator = clone(NETWORK)
    calls = [
        lambda: estimator.fit(kind(X), y),
        lambda: estimator.partial_fit(kind(X), y, classes=np.unique(y)),
        lambda: estimator.fit(X, y).predict(kind(X)),
    ]
    for call in calls:
        with pytest.raises(TypeError, match=r"(?i)sparse .*\.toarray\(\)"):
            call()


def test_an_interrupt_in_the_checks_leaves_no_model_of_others(penguins, other_task, monkeypatch):
    estimator = clone(NETWORK).fit(*other_task)
    warm = clone(NETWORK).set_params(warm_start=True).fit(*other_task)
    stream = clone(NETWORK).fit(*penguins)

    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(estimator_module, "check_classification_targets", interrupted)
        for call in estimator.fit, warm.fit, stream.partial_fit:
            with pytest.raises(KeyboardInterrupt):
                call(*(other_task if call == warm.fit else penguins))
    with pytest.raises(NotFittedError):
        estimator.predict(penguins[0])
    assert warm.predict(other_task[0]).shape == (60,)
    assert stream.partial_fit(*penguins).n_iter_ == 16


@pytest.mark.parametrize(
    "kind", [sparse.csr_array, sparse.csc_matrix, sparse.coo_array, sparse.lil_matrix]
)
def test_without_layers_sparse_features_have_the_optimum(kind, penguins):
    X, y = penguins
    X = np.where(abs(X) > 0.5, X, 0)
    weights = np.arange(len(y)) % 3
    dense = SoftmaxClassifier(tol=1e-12).fit(X, y, weights)
    thin = SoftmaxClassifier(tol=1e-12).fit(kind(X), y, weights)
    np.testing.assert_allclose(thin.coef_, dense.coef_, rtol=0, atol=1e-8)
    np.testing.assert_allclose(thin.predict_proba(kind(X)), dense.predict_proba(X), atol=1e-8)
    assert thin.score(kind(X), y) == dense.score(X, y)


def test_the_tag_says_where_sparse_features_are_taken():
    assert get_tags(REGRESSION).input_tags.sparse
    assert get_tags(SoftmaxClassifier(np.array([]))).input_tags.sparse
    assert not get_tags(NETWORK).input_tags.sparse


def test_a_weight_that_overflows_with_its_class_is_refused(penguins):
    X, y = penguins
    for hidden in (), (8,):
        estimator = SoftmaxClassifier(hidden, class_weight={"Adelie": 1e300})
        with pytest.raises(ValueError, match="class_weight times sample_weight must be finite"):
            estimator.fit(X, y, np.full(len(y), 1e300))


def test_a_warm_regression_on_the_same_data_steps_once_at_most(penguins):
    warm = SoftmaxClassifier(warm_start=True).fit(*penguins)
    coef, steps = warm.coef_, warm.n_iter_
    assert warm.fit(*penguins).n_iter_ <= 1 < steps
    np.testing.assert_allclose(warm.coef_, coef, rtol=0, atol=1e-4)
