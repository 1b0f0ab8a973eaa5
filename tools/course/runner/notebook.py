"""What a notebook has without an import: IPython's own names, which do nothing here."""

from __future__ import annotations

import importlib
import re
from typing import Any

from .pictures import Nothing

OPTIONS = re.compile(r"(?:\s*-[a-z]+(?:\s+\d+)?(?=\s))*\s*")
RUN_THEIR_LINE = {"time", "prun"}
WRITE_THEIR_CELL = {"writefile", "file"}


class Lines(list[str]):
    """What a command of the system printed: nothing."""

    n = s = nlstr = spstr = ""
    l = property(lambda self: list(self))


class Shell(Nothing):
    """Stands for IPython's shell: %time runs, %%writefile writes, and nothing else happens."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.user_ns = namespace

    def run_line_magic(self, name: str, line: str, *_: object, **__: object) -> Any:
        if name not in RUN_THEIR_LINE:
            return None
        source = OPTIONS.sub("", line, count=1)
        try:
            code = compile(source, "%time", "eval", dont_inherit=True)
        except SyntaxError:
            return exec(compile(source, "%time", "exec", dont_inherit=True), self.user_ns)
        return eval(code, self.user_ns)

    def run_cell_magic(self, name: str, line: str, cell: str, *_: object) -> None:
        *options, path = line.split() or [""]
        if name in WRITE_THEIR_CELL and path:
            with open(path, "a" if "-a" in options else "w", encoding="utf-8") as file:
                file.write(f"{cell}\n")
            importlib.invalidate_caches()

    def getoutput(self, *_: object, **__: object) -> Lines:
        return Lines()


def names_of_a_notebook(namespace: dict[str, Any]) -> dict[str, Any]:
    shell = Shell(namespace)

    def get_ipython() -> Shell:
        return shell

    def display(*objects: object, **settings: object) -> None:
        """Shows nothing."""

    def answer(prompt: object = "") -> str:
        return ""

    return {
        "get_ipython": get_ipython,
        "display": display,
        "input": answer,
        "help": display,
        "In": [""],
        "Out": {},
        "_": "",
        "__": "",
        "___": "",
    }
