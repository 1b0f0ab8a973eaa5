"""The notebook that was handed in, whatever an editor or a student has done to it."""

import json

import nbformat
import pytest

from tests.support.submissions import handed_in, load
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


def test_a_file_that_is_too_large_is_not_read():
    with pytest.raises(notebook.UnreadableError, match="larger than 20 MB"):
        notebook.read(b" " * (notebook.LARGEST + 1))


@pytest.mark.parametrize("name", NAMES)
def test_cells_that_lost_their_names_are_recognised(name):
    assert notebook.recognise(load(name), cells(name, without_metadata)) == cells(name)


def test_cells_that_kept_their_names_are_left_alone():
    assert notebook.recognise(load("a1"), cells()) == cells()


def test_what_was_handed_out_and_is_gone_or_changed_is_flagged():
    given = cells()
    assert notebook.changes(load("a1"), given) == set()
    assert notebook.changes(load("a1"), [c for c in given if c.id != "q1"]) == {"missing"}
    assert notebook.changes(load("a1"), [c for c in given if c.id != "q1-hidden"]) == {"tampering"}


def test_the_written_answer_is_found_and_cut_where_it_is_a_book():
    def answer(content):
        content.cells[-1].source = "long " * 10_000

    written = notebook.free_text(load("a1"), cells(change=answer))
    assert written == {"q5": ("long " * 10_000)[: notebook.LONGEST_TEXT]}
