"""The folder beside a student's code: complete for every allowed name, and without answers."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tools.course import student_library

# Imports a name, and says where it and everything else of its package has come from.
SCRIPT = """
import json, sys
sys.path[:0] = sys.argv[2:]
name = sys.argv[1]
import softmax_lib
value = getattr(softmax_lib, name)
used = value() if name == "load_digits" else None
public = {key for key in vars(softmax_lib) if not key.startswith("_")}
print(json.dumps({
    "public": sorted(key for key in public if callable(getattr(softmax_lib, key))),
    "modules": sorted(key for key in sys.modules if key.partition(".")[0] == "softmax_lib"),
    "path": softmax_lib.__file__,
}))
"""


@pytest.fixture(scope="session")
def numpy_alone(tmp_path_factory):
    """A folder of packages that holds NumPy and nothing else."""
    folder = tmp_path_factory.mktemp("packages")
    for package in Path(np.__file__).parents[1].glob("numpy*"):
        (folder / package.name).symlink_to(package)
    return folder


def modules_of(name):
    if name in student_library.DATASETS:
        return [
            "softmax_lib",
            "softmax_lib._core",
            "softmax_lib._core.arrays",
            "softmax_lib._core.labels",
            "softmax_lib._core.validate",
            "softmax_lib.datasets",
        ]
    return ["softmax_lib", f"softmax_lib.{name}"]


@pytest.mark.parametrize("name", sorted(student_library.ALLOWED))
def test_an_allowed_name_imports_with_numpy_alone(name, tmp_path, numpy_alone):
    student_library.build(tmp_path, {name})
    bare = [sys.executable, "-I", "-S", "-c", SCRIPT, name, str(tmp_path), str(numpy_alone)]
    ended = subprocess.run(bare, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found == {
        "public": [name],
        "modules": modules_of(name),
        "path": str(tmp_path / "softmax_lib" / "__init__.py"),
    }


@pytest.mark.parametrize("name", sorted(student_library.ALLOWED))
def test_only_those_files_that_the_name_needs_are_there(name, tmp_path):
    student_library.build(tmp_path, {name})
    package = tmp_path / "softmax_lib"
    code = {path.relative_to(tmp_path).with_suffix("") for path in package.rglob("*.py")}
    modules = {".".join(path.parts).removesuffix(".__init__") for path in code}
    assert modules == set(modules_of(name))


def test_with_nothing_allowed_there_is_a_package_of_nothing(tmp_path):
    student_library.build(tmp_path, set())
    assert (tmp_path / "softmax_lib" / "__init__.py").read_text() == ""


def test_a_library_that_draws_draws_nothing(tmp_path, numpy_alone):
    student_library.build(tmp_path, set())
    script = (
        f"import sys; sys.path[:0] = {[str(tmp_path)]}\n"
        "import matplotlib.pyplot as plt\n"
        "from matplotlib import cm, pyplot\n"
        "figure, axes = plt.subplots(1, 2)\n"
        "axes[0].plot([1], label='a').set_color('red')\n"
        "for bar in axes.bar([1], [2]): bar.set_width(1)\n"
        "plt.show()"
    )
    subprocess.run([sys.executable, "-I", "-S", "-c", script], check=True)


PROGRESS = """
import sys
sys.path[:0] = sys.argv[1:]
import tqdm, tqdm.notebook
from tqdm.auto import tqdm as bar, trange
assert list(bar([1, 2], desc="x")) == [1, 2] and len(trange(2, 5)) == 3
with tqdm.tqdm(total=2) as one:
    one.update(1)
    one.set_postfix(loss=1)
tqdm.tqdm.write("x")
"""


def test_a_bar_of_progress_shows_nothing_and_lets_the_loop_run(tmp_path, numpy_alone):
    student_library.build(tmp_path, set())
    bare = [sys.executable, "-I", "-S", "-c", PROGRESS, str(tmp_path), str(numpy_alone)]
    ended = subprocess.run(bare, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
