"""Data and formulas that the tests of several models share."""

from softmax_lib import (
    SoftmaxNetwork,
    SoftmaxRegression,
    cross_entropy,
    make_blobs,
)

FITS = [
    lambda X, y: SoftmaxRegression().fit(X, y),
    lambda X, y: SoftmaxNetwork((3,), epochs=2, random_state=0).fit(X, y),
]
PARTIAL = [lambda X, y: SoftmaxNetwork((3,), random_state=0).partial_fit(X, y, classes=[0, 1, 2])]

SMALL_X, SMALL_Y = make_blobs(8, 3, spread=2.0, random_state=0)
TWO_BY_TWO = [[0.0, 1.0], [1.0, 0.0]]


def cost(X, y, W, b, l2):
    return cross_entropy(X @ W + b, y) + l2 / 2 * (W**2).sum()
