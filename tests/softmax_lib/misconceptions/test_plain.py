"""Verdicts and the catalogue as data: JSON can hold them, and they tell no other story."""

import json

import numpy as np
import pytest

from softmax_lib import diagnose
from softmax_lib.misconceptions import CATALOGUE
from softmax_lib.misconceptions.plain import (
    catalogue_as_data,
    entry_as_data,
    plain,
    verdict_as_data,
)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (np.array([[1.0, 2], [np.nan, -np.inf]]), [[1.0, 2.0], ["nan", "-inf"]]),
        ((np.float32(0.5), np.int64(3), np.True_), [0.5, 3, True]),
        ({"y": np.array([0, 1]), "n": 2}, {"y": [0, 1], "n": 2}),
        ([float("inf"), None, "text"], ["inf", None, "text"]),
        (np.array(2), 2),
        ({"f": np.exp, "x": object()}, {"f": "exp", "x": "object"}),
    ],
)
def test_what_json_lacks_is_said_by_name(value, data):
    assert plain(value) == data
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == data


def test_each_entry_of_the_catalogue_is_there_once():
    data = catalogue_as_data()
    assert [entry["id"] for entry in data] == list(CATALOGUE)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    fields = set(data[0])
    for entry in data:
        assert set(entry) == fields
        assert entry["input"] != {}
        assert entry["code"].startswith(f"def {entry['kind']}(")
        assert entry["answer"] != entry["expected"] or entry["overwritten"]


def test_an_entry_shows_the_smallest_input_that_fails():
    entry = entry_as_data(CATALOGUE["softmax-no-shift"])
    assert entry["input"] == {"Z": [[1000.0, 1001.0]]}
    assert entry["answer"] == [["nan", "nan"]]
    assert entry["expected"][0] == pytest.approx([0.26894142, 0.73105858])
    assert entry["overwritten"] == []


def test_an_entry_says_what_is_raised_and_what_is_overwritten():
    raises = entry_as_data(CATALOGUE["softmax-no-keepdims"])
    assert raises["answer"] == "ValueError is raised"
    overwrites = entry_as_data(CATALOGUE["step-in-place"])
    assert overwrites["overwritten"] == ["W", "b"]
    assert overwrites["answer"] == [pytest.approx(np.array(one)) for one in overwrites["expected"]]


def test_a_verdict_keeps_its_fields():
    verdict = diagnose(CATALOGUE["softmax-twice"].wrong, "softmax")
    data = verdict_as_data("mine", verdict)
    assert data.pop("name") == "mine"
    assert data.pop("explained") == pytest.approx(verdict.explained, abs=1e-4)
    assert data.pop("candidates") == list(verdict.candidates)
    assert data == {name: getattr(verdict, name) for name in ("kind", "ok", "id", "message")}
