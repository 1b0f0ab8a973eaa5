"""What tests share: the same examples on every machine, no window, and, if wished, no threads."""

import gc
import threading

import pytest
from hypothesis import settings

# No deadline: no test asserts a time. `--hypothesis-profile explore` looks for new examples.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None, max_examples=10_000)
settings.load_profile("fixed")

try:
    import matplotlib as mpl
except ImportError:  # the package itself is tested with NumPy alone
    pass
else:
    # Not by the environment: a notebook's kernel would inherit it, and draw nothing.
    mpl.use("Agg")


def pytest_collection_finish():
    """The garbage collector need not look through ten thousand tests again and again."""
    gc.freeze()


@pytest.fixture
def no_threads(monkeypatch):
    """As in a browser; and twice as fast, for functions that are known to come back."""

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
