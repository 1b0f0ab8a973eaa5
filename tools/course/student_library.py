"""The `softmax_lib` that a submission sees: what its assignment allows, and no answers."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

from tools.course.runner.student_process import without_magic

PACKAGE = Path(__file__).resolve().parents[2] / "softmax_lib"

# Libraries that hold a softmax or train one.
ANSWERS = {"softmax_lib", "scipy", "sklearn", "torch", "jax", "tensorflow", "keras", "nbgrader"}

DIAGNOSE = '''
def diagnose(*arguments, **settings):
    """Your functions are judged elsewhere, by the inputs that they are given there."""
'''
SOFTMAX = """
import numpy as np

def softmax(logits, axis=-1):
    exps = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)
"""
ONE_HOT = """
import numpy as np

def one_hot(labels, n_classes):
    return np.eye(n_classes)[np.asarray(labels)]
"""
PICTURES = '''
"""Stands for a library that draws: whatever is asked of it, it does nothing."""

class Nothing:
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *arguments, **settings):
        return self

    def __iter__(self):
        return iter((self, self))

    def __getitem__(self, index):
        return self

pyplot = Nothing()

def __getattr__(name):
    return Nothing()
'''
DATA = "from .datasets import {name}\n"
SOURCES = {
    "diagnose": DIAGNOSE,
    "softmax": SOFTMAX,
    "one_hot": ONE_HOT,
    "load_digits": DATA.format(name="load_digits"),
    "split": DATA.format(name="split"),
}


def build(folder: Path, names: set[str]) -> None:
    """Write a package `softmax_lib` with these names alone, and one that draws nothing."""
    package = folder / "softmax_lib"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("\n".join(SOURCES[name] for name in sorted(names)))
    pictures = folder / "matplotlib"
    pictures.mkdir()
    (pictures / "__init__.py").write_text(PICTURES)
    (pictures / "pyplot.py").write_text(PICTURES)
    if names & {"load_digits", "split"}:
        shutil.copytree(PACKAGE / "data", package / "data")
        (package / "_core").mkdir()
        for room in ("datasets.py", "_core/__init__.py", "_core/validate.py"):
            shutil.copy(PACKAGE / room, package / room)


def imported(source: str, package: str = "softmax_lib") -> set[str]:
    """The names that code imports from a package; the package's own name for the whole of it."""
    names = set()
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


def uses_answers(source: str, allowed: set[str]) -> bool:
    """Whether code imports what would answer the questions."""
    return any(
        imported(source, package) - (allowed if package == "softmax_lib" else set())
        for package in ANSWERS
    )


def parsed(source: str) -> ast.Module:
    """The syntax of a cell, without Jupyter's own commands; nothing where it has none."""
    try:
        return ast.parse(without_magic(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.parse("")
