"""The functions on arrays, in races with SciPy and PyTorch."""

import time
import tracemalloc
from functools import cache

import numpy as np
import pytest
import scipy.special
import torch

import softmax_lib
from tests.support import accuracy_cases

pytestmark = pytest.mark.benchmark(timer=time.thread_time)

SHAPES = [(64, 4), (100_000, 10), (10_000, 1000), (128, 50_000)]
LARGE = SHAPES[1:]
CONTESTANTS = {
    "softmax": (scipy.special.softmax, torch.softmax),
    "log_softmax": (scipy.special.log_softmax, torch.log_softmax),
    "logsumexp": (scipy.special.logsumexp, torch.logsumexp),
}

# SciPy's time over ours that we want to reach, for the shapes in their order.
WANTED = {
    ("softmax", "float64"): (1, 3, 1.7, 1.5),
    ("softmax", "float32"): (1, 5, 1.6, 1.1),
    ("log_softmax", "float64"): (1, 1, 0.75, 0.75),
    ("log_softmax", "float32"): (1, 1, 0.75, 0.55),
    ("logsumexp", "float64"): (1, 2.5, 2.5, 2.5),
    ("logsumexp", "float32"): (1, 2.2, 2.2, 2.2),
    ("cross_entropy_and_gradient", "float64"): (1, 1, 1, 1),
}
WIDE_WANTED = 0.9

# What comes after the exponentials where there is an entry in the result for every logit.
SECOND_PASS = {
    "softmax": np.divide,
    "log_softmax": np.subtract,
    "cross_entropy_and_gradient": np.multiply,
}

each_dtype = pytest.mark.parametrize("dtype", ["float64", "float32"])
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
each_large_shape = pytest.mark.parametrize("shape", LARGE, ids=str)


@cache
def ordinary_logits(shape, dtype):
    return 3 * np.random.default_rng(0).normal(size=shape).astype(dtype)


def calls_a_turn(shape):
    """A turn must be long beside the time that reading the clock takes."""
    return 100 if shape == (64, 4) else 1


def wanted_from_scipy(function, dtype, shape):
    return dict(zip(SHAPES, WANTED.get((function, dtype), [None] * 4), strict=True))[shape]


def bare_passes(function, z, out=None):
    """The least that NumPy can do: np.exp of every logit, plain row sums, a pass over the result.

    A block at a time, so that the later passes find what they need in the cache. Without `out`,
    the result is fresh memory, as it is for everyone else.
    """
    rows = max(1, 2**15 // z.shape[1])
    ones = np.ones(z.shape[1], z.dtype)
    buffer = np.empty_like(z[:rows])
    second = SECOND_PASS.get(function)

    def run():
        result = np.empty_like(z) if out is None and second else out
        for start in range(0, len(z), rows):
            part = z[start : start + rows]
            block = result[start : start + rows] if second else buffer[: len(part)]
            np.exp(part, out=block)
            total = block @ ones
            if second:
                second(block, total[:, None], out=block)

    return run


def report(record, times, function, dtype, shape, logits="ordinary", wanted=None):
    ours, bare = times.pop("softmax_lib"), times.pop("bare", None)
    for peer, theirs in times.items():
        record(
            "speed",
            function=function,
            dtype=dtype,
            shape=shape,
            logits=logits,
            peer=peer,
            ours=ours,
            theirs=theirs,
            ratio=round(theirs / ours, 2),
            wanted=wanted if peer == "SciPy" else None,
            ceiling=round(theirs / bare, 2) if bare else None,
        )


@pytest.mark.parametrize("function", CONTESTANTS)
@each_dtype
@each_shape
def test_functions(race, record, function, dtype, shape):
    z = ordinary_logits(shape, dtype)
    tensor = torch.from_numpy(z)
    ours = getattr(softmax_lib, function)
    scipys, torchs = CONTESTANTS[function]
    for other in (scipys(z, axis=1), torchs(tensor, 1)):
        np.testing.assert_allclose(ours(z), other, rtol=1e-4, atol=1e-5)
    peers = {"SciPy": lambda: scipys(z, axis=1), "PyTorch": lambda: torchs(tensor, 1)}
    if shape in LARGE:
        peers["bare"] = bare_passes(function, z)
    times = race(lambda: ours(z), peers, calls_a_turn(shape))
    report(record, times, function, dtype, shape, wanted=wanted_from_scipy(function, dtype, shape))


@each_dtype
@each_shape
def test_softmax_of_logits_from_minus_to_plus_3000(race, record, dtype, shape):
    z = np.random.default_rng(0).uniform(-3000, 3000, shape).astype(dtype)
    tensor = torch.from_numpy(z)
    peers = {
        "SciPy": lambda: scipy.special.softmax(z, axis=1),
        "PyTorch": lambda: torch.softmax(tensor, 1),
    }
    times = race(lambda: softmax_lib.softmax(z), peers, calls_a_turn(shape))
    report(record, times, "softmax", dtype, shape, "±3000", WIDE_WANTED)


@each_shape
def test_float32_by_way_of_float64(race, record, shape):
    z = ordinary_logits(shape, "float32")
    tensor = torch.from_numpy(z)
    ours = accuracy_cases.by_way_of_float64("softmax")
    peers = {
        "SciPy": lambda: scipy.special.softmax(z, axis=1),
        "PyTorch": lambda: torch.softmax(tensor, 1),
    }
    times = race(lambda: ours(z), peers, calls_a_turn(shape))
    report(record, times, "softmax by way of float64", "float32", shape)


@each_dtype
@each_shape
def test_softmax_into_a_given_array(race, record, dtype, shape):
    z = ordinary_logits(shape, dtype)
    tensor, out = torch.from_numpy(z), np.empty_like(z)
    tensor_out, buffer = torch.empty_like(tensor), np.empty_like(z)
    peers = {
        "SciPy": lambda: scipy.special.softmax(z, axis=1),
        "PyTorch": lambda: torch.softmax(tensor, 1, out=tensor_out),
        "exp": lambda: np.exp(z, out=buffer),
    }
    if shape in LARGE:
        peers["bare"] = bare_passes("softmax", z, out)
    times = race(lambda: softmax_lib.softmax(z, out=out), peers, calls_a_turn(shape))
    if shape in LARGE:
        limited = dtype == "float64" and shape in SHAPES[2:]
        record(
            "passes",
            dtype=dtype,
            shape=shape,
            wanted=3 if limited else None,
            passes=round(times["softmax_lib"] / times["exp"], 2),
        )
    del times["exp"]
    report(record, times, "softmax, out=", dtype, shape)


@each_dtype
@each_shape
def test_cross_entropy_and_gradient(race, record, dtype, shape):
    z = ordinary_logits(shape, dtype)
    y = np.random.default_rng(1).integers(0, shape[1], shape[0])
    tensor, labels = torch.from_numpy(z).requires_grad_(), torch.from_numpy(y)
    rows = np.arange(len(y))

    def by_hand():
        log_probs = scipy.special.log_softmax(z, axis=1)
        loss = -log_probs[rows, y].mean()
        gradient = np.exp(log_probs, out=log_probs)
        gradient[rows, y] -= 1
        gradient /= len(y)
        return loss, gradient

    def by_autograd():
        loss = torch.nn.functional.cross_entropy(tensor, labels)
        return loss.detach(), torch.autograd.grad(loss, tensor)[0]

    loss, gradient = softmax_lib.cross_entropy_and_gradient(z, y)
    for other_loss, other_gradient in (by_hand(), by_autograd()):
        np.testing.assert_allclose(loss, float(other_loss), rtol=1e-4)
        np.testing.assert_allclose(gradient, other_gradient, atol=1e-6)
    function = "cross_entropy_and_gradient"
    peers = {"SciPy": by_hand, "PyTorch": by_autograd}
    if shape in LARGE:
        peers["bare"] = bare_passes(function, z)
    times = race(lambda: softmax_lib.cross_entropy_and_gradient(z, y), peers, calls_a_turn(shape))
    report(record, times, function, dtype, shape, wanted=wanted_from_scipy(function, dtype, shape))


@each_dtype
@each_large_shape
def test_memory_beside_the_result(record, dtype, shape):
    z = ordinary_logits(shape, dtype)
    tracemalloc.start()
    result = softmax_lib.softmax(z)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    wanted = 2 if (dtype, shape) == ("float64", (10_000, 1000)) else None
    record(
        "memory",
        dtype=dtype,
        shape=shape,
        wanted=wanted,
        megabytes=round((peak - result.nbytes) / 1e6, 2),
    )
