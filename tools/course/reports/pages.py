"""What the pages for students and teachers share: their templates, and links into the book."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from softmax_lib.misconceptions import CATALOGUE, Misconception

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,  # names, errors and comments are whatever somebody wrote
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


class Section(NamedTuple):
    """A section of the book, and where it can be read."""

    title: str
    place: str
    address: str


def section_of(mistake: str) -> Section | None:
    """The section that explains a mistake of the catalogue; None where it knows none."""
    entry = CATALOGUE.get(mistake)
    return _section(entry) if entry else None


def _section(entry: Misconception) -> Section:
    # The address of the site, where the book is published; as in the book's own pages.
    site = os.environ.get("BOOK_SITE_URL", "").strip().rstrip("/")
    heading = re.sub(r"[^a-z0-9]+", "-", entry.section.lower()).strip("-0123456789")
    address = f"{f'{site}/' if site else ''}book/{entry.chapter}.html#{heading}"
    number = entry.chapter_number
    return Section(entry.section, f"chapter {number}" if number else "Before you start", address)
