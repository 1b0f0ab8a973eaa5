"""The catalogue in the site: a file for programs and a page for readers, of the same entries."""

import json
import re
from types import SimpleNamespace

import pytest

import softmax_lib
from softmax_lib.misconceptions import CATALOGUE
from tests.site.test_site import SITE, load
from tools.book_ext.catalogue import SHOWN, as_json, evidence, in_words, make_entries_known

pytestmark = pytest.mark.built

DATA = SITE / "catalogue.json"


def test_the_file_holds_every_mistake_and_the_version():
    data = json.loads(DATA.read_text(encoding="utf-8"))
    assert data["softmax_lib"] == softmax_lib.__version__
    assert [entry["id"] for entry in data["mistakes"]] == list(CATALOGUE)


def test_the_file_leads_to_sections_of_the_book():
    for entry in json.loads(DATA.read_text(encoding="utf-8"))["mistakes"]:
        file, _, anchor = entry["page"].partition("#")
        assert anchor in load(SITE / file).anchors, entry["id"]


def test_the_page_has_an_anchor_for_every_mistake():
    assert set(CATALOGUE) <= load(SITE / "book" / "catalogue.html").anchors


def test_the_page_for_tool_makers_names_every_field():
    page = (SITE / "book" / "tool-makers.html").read_text(encoding="utf-8")
    (entry, *_) = json.loads(DATA.read_text(encoding="utf-8"))["mistakes"]
    table = page.partition("The catalogue as data")[2].partition("</table>")[0]
    assert set(re.findall(r"<span class=\"pre\">(\w+)</span>", table)) >= set(entry)
    assert SHOWN in page.partition("One entry of the file")[2].partition("In Python")[0]


def test_numbers_of_a_row_share_a_line():
    data = {"Z": [[1.0, 2.0], [3.0, "nan"]], "ids": [], "code": "a [\n1\n]", "y": [0]}
    text = as_json(data)
    assert json.loads(text) == data
    assert '    [3.0, "nan"]\n' in text
    assert '"y": [0]' in text


def entry_with(**fields):
    return {
        "id": "a-b",
        "kind": "softmax",
        "title": "`*` for _x_[0]",
        "symptom": "<b>",
        "section": "1 < 2",
        "page": "book/03-c.html#x",
        "input": {"Z": [[1000.0, 1001.0]]},
        "answer": [["nan", "nan"]],
        "expected": [[0.268941, 0.731059]],
        "overwritten": [],
        **fields,
    }


def test_signs_of_markdown_in_an_entry_are_text():
    words = in_words(entry_with())
    assert r"\`\*\` for \_x\_\[0\]" in words
    assert r"\<b\>" in words
    assert '<a href="03-c.html#x">1 &lt; 2</a>' in words


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        (
            {},
            [
                "given     Z = [[1000, 1001]]",
                "answers   [[nan, nan]]",
                "expected  [[0.2689, 0.7311]]",
            ],
        ),
        (
            {"answer": "ValueError is raised", "input": {"Z": [[0.0] * 40] * 2, "n": 3}},
            [
                "given     Z = (shape (2, 40)), n = 3",
                "answers   ValueError is raised",
                "expected  [[0.2689, 0.7311]]",
            ],
        ),
        (
            {"overwritten": ["W", "b"]},
            ["given     Z = [[1000, 1001]]", "after it  other numbers in W and b"],
        ),
        (
            {"kind": "weight_gradient", "answer": [[[1]], [2]], "expected": [[[1]], [3]]},
            ["given     Z = [[1000, 1001]]", "answers   db = [2]", "expected  db = [3]"],
        ),
        (
            {"kind": "weight_gradient", "answer": "ValueError is raised", "expected": [[[1]], [3]]},
            [
                "given     Z = [[1000, 1001]]",
                "answers   ValueError is raised",
                "expected  dW = [[1]]",
            ],
        ),
        (
            {"answer": [[0.25, 0.3333]], "expected": [[0.25 + 1e-12, 1 / 3]]},
            [
                "given     Z = [[1000, 1001]]",
                "answers   0.3333 at [0, 1]",
                "expected  0.33333333 at [0, 1]",
            ],
        ),
        (
            {"answer": [[0.0] * 40], "expected": [[0.0] * 39 + [1.0]]},
            [
                "given     Z = [[1000, 1001]]",
                "answers   0 at [0, 39]",
                "expected  1 at [0, 39]",
            ],
        ),
    ],
)
def test_the_evidence_is_what_differs(fields, lines):
    assert evidence(entry_with(**fields)) == lines


def test_a_link_to_an_entry_of_the_page_finds_it():
    heading = (7, "softmax-z", "softmax(Z)")
    env = SimpleNamespace(docname="book/catalogue", metadata={"book/catalogue": {}})
    env.metadata["book/catalogue"]["myst_slugs"] = {"softmax-z": heading}
    make_entries_known(SimpleNamespace(env=env), None)
    places = env.metadata["book/catalogue"]["myst_slugs"]
    assert places["softmax-z"] == heading
    assert {name: at for name, (_, at, _) in places.items() if name in CATALOGUE} == {
        name: name for name in CATALOGUE
    }
