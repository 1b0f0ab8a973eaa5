"""What the rules look at: the parts of a notebook that a reader sees."""

import re

from nbformat import NotebookNode

from tools.notebooks.canonical import FOLDED
from tools.notebooks.figures import figures
from tools.notebooks.refresh import shown_text

FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.DOTALL | re.MULTILINE)
MATHS = re.compile(r"\$\$.*?\$\$|\$[^$\n]*\$", re.DOTALL)
DISPLAYED = re.compile(r"\$\$.*?\$\$", re.DOTALL)
TAG = re.compile(r"\\tag\{([^{}]*)\}")
FOLDED_TEXT = re.compile(r"<details>.*?</details>", re.DOTALL)
PRACTICE = ("Exercises", "Questions", "Review", "Quiz")
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)[^)]*\)")
HTML_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<!--.*?-->", re.DOTALL)
PROSE_SPEED = 130  # words a minute
WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def cells_of(notebook: NotebookNode, kind: str) -> list[tuple[int, NotebookNode]]:
    return [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == kind]


def tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def alt_text(cell: NotebookNode) -> str:
    return cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "").strip()


def printed(cell: NotebookNode) -> str:
    """Return the text a reader sees under a cell, without the hidden text of its figures."""
    outputs = [o for o in cell.get("outputs", []) if "image/png" not in o.get("data", {})]
    return "".join(shown_text(output) for output in outputs)


def prose(cell: NotebookNode) -> str:
    return FENCE.sub("", cell.source)


def words(notebook: NotebookNode) -> int:
    """Return how many words a chapter runs to; what is practised has rules of its own."""
    return words_in(without_practice(all_prose(notebook)))


def words_in(text: str) -> int:
    bare = HTML_TAG.sub(" ", MATHS.sub(" ", re.sub(r"\]\([^)]*\)", "] ", text)))
    return len(WORD.findall(bare))


def minutes(notebook: NotebookNode) -> dict[str, float]:
    """Return the reading time of the core, and of the sections that are not part of it.

    A first reader takes 130 words of prose a minute, half as many of code that is not folded and of
    what is printed, two minutes for a displayed equation, and one for a figure.
    """
    spent = dict.fromkeys(("core", "What goes wrong", "Further", *PRACTICE), 0.0)
    section = "core"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            code = "" if tags(cell) & FOLDED else cell.source
            pieces = [*code.split(), *printed(cell).split()]
            spent[section] += len(pieces) / (PROSE_SPEED / 2) + len(figures(cell))
            continue
        for part in re.split(r"^(?=## )", prose(cell), flags=re.MULTILINE):
            if title := re.match(r"## +(.*)", part):
                section = next((name for name in spent if title[1].startswith(name)), "core")
            spent[section] += words_in(part) / PROSE_SPEED
            spent[section] += 2 * len(DISPLAYED.findall(part))
    return spent


def running_text(notebook: NotebookNode) -> str:
    """Return the prose without what is folded, and without exercises."""
    return without_practice(FOLDED_TEXT.sub("", all_prose(notebook)))


def all_prose(notebook: NotebookNode) -> str:
    return "\n\n".join(prose(cell) for _, cell in cells_of(notebook, "markdown"))


def without_practice(text: str) -> str:
    practice = tuple(f"## {title}" for title in PRACTICE)
    sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    return "".join(section for section in sections if not section.startswith(practice))


def parts(text: str, level: int) -> dict[str, str]:
    """Return what stands under each heading of this level."""
    found = re.split(rf"^#{{{level}}} +(.+?)\s*$", text, flags=re.MULTILINE)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


def headings(notebook: NotebookNode, level: int) -> list[tuple[int, str]]:
    """Return (cell index, text) of each heading of this level."""
    pattern = re.compile(rf"^#{{{level}}} +(.+?)\s*$", re.MULTILINE)
    found = []
    for index, cell in cells_of(notebook, "markdown"):
        found += [(index, text.replace("’", "'")) for text in pattern.findall(prose(cell))]
    return found
