"""Lead from a lesson to its slides, though the decks are read by a Sphinx run of their own.

The sources of the decks lie in a folder of their own and its sub-folders. The decks are written to
a folder inside that of the text pages, which so is the whole site. What a link needs, the deck's
title and its lesson, is read straight from the deck's source.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from scorm.layout import DECKS, Places
from scorm.sphinxext.domain import course_domain
from scorm.sphinxext.pages.front_matter import read_markdown


def setup(app: Sphinx) -> None:
    """Look for decks before Sphinx decides which pages to read again."""
    app.connect("env-get-outdated", find_decks)


def decks_of(project: Path) -> dict[str, list[tuple[str, str]]]:
    """For each lesson its decks, each as its place in the site and its title.

    They stand in the order of their document names, as in ``course.json``.
    """
    decks: dict[str, list[tuple[str, str]]] = {}
    folder = Places.of(project).slides_folder
    names = {
        path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.md")
    }
    for name, path in sorted(names.items()):
        source = path.read_text("utf-8")
        metadata = read_markdown(source).metadata
        title = re.search(r"^# +(.+?) *$", source, re.MULTILINE)
        if metadata and metadata.lesson and title:
            place = f"{DECKS}/{name}.html"
            decks.setdefault(metadata.lesson, []).append((place, title[1]))
    return decks


def find_decks(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """On ``env-get-outdated``: the lessons that have other decks than in the last build."""
    known: dict[str, Any] = course_domain(env).data["decks"]
    found = {} if app.builder.name == "revealjs" else decks_of(Path(app.confdir))
    outdated = [name for name in known.keys() | found.keys() if known.get(name) != found.get(name)]
    course_domain(env).data["decks"] = found
    return [name for name in outdated if name in env.found_docs]


def paragraphs(app: Sphinx, docname: str) -> list[nodes.paragraph]:
    """A line with a link for each deck of a lesson; none where the builder writes no HTML."""
    if app.builder.format != "html":
        return []
    root = "../" * docname.count("/")
    return [
        nodes.paragraph(
            "",
            "",
            nodes.reference("", f"Slides: {title}", refuri=root + place, internal=True),
            classes=["scorm-slides"],
        )
        for place, title in course_domain(app.env).data["decks"].get(docname, [])
    ]
