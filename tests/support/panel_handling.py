"""A panel on a page, moved as a reader moves it."""

import re

from playwright.sync_api import expect


class Panel:
    """Places are in the units of the panel's picture."""

    def __init__(self, page, name):
        self.page, self.name, self.element = page, name, page.locator(name)

    def restart(self):
        self.element.evaluate("element => element.start()")

    def state(self, key):
        return self.element.evaluate("(element, key) => element.state[key]", key)

    def set(self, **values):
        self.element.evaluate(
            "(element, values) => { Object.assign(element.state, values); element.show() }", values
        )

    def ask(self, method):
        """What a function of the panel says of its state."""
        return self.element.evaluate(
            "(element, [name, method]) => Panels[name][method](element.state)", [self.name, method]
        )

    def slider(self, label):
        return self.element.get_by_role("slider", name=label, exact=True)

    def key(self, label, key, times=1):
        """Press a key on a slider; return what stands beside it."""
        self.slider(label).focus()
        for _ in range(times):
            self.page.keyboard.press(key)
        return self.slider(label).locator("+ output").text_content()

    def press(self, button):
        """By the keyboard."""
        self.element.get_by_role("button", name=button, exact=True).press("Enter")

    def says(self, words):
        expect(self.element.locator(".panel-words")).to_contain_text(words)
        picture = self.element.locator("svg")
        expect(picture).to_have_attribute("aria-label", re.compile(re.escape(words)))

    def drawing(self):
        return self.element.locator("svg").evaluate("svg => svg.outerHTML")

    def in_window(self, x, y):
        self.element.evaluate("element => element.scrollIntoView({ block: 'center' })")
        return self.element.locator("svg").evaluate(
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

    def drag(self, handle, x, y):
        start, end = self.in_window(*self.middle(handle)), self.in_window(x, y)
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=3)
        self.page.mouse.up()

    def drag_by_finger(self, handle, x, y):
        start, end = self.in_window(*self.middle(handle)), self.in_window(x, y)
        send = self.page.context.new_cdp_session(self.page).send
        middle = [(a + b) / 2 for a, b in zip(start, end, strict=True)]
        for kind, at in [("touchStart", start), ("touchMove", middle), ("touchMove", end)]:
            send(
                "Input.dispatchTouchEvent",
                {"type": kind, "touchPoints": [dict(zip("xy", at, strict=True))]},
            )
        send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def at_its_start(window, name):
    """A fixture's work: the panel as if just opened; nothing may have gone wrong afterwards."""
    window.trouble.clear()
    window.page.emulate_media(reduced_motion="reduce")
    panel = Panel(window.page, name)
    panel.restart()
    yield panel
    assert window.trouble == []
