"""Serve the catalogue of mistakes, to programs and to readers: without it only Python can read it.

`catalogue.json` lies in the site's root. Pages say {{ catalogue }} for all entries in words,
{{ catalogue_json }} for a link to the file, and {{ catalogue_entry }} for one entry of it.
"""

import functools
import html
import json
import re
from pathlib import Path
from typing import Any

from docutils.nodes import make_id
from sphinx.application import Sphinx

import softmax_lib
from softmax_lib.misconceptions.kinds import KINDS
from softmax_lib.misconceptions.plain import catalogue_as_data

FILE = "catalogue.json"
SHOWN = "softmax-no-shift"  # the entry that stands on the page for tool makers

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
    """Return an entry as Markdown, with the evidence that a verdict would show."""
    address = entry["page"].removeprefix("book/")
    verdict = entry["verdict"].replace("You gave   ", "Given      ")
    verdict = verdict.replace("Your answer", "Its answer ")
    evidence = [line for line in verdict.splitlines() if line.startswith("  ")]
    return "\n".join(
        [
            f"({entry['id']})=",
            f"**`{entry['id']}`**: {escaped(entry['title'])}. How it shows: "
            f"{escaped(entry['symptom'])}. See "
            f'<a href="{address}">{html.escape(entry["section"])}</a>.',
            "",
            "```text",
            *(line.removeprefix("  ") for line in evidence),
            "```",
            "",
        ]
    )


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


def connect(app: Sphinx) -> None:
    app.connect("builder-inited", serve, priority=100)  # before MyST reads its settings
