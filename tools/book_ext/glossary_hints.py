"""What a link to the glossary would say, at hand on the page itself.

The definitions of the terms that a page links to lie at its end, out of sight. The script
book/_static/js/glossary-hints.js shows one beside its link; without it, the link leads to the
glossary as ever.
"""

import functools
import posixpath
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.osutil import relative_uri

GLOSSARY = "book/glossary"


@functools.cache
def definitions(builder: StandaloneHTMLBuilder) -> dict[str, list[nodes.Element]]:
    """Return what the glossary says of each term, by the anchor of the term."""
    glossary = builder.env.get_and_resolve_doctree(GLOSSARY, builder)
    return {
        section["ids"][0]: [
            child for child in section if not isinstance(child, nodes.title | nodes.section)
        ]
        for section in glossary.findall(nodes.section)
    }


def linked_terms(builder: StandaloneHTMLBuilder, page: str, doctree: nodes.document) -> list[str]:
    """Return the anchors of the terms that a page links to, each once, in their order."""
    start = builder.get_relative_uri(page, GLOSSARY) + "#"
    addresses = [link.get("refuri", "") for link in doctree.findall(nodes.reference)]
    return list(
        dict.fromkeys(
            address.removeprefix(start) for address in addresses if address.startswith(start)
        )
    )


def seen_from(
    builder: StandaloneHTMLBuilder, page: str, definition: nodes.Element
) -> nodes.Element:
    """Return a copy of a definition with the links that lead to the same places from a page."""
    here, glossary = (builder.get_target_uri(name) for name in (page, GLOSSARY))
    copy = definition.deepcopy()
    for link in copy.findall(nodes.reference):
        if "refid" in link:
            link["refuri"] = relative_uri(here, glossary) + "#" + link.attributes.pop("refid")
        elif link.get("internal"):
            file, *anchor = link["refuri"].split("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(glossary), file))
            link["refuri"] = "#".join([relative_uri(here, target), *anchor])
    return copy


def hint(builder: StandaloneHTMLBuilder, page: str, term: str) -> str:
    parts = [
        builder.render_partial(seen_from(builder, page, part))["fragment"]
        for part in definitions(builder)[term]
    ]
    return f'<div class="glossary-hint" id="hint-{term}" hidden>{"".join(parts)}</div>'


def add_hints(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    builder = app.builder
    if doctree is None or page == GLOSSARY or not isinstance(builder, StandaloneHTMLBuilder):
        return
    if terms := linked_terms(builder, page, doctree):
        hints = "\n".join(hint(builder, page, term) for term in terms)
        context["body"] += f'<div class="glossary-hints">\n{hints}\n</div>\n'


def connect(app: Sphinx) -> None:
    app.connect("html-page-context", add_hints)
