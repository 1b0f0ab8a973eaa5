"""The rules for pages and for the book are seen to complain."""

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tools.notebooks import book_rules


def test_dead_links_are_named(tmp_path):
    (tmp_path / "there.md").touch()
    markdown = (
        "[a](there.md#part) [b](#part) [c](https://example.org/x) ![d](gone.png)\n"
        "[e](../nowhere.md 'title')\n```\n[f](code.md)\n```\n"
    )
    assert list(book_rules.dead_links(markdown, tmp_path)) == [
        "gone.png leads nowhere",
        "../nowhere.md leads nowhere",
    ]


def test_a_link_to_an_equation_that_is_not_there_is_named(tmp_path):
    (tmp_path / "there.md").write_text(r"$$ 1 \tag{4.1} $$")
    links = ["#eq-3-1", "#eq-3-2", "there.md#eq-4-1", "there.md#eq-4-2", "there.md#part"]
    markdown = r"$$ 1 \tag{3.1} $$" + "".join(f" [x]({link})" for link in links)
    assert list(book_rules.lost_equations(markdown, tmp_path)) == [
        "#eq-3-2 leads to no equation",
        "there.md#eq-4-2 leads to no equation",
    ]


def test_two_equations_of_one_number_are_named():
    pages = [r"$$ 1 \tag{3.1} $$ $$ 1 \tag{3.2} $$", r"$$ 1 \tag{3.1} $$"]
    assert list(book_rules.twice_numbered_equations(pages)) == ["two equations have the number 3.1"]


def test_a_version_or_a_wheel_that_is_typed_is_named():
    text = "1.2.3, 1.2.30, 11.2.3 and softmax_lib-1.2.0-py3-none-any.whl"
    assert list(book_rules.typed_versions(text, "1.2.3")) == [
        "1.2.3 is typed by hand",
        "softmax_lib-1.2.0-py3-none-any.whl is typed by hand",
    ]
    assert list(book_rules.typed_versions("softmax_lib-*.whl, softmax_lib", "1.2.3")) == []


@pytest.mark.parametrize(
    ("listed", "pages", "complaint"),
    [
        (["01-a", "02-b"], ["01-a", "02-b", "03-x"], "03-x is not in the table of contents"),
        (["01-a", "02-x"], ["01-a"], "02-x is in the table of contents and is no page"),
        (["01-a", "01-a"], ["01-a"], "01-a is in the table of contents twice"),
        (["02-b", "01-a"], ["01-a", "02-b"], "do not count from 1: [2, 1]"),
        (["01-a", "03-c"], ["01-a", "03-c"], "do not count from 1: [1, 3]"),
        (["02-b"], ["02-b"], "do not count from 1: [2]"),
    ],
)
def test_a_wrong_table_of_contents(listed, pages, complaint):
    frame = ["book/index", "book/api/c"]
    listed, pages = ([*frame, *(f"book/{name}" for name in names)] for names in (listed, pages))
    assert any(complaint in said for said in book_rules.toc_complaints(listed, pages))
    assert list(book_rules.toc_complaints([*listed[:2], "book/01-a"], [*frame, "book/01-a"])) == []


def chapter(title, words=0):
    return new_notebook(cells=[new_markdown_cell(f"# {title}\n\n{'word ' * words}")])


def test_a_title_has_the_number_of_its_file():
    assert list(book_rules.wrong_title(chapter("3. Cost"), 3)) == []
    assert list(book_rules.wrong_title(chapter("3. Cost"), 4)) == [
        "the title of chapter 4 is '3. Cost'"
    ]


SYLLABUS = """
| week | read | core | assignments |
|---|---|---:|---|
| 1 | chapters 1 and [2](02-b.ipynb) | {both} | a1 |
| 2 | [Before you start](0.md) | 20 | |

## Minutes

| chapter | core | What goes wrong | Further |
|---|---|---|---|
| 1 | 2 | 0 | 0 |
{row}| all | {total} | 0 | 0 |

## Next
| 3 | 1 |
"""


@pytest.mark.parametrize(
    ("row", "both", "total", "complaints"),
    [
        ("| 2 | 4 | 0 | 0 |\n", 6, 6, []),
        ("| 2 | 5 | 0 | 0 |\n", 7, 7, ["chapter 2 takes [4, 0, 0] minutes, not [5, 0, 0]"]),
        ("", 2, 2, ["chapter 2 takes [4, 0, 0] minutes, not []"]),
        (
            "| 2 | 4 | 0 | 0 |\n| 3 | 1 | 0 | 0 |\n",
            6,
            7,
            ["chapter 3 takes [] minutes, not [1, 0, 0]"],
        ),
        ("| 2 | 4 | 0 | 0 |\n", 6, 5, ["all chapters together take [6, 0, 0] minutes"]),
        ("| 2 | 4 | 0 | 0 |\n", 9, 6, ["the cores of chapters [1, 2] do not take 9 minutes"]),
    ],
)
def test_the_syllabus_says_the_minutes_of_each_chapter(row, both, total, complaints):
    chapters = {1: chapter("1. A", 260), 2: chapter("2. B", 520)}
    syllabus = SYLLABUS.format(row=row, both=both, total=total)
    assert list(book_rules.syllabus_complaints(syllabus, chapters)) == complaints


def test_a_sanitize_file_or_switch_is_found(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "nbval_sanitize.cfg").touch()
    (tmp_path / "Makefile").write_text("pytest --nbval --nbval-sanitize-with x.cfg\n")
    assert list(book_rules.nbval_switches(tmp_path)) == [
        "nbval_sanitize.cfg softens what nbval compares",
        "Makefile softens what nbval compares",
    ]
