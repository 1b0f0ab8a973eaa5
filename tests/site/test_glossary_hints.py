"""The definitions at the end of each page: those of its links, in the glossary's own words."""

import functools
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from tools.book_ext import glossary_hints

pytestmark = pytest.mark.built

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
GLOSSARY = SITE / "book" / "glossary.html"
PAGES = sorted(path for path in (SITE / "book").rglob("*.html") if path != GLOSSARY)


@functools.cache
def load(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def hints(page):
    return {tag["id"].removeprefix("hint-"): tag for tag in page.select(".glossary-hint")}


def linked(page):
    links = page.select('article a[href*="glossary.html#"]')
    return {
        link["href"].partition("#")[2]
        for link in links
        if not link.find_parent(class_="glossary-hint")
    }


def wording(parts):
    return " ".join(" ".join(part.get_text() for part in parts).split())


def in_the_glossary(term):
    section = load(GLOSSARY).find(id=term)
    return wording(
        part
        for part in section.find_all(recursive=False)
        if part.name not in {"h2", "h3", "section"}
    )


def complaints(page):
    """Say which definitions are missing, too many, or not the glossary's."""
    there, wanted = hints(page), linked(page)
    yield from (f"{term} has no definition" for term in sorted(wanted - set(there)))
    yield from (f"{term} is not linked to" for term in sorted(set(there) - wanted))
    for term in sorted(wanted & set(there)):
        if wording(there[term].find_all(recursive=False)) != in_the_glossary(term):
            yield f"{term} is defined in other words"


def test_every_link_to_the_glossary_finds_its_definition_on_the_page():
    said = {path.name: list(complaints(load(path))) for path in PAGES}
    assert {name: lines for name, lines in said.items() if lines} == {}
    assert sum(len(hints(load(path))) for path in PAGES) > 100


def test_no_definition_is_shown_before_the_script_shows_it():
    for path in PAGES:
        assert all(hint.has_attr("hidden") for hint in hints(load(path)).values())


def test_the_definitions_bring_no_second_use_of_an_id():
    for path in PAGES:
        ids = [tag["id"] for tag in load(path).select("[id]")]
        ours = [name for name in ids if name.startswith("hint-")]
        assert all(ids.count(name) == 1 for name in ours)
        assert not load(path).select(".glossary-hint [id]")


def test_the_script_is_there_and_small():
    assert (SITE / "_static" / "js" / "glossary-hints.js").stat().st_size <= 2048
    assert all(load(path).select('script[src*="js/glossary-hints.js"]') for path in PAGES)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda page: page.find(id="hint-logit").decompose(), "logit has no definition"),
        (
            lambda page: page.find(id="hint-logit").p.append(" More."),
            "logit is defined in other words",
        ),
        (
            lambda page: page.find(id="hint-logit").attrs.update(id="hint-relu-6"),
            "relu-6 is not linked to",
        ),
    ],
)
def test_a_wrong_definition_is_noticed(change, complaint):
    html = (SITE / "book" / "01-softmax-vs-hardmax.html").read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html.parser")
    assert list(complaints(page)) == []
    change(page)
    assert complaint in list(complaints(page))


@pytest.mark.parametrize("page", ["book/notation", "book/assignments/a1", "index"])
def test_links_of_a_definition_lead_to_the_same_places_from_every_folder(page):
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
