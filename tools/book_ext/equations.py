r"""A display equation with `\tag{3.4}` becomes one that can be linked to.

Without it no page could point to an equation. Jupyter shows the tag as it stands; here it turns
into a number beside the equation, which links to itself, and the equation gets the address
`#eq-3-4`: in prose, `[(3.4)](#eq-3-4)` leads there, from another page with the name of the notebook
in front. A wide equation scrolls, its number does not.
"""

import re
import socket
import subprocess
import time
from pathlib import Path
from subprocess import PIPE
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinxcontrib import katex

TAG = re.compile(r"\s*\\tag\{([^{}]+)\}\s*$")


def anchor(number: str) -> str:
    return "eq-" + number.replace(".", "-")


class NumberEquations(SphinxTransform):
    """Take the tags off the equations, and make their anchors known to MyST.

    MyST looks links up among the headings of a page, and warns of those that it does not find.
    """

    default_priority = 870  # before MyST's ResolveAnchorIds

    def apply(self, **kwargs: Any) -> None:
        slugs = getattr(self.document, "myst_slugs", {})
        for equation in self.document.findall(nodes.math_block):
            if tag := TAG.search(equation.astext()):
                self.number(equation, tag, slugs)
        self.env.metadata[self.env.docname]["myst_slugs"] = slugs

    def number(self, equation: nodes.math_block, tag: re.Match, slugs: dict[str, tuple]) -> None:
        address = anchor(tag[1])
        if address in slugs:
            logging.getLogger(__name__).warning(
                "two equations have the number %s", tag[1], location=equation
            )
        equation.children = [nodes.Text(equation.astext()[: tag.start()])]
        equation["ids"], equation["number"] = [address], tag[1]
        slugs[address] = (equation.line, address, f"({tag[1]})")


def visit_equation(writer: Any, node: nodes.math_block) -> None:
    """Write a box that scrolls, within reach of the keyboard, and the number beside it.

    book/_static/js/equations.js takes the boxes that do not scroll off the keyboard's way.
    """
    number = node["number"]
    name = f"Equation {number}" if number else "Equation"
    equation = katex.render_latex(katex.get_latex(node), {"displayMode": True})
    link = (
        (f'<a class="eqno" href="#{anchor(number)}" aria-label="{name}, link to it">({number})</a>')
        if number
        else ""
    )
    writer.body.append(
        writer.starttag(node, "div", "", CLASS="equation")
        + f'<div class="math" role="group" tabindex="0" aria-label="{name}">{equation}</div>'
        + f"{link}</div>\n"
    )
    raise nodes.SkipNode


def start_renderer(rundir: Path, timeout: float) -> tuple[subprocess.Popen, socket.socket]:
    """Start KaTeX and connect to it, asking again until it listens.

    sphinxcontrib-katex 0.9.11 asks once, as soon as the socket is there: on a busy machine that
    is too early, and the build fails.
    """
    address = str(rundir / "katex.sock")
    command = katex.KaTeXServer.build_command(socket=address)
    process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, cwd=rundir)
    patience = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < patience:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(address)
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
    raise katex.KaTeXError("the renderer of the equations does not start: is node there?")


def connect(app: Sphinx) -> None:
    app.setup_extension("sphinxcontrib.katex")
    katex.KaTeXServer.start_server_process = start_renderer
    app.add_html_math_renderer("numbered", (katex.html_visit_math, None), (visit_equation, None))
    app.add_transform(NumberEquations)
