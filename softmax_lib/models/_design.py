"""The design matrix: the features of each example and, for an intercept, a 1.

Parameters Θ have shape (C, p), logits and errors (C, m): *class first*, so that NumPy's sums over
the classes run along the examples, side by side in memory.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .._core.arrays import is_sparse
from .._core.validate import as_features

Matrix = NDArray[np.float64]


class Design(Protocol):
    """What softmax regression asks of the features of its examples."""

    n_examples: int
    n_features: int
    width: int

    def logits(self, theta: Matrix, out: Matrix) -> Matrix: ...
    def sums(self, errors: Matrix) -> Matrix: ...
    def squares(self, weights: Matrix | None) -> Matrix: ...
    def gram(self, weights: Matrix | None) -> Matrix: ...


class Dense:
    """Features in an array; a copy in float64 has a column for each example."""

    def __init__(self, X: NDArray[Any], fit_intercept: bool) -> None:
        self.n_examples, self.n_features = X.shape
        self.width = self.n_features + bool(fit_intercept)
        self._columns = np.ones((self.width, self.n_examples))
        self._columns[: self.n_features] = X.T

    def logits(self, theta: Matrix, out: Matrix) -> Matrix:
        """Θ x of each example."""
        return np.matmul(theta, self._columns, out=out)

    def sums(self, errors: Matrix) -> Matrix:
        """Σ e xᵀ."""
        return errors @ self._columns.T

    def squares(self, weights: Matrix | None) -> Matrix:
        """Σ s x² of each feature: the diagonal of the Gram matrix."""
        if weights is None:
            return np.einsum("pm,pm->p", self._columns, self._columns)
        return np.einsum("pm,pm,m->p", self._columns, self._columns, weights)

    def gram(self, weights: Matrix | None) -> Matrix:
        """Σ s x xᵀ."""
        weighted = self._columns if weights is None else self._columns * weights
        return weighted @ self._columns.T


class Sparse:
    """Features in a sparse matrix X of any library, of which only X @ W and Xᵀ @ R are asked."""

    def __init__(self, X: Any, fit_intercept: bool) -> None:
        self.n_examples, self.n_features = X.shape
        self.width = self.n_features + bool(fit_intercept)
        self._X, self._fit_intercept = X, fit_intercept

    def logits(self, theta: Matrix, out: Matrix) -> Matrix:
        """Θ x of each example."""
        out[...] = np.asarray(self._X @ theta[:, : self.n_features].T.copy()).T
        if self._fit_intercept:
            out += theta[:, -1:]
        return out

    def sums(self, errors: Matrix) -> Matrix:
        """Σ e xᵀ."""
        sums = np.empty((len(errors), self.width))
        sums[:, : self.n_features] = np.asarray(self._X.T @ errors.T.copy()).T
        if self._fit_intercept:
            sums[:, -1] = errors.sum(axis=1)
        return sums

    def squares(self, weights: Matrix | None) -> Matrix:
        """Σ s x² of each feature."""
        X = self._X
        weights = np.ones(self.n_examples) if weights is None else weights
        squares = np.full(self.width, weights.sum())
        # `*` is the product entry by entry everywhere but in SciPy's older matrices.
        entries = X.multiply(X) if hasattr(X, "multiply") else X * X
        squares[: self.n_features] = entries.T @ weights
        return squares

    def gram(self, weights: Matrix | None) -> Matrix:
        """Never asked for: it could be dense."""
        raise NotImplementedError


def as_design_features(X: Any) -> Any:
    """Finite features of shape (m, n), dense or sparse."""
    return as_sparse_features(X) if is_sparse(X) else as_features(X, dtype=np.float64)


def as_sparse_features(X: Any, name: str = "X") -> Any:
    """Finite real sparse matrix with at least one example and one feature, by rows in float64."""
    if len(X.shape) != 2:
        raise ValueError(f"{name} must have shape (m, n), a row an example; got {X.shape}")
    if 0 in X.shape:
        raise ValueError(
            f"{name} must hold at least one example and one feature; "
            f"got an empty data set of shape {X.shape}"
        )
    if X.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers; got dtype {X.dtype}")
    # Other formats multiply slowly, or convert at each product.
    X = X.tocsr() if hasattr(X, "tocsr") else X
    X = X.astype(np.float64)
    with np.errstate(invalid="ignore"):
        finite = np.isfinite(X @ np.zeros(X.shape[1]))  # 0 times what is not finite is nan
    if not finite.all():
        raise ValueError(f"{name} must be finite; got nan or inf in row {np.argmin(finite)}")
    return X


def design(X: Any, fit_intercept: bool) -> Design:
    """The design matrix of checked features."""
    return Sparse(X, fit_intercept) if is_sparse(X) else Dense(X, fit_intercept)
