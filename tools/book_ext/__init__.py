"""The Sphinx extension of the book: what the site needs beyond its public extensions."""

from tools.book_ext import (
    book_site,
    boxes,
    bundle,
    equations,
    figures,
    findable,
    glossary_hints,
    palette,
    panels,
    punctuation,
    typefaces,
)

# In the order in which they bring their files to a page.
ROOMS = [
    book_site,
    typefaces,
    palette,
    boxes,
    figures,
    panels,
    findable,
    equations,
    punctuation,
    glossary_hints,
    bundle,
]


def setup(app):
    for room in ROOMS:
        room.connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
