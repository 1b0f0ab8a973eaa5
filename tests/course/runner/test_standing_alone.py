"""The runner needs NumPy and the standard library, and knows nothing of the grader."""

import ast
import sys

import pytest

from tools.course.student_library import RUNNER

FILES = sorted(RUNNER.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(RUNNER)))
def test_it_imports_numpy_and_the_standard_library_alone(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            assert node.level == 1
            assert (RUNNER / f"{node.module}.py").is_file()
            continue
        names = [alias.name for alias in getattr(node, "names", [])]
        if isinstance(node, ast.ImportFrom):
            names = [node.module]
        elif not isinstance(node, ast.Import):
            continue
        for name in names:
            assert name.partition(".")[0] in {"numpy", *sys.stdlib_module_names}, name
