"""Cost, gradient and Hessian products of penalised softmax regression, as sums over examples."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .._core import kernels
from .._core.arrays import is_sparse
from . import _newton
from ._design import Matrix, design

# Beyond so many features or classes, a matrix of all pairs may cost more than it saves.
MANY = 256
# Beyond so many features, it costs more memory than it may.
TOO_MANY = 4096

# Where a class leads by so much, the other's probability is e^-20 at most.
LARGE = 20


class Sums(Protocol):
    """What softmax regression needs of its examples, wherever they are."""

    n_examples: int
    n_features: int
    total_weight: float
    shape: tuple[int, int]
    is_sparse: bool

    def evaluate(self, theta: Matrix) -> None: ...
    def loss(self) -> float: ...
    def gradient(self) -> Matrix: ...
    def hessian_times(self, direction: Matrix) -> Matrix: ...
    def class_covariance(self) -> Matrix: ...
    def squares(self) -> Matrix: ...
    def gram(self) -> Matrix: ...
    def growth(self, theta: Matrix, later: Matrix) -> tuple[float, float]: ...


class Examples:
    """Some examples, and what softmax regression needs as sums over them, each by its weight."""

    def __init__(
        self,
        X: Any,
        y: NDArray[np.intp],
        n_classes: int,
        fit_intercept: bool,
        weights: NDArray[np.float64] | None = None,
    ) -> None:
        self._design = design(X, fit_intercept)
        self.n_examples, self.n_features = X.shape
        self.is_sparse = is_sparse(X)
        self.shape = n_classes, self._design.width
        self.total_weight = self.n_examples if weights is None else weights.sum()
        self._weights = weights
        self._truth = y, np.arange(self.n_examples)
        # Fresh arrays of this size cost as much as the arithmetic: all passes share three.
        self._probs, self._errors, self._work = np.empty((3, n_classes, self.n_examples))
        self._losses = np.empty(self.n_examples)

    def evaluate(self, theta: Matrix) -> None:
        """Compute losses, errors Ŷ - Y and probabilities Ŷ at the parameters, for all that follows.

        The loss is that of `cross_entropy`, from its kernel.
        """
        logits = self._design.logits(theta, out=self._work)
        kernels.label_losses(logits, self._truth[0], None, self._losses, self._errors)
        np.copyto(self._probs, self._errors)
        self._probs[self._truth] = np.exp(-self._losses)  # where the error is ŷ - 1
        if self._weights is not None:
            self._losses *= self._weights
            self._errors *= self._weights

    def loss(self) -> float:
        """Σ s (-ln ŷ) of the truth."""
        return self._losses.sum()

    def gradient(self) -> Matrix:
        """Σ s (ŷ - y) xᵀ, the derivative of the loss."""
        return self._design.sums(self._errors)

    def hessian_times(self, direction: Matrix) -> Matrix:
        """Σ s (diag ŷ - ŷŷᵀ) V x xᵀ, the derivative of the gradient in the direction V."""
        change = self._design.logits(direction, out=self._work)
        change -= np.einsum("cm,cm->m", self._probs, change)
        change *= self._probs
        return self._design.sums(self._weighted(change, out=change))

    def class_covariance(self) -> Matrix:
        """Σ s (diag ŷ - ŷŷᵀ), the covariance of the classes; of many, its diagonal alone."""
        weighted = self._weighted(self._probs)
        if len(weighted) > MANY:
            return weighted.sum(axis=1) - np.einsum("cm,cm->c", weighted, self._probs)
        return np.diag(weighted.sum(axis=1)) - weighted @ self._probs.T

    def squares(self) -> Matrix:
        """Σ s x² of each feature."""
        return self._design.squares(self._weights)

    def gram(self) -> Matrix:
        """Σ s x xᵀ."""
        return self._design.gram(self._weights)

    def growth(self, theta: Matrix, later: Matrix) -> tuple[float, float]:
        """The least and the greatest growth of a true class's lead over another, in logits.

        The least leaves out leads that are large all the same.
        """
        leads = self._leads(later)
        growth = leads - self._leads(theta)
        growth[self._truth] = -np.inf
        greatest = growth.max(initial=-np.inf)
        growth[self._truth] = np.inf
        growth[leads > LARGE] = np.inf
        return growth.min(initial=np.inf), greatest

    def _leads(self, theta: Matrix) -> Matrix:
        logits = self._design.logits(theta, out=self._work)
        return logits[self._truth] - logits

    def _weighted(self, columns: Matrix, out: Matrix | None = None) -> Matrix:
        return columns if self._weights is None else np.multiply(columns, self._weights, out=out)


class Objective:
    r"""The mean loss and the penalty, as a function of the flat parameters.

    .. math:: J(\Theta) = \frac{1}{\sum_i s_i} \sum_i s_i L^{(i)} + \frac{\lambda}{2} \|W\|^2
    """

    def __init__(self, examples: Sums, l2: float) -> None:
        self.examples, self.l2 = examples, l2
        self.penalty = np.zeros(examples.shape[1])  # none for the intercept, the last
        self.penalty[: examples.n_features] = l2
        self._n_products = 0
        self._inverted: tuple[float, Matrix] | None = None

    def __call__(self, theta: Matrix) -> _newton.Values:
        """Return cost, gradient and Hessian product; the product holds until the next call."""
        theta = theta.reshape(self.examples.shape)
        self.examples.evaluate(theta)
        cost = self._mean(self.examples.loss()) + (self.penalty * theta**2).sum() / 2
        gradient = self._mean(self.examples.gradient()) + self.penalty * theta
        return cost, gradient.ravel(), self.hessian_times

    def hessian_times(self, vector: Matrix) -> Matrix:
        self._n_products += 1
        V = vector.reshape(self.examples.shape)
        return (self._mean(self.examples.hessian_times(V)) + self.penalty * V).ravel()

    def minimise(self, start: Matrix, **options: Any) -> _newton.Descent:
        """Descend from the flat parameters, as far as the options of Newton's method say."""
        options = {"norm": self.norm(options["tol"]), **options}
        return _newton.minimise(
            self, start, preconditioner=self.preconditioner, rounding=self.rounding, **options
        )

    def norm(self, tol: float) -> Callable[[Matrix], float]:
        """The norm of a gradient; where it is small since the features are, that in their sizes.

        Then the root of `tol` will do: near the optimum a step squares what is wrong.
        """

        def length(gradient: Matrix) -> float:
            plain = _newton.norm_of(gradient)
            if plain > tol:
                return plain
            scaled = self.scaled_norm(gradient)
            return scaled if scaled > math.sqrt(tol) else plain

        return length

    def has_no_minimum(self) -> bool:
        """Whether a direction of the parameters shrinks no true class's lead and stretches some.

        Without a penalty the cost then falls in that direction for ever. A descent shows it: from
        a small gradient to a tiny one, leads that have an end hardly move, and others grow on.
        """
        start = np.zeros(np.prod(self.examples.shape))
        near = self.minimise(start, tol=1e-10, max_iter=100, norm=self.scaled_norm).x
        nearer = self.minimise(near, tol=1e-12, max_iter=30, norm=self.scaled_norm).x
        shape = self.examples.shape
        least, greatest = self.examples.growth(near.reshape(shape), nearer.reshape(shape))
        return greatest > 0.1 and least > -1e-3 * greatest

    def scaled_norm(self, gradient: Matrix) -> float:
        """The norm of a gradient in units of the features' own sizes."""
        return float(np.linalg.norm(gradient.reshape(self.examples.shape) / self._sizes))

    def rounding(self, cost: float, theta: Matrix) -> float:
        """How far rounding may move the cost: that of the cost itself, and that of the logits."""
        reach = abs(theta.reshape(self.examples.shape)).max(axis=0) @ self._sizes
        return float(np.finfo(theta.dtype).eps * (8 * max(1.0, abs(cost)) + reach))

    def preconditioner(self) -> _newton.Operator | None:
        r"""Return a function that divides by nearly the Hessian at the last point, or None.

        The Hessian is a mean of Kronecker products. We take the product of the means, and share
        the penalty out among the classes by the mean eigenvalue a of A:

        .. math:: \overline{(\operatorname{diag} \hat y - \hat y \hat y^\top) \otimes x x^\top}
                  + I \otimes \Lambda \approx \frac{A}{a} \otimes (a G + \Lambda)

        It is exact where all probabilities are equal, as at Θ = 0, and it knows the scales of
        the features and how they go together. Of many classes or features it knows the scales
        alone, until the features have cost as many products as the matrix of their pairs would.
        """
        if not self._pairs_pay() and self._few_examples():
            return None
        A = self._mean(self.examples.class_covariance())
        a = _trace(A) / max(len(A) - 1, 1)  # one eigenvalue is 0, along equal logits
        if not a > 0:
            return None
        classes, features = _inverse(A / a), self._feature_inverse(a)

        def divide(residual: Matrix) -> Matrix:
            rows = residual.reshape(self.examples.shape)
            rows = rows * classes[:, np.newaxis] if classes.ndim == 1 else classes @ rows
            quotient = rows * features if features.ndim == 1 else rows @ features
            # The Hessian is flat along a constant added to all classes: stay out of there.
            return (quotient - quotient.mean(axis=0)).ravel()

        return divide

    def _feature_inverse(self, a: float) -> Matrix:
        """The inverse of a G + Λ; one for nearly the same a does as well."""
        if self._pairs_pay():
            if self._inverted is None or not 0.5 <= a / self._inverted[0] <= 2:
                self._inverted = a, _inverse(a * self._gram + np.diag(self.penalty))
            return self._inverted[1]
        return _inverse(a * self._squares + self.penalty)

    def _few_examples(self) -> bool:
        """Whether features go together so much that their sizes alone would mislead."""
        return not self.examples.is_sparse and self.examples.n_examples < self.examples.shape[1]

    def _pairs_pay(self) -> bool:
        """Whether the Gram matrix has become worth its price, that of so many Hessian products."""
        n_classes, p = self.examples.shape
        if self.examples.is_sparse or p > TOO_MANY:
            return False
        price = p / (4 * n_classes) * (1 + 2 * p / self.examples.n_examples)
        return p <= MANY or self._n_products > price

    @cached_property
    def _gram(self) -> Matrix:
        return self._mean(self.examples.gram())

    @cached_property
    def _squares(self) -> Matrix:
        if self._pairs_pay():
            return np.diag(self._gram)
        return self._mean(self.examples.squares())

    @cached_property
    def _sizes(self) -> Matrix:
        """The root of each feature's mean square, or 1 where that is 0."""
        sizes = np.sqrt(self._squares)
        return np.where(sizes > 0, sizes, 1)

    def _mean(self, total: Any) -> Any:
        return total / self.examples.total_weight


def _trace(matrix: Matrix) -> float:
    return float(matrix.sum() if matrix.ndim == 1 else np.trace(matrix))


def _inverse(matrix: Matrix) -> Matrix:
    """Inverse of a semi-definite matrix, or diagonal, that stays finite where it is flat."""
    diagonal = matrix if matrix.ndim == 1 else np.diag(matrix)
    scale = np.sqrt(np.maximum(diagonal, 1e-200 * diagonal.max()))  # no quotient overflows
    scale[scale == 0] = 1
    if matrix.ndim == 1:
        return scale**-2
    scale = np.outer(scale, scale)
    # Rounding leaves noise in flat directions; divided by almost 0 it would swamp the rest.
    return np.linalg.inv(matrix / scale + 1e-7 * np.eye(len(matrix))) / scale
