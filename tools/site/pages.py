"""Put the live part into the pages of the built book."""

import hashlib
import json
from pathlib import Path

from tools.notebooks.contents import ROOT, is_master, notebooks

SCRIPTS = Path(__file__).with_name("live")
# One needs Dask, the others show what was measured elsewhere.
NOT_FOR_THE_BROWSER = {"distributed", "measured", "public-tests"}


def runnable() -> list[Path]:
    """Return the notebooks that the browser's Python can run, relative to the root."""
    return [path.relative_to(ROOT) for path in notebooks() if path.stem not in NOT_FOR_THE_BROWSER]


def live_pages() -> list[Path]:
    return [path.with_suffix(".html") for path in runnable() if not is_master(path)]


def head(page: Path, megabytes: tuple[float, float], modules: dict[str, str]) -> str:
    """Return what a page loads before the first press: a style sheet and a script."""
    live = "../" * (len(page.parts) - 1) + "_static/live/"
    imports = {name: f"{live}editor/{module}" for name, module in modules.items()}
    start, figures = megabytes
    return (
        f'<link rel="stylesheet" href="{live}live.css?v={version("live.css")}">\n'
        f'<script type="importmap">{json.dumps({"imports": imports})}</script>\n'
        f'<script defer src="{live}live.js?v={version("live.js")}"'
        f' data-start="{start:.1f}" data-with-figures="{start + figures:.1f}"></script>\n'
    )


def version(name: str) -> str:
    return hashlib.sha256((SCRIPTS / name).read_bytes()).hexdigest()[:8]


def make_live(site: Path, megabytes: tuple[float, float], modules: dict[str, str]) -> None:
    for page in live_pages():
        insert(site / page, "</head>", head(page, megabytes, modules), before=True)


def insert(page: Path, mark: str, added: str, before: bool = False) -> None:
    html = page.read_text(encoding="utf-8")
    both = f"{added}{mark}" if before else f"{mark}{added}"
    page.write_text(html.replace(mark, both, 1), encoding="utf-8")
