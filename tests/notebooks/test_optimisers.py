"""What chapter 6 states about descent and momentum on a parabola, on random ones."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_lib import Adam, GradientDescent, Momentum

kappas = st.floats(1.1, 1000)


def path(optimizer, curvatures, passes):
    theta = np.ones(len(curvatures))
    state = optimizer.start(theta)
    for _ in range(passes):
        optimizer.step(theta, curvatures * theta, state)
    return theta


@given(kappas)
def test_descent_at_its_best_rate_keeps_the_same_of_all_errors(kappa):
    curvatures = np.array([kappa, 1.0])
    factor = (kappa - 1) / (kappa + 1)
    once = path(GradientDescent(2 / curvatures.sum()), curvatures, 1)
    assert once == pytest.approx([-factor, factor], abs=1e-12)


@given(kappas, st.floats(0, 2))
def test_no_rate_of_descent_does_better(kappa, eta):
    slower = max(abs(1 - eta), abs(1 - eta * kappa))
    assert slower >= (kappa - 1) / (kappa + 1) - 1e-12


@given(st.floats(0, 0.999), st.floats(1e-3, 10), st.floats(1e-3, 10))
def test_momentum_forgets_no_faster_than_the_root_of_mu(mu, eta, h):
    # velocity <- mu velocity + h error, error <- error - eta velocity
    one_pass = np.array([[mu, h], [-eta * mu, 1 - eta * h]])
    assert np.linalg.det(one_pass) == pytest.approx(mu, abs=1e-9)
    assert np.abs(np.linalg.eigvals(one_pass)).max() >= math.sqrt(mu) - 1e-6


def slowest(mu, eta, curvatures):
    passes = [np.array([[mu, h], [-eta * mu, 1 - eta * h]]) for h in curvatures]
    return max(np.abs(np.linalg.eigvals(one_pass)).max() for one_pass in passes)


@given(st.floats(1.1, 1000), st.floats(0, 0.999), st.floats(0.01, 5))
def test_polyaks_share_is_the_best_for_a_parabola(kappa, mu, eta):
    best = ((math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)) ** 2
    rate = (1 + math.sqrt(best)) ** 2 / kappa
    assert slowest(best, rate, [1, kappa]) == pytest.approx(math.sqrt(best), abs=1e-5)
    assert slowest(mu, eta, [1, kappa]) >= math.sqrt(best) - 1e-5
    # A longer valley asks for a longer memory.
    assert ((math.sqrt(2 * kappa) - 1) / (math.sqrt(2 * kappa) + 1)) ** 2 > best


@given(kappas)
def test_the_optimiser_follows_the_matrix_of_momentum(kappa):
    best = ((math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)) ** 2
    eta, curvatures = 0.9 / kappa, np.array([kappa, 1.0])
    after = path(Momentum(eta, best), curvatures, 3)
    for h, error in zip(curvatures, after, strict=True):
        one_pass = np.array([[best, h], [-eta * best, 1 - eta * h]])
        expected = np.linalg.matrix_power(one_pass, 3) @ [0, 1]
        assert error == pytest.approx(expected[1], abs=1e-12)


@given(st.floats(1e-3, 1e3), st.floats(1e-3, 10))
def test_adams_first_step_is_the_rate_in_each_parameter(h, rate):
    after = path(Adam(rate), np.array([h, 1.0]), 1)
    assert 1 - after == pytest.approx([rate, rate], rel=1e-4)
