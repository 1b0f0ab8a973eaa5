"""No line begins with the comma that ends a formula, or the % of a number; browsers let it.

Browsers may break a line after any part of a formula. A short formula and the punctuation behind it
therefore become one unit that does not break; a long one still breaks between its terms.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

PUNCTUATION = re.compile("[,.;:!?)”’]+")
SHORT = 24  # letters of LaTeX, which fit any line
KEPT = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw)
PER_CENT = re.compile(r"(?<=\d) (?=%)")


class KeepPunctuation(SphinxTransform):
    """Put a short formula and what follows it into an element of the class `together`."""

    default_priority = 880

    def apply(self, **kwargs: Any) -> None:
        for formula in list(self.document.findall(nodes.math)):
            parent, start = formula.parent, formula.parent.index(formula)
            follower = parent[start + 1] if start + 1 < len(parent) else None
            if not isinstance(follower, nodes.Text):
                continue
            words = PUNCTUATION.match(follower)
            if words and len(formula.astext()) <= SHORT:
                unit = nodes.inline("", "", formula, nodes.Text(words[0]), classes=["together"])
                parent[start : start + 2] = [unit, nodes.Text(follower[words.end() :])]


class KeepPerCent(SphinxTransform):
    """Let no line break between a number and its %."""

    default_priority = 880

    def apply(self, **kwargs: Any) -> None:
        for text in list(self.document.findall(nodes.Text)):  # what is raw HTML stays as it is
            if PER_CENT.search(text) and not isinstance(text.parent, KEPT):
                text.parent.replace(text, nodes.Text(PER_CENT.sub("\N{NO-BREAK SPACE}", text)))


def connect(app: Sphinx) -> None:
    app.add_transform(KeepPunctuation)
    app.add_transform(KeepPerCent)
