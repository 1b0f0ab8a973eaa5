"""What is offered to take along: what was built, with its size, and nothing that was not."""

import os
import re
import zipfile

import pytest

from tools.site import downloads, pages

PAGE = "<article><h1>A page</h1><p>Text</p></article><footer></footer>"


@pytest.fixture
def build(tmp_path, monkeypatch):
    """The folder of what `make` built: pages, and the site to be."""
    monkeypatch.setenv("BOOK_SITE_URL", "")
    for page in [downloads.LANDING, *pages.live_pages(), downloads.Path("book/measured.html")]:
        for folder in ("html", "site"):
            (tmp_path / folder / page).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / folder / page).write_text(PAGE)
    (tmp_path / "site" / "_static" / "live").mkdir(parents=True)
    return tmp_path


def bind(build, kind, age=0):
    path = build / kind / f"{downloads.NAME}.{kind}"
    path.parent.mkdir()
    path.write_bytes(b"x" * 1_260_000)
    made = (build / "html" / downloads.LANDING).stat().st_mtime - age
    os.utime(path, (made, made))


def offered(build):
    downloads.offer(build / "html", build / "site", build)
    landing = build / "site" / downloads.LANDING
    html = landing.read_text()
    assert html.index("Take it along") < html.index("</article>")
    links = re.findall(r'<a href="([^"]*)" download>(.*?)</a>', html)
    for address, _ in links:
        assert (landing.parent / address).is_file()
    return [words for _, words in links]


def test_files_that_were_built_are_offered_with_their_size(build):
    bind(build, "pdf")
    bind(build, "epub")
    assert offered(build) == ["PDF, 1.3 MB", "EPUB, 1.3 MB", "ZIP, 0.0 MB"]


def test_what_was_not_built_or_is_older_than_the_pages_is_not_offered(build):
    bind(build, "pdf", age=60)
    assert offered(build) == ["ZIP, 0.0 MB"]
    assert [path.suffix for path in (build / "site" / "downloads").iterdir()] == [".zip"]


@pytest.mark.parametrize("address", ["", "https://example.org/book"])
def test_the_zip_has_all_pages_and_those_that_would_run_say_more(build, monkeypatch, address):
    monkeypatch.setenv("BOOK_SITE_URL", address)
    downloads.write_zip(build / "html", build / "book.zip")
    with zipfile.ZipFile(build / "book.zip") as packed:
        texts = {name: packed.read(name).decode() for name in packed.namelist()}
    said = {name for name, text in texts.items() if "its cells do not run" in text}
    root = downloads.NAME
    assert said == {f"{root}/{page}" for page in [downloads.LANDING, *pages.live_pages()]}
    assert texts.keys() - said == {f"{root}/book/measured.html"}
    chapter = pages.live_pages()[0].as_posix()
    links = re.findall(r'href="(.*?)"', texts[f"{root}/{chapter}"])
    assert links == ([f"{address}/{chapter}"] if address else [])
