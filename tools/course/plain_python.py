"""A notebook's cell as plain Python: by IPython's own rules, and as much of it as can be read."""

from __future__ import annotations

import ast
import functools
import re
from typing import NamedTuple

from IPython.core.inputtransformer2 import TransformerManager

LONGEST = 50_000  # characters that IPython is asked to read; it reads them many times
MOST_BLOCKS = 40  # pieces of a cell that are tried as one statement
CELL_MAGIC = re.compile(r"(?:[ \t]*\n)*%%(\w+)[^\n]*")
CONTINUES = re.compile(r"[)\]}#]|(?:else|elif|except|finally)\b")
RUN_THEIR_CELL = {"time", "timeit", "capture", "prun"}
RUN_THEIR_LINE = {"time", "prun"}
WRITE_THEIR_CELL = {"writefile", "file"}  # into a file, which another cell may import
SIGNS = {"system": "!", "getoutput": "!", "run_line_magic": "%", "run_cell_magic": "%%"}

# What only a Python after the oldest supported one reads, by the version that brought it.
NEWER = [
    ((3, 12), re.compile(r"^\s*type\s+\w+|^\s*(?:async\s+)?(?:def|class)\s+\w+\[")),
    ((3, 14), re.compile(r"^\s*except\s+[\w.]+\s*,|\b[tT][rR]?['\"]")),
]


class Plain(NamedTuple):
    """What of a cell plain Python runs, and what it does not."""

    source: str
    left_out: tuple[str, ...] = ()  # commands that Jupyter alone understands
    error: tuple[str, int] | None = None  # of the first statement that cannot be read: why, where
    newer: tuple[int, int] | None = None  # the Python that might read it


@functools.lru_cache(maxsize=1024)
def plain_python(source: str) -> Plain:
    """The statements of a cell that Python can read, on the lines where they stand."""
    if _error(source) is None:
        return Plain(source)
    source, left_out = _without_cell_magics(source)
    if _error(source) is not None and len(source) <= LONGEST:
        source = _as_ipython_reads(source)
    error = _error(source)
    if error is None:
        return Plain(source, (*left_out, *_commands(source)))
    line = error.lineno or 0
    readable = _readable_blocks(source)
    return Plain(
        readable,
        (*left_out, *_commands(readable)),
        (error.msg or "it cannot be read", line),
        _newer_python(error.msg or "", source.split("\n")[max(line - 1, 0) :][:1]),
    )


def _error(source: str) -> SyntaxError | None:
    try:
        compile(source, "cell", "exec", ast.PyCF_ONLY_AST)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError) as error:
        return SyntaxError(str(error) or type(error).__name__)
    return None


def _without_cell_magics(source: str) -> tuple[str, tuple[str, ...]]:
    """The cell below %%time and its like; nothing of a cell in another language."""
    left_out: tuple[str, ...] = ()
    while magic := CELL_MAGIC.match(source):
        if magic[1] in WRITE_THEIR_CELL:
            line = magic[0].partition(magic[1])[2].strip()
            text = source[magic.end() + 1 :]
            return f"get_ipython().run_cell_magic({magic[1]!r}, {line!r}, {text!r})", left_out
        if magic[1] not in RUN_THEIR_CELL:
            return "", (*left_out, magic[0].strip())
        source = "\n" * magic[0].count("\n") + source[magic.end() :]
    return source, left_out


def _as_ipython_reads(source: str) -> str:
    above = source[: len(source) - len(source.lstrip("\n"))]  # IPython drops these lines
    try:
        return above + str(TransformerManager().transform_cell(source[len(above) :]))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source


def _commands(source: str) -> tuple[str, ...]:
    """What IPython made calls of, and the runner answers with nothing."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and ast.unparse(node.func.value) == "get_ipython()"
            and node.func.attr in SIGNS
        ):
            words = [str(one.value) for one in node.args if isinstance(one, ast.Constant)]
            runs = {"run_line_magic": RUN_THEIR_LINE, "run_cell_magic": WRITE_THEIR_CELL}
            if words[:1] and words[0] not in runs.get(node.func.attr, ()):
                sign = "?" if words[0] in ("pinfo", "pinfo2") else SIGNS[node.func.attr]
                words = words[1:] if sign == "?" else words
                found.append(f"{sign}{' '.join(words)}")
    return tuple(found)


def _readable_blocks(source: str) -> str:
    """The source with blank lines where no statement can be read."""
    lines = source.split("\n")
    starts = [
        number
        for number, line in enumerate(lines)
        if line[:1].strip() and not CONTINUES.match(line)
    ]
    starts.append(len(lines))
    kept = [""] * len(lines)
    number = 0
    while number < len(starts) - 1:
        first = starts[number]
        # A statement may go on at the margin, as long text does, or end before the next begins.
        ends = [*starts[number + 1 :][:MOST_BLOCKS], *range(starts[number + 1] - 1, first, -1)]
        for end in ends[: 2 * MOST_BLOCKS]:
            if _error("\n".join(lines[first:end])) is None:
                kept[first:end] = lines[first:end]
                number = max(number, starts.index(end) - 1) if end in starts else number
                break
        number += 1
    return "\n".join(kept)


def _newer_python(message: str, lines: list[str]) -> tuple[int, int] | None:
    if message.startswith("f-string"):
        return (3, 12)
    for version, pattern in NEWER:
        if any(map(pattern.search, lines)):
            return version
    return None
