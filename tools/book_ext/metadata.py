"""What search engines and messengers read, and the page for a lost address.

Three public extensions write it, and all of them need the address that the site will have: with
BOOK_SITE_URL they are loaded, and without it the pages name no address that nobody knows.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinxext.opengraph import html_page_context

PICTURE_WORDS = (
    "Bars of four probabilities that softmax makes of four logits: "
    "other 0.842, cat 0.042, dog 0.002, chick 0.114"
)
LOST = """\
<h1>There is no such page</h1>
<p>Perhaps the page was renamed, or the link has a typing mistake.
<a href="{path}book/index.html">Go to the first page of the book</a>, or
<a href="{path}search.html">search it</a>.</p>
"""


def site_address() -> str:
    """Return the address that the site will have, with a slash at its end, or ''."""
    address = os.environ.get("BOOK_SITE_URL", "").strip()
    if address and not (urlsplit(address).scheme in {"http", "https"} and urlsplit(address).netloc):
        raise ConfigError(f"BOOK_SITE_URL must look like https://host/path/; got {address!r}")
    return address.rstrip("/") + "/" if address else ""


def tell_address(app: Sphinx, config: Config) -> None:
    address = site_address()
    config.html_baseurl = address  # Sphinx makes the canonical links of it

    config.ogp_site_url = address
    config.ogp_site_name = config.html_title
    config.ogp_description_length = 160  # what search engines show of it
    config.ogp_image = "_static/social-card.png"
    config.ogp_image_alt = PICTURE_WORDS
    config.ogp_custom_meta_tags = ['<meta name="twitter:card" content="summary_large_image" />']

    config.sitemap_url_scheme = "{link}"
    signposts = [f"{page}.html" for page in config.html_additional_pages]
    config.sitemap_excludes = [*signposts, "genindex.html", "search.html", "404.html"]

    path = urlsplit(address).path
    config.notfound_urls_prefix = path
    config.notfound_context = {"title": "There is no such page", "body": LOST.format(path=path)}
    config.html_sidebars["404"] = []  # the theme's contents would have relative links


def describe_signpost(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """A signpost is described like the page that it leads to: the root is what people share."""
    if pagename in app.config.html_additional_pages:
        target = app.config.html_context.get("moved", {}).get(pagename, app.config.root_doc)
        address = site_address() + app.builder.get_target_uri(target)
        context["metatags"] = f'<link rel="canonical" href="{address}" />\n'
        title = app.env.titles[target].astext()
        described = context | {"pagename": target, "title": title, "meta": None}
        html_page_context(app, target, templatename, described, app.env.get_doctree(target))
        context["metatags"] = described["metatags"]


def connect(app: Sphinx) -> None:
    if site_address():
        for extension in ("sphinxext.opengraph", "sphinx_sitemap", "notfound.extension"):
            app.setup_extension(extension)
        app.connect("config-inited", tell_address, priority=400)  # before notfound looks
        app.connect("html-page-context", describe_signpost)
