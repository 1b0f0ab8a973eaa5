"""The folder beside a student's code: the runner, what the assignment allows, and no answers."""

from __future__ import annotations

import shutil
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "softmax_lib"
RUNNER = Path(__file__).resolve().parent / "runner"

STAND_INS = {path.stem: path for path in (RUNNER / "allowed").glob("*.py")}
DATASETS = {"load_digits", "split"}
PROGRESS = "from runner.progress import tnrange, tqdm, tqdm_notebook, trange\n"
# By name, and not whatever they import: the next room may hold an answer.
CHECKS = ("_core/__init__.py", "_core/arrays.py", "_core/labels.py", "_core/validate.py")
ROOMS_OF_DATASETS = ("datasets.py", *CHECKS, "data")
ALLOWED = DATASETS | STAND_INS.keys()


def build(folder: Path, names: set[str]) -> None:
    """Fill a folder with the runner, a `softmax_lib` of these names alone, and nothing to show."""
    for path in RUNNER.glob("*.py"):
        _copy(path, folder / "runner" / path.name)
    for name in ("matplotlib/__init__", "matplotlib/pyplot", "IPython/__init__", "IPython/display"):
        _copy(RUNNER / "pictures.py", folder / f"{name}.py")
    for name in ("tqdm/__init__", "tqdm/auto", "tqdm/notebook"):
        (folder / "tqdm").mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text(PROGRESS, encoding="utf-8")
    package = folder / "softmax_lib"
    for name in names - DATASETS:
        _copy(STAND_INS[name], package / f"{name}.py")
    if names & DATASETS:
        for room in ROOMS_OF_DATASETS:
            _copy(PACKAGE / room, package / room)
    package.mkdir(exist_ok=True)
    (package / "__init__.py").write_text("".join(sorted(map(_import, names))), encoding="utf-8")


def _import(name: str) -> str:
    return f"from .{'datasets' if name in DATASETS else name} import {name}\n"


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)
