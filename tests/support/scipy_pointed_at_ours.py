"""A pytest plugin: SciPy's tests of softmax, log_softmax and logsumexp find ours by those names."""

from functools import partial

import scipy.special

import softmax_lib

OURS = {
    "softmax": partial(softmax_lib.softmax, axis=None),
    "log_softmax": partial(softmax_lib.log_softmax, axis=None),
    "logsumexp": partial(softmax_lib.logsumexp, axis=None),
}


def pytest_collection_modifyitems(items):
    # Only now, since the decorators in SciPy's file look its functions up by identity.
    (module,) = {item.module for item in items}
    for name, ours in OURS.items():
        assert getattr(module, name) is getattr(scipy.special, name)
        setattr(module, name, ours)
