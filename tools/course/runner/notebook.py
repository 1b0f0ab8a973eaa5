"""What a notebook has without an import: IPython's own names, which do nothing here."""

from __future__ import annotations

import re
from typing import Any

from .pictures import Nothing

OPTIONS = re.compile(r"(?:\s*-[a-z]+(?:\s+\d+)?(?=\s))*\s*")
RUN_THEIR_LINE = {"time", "prun"}


class Lines(list[str]):
    """What a command of the system printed: nothing."""

    n = s = nlstr = spstr = ""
    l = property(lambda self: list(self))


class Shell(Nothing):
    """Stands for IPython's shell: %time runs its statement, and nothing else happens."""

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
