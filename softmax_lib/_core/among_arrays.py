"""How a class of its own keeps house with NumPy's arrays: truth, comparisons, NumPy's functions.

Without it `bool` of 0 is true, a number is an empty list, and NumPy's functions take a tensor for
an object, or fail with words that help nobody.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

# NumPy's functions, and the methods of Python's operators that they stand for.
OPERATORS = {
    "add": "__add__",
    "subtract": "__sub__",
    "multiply": "__mul__",
    "divide": "__truediv__",
    "matmul": "__matmul__",
    "negative": "__neg__",
    "power": "__pow__",
    "equal": "__eq__",
    "not_equal": "__ne__",
    "less": "__lt__",
    "less_equal": "__le__",
    "greater": "__gt__",
    "greater_equal": "__ge__",
}

# Functions without a method of their name, and what does the same.
CURES = {"maximum": "relu() is the maximum with 0", "dot": "write @", "square": "write ** 2"}


def _comparison(compare: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: AmongArrays, other: Any) -> Any:
        return compare(self.data, other.data if isinstance(other, AmongArrays) else other)

    return method


class AmongArrays:
    """What has an array `data`; `_lift` makes one of a number or an array."""

    data: NDArray[np.floating]
    _lift: Callable[[Any], Any]

    __eq__ = _comparison(operator.eq)
    __ne__ = _comparison(operator.ne)
    __lt__ = _comparison(operator.lt)
    __le__ = _comparison(operator.le)
    __gt__ = _comparison(operator.gt)
    __ge__ = _comparison(operator.ge)
    __hash__ = object.__hash__  # a graph knows its nodes by identity

    def __bool__(self) -> bool:
        return bool(self.data)

    def __format__(self, spec: str) -> str:
        return format(self.data, spec) if spec else str(self)

    def __float__(self) -> float:
        # Python's own functions, as math.exp, ask for it: what they return has no gradient.
        raise TypeError("a float would forget how it was computed; take its .data")

    def __len__(self) -> int:
        return len(self.data)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))  # type: ignore[index]

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        name = OPERATORS.get(ufunc.__name__, ufunc.__name__)
        if method != "__call__" or options or not hasattr(self, name):
            raise self._no_such(ufunc.__name__)
        return getattr(self._lift(inputs[0]), name)(*inputs[1:])

    def __array_function__(self, function: Any, *arguments: Any) -> Any:
        raise self._no_such(function.__name__)

    def __array__(self, *arguments: Any, **options: Any) -> NDArray[np.floating]:
        raise TypeError("an array would forget how it was computed; take its .data")

    def _no_such(self, name: str) -> TypeError:
        kind = type(self).__name__
        cure = f"call its method {name}()" if hasattr(self, name) else "take its .data"
        if name in CURES:
            cure = f"{CURES[name]}, or {cure}"
        return TypeError(f"np.{name} does not do this with a {kind}; {cure}")
