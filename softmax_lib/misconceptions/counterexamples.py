"""Whether an input tells a mistake of the catalogue from a right function."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .answers import ProbeSet, TrustedAnswers
from .catalogue import CATALOGUE
from .kinds import KINDS, Kind
from .probes import Probe


def is_counterexample(id: str, arguments: tuple[Any, ...]) -> bool:
    if id not in CATALOGUE:
        raise ValueError(f"id must be one of the catalogue's; got {id!r}")
    mistake = CATALOGUE[id]
    probe_set = _probe_set(KINDS[mistake.kind], arguments)
    return not any(
        TrustedAnswers(function, probe_set).is_right(0) for function in mistake.functions
    )


def _probe_set(kind: Kind, arguments: tuple[Any, ...]) -> ProbeSet:
    """A kind's question with these arguments; an error where no right function can answer it."""
    probe = Probe("a counterexample", _as_taken(kind, arguments))
    try:
        with np.errstate(all="ignore"):
            probe_set = ProbeSet(replace(kind, draw=lambda rng: iter([probe])))
    except Exception as error:
        raise ValueError(f"a right {kind.name} cannot take this input: {error}") from error
    if any(np.isnan(part).any() for part in probe_set.expected[0]):
        raise ValueError(f"a right {kind.name} gives nan for this input too")
    return probe_set


def _as_taken(kind: Kind, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    asked = [probe.arguments for probe in kind.draw(np.random.default_rng(0))]
    if len(arguments) != len(kind.arguments):
        raise ValueError(f"{kind.call} takes {len(kind.arguments)} arguments; got {len(arguments)}")
    return tuple(map(_argument, kind.arguments, arguments, zip(*asked, strict=True)))


def _argument(name: str, value: Any, samples: tuple[Any, ...]) -> Any:
    """The value in the form of the samples, which say how many axes it has, and of what.

    Whole numbers stay such where a right function takes them: some mistakes show in them alone.
    """
    if callable(samples[0]):
        return value
    axes = sorted({np.ndim(sample) for sample in samples})
    try:
        array = np.asarray(value)
    except ValueError:  # rows of several lengths
        array = np.asarray(None)
    if array.dtype.kind not in "biuf" or array.ndim not in axes or not array.size:
        raise ValueError(f"{name} must hold numbers, in {' or '.join(map(str, axes))} dimensions")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite numbers: nan and inf are no fair input")
    taken = [np.asarray(sample).dtype for sample in samples]
    if taken[0].kind in "bi" and array.dtype.kind == "f":
        raise ValueError(f"{name} must hold whole numbers")
    wanted = next((dtype for dtype in taken if dtype.kind == array.dtype.kind), taken[0])
    return array.astype(wanted) if array.ndim else array.astype(wanted).item()
