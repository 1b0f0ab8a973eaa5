"""The definitions at the end of each page: those of its links, in the glossary's own words."""

import functools
import re
from collections import Counter
from types import SimpleNamespace
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from tests.support.site_pages import SITE, is_read
from tools.book_ext import glossary_hints

pytestmark = pytest.mark.built

GLOSSARY = SITE / "book" / "glossary.html"
PAGES = sorted(
    path for path in (SITE / "book").rglob("*.html") if path != GLOSSARY and is_read(path)
)
INSIDE = ".glossary-hint [id]"


# The definitions end the article: the rest of a page, most of it formulas, is not parsed.
START = '<div class="glossary-hints">'
LINK = re.compile(r'<a [^>]*href="[^"]*glossary\.html#([^"]+)"')
ID = re.compile(r'\sid="([^"]*)"')


@functools.cache
def glossary():
    return BeautifulSoup(GLOSSARY.read_text(encoding="utf-8"), "html.parser")


def article_and_hints(html):
    article, _, hints = html.partition("<article")[2].partition("</article>")[0].partition(START)
    return article, BeautifulSoup(hints, "html.parser")


def wording(parts):
    return " ".join(" ".join(part.get_text() for part in parts).split())


def in_the_glossary(term):
    section = glossary().find(id=term)
    return wording(
        part
        for part in section.find_all(recursive=False)
        if part.name not in {"h2", "h3", "section"}
    )


def complaints(html):
    """Say which definitions are missing, too many, seen too soon, or not the glossary's."""
    article, hints = article_and_hints(html)
    there = {tag["id"].removeprefix("hint-"): tag for tag in hints.select(".glossary-hint")}
    wanted = set(LINK.findall(article))
    yield from (f"{term} has no definition" for term in sorted(wanted - set(there)))
    yield from (f"{term} is not linked to" for term in sorted(set(there) - wanted))
    for term in sorted(wanted & set(there)):
        if wording(there[term].find_all(recursive=False)) != in_the_glossary(term):
            yield f"{term} is defined in other words"
    yield from (f"{term} is shown" for term, hint in there.items() if not hint.has_attr("hidden"))
    ids = Counter(ID.findall(html))
    yield from (f"{term} is there twice" for term in there if ids[f"hint-{term}"] > 1)
    yield from (f"a definition has the id {tag['id']}" for tag in hints.select(INSIDE))
    if not re.search(r'<script [^>]*src="[^"]*js/glossary-hints\.js', html):
        yield "no script shows the definitions"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_definition_that_a_page_links_to_waits_at_its_end(path):
    assert list(complaints(path.read_text(encoding="utf-8"))) == []


def test_definitions_are_found():
    pages = [path.read_text(encoding="utf-8") for path in PAGES]
    assert sum(page.count('class="glossary-hint"') for page in pages) > 100


def test_the_script_is_small():
    assert (SITE / "_static" / "js" / "glossary-hints.js").stat().st_size <= 2048


@pytest.fixture(scope="module")
def chapter():
    html = (SITE / "book" / "01-softmax-vs-hardmax.html").read_text(encoding="utf-8")
    assert list(complaints(html)) == []
    return html


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda hint: hint.decompose(), "logit has no definition"),
        (lambda hint: hint.p.append(" More."), "logit is defined in other words"),
        (lambda hint: hint.attrs.update(id="hint-relu-6"), "relu-6 is not linked to"),
        (lambda hint: hint.attrs.pop("hidden"), "logit is shown"),
        (lambda hint: hint.p.attrs.update(id="logit"), "a definition has the id logit"),
    ],
)
def test_a_wrong_definition_is_noticed(chapter, change, complaint):
    before, start, after = chapter.partition(START)
    page = BeautifulSoup(after, "html.parser")
    change(page.find(id="hint-logit"))
    assert complaint in list(complaints(f"{before}{start}{page}"))


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("<h1", '<h1 id="hint-logit"', "logit is there twice"),
        ("js/glossary-hints", "js/other", "no script shows the definitions"),
    ],
)
def test_what_is_wrong_around_the_definitions_is_noticed(chapter, before, after, complaint):
    assert complaint in list(complaints(chapter.replace(before, after)))


@pytest.mark.parametrize("page", ["book/notation", "book/assignments/a1", "index"])
def test_links_of_a_definition_lead_the_same_way_everywhere(page):
    links = [
        nodes.reference(refid="softmax"),
        nodes.reference(refuri="notation.html#x", internal=True),
        nodes.reference(refuri="api/losses.html", internal=True),
        nodes.reference(refuri="https://example.org/a"),
    ]
    builder = SimpleNamespace(get_target_uri=lambda name: name + ".html")
    seen = glossary_hints.seen_from(builder, page, nodes.paragraph("", "", *links))
    assert [urljoin(f"{page}.html", link["refuri"]) for link in seen.children] == [
        "book/glossary.html#softmax",
        "book/notation.html#x",
        "book/api/losses.html",
        "https://example.org/a",
    ]
    assert "refid" in links[0]
