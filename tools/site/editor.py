"""CodeMirror, as its makers publish it: one module a package, found by an import map.

No bundler: the modules are loaded when a reader first edits, all from the site's own folder.
"""

import json
import shutil
from pathlib import Path

from tools.book_ext.npm import PACKAGES

# What live/editor.js imports.
DOORS = [
    "@codemirror/commands",
    "@codemirror/lang-python",
    "@codemirror/language",
    "@codemirror/state",
    "@codemirror/view",
    "@lezer/highlight",
]


def modules(packages: Path = PACKAGES) -> dict[str, Path]:
    """Return the module of each package that the editor needs, those of others included."""
    found: dict[str, Path] = {}
    asked = list(DOORS)
    while asked:
        name = asked.pop()
        about = json.loads((packages / name / "package.json").read_text(encoding="utf-8"))
        found[name] = packages / name / about["exports"]["import"]
        asked += [needed for needed in about.get("dependencies", {}) if needed not in found]
    return found


def write(target: Path, packages: Path = PACKAGES) -> dict[str, str]:
    """Copy the modules with their licences; return the names under which pages import them."""
    addresses = {}
    for name, module in sorted(modules(packages).items()):
        flat = name.strip("@").replace("/", "-")
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(module, target / f"{flat}.js")
        shutil.copyfile(packages / name / "LICENSE", target / f"{flat}.LICENSE.txt")
        addresses[name] = f"{flat}.js"
    return addresses
