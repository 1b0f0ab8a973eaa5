"""A chapter without scripts: its text, figures, equations and solutions are all there."""

import re

import nbformat
import pytest

from tests.support import checks
from tests.support.site_pages import CHAPTERS, ROOT

NOT_PROSE = re.compile(
    r"```.*?```|\$\$.*?\$\$|\\begin\{.*?\\end\{|\$[^$]*\$|`[^`]*`|\{[^}]*\}|\]\([^)]*\)|<[^>]*>",
    re.DOTALL,
)


def words_of_the_source(path):
    """The longer words of a chapter's Markdown, outside code, equations, links and directives."""
    notebook = nbformat.read((ROOT / path).with_suffix(".ipynb"), as_version=4)
    prose = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return set(re.findall(r"\b[a-z]{5,}\b", NOT_PROSE.sub(" ", prose)))


@pytest.fixture(scope="module")
def quiet(browser):
    return browser.new_context(java_script_enabled=False).new_page()


@pytest.fixture(params=CHAPTERS)
def chapter(request, quiet, site):
    quiet.goto(site + request.param)
    checks.run(quiet, "openFolds")
    return request.param, quiet


def test_a_chapter_is_complete(chapter):
    path, page = chapter
    words = words_of_the_source(path)
    shown = checks.run(page, "articleText")
    missing = {word for word in words if word not in shown}
    assert len(words) > 200
    assert len(missing) < 0.01 * len(words), missing
    assert checks.run(page, "hiddenText") == []


def test_figures_and_equations_are_drawn(chapter):
    _, page = chapter
    assert checks.run(page, "missingFigures") == []
    assert checks.run(page, "missingEquations") == []
    assert checks.run(page, "rawMathematics") == []
