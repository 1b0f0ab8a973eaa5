"""The lab: JupyterLite with the book's notebooks, on the Python that the pages' cells load too.

Without it a reader could run a page, but not keep a notebook, and no student could hand one in.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.notebooks.contents import ROOT
from tools.site import kernel, pages

APPS = ("notebooks", "tree", "edit")
SCRIPTS = ("lab.js", "lab.css")


def write(site: Path) -> float:
    """Write the lab into the site, and links to it; return how many megabytes its files have."""
    target = site / "lab"
    held = notebooks(site)
    with TemporaryDirectory() as folder:
        project = Path(folder)
        for path in kernel.LITE.glob("*.json"):
            shutil.copyfile(path, project / path.name)
        for name, path in held.items():
            (project / "files" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, project / "files" / name)
        build(project, target)
    for name in SCRIPTS:
        shutil.copyfile(kernel.LITE / name, target / name)
    insert(target / "notebooks" / "index.html", "</head>", head(held), before=True)
    for name in held:
        insert(site / Path(name).with_suffix(".html"), "</h1>", door(name))
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file()) / 1e6


def notebooks(site: Path) -> dict[str, Path]:
    """Return the notebooks by the path of their pages: those that run, and what students get."""
    run = [page.with_suffix(".ipynb") for page in pages.live_pages()]
    released = sorted((site / "assignments").glob("*.ipynb"))
    return {path.as_posix(): ROOT / path for path in run} | {
        f"book/assignments/{path.name}": path for path in released
    }


def build(project: Path, target: Path) -> None:
    """Let JupyterLite build the lab of a project; it takes no other extension than its kernel."""
    extension = next(
        Path(str(file.locate())).parent
        for file in metadata.files("jupyterlite-pyodide-kernel") or []
        if file.name == "package.json"
    )
    options = [f"--apps={app}" for app in APPS]
    options += ["--no-sourcemaps", "--no-unused-shared-packages", "--ignore-sys-prefix"]
    options += [f"--LiteBuildConfig.federated_extensions={extension}"]
    options += [f"--lite-dir={project}", f"--output-dir={target}"]
    command = [sys.executable, "-m", "jupyterlite_core", "build", *options]
    subprocess.run(command, cwd=project, check=True, capture_output=True)


def head(names: Iterable[str]) -> str:
    """Return what leads from a notebook back to its page."""
    return (
        '<link rel="stylesheet" href="../lab.css">\n'
        f'<script defer src="../lab.js" data-notebooks="{" ".join(names)}"></script>\n'
    )


def door(name: str) -> str:
    """Return the line of a page that leads to its notebook."""
    up = "../" * name.count("/")
    return (
        f'\n<p class="small d-print-none"><a href="{up}lab/notebooks/index.html?path={name}">'
        "Open in the lab</a>: your own copy of this notebook, kept in your browser.</p>"
    )


def insert(page: Path, mark: str, added: str, before: bool = False) -> None:
    html = page.read_text(encoding="utf-8")
    both = f"{added}{mark}" if before else f"{mark}{added}"
    page.write_text(html.replace(mark, both, 1), encoding="utf-8")
