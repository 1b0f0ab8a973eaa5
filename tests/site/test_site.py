"""The built pages: nothing from other hosts, no dead link, no raw formula, the package beside them.

The pages are those of the last `make book`; `make test` builds them first. The last part breaks a
page in every way the checks know, and sees the right check complain.
"""

import functools
import json
import re
import subprocess
import sys
import zipfile
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from PIL import Image

import softmax_lib
from softmax_lib import softmax
from tests.support.package_files import packaged
from tools.book_ext.panels import SHARED
from tools.course import assignments

pytestmark = pytest.mark.built

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
WHEEL = f"softmax_lib-{softmax_lib.__version__}-py3-none-any.whl"
NOTEBOOKS = sorted(path.stem for path in (ROOT / "book").glob("*.ipynb"))

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
NOT_PROSE = {"script", "style", "pre", "code", "svg"}
FETCHED = {"src", "srcset", "poster", "data"}
RAW_MARKUP = re.compile(
    r"\$|\\[a-zA-Z(\[]|\{(?:math|cite|ref|numref|doc|eq)\}"
    r"|\| [-–—]+:? \|"  # the rule of a table
    r"|\[R[0-9a-f]{8,}-\d+\]"  # numpydoc's name of a source
)
CSS_ADDRESS = re.compile(r"""(?:url\(|@import)\s*['"]?([^'")\s;]+)""")


class Page(HTMLParser):
    """The tags of a page, and its text outside code and equations."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.prose, self.open = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        self.tags.append((tag, attributes))
        if tag not in VOID:
            classes = attributes.get("class", "").split()
            self.open.append((tag, tag in NOT_PROSE or "katex" in classes))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(hidden for _, hidden in self.open):
            self.prose.append(data)

    def all(self, *names):
        return [attributes for tag, attributes in self.tags if tag in names]

    @property
    def anchors(self):
        return {attributes["id"] for _, attributes in self.tags if "id" in attributes}


@functools.cache
def load(path):
    return Page(path.read_text(encoding="utf-8"))


def pages():
    return sorted(SITE.rglob("*.html"))


def readable_pages():
    """The pages that readers come to, not the theme's templates.

    A lost address may lie anywhere, so all links of its page are absolute: test_metadata.py.
    """
    others = {"_static", "404.html"}
    return [path for path in pages() if others.isdisjoint(path.relative_to(SITE).parts)]


def chapter(name):
    return load(SITE / "book" / f"{name}.html")


# --- the checks: each says what is wrong with a page -------------------------------------------


def other_hosts(page):
    """Whatever a browser would fetch from elsewhere; a link to click on may lead anywhere."""
    fetched = [
        value
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in FETCHED
    ]
    fetched += [
        attributes.get("href", "")
        for attributes in page.all("link")
        if attributes.get("rel") != "canonical"
    ]
    return [address for address in fetched if urlsplit(address).netloc]


def pictures_without_words(page):
    """A picture needs alt text; without one, Sphinx writes the name of the file."""
    return [img for img in page.all("img") if " " not in img.get("alt", "").strip()]


def dead_links(page, path):
    """Addresses inside the site at which there is no file, or no such anchor."""
    inside = [attributes.get("href") for attributes in page.all("a", "link")]
    inside += [attributes.get("src") for attributes in page.all("img", "script")]
    return [address for address in inside if address and is_dead(urlsplit(address), path)]


def is_dead(address, path):
    if address.scheme or address.netloc:
        return False
    target = (path.parent / unquote(address.path)).resolve() if address.path else path
    if not target.is_file():
        return True
    anchor = unquote(address.fragment)
    return bool(anchor) and target.suffix == ".html" and anchor not in load(target).anchors


def raw_markup(page):
    """Formulas and tables that were not typeset, and directives that were not understood."""
    failed = [tag for tag in page.tags if "katex-error" in tag[1].get("class", "")]
    return failed + RAW_MARKUP.findall(" ".join(page.prose))


# --- the site ----------------------------------------------------------------------------------


def test_the_site_was_built_and_holds_every_page():
    assert SITE.is_dir(), "there are no pages yet: run `make book`"
    sources = [
        path.relative_to(ROOT).with_suffix(".html")
        for path in (ROOT / "book").rglob("*.*")
        if path.suffix in {".md", ".ipynb"} and {"source", "README.md"}.isdisjoint(path.parts)
    ]
    assert [path for path in sources if not (SITE / path).is_file()] == []


@pytest.mark.parametrize("check", [other_hosts, pictures_without_words, raw_markup])
def test_every_page(check):
    said = {path.name: check(load(path)) for path in readable_pages()}
    assert {name: complaints for name, complaints in said.items() if complaints} == {}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('<div class="bd-sidebar-primary', '<div role="region" aria-label="Site" class="bd-sideb'),
        ('<summary><span class="toctree-toggle"', '<summary aria-label="Its pages"><span class="t'),
        ('<summary aria-label="Toggle hidden content">', "<summary>"),
        ('search-button__button" title="Search" aria-label', 'search-button__button" title="Sear'),
        ('<div class="pst-scrollable-table-container">', '-table-container" tabindex="0">'),
        ('<div role="list" class="citation-list">', '<div class="citation-list">'),
        (' role="doc-biblioentry"', 'class="citation"'),
    ],
)
def test_what_a_screen_reader_stumbles_on_is_mended(wrong, right):
    """book/_templates/layout.html does it; a new version of the theme may write other words."""
    pages = [path.read_text(encoding="utf-8") for path in readable_pages()]
    assert not any(wrong in page for page in pages)
    assert any(right in page for page in pages)


def test_the_search_page_has_its_field_twice_under_two_names():
    ids = [tag["id"] for tag in load(SITE / "search.html").all("input") if "id" in tag]
    assert {"search-input", "search-anywhere"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_no_page_loads_the_icon_font_of_the_theme():
    assert not (SITE / "_static" / "vendor").exists()
    assert not any("vendor/" in path.read_text(encoding="utf-8") for path in readable_pages())


def test_each_page_loads_the_scripts_of_its_own_panels():
    for path in readable_pages():
        page = load(path)
        panels = {tag for tag, attributes in page.tags if attributes.get("class") == "panel"}
        loaded = {
            Path(urlsplit(script["src"]).path).stem
            for script in page.all("script")
            if "/panels/" in script.get("src", "")
        }
        assert loaded == (panels | set(SHARED) if panels else set()), path.name


@pytest.mark.parametrize(("folder", "licence"), [("katex", "MIT"), ("serif", "SIL Open Font")])
def test_what_others_made_is_served_with_its_licence(folder, licence):
    assert licence in (SITE / "_static" / folder / "LICENSE.txt").read_text(encoding="utf-8")


def test_every_column_of_a_table_has_a_name():
    for path in readable_pages():
        heads = re.findall(r"<th\b[^>]*>(.*?)</th>", path.read_text(encoding="utf-8"), re.DOTALL)
        assert all(re.sub(r"<[^>]*>", "", head).strip() for head in heads), path.name


def test_every_link_inside_the_site_leads_somewhere():
    said = {path.name: dead_links(load(path), path) for path in readable_pages()}
    assert {name: complaints for name, complaints in said.items() if complaints} == {}


def test_style_sheets_name_only_files_of_the_site():
    for sheet in SITE.rglob("*.css"):
        for address in CSS_ADDRESS.findall(sheet.read_text(encoding="utf-8")):
            if not address.startswith(("data:", "#")):
                assert not is_dead(urlsplit(address), sheet), f"{sheet.name}: {address}"
                assert not urlsplit(address).netloc, f"{sheet.name}: {address}"


def test_the_address_without_a_name_leads_to_the_landing_page():
    html = (SITE / "index.html").read_text(encoding="utf-8")
    assert "<title>Training a Softmax Classifier</title>" in html
    assert 'content="0; url=book/index.html"' in html


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_equations_are_typeset_and_readable_without_scripts(name):
    scripts = [attributes.get("src", "") for attributes in chapter(name).all("script")]
    cells = json.loads((ROOT / "book" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    written = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert bool(chapter(name).all("math")) == ("$" in written)
    assert not re.search("mathjax|katex", " ".join(scripts), re.IGNORECASE)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_exercises_and_proofs_have_their_boxes(name):
    source = (ROOT / "book" / f"{name}.ipynb").read_text(encoding="utf-8")
    classes = [" " + tag.get("class", "") + " " for tag in chapter(name).all("div", "section")]
    assert sum(" proof " in names for names in classes) == source.count('"**Proof')
    assert sum(" exercise " in names for names in classes) == source.count('"### Exercise ')


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_figure_has_its_place_before_it_arrives(name):
    figures = [tag for tag in chapter(name).all("img") if "/_images/" in tag["src"]]
    for figure in figures:
        with Image.open(SITE / "book" / figure["src"]) as picture:
            assert picture.size == (int(figure["width"]), int(figure["height"]))
    assert all(figure.get("loading") == "lazy" for figure in figures[1:])


def test_each_icon_of_the_theme_has_a_picture():
    """Scripts write some of them."""
    scripts = (SITE / "_static").rglob("*.js")
    used = {
        word
        for path in [*readable_pages(), *scripts]
        for word in re.findall(r"\bfa-[a-z-]+", path.read_text(encoding="utf-8"))
    }
    sheet = (ROOT / "book" / "_static" / "css" / "icons.css").read_text(encoding="utf-8")
    rows = dict(re.findall(r"\.(fa-[a-z-]+) \{\s*--row: (\d+);", sheet))
    assert used - {"fa-solid", "fa-lg"} <= set(rows)
    assert sorted(map(int, rows.values())) == list(range(sheet.count("%3Cpath")))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_page_says_how_to_run_it(name):
    html = (SITE / "book" / f"{name}.html").read_text(encoding="utf-8")
    assert f'pip install "{WHEEL}[plots]" notebook' in html
    offered = [link["href"] for link in chapter(name).all("a") if "download" in link]
    assert offered[-2:] == [f"../_sources/book/{name}.ipynb", f"../{WHEEL}"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_notebook_offered_is_the_one_that_was_tested(name):
    offered = SITE / "_sources" / "book" / f"{name}.ipynb"
    assert offered.read_bytes() == (ROOT / "book" / f"{name}.ipynb").read_bytes()


def test_the_wheel_is_the_package_of_this_tree():
    assert [path.name for path in SITE.glob("*.whl")] == [WHEEL]
    with zipfile.ZipFile(SITE / WHEEL) as wheel:
        inside = {
            name: wheel.read(name) for name in wheel.namelist() if name.startswith("softmax_lib/")
        }
    assert inside == packaged()


def test_the_wheel_can_be_imported():
    script = "import sys; sys.path[:0] = sys.argv[1:]; import softmax_lib as s; print(s.__file__)"
    command = [sys.executable, "-c", script, str(SITE / WHEEL)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown.startswith(str(SITE / WHEEL))


@pytest.mark.parametrize("name", assignments.names())
def test_the_site_offers_each_assignment_and_none_of_its_secrets(name):
    offered = SITE / "assignments" / f"{name}.ipynb"
    assert nbformat.read(offered, as_version=4) == assignments.load(name).release
    page = load(SITE / "book" / "assignments" / f"{name}.html")
    downloads = [link["href"] for link in page.all("a") if "download" in link]
    assert downloads[:2] == [f"../../assignments/{name}.ipynb", f"../../{WHEEL}"]
    leaked = leaks(assignments.load(name), served())
    assert leaked == [], "a page shows a line of a solution or hidden test: write it otherwise"


@functools.cache
def served():
    """All text that the site serves, without tags and space.

    The wrong code of the catalogue, which holds right lines too, is no secret: it is in the wheel.
    """
    kinds = {".html", ".js", ".json", ".txt", ".md", ".ipynb"}
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted(SITE.rglob("*"))
        if path.suffix in kinds and "katex" not in path.parts and path.name != "catalogue.json"
    ]
    mistakes = json.loads((SITE / "catalogue.json").read_text(encoding="utf-8"))["mistakes"]
    texts += [str({**entry, "code": ""}) for entry in mistakes]
    return squeezed("".join(unescape(re.sub(r"<[^<>]+>", "", text)) for text in texts))


def squeezed(text):
    return re.sub(r"[\s\\]+", "", text)


def leaks(assignment, text):
    """The lines of solutions and hidden tests that a text contains."""
    secret = [
        line
        for question in assignment.questions
        for line in (question.solution + "\n" + question.hidden).splitlines()
        if not line.startswith("def ")
    ]
    return [line for line in secret if len(squeezed(line)) >= 10 and squeezed(line) in text]


def test_the_landing_picture_shows_softmax_of_its_logits():
    picture = (ROOT / "book" / "_static" / "landing-answer.svg").read_text(encoding="utf-8")
    rows = re.findall(r">(−?\d+)</text><rect x=.*?</text>", picture)
    logits = [int(logit.replace("−", "-")) for logit in rows]
    assert logits == [5, 5, -1, 3]
    after, before = softmax(logits), softmax([5, 2, -1, 3])
    assert [float(text) for text in re.findall(r">(0\.\d+)</text>", picture)] == after.round(
        3
    ).tolist()
    widths = [float(text) for text in re.findall(r'width="([\d.]+)"', picture)]
    bars = [184 * prob for pair in zip(after, before, strict=True) for prob in pair]
    assert widths == pytest.approx(bars, abs=0.051)


def test_the_landing_page_shows_the_lecture_s_numbers():
    html = (SITE / "book" / "index.html").read_text(encoding="utf-8")
    for number in ("0.842", "0.042", "0.002", "0.114"):
        assert f">{number}</text>" in html


# --- the checks, seen to fail --------------------------------------------------------------------


@pytest.mark.parametrize("name", assignments.names())
def test_a_master_that_is_published_is_noticed(name):
    master = assignments.SOURCE / name / f"{name}.ipynb"
    lines = leaks(assignments.load(name), squeezed(master.read_text(encoding="utf-8")))
    assert len(lines) > 5


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://example.org/a.js"></script>',
        '<img alt="two bars" src="//example.org/a.png">',
        '<link rel="stylesheet" href="http://example.org/a.css">',
    ],
)
def test_a_resource_of_another_host_is_found(html):
    assert other_hosts(Page(html))


def test_a_link_to_another_host_is_no_resource():
    assert other_hosts(Page('<a href="https://example.org/">read</a>')) == []


@pytest.mark.parametrize("html", ['<img src="a.png">', '<img src="a.png" alt="_images/a.png">'])
def test_a_picture_without_words_is_found(html):
    assert pictures_without_words(Page(html))


@pytest.mark.parametrize(
    "html",
    [
        "<p>where $z$ is</p>",
        r"<p>\frac{1}{2}</p>",
        "<p>{math}</p>",
        "<p>| logits | ratio | | — | –: | | 64 × 4 | 1.06 |</p>",
        "<p>a bound <a>[R1a546cfc48e4-2]</a></p>",
        '<span class="math"><span class="katex-error">x</span></span>',
    ],
)
def test_raw_markup_is_found(html):
    assert raw_markup(Page(html))


@pytest.mark.parametrize(
    "html",
    [
        "<code>$HOME</code>",
        r'<span class="katex"><math><annotation>\frac{1}{2}</annotation></math></span><p>half</p>',
    ],
)
def test_code_and_typeset_formulas_are_not_raw(html):
    assert raw_markup(Page(html)) == []


@pytest.mark.parametrize("address", ["nowhere.html", "#nowhere", "there.html#nowhere"])
def test_a_dead_link_is_found(address, tmp_path):
    (tmp_path / "there.html").write_text('<p id="here">text</p>')
    html = f'<a href="{address}">x</a><a href="there.html#here">y</a>'
    (tmp_path / "page.html").write_text(html)
    assert dead_links(Page(html), tmp_path / "page.html") == [address]
