"""Run a cell as a notebook does: what it prints, shows and draws is sent to the page at once.

It knows Python alone. It is Matplotlib's backend too, where a cell has asked for Matplotlib.
"""

import ast
import base64
import builtins
import io
import json
import linecache
import os
import pprint
import re
import sys
import traceback
import types
from collections.abc import Callable
from typing import Any

LIMIT = 200_000  # characters that a cell may print: an endless loop must not fill the page
CELL = "cell "
FIGURES = re.compile(r"(matplotlib|mpl_toolkits|pylab|softmax_lib\.plots)\b")
os.environ["MPLBACKEND"] = f"module://{__name__}"  # read when Matplotlib is imported

taker: Callable[[str, str], object] = print


def start(sender: Callable[[str, str], object]) -> None:
    """Let `sender(kind, value)` take what cells give, and begin with no names defined."""
    global taker
    taker = sender
    vars(builtins)["display"] = display
    sys.modules["__main__"] = types.ModuleType("__main__")


def send(kind: str, value: Any) -> None:
    taker(kind, json.dumps(value))


def draws(source: str) -> bool:
    """Tell whether a cell imports what brings Matplotlib."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return False
    names: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            names += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{name.name}" for name in node.names]
    return any(map(FIGURES.match, names))


def run(source: str, number: int) -> bool:
    """Run a cell; return whether it ended well."""
    name = f"{CELL}{number}"
    # Where a traceback, and a checker that reads functions, find the lines of the cell.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    try:
        value = value_of(source, name)
        if value is not None and not source.rstrip().endswith(";"):
            show_value(value)
        draw()
        return True
    except BaseException as error:
        draw()
        tell(error)
        return False
    finally:
        flush()
        sys.stdout, sys.stderr = streams


def value_of(source: str, name: str) -> Any:
    """Run the statements; return the value of the last one where it is an expression."""
    tree = ast.parse(source, name)
    names = vars(sys.modules["__main__"])
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), names)
    if isinstance(last, ast.Expr):
        names["_"] = eval(compile(ast.Expression(last.value), name, "eval"), names)
        return names["_"]
    return None


# --- what a cell gives ----------------------------------------------------------------------------


def display(*values: Any) -> None:
    for value in values:
        show_value(value)


def show_value(value: Any) -> None:
    """Send a value in the forms that it knows, text always among them."""
    flush()
    plain = type(value) in {dict, list, tuple, set, frozenset}
    forms = {"text/plain": pprint.pformat(value, sort_dicts=False) if plain else repr(value)}
    for kind, method in {"text/html": "_repr_html_", "image/svg+xml": "_repr_svg_"}.items():
        form = None if isinstance(value, type) else getattr(value, method, None)
        if form and (text := form()):
            forms[kind] = text
    send("shown", forms)


def draw() -> None:
    """Send the figures that are open, and close them."""
    if plt := sys.modules.get("matplotlib.pyplot"):
        flush()
        for number in plt.get_fignums():
            figure, picture = plt.figure(number), io.BytesIO()
            figure.savefig(picture, format="png", dpi=figure.dpi, bbox_inches="tight")
            text = base64.b64encode(picture.getvalue()).decode()
            send("shown", {"text/plain": repr(figure), "image/png": text})
        plt.close("all")


def tell(error: BaseException) -> None:
    """Send an error with the lines of cells that led to it, without those of libraries."""
    flush()
    told = traceback.TracebackException.from_exception(error)
    part: traceback.TracebackException | None = told
    while part is not None:
        lines = [line for line in part.stack if line.filename.startswith(CELL)]
        part.stack = traceback.StackSummary.from_list(lines)
        part = part.__cause__ or part.__context__
    text = "".join(told.format()).rstrip()
    send("error", {"text": text, "line": f"{type(error).__name__}: {error}"})


class Stream(io.TextIOBase):
    """Send what is printed, a line or more at a time."""

    def __init__(self, kind: str) -> None:
        self.kind, self.length = kind, 0
        self.waiting: list[str] = []

    def write(self, text: str) -> int:
        before, self.length = self.length, self.length + len(text)
        self.waiting.append(text[: max(0, LIMIT - before)])
        if before <= LIMIT < self.length:
            self.waiting.append(f"\n… The rest is left out: more than {LIMIT:,} characters.\n")
        if "\n" in text:
            self.flush()
        return len(text)

    def flush(self) -> None:
        text = "".join(self.waiting)
        self.waiting.clear()
        if text:
            send(self.kind, text)


def flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


# --- Matplotlib's backend -------------------------------------------------------------------------


def bring_figures() -> None:
    """Make this module Matplotlib's backend: call it once, before a cell imports Matplotlib."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    globals()["FigureCanvas"] = FigureCanvasAgg


def show(*_: Any, **__: Any) -> None:
    """Do what `plt.show()` does here."""
    draw()
