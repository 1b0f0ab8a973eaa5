"""The wheels of the lab's kernel: those that are installed, pinned."""

import zipfile

import pytest

from tools.site import kernel, sources


def test_the_installed_wheels_are_those_that_are_pinned(tmp_path):
    wheels = kernel.wheels(tmp_path)
    assert [path.name for path in wheels] == list(sources.pinned(kernel.PINS))
    assert {path.parent for path in wheels} == {tmp_path}


def test_every_wheel_is_loaded_when_the_kernel_starts():
    wheels = {name.split("-")[0].replace("_", "-") for name in sources.pinned(kernel.PINS)}
    assert wheels < set(kernel.packages())


def test_a_packed_package_is_a_wheel_with_its_licence(tmp_path):
    (tmp_path / "comm.whl").write_bytes(kernel.packed("comm"))
    names = zipfile.ZipFile(tmp_path / "comm.whl").namelist()
    assert "comm/__init__.py" in names
    assert {name.rpartition("/")[2] for name in names} > {"METADATA", "WHEEL", "LICENSE"}
    assert not any("pyc" in name for name in names)


def test_another_wheel_is_refused_and_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(kernel, "packed", lambda package: b"another")
    with pytest.raises(sources.RefusedError, match=r"comm-\S+ is not the file that is pinned"):
        kernel.wheels(tmp_path)
    assert not list(tmp_path.glob("comm*"))
