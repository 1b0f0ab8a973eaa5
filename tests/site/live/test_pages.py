"""Chapters in Chromium: every cell gives what is printed."""

import pytest

from tests.support.live import WHOLE_PAGE, LivePage, printed, the_pages


@pytest.mark.parametrize(
    "page", the_pages({"prerequisites", "01-softmax-vs-hardmax", "03-cross-entropy"})
)
def test_every_cell_gives_what_is_printed(window, site, page):
    live = LivePage(window())
    live.page.goto(f"{site}{page.as_posix()}")
    live.page.evaluate(
        "document.querySelectorAll('.cell_output').forEach(o => o.replaceChildren())"
    )
    live.button("Run all above").click()
    live.wait(WHOLE_PAGE)
    assert live.given() == printed(page)
