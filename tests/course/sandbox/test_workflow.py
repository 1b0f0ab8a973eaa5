"""The workflow that the guide gives for GitHub Classroom, as far as it runs on one machine."""

import os
import re
import subprocess

import yaml

from tests.support.submissions import handed_in, load
from tools.course.assignments import ROOT

GUIDE = (ROOT / "book" / "teaching" / "grading.md").read_text(encoding="utf-8")
WORKFLOW = re.search(r"^```yaml\n(name: a1\n.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)[1]
STEPS = yaml.safe_load(WORKFLOW)["jobs"]["grade"]["steps"]


def test_it_uses_the_actions_of_this_repository_and_no_secret():
    own = "".join(path.read_text() for path in (ROOT / ".github" / "workflows").iterdir())
    assert {step["uses"] for step in STEPS if "uses" in step} <= set(
        re.findall(r"uses: (\S+)", own)
    )
    assert "secrets" not in WORKFLOW
    assert "token" not in WORKFLOW


def test_its_last_step_prints_the_verdicts_and_is_red(tmp_path):
    """Which status stands for what, ../test_cli.py shows."""
    (tmp_path / "course").symlink_to(ROOT)
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "a1.ipynb").write_bytes(handed_in("a1", q2="hardmax = 3"))
    ended = subprocess.run(
        ["bash", "-e", "-c", STEPS[-1]["run"].replace("../submission", f"{tmp_path}/submission")],
        cwd=tmp_path / STEPS[-1]["working-directory"],
        env=os.environ | {"GITHUB_RUN_ID": "12345678901"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    most = load("a1").auto_max
    assert f"{most - 3:g} of {most:g} points from tests" in ended.stdout
