"""The notebook that was handed in, whatever an editor or a student has done to it."""

import json
from dataclasses import replace

import nbformat
import pytest

from tests.support.submissions import handed_in, load, with_earlier_release
from tools.course import assignments
from tools.course.grading import notebook

NAMES = assignments.names()


def cells(name="a1", change=None):
    content = nbformat.reads(handed_in(name).decode(), as_version=4)
    if change:
        change(content)
    return notebook.read(json.dumps(content).encode())


def without_metadata(content):
    for cell in content.cells:
        cell.metadata = {}


@pytest.mark.parametrize(
    "data", [b"", b"%PDF", b"[1, 2]", b'{"cells": [null]}', b"[" * 10_000, b'{"cells": 3}']
)
def test_a_file_that_is_no_notebook_is_named(data):
    with pytest.raises(notebook.UnreadableError, match="the file is not a notebook"):
        notebook.read(data)


def test_an_empty_cell_of_another_program_costs_no_other():
    odd = {"cell_type": "code", "metadata": None, "source": None}
    named = {"cell_type": "code", "metadata": {"nbgrader": None}, "source": ["x = ", "1"]}
    found = notebook.read(json.dumps({"cells": [odd, named]}).encode())
    assert [cell.source for cell in found] == ["", "x = 1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_encoding_of_an_editor_is_read(encoding):
    content = {"cells": [{"cell_type": "markdown", "source": "déjà vu"}]}
    data = json.dumps(content, ensure_ascii=False).encode(encoding)
    for end in (b"", b"\0" * 100):  # a disk may fill a file up
        assert notebook.read(data + end)[0].source == "déjà vu"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\r\n", "it is empty"),
        (b"\n<!DOCTYPE html>", "it is a web page"),
        (b"PK\x03\x04..", "it is a zip file"),
        (b"<<<<<<< HEAD\n{}", "it holds the marks of a merge conflict"),
        (
            b'\xef\xbb\xbf{\n"cells": [',
            "it breaks off, or another program has changed it, in line 2",
        ),
        (b'{"cell": []}', "it has no cells that can be read"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_in_words(data, reason):
    with pytest.raises(notebook.UnreadableError, match=f"the file is not a notebook: {reason}"):
        notebook.read(data)


def test_a_file_that_is_too_large_is_not_read():
    with pytest.raises(notebook.UnreadableError, match="larger than 20 MB"):
        notebook.read(b" " * (notebook.LARGEST + 1))


@pytest.mark.parametrize("name", NAMES)
def test_cells_that_lost_their_names_are_recognised(name):
    assert notebook.recognise(load(name), cells(name, without_metadata)) == cells(name)


def test_cells_that_kept_their_names_are_left_alone():
    assert notebook.recognise(load("a1"), cells()) == cells()


def change_of(change):
    return notebook.changed(load("a1"), cells(change=change))


def test_what_was_handed_out_and_is_gone_or_changed_is_named():
    given = cells()
    assert notebook.changed(load("a1"), given) == []
    without = [c for c in given if c.id != "q1-hidden"]
    assert notebook.changed(load("a1"), without) == ["q1-hidden"]
    assert notebook.changed(load("a1"), [replace(c, source=c.source + "!") for c in given[:3]])[
        :3
    ] == ["about", "get", "setup"]


@pytest.mark.parametrize("end", ["\r\n", "  \n", "\t\n", "\r"])
def test_line_ends_and_space_before_them_are_no_change(end):
    def other_ends(content):
        for cell in content.cells:
            cell.source = cell.source.replace("\n", end) + end

    assert change_of(other_ends) == []


def test_what_any_release_held_is_no_change(tmp_path):
    folder = tmp_path / "a1"
    folder.mkdir()
    text = (assignments.SOURCE / "a1" / "a1.ipynb").read_text(encoding="utf-8")
    (folder / "a1.ipynb").write_text(text, encoding="utf-8")
    old = assignments.load("a1", tmp_path)
    assignments.record_release(old, tmp_path)
    (folder / "a1.ipynb").write_text(text.replace("Write softmax.", "Write the softmax."))
    new = assignments.load("a1", tmp_path)
    for _ in range(2):
        for released in (old, new):
            given = notebook.read(nbformat.writes(released.release).encode())
            assert notebook.changed(new, given) == []
        assignments.record_release(new, tmp_path)
    given = notebook.read(nbformat.writes(new.release).encode())
    assert notebook.changed(old, given) == ["q1-text"]


def test_a_cell_that_came_or_went_later_is_no_change(tmp_path):
    folder = tmp_path / "a5"
    folder.mkdir()
    content = nbformat.read(assignments.SOURCE / "a5" / "a5.ipynb", as_version=4)
    kept = [
        cell
        for cell in content.cells
        if not {"number-text", "q5-hidden"} & {cell.metadata.get("nbgrader", {}).get("grade_id")}
    ]
    content.cells, whole = kept, content.cells
    nbformat.write(content, folder / "a5.ipynb")
    old = assignments.load("a5", tmp_path)
    assignments.record_release(old, tmp_path)
    content.cells = whole
    nbformat.write(content, folder / "a5.ipynb")
    new = assignments.load("a5", tmp_path)
    given = notebook.read(nbformat.writes(old.release).encode())
    assert notebook.changed(new, given) == []
    assert notebook.changed(new, [cell for cell in given if cell.id != "q1-text"]) == ["q1-text"]
    assert notebook.changed(load("a1"), []) in load("a1").released.releases


def test_a_question_that_was_asked_otherwise_is_known(tmp_path):
    new, earlier = with_earlier_release(tmp_path)
    given = notebook.read(nbformat.writes(earlier).encode())
    assert notebook.asked_otherwise(new, given) == {"q2", "q6"}
    assert notebook.asked_otherwise(new, cells()) == set()
    assert not notebook.is_missing_an_answer(new, given, {"q5": "text"})
    assert notebook.changed(new, given) == []
    edited = [
        replace(c, source=f"{c.source}\nx" if c.id == "q6-visible" else c.source) for c in cells()
    ]
    assert notebook.asked_otherwise(new, edited) == set()
    assert notebook.changed(new, edited) == ["q6-visible"]
    mine = [replace(c, source="mine" if c.id == "q2-text" else c.source) for c in cells()]
    assert notebook.asked_otherwise(new, mine) == set()


def test_an_answer_is_missing_where_it_stands_nowhere():
    a1, given = load("a1"), cells()
    rest = [c for c in given if c.id not in ("q1", "q5")]
    assert not notebook.is_missing_an_answer(a1, given, {})
    assert notebook.is_missing_an_answer(a1, rest, {"q5": "text"})
    again = [*rest, notebook.Cell("cell 9", True, False, "def softmax(Z): pass")]
    assert notebook.is_missing_an_answer(a1, again, {"q5": ""})
    assert not notebook.is_missing_an_answer(a1, again, {"q5": "text"})


@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_of_another_assignment_says_which(name):
    for other in ("a1", "a2", "a5"):
        expected = None if other == name else other
        assert notebook.other_assignment(load(name), cells(other)) == expected
        assert notebook.other_assignment(load(name), cells(other, without_metadata)) == expected
    assert notebook.other_assignment(load(name), []) is None


def test_the_format_of_old_programs_is_read():
    code = {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "outputs": [], "metadata": {}}
    text = {"cell_type": "heading", "level": 1, "source": "A title", "metadata": {}}
    old = {"nbformat": 3, "worksheets": [{"cells": [code, text]}], "metadata": {}}
    read = notebook.read(json.dumps(old).encode())
    assert [(cell.is_code, cell.source) for cell in read] == [
        (True, "x = 1\ny = 2"),
        (False, "A title"),
    ]


SOFTMAX = "def softmax(Z):\n    return Z"


@pytest.mark.parametrize(
    "left",
    [
        "def softmax(Z):\n    raise NotImplementedError  # replace this line by your own",
        "def softmax(Z):\n    # see above\n    raise NotImplementedError",
        'def softmax(Z):\n    """To do."""\n    raise NotImplementedError("above")',
        "import functools\n\n@functools.cache\ndef softmax(Z):\n    pass",
    ],
)
@pytest.mark.parametrize(
    "answer",
    [
        SOFTMAX,
        "softmax = mine",
        "softmax: object = mine",
        "softmax, other = mine",
        "from mine import softmax",
        "(softmax := mine)",
        f"try:\n    x\nfinally:\n    {SOFTMAX.replace(chr(10), chr(10) + '    ')}",
    ],
)
def test_a_function_still_open_gives_way_to_an_answer(left, answer):
    given = [notebook.Cell(f"cell {n}", True, False, one) for n, one in enumerate([answer, left])]
    first, second = notebook.without_open_copies(load("a1"), given)
    assert first.source == answer
    assert "softmax" not in second.source
    assert second.source.count("\n") == left.count("\n")
    assert notebook.without_open_copies(load("a1"), given[1:]) == given[1:]


@pytest.mark.parametrize("shape", ["{}", "```python\n{}\n```\n", "~~~\n{}\n~~~"])
def test_an_answer_that_became_text_is_code_where_no_other_is(shape):
    text = notebook.Cell("q1", False, False, shape.format(SOFTMAX))
    right = replace(text, is_code=True, source=SOFTMAX)
    stub = replace(right, source="def softmax(Z):\n    raise NotImplementedError")
    for given, due in (([text], [right]), ([text, stub], [right, stub]), ([text, right],) * 2):
        assert notebook.with_answers_of_other_types(load("a1"), given) == due
    words = [replace(text, source=f"Mine is\n{text.source}")]
    assert notebook.with_answers_of_other_types(load("a1"), words) == words


def test_of_a_changed_test_what_was_added_is_kept():
    test = next(cell for cell in cells() if cell.id == "q6-visible")
    assert notebook.added_to_test(load("a1"), test) == ""
    mine = f"AXIS = 1\n{test.source.replace('== 4,', '== 3,')}\ndef helper(): pass"
    kept = notebook.added_to_test(load("a1"), replace(test, source=mine)).split()
    assert " ".join(kept).startswith("AXIS = 1 assert len(arrays) == 3,")
    assert " ".join(kept).endswith("def helper(): pass")
