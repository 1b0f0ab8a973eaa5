"""The Python of the browser: the pinned files, trimmed, with `softmax_lib` among its packages."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from tools.site import sources, trimming

SHELL = Path(__file__).with_name("live") / "shell.py"
# In the lock beside what draws a picture on a page: for PDF files, tables, and notebooks of others.
UNUSED = {"fonttools", "pytz", "matplotlib-pyodide"}


def write(target: Path, source: str, wheel: Path, cache: Path) -> dict[str, dict[str, Any]]:
    """Write the folder that the browser's Python is loaded from; return the list of its files."""
    contents = contents_of(sources.files(source, cache), wheel)
    files = {name: described(name, content) for name, content in contents.items()}
    contents["files.json"] = json.dumps(files).encode()
    target.mkdir(parents=True)
    for name, content in contents.items():
        (target / name).write_bytes(content)
    return files


def contents_of(pinned: dict[str, Path], wheel: Path) -> dict[str, bytes]:
    contents = {
        name: trimming.trimmed(path)[0] if zipped(name) else path.read_bytes()
        for name, path in pinned.items()
    }
    contents |= {path.name: path.read_bytes() for path in (wheel, SHELL)}
    official = json.loads(contents["pyodide-lock.json"])
    contents["pyodide-lock.json"] = lock(official, contents, wheel)
    return contents


def described(name: str, content: bytes) -> dict[str, Any]:
    """Return what a page must know of a file: when it is loaded, and how much of it travels."""
    at_once = not name.endswith(".whl") or name.startswith(("numpy-", "softmax_lib-"))
    return {
        "group": "start" if at_once else "figures",
        "bytes": len(content),
        "wire": len(content if zipped(name) else gzip.compress(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def zipped(name: str) -> bool:
    """Tell an archive, which a server sends as it is, from what it compresses."""
    return name.endswith((".whl", ".zip"))


def lock(official: dict[str, Any], contents: dict[str, bytes], wheel: Path) -> bytes:
    """Return the lock of the packages that are there, with the checksums of what was trimmed."""
    packages = {
        name: package
        | {
            "depends": [needed for needed in package["depends"] if needed not in UNUSED],
            "sha256": hashlib.sha256(contents[package["file_name"]]).hexdigest(),
        }
        for name, package in official["packages"].items()
        if package["file_name"] in contents
    }
    packages["softmax-lib"] = {  # Pyodide looks names up in this spelling
        "name": "softmax_lib",
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(contents[wheel.name]).hexdigest(),
        "package_type": "package",
        "imports": ["softmax_lib"],
        "depends": ["numpy"],
        "unvendored_tests": False,
    }
    return json.dumps({"info": official["info"], "packages": packages}).encode()


def megabytes(files: dict[str, dict[str, Any]]) -> tuple[float, float]:
    """Return what travels at the first run, and besides for the first figure."""
    start, figures = (
        sum(file["wire"] for file in files.values() if file["group"] == group) / 1e6
        for group in ("start", "figures")
    )
    return start, figures
