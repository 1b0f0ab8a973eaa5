"""Serve the catalogue of mistakes, to programs and to readers: without it only Python can read it.

`catalogue.json` lies in the site's root. Pages say {{ catalogue }} for all entries in words,
{{ catalogue_json }} for a link to the file, and {{ catalogue_entry }} for one entry of it.
"""

import functools
import html
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
from docutils.nodes import document, make_id
from sphinx.application import Sphinx

import softmax_lib
from softmax_lib.misconceptions.kinds import KINDS
from softmax_lib.misconceptions.plain import catalogue_as_data

PAGE, FILE = "book/catalogue", "catalogue.json"
SHOWN = "softmax-no-shift"  # the entry that stands on the page for tool makers

LONGEST = 64  # characters of numbers that stand in a line

Entry = dict[str, Any]


@functools.cache
def entries() -> list[Entry]:
    """Return the catalogue, and where in the site each mistake is explained."""
    return [
        {**entry, "page": f"book/{entry['chapter']}.html#{make_id(entry['section'])}"}
        for entry in catalogue_as_data()
    ]


def as_json(data: Any) -> str:
    """Return JSON with each row of numbers on one line."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    rows = re.compile(r"\[\n\s+([^\[\]{}]*?)\n\s*\]")
    return rows.sub(lambda row: "[" + re.sub(r"\n\s+", " ", row[1]) + "]", text)


def in_words(entry: Entry) -> str:
    """Return an entry as Markdown."""
    address = entry["page"].removeprefix("book/")
    return "\n".join(
        [
            f"({entry['id']})=",
            f"**`{entry['id']}`**: {escaped(entry['title'])}. How it shows: "
            f"{escaped(entry['symptom'])}. See "
            f'<a href="{address}">{html.escape(entry["section"])}</a>.',
            "",
            "```text",
            *evidence(entry),
            "```",
            "",
        ]
    )


def evidence(entry: Entry) -> list[str]:
    """Return the smallest input that shows a mistake, the answer to it, and what is due."""
    given = [f"{name} = {in_a_line(value)}" for name, value in entry["input"].items()]
    lines = [f"given     {', '.join(given)}"]
    if entry["overwritten"]:
        return [*lines, f"after it  other numbers in {' and '.join(entry['overwritten'])}"]
    name, answer, expected = first_difference(entry)
    mine = answer if "raised" in answer else name + answer
    return [*lines, f"answers   {mine}", f"expected  {name}{expected}"]


def first_difference(entry: Entry) -> tuple[str, str, str]:
    """Return what the result is called, where there are several; the answer, and what is due."""
    names = KINDS[entry["kind"]].results
    answer, expected = entry["answer"], entry["expected"]
    if len(names) == 1:
        return "", *contrasted(answer, expected)
    answers = answer if isinstance(answer, list) else [answer] * len(names)
    results = [
        (f"{name} = ", *contrasted(yours, due))
        for name, yours, due in zip(names, answers, expected, strict=True)
    ]
    return next((result for result in results if result[1] != result[2]), results[0])


def contrasted(answer: Any, expected: Any) -> tuple[str, str]:
    """Return both in a line each; where that would show no difference, one number of each."""
    lines = in_a_line(answer), in_a_line(expected)
    alike = np.shape(answer) == np.shape(expected)
    if answer == expected or not (alike and (lines[0] == lines[1] or "(shape" in "".join(lines))):
        return lines
    place, *numbers = first_unequal(answer, expected)
    at = f" at {list(place)}" if place else ""
    texts = next(
        texts
        for digits in (4, 8, 17)
        if (texts := [nested(number, digits) for number in numbers])[0] != texts[1]
    )
    return texts[0] + at, texts[1] + at


def first_unequal(answer: Any, expected: Any, *place: int) -> tuple[tuple[int, ...], Any, Any]:
    """Return the place of the first number that differs, by more than rounding if any does."""
    if not isinstance(answer, list):
        return place, answer, expected
    pairs = list(enumerate(zip(answer, expected, strict=True)))
    index, (mine, due) = next(
        (pair for pair in pairs if not alike_to_rounding(*pair[1])),
        next((pair for pair in pairs if pair[1][0] != pair[1][1]), pairs[0]),
    )
    return first_unequal(mine, due, *place, index)


def alike_to_rounding(answer: Any, expected: Any) -> bool:
    if isinstance(answer, list):
        return all(map(alike_to_rounding, answer, expected))
    if isinstance(answer, str) or isinstance(expected, str):
        return bool(answer == expected)
    return math.isclose(answer, expected, rel_tol=1e-9)


def in_a_line(value: Any) -> str:
    """Return numbers with four digits, or their shape where that would be long."""
    text = value if isinstance(value, str) else nested(value)
    return text if len(text) <= LONGEST else f"(shape {np.shape(value)})"


def nested(value: Any, digits: int = 4) -> str:
    if isinstance(value, list):
        return f"[{', '.join(nested(part, digits) for part in value)}]"
    return value if isinstance(value, str) else f"{value + 0.0:.{digits}g}"


def escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>$|~])", r"\\\1", text)


def page() -> str:
    """Return all entries, under a heading for each kind of function."""
    parts = []
    for kind in KINDS.values():
        of_kind = [entry for entry in entries() if entry["kind"] == kind.name]
        parts += [f"## `{kind.call}`", *map(in_words, of_kind)]
    return "\n\n".join(parts)


def serve(app: Sphinx) -> None:
    """Write the file, and tell the pages what it holds."""
    data = {"softmax_lib": softmax_lib.__version__, "mistakes": entries()}
    Path(app.outdir, FILE).write_text(as_json(data) + "\n", encoding="utf-8")
    (shown,) = (entry for entry in entries() if entry["id"] == SHOWN)
    app.config.myst_substitutions |= {
        "catalogue": page(),
        "catalogue_json": f'<a href="../{FILE}" download>{FILE}</a>',
        "catalogue_entry": f"```json\n{as_json(shown)}\n```",
    }


def make_entries_known(app: Sphinx, doctree: document) -> None:
    """Let a link to `catalogue.md#softmax-twice` find its entry: MyST knows of headings alone."""
    if app.env.docname == PAGE:
        places = {entry["id"]: (0, entry["id"], entry["title"]) for entry in entries()}
        app.env.metadata[PAGE].setdefault("myst_slugs", {}).update(places)


def connect(app: Sphinx) -> None:
    app.connect("builder-inited", serve, priority=100)  # before MyST reads its settings
    app.connect("doctree-read", make_entries_known)
