"""The wheels of the lab's kernel: without them no cell of its notebooks would run.

Pyodide's makers do not have them. They come from the packages that `requirements.txt` installs, and
`kernel.sha256` pins them too.
"""

import io
import json
import shutil
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

from tools.site import sources
from tools.site.trimming import EPOCH

PINS = Path(__file__).with_name("kernel.sha256")
LITE = Path(__file__).with_name("lite")
SETTINGS = "jupyter-lite.json"
# The kernel asks for it by name; the browser has no use for it, and it weighs 2.1 MB.
LEFT_OUT = "ssl"
NOTHING = "nothing.zip"


def settings(text: str) -> dict[str, Any]:
    """Return what JupyterLite's settings say of the kernel."""
    plugins = json.loads(text)["jupyter-config-data"]["litePluginSettings"]
    return plugins["@jupyterlite/pyodide-kernel-extension:kernel"]


def packages() -> list[str]:
    """Return what the kernel loads when it starts, in Pyodide's spelling."""
    loaded = settings((LITE / SETTINGS).read_text(encoding="utf-8"))["loadPyodideOptions"]
    return [name.replace("_", "-") for name in loaded["packages"]]


def wheels(folder: Path) -> list[Path]:
    """Put the wheels into a folder; return their paths, having compared their checksums."""
    folder.mkdir(parents=True, exist_ok=True)
    pinned = sources.pinned(PINS)
    for file in metadata.files("jupyterlite-pyodide-kernel") or []:
        if file.name in pinned:
            shutil.copyfile(str(file.locate()), folder / file.name)
    comm = folder / f"comm-{metadata.version('comm')}-py3-none-any.whl"
    comm.write_bytes(packed("comm"))
    return list(sources.files(str(folder), folder, PINS).values())


def packed(package: str) -> bytes:
    """Return the wheel of an installed package; the same bytes wherever it is made."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as wheel:
        for file in sorted(metadata.files(package) or []):
            if file.suffix == ".py" or file.name in {"METADATA", "WHEEL", "LICENSE"}:
                wheel.writestr(zipfile.ZipInfo(file.as_posix(), EPOCH), file.read_binary())
    return content.getvalue()


def nothing() -> bytes:
    """Return an archive without a file."""
    content = io.BytesIO()
    zipfile.ZipFile(content, "w").close()
    return content.getvalue()
