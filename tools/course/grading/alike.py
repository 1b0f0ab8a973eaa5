"""What is left of code without names, comments and layout: whether two wrote the same."""

from __future__ import annotations

import ast
import hashlib
import itertools
from collections import defaultdict
from typing import Any

from tools.course.source_code import parsed

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


def forms(source: str) -> list[str]:
    """A short hash for each thing that code defines; the same hash where the code says the same."""
    try:
        return [_form(node) for node in parsed(source).body if isinstance(node, DEFINITIONS)]
    except RecursionError:
        return []


def _form(node: ast.stmt) -> str:
    text = ast.dump(Nameless().visit(node))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


class Nameless(ast.NodeTransformer):
    """Numbers in place of names of one's own, in their order; no annotation, and no docstring."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, str] = defaultdict(map(str, itertools.count()).__next__)

    def visit(self, node: ast.AST) -> Any:
        own = ["asname"] if isinstance(node, ast.alias) else ["id", "name"]
        if isinstance(node, ast.arg):
            own = ["arg"]
        for field in own:
            if isinstance(name := getattr(node, field, None), str):
                setattr(node, field, self._numbers[name])
        for field in ("annotation", "returns", "type_comment"):
            if hasattr(node, field):
                setattr(node, field, None)
        return super().visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        return self.generic_visit(ast.Assign([node.target], node.value or ast.Constant(None)))

    def visit_Expr(self, node: ast.Expr) -> Any:
        if isinstance(node.value, ast.Constant):
            return None
        return self.generic_visit(node)
