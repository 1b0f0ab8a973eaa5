"""The tests of this folder need Debian's package bubblewrap, and fail where it is missing."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True, scope="session")
def _bubblewrap():
    if not shutil.which("bwrap"):
        pytest.fail("these tests need bubblewrap: apt-get install bubblewrap")
