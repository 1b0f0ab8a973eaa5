"""nbval sees a figure that has changed, and an output that has moved: `pytest -p` this module.

nbval compares the texts of a fresh run with the stored ones; it skips pictures, and a text that
moves from above a figure to below it. Here the outputs are compared whole, in canonical form.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbval.kernel
import nbval.plugin
import pytest
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell
from xdist.scheduler import LoadScopeScheduling

from tools.notebooks import figures
from tools.notebooks.canonical import canonical_outputs
from tools.notebooks.refresh import CELL_TIMEOUT, kernel_environment

SHOWN = 200  # characters of an output in a message
PROFILE = pytest.StashKey[str]()
SOCKETS = pytest.StashKey[Iterator[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[PROFILE] = profile = tempfile.mkdtemp()
    config.stash[SOCKETS] = (str(Path(profile, f"kernel-{n}.json")) for n in itertools.count())
    config.add_cleanup(lambda: shutil.rmtree(profile))
    config.option.nbval_cell_timeout = CELL_TIMEOUT
    # nbval would gather all texts of a cell in one place.
    nbval.plugin.coalesce_streams = as_they_came


def as_they_came(outputs: list[NotebookNode]) -> list[NotebookNode]:
    return [NotebookNode(output) for output in canonical_outputs(outputs)]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return NotebooksAsOne(config, log)


class NotebooksAsOne(LoadScopeScheduling):
    """The cells of a notebook go to one process; every other test goes where there is room."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, _ = nodeid.partition("::")
        return path if path.endswith(".ipynb") else nodeid


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Let nbval, at the first cell, start its kernel in the environment that `refresh` uses."""
    if not isinstance(item, IPyNbCell):
        return (yield)
    # Kernels that start at the same time can be given the same free port, but no file twice.
    manager = partial(
        KernelManager, transport="ipc", connection_file=next(item.config.stash[SOCKETS])
    )
    environment = kernel_environment(item.config.stash[PROFILE])
    with patch.dict(os.environ, environment), patch.object(nbval.kernel, "KernelManager", manager):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    result = yield
    if isinstance(item, IPyNbCell):
        found = list(differences(item.test_outputs, item.cell.outputs))
        if found:
            item.raise_cell_error("Cell outputs differ", "\n".join(found))
    return result


def differences(fresh: list[NotebookNode], stored: list[NotebookNode]) -> Generator[str]:
    """Say in which outputs two runs of a cell differ."""
    new, old = uncounted(fresh), uncounted(stored)
    if len(new) != len(old):
        yield f"the cell gives {len(new)} outputs in place of {len(old)}"
        return
    for number, (one, other) in enumerate(zip(new, old, strict=True), start=1):
        pictures = [output.get("data", {}).pop("image/png", None) for output in (other, one)]
        if None not in pictures and (seen := figures.difference(*pictures)):
            yield f"output {number} is another figure: {seen}"
        elif pictures.count(None) == 1:
            yield f"output {number} is {'no' if pictures[1] is None else 'a'} figure"
        if one != other:
            yield f"output {number} is {str(one)[:SHOWN]} in place of {str(other)[:SHOWN]}"


def uncounted(outputs: list[NotebookNode]) -> list[dict[str, Any]]:
    """Return the outputs in canonical form, without the number of the cell: nbval counts none."""
    return [
        {key: value for key, value in output.items() if key != "execution_count"}
        for output in canonical_outputs(outputs)
    ]
