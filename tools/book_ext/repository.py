"""Show the repository's buttons, with which a reader reports a mistake or mends it.

Only the environment knows where the repository lives: without BOOK_REPOSITORY_URL there are none.
"""

import os

from sphinx.application import Sphinx
from sphinx.config import Config


def show_buttons(app: Sphinx, config: Config) -> None:
    if url := os.environ.get("BOOK_REPOSITORY_URL"):
        config.html_theme_options |= {
            "repository_url": url,
            "repository_provider": "github",
            "repository_branch": "main",
            "use_repository_button": True,
            "use_edit_page_button": True,
            "use_issues_button": True,
        }


def connect(app: Sphinx) -> None:
    app.connect("config-inited", show_buttons)
