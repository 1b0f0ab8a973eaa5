"""A place of the right size for each figure, before the figure has come.

With width and height in the page, the text below a figure does not jump when it arrives, and
figures further down can wait until they are near.
"""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx

FIGURE = re.compile(r'<img (?P<rest>[^>]*)src="(?P<address>[^"]*/?_images/(?P<name>[^"]+))"')


def reserve_places(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    if "body" not in context:
        return
    sources = {name: path for path, name in app.builder.images.items()}
    figures = iter(range(1_000_000))

    def with_size(match: re.Match) -> str:
        with Image.open(Path(app.srcdir, sources[match["name"]])) as picture:
            width, height = picture.size
        waiting = ' loading="lazy"' if next(figures) else ""
        return f'<img width="{width}" height="{height}"{waiting} {match[0].removeprefix("<img ")}'

    context["body"] = FIGURE.sub(with_size, context["body"])


def connect(app: Sphinx) -> None:
    app.connect("html-page-context", reserve_places)
