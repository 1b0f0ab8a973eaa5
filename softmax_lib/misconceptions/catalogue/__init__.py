"""The wrong implementations, a file for each group of functions; a new file is found by itself."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from ..kinds import KINDS
from ..mistake import Misconception
from . import wrong_softmaxes, wrong_targets

WRITTEN = [
    entry
    for module in iter_modules(__path__)
    for entry in vars(import_module(f"{__name__}.{module.name}")).values()
    if isinstance(entry, Misconception)
]
ENTRIES = [*wrong_softmaxes.ENTRIES, *wrong_targets.ENTRIES, *WRITTEN]

# In the order of the kinds, which is the book's, whatever the files are called.
CATALOGUE: Mapping[str, Misconception] = MappingProxyType(
    {entry.id: entry for kind in KINDS for entry in ENTRIES if entry.kind == kind}
)
