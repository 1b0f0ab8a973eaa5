"""A page in long use: what it lets go of, what it keeps, and pages beside each other."""

import pytest
from playwright.sync_api import expect

from tests.support.live import ENDLESS, PRINTED, LivePage, texts

pytestmark = pytest.mark.weekly

MEGABYTE = 1_000_000
VECTOR = 16 * MEGABYTE  # what a run of each cell makes: twenty of them would show
HEAVY = [
    ("import matplotlib.pyplot as plt\nimport numpy as np",),
    ("held = np.ones(2_000_000)\nplt.plot(held[:9])\nplt.show()",),
    ("def fail():\n    local = np.ones(2_000_000)\n    return local[2_000_000]\n\nfail()",),
]
BESIDE = [("n = 1",), ("n += 1\nprint(n)", PRINTED), (ENDLESS, PRINTED)]


def memory(live):
    """The bytes of the worker's Python, and the nodes and bytes of the page."""
    (worker,) = live.page.workers
    page = live.page.context.new_cdp_session(live.page)
    page.send("HeapProfiler.collectGarbage")
    return (
        worker.evaluate("python._module.HEAPU8.length"),
        page.send("Memory.getDOMCounters")["nodes"],
        page.send("Runtime.getHeapUsage")["usedSize"],
    )


def test_twenty_runs_take_no_more_memory_than_the_first(open_page):
    live = open_page(HEAVY)

    def run(times):
        for _ in range(times):
            live.run(2)
            live.run(3)
        return memory(live)

    python, nodes, used = run(3)
    python_later, nodes_later, used_later = run(20)
    assert python_later < python + 3 * VECTOR  # it grows in steps
    assert nodes_later <= nodes
    assert used_later < used + MEGABYTE


def test_two_pages_at_once_know_nothing_of_each_other(open_page):
    one = open_page(BESIDE)
    other = LivePage(one.page.context.new_page())
    other.page.goto(one.page.url)
    one.button("Run", 3).click()
    expect(one.status).to_have_text("Running cell 3 …")
    other.write(1, "n = 2")
    other.run(2)
    assert texts(other)[1] == "3\n"
    one.expect_busy(3)
    one.button("Stop").click()
    one.run(2)
    other.run(2)
    assert [texts(one)[1], texts(other)[1]] == ["2\n", "4\n"]


def test_a_reload_ends_what_runs_and_brings_the_printed_page(open_page):
    live = open_page(BESIDE)
    live.button("Run", 3).click()
    expect(live.status).to_have_text("Running cell 3 …")
    (worker,) = live.page.workers
    with worker.expect_event("close"):
        live.page.reload()
    expect(live.status).to_contain_text("Nothing is loaded yet.")
    assert live.page.locator("[aria-busy]").count() == 0
    assert texts(live) == ["", "as printed\n", "as printed\n"]
    live.run(2)
    assert texts(live) == ["", "2\n", "as printed\n"]


def test_an_exercise_solved_in_its_cell_stands_in_the_progress(window, site):
    live = LivePage(window())
    live.page.goto(f"{site}book/01-softmax-vs-hardmax.html")
    sources = live.page.locator(".cell .cell_input pre").all_inner_texts()
    number = 1 + next(n for n, code in enumerate(sources) if "exercise_1.check(None)" in code)
    line = live.page.locator(".practice-line")
    for answer, solved in (('["the same", "the same"]', 0), ('["the same", "larger"]', 1)):
        live.write(number, f"exercise_1.check({answer})")
        live.run(number)
        expect(line).to_contain_text(f"{solved} of 6 exercises")
    line.get_by_role("link", name="Your progress").click()
    row = live.page.get_by_role("row", name="Softmax vs hardmax")
    expect(row).to_contain_text("1 of 6")
