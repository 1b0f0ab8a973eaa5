"""A browser's window that writes down whatever goes wrong in it, and the windows of the tests."""

import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

STILL = """{
    const sheet = new CSSStyleSheet()
    sheet.replaceSync("*, ::before, ::after { transition: none !important; " +
        "animation: none !important; scroll-behavior: auto !important }")
    document.adoptedStyleSheets.push(sheet)
}"""

SCHEMES = ("light", "dark")
WIDTHS = (360, 1280)
SETTINGS = [(scheme, width) for scheme in SCHEMES for width in WIDTHS]


def launch(playwright):
    """Start the browser of the system; it takes no part of the network but the tests' server."""
    found = [path for name in NAMES if (path := shutil.which(name))]
    if not found:
        raise FileNotFoundError("there is no browser: install Debian's package chromium")
    return playwright.chromium.launch(executable_path=found[0], args=QUIET)


@dataclass
class Window:
    page: Page
    trouble: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.note("script", error))
        self.page.on("request", self.see_request)
        self.page.on("requestfailed", self.see_failure)
        self.page.on("response", self.see_response)

    def note(self, *words):
        self.trouble.append(" ".join(map(str, words)))

    def hear(self, message):
        if message.type in {"error", "warning"}:
            self.note(message.type, message.text)

    def see_request(self, request):
        if urlsplit(request.url).hostname not in {"127.0.0.1", None}:
            self.note("another host", request.url)

    def see_failure(self, request):
        # A page that is left lets go of what it still waits for.
        if request.failure != "net::ERR_ABORTED":
            self.note(request.failure, request.url)

    def see_response(self, response):
        if response.status >= 400:
            self.note(response.status, response.url)


def open_window(browser, scheme="light", width=1280, height=900, **settings):
    """Open a window with nothing in its cache, in which nothing glides or fades."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, **settings
    )
    context.add_init_script(STILL)
    return Window(context.new_page())
