"""The assembly of the site: what it puts into pages, and one line where it cannot."""

import json
import re
from pathlib import Path

import pytest

from tools.site import __main__ as assembly
from tools.site import downloads, editor, pages


@pytest.fixture
def build(tmp_path, monkeypatch):
    """A folder with a book of empty pages, in which `make site` works."""
    book = tmp_path / "html"
    for page in [*pages.live_pages(), Path("book/measured.html"), downloads.LANDING]:
        (book / page).parent.mkdir(parents=True, exist_ok=True)
        (book / page).write_text("<head></head><body></head></body>")
    (book / "softmax_lib-1-py3-none-any.whl").touch()
    monkeypatch.setattr(assembly, "BUILD", tmp_path)
    monkeypatch.setattr(assembly.editor, "write", lambda target: {"@codemirror/view": "view.js"})
    monkeypatch.setattr(assembly.lab, "write", lambda site: 24)
    return tmp_path


@pytest.mark.parametrize("source", ["/nowhere", "http://127.0.0.1:9/full/"])
def test_without_the_files_one_line_says_what_to_do(build, monkeypatch, source):
    monkeypatch.setenv("PYODIDE", source)
    message = assembly.main()
    assert message.startswith("make site: ")
    assert message.endswith("make site PYODIDE=folder")
    assert "\n" not in message
    assert not (build / "site").exists()


def test_the_live_part_is_put_into_the_pages_that_run(build, monkeypatch, capsys):
    wires = {"start": 7.8e6, "figures": 4.5e6, "lab": 3.5e6}
    files = {group: {"group": group, "wire": wire} for group, wire in wires.items()}
    monkeypatch.setattr(
        assembly.python, "write", lambda target, *_: target.mkdir(parents=True) or files
    )
    assert assembly.main() is None
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert "7.8 MB at the first run, 4.5 MB more for figures, and 3.5 MB more in the lab" in line
    assert "24.0 MB" in line
    site = build / "site"
    assert "live.js" not in (site / "book" / "measured.html").read_text()
    for page in pages.live_pages():
        html = (site / page).read_text()
        assert html.count("live.js") == 1
        assert 'data-start="7.8" data-with-figures="12.3"' in html
        for address in re.findall(r'(?:src|href)="([^"?]+)', html):
            assert (site / page).parent.joinpath(address).is_file()
        imports = json.loads(re.search(r'"importmap">(.*?)</script>', html)[1])["imports"]
        assert imports == {"@codemirror/view": "../_static/live/editor/view.js"}


def test_chapters_run_and_pages_of_other_machines_do_not():
    names = {page.stem for page in pages.live_pages()}
    assert {"prerequisites", "01-softmax-vs-hardmax"} < names
    assert names.isdisjoint({"distributed", "measured", "public-tests", "a1"})


def test_the_editor_brings_what_its_modules_import(tmp_path):
    packages = tmp_path / "packages"
    needs = {editor.DOORS[0]: {"crelt": "1"}}
    for name in [*editor.DOORS, "crelt"]:
        folder = packages / name
        folder.mkdir(parents=True)
        about = {"exports": {"import": "./index.js"}, "dependencies": needs.get(name, {})}
        (folder / "package.json").write_text(json.dumps(about))
        (folder / "index.js").write_text(name)
        (folder / "LICENSE").write_text("MIT")
    addresses = editor.write(tmp_path / "editor", packages)
    assert set(addresses) == {*editor.DOORS, "crelt"}
    assert addresses["@codemirror/view"] == "codemirror-view.js"
    for name, address in addresses.items():
        assert (tmp_path / "editor" / address).read_text() == name
    assert len(list((tmp_path / "editor").glob("*.LICENSE.txt"))) == len(addresses)
