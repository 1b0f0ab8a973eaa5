"""The wheel: what it holds, and that it works where there is nothing but NumPy."""

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.support.fresh_interpreter import NUMPY_ALONE, ROOT, python
from tests.support.package_files import packaged

DOCTESTS = """
import doctest, importlib, pkgutil, softmax_lib

assert softmax_lib.__file__.startswith({folder!r})
for module in pkgutil.walk_packages(softmax_lib.__path__, "softmax_lib."):
    if module.name.rpartition(".")[2] not in {{"plots", "estimator", "distributed"}}:
        failed, tried = doctest.testmod(importlib.import_module(module.name))
        assert not failed
        print(module.name, tried)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    return file


def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == set(packaged())
    assert {"softmax_lib/py.typed", "softmax_lib/data/digits.csv.gz"} <= packed


def test_the_wheel_alone_with_numpy_runs_its_doctests(wheel, tmp_path):
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, "--target", tmp_path, wheel], check=True)
    # Isolated, without site-packages: the project's folder and what is installed are out of sight.
    paths = [str(tmp_path), str(Path(np.__file__).parents[1])]
    code = NUMPY_ALONE + f"sys.path += {paths}\n" + DOCTESTS.format(folder=str(tmp_path))
    tried = dict(line.split() for line in python(code, "-I", "-S", folder=tmp_path).splitlines())
    assert {"softmax_lib.losses", "softmax_lib.misconceptions.catalogue.losses"} <= set(tried)
    assert sum(map(int, tried.values())) > 100
