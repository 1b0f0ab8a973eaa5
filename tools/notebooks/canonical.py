"""The one form in which a notebook is stored: the same content, the same bytes."""

import base64
import json
import re
import struct
from typing import Any

import nbformat
from nbformat import NotebookNode

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_METADATA = ("mystnb", "nbgrader", "tags")
FOLDED = {"hide-cell", "hide-input"}
TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"tIME"}
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class RefusedError(Exception):
    """A notebook whose outputs must not be stored."""


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


def canonical(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook in the form that is stored."""
    cells = [canonical_cell(cell, index) for index, cell in enumerate(notebook.cells)]
    return nbformat.from_dict(
        {"cells": cells, "metadata": NOTEBOOK_METADATA, "nbformat": 4, "nbformat_minor": 5}
    )


def canonical_cell(cell: NotebookNode, index: int) -> dict[str, Any]:
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
        form["outputs"] = canonical_outputs(cell.outputs)
    elif cell.get("attachments"):
        form["attachments"] = cell.attachments
    return form


def canonical_outputs(outputs: list[NotebookNode]) -> list[dict[str, Any]]:
    """Return what a cell gave, with neighbouring texts of one stream as one."""
    merged: list[dict[str, Any]] = []
    for output in map(canonical_output, outputs):
        last = merged[-1] if merged else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            merged.append(output)
    return merged


def canonical_output(output: NotebookNode) -> dict[str, Any]:
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


def plain(text: str) -> str:
    return COLOURS.sub("", text)


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
