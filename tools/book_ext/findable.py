"""What search engines and messengers read, and the page for a lost address.

Every page gets a description of its own, which is its first paragraph, and Open Graph tags. What
has to be an absolute address is written only where BOOK_SITE_URL says where the site will live:
canonical links, og:url and og:image, and the sitemap. A relative og:image would not help: the
protocol asks for an address, and those who read it do not resolve one.
"""

import os
import re
import textwrap
import unicodedata
from html import escape, unescape
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.errors import ConfigError

from tools.book_ext import social_card

LONGEST = 160  # what search engines show of a description
CARD = "_static/social-card.png"
CHAPTER = re.compile(r"book/\d\d-")
FIXED = {
    "genindex": "Every function, class and method of the book's package, from A to Z.",
    "search": "Search all pages of the book.",
}
SPOKEN = [(r"\\hat\s*\{?(\w)\}?", "\\1\N{COMBINING CIRCUMFLEX ACCENT}"), (r"\s*-\s*", " − ")]
SILENT = (nodes.raw, nodes.image, nodes.footnote_reference, nodes.Invisible)


def site_address() -> str:
    """Return the address that the site will have, with a slash at its end, or ''."""
    address = os.environ.get("BOOK_SITE_URL", "").strip()
    if address and not (urlsplit(address).scheme in {"http", "https"} and urlsplit(address).netloc):
        raise ConfigError(f"BOOK_SITE_URL must look like https://host/path/; got {address!r}")
    return address.rstrip("/") + "/" if address else ""


# --- a description -----------------------------------------------------------------------------


def description(doctree) -> str:
    """Return the page's first paragraph as plain text, short enough to be shown whole."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            return shortened(" ".join(plain(paragraph).split()))
    return ""


def shortened(text: str) -> str:
    """Cut at the end of a sentence where that leaves enough, else at a word."""
    if len(text) <= LONGEST:
        return text
    if sentences := re.match(r".{80,}[.?!](?= )", text[: LONGEST + 1]):
        return sentences[0]
    cut = textwrap.shorten(text, LONGEST, placeholder="…", break_on_hyphens=False)
    return re.sub(r"\W+$", "…", cut)


def plain(node) -> str:
    if isinstance(node, nodes.math):
        return spoken(node.astext())
    if isinstance(node, SILENT):
        return ""
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(plain(child) for child in node.children)


def spoken(formula: str) -> str:
    """Write a short formula without LaTeX; test_findable.py finds one that is too long."""
    for latex, text in SPOKEN:
        formula = re.sub(latex, text, formula)
    return unicodedata.normalize("NFC", formula)


# --- the tags of a page ------------------------------------------------------------------------


def tags(app, title: str, words: str, url: str) -> str:
    """Return the tags of a page; without a known address there is no url, and no picture."""
    named = {
        "description": words,
        "twitter:card": "summary",
        "og:type": "website",
        "og:site_name": app.config.html_title,
        "og:title": title,
        "og:description": words,
    }
    if address := site_address():
        named |= {
            "twitter:card": "summary_large_image",
            "og:url": url,
            "og:image": address + CARD,
            "og:image:alt": social_card.ALT,
            "og:image:type": "image/png",
            "og:image:width": str(social_card.WIDTH),
            "og:image:height": str(social_card.HEIGHT),
        }
    return "".join(meta(name, content) for name, content in named.items())


def meta(name: str, content: str) -> str:
    kind = "property" if name.startswith("og:") else "name"
    return f'\n<meta {kind}="{name}" content="{escape(content)}">'


def describe_page(app, pagename, templatename, context, doctree):
    """Give a page its title, description and tags; the root's are those of the landing page."""
    landing = app.config.root_doc
    documented = {module.docname: name for name, module in app.env.get_domain("py").modules.items()}
    if pagename in documented:
        context["title"] = documented[pagename]
    if pagename == "index":
        context["pageurl"] = address_of(app, landing)
        doctree = app.env.get_doctree(landing)
    if doctree:
        title = unescape(context["title"])
        context["metatags"] = context.get("metatags", "") + tags(
            app, title, description(doctree), context["pageurl"] or ""
        )
    if pagename in FIXED:
        context["metatags"] = context.get("metatags", "") + meta("description", FIXED[pagename])
    # The landing page is called like the book: its name need not be said twice.
    return "landing.html" if pagename == landing else None


def address_of(app, docname: str) -> str:
    address = site_address()
    return address + app.builder.get_target_uri(docname) if address else ""


# --- files -------------------------------------------------------------------------------------


def lost_page(app):
    """Sent by the server for whatever address does not exist."""
    env = app.env
    chapters = [
        (app.builder.get_target_uri(name), env.titles[name].astext())
        for name in sorted(env.titles)
        if CHAPTER.match(name)
    ]
    landing = app.builder.get_target_uri(app.config.root_doc)
    return [
        ("404", {"address": site_address(), "landing": landing, "chapters": chapters}, "404.html")
    ]


def write_files(app, exception) -> None:
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    social_card.draw(site / CARD, app.config.html_title)
    robots = "User-agent: *\nAllow: /\n"
    if address := site_address():
        robots += f"Sitemap: {address}sitemap.xml\n"
        (site / "sitemap.xml").write_text(sitemap(app), encoding="utf-8")
    (site / "robots.txt").write_text(robots, encoding="utf-8")


def sitemap(app) -> str:
    """List the pages that readers come to; the search, the index and 404 are none."""
    places = "".join(
        f"<url><loc>{escape(address_of(app, name))}</loc></url>\n"
        for name in sorted(app.env.all_docs)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n'
    )


def set_address(app, config) -> None:
    if address := site_address():
        config.html_baseurl = address  # Sphinx makes the canonical links of it


def connect(app):
    app.connect("config-inited", set_address)
    app.connect("html-page-context", describe_page)
    app.connect("html-collect-pages", lost_page)
    app.connect("build-finished", write_files)
