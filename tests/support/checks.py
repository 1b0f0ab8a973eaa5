"""The checks: each says what is wrong with a loaded page, and nothing if all is well."""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
AXE = Axe(f"""{AXE_SCRIPT}
    axe.configure({{ rules: [{{ id: "color-contrast", selector: "[data-new-colours]" }}] }})""")
# To load the style sheets once more would serve no rule that is on.
OPTIONS = {"resultTypes": ["violations"], "preload": False}


def run(page, name, *arguments):
    """Run a check of checks.js in the page."""
    return page.evaluate(f"arguments => {{ {SCRIPT}; return {name}(...arguments) }}", arguments)


def violations(page):
    """What axe's rules find, best practices included: rule, element and what is wrong."""
    run(page, "prepare")
    found = AXE.run(page, options=OPTIONS).response["violations"]
    run(page, "putBack")
    return [
        f"{rule['id']}: {node['target']} {node['html']:.200} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


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
