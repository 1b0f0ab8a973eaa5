"""`python -m tools.notebooks.lint`: every notebook is read, and every complaint is printed."""

import re
import shutil
import subprocess
import sys

import pytest

from tools.notebooks import contents, lint, rules


def lint_of(path, capsys):
    status = lint.main([str(path)])
    return status, capsys.readouterr().out.splitlines()


@pytest.fixture
def chapter(tmp_path):
    """A copy of the template, as chapter 3."""
    path = tmp_path / "03-cost.ipynb"
    text = lint.TEMPLATE.read_text(encoding="utf-8")
    path.write_text(re.sub(r"# 0\. |(?<=tag\{)0(?=\.)", _third, text), encoding="utf-8")
    return path


def _third(found):
    return found[0].replace("0", "3")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_template_is_a_chapter_in_all_but_its_length(chapter, capsys):
    assert lint_of(lint.TEMPLATE, capsys) == (0, [])
    status, said = lint_of(chapter, capsys)
    assert status == 1
    assert all(re.search(r": \d+ (exercises|words|figures), not \d", line) for line in said)


def test_a_rule_that_is_broken_is_printed_with_the_file(chapter, capsys):
    edit(chapter, "plt.show()", "plt.draw()")
    assert any(
        re.search(r"03-cost\.ipynb: cell \d+ draws a figure without plt\.show", line)
        for line in lint_of(chapter, capsys)[1]
    )


def test_a_chapter_under_another_number_is_named(chapter, capsys):
    there = chapter.rename(chapter.with_name("04-cost.ipynb"))
    assert any("the title of chapter 4 is '3. " in line for line in lint_of(there, capsys)[1])


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"id": "cell-001"', '"id": "mine"', "cell 1 is not as `make refresh` writes it: 'import"),
        ('"nbformat_minor": 5', '"nbformat_minor":  5', "the layout of the file is not as"),
        (
            '"cell_type": "code"',
            '"cell_type": "cod"',
            "is not valid under any of the given schemas",
        ),
        ('{\n "cells"', "{\n cells", "the file is not a notebook: JSONDecodeError"),
    ],
)
def test_a_file_that_refresh_did_not_write_is_named(chapter, capsys, old, new, complaint):
    edit(chapter, old, new)
    assert any(complaint in line for line in lint_of(chapter, capsys)[1])


def test_every_notebook_meets_every_rule_that_is_meant_for_it():
    met = {path: lint.rules_for(path) for path in contents.notebooks()}
    masters = {path for path in met if contents.is_master(path)}
    chapters = set(contents.chapters())
    assert len(masters) > 1
    assert len(chapters) > 1
    for path, applied in met.items():
        assert applied[: len(rules.NOTEBOOK_RULES)] == rules.NOTEBOOK_RULES or path in masters
        assert (applied[-len(rules.CHAPTER_RULES) :] == rules.CHAPTER_RULES) == (path in chapters)


BREAKS = [
    ("_toc.yml", "      - file: book/bibliography\n", "", "book/bibliography is not in the table"),
    ("_toc.yml", "book/03-cross-entropy", "book/03-entropy", "book/03-entropy is in the table of"),
    ("book/04-gradient-descent.ipynb", "glossary.md#", "glosary.md#", "leads nowhere"),
    ("book/04-gradient-descent.ipynb", "#eq-4-1)", "#eq-4-99)", "leads to no equation"),
    ("book/05-convexity.ipynb", '"cell-001"', '"x"', "cell 1 is not as `make refr"),
    ("book/notation.md", "\n", "\n$$ 1 \\tag{2.1} $$\n", "two equations have the number 2.1"),
    ("book/teaching/syllabus.md", "\n| all | ", "\n| all | 1", "all chapters together take"),
    ("README.md", "\n", "\nsoftmax_lib-9.9.9-py3-none-any.whl", "is typed by hand"),
    ("book/assignments/a1.md", "\n", "\nsoftmax_lib-9.9.9.whl", "softmax_lib-9.9.9.whl is typed"),
    ("Makefile", "--nbval ", "--nbval-lax ", "Makefile softens what nbval compares"),
    ("tools/notebooks/template.ipynb", "plt.show()", "plt.draw()", "draws a figure without plt"),
]


# A chapter whose name in the table of contents is wrong is missing there, and its minutes with it.
BESIDES = ["book/03-cross-entropy is not in the table", "chapter 3 takes []"]


def test_what_is_wrong_in_the_book_and_nothing_else_is_found(tmp_path):
    for name in ["book", "tools"]:
        shutil.copytree(contents.ROOT / name, tmp_path / name)
    for name in ["_toc.yml", *lint.SIGNS]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(contents.ROOT / name, tmp_path / name)
    for file, old, new, _ in BREAKS:
        edit(tmp_path / file, old, new)
    command = [sys.executable, "-m", "tools.notebooks.lint"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (run.stderr, run.returncode) == ("", 1)
    complaints = [said for *_, said in BREAKS] + BESIDES
    assert [said for said in complaints if said not in run.stdout] == []
    lines = run.stdout.splitlines()
    assert [line for line in lines if not any(said in line for said in complaints)] == []
