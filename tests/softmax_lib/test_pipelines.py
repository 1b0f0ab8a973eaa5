"""Short programs as users write them, from their data to their predictions."""

import numpy as np
import pandas as pd
import pytest
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from softmax_lib import (
    Adam,
    EarlyStopping,
    SoftmaxNetwork,
    SoftmaxRegression,
    load_digits,
    load_penguins,
    make_spirals,
)
from softmax_lib.estimator import SoftmaxClassifier
from tests.support.fresh_interpreter import NUMPY_ALONE, python


@pytest.fixture(scope="module")
def table():
    """Penguins as a frame with numbers, text, categories, bools and a nullable column."""
    penguins = load_penguins()
    names = [name.split()[0] for name in penguins.feature_names]
    frame = pd.DataFrame(penguins.X, columns=[f"{name}_{i}" for i, name in enumerate(names)])
    frame.iloc[:, 3] = frame.iloc[:, 3].astype("float32")
    rng = np.random.default_rng(0)
    frame["island"] = pd.Categorical(rng.choice(["Biscoe", "Dream", "Torgersen"], len(frame)))
    frame["heavy"] = frame.iloc[:, 3] > 4000
    frame["year"] = pd.array(rng.choice([2007, 2008, 2009], len(frame)), "Int64")
    species = pd.Series(np.array(penguins.class_names)[penguins.y], name="species")
    order = rng.permutation(len(frame))
    return frame.iloc[order], species.iloc[order]  # with an index out of order, as after a split


MODELS = pytest.mark.parametrize(
    "model",
    [
        SoftmaxClassifier(),
        SoftmaxClassifier((16,), optimizer=Adam(0.02), random_state=0),
        SoftmaxClassifier((16,), optimizer=Adam(0.02), early_stopping=True, random_state=0),
    ],
    ids=["regression", "network", "early stopping"],
)


@MODELS
def test_a_frame_with_categories_through_a_column_transformer(table, model):
    frame, species = table
    columns = ColumnTransformer(
        [
            ("numbers", StandardScaler(), make_column_selector(dtype_include="number")),
            ("categories", OneHotEncoder(sparse_output=False), ["island", "heavy"]),
        ]
    )
    pipeline = make_pipeline(columns, clone(model))
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    assert cross_val_score(pipeline, frame, species, cv=folds).min() > 0.9
    pipeline.fit(frame, species)
    assert set(pipeline.predict(frame)) == {"Adelie", "Chinstrap", "Gentoo"}
    assert pipeline[-1].n_features_in_ == 10


@MODELS
def test_a_frame_of_dummies_goes_straight_into_a_model(table, model):
    frame, species = table
    dummies = pd.get_dummies(frame.drop(columns="year"))
    scaled = (dummies - dummies.mean()) / dummies.std()
    fitted = clone(model).fit(scaled, species)
    assert fitted.score(scaled, species) > 0.95
    assert fitted.feature_names_in_.tolist() == dummies.columns.tolist()
    with pytest.raises(ValueError, match="feature names should match"):
        fitted.predict(scaled.rename(columns={"heavy": "light"}))


def test_the_models_take_frames_and_series_of_weights(table):
    frame, species = table
    dummies = pd.get_dummies(frame)
    scaled = (dummies - dummies.mean()) / dummies.std()
    weights = pd.Series(np.arange(len(frame)) % 3 + 1.0, index=frame.index)
    for model in SoftmaxRegression(), SoftmaxNetwork((8,), Adam(0.02), random_state=0):
        fitted = model.fit(scaled, species, sample_weight=weights)
        assert fitted.score(scaled, species, sample_weight=weights) > 0.95
    held_out = scaled.iloc[:100], species.iloc[:100], weights.iloc[:100]
    network = SoftmaxNetwork((8,), Adam(0.02), random_state=0)
    network.fit(
        scaled, species, weights, validation_data=held_out, callbacks=[EarlyStopping(2, 1e-3)]
    )
    assert network.score(*held_out) > 0.9


def test_cross_validation_of_a_search_with_early_stopping():
    X, y = make_spirals(60, random_state=0)
    model = SoftmaxClassifier(
        (32,), optimizer=Adam(), epochs=200, early_stopping=True, random_state=0
    )
    grid = {"optimizer__learning_rate": [1e-5, 0.02], "class_weight": [None, "balanced"]}
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    search = GridSearchCV(model, grid, cv=folds, error_score="raise").fit(X, y)
    assert search.best_params_["optimizer__learning_rate"] == 0.02
    assert search.best_score_ > 0.8
    assert model.optimizer == Adam()


@MODELS
def test_joblibs_threads_fit_as_one_thread_does(table, model):
    X, y = load_penguins().X, load_penguins().y
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    alone = clone(model).fit(X, y).predict_proba(X)
    fits = Parallel(n_jobs=4, backend="threading")(
        delayed(clone(model).fit)(X, y) for _ in range(8)
    )
    for fitted in fits:
        np.testing.assert_array_equal(fitted.predict_proba(X), alone)


def test_a_stream_from_a_file_larger_than_its_batches(tmp_path):
    digits = load_digits()
    np.save(tmp_path / "X.npy", digits.X.astype(np.float32))
    np.save(tmp_path / "y.npy", digits.y.astype(np.uint8))
    X, y = (np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in "Xy")
    for model in (
        SoftmaxNetwork((32,), Adam(0.01), random_state=0, dtype=np.float32),
        SoftmaxClassifier((32,), optimizer=Adam(0.01), random_state=0),
    ):
        for _ in range(8):
            for start in range(0, len(X), 300):
                batch = slice(start, start + 300)
                model.partial_fit(X[batch], y[batch], classes=np.arange(10))
        assert model.score(X, y) > 0.97
        assert model.predict_proba(X).dtype == np.float32


@pytest.mark.parametrize("labels", ["species", "numbers"])
def test_a_saved_model_answers_elsewhere_with_numpy_alone(labels, tmp_path):
    penguins = load_penguins()
    X = (penguins.X - penguins.X.mean(axis=0)) / penguins.X.std(axis=0)
    y = np.array(penguins.class_names)[penguins.y] if labels == "species" else penguins.y
    weights = np.arange(len(y)) % 2 + 1
    models = [
        SoftmaxRegression(class_weight="balanced").fit(X, y, weights),
        SoftmaxNetwork((8,), Adam(0.02, weight_decay=0.01), random_state=0).fit(X, y, weights),
    ]
    np.save(tmp_path / "X.npy", X)
    for model in models:
        model.save(tmp_path / "model.npz")
        code = f"""
import numpy as np
from softmax_lib import {type(model).__name__}
model = {type(model).__name__}.load({str(tmp_path / "model.npz")!r})
X = np.load({str(tmp_path / "X.npy")!r})
np.save({str(tmp_path / "answer.npy")!r}, model.predict_proba(X))
print(*model.classes_)
"""
        assert python(NUMPY_ALONE + code).split() == [str(label) for label in model.classes_]
        np.testing.assert_array_equal(np.load(tmp_path / "answer.npy"), model.predict_proba(X))


def test_a_fitted_estimator_travels_as_the_file_of_its_model(tmp_path, table):
    frame, species = table
    numbers = frame.iloc[:, :4].to_numpy()
    scaler = StandardScaler().fit(numbers)
    fitted = SoftmaxClassifier((8,), optimizer=Adam(0.02), random_state=0)
    fitted.fit(scaler.transform(numbers), species)
    fitted.model_.save(tmp_path / "model.npz")
    loaded = SoftmaxNetwork.load(tmp_path / "model.npz")
    assert (
        loaded.predict(scaler.transform(numbers)) == fitted.predict(scaler.transform(numbers))
    ).all()


def test_texts_through_a_vectoriser_whose_matrix_stays_sparse():
    rng = np.random.default_rng(0)
    words = {"tea": ["leaf", "cup", "steep"], "sea": ["salt", "wave", "tide"]}
    topics = rng.choice(list(words), 200)
    texts = [" ".join(rng.choice([*words[t], "the", "of", "a"], 12)) for t in topics]
    pipeline = make_pipeline(TfidfVectorizer(), SoftmaxClassifier(class_weight="balanced"))
    assert cross_val_score(pipeline, texts, topics, cv=3).min() > 0.95
    network = make_pipeline(TfidfVectorizer(), SoftmaxClassifier((8,)))
    with pytest.raises(TypeError, match=r"\.toarray\(\)"):
        network.fit(texts, topics)
