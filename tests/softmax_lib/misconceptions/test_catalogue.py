"""Every entry is diagnosed as itself, and says what a learner needs."""

import ast
import functools
import itertools
import json
import re
import textwrap
from pathlib import Path

import numpy as np
import pytest

import softmax_lib as lib
from softmax_lib.misconceptions import CATALOGUE, catalogue
from softmax_lib.misconceptions.catalogue import gradients, wrong_softmaxes, wrong_targets
from softmax_lib.misconceptions.kinds import KINDS
from tests.support.diagnoses import (
    BLAME,
    diagnosed,
    is_long_search,
    judged,
    sample_of_entries,
    unspaced,
)
from tests.support.known_ids import KNOWN_IDS

BOOK = Path(__file__).resolve().parents[3] / "book"

SEEDS = (1, 2, 3)

DTYPES = (np.float64, np.float32)

# With a guard so small that it shows at 0 alone, nothing tells how it was put there.
TWINS = {("probs-loss-clipped", "probs-loss-epsilon"), ("loss-clipped", "loss-epsilon")}


KINDS_OF_ENTRIES = sorted({entry.kind for entry in CATALOGUE.values()})
by_kind = pytest.mark.parametrize("kind", KINDS_OF_ENTRIES)


def entries_of(kind):
    return [entry for entry in CATALOGUE.values() if entry.kind == kind]


def draws(entry, number):
    """The inputs on which one form of a mistake is tried."""
    all_draws = list(itertools.product(SEEDS, DTYPES))
    if is_long_search():
        return all_draws
    if entry.sources:  # what is wrong in it shows in the extremes, which no seed draws
        return [all_draws[len(entry.id) % 2]] if number == 0 else []
    return all_draws[:2] if number == 0 else [all_draws[number % 2]]


@pytest.mark.usefixtures("no_threads")
@by_kind
def test_every_mistake_is_diagnosed_as_itself(kind):
    for entry in entries_of(kind):
        for number, function in enumerate(entry.functions):
            for seed, dtype in draws(entry, number):
                found = judged(function, kind, seed, dtype).candidates
                assert found == (entry.id,) or (entry.id in found and found in TWINS)


@pytest.mark.slow
@pytest.mark.usefixtures("no_threads")
@by_kind
def test_every_mistake_is_diagnosed_by_the_public_function(kind):
    for entry in entries_of(kind):
        # Those made from text differ in their kind alone: one kind of them stands for all.
        if entry.sources and kind != "softmax" and not is_long_search():
            continue
        verdict = diagnosed(entry.wrong, kind)
        assert entry.id in verdict.candidates
        assert unspaced(entry.title) in unspaced(verdict.message) or (
            unspaced(entry.message) in unspaced(verdict.message)
        )
        assert f'See "{entry.section}"' in verdict.message
        assert verdict.kind == kind


def test_twins_are_told_together():
    verdict = diagnosed(
        lambda logits, y: CATALOGUE["loss-clipped"].wrong(logits, y, smallest=1e-12),
        "cross_entropy",
    )
    assert verdict.candidates in TWINS
    assert "no answer can tell these apart" in verdict.message


@functools.cache
def headings(chapter):
    cells = json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.findall(r"^#+ +(.*?) *$", text, re.MULTILINE)


def test_the_catalogue_is_large_and_its_ids_are_names():
    assert len(CATALOGUE) >= 240
    for key, entry in CATALOGUE.items():
        assert key == entry.id
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", key)


def test_ids_keep_their_meaning():
    for kind, ids in KNOWN_IDS.items():
        assert {CATALOGUE[id].kind for id in ids.split()} == {kind}


def test_the_catalogue_holds_every_mistake_of_every_file():
    files = Path(catalogue.__file__).parent.glob("*.py")
    written = sum(file.read_text(encoding="utf-8").count("\n@mistake(") for file in files)
    made = len(wrong_softmaxes.ENTRIES) + len(wrong_targets.ENTRIES)
    assert written + made == len(CATALOGUE)


@by_kind
def test_an_entry_says_what_a_learner_needs(kind):
    assert kind in KINDS
    for entry in entries_of(kind):
        assert entry.section in headings(entry.chapter)
        assert entry.symptom
        assert len(textwrap.wrap(f"Likely: {entry.message}", 88)) <= 2
        assert entry.message.endswith(".")
        assert not entry.title.endswith(".")
        assert not re.search(r"[^.]\.$", entry.symptom)
        assert re.match(r"[a-z1]|ReLU", entry.title)
        assert not BLAME.search(f"{entry.title} {entry.symptom} {entry.message}")


@by_kind
def test_the_source_does_what_the_mistake_does(kind):
    helpers = {
        name: getattr(gradients, name)
        for name in ("logits_gradient", "weight_gradient")
        if name != kind
    }
    public = {name: getattr(lib, name) for name in lib.__all__}
    for entry in sample_of_entries(4, kind):
        names = {"np": np, **public, **helpers}
        assert len(entry.source.splitlines()) <= 10
        assert ast.parse(entry.source).body[0].name == kind
        exec(entry.source, names)
        for probe in KINDS[kind].probes():
            answers = [
                outcome(function, probe.arguments) for function in (names[kind], entry.wrong)
            ]
            assert answers[0] == answers[1]


def outcome(function, arguments):
    given = [np.copy(value) if isinstance(value, np.ndarray) else value for value in arguments]
    with np.errstate(all="ignore"):
        try:
            answer = function(*given)
        except Exception as error:
            return type(error)
    return repr(answer), repr(given)
