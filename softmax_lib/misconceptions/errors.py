"""What a learner can make of an error that their function raised."""

from __future__ import annotations

import linecache
import os
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

# NumPy, and this package: an error from there comes of a line of the learner's.
NOT_THEIRS = tuple(f"{Path(file).parent}{os.sep}" for file in (np.__file__, Path(__file__).parent))

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
        r"keyword argument '(dim|keepdim)'|'(dim|keepdim)' is an invalid keyword",
        "NumPy says axis and keepdims; dim and keepdim are PyTorch's.",
    ),
    (
        "TypeError",
        r"unexpected keyword argument '(?P<name>\w+)'",
        "What is called there takes no {name}=: a typing slip?",
    ),
    (
        "TypeError|AttributeError",
        r"NoneType",
        "Something there is None: a function without return gives that, and so does print.",
    ),
    (
        "TypeError",
        r"\b(builtin_function_or_method|method|function|_ArrayFunctionDispatcher|numpy\.ufunc)\b",
        "A function stands where its result belongs. Call it, as in Z.max(): with round brackets.",
    ),
    (
        "TypeError",
        r"'[\w.]+' object is not callable",
        "Round brackets call a function, and there they follow something that is none. Square "
        "ones pick an entry; * multiplies.",
    ),
    (
        "TypeError",
        r"'[\w.]+' object is not iterable|iteration over a 0-d array",
        "That is one number, and a loop wants several: range(n), or an array.",
    ),
    (
        "TypeError",
        r"object is not subscriptable",
        "That is one number, which has no entries to pick by square brackets.",
    ),
    (
        "",
        r"'str'|to str\b|string to float|dtype\('<U",
        "There is a text among the numbers: float(...) makes a number of it.",
    ),
    (
        "TypeError",
        r"operand.*'list'",
        "A list does not compute. np.array(...) makes an array of it, which does.",
    ),
    (
        "TypeError",
        r"'[\w.]*(float\d*|ndarray)' object cannot be interpreted as an integer",
        "A whole number is wanted there: // or int(...) gives one, len(...) counts.",
    ),
    (
        "TypeError",
        r"only length-1 arrays|only 0-dimensional arrays|only scalar arrays"
        r"|must be real number|convert the series",
        "math.exp, math.log and the like take one number. np.exp and np.log take whole arrays.",
    ),
    ("EOFError", "", "It asks the keyboard. What it needs comes as an argument."),
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
    (
        "ValueError",
        r"from shape .* into shape",
        "What is stored does not fit into its place: is a size written into the code?",
    ),
    (
        "ValueError",
        r"broadcast|could not be",
        "Two shapes do not fit: look at axis and keepdims.{product}",
    ),
    (
        "AxisError",
        r"axis (?P<axis>-?\d+) is out of bounds for array of dimension (?P<n>\d+)",
        "There is no axis {axis} in an array with {n}; they are counted from 0. Is one lost on the "
        "way? See keepdims.",
    ),
    (
        "UFuncTypeError|UFuncOutputCastingError|_UFuncOutputCastingError",
        r"Cannot cast",
        "An array of whole numbers cannot take fractions in place. Make a new one: Z = Z / 2, not "
        "Z /= 2.",
    ),
    (
        "IndexError",
        r"index (?P<index>-?\d+) is out of bounds for axis \d with size (?P<size>\d+)",
        "Entry {index} of {size} does not exist; they are counted from 0. Is a size, or a label "
        "from 1, written into the code?",
    ),
    (
        "IndexError",
        r"array is (?P<n>\d+)-dimensional, but (?P<given>\d+) were indexed",
        "It picks by {given} indices from an array with {n}.{labels}",
    ),
    (
        "IndexError",
        r"tuple index out of range",
        "A shape has no such entry. That of a vector has one, shape[0].{labels}",
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
    (
        "FloatingPointError",
        "underflow",
        "What is too small for a number becomes 0 there, as it should. NumPy is told to raise an "
        'error: take under="ignore" in np.seterr or np.errstate.',
    ),
    ("OverflowError", "", "No number of Python's is above e to the power of 709. {overflow}"),
    ("ModuleNotFoundError", r"named '(?P<name>[\w.]+)'", "{name} is not installed here."),
    (
        "AssertionError",
        "",
        "An assert in it refuses this input, which is a valid one. Where it compares fractions "
        "with ==, rounding errors do not pass: np.isclose lets them.",
    ),
]
PRINT_IT = "Next: print what stands in the line that raised it, one thing after the other."
CALLED = r"positional argument|keyword-only|unexpected keyword"
GIVEN = r"but (\d+) (?:was|were) given"


def explained(error: BaseException, call: str, takes: str, advice: dict[str, str]) -> str:
    """In plain words, some with what to do about it in functions of this kind."""
    name, text = type(error).__name__, message_of(error)
    is_ours = not _own_frames(error)  # the call itself failed
    if isinstance(error, TypeError) and re.search(CALLED, text) and is_ours:
        given = re.search(GIVEN, text)
        if given and int(given[1]) > call.count(",") + 1 and "self" not in takes:
            arguments = call.partition("(")[2]
            return f"A method begins with self, which Python fills in: write (self, {arguments}."
        return f"It is called as {call}, and takes {takes}."
    for types, pattern, sentence in EXPLAINED:
        found = re.search(pattern, text)
        if found and (not types or name in types.split("|")):
            return sentence.format(**advice, **found.groupdict())
    if isinstance(error, TypeError) and re.search(CALLED, text):
        return "A function is called there with too many arguments, or too few."
    return f"It is called as {call}." if is_ours else PRINT_IT


def place_of(error: BaseException) -> tuple[int, str] | None:
    """The line in which the learner's own code raised it, where its text can be had."""
    own = _own_frames(error)
    if not own:
        return None
    file, number = next(frame for frame in reversed(own) if frame[0] == own[0][0])
    # Since Python 3.13 that name has lines: of what the interpreter was started with.
    text = "" if file == "<string>" else linecache.getline(file, number).strip()
    return (number, text) if text else None


def _own_frames(error: BaseException) -> list[tuple[str, int]]:
    frames = traceback.walk_tb(error.__traceback__)
    places = [(frame.f_code.co_filename, number) for frame, number in frames]
    return [place for place in places if not place[0].startswith(NOT_THEIRS)]


def message_of(error: BaseException) -> str:
    return re.sub(r"<class '([\w.]+)'>", r"\1", first_line(str, error))


def first_line(speak: Callable[[Any], str], value: Any) -> str:
    """The first line of what a stranger's object has to say, which may be an error."""
    try:
        return next(iter(speak(value).splitlines()), "")
    except Exception:
        return ""
