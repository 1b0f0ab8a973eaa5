"""A browser's window that writes down whatever goes wrong in it, and the settings of windows."""

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Page

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

# A page that is left lets go of what it still waits for: Chromium's word, Firefox's and WebKit's.
LEFT = {"net::ERR_ABORTED", "NS_BINDING_ABORTED", "cancelled", "Load request cancelled"}

STILL = """{
    const sheet = new CSSStyleSheet()
    sheet.replaceSync("*, ::before, ::after { transition: none !important; " +
        "animation: none !important; scroll-behavior: auto !important }")
    document.adoptedStyleSheets.push(sheet)
}"""


# The theme looks 0.3 seconds after a change of size which boxes the keyboard has to scroll.
SETTLED = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 350)))"
IS_DARK = "() => matchMedia('(prefers-color-scheme: dark)').matches"
REPAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Setting(NamedTuple):
    """How a reader looks at a page."""

    scheme: str
    width: int
    height: int = 900

    def __str__(self):
        return f"{self.scheme}-{self.width}"


WIDTHS = (360, 1280)
SETTINGS = [Setting(scheme, width) for scheme in ("light", "dark") for width in WIDTHS]
PHONE, DESKTOP = Setting("light", 360), Setting("light", 1280)
# The smallest phone, and what a desktop's window of 1280 pixels shows at 200 %; by width.
NARROWED = {360: (320, 640), 1280: (640, 450)}
OTHER = {"light": "dark", "dark": "light"}


def chromium_launch_args():
    """The browser of the system; it takes no part of the network but the tests' server."""
    found = [path for name in NAMES if (path := shutil.which(name))]
    if not found:
        raise FileNotFoundError("there is no browser: install Debian's package chromium")
    return {"executable_path": found[0], "args": QUIET}


@dataclass
class Window:
    page: Page
    trouble: list[str] = field(default_factory=list)
    finished: list = field(default_factory=list)  # requests

    def __post_init__(self):
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.note("script", error))
        self.page.on("request", self.see_request)
        self.page.on("requestfinished", lambda request: self.finished.append(request))
        self.page.on("requestfailed", self.see_failure)
        self.page.on("response", self.see_response)

    def forget(self):
        self.trouble.clear()
        self.finished.clear()

    def note(self, *words):
        self.trouble.append(" ".join(map(str, words)))

    def hear(self, message):
        if message.type in {"error", "warning"}:
            self.note(message.type, message.text)

    def see_request(self, request):
        if urlsplit(request.url).hostname not in {"127.0.0.1", None}:
            self.note("another host", request.url)

    def see_failure(self, request):
        if request.failure not in LEFT:
            self.note(request.failure, request.url)

    def see_response(self, response):
        if response.status >= 400:
            self.note(response.status, response.url)


@contextmanager
def narrowed(page, setting):
    """Make a window narrower meanwhile."""
    width, height = NARROWED[setting.width]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(SETTLED)
    yield
    page.set_viewport_size({"width": setting.width, "height": setting.height})


@contextmanager
def switched(page):
    """Let the reader's system go over to the other colours meanwhile."""
    scheme = "dark" if page.evaluate(IS_DARK) else "light"
    page.emulate_media(color_scheme=OTHER[scheme])
    page.evaluate(REPAINTED)
    yield
    page.emulate_media(color_scheme=scheme)


def open_window(new_context, setting=DESKTOP, **more):
    """Open a window with nothing in its cache, in which nothing glides or fades."""
    context = new_context(
        viewport={"width": setting.width, "height": setting.height},
        color_scheme=setting.scheme,
        **more,
    )
    context.add_init_script(STILL)
    return Window(context.new_page())
