"""What chapter 2 derives, on random inputs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_lib import softmax


@given(st.integers(0, 999), st.integers(2, 5), st.integers(1, 4))
def test_the_posterior_of_clouds_alike_is_a_linear_softmax(seed, n_classes, n_features):
    rng = np.random.default_rng(seed)
    means, x = rng.normal(size=(n_classes, n_features)), rng.normal(size=n_features)
    priors, stretch = rng.dirichlet(np.ones(n_classes)), rng.normal(size=(n_features, n_features))
    precision = stretch @ stretch.T + np.eye(n_features)  # of all clouds: the inverse covariance
    away = x - means
    fit = priors * np.exp(-np.einsum("ki,ij,kj->k", away, precision, away) / 2)
    W = precision @ means.T
    b = np.log(priors) - np.einsum("ki,ik->k", means, W) / 2
    assert softmax(x @ W + b) == pytest.approx(fit / fit.sum(), abs=1e-9)
