"""Softmax regression: the convex model, fitted by Newton's method."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._core.arrays import column_names
from .._core.labels import as_class_labels
from .._core.validate import (
    as_count,
    as_features,
    as_finite,
    as_flag,
    as_label_indices,
    as_number,
    as_positive,
    as_sample_weight,
)
from ..training import ConvergenceWarning
from . import _newton, _objective
from ._base import (
    Classifier,
    as_stored_classes,
    as_stored_names,
    as_two_or_more_classes,
    check_names,
    check_width,
    example_weights,
    names_as_arrays,
    restored_class_weight,
    saved_class_weight,
    with_weight,
)
from ._design import as_design_features


class SeparableDataWarning(UserWarning):
    """The training data are separable, at least in part, and nothing holds the weights back."""


def fit_softmax_regression(
    X: ArrayLike,
    y: ArrayLike,
    *,
    l2: float = 1e-3,
    fit_intercept: bool = True,
    tol: float = 1e-6,
    max_iter: int = 100,
    sample_weight: ArrayLike | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Find the weights and biases of softmax regression.

    .. math:: J(W, b) = -\frac{1}{m} \sum_i \ln \operatorname{softmax}(x_i W + b)_{y_i}
              + \frac{\lambda}{2} \|W\|^2

    Parameters
    ----------
    X : array_like or sparse matrix, shape (m, n)
        Features, a row an example; finite. A sparse matrix of any format and library will do.
    y : array_like of int, shape (m,)
        Labels 0..C-1; every class must occur.
    l2 : float, default 1e-3
        Strength λ of the penalty on W; at least 0. The bias is not penalised.
    fit_intercept : bool, default True
        Whether there is a bias; without one `b` is zero.
    tol : float, default 1e-6
        Largest norm of the gradient, over all parameters, that counts as the optimum.
    max_iter : int, default 100
        Largest number of Newton steps.
    sample_weight : array_like, shape (m,), optional
        A weight of each example, finite and at least 0: a whole number is that many copies of
        the row, and 0 leaves it out. Only their ratios count.

    Returns
    -------
    W : ndarray of float64, shape (n, C)
    b : ndarray of float64, shape (C,)
        Sums to 0: a constant added to every bias changes no probability.

    Raises
    ------
    TypeError
        If `X` is not real, or `y` is not of an integer dtype.
    ValueError
        If `X` is empty or not finite, a class is missing, or an option is out of its range.

    Warns
    -----
    ConvergenceWarning
        If the steps ran out, or rounding stopped them before the optimum, above `tol`. An optimum
        that is reached to rounding is none to warn of, though the gradient of large features
        may stay above `tol` there.
    SeparableDataWarning
        If ``l2=0`` and some direction of the weights moves examples away from other classes
        and none towards them, as where one class can be split off: the cost falls along it for
        ever, and no optimum exists. Whether that is so does not depend on `tol`.

    See Also
    --------
    SoftmaxRegression : the same as an estimator with labels of any kind.
    SoftmaxNetwork : the same objective by gradient descent, and hidden layers.

    Notes
    -----
    The cost is convex, so any point of zero gradient is the optimum. Each Newton step solves
    for its direction by conjugate gradients, which needs products with the Hessian only. The
    Hessian is singular along a constant added to every bias; ``solve`` would be thrown off by
    that direction, conjugate gradients from zero never enter it. They are preconditioned by the
    Kronecker product of two means, over the examples: of the covariance of the classes, and of
    the covariance of the features. Böhning's bound (1992) has this form too, at its widest. Of more
    than 256 features or classes the scales alone are used at first, and of features the whole
    covariance once the products have cost as much as it would. So columns on scales from 1e-3 to
    1e3 cost little. Sparse features have their scales only: there, columns that go together cost
    steps. Where the gradient is small since the features are, such as wavelengths in metres, it is
    measured in their own sizes too, and must come down to the root of `tol`.

    Sparse features are multiplied, ``X @ W`` and ``X.T @ R``, and never made dense.

    References
    ----------
    .. [1] R. S. Dembo and T. Steihaug, "Truncated-Newton algorithms for large-scale
       unconstrained optimization", Mathematical Programming, 1983.
    .. [2] D. Böhning, "Multinomial logistic regression algorithm", Annals of the Institute of
       Statistical Mathematics, 1992.

    Examples
    --------
    Features in grams and millimetres, where a hundred steps of plain descent get nowhere:

    >>> from softmax_lib import load_penguins
    >>> penguins = load_penguins()
    >>> W, b = fit_softmax_regression(penguins.X, penguins.y)
    >>> float(((penguins.X @ W + b).argmax(axis=1) == penguins.y).mean().round(2))
    1.0
    """
    settings = _as_regression_settings(l2, tol, max_iter)
    fit_intercept = as_flag(fit_intercept, "fit_intercept")
    features = as_design_features(X)
    labels = as_class_labels(y, features.shape[0])
    weights = as_sample_weight(sample_weight, labels.shape)
    features, labels, weights = with_weight(features, labels, weights)
    indices, n_classes = _as_complete_labels(labels)
    examples = _objective.Examples(features, indices, n_classes, fit_intercept, weights)
    W, b, _, due = _optimum(examples, *settings)
    for warning in due:
        warnings.warn(warning, stacklevel=2)
    return W, b


class SoftmaxRegression(Classifier):
    r"""Logistic regression for C classes: the convex model.

    .. math:: \hat y = \operatorname{softmax}(x W + b)

    Parameters
    ----------
    l2 : float, default 1e-3
        Strength λ of the penalty λ/2 ‖W‖² beside the mean loss; at least 0.
    fit_intercept : bool, default True
        Whether there is a bias.
    tol : float, default 1e-6
        Largest norm of the gradient that counts as the optimum.
    max_iter : int, default 100
        Largest number of Newton steps.
    class_weight : dict, Series, array_like of shape (C,) or "balanced", optional
        What the weight of each example is multiplied by: a dict or Series from label to weight,
        where a class that is not named weighs 1; an array in the order of the sorted labels; or
        "balanced", by which all classes weigh the same together, m / (C · count) each example.
    warm_start : bool, default False
        Whether `fit` begins at the weights of the last fit, which saves steps where the data
        have changed a little. Other classes or features are then refused.

    Attributes
    ----------
    W_ : ndarray, shape (n, C)
    b_ : ndarray, shape (C,)
    classes_ : ndarray, shape (C,)
        The labels in sorted order: the meaning of the columns.
    n_features_in_ : int
    feature_names_in_ : list of str or None
        The names of the columns, where `X` was a frame that has names. Another frame must then
        have them in the same order.
    n_iter_ : int
        Newton steps that were made; not written to a file.

    Raises
    ------
    TypeError
        In `fit`, if the data are no numbers, or a setting is of another type.
    ValueError
        In `fit`, if the data are empty, not finite, do not go together, or hold one class, or
        a setting is out of its range; in the predictions, if the logits overflow, or the columns of
        a frame are not those of `fit`.

    Warns
    -----
    ConvergenceWarning, SeparableDataWarning
        In `fit`, where `fit_softmax_regression` warns.

    See Also
    --------
    fit_softmax_regression : does the work.
    SoftmaxNetwork : hidden layers.

    Notes
    -----
    scikit-learn's LogisticRegression minimises the same cost when its C is 1/(λ m) or, for two
    classes, 2/(λ m): it fits them by one vector.

    References
    ----------
    .. [1] C. M. Bishop, "Pattern Recognition and Machine Learning", Springer, 2006, §4.3.4.

    Examples
    --------
    Plain descent, at a step that does not diverge, is nowhere near after 100,000 passes over these
    unscaled features:

    >>> from softmax_lib import load_penguins
    >>> penguins = load_penguins()
    >>> species = [penguins.class_names[label] for label in penguins.y]
    >>> model = SoftmaxRegression().fit(penguins.X, species)
    >>> [str(name) for name in model.predict([[39.0, 18.0, 181.0, 3750.0]])]
    ['Adelie']
    """

    def __init__(
        self,
        l2: float = 1e-3,
        fit_intercept: bool = True,
        tol: float = 1e-6,
        max_iter: int = 100,
        *,
        class_weight: Any = None,
        warm_start: bool = False,
    ) -> None:
        self.l2 = l2
        self.fit_intercept = fit_intercept
        self.tol = tol
        self.max_iter = max_iter
        self.class_weight = class_weight
        self.warm_start = warm_start

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Fit to features (m, n) and labels (m,), numbers or strings; return the model.

        `X` may be sparse, here and in the predictions. An example of weight 0 is left out, and so
        is a class of which all are.
        """
        for warning in self._fit(X, y, sample_weight):
            warnings.warn(warning, stacklevel=2)
        return self

    def _start(
        self, n_features: int, classes: NDArray[Any]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Where the descent begins: nowhere in particular, or where the last one ended."""
        if not (self.warm_start and hasattr(self, "classes_")):
            return None
        if not np.array_equal(classes, self.classes_):
            raise ValueError(
                f"y must hold the classes of the last fit, {', '.join(map(str, self.classes_))}, "
                f"for a warm start; got {', '.join(map(str, classes))}"
            )
        if n_features != self.n_features_in_:
            raise ValueError(
                f"X must have the {self.n_features_in_} features of the last fit for a warm start; "
                f"got {n_features}"
            )
        return self._weights()

    def _weights(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """W and b, which may have been set by hand."""
        W, b = as_finite(self.W_, "W_"), as_finite(self.b_, "b_")
        shape = self.n_features_in_, len(self.classes_)
        if (W.shape, b.shape) != (shape, shape[1:]):
            raise ValueError(
                f"W_ and b_ must have shapes {shape} and {shape[1:]}, as after fit; "
                f"got {W.shape} and {b.shape}"
            )
        return W, b

    def _check_fitted_features(self, X: Any) -> Any:
        self._check_fitted()
        check_names(X, self.feature_names_in_)
        X = as_design_features(X)
        check_width(X, self.n_features_in_)
        return X

    def _logits(self, X: Any) -> NDArray[np.float64]:
        W, b = self._weights()
        return np.asarray(X @ W, np.float64) + b

    def _fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> list[Warning]:
        """Fit, and return the warnings that are due: `fit` raises them in its caller's name."""
        settings = _as_regression_settings(self.l2, self.tol, self.max_iter)
        fit_intercept = as_flag(self.fit_intercept, "fit_intercept")
        if as_flag(self.warm_start, "warm_start"):
            check_names(X, self.feature_names_in_)
        features = as_design_features(X)
        classes, indices = as_two_or_more_classes(as_class_labels(y, features.shape[0]))
        weights = example_weights(sample_weight, self.class_weight, classes, indices)
        features, indices, weights = with_weight(features, indices, weights)
        classes, indices = as_two_or_more_classes(classes[indices])
        start = self._start(features.shape[1], classes)
        examples = _objective.Examples(features, indices, len(classes), fit_intercept, weights)
        self.W_, self.b_, self.n_iter_, due = _optimum(examples, *settings, start)
        self.classes_, self.n_features_in_ = classes, examples.n_features
        self.feature_names_in_ = column_names(X)
        return due

    def _settings(self) -> dict[str, Any]:
        return {
            "l2": float(self.l2),
            "fit_intercept": bool(self.fit_intercept),
            "tol": float(self.tol),
            "max_iter": int(self.max_iter),
            "class_weight": saved_class_weight(self.class_weight),
            "warm_start": bool(self.warm_start),
        }

    def _arrays(self) -> dict[str, NDArray[Any]]:
        names = names_as_arrays(self.feature_names_in_)
        return {"W": self.W_, "b": self.b_, "classes": self.classes_, **names}

    @classmethod
    def _restore(cls, settings: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Self:
        class_weight = restored_class_weight(settings.pop("class_weight", None))
        model = cls(**settings, class_weight=class_weight)
        as_number(model.l2, "l2", low=0)
        as_positive(model.tol, "tol")
        as_count(model.max_iter, "max_iter")
        model.W_, model.b_ = as_features(arrays["W"], "W"), as_finite(arrays["b"], "b")
        model.classes_ = as_stored_classes(arrays["classes"])
        model.n_features_in_ = len(model.W_)
        model.feature_names_in_ = as_stored_names(arrays.get("feature_names"), len(model.W_))
        if model.W_.shape[1:] != model.classes_.shape or model.b_.shape != model.classes_.shape:
            raise ValueError("shapes do not fit")
        return model


def _as_regression_settings(l2: float, tol: float, max_iter: int) -> tuple[float, float, int]:
    return (as_number(l2, "l2", low=0), as_positive(tol, "tol"), as_count(max_iter, "max_iter"))


def _optimum(
    examples: _objective.Sums,
    l2: float,
    tol: float,
    max_iter: int,
    start: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], int, list[Warning]]:
    """W and b of the least cost over the examples, wherever they are, the steps, and warnings."""
    objective = _objective.Objective(examples, l2)
    theta = np.zeros(examples.shape)
    if start is not None:  # without an intercept, its bias falls off the edge
        theta[:] = np.vstack(start)[: examples.shape[1]].T
    with np.errstate(all="ignore"):  # features so large are warned of below
        # A sparse descent ends close under its tolerance, where the last step of a dense one goes
        # far below. To go on costs nothing where it is small: then equal data in another form, as
        # weights for copies, have equal probabilities.
        small = examples.is_sparse and theta.size <= 1000
        target = tol / 10_000 if small else tol
        descent = objective.minimise(theta.ravel(), tol=target, max_iter=max_iter)
        due = _warnings_due(descent, tol, l2 == 0 and objective.has_no_minimum())
        # A constant added to all classes changes nothing; W has that freedom too where it is not
        # penalised.
        theta = descent.x.reshape(examples.shape)
        theta -= theta.mean(axis=0)
    W, b = np.split(theta.T.copy(), [examples.n_features])
    b = b[0] if len(b) else np.zeros(examples.shape[0])
    return W, b, descent.steps, due


def _as_complete_labels(y: NDArray[Any]) -> tuple[NDArray[np.intp], int]:
    """Labels 0..C-1 of which each occurs, and C."""
    classes = np.unique(y)
    missing = np.setdiff1d(np.arange(len(classes)), classes)
    if y.dtype.kind in "iu" and len(missing):
        raise ValueError(
            f"y must hold every class from 0 up; got labels from {classes[0]} to "
            f"{classes[-1]} but none is {missing[0]}"
        )
    return as_label_indices(y, len(classes), "y"), len(classes)


def _warnings_due(descent: _newton.Descent, tol: float, separable: bool) -> list[Warning]:
    if separable:  # then no descent ends
        return [SeparableDataWarning("the classes are separable: no optimum exists; set l2 > 0")]
    if descent.end == "optimum" or descent.norm <= tol:
        return []
    cure = {
        "max_iter": "raise max_iter, or scale the features",
        "rounding": "rounding stopped the descent before the optimum: scale the features",
    }
    return [
        ConvergenceWarning(
            f"the gradient's norm is {descent.norm:.3g}, above tol={tol:.3g}; {cure[descent.end]}"
        )
    ]
