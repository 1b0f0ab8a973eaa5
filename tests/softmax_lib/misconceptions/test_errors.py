"""An error is explained in plain words, and says what to do."""

import math

import numpy as np
import pytest

import softmax_lib as lib
from tests.support.diagnoses import diagnosed


def product_that_does_not_fit(X, Z, y):
    dZ = lib.softmax(Z)
    return X @ dZ, dZ.sum(axis=0)


def old_product_that_does_not_fit(X, Z, y):
    dZ = lib.softmax(Z)
    return np.dot(X, dZ), dZ.sum(axis=0)


def misspelt(Z):
    total = np.exp(Z).sum()
    return Z / (total + totl)  # noqa: F821


def used_before_it_is_set(Z):
    total = total + 1  # noqa: F821
    return total


def no_import(Z):
    return numpy.exp(Z)  # noqa: F821


def not_begun(Z):
    raise NotImplementedError


def asks_an_array(Z):
    return Z if (Z > 0) else -Z


def math_of_an_array(Z):
    return math.exp(Z)


def fractions_into_whole_numbers(Z):
    if Z.dtype.kind == "i":
        Z -= 0.5
    return lib.softmax(Z)


def wants_a_tensor(Z):
    raise TypeError("softmax(): argument 'input' (position 1) must be Tensor, not numpy.ndarray")


def wants_jax(Z):
    raise TypeError("Argument '[[5.]]' of type <class 'list'> is not a valid JAX type")


def no_such_axis(Z):
    return Z[0].sum(axis=1)


def beyond_the_end(Z):
    return Z[7]


def no_such_method(Z):
    return np.asarray(Z).softmax()


def lost_axis(Z):
    return lib.softmax(Z) + 0 * Z.sum(axis=1)


def overflows(Z):
    return [[math.exp(z) / (math.exp(z) + 1) for z in row] for row in np.asarray(Z) + 800]


def refuses(Z):
    assert Z is None
    return Z


@pytest.mark.parametrize(
    ("function", "kind", "says"),
    [
        (product_that_does_not_fit, "weight_gradient", "has 2 columns, but the right one 1 rows"),
        (product_that_does_not_fit, "weight_gradient", "transpose X"),
        (old_product_that_does_not_fit, "weight_gradient", "(1,2) by (1,2)"),
        (misspelt, "softmax", "totl is used and never set: a typing slip?"),
        (used_before_it_is_set, "softmax", "total is used before it is set"),
        (no_import, "softmax", "Import numpy first."),
        (not_begun, "softmax", "It is not begun yet."),
        (asks_an_array, "softmax", "Use np.where, np.maximum, or .max(axis=1"),
        (math_of_an_array, "softmax", "np.exp takes whole arrays"),
        (fractions_into_whole_numbers, "softmax", "cannot take fractions in place"),
        (wants_a_tensor, "softmax", "lambda Z: f(torch.tensor(Z)).detach().numpy()"),
        (wants_jax, "softmax", "lambda Z: np.asarray(f(jnp.asarray(Z)))"),
        (no_such_axis, "softmax", "There is no axis 1 in an array of 1 axis"),
        (beyond_the_end, "softmax", "Entry 7 of 1 does not exist"),
        (no_such_method, "softmax", "An array has no softmax."),
        (lost_axis, "softmax", "look at axis and keepdims"),
        (overflows, "softmax", "Subtract the maximum of the row first."),
        (refuses, "softmax", "An assert in it refuses this input"),
    ],
)
def test_an_error_is_explained(function, kind, says):
    verdict = diagnosed(function, kind)
    assert verdict.id == "unknown"
    assert says in verdict.message.replace("\n", " ")
    assert '\nSee "' in verdict.message
