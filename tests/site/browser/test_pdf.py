"""The printed book: whole, within its pages, and with every number and link leading right.

The file is that of the last `make pdf`. The last part breaks small documents in every way that the
checks know, and sees the right check complain.
"""

import functools
from collections import Counter

import nbformat
import pymupdf
import pytest

from tests.site.test_site import leaks, squeezed
from tools.book_ext import pdf, print_edition
from tools.course import assignments

CHAPTERS = print_edition.chapters()
NOTEBOOKS = [
    chapter.id for chapter in CHAPTERS if (print_edition.ROOT / f"{chapter.docname}.ipynb").exists()
]
NAMED = {chapter.id: chapter for chapter in CHAPTERS}
MILLIMETRE = 72 / 25.4
# The margins of pdf.css: the running head stands above the text, the number below it.
TOP, SIDE, BOTTOM = 24 * MILLIMETRE, 20 * MILLIMETRE, 22 * MILLIMETRE

# An equation or a picture is made of boxes that overlap by design: only the whole is measured.
TOO_WIDE = """() => {
  const edge = document.body.getBoundingClientRect();
  return [...document.body.querySelectorAll("*")]
    .filter(tag => !tag.parentElement.closest(".katex, svg") && !tag.closest(".katex-mathml"))
    .filter(tag => {
      const box = tag.getBoundingClientRect();
      return box.left < edge.left - 1 || box.right > edge.right + 1;
    }).map(tag => `${tag.tagName}.${tag.className} ${tag.textContent.trim().slice(0, 60)}`);
}"""
CLIPPED = """() => {
  const hides = tag => getComputedStyle(tag).overflow !== "visible";
  const boxes = [...document.body.querySelectorAll("*")]
    .filter(tag => !tag.closest(".katex, svg") && tag.clientWidth && hides(tag))
    .filter(tag => tag.scrollWidth > tag.clientWidth + 1
                   || tag.scrollHeight > tag.clientHeight + 1);
  const words = [...document.querySelectorAll("svg text")].filter(text => {
    const svg = text.closest("svg"), box = text.getBoundingClientRect();
    const frame = svg.getBoundingClientRect();
    return hides(svg) && (box.left < frame.left - 1 || box.right > frame.right + 1);
  });
  return [...boxes, ...words].map(tag => `${tag.tagName} ${tag.textContent.trim().slice(0, 60)}`);
}"""
UNSEEN = """() =>
  [...document.querySelectorAll("img, pre, table, p, li, h1, h2, h3, .katex-html, svg text")]
    .filter(tag => !tag.closest("details.hide > summary"))
    .filter(tag => tag.tagName === "IMG" || tag.textContent.trim())
    .filter(tag => {
      const box = tag.getBoundingClientRect();
      return !box.width || !box.height || !tag.checkVisibility({visibilityProperty: true});
    }).map(tag => `${tag.tagName}.${tag.className} ${tag.textContent.trim().slice(0, 60)}`)
"""
DEAD = """() => [...document.querySelectorAll("a[href]")].map(link => link.getAttribute("href"))
  .filter(address => !/^https?:/.test(address)
    && !(address.startsWith("#") && document.getElementById(address.slice(1))))
"""
TWICE = """() => {
  const names = [...document.querySelectorAll("[id]")].map(tag => tag.id);
  return names.filter((name, position) => names.indexOf(name) !== position);
}"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .map(heading => [Number(heading.tagName[1]), heading.textContent])
"""
EQUATIONS = """name => [...document.getElementById(name).querySelectorAll(".katex-html")]
  .map(equation => equation.textContent)
"""


# --- the checks: each says what is wrong -------------------------------------------------------


def glyphs(sheet):
    """Every visible glyph of a page: its character, its number in the font, its place."""
    return [
        (chr(glyph[0]), glyph[1], pymupdf.Rect(glyph[3]))
        for span in sheet.get_texttrace()
        for glyph in span["chars"]
        if not chr(glyph[0]).isspace()
    ]


def missing_glyphs(document):
    """Characters for which no font has a shape: glyph 0 is the empty box."""
    return [
        (sheet.number + 1, character)
        for sheet in document
        for character, number, _ in glyphs(sheet)
        if number == 0 or character == "\ufffd"
    ]


def fonts_elsewhere(document):
    """Fonts that the reader's machine would have to have; a Type 3 font is drawn in the file."""
    return {
        font[3]
        for sheet in document
        for font in sheet.get_fonts()
        if font[1] == "n/a" and font[2] != "Type3"
    }


def in_the_margins(document):
    """What stands beside the text, apart from the running head and the number of the page."""
    found = []
    for sheet in document:
        text = text_area(sheet)
        found += [
            (sheet.number + 1, character)
            for character, _, box in glyphs(sheet)
            if not text.x0 <= box.x0 <= box.x1 <= text.x1
        ]
        found += [
            (sheet.number + 1, "picture")
            for picture in sheet.get_image_info()
            if pymupdf.Rect(picture["bbox"]) not in text
        ]
        lines = sheet.get_text(clip=text).splitlines()
        around = set(sheet.get_text().splitlines()) - set(lines)
        found += [(sheet.number + 1, line) for line in around if not is_around(line, sheet)]
    return found


def text_area(sheet):
    paper = sheet.rect
    return pymupdf.Rect(
        paper.x0 + SIDE - 1, paper.y0 + TOP - 1, paper.x1 - SIDE + 1, paper.y1 - BOTTOM + 1
    )


def is_around(line, sheet):
    return line in {str(sheet.number + 1), *running_heads()}


@functools.cache
def running_heads():
    pages = (print_edition.article(chapter, CHAPTERS, pdf.FOLDER) for chapter in CHAPTERS)
    return {print_edition.title_of(page) for page in pages}


def wrong_entries(document):
    """Lines of the contents whose number is not the page on which their words stand."""
    found = []
    for sheet in contents(document):
        for link in lines(sheet):
            words = line_of(sheet, link)
            title, number = "".join(words[:-1]), words[-1]
            there = squeezed(document[link["page"]].get_text())
            if number != str(link["page"] + 1) or squeezed(title) not in there:
                found.append((" ".join(words), link["page"] + 1))
    return found


def lines(sheet):
    """The links of the contents; of a line that moves to the next page, a hair stays behind."""
    return [link for link in sheet.get_links() if link["from"].height > 2]


def line_of(sheet, link):
    """The words on which a link lies, by their middles: lines stand close together."""
    box = link["from"]
    return [
        word[4]
        for word in sorted(sheet.get_text("words"))
        if box.y0 < (word[1] + word[3]) / 2 < box.y1
    ]


def contents(document):
    first = next(page for _, title, page in document.get_toc() if title == "Contents") - 1
    last = next(page for _, title, page in document.get_toc() if title == "About this book") - 1
    return [document[number] for number in range(first, last)]


def links_out_of_the_book(document):
    """A link must lead to a page of the book or to a site of its own; never to a file."""
    return [
        link
        for sheet in document
        for link in sheet.get_links()
        if not (
            link["kind"] in {pymupdf.LINK_GOTO, pymupdf.LINK_NAMED}
            and 0 <= link.get("page", -1) < len(document)
        )
        and not link.get("uri", "").startswith(("http://", "https://"))
    ]


def outline_apart(document, headings):
    """Where the outline and the headings of the text part."""
    outline = [(level, squeezed(title)) for level, title, _ in document.get_toc()]
    wanted = [(level, squeezed(title)) for level, title in headings]
    return [pair for pair in zip(outline, wanted, strict=False) if pair[0] != pair[1]] or (
        len(outline) != len(wanted)
    )


def chapter_pages(document, name):
    """The pages of a chapter: from its own first to the one before the next chapter's."""
    starts = {key: place["page"] for key, place in document.resolve_names().items() if key in NAMED}
    after = [start for start in starts.values() if start > starts[name]]
    return [document[number] for number in range(starts[name], min(after, default=len(document)))]


def undrawn(equations, sheets):
    """The characters of the equations that the pages lack, counted in the fonts of KaTeX."""
    drawn = Counter(
        chr(glyph[0])
        for sheet in sheets
        for span in sheet.get_texttrace()
        if "KaTeX" in span["font"]
        for glyph in span["chars"]
    )
    wanted = Counter("".join(equations))
    del wanted["\u200b"], wanted[" "]  # spaces need no glyph
    return wanted - drawn


def equations_of_the_site(name):
    """Without those of the glossary's hints, which have a page of their own in the book."""
    equations = print_edition.read(NAMED[name].path).select("article .katex-html")
    return [tag.get_text() for tag in equations if not tag.find_parent(class_="glossary-hints")]


def stored_figures(name):
    notebook = nbformat.read(print_edition.ROOT / f"{NAMED[name].docname}.ipynb", as_version=4)
    return [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]


# --- the book ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book():
    assert pdf.PDF.exists(), "there is no PDF yet: run `make pdf`"
    return pymupdf.open(pdf.PDF)


@pytest.fixture(scope="module")
def paper(browser):
    """The document that was printed, in the browser and in the shape of the paper."""
    page = pdf.opened(browser, pdf.DOCUMENT)
    yield page
    page.close()


def test_the_book_is_printed_from_these_pages():
    newest = max(chapter.path.stat().st_mtime for chapter in CHAPTERS)
    assert pdf.PDF.stat().st_mtime > newest, "the pages are newer than the PDF: run `make pdf`"


@pytest.mark.parametrize(
    "check", [missing_glyphs, fonts_elsewhere, in_the_margins, wrong_entries, links_out_of_the_book]
)
def test_the_file(book, check):
    assert not check(book)


@pytest.mark.parametrize(
    "check",
    [TOO_WIDE, CLIPPED, UNSEEN, DEAD, TWICE],
    ids=["too wide", "clipped", "unseen", "dead link", "name used twice"],
)
def test_the_document(paper, check):
    assert paper.evaluate(check) == []


def test_the_contents_name_every_chapter(book):
    listed = [link["nameddest"] for sheet in contents(book) for link in lines(sheet)]
    assert [name for name in listed if name in NAMED] == list(NAMED)


def test_the_outline_is_that_of_the_text(book, paper):
    assert not outline_apart(book, paper.evaluate(HEADINGS))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_figure_is_there(book, name):
    pictures = [sheet.get_image_info() for sheet in chapter_pages(book, name)]
    assert sum(map(len, pictures)) == len(stored_figures(name))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_equation_is_there(book, paper, name):
    equations = paper.evaluate(EQUATIONS, name)
    assert sorted(equations) == sorted(equations_of_the_site(name))
    assert undrawn(equations, chapter_pages(book, name)) == Counter()


@pytest.mark.parametrize("name", assignments.names())
def test_no_secret_of_an_assignment_is_printed(book, name):
    printed = squeezed("".join(sheet.get_text() for sheet in book))
    assert leaks(assignments.load(name), printed) == []


def test_the_file_says_what_it_is(book):
    settings = print_edition.settings()
    assert book.metadata["title"] == settings["title"]
    assert book.metadata["author"] == settings["author"]
    assert book.xref_get_key(book.pdf_catalog(), "Lang")[1] == "en"
    assert not book.metadata["creationDate"]
    assert "StructTreeRoot" in book.xref_get_keys(book.pdf_catalog())


def test_the_file_can_be_sent_by_mail():
    assert pdf.PDF.stat().st_size < 25_000_000


# --- the checks, seen to fail --------------------------------------------------------------------


@pytest.fixture
def sheet(tmp_path):
    """An empty page of the book's size, to be spoilt."""
    return pymupdf.open().new_page()


def test_a_character_without_a_glyph_is_found(sheet):
    assert missing_glyphs(sheet.parent) == []
    writer = pymupdf.TextWriter(sheet.rect)
    writer.append((100, 100), "a\ufffd", font=pymupdf.Font("helv"))
    writer.write_text(sheet)
    assert missing_glyphs(sheet.parent) == [(1, "\ufffd")]


def test_a_font_that_is_not_in_the_file_is_found(sheet):
    sheet.insert_text((100, 100), "softmax", fontname="helv")
    assert fonts_elsewhere(sheet.parent) == {"Helvetica"}


@pytest.mark.parametrize("place", [(20, 300), (560, 300), (300, 20), (300, 830)])
def test_words_in_a_margin_are_found(sheet, place):
    sheet.insert_text((300, 300), "softmax")
    assert in_the_margins(sheet.parent) == []
    sheet.insert_text(place, "hardmax")
    assert in_the_margins(sheet.parent)


def test_a_picture_in_the_margin_is_found(sheet):
    square = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 9, 9))
    sheet.insert_image((10, 300, 90, 380), pixmap=square)
    assert in_the_margins(sheet.parent) == [(1, "picture")]


def test_a_number_that_leads_astray_is_found(tmp_path):
    document = pymupdf.open()
    for words in ("Contents", "1. Softmax", "2. Cost"):
        document.new_page().insert_text((100, 100), words)
    document.set_toc([[1, "Contents", 1], [1, "About this book", 2], [1, "2. Cost", 3]])
    for line, title, page in ((200, "1. Softmax 2", 1), (300, "2. Cost 2", 2), (400, "Cat 3", 2)):
        document[0].insert_text((100, line), title)
        document[0].insert_link(
            {
                "kind": pymupdf.LINK_GOTO,
                "page": page,
                "from": pymupdf.Rect(90, line - 12, 300, line + 4),
            }
        )
    assert wrong_entries(document) == [("2. Cost 2", 3), ("Cat 3", 3)]


@pytest.mark.parametrize(
    "link",
    [
        {"kind": pymupdf.LINK_URI, "uri": "file:///book/index.html"},
        {"kind": pymupdf.LINK_LAUNCH, "file": "a1.ipynb"},
    ],
)
def test_a_link_to_a_file_is_found(sheet, link):
    sheet.insert_link({**link, "from": pymupdf.Rect(90, 90, 200, 110)})
    written = pymupdf.open(stream=sheet.parent.tobytes())
    assert len(links_out_of_the_book(written)) == 1


@pytest.mark.parametrize(
    "headings", [[[1, "Cost"]], [[1, "Cat"], [2, "Dog"]], [[1, "Cost"], [1, "Dog"]]]
)
def test_an_outline_that_is_not_the_text_s_is_found(sheet, headings):
    sheet.parent.set_toc([[1, "Cost", 1], [2, "Dog", 1]])
    assert not outline_apart(sheet.parent, [[1, "Cost"], [2, "Dog"]])
    assert outline_apart(sheet.parent, headings)


def test_an_equation_that_is_not_drawn_is_found(sheet):
    assert undrawn(["p=e"], [sheet]) == Counter("p=e")


@pytest.mark.parametrize(
    ("check", "html"),
    [
        (TOO_WIDE, '<p style="width: 300mm">wide</p>'),
        (
            TOO_WIDE,
            "<pre>" + "x" * 300 + "</pre><p style='position: relative; left: -9px'>left</p>",
        ),
        (CLIPPED, '<p style="height: 5px; overflow: hidden">below the edge</p>'),
        (CLIPPED, '<pre style="overflow: auto">' + "x" * 300 + "</pre>"),
        (CLIPPED, '<svg width="40" height="40"><text y="20">longer than this</text></svg>'),
        (UNSEEN, "<details><summary>Solution</summary><p>42</p></details>"),
        (UNSEEN, '<img alt="no such file" src="nowhere.png" width="0">'),
        (UNSEEN, '<span class="katex-html" style="display: none">p</span>'),
        (DEAD, '<a href="#nowhere">there</a>'),
        (DEAD, '<a href="glossary.html">there</a>'),
        (TWICE, '<p id="a">one</p><p id="a">two</p>'),
    ],
)
def test_a_document_that_is_spoilt_is_found(blank, check, html):
    blank.set_content("<body><p id='start'>whole</p><a href='#start'>and here</a></body>")
    assert blank.evaluate(check) == []
    blank.set_content(f"<body>{html}</body>")
    assert blank.evaluate(check)


@pytest.fixture(scope="module")
def blank(browser):
    page = browser.new_page(viewport={"width": pdf.TEXT_WIDTH, "height": 1000})
    yield page
    page.close()
