"""The Sphinx extension of the book: what the site needs beyond its public extensions."""

import gc

from sphinx.application import Sphinx

from tools.book_ext import (
    assets,
    boxes,
    catalogue,
    deck,
    docstrings,
    downloads,
    equations,
    figures,
    glossary_hints,
    metadata,
    npm,
    panels,
    punctuation,
    repository,
    sheets,
)

ROOMS = (
    assets,
    boxes,
    catalogue,
    deck,
    docstrings,
    downloads,
    equations,
    figures,
    glossary_hints,
    metadata,
    panels,
    punctuation,
    repository,
    sheets,
)


def setup(app: Sphinx) -> dict[str, bool]:
    # A build makes millions of nodes that stay: looking for rubbish took a sixth of its time.
    gc.set_threshold(5_000, 20, 100)
    npm.install()
    npm.put_node_first()
    for room in ROOMS:
        room.connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
