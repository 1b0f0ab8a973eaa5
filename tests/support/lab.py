"""A notebook in the lab, worked on as a reader does."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

PATIENCE = 180_000  # milliseconds: Jupyter and Python start, on a busy machine
TAKES_CELLS = re.compile("Connecting|Idle")  # until then, JupyterLab drops what is run


@dataclass
class LabPage:
    page: Page

    def wait(self):
        expect(self.page.locator(".jp-NotebookKernelStatus")).to_contain_text(TAKES_CELLS)
        return self

    def cell(self, text):
        """The cell of code that begins with a text."""
        code = self.page.locator(".cm-content", has_text=re.compile("^" + re.escape(text)))
        return self.page.locator(".jp-CodeCell").filter(has=code).first

    def expect_output(self, text, words):
        """Wait until what a cell gives contains some words."""
        output = self.cell(text).locator(".jp-OutputArea-output")
        expect(output).to_contain_text(words, timeout=PATIENCE)

    def run(self, text, source=None):
        """Run a cell, where it is given with other code."""
        self.cell(text).get_by_role("textbox").click()
        if source:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Shift+Enter")

    def press(self, button):
        self.page.get_by_role("button", name=button, exact=True).click()

    def choose(self, menu, item):
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def expect_python(self, state):
        """Wait until Python is busy, or idle."""
        sign = self.page.locator(".jp-Notebook-ExecutionIndicator")
        expect(sign).to_have_attribute("data-status", state, timeout=PATIENCE)

    def run_all(self, patience):
        self.choose("Edit", "Clear Outputs of All Cells")
        self.choose("Run", "Run All Cells")
        done = self.page.locator(".jp-Notebook-ExecutionIndicator")
        expect(done).to_contain_text(re.compile(r"Executed \d+ cells"), timeout=patience)

    def download(self, folder):
        with self.page.expect_download() as downloaded:
            self.choose("File", "Download")
        path = folder / downloaded.value.suggested_filename
        downloaded.value.save_as(path)
        return path
