"""Let docstrings be written as NumPy's are; without it, `softmax` in one of them is no link."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def keep_initials(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """A reference to "C. M. Bishop" begins like item C of a list; a backslash says it is none."""
    lines[:] = [re.sub(r"(\.\. \[[^]]+\] )(?=[A-Z]\. )", r"\1\\", line) for line in lines]


def find_in_its_module(
    app: Sphinx, env: BuildEnvironment, node: nodes.Element, contnode: nodes.Element
) -> nodes.Element | None:
    """A docstring says `softmax`; Sphinx knows it as `softmax_lib.activations.softmax`.

    A method of the same name, such as `Tensor.cross_entropy`, is not meant.
    """
    if node.get("refdomain") != "py":
        return None
    python = env.get_domain("py")
    ending = "." + node["reftarget"].removeprefix("softmax_lib.")
    names = [
        name
        for name, entry in python.objects.items()  # type: ignore[attr-defined]
        if name.endswith(ending) and entry.objtype != "method" and not entry.aliased
    ]
    if len(names) != 1:
        return None
    return python.resolve_xref(env, node["refdoc"], app.builder, "obj", names[0], node, contnode)


def connect(app: Sphinx) -> None:
    app.connect("autodoc-process-docstring", keep_initials, priority=900)  # after numpydoc
    app.connect("missing-reference", find_in_its_module)
