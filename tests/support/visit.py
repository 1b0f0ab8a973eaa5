"""A page, loaded once: what it asked for, how it moved meanwhile, and what it complained of."""

from dataclasses import dataclass
from pathlib import Path

from tests.support.window import Window

FIGURES = "**/_images/**"
PAINTED = "performance.getEntriesByName('first-contentful-paint').length"

# The cumulative layout shift; a browser that does not measure it says nothing.
SHIFTS = """() => new Promise(resolve => {
    if (!PerformanceObserver.supportedEntryTypes.includes("layout-shift")) return resolve(0)
    let sum = 0
    const add = entries => entries.forEach(entry => { sum += entry.value })
    const observer = new PerformanceObserver(list => add(list.getEntries()))
    observer.observe({ type: "layout-shift", buffered: true })
    requestAnimationFrame(() => requestAnimationFrame(() => {
        add(observer.takeRecords())
        resolve(sum)
    }))
})"""


@dataclass
class Visit:
    window: Window
    site: str  # the address of the folder
    folder: Path
    shift: float = 0

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
    """Visit a page as over a slow line: its figures come when its text was painted.

    What a route watches is never taken from the cache, so every visit is a first one.
    """
    window.forget()
    page, held = window.page, []
    page.unroute_all()
    page.route(FIGURES, lambda route: held.append(route))
    page.goto(site + path, wait_until="commit")
    page.wait_for_function(PAINTED)
    page.wait_for_load_state("domcontentloaded")
    page.route(FIGURES, lambda route: route.continue_())
    for route in held:
        route.continue_()
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready.then(() => null)")
    return Visit(window, site, folder, page.evaluate(SHIFTS))
