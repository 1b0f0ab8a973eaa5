"""The two models as one scikit-learn classifier."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from . import training
from ._core.arrays import as_array
from ._core.labels import as_labels
from ._core.validate import as_flag, as_generator, as_number, as_sample_weight
from .models import SoftmaxNetwork, SoftmaxRegression
from .models._base import check_names, example_weights, with_weight
from .models.network import as_hidden
from .optimizers import Optimizer
from .training import History

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.exceptions import ConvergenceWarning as SklearnConvergenceWarning
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
    """Whether the network is meant; what is no sequence of counts, the network refuses by name."""
    try:
        return len(as_hidden(estimator.hidden)) > 0
    except (TypeError, ValueError):
        return True


def _learns_from_streams(estimator: SoftmaxClassifier) -> bool:
    """Whether there is a network, and every batch says what its examples weigh."""
    if isinstance(estimator.class_weight, str):
        raise AttributeError(
            f"class_weight must be a dict or an array for partial_fit, which does not see all of "
            f"the data; got {estimator.class_weight!r}"
        )
    return _has_hidden_layers(estimator)


def _of_one_kind(y: ArrayLike) -> ArrayLike:
    """Labels that are text or objects, checked as the models do; scikit-learn checks the others."""
    labels = as_array(y, "y", "a flat list of labels")
    return as_labels(y) if labels.ndim == 1 and labels.dtype.kind in "OUST" else y


class SoftmaxClassifier(ClassifierMixin, BaseEstimator):
    r"""Softmax regression, or a network with a softmax output, as a scikit-learn classifier.

    .. math:: \hat y = \operatorname{softmax}(a W + b)

    Here a is the last hidden layer, and x itself where there is none.

    Parameters
    ----------
    hidden : sequence of int, default ()
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
        ``step``; a fresh `Adam` by default. A search reaches the settings of one that is given, as
        ``optimizer__learning_rate``, and changes them in a copy. Only for hidden layers, as all
        that follow down to `random_state`.
    batch_size : int or None, default 64
        Examples a step; None means all of them.
    epochs : int, default 30
        Largest number of passes over the data.
    early_stopping : bool, default False
        Whether `fit` sets a part of the data aside, stops when its loss no longer falls, and
        goes back to the best parameters, as `EarlyStopping` does.
    validation_fraction : float, default 0.1
        The part to set aside, above 0 and below 1: its share of each class that can spare one, and
        one example at least. The last member of a class stays in the training part.
    random_state : int, RandomState, Generator or None
        Seed of the initial weights, the shuffling and the part set aside. None draws it from
        NumPy's global state, as everywhere in scikit-learn.
    class_weight : dict, Series, array_like or "balanced", optional
        What every example of a class weighs, beside its `sample_weight`: by label, where a class
        that is not named weighs 1, or in the order of `classes_`. "balanced" gives all classes the
        same weight together; there is no `partial_fit` then, since a batch cannot know it.
    warm_start : bool, default False
        Whether another `fit` starts from the parameters that the last one left; the data must have
        the same features and classes.

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
        If ``l2=0``, there is no hidden layer, and the classes are separable, at least in part, so
        that no optimum exists.

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

    Weights, and sparse `X` where there is no hidden layer, are taken as scikit-learn's own
    classifiers take them. Ctrl-C in `fit` goes on to the caller; a network is then what it was
    after its last whole epoch, and before the first one the estimator is not fitted.

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

    A learning rate that is too small looks like a network that cannot learn; a search finds a
    better one, and leaves the optimiser that was given as it was:

    >>> from sklearn.model_selection import GridSearchCV
    >>> from softmax_lib import Adam
    >>> X = StandardScaler().fit_transform(penguins.X)
    >>> network = SoftmaxClassifier((8,), optimizer=Adam(1e-6), random_state=0)
    >>> search = GridSearchCV(network, {"optimizer__learning_rate": [1e-6, 0.01]}, cv=3)
    >>> search.fit(X, penguins.y).best_params_, network.optimizer.learning_rate
    ({'optimizer__learning_rate': 0.01}, 1e-06)
    """

    model_: Any  # SoftmaxRegression or SoftmaxNetwork

    # For pickles of the first version, which had no such parameters.
    class_weight: Any = None
    warm_start: bool = False

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
        random_state: int | np.random.RandomState | np.random.Generator | None = None,
        class_weight: Any = None,
        warm_start: bool = False,
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
        self.class_weight = class_weight
        self.warm_start = warm_start

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = not _has_hidden_layers(self)
        return tags

    def set_params(self, **params: Any) -> Self:
        """Set parameters; those of the optimiser, ``optimizer__…``, in a copy of it."""
        nested = [name for name in params if name.startswith("optimizer__")]
        if nested:
            optimizer = copy.deepcopy(params.get("optimizer", self.optimizer))
            if not hasattr(optimizer, "set_params"):
                raise ValueError(
                    f"optimizer must be an optimiser with settings, such as Adam(), before "
                    f"{nested[0]} can be set; got {optimizer!r}"
                )
            params["optimizer"] = optimizer
        return super().set_params(**params)

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Fit to features (m, n) and labels (m,), numbers or strings; return the estimator.

        `sample_weight`, shape (m,), holds a weight of each example: a whole number is that many
        copies of it, 0 leaves it out, and only ratios count.
        """
        has_hidden_layers = _has_hidden_layers(self)
        kind = SoftmaxNetwork if has_hidden_layers else SoftmaxRegression
        if self.warm_start and isinstance(self._last(), kind):
            check_names(X, list(getattr(self, "feature_names_in_", ())))
        with self._kept_on_error(self._last() if self.warm_start else None) as keep:
            X, y = self._validate_training_data(
                X, y, ensure_min_samples=2, accept_sparse=not has_hidden_layers and "csr"
            )
            model: Any = self._network(X.dtype) if has_hidden_layers else self._regression()
            model = self._goes_on(model) if self.warm_start else model
            keep(model)
            if has_hidden_layers and as_flag(self.early_stopping, "early_stopping"):
                due = self._fit_with_early_stopping(model, X, y, sample_weight)
            elif has_hidden_layers:
                due = model._fit(X, y, sample_weight, progress=False)
            else:
                due = model._fit(X, y, sample_weight)
        self.model_ = model
        for warning in due:
            warnings.warn(_for_scikit_learn(warning), stacklevel=2)
        return self

    @available_if(_learns_from_streams)
    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Make one pass of the network over another batch; the first call needs all `classes`.

        A later call goes on with the parameters that the first one was made with; there is no
        early stopping. The ratios of `sample_weight`, shape (m,), count within this call.
        """
        last = self._last()
        first = not isinstance(last, SoftmaxNetwork)
        with self._kept_on_error(None if first else last) as keep:
            X, y = self._validate_training_data(X, y, reset=first)
            network = self._network(X.dtype) if first else last
            keep(network)
            due = network._partial_fit(X, y, classes, sample_weight)
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
        return self.model_.predict_log_proba(X)

    def decision_function(self, X: ArrayLike) -> NDArray[np.floating]:
        """Return the logits, shape (m, C); for two classes, second minus first, shape (m,)."""
        X = self._validate(X)
        logits = self.model_.decision_function(X)
        if logits.shape[1] > 2:
            return logits
        with np.errstate(over="ignore"):  # log-odds beyond every float are infinite
            return logits[:, 1] - logits[:, 0]

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
        takes_sparse = isinstance(self.model_, SoftmaxRegression)
        return validate_data(
            self,
            X,
            dtype=[np.float64, np.float32],
            reset=False,
            accept_sparse=takes_sparse and "csr",
        )

    def _seed(self) -> int | np.random.Generator:
        """What the models take, which is no RandomState."""
        seed: object = self.random_state
        if isinstance(seed, np.random.Generator):
            return seed
        if isinstance(seed, Integral):
            return int(seed)
        try:
            return check_random_state(seed).randint(np.iinfo(np.int32).max)
        except ValueError as error:
            raise ValueError(
                f"random_state must be an int, a RandomState, a Generator or None; got {seed!r}"
            ) from error

    def _regression(self) -> SoftmaxRegression:
        return SoftmaxRegression(
            l2=self.l2,
            fit_intercept=self.fit_intercept,
            tol=self.tol,
            max_iter=self.max_iter,
            class_weight=self.class_weight,
            warm_start=self.warm_start,
        )

    def _network(self, dtype: DTypeLike) -> SoftmaxNetwork:
        return SoftmaxNetwork(
            hidden=self.hidden,
            optimizer=self.optimizer,
            batch_size=self.batch_size,
            epochs=self.epochs,
            l2=self.l2,
            random_state=self._seed(),
            dtype=dtype,
            class_weight=self.class_weight,
            warm_start=self.warm_start,
        )

    def _goes_on(self, fresh: Any) -> Any:
        """The last model, copied, with the settings of the fresh one; that, where kinds differ."""
        last = self._last()
        if type(last) is not type(fresh):
            return fresh
        model = copy.deepcopy(last)
        vars(model).update(fresh.get_params())
        return model

    def _last(self) -> Any:
        """The model of the last fit, or None."""
        return getattr(self, "model_", None)

    @contextmanager
    def _kept_on_error(self, model: Any) -> Iterator[Callable[[Any], None]]:
        """Where a fit is cut short, keep the model in its last whole epoch, or else none.

        Data and parameters that are refused leave the model of an earlier fit, and what is known
        of its features. What comes out names another model to keep.
        """
        models, history = [model], getattr(self._last(), "history_", None)
        features = self._known_of_features()
        try:
            yield models.append
        except BaseException as error:  # Ctrl-C too
            kept = models[-1]
            if hasattr(kept, "classes_"):
                self.model_ = kept
            elif not isinstance(error, (TypeError, ValueError)):
                self.__dict__.pop("model_", None)
            if not hasattr(kept, "classes_") or getattr(kept, "history_", history) == history:
                for name in self._known_of_features():
                    delattr(self, name)
                self.__dict__.update(features)
            raise

    def _known_of_features(self) -> dict[str, Any]:
        """What `validate_data` has noted down of the features."""
        names = "n_features_in_", "feature_names_in_"
        return {name: vars(self)[name] for name in names if name in vars(self)}

    def _fit_with_early_stopping(
        self,
        network: SoftmaxNetwork,
        X: NDArray[Any],
        y: NDArray[Any],
        sample_weight: ArrayLike | None,
    ) -> list[Warning]:
        """Fit, and return the warnings that are due."""
        fraction = as_number(self.validation_fraction, "validation_fraction")
        if not 0 < fraction < 1:
            raise ValueError(f"validation_fraction must be above 0 and below 1; got {fraction}")
        classes, indices = np.unique(y, return_inverse=True)
        shares = as_sample_weight(sample_weight, y.shape)
        weights = example_weights(shares, self.class_weight, classes, indices)
        weighty, kinds, _ = with_weight(np.arange(len(y)), indices, weights)
        rng = as_generator(network.random_state)
        aside = weighty[_part_of_each_class(kinds, fraction, rng)]
        if not len(aside):
            raise ValueError(
                "early_stopping must find a class with two examples to set one aside; "
                "got one example of each class"
            )
        rest = np.setdiff1d(np.arange(len(y)), aside)
        part, held_out = (
            (X[rows], y[rows], None if shares is None else shares[rows]) for rows in (rest, aside)
        )
        return network._fit(
            *part,
            validation_data=held_out,
            callbacks=[training.EarlyStopping()],
            progress=False,
        )


def _part_of_each_class(
    indices: NDArray[np.intp], fraction: float, rng: np.random.Generator
) -> NDArray[np.intp]:
    """The places of a part of the examples, in which each class has its share.

    The r-th member of a class of n, in random order, comes at (r + 1/2)/n of the way through it.
    Those that come first over all classes are apportioned as seats are by Webster's method. The
    last member of each class stays.
    """
    order = rng.permutation(len(indices))
    order = order[np.argsort(indices[order], kind="stable")]
    counts = np.bincount(indices)
    size = np.repeat(counts, counts)
    rank = np.arange(len(indices)) - np.repeat(np.cumsum(counts) - counts, counts)
    can_be_spared = np.flatnonzero(rank < size - 1)
    way = ((rank + 0.5) / size)[can_be_spared]
    wanted = max(1, round(fraction * len(indices)))
    first = np.lexsort((rng.random(len(way)), way))[:wanted]
    return order[can_be_spared[first]]


def _for_scikit_learn(warning: Warning) -> Warning:
    """A warning of ours, in scikit-learn's category where it has one."""
    if type(warning) is training.ConvergenceWarning:
        return ConvergenceWarning(*warning.args)
    return warning
