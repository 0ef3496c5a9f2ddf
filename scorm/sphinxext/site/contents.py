"""The modules of the course, read from the toctrees of the root document.

::

    ```{toctree}
    :name: welcome
    :caption: Welcome

    welcome/index
    welcome/quiz
    ```

Each toctree with a name and a caption is a module, and its entries are the module's pages. A
toctree on one of these pages names the pages below it. The contents list of the site is written
once, as a small script, and not into every page.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from scorm.course.model import identifier_of
from scorm.sphinxext.domain import course_domain, source_of

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Keep the contents tree out of the pages."""
    # before the theme (priority 500), which would render the tree
    app.connect("html-page-context", without_toctree, priority=400)


def modules(env: BuildEnvironment) -> list[dict[str, Any]]:
    """The tree of modules and pages: ``identifier``, ``title``, ``docname``, ``items``."""
    found = []
    for toctree in env.get_doctree(env.config.root_doc).findall(addnodes.toctree):
        name = next(iter(toctree.parent.get("names", ())), "")
        caption = toctree.get("caption") or ""
        if not (name and caption):
            logger.warning(
                "this toctree is no module yet; give it the options 'name' and 'caption'",
                location=toctree,
                type="scorm",
                subtype="contents",
            )
            continue
        found.append(
            {
                "identifier": f"module.{identifier_of(name)}",
                "title": caption,
                "docname": "",
                "source": source_of(env, env.config.root_doc),
                "line": toctree.line or 1,
                "items": _pages(env, toctree),
            }
        )
    return found


def _pages(env: BuildEnvironment, toctree: nodes.Element) -> list[dict[str, Any]]:
    return [
        {
            "identifier": identifier_of(docname),
            "title": title or env.titles[docname].astext(),
            "docname": docname,
            "source": source_of(env, docname),
            "line": 1,
            "items": [
                page
                for below in env.get_doctree(docname).findall(addnodes.toctree)
                for page in _pages(env, below)
            ],
        }
        for title, docname in toctree["entries"]
        if docname in env.found_docs
    ]


def check_pages(env: BuildEnvironment, tree: list[dict[str, Any]]) -> None:
    """Warn of every page in the contents that does not say what it is."""
    known = course_domain(env)
    for entry in walk(tree):
        docname = entry["docname"]
        if docname and docname not in known.pages and docname not in known.misread:
            logger.warning(
                "this page does not say what it is; begin it with front matter that has at least "
                "'kind' and 'duration' (in a notebook: the key 'course' of its metadata)",
                location=(docname, 1),
                type="scorm",
                subtype="front-matter",
            )


def walk(tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every entry, in reading order."""
    return [found for entry in tree for found in (entry, *walk(entry["items"]))]


def write_contents(app: Sphinx, tree: list[dict[str, Any]]) -> None:
    """Write the contents list as ``_static/scorm/contents.js``, for ``sidebar.js`` to show."""
    path = Path(app.outdir) / "_static" / "scorm" / "contents.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_entries(app, tree), ensure_ascii=False, indent=1)
    path.write_text(f"export default {text};\n", "utf-8")


def _entries(app: Sphinx, tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of the contents list; each lesson is followed by its decks."""
    decks = course_domain(app.env).data["decks"]
    entries = []
    for entry in tree:
        href = app.builder.get_target_uri(entry["docname"]) if entry["docname"] else ""
        below = _entries(app, entry["items"])
        entries.append({"title": entry["title"], "href": href, "items": below})
        entries += [
            {"title": f"Slides: {title}", "href": place, "items": []}
            for place, title in decks.get(entry["docname"], [])
        ]
    return entries


def without_toctree(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """On ``html-page-context``, before the theme: no contents tree in the page itself.

    Furo would render the whole tree into every page, which takes time and room that grow with
    the square of the course. The instructor's handbook is small and keeps it.
    """
    if not app.tags.has("handbook"):
        context["toctree"] = lambda **options: ""
