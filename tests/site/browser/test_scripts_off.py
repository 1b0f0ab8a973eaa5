"""A chapter without scripts: its text, figures, equations and solutions are all there."""

import re

import nbformat
import pytest

from tests.support import checks
from tests.support.site_pages import CHAPTERS, ROOT, SITE
from tests.support.visit import Visit
from tests.support.window import open_window

NOT_PROSE = re.compile(
    r"```.*?```|\$\$.*?\$\$|\\begin\{.*?\\end\{|\$[^$]*\$|`[^`]*`|\{[^}]*\}|\]\([^)]*\)|<[^>]*>",
    re.DOTALL,
)


def words_of_the_source(path):
    """The longer words of a chapter's Markdown, outside code, equations, links and directives."""
    notebook = nbformat.read((ROOT / path).with_suffix(".ipynb"), as_version=4)
    prose = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return set(re.findall(r"\b[a-z]{5,}\b", NOT_PROSE.sub(" ", prose)))


def missing_words(path, shown):
    words = words_of_the_source(path)
    missing = {word for word in words if word not in shown}
    few = [] if len(words) > 200 else [f"the source has {len(words)} words"]
    return few if len(missing) < 0.01 * len(words) else [*few, *sorted(missing)]


@pytest.fixture(scope="module")
def quiet(browser):
    return open_window(browser.new_context, java_script_enabled=False)


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapter_is_complete(quiet, site, path):
    quiet.forget()
    quiet.page.goto(site + path)
    checks.run(quiet.page, "openFolds")
    found = checks.complaints(Visit(quiet, site, SITE), checks.WITHOUT_SCRIPTS)
    missing = missing_words(path, checks.run(quiet.page, "articleText"))
    assert (found, missing) == ({}, [])
