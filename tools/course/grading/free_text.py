"""What a student wrote in words, wherever in the notebook it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from tools.course.assignments import TEXT_STUB, Assignment
from tools.course.grading.notebook import Cell
from tools.course.plain_python import plain_python

LONGEST_TEXT = 20_000  # characters
FEWEST_WORDS = 4  # of a text that stands where code should
MANY_WORDS = 10  # of comments and texts beside code
SHOWN = re.compile(r"\s*%%(?:markdown|html|latex)\b")  # below it stands a text
SHOWING = {"print", "display", "Markdown", "HTML"}


class Answers(NamedTuple):
    """The written answers, and where those stood that were not in their cells; by question."""

    texts: dict[str, str]
    notes: dict[str, str]


class Piece(NamedTuple):
    question: str
    text: str
    place: str  # nothing where it stands in the cell of the answer
    is_sure: bool = True  # a comment, say, may be an answer where there is no other


def free_text(assignment: Assignment, cells: list[Cell]) -> Answers:
    """The answers for a teacher to read.

    What stands in a cell that was not handed out, or was added to one that was, belongs to the
    answer that is nearest above it, or to the only one there is.
    """
    pieces: dict[str, list[Piece]] = {question.id: [] for question in assignment.free_text}
    in_the_notebook = list(_pieces(assignment, cells))
    for piece in in_the_notebook:
        found = pieces[piece.question]
        if piece.is_sure and piece.text not in [other.text for other in found]:  # a copy
            found.append(piece)
    for id, found in pieces.items():
        if not found:
            found += [piece for piece in in_the_notebook if piece.question == id]
    texts = {id: "\n\n".join(piece.text for piece in found) for id, found in pieces.items()}
    places = {
        id: list(dict.fromkeys(piece.place for piece in found if piece.place))
        for id, found in pieces.items()
    }
    return Answers(
        {id: text[:LONGEST_TEXT] for id, text in texts.items()},
        {
            id: f"found in: {', '.join(where)}"[:LONGEST_TEXT]
            for id, where in places.items()
            if where
        },
    )


def _pieces(assignment: Assignment, cells: list[Cell]) -> Iterator[Piece]:
    ids = [question.id for question in assignment.free_text]
    solutions = {question.id for question in assignment.questions}
    handed_out = set(assignment.released.cells) | solutions
    if not ids:
        return
    nearest, is_below = ids[0], False
    for cell in cells:
        own = next((id for id in ids if cell.id in (id, f"{id}-question")), None)
        nearest, is_below = own or nearest, is_below or own is not None
        if cell.id in ids:
            text = _without_stub(cell.source)
            place = "its cell, as code" if cell.is_code else ""
        elif cell.id in handed_out and cell.is_code:
            continue
        elif cell.id in handed_out:
            text = "" if assignment.released.has(cell.id, cell.source) else _added(assignment, cell)
            place = cell.id
        elif cell.is_code and not _is_prose(cell.source):
            if is_below and _may_be_prose(cell.source):
                yield Piece(nearest, cell.source.strip(), cell.id, is_sure=False)
            continue
        else:
            text, place = _without_stub(_added(assignment, cell)), cell.id
        if text:
            yield Piece(nearest, text, place)


def own_code(assignment: Assignment, cells: list[Cell]) -> str:
    """The code of the cells that a student has added."""
    solutions = {question.id for question in assignment.questions}
    texts = {question.id for question in assignment.free_text}
    handed_out = {cell.source for cell in assignment.release.cells}
    known = set(assignment.released.cells) | solutions | texts
    added = [
        cell.source.strip()
        for cell in cells
        if cell.is_code and cell.id not in known and cell.source not in handed_out
    ]
    return "\n\n".join(one for one in added if one and not _is_prose(one))[:LONGEST_TEXT]


def _without_stub(source: str) -> str:
    return source.replace(TEXT_STUB, "").strip()


def _added(assignment: Assignment, cell: Cell) -> str:
    """The lines of a cell that were in no cell that was handed out."""
    lines = [
        line
        for line in cell.source.splitlines()
        if not line.strip() or not assignment.released.has_line(line)
    ]
    return "\n".join(lines).strip()


def _is_prose(source: str) -> bool:
    """Whether a cell of code is no code at all but words."""
    if len(source.split()) < FEWEST_WORDS:
        return False
    if SHOWN.match(source):
        return True
    plain = plain_python(source)
    body = ast.parse(plain.source).body
    if plain.error:
        return not any(map(_does_something, body))
    return (
        len(body) == 1
        and isinstance(body[0], ast.Expr)
        and (isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str))
    )


def _may_be_prose(source: str) -> bool:
    """Whether all that a cell of code holds is comments, or text that it shows or names."""
    plain = plain_python(source)
    body = ast.parse(plain.source).body
    if not body and not plain.error:
        return _is_prose("\n".join(line.lstrip("# ") for line in source.splitlines()))
    said = [_said(node) for node in body if not isinstance(node, ast.Import | ast.ImportFrom)]
    if None not in said and len(" ".join(map(str, said)).split()) >= FEWEST_WORDS:
        return True
    words = [*_comments(source), *(word for node in body for word in _texts(node))]
    return len(" ".join(words).split()) >= MANY_WORDS


def _does_something(node: ast.stmt) -> bool:
    """Whether a statement is more than a word or a number that happens to be code."""
    return not isinstance(node, ast.Expr) or any(
        isinstance(one, ast.Call) for one in ast.walk(node)
    )


def _comments(source: str) -> list[str]:
    """What stands in lines of comments, but for code that is commented out."""
    lines = [line.strip() for line in source.splitlines()]
    comments = [line.lstrip("# ") for line in lines if line.startswith("#")]
    return [one for one in comments if plain_python(one).error]


def _texts(node: ast.stmt) -> list[str]:
    """The texts that a statement says, shows or gives a name, in part perhaps."""
    if not isinstance(node, ast.Expr | ast.Assign):
        return []
    shown = not isinstance(node.value, ast.Call) or _called(node.value) in SHOWING
    return [
        one.value
        for one in (ast.walk(node.value) if shown else ())
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def _said(node: ast.stmt) -> str | None:
    """The text of a statement that only says it, shows it or gives it a name; else None."""
    value = getattr(node, "value", None) if isinstance(node, ast.Expr | ast.Assign) else None
    texts = value.args if isinstance(value, ast.Call) else [value]
    if isinstance(value, ast.Call) and _called(value) not in SHOWING:
        return None
    if all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in texts):
        return " ".join(str(one.value) for one in texts if isinstance(one, ast.Constant))
    return None


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))
