"""The data sets that the tests of the models share."""

import pytest

from softmax_lib import (
    load_digits,
    load_penguins,
)


def standardised(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


@pytest.fixture(scope="module")
def penguins():
    data = load_penguins()
    return standardised(data.X), data.y


@pytest.fixture(scope="module")
def digits():
    data = load_digits()
    return data.X[:700], data.y[:700]
