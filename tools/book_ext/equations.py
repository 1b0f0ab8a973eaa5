r"""A Sphinx extension: a display equation with `\tag{3.4}` becomes one that can be linked to.

Jupyter shows the tag as it stands. Here it turns into a number beside the equation, which links to
itself, and the equation gets the address `#eq-3-4`: in prose, `[(3.4)](#eq-3-4)` leads there, from
another page with the name of the notebook in front. A wide equation scrolls, its number does not.
"""

import re

from docutils import nodes
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

    def apply(self, **kwargs) -> None:
        slugs = getattr(self.document, "myst_slugs", {})
        for equation in self.document.findall(nodes.math_block):
            if tag := TAG.search(equation.astext()):
                self.number(equation, tag, slugs)
        self.env.metadata[self.env.docname]["myst_slugs"] = slugs

    def number(self, equation, tag, slugs) -> None:
        address = anchor(tag[1])
        if address in slugs:
            logging.getLogger(__name__).warning(
                "two equations have the number %s", tag[1], location=equation
            )
        equation.children = [nodes.Text(equation.astext()[: tag.start()])]
        equation["ids"], equation["number"] = [address], tag[1]
        slugs[address] = (equation.line, address, f"({tag[1]})")


def visit_equation(writer, node) -> None:
    """Write a box that scrolls, within reach of the keyboard, and the number beside it.

    book/_static/equations.js takes the boxes that do not scroll off the keyboard's way.
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


def connect(app):
    app.setup_extension("sphinxcontrib.katex")
    app.add_html_math_renderer("numbered", (katex.html_visit_math, None), (visit_equation, None))
    app.add_transform(NumberEquations)
    app.add_js_file("equations.js", loading_method="defer")
