"""What a page loads, and when: nothing before the first press, each file once, only sound ones."""

import gzip
import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.site_pages import LIVE, SITE
from tools.site.pages import live_pages
from tools.site.python import megabytes

PRINT = [("import numpy as np\nprint(np.arange(3))",)]
DRAW = [*PRINT, ("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",)]


def packed(path):
    return len(gzip.compress(path.read_bytes()))


@pytest.fixture
def files(site):
    return json.loads((LIVE / "python" / "files.json").read_text())


def test_a_page_whose_cells_run_is_hardly_heavier(site):
    for page in live_pages():
        extra = packed(LIVE.parents[1] / page) - packed(SITE / page)
        assert 0 < extra + packed(LIVE / "live.js") + packed(LIVE / "live.css") < 15_000


def test_each_step_loads_its_files_and_a_second_visit_none(open_troubled, files):
    wire = {}

    def weigh(request):
        name = urlsplit(request.url).path.rpartition("/live/")[2]
        if name.startswith("python/"):
            wire[name] = request.sizes()["responseBodySize"]

    live = open_troubled(DRAW, lambda page: None)
    requests = []
    live.page.on("request", lambda request: requests.append(request.url))
    live.page.on("requestfinished", weigh)
    live.page.reload()
    start, figures, _ = megabytes(files)
    said = f"First run: {start:.1f} MB ({start + figures:.1f} with figures)"
    expect(live.cell(1)).to_contain_text(said)
    expect(live.status).to_contain_text(said)
    assert not any(word in url for url in requests for word in ("python/", "worker", "editor"))

    live.run(1)
    assert not any("matplotlib" in url for url in wire)
    assert start == pytest.approx(sum(wire.values()) / 1e6, abs=0.05)
    assert start <= 8
    expect(live.cell(1).get_by_text(said)).to_be_hidden()
    live.run(2)
    assert start + figures == pytest.approx(sum(wire.values()) / 1e6, abs=0.05)
    assert start + figures <= 12.5
    assert len(wire) == len(files) + 1  # and their list

    live.page.reload()
    live.page.route("**/live/**", lambda route: route.abort())
    live.run(2)
    assert live.given()[1]["shown"] == ["a picture"]


def damaged(name):
    content = bytearray((LIVE / "python" / name).read_bytes())
    content[len(content) // 2] ^= 1
    return bytes(content)


def truncated(name):
    content = (LIVE / "python" / name).read_bytes()
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("start", "how", "says"),
    [
        ("numpy-", "damaged", "is damaged"),
        ("pyodide.asm.js", "damaged", "is damaged"),
        ("softmax_lib-", "truncated", "came in part"),
        ("python_stdlib", "missing", "is missing on this site (404)"),
        ("pyodide.asm.wasm", "no network", "cannot be fetched: is there a network?"),
    ],
)
def test_a_file_that_fails_gives_one_line(open_troubled, start, how, says):
    (name,) = (path.name for path in (LIVE / "python").glob(f"{start}*"))
    answer = {
        "damaged": lambda route: route.fulfill(body=damaged(name)),
        "truncated": lambda route: route.fulfill(body=truncated(name)),
        "missing": lambda route: route.fulfill(status=404),
        "no network": lambda route: route.abort(),
    }[how]
    live = open_troubled(PRINT, lambda page: page.route(f"**/python/{name}*", answer))
    live.run(1)
    (line,) = live.given()[0]["wrong"]
    assert line.startswith(f"Python could not be loaded: {name} {says}")
    assert line.count("\n") == 1
    expect(live.status).to_have_text(line.strip())


def test_a_network_that_comes_back_is_used(open_troubled):
    live = open_troubled(PRINT, lambda page: page.route("**/python/*", lambda route: route.abort()))
    live.run(1)
    says = "Python could not be loaded: its script cannot be fetched: is there a network?\n"
    assert live.given()[0]["wrong"] == [says]
    live.page.unroute_all()
    live.button("Run", 1).click()
    expect(live.status).to_have_text("Starting Python …")
    live.expect_busy(1)


def test_stop_ends_the_loading_too(open_page):
    live = open_page(PRINT)
    live.button("Run", 1).click()
    live.button("Stop").click()
    assert live.given()[0]["wrong"] == ["Stopped.\n"]
    for _ in range(20):  # what was on its way has come, and has ended
        live.page.wait_for_timeout(500)
        if not live.page.workers:
            break
    assert live.page.workers == []
    expect(live.status).to_contain_text("Stopped.")


def test_without_a_network_the_editor_says_so(open_troubled):
    live = open_troubled(PRINT, lambda page: page.route("**/editor*", lambda route: route.abort()))
    live.button("Edit", 1).click()
    expect(live.status).to_have_text("The editor cannot be fetched: is there a network?")
    expect(live.cell(1).locator("pre").first).to_be_visible()


def test_a_browser_that_keeps_nothing_says_so(open_troubled):
    forbid = "Storage.prototype.setItem = () => { throw Error('full') }"
    live = open_troubled(PRINT, lambda page: page.add_init_script(forbid))
    live.write(1, "1")
    expect(live.status).to_contain_text("This browser keeps no changes")
