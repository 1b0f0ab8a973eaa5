"""Leave out what no cell of the book can use: a reader on a phone waits for every byte.

Each cut says what goes, and `python -m tools.site.trimming FOLDER` how many bytes that saves.
"""

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bytes at every build

# Matplotlib 3.8 takes no list of another version, and Pyodide packs one: it would be made anew at
# each start.
FONT_LIST = 330


class Cut(NamedTuple):
    what: str
    pattern: str  # of the names inside the archive


EVERYWHERE = [
    Cut(
        "type stubs, which jedi alone reads, and sources for compilers",
        r"^(?!jedi/).*\.(pyi|pxd|pyx|pyf|h|c|f|a|orig)$",
    )
]
# By the beginning of a file's name.
CUTS = {
    "python_stdlib": [
        Cut(
            "codecs of single-byte and Asian alphabets",
            r"^encodings/(cp(?!437|1252)|mac_|iso8859_(?!1\.|15)|koi8|big5|gb|hz|euc|iso2022|johab"
            r"|shift|kz|ptcp|tis|hp_|palmos|cjk|uu_|oem|mbcs)",
        ),
        Cut("processes: there is one", r"^multiprocessing/"),
        Cut(
            "servers, and protocols beside HTTP",
            r"^(wsgiref|xmlrpc)/|^http/(server|cookiejar|cookies)\.py"
            r"|^(imaplib|smtplib|nntplib|ftplib|poplib|telnetlib|mailbox|mailcap|cgi|cgitb)\.py",
        ),
        Cut(
            "tools of the command line",
            r"^(pickletools|optparse|tabnanny|pyclbr|compileall|zipapp|modulefinder|rlcompleter|pty"
            r"|fileinput)\.py|^venv/",
        ),
        Cut(
            "sound, and what Python gives up",
            r"^(aifc|sunau|wave|chunk|crypt|pipes|uu|xdrlib)\.py",
        ),
        Cut("the slow twin of io", r"^_pyio\.py"),
    ],
    "numpy": [
        Cut("f2py, which calls a Fortran compiler", r"^numpy/f2py/"),
        Cut(
            "modules for NumPy's own tests",
            r"/_(rational_tests|umath_tests|struct_ufunc_tests"
            r"|operand_flag_tests|simd)\.cpython",
        ),
        Cut("LAPACK's small stand-in", r"^numpy/linalg/lapack_lite"),
    ],
    "matplotlib-": [
        Cut("sample data", r"mpl-data/sample_data/"),
        Cut("pictures of a toolbar", r"mpl-data/images/"),
        Cut(
            "typefaces beside DejaVu Sans, its mono, and the signs that formulas fall back on",
            r"mpl-data/fonts/(afm|pdfcorefonts)/|fonts/ttf/(DejaVu(Serif|SansMono-|Sans-BoldOblique)"
            r"|Humor|STIX(General[BI]|NonUni[BI]|\w+Bol\.))",
        ),
        Cut(
            "windows, PDF and PostScript",
            r"matplotlib/backends/(backend_(gtk|wx|tk|qt|mac|nb|web|cairo|pdf|pgf|ps)"
            r"|_backend_(tk|gtk|pdf)|web_backend|qt_|_tkagg)|matplotlib/(_ttconv|_type1font"
            r"|sphinxext|testing)",
        ),
    ],
    "pillow": [Cut("WebP, and drawing letters", r"^PIL/_(webp|imagingft|imagingcms)\.")],
    "python_dateutil": [Cut("the world's time zones", r"dateutil-zoneinfo\.tar\.gz$")],
    "jedi": [
        Cut(
            "stubs of packages that are not there, and of Python 2",
            r"^jedi/third_party/(django-stubs|typeshed/(third_party/2|stdlib/2/))",
        )
    ],
    "pygments": [
        Cut("the colours of other languages", r"^pygments/lexers/(?!__init__|_mapping|python)"),
    ],
}


def trimmed(path: Path) -> tuple[bytes, dict[str, int]]:
    """Return an archive without what its cuts name, and the bytes that each of them saved."""
    saved: dict[str, int] = {}
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(path) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        kept = {entry.filename: entry for entry in source.infolist() if not entry.is_dir()}
        for name, entry in list(kept.items()):
            if cut := cut_of(name, path.name):
                saved[cut.what] = saved.get(cut.what, 0) + entry.compress_size
                del kept[name]
        for name in kept:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, rewritten(name, source.read(name), kept))
    return packed.getvalue(), saved


def cut_of(name: str, archive: str) -> Cut | None:
    cuts = EVERYWHERE + [cut for start in CUTS if archive.startswith(start) for cut in CUTS[start]]
    return next((cut for cut in cuts if re.search(cut.pattern, name)), None)


def rewritten(name: str, content: bytes, kept: Iterable[str]) -> bytes:
    """Return a file of the archive; a list of files names only those that are kept."""
    if name.endswith(".dist-info/RECORD"):
        lines = content.decode().splitlines(keepends=True)
        return "".join(line for line in lines if line.split(",")[0] in kept).encode()
    if name == "matplotlib/fontlist.json":
        fonts = json.loads(content) | {"_version": FONT_LIST}
        for kind in ("ttflist", "afmlist"):
            fonts[kind] = [
                font for font in fonts[kind] if f"matplotlib/mpl-data/{font['fname']}" in kept
            ]
        return json.dumps(fonts).encode()
    return content


def report(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if zipfile.is_zipfile(path):
            archive, saved = trimmed(path)
            print(f"{path.name}: {path.stat().st_size:,} bytes -> {len(archive):,}")
            for what, count in saved.items():
                print(f"  {count:>9,}  {what}")


if __name__ == "__main__":
    report(Path(sys.argv[1]))
