"""The functions that a chapter shows its readers, taken from the page itself."""

import ast

from tools.notebooks.canonical import loads
from tools.notebooks.contents import BOOK
from tools.notebooks.views import cells_of


def source_of(chapter, name):
    """Return the source of the one function of this name that a chapter defines."""
    notebook = loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    found = [
        ast.get_source_segment(cell.source, node)
        for _, cell in cells_of(notebook, "code")
        for node in ast.parse(cell.source).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    (source,) = found
    return source


def function_from(source, **names):
    """Return the function that a source defines, which knows these names and no other."""
    exec(source, names)
    return names[source[len("def ") : source.index("(")]]
