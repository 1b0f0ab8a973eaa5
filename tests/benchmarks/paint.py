"""How soon a chapter shows its largest piece, on a processor four times slower.

python tests/benchmarks/paint.py

No test asserts a time; this prints the median of seven first loads, in seconds, for each chapter,
and before them that of a bare paragraph: what the machine takes for any page.
"""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.support.server import serve
from tests.support.site_pages import CHAPTERS, SITE
from tests.support.window import WIDTHS, Setting, chromium_launch_args, open_window

LOADS, AFTERWARDS = 7, 300  # milliseconds after the last file: what is painted then counts too
LARGEST = """() => new Promise(resolve => new PerformanceObserver(list =>
    resolve(list.getEntries().at(-1).startTime)
).observe({ type: "largest-contentful-paint", buffered: true }))"""


def largest_paint(browser, address, width):
    page = open_window(browser.new_context, Setting("light", width)).page
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address)
    page.wait_for_timeout(AFTERWARDS)
    seconds = page.evaluate(LARGEST) / 1000
    page.context.close()
    return seconds


def print_row(browser, site, path):
    times = [
        median(largest_paint(browser, site + path, width) for _ in range(LOADS)) for width in WIDTHS
    ]
    print(f"{path:40}", *(f"{time:6.2f}" for time in times), flush=True)


def main():
    with (
        sync_playwright() as playwright,
        serve(SITE) as site,
        TemporaryDirectory() as folder,
        serve(Path(folder)) as elsewhere,
    ):
        Path(folder, "bare.html").write_text("<!DOCTYPE html><p>" + "some words " * 100)
        browser = playwright.chromium.launch(**chromium_launch_args())
        print(f"{'largest contentful paint, seconds':40}", *(f"{width:>6}" for width in WIDTHS))
        print_row(browser, elsewhere, "bare.html")
        for path in CHAPTERS:
            print_row(browser, site, path)


if __name__ == "__main__":
    main()
