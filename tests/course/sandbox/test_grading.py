"""A hostile class is graded through the command line, in the sandbox, as a teacher would."""

import csv
import html
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.course.test_assignments import handed_in
from tests.support import hostile_class
from tools.course import assignments, collect, student, submission
from tools.course import grading as grade
from tools.course.apart import each_apart

ROOT = Path(__file__).resolve().parents[3]
HIDDEN = [
    line.strip()
    for name in assignments.names()
    for question in assignments.load(name).questions
    for line in question.hidden.splitlines()
    if len(line.strip()) > 20
]


def command(submissions, out, *more, assignment="a1"):
    return [
        sys.executable,
        str(ROOT / "tools" / "grade.py"),
        str(submissions),
        "--assignment",
        assignment,
        "--out",
        str(out),
        "--jobs",
        "2",
        *more,
    ]


def run(*arguments, **settings):
    return subprocess.run(
        command(*arguments, **settings),
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )


def graded_rows(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {grade.meant(row["student"]): row for row in csv.DictReader(file)}


def listing(*folders):
    """What there is, with sizes and times; not what Python and pytest keep beside."""
    own = {".git", "__pycache__", ".pytest_cache", ".hypothesis", ".ruff_cache", "_build", ".venv"}
    return {
        path: (path.lstat().st_mtime_ns, path.lstat().st_size)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not own & set(path.parts)
    }


def processes_named(marker):
    found = []
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            if path.read_text().strip() == marker:
                found.append(path.parent.name)
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class, what came of it, and the world around before and after."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "precious").mkdir()
    (folder / "precious" / "kept").write_text("kept")
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    world = hostile_class.World(
        "kid" + secrets.token_hex(4),
        folder / "precious",
        folder / "submissions",
        listener.getsockname()[1],
    )
    members = hostile_class.a_class(world)
    hostile_class.write_class(members, world.submissions)
    around = (ROOT, world.precious, world.submissions)
    before = listing(*around)
    ended = run(world.submissions, folder / "out")
    assert ended.returncode == 0, ended.stderr
    yield SimpleNamespace(
        world=world,
        members=members,
        out=folder / "out",
        before=before,
        after=listing(*around),
        rows=graded_rows(folder / "out"),
        left=processes_named(world.marker),
        listener=listener,
    )
    listener.close()


# --- what a submission earns ---------------------------------------------------------------------


def test_the_class_is_large_and_all_of_it_is_graded(graded):
    assert len(graded.members) >= 60
    assert set(graded.rows) == {one.student for one in graded.members}


def test_everyone_gets_what_their_functions_deserve_and_the_right_flags(graded):
    got, deserved = {}, {}
    for one in graded.members:
        row = graded.rows[one.student]
        got[one.student] = ({id: float(row[id]) for id in one.scores}, set(row["flags"].split()))
        deserved[one.student] = (one.scores, set(one.flags))
        assert float(row["auto_score"]) == sum(got[one.student][0].values())
    assert got == deserved


def test_nothing_is_graded_where_even_the_reference_would_lose_points(
    tmp_path, capsys, monkeypatch
):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_bytes(handed_in("a1"))
    monkeypatch.setattr(student, "CALL_SECONDS", 0.0)
    with pytest.raises(SystemExit):
        grade.main([str(tmp_path / "in"), "--assignment", "a1", "--out", str(tmp_path / "out")])
    assert "master's own solutions do not earn all points here" in capsys.readouterr().err
    assert not (tmp_path / "out" / "grades.csv").exists()


@pytest.mark.parametrize(
    ("name", "solutions", "lost"),
    [
        (
            "a3",
            {
                "right": {},
                "no step": {"q3": "def gradient_step(W, b, X, y, rate):\n    return W, b"},
                "loops": {"q1": "def logits_gradient(Z, y):\n    while True: pass"},
            },
            {"no step": ["q3"], "loops": ["q1"]},
        ),
        (
            "a5",
            {
                "right": {},
                "empties its arguments": {
                    "q3": "def predict(X, W, b):\n    X[:] = 0\n    b[:] = 0\n"
                    "    return np.zeros(len(X), int), np.full((len(X), len(b)), 1 / len(b))",
                    "q4": "def confusion(y, predictions, n):\n    y[:] = predictions[:] = 0\n"
                    "    return np.diag([len(y)] + [0] * (n - 1))",
                },
            },
            {"empties its arguments": ["q3", "q4"]},
        ),
    ],
)
def test_other_assignments(tmp_path, name, solutions, lost):
    for who, sources in solutions.items():
        path = tmp_path / "in" / who / "work.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(handed_in(name, **sources))
    assert run(tmp_path / "in", tmp_path / "out", assignment=name).returncode == 0
    for who, row in graded_rows(tmp_path / "out").items():
        for question in assignments.load(name).questions:
            assert float(row[question.id]) == (
                0 if question.id in lost.get(who, ()) else question.points
            ), who


# --- what it must not do -------------------------------------------------------------------------


def test_nothing_changes_outside_the_folder_of_results(graded):
    assert graded.after == graded.before
    for place in ("/usr/lib", "/home", "/etc", "/dev", "/tmp"):
        assert not Path(place, graded.world.marker).exists()


def test_no_process_is_left(graded):
    assert graded.left == []


def test_nobody_reaches_the_network(graded):
    with pytest.raises(BlockingIOError):
        graded.listener.accept()


def test_a_worker_that_dies_does_not_stop_the_others():
    tasks = {name: (name,) for name in ("well", "dies", "also well")}
    assert dict(each_apart(_dies_if_told, tasks, 2)) == {
        "well": "well",
        "dies": None,
        "also well": "also well",
    }


def _dies_if_told(name):
    if name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    return name


def test_a_caller_that_is_told_to_stop_leaves_no_answer_behind(tmp_path):
    with student.Student(tmp_path, isolated=False) as one:
        one.run(
            "cell",
            "import time\ndef slow(x):\n    time.sleep(0.5)\n    return x\n"
            "def quick(x):\n    return x\n",
        )
        first = one._thread.submit(one._call, "slow", (1,))  # nobody waits for this one
        assert one.call("quick", (2,)) == 2
        assert first.result() == 1


# --- again, and after an interruption ------------------------------------------------------------


def times(out):
    return {path.name: path.stat().st_mtime_ns for path in (out / "results").iterdir()}


def test_a_second_run_grades_nothing_anew_and_keeps_what_the_teacher_wrote(graded):
    path = graded.out / "free-text.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        row["points"], row["comment"] = str(number % 5), f"- read, {number} <b>"
    left_out = dict(rows[0], student="who came before", points="3", comment="+ good")
    rewrite(path, [*rows, left_out])
    before = times(graded.out)
    for _ in range(2):
        assert run(graded.world.submissions, graded.out).returncode == 0
    assert times(graded.out) == before
    kept = grade.read_free_text(path)
    for number, row in enumerate(rows):
        assert kept[grade.meant(row["student"]), "q5"] == (row["points"], row["comment"])
        assert graded_rows(graded.out)[grade.meant(row["student"])]["q5"] == row["points"]
        page = graded.out / "feedback" / f"{grade.safe(grade.meant(row['student']))}.html"
        assert f"- read, {number} &lt;b&gt;" in page.read_text(encoding="utf-8")
    assert kept["who came before", "q5"] == ("3", "+ good")


def rewrite(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_killed_half_way_and_started_again_it_ends_the_same(graded, tmp_path):
    names = [
        "right",
        "blank",
        "missing cell",
        "deleted tests",
        "exit in a cell",
        "empty",
        "nothing",
        "softmax-no-shift",
        "loop in a function",
        "recursion",
        "no value",
        "plain",
    ]
    some = [one for one in graded.members if one.student in names]
    assert len(some) == len(names)
    hostile_class.write_class(some, tmp_path / "in")
    out = tmp_path / "out"
    process = subprocess.Popen(
        command(tmp_path / "in", out),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        done = wait_for(lambda: [*(out / "results").glob("*.json")], len(some) // 3, process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert len(done) < len(some)
    assert not (out / "grades.csv").exists()
    before = times(out)
    assert run(tmp_path / "in", out).returncode == 0
    after = times(out)
    assert {name: after[name] for name in before if name.endswith(".json")} == {
        name: time for name, time in before.items() if name.endswith(".json")
    }
    undisturbed = graded_rows(graded.out)
    for student_, row in graded_rows(out).items():
        assert row | {"q5": ""} == undisturbed[student_] | {"q5": ""}


def wait_for(found, count, process):
    while len(done := found()) < count:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.05)
    return done


def test_only_what_is_new_or_changed_is_graded(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("same", "changed"):
        (folder / f"{name}.ipynb").write_bytes(b"no notebook")
    grade.main([str(folder), "--assignment", "a1", "--out", str(tmp_path / "out"), "--jobs", "1"])
    before = times(tmp_path / "out")
    (folder / "changed.ipynb").write_bytes(b"another")
    (folder / "new.ipynb").write_bytes(b"new")
    grade.main([str(folder), "--assignment", "a1", "--out", str(tmp_path / "out"), "--jobs", "1"])
    after = times(tmp_path / "out")
    assert {name for name, when in after.items() if when != before.get(name)} == {
        "changed.json",
        "new.json",
    }


# --- what students and teachers read -------------------------------------------------------------


def test_feedback_shows_no_hidden_test(graded):
    assert len(HIDDEN) > 20
    for page in (graded.out / "feedback").iterdir():
        text = html.unescape(page.read_text(encoding="utf-8"))
        assert not [line for line in HIDDEN if line in text], page
        assert "seed" not in text, page


def test_no_function_can_tell_what_the_hidden_tests_asked(graded):
    """Its error says how often it was called before: when the verdict is made, never."""
    path = graded.out / "results" / f"{grade.safe('tells in an error')}.json"
    verdict = json.loads(path.read_text(encoding="utf-8"))["result"]["verdicts"]["q1"]
    assert "TOLD 1:" in verdict


def test_feedback_and_tables_disarm_what_students_write(graded):
    for page in (graded.out / "feedback").iterdir():
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "<b>bold" not in text
    for name in ("grades.csv", "free-text.csv"):
        with (graded.out / name).open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))]
    assert "'=HYPERLINK(A1)" in (graded.out / "free-text.csv").read_text(encoding="utf-8")


def test_everyone_has_a_file_of_their_own(graded):
    pages = {grade.safe(one.student) for one in graded.members}
    assert len(pages) == len(graded.members)
    assert {path.stem for path in (graded.out / "feedback").iterdir()} == pages


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "..", "", "a\0b", "李" * 200, "x" * 300])
def test_a_file_name_stays_in_its_folder(name):
    safe = grade.safe(name)
    assert Path(safe).name == safe
    assert safe not in ("", ".", "..")
    assert len(f".{safe}.json.1234567".encode()) < 255


def test_names_that_look_like_the_file_of_another_get_another():
    assert grade.safe(grade.safe("a b")) != grade.safe("a b")


# --- where submissions come from -----------------------------------------------------------------


def found_in(path):
    return {one.student: one.data for one in collect.collect(path, "a1", submission.LARGEST)}


def zipped(path, *names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, f"data of {name}")
    return path


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["ann/a1.ipynb", "bo/a1.ipynb"], ["ann", "bo"]),
        (["class/ann/a1.ipynb", "class/bo/a1.ipynb", "class/readme.txt"], ["ann", "bo"]),
        (
            ["class/ann/a1.ipynb", "class/bo/a1.ipynb", "__MACOSX/class/ann/._a1.ipynb"],
            ["ann", "bo"],
        ),
        (["class/Ann_1_assignsubmission_file_a1.ipynb"], ["Ann_1"]),
        (["Ann_1_assignsubmission_file_/a1.ipynb"], ["Ann_1"]),
        (
            ["smithann_12_345_a1.ipynb", "jonesbo_LATE_13_346_a1.ipynb"],
            ["jonesbo_13", "smithann_12"],
        ),
        (["ann.ipynb", "roster.csv"], ["ann"]),
        (["ann/a1.ipynb", "../../ann/a1.ipynb", "/etc/bo/a1.ipynb", "../cy.ipynb"], ["ann"]),
        (["ann/report.pdf", "bo/a1.ipynb"], ["ann", "bo"]),
    ],
)
def test_the_names_in_a_zip(tmp_path, names, students):
    found = found_in(zipped(tmp_path / "class.zip", *names))
    assert sorted(found) == students
    for data in found.values():
        assert data is None or b".." not in data


def test_a_damaged_member_of_a_zip_stops_nobody_else(tmp_path):
    path = zipped(tmp_path / "class.zip", "ann/a1.ipynb", "bo/a1.ipynb")
    path.write_bytes(path.read_bytes().replace(b"data of ann", b"rubbish...."))
    assert found_in(path) == {"ann": b"", "bo": b"data of bo/a1.ipynb"}


def test_links_pipes_and_empty_folders_are_not_followed_and_not_forgotten(tmp_path):
    folder, secret = tmp_path / "in", tmp_path / "secret"
    secret.mkdir()
    (secret / "a1.ipynb").write_text("secret")
    for name in ("pipe", "link", "empty", "bo"):
        (folder / name).mkdir(parents=True)
    os.mkfifo(folder / "pipe" / "a1.ipynb")
    (folder / "link" / "a1.ipynb").symlink_to(secret / "a1.ipynb")
    (folder / "door").symlink_to(secret)
    (folder / "bo" / "a1.ipynb").write_bytes(b"bo")
    assert found_in(folder) == {
        "bo": b"bo",
        "door": None,
        "empty": None,
        "link": None,
        "pipe": None,
    }


def test_a_name_of_broken_bytes_can_still_be_written(tmp_path):
    os.makedirs(os.fsencode(tmp_path) + b"/in/J\xfcrgen")
    (name,) = found_in(tmp_path / "in")
    assert name.encode()


# --- the command line ----------------------------------------------------------------------------


@pytest.fixture
def three(tmp_path):
    for name in ("ann", "bo"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "a1.ipynb").write_bytes(handed_in("a1"))
    return tmp_path / "in"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "--assignment", "a1", "--out", "out"], "neither a folder nor a zip file"),
        (["in", "--assignment", "a9", "--out", "out"], "invalid choice: 'a9'"),
        (["in", "--assignment", "a1"], "required: --out"),
        (["in", "--assignment", "a1", "--out", "out", "--jobs", "0"], "must be 1 or more; got 0"),
        (["empty", "--assignment", "a1", "--out", "out"], "empty holds no submissions"),
        (["in", "--assignment", "a1", "--out", "in/out"], "--out must not lie within in"),
        (["in", "--assignment", "a1", "--out", "file"], "File exists"),
    ],
)
def test_what_is_wrong_is_named(three, capsys, monkeypatch, arguments, message):
    monkeypatch.chdir(three.parent)
    Path("empty").mkdir()
    Path("file").touch()
    with pytest.raises(SystemExit) as stopped:
        grade.main(arguments)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_points_of_another_table_are_refused(three, capsys):
    out = three.parent / "out"
    out.mkdir()
    (out / "free-text.csv").write_text("name,mark\nann,3\n")
    with pytest.raises(SystemExit):
        grade.main([str(three), "--assignment", "a1", "--out", str(out)])
    assert "free-text.csv must have the columns student, question" in capsys.readouterr().err


def test_without_bubblewrap_it_refuses_until_it_is_told(three, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    arguments = [str(three), "--assignment", "a1", "--out", str(three.parent / "out")]
    with pytest.raises(SystemExit) as stopped:
        grade.main(arguments)
    assert stopped.value.code == 2
    assert "install the package `bubblewrap`" in capsys.readouterr().err
    assert not (three.parent / "out" / "grades.csv").exists()
    assert grade.main([*arguments, "--no-sandbox"]) == 0
    assert {row["auto_score"] for row in graded_rows(three.parent / "out").values()} == {"14"}


def test_a_bubblewrap_that_may_not_work_is_named(three, capsys, monkeypatch, tmp_path):
    fake = tmp_path / "bin" / "bwrap"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 'no permission for namespaces' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=os.pathsep)
    with pytest.raises(SystemExit):
        grade.main([str(three), "--assignment", "a1", "--out", str(tmp_path / "out")])
    assert "does not work here (no permission for namespaces)" in capsys.readouterr().err
