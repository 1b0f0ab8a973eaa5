"""The lab: which notebooks it holds, and the doors between them and their pages."""

import re
import shutil
from pathlib import Path

import pytest

from tests.support.site_pages import ROOT
from tools.course import assignments
from tools.site import lab, pages

RELEASED = [Path("book/assignments", f"{name}.html") for name in assignments.names()]


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A site of empty pages, whose lab was not built by JupyterLite."""

    def build(project, target):
        shutil.copytree(project / "files", target / "files")
        for app in lab.APPS:
            (target / app).mkdir()
            (target / app / "index.html").write_text("<head></head>")

    monkeypatch.setattr(lab, "build", build)
    (tmp_path / "assignments").mkdir()
    for page in RELEASED:
        (tmp_path / "assignments" / f"{page.stem}.ipynb").write_text("as released")
    for page in [*pages.live_pages(), *RELEASED]:
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / page).write_text("<h1>Title</h1><p>Words.</p>")
    assert lab.write(tmp_path) > 0
    return tmp_path


def test_the_lab_holds_chapters_and_released_assignments(site):
    files = site / "lab" / "files"
    assert len(list(files.rglob("*.*"))) == len(pages.live_pages()) + len(RELEASED)
    for page in pages.live_pages():
        held = (files / page.name).with_suffix(".ipynb")
        assert held.read_bytes() == (ROOT / page).with_suffix(".ipynb").read_bytes()
    for page in RELEASED:
        assert (files / f"{page.stem}.ipynb").read_text() == "as released"


def test_each_notebook_and_its_page_lead_to_each_other(site):
    opened = site / "lab" / "notebooks" / "index.html"
    back = re.search(r'data-pages="(.*?)"', opened.read_text())[1].split()
    assert back == [page.as_posix() for page in [*pages.live_pages(), *RELEASED]]
    for page in map(Path, back):
        ((address, name),) = re.findall(r'href="(.*)\?path=(.*)"', (site / page).read_text())
        assert (site / page).parent.joinpath(address).resolve() == opened
        assert name == f"{page.stem}.ipynb"
    for script in lab.SCRIPTS:
        assert f"../{script}" in opened.read_text()
        assert (site / "lab" / script).is_file()
