"""The largest errors on logits that cost digits, of ours and of the others."""

import numpy as np
import pytest
import scipy.special
import torch

import softmax_lib
from tests.support import accuracy_cases, rounding_error


def textbook(function, z):
    """exp(z - max z), divided by its sum; and the logarithm of that sum."""
    peak = z.max(axis=1, keepdims=True)
    powers = np.exp(z - peak)
    total = powers.sum(axis=1, keepdims=True)
    if function == "softmax":
        return powers / total
    if function == "log_softmax":
        return z - peak - np.log(total)
    return (peak + np.log(total))[:, 0]


IMPLEMENTATIONS = {
    "softmax_lib": lambda function, z: getattr(softmax_lib, function)(z),
    "SciPy": lambda function, z: getattr(scipy.special, function)(z, axis=1),
    "PyTorch": lambda function, z: getattr(torch, function)(torch.from_numpy(z), 1).numpy(),
    "textbook": textbook,
}


def largest_error(implementation, function, family, dtype):
    with np.errstate(all="ignore"):
        error = max(
            rounding_error.errors(function, implementation(function, z), exact, z).max()
            for z, exact in accuracy_cases.examples(family, dtype)
        )
    return float(f"{min(error, 1e99):.3g}")


@pytest.mark.parametrize("function", accuracy_cases.FUNCTIONS)
@pytest.mark.parametrize("family", accuracy_cases.FAMILIES)
def test_largest_errors_by_way_of_float64(record, function, family):
    def rounded_once(function, z):
        return accuracy_cases.by_way_of_float64(function)(z)

    error = largest_error(rounded_once, function, family, "float32")
    record("rounded once", function=function, family=family, softmax_lib=error)


@pytest.mark.parametrize("dtype", accuracy_cases.DTYPES)
@pytest.mark.parametrize("function", accuracy_cases.FUNCTIONS)
@pytest.mark.parametrize("family", accuracy_cases.FAMILIES)
def test_largest_errors(record, function, dtype, family):
    errors = {
        name: largest_error(implementation, function, family, dtype)
        for name, implementation in IMPLEMENTATIONS.items()
    }
    record("accuracy", function=function, dtype=dtype, family=family, **errors)
