"""The two models as one scikit-learn classifier."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from . import training
from ._core.arrays import as_array
from ._core.labels import as_labels
from .activations import log_softmax
from .models import SoftmaxNetwork, SoftmaxRegression
from .optimizers import Optimizer
from .training import History

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.exceptions import ConvergenceWarning as SklearnConvergenceWarning
    from sklearn.model_selection import train_test_split
    from sklearn.utils import check_random_state
    from sklearn.utils.metaestimators import available_if
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as error:
    raise ImportError(
        'softmax_lib.estimator needs scikit-learn: pip install "softmax_lib[sklearn]"'
    ) from error


class ConvergenceWarning(training.ConvergenceWarning, SklearnConvergenceWarning):
    """Training stopped before it reached what it was asked for; either filter catches it."""


def _has_hidden_layers(estimator: SoftmaxClassifier) -> bool:
    """Whether the network is meant; what is no tuple at all, the network refuses by name."""
    hidden = estimator.hidden
    return not (isinstance(hidden, (tuple, list)) and len(hidden) == 0)


def _of_one_kind(y: ArrayLike) -> ArrayLike:
    """Labels that are text or objects, checked as the models do; scikit-learn checks the others."""
    labels = as_array(y, "y", "a flat list of labels")
    return as_labels(y) if labels.ndim == 1 and labels.dtype.kind in "OUST" else y


class SoftmaxClassifier(ClassifierMixin, BaseEstimator):
    r"""Softmax regression, or a network with a softmax output, as a scikit-learn classifier.

    .. math:: \hat y = \operatorname{softmax}(a W + b), \qquad
              a = x \text{ without hidden layers}

    Parameters
    ----------
    hidden : tuple of int, default ()
        Units of each hidden layer. Where it is empty the model is convex, and Newton's method
        finds the one optimum; otherwise a network of ReLU layers is trained on mini-batches.
    l2 : float, default 1e-3
        Strength λ of the penalty λ/2 ‖W‖² beside the mean loss, on all weights but no bias.
    fit_intercept : bool, default True
        Whether there is a bias. Only for ``hidden=()``.
    tol : float, default 1e-6
        Largest norm of the gradient that counts as the optimum. Only for ``hidden=()``.
    max_iter : int, default 100
        Largest number of Newton steps. Only for ``hidden=()``.
    optimizer : Optimizer, optional
        `GradientDescent`, `Momentum`, `Adam`, or an object of your own with ``start`` and
        ``step``; a fresh `Adam` by default. Only for hidden layers, as all that follow.
    batch_size : int or None, default 64
        Examples a step; None means all of them.
    epochs : int, default 30
        Largest number of passes over the data.
    early_stopping : bool, default False
        Whether `fit` sets a part of the data aside, stops when its loss no longer falls, and
        goes back to the best parameters, as `EarlyStopping` does.
    validation_fraction : float, default 0.1
        The part of each class to set aside.
    random_state : int, RandomState or None
        Seed of the initial weights, the shuffling and the part set aside. None draws it from
        NumPy's global state, as everywhere in scikit-learn.

    Attributes
    ----------
    classes_ : ndarray, shape (C,)
        The labels in sorted order: the meaning of the columns.
    coef_, intercept_ : ndarray, shape (C, n) and (C,)
        Without hidden layers only: the transpose of W, and b. Two classes keep their two rows.
    history_ : dict of list
        With hidden layers only: ``"epoch"``, ``"cost"``, and what was measured on the part set
        aside.
    model_ : SoftmaxRegression or SoftmaxNetwork
        The fitted model, which can be saved to a file without pickle.
    n_features_in_ : int
    feature_names_in_ : ndarray, shape (n,)
        Only where `X` was a data frame with names for its columns.
    n_iter_ : int
        Newton steps, or passes over the data, that were made.

    Raises
    ------
    sklearn.exceptions.NotFittedError
        If it is asked to predict before it has been fitted.
    TypeError
        If a parameter is of another type. It is checked in `fit`.
    ValueError
        In `fit`, if the data are not what scikit-learn's own validation accepts, hold one
        class only, or a parameter is out of its range.

    Warns
    -----
    ConvergenceWarning
        If `fit` stopped short; it is scikit-learn's and `softmax_lib.ConvergenceWarning` in one.
    SeparableDataWarning
        If ``l2=0``, there is no hidden layer, and every training example is classified rightly.

    See Also
    --------
    SoftmaxRegression : the convex model with NumPy alone.
    SoftmaxNetwork : the network with NumPy alone.

    Notes
    -----
    For three classes and more, scikit-learn's LogisticRegression has the same optimum when its C
    is 1/(λ m). For two it keeps one row of weights, w, where softmax has two: the penalty makes
    them −w/2 and w/2, whose squares sum to ‖w‖²/2, so there its C is 2/(λ m). Two rows are kept
    here so that `coef_` means the same for every number of classes.

    `decision_function` gives the logits; for two classes, as scikit-learn wants it, their
    difference, which is ln(p₁/p₀). `predict_log_proba` is finite where the logarithm of
    `predict_proba` is −inf. A network computes in the precision of the `X` it is fitted to,
    float32 or float64; Newton's method always computes in float64.

    References
    ----------
    .. [1] L. Buitinck et al., "API design for machine learning software: experiences from the
       scikit-learn project", ECML PKDD Workshop on Languages for Data Mining and Machine
       Learning, 2013.

    Examples
    --------
    Scaling learnt from all the data before they are split would leak the test part into the
    training part; in a pipeline each fold learns its own:

    >>> from sklearn.model_selection import cross_val_score
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from softmax_lib import load_penguins
    >>> penguins = load_penguins()
    >>> model = make_pipeline(StandardScaler(), SoftmaxClassifier())
    >>> bool(cross_val_score(model, penguins.X, penguins.y).min() > 0.95)
    True
    """

    model_: Any  # SoftmaxRegression or SoftmaxNetwork

    def __init__(
        self,
        hidden: Sequence[int] = (),
        *,
        l2: float = 1e-3,
        fit_intercept: bool = True,
        tol: float = 1e-6,
        max_iter: int = 100,
        optimizer: Optimizer | None = None,
        batch_size: int | None = 64,
        epochs: int = 30,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.hidden = hidden
        self.l2 = l2
        self.fit_intercept = fit_intercept
        self.tol = tol
        self.max_iter = max_iter
        self.optimizer = optimizer
        self.batch_size = batch_size
        self.epochs = epochs
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Fit to features (m, n) and labels (m,), numbers or strings; return the estimator."""
        X, y = self._validate_training_data(X, y, ensure_min_samples=2)
        fit = self._fit_network if _has_hidden_layers(self) else self._fit_regression
        self.model_, due = fit(X, y)
        for warning in due:
            warnings.warn(_for_scikit_learn(warning), stacklevel=2)
        return self

    @available_if(_has_hidden_layers)
    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Make one pass of the network over another batch; the first call needs all `classes`.

        A later call goes on with the parameters that the first one was made with; there is no
        early stopping.
        """
        first = not isinstance(getattr(self, "model_", None), SoftmaxNetwork)
        X, y = self._validate_training_data(X, y, reset=first)
        network = self._network(X.dtype, self._seed()) if first else self.model_
        due = network._partial_fit(X, y, classes)
        self.model_ = network
        for warning in due:
            warnings.warn(_for_scikit_learn(warning), stacklevel=2)
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable class of each row, shape (m,)."""
        X = self._validate(X)
        return self.model_.predict(X)

    def predict_proba(self, X: ArrayLike) -> NDArray[np.floating]:
        """Return the probabilities, shape (m, C), columns in the order of `classes_`."""
        X = self._validate(X)
        return self.model_.predict_proba(X)

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.floating]:
        """Return the logarithms of the probabilities, shape (m, C)."""
        X = self._validate(X)
        return log_softmax(self.model_.decision_function(X))

    def decision_function(self, X: ArrayLike) -> NDArray[np.floating]:
        """Return the logits, shape (m, C); for two classes, second minus first, shape (m,)."""
        X = self._validate(X)
        logits = self.model_.decision_function(X)
        return logits[:, 1] - logits[:, 0] if logits.shape[1] == 2 else logits

    # Read from the model, so that no attribute of one model outlives a fit of the other.

    @property
    def classes_(self) -> NDArray[Any]:
        return self.model_.classes_

    @property
    def coef_(self) -> NDArray[np.floating]:
        return self.model_.W_.T

    @property
    def intercept_(self) -> NDArray[np.floating]:
        return self.model_.b_

    @property
    def history_(self) -> History:
        return self.model_.history_

    @property
    def n_iter_(self) -> int:
        if isinstance(self.model_, SoftmaxNetwork):
            return len(self.history_["epoch"])
        return self.model_.n_iter_

    def _validate_training_data(
        self, X: ArrayLike, y: ArrayLike, **options: Any
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        data = validate_data(self, X, _of_one_kind(y), dtype=[np.float64, np.float32], **options)
        check_classification_targets(data[1])
        return data

    def _validate(self, X: ArrayLike) -> NDArray[Any]:
        check_is_fitted(self, "model_")
        return validate_data(self, X, dtype=[np.float64, np.float32], reset=False)

    def _seed(self) -> int:
        """An integer: the models take no RandomState."""
        seed: object = self.random_state
        if isinstance(seed, Integral):
            return int(seed)
        return check_random_state(seed).randint(np.iinfo(np.int32).max)

    def _network(self, dtype: DTypeLike, seed: int) -> SoftmaxNetwork:
        return SoftmaxNetwork(
            hidden=self.hidden,
            optimizer=self.optimizer,
            batch_size=self.batch_size,
            epochs=self.epochs,
            l2=self.l2,
            random_state=seed,
            dtype=dtype,
        )

    # Each returns the fitted model and the warnings that are due.

    def _fit_regression(
        self, X: ArrayLike, y: ArrayLike
    ) -> tuple[SoftmaxRegression, list[Warning]]:
        model = SoftmaxRegression(
            l2=self.l2, fit_intercept=self.fit_intercept, tol=self.tol, max_iter=self.max_iter
        )
        return model, model._fit(X, y)

    def _fit_network(
        self, X: NDArray[Any], y: NDArray[Any]
    ) -> tuple[SoftmaxNetwork, list[Warning]]:
        seed = self._seed()
        network = self._network(X.dtype, seed)
        if not self.early_stopping:
            return network, network._fit(X, y, progress=False)
        try:
            X, X_aside, y, y_aside = train_test_split(
                X, y, test_size=self.validation_fraction, random_state=seed, stratify=y
            )
        except ValueError as error:
            raise ValueError(
                f"validation_fraction must leave some of each class on both sides; "
                f"got {self.validation_fraction!r}"
            ) from error
        due = network._fit(
            X,
            y,
            validation_data=(X_aside, y_aside),
            callbacks=[training.EarlyStopping()],
            progress=False,
        )
        return network, due


def _for_scikit_learn(warning: Warning) -> Warning:
    """A warning of ours, in scikit-learn's category where it has one."""
    if type(warning) is training.ConvergenceWarning:
        return ConvergenceWarning(*warning.args)
    return warning
