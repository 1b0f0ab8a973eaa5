"""The files of the package that a wheel holds."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "softmax_lib"


def packaged() -> dict[str, bytes]:
    """Return their contents: a room's README is for contributors, that of the data for users."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in PACKAGE.rglob("*")
        if path.is_file()
        and path.suffix != ".pyc"
        and path.name != ".gitattributes"
        and (path.name != "README.md" or path.parent == PACKAGE / "data")
    }
