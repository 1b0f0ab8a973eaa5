"""The wrong implementations, a file for each group of functions; a new file is found by itself."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from ..mistake import Misconception

CATALOGUE: Mapping[str, Misconception] = MappingProxyType(
    {
        entry.id: entry
        for module in iter_modules(__path__)
        for entry in vars(import_module(f"{__name__}.{module.name}")).values()
        if isinstance(entry, Misconception)
    }
)
