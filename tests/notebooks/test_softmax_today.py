"""What chapter 11 derives and builds, its functions as the reader sees them, on random inputs."""

from functools import reduce
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmax_lib import (
    check_gradient,
    cross_entropy,
    cross_entropy_and_gradient,
    logsumexp,
    softmax,
    softmax_jacobian,
)
from tests.support.chapter_functions import function_from, source_of
from tests.support.hypothesis_strategies import labelled_logits, matrices, numbers, vectors

CHAPTER = "11-softmax-today"


def shown(name, **names):
    return function_from(source_of(CHAPTER, name), np=np, **names)


softmax_backward = shown("softmax_backward")
attention = shown("attention", softmax=softmax)
attention_backward = shown("attention_backward", softmax_backward=softmax_backward)
attention_in_blocks = shown("attention_in_blocks")
merge, merge_safely = shown("merge"), shown("merge_safely")
top_k, top_p = shown("top_k", softmax=softmax), shown("top_p", softmax=softmax)
loss_in_chunks = shown("loss_in_chunks", cross_entropy_and_gradient=cross_entropy_and_gradient)
to_bfloat16 = shown("to_bfloat16")


@st.composite
def logits_with_slopes(draw):
    Z = draw(matrices(bound=10))
    return Z, draw(hnp.arrays(np.float64, Z.shape, elements=numbers(10)))


@st.composite
def attentions(draw):
    """Queries, keys, values, a slope of the output, and a mask that leaves each row a place."""
    rng, m = np.random.default_rng(draw(st.integers(0, 2**32))), draw(st.integers(1, 6))
    hidden = rng.random((m, m)) < 0.4
    hidden[np.arange(m), rng.integers(0, m, m)] = False
    return *rng.normal(size=(4, m, draw(st.integers(1, 4)))), hidden


# --- attention, and the way back ---------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_variance_of_a_score_is_d(d):
    signs = np.array(list(product([-1.0, 1.0], repeat=d)))  # mean 0, variance 1
    assert (signs @ signs.T).var() == pytest.approx(d)


@given(logits_with_slopes())
def test_backward_through_softmax_is_its_jacobian(problem):
    Z, G = problem
    through_jacobian = (softmax_jacobian(Z) @ G[..., None])[..., 0]
    assert softmax_backward(softmax(Z), G) == pytest.approx(through_jacobian, abs=1e-12)


@given(logits_with_slopes())
def test_backward_through_softmax_passes_the_gradient_check(problem):
    Z, G = problem
    check_gradient(lambda Z: (softmax(Z) * G).sum(), softmax_backward(softmax(Z), G), Z)


@given(attentions())
def test_backward_through_attention_passes_the_gradient_check(problem):
    *inputs, dO, hidden = problem
    slopes = attention_backward(dO, *inputs, attention(*inputs, hidden)[1])
    for i, slope in enumerate(slopes):

        def cost(changed, i=i):
            return (attention(*inputs[:i], changed, *inputs[i + 1 :], hidden)[0] * dO).sum()

        check_gradient(cost, slope, inputs[i])


@given(attentions(), st.integers(1, 7))
def test_attention_in_blocks_is_attention(problem, size):
    Q, K, V, _, hidden = problem
    whole, _ = attention(Q, K, V, np.zeros_like(hidden))
    assert attention_in_blocks(Q, K, V, size) == pytest.approx(whole, rel=1e-12, abs=1e-14)


# --- one pass ----------------------------------------------------------------------------------


@st.composite
def pieces(draw, elements):
    """Logits in blocks that are merged in any order."""
    z = draw(hnp.arrays(np.float64, st.integers(1, 12), elements=elements))
    cuts = draw(st.lists(st.integers(1, len(z)), max_size=4))
    blocks = [block for block in np.split(z, sorted(cuts)) if len(block)]
    return z, draw(st.permutations(blocks))


def pair_of(block):
    M = block.max()
    return M, 0.0 if np.isneginf(M) else np.exp(block - M).sum()


@given(pieces(numbers(700)))
def test_blocks_merged_in_any_order_give_the_log_sum_exp(problem):
    z, blocks = problem
    M, s = reduce(lambda one, two: merge(*one, *two), map(pair_of, blocks))
    assert M + np.log(s) == pytest.approx(logsumexp(z), rel=1e-13, abs=1e-13)


@given(pieces(numbers(700) | st.just(-np.inf)))
def test_a_safe_merge_takes_masked_blocks_as_well(problem):
    z, blocks = problem
    M, s = reduce(lambda one, two: merge_safely(*one, *two), map(pair_of, blocks))
    with np.errstate(divide="ignore"):
        assert M + np.log(s) == pytest.approx(logsumexp(z), rel=1e-13, abs=1e-13)


# --- drawing -----------------------------------------------------------------------------------


@given(vectors(bound=20), st.floats(0.01, 0.99))
def test_top_p_keeps_the_fewest_that_reach_p(z, p):
    probs, kept = softmax(z), np.isfinite(top_p(z, p))
    assert probs[kept].sum() >= p - 1e-12
    assert probs[kept].sum() - probs[kept].min() < p
    assert probs[kept].min() >= probs[~kept].max(initial=0)


@given(st.lists(numbers(20), min_size=1, max_size=7, unique=True), st.data())
def test_top_k_keeps_the_k_largest_and_their_odds(logits, data):
    z, k = np.array(logits), data.draw(st.integers(1, len(logits)))
    largest = np.argsort(z)[-k:]
    probs = softmax(top_k(z, k))
    assert probs[largest] == pytest.approx(softmax(z[largest]))
    assert probs[largest].sum() == pytest.approx(1)


# --- memory, bits, classes ---------------------------------------------------------------------


@given(labelled_logits(bound=20), st.integers(1, 6))
def test_a_loss_in_chunks_is_the_loss(problem, size):
    X, y = problem
    W = np.random.default_rng(0).normal(size=(X.shape[1], y.max() + 1))
    whole, dZ = cross_entropy_and_gradient(X @ W, y)
    loss, dX, dW = loss_in_chunks(X, W, y, size)
    assert loss == pytest.approx(whole, rel=1e-12, abs=1e-12)
    assert dX == pytest.approx(dZ @ W.T, abs=1e-12)
    assert dW == pytest.approx(X.T @ dZ, abs=1e-12)


@given(st.integers(0, 0x7EFF), st.just(0x8000) | st.integers(0, 0xFFFF), st.sampled_from([1, -1]))
def test_a_bfloat16_is_the_nearest_and_a_tie_goes_to_even(upper_half, lower_half, sign):
    bits = np.array([upper_half << 16, (upper_half + 1) << 16, upper_half << 16 | lower_half])
    below, above, x = sign * bits.astype(np.uint32).view(np.float32).astype(float)
    even = below if upper_half % 2 == 0 else above
    nearest = {0x8000: even}.get(lower_half, min(below, above, key=lambda end: abs(end - x)))
    assert to_bfloat16(x) == nearest


@given(vectors(min_size=2, max_size=4, bound=5))
def test_a_sampled_sum_is_right_on_average_its_logarithm_low(z):
    others, k = np.exp(z[1:]), 2
    draws = np.array(list(product(others, repeat=k)))
    sums = np.exp(z[0]) + len(others) / k * draws.sum(axis=1)
    assert sums.mean() == pytest.approx(np.exp(z).sum())
    assert np.log(sums).mean() <= logsumexp(z) + 1e-12


# --- distillation ------------------------------------------------------------------------------


@given(vectors(min_size=2, max_size=5, bound=5), st.integers(0, 99), st.floats(0.5, 20))
def test_the_gradient_of_distillation_passes_its_check(teacher, seed, T):
    student, soft = np.random.default_rng(seed).normal(size=teacher.shape), softmax(teacher / T)
    slope = (softmax(student / T) - soft) / T
    check_gradient(lambda z: cross_entropy(z / T, soft), slope, student)


@given(vectors(min_size=2, max_size=5, bound=5), st.integers(0, 99))
def test_times_t_squared_it_tends_to_the_centred_difference(teacher, seed):
    student, T = np.random.default_rng(seed).normal(size=teacher.shape), 1e5
    scaled = T * (softmax(student / T) - softmax(teacher / T))
    difference = student - teacher
    assert scaled == pytest.approx((difference - difference.mean()) / len(teacher), abs=1e-3)
