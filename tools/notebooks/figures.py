"""When two figures look the same: another processor draws the edges of shapes otherwise."""

import base64
import io
from typing import Any

import numpy as np
from nbformat import NotebookNode
from numpy.typing import NDArray
from PIL import Image

# Two pictures look the same if at most this many pixels differ by more than this many of the
# 255 levels in a channel. tests/notebooks/test_figures.py shows what passes and what does not.
VISIBLE_LEVELS = 32
VISIBLE_PIXELS = 4


def figures(cell: NotebookNode) -> list[dict[str, Any]]:
    """Return the data of each output of a cell that has a picture."""
    data = [output["data"] for output in cell.get("outputs", []) if "data" in output]
    return [bundle for bundle in data if "image/png" in bundle]


def look_same(png: str, other: str) -> bool:
    """Tell whether two base64 PNGs differ by no more than the edges of shapes can."""
    return not difference(png, other)


def difference(png: str, other: str) -> str:
    """Say what a reader could see of the difference between two base64 PNGs, or nothing."""
    if png == other:
        return ""
    a, b = pixels(png), pixels(other)
    if a.shape != b.shape:
        return f"it is {size(b)} pixels in place of {size(a)}"
    count = visible_difference(a, b)
    return f"{count} of its {size(a)} pixels visibly differ" if count > VISIBLE_PIXELS else ""


def visible_difference(a: NDArray[np.int16], b: NDArray[np.int16]) -> int:
    """Return the number of pixels in which two pictures of one size visibly differ."""
    return int((np.abs(a - b).max(axis=-1) > VISIBLE_LEVELS).sum())


def pixels(png: str) -> NDArray[np.int16]:
    with Image.open(io.BytesIO(base64.b64decode(png))) as image:
        return np.asarray(image.convert("RGBA"), dtype=np.int16)


def size(picture: NDArray[np.int16]) -> str:
    return f"{picture.shape[1]} × {picture.shape[0]}"
