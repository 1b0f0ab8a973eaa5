"""A class of submissions for assignment 1, honest and hostile, and what each of them deserves.

Nothing here runs anywhere but in the sandbox. A submission that tries to reach beyond it gets the
places to reach for from the test: all are the test's own.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from softmax_lib.misconceptions import CATALOGUE
from tests.support import credit
from tests.support.submissions import handed_in, load
from tools.course.assignments import SOURCE
from tools.course.runner.wire import framed

POINTS = {question.id: question.points for question in load("a1").questions}
IDS = {question.function: question.id for question in load("a1").questions}
ALL = tuple(POINTS)


@dataclass(frozen=True)
class World:
    """What a test lends to the class for reaching out of the sandbox."""

    marker: str  # the name of every process that a submission leaves behind
    precious: Path  # a folder that must stay as it is
    submissions: Path
    port: int  # where the test listens


@dataclass(frozen=True)
class Handed:
    """A submission, and what it deserves."""

    student: str
    data: bytes | None
    lost: tuple[str, ...] = ()  # questions without points
    flags: frozenset[str] = frozenset()
    name: str = ""  # the file; by default in a folder of the student's
    others: dict[str, bytes] = field(default_factory=dict)  # files beside it
    half: tuple[str, ...] = ()  # questions with half of their points

    @property
    def scores(self) -> dict[str, float]:
        return {
            id: 0 if id in self.lost else points / 2 if id in self.half else points
            for id, points in POINTS.items()
        }


def handed(
    student, *cells, lost=(), half=(), flags=(), name="", change=None, **solutions
) -> Handed:
    """The reference with other solutions, other cells at its end, or changed as a whole."""
    notebook = nbformat.reads(handed_in("a1", **solutions).decode(), as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    if change:
        change(notebook)
    data = json.dumps(notebook).encode()
    return Handed(student, data, tuple(lost), frozenset(flags), name, half=tuple(half))


def a_class(world: World) -> list[Handed]:
    """All of them; no two students share a name."""
    return [
        *honest(),
        *mistaken(),
        *broken_files(),
        *tampered(),
        *cheats(world),
        *endless(world),
        *slow(),
        *greedy(world),
        *out_of_reach(world),
        *forged(),
        *odd_values(),
        *named(),
    ]


# --- right, and written in many ways -------------------------------------------------------------

SOFTMAX = """
def softmax(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)
"""


def honest():
    yield handed("right")
    yield handed(
        "right with a helper",
        q1="""
def shifted(Z):
    return Z - Z.max(axis=-1, keepdims=True)

def softmax(Z):
    exps = np.exp(shifted(np.asarray(Z)))
    return exps / np.sum(exps, axis=-1, keepdims=True)
""",
    )
    yield handed(
        "right in loops and lists",
        q1="""
def softmax(Z):
    rows = []
    for row in Z.tolist():
        exps = [np.exp(z - max(row)) for z in row]
        rows.append([e / sum(exps) for e in exps])
    return rows
""",
    )
    yield handed(
        "right as a callable",
        q1="""
class Softmax:
    def __call__(self, Z):
        exps = np.exp(Z - Z.max(axis=1, keepdims=True))
        return exps / exps.sum(axis=1, keepdims=True)

softmax = Softmax()
""",
    )
    yield handed("right in long double", q1=SOFTMAX.replace("(Z - ", "(Z.astype(np.longdouble) - "))
    yield handed(
        "right and talkative",
        "print('x' * 10**6)",
        q2="""
def hardmax(Z):
    print("hardmax of", Z)
    return np.eye(Z.shape[1])[Z.argmax(axis=1)]
""",
    )
    yield handed(
        "right and warned of",
        "import warnings\nwarnings.warn('mind the gap')",
        q1="""
def softmax(Z):
    import warnings
    warnings.warn("careful")
    np.array([1.0]) / np.array([0.0])
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)
""",
    )
    yield handed(
        "right with magics",
        "%%time\ntotal = 1",
        "!pip install numpy",
        "?np.exp",
        q1="%matplotlib inline\nif True:\n    %config X=1\n"
        + SOFTMAX
        + "text = ('%s'\n        % softmax.__name__)\n",
    )
    yield handed(
        "right and cells beside",
        "import matplotlib.pyplot as plt\nplt.plot([1])",
        "1 / 0",
        "raise SystemExit",
        "raise KeyboardInterrupt",
        "get_ipython().system('ls')",
    )
    yield handed("right with an extra cell twice", "x = 1", "x = 1", "del softmax_of_nothing")


# --- not right yet -------------------------------------------------------------------------------

MUTANTS = (
    "softmax-no-shift",
    "softmax-wrong-axis",
    "softmax-batch-maximum",
    "softmax-minimum-shift",
    "softmax-sum-of-everything",
    "softmax-in-place",
    "softmax-integer-result",
    "softmax-no-keepdims",
    "softmax-base-2",
    "softmax-scaled-by-maximum",
    "hardmax-keeps-the-value",
    "hardmax-marks-all-ties",
    "hardmax-marks-the-last-tie",
    "hardmax-as-index",
)


def mistaken():
    for id in MUTANTS:
        question = IDS[CATALOGUE[id].kind]
        due = {"half" if credit.share(id) else "lost": [question]}
        yield handed(id, **due, **{question: CATALOGUE[id].source})
    release = load("a1").release
    yield Handed("blank", nbformat.writes(release).encode(), ALL)
    yield handed(
        "syntax error",
        lost=["q3"],
        flags=["failed-cell"],
        q3="def softmax_with_temperature(Z, temperature:",
    )
    yield handed("an empty cell", lost=["q2"], q2="")
    yield handed("a name and no function", lost=["q2"], q2="hardmax = 3")
    yield handed("leaves by the door", lost=["q2"], q2="def hardmax(Z):\n    raise SystemExit")
    yield handed("recursion", lost=["q4"], q4="def logsumexp(Z):\n    return logsumexp(Z)")


# --- files that are none, and notebooks that an editor has changed -------------------------------


def broken_files():
    right = handed_in("a1")
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": [], "metadata": {}}],
    }
    for student, data in {
        "truncated": right[: len(right) // 2],
        "empty": b"",
        "a PDF": b"%PDF-1.7\n\xff\xfe",
        "old format": json.dumps(old).encode(),
        "no cells": json.dumps({"metadata": {}}).encode(),
        "nested lists": b"[" * 1_000_000,
        "cells of nothing": b'{"cells": [null]}',
        "no object": b"[1, 2]",
    }.items():
        yield Handed(student, data, ALL, frozenset({"unreadable"}))
    yield Handed("nothing", None, ALL, frozenset({"missing"}))
    yield Handed("50 MB", right[:-1] + b" " * 50_000_000 + b"}")
    yield Handed("150 MB", right[:-1] + b" " * 150_000_000 + b"}", ALL, frozenset({"unreadable"}))
    yield Handed(
        "a report instead", None, ALL, frozenset({"missing"}), others={"report.pdf": b"%PDF"}
    )


def without(*ids):
    def change(notebook):
        notebook.cells = [
            cell
            for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") not in ids
        ]

    return change


def without_tests(notebook):
    without(*(f"{id}-{kind}" for id in ALL for kind in ("visible", "hidden")))(notebook)


def with_edited_test(notebook):
    for cell in notebook.cells:
        if cell.metadata.nbgrader.grade_id == "q1-visible":
            cell.source = "print('softmax: right.')"


def backwards(notebook):
    notebook.cells = notebook.cells[2::-1] + notebook.cells[:2:-1]


def without_metadata(notebook):
    for cell in notebook.cells:
        cell.metadata = {}


def answer_cell(notebook):
    return next(cell for cell in notebook.cells if cell.metadata.nbgrader.grade_id == "q5")


def with_half_a_surrogate(notebook):
    answer_cell(notebook).source = "what <script>alert(1)</script> is \ud800"


def with_a_formula(notebook):
    answer_cell(notebook).source = "=HYPERLINK(A1)"


def with_a_long_answer(notebook):
    answer_cell(notebook).source = "long " * 100_000


def tampered():
    yield handed("missing cell", lost=["q2"], flags=["missing"], change=without("q2"))
    yield handed("deleted tests", flags=["changed"], change=without_tests)
    yield handed(
        "edited test",
        flags=["changed"],
        lost=["q1"],
        change=with_edited_test,
        q1="def softmax(Z):\n    return Z",
    )
    yield handed("reordered", change=backwards)
    yield handed("metadata stripped", change=without_metadata)
    yield handed("renamed", name="renamed/my own (final 2).ipynb")
    yield handed("writes a script", change=with_half_a_surrogate)
    yield handed("writes a formula", change=with_a_formula)
    yield handed("writes a book", change=with_a_long_answer)


# --- cheats --------------------------------------------------------------------------------------

EQUAL_TO_EVERYTHING = """
class Right:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __array__(self, *a, **k): return np.zeros(())
    def __bool__(self): return True
    ok = True

def softmax(Z):
    return Right()
"""
LYING_ARRAY = """
class Liar(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __array_function__(self, *a, **k): return True
    def __array_ufunc__(self, *a, **k): return True

def softmax(Z):
    return np.zeros(Z.shape).view(Liar)
"""
PATCHES = """
import builtins
np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
builtins.AssertionError = type("AssertionError", (), {})
builtins.all = lambda values: True
"""


def cheats(world):
    wrong = "def softmax(Z):\n    return Z"
    yield handed("patches", PATCHES, lost=["q1"], q1=wrong)
    yield handed(
        "patches isinstance",
        "import builtins\nbuiltins.isinstance = lambda *a: True",
        flags=["crashed"],
    )
    yield handed("equal to everything", lost=["q1"], q1=EQUAL_TO_EVERYTHING)
    yield handed("lying array", lost=["q1"], q1=LYING_ARRAY)
    yield handed(
        "patches the runner",
        "from runner import process\nprocess.pack = lambda v: 1",
        lost=ALL,
        q1=wrong,
        flags=["crashed"],
    )
    for student, source in {
        "imports the answer": "from softmax_lib import softmax",
        "imports the rest": "from softmax_lib.activations import softmax",
        "imports scipy": "from scipy.special import softmax",
        "imports torch": "import torch\nsoftmax = lambda Z: torch.softmax(Z, 1).numpy()",
        "imports secretly": "import importlib\n"
        "softmax = importlib.import_module('softmax_lib').softmax",
    }.items():
        yield handed(student, lost=["q1"], flags=["library-used"], q1=source)
    master = SOURCE / "a1" / "a1.ipynb"
    yield handed(
        "reads the master",
        q1=f"""
{SOFTMAX}
try:
    text = open({str(master)!r}).read()
    del softmax
except OSError:
    pass
""",
    )
    yield handed(
        "walks the disk",
        q1=f"""
import os
{SOFTMAX}
found = [name for top in ("/usr", "/root", "/home", "/tmp", "/lib", "/etc", "/var")
         for _, _, names in os.walk(top) for name in names
         if name.endswith(".ipynb") or name in ("activations.py", "misconceptions.py")]
if found:
    del softmax
""",
    )
    yield handed(
        "asks the network",
        q1=f"""
import socket
{SOFTMAX}
try:
    socket.create_connection(("127.0.0.1", {world.port}), timeout=1)
    del softmax
except OSError:
    pass
""",
    )
    yield handed(
        "tells in an error",
        lost=["q1"],
        q1="""
told = []

def softmax(Z):
    told.append(Z)
    raise ValueError(f"TOLD {len(told)}: {told[-1]}")
""",
    )


# --- without end, or ending all ------------------------------------------------------------------


def endless(world):
    yield handed(
        "loop in a cell", lost=["q1"], flags=["timed-out"], q1="while True:\n    pass\n" + SOFTMAX
    )
    yield handed(
        "loop in a function",
        lost=["q1"],
        flags=["timed-out"],
        q1="def softmax(Z):\n    while True:\n        pass",
    )
    yield handed(
        "sleep",
        lost=["q2"],
        flags=["timed-out"],
        q2="import time\n\ndef hardmax(Z):\n    time.sleep(1000)",
    )
    yield handed(
        "will not be ended",
        lost=["q4"],
        flags=["timed-out"],
        q4="""
import signal
for number in set(range(1, 32)) - {9, 17, 19}:
    signal.signal(number, signal.SIG_IGN)

def logsumexp(Z):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
    )
    yield handed(
        "an error without end",
        lost=["q3"],
        flags=["timed-out"],
        q3="""
class Endless(Exception):
    def __str__(self):
        while True:
            pass

def softmax_with_temperature(Z, temperature):
    raise Endless
""",
    )
    yield handed("exit in a cell", "import os\nos._exit(0)", flags=["crashed"])
    yield handed(
        "exit in a function",
        lost=["q2"],
        flags=["crashed"],
        q2="import os\n\ndef hardmax(Z):\n    os._exit(0)",
    )
    yield handed(
        "segmentation fault",
        lost=["q1"],
        flags=["crashed"],
        q1="import ctypes\n\ndef softmax(Z):\n    ctypes.string_at(0)",
    )
    yield handed(
        "stops itself",
        lost=["q3"],
        flags=["timed-out"],
        q3="""
import os, signal

def softmax_with_temperature(Z, temperature):
    os.kill(os.getpid(), signal.SIGSTOP)
""",
    )
    yield handed(
        "kills its parent",
        "import os\nos.kill(os.getppid(), 9)",
        "try:\n    os.kill(-1, 9)\nexcept OSError:\n    pass",
    )


def slow():
    """What takes long, and costs no more than that."""
    yield handed(
        "a slow and right function",
        half=["q1"],
        flags=["too-slow"],
        q1="import time\n"
        + SOFTMAX.replace("(Z):\n", "(Z):\n    time.sleep(2.3)\n", 1)
        + "\nright = softmax\nfirst = [1]\ndef softmax(Z):\n"
        "    if first:\n        first.pop()\n        return right(Z)\n"
        "    exps = np.exp(Z - Z.max(axis=1, keepdims=True))\n"
        "    return exps / exps.sum(axis=1, keepdims=True)",
    )


# --- greedy --------------------------------------------------------------------------------------

CHILDREN = """
import os, time
for _ in range({count}):
    if os.fork() == 0:
        open("/proc/self/comm", "w").write({marker!r})
        {work}
        time.sleep(1000)
        os._exit(0)
{then}
"""


def greedy(world):
    def children(count, work="pass", then="pass"):
        return CHILDREN.format(count=count, work=work, then=then, marker=world.marker)

    yield handed("200 processes", children(200), flags=["crashed"])
    yield handed("a few processes", children(5))
    yield handed("processes that go on", "import os\nfor _ in range(3):\n    os.fork()")
    yield handed(
        "processes of 500 MB",
        children(8, "held = b'x' * 500_000_000", "time.sleep(8)"),
        flags=["out-of-memory"],
    )
    yield handed(
        "1.4 GB in files without a name",
        """
import os, time
held = []
for _ in range(30):
    held.append(os.memfd_create("x"))
    for _ in range(8): os.write(held[-1], b"x" * (6 << 20))
time.sleep(1)
""",
    )
    yield handed(
        "shared among processes",
        children(
            6,
            "import mmap; held = mmap.mmap(-1, 400_000_000); held.write(b'x' * 400_000_000)",
            "time.sleep(8)",
        ),
        flags=["out-of-memory"],
    )
    yield handed("8 GB in a cell", "held = np.ones(10**9)", flags=["out-of-memory"])
    yield handed(
        "8 GB in a function",
        lost=["q1"],
        flags=["out-of-memory"],
        q1="def softmax(Z):\n    return [bytes(10**9) for _ in range(8)]",
    )
    yield handed(
        "8 GB on disk",
        """
for number in range(200):
    with open(f"/tmp/{number}", "wb") as file:
        file.write(bytes(40_000_000))
""",
    )
    yield handed(
        "8 GB in shared memory",
        """
for number in range(200):
    with open(f"/dev/shm/{number}", "wb") as file:
        file.write(bytes(40_000_000))
""",
    )


# --- reaching out --------------------------------------------------------------------------------


def out_of_reach(world):
    places = [
        str(world.precious / "kept"),
        str(world.precious / "new"),
        str(world.submissions / "right" / "a1.ipynb"),
        "/usr/lib/" + world.marker,
        "/home/" + world.marker,
        "/etc/" + world.marker,
        "/dev/" + world.marker,
        str(Path(__file__).with_name(world.marker)),
    ]
    yield handed(
        "writes outside",
        f"""
import contextlib, os
for place in {places!r}:
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(place), exist_ok=True)
    with contextlib.suppress(OSError):
        open(place, "w").write("reached")
    with contextlib.suppress(OSError):
        os.remove(place)
""",
    )
    yield handed(
        "undoes the sandbox",
        lost=["q1"],
        q1=f"""
import ctypes, os
libc = ctypes.CDLL(None)
REMOUNT, BIND, NEW_USER, NEW_MOUNTS = 32, 4096, 0x10000000, 0x20000
results = [libc.unshare(NEW_USER | NEW_MOUNTS),
           libc.mount(b"x", b"/usr/lib", None, REMOUNT | BIND, None),
           libc.mount(b"x", b"/tmp", b"tmpfs", 0, None), libc.umount2(b"/tmp", 2)]
if any(result == 0 for result in results):
    {SOFTMAX.strip().replace(chr(10), chr(10) + "    ")}
""",
    )
    # Two submissions: the second finds what the first has left, were they not kept apart.
    leave = f"open('/tmp/{world.marker}', 'w').write('left')"
    find = f"import os\nif os.path.exists('/tmp/{world.marker}'):\n    del softmax"
    yield handed("leaves a file and looks", find, leave)
    yield handed("looks and leaves a file", find, leave)


# --- forged answers ------------------------------------------------------------------------------


def forged():
    write = (
        "import os\nfor fd in range(3, 21):\n    try:\n        os.write(fd, {data!r})\n"
        "    except OSError:\n        pass"
    )
    yield handed(
        "forges an answer", write.format(data=framed([10**6, {"error": None}])), flags=["tampering"]
    )
    yield handed(
        "forges answers to come",
        write.format(
            data=b"".join(
                framed([number, {"value": {"plain": 1}, "after": []}]) for number in range(1, 9)
            )
        ),
        flags=["crashed", "tampering"],
    )
    yield handed("writes rubbish", write.format(data=b"rubbish"), flags=["crashed"])
    yield handed("writes a bad answer", write.format(data=framed(3)), flags=["crashed"])
    yield handed("closes all", "import os\nos.closerange(3, 21)", flags=["crashed"])
    yield handed(
        "says that it is right",
        lost=["q1"],
        q1="""
def softmax(Z):
    return "softmax: right."
""",
    )


# --- values that are hard to take ----------------------------------------------------------------


def odd_values():
    for student, value in {
        "a generator": "(x for x in iter(int, 1))",
        "a huge number": "10**100_000",
        "100 MB": "np.zeros(12_500_000)",
        "stretched": "np.broadcast_to(0.0, (10**6, 10**6))",
        "objects": "np.array([object()])",
        "a class": "type",
        "a dictionary": "{'probs': Z}",
        "complex": "np.exp(Z - Z.max(1, keepdims=True)) * 1j",
        "a long list": "[0.0] * 10**7",
        "no value": "None",
    }.items():
        yield handed(student, lost=["q1"], q1=f"def softmax(Z):\n    return {value}")
    yield handed(
        "a list in itself",
        lost=["q1"],
        q1="def softmax(Z):\n    loop = []\n    loop.append(loop)\n    return loop",
    )
    yield handed(
        "nothing left of the argument",
        lost=["q2"],
        q2="def hardmax(Z):\n    Z.resize((0,), refcheck=False)\n    return Z",
    )


# --- names ---------------------------------------------------------------------------------------


def named():
    """Right ones, whose names or exports are the difficulty."""
    for student in (
        "Ünal Ámbar 李",
        'O\'Brien, "Pat"',
        "=1+cmd|' A0",
        "@sum",
        "-x",
        "a b",
        "a-b",
        "<b>bold<b>",
        "'quoted'",
        "many words " * 8,
        "J. R. Smith",
    ):
        yield handed(student.strip(), lost=["q4"], q4="")
    moodle = "_assignsubmission_file_"
    yield handed("Ann Moodle_101", name=f"Ann Moodle_101{moodle}/anything.ipynb")
    yield handed("Bo Moodle_102", name=f"Bo Moodle_102{moodle}a1.ipynb")
    yield handed("canvascy_103", name="canvascy_103_9_a1.ipynb", lost=["q1"], q1="")
    yield handed("canvasdi_104", name="canvasdi_LATE_104_9_a1-2.ipynb", flags=["late"])
    yield handed("plain", name="plain.ipynb")


def write_class(handed_in: list[Handed], folder: Path) -> None:
    """Lay the submissions out as a learning platform does."""
    for one in handed_in:
        path = folder / (one.name or f"{one.student}/a1.ipynb")
        path.parent.mkdir(parents=True, exist_ok=True)
        if one.data is not None:
            path.write_bytes(one.data)
        for name, data in one.others.items():
            (path.parent / name).write_bytes(data)
