"""The doors to other machines: with the repository's address every notebook has them, else none."""

import re
import tomllib
from html import unescape
from types import SimpleNamespace

import jinja2
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.site.test_site import ROOT, SITE
from tools.book_ext import repository
from tools.notebooks.contents import listed

NOTEBOOKS = [name for name in listed() if (ROOT / f"{name}.ipynb").is_file()]
TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "book" / "_templates"))
REPOSITORY = "https://github.com/someone/some-book"
COLAB = "https://colab.research.google.com/github/someone/some-book/blob/main/"
BINDER = "https://mybinder.org/v2/gh/someone/some-book/main?labpath="


@pytest.fixture
def foot(monkeypatch):
    """Show the foot of a page as it is with these addresses in the environment."""

    def show(name, repository_address, site_address, suffix=".ipynb"):
        monkeypatch.setenv("BOOK_REPOSITORY_URL", repository_address)
        monkeypatch.setenv("BOOK_SITE_URL", site_address)
        config = SimpleNamespace(html_theme_options={}, html_context={})
        repository.show_buttons(None, config)
        return TEMPLATES.get_template("run-notebook.html").render(
            page_source_suffix=suffix,
            pagename=name,
            sourcename=f"{name}.ipynb",
            wheel="softmax_lib-1-py3-none-any.whl",
            pathto=lambda path, _: f"../{path}",
            **config.html_context,
        )

    return show


def doors(html):
    """The links to other hosts."""
    return [unescape(link) for link in re.findall(r'href="(https:[^"]*)"', html)]


@pytest.mark.parametrize("address", [REPOSITORY, f"{REPOSITORY}/", f"{REPOSITORY}.git"])
def test_a_notebook_opens_in_both_by_its_own_path(foot, address):
    links = {name: doors(foot(name, address, "")) for name in NOTEBOOKS}
    assert links == {name: [f"{BINDER}{name}.ipynb", f"{COLAB}{name}.ipynb"] for name in NOTEBOOKS}


def test_colab_gets_the_wheel_by_its_address(foot):
    html = foot(NOTEBOOKS[0], REPOSITORY, "https://example.org/some/where")
    assert "%pip install https://example.org/some/where/softmax_lib-1-py3-none-any.whl<" in html


def test_colab_gets_the_repository_where_the_site_has_no_address(foot):
    assert f"%pip install git+{REPOSITORY}<" in foot(NOTEBOOKS[0], REPOSITORY, "")


def test_without_the_repository_s_address_there_is_no_door(foot):
    html = foot(NOTEBOOKS[0], "", "https://example.org")
    assert "Run this page yourself" in html
    assert doors(html) == []
    assert "Colab" not in html


def test_a_page_that_is_no_notebook_has_none(foot):
    assert foot("book/glossary", REPOSITORY, "", suffix=".md").strip() == ""


@pytest.mark.built
def test_the_books_notebooks_are_of_one_mind_about_their_doors():
    """With the address in the environment of `make book`, all have them; without, none has."""
    pages = {name: (SITE / f"{name}.html").read_text(encoding="utf-8") for name in NOTEBOOKS}
    with_doors = [name for name, html in pages.items() if "mybinder.org" in html]
    assert with_doors in ([], NOTEBOOKS)
    for name in with_doors:
        assert f'/blob/main/{name}.ipynb"' in pages[name]
        assert f'?labpath={name}.ipynb"' in pages[name]


# --- what Binder needs in place ------------------------------------------------------------------


def test_binder_gets_the_package_in_tested_versions_and_a_python_for_it():
    about = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    constraint, package = (ROOT / ".binder" / "requirements.txt").read_text().splitlines()[-2:]
    assert (constraint, package) == ("--constraint ../requirements.txt", ".[plots,dask]")
    needed = [*about["dependencies"]]
    needed += [
        line for extra in ("plots", "dask") for line in about["optional-dependencies"][extra]
    ]
    pins = (ROOT / "requirements.txt").read_text().splitlines()
    assert {Requirement(line).name for line in needed} <= {pin.partition("==")[0] for pin in pins}
    version = (ROOT / ".binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    assert version in SpecifierSet(about["requires-python"])
