"""Which panels there are, and a panel on a page, moved and read as a reader moves and reads it."""

import re

from playwright.sync_api import expect

from tests.support.site_pages import ROOT

BOOK = ROOT / "book"
NAMED = re.compile(r'definePanel\(\{\s*name:\s*"([a-z-]+)"')
PANELS = [
    name
    for path in sorted((BOOK / "_static" / "panels").glob("*.js"))
    for name in NAMED.findall(path.read_text(encoding="utf-8"))
]


def page_of(name):
    """The first page of the book that holds a panel."""
    for path in sorted([*BOOK.rglob("*.ipynb"), *BOOK.rglob("*.md")]):
        if f"<{name}>" in path.read_text(encoding="utf-8"):
            return path.relative_to(ROOT).with_suffix(".html").as_posix()
    raise LookupError(f"no page holds the panel {name}")


class Panel:
    """Places are in the units of the panel's picture."""

    def __init__(self, page, name):
        self.page, self.name, self.element = page, name, page.locator(name)
        self.picture, self.words = self.element.locator("svg"), self.element.locator(".panel-words")

    def restart(self):
        self.element.evaluate("element => element.start()")

    # --- what it shows ---------------------------------------------------------------------------

    def state(self, key):
        return self.states()[key]

    def states(self):
        return self.element.evaluate("element => element.state")

    def ask(self, method):
        """What a function of the panel says of its state."""
        return self.element.evaluate(
            "(element, [name, method]) => Panels[name][method](element.state)", [self.name, method]
        )

    def calculate(self, function, *arguments):
        """What a function of the panels' arithmetic gives."""
        return self.page.evaluate(
            "([name, given]) => Arithmetic[name](...given)", [function, list(arguments)]
        )

    def says(self, words):
        """In the sentence, and in what a screen reader hears of the picture."""
        expect(self.words).to_contain_text(words)
        expect(self.picture).to_have_attribute("aria-label", re.compile(re.escape(words)))

    def drawing(self):
        return self.picture.evaluate("svg => svg.outerHTML")

    # --- by keyboard -----------------------------------------------------------------------------

    def set(self, **values):
        """Not by keyboard, but at once."""
        self.element.evaluate(
            "(element, values) => { Object.assign(element.state, values); element.show() }", values
        )

    def slider(self, label):
        return self.element.get_by_role("slider", name=label, exact=True)

    def key(self, label, key, times=1):
        """Press a key on a slider; return what stands beside it."""
        self.slider(label).focus()
        for _ in range(times):
            self.page.keyboard.press(key)
        return self.slider(label).locator("+ output").text_content()

    def buttons(self):
        """All but the one that starts again."""
        return self.element.locator("button:not([data-does=reset])").all()

    def press(self, button):
        self.element.get_by_role("button", name=button, exact=True).press("Enter")

    # --- by mouse and finger ---------------------------------------------------------------------

    def in_window(self, x, y):
        self.element.evaluate("element => element.scrollIntoView({ block: 'center' })")
        return self.picture.evaluate(
            """(svg, [x, y]) => {
                 const at = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
                 return [at.x, at.y];
               }""",
            [x, y],
        )

    def middle(self, handle):
        """Where a handle is, in the picture."""
        return self.element.locator(f"[data-handle='{handle}']").evaluate(
            """handle => {
                 const box = handle.getBoundingClientRect(), svg = handle.ownerSVGElement;
                 const at = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2)
                   .matrixTransform(svg.getScreenCTM().inverse());
                 return [at.x, at.y];
               }"""
        )

    def handles(self):
        return self.element.locator("[data-handle]").evaluate_all(
            "handles => handles.map(handle => handle.dataset.handle)"
        )

    def drag(self, handle, x, y):
        start, end = self.in_window(*self.middle(handle)), self.in_window(x, y)
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=3)
        self.page.mouse.up()

    def drag_by_finger(self, handle, x, y):
        start, end = self.in_window(*self.middle(handle)), self.in_window(x, y)
        devtools = self.page.context.new_cdp_session(self.page)
        middle = [(a + b) / 2 for a, b in zip(start, end, strict=True)]
        for kind, at in [("touchStart", start), ("touchMove", middle), ("touchMove", end)]:
            devtools.send(
                "Input.dispatchTouchEvent",
                {"type": kind, "touchPoints": [dict(zip("xy", at, strict=True))]},
            )
        devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        devtools.detach()
