"""Assemble the built pages into one document, in the book's order, for `pdf.py` to print.

What a screen can fold and run and paper cannot is settled here: the code behind a figure and the
cells that check an answer are left out, and each chapter's solutions move to its end. The look is
the business of `book/_static/print.css` and `tools/book_ext/pdf.css`.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

import softmax_lib
from tools.book_ext import landing_figure

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
STYLE = Path(__file__).with_name("pdf.css")

# The reference of the functions would add 75 pages that are also in `help(softmax)`, and the
# changelog belongs to the files, not to a copy on paper.
LEFT_OUT = re.compile(r"book/(api/|changelog$)")
ADDRESSES = {"href", "src", "poster", "data"}
ONLY_ON_SCREEN = (
    "script, button, a.headerlink, .toctree-wrapper, .sd-btn, .panel-controls, .glossary-hints"
)
NAMES_OF_IDS = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
SHORT_BLOCKS = {"p", "div", "details"}
NOT_IN_CONTENTS = {"Summary", "What's next", "What’s next"}
ANSWER_CELL = re.compile(r"\w+\.check\(None\)")

ABOUT = """\
<p>This is the book on paper, printed from the pages of the site. Three things differ. The code
behind the figures is left out; it is in the notebooks. So are the cells that check your answers;
the solutions stand at the end of each chapter. The reference of the functions of
<code>softmax_lib</code> is left out too; it is on the site, and in Python:
<code>help(softmax)</code>.</p>
"""
ON_PAPER = """\
<p class="on-paper">On paper: the cells that check your answers are in the chapter's notebook.
The solutions begin on <a href="#{id}">page <span data-page-of="{id}">000</span></a>.</p>
"""


@dataclass
class Chapter:
    """One page of the site, with its place in the book."""

    docname: str
    part: str
    parent: "Chapter | None" = None

    @property
    def id(self) -> str:
        """The name of the chapter inside the document; its anchors begin with it."""
        return self.docname.removeprefix("book/").replace("/", "-")

    @property
    def path(self) -> Path:
        return SITE / f"{self.docname}.html"


def chapters() -> list[Chapter]:
    """The pages of `_toc.yml` that are printed, in its order; the landing page opens the book."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = [Chapter(toc["root"], "")]
    for part in toc["parts"]:
        for entry in part["chapters"]:
            chapter = Chapter(entry["file"], part["caption"])
            found += [chapter] + [
                Chapter(section["file"], part["caption"], chapter)
                for section in entry.get("sections", [])
            ]
    return [chapter for chapter in found if not LEFT_OUT.match(chapter.docname)]


def assemble(folder: Path) -> str:
    """Return the whole book as one HTML document that lies in `folder`."""
    book = chapters()
    articles = {chapter.id: article(chapter, book, folder) for chapter in book}
    return f"""\
<!DOCTYPE html>
<html lang="{settings()["sphinx"]["config"]["language"]}" data-theme="light" data-mode="light">
<head>
<meta charset="utf-8">
<title>{settings()["title"]}</title>
{style_sheets(folder)}
<style>{STYLE.read_text(encoding="utf-8")}{running_heads(book, articles)}</style>
</head>
<body class="print-edition">
{cover()}
{contents(book, articles)}
{"".join(map(str, articles.values()))}
</body>
</html>
"""


def settings() -> dict:
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def style_sheets(folder: Path) -> str:
    """The style sheets of the site's pages, so that paper and screen look alike."""
    page = SITE / f"{chapters()[0].docname}.html"
    links = read(page).head.find_all("link", rel="stylesheet")
    for link in links:
        link["href"] = address_from(folder, page, link["href"])
    return "\n".join(map(str, links))


def address_from(folder: Path, page: Path, address: str) -> str:
    """The address of a file of the site, as seen from `folder`."""
    parts = urlsplit(address)
    if parts.scheme or not parts.path:
        return address
    target = (page.parent / unquote(parts.path)).resolve()
    return PurePosixPath(os.path.relpath(target, folder)).as_posix()


# --- a chapter ---------------------------------------------------------------------------------


def article(chapter: Chapter, book: list[Chapter], folder: Path) -> Tag:
    """The text of a page, made fit for paper."""
    body = read(chapter.path).select_one("article.bd-article")
    for gone in body.select(ONLY_ON_SCREEN):
        gone.decompose()
    body["id"] = chapter.id
    body["class"] = ["bd-article", "subchapter" if chapter.parent else "chapter"]
    if not chapter.part:
        body.h1.string = "About this book"
    if chapter.parent:
        lower_headings(body)
    name_apart(body, chapter)
    leave_out_folded_code(body)
    leave_out_answer_cells(body)
    gather_solutions(body, chapter)
    keep_together(body)
    targets = {other.path: other.id for other in book}
    for picture in body.find_all(loading="lazy"):
        del picture["loading"]
    for tag in body.find_all(True):
        lead_inside(tag, chapter, targets, folder)
    return body


def lower_headings(body: Tag) -> None:
    """A page below another one is a section of its chapter."""
    for heading in body.find_all(["h1", "h2", "h3", "h4", "h5"]):
        heading.name = f"h{int(heading.name[1]) + 1}"


def name_apart(body: Tag, chapter: Chapter) -> None:
    """Every chapter has an anchor `exercises`; in one document it needs a name of its own."""
    for tag in body.find_all(id=True):
        tag["id"] = f"{chapter.id}--{tag['id']}"
    for tag in body.find_all(True):
        for name in NAMES_OF_IDS:
            if name in tag.attrs:
                tag[name] = " ".join(f"{chapter.id}--{word}" for word in tag[name].split())


def leave_out_folded_code(body: Tag) -> None:
    for code in body.select(".tag_hide-input > details"):
        code.decompose()
    for cell in body.select(".tag_hide-input"):
        if not cell.find(True):
            cell.decompose()


def leave_out_answer_cells(body: Tag) -> None:
    """A cell that waits for an answer says nothing on paper."""
    for cell in body.select("div.cell"):
        code = cell.select_one(".cell_input pre")
        if code and ANSWER_CELL.match(code.get_text()):
            cell.decompose()


def gather_solutions(body: Tag, chapter: Chapter) -> None:
    """Move the solutions to the chapter's end, each under the name of its exercise."""
    exercises = [
        section
        for section in body.find_all("section")
        if section.find("h3", recursive=False) and section.find(is_solution, recursive=False)
    ]
    if not exercises:
        return
    solutions = BeautifulSoup("", "html.parser").new_tag(
        "section", id=f"{chapter.id}--solutions", attrs={"class": "solutions"}
    )
    solutions.append(headline("h2", "Solutions"))
    for exercise in exercises:
        solutions.append(headline("h3", exercise.h3.get_text().strip()))
        solutions.extend(exercise.find_all(is_solution, recursive=False))
    body.section.append(solutions)
    note = BeautifulSoup(ON_PAPER.format(id=solutions["id"]), "html.parser")
    exercises[0].find_previous("h2").insert_after(note)


def keep_together(body: Tag) -> None:
    """Bind what may not be parted by the end of a page: a heading and what it heads, an equation
    and the sentence that leads to it.

    `break-after: avoid` says so in CSS, but Chromium then parts the sentence in its middle.
    """
    for equation in body.select("p + .equation"):
        bind(equation.find_previous_sibling("p"), equation)
    for heading in reversed(body.find_all(re.compile("^h[2-5]$"))):
        follower = heading.find_next_sibling(True)
        if follower and follower.name in SHORT_BLOCKS and len(follower.get_text()) < 1500:
            bind(heading, follower)


def bind(*tags: Tag) -> None:
    together = BeautifulSoup("", "html.parser").new_tag("div", attrs={"class": "together"})
    tags[0].insert_before(together)
    together.extend(tags)


def is_solution(tag: Tag) -> bool:
    return tag.name == "details" or "tag_hide-cell" in tag.get("class", [])


def headline(level: str, text: str) -> Tag:
    tag = BeautifulSoup("", "html.parser").new_tag(level)
    tag.string = text
    return tag


def lead_inside(tag: Tag, chapter: Chapter, targets: dict[Path, str], folder: Path) -> None:
    """Links between pages become links inside the document; the rest of the site is not there."""
    for name in ADDRESSES & set(tag.attrs):
        parts = urlsplit(tag[name])
        if parts.scheme or parts.netloc or tag[name].startswith(f"#{chapter.id}--"):
            continue
        if tag.name != "a":
            tag[name] = address_from(folder, chapter.path, tag[name])
            continue
        page = (chapter.path.parent / unquote(parts.path)).resolve() if parts.path else chapter.path
        if page in targets:
            tag[name] = "#" + targets[page] + (f"--{parts.fragment}" if parts.fragment else "")
        else:
            tag.unwrap()


# --- cover, contents, running heads ------------------------------------------------------------


def cover() -> str:
    words = settings()
    title = words["title"]
    return f"""\
<section class="cover">
<h1>{title}</h1>
{landing_figure.cover()}
<p class="version">Version {softmax_lib.__version__}</p>
<p class="licence">© {words["copyright"]}</p>
</section>
"""


def title_of(body: Tag) -> str:
    return body.find(["h1", "h2"]).get_text().strip()


def running_heads(book: list[Chapter], articles: dict[str, Tag]) -> str:
    """A kind of page for each chapter, with its title at the head: Chromium has no `string-set`."""
    rules = []
    for chapter in book:
        kind = (chapter.parent or chapter).id
        rules.append(f'[id="{chapter.id}"] {{ page: c-{kind}; }}\n')
        if not chapter.parent:
            title = title_of(articles[kind]).replace("\\", "\\\\").replace('"', '\\"')
            rules.append(f'@page c-{kind} {{ @top-left {{ content: "{title}"; }} }}\n')
    return "".join(rules)


def contents(book: list[Chapter], articles: dict[str, Tag]) -> str:
    """The table of contents; `pdf.py` writes the numbers of the pages into it."""
    lines, part = [], ""
    for chapter in book:
        if chapter.part != part:
            part = chapter.part
            lines.append(f'<p class="part">{part}</p>')
        lines.append(
            entry(
                "below" if chapter.parent else "chapter-entry",
                chapter.id,
                title_of(articles[chapter.id]),
            )
        )
        if re.match(r"\d", chapter.id):
            lines += [
                entry("section", name, title)
                for name, title in sections(articles[chapter.id])
                if title not in NOT_IN_CONTENTS
            ]
    return f'<nav class="table-of-contents"><h1>Contents</h1>{ABOUT}{"".join(lines)}</nav>'


def sections(body: Tag) -> list[tuple[str, str]]:
    return [
        (section["id"], section.find("h2").get_text().strip())
        for section in body.section.find_all("section", recursive=False)
    ]


def entry(kind: str, target: str, title: str) -> str:
    return (
        f'<a class="{kind}" href="#{target}"><span>{title}</span><i></i>'
        f'<span data-page-of="{target}">000</span></a>'
    )
