"""What a screen reader is told, in which order: the page *What runs where* says the same."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.live import ENDLESS

PROGRESS = re.compile(r"Loading: (\d+) of [\d.]+ MB")
LISTEN = """() => {
    window.heard = []
    const tell = ({ target, type, attributeName, addedNodes }) => {
        const element = target.closest?.(".cell_output, [role=status], .cell")
        if (type === "attributes") heard.push(target.hasAttribute(attributeName) ? "busy" : "ready")
        else if (element?.matches("[role=status]")) heard.push(element.textContent)
        else if (element?.matches(".cell_output") && addedNodes.length)
            heard.push(`output ends: ${element.textContent.trim().split("\\n").at(-1)}`)
    }
    const watch = { childList: true, subtree: true, attributeFilter: ["aria-busy"] }
    new MutationObserver(all => all.forEach(tell)).observe(document.querySelector("article"), watch)
}"""


def heard(live):
    return live.page.evaluate("heard.splice(0)")


@pytest.mark.weekly
def test_what_is_told_comes_in_order(open_page):
    live = open_page([("print(6 * 7)",), ("1 / 0",), (ENDLESS,)])
    live.page.evaluate(LISTEN)
    run = live.button("Run", 1)
    run.focus()
    run.press("Enter")
    live.wait()
    told = heard(live)
    progress = [int(found[1]) for line in told if (found := PROGRESS.fullmatch(line))]
    assert progress == sorted(set(progress))
    assert [line for line in told if not PROGRESS.fullmatch(line)] == [
        "busy",
        "Loading Python …",
        "Starting Python …",
        "Running cell 1 …",
        "output ends: 42",
        "ready",
        "Done.",
    ]
    expect(run).to_be_focused()

    live.run(2)
    assert heard(live) == [
        "busy",
        "Running cell 2 …",
        "output ends: ZeroDivisionError: division by zero",
        "ready",
        "An error in cell 2.",
    ]

    live.button("Run", 3).click()
    expect(live.status).to_have_text("Running cell 3 …")
    live.button("Stop").click()
    expect(live.button("Run", 3)).to_be_focused()
    assert heard(live) == [
        "busy",
        "Running cell 3 …",
        "output ends: Stopped.",
        "ready",
        "Stopped. The next run starts Python anew, and runs the cells above first.",
    ]
