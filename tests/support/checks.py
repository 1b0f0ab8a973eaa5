"""The checks: each says what is wrong with a visited page, and nothing if all is well."""

from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe

from tests.support.window import switched

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
AXE_OF_A_PAGE = Axe(f"""{AXE_SCRIPT}
    axe.configure({{ rules: [{{ id: "color-contrast", selector: "[data-new-colours]" }}] }})""")
# To load the style sheets once more would serve no rule that is on.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
RULES_OF_COLOURS = ["color-contrast", "link-in-text-block"]
OF_COLOURS = OPTIONS | {"runOnly": RULES_OF_COLOURS}
OTHERS = OPTIONS | {"rules": {rule: {"enabled": False} for rule in RULES_OF_COLOURS}}

# The most that a page may weigh without its own figures, ask for, and jump while it loads. Style
# sheets and scripts are many small files: over HTTP/2 they travel at once.
BYTES, REQUESTS, SHIFT = 600_000, 50, 0.1
INDEX = "/searchindex.js"  # of all pages: what loads it may weigh more


def run(page, name, *arguments):
    """Run a check of checks.js in the page."""
    return page.evaluate(f"arguments => {{ {SCRIPT}; return {name}(...arguments) }}", arguments)


# --- a visit -------------------------------------------------------------------------------------


def in_page(name, visit):
    return run(visit.page, name)


def accessibility(visit):
    """What axe's rules find on a page, in as few looks as will do.

    Its rules of colours are asked a second time, when the reader's system has gone over to the
    other colours.
    """
    page = visit.page
    with meanwhile(page, "prepare"):
        found = told(AXE_OF_A_PAGE.run(page, options=OTHERS))
        run(page, "leaveColours")
        found += told(AXE_OF_A_PAGE.run(page, options=OF_COLOURS))
        with switched(page):
            others = told(AXE_OF_A_PAGE.run(page, options=OF_COLOURS))
        return found + [f"in the other colours, {words}" for words in others]


def accessibility_of(page, element):
    return told(Axe().run(page, element, OPTIONS))


def alone(page, element):
    """Take the rest of the article away meanwhile: what looks at it all is soon done."""
    return meanwhile(page, "leaveAlone", element)


@contextmanager
def meanwhile(page, change, *arguments):
    run(page, change, *arguments)
    try:
        yield
    finally:
        run(page, "putBack")


def told(results):
    """Rule, element and what is wrong, best practices included."""
    return [
        f"{rule['id']}: {node['target']} {node['html']:.200} {node['failureSummary']}"
        for rule in results.response["violations"]
        for node in rule["nodes"]
    ]


def dead_links(visit):
    """Links to pages that are not there, those included that scripts make."""
    addresses = [
        address.removeprefix(visit.site)
        for address in run(visit.page, "addresses")
        if address.startswith(visit.site)
    ]
    return [path for path in addresses if not (visit.folder / path).is_file()]


def weight(visit):
    sizes = visit.fetched()
    searches = any(urlsplit(address).path.endswith(INDEX) for address in sizes)
    if searches or (sum(sizes.values()) <= BYTES and len(sizes) <= REQUESTS):
        return []
    parts = sorted(((size, address) for address, size in sizes.items()), reverse=True)
    return [f"{sum(sizes.values())} bytes in {len(sizes)} requests: {parts}"]


def jumps(visit):
    """The cumulative layout shift."""
    total = sum(value for value, _ in visit.shifts)
    return [f"{value:.3f}: {words}" for value, words in visit.shifts] if total > SHIFT else []


def trouble(visit):
    """Another host, a missing file, a complaint on the browser's console."""
    return visit.window.trouble


def of_page(*names):
    """Checks of checks.js, by name."""
    return {name: partial(in_page, name) for name in names}


# What a narrower window may change.
LAYOUT = {
    **of_page("wordless", "sideways", "cut", "cutFormulas", "overlapping", "headingsOutOfView"),
    "trouble": trouble,
}
# What moves the page, or counts what it has done, comes late, and last what looks at each colour:
# some show only where a reader has come to by a link.
ALL = {
    "jumps": jumps,
    **of_page("strayPunctuation", "missingGlyphs", "deadAnchors", "repeatedIds"),
    **of_page("positiveTabindex", "wideFormulas"),
    "deadLinks": dead_links,
    **LAYOUT,
    "weight": weight,
    "accessibility": accessibility,
}
WITHOUT_SCRIPTS = {
    **of_page("hiddenText", "missingFigures", "missingEquations", "rawMathematics"),
    "trouble": trouble,
}


def complaints(visit, checks=ALL, where=""):
    """What each check has to say; one that fails itself does not hide the others."""
    found = {name + where: attempted(check, visit) for name, check in checks.items()}
    return {name: words for name, words in found.items() if words}


def report(found):
    return "\n".join(f"{name}: {complaint}" for name in found for complaint in found[name])


def attempted(check, visit):
    try:
        return check(visit)
    except Exception as error:
        return [f"the check failed: {error!r}"]


# --- the keyboard --------------------------------------------------------------------------------


def walk(page, most=2000):
    """Press Tab until the focus leaves the page, or comes back to the first stop."""
    stops = {}
    while len(stops) < most:
        page.keyboard.press("Tab")
        here = run(page, "stop")
        if here is None or here["number"] == next(iter(stops), None):
            break
        if here["number"] in stops:
            stops[here["number"]]["trouble"].append("holds the focus")
            break
        stops[here["number"]] = here
    return list(stops.values())


def troubled(stops):
    return [f"{stop['name']}: {trouble}" for stop in stops for trouble in stop["trouble"]]
