"""No diagnosis prints anything."""

import pytest


@pytest.fixture(autouse=True)
def prints_nothing(capsys):
    yield
    assert capsys.readouterr() == ("", "")
