"""What the models share once they are fitted."""

from __future__ import annotations

import numpy as np

from .._core.validate import as_class_labels, as_features, as_labels
from ..activations import softmax
from ..metrics import accuracy


class Classifier:
    """What both models share once they are fitted."""

    _precision = np.float64  # of all computation

    def decision_function(self, X):
        """Return the logits, shape (m, C)."""
        raise NotImplementedError

    def predict_proba(self, X):
        """Return the probabilities, shape (m, C), columns in the order of `classes_`."""
        return softmax(self.decision_function(X))

    def predict(self, X):
        """Return the most probable class of each row, shape (m,)."""
        logits = self.decision_function(X)
        if not np.isfinite(logits).all():
            raise ValueError(
                "X must be small enough to compute with; got logits that are not finite"
            )
        return self.classes_[logits.argmax(axis=1)]

    def score(self, X, y):
        """Return the share of rows whose class is predicted rightly."""
        predictions = self.predict(X)
        return accuracy(as_class_labels(y, len(predictions)), predictions)

    def _check_fitted(self):
        if not hasattr(self, "classes_"):
            raise ValueError(f"this {type(self).__name__} must be fitted first: call fit")

    def _check_fitted_features(self, X):
        self._check_fitted()
        return as_known_features(X, self.n_features_in_, self._precision)

    def _check_training_data(self, X, y, dtype=None):
        X = as_features(X, dtype=dtype)
        y = as_class_labels(y, len(X))
        classes, indices = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(f"y must hold at least two classes; got only {classes[0]!s}")
        return X, classes, indices.reshape(-1)

    def save(self, path):
        """Write the fitted model to a .npz file, without pickle."""
        self._check_fitted()
        from . import _storage  # json, zipfile and tempfile: not for every import

        _storage.save_arrays(path, type(self).__name__, self._settings(), self._arrays())

    @classmethod
    def load(cls, path):
        """Read a model that `save` wrote; any other file is a ValueError."""
        from . import _storage

        settings, arrays = _storage.load_arrays(path, cls.__name__)
        try:
            return cls._restore(settings, arrays)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise ValueError(
                f"{path} must be a saved {cls.__name__}; parts of it are missing "
                f"or do not fit together"
            ) from error


def as_known_features(X, n_features, dtype=np.float64, name="X"):
    X = as_features(X, name, dtype)
    if X.shape[1] != n_features:
        raise ValueError(f"{name} must have {n_features} features, as in fit; got {X.shape[1]}")
    return X


def class_indices(y, n_examples, classes, name="y"):
    y = as_class_labels(y, n_examples, name)
    known = np.isin(y, classes)
    if not known.all():
        raise ValueError(
            f"{name} must hold no class but {', '.join(map(str, classes))}; got {y[~known][0]!s}"
        )
    return np.searchsorted(classes, y)


def as_classes(classes):
    """The classes in sorted order, each once."""
    classes = np.unique(as_labels(classes, "classes"))
    if not len(classes):
        raise ValueError("classes must hold at least one label; got none")
    return classes


def as_stored_classes(classes):
    """Classes from a file, which may hold anything."""
    if not np.array_equal(as_classes(classes), classes):
        raise ValueError("classes must be sorted, each once")
    return as_labels(classes, "classes")
