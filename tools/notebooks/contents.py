"""The pages of the book: those in `book/`, and the order that `_toc.yml` gives them."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
CHAPTER = re.compile(r"(\d\d)-")


def pages() -> list[Path]:
    """Return the pages in `book/`, the masters of the assignments included."""
    return sorted(
        path
        for path in BOOK.rglob("*")
        if path.suffix in {".md", ".ipynb"}
        and not any(part.startswith(("_", ".")) for part in path.relative_to(BOOK).parts)
    )


def notebooks() -> list[Path]:
    return [path for path in pages() if path.suffix == ".ipynb"]


def is_master(path: Path) -> bool:
    """Tell whether a notebook is the master of an assignment, which the book does not show."""
    return "source" in path.parts


def chapters() -> list[Path]:
    """Return the chapters in reading order."""
    files = [ROOT / f"{file}.ipynb" for file in listed()]
    return [path for path in files if CHAPTER.match(path.name)]


def chapter_number(path: Path) -> int | None:
    found = CHAPTER.match(path.name)
    return int(found[1]) if found else None


def listed() -> list[str]:
    """Return the files of the table of contents in reading order, without suffix."""
    return toc_files(toc())


def toc() -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return table


def toc_files(entry: dict[str, Any]) -> list[str]:
    """Return the files of a part of a table of contents, without suffix, the root first."""
    files = [entry[key] for key in ("root", "file") if key in entry]
    for key in ("parts", "chapters", "sections"):
        files += [file for child in entry.get(key, []) for file in toc_files(child)]
    return [file.removesuffix(".ipynb").removesuffix(".md") for file in files]
