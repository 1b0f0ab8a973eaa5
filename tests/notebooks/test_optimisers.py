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


@given(st.floats(0, 0.999), st.floats(1e-3, 4), st.floats(0.1, 10))
def test_the_next_error_is_a_mixture_of_the_last_two(mu, step, h):
    eta = step / h
    errors = [path(Momentum(eta, mu), np.array([h]), passes)[0] for passes in range(6)]
    errors.insert(0, errors[0])  # the velocity starts at 0
    size = max(map(abs, errors))
    for before, last, after in zip(errors, errors[1:], errors[2:], strict=False):
        mixture = (1 + mu - eta * h) * last - mu * before
        assert after == pytest.approx(mixture, abs=1e-12 * size)


@given(st.floats(0, 0.999), st.floats(1e-3, 10))
def test_the_two_roots_are_the_eigenvalues_of_one_step(mu, step):
    one_pass = np.array([[mu, 1], [-step * mu, 1 - step]])
    assert np.trace(one_pass) == pytest.approx(1 + mu - step, abs=1e-12)
    assert np.linalg.det(one_pass) == pytest.approx(mu, abs=1e-12)


@given(st.floats(0.01, 0.999))
def test_momentum_fails_beyond_twice_one_plus_mu(mu):
    larger = [
        np.abs(np.roots([1, share * 2 * (1 + mu) - 1 - mu, mu])).max() for share in (0.99, 1.01)
    ]
    assert larger[0] < 1 < larger[1]


@given(st.floats(1e-3, 1e3), st.floats(1e-3, 10))
def test_adams_first_step_is_the_rate_in_each_parameter(h, rate):
    after = path(Adam(rate), np.array([h, 1.0]), 1)
    assert 1 - after == pytest.approx([rate, rate], rel=1e-4)
