"""Where no mistake is known there is a next step, and a section that exists."""

import functools
import json
import re
from pathlib import Path

import numpy as np
import pytest

import softmax_lib as lib
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


def test_what_is_wrong_for_several_is_said_where_it_shows():
    def first_row(Z):
        for row in Z:
            return lib.softmax(row)[None]

    def first_loss(logits, y):
        for z, label in zip(logits, y, strict=True):
            return -lib.log_softmax(z)[label] / len(y)

    def last_row(Z):
        for row in Z:
            p = lib.softmax(row)
        return [p]

    def m_by_m(Z):
        maximum = Z.max(axis=1, keepdims=True)
        return maximum + np.log(np.exp(Z - maximum).sum(axis=1))

    def one_mean(Z):
        return lib.softmax(Z) - lib.softmax(Z).mean(axis=0) + lib.softmax(Z[:1])

    for function, kind, says in [
        (first_row, "softmax", "does return stand inside the loop?"),
        (first_loss, "cross_entropy", "does return stand inside the loop?"),
        (last_row, "softmax", "Only the last example comes back"),
        (m_by_m, "logsumexp", "(m, 1) and (m,) make (m, m)."),
        (one_mean, "softmax", "Do they share something"),
    ]:
        assert says in diagnosed(function, kind).message.replace("\n", " ")


def test_the_next_step_fits_the_input():
    def added(Z):
        exps = np.exp(Z + Z.max(axis=1, keepdims=True))
        return exps / exps.sum(axis=1, keepdims=True)

    message = diagnosed(added, "softmax").message.replace("\n", " ")
    assert "Next: print what is exponentiated: nothing above 0 may be" in message
    odd = diagnosed(lambda Z: lib.softmax(Z) ** 2, "softmax").message.replace("\n", " ")
    assert "Next: call it with this input, and print each step." in odd
