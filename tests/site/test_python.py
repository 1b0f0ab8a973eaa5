"""The folder that the browser's Python is loaded from, made of small stand-ins."""

import hashlib
import json
import zipfile

import pytest

from tools.site import python, sources

WHEEL = "softmax_lib-1.2-py3-none-any.whl"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder, and the list of its files."""
    source = tmp_path / "source"
    source.mkdir()
    for name in ("numpy-2.whl", "matplotlib-3.whl", "python_stdlib.zip", WHEEL):
        with zipfile.ZipFile(source / name, "w") as archive:
            archive.writestr("numpy/f2py/a.py", name * 9)
    packages = {
        "numpy": {"file_name": "numpy-2.whl", "depends": []},
        "matplotlib": {"file_name": "matplotlib-3.whl", "depends": ["numpy", "fonttools"]},
        "pandas": {"file_name": "pandas-2.whl", "depends": ["numpy"]},
    }
    lock = {"info": {"version": "1"}, "packages": packages}
    (source / "pyodide-lock.json").write_text(json.dumps(lock))
    pinned = {path.name: path for path in source.iterdir() if path.name != WHEEL}
    monkeypatch.setattr(sources, "files", lambda source, cache: pinned)
    target = tmp_path / "target"
    return target, python.write(target, "", source / WHEEL, tmp_path)


def test_the_list_describes_every_file(folder):
    target, files = folder
    assert {path.name for path in target.iterdir()} == {"files.json", *files}
    assert json.loads((target / "files.json").read_text()) == files
    for name, file in files.items():
        content = (target / name).read_bytes()
        assert file["bytes"] == len(content)
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["wire"] == file["bytes"] or not name.endswith((".whl", ".zip"))
    assert [name for name in files if files[name]["group"] == "figures"] == ["matplotlib-3.whl"]


def test_the_lock_holds_what_is_there_and_the_package(folder):
    target, files = folder
    packages = json.loads((target / "pyodide-lock.json").read_text())["packages"]
    assert set(packages) == {"numpy", "matplotlib", "softmax-lib"}
    assert packages["matplotlib"]["depends"] == ["numpy"]
    assert packages["softmax-lib"]["version"] == "1.2"
    for package in packages.values():
        assert package["sha256"] == files[package["file_name"]]["sha256"]


def test_the_package_is_whole_and_others_are_trimmed(folder):
    target, _ = folder
    for name, kept in {"numpy-2.whl": [], WHEEL: ["numpy/f2py/a.py"]}.items():
        with zipfile.ZipFile(target / name) as archive:
            assert archive.namelist() == kept


def test_the_megabytes_are_those_that_travel():
    files = {"a": {"group": "start", "wire": 3e6}, "b": {"group": "figures", "wire": 1e6}}
    assert python.megabytes(files) == (3, 1)
