"""The rules for pages, and for the book as a whole: links, numbers, the table of contents."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from nbformat import NotebookNode

from tools.notebooks.canonical import loads
from tools.notebooks.contents import CHAPTER
from tools.notebooks.rules import Complaints
from tools.notebooks.views import FENCE, LINK, TAG, cells_of, headings, minutes

NBVAL_SWITCHES = re.compile(r"sanitize[-_]with|nbval-lax|nbval-skip|nbval-ignore", re.IGNORECASE)
SETTINGS = ["Makefile", "pyproject.toml", ".ci/run", "pytest.ini", "tox.ini", "setup.cfg"]


def markdown_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n\n".join(cell.source for _, cell in cells_of(loads(text), "markdown"))
    return text


def targets(markdown: str) -> list[str]:
    return [target for _, target in LINK.findall(FENCE.sub("", markdown))]


def dead_links(markdown: str, folder: Path) -> Complaints:
    """Complain of links and images that lead to no file of the book."""
    for target in targets(markdown):
        path = target.partition("#")[0]
        if path and not re.match(r"[a-z][a-z0-9+.-]*:", path) and not (folder / path).exists():
            yield f"{target} leads nowhere"


def lost_equations(markdown: str, folder: Path) -> Complaints:
    """Complain of links to an equation that no page has."""
    for target in targets(markdown):
        path, _, anchor = target.partition("#")
        if anchor.startswith("eq-"):
            page = (folder / path).read_text(encoding="utf-8") if path else markdown
            if anchor not in {"eq-" + tag.replace(".", "-") for tag in TAG.findall(page)}:
                yield f"{target} leads to no equation"


def typed_versions(text: str, version: str) -> Complaints:
    """Complain of the package's version, and of its wheel's name: both are said elsewhere."""
    for found in re.findall(
        rf"softmax_lib-\d[\w.-]*|(?<![\w.]){re.escape(version)}(?![\w.])", text
    ):
        yield f"{found} is typed by hand"


def twice_numbered_equations(markdowns: Iterable[str]) -> Complaints:
    counts = Counter(tag for markdown in markdowns for tag in TAG.findall(markdown))
    for tag in (tag for tag, count in counts.items() if count > 1):
        yield f"two equations have the number {tag}"


def toc_complaints(listed: list[str], pages: list[str]) -> Complaints:
    """Compare a table of contents with the pages there are; both name them without suffix."""
    for file in sorted(set(listed) - set(pages)):
        yield f"{file} is in the table of contents and is no page"
    for page in sorted(set(pages) - set(listed)):
        yield f"{page} is not in the table of contents"
    for file in sorted({file for file in listed if listed.count(file) > 1}):
        yield f"{file} is in the table of contents twice"
    names = (file.rpartition("/")[2] for file in listed)
    numbers = [int(found[1]) for found in map(CHAPTER.match, names) if found]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the chapters of the table of contents do not count from 1: {numbers}"


def wrong_title(notebook: NotebookNode, number: int) -> Complaints:
    """Compare the number in a chapter's title with the one in the name of its file."""
    for _, title in headings(notebook, 1)[:1]:
        if not title.startswith(f"{number}. "):
            yield f"the title of chapter {number} is {title!r}"


def syllabus_complaints(syllabus: str, chapters: dict[int, NotebookNode]) -> Complaints:
    """Compare the table of minutes with what is measured, and the courses with the table."""
    courses, _, rest = syllabus.partition("## Minutes")
    table = rest.partition("\n## ")[0]
    rows = [re.split(r" *\| *", row.strip("| ")) for row in table.splitlines()]
    said = {int(name): [int(cell) for cell in row] for name, *row in rows if name.isdigit()}
    for number in sorted(said.keys() | chapters.keys()):
        spent = minutes(chapters[number]) if number in chapters else {}
        parts = ("core", "What goes wrong", "Further")
        measured = [round(spent[part]) for part in parts if part in spent]
        if said.get(number, []) != measured:
            yield f"chapter {number} takes {measured} minutes, not {said.get(number, [])}"
    total = [sum(column) for column in zip(*said.values(), strict=True)]
    if ["all", *map(str, total)] not in rows:
        yield f"all chapters together take {total} minutes"
    for read, core in re.findall(r"^\|[^|]+\| (.+?) \| (\d+) \|", courses, re.MULTILINE):
        numbers = [int(number) for number in re.findall(r"\d+", re.sub(r"\]\(.*?\)", "", read))]
        if numbers and sum(said.get(number, [0])[0] for number in numbers) != int(core):
            yield f"the cores of chapters {numbers} do not take {core} minutes"


def nbval_switches(root: Path) -> Complaints:
    """Complain of what would soften the comparison of outputs."""
    for pattern in ("*sanitize*", "book/**/*sanitize*", "tests/**/*sanitize*"):
        yield from (f"{path.name} softens what nbval compares" for path in root.glob(pattern))
    for path in [*(root / name for name in SETTINGS), *root.glob(".github/workflows/*")]:
        if path.is_file() and NBVAL_SWITCHES.search(path.read_text(encoding="utf-8")):
            yield f"{path.name} softens what nbval compares"
