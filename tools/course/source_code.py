"""What a cell imports and defines, read without running it."""

from __future__ import annotations

import ast

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


def defined(source: str) -> set[str]:
    """The functions and other names that code gives a value to, outside of any function."""
    body = parsed(source).body
    functions = {
        node.name
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    return functions | {
        target.id
        for node in body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def named(source: str) -> set[str]:
    """The names that code gives a value to, or imports, outside of any function."""
    return defined(source) | {
        alias.asname or alias.name.partition(".")[0]
        for node in parsed(source).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def assigned_number(sources: list[str], name: str) -> int | None:
    """The whole number that code gives to a name last; None where it is anything else.

    Where no code gives it a value, that is 0.
    """
    values = [
        node.value
        for source in sources
        for node in parsed(source).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and name in _targets(node)
    ]
    if not values:
        return 0
    value = getattr(values[-1], "value", None)
    return value if type(value) is int and 0 <= value < 2**31 else None


def _targets(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def imports_answers(source: str, allowed: set[str]) -> bool:
    """Whether code imports what would answer the questions."""
    return any(
        imported(source, package) - (allowed if package == "softmax_lib" else set())
        for package in ANSWERS
    )


def parsed(source: str) -> ast.Module:
    """The syntax of those statements of a cell that can be read."""
    return ast.parse(plain_python(source).source)
