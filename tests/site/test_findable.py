"""What search engines and messengers read: titles, descriptions, the picture, robots, the sitemap.

The first part reads the pages of the last `make book`, whether or not BOOK_SITE_URL was set for it.
The second builds a book of three pages, once with an address and once without.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from xml.etree import ElementTree

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from PIL import Image
from sphinx.errors import ConfigError

from tests.site.test_site import ROOT, SITE, Page, load
from tools.book_ext import findable, social_card

pytestmark = pytest.mark.built

ADDRESS = "https://example.org/softmax"
NOT_PLAIN = re.compile(r"[\\$`*_^{}]|\]\(|\s{2}")
# What softmax_lib and the paths of the book are called has an underscore.
NAMES = re.compile(r"softmax_lib[.\w]*|\b[\w/]+\.ipynb")


def book_pages(site):
    return sorted((site / "book").rglob("*.html"))


def metas(path):
    tags = Page(path.read_text(encoding="utf-8")).all("meta")
    return {tag.get("name") or tag.get("property"): tag.get("content") for tag in tags}


def title_of(path):
    return re.search(r"<title>(.*?)</title>", path.read_text(encoding="utf-8"), re.DOTALL)[1]


def canonical(path):
    links = Page(path.read_text(encoding="utf-8")).all("link")
    return [link["href"] for link in links if link.get("rel") == "canonical"]


def twice(values):
    return [value for value, count in Counter(values).items() if count > 1]


# --- the book ----------------------------------------------------------------------------------


def test_every_page_has_a_title_of_its_own():
    titles = [title_of(path) for path in book_pages(SITE)]
    assert twice(titles) == []
    assert all("Training a Softmax Classifier" in title for title in titles)
    assert titles.count("Training a Softmax Classifier") == 1


def test_a_page_of_the_package_is_called_like_its_module():
    assert title_of(SITE / "book" / "api" / "losses.html").startswith("softmax_lib.losses ")


def test_every_page_has_a_description_of_its_own():
    descriptions = [metas(path).get("description", "") for path in book_pages(SITE)]
    assert twice(descriptions) == []


@pytest.mark.parametrize("path", book_pages(SITE), ids=lambda path: path.stem)
def test_a_description_is_plain_and_short_and_ends(path):
    words = metas(path)["description"]
    assert 40 <= len(words) <= findable.LONGEST
    assert not NOT_PLAIN.search(NAMES.sub("name", words))
    assert words.endswith((".", "?", "!", "…"))


@pytest.mark.parametrize("path", book_pages(SITE), ids=lambda path: path.stem)
def test_a_page_tells_messengers_what_it_tells_search_engines(path):
    told = metas(path)
    assert told["og:description"] == told["description"]
    assert told["og:title"] in title_of(path).replace("&#39;", "'")
    assert told["og:site_name"] == "Training a Softmax Classifier"
    assert told["og:type"] == "website"


@pytest.mark.parametrize("name", ["genindex", "search"])
def test_the_search_and_the_index_are_described_too(name):
    assert metas(SITE / f"{name}.html")["description"] == findable.FIXED[name]


def test_the_root_is_described_like_the_landing_page():
    root, landing = (metas(SITE / name) for name in ("index.html", "book/index.html"))
    assert root["description"] == landing["description"]
    assert root["og:title"] == landing["og:title"] == "Training a Softmax Classifier"


def test_the_picture_has_the_size_that_the_tags_say():
    with Image.open(SITE / findable.CARD) as picture:
        assert picture.size == (1200, 630) == (social_card.WIDTH, social_card.HEIGHT)
        assert len(picture.getcolors(1 << 20)) > 50  # something is drawn on it


def test_the_picture_s_words_say_the_lecture_s_numbers():
    assert social_card.ALT.endswith("other 0.842, cat 0.042, dog 0.002, chick 0.114")


def test_the_lost_page_leads_back():
    page, told = load(SITE / "404.html"), metas(SITE / "404.html")
    assert told["robots"] == "noindex"
    targets = [link["href"] for link in page.all("a")]
    assert len(targets) == 12  # the landing page, the search, ten chapters
    html = (SITE / "404.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in html
    assert html.count("<main>") == html.count("<h1>") == 1
    assert not page.all("img")
    assert [link["href"] for link in page.all("link")] == ["data:,"]  # no style, no icon fetched


def test_robots_may_read_everything():
    assert (SITE / "robots.txt").read_text().startswith("User-agent: *\nAllow: /\n")


# --- with and without an address -----------------------------------------------------------------


CONF = """
project = html_title = "Little & Book"
root_doc = "book/index"
html_theme = "alabaster"
templates_path = [{templates!r}]
def setup(app):
    from tools.book_ext import findable
    findable.connect(app)
    app.connect("html-collect-pages", lambda app: [
        ("index", {{"title": app.config.html_title}}, "redirect.html")])
"""
LITTLE = {
    "index": 'Little\n======\n\nThe first words, with "quotes" & more.\n\n'
    ".. toctree::\n\n   01-one\n   other\n",
    "01-one": "One\n===\n\nThe first chapter derives :math:`\\hat y - y`.\n",
    "other": "Other\n=====\n\nWhat is not in a chapter.\n",
}


def build(folder, address):
    """Build a little book, strictly, and return its site."""
    (folder / "book").mkdir()
    for name, text in LITTLE.items():
        (folder / "book" / f"{name}.rst").write_text(text)
    templates = str(ROOT / "book" / "_templates")
    (folder / "conf.py").write_text(CONF.format(templates=templates))
    path = str(ROOT)
    environment = os.environ | {"PYTHONPATH": path, "BOOK_SITE_URL": address}
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", str(folder), str(folder / "site")]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    return folder / "site"


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return build(tmp_path_factory.mktemp("known"), ADDRESS)


@pytest.fixture(scope="module")
def unknown(tmp_path_factory):
    return build(tmp_path_factory.mktemp("unknown"), "")


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("index.html", "book/index.html"),
        ("book/index.html", "book/index.html"),
        ("book/01-one.html", "book/01-one.html"),
    ],
)
def test_a_known_address_is_told(known, name, target):
    told = metas(known / name)
    assert canonical(known / name) == [told["og:url"]] == [f"{ADDRESS}/{target}"]
    assert told["og:image"] == f"{ADDRESS}/{findable.CARD}"
    assert told["og:image:alt"] == social_card.ALT
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert told["twitter:card"] == "summary_large_image"
    assert (known / findable.CARD).is_file()


def test_the_sitemap_lists_the_pages_that_readers_come_to(known):
    sitemap = ElementTree.parse(known / "sitemap.xml").getroot()
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert sitemap.tag == f"{space}urlset"
    assert [place.text for place in sitemap.iter(f"{space}loc")] == [
        f"{ADDRESS}/book/{name}.html" for name in ("01-one", "index", "other")
    ]


def test_robots_learn_where_the_sitemap_is(known):
    assert f"\nSitemap: {ADDRESS}/sitemap.xml\n" in (known / "robots.txt").read_text()


def test_the_lost_page_of_a_known_site_has_absolute_links(known):
    page = load(known / "404.html")
    assert [link["href"] for link in page.all("a")] == [
        f"{ADDRESS}/{name}" for name in ("book/index.html", "search.html", "book/01-one.html")
    ]
    assert not page.all("script")


def test_an_unknown_address_is_not_made_up(unknown):
    for path in unknown.rglob("*.html"):
        assert canonical(path) == []
        assert not {"og:url", "og:image", "og:image:alt"} & set(metas(path))
    assert metas(unknown / "book" / "index.html")["twitter:card"] == "summary"
    assert not (unknown / "sitemap.xml").exists()
    assert "Sitemap" not in (unknown / "robots.txt").read_text()


def test_the_book_s_own_pages_are_of_one_mind_about_their_address():
    """With the address in the environment of `make book`, all have it; without, none has."""
    pages = book_pages(SITE)
    with_address = [path for path in pages if canonical(path)]
    assert with_address in ([], pages)
    assert (SITE / "sitemap.xml").exists() == bool(with_address)
    assert ("Sitemap:" in (SITE / "robots.txt").read_text()) == bool(with_address)


def test_a_formula_in_a_description_has_no_latex(unknown):
    assert metas(unknown / "book" / "01-one.html")["description"] == (
        "The first chapter derives ŷ − y."
    )


def test_an_ampersand_in_a_description_is_escaped(unknown):
    html = (unknown / "book" / "index.html").read_text(encoding="utf-8")
    assert "<title>Little &amp; Book</title>" in html
    assert "&amp; more." in html
    assert '<meta property="og:site_name" content="Little &amp; Book">' in html


@pytest.mark.parametrize("given", ["example.org/book", "/book/", "ftp://example.org"])
def test_what_is_no_address_of_a_site_is_refused(given, monkeypatch):
    monkeypatch.setenv("BOOK_SITE_URL", given)
    with pytest.raises(ConfigError, match="BOOK_SITE_URL must look like https"):
        findable.site_address()


@pytest.mark.parametrize("given", [ADDRESS, f"{ADDRESS}/", f" {ADDRESS}// "])
def test_an_address_ends_in_one_slash(given, monkeypatch):
    monkeypatch.setenv("BOOK_SITE_URL", given)
    assert findable.site_address() == f"{ADDRESS}/"


# --- descriptions --------------------------------------------------------------------------------


def test_the_first_paragraph_is_taken_and_no_list_table_or_figure():
    text = "Title\n=====\n\n- a list item\n\nThe words *meant*, on\ntwo lines.\n\nMore.\n"
    section = nodes.section("", *publish_doctree(text).children)
    assert findable.description(section) == "The words meant, on two lines."


def test_a_long_description_ends_with_a_sentence_where_it_can():
    sentences = "Twenty letters stand here, and then some more follow after them. " * 4
    assert findable.shortened(sentences.strip()) == (sentences * 1)[:129].strip()


def test_a_long_sentence_is_cut_at_a_word():
    words = "a well-kept word, " * 20
    cut = findable.shortened(words.strip())
    assert len(cut) <= findable.LONGEST
    assert cut.endswith(("word…", "well-kept…", " a…"))


@pytest.mark.parametrize(
    ("latex", "text"), [(r"\hat y - y", "ŷ − y"), (r"(\hat{Y} - Y)/m", "(Ŷ − Y)/m"), ("C", "C")]
)
def test_a_short_formula_is_written_out(latex, text):
    assert findable.spoken(latex) == text


# --- the checks, seen to fail --------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [r"back from \hat Y to it", "the gradient $y$", "a *word*", "see [this](that.md)", "`code`"],
)
def test_what_is_not_plain_is_found(words):
    assert NOT_PLAIN.search(NAMES.sub("name", words))
