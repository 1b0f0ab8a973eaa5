"""The trimmed archives: what goes, what is counted, and lists that name only what is there."""

import io
import json
import zipfile

import pytest

from tools.site.trimming import trimmed


@pytest.fixture
def archive(tmp_path):
    def archive(name, files):
        with zipfile.ZipFile(tmp_path / name, "w") as target:
            for path, text in files.items():
                target.writestr(path, text)
        return tmp_path / name

    return archive


def opened(path):
    content, saved = trimmed(path)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}, saved


FILES = {
    "numpy/core.py": "x",
    "numpy/core.pyi": "stub",
    "numpy/f2py/main.py": "call",
    "numpy-2.dist-info/RECORD": "numpy/core.py,,\nnumpy/core.pyi,,\nnumpy/f2py/main.py,,\n",
}


def test_what_is_cut_is_counted_by_its_cut(archive):
    files, saved = opened(archive("numpy-2.whl", FILES))
    assert list(files) == ["numpy/core.py", "numpy-2.dist-info/RECORD"]
    assert saved == {
        "type stubs, which jedi alone reads, and sources for compilers": 4,
        "f2py, which calls a Fortran compiler": 4,
    }


def test_the_record_of_a_wheel_names_what_is_there(archive):
    files, _ = opened(archive("numpy-2.whl", FILES))
    assert files["numpy-2.dist-info/RECORD"] == b"numpy/core.py,,\n"


def test_another_package_keeps_what_numpy_loses(archive):
    files, _ = opened(archive("other-2.whl", FILES))
    assert "numpy/f2py/main.py" in files


def test_jedi_keeps_the_stubs_that_completions_are_made_of(archive):
    stubs = "jedi/third_party/typeshed"
    kept = [f"{stubs}/stdlib/3/builtins.pyi", f"{stubs}/third_party/3/six.pyi"]
    gone = [f"{stubs}/stdlib/2/a.pyi", f"{stubs}/third_party/2and3/b.pyi"]
    files, _ = opened(archive("jedi-0.whl", dict.fromkeys(kept + gone, "")))
    assert list(files) == kept


def test_matplotlib_takes_the_list_of_typefaces_that_are_there(archive):
    fonts = [{"fname": f"fonts/ttf/{name}.ttf"} for name in ("DejaVuSans", "DejaVuSerif")]
    path = archive(
        "matplotlib-3.whl",
        {
            "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf": "",
            "matplotlib/mpl-data/fonts/ttf/DejaVuSerif.ttf": "",
            "matplotlib/fontlist.json": json.dumps(
                {"_version": 390, "ttflist": fonts, "afmlist": []}
            ),
        },
    )
    files, _ = opened(path)
    listed = json.loads(files["matplotlib/fontlist.json"])
    assert listed == {"_version": 330, "ttflist": fonts[:1], "afmlist": []}


def test_the_same_archive_is_the_same_bytes_again(archive):
    path = archive("numpy-2.whl", FILES)
    assert trimmed(path) == trimmed(path)
