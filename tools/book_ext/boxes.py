"""The parts of a chapter that a reader should recognise at a glance.

A chapter is plain Markdown, which reads well in Jupyter too, so its parts are known by their words:
`## What goes wrong`, `## Further: …`, `### Exercise 1: …`, `**Minutes:** …`, and a proof from the
word **Proof** to the sign ∎. The style sheets do the rest.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

KINDS = {
    "exercise": re.compile(r"Exercise \d+:"),
    "pitfall": re.compile(r"What goes wrong$|Further: more that goes wrong$"),
    "further": re.compile("Further:"),
    "summary": re.compile("Summary$"),
}
MINUTES = re.compile(
    r"\bMinutes: (\d+) for the core(?:, (\d+) for What goes wrong)?"
    r"(?:, (\d+) for the sections marked Further)?"
)
PARTS = ("core", "what goes wrong", "further")
NOT_ON_THE_PATH = {"Exercises", "Questions", "Summary", "Review", "What’s next", "What's next"}


class MarkKinds(SphinxTransform):
    """Give each part its class."""

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        for section in self.document.findall(nodes.section):
            title = section.next_node(nodes.title).astext()
            section["classes"] += [kind for kind, words in KINDS.items() if words.match(title)]


class BoxProofs(SphinxTransform):
    """Put what lies between a paragraph that begins with **Proof** and the next ∎ into a box."""

    default_priority = 805

    def apply(self, **kwargs: Any) -> None:
        for first in list(self.document.findall(begins_proof)):
            parent = first.parent
            start = parent.index(first)
            end = next(i for i in range(start, len(parent)) if parent[i].astext().endswith("∎")) + 1
            box = nodes.container("", *parent[start:end], classes=["proof"])
            parent[start:end] = [box]


def begins_proof(node: nodes.Node) -> bool:
    """Say whether a node is such a paragraph; MyST puts an empty text before its bold word."""
    if not isinstance(node, nodes.paragraph):
        return False
    strong = node.next_node(nodes.strong)
    return strong is not None and all(text.astext().startswith("Proof") for text in (strong, node))


class DrawOpener(SphinxTransform):
    """Box what a chapter says before it begins, and add its minutes and its path as a picture."""

    default_priority = 810

    def apply(self, **kwargs: Any) -> None:
        chapter = self.document.next_node(nodes.section)
        minutes = chapter and next(filter(minutes_of, chapter.findall(nodes.paragraph)), None)
        if not minutes:
            return
        parent = minutes.parent
        start = parent.index(parent.next_node(nodes.bullet_list)) - 1  # "You will be able to"
        end = parent.index(minutes) + 2  # "Prerequisites: …"
        box = nodes.container("", *parent[start:end], classes=["opener"])
        parent[start:end] = [box]
        minutes.replace_self([bar(minutes_of(minutes) or {}), *path(chapter), minutes])


def minutes_of(paragraph: nodes.paragraph) -> dict[str, int] | None:
    match = MINUTES.search(paragraph.astext())
    if not match:
        return None
    return {part: int(n) for part, n in zip(PARTS, match.groups(), strict=True) if n}


def bar(minutes: dict[str, int]) -> nodes.Node:
    """Draw the minutes side by side; the words below say the same."""
    pieces = "".join(
        f'<span class="{part.split()[0]}" style="flex-grow:{n}">{n}&#8239;min</span>'
        for part, n in minutes.items()
    )
    return nodes.raw("", f'<div class="minutes" aria-hidden="true">{pieces}</div>', format="html")


def path(chapter: nodes.section) -> list[nodes.Node]:
    """List the sections of each part, in the order and under the colours of the bar."""
    rows: dict[str, list[nodes.section]] = {part: [] for part in PARTS}
    for section in chapter:
        if isinstance(section, nodes.section) and title_of(section) not in NOT_ON_THE_PATH:
            kinds = section["classes"]
            part = next((p for p in ("further", "pitfall") if p in kinds), "core")
            rows[{"pitfall": "what goes wrong"}.get(part, part)].append(section)
    return [row(part, sections) for part, sections in rows.items() if sections]


def title_of(section: nodes.section) -> str:
    return section.next_node(nodes.title).astext()


def row(part: str, sections: list[nodes.section]) -> nodes.Node:
    items = nodes.bullet_list(classes=["path"])
    for section in sections:
        title = re.sub("^Further: (.)", lambda m: m[1].upper(), title_of(section))
        link = nodes.reference("", title, refid=section["ids"][0], internal=True)
        items += nodes.list_item("", nodes.paragraph("", "", link))
    label = nodes.paragraph("", part.capitalize())
    return nodes.container("", label, items, classes=["path-row", part.split()[0]])


def connect(app: Sphinx) -> None:
    app.add_transform(MarkKinds)
    app.add_transform(BoxProofs)
    app.add_transform(DrawOpener)
