"""tools/refresh.py: outputs are written once, whole, and the same every time."""

import base64
import copy
import io
import json

import matplotlib.pyplot as plt
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, PngImagePlugin

from tools.notebooks import refresh

DRAWING = ["import matplotlib.pyplot as plt", "print(6 * 7)\nplt.plot([1, 2, 4])\nplt.show()"]


def write(path, *sources, **metadata):
    """Write a notebook as an editor leaves it: no outputs, its own ids, its own metadata."""
    cells = [new_code_cell(source, metadata=dict(metadata)) for source in sources]
    notebook = new_notebook(cells=[new_markdown_cell("# A title\n\n"), *cells])
    notebook.metadata["language_info"] = {"name": "python", "version": "3.99"}
    path.write_text(refresh.dumps(notebook), encoding="utf-8")
    return path


def outputs(path, cell):
    return refresh.loads(path.read_text(encoding="utf-8")).cells[cell].outputs


# --- a run -------------------------------------------------------------------------------------


def test_a_notebook_is_run_and_running_it_again_changes_no_byte(tmp_path, monkeypatch):
    # A test's own backend must not reach the kernel, which would then draw nothing.
    monkeypatch.setenv("MPLBACKEND", "Agg")
    path = write(tmp_path / "a.ipynb", *DRAWING)
    assert refresh.refresh(path, check=False) == ("refreshed", True)
    printed, drawn = outputs(path, 2)
    assert printed == {"name": "stdout", "output_type": "stream", "text": "42\n"}
    assert "image/png" in drawn.data
    once = path.read_bytes()
    assert refresh.refresh(path, check=False) == ("unchanged", True)
    assert path.read_bytes() == once
    assert [file.name for file in tmp_path.iterdir()] == ["a.ipynb"]


def test_check_names_what_would_change_and_writes_nothing(tmp_path, capsys):
    path = write(tmp_path / "a.ipynb", "print(6 * 7)")
    edited = path.read_bytes()
    assert refresh.main(["--check", str(path)]) == 1
    assert capsys.readouterr().out == "a.ipynb: would change\n"
    assert path.read_bytes() == edited
    assert refresh.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "a.ipynb: refreshed\n"
    assert refresh.main(["--check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "a.ipynb: unchanged\n"


def test_a_failing_notebook_is_left_as_it_was_and_the_cell_is_shown(tmp_path):
    path = write(tmp_path / "a.ipynb", "x = 0", "1 / x")
    edited = path.read_bytes()
    outcome, well = refresh.refresh(path, check=False)
    assert not well
    assert outcome.startswith("FAILED: cell 2 fails\n")
    assert "1 / x" in outcome
    assert "ZeroDivisionError: division by zero" in outcome
    assert "\x1b" not in outcome
    assert path.read_bytes() == edited
    assert [file.name for file in tmp_path.iterdir()] == ["a.ipynb"]


def test_an_error_that_is_announced_is_stored_as_its_last_line(tmp_path):
    path = write(tmp_path / "a.ipynb", "1 / 0", tags=["raises-exception"])
    assert refresh.refresh(path, check=False) == ("refreshed", True)
    assert outputs(path, 1)[0].traceback == ["ZeroDivisionError: division by zero"]


def test_no_kernelspec_of_this_user_takes_the_place_of_this_python(tmp_path, monkeypatch):
    spec = tmp_path / "jupyter" / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["false"], "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    path = write(tmp_path / "a.ipynb", "import sys\nprint(sys.executable)")
    assert refresh.refresh(path, check=False) == ("refreshed", True)
    assert outputs(path, 1)[0].text.strip() == refresh.sys.executable


@pytest.fixture
def run_gives(monkeypatch):
    """Let a run give these outputs to the first code cell, without a kernel."""

    def give(*made):
        def execute(notebook, folder):
            fresh = copy.deepcopy(notebook)
            fresh.cells[1].update(outputs=list(made), execution_count=1)
            return fresh

        monkeypatch.setattr(refresh, "execute", execute)

    return give


def test_a_stale_figure_would_change_and_the_same_figure_keeps_its_bytes(tmp_path, run_gives):
    path = write(tmp_path / "a.ipynb", "plt.show()")
    run_gives(new_output("display_data", {"image/png": png(line())}))
    assert refresh.refresh(path, check=False) == ("refreshed", True)
    stored = path.read_bytes()

    # One level of one colour: what another FreeType or processor may do to an edge.
    almost = refresh.pixels(png(line())).astype(np.uint8)
    almost[:, :, 0] ^= 1
    run_gives(new_output("display_data", {"image/png": encode(almost)}))
    assert refresh.refresh(path, check=True) == ("unchanged", True)

    run_gives(new_output("display_data", {"image/png": png(line(0.1))}))
    assert refresh.refresh(path, check=True) == ("would change", False)
    assert path.read_bytes() == stored


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (new_output("stream", name="stderr", text="careful\n"), "writes to stderr: careful"),
        (
            new_output("execute_result", {"text/plain": "<object at 0x7f00>"}, execution_count=1),
            "shows a memory address: at 0x7f00",
        ),
        (
            new_output("display_data", {"image/png": "", "text/plain": "<Axes at 0x7f00>"}),
            "shows a memory address: at 0x7f00",
        ),
    ],
)
def test_what_no_page_should_show_is_refused(tmp_path, run_gives, output, reason):
    path = write(tmp_path / "a.ipynb", "print()")
    edited = path.read_bytes()
    run_gives(output)
    assert refresh.refresh(path, check=False) == (f"FAILED: cell 1 {reason}", False)
    assert path.read_bytes() == edited


def test_an_announced_error_that_does_not_come_is_refused(tmp_path, run_gives):
    path = write(tmp_path / "a.ipynb", "1 / 2", tags=["raises-exception"])
    run_gives()
    outcome, _ = refresh.refresh(path, check=False)
    assert outcome == "FAILED: cell 1 is tagged raises-exception and raises nothing"


@pytest.mark.parametrize("there", [".", "missing.ipynb"])
def test_nothing_to_run_is_an_error(tmp_path, capsys, there):
    with pytest.raises(SystemExit) as stopped:
        refresh.main([str(tmp_path / there)])
    assert stopped.value.code == 2
    assert "no such notebook" in capsys.readouterr().err


def test_an_interrupted_write_leaves_the_old_file_whole(tmp_path, monkeypatch):
    path = tmp_path / "a.ipynb"
    path.write_text("old")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(refresh.Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        refresh.replace(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is not a notebook: JSONDecodeError"),
        (b"[1]", "the file is not a notebook: TypeError"),
        (b"{}", "the file is not a notebook: KeyError"),
        (b'{"nbformat": 3, "worksheets": []}', "the notebook has format 3; open and save it"),
        (b"\xff", "'utf-8' codec can't decode"),
    ],
)
def test_a_file_that_is_no_notebook_is_named_and_left_as_it_was(tmp_path, content, reason):
    path = tmp_path / "a.ipynb"
    path.write_bytes(content)
    outcome, well = refresh.refresh(path, check=False)
    assert outcome.startswith(f"FAILED: {reason}")
    assert not well
    assert path.read_bytes() == content


def test_checkpoints_of_an_editor_are_no_notebooks(tmp_path):
    hidden = tmp_path / ".ipynb_checkpoints" / "a-checkpoint.ipynb"
    hidden.parent.mkdir()
    hidden.touch()
    (tmp_path / "b.ipynb").touch()
    (tmp_path / "a.ipynb").touch()
    assert refresh.notebooks([tmp_path]) == [tmp_path / "a.ipynb", tmp_path / "b.ipynb"]


# --- the canonical form ------------------------------------------------------------------------


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
    form = refresh.canonical(messy())
    assert form.metadata == refresh.NOTEBOOK_METADATA
    assert (form.nbformat, form.nbformat_minor) == (4, 5)
    assert [cell.id for cell in form.cells] == ["cell-000", "cell-001"]
    assert form.cells[0].metadata == {}
    assert form.cells[1].metadata == {
        "jupyter": {"source_hidden": True},
        "mystnb": {"code_prompt_show": "Show"},
        "tags": ["hide-cell"],
    }
    assert form.cells[1].source == "print('a')"
    refresh.nbformat.validate(form)


def test_consecutive_streams_of_one_name_are_one():
    streams = refresh.canonical(messy()).cells[1].outputs
    assert [(output.name, output.text) for output in streams] == [
        ("stdout", "ab\n"),
        ("stderr", "c\n"),
    ]


def test_the_canonical_form_is_its_own_canonical_form():
    text = refresh.dumps(refresh.canonical(messy()))
    assert refresh.dumps(refresh.canonical(refresh.loads(text))) == text
    assert text.startswith('{\n "cells": [')
    assert text.endswith("}\n")
    assert "Größe" in text


def test_the_texts_of_a_png_go_and_its_pixels_stay():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Software", "Matplotlib version 9.9.9")
    picture = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    noted, bare = encode(picture, pnginfo=texts), encode(picture)
    assert b"Software" in base64.b64decode(noted)
    assert refresh.without_text(noted) == refresh.without_text(bare) == bare


# --- when two figures look the same ------------------------------------------------------------


def encode(array, **options):
    file = io.BytesIO()
    Image.fromarray(array).save(file, format="PNG", **options)
    return base64.b64encode(file.getvalue()).decode("ascii")


def png(draw, dpi=72):
    figure, axes = plt.subplots(figsize=(6, 4))
    draw(axes)
    file = io.BytesIO()
    figure.savefig(file, dpi=dpi)
    plt.close(figure)
    return base64.b64encode(file.getvalue()).decode("ascii")


def line(shift=0.0):
    x = np.linspace(0, 1, 200)
    return lambda axes: (axes.plot(x, np.sin(6 * x) + shift), axes.set_ylim(-1.5, 1.5))


def label(text):
    return lambda axes: axes.text(0.2, 0.7, text, fontsize=9)


def points(shift=0.0):
    x, y = np.random.default_rng(0).normal(size=(2, 60))
    x[0] += shift
    return lambda axes: (axes.scatter(x, y, s=9), axes.set_xlim(-3, 3))


def regions(shift=0.0):
    x, y = np.meshgrid(np.linspace(-1, 1, 200), np.linspace(-1, 1, 200))
    return lambda axes: axes.pcolormesh(x, y, 0.37 * x + 0.71 * y + shift > 0.1)


@pytest.mark.parametrize(
    ("draw", "redraw"),
    [
        (line(), line()),
        (line(), line(1e-9)),  # another BLAS
        (line(), line(5e-4)),  # a tenth of a pixel: only the edge's grey changes
        (points(), points(1e-9)),
        (regions(), regions(1e-12)),  # a tie decided the other way: one cell of the grid
    ],
)
def test_what_no_reader_could_see_looks_the_same(draw, redraw):
    assert refresh.look_same(png(draw), png(redraw))


@pytest.mark.parametrize(
    ("draw", "redraw"),
    [
        (line(), line(0.01)),  # 1 part in 300 of the axis
        (points(), points(0.03)),  # one small point of sixty
        (regions(), regions(1e-3)),
        *((label(f"96.{a} %"), label(f"96.{b} %")) for a, b in ["38", "56", "69", "01"]),
        (lambda axes: axes.bar([0], [1], color="C0"), lambda axes: axes.bar([0], [1], color="C1")),
    ],
)
def test_what_a_reader_could_see_does_not(draw, redraw):
    assert not refresh.look_same(png(draw), png(redraw))


def test_pictures_of_two_sizes_do_not_look_the_same():
    assert not refresh.look_same(png(line(), dpi=72), png(line(), dpi=73))


def test_a_figure_that_is_new_or_gone_is_no_error():
    picture = new_output("display_data", {"image/png": png(line())})
    with_it = new_notebook(cells=[new_code_cell("a", outputs=[picture])])
    without = new_notebook(cells=[new_code_cell("a")])
    refresh.keep_same_figures(with_it, without)
    refresh.keep_same_figures(without, with_it)
    assert without.cells[0].outputs == []
    assert len(refresh.figures(with_it.cells[0])) == 1
