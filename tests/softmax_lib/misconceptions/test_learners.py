"""What `diagnose` says of functions as learners write them: five tables, five measures."""

from __future__ import annotations

import itertools
import re
import warnings
from typing import NamedTuple

import pytest

from softmax_lib import diagnose
from softmax_lib.misconceptions import CATALOGUE
from tests.support.diagnoses import readable
from tests.support.learner_functions.names import KNOWN_SINCE
from tests.support.learner_functions.newcomers import NEWCOMERS
from tests.support.learner_functions.published import PUBLISHED
from tests.support.learner_functions.strangers import STRANGERS
from tests.support.learner_functions.table import FORMS, Learner
from tests.support.learner_functions.travellers import TRAVELLERS
from tests.support.learner_functions.visitors import VISITORS

TABLES = {
    "published": PUBLISHED,
    "strangers": STRANGERS,
    "newcomers": NEWCOMERS,
    "visitors": VISITORS,
    "travellers": TRAVELLERS,
}


class Said(NamedTuple):
    """What came of one function; `ids` are all that the message names."""

    ok: bool
    ids: tuple[str | None, ...]
    message: str


def said_of(row: Learner) -> Said:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            verdict = diagnose(row.function, row.kind, layout=row.layout)
        except (TypeError, ValueError) as error:
            return Said(False, ("not judged",), str(error))
    return Said(verdict.ok, verdict.candidates or (verdict.id,), readable(verdict).message)


def due(row: Learner) -> tuple[set[str], list[str]]:
    """The ids and the patterns of a message that a row accepts."""
    ids, patterns = set(), []
    for accepted in row.accepted:
        form, new = accepted.removeprefix("FORM: "), accepted.removeprefix("NEW: ")
        if form != accepted:
            patterns.append(FORMS[form])
            continue
        for known in (accepted, *KNOWN_SINCE.get(new, ())):
            pattern = known.removeprefix("says ")
            if pattern == known:
                ids.add(known)
            else:
                patterns.append(pattern)
    return ids, patterns


def fault(row: Learner, said: Said) -> str | None:
    """What is wrong with a verdict, in a word or two; None: nothing is."""
    ids, patterns = due(row)
    named = not ids.isdisjoint(said.ids)
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
        known = named or says_so or (said.ok and "one example" not in str(row.accepted))
        return None if known else "form not explained"
    by_catalogue = not CATALOGUE.keys().isdisjoint(said.ids)
    if named or (says_so and not by_catalogue):
        return None
    if by_catalogue or said.ids not in (("unknown",), ("not judged",)):
        return "misnamed"
    return "not named" if row.accepted else None


def share(faults: list[str | None]) -> float:
    """The share of functions without a fault."""
    return faults.count(None) / len(faults) if faults else 1.0


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
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
    kept = not any(figures.values()) and share(named) >= 0.95 and share(forms) >= 0.95
    report = [f"{what}: {count}" for what, count in figures.items()]
    report.append(f"named: {share(named):.1%} of {len(named)}")
    report.append(f"forms: {share(forms):.1%} of {len(forms)}")
    report += [
        f"\n{what}: {row.name} ({said.ids[0]}; due: {row.accepted})\n{said.message}"
        for what, row, said in sorted(found, key=lambda each: str(each[0]))
        if what
    ]
    assert kept, "\n".join(report)


def test_every_new_name_stands_for_rows_of_the_tables():
    described = {text for row in itertools.chain(*TABLES.values()) for text in row.accepted}
    assert {text.removeprefix("NEW: ") for text in described} >= set(KNOWN_SINCE)


@pytest.mark.parametrize(
    ("truth", "accepted", "said", "what"),
    [
        ("right", [], Said(True, (None,), "f: right."), None),
        ("right", [], Said(False, ("unknown",), "f: not right yet."), "right, called wrong"),
        ("right", [], Said(False, ("not judged",), "kind must be given"), "right, called wrong"),
        ("careful", ["FORM: dict"], Said(True, (None,), "right.\nCareful: a dict"), None),
        ("careful", ["FORM: dict"], Said(True, (None,), "a dict"), "right with a warning due"),
        ("careful", ["FORM: dict"], Said(False, ("loss-sum",), "a dict"), "right, called wrong"),
        ("wrong", [], Said(True, (None,), "f: right."), "wrong, called right"),
        ("wrong", [], Said(False, ("unknown",), ""), None),
        ("wrong", [], Said(False, ("loss-sum",), ""), "misnamed"),
        ("wrong", ["loss-sum", "softmax-twice"], Said(False, ("softmax-twice",), ""), None),
        ("wrong", ["loss-sum"], Said(False, ("softmax-twice", "loss-sum"), ""), None),
        ("wrong", ["loss-sum"], Said(False, ("softmax-twice",), ""), "misnamed"),
        ("wrong", ["loss-sum"], Said(False, ("unknown",), ""), "not named"),
        (
            "wrong",
            ["NEW: divided by d, not by its root"],
            Said(False, ("unknown",), ""),
            "not named",
        ),
        (
            "wrong",
            ["NEW: divided by d, not by its root"],
            Said(False, ("attention-over-d",), ""),
            None,
        ),
        (
            "wrong",
            ["NEW: rounded to three digits"],
            Said(False, ("x",), "It agrees to 3 digits"),
            None,
        ),
        (
            "wrong",
            ["NEW: rounded to three digits"],
            Said(False, ("x",), "It is rounded"),
            "misnamed",
        ),
        ("form", ["FORM: one-hot"], Said(True, (None,), "right."), None),
        ("form", ["FORM: one-hot"], Said(False, ("unknown",), "with one-hot targets"), None),
        ("form", ["FORM: one-hot"], Said(False, ("unknown",), ""), "form not explained"),
        (
            "form",
            ["FORM: one-hot", "loss-sum"],
            Said(True, (None,), "one-hot"),
            "wrong, called right",
        ),
        ("form", ["FORM: one-hot", "loss-sum"], Said(False, ("loss-sum",), ""), None),
        ("form", ["FORM: one example"], Said(True, (None,), "right."), "form not explained"),
        ("form", ["FORM: one example"], Said(True, (None,), "right for one vector"), None),
        ("form", ["FORM: one-hot"], Said(False, ("loss-sum",), "one-hot"), None),
        ("wrong", ["FORM: order"], Said(False, ("order",), "in another order"), None),
        ("wrong", ["FORM: order"], Said(False, ("loss-sum",), "in another order"), "misnamed"),
        (
            "wrong",
            ["NEW: rounded to three digits"],
            Said(False, ("digits",), "agrees to 2"),
            "misnamed",
        ),
    ],
)
def test_each_kind_of_fault_is_found(truth, accepted, said, what):
    assert fault(Learner("f", abs, None, "rows", truth, tuple(accepted)), said) == what
