"""SciPy's own tests of softmax, log_softmax and logsumexp, run on ours.

They come with SciPy and are run where they lie, by a pytest of their own, in which the plugin
`scipy_pointed_at_ours` has exchanged the three functions. None is left out: those that need what
ours does not have are run too, and must fail for the reason given here.
"""

import os
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.once import made_once

ROOT = Path(__file__).resolve().parents[2]

# SciPy's file is collected as it is: its marks are known, what pytest says of its style is not
# ours to mend, and any other warning is an error, as in our own tests.
SETTINGS = """
[pytest]
markers = array_api_backends
filterwarnings =
    error
    ignore::pytest.PytestDeprecationWarning
"""

NO_WEIGHTS = "TypeError: logsumexp() got an unexpected keyword argument 'b'"
NO_SIGN = "TypeError: logsumexp() got an unexpected keyword argument 'return_sign'"
NO_COMPLEX = "TypeError: logits must hold real numbers; got dtype complex"

# What fails, and how. A `*` stands for all the cases of a test.
LACKING = {
    "TestLogSumExp::test_logsumexp_b[numpy]": NO_WEIGHTS,
    "TestLogSumExp::test_logsumexp_b_zero[numpy]": NO_WEIGHTS,
    "TestLogSumExp::test_logsumexp_b_shape[numpy]": NO_WEIGHTS,
    "TestLogSumExp::test_logsumexp_shape[numpy]": NO_WEIGHTS,
    "TestLogSumExp::test_dtypes_ab[numpy-*]": NO_WEIGHTS,
    "TestLogSumExp::test_no_writeback[numpy]": NO_WEIGHTS,
    "TestLogSumExp::test_device[numpy-1.0]": NO_WEIGHTS,
    "TestLogSumExp::test_device[numpy-x_raw2]": NO_WEIGHTS,
    "TestLogSumExp::test_gh22903[numpy]": NO_WEIGHTS,
    # With weights and sign: the weights are refused first.
    "TestLogSumExp::test_logsumexp_sign[numpy]": NO_WEIGHTS,
    "TestLogSumExp::test_logsumexp_sign_zero[numpy]": NO_WEIGHTS,
    "TestLogSumExp::test_logsumexp_sign_shape[numpy]": NO_WEIGHTS,
    "TestLogSumExp::test_gh23548[numpy-*]": NO_WEIGHTS,
    "TestLogSumExp::test_logsumexp_complex_sign[numpy]": NO_SIGN,
    "TestLogSumExp::test_device[numpy-1j]": NO_COMPLEX,
    "TestLogSumExp::test_dtypes_a[numpy-complex*]": NO_COMPLEX,
    "TestLogSumExp::test_gh21610[numpy-complex*]": NO_COMPLEX,
    "TestLogSumExp::test_gh21709_small_imaginary[numpy]": NO_COMPLEX,
    "TestLogSumExp::test_gh22601_infinite_elements[numpy-*j*]": NO_COMPLEX,
}


def covers(entry, test):
    return fnmatchcase(test, entry.replace("[", "[[]"))


def run_scipys_tests(folder):
    (folder / "pytest.ini").write_text(SETTINGS)
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("SCIPY_ARRAY_API", "PYTEST_ADDOPTS")
    }  # NumPy arrays alone
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    environment["PYTHONPATH"] = str(ROOT)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-c",
            "pytest.ini",
            "-p",
            "no:cacheprovider",
            "-p",
            "tests.support.scipy_pointed_at_ours",
            "--pyargs",
            "scipy.special.tests.test_logsumexp",
            "--tb=line",
            "--junitxml=report.xml",
        ],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def failures(tmp_path_factory):
    """What became of each of SciPy's tests: None, or the message it failed with."""
    folder = made_once(tmp_path_factory, "scipy", run_scipys_tests)
    outcomes = {}
    for case in ElementTree.parse(folder / "report.xml").iter("testcase"):
        bad = next((part for part in case if part.tag in ("failure", "error", "skipped")), None)
        test = f"{case.get('classname').rpartition('.')[2]}::{case.get('name')}"
        outcomes[test] = None if bad is None else bad.get("message")
    assert len(outcomes) > 1
    return outcomes


def test_they_pass_but_for_what_ours_does_not_have(failures):
    unlisted = {
        test: message
        for test, message in failures.items()
        if message and not any(covers(entry, test) for entry in LACKING)
    }
    assert not unlisted


@pytest.mark.parametrize(("entry", "reason"), LACKING.items())
def test_what_is_listed_still_fails_and_for_the_reason_given(failures, entry, reason):
    covered = {test: message for test, message in failures.items() if covers(entry, test)}
    assert covered, "SciPy has no such test"
    assert {
        test for test, message in covered.items() if not (message or "passes").startswith(reason)
    } == set()


@pytest.mark.parametrize(
    ("name", "at_least"), [("TestSoftmax", 5), ("TestLogSoftmax", 10), ("TestLogSumExp", 13)]
)
def test_enough_of_them_pass_to_mean_something(failures, name, at_least):
    passed = [
        test
        for test, message in failures.items()
        if test.startswith(f"{name}::") and message is None
    ]
    assert len(passed) >= at_least
