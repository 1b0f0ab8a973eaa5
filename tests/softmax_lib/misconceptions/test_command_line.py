"""python -m softmax_lib.misconceptions: the verdicts on a file's functions, and its exit status."""

import json
import os
import re
import subprocess
import sys
from typing import NamedTuple

import pytest

from softmax_lib.misconceptions.__main__ import exit_status, main
from tests.support.fresh_interpreter import ROOT

RIGHT = """
import numpy as np


def softmax(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)
"""

NO_SHIFT = RIGHT.replace(" - Z.max(axis=1, keepdims=True)", "")

SEVERAL = (
    RIGHT
    + """

def load(path):
    return np.load(path)


def _hardmax(Z):
    return Z


def loss_of(p, y):
    return -np.log(p[np.arange(len(y)), y]).mean()


class Net:
    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))


net = Net()
"""
)

RIGHT_VERDICT = {"ok": True, "id": None}
WRONG_VERDICT = {"ok": False, "id": "unknown"}
SLOW_VERDICT = {"ok": False, "id": "slow"}


class Done(NamedTuple):
    """What a command gave and printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(capsys):
    """Run the command in this process; the judged file has its own all the same."""

    def run(*arguments):
        try:
            status = main(list(map(str, arguments)))
        except SystemExit as error:
            status = error.code
        return Done(status, *capsys.readouterr())

    return run


@pytest.fixture
def judged(run, tmp_path):
    """Judge a file with this content; the arguments come after its name."""

    def judge(source, *arguments):
        file = tmp_path / "answers.py"
        file.write_text(source, encoding="utf-8")
        return run(file, *arguments)

    return judge


def test_it_is_a_command(tmp_path):
    file = tmp_path / "answers.py"
    file.write_text("import os\n\ntry:\n    input()\nexcept EOFError:\n    os.kill(0, 9)\n")
    line = [sys.executable, "-W", "error", "-m", "softmax_lib.misconceptions", str(file)]
    done = subprocess.run(
        line, input="not for the file\n", capture_output=True, text=True, cwd=ROOT
    )
    says = "Not judged: answers.py ended Python (signal 9) while it was imported\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", says)


def test_right_functions_give_0(judged):
    done = judged(RIGHT)
    assert (done.status, done.out, done.err) == (0, "softmax: right.\n\n", "")


def test_a_wrong_function_gives_1_and_its_verdict(judged):
    done = judged(NO_SHIFT)
    assert done.status == 1
    assert done.out.startswith("softmax: not right yet.")
    assert "\nLikely: " in done.out
    assert 'See "Overflow, and the shift that cures it", chapter 1.' in done.out
    assert done.err == ""


def test_one_wrong_function_of_two_gives_1(judged):
    done = judged(NO_SHIFT + RIGHT.replace("softmax", "stable_softmax"))
    assert done.status == 1
    assert "stable_softmax: right." in done.out


@pytest.mark.parametrize(
    ("verdicts", "not_judged", "names", "error", "status"),
    [
        ([RIGHT_VERDICT, RIGHT_VERDICT], [], [], None, 0),
        ([RIGHT_VERDICT], ["load"], [], None, 0),
        ([RIGHT_VERDICT, WRONG_VERDICT], ["load"], [], None, 1),
        ([RIGHT_VERDICT], ["load"], ["softmax", "load"], None, 2),
        ([WRONG_VERDICT, SLOW_VERDICT], [], [], None, 2),
        ([RIGHT_VERDICT], [], [], "it ended Python", 2),
        ([], ["load"], [], None, 2),
    ],
)
def test_what_was_not_judged_outweighs_what_is_wrong(verdicts, not_judged, names, error, status):
    report = {"verdicts": verdicts, "not_judged": not_judged, "error": error}
    assert exit_status(report, names) == status


def test_what_no_name_tells_is_listed_as_not_judged(judged):
    done = judged(SEVERAL.replace("loss_of", "measure"))
    assert done.status == 0
    assert done.out.startswith("softmax: right.")
    assert done.out.endswith("with --kind): load, measure\n")


def test_a_name_and_a_kind_are_enough(judged):
    done = judged(SEVERAL, "loss_of", "--kind", "cross_entropy_from_probs")
    assert (done.status, done.out) == (0, "loss_of: right.\n\n")


def test_a_method_is_reached_by_dots(judged):
    assert judged(SEVERAL, "net.sigmoid").status == 0


def test_the_layout_is_passed_on(judged):
    columns = RIGHT.replace("axis=1", "axis=0")
    assert judged(columns).status == 1
    assert judged(columns, "--layout", "columns").status == 0


def test_json_says_all_that_the_text_says(judged):
    done = judged(NO_SHIFT + "\ndef load(path):\n    return path\n", "--json")
    report = json.loads(done.out)
    assert done.status == 1
    assert report["error"] is None
    assert [one["name"] for one in report["not_judged"]] == ["load"]
    (verdict,) = report["verdicts"]
    assert verdict["message"].startswith("softmax: not right yet.")
    assert (verdict["name"], verdict["kind"], verdict["ok"]) == ("softmax", "softmax", False)
    assert verdict["id"] == verdict["candidates"][0] == "softmax-no-shift"
    assert 0 < verdict["explained"] <= 1


@pytest.mark.parametrize(
    ("source", "arguments", "says"),
    [
        (RIGHT, ["sofmax"], "sofmax: not judged: there is no sofmax in the file; did you mean"),
        (SEVERAL, ["Net.softmax"], "there is no Net.softmax in the file"),
        (SEVERAL, ["load"], "load: not judged: kind must be given"),
        (RIGHT, ["np"], "np: not judged: function must be callable; got module"),
        (RIGHT, ["softmax", "--kind", "xyzzy"], "kind must be one of"),
        (RIGHT, ["--kind", "softmax"], "--kind needs a NAME"),
        (RIGHT, ["--seconds", "0"], "--seconds must be greater than 0; got 0"),
        (RIGHT, ["--layout", "diagonal"], "argument --layout: invalid choice"),
        ("A = 1\n", [], "answers.py defines no public function"),
        ("def softmax(Z:\n    pass\n", [], "answers.py, line 1: SyntaxError: "),
        ("import numpy\n\nnumpy.softmx\n", [], "answers.py, line 3: AttributeError: "),
        ("x = '\0'\n", [], "answers.py"),
        ("name = input()\n", [], "answers.py, line 1: EOFError: "),
        ("import sys\nsys.exit(0)\n", [], "answers.py ends Python while it is imported (sys.exit)"),
        ("import os\nos._exit(0)\n", [], "ended Python (exit status 0) while it was imported"),
        ("while True: print('x' * 9999)\n", ["--seconds", "2"], "within 2 seconds while it was im"),
        ("raise KeyboardInterrupt\n", [], "answers.py, line 1: KeyboardInterrupt"),
        ("def load(path):\n    return path\n", [], ""),
    ],
)
def test_what_cannot_be_judged_gives_2_and_one_line(judged, source, arguments, says):
    done = judged(source, *arguments)
    assert done.status == 2
    assert says in done.err
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) <= 1 or "usage:" in done.err


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere.py", "Not judged: there is no file nowhere.py"),
        (".", "Not judged: there is no file ."),
        (ROOT / "book/09-museum.ipynb", "is a notebook: call diagnose(function) in it"),
    ],
)
def test_what_is_no_file_of_python_gives_2(run, name, says):
    done = run(name)
    assert (done.status, done.out) == (2, "")
    assert says in done.err


def test_a_function_that_ends_python_is_named(judged):
    done = judged(RIGHT + "\ndef hardmax(Z):\n    import os\n    os._exit(3)\n")
    assert done.status == 2
    assert done.out == "softmax: right.\n\n"
    assert "ended Python (exit status 3) while hardmax was judged" in done.err


@pytest.mark.slow
def test_a_loop_in_compiled_code_is_ended_from_outside(judged):
    done = judged(
        RIGHT + "\ndef hardmax(Z):\n    import itertools\n    sum(itertools.repeat(0))\n",
        "--seconds",
        "4",
    )
    assert done.status == 2
    assert done.out == "softmax: right.\n\n"
    assert "did not come back within 4 seconds while hardmax was judged" in done.err


@pytest.mark.parametrize(
    "beside",
    [
        "import sys; print('x' * 10**7); sys.stdout.close(); sys.stderr = None",
        "import threading, time; threading.Thread(target=time.sleep, args=[300]).start()",
        "import os, sys; os.chdir('/'); sys.path.clear(); sys.modules.pop(__name__)",
        "if __name__ == '__main__': raise SystemExit",
    ],
)
def test_a_file_may_do_much_beside_its_functions(judged, beside):
    assert judged(f"{RIGHT}\n{beside}\n").out == "softmax: right.\n\n"


def test_a_file_imports_its_neighbours(judged, tmp_path):
    (tmp_path / "helpers.py").write_text(RIGHT)
    done = judged("import helpers\n\n\ndef softmax(Z):\n    return helpers.softmax(Z)\n")
    assert done.out == "softmax: right.\n\n"


def test_neighbours_called_as_libraries_do_no_harm(judged, tmp_path):
    for name in {*sys.stdlib_module_names, "numpy"}:
        (tmp_path / f"{name}.py").write_text("raise ImportError('the wrong one')\n")
    assert judged(RIGHT).out == "softmax: right.\n\n"


def test_help_says_what_the_exit_status_means(run):
    done = run("--help")
    assert done.status == 0
    assert "exit status: 0, all are right; 1, one is not right; 2, something could" in done.out


def test_the_page_for_tool_makers_shows_what_is_printed(judged, tmp_path):
    page = (ROOT / "book" / "tool-makers.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    source = next(text for name, text in blocks if name == "python")
    commands = [text for name, text in blocks if name == "" and text.startswith("$ ")]
    assert len(commands) == 2
    for text in commands:
        line, _, printed = text.partition("\n")
        assert line.startswith("$ python -m softmax_lib.misconceptions answers.py")
        done = judged(source, *line.split()[5:])
        assert done.out.replace(f"{tmp_path}{os.sep}", "") == printed
