"""Show what leads to the repository: without it a reader could report no mistake, and mend none.

Notebooks also open in Colab and in Binder, which fetch them from there. Only the environment knows
where the repository lives: without BOOK_REPOSITORY_URL there is none of it.
"""

import os
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

from tools.book_ext.metadata import site_address

BRANCH = "main"


def show_buttons(app: Sphinx, config: Config) -> None:
    if url := os.environ.get("BOOK_REPOSITORY_URL"):
        config.html_theme_options |= {
            "repository_url": url,
            "repository_provider": "github",
            "repository_branch": BRANCH,
            "use_repository_button": True,
            "use_edit_page_button": True,
            "use_issues_button": True,
        }
        config.html_context |= {"opens_in": opens_in(url), "package_at": package_at(url)}


def opens_in(url: str) -> dict[str, str]:
    """Return where a notebook opens: what stands before its path."""
    name = urlsplit(url).path.strip("/").removesuffix(".git")
    return {
        "Colab": f"https://colab.research.google.com/github/{name}/blob/{BRANCH}/",
        "Binder": f"https://mybinder.org/v2/gh/{name}/{BRANCH}?labpath=",
    }


def package_at(url: str) -> str:
    """Return what pip is told to install, up to the wheel's name where the site serves it."""
    return site_address() or f"git+{url}"


def connect(app: Sphinx) -> None:
    app.connect("config-inited", show_buttons)
