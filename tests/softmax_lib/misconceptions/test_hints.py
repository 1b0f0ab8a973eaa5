"""Where no mistake is known there is a next step, and a section that exists."""

import functools
import json
import re
from pathlib import Path

import pytest

from softmax_lib.misconceptions.hints import next_step, section_of
from softmax_lib.misconceptions.kinds import KINDS
from tests.support.diagnoses import diagnosed

BOOK = Path(__file__).resolve().parents[3] / "book"


@functools.cache
def headings(chapter):
    cells = json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.findall(r"^#+ +(.*?) *$", text, re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_has_a_next_step_and_a_section(kind):
    chapter, section = section_of(kind)
    assert section in headings(chapter)
    assert next_step(kind).startswith("Next: ")


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_that_is_new_is_told_where_to_go_on(kind):
    def odd(*arguments):
        truth = KINDS[kind].truth(*arguments)
        return tuple(t * t + 0.1 for t in truth) if isinstance(truth, tuple) else truth**2 + 0.1

    verdict = diagnosed(odd, kind)
    assert verdict.id == "unknown"
    assert "Next: " in verdict.message.replace("\n", " ")
    assert f'See "{section_of(KINDS[kind])[1]}"' in verdict.message


def test_what_is_said_of_a_bias_is_true_of_its_layer():
    def first_layer_only(X, y, W1, b1, W2, b2):
        dW1, db1, dW2, db2 = KINDS["network_gradients"].truth(X, y, W1, b1, W2, b2)
        return dW1, db1.sum() + 1, dW2, db2

    message = diagnosed(first_layer_only, "network_gradients").message.replace("\n", " ")
    assert "one bias for each hidden unit. Sum over the examples alone, with axis=0." in message
    assert "sum of everything" not in message
