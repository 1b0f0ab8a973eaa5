"""Which pages there are: none before `make book`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
LIVE = ROOT / "_build" / "site" / "_static" / "live"  # from `make site`


def is_read(path):
    """Whether a reader stays on it; what else lies there is a template, a signpost or to print."""
    return path.relative_to(SITE).parts[0] not in {
        "_static",
        "sheets",
    } and 'http-equiv="refresh"' not in path.read_text(encoding="utf-8")


PAGES = [
    path.relative_to(SITE).as_posix() for path in sorted(SITE.rglob("*.html")) if is_read(path)
]
CHAPTERS = [f"book/{path.stem}.html" for path in sorted((ROOT / "book").glob("[0-9]*.ipynb"))]
LANDING = "book/index.html"
