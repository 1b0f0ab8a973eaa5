"""Softmax classifiers: the convex one, and the one with hidden layers."""

from .network import SoftmaxNetwork
from .regression import SeparableDataWarning, SoftmaxRegression, fit_softmax_regression

# The order of the reference page.
__all__ = [  # noqa: RUF022
    "SeparableDataWarning",
    "fit_softmax_regression",
    "SoftmaxRegression",
    "SoftmaxNetwork",
]
