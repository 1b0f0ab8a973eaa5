"""What the models share once they are fitted."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .._core.arrays import column_names
from .._core.labels import as_class_labels, as_labels, in_one_dtype, look_up, weights_by_label
from .._core.validate import (
    as_choice,
    as_features,
    as_nonnegative,
    as_sample_weight,
)
from ..activations import log_softmax, softmax
from ..metrics import accuracy

# What `_restore` raises where parts of a model are missing or do not fit together.
UNFIT = (KeyError, TypeError, ValueError, IndexError, AttributeError)


class Classifier:
    """What both models share once they are fitted."""

    classes_: NDArray[Any]
    n_features_in_: int

    # For pickles of the first version, which had no such settings.
    class_weight: Any = None
    warm_start: bool = False
    feature_names_in_: list[str] | None = None

    @property
    def _precision(self) -> DTypeLike:
        """The dtype of all computation."""
        return np.float64

    def _settings(self) -> dict[str, Any]:
        raise NotImplementedError

    def _arrays(self) -> dict[str, NDArray[Any]]:
        raise NotImplementedError

    @classmethod
    def _restore(cls, settings: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Self:
        raise NotImplementedError

    def _logits(self, X: Any) -> NDArray[np.floating]:
        """The logits of checked features, shape (m, C)."""
        raise NotImplementedError

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return what the constructor takes, by name, for scikit-learn's `clone` among others.

        ``type(model)(**model.get_params())`` is the same model, unfitted. `deep` changes nothing.
        """
        return {name: getattr(self, name) for name in _setting_names(type(self))}

    def __sklearn_tags__(self) -> Any:
        raise TypeError(
            f"{type(self).__name__} is no scikit-learn estimator: for pipelines and searches, "
            f"take softmax_lib.estimator.SoftmaxClassifier"
        )

    def __repr__(self) -> str:
        settings = (
            f"{name}={value.__name__ if isinstance(value, type) else repr(value)}"
            for name, value in self.get_params().items()
        )
        return f"{type(self).__name__}({', '.join(settings)})"

    def decision_function(self, X: ArrayLike) -> NDArray[np.floating]:
        """Return the logits, shape (m, C); where they would overflow, `X` is refused."""
        X = self._check_fitted_features(X)
        with np.errstate(all="ignore"):  # what matters is said in words below
            logits = self._logits(X)
        if not np.isfinite(logits).all():
            raise ValueError(
                "X must be small enough to compute with; got logits that are not finite"
            )
        return logits

    def predict_proba(self, X: ArrayLike) -> NDArray[np.floating]:
        """Return the probabilities, shape (m, C), columns in the order of `classes_`."""
        return softmax(self.decision_function(X))

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.floating]:
        """Return the logarithms of the probabilities, finite where a probability rounds to 0."""
        return log_softmax(self.decision_function(X))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable class of each row, shape (m,)."""
        winners = self.decision_function(X).argmax(axis=1)
        return self.classes_[winners]

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return the share of rows, by weight, whose class is predicted rightly."""
        predictions = self.predict(X)
        y = as_class_labels(y, len(predictions))
        share = accuracy(y, predictions)
        weights = as_sample_weight(sample_weight, y.shape)
        if weights is None:
            return share
        _, right, weights = with_weight(y, y == predictions, weights)
        return float(np.average(right, weights=weights))

    def _check_fitted(self) -> None:
        if not hasattr(self, "classes_"):
            raise ValueError(f"this {type(self).__name__} must be fitted first: call fit")

    def _check_fitted_features(self, X: ArrayLike) -> NDArray[Any]:
        self._check_fitted()
        check_names(X, self.feature_names_in_)
        return as_known_features(X, self.n_features_in_, self._precision)

    def _check_training_data(
        self, X: ArrayLike, y: ArrayLike, dtype: DTypeLike | None = None
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.intp]]:
        X = as_features(X, dtype=dtype)
        return X, *as_two_or_more_classes(as_class_labels(y, len(X)))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the fitted model to a .npz file, without pickle.

        It writes wherever ``open(path, "wb")`` can, and leaves mode, owner and links of an old file
        as they are; where the folder allows it, in one step. A model that would not load again,
        since a setting or an array was changed, is refused, and an old file stays as it was.
        """
        self._check_fitted()
        from . import _storage  # json and zipfile: not for every import

        kind = type(self).__name__
        try:
            content = _storage.packed(kind, self._settings(), self._arrays())
            self._restore(*_storage.unpacked(io.BytesIO(content))[1:])
        except UNFIT as error:
            raise ValueError(f"this {kind} would not load again: {error}") from error
        _storage.write(path, content)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a model that `save` wrote; any other file is a ValueError."""
        from . import _storage

        settings, arrays = _storage.load_arrays(path, cls.__name__)
        try:
            return cls._restore(settings, arrays)
        except UNFIT as error:
            raise ValueError(
                f"{path} must be a saved {cls.__name__}; parts of it are missing "
                f"or do not fit together"
            ) from error


def _setting_names(kind: type) -> list[str]:
    """What the constructor takes by name; a subclass may hand the rest on as ``**kwargs``."""
    import inspect  # not for every import of the package

    names: list[str] = []
    for cls in kind.__mro__:
        if "__init__" not in vars(cls):
            continue
        _, *parameters = inspect.signature(vars(cls)["__init__"]).parameters.values()
        named = [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
        names += [name for name in named if name not in names]
        if len(named) == len(parameters):
            break
    return names


def as_known_features(
    X: ArrayLike, n_features: int, dtype: DTypeLike = np.float64, name: str = "X"
) -> NDArray[Any]:
    X = as_features(X, name, dtype)
    check_width(X, n_features, name)
    return X


def check_names(X: Any, names: list[str] | None, name: str = "X") -> None:
    """Refuse a frame whose columns go by other names than those of fit, or in another order."""
    for place, (given, known) in enumerate(zip(column_names(X) or (), names or (), strict=False)):
        if given != known:
            raise ValueError(
                f"{name} must have the columns of fit in their order; "
                f"got {given!r} in the place of {known!r}, column {place}"
            )


def names_as_arrays(names: list[str] | None) -> dict[str, NDArray[Any]]:
    """The names of the features for a file, where they have names."""
    return {} if names is None else {"feature_names": np.array(names)}


def as_stored_names(names: NDArray[Any] | None, n_features: int) -> list[str] | None:
    """Names of features from a file, which may hold anything."""
    if names is None:
        return None
    if names.shape != (n_features,) or names.dtype.kind != "U":
        raise ValueError("feature_names must be one text for each feature")
    return names.tolist()


def check_width(X: Any, n_features: int, name: str = "X") -> None:
    if X.shape[1] != n_features:
        raise ValueError(f"{name} must have {n_features} features, as in fit; got {X.shape[1]}")


def class_indices(
    y: ArrayLike, n_examples: int, classes: NDArray[Any], name: str = "y"
) -> NDArray[np.intp]:
    y = as_class_labels(y, n_examples, name)
    indices = look_up(y, classes, name, "the classes")
    unknown = y[indices < 0]
    if len(unknown):
        raise ValueError(
            f"{name} must hold no class but {', '.join(map(str, classes))}; got {unknown[0]!s}"
        )
    return indices


def as_classes(classes: ArrayLike) -> NDArray[Any]:
    """The classes in sorted order, each once."""
    classes = np.unique(as_labels(classes, "classes"))
    if not len(classes):
        raise ValueError("classes must hold at least one label; got none")
    return classes


def are_same_classes(given: NDArray[Any], classes: NDArray[Any]) -> bool:
    """Whether a later call names the classes of the first."""
    return np.array_equal(*in_one_dtype(given, classes, "classes", "those of the first call"))


def as_stored_classes(classes: ArrayLike) -> NDArray[Any]:
    """Classes from a file, which may hold anything."""
    if not np.array_equal(as_classes(classes), classes):
        raise ValueError("classes must be sorted, each once")
    return as_labels(classes, "classes")


def as_two_or_more_classes(y: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """The classes in sorted order, and the index of each label."""
    classes, indices = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"y must hold at least two classes; got only {classes[0]!s}")
    if y.dtype.kind == "f" and len(classes) == len(y) > 2 and (y != np.trunc(y)).any():
        raise ValueError(
            f"y must hold classes; got {len(y)} numbers that all differ, such as "
            f"{y[y != np.trunc(y)][0]}. Is this a quantity to be estimated?"
        )
    return classes, indices.reshape(-1)


def example_weights(
    sample_weight: ArrayLike | None,
    class_weight: Any,
    classes: NDArray[Any],
    indices: NDArray[np.intp],
) -> NDArray[np.float64] | None:
    """The weight of each example, both options multiplied; None where all weigh 1.

    `class_weight` is a dict or Series from label to weight, where a class that is not named weighs
    1, an array in the order of `classes`, or "balanced": then all classes weigh the same together.
    """
    weights = as_sample_weight(sample_weight, indices.shape)
    return weighted(weights, class_weights(class_weight, classes, indices, weights), indices)


def weighted(
    weights: NDArray[np.float64] | None,
    of_class: NDArray[np.float64] | None,
    indices: NDArray[np.intp],
) -> NDArray[np.float64] | None:
    """The weights of the examples times those of their classes."""
    if of_class is None:
        return weights
    if weights is None:
        return of_class[indices]
    with np.errstate(over="ignore"):  # said in words
        product = weights * of_class[indices]
    if not np.isfinite(product).all():
        raise ValueError(
            "class_weight times sample_weight must be finite; got a product that is not"
        )
    return product


def class_weights(
    class_weight: Any,
    classes: NDArray[Any],
    indices: NDArray[np.intp],
    weights: NDArray[np.float64] | None,
) -> NDArray[np.float64] | None:
    """The option `class_weight` as one weight for each class; None where all weigh 1."""
    if class_weight is None:
        return None
    if not isinstance(class_weight, str):
        return _as_class_weight(class_weight, classes)
    as_choice(class_weight, "class_weight", ("balanced",))
    totals = np.bincount(indices, weights, len(classes))
    present = totals > 0
    of_class = np.zeros(len(classes))
    of_class[present] = totals.sum() / (len(classes) * totals[present])
    return of_class


def _as_class_weight(class_weight: Any, classes: NDArray[Any]) -> NDArray[np.float64]:
    of_class = weights_by_label(class_weight, classes)
    if np.shape(of_class) != classes.shape:
        raise ValueError(
            f'class_weight must be a dict, an array of shape {classes.shape} or "balanced"; '
            f"got shape {np.shape(of_class)}"
        )
    return as_nonnegative(of_class, "class_weight").astype(np.float64)


def with_weight(
    X: Any, y: NDArray[Any], weights: NDArray[np.float64] | None, largest: float | None = None
) -> tuple[Any, NDArray[Any], NDArray[np.float64] | None]:
    """The examples whose weight is not 0, and their weights as shares of the largest of all."""
    if weights is None:
        return X, y, None
    largest = weights.max() if largest is None else largest
    if not largest:
        raise ValueError("sample_weight must be above zero for some example; got only zeros")
    with np.errstate(under="ignore"):
        weights = weights / largest
    kept = np.flatnonzero(weights)
    if len(kept) < len(y):
        X, y, weights = X[kept], y[kept], weights[kept]
    return X, y, None if (weights == 1).all() else weights


def saved_class_weight(class_weight: Any) -> Any:
    """The option in terms of JSON, whose dicts hold no label but text."""
    if class_weight is None or isinstance(class_weight, str):
        return class_weight
    if hasattr(class_weight, "to_dict"):
        class_weight = class_weight.to_dict()
    if not isinstance(class_weight, Mapping):
        return np.asarray(class_weight, np.float64).tolist()
    pairs = [(np.asarray(label).item(), float(w)) for label, w in class_weight.items()]
    if all(isinstance(label, bytes) for label, _ in pairs):  # which JSON has no word for
        return {"bytes": [(label.decode("latin-1"), w) for label, w in pairs]}
    return {"pairs": pairs}


def restored_class_weight(saved: Any) -> Any:
    if not isinstance(saved, dict):
        return saved
    if "bytes" in saved:
        return {label.encode("latin-1"): w for label, w in saved["bytes"]}
    return dict(map(tuple, saved["pairs"]))
