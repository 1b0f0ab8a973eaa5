"""Read the notebooks and pages of the book, and complain of every rule that one does not keep.

    python -m tools.notebooks.lint                      the whole book, and the template
    python -m tools.notebooks.lint book/03-*.ipynb      only these notebooks

Nothing is run: what a run gives is compared by nbval. The rules are in rules.py and book_rules.py.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat

from softmax_lib import __version__
from tools.notebooks import book_rules, rules
from tools.notebooks.canonical import RefusedError, canonical, dumps, loads
from tools.notebooks.contents import (
    BOOK,
    ROOT,
    chapter_number,
    chapters,
    is_master,
    listed,
    notebooks,
    pages,
)

TEMPLATE = Path(__file__).with_name("template.ipynb")
# The masters of the assignments import what only hidden tests need where those are, and quote
# numbers in the answers to questions that a person reads.
NOT_FOR_MASTERS = {
    rules.imports_in_its_first_code_cell,
    rules.prints_every_number_of_its_prose,
    rules.numbers_its_equations,
    rules.counts_its_equations,
}
NOT_FOR_THE_TEMPLATE = {rules.is_as_long_as_a_chapter}
# Where the package's version has no place; pyproject.toml takes it from softmax_lib/__init__.py.
SIGNS = ["README.md", "CONTRIBUTING.md", "CITATION.cff", "Makefile", ".ci/run"]


def rules_for(path: Path) -> list[rules.Rule]:
    if is_master(path):
        return [rule for rule in rules.NOTEBOOK_RULES if rule not in NOT_FOR_MASTERS]
    if path == TEMPLATE:
        every = [*rules.NOTEBOOK_RULES, *rules.CHAPTER_RULES]
        return [rule for rule in every if rule not in NOT_FOR_THE_TEMPLATE]
    return [*rules.NOTEBOOK_RULES, *(rules.CHAPTER_RULES if chapter_number(path) else [])]


def notebook_complaints(path: Path) -> rules.Complaints:
    """Say what is wrong with one notebook."""
    try:
        stored = path.read_bytes().decode("utf-8")
        notebook = loads(stored)
        nbformat.validate(notebook)
    except (RefusedError, UnicodeDecodeError, nbformat.ValidationError) as error:
        yield f"{error}".partition("\n")[0]
        return
    for rule in rules_for(path):
        yield from rule(notebook)
    if number := chapter_number(path):
        yield from book_rules.wrong_title(notebook, number)
    yield from changed_cells(stored, dumps(canonical(notebook)))


def changed_cells(stored: str, fresh: str) -> rules.Complaints:
    """Name the cells in which the text of a notebook is not in canonical form."""
    if stored == fresh:
        return
    old, new = loads(stored).cells, loads(fresh).cells
    changed = [index for index, cell in enumerate(new) if cell != old[index]]
    for index in changed:
        yield f"cell {index} is not as `make refresh` writes it: {new[index].source[:60]!r}"
    if not changed:
        yield "the metadata or the layout of the file is not as `make refresh` writes it"


def page_complaints(path: Path) -> rules.Complaints:
    folder = BOOK if path == TEMPLATE else path.parent
    markdown = book_rules.markdown_of(path)
    yield from book_rules.dead_links(markdown, folder)
    yield from book_rules.lost_equations(markdown, folder)
    yield from book_rules.typed_versions(path.read_text(encoding="utf-8"), __version__)


def book_complaints() -> Iterator[tuple[str, str]]:
    """Say what is wrong with the book as a whole, and in which file."""
    shown = [path for path in pages() if not is_master(path)]
    names = [path.relative_to(ROOT).with_suffix("").as_posix() for path in shown]
    yield from (("_toc.yml", said) for said in book_rules.toc_complaints(listed(), names))
    equations = book_rules.twice_numbered_equations(map(book_rules.markdown_of, pages()))
    yield from (("book", said) for said in equations)
    syllabus = BOOK / "teaching" / "syllabus.md"
    there = [path for path in chapters() if path.is_file()]
    by_number = {
        chapter_number(path) or 0: loads(path.read_text(encoding="utf-8")) for path in there
    }
    text = syllabus.read_text(encoding="utf-8")
    yield from (
        (said_of(syllabus), said) for said in book_rules.syllabus_complaints(text, by_number)
    )
    for name in SIGNS:
        text = (ROOT / name).read_text(encoding="utf-8")
        yield from ((name, said) for said in book_rules.typed_versions(text, __version__))
    yield from ((".", said) for said in book_rules.nbval_switches(ROOT))


def said_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def complaints(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Return (file, complaint) of these notebooks, or of the whole book."""
    for path in paths or [*notebooks(), TEMPLATE]:
        yield from ((said_of(path), said) for said in notebook_complaints(path))
    for path in [] if paths else [*pages(), TEMPLATE]:
        yield from ((said_of(path), said) for said in page_complaints(path))
    if not paths:
        yield from book_complaints()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks")
    paths = [path.resolve() for path in parser.parse_args(arguments).paths]
    found = list(complaints(paths))
    for file, said in found:
        print(f"{file}: {said}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
