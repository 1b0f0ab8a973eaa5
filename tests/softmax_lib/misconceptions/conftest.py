"""No diagnosis prints anything; and a platform without threads."""

import threading

import pytest


@pytest.fixture(autouse=True)
def prints_nothing(capsys):
    yield
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def no_threads(monkeypatch):
    """As in a browser; and twice as fast, for functions that are known to come back."""

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
