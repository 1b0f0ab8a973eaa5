"""The names of a notebook as they were when the cell of a function had run.

A later cell may give another value to what a function uses, or to its own name; where it stands,
the function was right.
"""

from __future__ import annotations

import builtins
import contextlib
from collections.abc import Iterable, Iterator
from typing import Any


class Earlier:
    """What each of some functions found when it was defined last."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, Any]] = {}

    def keep(self, functions: Iterable[str], namespace: dict[str, Any]) -> None:
        """Keep all names for each function that the last cell has defined."""
        for name in functions:
            known = self._kept.get(name, {}).get(name)
            if callable(namespace.get(name)) and namespace[name] is not known:
                self._kept[name] = dict(namespace)

    def differs(self, function: str, namespace: dict[str, Any]) -> bool:
        """Whether a later cell has changed or deleted a name that was there."""
        return bool(self._hiding(function, namespace)) or any(
            name not in namespace or namespace[name] is not value
            for name, value in self._kept.get(function, {}).items()
            if not name.startswith("_")
        )

    def _hiding(self, function: str, namespace: dict[str, Any]) -> set[str]:
        """Names that came later and hide what is built in, such as max and list."""
        kept = self._kept.get(function)
        later = set() if kept is None else vars(builtins).keys() & namespace.keys() - kept.keys()
        # Python's own prompt, and what imitates it, puts _ among what is built in.
        return {name for name in later if not name.startswith("_")}

    @contextlib.contextmanager
    def names_for(self, function: str, namespace: dict[str, Any]) -> Iterator[None]:
        """Have these names again for a while; what came later is there too."""
        now = dict(namespace)
        for name in self._hiding(function, namespace):
            del namespace[name]
        namespace.update(self._kept.get(function, {}))
        try:
            yield
        finally:
            for name in namespace.keys() - now.keys():
                del namespace[name]
            namespace.update(now)
