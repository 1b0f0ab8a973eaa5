"""Values on the wire: numbers, text, lists, tuples and arrays pass; nothing else does."""

import collections
import io
import json

import numpy as np
import pytest

from tools.course.runner import wire


def sent(value):
    pipe = io.BytesIO()
    wire.send(pipe, wire.pack(value))
    pipe.seek(0)
    packed = wire.receive(pipe)
    assert wire.receive(pipe) is None
    return wire.unpack(packed)


@pytest.mark.parametrize(
    "value", [None, True, 3, -(2**62), 0.1, float("inf"), "Ünal", [1, (2.0, ["a"])]]
)
def test_plain_values_come_back_as_they_are(value):
    assert sent(value) == value
    assert type(sent(value)) is type(value)


@pytest.mark.parametrize(
    "dtype", ["float64", "float32", "float16", "int32", "uint8", "bool", ">f8"]
)
def test_arrays_come_back_with_their_dtype_and_shape(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)[:, ::2]
    back = sent(array)
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)
    back[:] = 0  # it may be written to


@pytest.mark.parametrize(
    "value",
    [2**63, "x" * 2001, {"a": 1}, object(), [0] * 100_001, np.zeros(2**20), np.array([None]), 1j],
)
def test_of_anything_else_the_type_alone_passes(value):
    assert sent(value).of_type == type(sent(value)).__name__ == type(value).__name__


def test_a_named_tuple_passes_as_a_tuple():
    pair = collections.namedtuple("Pair", "W b")
    assert sent(pair(1, [2])) == (1, [2])


def test_an_array_of_arrays_passes_as_a_list():
    rows = np.array([np.zeros((1, 2)), np.ones((2, 2))], dtype=object)
    assert [type(sent(rows)), *map(np.shape, sent(rows))] == [list, (1, 2), (2, 2)]


@pytest.mark.parametrize("value", [{"a": 1, "b": 2}.values(), map(int, "12"), (i for i in (1, 2))])
def test_what_can_be_unpacked_keeps_its_entries(value):
    back = sent(value)
    assert back.entries == [1, 2]
    assert back.of_type == type(value).__name__


@pytest.mark.parametrize("dtype", ["O", "|O", "<U3", "<f8,<f8", "V8", "M8[s]"])
def test_no_dtype_but_of_numbers_is_unpacked(dtype):
    with pytest.raises(ValueError, match="is no dtype of numbers"):
        wire.unpack({"array": "00" * 8, "dtype": dtype, "shape": [1]})


def test_a_message_that_breaks_off_is_noticed():
    pipe = io.BytesIO(wire.framed({"a": 1})[:-1])
    with pytest.raises(json.JSONDecodeError):
        wire.receive(pipe)
