"""Run the notebooks and write their outputs: the one way outputs get into the book.

    python tools/refresh.py                      run every notebook in book/ and write its outputs
    python tools/refresh.py book/03-*.ipynb      only these
    python tools/refresh.py --check              write nothing; exit 1 if a notebook would change

Running it twice changes no byte. A figure that looks the same keeps the bytes it has. A notebook
that fails, warns or shows a memory address is left as it was, and the reason is printed.
"""

import argparse
import base64
import copy
import io
import json
import os
import re
import struct
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import matplotlib as mpl
import matplotlib.font_manager  # builds the font cache, which a kernel would report on stderr
import nbformat
import numpy as np
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from PIL import Image

BOOK = Path(__file__).resolve().parents[2] / "book"
WORKERS = 2
CELL_TIMEOUT = 300  # seconds

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_METADATA = ("mystnb", "nbgrader", "tags")
FOLDED = {"hide-cell", "hide-input"}
TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"tIME"}
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")

# Two pictures look the same if at most this many pixels differ by more than this many of the
# 255 levels in a channel. tests/notebooks/test_refresh.py shows what passes and what does not.
VISIBLE_LEVELS = 32
VISIBLE_PIXELS = 4


class RefusedError(Exception):
    """A notebook whose outputs must not be stored."""


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
    client.create_kernel_manager().kernel_spec_manager = KernelSpecManager(kernel_dirs=[])
    with tempfile.TemporaryDirectory() as profile:
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


def plain(text: str) -> str:
    return COLOURS.sub("", text)


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


# --- the canonical form ------------------------------------------------------------------------


def canonical(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook in the one form that is stored: the same content, the same bytes."""
    cells = [canonical_cell(cell, index) for index, cell in enumerate(notebook.cells)]
    return nbformat.from_dict(
        {"cells": cells, "metadata": NOTEBOOK_METADATA, "nbformat": 4, "nbformat_minor": 5}
    )


def canonical_cell(cell: NotebookNode, index: int) -> dict:
    metadata = {key: cell.metadata[key] for key in CELL_METADATA if cell.metadata.get(key)}
    if FOLDED & set(metadata.get("tags", [])):
        metadata["jupyter"] = {"source_hidden": True}
    form = {
        "cell_type": cell.cell_type,
        "id": f"cell-{index:03d}",
        "metadata": metadata,
        "source": cell.source.rstrip(),
    }
    if cell.cell_type == "code":
        form["execution_count"] = cell.execution_count
        form["outputs"] = merge_streams([canonical_output(output) for output in cell.outputs])
    elif cell.get("attachments"):
        form["attachments"] = cell.attachments
    return form


def canonical_output(output: NotebookNode) -> dict:
    kind = output.output_type
    if kind == "stream":
        return {"output_type": kind, "name": output.name, "text": output.text}
    if kind == "error":
        # A traceback names files of this machine and changes with Python; its last line says all.
        last_line = plain(f"{output.ename}: {output.evalue}")
        return {
            "output_type": kind,
            "ename": output.ename,
            "evalue": output.evalue,
            "traceback": [last_line],
        }
    form = {"output_type": kind, "data": dict(output.data), "metadata": output.metadata}
    if "image/png" in output.data:
        form["data"]["image/png"] = without_text(output.data["image/png"])
    if kind == "execute_result":
        form["execution_count"] = output.execution_count
    return form


def merge_streams(outputs: list[dict]) -> list[dict]:
    merged = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            merged.append(output)
    return merged


def without_text(png: str) -> str:
    """Drop the texts and the date from a base64 PNG: they name versions and change no pixel."""
    data = base64.b64decode(png)
    kept, start = [data[:8]], 8
    while start < len(data):
        # A chunk is a 4-byte length, a 4-byte type, the content and a 4-byte checksum.
        (length,) = struct.unpack(">I", data[start : start + 4])
        end = start + length + 12
        if data[start + 4 : start + 8] not in TEXT_CHUNKS:
            kept.append(data[start:end])
        start = end
    return base64.b64encode(b"".join(kept)).decode("ascii")


def loads(text: str) -> NotebookNode:
    try:
        version = json.loads(text)["nbformat"]
    except (ValueError, TypeError, KeyError) as error:
        raise RefusedError(f"the file is not a notebook: {error!r}") from None
    if version != 4:
        raise RefusedError(f"the notebook has format {version}; open and save it in Jupyter")
    return nbformat.v4.reads(text)


def dumps(notebook: NotebookNode) -> str:
    return nbformat.v4.writes(notebook) + "\n"


# --- figures -----------------------------------------------------------------------------------


def keep_same_figures(fresh: NotebookNode, stored: NotebookNode) -> None:
    """Put back the stored bytes of each figure that looks as it did."""
    for new_cell, old_cell in zip(fresh.cells, stored.cells, strict=True):
        for new, old in zip(figures(new_cell), figures(old_cell), strict=False):
            if look_same(new["image/png"], old["image/png"]):
                new["image/png"] = old["image/png"]


def figures(cell: NotebookNode) -> list[NotebookNode]:
    data = [output.data for output in cell.get("outputs", []) if "data" in output]
    return [bundle for bundle in data if "image/png" in bundle]


def look_same(png: str, other: str) -> bool:
    """Tell whether two base64 PNGs differ by no more than the edges of shapes can."""
    a, b = pixels(png), pixels(other)
    return a.shape == b.shape and visible_difference(a, b) <= VISIBLE_PIXELS


def visible_difference(a: np.ndarray, b: np.ndarray) -> int:
    """Return the number of pixels in which two pictures of one size visibly differ."""
    return int((np.abs(a - b).max(axis=-1) > VISIBLE_LEVELS).sum())


def pixels(png: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(png))) as image:
        return np.asarray(image.convert("RGBA"), dtype=np.int16)


# --- files -------------------------------------------------------------------------------------


def refreshed(text: str, folder: Path) -> str:
    """Return the text of a notebook file with fresh outputs, in canonical form."""
    stored = canonical(loads(text))
    fresh = canonical(execute(stored, folder))
    refuse_bad_outputs(fresh)
    keep_same_figures(fresh, stored)
    nbformat.validate(fresh)
    return dumps(fresh)


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
