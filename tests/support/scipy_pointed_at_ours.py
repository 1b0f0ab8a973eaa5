"""A pytest plugin: SciPy's tests of softmax, log_softmax and logsumexp find ours by those names."""

from functools import partial

import numpy as np
import pytest
import scipy.special

import softmax_lib


def logsumexp(a, axis=None, **options):
    """Ours with SciPy's default axis, and with SciPy's answer where ours refuses to give one."""
    if np.size(a) == 0 and not options:
        with pytest.raises(ValueError, match="at least one class"):
            softmax_lib.logsumexp(a, axis=axis)
        return np.float64(-np.inf)
    return softmax_lib.logsumexp(a, axis=axis, **options)


OURS = {
    "softmax": partial(softmax_lib.softmax, axis=None),
    "log_softmax": partial(softmax_lib.log_softmax, axis=None),
    "logsumexp": logsumexp,
}


def pytest_collection_modifyitems(items):
    # Only now, since the decorators in SciPy's file look its functions up by identity.
    (module,) = {item.module for item in items}
    for name, ours in OURS.items():
        assert getattr(module, name) is getattr(scipy.special, name)
        setattr(module, name, ours)
