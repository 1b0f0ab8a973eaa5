"""Serve the package's wheel and the assignments: without them a reader could only look on."""

import subprocess
import sys
from pathlib import Path

from sphinx.application import Sphinx

from tools.book_ext.npm import ROOT
from tools.course import assignments


def serve_wheel(app: Sphinx) -> None:
    """Build the wheel into the site's root, and tell the templates and the pages its name."""
    for old in Path(app.outdir).glob("softmax_lib-*.whl"):
        old.unlink()
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*build, app.outdir], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = Path(app.outdir).glob("softmax_lib-*.whl")
    app.config.html_context["wheel"] = wheel.name
    # The pages of the assignments say {{ wheel }}; they lie two folders below the root.
    link = f'<a href="../../{wheel.name}" download>The wheel, {wheel.name}</a>'
    app.config.myst_substitutions["wheel"] = link


def serve_assignments(app: Sphinx) -> None:
    """Write the notebooks that students get into the site; their masters stay outside."""
    for name in assignments.names():
        assignments.write_release(name, Path(app.outdir, "assignments"))


def connect(app: Sphinx) -> None:
    app.connect("builder-inited", serve_wheel, priority=100)  # before MyST reads its settings
    app.connect("builder-inited", serve_assignments)
