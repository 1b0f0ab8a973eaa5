"""A chapter is light, and does not jump while it loads. `paint.py` measures how soon it shows."""

import pytest

from tests.support.site_pages import CHAPTERS

BYTES, REQUESTS, SHIFT = 600_000, 25, 0.1

SHIFTS = """() => new Promise(resolve => {
    let sum = 0
    const add = entries => entries.forEach(entry => { sum += entry.value })
    const observer = new PerformanceObserver(list => add(list.getEntries()))
    observer.observe({ type: "layout-shift", buffered: true })
    requestAnimationFrame(() => requestAnimationFrame(() => {
        add(observer.takeRecords())
        resolve(sum)
    }))
})"""


def is_own_figure(request):
    return "/_images/" in request.url


def fetched(page, address):
    """The bytes of each request of a first load, beside the page's own figures."""
    requests = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto(address, wait_until="networkidle")
    return {
        request.url: request.sizes()["responseBodySize"]
        for request in requests
        if not is_own_figure(request)
    }


def shift(page, address):
    """The cumulative layout shift when the figures arrive after the text was painted."""
    held = []
    page.route("**/_images/**", lambda route: held.append(route))
    page.goto(address, wait_until="commit")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    page.wait_for_load_state("domcontentloaded")
    page.route("**/_images/**", lambda route: route.continue_())
    for route in held:
        route.continue_()
    page.wait_for_load_state("load")
    return page.evaluate(SHIFTS)


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapter_is_light(page, site, path):
    sizes = fetched(page, site + path)
    assert sum(sizes.values()) <= BYTES, sizes
    assert len(sizes) <= REQUESTS, sizes


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapter_stands_still(window, site, path, width):
    assert shift(window(width=width), site + path) <= SHIFT
