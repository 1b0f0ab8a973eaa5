"""No page asks another host, misses a file, or complains on the browser's console."""


def test_a_page_makes_no_trouble(visit):
    assert visit.trouble == []
