"""The book's listings for other libraries run, wherever the library is installed."""

import importlib.util
import re
from pathlib import Path

import nbformat
import pytest

BOOK = Path(__file__).resolve().parents[1] / "book"
FRAMEWORKS = ("sklearn", "torch", "jax", "keras")
FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def frameworks_of(listing):
    return [name for name in FRAMEWORKS if re.search(rf"^(from|import) {name}\b", listing, re.M)]


def listings():
    for path in sorted(BOOK.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type != "markdown":
                continue
            for listing in filter(frameworks_of, FENCE.findall(cell.source)):
                yield pytest.param(listing, id=f"{path.stem}-{frameworks_of(listing)[0]}")


@pytest.mark.parametrize("listing", list(listings()))
def test_a_listing_runs(listing):
    missing = [name for name in frameworks_of(listing) if not importlib.util.find_spec(name)]
    if missing:
        pytest.skip(f"{missing[0]} is not installed")
    exec(compile(listing, "listing", "exec"), {})


def test_there_is_a_listing_for_scikit_learn():
    assert any("sklearn" in frameworks_of(param.values[0]) for param in listings())
