"""Softmax classifiers: the convex one, and the one with hidden layers."""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from itertools import pairwise

import numpy as np

from . import _newton, _regression, _storage
from ._validate import (
    as_class_labels,
    as_count,
    as_features,
    as_finite,
    as_generator,
    as_index,
    as_label_indices,
    as_labels,
    as_number,
    as_positive,
    row_blocks,
)
from .activations import softmax
from .losses import cross_entropy
from .metrics import accuracy
from .optimizers import OPTIMIZERS, Adam
from .training import ConvergenceWarning, as_callbacks, train


class SeparableDataWarning(UserWarning):
    """The training data are separable and nothing holds the weights back."""


def fit_softmax_regression(X, y, *, l2=1e-3, fit_intercept=True, tol=1e-6, max_iter=100):
    r"""Find the weights and biases of softmax regression.

    .. math:: J(W, b) = -\frac{1}{m} \sum_i \ln \operatorname{softmax}(x_i W + b)_{y_i}
              + \frac{\lambda}{2} \|W\|^2

    Parameters
    ----------
    X : array_like, shape (m, n)
        Features, a row an example; finite.
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
        If the steps ran out, or rounding stopped them, above `tol`.
    SeparableDataWarning
        If ``l2=0`` and every training example is classified rightly: no optimum exists.

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
    the covariance of the features. Böhning's bound [2]_ has this form too, at its widest.

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
    W, b, _ = _fit(X, y, l2, fit_intercept, tol, max_iter)
    return W, b


def _fit(X, y, l2, fit_intercept, tol, max_iter):
    X = as_features(X)
    y, n_classes = _as_complete_labels(y, len(X))
    settings = _as_regression_settings(l2, tol, max_iter)
    return _optimum(_regression.Examples(X, y, n_classes, fit_intercept), *settings)


def _as_regression_settings(l2, tol, max_iter):
    return (as_number(l2, "l2", low=0), as_positive(tol, "tol"), as_count(max_iter, "max_iter"))


def _optimum(examples, l2, tol, max_iter):
    """W and b of the least cost over the examples, wherever they are."""
    objective = _regression.Objective(examples, l2)
    start = np.zeros(np.prod(examples.shape))
    with np.errstate(over="ignore", invalid="ignore"):  # features so large are warned of below
        theta, norm, steps = _newton.minimise(
            objective, start, tol=tol, max_iter=max_iter, preconditioner=objective.preconditioner
        )
        theta = theta.reshape(examples.shape)
        separable = l2 == 0 and examples.are_separated(theta)
    _warn(norm, tol, separable)
    # A constant added to all classes changes nothing; without a penalty W has that freedom too.
    W, b = np.split((theta - theta.mean(axis=0)).T.copy(), [examples.n_features])
    return W, b[0] if len(b) else np.zeros(examples.shape[0]), steps


def _check_dtype(dtype):
    with suppress(TypeError):  # what NumPy does not know is refused below
        dtype = np.dtype(dtype)
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float32 or float64; got {dtype}")


def _n_parameters(layers):
    """Weights and biases of a network with so many units in each layer."""
    return sum((n + 1) * k for n, k in pairwise(layers))


def _as_complete_labels(y, n_examples):
    """Labels 0..C-1 of which each occurs, and C."""
    y = as_class_labels(y, n_examples)
    classes = np.unique(y)
    missing = np.setdiff1d(np.arange(len(classes)), classes)
    if y.dtype.kind in "iu" and len(missing):
        raise ValueError(
            f"y must hold every class from 0 up; got labels from {classes[0]} to "
            f"{classes[-1]} but none is {missing[0]}"
        )
    return as_label_indices(y, len(classes), "y"), len(classes)


def _warn(norm, tol, separable):
    # Five levels up is the caller of the public function, whose line the warning should name.
    if not norm <= tol:
        warnings.warn(
            f"the gradient's norm is {norm:.3g}, above tol={tol:.3g}; raise max_iter, "
            f"or scale the features",
            ConvergenceWarning,
            stacklevel=5,
        )
    if separable:
        warnings.warn(
            "the classes are separable: no optimum exists; set l2 > 0",
            SeparableDataWarning,
            stacklevel=5,
        )


def _as_known_features(X, n_features, dtype=np.float64, name="X"):
    X = as_features(X, name, dtype)
    if X.shape[1] != n_features:
        raise ValueError(f"{name} must have {n_features} features, as in fit; got {X.shape[1]}")
    return X


def _class_indices(y, n_examples, classes, name="y"):
    y = as_class_labels(y, n_examples, name)
    known = np.isin(y, classes)
    if not known.all():
        raise ValueError(
            f"{name} must hold no class but {', '.join(map(str, classes))}; got {y[~known][0]!s}"
        )
    return np.searchsorted(classes, y)


def _as_classes(classes):
    """The classes in sorted order, each once."""
    classes = np.unique(as_labels(classes, "classes"))
    if not len(classes):
        raise ValueError("classes must hold at least one label; got none")
    return classes


def _as_stored_classes(classes):
    """Classes from a file, which may hold anything."""
    if not np.array_equal(_as_classes(classes), classes):
        raise ValueError("classes must be sorted, each once")
    return as_labels(classes, "classes")


class _Classifier:
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
        return _as_known_features(X, self.n_features_in_, self._precision)

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
        _storage.save_arrays(path, type(self).__name__, self._settings(), self._arrays())

    @classmethod
    def load(cls, path):
        """Read a model that `save` wrote; any other file is a ValueError."""
        settings, arrays = _storage.load_arrays(path, cls.__name__)
        try:
            return cls._restore(settings, arrays)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise ValueError(
                f"{path} must be a saved {cls.__name__}; parts of it are missing "
                f"or do not fit together"
            ) from error


class SoftmaxRegression(_Classifier):
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

    Attributes
    ----------
    W_ : ndarray, shape (n, C)
    b_ : ndarray, shape (C,)
    classes_ : ndarray, shape (C,)
        The labels in sorted order: the meaning of the columns.
    n_features_in_ : int
    n_iter_ : int
        Newton steps that were made; not written to a file.

    Raises
    ------
    ValueError
        In `fit`, if the data are empty, not finite, do not go together, or hold one class.

    See Also
    --------
    fit_softmax_regression : does the work.
    SoftmaxNetwork : hidden layers.

    Notes
    -----
    scikit-learn's LogisticRegression minimises the same cost when its C is 1/(λ m).

    References
    ----------
    .. [1] C. M. Bishop, "Pattern Recognition and Machine Learning", Springer, 2006, §4.3.4.

    Examples
    --------
    Plain descent would need thousands of passes over these unscaled features:

    >>> from softmax_lib import load_penguins
    >>> penguins = load_penguins()
    >>> species = [penguins.class_names[label] for label in penguins.y]
    >>> model = SoftmaxRegression().fit(penguins.X, species)
    >>> [str(name) for name in model.predict([[39.0, 18.0, 181.0, 3750.0]])]
    ['Adelie']
    """

    def __init__(self, l2=1e-3, fit_intercept=True, tol=1e-6, max_iter=100):
        self.l2 = l2
        self.fit_intercept = fit_intercept
        self.tol = tol
        self.max_iter = max_iter

    def fit(self, X, y):
        """Fit to features (m, n) and labels (m,), numbers or strings; return the model."""
        X, classes, indices = self._check_training_data(X, y)
        self.W_, self.b_, self.n_iter_ = _fit(
            X, indices, self.l2, self.fit_intercept, self.tol, self.max_iter
        )
        self.classes_, self.n_features_in_ = classes, X.shape[1]
        return self

    def decision_function(self, X):
        """Return the logits, shape (m, C)."""
        X = self._check_fitted_features(X).astype(np.float64, copy=False)
        return X @ self.W_ + self.b_

    def _settings(self):
        return {
            "l2": float(self.l2),
            "fit_intercept": bool(self.fit_intercept),
            "tol": float(self.tol),
            "max_iter": int(self.max_iter),
        }

    def _arrays(self):
        return {"W": self.W_, "b": self.b_, "classes": self.classes_}

    @classmethod
    def _restore(cls, settings, arrays):
        model = cls(**settings)
        as_number(model.l2, "l2", low=0)
        as_positive(model.tol, "tol")
        as_count(model.max_iter, "max_iter")
        model.W_, model.b_ = as_features(arrays["W"], "W"), as_finite(arrays["b"], "b")
        model.classes_ = _as_stored_classes(arrays["classes"])
        model.n_features_in_ = len(model.W_)
        if model.W_.shape[1:] != model.classes_.shape or model.b_.shape != model.classes_.shape:
            raise ValueError("shapes do not fit")
        return model


class _Batch:
    """What the examples of one batch become, layer by layer.

    All batches of one size use the same arrays, one after another. Those of the logits lie class
    by class in memory, so that a sum over the classes runs along the examples.
    """

    def __init__(self, size, layers, dtype):
        *others, n_classes = layers
        self.activations = [np.empty((size, units), dtype) for units in others]
        self.activations.append(np.empty((size, n_classes), dtype, order="F"))
        self.dZ = np.empty((size, n_classes), dtype, order="F")

    def loss(self, labels):
        """Mean cross-entropy; fill dZ, its derivative by the logits.

        `cross_entropy_and_gradient` without its checks, and without its care for the last digits,
        which no step needs.
        """
        Z, powers, size = self.activations[-1], self.dZ, len(labels)
        truth = np.arange(size), labels
        np.subtract(Z, Z.max(axis=1, keepdims=True), out=powers)
        behind = powers[truth]
        np.exp(powers, out=powers)
        power = powers[truth]
        powers[truth] = 0
        others = np.add.reduce(powers, axis=1)
        # Where the truth is the winner its power is 1, and nothing is lost beside that 1.
        losses = np.log1p(others + (power - 1)) - behind
        # p - 1 is minus the probability of the others: written so, nothing cancels.
        powers[truth] = -others
        powers /= ((others + power) * size)[:, None]
        return float(losses.sum()) / size


class SoftmaxNetwork(_Classifier):
    r"""A network of ReLU layers with a softmax output, trained by gradient descent.

    .. math:: A^{[l]} = \max(0, A^{[l-1]} W^{[l]} + b^{[l]}), \qquad
              \hat Y = \operatorname{softmax}(A W + b)

    Parameters
    ----------
    hidden : tuple of int, default (64,)
        Units of each hidden layer; ``()`` is softmax regression.
    optimizer : GradientDescent, Momentum or Adam, optional
        A fresh `Adam` by default.
    batch_size : int or None, default 64
        Examples a step; None means all of them.
    epochs : int, default 30
        Passes over the data; 0 only initialises.
    l2 : float, default 0.0
        Strength of the penalty on all weights, not on biases.
    random_state : int, Generator or None
        Seed of the initial weights and of the shuffling. An int makes every `fit` the same to
        the last bit; a Generator moves on with each, and None draws a fresh seed.
    dtype : dtype, default float64
        float32 or float64: the precision of all computation.

    Attributes
    ----------
    weights_, biases_ : list of ndarray
        One for each layer, of shapes (units in, units out) and (units out,).
    classes_ : ndarray, shape (C,)
        The labels in sorted order: the meaning of the columns.
    history_ : dict of list
        ``"epoch"``, ``"cost"`` and, with validation data, ``"validation_loss"`` and
        ``"validation_accuracy"``.
    n_features_in_ : int

    Raises
    ------
    ValueError
        In `fit`, if the data are empty, not finite, do not go together, or hold one class, or
        a setting is out of its range.

    See Also
    --------
    SoftmaxRegression : the convex optimum, for ``hidden=()``.
    train : the loop.

    Notes
    -----
    Hidden weights start at √(2 / units in) times normal noise, which keeps the size of the
    activations; output weights at 0.01 times, so that the first loss is close to ln C. The
    backward pass starts at (Ŷ − Y)/m and never meets a logarithm of 0.

    A saved file holds what predictions need. A pickle or a copy also holds what the optimiser
    and the generator remember, and trains on as the original would.

    References
    ----------
    .. [1] K. He, X. Zhang, S. Ren and J. Sun, "Delving Deep into Rectifiers", ICCV 2015.

    Examples
    --------
    Three spiral arms, which no linear model separates:

    >>> from softmax_lib import SoftmaxRegression, make_spirals
    >>> from softmax_lib.optimizers import Adam
    >>> X, y = make_spirals(random_state=0)
    >>> SoftmaxRegression().fit(X, y).score(X, y) < 0.6
    True
    >>> network = SoftmaxNetwork((32,), optimizer=Adam(0.02), epochs=100, random_state=0)
    >>> network.fit(X, y).score(X, y) > 0.95
    True
    """

    def __init__(
        self,
        hidden=(64,),
        optimizer=None,
        batch_size=64,
        epochs=30,
        l2=0.0,
        random_state=None,
        dtype=np.float64,
    ):
        self.hidden = hidden
        self.optimizer = optimizer
        self.batch_size = batch_size
        self.epochs = epochs
        self.l2 = l2
        self.random_state = random_state
        self.dtype = dtype

    def fit(self, X, y, *, validation_data=None, callbacks=(), progress=None):
        """Train from a fresh start on features (m, n) and labels (m,); return the model.

        The classes are those that occur in `y`. `validation_data` is a pair (X, y) measured
        after each epoch; `callbacks` and `progress` are those of `train`. Features are read a
        batch at a time, so a memory-mapped `X` may be larger than the memory. Ctrl-C leaves the
        model as it was after the last whole epoch, ready for use and for `partial_fit`.
        """
        self._check_settings()
        as_callbacks(callbacks)
        X, classes, indices = self._check_training_data(X, y, self.dtype)
        validate = self._validator(validation_data, X.shape[1], classes)
        self.classes_, self.n_features_in_ = classes, X.shape[1]
        self._initialise()
        self._train(X, indices, self.epochs, self.history_, validate, callbacks, progress)
        return self

    def partial_fit(self, X, y, classes=None):
        """Make one pass over more data; the first call needs all `classes`.

        The pass goes on from where the last one ended, in batches of `batch_size`, as another
        epoch of `fit` would. A pass that diverges or is interrupted changes nothing.
        """
        self._check_settings()
        first = not hasattr(self, "classes_")
        if first and classes is None:
            raise ValueError(
                "classes must list all labels on the first call of partial_fit; got None"
            )
        given = self.classes_ if classes is None else _as_classes(classes)
        if not first and not np.array_equal(given, self.classes_):
            raise ValueError(
                f"classes must be those of the first call, "
                f"{', '.join(map(str, self.classes_))}; got {classes!r}"
            )
        X = as_features(X, dtype=self.dtype) if first else self._check_fitted_features(X)
        indices = _class_indices(y, len(X), given)
        if first:
            self.classes_, self.n_features_in_ = given, X.shape[1]
            self._initialise()
        try:
            one_pass = self._train(X, indices, 1, {}, progress=False)
        except BaseException:  # Ctrl-C too
            if first:  # random weights are not a fitted model
                del self.classes_
            raise
        for cost in one_pass["cost"]:  # none, where the pass diverged
            record = {"epoch": len(self.history_["epoch"]) + 1, "cost": cost}
            for name, values in self.history_.items():
                values.append(record.get(name, np.nan))  # nothing was validated
        return self

    def decision_function(self, X):
        """Return the logits, shape (m, C)."""
        return self._logits(self._check_fitted_features(X))

    def cost(self, X, y):
        """Return the mean loss on (X, y) plus the penalty: what training makes small."""
        Z = self.decision_function(X)
        loss = cross_entropy(Z, _class_indices(y, len(Z), self.classes_))
        return float(loss + self._penalty())

    def _check_settings(self):
        if not isinstance(self.hidden, (tuple, list)):
            raise TypeError(
                f"hidden must be a tuple with the units of each hidden layer; got {self.hidden!r}"
            )
        for units in self.hidden:
            as_count(units, "hidden")
        if self.batch_size is not None:
            as_count(self.batch_size, "batch_size")
        if as_index(self.epochs, "epochs") < 0:
            raise ValueError(f"epochs must be at least 0; got {self.epochs}")
        as_number(self.l2, "l2", low=0)
        as_generator(self.random_state)
        _check_dtype(self.dtype)
        if self.optimizer is not None and type(self.optimizer) not in OPTIMIZERS.values():
            raise TypeError(
                f"optimizer must be one of {', '.join(OPTIMIZERS)}; "
                f"got {type(self.optimizer).__name__}"
            )

    def _initialise(self):
        self._rng = as_generator(self.random_state)
        self._layers = [self.n_features_in_, *self.hidden, len(self.classes_)]
        self._parameters = np.zeros(_n_parameters(self._layers), self.dtype)
        self._link_layers()
        *hidden, output = self.weights_
        for W in hidden:
            W[:] = self._rng.standard_normal(W.shape) * np.sqrt(2 / len(W))
        output[:] = self._rng.standard_normal(output.shape) * 0.01
        self._optimizer = Adam() if self.optimizer is None else self.optimizer
        self._state = self._optimizer.start(self._parameters)
        self.history_ = {"epoch": [], "cost": []}

    @property
    def _precision(self):
        return self._parameters.dtype

    def _link_layers(self):
        """Make the layers, and their gradients, views into one flat vector each."""
        self._gradient = np.zeros_like(self._parameters)
        self.weights_, self.biases_ = self._views(self._parameters)
        self._weight_gradients, self._bias_gradients = self._views(self._gradient)

    def __getstate__(self):
        # Copied or pickled one by one, views would come apart from the vector they look into.
        views = ("weights_", "biases_", "_gradient", "_weight_gradients", "_bias_gradients")
        return {name: value for name, value in vars(self).items() if name not in views}

    def __setstate__(self, state):
        vars(self).update(state)
        if "_parameters" in state:
            self._link_layers()

    def _views(self, flat):
        weights, biases, start = [], [], 0
        for n, k in pairwise(self._layers):
            weights.append(flat[start : start + n * k].reshape(n, k))
            biases.append(flat[start + n * k : start + (n + 1) * k])
            start += (n + 1) * k
        return weights, biases

    def _logits(self, X):
        """The last activations alone, computed a few rows at a time."""
        dtype = self._precision
        Z = np.empty((len(X), self._layers[-1]), dtype)
        for start, rows in row_blocks(X, max(self._layers)):
            hidden = [np.empty((len(rows), units), dtype) for units in self._layers[1:-1]]
            inputs = rows.astype(dtype, copy=False)
            self._forward([inputs, *hidden, Z[start : start + len(rows)]])
        return Z

    def _forward(self, activations):
        """Fill the activations of every layer after the input, which comes first."""
        last = len(self.weights_) - 1
        for layer, (W, b) in enumerate(zip(self.weights_, self.biases_, strict=True)):
            A = np.matmul(activations[layer], W, out=activations[layer + 1])
            A += b
            if layer < last:
                np.maximum(A, 0, out=A)

    def _backward(self, activations, dZ):
        """Fill the gradient, from the derivative by the logits back to the first layer.

        The activations of a layer, when no longer needed, make room for the derivative by them.
        """
        for layer in reversed(range(len(self.weights_))):
            A, W = activations[layer], self.weights_[layer]
            np.matmul(A.T, dZ, out=self._weight_gradients[layer])
            if self.l2:
                self._weight_gradients[layer] += self.l2 * W
            np.add.reduce(dZ, axis=0, out=self._bias_gradients[layer])
            if layer:
                active = A > 0
                dZ = np.matmul(dZ, W.T, out=A)
                dZ *= active

    def _penalty(self):
        if not self.l2:
            return 0.0
        return self.l2 / 2 * sum(float((W**2).sum()) for W in self.weights_)

    def _train(self, X, indices, epochs, history, validate=None, callbacks=(), progress=None):
        batch_of = cache(lambda size: _Batch(size, self._layers, self._precision))

        def objective(_, rows):
            batch = batch_of(len(rows))
            batch.activations[0][...] = X[rows]
            self._forward(batch.activations)
            loss = batch.loss(indices[rows])
            self._backward(batch.activations, batch.dZ)
            return loss + self._penalty(), self._gradient

        return train(
            objective,
            self._parameters,
            len(X),
            optimizer=self._optimizer,
            batch_size=self.batch_size,
            epochs=epochs,
            rng=self._rng,
            state=self._state,
            validate=validate,
            callbacks=callbacks,
            progress=progress,
            history=history,
            stacklevel=4,
        )

    def _validator(self, validation_data, n_features, classes):
        if validation_data is None:
            return None
        if not isinstance(validation_data, (tuple, list)) or len(validation_data) != 2:
            raise ValueError(
                f"validation_data must be a pair (X, y); got {type(validation_data).__name__}"
            )
        X, y = validation_data
        X = _as_known_features(X, n_features, self.dtype, "the X of validation_data")
        indices = _class_indices(y, len(X), classes, "the y of validation_data")

        def validate(_):
            Z = self._logits(X)
            return {
                "validation_loss": float(cross_entropy(Z, indices)),
                "validation_accuracy": accuracy(indices, Z.argmax(axis=1)),
            }

        return validate

    def _settings(self):
        seed = self.random_state
        return {
            "hidden": [int(units) for units in self._layers[1:-1]],
            "optimizer": {"name": type(self._optimizer).__name__, **asdict(self._optimizer)},
            "batch_size": self.batch_size,
            "epochs": self.epochs,
            "l2": float(self.l2),
            "random_state": int(seed) if isinstance(seed, (int, np.integer)) else None,
            "dtype": self._parameters.dtype.name,
        }

    def _arrays(self):
        history = {f"history_{name}": np.array(values) for name, values in self.history_.items()}
        return {
            "parameters": self._parameters,
            "classes": self.classes_,
            "n_features": np.array(self.n_features_in_),
            **history,
        }

    @classmethod
    def _restore(cls, settings, arrays):
        optimizer = dict(settings.pop("optimizer"))
        optimizer = OPTIMIZERS[optimizer.pop("name")](**optimizer)
        hidden, dtype = tuple(settings.pop("hidden")), np.dtype(settings.pop("dtype")).type
        model = cls(hidden, optimizer, dtype=dtype, **settings)
        model._check_settings()
        model.classes_ = _as_stored_classes(arrays.pop("classes"))
        model.n_features_in_ = as_count(arrays.pop("n_features"), "n_features")
        layers = [model.n_features_in_, *hidden, len(model.classes_)]
        parameters = as_finite(arrays.pop("parameters"), "parameters")
        if parameters.shape != (_n_parameters(layers),) or parameters.dtype != model.dtype:
            raise ValueError("the parameters do not fit the layers")
        model._initialise()
        model._parameters[:] = parameters
        arrays = {
            "history_epoch": arrays.pop("history_epoch"),
            "history_cost": arrays.pop("history_cost"),
            **arrays,
        }
        model.history_ = {
            name.removeprefix("history_"): values.tolist() for name, values in arrays.items()
        }
        return model
