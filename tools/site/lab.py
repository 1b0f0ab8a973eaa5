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
        (project / "files").mkdir()
        for path in kernel.LITE.glob("*.json"):
            shutil.copyfile(path, project / path.name)
        for path in held.values():
            shutil.copyfile(path, project / "files" / path.name)
        build(project, target)
    for name in SCRIPTS:
        shutil.copyfile(kernel.LITE / name, target / name)
    for app in APPS:
        pages.insert(target / app / "index.html", "</head>", head(held), before=True)
    for page, path in held.items():
        pages.insert(site / page, "</h1>", door(page, path.name))
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file()) / 1e6


def notebooks(site: Path) -> dict[Path, Path]:
    """Return the notebooks by their pages: those that run, and what students get."""
    chapters = {page: ROOT / page.with_suffix(".ipynb") for page in pages.live_pages()}
    released = sorted((site / "assignments").glob("*.ipynb"))
    return chapters | {Path("book/assignments", f"{path.stem}.html"): path for path in released}


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


def head(held: Iterable[Path]) -> str:
    """Return what leads from the lab back to the pages."""
    addresses = " ".join(page.as_posix() for page in held)
    return (
        '<link rel="stylesheet" href="../lab.css">\n'
        f'<script defer src="../lab.js" data-pages="{addresses}"></script>\n'
    )


def door(page: Path, notebook: str) -> str:
    """Return the line of a page that leads to its notebook."""
    lab = "../" * (len(page.parts) - 1) + "lab/notebooks/index.html"
    return (
        f'\n<p class="small d-print-none"><a href="{lab}?path={notebook}">'
        "Open in the lab</a>: your own copy of this notebook, kept in your browser.</p>"
    )
