"""A chapter in WebKit: every cell gives what is printed.

Debian's webkit2gtk-driver takes the requests of WebDriver; its browser draws on a screen of Xvfb's.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from tests.support.live import GIVEN, WHOLE_PAGE, printed

PAGE = Path("book", "01-softmax-vs-hardmax.html")
RUN_ALL = f"""
    const [done] = arguments
    const look = () =>
        document.querySelector("[aria-busy]") ? setTimeout(look, 200) : done(({GIVEN})())
    document.querySelectorAll(".cell_output").forEach(output => output.replaceChildren())
    ;[...document.querySelectorAll("button")].find(b => b.textContent === "Run all above").click()
    look()"""
WANTED = {
    # Whatever is not on this machine goes to a port at which nobody listens.
    "proxy": {
        "proxyType": "manual",
        "httpProxy": "127.0.0.1:9",
        "sslProxy": "127.0.0.1:9",
        "noProxy": ["127.0.0.1"],
    },
    "timeouts": {"script": WHOLE_PAGE},
}


def ask(address, method="POST", **body):
    """Return what WebDriver answers; it may still be starting."""
    request = Request(address, json.dumps(body).encode(), method=method)
    for _ in range(100):
        try:
            with urlopen(request, timeout=WHOLE_PAGE / 1000) as answer:
                return json.load(answer)["value"]
        except URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    raise TimeoutError(f"nobody listens at {address}")


@contextmanager
def running(*command, **more):
    with subprocess.Popen(command, **more) as process:
        try:
            yield process
        finally:
            process.terminate()


@pytest.fixture
def webkit():
    """The address of a session with WebKit."""
    for program, package in {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}.items():
        if not shutil.which(program):
            pytest.skip(f"there is no {program}: install Debian's package {package}")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with running("Xvfb", "-displayfd", "1", stdout=subprocess.PIPE, text=True) as screen:
        seen = os.environ | {"DISPLAY": f":{screen.stdout.readline().strip()}"}
        with running("WebKitWebDriver", "--host=127.0.0.1", f"--port={port}", env=seen):
            sessions = f"http://127.0.0.1:{port}/session"
            session = ask(sessions, capabilities={"alwaysMatch": WANTED})
            address = f"{sessions}/{session['sessionId']}"
            yield address
            ask(address, "DELETE")


@pytest.mark.weekly
def test_every_cell_gives_in_webkit_what_is_printed(site, webkit):
    ask(f"{webkit}/url", url=f"{site}{PAGE.as_posix()}")
    assert ask(f"{webkit}/execute/async", script=RUN_ALL, args=[]) == printed(PAGE)
