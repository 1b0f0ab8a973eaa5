"""Stands for a library that draws or shows: whatever is asked of it, it does nothing."""

from __future__ import annotations

from collections.abc import Iterator


class Nothing:
    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *arguments: object, **settings: object) -> Nothing:
        return self

    def __iter__(self) -> Iterator[Nothing]:
        return iter((self, self))

    def __len__(self) -> int:
        return 0

    def __getitem__(self, index: object) -> Nothing:
        return self

    def __setitem__(self, index: object, value: object) -> None:
        """Settings of a figure change nothing."""

    def __enter__(self) -> Nothing:
        return self

    def __exit__(self, *_: object) -> None:
        """What was drawn within shows nothing."""


pyplot = display = Nothing()


def __getattr__(name: str) -> Nothing:
    return Nothing()
