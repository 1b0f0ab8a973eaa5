"""Cells of a page: what runs, in which order, what is shown, and what stops."""

from playwright.sync_api import expect

from tests.support.live import ENDLESS, PRINTED, texts

COUNT = [("n = 1",), ("n += 1\nprint(n)", PRINTED), ("print(n * 10)", PRINTED)]
FIGURE = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nplt.plot([1]);"


def test_cells_above_run_first_and_once(open_page):
    live = open_page(COUNT)
    assert texts(live) == ["", "as printed\n", "as printed\n"]
    live.run(3)
    assert texts(live) == ["", "2\n", "20\n"]
    live.run(3)
    live.run(2)
    assert texts(live) == ["", "3\n", "20\n"]
    live.button("Run all above").click()
    live.wait()
    assert texts(live) == ["", "2\n", "20\n"]
    expect(live.status).to_have_text("Done.")

    live.button("Restore the printed output").click()
    assert texts(live) == ["", "as printed\n", "as printed\n"]
    live.run(2)
    assert texts(live) == ["", "3\n", "as printed\n"]

    live.button("Reset").click()
    assert texts(live) == ["", "as printed\n", "as printed\n"]
    live.run(3)
    assert texts(live) == ["", "2\n", "20\n"]


def test_an_endless_loop_is_stopped_and_the_page_goes_on(open_page):
    live = open_page([("n = 7",), (ENDLESS, PRINTED), ("print(n)", PRINTED)])
    live.button("Run", 3).click()
    live.expect_busy(1, 2, 3)
    expect(live.status).to_have_text("Running cell 2, 1 waiting …", timeout=60_000)
    live.expect_busy(2, 3)
    (worker,) = live.page.workers
    with worker.expect_event("close"):  # Chromium lets a script run on for two seconds
        live.button("Stop").click()
        expect(live.page.locator("[aria-busy]")).to_have_count(0, timeout=2000)
    assert live.given()[1]["wrong"] == ["Stopped.\n"]
    assert texts(live)[2] == "as printed\n"
    expect(live.button("Stop")).to_be_disabled()
    expect(live.button("Run", 2)).to_be_focused()
    live.write(2, "print(n + 1)")
    live.run(3)
    assert texts(live) == ["", "8\n", "7\n"]


def test_an_error_ends_the_run_unless_the_page_expects_it(open_page):
    live = open_page(
        [
            ("1 / 0", "", "tag_raises-exception"),
            ("print('on')",),
            ("import json\njson.loads('{')",),
            ("print('never')", PRINTED),
        ]
    )
    live.run(4)
    given = live.given()
    assert "ZeroDivisionError: division by zero" in given[0]["wrong"][0]
    assert given[1]["stdout"] == "on\n"
    assert given[2]["wrong"][0].count("File") == 1
    assert given[3]["stdout"] == "as printed\n"
    expect(live.status).to_have_text("An error in cell 3. 1 more were not run.")


def test_figures_html_and_verdicts_are_shown(open_page):
    verdict = "from softmax_lib import diagnose\ndiagnose(lambda Z: Z * 0, 'softmax')"
    table = (
        "class Table:\n    _repr_html_ = lambda self: '<table><tr><td>3</td></tr></table>'\nTable()"
    )
    old = '<img alt="a line that rises" src="data:,">'
    live = open_page([(verdict,), (table,), (FIGURE, old)])
    live.run(2)
    assert "not right yet" in live.given()[0]["shown"][0]
    expect(live.output(2).get_by_role("cell", name="3")).to_be_visible()
    live.run(3)
    assert live.given()[2]["alt"] == ["a line that rises", "The figure that your code draws"]
    live.page.evaluate("[...document.images].at(-1).decode()")
    live.write(3, FIGURE.replace("[1, 2]", "[2, 1]"))
    live.run(3)
    assert set(live.given()[2]["alt"]) == {"The figure that your code draws"}


def test_the_keyboard_does_it_all(open_page):
    live = open_page(COUNT)
    keys = live.page.keyboard
    live.button("Run", 1).focus()
    keys.press("Tab")
    expect(live.button("Edit", 1)).to_be_focused()
    keys.press("Enter")
    editor = live.cell(1).get_by_role("textbox")
    expect(editor).to_be_focused()
    keys.press("Control+End")
    keys.insert_text("\nif n:")
    keys.press("Enter")
    keys.insert_text("n = 4")
    keys.press("Shift+Enter")
    live.wait()
    expect(editor).to_be_focused()
    assert live.cell(1).locator("pre").first.text_content() == "n = 1\nif n:\n    n = 4"
    keys.press("Tab")
    expect(editor).to_be_focused()
    keys.press("Escape")
    keys.press("Tab")
    expect(live.button("Run", 1)).to_be_focused()
    live.button("Run", 2).focus()
    keys.press("Shift+Enter")
    live.wait()
    assert texts(live) == ["", "5\n", "as printed\n"]


def test_changes_are_kept_and_can_be_undone(open_page):
    live = open_page(COUNT)
    live.write(2, "print('mine')")
    live.page.reload()
    expect(live.cell(2).locator("pre").first).to_have_text("print('mine')")
    live.run(2)
    assert texts(live)[1] == "mine\n"
    live.button("Undo my changes", 2).click()
    live.page.reload()
    expect(live.cell(2).locator("pre").first).to_have_text("n += 1\nprint(n)")
    expect(live.button("Undo my changes", 2)).to_be_hidden()
    assert live.page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('live'))") == []
