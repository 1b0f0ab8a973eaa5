"""Softmax classifiers: the convex one, and the one with hidden layers."""

from .network import SoftmaxNetwork
from .regression import SeparableDataWarning, SoftmaxRegression, fit_softmax_regression

__all__ = ["SeparableDataWarning", "SoftmaxNetwork", "SoftmaxRegression", "fit_softmax_regression"]
