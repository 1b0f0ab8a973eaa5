"""The tests of this folder need Debian's package bubblewrap, and fail where it is missing."""

import shutil
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.sandbox)


@pytest.fixture(autouse=True, scope="session")
def _bubblewrap():
    if not shutil.which("bwrap"):
        pytest.fail("these tests need bubblewrap: apt-get install bubblewrap")
