"""How soon a chapter shows its largest piece, on a processor four times slower.

python tests/site/paint.py

No test asserts a time; this prints the median of three first loads, in seconds, for each chapter.
"""

from statistics import median

from playwright.sync_api import sync_playwright
from server import serve
from site_pages import CHAPTERS, SITE
from window import WIDTHS, launch, open_window

LARGEST = """() => new Promise(resolve => new PerformanceObserver(list =>
    resolve(list.getEntries().at(-1).startTime)
).observe({ type: "largest-contentful-paint", buffered: true }))"""


def largest_paint(browser, address, width):
    page = open_window(browser, width=width).page
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="networkidle")
    seconds = page.evaluate(LARGEST) / 1000
    page.context.close()
    return seconds


def main():
    with sync_playwright() as playwright, serve(SITE) as site:
        browser = launch(playwright)
        print(f"{'largest contentful paint, seconds':40}", *(f"{width:>6}" for width in WIDTHS))
        for path in CHAPTERS:
            times = [median(largest_paint(browser, site + path, width) for _ in range(3))
                     for width in WIDTHS]
            print(f"{path:40}", *(f"{time:6.2f}" for time in times))


if __name__ == "__main__":
    main()
