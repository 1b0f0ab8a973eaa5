"""The folder that the browser's Python is loaded from, made of small stand-ins."""

import hashlib
import json
import zipfile

import pytest

from tools.site import kernel, python, sources

WHEEL = "softmax_lib-1.2-py3-none-any.whl"
COMM = "comm-0.2-py3-none-any.whl"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder, and the list of its files."""
    source = tmp_path / "source"
    source.mkdir()
    names = ("numpy-2.whl", "matplotlib-3.whl", "ipython-8.whl", "python_stdlib.zip", WHEEL, COMM)
    for name in names:
        with zipfile.ZipFile(source / name, "w") as archive:
            archive.writestr("numpy/f2py/a.py", name * 9)
    packages = {
        "numpy": {"file_name": "numpy-2.whl", "depends": []},
        "matplotlib": {"file_name": "matplotlib-3.whl", "depends": ["numpy", "fonttools"]},
        "pandas": {"file_name": "pandas-2.whl", "depends": ["numpy"]},
        "ipython": {"file_name": "ipython-8.whl", "depends": ["numpy"]},
    }
    lock = {"info": {"version": "1"}, "packages": packages}
    (source / "pyodide-lock.json").write_text(json.dumps(lock))
    pinned = {path.name: path for path in source.iterdir() if path.name not in {WHEEL, COMM}}
    monkeypatch.setattr(sources, "files", lambda source, cache: pinned)
    monkeypatch.setattr(kernel, "wheels", lambda folder: [source / COMM])
    monkeypatch.setitem(python.GROUPS, "lab", ["comm", "ipython", "ssl"])
    target = tmp_path / "target"
    return target, python.write(target, "", source / WHEEL, tmp_path)


def test_the_list_describes_every_file(folder):
    target, files = folder
    assert {path.name for path in target.iterdir()} == {"files.json", *files}
    for name, file in files.items():
        content = (target / name).read_bytes()
        assert file["bytes"] == len(content)
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["wire"] == file["bytes"] or not name.endswith((".whl", ".zip"))


def test_pages_know_nothing_of_what_the_lab_alone_loads(folder):
    target, files = folder
    groups = {name: file["group"] for name, file in files.items() if file["group"] != "start"}
    lab = ["ipython-8.whl", COMM, kernel.NOTHING]
    assert groups == {"matplotlib-3.whl": "figures"} | dict.fromkeys(lab, "lab")
    listed = json.loads((target / "files.json").read_text())
    assert listed == {name: file for name, file in files.items() if name not in lab}


def test_the_lock_holds_what_is_there_and_the_package(folder):
    target, files = folder
    packages = json.loads((target / "pyodide-lock.json").read_text())["packages"]
    assert set(packages) == {"numpy", "matplotlib", "ipython", "softmax-lib", "comm", "ssl"}
    assert packages["matplotlib"]["depends"] == ["numpy"]
    assert packages["softmax-lib"]["version"] == "1.2"
    assert packages["softmax-lib"]["depends"] == ["numpy"]
    for package in packages.values():
        assert package["sha256"] == files[package["file_name"]]["sha256"]


def test_the_package_is_whole_and_others_are_trimmed(folder):
    target, _ = folder
    whole = ["numpy/f2py/a.py"]
    for name, kept in {"numpy-2.whl": [], WHEEL: whole, COMM: whole, kernel.NOTHING: []}.items():
        with zipfile.ZipFile(target / name) as archive:
            assert archive.namelist() == kept


def test_the_megabytes_are_those_that_travel():
    wires = {"start": 3e6, "figures": 1e6, "lab": 2e6}
    files = {group: {"group": group, "wire": wire} for group, wire in wires.items()}
    assert python.megabytes(files) == (3, 1, 2)
