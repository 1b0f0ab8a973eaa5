"""Softmax regression on Dask arrays: the optimum of memory, whatever the blocks go through."""

import inspect
import logging
import os
import signal
import time
import warnings

import dask
import dask.array as da
import numpy as np
import pytest
from dask.callbacks import Callback
from distributed import Client, LocalCluster
from hypothesis import given, settings
from hypothesis import strategies as st

import softmax_lib
from softmax_lib import (
    ConvergenceWarning,
    SeparableDataWarning,
    distributed,
    load_penguins,
)
from softmax_lib.distributed import Blocks, fit_softmax_regression
from softmax_lib.models import _objective

PENGUINS = load_penguins()
X, Y = (PENGUINS.X - PENGUINS.X.mean(axis=0)) / PENGUINS.X.std(axis=0), PENGUINS.y
M = len(Y)
SMALL_X, SMALL_Y = X[::20], Y[::20]


def dask_arrays(X, y, chunks=100):
    return da.from_array(X, chunks=(chunks, -1)), da.from_array(y, chunks=chunks)


def assert_same_optimum(found, X, y, **options):
    for ours, theirs in zip(
        found, softmax_lib.fit_softmax_regression(X, y, **options), strict=True
    ):
        assert np.linalg.norm(ours - theirs) <= 1e-8


# The same optimum


def test_the_signature_is_that_of_memory():
    def names_and_defaults(function):
        parameters = inspect.signature(function).parameters.values()
        return [(each.name, each.kind, each.default) for each in parameters]

    ours, theirs = fit_softmax_regression, softmax_lib.fit_softmax_regression
    assert names_and_defaults(ours) == names_and_defaults(theirs)


@pytest.mark.parametrize(
    "chunks", [(M, 4), (100, 4), (100, 1), ((1, 300, 41), (3, 1)), ((0, 200, 0, 142), 4)]
)
@pytest.mark.parametrize("l2", [1e-3, 1.0])
def test_chunks_of_any_shape_end_in_the_optimum_of_memory(chunks, l2):
    blocks = da.from_array(X, chunks=chunks)
    found = fit_softmax_regression(blocks, da.from_array(Y, chunks=77), l2=l2, tol=1e-12)
    assert_same_optimum(found, X, Y, l2=l2, tol=1e-12)


def test_a_block_for_each_row_does_too():
    found = fit_softmax_regression(*dask_arrays(SMALL_X, SMALL_Y, 1), l2=0.1, tol=1e-12)
    assert_same_optimum(found, SMALL_X, SMALL_Y, l2=0.1, tol=1e-12)


def test_without_an_intercept_it_is_the_same_too():
    found = fit_softmax_regression(*dask_arrays(X, Y), fit_intercept=False, tol=1e-12)
    assert_same_optimum(found, X, Y, fit_intercept=False, tol=1e-12)


def test_the_costs_are_the_same():
    W, b = fit_softmax_regression(*dask_arrays(X, Y), tol=1e-12)
    best_W, best_b = softmax_lib.fit_softmax_regression(X, Y, tol=1e-12)

    def cost(W, b):
        return softmax_lib.cross_entropy(X @ W + b, Y) + 1e-3 / 2 * (W**2).sum()

    assert cost(W, b) == pytest.approx(cost(best_W, best_b), rel=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.int16])
def test_other_dtypes_are_computed_in_float64(dtype):
    features = (10 * X).astype(dtype)
    W, b = fit_softmax_regression(*dask_arrays(features, Y.astype(np.uint8)), tol=1e-12)
    assert (W.dtype, b.dtype) == (np.float64, np.float64)
    assert_same_optimum((W, b), features, Y, tol=1e-12)


def test_labels_may_be_in_memory():
    found = fit_softmax_regression(dask_arrays(X, Y)[0], Y.tolist(), tol=1e-12)
    assert_same_optimum(found, X, Y, tol=1e-12)


def test_blocks_of_unknown_length_work():
    blocks, labels = dask_arrays(X, Y)
    keep = blocks[:, 0] > 0
    found = fit_softmax_regression(blocks[keep], labels[keep], l2=0.1, tol=1e-12)
    assert_same_optimum(found, X[X[:, 0] > 0], Y[X[:, 0] > 0], l2=0.1, tol=1e-12)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=5), st.integers(0, 2**32))
def test_every_sum_over_the_blocks_is_that_over_the_examples(lengths, seed):
    rng = np.random.default_rng(seed)
    lengths = (3, *lengths)
    features = rng.normal(size=(sum(lengths), 2))
    y = np.arange(sum(lengths)) % 3
    theta, direction = rng.normal(size=(2, 3, 3))
    blocks = Blocks(
        da.from_array(features, chunks=(lengths, -1)), da.from_array(y, chunks=(lengths,)), True
    )
    examples = _objective.Examples(features, y, 3, True)
    for each in blocks, examples:
        each.evaluate(theta)
    for name, *arguments in [
        ("loss",),
        ("gradient",),
        ("class_covariance",),
        ("squares",),
        ("gram",),
        ("hessian_times", direction),
    ]:
        np.testing.assert_allclose(
            getattr(blocks, name)(*arguments),
            getattr(examples, name)(*arguments),
            rtol=1e-12,
            atol=1e-12,
        )
    assert blocks.growth(theta, direction) == examples.growth(theta, direction)
    assert blocks.total_weight == examples.total_weight


# Passes and tasks


def late(seconds):
    """A function that hands a block on, late."""

    def wait(block):
        time.sleep(seconds)
        return block

    return wait


def test_the_blocks_are_added_in_their_order_whichever_is_ready_first():
    rng = np.random.default_rng(0)
    features, y = rng.normal(size=(60, 3)) * 10 ** rng.uniform(-9, 9, (60, 1)), np.arange(60) % 3
    X, y = dask_arrays(features, y, 10)
    first_is_last = da.concatenate([X[:10].map_blocks(late(0.1)), X[10:]])
    theta = rng.normal(size=(3, 4)) * 1e-9
    gradients = []
    for blocks in X, first_is_last:
        sums = Blocks(blocks, y, True)
        with dask.config.set(scheduler="threads", num_workers=4):
            sums.evaluate(theta)
        gradients.append(sums.gradient())
    assert (gradients[0] == gradients[1]).all()


def test_a_fit_is_repeated_to_the_last_bit():
    W, b = fit_softmax_regression(*dask_arrays(X, Y), l2=0.1)
    for scheduler in "synchronous", "threads":
        with dask.config.set(scheduler=scheduler, num_workers=4):
            again_W, again_b = fit_softmax_regression(*dask_arrays(X, Y), l2=0.1)
        assert (again_W == W).all()
        assert (again_b == b).all()


def test_each_evaluation_and_each_hessian_product_is_one_pass(monkeypatch):
    needs, passes = [], []

    def counted(name):
        method = getattr(Blocks, name)
        return lambda *arguments: needs.append(name) or method(*arguments)

    for name in "evaluate", "hessian_times", "squares", "gram":
        monkeypatch.setattr(Blocks, name, counted(name))
    with Callback(start=lambda graph: passes.append(sum("boxed" in str(key) for key in graph))):
        fit_softmax_regression(*dask_arrays(X, Y))
    assert len(passes) == 1 + len(needs)  # one to check the data
    assert set(passes) == {4}  # and in each, one task for each block


def test_many_classes_are_spared_the_covariance_of_all_pairs(monkeypatch):
    monkeypatch.setattr(_objective, "MANY", 2)
    blocks = Blocks(*dask_arrays(X, Y), True)
    blocks.evaluate(np.zeros(blocks.shape))
    assert blocks.class_covariance() == pytest.approx(np.full(3, M * 2 / 9))
    assert_same_optimum(fit_softmax_regression(*dask_arrays(X, Y), tol=1e-12), X, Y, tol=1e-12)


# What is refused


def with_entry(value):
    features = X.copy()
    features[317, 2] = value
    return features


class FrameOfDask:
    """Stands for a Dask data frame, which knows how to become an array."""

    def to_dask_array(self, lengths=None):
        raise AssertionError("left to the caller")


BLOCKS, LABELS = dask_arrays(X, Y)


@pytest.mark.parametrize(
    ("X", "y", "error", "message"),
    [
        (
            X,
            Y,
            TypeError,
            "X must be a dask array; got ndarray: an array in memory is a case for "
            "softmax_lib.fit_softmax_regression",
        ),
        (
            FrameOfDask(),
            LABELS,
            TypeError,
            r"X must be a dask array; got FrameOfDask: pass X.to_dask_array\(lengths=True\)",
        ),
        (BLOCKS, FrameOfDask(), TypeError, r"pass y.to_dask_array\(lengths=True\)"),
        (
            BLOCKS.astype(complex),
            LABELS,
            TypeError,
            "X must hold real numbers; got dtype complex128",
        ),
        (BLOCKS[:, 0], LABELS, ValueError, r"X must have shape \(m, n\), a row an example"),
        (BLOCKS[:0], LABELS[:0], ValueError, r"at least one example and one feature; .*\(0, 4\)"),
        (BLOCKS[:, :0], LABELS, ValueError, r"at least one example and one feature; .*\(342, 0\)"),
        (
            BLOCKS[BLOCKS[:, 0] > 99],
            LABELS[BLOCKS[:, 0] > 99],
            ValueError,
            r"at least one example and one feature; .*\(0, 4\)",
        ),
        (
            BLOCKS,
            LABELS[1:],
            ValueError,
            r"y must have shape \(342,\), one label for each row of X; got \(341,\)",
        ),
        (BLOCKS, LABELS[:, None], ValueError, r"y must have shape \(m,\), one label an example"),
        (
            BLOCKS,
            LABELS.astype(float),
            TypeError,
            r"y of shape \(342,\) are class labels and must be of an integer dtype; got float64",
        ),
        (BLOCKS, LABELS.astype(bool), TypeError, "must be of an integer dtype; got bool"),
        (BLOCKS, LABELS.astype(str), TypeError, "must be of an integer dtype; got <U"),
        (
            BLOCKS,
            LABELS * 2,
            ValueError,
            "y must hold every class from 0 up; got labels from 0 to 4 but none is 1",
        ),
        (BLOCKS, LABELS + 1, ValueError, "got labels from 1 to 3 but none is 0"),
        (
            dask_arrays(with_entry(np.nan), Y)[0],
            LABELS,
            ValueError,
            "X must be finite; got nan at row 317, column 2",
        ),
        (
            dask_arrays(with_entry(-np.inf), Y, 50)[0].rechunk({1: 2}),
            LABELS,
            ValueError,
            "X must be finite; got -inf at row 317, column 2",
        ),
        (
            BLOCKS[BLOCKS[:, 0] > 0],
            LABELS,
            ValueError,
            "y must have a label for each row of X; got 100 for .* rows in block 0",
        ),
        (
            BLOCKS[BLOCKS[:, 0] > 0],
            LABELS.rechunk(M),
            ValueError,
            "y must have the blocks of X where their lengths are unknown; got 1 for 4",
        ),
    ],
)
def test_what_cannot_be_fitted_is_named(X, y, error, message):
    with pytest.raises(error, match=message):
        fit_softmax_regression(X, y)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"l2": -1}, "l2 must be finite and at least 0; got -1"),
        ({"tol": 0}, "tol must be above 0; got 0"),
        ({"max_iter": 0}, "max_iter must be at least 1; got 0"),
    ],
)
def test_settings_are_checked_before_the_data_are_read(setting, message):
    unread = BLOCKS.map_blocks(lambda block: 1 / 0, dtype=float, meta=np.empty((0, 0)))
    with pytest.raises(ValueError, match=message):
        fit_softmax_regression(unread, LABELS, **setting)


def test_stopping_short_warns_with_the_callers_line():
    with pytest.warns(ConvergenceWarning, match="above tol=1e-12; raise max_iter") as record:
        fit_softmax_regression(BLOCKS, LABELS, tol=1e-12, max_iter=1)
    assert record[0].filename == __file__


def test_separable_data_without_a_penalty_warn_with_the_callers_line():
    with pytest.warns(SeparableDataWarning, match="no optimum exists") as record:
        fit_softmax_regression(BLOCKS, LABELS, l2=0)
    assert record[0].filename == __file__


def test_one_block_on_the_wrong_side_is_enough_to_overlap():
    features, y = dask_arrays(np.array([[1.0], [2.0], [3.0], [1.5]]), np.array([0, 0, 1, 1]), 2)
    fit_softmax_regression(features, y, l2=0)  # a warning would be an error


def test_features_too_large_to_compute_with_end_in_one_warning():
    with warnings.catch_warnings(record=True) as record:
        warnings.simplefilter("always")
        fit_softmax_regression(BLOCKS * 1e200, LABELS)
    assert [warning.category for warning in record] == [ConvergenceWarning]


@pytest.mark.parametrize(
    ("task", "points"),
    [
        (distributed._evaluate, 1),
        (distributed._hessian_times, 2),
        (distributed._squares, 0),
        (distributed._gram, 0),
        (distributed._growth, 2),
    ],
)
def test_a_worker_who_knows_nothing_of_the_callers_errstate_does_not_warn_of_them(task, points):
    kind = 3, True, 1.0
    arguments = [*kind, *[np.full((3, 5), 1e200)] * points]
    distributed._boxed(X * 1e200, Y, None, task, arguments)


# A cluster


@pytest.fixture(scope="module")
def client():
    # No way out for a worker that holds too much: neither the disk nor a pause, only its end.
    no_way_out = {f"distributed.worker.memory.{way}": False for way in ("target", "spill", "pause")}
    with dask.config.set(no_way_out):
        cluster = LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit="200MB",
            silence_logs=logging.CRITICAL,
        )
    with cluster, Client(cluster, set_as_default=False) as client:
        yield client
        pids = processes(client)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def processes(client):
    return set(client.run(os.getpid).values())


def test_data_larger_than_a_workers_memory_are_fitted(client):
    m, n, copies = 20_000, 50, 30

    def features(seeds):
        return np.random.default_rng(seeds[0]).random((m, n))

    # Two blocks, over and over: the mean over all is the mean over the two, which fit in here.
    seeds = np.arange(copies) % 2
    blocks = da.from_array(seeds, chunks=1).map_blocks(
        features, chunks=((m,) * copies, (n,)), new_axis=1, dtype=float
    )
    both = np.vstack([features([0]), features([1])])
    y = (both[:, 0] + both[:, 1] > 1).astype(int)
    labels = da.from_array(np.tile(y, copies // 2), chunks=m)
    workers = client.scheduler_info()["workers"].values()
    assert all(blocks.nbytes > worker["memory_limit"] > 0 for worker in workers)
    before = processes(client)
    with client.as_current():
        found = fit_softmax_regression(blocks, labels, l2=1.0, tol=1e-10)
    assert_same_optimum(found, both, y, l2=1.0, tol=1e-12)
    assert processes(client) == before  # none ran out of memory


def test_a_worker_killed_in_mid_fit_changes_nothing(client, tmp_path):
    visits, killed = tmp_path / "visits", tmp_path / "killed"
    killed.touch()

    def dangerous(block, block_info=None):
        if block_info[0]["chunk-location"][0] == 2:
            with open(visits, "a") as file:
                file.write("v")
            if visits.stat().st_size > 5 and not killed.exists():
                killed.write_text(str(os.getpid()))
                os.kill(os.getpid(), signal.SIGKILL)
        return block

    features = dask_arrays(X, Y)[0].map_blocks(dangerous, dtype=float)
    before = processes(client)
    with client.as_current():
        W, b = fit_softmax_regression(features, Y, l2=1.0, tol=1e-3)
        assert visits.stat().st_size > 8  # in mid-fit, then, is the sixth visit
        visits.unlink()
        killed.unlink()
        again_W, again_b = fit_softmax_regression(features, Y, l2=1.0, tol=1e-3)
    assert (again_W == W).all()
    assert (again_b == b).all()
    victim = int(killed.read_text())
    assert victim in before
    assert victim not in processes(client)
