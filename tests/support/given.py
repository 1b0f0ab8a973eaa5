"""What the cells of a notebook print, stored and in the browser's Python, in one form."""


def stored(outputs):
    """The outputs of a cell of a notebook: texts, and which figures there are, not how drawn."""
    return {
        "stdout": "".join(o.text for o in outputs if o.output_type == "stream"),
        "stderr": "",
        "shown": [shown(output.data) for output in outputs if "data" in output],
        "error": [f"{o.ename}: {o.evalue}" for o in outputs if o.output_type == "error"],
    }


def given(messages):
    """What tools/site/live/shell.py sent while a cell ran."""
    return {
        "stdout": "".join(value for kind, value in messages if kind == "stdout"),
        "stderr": "".join(value for kind, value in messages if kind == "stderr"),
        "shown": [shown(value) for kind, value in messages if kind == "shown"],
        "error": [value["line"] for kind, value in messages if kind == "error"],
    }


def shown(forms):
    """A figure's text holds the number of its axes alone."""
    return "a picture" if "image/png" in forms else dict(forms)
