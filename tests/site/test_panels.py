"""The panels' starts are drawn whatever a panel's file is called."""

import shutil
import subprocess

import pytest
from docutils import frontend, nodes, utils

from tools.book_ext import panels

NEW = """{
  const { axes } = Charts;
  definePanel({ name: "NAME", label: "New", width: 9, height: 9, state: { z: [0, 1] }, controls: [],
    picture: (state) => axes([0, 9], [0, 9], [], []) + fixed(Arithmetic.softmax(state.z)[0], 3),
    words: () => "Words" });
}"""


@pytest.mark.parametrize("name", ["accuracy-bars", "zebra-stripes"])
def test_a_new_panel_may_have_any_name(tmp_path, name):
    folder = shutil.copytree(panels.FOLDER, tmp_path / "panels")
    (folder / f"{name}.js").write_text(NEW.replace("NAME", name), encoding="utf-8")
    drawn = panels.starts(folder)
    assert "0.269" in drawn[name]
    assert set(drawn) == {*panels.starts(), name}


def test_a_panel_is_called_like_its_file():
    files = {path.stem for path in panels.scripts()} - set(panels.SHARED)
    assert set(panels.starts()) == files


def test_a_name_without_a_hyphen_ends_the_build(tmp_path, capfd):
    """A browser refuses such an element; Node, which draws it for the build, would not."""
    folder = shutil.copytree(panels.FOLDER, tmp_path / "panels")
    (folder / "bars.js").write_text(NEW.replace("NAME", "bars"), encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        panels.starts(folder)
    assert "the name of a panel needs a hyphen: bars" in capfd.readouterr().err


def drawn(html):
    """What the build makes of the raw HTML of a page."""
    document = utils.new_document("page", frontend.get_default_settings())
    document += [nodes.raw("", part, format="html") for part in html]
    panels.DrawPanels(document).apply()
    return [node.astext() for node in document]


def test_a_panel_is_drawn_in_the_place_of_its_words(monkeypatch):
    monkeypatch.setattr(panels.logger, "warning", pytest.fail)
    (page,) = drawn(["<p>before</p><softmax-bars>\nwords\n</softmax-bars><p>after</p>"])
    start = panels.starts()["softmax-bars"]
    assert page == (f'<p>before</p><softmax-bars class="panel">{start}</softmax-bars><p>after</p>')


def test_a_blank_line_between_the_tags_of_a_panel_is_a_warning(monkeypatch):
    """And so ends a strict build: MyST makes two pieces of HTML of it, and neither is a panel."""
    said = []
    monkeypatch.setattr(
        panels.logger, "warning", lambda words, *more, **_: said.append(words % more)
    )
    parts = ["<softmax-bars>\nwords", "</softmax-bars>"]
    assert drawn(parts) == parts
    assert said == ["<softmax-bars> is parted from its end by a blank line"]
