"""What `diagnose` says of functions as learners write them: two tables, five measures."""

from __future__ import annotations

import re
import warnings
from typing import NamedTuple

import pytest

from softmax_lib import diagnose
from tests.support.diagnoses import readable
from tests.support.learner_functions.published import PUBLISHED
from tests.support.learner_functions.strangers import STRANGERS
from tests.support.learner_functions.table import FORMS, Learner

# What a "NEW: ..." of the tables is called now: ids of entries that the catalogue has gained since,
# and patterns of messages that explain it without an entry ("says ...").
KNOWN_SINCE: dict[str, tuple[str, ...]] = {}

SAYS = "says "


class Said(NamedTuple):
    """What came of one function."""

    ok: bool
    id: str | None
    message: str


def said_of(row: Learner) -> Said:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            verdict = diagnose(row.function, row.kind, layout=row.layout)
        except (TypeError, ValueError) as error:
            return Said(False, "not judged", str(error))
    return Said(verdict.ok, verdict.id, readable(verdict).message)


def due(row: Learner) -> tuple[set[str], list[str]]:
    """The ids and the patterns of a message that a row accepts."""
    ids, patterns = set(), []
    for accepted in row.accepted:
        if accepted.startswith("FORM: "):
            patterns.append(FORMS[accepted.removeprefix("FORM: ")])
        else:
            for known in KNOWN_SINCE.get(accepted, (accepted,)):
                if known.startswith(SAYS):
                    patterns.append(known.removeprefix(SAYS))
                else:
                    ids.add(known)
    return ids, patterns


def fault(row: Learner, said: Said) -> str | None:
    """What is wrong with a verdict, in a word or two; None: nothing is."""
    ids, patterns = due(row)
    says_so = any(re.search(pattern, said.message, re.IGNORECASE) for pattern in patterns)
    if row.truth == "right":
        return None if said.ok else "right, called wrong"
    if row.truth == "careful":
        careful = re.search(r"Careful: .*", said.message)
        if said.ok and careful and any(re.search(p, careful[0], re.IGNORECASE) for p in patterns):
            return None
        return "right with a warning due" if said.ok else "right, called wrong"
    if said.ok and (row.truth == "wrong" or ids):
        return "wrong, called right"
    if row.truth == "form":
        known = said.id in ids or says_so or (said.ok and "one example" not in str(row.accepted))
        return None if known else "form not explained"
    if said.id in ids or says_so:
        return None
    if said.id not in ("unknown", "not judged"):
        return "misnamed"
    return "not named" if row.accepted else None


def share(faults: list[str | None], of: str) -> float:
    """The share of functions that are free of a fault, among those that could have it."""
    return 1 - faults.count(of) / max(len(faults), 1)


@pytest.mark.parametrize("table", [PUBLISHED, STRANGERS], ids=["published", "strangers"])
def test_learners_hear_what_is_true_and_what_helps(table):
    rows = [(row, said_of(row)) for row in table]
    found = [(fault(row, said), row, said) for row, said in rows]
    named = [what for what, row, _ in found if row.truth == "wrong" and row.accepted]
    forms = [what for what, row, _ in found if row.truth == "form"]
    figures = {
        what: sum(what == one for one, *_ in found)
        for what in (
            "wrong, called right",
            "right, called wrong",
            "right with a warning due",
            "misnamed",
        )
    }
    kept = (
        not any(figures.values())
        and share(named, "not named") >= 0.95
        and share(forms, "form not explained") >= 0.95
    )
    report = [f"{what}: {count}" for what, count in figures.items()]
    report.append(f"named: {share(named, 'not named'):.1%} of {len(named)}")
    report.append(f"forms: {share(forms, 'form not explained'):.1%} of {len(forms)}")
    report += [
        f"\n{what}: {row.name} ({said.id}; due: {row.accepted})\n{said.message}"
        for what, row, said in sorted(found, key=lambda each: str(each[0]))
        if what
    ]
    assert kept, "\n".join(report)
