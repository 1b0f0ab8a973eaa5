"""What the tests of a course share: a secret of their own."""

import pytest

from tools.course import secret


@pytest.fixture(autouse=True)
def _a_secret_of_their_own(tmp_path_factory, monkeypatch):
    """So that no test reads or makes the file of whoever runs it."""
    monkeypatch.setattr(secret, "FILE", tmp_path_factory.getbasetemp() / "secret.txt")
