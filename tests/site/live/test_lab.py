"""The lab: chapters run in it, and an answer that a student writes in it gets its points."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.support import checks
from tests.support.given import stored
from tests.support.lab import PATIENCE, LabPage
from tests.support.live import ENDLESS, WHOLE_PAGE, the_pages
from tests.support.server import packed
from tests.support.site_pages import LIVE, ROOT
from tests.support.window import Setting, open_window
from tools.notebooks.canonical import loads
from tools.notebooks.views import cells_of

# What axe finds in JupyterLab, whose parts the book does not change: rule and reason.
JUPYTERLAB = {
    "aria-allowed-attr": "two buttons of the list say that they are not pressed",
    "aria-input-field-name": "the editor of a cell has no name",
    "aria-required-children": "the list of cells says that it is a feed, but holds no articles",
    "button-name": "the button that folds a section has no name",
    "image-alt": "a picture that a cell gives is drawn without its alternative text",
    "link-name": "the logo is a link without words",
    "tabindex": "the link that skips to the cells comes first by a positive tabindex",
}
PHONE = Setting("light", 360)
WRONG = """def softmax(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)"""
RIGHT = """def softmax(Z):
    lifted = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return lifted / np.sum(lifted, axis=1, keepdims=True)"""


@pytest.fixture
def asked():
    """The addresses that the lab asked for, by the page and by its workers."""
    asked = set()
    yield asked
    assert {urlsplit(url).hostname for url in asked} <= {"127.0.0.1", None}


@pytest.fixture
def open_lab(new_context, site, asked):
    """Open the notebook of a page by the page's own link."""

    def open_one(page, *setting):
        window = open_window(new_context, *setting).page
        window.set_default_timeout(PATIENCE)
        window.goto(f"{site}{page}")
        window.context.on("request", lambda request: asked.add(request.url))
        window.get_by_role("link", name="Open in the lab").click()
        return LabPage(window).wait()

    return open_one


def megabytes(asked, site):
    """What travels where each file does so once."""
    files = {LIVE.parents[1] / urlsplit(url.removeprefix(site)).path for url in asked}
    return sum(len(packed(path)[0]) for path in files if path.is_file()) / 1e6


def outputs(notebook):
    return [
        (cell.source, stored(cell.outputs))
        for _, cell in cells_of(loads(notebook.read_text(encoding="utf-8")), "code")
    ]


@pytest.mark.parametrize("page", the_pages(set()))
def test_every_cell_of_a_chapter_gives_what_is_printed(open_lab, page, tmp_path):
    lab = open_lab(page)
    lab.run_all(WHOLE_PAGE)
    run = outputs(lab.download(tmp_path))
    assert run == outputs((ROOT / page).with_suffix(".ipynb"))


def test_an_answer_written_in_the_lab_is_judged_kept_and_graded(open_lab, asked, site, tmp_path):
    lab = open_lab("book/assignments/a1.html", PHONE)
    lab.run("import numpy")
    lab.run("def softmax", WRONG)
    lab.run("diagnose(softmax)")
    lab.expect_output("diagnose(softmax)", "the maximum of the row is not subtracted")
    assert 10 < megabytes(asked, site) < 14
    lab.run("def softmax", RIGHT)
    lab.run("diagnose(softmax)")
    lab.expect_output("diagnose(softmax)", "softmax: right")
    notebook = lab.download(tmp_path)
    assert notebook.name == "a1.ipynb"
    grade = [sys.executable, str(ROOT / "tools" / "grade.py"), str(notebook)]
    graded = subprocess.run(
        [*grade, "--assignment", "a1", "--no-sandbox"], capture_output=True, text=True, check=False
    )
    assert "q1 (4 of 4)" in graded.stdout

    lab.page.get_by_role("link", name="Back to the page").click()
    lab.page.wait_for_url(f"{site}book/assignments/a1.html")
    lab.page.get_by_role("link", name="Open in the lab").click()
    expect(lab.cell("def softmax").get_by_role("textbox")).to_contain_text("lifted")


@pytest.mark.weekly
def test_restart_ends_an_endless_loop_and_interrupt_does_not(open_lab):
    lab = open_lab("book/prerequisites.html")
    lab.run("import numpy", f"n = 6\nprint(n * 7)\n{ENDLESS}")
    lab.expect_output("n = 6", "42")
    lab.press("Interrupt the kernel")
    lab.page.wait_for_timeout(3000)
    lab.expect_python("busy")
    lab.press("Restart the kernel")
    lab.press("Confirm Kernel Restart")
    lab.expect_python("idle")
    lab.run("n = 6", "print('n' in globals())")
    lab.expect_output("print('n'", "False")


@pytest.mark.weekly
def test_axe_finds_nothing_in_the_lab_but_what_is_jupyterlabs(open_lab, site):
    lab = open_lab("book/prerequisites.html")
    found = {"notebook": checks.accessibility_of(lab.page, None)}
    lab.page.goto(f"{site}lab/tree/index.html")
    lab.page.get_by_text("prerequisites.ipynb").wait_for()
    found["list"] = checks.accessibility_of(lab.page, None)
    ours = [
        line
        for lines in found.values()
        for line in lines
        if line.split(":")[0] not in JUPYTERLAB or ".ways" in line
    ]
    assert ours == []
