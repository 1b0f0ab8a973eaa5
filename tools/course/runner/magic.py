"""Cells as plain Python: Jupyter's own commands mean nothing here."""

from __future__ import annotations

import ast

COMMANDS = ("%", "!", "?")


def without_magic(source: str) -> str:
    """A cell without Jupyter's own commands.

    A line of plain Python may begin with % too, inside brackets: only where it stops Python from
    reading the cell is it a command.
    """
    lines = source.split("\n")
    for _ in lines:
        try:
            compile("\n".join(lines), "cell", "exec", ast.PyCF_ONLY_AST)
        except SyntaxError as error:
            number = error.lineno or 0
            line = lines[number - 1] if 0 < number <= len(lines) else ""
            command = line.lstrip()
            if not command.startswith(COMMANDS):
                break
            lines[number - 1] = line[: len(line) - len(command)] + "pass"
        except (ValueError, RecursionError, MemoryError):
            break
        else:
            break
    return "\n".join(lines)
