"""A notebook has one form in which it is stored."""

import base64

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import PngImagePlugin

from tests.support.pictures import encode
from tools.notebooks.canonical import (
    NOTEBOOK_METADATA,
    canonical,
    dumps,
    loads,
    without_text,
)


def messy():
    stray = {"collapsed": True, "execution": {"start": "2020"}, "papermill": {}, "tags": []}
    cell = new_code_cell(
        "print('a')\n",
        execution_count=1,
        id="0f1e2d3c",
        metadata=stray | {"tags": ["hide-cell"], "mystnb": {"code_prompt_show": "Show"}},
        outputs=[
            new_output("stream", name="stdout", text="a"),
            new_output("stream", name="stdout", text="b\n"),
            new_output("stream", name="stderr", text="c\n"),
        ],
    )
    notebook = new_notebook(cells=[new_markdown_cell("# Größe", metadata=stray), cell])
    notebook.metadata = {"widgets": {}, "kernelspec": {"name": "mine"}, "toc": 1}
    notebook.nbformat_minor = 4
    return notebook


def test_stray_metadata_goes_and_what_the_book_uses_stays():
    form = canonical(messy())
    assert form.metadata == NOTEBOOK_METADATA
    assert (form.nbformat, form.nbformat_minor) == (4, 5)
    assert [cell.id for cell in form.cells] == ["cell-000", "cell-001"]
    assert form.cells[0].metadata == {}
    assert form.cells[1].metadata == {
        "jupyter": {"source_hidden": True},
        "mystnb": {"code_prompt_show": "Show"},
        "tags": ["hide-cell"],
    }
    assert form.cells[1].source == "print('a')"
    nbformat.validate(form)


def test_consecutive_streams_of_one_name_are_one():
    streams = canonical(messy()).cells[1].outputs
    assert [(output.name, output.text) for output in streams] == [
        ("stdout", "ab\n"),
        ("stderr", "c\n"),
    ]


def test_the_canonical_form_is_its_own_canonical_form():
    text = dumps(canonical(messy()))
    assert dumps(canonical(loads(text))) == text
    assert text.startswith('{\n "cells": [')
    assert text.endswith("}\n")
    assert "Größe" in text


def test_the_texts_of_a_png_go_and_its_pixels_stay():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Software", "Matplotlib version 9.9.9")
    picture = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    noted, bare = encode(picture, pnginfo=texts), encode(picture)
    assert b"Software" in base64.b64decode(noted)
    assert without_text(noted) == without_text(bare) == bare
