"""What axe finds, and pictures that say nothing."""

from tests.support import checks


def test_axe_finds_nothing(visit):
    assert checks.violations(visit.page) == []


def test_every_picture_has_words(visit):
    assert checks.run(visit.page, "wordless") == []
