"""A page, loaded once: what it asked for, how it moved meanwhile, and what it complained of."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.window import Window

LATE = re.compile(r"/_images/|\.woff2?\b")
PAINTED = "performance.getEntriesByName('first-contentful-paint').length"

# How far what moved, and which element moved most; a browser that does not measure it says nothing.
SHIFTS = """() => new Promise(resolve => {
    const type = "layout-shift"
    if (!PerformanceObserver.supportedEntryTypes.includes(type)) return resolve([])
    const entries = []
    const observer = new PerformanceObserver(list => entries.push(...list.getEntries()))
    observer.observe({ type, buffered: true })
    requestAnimationFrame(() => requestAnimationFrame(() => {
        entries.push(...observer.takeRecords())
        resolve(entries.map(({ value, sources }) =>
            [value, sources[0]?.node?.textContent.trim().slice(0, 60) ?? ""]))
    }))
})"""


@dataclass
class Visit:
    window: Window
    site: str  # the address of the folder
    folder: Path
    shifts: list[tuple[float, str]] = field(default_factory=list)

    @property
    def page(self):
        return self.window.page

    def fetched(self):
        """The bytes of each request, beside the page's own figures."""
        return {
            request.url: request.sizes()["responseBodySize"]
            for request in self.window.finished
            if "/_images/" not in request.url
        }


def pay(window, site, folder, path):
    """Visit a page as over a slow line: figures and typefaces come when its text was painted.

    A page whose requests a route sees takes nothing from the cache: every visit is a first one.
    """
    window.forget()
    page, held = window.page, []
    page.unroute_all()
    page.route(LATE, lambda route: held.append(route))
    page.goto(site + path, wait_until="commit")
    page.wait_for_function(PAINTED)
    page.wait_for_load_state("domcontentloaded")
    page.route(LATE, lambda route: route.continue_())
    for route in held:
        route.continue_()
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready.then(() => null)")
    return Visit(window, site, folder, page.evaluate(SHIFTS))


IS_STYLED = """() => document.fonts.ready.then(fonts => ({
    styled: getComputedStyle(document.documentElement).getPropertyValue("--pst-color-text-base"),
    missing: [...fonts].filter(font => font.status === "error").map(font => font.family),
}))"""


def assert_styled(page):
    look = page.evaluate(IS_STYLED)
    assert look["styled"]
    assert look["missing"] == []
