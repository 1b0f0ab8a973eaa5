"""The chapters are those of `_toc.yml`, in its order."""

import yaml

from tools.notebooks import contents

TOC = """
root: book/index
parts:
  - chapters:
    - file: book/02-b.ipynb
    - file: book/01-a
  - chapters:
    - file: book/api/index
      sections:
        - file: book/api/c.md
"""


def test_a_table_of_contents_is_read_in_its_order(tmp_path, monkeypatch):
    files = ["book/index", "book/02-b", "book/01-a", "book/api/index", "book/api/c"]
    assert contents.toc_files(yaml.safe_load(TOC)) == files
    (tmp_path / "_toc.yml").write_text(TOC)
    monkeypatch.setattr(contents, "ROOT", tmp_path)
    assert contents.chapters() == [tmp_path / "book/02-b.ipynb", tmp_path / "book/01-a.ipynb"]
    assert [contents.chapter_number(path) for path in contents.chapters()] == [2, 1]


def test_the_book_has_its_pages():
    there = contents.pages()
    assert {path.relative_to(contents.BOOK).with_suffix("").as_posix() for path in there} > {
        "index",
        "01-softmax-vs-hardmax",
        "api/losses",
        "assignments/source/a1/a1",
    }
    assert set(contents.chapters()) < set(contents.notebooks()) < set(there)
    assert contents.chapter_number(contents.BOOK / "prerequisites.ipynb") is None
