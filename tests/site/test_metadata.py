"""What search engines and messengers read: titles, descriptions, the picture, the sitemap, and 404.

The first part reads the pages of the last `make book`, whether or not BOOK_SITE_URL was set for it.
The second builds a book of three pages, once with an address and once without.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from PIL import Image
from sphinx.errors import ConfigError

from softmax_lib import softmax
from tests.site.test_site import ROOT, SITE, load
from tests.support.once import made_once
from tools.book_ext import metadata

pytestmark = pytest.mark.built

ADDRESS = "https://example.org/some/where"


def book_pages(site):
    return sorted((site / "book").rglob("*.html"))


def metas(path):
    tags = load(path).all("meta")
    return {tag.get("name") or tag.get("property"): tag.get("content") for tag in tags}


def title_of(path):
    return re.search(r"<title>(.*?)</title>", path.read_text(encoding="utf-8"), re.DOTALL)[1]


def canonical(path):
    return [link["href"] for link in load(path).all("link") if link.get("rel") == "canonical"]


# --- the book ----------------------------------------------------------------------------------


def test_every_page_has_a_title_of_its_own():
    counts = Counter(title_of(path) for path in book_pages(SITE))
    assert [title for title, count in counts.items() if count > 1] == []
    assert all("Training a Softmax Classifier" in title for title in counts)
    assert counts["Training a Softmax Classifier"] == 1


def test_the_picture_has_the_size_that_messengers_ask_for():
    with Image.open(SITE / "_static" / "social-card.png") as picture:
        assert picture.size == (1200, 630)


def test_the_picture_s_words_say_the_lecture_s_numbers():
    probs = zip(("other", "cat", "dog", "chick"), softmax([5, 2, -1, 3]), strict=True)
    said = ", ".join(f"{name} {prob:.3f}" for name, prob in probs)
    assert metadata.PICTURE_WORDS.endswith(said)


def test_the_books_pages_are_of_one_mind_about_their_address():
    """With the address in the environment of `make book`, all have it; without, none has."""
    pages = book_pages(SITE)
    with_address = [path for path in pages if canonical(path)]
    assert with_address in ([], pages)
    assert [path for path in pages if "description" in metas(path)] == with_address
    for name in ("sitemap.xml", "404.html"):
        assert (SITE / name).exists() == bool(with_address)


# --- with and without an address -----------------------------------------------------------------


CONF = """
project = html_title = "Little & Book"
root_doc = "book/index"
html_theme = "alabaster"
templates_path = [{templates!r}]
html_additional_pages = {{"index": "redirect.html", "book/09-other": "redirect.html"}}
html_context = {{"moved": {{"book/09-other": "book/other"}}}}
def setup(app):
    from tools.book_ext import metadata
    metadata.connect(app)
"""
LITTLE = {
    "index": "Little\n======\n\nThe first words & more.\n\n.. toctree::\n\n   01-one\n   other\n",
    "01-one": "One\n===\n\nThe first chapter derives nothing.\n\n" + "More words. " * 40,
    "other": "Other\n=====\n\nWhat is not in a chapter.\n",
}


def build(folder, address):
    """Build a little book, strictly."""
    (folder / "book").mkdir()
    for name, text in LITTLE.items():
        (folder / "book" / f"{name}.rst").write_text(text)
    # Only the signpost at the root: the other templates are for the book's theme.
    (folder / "templates").mkdir()
    signpost = ROOT / "book" / "_templates" / "redirect.html"
    (folder / "templates" / signpost.name).write_bytes(signpost.read_bytes())
    (folder / "conf.py").write_text(CONF.format(templates=str(folder / "templates")))
    environment = os.environ | {"PYTHONPATH": str(ROOT), "BOOK_SITE_URL": address}
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", str(folder), str(folder / "site")]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return made_once(tmp_path_factory, "known", lambda folder: build(folder, ADDRESS)) / "site"


@pytest.fixture(scope="module")
def unknown(tmp_path_factory):
    return made_once(tmp_path_factory, "unknown", lambda folder: build(folder, "")) / "site"


def test_an_old_address_leads_to_where_the_page_is_now(unknown):
    assert 'content="0; url=other.html"' in (unknown / "book/09-other.html").read_text()
    assert 'content="0; url=book/index.html"' in (unknown / "index.html").read_text()


@pytest.mark.parametrize(
    ("name", "target", "words"),
    [
        ("index.html", "book/index.html", "The first words & more."),
        ("book/index.html", "book/index.html", "The first words & more."),
        ("book/01-one.html", "book/01-one.html", "The first chapter derives nothing."),
        ("book/09-other.html", "book/other.html", "What is not in a chapter."),
    ],
)
def test_a_known_address_is_told(known, name, target, words):
    told = metas(known / name)
    assert canonical(known / name) == [told["og:url"]] == [f"{ADDRESS}/{target}"]
    assert told["og:description"] == told["description"]
    assert told["description"].startswith(words)
    assert len(told["description"]) <= 160
    assert told["og:site_name"] == "Little & Book"
    assert told["og:image"] == f"{ADDRESS}/_static/social-card.png"
    assert told["og:image:alt"] == metadata.PICTURE_WORDS
    assert told["twitter:card"] == "summary_large_image"


def test_the_sitemap_lists_the_pages_that_readers_come_to(known):
    sitemap = ElementTree.parse(known / "sitemap.xml").getroot()
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert sitemap.tag == f"{space}urlset"
    assert sorted(place.text for place in sitemap.iter(f"{space}loc")) == [
        f"{ADDRESS}/book/{name}.html" for name in ("01-one", "index", "other")
    ]


def assert_links_hold_at_any_depth(path):
    """The server sends the page for any address: whatever it names must begin at the root."""
    page = load(path)
    named = [tag[name] for _, tag in page.tags for name in ("href", "src") if name in tag]
    relative = [address for address in named if not address.startswith(("#", "/", "https://"))]
    root = urlsplit(ADDRESS).path + "/"
    assert relative == []
    assert [
        address for address in named if address[0] == "/" and not address.startswith(root)
    ] == []
    assert {f"{root}book/index.html", f"{root}search.html"} <= {
        tag["href"] for tag in page.all("a")
    }


def test_the_lost_page_leads_back_from_any_depth(known):
    assert_links_hold_at_any_depth(known / "404.html")


def test_an_unknown_address_is_not_made_up(unknown):
    for path in unknown.rglob("*.html"):
        assert canonical(path) == []
        assert not [name for name in metas(path) if name and name.startswith(("og:", "twitter:"))]
    assert not (unknown / "sitemap.xml").exists()
    assert not (unknown / "404.html").exists()


def test_the_title_at_the_root_is_escaped(known):
    assert title_of(known / "index.html") == "Little &amp; Book"


@pytest.mark.parametrize("given", ["example.org/book", "/book/", "ftp://example.org"])
def test_what_is_no_address_of_a_site_is_refused(given, monkeypatch):
    monkeypatch.setenv("BOOK_SITE_URL", given)
    with pytest.raises(ConfigError, match="BOOK_SITE_URL must look like https"):
        metadata.site_address()


@pytest.mark.parametrize("given", [ADDRESS, f"{ADDRESS}/", f" {ADDRESS}// "])
def test_an_address_ends_in_one_slash(given, monkeypatch):
    monkeypatch.setenv("BOOK_SITE_URL", given)
    assert metadata.site_address() == f"{ADDRESS}/"


# --- the checks, seen to fail --------------------------------------------------------------------


@pytest.mark.parametrize("link", ["book/01-one.html", "/book/01-one.html", "_static/a.css"])
def test_a_link_of_the_lost_page_that_leads_astray_is_found(known, tmp_path, link):
    html = (known / "404.html").read_text(encoding="utf-8")
    (tmp_path / "404.html").write_text(html.replace("</body>", f'<a href="{link}">x</a></body>'))
    with pytest.raises(AssertionError):
        assert_links_hold_at_any_depth(tmp_path / "404.html")
