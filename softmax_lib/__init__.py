"""Softmax, cross-entropy and the training of a softmax classifier, in NumPy alone."""

from .activations import hardmax, log_softmax, logsumexp, sigmoid, softmax, softmax_jacobian
from .autodiff import Tensor
from .datasets import Dataset, load_digits, load_penguins, make_blobs, make_spirals, split
from .gradcheck import check_gradient, numerical_gradient
from .losses import (
    cross_entropy,
    cross_entropy_and_gradient,
    entropy,
    kl_divergence,
    negative_log_likelihood,
    one_hot,
)
from .metrics import (
    ReliabilityCurve,
    accuracy,
    accuracy_interval,
    brier_score,
    confusion_matrix,
    expected_calibration_error,
    fit_temperature,
    reliability_curve,
)
from .misconceptions import diagnose
from .models import (
    SeparableDataWarning,
    SoftmaxNetwork,
    SoftmaxRegression,
    fit_softmax_regression,
)
from .optimizers import Adam, GradientDescent, Momentum
from .training import ConvergenceWarning, EarlyStopping, train

__all__ = [
    "Adam",
    "ConvergenceWarning",
    "Dataset",
    "EarlyStopping",
    "GradientDescent",
    "Momentum",
    "ReliabilityCurve",
    "SeparableDataWarning",
    "SoftmaxNetwork",
    "SoftmaxRegression",
    "Tensor",
    "accuracy",
    "accuracy_interval",
    "brier_score",
    "check_gradient",
    "confusion_matrix",
    "cross_entropy",
    "cross_entropy_and_gradient",
    "diagnose",
    "entropy",
    "expected_calibration_error",
    "fit_softmax_regression",
    "fit_temperature",
    "hardmax",
    "kl_divergence",
    "load_digits",
    "load_penguins",
    "log_softmax",
    "logsumexp",
    "make_blobs",
    "make_spirals",
    "negative_log_likelihood",
    "numerical_gradient",
    "one_hot",
    "reliability_curve",
    "sigmoid",
    "softmax",
    "softmax_jacobian",
    "split",
    "train",
]

__version__ = "0.1.0"
