"""The Python of the browser: the pinned files, trimmed, with `softmax_lib` among its packages.

The pages and the lab load it from one folder.
"""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from tools.site import kernel, sources, trimming

SHELL = Path(__file__).with_name("live") / "shell.py"
# In the lock beside what draws a picture on a page: for PDF files, tables, and notebooks of others.
UNUSED = {"fonttools", "pytz", "matplotlib-pyodide"}


# What loads which packages: with all that these need, unless what stands above has loaded it.
GROUPS = {
    "start": ["numpy", "softmax-lib"],
    "figures": ["matplotlib"],
    "lab": kernel.packages(),
}


def write(target: Path, source: str, wheel: Path, cache: Path) -> dict[str, dict[str, Any]]:
    """Write the folder that the browser's Python is loaded from; return the list of its files."""
    wheels = [wheel, *kernel.wheels(cache / "kernel")]
    contents = contents_of(sources.files(source, cache), wheels)
    group = groups(json.loads(contents["pyodide-lock.json"])["packages"])
    files = {
        name: described(name, content) | {"group": group.get(name, "start")}
        for name, content in contents.items()
    }
    pages = {name: file for name, file in files.items() if file["group"] != "lab"}
    contents["files.json"] = json.dumps(pages).encode()
    target.mkdir(parents=True)
    for name, content in contents.items():
        (target / name).write_bytes(content)
    return files


def contents_of(pinned: dict[str, Path], wheels: list[Path]) -> dict[str, bytes]:
    contents = {
        name: trimming.trimmed(path)[0] if zipped(name) else path.read_bytes()
        for name, path in pinned.items()
    }
    contents |= {path.name: path.read_bytes() for path in (*wheels, SHELL)}
    contents[kernel.NOTHING] = kernel.nothing()
    official = json.loads(contents["pyodide-lock.json"])
    contents["pyodide-lock.json"] = lock(official, contents, wheels)
    return contents


def described(name: str, content: bytes) -> dict[str, Any]:
    """Return what a page must know of a file, such as how much of it travels."""
    return {
        "bytes": len(content),
        "wire": len(content if zipped(name) else gzip.compress(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def groups(packages: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return by which group each package's file is loaded first."""
    found: dict[str, str] = {}
    for group, names in GROUPS.items():
        waiting = list(names)
        while waiting:
            package = packages[waiting.pop().replace("_", "-")]
            if package["file_name"] not in found:
                found[package["file_name"]] = group
                waiting += package["depends"]
    return found


def zipped(name: str) -> bool:
    """Tell an archive, which a server sends as it is, from what it compresses."""
    return name.endswith((".whl", ".zip"))


def lock(official: dict[str, Any], contents: dict[str, bytes], wheels: list[Path]) -> bytes:
    """Return the lock of the packages that are there, with the checksums of what was trimmed."""
    packages = {
        name: package | {"depends": [one for one in package["depends"] if one not in UNUSED]}
        for name, package in official["packages"].items()
        if package["file_name"] in contents
    }
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        packages[name.replace("_", "-")] = package_of(name, version, wheel.name)
    packages["softmax-lib"]["depends"] = ["numpy"]
    packages[kernel.LEFT_OUT] = package_of(kernel.LEFT_OUT, "0", kernel.NOTHING) | {"imports": []}
    for package in packages.values():
        package["sha256"] = hashlib.sha256(contents[package["file_name"]]).hexdigest()
    return json.dumps({"info": official["info"], "packages": packages}).encode()


def package_of(name: str, version: str, file_name: str) -> dict[str, Any]:
    return {
        "name": name,
        "version": version,
        "file_name": file_name,
        "install_dir": "site",
        "package_type": "package",
        "imports": [name],
        "depends": [],
        "unvendored_tests": False,
    }


def megabytes(files: dict[str, dict[str, Any]]) -> tuple[float, float, float]:
    """Return what travels at the first run, and besides for figures, and for the lab."""
    start, figures, lab = (
        sum(file["wire"] for file in files.values() if file["group"] == group) / 1e6
        for group in GROUPS
    )
    return start, figures, lab
