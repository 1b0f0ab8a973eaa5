"""What a cell imports and defines, read without running it."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Collection, Iterator

from tools.course.plain_python import plain_python

# Libraries that hold a softmax or train one.
ANSWERS = {"softmax_lib", "scipy", "sklearn", "torch", "jax", "tensorflow", "keras", "nbgrader"}


def imported(source: str, package: str = "softmax_lib") -> set[str]:
    """The names that code imports from a package; the package's own name for the whole of it."""
    names: set[str] = set()
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package:
            names |= {alias.name for alias in node.names} if node.module == package else {package}
        elif isinstance(node, ast.Import):
            names |= {package for alias in node.names if alias.name.split(".")[0] == package}
        elif isinstance(node, ast.Call) and _callee(node) in ("import_module", "__import__"):
            names |= {
                package
                for argument in node.args[:1]
                if isinstance(argument, ast.Constant)
                and str(argument.value).split(".")[0] == package
            }
    return names


def _callee(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


@functools.lru_cache(maxsize=1024)
def defined(source: str) -> frozenset[str]:
    """The functions and other names that code gives a value to, outside of any function."""
    return frozenset(_defined(parsed(source).body))


@functools.lru_cache(maxsize=1024)
def named(source: str) -> frozenset[str]:
    """The names that code gives a value to, or imports, outside of any function."""
    return frozenset(_named(parsed(source).body))


@functools.lru_cache(maxsize=1024)
def answered(source: str) -> frozenset[str]:
    """The names that code gives a value to or imports, but for functions that are still open."""
    return frozenset(_named([node for node in parsed(source).body if not _is_open(node)]))


def _named(body: list[ast.stmt]) -> set[str]:
    imports = (
        node
        for node in _outside_of_functions(body)
        if isinstance(node, ast.Import | ast.ImportFrom)
    )
    aliases = {
        alias.asname or alias.name.partition(".")[0] for node in imports for alias in node.names
    }
    return _defined(body) | aliases


def _defined(body: list[ast.stmt]) -> set[str]:
    nodes = list(_outside_of_functions(body))
    functions = {
        node.name
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    return functions.union(*map(_assigned, nodes))


def _outside_of_functions(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements, those within `if` and `try` too, but none within a function or class."""
    for node in body:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for one in (node, *getattr(node, "handlers", ())):
                for part in ("body", "orelse", "finalbody"):
                    yield from _outside_of_functions(getattr(one, part, []))


def without_open(source: str, names: Collection[str]) -> str:
    """Code with blank lines in place of those of these functions that do nothing yet."""
    return _blanked(source, lambda node: _is_open(node) and _defined([node]) <= set(names))


def without_statements_of(source: str, other: str) -> str:
    """Code with blank lines in place of what other code holds too."""
    known = {ast.unparse(node) for node in parsed(other).body}
    return _blanked(source, lambda node: ast.unparse(node) in known)


def _blanked(source: str, is_left_out: Callable[[ast.stmt], bool]) -> str:
    lines = source.split("\n")
    for node in parsed(source).body:
        if is_left_out(node):
            decorators = getattr(node, "decorator_list", ())
            first = min([node.lineno, *(one.lineno for one in decorators)])
            for number in range(first - 1, node.end_lineno or first):
                lines[number] = ""
    return "\n".join(lines)


def _is_open(node: ast.stmt) -> bool:
    """Whether a function holds no more than it was handed out with, or words in its place."""
    return isinstance(node, ast.FunctionDef) and all(
        isinstance(one, ast.Pass)
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        or (isinstance(one, ast.Raise) and "NotImplemented" in ast.unparse(one))
        for one in node.body
    )


def assigned_number(sources: list[str], name: str) -> int | None:
    """The whole number that code gives to a name last; None where it is anything else.

    Where no code gives it a value, that is 0.
    """
    values = [
        values[name]
        for source in sources
        for node in parsed(source).body
        if name in (values := _assigned(node))
    ]
    if not values:
        return 0
    value = getattr(values[-1], "value", None)
    return value if type(value) is int and 0 <= value < 2**31 else None


def _assigned(node: ast.stmt) -> dict[str, ast.expr | None]:
    """The names that a statement assigns to; with their values, where each has its own."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.NamedExpr):
        return {node.value.target.id: node.value.value}
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return {}
    found: dict[str, ast.expr | None] = {}
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Name):
            found[target.id] = node.value
        elif isinstance(target, ast.Tuple | ast.List):
            values = getattr(node.value, "elts", [])
            values = values if len(values) == len(target.elts) else [None] * len(target.elts)
            pairs = zip(target.elts, values, strict=True)
            found |= {name.id: value for name, value in pairs if isinstance(name, ast.Name)}
    return found


def imports_answers(source: str, allowed: set[str]) -> bool:
    """Whether code imports what would answer the questions."""
    return any(
        package in source
        and imported(source, package) - (allowed if package == "softmax_lib" else set())
        for package in ANSWERS
    )


def parsed(source: str) -> ast.Module:
    """The syntax of those statements of a cell that can be read."""
    return ast.parse(plain_python(source).source)
