"""Judge the functions of a file in this process, and tell a line of JSON after each.

`__main__` runs it in a process of its own, which the file may hang, flood or end. The file's own
output is dropped, so that nothing but these lines comes out.
"""

from __future__ import annotations

import difflib
import importlib.util
import inspect
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any

from .judge import diagnose  # all of it, before a file whose neighbours may be called `string`
from .plain import verdict_as_data

# What the file is called while it is judged: the name of no module that it might import.
MODULE = "_judged_file"


def lines(file: Path, names: list[str], options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What there is to tell of a file, one thing after the other."""
    yield {"at": "import"}
    try:
        module = imported(file)
    except BaseException as error:  # SystemExit too
        yield {"error": why_not_imported(error, file)}
        return
    for name in names or public_functions(module):
        yield {"at": name}
        yield verdict_or_reason(module, name, options)
    yield {"at": "end"}


def imported(file: Path) -> ModuleType:
    sys.path.insert(0, str(file.parent))  # as in `python FILE.py`
    loader = SourceFileLoader(MODULE, str(file))
    spec = importlib.util.spec_from_loader(MODULE, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE] = module
    loader.exec_module(module)
    return module


def why_not_imported(error: BaseException, file: Path) -> str:
    if isinstance(error, SystemExit):
        return f"{file.name} ends Python while it is imported (sys.exit)"
    *_, words = traceback.format_exception_only(error)
    frames = traceback.extract_tb(error.__traceback__)
    numbers = [frame.lineno for frame in frames if frame.filename == str(file)]
    if isinstance(error, SyntaxError):
        numbers = [error.lineno]
    where = f", line {numbers[-1]}" if numbers and numbers[-1] else ""
    return f"{file.name}{where}: {words.strip()}"


def public_functions(module: ModuleType) -> list[str]:
    """Functions that the file itself defines."""
    return [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == MODULE and not name.startswith("_")
    ]


def verdict_or_reason(module: ModuleType, name: str, options: dict[str, Any]) -> dict[str, Any]:
    try:
        function: Callable = attrgetter(name)(module)
    except AttributeError:
        near = difflib.get_close_matches(name, [n for n in vars(module) if n[0] != "_"], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return {"name": name, "reason": f"there is no {name} in the file{hint}"}
    try:
        verdict = diagnose(function, options["kind"], options["layout"])
    except (TypeError, ValueError) as error:
        return {"name": name, "reason": str(error)}
    return verdict_as_data(name, verdict)


def main() -> None:
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    request = json.loads(sys.argv[1])
    sys.argv[:] = [request["file"]]
    for line in lines(Path(request["file"]), request["names"], request["options"]):
        print(json.dumps(line), file=told, flush=True)


if __name__ == "__main__":
    main()
