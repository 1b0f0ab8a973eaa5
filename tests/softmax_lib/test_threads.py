"""Eight threads fit, predict, stream and save at once: results, warnings and output as without."""

import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from softmax_lib import (
    Adam,
    ConvergenceWarning,
    EarlyStopping,
    GradientDescent,
    SoftmaxNetwork,
    SoftmaxRegression,
    diagnose,
    make_blobs,
    softmax,
)
from softmax_lib.estimator import SoftmaxClassifier

X, Y = make_blobs(40, 3, spread=2.0, random_state=0)
HALF = (X[::2], Y[::2]), (X[1::2], Y[1::2])


def regression(_):
    return SoftmaxRegression().fit(X, Y).predict_proba(X)


def network(_):
    network = SoftmaxNetwork((8,), Adam(0.02), epochs=5, random_state=0)
    network.fit(*HALF[0], validation_data=HALF[1], callbacks=[EarlyStopping(2)])
    return network.partial_fit(X, Y).predict_proba(X)


def file(folder):
    model = SoftmaxNetwork((4,), epochs=1, random_state=0).fit(X, Y)
    path = folder / "shared.npz"
    model.save(path)
    return SoftmaxNetwork.load(path).predict_proba(X)


def estimator(_):
    return SoftmaxClassifier((8,), early_stopping=True, random_state=0).fit(X, Y).predict_proba(X)


def judge(_):
    return np.array(diagnose(softmax).ok)


def stopped_short(_):
    """A fit that warns."""
    return SoftmaxRegression(max_iter=1).fit(X, Y).predict_proba(X)


def diverging(_):
    model = SoftmaxNetwork((8,), GradientDescent(1e200), random_state=0).fit(X, Y)
    return model.predict_proba(X)


QUIET, WARNING = [regression, network, file, estimator, judge], [stopped_short, diverging]


@pytest.fixture
def pool():
    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    with ThreadPoolExecutor(8) as pool:
        yield pool
    sys.setswitchinterval(switch)


def test_results_warnings_and_output_are_those_of_one_thread(pool, tmp_path, capfd):
    work = [*QUIET, *WARNING] * 8
    with warnings.catch_warnings(record=True) as alone:
        warnings.simplefilter("always")
        expected = {job: job(tmp_path) for job in {*work}}
    streams, state = (sys.stdout, sys.stderr), np.random.get_state()[1].copy()  # noqa: NPY002
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        results = list(pool.map(lambda job: job(tmp_path), work))
    for job, result in zip(work, results, strict=True):
        np.testing.assert_array_equal(result, expected[job])
    assert len(caught) == 8 * len(alone) == 8 * len(WARNING)
    assert sorted({w.category.__name__ for w in caught}) == ["ConvergenceWarning"]
    assert {(w.filename, w.lineno) for w in caught} == {(w.filename, w.lineno) for w in alone}
    assert (sys.stdout, sys.stderr) == streams
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    assert capfd.readouterr() == ("", "")
    assert os.listdir(tmp_path) == ["shared.npz"]


def test_no_thread_ever_meets_another_filter_of_warnings(pool, tmp_path, monkeypatch):
    def entered(self):
        raise AssertionError("catch_warnings is not safe in threads")

    monkeypatch.setattr(warnings.catch_warnings, "__enter__", entered)
    before = list(warnings.filters)
    list(pool.map(lambda job: job(tmp_path), [regression, network, file] * 8))
    assert warnings.filters == before


def test_saves_and_loads_of_one_file_never_meet_half_of_it(pool, tmp_path):
    models = [SoftmaxRegression().fit(X[:, :n], Y) for n in (1, 2)]
    models[0].save(tmp_path / "shared.npz")

    def save_and_load(i):
        models[i % 2].save(tmp_path / "shared.npz")
        return SoftmaxRegression.load(tmp_path / "shared.npz").n_features_in_

    assert set(pool.map(save_and_load, range(200))) == {1, 2}
    assert os.listdir(tmp_path) == ["shared.npz"]


def test_floating_point_errors_may_raise_in_other_threads(pool, tmp_path):
    def strict(job):
        with np.errstate(all="raise"):
            return job(tmp_path)

    work = [regression, network, file, estimator] * 8
    for job, result in zip(work, pool.map(strict, work), strict=True):
        np.testing.assert_array_equal(result, job(tmp_path))


@pytest.mark.slow
def test_warnings_are_shown_after_fits_in_threads():
    code = """
import warnings
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from softmax_lib.estimator import SoftmaxClassifier

r = np.random.default_rng(0)
X = r.normal(size=(100, 2))
y = (X[:, 0] + 0.3 * r.normal(size=100) > 0).astype(int)
with ThreadPoolExecutor(8) as pool:
    list(pool.map(lambda i: SoftmaxClassifier().fit(X, y), range(80)))
    list(pool.map(lambda i: SoftmaxClassifier((4,), epochs=2).fit(X, y), range(80)))
warnings.warn("hello")
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert "UserWarning: hello" in done.stderr


def test_a_warning_in_a_thread_can_be_made_an_error_there(pool):
    def strict(_):
        try:
            stopped_short(None)
        except ConvergenceWarning:
            return True
        return False

    assert all(pool.map(strict, range(16)))  # the tests' own filters turn warnings into errors
