"""Softmax regression on Dask arrays: data larger than memory, on one machine or on many."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core.validate import as_real, first_index
from .models._objective import MANY, Examples, Matrix
from .models.regression import _as_complete_labels, _as_regression_settings, _optimum

try:
    import dask
    import dask.array as da
except ImportError as error:
    raise ImportError(
        'softmax_lib.distributed needs Dask: pip install "softmax_lib[dask]"'
    ) from error


def fit_softmax_regression(
    X: da.Array,
    y: da.Array | ArrayLike,
    *,
    l2: float = 1e-3,
    fit_intercept: bool = True,
    tol: float = 1e-6,
    max_iter: int = 100,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Find the weights and biases of softmax regression, a block of examples at a time.

    .. math:: J(W, b) = \frac{1}{m} \sum_k \sum_{i \in \text{block } k} L^{(i)}
              + \frac{\lambda}{2} \|W\|^2

    The optimum is the one that `softmax_lib.fit_softmax_regression` finds in memory: the cost,
    its gradient and its Hessian products are sums over the examples, and so are sums over
    blocks of sums.

    Parameters
    ----------
    X : dask.array.Array, shape (m, n)
        Features, a row an example; finite. Columns in several chunks are brought together.
    y : dask.array.Array or array_like of int, shape (m,)
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
        If `X` is no Dask array or not real, or `y` is not of an integer dtype.
    ValueError
        If `X` is empty or not finite, `X` and `y` do not go together, a class is missing, or an
        option is out of its range.

    Warns
    -----
    ConvergenceWarning
        If the steps ran out, or rounding stopped them, above `tol`.
    SeparableDataWarning
        If ``l2=0`` and every training example is classified rightly: no optimum exists.

    See Also
    --------
    softmax_lib.models.fit_softmax_regression : the same in memory, without a scheduler's costs.

    Notes
    -----
    Each evaluation, and each Hessian product, is one pass over the data on Dask's current
    scheduler: threads by default, a cluster where a ``distributed.Client`` is active. A pass
    loads each block, uses it, and lets it go, so each thread has to hold a block, a copy of it
    in float64, and three numbers for each class of each of its examples. The tasks keep no
    state: where a worker dies, its blocks are computed again elsewhere. The sums of the blocks
    are added in the order of the blocks, whichever comes first, so that a fit can be repeated
    to the last bit.

    Blocks of unknown length work where `X` and `y` have the same blocks.

    References
    ----------
    .. [1] M. Rocklin, "Dask: Parallel Computation with Blocked algorithms and Task Scheduling",
       Proceedings of the 14th Python in Science Conference, 2015.

    Examples
    --------
    Blocks of which no two need be in memory together:

    >>> import dask.array as da
    >>> from softmax_lib import load_digits
    >>> digits = load_digits()
    >>> X = da.from_array(digits.X, chunks=(600, -1))
    >>> W, b = fit_softmax_regression(X, digits.y)
    >>> X.numblocks[0], W.shape
    (3, (64, 10))
    """
    settings = _as_regression_settings(l2, tol, max_iter)
    W, b, _, due = _optimum(Blocks(*_as_blocks(X, y), fit_intercept), *settings)
    for warning in due:
        warnings.warn(warning, stacklevel=2)
    return W, b


class Blocks:
    """Blocks of examples, with the sums of `Examples`: each a sum over the blocks."""

    def __init__(self, X: Any, y: Any, fit_intercept: bool) -> None:
        self._X, self._y = X, y
        lengths, classes = zip(*_checked(self._of_each_block(_inspect)), strict=True)
        if not sum(lengths):
            raise ValueError(
                f"X must hold at least one example and one feature; "
                f"got an empty data set of shape {(0, X.shape[1])}"
            )
        classes = np.unique(np.concatenate(classes))
        _, n_classes = _as_complete_labels(classes)
        self.total_weight, self.n_features = float(sum(lengths)), X.shape[1]
        self.shape = n_classes, self.n_features + bool(fit_intercept)
        self._kind = n_classes, fit_intercept

    def evaluate(self, theta: Matrix) -> None:
        self._theta = theta
        self._loss, self._gradient, self._class_covariance = self._sums(
            _evaluate, *self._kind, theta
        )

    def loss(self) -> float:
        return self._loss

    def gradient(self) -> Matrix:
        return self._gradient

    def class_covariance(self) -> Matrix:
        return self._class_covariance

    def hessian_times(self, direction: Matrix) -> Matrix:
        return self._sums(_hessian_times, *self._kind, self._theta, direction)[0]

    def gram(self) -> Matrix:
        return self._sums(_gram, *self._kind)[0]

    def are_separated(self, theta: Matrix) -> bool:
        return all(self._of_each_block(_are_separated, *self._kind, theta))

    def _sums(self, function: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Add up what the function returns for each block, in the order of the blocks."""
        return [
            sum(terms) for terms in zip(*self._of_each_block(function, *arguments), strict=True)
        ]

    def _of_each_block(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function returns for each block, in the order of the blocks: one pass."""
        # Wrapped by themselves, the arguments travel once, and not once for each block.
        delayed = [dask.delayed(argument) for argument in arguments]
        return (
            da.blockwise(
                _boxed,
                "kj",
                self._X,
                "kj",
                self._y,
                "k",
                function=function,
                arguments=delayed,
                adjust_chunks={"k": 1, "j": 1},
                align_arrays=False,
                dtype=object,
                meta=np.empty((0, 0), dtype=object),
            )
            .compute()
            .ravel()
        )


# What a worker does with a block. Threads and other machines do not know of the caller's
# errstate: features too large to compute with end in a ConvergenceWarning, as in memory.


def _boxed(X: Any, y: Any, function: Callable[..., Any], arguments: Any) -> NDArray[np.object_]:
    """What the function returns, as the one entry of an array of objects."""
    box = np.empty((1, 1), dtype=object)
    box[0, 0] = function(X, y, *arguments)
    return box


def _inspect(X: Any, y: Any) -> tuple[Any, ...]:
    """Lengths, the classes that occur, and the place and value of the first entry that is bad."""
    bad = first_index(~np.isfinite(X))
    return len(X), len(y), np.unique(y), bad and (*bad, X[bad])


@np.errstate(over="ignore", invalid="ignore")
def _evaluate(
    X: Any, y: Any, n_classes: int, fit_intercept: bool, theta: Matrix
) -> tuple[Any, ...]:
    examples = Examples(X, y, n_classes, fit_intercept)
    examples.evaluate(theta)
    # Where there are many classes, nobody asks for their covariance, which would be large.
    covariance = examples.class_covariance() if n_classes <= MANY else 0
    return examples.loss(), examples.gradient(), covariance


@np.errstate(over="ignore", invalid="ignore")
def _hessian_times(
    X: Any, y: Any, n_classes: int, fit_intercept: bool, theta: Matrix, direction: Matrix
) -> tuple[Matrix]:
    examples = Examples(X, y, n_classes, fit_intercept)
    examples.evaluate(theta)
    return (examples.hessian_times(direction),)


@np.errstate(over="ignore", invalid="ignore")
def _gram(X: Any, y: Any, n_classes: int, fit_intercept: bool) -> tuple[Matrix]:
    return (Examples(X, y, n_classes, fit_intercept).gram(),)


@np.errstate(over="ignore", invalid="ignore")
def _are_separated(X: Any, y: Any, n_classes: int, fit_intercept: bool, theta: Matrix) -> bool:
    return Examples(X, y, n_classes, fit_intercept).are_separated(theta)


# Checks, with the words of those in memory


def _as_blocks(X: Any, y: Any) -> tuple[Any, Any]:
    """Real features and integer labels, in as many blocks, as far as the metadata tell."""
    for name, value in ("X", X), ("y", y):
        if hasattr(value, "to_dask_array"):
            raise TypeError(
                f"{name} must be a dask array; got {type(value).__name__}: "
                f"pass {name}.to_dask_array(lengths=True)"
            )
    if not isinstance(X, da.Array):
        raise TypeError(
            f"X must be a dask array; got {type(X).__name__}: an array in memory is "
            f"a case for softmax_lib.fit_softmax_regression"
        )
    y = da.asarray(y)
    as_real(np.empty(0, X.dtype), "X")
    if X.ndim != 2:
        raise ValueError(f"X must have shape (m, n), a row an example; got {X.shape}")
    if 0 in X.shape:
        raise ValueError(
            f"X must hold at least one example and one feature; "
            f"got an empty data set of shape {X.shape}"
        )
    if y.ndim != 1:
        raise ValueError(f"y must have shape (m,), one label an example; got {y.shape}")
    if y.dtype.kind not in "iu":
        raise TypeError(
            f"y of shape {y.shape} are class labels and must be of an integer dtype; got {y.dtype}"
        )
    X = X.rechunk({1: -1})
    if np.isnan([X.shape[0], y.shape[0]]).any():
        if len(X.chunks[0]) != len(y.chunks[0]):
            raise ValueError(
                f"y must have the blocks of X where their lengths are unknown; got "
                f"{len(y.chunks[0])} for {len(X.chunks[0])}. Call "
                f"compute_chunk_sizes() on both"
            )
        return X, y
    if len(X) != len(y):
        raise ValueError(
            f"y must have shape ({len(X)},), one label for each row of X; got {y.shape}"
        )
    return X, y.rechunk((X.chunks[0],))


def _checked(blocks: Iterable[Any]) -> Iterator[tuple[int, NDArray[Any]]]:
    """Length and classes of each block, if nothing in it is bad."""
    start = 0
    for k, (length, n_labels, classes, bad) in enumerate(blocks):
        if length != n_labels:
            raise ValueError(
                f"y must have a label for each row of X; got {n_labels} for "
                f"{length} rows in block {k}"
            )
        if bad:
            row, column, value = bad
            raise ValueError(f"X must be finite; got {value} at row {start + row}, column {column}")
        start += length
        yield length, classes
