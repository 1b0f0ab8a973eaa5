"""What a learner can make of an error that their function raised."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

# What an error says, and what that means. A name in the pattern goes into the sentence.
EXPLAINED: list[tuple[str, str, str]] = [
    ("NotImplementedError", "", "It is not begun yet."),
    ("RecursionError", "", "It calls itself without an end."),
    (
        "UnboundLocalError",
        r"variable '(?P<name>\w+)'",
        "{name} is used before it is set in this function.",
    ),
    ("NameError", r"name '(?P<name>np|numpy|math)'", "Import {name} first."),
    ("NameError", r"name '(?P<name>\w+)'", "{name} is used and never set: a typing slip?"),
    (
        "",
        r"must be Tensor, not|Tensor, but got|not numpy\.ndarray",
        "It wants a tensor. Wrap it: lambda Z: f(torch.tensor(Z)).detach().numpy()",
    ),
    (
        "",
        r"not a valid JAX type",
        "It wants JAX arrays. Wrap it: lambda Z: np.asarray(f(jnp.asarray(Z)))",
    ),
    (
        "ValueError",
        r"truth value of an array",
        "An `if`, `and` or `max(a, b)` takes one number, and here is an array. Use np.where, "
        "np.maximum, or .max(axis=1, keepdims=True).",
    ),
    (
        "TypeError",
        r"only length-1 arrays|only 0-dimensional arrays|only scalar arrays"
        r"|must be real number|convert the series",
        "math.exp and its like take one number. np.exp takes whole arrays.",
    ),
    (
        "",
        r"matmul.*size (?P<right>\d+) is different from (?P<left>\d+)",
        "A matrix product does not fit: the left one has {left} columns, but the right one "
        "{right} rows."
        "{transpose}",
    ),
    (
        "ValueError",
        r"shapes (?P<left>\([\d, ]+\)) and (?P<right>\([\d, ]+\)) not aligned",
        "A matrix product does not fit: {left} by {right}.{transpose}",
    ),
    ("ValueError", r"broadcast|could not be", "Two shapes do not fit: look at axis and keepdims."),
    (
        "AxisError",
        r"axis (?P<axis>-?\d+) is out of bounds for array of dimension (?P<n>\d+)",
        "There is no axis {axis} in an array of {n} axis: is one lost on the way? See keepdims.",
    ),
    (
        "UFuncTypeError|UFuncOutputCastingError|_UFuncOutputCastingError",
        r"Cannot cast",
        "An array of whole numbers cannot take fractions in place. Make a new one: Z = Z - ...",
    ),
    (
        "IndexError",
        r"index (?P<index>-?\d+) is out of bounds for axis \d with size (?P<size>\d+)",
        "Entry {index} of {size} does not exist; they are counted from 0. Is a size, or a label "
        "from 1, written into the code?",
    ),
    (
        "IndexError",
        r"must be integers|must be of integer|only integers",
        "Something that is no whole number is used as an index.",
    ),
    (
        "AttributeError",
        r"'numpy\.ndarray' object has no attribute '(?P<name>\w+)'",
        "An array has no {name}. Arrays are NumPy's here.",
    ),
    (
        "AttributeError",
        r"'(?P<type>\w+)' object has no attribute '(?P<name>\w+)'",
        "A {type} has no {name}: a typing slip, or another type than you thought?",
    ),
    ("OverflowError", "", "math.exp overflows above 709. Subtract the maximum of the row first."),
    ("ModuleNotFoundError", r"named '(?P<name>[\w.]+)'", "{name} is not installed here."),
    ("AssertionError", "", "An assert in it refuses this input, which is a valid one."),
]
CALLED = r"positional argument|keyword-only|unexpected keyword"


def explained(error: BaseException, call: str, wants_transpose: bool) -> str:
    """In plain words; how the function was called, where that is the cause or nothing is known."""
    name, text = type(error).__name__, message_of(error)
    if isinstance(error, TypeError) and re.search(CALLED, text):
        return f"It was called as {call}."
    transpose = " A gradient of W has the shape of W: transpose X." if wants_transpose else ""
    for types, pattern, sentence in EXPLAINED:
        found = re.search(pattern, text)
        if found and (not types or name in types.split("|")):
            return sentence.format(transpose=transpose, **found.groupdict())
    return f"It was called as {call}."


def message_of(error: BaseException) -> str:
    return re.sub(r"<class '([\w.]+)'>", r"\1", first_line(str, error))


def first_line(speak: Callable[[Any], str], value: Any) -> str:
    """The first line of what a stranger's object has to say, which may be an error."""
    try:
        return next(iter(speak(value).splitlines()), "")
    except Exception:
        return ""
