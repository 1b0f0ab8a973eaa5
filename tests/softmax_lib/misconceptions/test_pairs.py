"""Of two mistakes in one function mostly one is named, and the function never passes."""

import pytest

from tests.support.diagnoses import judged, sample
from tests.support.pairs import pairs


@pytest.mark.slow
@pytest.mark.usefixtures("no_threads")
def test_of_two_mistakes_one_is_nearly_always_named_and_none_passes():
    named = []
    for first, second, function in sample(4, pairs()):
        verdict = judged(function, first.kind, 0, float)
        assert not verdict.ok, (first.id, second.id)
        named.append(bool({first.id, second.id} & set(verdict.candidates)))
    assert len(named) > 80
    assert sum(named) / len(named) > 0.9
