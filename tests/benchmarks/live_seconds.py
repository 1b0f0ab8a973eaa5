"""Print how long a reader waits for the first text, and the first figure, of a page that runs.

    python -m tests.benchmarks.live_seconds [ROUNDS]

Chromium shows what `make site` has built, with nothing in its own cache, as fast as this machine
is and four times as slow: then all its processes stand still for three quarters of the time.
"""

from __future__ import annotations

import os
import signal
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from tests.support.live import LivePage, printed
from tests.support.server import serve
from tests.support.site_pages import LIVE
from tests.support.window import chromium_launch_args, open_window
from tools.site.pages import live_pages

SLOWDOWN = 4
TURN = 0.02  # seconds, about one frame


def main(rounds: int = 5) -> None:
    known = map(first_cells, live_pages())
    page, text, figure = next(one for one in known if one[1] < one[2])
    with serve(LIVE.parents[1]) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_launch_args())
        address = f"{site}{page.with_suffix('.html')}"
        for slowdown in 1, SLOWDOWN:
            for name, cell in {"text": text, "figure": figure}.items():
                with slowed(slowdown):
                    times = [seconds(browser, address, cell) for _ in range(rounds)]
                print(
                    f"first {name}, slowdown {slowdown}: median {statistics.median(times):.1f} "
                    f"seconds, {min(times):.1f} to {max(times):.1f}",
                    flush=True,
                )
        browser.close()


def first_cells(page: Path) -> tuple[Path, int, int]:
    """The page, and which of its cells are the first to print and the first to draw."""
    cells = printed(page)
    text = next(n for n, cell in enumerate(cells, 1) if cell["stdout"] or cell["shown"])
    figures = (n for n, cell in enumerate(cells, 1) if "a picture" in cell["shown"])
    return page, text, next(figures, 0)


def seconds(browser: Browser, address: str, cell: int) -> float:
    """From a press on Run until that cell is done, in a fresh window."""
    window = open_window(browser.new_context)
    window.page.goto(address)
    live = LivePage(window.page)
    live.button("Run", cell).wait_for()
    begun = time.monotonic()
    live.run(cell)
    passed = time.monotonic() - begun
    assert not window.trouble, window.trouble
    window.page.context.close()
    return passed


@contextmanager
def slowed(factor: int) -> Iterator[None]:
    """Let the browser, a group of processes, run for one of so many parts of the time."""
    ended, group = threading.Event(), browser_group()

    def take_turns() -> None:
        while factor > 1 and not ended.is_set():
            for number, part in ((signal.SIGSTOP, 1 - 1 / factor), (signal.SIGCONT, 1 / factor)):
                os.killpg(group, number)
                time.sleep(TURN * part)

    thread = threading.Thread(target=take_turns)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def browser_group() -> int:
    (group,) = {
        os.getpgid(process.pid)
        for process in psutil.Process().children(recursive=True)
        if process.name().startswith("chrom")
    }
    return group


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
