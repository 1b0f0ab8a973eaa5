"""The panels' starts are drawn whatever a panel's file is called."""

import shutil

import pytest

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
