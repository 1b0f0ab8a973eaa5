"""The results behind the page of measured accuracy and speed are whole, and within the bounds.

Whether the kernels have changed since they were measured stands on the page itself: it compares
their hash, and nbval sees to it that the page says what is so. No test here needs PyTorch.
"""

import json
from itertools import product
from pathlib import Path

import pytest

from tests.support.accuracy_cases import BOUND, DTYPES, FAMILIES, FUNCTIONS

FOLDER = Path(__file__).parents[1] / "benchmarks"
RESULTS, WITHOUT = (
    json.loads((FOLDER / name).read_text(encoding="utf-8"))
    for name in ("results.json", "results-without-avx512.json")
)
REMEDY = "run `make bench`, then `make refresh`"

LARGE = [(100_000, 10), (10_000, 1000), (128, 50_000)]
SHAPES = [(64, 4), *LARGE]
PEERS = ["SciPy", "PyTorch"]
RACES = [
    *(
        (function, "ordinary")
        for function in (*FUNCTIONS, "softmax, out=", "cross_entropy_and_gradient")
    ),
    ("softmax", "±3000"),
]


def rows(results, table, *keys):
    """What identifies the rows of a table, in order."""
    return sorted(
        tuple(tuple(row[key]) if key == "shape" else row[key] for key in keys)
        for row in results[table]
    )


@pytest.mark.parametrize(
    ("table", "keys", "expected"),
    [
        (
            "speed",
            ("function", "logits", "dtype", "shape", "peer"),
            [
                *((*race, *rest) for race, *rest in product(RACES, DTYPES, SHAPES, PEERS)),
                *product(["softmax by way of float64"], ["ordinary"], ["float32"], SHAPES, PEERS),
            ],
        ),
        ("passes", ("dtype", "shape"), product(DTYPES, LARGE)),
        ("memory", ("dtype", "shape"), product(DTYPES, LARGE)),
        ("accuracy", ("function", "dtype", "family"), product(FUNCTIONS, DTYPES, FAMILIES)),
        ("rounded once", ("function", "family"), product(FUNCTIONS, FAMILIES)),
        (
            "regression",
            ("problem", "peer"),
            product(
                ["digits", "20000 × 100 × 10"],
                ["scikit-learn lbfgs", "scikit-learn newton-cg", "PyTorch LBFGS"],
            ),
        ),
        ("network", ("peer",), [("scikit-learn",), ("PyTorch",)]),
    ],
)
def test_every_row_that_the_page_needs_is_there_once(table, keys, expected):
    expected = sorted(expected)
    assert rows(RESULTS, table, *keys) == expected, REMEDY
    if table not in {"regression", "network"}:
        assert rows(WITHOUT, table, *keys) == expected, REMEDY


def test_the_second_run_is_without_avx512():
    assert "X86_V4" not in WITHOUT["about"]["processor"]["features"]
    for what in "versions", "kernels":
        assert RESULTS["about"][what] == WITHOUT["about"][what], REMEDY


@pytest.mark.parametrize("results", [RESULTS, WITHOUT], ids=["as it is", "without AVX-512"])
def test_the_results_name_no_machine(results):
    about = results["about"]
    assert set(about) == {"date", "seconds", "versions", "kernels", "processor"}
    assert set(about["versions"]) == {"python", "numpy", "scipy", "scikit-learn", "torch"}
    assert set(about["processor"]) == {"kind", "features"}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("results", [RESULTS, WITHOUT], ids=["as it is", "without AVX-512"])
def test_the_measured_errors_are_within_the_bounds(results, dtype):
    errors = {
        (row["function"], row["family"]): row["softmax_lib"]
        for row in results["accuracy"]
        if row["dtype"] == dtype
    }
    assert {key: error for key, error in errors.items() if error > BOUND[dtype]} == {}, REMEDY


@pytest.mark.parametrize("results", [RESULTS, WITHOUT], ids=["as it is", "without AVX-512"])
def test_float32_by_way_of_float64_errs_by_half_a_unit(results):
    assert max(row["softmax_lib"] for row in results["rounded once"]) <= 0.5, REMEDY
