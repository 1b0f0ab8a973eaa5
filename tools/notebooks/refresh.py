"""Run the notebooks and write their outputs: the one way outputs get into the book.

    python tools/refresh.py                      run every notebook in book/ and write its outputs
    python tools/refresh.py book/03-*.ipynb      only these
    python tools/refresh.py --check              write nothing; exit 1 if a notebook would change

Running it twice changes no byte. A figure that looks the same keeps the bytes it has. A notebook
that fails, warns or shows a memory address is left as it was, and the reason is printed.
"""

import argparse
import copy
import os
import re
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import matplotlib as mpl
import matplotlib.font_manager  # builds the font cache, which a kernel would report on stderr
import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode

from tools.notebooks.canonical import RefusedError, canonical, dumps, loads, plain
from tools.notebooks.figures import figures, look_same

BOOK = Path(__file__).resolve().parents[2] / "book"
WORKERS = 2
CELL_TIMEOUT = 300  # seconds
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")


# --- run ---------------------------------------------------------------------------------------


def execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Return a copy of the notebook with fresh outputs from a new kernel of this Python."""
    fresh = copy.deepcopy(notebook)
    client = NotebookClient(
        fresh,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
        timeout=CELL_TIMEOUT,
        record_timing=False,
    )
    # With no folders to search, "python3" can only be the interpreter that runs this script.
    manager = client.create_kernel_manager()
    manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[])
    with tempfile.TemporaryDirectory() as profile:
        # Kernels that start at the same time can be given the same free port, but no file twice.
        manager.transport, manager.connection_file = "ipc", str(Path(profile, "kernel.json"))
        try:
            client.execute(env=kernel_environment(profile))
        except (CellExecutionError, CellTimeoutError, RuntimeError) as error:
            raise RefusedError(f"{where_it_stopped(fresh)}\n{plain(str(error))}") from None
    return fresh


def kernel_environment(profile: str) -> dict[str, str]:
    """Return the environment of a kernel that no setting of this user's reaches."""
    return os.environ | {
        "IPYTHONDIR": profile,
        "MATPLOTLIBRC": str(Path(mpl.get_data_path(), "matplotlibrc")),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": "1",
    }


def where_it_stopped(notebook: NotebookNode) -> str:
    failed = [i for i, cell in enumerate(notebook.cells) if has_error(cell) and not may_fail(cell)]
    return f"cell {failed[0]} fails" if failed else "the notebook does not run to its end"


def has_error(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def may_fail(cell: NotebookNode) -> bool:
    return "raises-exception" in cell.metadata.get("tags", [])


# --- refuse ------------------------------------------------------------------------------------


def refuse_bad_outputs(notebook: NotebookNode) -> None:
    """Raise for the first output that no page should show."""
    for index, cell in enumerate(notebook.cells):
        if may_fail(cell) and not has_error(cell):
            raise RefusedError(f"cell {index} is tagged raises-exception and raises nothing")
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise RefusedError(f"cell {index} writes to stderr: {output.text.strip()}")
            if found := ADDRESS.search(shown_text(output)):
                raise RefusedError(f"cell {index} shows a memory address: {found[0]}")


def shown_text(output: NotebookNode) -> str:
    """Return all text that an output shows, a figure's hidden text/plain included."""
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return "\n".join(text for kind, text in output.data.items() if kind.startswith("text/"))


# --- files -------------------------------------------------------------------------------------


def refreshed(text: str, folder: Path) -> str:
    """Return the text of a notebook file with fresh outputs, in canonical form."""
    stored = canonical(loads(text))
    fresh = canonical(execute(stored, folder))
    refuse_bad_outputs(fresh)
    keep_same_figures(fresh, stored)
    nbformat.validate(fresh)
    return dumps(fresh)


def keep_same_figures(fresh: NotebookNode, stored: NotebookNode) -> None:
    """Put back the stored bytes of each figure that looks as it did."""
    for new_cell, old_cell in zip(fresh.cells, stored.cells, strict=True):
        for new, old in zip(figures(new_cell), figures(old_cell), strict=False):
            if look_same(new["image/png"], old["image/png"]):
                new["image/png"] = old["image/png"]


def refresh(path: Path, check: bool) -> tuple[str, bool]:
    """Refresh one file; return what happened, and whether all is well."""
    try:
        stored = path.read_bytes().decode("utf-8")
        fresh = refreshed(stored, path.parent)
    except (RefusedError, UnicodeDecodeError) as error:
        return f"FAILED: {error}", False
    if fresh == stored:
        return "unchanged", True
    if check:
        return "would change", False
    replace(path, fresh)
    return "refreshed", True


def replace(path: Path, text: str) -> None:
    """Write a file in one step, so that an interruption leaves the old one whole."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(text.encode("utf-8"))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def notebooks(paths: list[Path]) -> list[Path]:
    found = [
        file for path in paths for file in (path.rglob("*.ipynb") if path.is_dir() else [path])
    ]
    return sorted(file for file in found if ".ipynb_checkpoints" not in file.parts)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, default=[BOOK], help="notebooks or folders")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on a change")
    options = parser.parse_args(arguments)
    paths = notebooks(options.paths)
    missing = [str(path) for path in paths if not path.is_file()]
    if missing or not paths:
        parser.error(f"no such notebook: {', '.join(missing or map(str, options.paths))}")
    all_well = True
    with ProcessPoolExecutor(WORKERS) as pool:
        running = {pool.submit(refresh, path, options.check): path for path in paths}
        for done in as_completed(running):
            outcome, well = done.result()
            print(f"{running[done].name}: {outcome}", flush=True)
            all_well &= well
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main())
