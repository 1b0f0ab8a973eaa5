"""tools/refresh.py: outputs are written once, whole, and the same every time."""

import copy
import json
import sys

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.support.pictures import encode, line, png
from tools.notebooks import refresh
from tools.notebooks.canonical import dumps, loads
from tools.notebooks.figures import figures, pixels

DRAWING = ["import matplotlib.pyplot as plt", "print(6 * 7)\nplt.plot([1, 2, 4])\nplt.show()"]


def write(path, *sources, **metadata):
    """Write a notebook as an editor leaves it: no outputs, its own ids, its own metadata."""
    cells = [new_code_cell(source, metadata=dict(metadata)) for source in sources]
    notebook = new_notebook(cells=[new_markdown_cell("# A title\n\n"), *cells])
    notebook.metadata["language_info"] = {"name": "python", "version": "3.99"}
    path.write_text(dumps(notebook), encoding="utf-8")
    return path


def outputs(path, cell):
    return loads(path.read_text(encoding="utf-8")).cells[cell].outputs


@pytest.mark.slow
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


@pytest.mark.slow
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


def test_a_failing_notebook_stays_and_its_cell_is_shown(tmp_path):
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


def test_no_kernelspec_of_the_user_replaces_this_python(tmp_path, monkeypatch):
    spec = tmp_path / "jupyter" / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["false"], "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    path = write(tmp_path / "a.ipynb", "import sys\nprint(sys.executable)")
    assert refresh.refresh(path, check=False) == ("refreshed", True)
    assert outputs(path, 1)[0].text.strip() == sys.executable


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


def test_a_stale_figure_changes_and_the_same_keeps_its_bytes(tmp_path, run_gives):
    path = write(tmp_path / "a.ipynb", "plt.show()")
    run_gives(new_output("display_data", {"image/png": png(line())}))
    assert refresh.refresh(path, check=False) == ("refreshed", True)
    stored = path.read_bytes()

    # One level of one colour: what another FreeType or processor may do to an edge.
    almost = pixels(png(line())).astype(np.uint8)
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


def test_a_figure_that_is_new_or_gone_is_no_error():
    picture = new_output("display_data", {"image/png": png(line())})
    with_it = new_notebook(cells=[new_code_cell("a", outputs=[picture])])
    without = new_notebook(cells=[new_code_cell("a")])
    refresh.keep_same_figures(with_it, without)
    refresh.keep_same_figures(without, with_it)
    assert without.cells[0].outputs == []
    assert len(figures(with_it.cells[0])) == 1
