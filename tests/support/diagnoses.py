"""A diagnosis, having seen that a learner can read it and that nothing else has changed."""

import random
import re
import sys
import warnings

import numpy as np
from hypothesis import settings

from softmax_lib import diagnose
from softmax_lib.misconceptions import CATALOGUE, isolation
from softmax_lib.misconceptions.judge import judge

BLAME = re.compile(
    r"\b(stupid|silly|careless|lazy|fool\w*|bad|terrible|obvious\w*|clearly|simply"
    r"|of course|you should|you forgot|you failed)\b",
    re.IGNORECASE,
)

INTERNALS = re.compile(r"<function|<built-in|<class|\bat 0x|object at|Traceback|__\w+__")


def is_long_search():
    """Whether everything is tried, and no sample of it."""
    return settings.get_current_profile_name() == "explore"


def sample(every, values, start=0):
    """One of so many, from another one on for each start; all in a long search."""
    return list(values) if is_long_search() else list(values)[start % every :: every]


def sample_of_entries(every, kind):
    """All mistakes that are written, and one of so many that are made from text.

    Those are wrong in the same way in every kind.
    """
    entries = [entry for entry in CATALOGUE.values() if entry.kind == kind]
    made = [entry for entry in entries if entry.sources]
    return [entry for entry in entries if not entry.sources] + sample(every, made)


def diagnosed(function, *arguments, judge=diagnose, **options):
    """The verdict, having seen that it is readable and that all is as it was before."""
    before = state()
    with isolation.own_turn():
        verdict = judge(function, *arguments, **options)
    assert state() == before
    return readable(verdict)


def judged(function, kind, seed, dtype, **options):
    return diagnosed(function, kind, judge=judge, seed=seed, dtype=dtype, **options)


def state():
    kind, keys, *rest = np.random.get_state()  # noqa: NPY002
    return (
        kind,
        keys.tolist(),
        rest,
        random.getstate(),
        np.geterr(),
        list(warnings.filters),
        warnings.showwarning,
        sys.stdout,
        sys.stderr,
    )


def readable(verdict):
    """The verdict, having seen that a learner can read it."""
    lines = verdict.message.splitlines()
    assert 1 <= len(lines) <= 8
    assert max(map(len, lines)) <= 100
    ours = re.sub("^  In line .*$", "", verdict.message, flags=re.MULTILINE)
    assert not BLAME.search(ours)
    assert not INTERNALS.search(ours)
    assert repr(verdict) == str(verdict) == verdict.message
    assert bool(verdict) is verdict.ok is (verdict.id is None)
    assert verdict.ok or verdict.id == (verdict.candidates or (verdict.id,))[0]
    assert (verdict.example is None) is ("You gave" not in verdict.message)
    if not verdict.ok:
        assert 0 <= verdict.explained <= 1
        assert lines[0].endswith((": not right yet.", ": too slow to be judged."))
        yours, expected = (
            re.findall(f"^  {label} +(.*)$", verdict.message, re.MULTILINE)
            for label in ("Your answer", "Expected")
        )
        assert yours != expected or not yours
        assert len(expected) == len(yours) + verdict.message.count("\n  It raised ")
    return verdict


def ids(cases):
    return [getattr(case.function, "__name__", type(case.function).__name__) for case in cases]


def unspaced(text):
    return "".join(text.split())


def takes_one_hot(case):
    """Whether a right function wants its targets one-hot: those that index with y do not."""
    code = getattr(case.function, "__code__", None)
    return (
        code is not None and "Y" in code.co_varnames[: code.co_argcount] and case.kind != "one_hot"
    )
