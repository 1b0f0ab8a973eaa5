"""Get Pyodide's files: without their checksums a reader would run whatever a host sends.

`pyodide-0.27.7.sha256` pins every file. A file comes from a folder, or from a base address; what
came from an address is kept, and a download that broke off goes on where it stopped.
"""

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

PINS = Path(__file__).with_name("pyodide-0.27.7.sha256")
# Where Pyodide's makers publish this version.
PUBLISHED = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"
PIECE = 1 << 16
HELP = "Name a folder with the files of Pyodide 0.27.7: make site PYODIDE=folder"


class RefusedError(Exception):
    """A file that is missing, or is not the pinned one; the message is one line."""


def pinned(pins: Path = PINS) -> dict[str, str]:
    """Return the SHA-256 of each file, by its name."""
    lines = pins.read_text(encoding="ascii").splitlines()
    return {name: checksum for checksum, name in map(str.split, lines)}


def opener(source: str, cache: Path) -> Callable[[str], Path]:
    """Return a function that gives the path of a file by its name."""
    if "://" in source:
        return lambda name: downloaded(source.rstrip("/") + "/" + name, cache / name)
    if not Path(source).is_dir():
        raise RefusedError(f"there is no folder {source}. {HELP}")
    return lambda name: Path(source, name)


def files(source: str, cache: Path, pins: Path = PINS) -> dict[str, Path]:
    """Return the path of each pinned file, having compared its checksum."""
    path_of = opener(source, cache)
    return {
        name: checked(path_of(name), checksum, cache) for name, checksum in pinned(pins).items()
    }


def checked(path: Path, checksum: str, cache: Path) -> Path:
    if not path.is_file():
        raise RefusedError(f"{path} is missing. {HELP}")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != checksum:
        if cache in path.parents:
            path.unlink()
        raise RefusedError(
            f"{path} is not the file that is pinned: its SHA-256 must be {checksum}; got {found}"
        )
    return path


def downloaded(address: str, target: Path) -> Path:
    """Fetch a file, unless it is there; a part of it that came earlier is not fetched again."""
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            expected = have * (answer.status == 206) + int(answer.headers.get("Content-Length", 0))
            with part.open("ab" if answer.status == 206 else "wb") as file:
                while piece := answer.read(PIECE):
                    file.write(piece)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != 416:  # the part is the whole
            raise RefusedError(f"{address} answers {error.code} {error.reason}. {HELP}") from None
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise RefusedError(f"cannot fetch {address} ({reason}). {HELP}") from None
    else:
        if part.stat().st_size < expected:
            raise RefusedError(f"the download of {address} broke off; the same command resumes it")
    os.replace(part, target)
    return target
