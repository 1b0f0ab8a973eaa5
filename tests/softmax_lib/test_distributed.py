"""Softmax regression on Dask arrays: the optimum of memory, whatever the blocks go through."""

import inspect
import logging
import os
import signal
import time
import warnings

import cloudpickle
import dask
import dask.array as da
import numpy as np
import pytest
from dask.callbacks import Callback
from distributed import Client, LocalCluster
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

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


# Weights


@pytest.mark.parametrize("as_given", [np.asarray, lambda w: da.from_array(w, chunks=77), list])
def test_a_whole_weight_is_that_many_copies_of_the_row(as_given):
    counts = np.random.default_rng(0).integers(0, 4, M)
    counts[:100] = 0  # a whole block
    found = fit_softmax_regression(*dask_arrays(X, Y), tol=1e-12, sample_weight=as_given(counts))
    repeated = softmax_lib.fit_softmax_regression(X.repeat(counts, 0), Y.repeat(counts), tol=1e-12)
    for ours, theirs in zip(found, repeated, strict=True):
        assert abs(ours - theirs).max() <= 1e-10


@pytest.mark.parametrize("factor", [1e-300, 1e300])
def test_only_the_ratios_of_weights_count_whatever_the_block(factor):
    weights = np.random.default_rng(0).random(M) * np.repeat([1, 1e-3], M // 2)
    once = fit_softmax_regression(*dask_arrays(X, Y), sample_weight=weights)
    again = fit_softmax_regression(*dask_arrays(X, Y), sample_weight=weights * factor)
    for ours, theirs in zip(again, once, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


def test_weights_go_with_blocks_of_unknown_length():
    blocks, labels = dask_arrays(X, Y)
    weights = da.from_array(np.random.default_rng(0).random(M), chunks=100)
    keep = blocks[:, 0] > 0
    found = fit_softmax_regression(
        blocks[keep], labels[keep], l2=0.1, tol=1e-12, sample_weight=weights[keep]
    )
    kept = X[:, 0] > 0
    assert_same_optimum(
        found, X[kept], Y[kept], l2=0.1, tol=1e-12, sample_weight=weights.compute()[kept]
    )


# What blocks may hold


@pytest.mark.slow
@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csc_matrix, sparse.coo_matrix])
def test_blocks_may_be_sparse(kind):
    features = np.where(np.abs(X) > 0.7, X, 0)
    blocks = da.from_array(features, chunks=(100, -1)).map_blocks(kind)
    weights = np.random.default_rng(0).random(M)
    for options in {}, {"sample_weight": weights}, {"fit_intercept": False}:
        found = fit_softmax_regression(blocks, Y, tol=1e-12, **options)
        assert_same_optimum(found, features, Y, tol=1e-12, **options)


def test_blocks_of_objects_are_welcome_where_each_is_a_number():
    found = fit_softmax_regression(da.from_array(X.astype(object), chunks=(100, -1)), Y, tol=1e-12)
    assert_same_optimum(found, X, Y, tol=1e-12)


def test_blocks_with_nothing_masked_are_like_any_arrays():
    blocks = da.ma.masked_array(dask_arrays(X, Y)[0], mask=np.zeros(X.shape, bool))
    assert_same_optimum(fit_softmax_regression(blocks, Y, tol=1e-12), X, Y, tol=1e-12)


def swapped(k, change):
    """The features, of which one block is another's work."""

    def work(block, block_info=None):
        return change(block) if block_info[0]["chunk-location"][0] == k else block

    return dask_arrays(X, Y)[0].map_blocks(work, dtype=float, meta=np.empty((0, 0)))


def none_in(block):
    block = block.astype(object)
    block[7, 1] = None
    return block


def nan_in(block):
    block = sparse.lil_matrix(block)
    block[7, 1] = np.nan
    return block


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda block: block[:, :3], ValueError, "X must have 4 columns in each block; got 3 in"),
        (lambda block: np.c_[block, block], ValueError, "4 columns in each block; got 8 in"),
        (
            lambda block: sparse.csr_matrix(block[:, 1:]),
            ValueError,
            "X must have 4 columns in each block; got 3 in",
        ),
        (
            lambda block: np.ma.array(block, mask=block > 1),
            TypeError,
            r"X must have nothing masked; got .*\.compressed\(\).*in",
        ),
        (lambda block: block.astype(str), TypeError, "X must hold real numbers; got dtype <U.* in"),
        (none_in, ValueError, "X must have no missing value; got None at row 7, column 1 in"),
        (nan_in, ValueError, "X must be finite; got nan or inf in row 7 in"),
        (lambda block: block[:-1], ValueError, "a label for each row of X; got 100 for 99 rows in"),
    ],
)
def test_a_block_at_fault_is_named(change, error, message):
    with pytest.raises(error, match=f"{message} block 2"):
        fit_softmax_regression(swapped(2, change), Y)


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        (np.ones(M - 1), ValueError, r"sample_weight must have shape \(342,\), one weight for"),
        (np.ones((M, 1)), ValueError, r"sample_weight must have shape \(m,\).*got \(342, 1\)"),
        (
            np.zeros(M),
            ValueError,
            "sample_weight must be above zero for some example; got only zeros",
        ),
        (np.where(np.arange(M) == 207, -1, 1), ValueError, "got -1.* at index 7 in block 2"),
        (np.where(np.arange(M) == 207, np.nan, 1), ValueError, "got nan at index 7 in block 2"),
        (np.ma.array(np.ones(M), mask=Y == 1), TypeError, "sample_weight must have nothing masked"),
        (np.full(M, "1"), TypeError, "sample_weight must hold real numbers; got dtype <U1"),
    ],
)
def test_weights_that_are_none_are_named(weights, error, message):
    with pytest.raises(error, match=message):
        fit_softmax_regression(BLOCKS, LABELS, sample_weight=weights)


def test_masked_labels_are_refused():
    labels = np.ma.array(Y, mask=Y == 1)
    for y in labels, da.ma.masked_array(LABELS, mask=Y == 1):
        with pytest.raises(TypeError, match="y must have nothing masked"):
            fit_softmax_regression(BLOCKS, y)


# Passes and tasks


def late(seconds):
    """A function that hands a block on, late."""

    def wait(block):
        time.sleep(seconds)
        return block

    return wait


def test_blocks_are_added_in_order_whichever_is_ready_first():
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
            [None] * 342,
            ValueError,
            "y must have no missing value; got None at row 0",
        ),
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


@pytest.mark.slow
def test_separable_data_warn_with_the_callers_line():
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
def test_a_worker_without_the_callers_errstate_does_not_warn(task, points):
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
            dashboard_address="127.0.0.1:0",
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


@pytest.mark.slow
def test_blocks_of_a_file_are_read_by_the_workers_alone(client, tmp_path, monkeypatch):
    m, n = 20_000, 50
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, m)
    features = np.lib.format.open_memmap(tmp_path / "X.npy", "w+", float, (m, n))
    for start in range(0, m, 5_000):
        rows = slice(start, start + 5_000)
        features[rows] = rng.normal(size=(5_000, n)) + y[rows, np.newaxis] / 10
    np.save(tmp_path / "y.npy", y)
    best = softmax_lib.fit_softmax_regression(features, y, l2=1.0, tol=1e-10)
    blocks, labels = (distributed.from_npy(tmp_path / f"{name}.npy", 5_000) for name in "Xy")
    assert len(cloudpickle.dumps(blocks.dask)) < 1e-2 * blocks.nbytes  # what a pass sends

    def refuse(self, index):
        raise AssertionError("read by the client")

    monkeypatch.setattr(distributed._NpyFile, "__getitem__", refuse)  # in this process alone
    with client.as_current():
        found = fit_softmax_regression(blocks, labels, l2=1.0, tol=1e-10)
    for ours, theirs in zip(found, best, strict=True):
        assert np.linalg.norm(ours - theirs) <= 1e-8


def test_the_array_of_a_file_is_that_which_was_saved(tmp_path):
    for array in X, Y, X.astype(np.float32), np.asfortranarray(X):
        np.save(tmp_path / "array.npy", array)
        read = distributed.from_npy(tmp_path / "array.npy", rows=100)
        assert read.chunks[0] == (100, 100, 100, 42)
        assert read.dtype == array.dtype
        assert (read.compute() == array).all()


def test_a_file_written_anew_is_read_anew(tmp_path):
    for array in X, X + 1:
        np.save(tmp_path / "array.npy", array)
        assert (distributed.from_npy(tmp_path / "array.npy", rows=100).compute() == array).all()


def test_what_is_no_file_of_numbers_is_named(tmp_path):
    np.save(tmp_path / "objects.npy", np.array([None, 1]), allow_pickle=True)
    np.save(tmp_path / "number.npy", 1.0)
    np.savez(tmp_path / "several.npy.npz", X)
    (tmp_path / "text.npy").write_text("1,2,3")
    with open(tmp_path / "endless.npy", "wb") as file:
        header = {"descr": "<f8", "fortran_order": False, "shape": (10**30,)}
        np.lib.format.write_array_header_1_0(file, header)
    for name in "objects.npy", "number.npy", "several.npy.npz", "text.npy", "endless.npy":
        with pytest.raises(ValueError, match=r"path must be a \.npy file .*; got .*" + name):
            distributed.from_npy(tmp_path / name, rows=10)
    np.save(tmp_path / "X.npy", X)
    with pytest.raises(ValueError, match="rows must be at least 1; got 0"):
        distributed.from_npy(tmp_path / "X.npy", rows=0)


@pytest.mark.slow
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


@pytest.mark.slow
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
