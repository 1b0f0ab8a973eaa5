"""The lab: which notebooks it holds, and the doors between them and their pages."""

import shutil
from pathlib import Path

import pytest

from tests.support.site_pages import ROOT
from tools.course import assignments
from tools.site import lab, pages

RELEASED = [f"book/assignments/{name}.ipynb" for name in assignments.names()]


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A site of empty pages, whose lab was not built by JupyterLite."""

    def build(project, target):
        shutil.copytree(project / "files", target / "files")
        (target / "notebooks").mkdir()
        (target / "notebooks" / "index.html").write_text("<head></head>")

    monkeypatch.setattr(lab, "build", build)
    for name in RELEASED:
        (tmp_path / "assignments").mkdir(exist_ok=True)
        (tmp_path / "assignments" / Path(name).name).write_text("as released")
    for page in [*pages.live_pages(), *(Path(name).with_suffix(".html") for name in RELEASED)]:
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / page).write_text("<h1>Title</h1><p>Words.</p>")
    assert lab.write(tmp_path) > 0
    return tmp_path


def held(site):
    files = site / "lab" / "files"
    return {path.relative_to(files).as_posix(): path for path in files.rglob("*.ipynb")}


def test_the_lab_holds_chapters_and_released_assignments(site):
    chapters = {page.with_suffix(".ipynb").as_posix() for page in pages.live_pages()}
    assert set(held(site)) == chapters | set(RELEASED)
    for name, path in held(site).items():
        assert path.read_text() == (
            "as released" if name in RELEASED else (ROOT / name).read_text()
        )


def test_each_notebook_and_its_page_lead_to_each_other(site):
    notebook_page = (site / "lab" / "notebooks" / "index.html").read_text()
    for name in held(site):
        page = (site / name).with_suffix(".html")
        html = page.read_text()
        assert html.count("Open in the lab") == 1
        address, _, path = html.partition('href="')[2].partition('"')[0].partition("?path=")
        assert path == name
        assert (page.parent / address).resolve() == site / "lab" / "notebooks" / "index.html"
        assert name in notebook_page.partition('data-notebooks="')[2].partition('"')[0].split()
    for script in lab.SCRIPTS:
        assert f"../{script}" in notebook_page
        assert (site / "lab" / script).is_file()
