"""The network with hidden layers and a softmax output, trained by gradient descent."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from functools import cache
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .._core import kernels
from .._core.arrays import column_names
from .._core.validate import (
    as_count,
    as_features,
    as_finite,
    as_flag,
    as_generator,
    as_index,
    as_number,
    as_sample_weight,
    check_methods,
    row_blocks,
)
from ..losses import cross_entropy
from ..optimizers import OPTIMIZERS, Adam, Optimizer
from ..training import Callback, History, _as_callbacks, _train
from ._base import (
    Classifier,
    are_same_classes,
    as_classes,
    as_known_features,
    as_stored_classes,
    as_stored_names,
    as_two_or_more_classes,
    check_names,
    class_indices,
    class_weights,
    example_weights,
    names_as_arrays,
    restored_class_weight,
    saved_class_weight,
    weighted,
    with_weight,
)


class SoftmaxNetwork(Classifier):
    r"""A network of ReLU layers with a softmax output, trained by gradient descent.

    .. math:: \begin{aligned}
              A^{[l]} &= \max(0, A^{[l-1]} W^{[l]} + b^{[l]}) \\
              \hat Y &= \operatorname{softmax}(A W + b)
              \end{aligned}

    Parameters
    ----------
    hidden : sequence of int, default (64,)
        Units of each hidden layer; ``()`` is softmax regression.
    optimizer : Optimizer, optional
        `GradientDescent`, `Momentum`, `Adam`, or an object of your own with ``start`` and
        ``step``; a fresh `Adam` by default.
    batch_size : int or None, default 64
        Examples a step; None means all of them.
    epochs : int, default 30
        Passes over the data; 0 only initialises.
    l2 : float, default 0.0
        Strength of the penalty on all weights, not on biases.
    random_state : int, Generator or None
        Seed of the initial weights and of the shuffling. An int makes every `fit` on one
        machine the same to the last bit; a Generator moves on with each, and None draws a fresh
        seed.
    dtype : dtype, default float64
        float32 or float64: the precision of all computation.
    class_weight : dict, Series, array_like or "balanced", optional
        What every example of a class weighs, beside its `sample_weight`: by label, where a class
        that is not named weighs 1, or in the order of `classes_`. "balanced" gives all classes the
        same weight together, m / (C · count) an example; it needs `fit`, since a pass of
        `partial_fit` does not know how often a class will come.
    warm_start : bool, default False
        Whether another `fit` starts from the parameters that the last one left; the data must have
        the same features and classes. The optimiser and the history start afresh.

    Attributes
    ----------
    weights_, biases_ : list of ndarray
        One for each layer, of shapes (units in, units out) and (units out,). Numbers that are put
        in their place, one layer or all, are what predictions and training go on with.
    classes_ : ndarray, shape (C,)
        The labels in sorted order: the meaning of the columns.
    history_ : dict of list
        ``"epoch"``, ``"cost"`` and, with validation data, ``"validation_loss"`` and
        ``"validation_accuracy"``.
    n_features_in_ : int
    feature_names_in_ : list of str or None
        The names of the columns, where `X` was a frame that has names. Another frame must then
        have them in the same order.

    Raises
    ------
    TypeError
        In `fit`, if the data are no numbers, or a setting is of another type.
    ValueError
        In `fit`, if the data are empty, not finite, do not go together, or hold one class, or
        a setting is out of its range, or with `warm_start` data or layers are not those of the fit
        before; in later calls, if the columns of a frame are not those of `fit`.

    Warns
    -----
    ConvergenceWarning
        In `fit` and `partial_fit`, if the cost or a parameter is no longer finite.

    See Also
    --------
    SoftmaxRegression : the convex optimum, for ``hidden=()``.
    train : the loop.

    Notes
    -----
    Hidden weights start at √(2 / units in) times normal noise, which keeps the size of the
    activations; output weights at 0.01 times, so that the first loss is close to ln C. The
    backward pass starts at (Ŷ − Y)/m and never meets a logarithm of 0.

    Weights are divided by their mean over the data of a call, so that only their ratios count and
    the steps keep their length. A whole number is that many copies of the row, to the last digits
    where a batch is all of the data; smaller batches come in another order. A weight of 0 leaves
    the row out.

    A saved file holds what predictions need, and the settings. Where the optimiser is of your own
    making it is left out: set `optimizer` after loading, before training on. A pickle or a copy
    also holds what the optimiser and the generator remember, and trains on as the original would.

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

    weights_: list[NDArray[np.floating]]
    biases_: list[NDArray[np.floating]]
    history_: History
    _parameters: NDArray[np.floating]

    def __init__(
        self,
        hidden: Sequence[int] = (64,),
        optimizer: Optimizer | None = None,
        batch_size: int | None = 64,
        epochs: int = 30,
        l2: float = 0.0,
        random_state: int | np.random.Generator | None = None,
        dtype: DTypeLike = np.float64,
        *,
        class_weight: Any = None,
        warm_start: bool = False,
    ) -> None:
        self.hidden = hidden
        self.optimizer = optimizer
        self.batch_size = batch_size
        self.epochs = epochs
        self.l2 = l2
        self.random_state = random_state
        self.dtype = dtype
        self.class_weight = class_weight
        self.warm_start = warm_start

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        validation_data: Sequence[ArrayLike | None] | None = None,
        callbacks: Sequence[Callback] = (),
        progress: bool | None = None,
    ) -> Self:
        """Train from a fresh start on features (m, n) and labels (m,); return the model.

        The classes are those that occur in `y` with a weight above 0. `sample_weight` has shape
        (m,). `validation_data` is (X, y) or (X, y, sample_weight), measured after each epoch, and
        weighed by `class_weight` too; `callbacks` and `progress` are those of `train`. Features
        are read a batch at a time, so a memory-mapped `X` may be larger than the memory. Ctrl-C
        leaves the model as it was after the last whole epoch, ready for use and for `partial_fit`;
        before the first one it is not fitted.
        """
        for warning in self._fit(X, y, sample_weight, validation_data, callbacks, progress):
            warnings.warn(warning, stacklevel=2)
        return self

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Make one pass over more data; the first call needs all `classes`.

        The pass goes on from where the last one ended, in batches of `batch_size`, as another
        epoch of `fit` would. A pass that diverges or is interrupted changes nothing. The ratios of
        `sample_weight`, shape (m,), count within this call.
        """
        for warning in self._partial_fit(X, y, classes, sample_weight):
            warnings.warn(warning, stacklevel=2)
        return self

    def cost(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return the mean loss on (X, y) plus the penalty: what training makes small.

        The mean is weighed by `sample_weight`, shape (m,), and by `class_weight`.
        """
        Z = self.decision_function(X)
        indices = class_indices(y, len(Z), self.classes_)
        weights = example_weights(sample_weight, self.class_weight, self.classes_, indices)
        return float(_mean_loss(Z, indices, weights) + self._penalty())

    # Each returns the warnings that are due: the public method raises them, in its caller's name.

    def _fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        validation_data: Sequence[ArrayLike | None] | None = None,
        callbacks: Sequence[Callback] = (),
        progress: bool | None = None,
    ) -> list[Warning]:
        self._check_settings()
        _as_callbacks(callbacks, validated=validation_data is not None)
        names = column_names(X)
        if self.warm_start:
            check_names(X, self.feature_names_in_)
        X, classes, indices = self._check_training_data(X, y, self.dtype)
        weights = as_sample_weight(sample_weight, indices.shape)
        of_class = class_weights(self.class_weight, classes, indices, weights)
        examples = _Examples(X, indices, weighted(weights, of_class, indices), self.dtype)
        kept, examples.labels = as_two_or_more_classes(examples.labels)
        classes, of_class = classes[kept], None if of_class is None else of_class[kept]
        validate = self._validator(validation_data, X.shape[1], names, classes, of_class)
        before = self._check_start(classes, X.shape[1])
        names_before = self.feature_names_in_
        self.history_ = {"epoch": [], "cost": []}
        try:
            self.classes_, self.n_features_in_ = classes, X.shape[1]
            self.feature_names_in_ = names
            self._initialise(warm=before is not None)
            return self._train(examples, self.epochs, self.history_, validate, callbacks, progress)
        except BaseException:  # Ctrl-C too
            if not self.history_.get("epoch"):
                self._forget_the_start(before, names_before)
            raise

    def _check_start(self, classes: NDArray[Any], n_features: int) -> History | None:
        """The history of the fit that this one goes on from; None for a fresh start."""
        if not (self.warm_start and hasattr(self, "classes_")):
            return None
        if not np.array_equal(classes, self.classes_):
            raise ValueError(
                f"y must hold the classes of the fit that warm_start goes on from, "
                f"{_listed(self.classes_)}; got {_listed(classes)}"
            )
        if n_features != self.n_features_in_:
            raise ValueError(
                f"X must have {self.n_features_in_} features, as in the fit that warm_start goes "
                f"on from; got {n_features}"
            )
        hidden = tuple(self._layers[1:-1])
        if as_hidden(self.hidden) != hidden:
            raise ValueError(
                f"hidden must be {hidden}, as in the fit that warm_start goes on from; "
                f"got {self.hidden!r}"
            )
        return self.history_

    def _forget_the_start(self, before: History | None, names: list[str] | None) -> None:
        """Random weights are no fitted model; those of the fit before are."""
        if before is None:
            vars(self).pop("classes_", None)
            self.feature_names_in_ = None
        else:
            self.history_, self.feature_names_in_ = before, names

    def _partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None,
        sample_weight: ArrayLike | None = None,
    ) -> list[Warning]:
        self._check_settings()
        first = not hasattr(self, "classes_")
        if first and classes is None:
            raise ValueError(
                "classes must list all labels on the first call of partial_fit; got None"
            )
        given = self.classes_ if classes is None else as_classes(classes)
        if not first and not are_same_classes(given, self.classes_):
            raise ValueError(
                f"classes must be those of the first call, {_listed(self.classes_)}; "
                f"got {classes!r}"
            )
        if isinstance(self.class_weight, str):
            raise ValueError(
                f"class_weight must be a dict or an array for partial_fit, which does not see all "
                f"of the data; got {self.class_weight!r}"
            )
        if not first and not self._parameters.flags.writeable:  # of a file that a pickle maps
            self.__setstate__(copy.deepcopy(self.__getstate__()))
        names = column_names(X) if first else self.feature_names_in_
        X = as_features(X, dtype=self.dtype) if first else self._check_fitted_features(X)
        indices = class_indices(y, len(X), given)
        weights = example_weights(sample_weight, self.class_weight, given, indices)
        examples = _Examples(X, indices, weights, self.dtype if first else self._precision)
        one_pass: History = {}
        try:
            if first:
                self.history_ = {"epoch": [], "cost": []}
                self.classes_, self.n_features_in_ = given, X.shape[1]
                self.feature_names_in_ = names
                self._initialise()
            elif self._optimizer is None:
                self._replace_unsaved_optimizer()
            due = self._train(examples, 1, one_pass, progress=False)
        except BaseException:  # Ctrl-C too
            if first:
                self._forget_the_start(None, None)
            raise
        for cost in one_pass["cost"]:  # none, where the pass diverged
            record = {"epoch": len(self.history_["epoch"]) + 1, "cost": cost}
            for name, values in self.history_.items():
                values.append(record.get(name, np.nan))  # nothing was validated
        return due

    def _check_settings(self) -> None:
        as_hidden(self.hidden)
        if self.batch_size is not None:
            as_count(self.batch_size, "batch_size")
        if as_index(self.epochs, "epochs") < 0:
            raise ValueError(f"epochs must be at least 0; got {self.epochs}")
        as_number(self.l2, "l2", low=0)
        as_generator(self.random_state)
        as_flag(self.warm_start, "warm_start")
        _check_dtype(self.dtype)
        if self.optimizer is not None:
            check_methods(self.optimizer, "optimizer", "start", "step")

    def _initialise(self, *, warm: bool = False) -> None:
        """Random weights and zero biases or, warm, what the last fit left."""
        self._rng = as_generator(self.random_state)
        if warm:
            self._parameters = self._parameters.astype(self.dtype)
            self._link_layers()
        else:
            self._draw_parameters()
        self._start(Adam() if self.optimizer is None else self.optimizer)

    def _draw_parameters(self) -> None:
        self._layers = [self.n_features_in_, *as_hidden(self.hidden), len(self.classes_)]
        self._parameters = np.zeros(_n_parameters(self._layers), self.dtype)
        self._link_layers()
        *hidden, output = self.weights_
        for W in hidden:
            W[:] = self._rng.standard_normal(W.shape) * np.sqrt(2 / len(W))
        output[:] = self._rng.standard_normal(output.shape) * 0.01

    def _replace_unsaved_optimizer(self) -> None:
        if self.optimizer is None:
            raise ValueError(
                "optimizer must be set before this network trains on, since it was saved "
                "without its own; got None"
            )
        self._start(self.optimizer)

    def _start(self, optimizer: Optimizer) -> None:
        self._optimizer: Any = optimizer  # None, where a file did not hold it
        self._state = optimizer.start(self._parameters)
        if isinstance(self._state, dict) and "decays" in self._state:
            for decays in self._layer_matrices(self._state["decays"]):
                decays[-1] = False

    @property
    def _precision(self) -> np.dtype[Any]:
        return self._parameters.dtype

    def _link_layers(self) -> None:
        """Make the layers, and their gradients, views into one flat vector each."""
        self._gradient = np.zeros_like(self._parameters)
        self._matrices = self._layer_matrices(self._parameters)
        self._gradients = self._layer_matrices(self._gradient)
        vars(self).update(
            weights_=_Layers(matrix[:-1] for matrix in self._matrices),
            biases_=_Layers(matrix[-1] for matrix in self._matrices),
        )

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("weights_", "biases_") and name in vars(self):
            vars(self)[name][:] = value  # into the parameters: another list would be used by nobody
        else:
            super().__setattr__(name, value)

    def __getstate__(self) -> dict[str, Any]:
        # Copied or pickled one by one, views would come apart from the vector they look into.
        views = ("weights_", "biases_", "_matrices", "_gradient", "_gradients")
        return {name: value for name, value in vars(self).items() if name not in views}

    def __copy__(self) -> Self:
        # Training changes the parameters in place: a copy must have its own.
        return copy.deepcopy(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        if "_parameters" in state:
            self._link_layers()

    def _layer_matrices(self, flat: NDArray[Any]) -> list[NDArray[Any]]:
        """Of each layer the weights with the biases below, shape (units in + 1, units out)."""
        matrices, start = [], 0
        for n, k in pairwise(self._layers):
            matrices.append(flat[start : start + (n + 1) * k].reshape(n + 1, k))
            start += (n + 1) * k
        return matrices

    def _logits(self, X: NDArray[Any]) -> NDArray[np.floating]:
        """The last activations alone, computed a few rows at a time."""
        dtype = self._precision
        Z = np.empty((len(X), self._layers[-1]), dtype)
        for start, rows in row_blocks(X, max(self._layers)):
            inputs = _Inputs(len(rows), self._layers, dtype)
            inputs.values[0][...] = rows
            self._forward(inputs, Z[start : start + len(rows)])
        return Z

    def _forward(self, inputs: _Inputs, Z: NDArray[np.floating]) -> None:
        """Fill the inputs of all layers, of which the features come first, and the logits."""
        A = inputs.whole[0]
        *hidden, output = self._matrices
        following = zip(inputs.values[1:], inputs.whole[1:], inputs.zeros, strict=True)
        for matrix, (values, whole, zeros) in zip(hidden, following, strict=True):
            np.matmul(A, matrix, out=values)
            A = np.maximum(whole, zeros, out=whole)
        np.matmul(A, output, out=Z)

    def _backward(self, batch: _Batch) -> None:
        """Fill the gradient, from the derivative by the logits back to the first layer.

        The inputs of a layer, when no longer needed, make room for the derivative by them.
        """
        dZ = batch.dZ
        for layer in reversed(range(len(self.weights_))):
            A, W, gradient = batch.inputs.whole[layer], self.weights_[layer], self._gradients[layer]
            np.matmul(A.T, dZ, out=gradient)
            if self.l2:
                gradient[:-1] += float(self.l2) * W
            if layer:
                active = A > 0.0
                dZ = np.matmul(dZ, W.T, out=batch.inputs.values[layer])
                A *= active

    def _penalty(self) -> float:
        if not self.l2:
            return 0.0
        return float(self.l2) / 2 * sum(float((W**2).sum()) for W in self.weights_)

    def _train(
        self,
        examples: _Examples,
        epochs: int,
        history: History,
        validate: Callable[[NDArray[np.floating]], dict[str, float]] | None = None,
        callbacks: Sequence[Callback] = (),
        progress: bool | None = None,
    ) -> list[Warning]:
        # What an optimiser of one's own keeps of a gradient must not become the next one.
        is_ours = type(self._optimizer) in OPTIMIZERS.values()
        batch_of = cache(lambda size: _Batch(size, self._layers, self._precision))

        def objective(
            _: NDArray[np.floating], rows: NDArray[np.intp]
        ) -> tuple[float, NDArray[np.floating]]:
            batch = batch_of(len(rows))
            labels, weights = examples.take(rows, batch.inputs.values[0])
            self._forward(batch.inputs, batch.Z)
            loss = batch.mean_loss(labels, weights)
            self._backward(batch)
            return loss + self._penalty(), self._gradient if is_ours else self._gradient.copy()

        return _train(
            objective,
            self._parameters,
            len(examples),
            optimizer=self._optimizer,
            batch_size=self.batch_size,
            epochs=epochs,
            rng=self._rng,
            state=self._state,
            history=history,
            validate=validate,
            callbacks=callbacks,
            progress=progress,
        )

    def _validator(
        self,
        validation_data: Any,
        n_features: int,
        names: list[str] | None,
        classes: NDArray[Any],
        of_class: NDArray[np.float64] | None,
    ) -> Callable[[NDArray[np.floating]], dict[str, float]] | None:
        if validation_data is None:
            return None
        if not isinstance(validation_data, (tuple, list)) or len(validation_data) not in (2, 3):
            raise ValueError(
                f"validation_data must be a pair (X, y), or (X, y, sample_weight); "
                f"got {_spelt_out(validation_data)}"
            )
        X, y, *weights = validation_data
        check_names(X, names, "the X of validation_data")
        X = as_known_features(X, n_features, self.dtype, "the X of validation_data")
        indices = class_indices(y, len(X), classes, "the y of validation_data")
        name = "the sample_weight of validation_data"
        shares = as_sample_weight(weights[0] if weights else None, indices.shape, name)
        of_example = weighted(shares, of_class, indices)
        for given in shares, of_example:
            if given is not None and not given.any():
                raise ValueError(f"{name} must be above zero for some example; got only zeros")

        @np.errstate(all="ignore")  # features too large to compute with have a loss of nan
        def validate(_: NDArray[np.floating]) -> dict[str, float]:
            Z = self._logits(X)
            right = indices == Z.argmax(axis=1)
            return {
                "validation_loss": _mean_loss(Z, indices, of_example),
                "validation_accuracy": float(np.average(right, weights=shares)),
            }

        return validate

    def _settings(self) -> dict[str, Any]:
        seed, size = self.random_state, self.batch_size
        drawn = seed is None or isinstance(seed, np.random.Generator)
        return {
            "hidden": self._layers[1:-1],
            "optimizer": self._saved_optimizer(),
            "batch_size": None if size is None else as_count(size, "batch_size"),
            "epochs": as_index(self.epochs, "epochs"),
            "l2": as_number(self.l2, "l2", low=0),
            "random_state": None if drawn else as_index(seed, "random_state"),
            "dtype": self._parameters.dtype.name,
            "class_weight": saved_class_weight(self.class_weight),
            "warm_start": bool(self.warm_start),
        }

    def _saved_optimizer(self) -> dict[str, Any] | None:
        """Name and settings; None for one whose class a file cannot hold."""
        kind = type(self._optimizer)
        if kind not in OPTIMIZERS.values():
            return None
        return {"name": kind.__name__, **self._optimizer.get_params()}

    def _arrays(self) -> dict[str, NDArray[Any]]:
        history = {
            f"history_{name}": _as_column(values, name) for name, values in self.history_.items()
        }
        return {
            "parameters": self._parameters,
            "classes": self.classes_,
            "n_features": np.array(self.n_features_in_),
            **names_as_arrays(self.feature_names_in_),
            **history,
        }

    @classmethod
    def _restore(cls, settings: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Self:
        optimizer = settings.pop("optimizer")
        if optimizer is not None:
            optimizer = OPTIMIZERS[optimizer.pop("name")](**optimizer)
        hidden, dtype = tuple(settings.pop("hidden")), np.dtype(settings.pop("dtype")).type
        class_weight = restored_class_weight(settings.pop("class_weight", None))
        settings |= {"hidden": hidden, "optimizer": optimizer, "dtype": dtype}
        model = cls(**settings, class_weight=class_weight)
        model._check_settings()
        model.classes_ = as_stored_classes(arrays.pop("classes"))
        model.n_features_in_ = as_count(arrays.pop("n_features"), "n_features")
        names = arrays.pop("feature_names", None)
        model.feature_names_in_ = as_stored_names(names, model.n_features_in_)
        layers = [model.n_features_in_, *hidden, len(model.classes_)]
        parameters = as_finite(arrays.pop("parameters"), "parameters")
        if parameters.shape != (_n_parameters(layers),) or parameters.dtype != model.dtype:
            raise ValueError("the parameters do not fit the layers")
        model._initialise()
        model._optimizer = optimizer
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


class _Layers(list[NDArray[np.floating]]):
    """Views into the parameters, one a layer: what takes the place of one is written into it."""

    def __setitem__(self, index: Any, value: Any) -> None:
        views, values = (
            (self[index], value) if isinstance(index, slice) else ([self[index]], [value])
        )
        arrays = [as_finite(array, "weights_ and biases_") for array in values]
        shapes = [view.shape for view in views]
        if [array.shape for array in arrays] != shapes:
            raise ValueError(
                f"weights_ and biases_ must keep their shapes, here {shapes}; "
                f"got {[array.shape for array in arrays]}"
            )
        for view, array in zip(views, arrays, strict=True):
            view[...] = array


class _Examples:
    """Training data, of which batches of rows are taken; rows that weigh 0 are left out."""

    def __init__(
        self,
        X: NDArray[Any],
        labels: NDArray[np.intp],
        weights: NDArray[np.float64] | None,
        dtype: DTypeLike,
    ) -> None:
        kept, self.labels, weights = with_weight(np.arange(len(X)), labels, weights)
        # X may be larger than the memory: rows are left out where they are looked up.
        self.kept = None if len(kept) == len(X) else kept
        self.X = X
        # Divided by their mean, weights leave the steps as long as they are without them.
        self.weights = None if weights is None else (weights / weights.mean()).astype(dtype)

    def __len__(self) -> int:
        return len(self.labels)

    def take(
        self, rows: NDArray[np.intp], features: NDArray[np.floating]
    ) -> tuple[NDArray[np.intp], NDArray[np.floating] | None]:
        """Fill the features of a batch; return its labels and weights."""
        places = rows if self.kept is None else self.kept[rows]
        features[...] = self.X.take(places, axis=0)
        return self.labels[rows], None if self.weights is None else self.weights[rows]


class _Inputs:
    """What goes into each layer: values, and whole, with the ones that the biases multiply."""

    def __init__(self, size: int, layers: Sequence[int], dtype: DTypeLike) -> None:
        self.whole = [np.ones((size, units + 1), dtype) for units in layers[:-1]]
        self.values = [A[:, :-1] for A in self.whole]
        # NumPy takes the larger of two arrays faster than of an array and a number.
        self.zeros = [np.zeros_like(A) for A in self.whole[1:]]


class _Batch:
    """What the examples of one batch become, layer by layer.

    All batches of one size use the same arrays, one after another. Those of the logits lie class
    by class in memory, as the kernel of the loss wants them.
    """

    def __init__(self, size: int, layers: Sequence[int], dtype: DTypeLike) -> None:
        self.inputs = _Inputs(size, layers, dtype)
        self.Z, self.dZ = (np.empty((size, layers[-1]), dtype, order="F") for _ in range(2))
        self.losses = np.empty(size, dtype)

    def mean_loss(
        self, labels: NDArray[np.intp], weights: NDArray[np.floating] | None = None
    ) -> float:
        """Mean of the weighted losses of the logits; fill dZ, its derivative by them."""
        m = len(labels)
        kernels.label_losses(self.Z.T, labels, weights, self.losses, self.dZ.T, 1 / m)
        return float(np.add.reduce(self.losses, dtype=np.float64)) / m


def _mean_loss(
    Z: NDArray[np.floating], indices: NDArray[np.intp], weights: NDArray[np.float64] | None
) -> float:
    if weights is None:
        return float(cross_entropy(Z, indices))
    Z, indices, weights = with_weight(Z, indices, weights)
    return float(np.average(cross_entropy(Z, indices, reduction="none"), weights=weights))


def as_hidden(hidden: Any) -> tuple[int, ...]:
    """Units of each hidden layer."""
    try:
        # Sets have no order, and what can be read once would have no layers the next time.
        if isinstance(hidden, (str, bytes, Mapping, Set, Iterator)):
            raise TypeError
        units = list(hidden)
    except TypeError:
        raise TypeError(
            f"hidden must be a sequence of integers, the units of each hidden layer; got {hidden!r}"
        ) from None
    return tuple(as_count(n, "hidden") for n in units)


def _as_column(values: Any, name: str) -> NDArray[Any]:
    """What the history holds of one quantity, as an array for a file."""
    try:
        column = np.array(values)
        if column.ndim == 1 and column.dtype.kind in "biufUS":
            return column
    except ValueError:  # a ragged list
        pass
    raise TypeError(f"history_[{name!r}] must be a list of numbers; got {values!r}")


def _listed(classes: NDArray[Any]) -> str:
    return ", ".join(map(str, classes))


def _spelt_out(value: Any) -> str:
    kind = type(value).__name__
    return f"a {kind} of {len(value)}" if isinstance(value, (tuple, list)) else kind


def _check_dtype(dtype: Any) -> None:
    with suppress(TypeError):  # what NumPy does not know is refused below
        dtype = np.dtype(dtype)
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float32 or float64; got {dtype}")


def _n_parameters(layers: Sequence[int]) -> int:
    """Weights and biases of a network with so many units in each layer."""
    return sum((n + 1) * k for n, k in pairwise(layers))
