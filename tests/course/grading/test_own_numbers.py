"""The numbers of a student's own run, found in what they wrote."""

import pytest

from tools.course.grading.own_numbers import compared


@pytest.mark.parametrize(
    "text",
    [
        "96 % are right",
        "96,4%",
        "0.964? no: 96.38 per cent",
        "346 of 359",
        "right:346.",
        "from 93 to 97 (96.4)",
    ],
)
def test_a_number_is_found_as_it_may_be_written(text):
    assert compared({"right": [346, 96.3788]}, text).startswith("found: right 346 or 96.38")


@pytest.mark.parametrize("text", ["", "97 %", "96.3", "96.5", "3460", "34.6", "1346", "1", "100"])
def test_another_number_is_not(text):
    assert compared({"right": [346, 96.3788]}, text).startswith("not found: right 346 or 96.38")


def test_a_rounded_number_needs_two_digits_and_a_count_is_exact():
    assert compared({"share": [0.96]}, "1").startswith("not found")
    assert compared({"share": [0.96]}, "0.96").startswith("found")
    assert compared({"share": [9.7]}, "10 %").startswith("found")
    assert compared({"class": [1]}, "1.0").startswith("not found")


def test_numbers_that_belong_together_must_all_be_there():
    numbers = {"pair": [(1, 8), (4, 7)]}
    assert compared(numbers, "a 7 is taken for a 4") == "found: pair 1 and 8 or 4 and 7"
    assert compared(numbers, "1 and 7").startswith("not found: pair 1 and 8 or 4 and 7")


def test_what_is_not_computed_is_listed_once():
    told = compared({"right": [346]}, "346 of 359, and 12, and 359")
    assert told == "found: right 346\nnot computed here: 359, 12"


@pytest.mark.parametrize("text", ["9" * 20_000, "1." * 5_000, "٣", "1e400"])
def test_odd_numbers_do_no_harm(text):
    assert compared({"right": [346, float("nan")]}, text).startswith("not found: right 346 or nan")
