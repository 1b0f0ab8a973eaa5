"""Sparse features: every format, the dense optimum, and never a dense copy."""

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from softmax_lib import SoftmaxNetwork, SoftmaxRegression, cross_entropy, fit_softmax_regression
from softmax_lib.models._design import Dense, Sparse

FORMATS = ["csr", "csc", "coo", "bsr", "dia", "dok", "lil"]
KINDS = [sp.csr_array, sp.csr_matrix]


def words(m, n, rng):
    """Counts of few words in each text; labels that depend on them."""
    X = sp.random_array(
        (m, n), density=0.1, rng=rng, data_sampler=lambda size: rng.integers(1, 4, size)
    )
    scores = X @ rng.normal(size=(n, 3)) + rng.gumbel(size=(m, 3))
    return X, np.r_[0, 1, 2, scores.argmax(axis=1)[3:]]


RNG = np.random.default_rng(0)
X, Y = words(200, 30, RNG)
DENSE = X.toarray()


@pytest.mark.filterwarnings("ignore:Constructing a DIA matrix")
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_every_sparse_format_ends_in_the_dense_optimum(form, kind, fit_intercept):
    sparse = kind(X).asformat(form)
    options = {"tol": 1e-12, "fit_intercept": fit_intercept}
    model = SoftmaxRegression(**options).fit(sparse, Y)
    by_function = fit_softmax_regression(sparse, Y, **options)
    best = SoftmaxRegression(**options).fit(DENSE, Y)
    assert abs(model.W_ - best.W_).max() <= 1e-9
    assert abs(model.b_ - best.b_).max() <= 1e-9
    assert (by_function[0] == model.W_).all()
    assert (by_function[1] == model.b_).all()
    assert (model.predict(sparse) == best.predict(DENSE)).all()
    assert abs(model.predict_proba(sparse) - best.predict_proba(DENSE)).max() <= 1e-9
    assert abs(model.predict_log_proba(sparse) - best.predict_log_proba(DENSE)).max() <= 1e-7
    assert model.score(sparse, Y) == best.score(DENSE, Y)
    assert (model.predict(DENSE) == model.predict(sparse)).all()


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint64, np.float32, np.float64])
def test_sparse_numbers_of_every_dtype_are_computed_in_float64(dtype):
    W, _ = fit_softmax_regression(X.astype(dtype), Y, tol=1e-12)
    best, _ = fit_softmax_regression(DENSE.astype(dtype), Y, tol=1e-12)
    assert W.dtype == np.float64
    assert abs(W - best).max() <= 1e-9


@given(st.integers(0, 2**32), st.booleans(), st.booleans())
def test_sparse_features_answer_all_as_dense_ones_do(seed, intercept, weigh):
    rng = np.random.default_rng(seed)
    X = sp.random_array((9, 5), density=0.4, rng=rng, format="csr")
    dense, sparse = Dense(X.toarray(), intercept), Sparse(X, intercept)
    theta, errors = rng.normal(size=(3, 5 + intercept)), rng.normal(size=(3, 9))
    weights = rng.random(9) if weigh else None
    for ours, theirs in [
        (sparse.logits(theta, np.empty((3, 9))), dense.logits(theta, np.empty((3, 9)))),
        (sparse.sums(errors), dense.sums(errors)),
        (sparse.squares(weights), dense.squares(weights)),
        (dense.squares(weights), np.diag(dense.gram(weights))),
    ]:
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)


def test_weights_separation_and_warm_starts_know_sparse_too():
    counts = RNG.integers(0, 3, len(Y))
    weighted = SoftmaxRegression(tol=1e-12, warm_start=True).fit(X.tocsr(), Y, counts)
    repeated = fit_softmax_regression(DENSE.repeat(counts, 0), Y.repeat(counts), tol=1e-12)
    assert abs(weighted.W_ - repeated[0]).max() <= 1e-9
    assert weighted.fit(X.tocsr(), Y, counts).n_iter_ <= 1
    with pytest.warns(UserWarning, match="the classes are separable"):
        fit_softmax_regression(sp.eye_array(6, format="csr"), [0, 0, 1, 1, 2, 2], l2=0)


def test_the_optimum_without_a_penalty_is_found_too():
    X, y = sp.csr_array(np.repeat(np.eye(5), 12, axis=0)), np.tile([0, 1, 2], 20)
    y[::7] = 0
    W, b = fit_softmax_regression(X, y, l2=0, tol=1e-10)
    best = fit_softmax_regression(X.toarray(), y, l2=0, tol=1e-10)
    assert cross_entropy(X @ W + b, y) == pytest.approx(
        cross_entropy(X @ best[0] + best[1], y), rel=1e-10
    )


class Products:
    """A sparse matrix of no known library: it multiplies, and that is all."""

    def __init__(self, matrix):
        self._matrix = matrix
        self.shape, self.dtype, self.nnz = matrix.shape, matrix.dtype, matrix.nnz

    def __matmul__(self, other):
        return self._matrix @ other

    def __mul__(self, other):
        return Products(self._matrix.multiply(other._matrix))

    def astype(self, dtype):
        return Products(self._matrix.astype(dtype))

    @property
    def T(self):
        return Products(self._matrix.T)


def test_products_are_enough():
    model = SoftmaxRegression(tol=1e-12).fit(Products(X), Y)
    assert abs(model.W_ - fit_softmax_regression(DENSE, Y, tol=1e-12)[0]).max() <= 1e-9
    assert model.score(Products(X), Y) == model.score(DENSE, Y)


def test_thirty_thousand_texts_are_never_made_dense():
    m, n, rng = 30_000, 40_000, np.random.default_rng(0)
    columns = (rng.random((m, 20)) ** 2 * n).astype(np.int32).ravel()
    texts = sp.csr_array((np.ones(20 * m), columns, np.arange(0, 20 * m + 1, 20)), shape=(m, n))
    y = ((texts @ rng.normal(size=(n, 2))) + rng.gumbel(size=(m, 2))).argmax(axis=1)
    tracemalloc.start()
    model = SoftmaxRegression().fit(texts, y)
    assert model.score(texts, y) > 0.8
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 0.2e9  # dense, they would be 9.6e9
    assert model.n_iter_ < 20


def test_scipy_is_imported_nowhere():
    code = """
import sys, numpy as np, softmax_lib
softmax_lib.SoftmaxRegression().fit([[0.0], [1.0]], [0, 1])
assert not [name for name in sys.modules if name.startswith("scipy")]
"""
    subprocess.run([sys.executable, "-c", code], check=True)


# What is refused


def with_entry(value):
    spoilt = X.tolil(copy=True).astype(float)
    spoilt[17, 3] = value
    return spoilt


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        (with_entry(np.nan), ValueError, "X must be finite; got nan or inf in row 17"),
        (with_entry(-np.inf), ValueError, "X must be finite; got nan or inf in row 17"),
        (X.astype(complex), TypeError, "X must hold real numbers; got dtype complex128"),
        (sp.csr_array((0, 3)), ValueError, r"at least one example and one feature.*\(0, 3\)"),
        (sp.csr_array((3, 0)), ValueError, r"at least one example and one feature.*\(3, 0\)"),
        (sp.coo_array(np.ones(3)), ValueError, r"X must have shape \(m, n\).*got \(3,\)"),
        (X.tocsr()[:5], ValueError, r"y must have shape \(5,\), one label for each row of X"),
    ],
)
def test_what_is_wrong_with_sparse_features_is_named(X, error, message):
    for fit in fit_softmax_regression, SoftmaxRegression().fit:
        with pytest.raises(error, match=message):
            fit(X, Y)


def test_prediction_checks_sparse_features():
    model = SoftmaxRegression().fit(X, Y)
    with pytest.raises(ValueError, match="X must have 30 features, as in fit; got 29"):
        model.predict(X.tocsr()[:, 1:])
    with pytest.raises(ValueError, match="X must be finite"):
        model.predict_proba(with_entry(np.nan))
    model.W_ *= 1e10
    with pytest.raises(ValueError, match="X must be small enough to compute with"):
        model.predict_proba(with_entry(1e308))


def test_a_network_names_the_cure_for_sparse_features():
    with pytest.raises(TypeError, match=r"X must be a dense array; got a sparse .*\.toarray\(\)"):
        SoftmaxNetwork((2,), epochs=1).fit(X, Y)
