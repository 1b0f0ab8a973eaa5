"""Cost, gradient and Hessian products of penalised softmax regression.

Arrays are *class first*: parameters Θ of shape (C, p), logits and probabilities of shape (C, m),
so that NumPy's sums over the classes run along the examples, side by side in memory.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .._core import kernels
from . import _newton

# Beyond so many features or classes, a Gram matrix and its axes cost more than they save.
MANY = 256

Matrix = NDArray[np.float64]


class Sums(Protocol):
    """What softmax regression needs of its examples, wherever they are."""

    total_weight: float
    n_features: int
    shape: tuple[int, int]

    def evaluate(self, theta: Matrix) -> None: ...
    def loss(self) -> float: ...
    def gradient(self) -> Matrix: ...
    def hessian_times(self, direction: Matrix) -> Matrix: ...
    def class_covariance(self) -> Matrix: ...
    def gram(self) -> Matrix: ...
    def are_separated(self, theta: Matrix) -> bool: ...


class Examples:
    """Some examples, and what softmax regression needs as sums over them.

    The design matrix has a column for each example: its features and, for an intercept, a 1.
    """

    def __init__(
        self,
        X: NDArray[np.floating],
        y: NDArray[np.intp],
        n_classes: int,
        fit_intercept: bool,
        weights: NDArray[np.float64] | None = None,
    ) -> None:
        m, self.n_features = X.shape
        self.weights = weights
        self.total_weight = m if weights is None else weights.sum()
        self.design = np.ones((self.n_features + bool(fit_intercept), m))
        self.design[: self.n_features] = X.T
        self.truth = y, np.arange(m)
        self.shape = n_classes, len(self.design)
        # Fresh arrays of this size cost as much as the arithmetic: all passes share three.
        self.probs, self.errors, self.work = np.empty((3, n_classes, m))
        self.losses = np.empty(m)

    def evaluate(self, theta: Matrix) -> None:
        """Compute losses, errors Ŷ - Y and probabilities Ŷ at the parameters, for all that follows.

        The loss is that of `cross_entropy`, from its kernel.
        """
        logits = np.matmul(theta, self.design, out=self.work)
        kernels.label_losses(logits, self.truth[0], None, self.losses, self.errors)
        np.copyto(self.probs, self.errors)
        self.probs[self.truth] = np.exp(-self.losses)  # where the error is ŷ - 1
        if self.weights is not None:
            self.losses *= self.weights
            self.errors *= self.weights

    def loss(self) -> float:
        """Σ -ln ŷ of the truth."""
        return self.losses.sum()

    def gradient(self) -> Matrix:
        """Σ (ŷ - y) xᵀ, the derivative of the loss."""
        return self.errors @ self.design.T

    def hessian_times(self, direction: Matrix) -> Matrix:
        """Σ (diag ŷ - ŷŷᵀ) V x xᵀ, the derivative of the gradient in the direction V."""
        change = np.matmul(direction, self.design, out=self.work)
        change -= np.einsum("cm,cm->m", self.probs, change)
        change *= self.probs
        return self._weighted(change, self.work) @ self.design.T

    def class_covariance(self) -> Matrix:
        """Σ (diag ŷ - ŷŷᵀ), the covariance of the classes."""
        weighted = self._weighted(self.probs)
        return np.diag(weighted.sum(axis=1)) - weighted @ self.probs.T

    def gram(self) -> Matrix:
        """Σ x xᵀ."""
        return self._weighted(self.design) @ self.design.T

    def are_separated(self, theta: Matrix) -> bool:
        """Whether the true class has the largest logit, alone, in each example."""
        Z = np.matmul(theta, self.design, out=self.work)
        truth = Z[self.truth]
        Z[self.truth] = -np.inf
        return bool((truth > Z.max(axis=0)).all())

    def _weighted(self, columns: Matrix, out: Matrix | None = None) -> Matrix:
        return columns if self.weights is None else np.multiply(columns, self.weights, out=out)


class Objective:
    r"""The mean loss and the penalty, as a function of the flat parameters.

    .. math:: J(\Theta) = \frac{1}{\sum_i s_i} \sum_i s_i L^{(i)} + \frac{\lambda}{2} \|W\|^2
    """

    def __init__(self, examples: Sums, l2: float) -> None:
        self.examples, self.l2 = examples, l2
        self.penalty = np.zeros(examples.shape[1])  # none for the intercept, the last
        self.penalty[: examples.n_features] = l2

    def __call__(self, theta: Matrix) -> _newton.Values:
        """Return cost, gradient and Hessian product; the product holds until the next call."""
        theta = theta.reshape(self.examples.shape)
        self.examples.evaluate(theta)
        cost = self._mean(self.examples.loss()) + (self.penalty * theta**2).sum() / 2
        gradient = self._mean(self.examples.gradient()) + self.penalty * theta
        return cost, gradient.ravel(), self.hessian_times

    def hessian_times(self, vector: Matrix) -> Matrix:
        V = vector.reshape(self.examples.shape)
        return (self._mean(self.examples.hessian_times(V)) + self.penalty * V).ravel()

    def preconditioner(self) -> _newton.Operator | None:
        r"""Return a function that divides by nearly the Hessian at the last point, or None.

        The Hessian is a mean of Kronecker products. We take the product of the means, and share
        the penalty out among the classes by the mean eigenvalue a of A:

        .. math:: \overline{(\operatorname{diag} \hat y - \hat y \hat y^\top) \otimes x x^\top}
                  + I \otimes \Lambda \approx \frac{A}{a} \otimes (a G + \Lambda)

        It is exact where all probabilities are equal, as at Θ = 0, and it knows the scales of
        the features and how they go together.
        """
        if max(self.examples.shape) > MANY:
            return None
        A = self._mean(self.examples.class_covariance())
        a = np.trace(A) / max(len(A) - 1, 1)  # one eigenvalue is 0, along equal logits
        if not a > 0:
            return None
        classes = _inverse(A / a)
        features = _inverse(a * self._gram + np.diag(self.penalty))

        def divide(residual: Matrix) -> Matrix:
            quotient = classes @ residual.reshape(self.examples.shape) @ features
            # The Hessian is flat along a constant added to all classes: stay out of there.
            return (quotient - quotient.mean(axis=0)).ravel()

        return divide

    @cached_property
    def _gram(self) -> Matrix:
        return self._mean(self.examples.gram())

    def _mean(self, total: Any) -> Any:
        return total / self.examples.total_weight


def _inverse(matrix: Matrix) -> Matrix:
    """Inverse of a semi-definite matrix that stays finite where the matrix is flat."""
    scale = np.sqrt(np.maximum(np.diag(matrix), 0))
    scale[scale == 0] = 1
    scale = np.outer(scale, scale)
    # Rounding leaves noise in flat directions; divided by almost 0 it would swamp the rest.
    return np.linalg.inv(matrix / scale + 1e-7 * np.eye(len(matrix))) / scale
