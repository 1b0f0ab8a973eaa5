"""A verdict keeps an example of the caller's own, and behaves as a value."""

import softmax_lib as lib
from tests.support.diagnoses import diagnosed


def test_the_example_is_the_callers_own():
    def cross_entropy(logits, y):
        return 2 * lib.cross_entropy(logits, y)

    first = diagnosed(cross_entropy)
    for value in first.example.inputs.values():
        value[...] = 2
    assert diagnosed(cross_entropy).message == first.message
    assert diagnosed(lib.cross_entropy).ok


def test_verdicts_can_be_compared_and_kept_in_sets():
    def softmax(Z):
        return Z

    one, other = diagnosed(softmax), diagnosed(softmax)
    assert one == one
    assert len({one, other}) == 2
