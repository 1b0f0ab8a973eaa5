"""A page of the site as a document of the EPUB: its text without the theme, as XHTML."""

import html
import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup, SoupStrainer

from tools.book_ext import palette
from tools.notebooks.contents import ROOT

SITE = ROOT / "_build" / "html"
Tag = Any  # bs4's own types ask at every step whether the part is there

# What is clicked, and what only the site can show.
LEFT_OUT = {
    *("headerlink", "panel-controls", "toctree-wrapper", "glossary-hints", "minutes", "copybtn"),
    *("script", "noscript", "button", "input", "output", "link", "style"),
}
# The classes that the style sheet knows.
STYLED = {
    *("equation", "eqno", "together", "opener", "exercise", "pitfall", "further", "proof"),
    *("admonition", "folded", "text-right"),
}
KEPT = {
    "id",
    "class",
    "href",
    "src",
    "alt",
    "width",
    "height",
    "style",
    "start",
    "colspan",
    "rowspan",
}

PAGE = """\
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" \
lang="en" xml:lang="en">
<head><title>{title}</title><link rel="stylesheet" href="{root}style.css"/></head>
<body>
{body}
</body>
</html>
"""


class Document:
    """A page of the site as a document of the EPUB, in a folder of the same name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.body = article(name)
        self.strip()
        self.title = self.body.h1.get_text().strip()

    def strip(self) -> None:
        """Leave of the page what an e-reader can show."""
        set_equations(self.body)
        for code in self.body.find_all("pre"):
            code.string = code.get_text()
        for part in self.body.find_all(left_out):
            part.decompose()
        move_folds(self.body)
        draw(self.body)
        for tag in [self.body, *self.body.find_all(True)]:
            if "-" in tag.name or tag.name == "article":
                tag.name = "div"
            keep_attributes(tag)

    def anchors(self) -> set[str]:
        return {tag["id"] for tag in self.body.select("[id]")}

    def images(self) -> Iterator[str]:
        for image in self.body.select("img"):
            yield target(self.name, image["src"])

    def written(self) -> str:
        root = os.path.relpath(".", os.path.dirname(self.name)) + "/"
        body = self.body.decode(formatter="minimal")
        return PAGE.format(title=html.escape(self.title), root=root, body=body)

    def properties(self) -> str:
        found = [name for name, tag in (("mathml", "math"), ("svg", "svg")) if self.body.find(tag)]
        return f' properties="{" ".join(found)}"' if found else ""


def article(name: str) -> Tag:
    text = (SITE / f"{name}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser", parse_only=SoupStrainer("article")).article


def left_out(tag: Tag) -> bool:
    return not LEFT_OUT.isdisjoint([tag.name, *tag.get("class", [])]) or "hidden" in tag.attrs


def target(name: str, address: str) -> str:
    """Return where an address on a page leads, from the root of the site."""
    return unquote(urlsplit(urljoin(f"/{name}", address)).path).lstrip("/")


def set_equations(body: Tag) -> None:
    """Leave of each equation its MathML; its TeX becomes the words for who cannot show that."""
    for equation in body.find_all("span", "katex"):
        math = equation.find("math")
        tex = math.annotation.extract()
        math["alttext"] = " ".join(tex.get_text().split())
        math.semantics.unwrap()
        for applied in math.find_all("mo", string="\u2061"):
            if applied.parent.name in {"msub", "msup"}:  # KaTeX breaks \lambda_\max with it
                applied.decompose()
        equation.replace_with(math)
    for box in body.find_all("span", ["katex-display", "math"]):
        box.unwrap()


def move_folds(body: Tag) -> None:
    """Move what is folded to the end of the page, and put links there and back."""
    folds = body.select("details")
    if not folds:
        return
    end = markup("<section><h2>Answers, hints and code</h2></section>")
    for number, fold in enumerate(folds, 1):
        heading = fold.find_previous(["h1", "h2", "h3", "h4"])
        label = fold.summary.extract()
        inside = label.select_one(".collapsed") or label
        for link in inside.select("a"):
            link.unwrap()
        words = inside.decode_contents().strip()
        there = markup(f'<p id="fold-{number}"><a href="#folded-{number}">{words}</a></p>')
        place = heading.decode_contents().strip()
        back = markup(f'<p><a href="#fold-{number}">{words}</a> ({place})</p>')
        fold.replace_with(there)
        fold.name, fold.attrs = "div", {"id": f"folded-{number}", "class": ["folded"]}
        fold.insert(0, back)
        end.append(fold)
    body.append(end)


def markup(text: str) -> Tag:
    return next(BeautifulSoup(text, "html.parser").children).extract()


def draw(body: Tag) -> None:
    """Give the drawings in the text the palette's colours, and the capitals of their attributes."""
    colours = palette.light()
    for tag in (tag for svg in body.find_all("svg") for tag in [svg, *svg.find_all(True)]):
        for name, value in list(tag.attrs.items()):
            if isinstance(value, str):
                tag[name] = re.sub(r"var\(--([\w-]+)[^)]*\)", lambda m: colours[m[1]], value)
        if "viewbox" in tag.attrs:  # as HTML is read, names have none
            tag["viewBox"] = tag.attrs.pop("viewbox")


def keep_attributes(tag: Tag) -> None:
    tag["class"] = sorted(STYLED.intersection(tag.get("class", [])))
    drawn = tag.find_parent(["svg", "math"]) or tag.name in {"svg", "math"}
    for name, value in list(tag.attrs.items()):
        if value == [] or (name.startswith("data-") if drawn else name not in KEPT):
            del tag[name]
