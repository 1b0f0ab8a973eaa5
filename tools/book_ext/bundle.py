"""One style sheet and one script instead of two dozen requests.

Sphinx, the theme and the extensions bring their own files, one by one. Sphinx has copied them all
into `_static` when it writes the first page; then they are joined, in the order of that page.
The theme's icon font is left out: `book/_static/icons.css` draws the few icons that are used. When
all pages are there, the rules that none of them needs are left out too (unused_styles.py).
"""

import posixpath
import re
import shutil
import zlib
from importlib import resources
from pathlib import Path

import myst_nb.static
from pydata_sphinx_theme.pygments import overwrite_pygments_css
from sphinx.errors import ExtensionError

from tools.book_ext.unused_styles import without_unused, words_of

STYLES, SCRIPTS = "bundle.css", "bundle.js"
# What the theme's own templates load before and after everything else.
THEME_STYLES = ["basic.css", "styles/bootstrap.css", "styles/pydata-sphinx-theme.css"]
THEME_SCRIPTS = ["scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js"]
UNUSED = {"design-tabs.js"}  # no page has tabs


def start_empty(app) -> None:
    """Sphinx asks for the checksums of files that it knows; the two must exist from the start."""
    folder = Path(app.doctreedir) / "bundle"
    folder.mkdir(parents=True, exist_ok=True)
    for name in (STYLES, SCRIPTS):
        (folder / name).write_text("", encoding="utf-8")
    app.config.html_static_path.append(str(folder))
    app.bundled = {}


def load_two_files(app, pagename, templatename, context, doctree) -> None:
    """Let a page load the bundles. Search's own scripts do not wait, so its page loads them all."""
    styles = [*THEME_STYLES, *names_of(context["css_files"])]
    join(app, STYLES, styles, with_own_addresses)
    context["css_files"] = [asset for asset in context["css_files"] if is_bundle(asset)]
    if pagename == "search":
        context["script_files"] = [js for js in context["script_files"] if not is_bundle(js)]
        return
    scripts = [*names_of(context["script_files"]), *THEME_SCRIPTS]
    join(app, SCRIPTS, scripts, closed)
    context["script_files"] = [js for js in context["script_files"] if is_kept(js)]


def is_bundle(asset) -> bool:
    return asset.filename in (f"_static/{STYLES}", f"_static/{SCRIPTS}")


def is_kept(script) -> bool:
    """Lines within the page stay, except one that would set an option nobody reads, too early."""
    return is_bundle(script) or not (script.filename or "pagename" in script.attributes["body"])


def names_of(assets) -> list[str]:
    files = [asset.filename for asset in assets if asset.filename and not is_bundle(asset)]
    names = dict.fromkeys(name.partition("?")[0].removeprefix("_static/") for name in files)
    return [name for name in names if name not in UNUSED]


def join(app, target: str, names: list[str], read) -> None:
    """Write the files' text into the target, once; every page must want the same files."""
    if app.bundled.setdefault(target, names) != names:
        odd = set(names) ^ set(app.bundled[target])
        raise ExtensionError(f"pages differ in their assets, so {target} cannot serve all: {odd}")
    static = Path(app.outdir, "_static")
    if not (static / target).stat().st_size:
        bring_late_styles(app, static, names)
        text = "\n".join(read(static / name) for name in names)
        (static / target).write_text(text, encoding="utf-8")


def bring_late_styles(app, static: Path, names: list[str]) -> None:
    """MyST-NB's style and the theme's colours of code come after the last page: too late for us."""
    overwrite_pygments_css(app)
    for name in names:
        if name.startswith("mystnb."):
            shutil.copyfile(resources.files(myst_nb.static) / "mystnb.css", static / name)


def closed(script: Path) -> str:
    """Return a script that nothing after it can continue."""
    return script.read_text(encoding="utf-8") + "\n;"


def with_own_addresses(sheet: Path) -> str:
    """Return a style sheet with addresses that start from `_static`, and without imports."""
    static = next(parent for parent in sheet.parents if parent.name == "_static")
    folder = sheet.parent.relative_to(static).as_posix()

    def moved(match):
        address = match[1].strip("'\"")
        if address.startswith(("data:", "#")):
            return match[0]
        return f'url("{posixpath.normpath(posixpath.join(folder, address))}")'

    text = re.sub(r"@import [^;]*;", "", sheet.read_text(encoding="utf-8"))
    return re.sub(r"url\(([^)]*)\)", moved, text)


def remove_icon_font(app, exception) -> None:
    shutil.rmtree(Path(app.outdir, "_static", "vendor"), ignore_errors=True)


def leave_out_unused_styles(app, exception) -> None:
    """Shorten the style sheet, and tell the pages its new checksum."""
    if exception:
        return
    site = Path(app.outdir)
    pages = list(site.rglob("*.html"))
    words = set().union(
        *(words_of(file.read_text(encoding="utf-8")) for file in [*pages, *site.rglob("*.js")])
    )
    sheet = site / "_static" / STYLES
    text = without_unused(sheet.read_text(encoding="utf-8"), words)
    sheet.write_text(text, encoding="utf-8")
    address = f"{STYLES}?v={zlib.crc32(text.encode()):08x}"
    for page in pages:
        html = page.read_text(encoding="utf-8")
        page.write_text(re.sub(rf"{STYLES}\?v=\w+", address, html), encoding="utf-8")


def connect(app):
    app.add_css_file(STYLES)
    app.add_js_file(SCRIPTS, loading_method="defer")
    app.connect("builder-inited", start_empty)
    app.connect("html-page-context", load_two_files, priority=1000)
    app.connect("build-finished", remove_icon_font)
    app.connect("build-finished", leave_out_unused_styles)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
