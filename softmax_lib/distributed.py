"""Softmax regression on Dask arrays: data larger than memory, on one machine or on many."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core.arrays import as_array, is_sparse
from ._core.validate import as_count, as_flag, as_real, as_sample_weight, first_index
from .models._base import with_weight
from .models._design import Matrix, as_sparse_features
from .models._objective import Examples
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
    sample_weight: da.Array | ArrayLike | None = None,
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
        Features, a row an example; finite. Columns in several chunks are brought together. Blocks
        may be sparse.
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
    sample_weight : dask.array.Array or array_like, shape (m,), optional
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
        If `X` is no Dask array or not real, or `y` is not of an integer dtype.
    ValueError
        If `X` is empty or not finite, the arrays do not go together, a class is missing, or an
        option is out of its range. Where a block is at fault, it is named.

    Warns
    -----
    ConvergenceWarning, SeparableDataWarning
        Where `softmax_lib.fit_softmax_regression` warns. With ``l2=0``, finding out whether the
        classes are separable takes as many passes again as the fit.

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
    fit_intercept = as_flag(fit_intercept, "fit_intercept")
    X, y, weights = _as_blocks(X, y, sample_weight)
    blocks = Blocks(X, y, fit_intercept, weights)
    W, b, _, due = _optimum(blocks, *settings)
    for warning in due:
        warnings.warn(warning, stacklevel=2)
    return W, b


def from_npy(path: str | os.PathLike[str], rows: int) -> da.Array:
    """Read a .npy file as a Dask array whose blocks are loaded where they are needed.

    Parameters
    ----------
    path : path-like
        A file that `numpy.save` wrote, in a place that every worker can read.
    rows : int
        Rows in each block.

    Returns
    -------
    dask.array.Array
        Of the file's shape and dtype. It holds the path, and no data.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    TypeError
        If `rows` is no integer.
    ValueError
        If the file is of another format, damaged, or holds Python objects, or its array has no
        axis; or `rows` is below 1.

    See Also
    --------
    fit_softmax_regression : takes many passes over such arrays.

    Notes
    -----
    ``da.from_array(np.load(path, mmap_mode="r"))`` does as well for threads, which share the map.
    To other processes a map travels as the data that it shows, all of them, in every pass.

    References
    ----------
    .. [1] NumPy's file format, ``numpy.lib.format``.

    Examples
    --------
    What a worker is sent is the path, whatever the size of the file:

    >>> import pickle
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(f"{folder}/X.npy", np.zeros((10_000, 10)))
    ...     X = from_npy(f"{folder}/X.npy", rows=1_000)
    ...     mapped = da.from_array(np.load(f"{folder}/X.npy", mmap_mode="r"), chunks=(1_000, 10))
    ...     [len(pickle.dumps(dict(each.dask))) > 800_000 for each in (X, mapped)]
    [False, True]
    """
    file = _NpyFile(path)
    chunks = (as_count(rows, "rows"), *file.shape[1:])
    return da.from_array(file, chunks=chunks, name=False, meta=np.empty(0, file.dtype))


class _NpyFile:
    """Stands for the array in a file; whoever asks for a part of it opens the file."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.path.abspath(path)
        try:
            array = self._open()
        except (ValueError, OverflowError) as error:
            raise ValueError(f"path must be a .npy file of numbers; got {path}: {error}") from error
        if not array.ndim:
            raise ValueError(f"path must be a .npy file with rows; got one number in {path}")
        self.shape, self.dtype, self.ndim = array.shape, array.dtype, array.ndim

    def __getitem__(self, index: Any) -> NDArray[Any]:
        return np.array(self._open()[index])

    def _open(self) -> Any:
        return np.lib.format.open_memmap(self.path, mode="r")


class Blocks:
    """Blocks of examples, with the sums of `Examples`: each a sum over the blocks."""

    def __init__(self, X: Any, y: Any, fit_intercept: bool, weights: Any = None) -> None:
        self._arrays = X, y, weights
        facts = _checked(self._of_each_block(_inspect, X.shape[1]))
        if not any(fact.length for fact in facts):
            raise ValueError(
                f"X must hold at least one example and one feature; "
                f"got an empty data set of shape {(0, X.shape[1])}"
            )
        largest = max(fact.largest_weight for fact in facts)
        if not largest:
            raise ValueError("sample_weight must be above zero for some example; got only zeros")
        _, n_classes = _as_complete_labels(np.unique(np.concatenate([f.classes for f in facts])))
        self.n_examples = sum(fact.length for fact in facts)
        self.n_features = X.shape[1]
        self.is_sparse = any(fact.is_sparse for fact in facts)
        self.shape = n_classes, self.n_features + bool(fit_intercept)
        self._kind = n_classes, fit_intercept, largest
        self.total_weight = sum(fact.shares * (fact.largest_weight / largest) for fact in facts)

    def evaluate(self, theta: Matrix) -> None:
        self._theta = theta
        self._loss, self._gradient, self._class_covariance = self._sums(_evaluate, theta)

    def loss(self) -> float:
        return self._loss

    def gradient(self) -> Matrix:
        return self._gradient

    def class_covariance(self) -> Matrix:
        return self._class_covariance

    def hessian_times(self, direction: Matrix) -> Matrix:
        return self._sums(_hessian_times, self._theta, direction)[0]

    def squares(self) -> Matrix:
        return self._sums(_squares)[0]

    def gram(self) -> Matrix:
        return self._sums(_gram)[0]

    def growth(self, theta: Matrix, later: Matrix) -> tuple[float, float]:
        least, greatest = zip(*self._of_each_block(_growth, *self._kind, theta, later), strict=True)
        return min(least), max(greatest)

    def _sums(self, function: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Add up what the function returns for each block, in the order of the blocks."""
        terms = self._of_each_block(function, *self._kind, *arguments)
        return [sum(each) for each in zip(*terms, strict=True)]

    def _of_each_block(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function returns for each block, in the order of the blocks: one pass."""
        X, y, weights = self._arrays
        # Wrapped by themselves, the arguments travel once, and not once for each block.
        delayed = [dask.delayed(argument) for argument in arguments]
        return (
            da.blockwise(
                _boxed,
                "kj",
                X,
                "kj",
                y,
                "k",
                weights,
                None if weights is None else "k",
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


def _boxed(
    X: Any, y: Any, weights: Any, function: Callable[..., Any], arguments: Any
) -> NDArray[np.object_]:
    """What the function returns, as the one entry of an array of objects."""
    box = np.empty((1, 1), dtype=object)
    with np.errstate(all="ignore"):
        box[0, 0] = function(X, y, weights, *arguments)
    return box


class _Facts(NamedTuple):
    """What the client has to know of a block; of a bad one, what is bad."""

    length: int
    classes: NDArray[Any]
    largest_weight: float
    shares: float  # all weights, as shares of the largest
    is_sparse: bool
    not_finite: tuple[Any, ...] | None = None
    error: Exception | None = None


def _inspect(X: Any, y: Any, weights: Any, n_features: int) -> _Facts:
    try:
        X, y, weights = _as_block(X, y, weights)
        if X.shape[1:] != (n_features,):
            raise ValueError(f"X must have {n_features} columns in each block; got {X.shape[1]}")
        if y.shape != X.shape[:1]:
            raise ValueError(
                f"y must have a label for each row of X; got {len(y)} for {X.shape[0]} rows"
            )
        if is_sparse(X) and 0 not in X.shape:
            as_sparse_features(X)
        weights = as_sample_weight(weights, y.shape)
    except (TypeError, ValueError) as error:
        return _Facts(0, np.empty(0), 0.0, 0.0, False, error=error)
    finite = is_sparse(X) or np.isfinite(X.astype(np.float64, copy=False))
    bad = first_index(~np.asarray(finite))
    classes = np.unique(y if weights is None else y[weights > 0])
    weights = np.ones(len(y)) if weights is None else weights
    largest = weights.max(initial=0)
    shares = (weights / (largest or 1)).sum()
    return _Facts(len(y), classes, largest, shares, is_sparse(X), bad and (*bad, X[bad]))


def _as_block(X: Any, y: Any, weights: Any) -> tuple[Any, NDArray[Any], Any]:
    """Arrays of numbers, or a sparse matrix by rows, out of what a block holds."""
    X = X.tocsr() if hasattr(X, "tocsr") else X
    X = X if is_sparse(X) else as_real(X, "X", objects=True)
    return X, as_real(y, "y"), weights


def _examples(
    X: Any, y: Any, weights: Any, n_classes: int, fit_intercept: bool, largest: float
) -> Examples:
    X, y, weights = with_weight(*_as_block(X, y, weights), largest)
    return Examples(X, y, n_classes, fit_intercept, weights)


def _evaluate(*arguments: Any) -> tuple[Any, ...]:
    *block, theta = arguments
    examples = _examples(*block)
    examples.evaluate(theta)
    return examples.loss(), examples.gradient(), examples.class_covariance()


def _hessian_times(*arguments: Any) -> tuple[Matrix]:
    *block, theta, direction = arguments
    examples = _examples(*block)
    examples.evaluate(theta)
    return (examples.hessian_times(direction),)


def _squares(*block: Any) -> tuple[Matrix]:
    return (_examples(*block).squares(),)


def _gram(*block: Any) -> tuple[Matrix]:
    return (_examples(*block).gram(),)


def _growth(*arguments: Any) -> tuple[float, float]:
    *block, theta, later = arguments
    return _examples(*block).growth(theta, later)


# Checks, with the words of those in memory


def _as_blocks(X: Any, y: Any, weights: Any) -> tuple[Any, Any, Any]:
    """Features, integer labels and weights in as many blocks, as far as the metadata tell."""
    for name, value in ("X", X), ("y", y), ("sample_weight", weights):
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
    if X.dtype.kind != "O":  # else each block is looked at
        as_real(np.empty(0, X.dtype), "X")
    if X.ndim != 2:
        raise ValueError(f"X must have shape (m, n), a row an example; got {X.shape}")
    if 0 in X.shape:
        raise ValueError(
            f"X must hold at least one example and one feature; "
            f"got an empty data set of shape {X.shape}"
        )
    if np.isnan(X.shape[1]):
        raise ValueError(f"X must have a known number of features; got shape {X.shape}")
    y = _as_dask(y, "y")
    if y.ndim != 1:
        raise ValueError(f"y must have shape (m,), one label an example; got {y.shape}")
    if y.dtype.kind not in "iu":
        raise TypeError(
            f"y of shape {y.shape} are class labels and must be of an integer dtype; got {y.dtype}"
        )
    X = X.rechunk({1: -1})
    y = _in_blocks_of(X, y, "y", "label")
    if weights is not None:
        weights = _as_dask(weights, "sample_weight")
        if weights.ndim != 1:
            raise ValueError(
                f"sample_weight must have shape (m,), one weight for each example; "
                f"got {weights.shape}"
            )
        weights = _in_blocks_of(X, weights, "sample_weight", "weight")
    return X, y, weights


def _as_dask(value: Any, name: str) -> Any:
    if isinstance(value, da.Array):
        return value
    array = as_array(value, name)
    return da.asarray(as_real(value, name) if array.dtype.kind == "O" else array)


def _in_blocks_of(X: Any, value: Any, name: str, what: str) -> Any:
    """A vector with an entry for each row, cut where X is cut."""
    if np.isnan([X.shape[0], value.shape[0]]).any():
        if len(X.chunks[0]) != len(value.chunks[0]):
            raise ValueError(
                f"{name} must have the blocks of X where their lengths are unknown; got "
                f"{len(value.chunks[0])} for {len(X.chunks[0])}. Call "
                f"compute_chunk_sizes() on both"
            )
        return value
    if len(X) != len(value):
        raise ValueError(
            f"{name} must have shape ({len(X)},), one {what} for each row of X; got {value.shape}"
        )
    return value.rechunk((X.chunks[0],))


def _checked(facts: Iterable[_Facts]) -> list[_Facts]:
    """The facts of all blocks, if nothing in them is bad."""
    facts = list(facts)
    start = 0
    for k, fact in enumerate(facts):
        if fact.error:
            raise type(fact.error)(f"{fact.error} in block {k}")
        if fact.not_finite:
            row, column, value = fact.not_finite
            raise ValueError(
                f"X must be finite; got {value!s} at row {start + row}, column {column}"
            )
        start += fact.length
    return facts
