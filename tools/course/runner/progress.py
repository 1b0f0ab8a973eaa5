"""Stands for tqdm, which shows how far a loop is: the loop runs, and nothing is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .pictures import Nothing


class tqdm(Nothing):
    """What is looped over; all else that is asked of it does nothing."""

    def __init__(self, iterable: Iterable[Any] = (), *_: object, **settings: object) -> None:
        self.iterable = iterable

    @staticmethod
    def write(*_: object, **settings: object) -> None:
        """Shows nothing."""

    def __iter__(self) -> Iterator[Any]:
        return iter(self.iterable)

    def __len__(self) -> int:
        return len(self.iterable)  # type: ignore[arg-type]


def trange(*bounds: int, **settings: object) -> tqdm:
    return tqdm(range(*bounds))


tqdm_notebook, tnrange = tqdm, trange
