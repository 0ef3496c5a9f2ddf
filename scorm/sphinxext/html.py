"""The means by which every part of the extension writes HTML: templates, and nodes as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jinja2
from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

templates = jinja2.Environment(
    loader=jinja2.PackageLoader("scorm.sphinxext"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    keep_trailing_newline=True,
)


def html_of(translator: HTML5Translator, children: Iterable[nodes.Node]) -> str:
    """Nodes as HTML, just as this page's translator writes them, without adding it to the page."""
    start = len(translator.body)
    for child in children:
        child.walkabout(translator)
    html = "".join(translator.body[start:])
    del translator.body[start:]
    return html.strip()


def enter(self: Any, node: nodes.Element) -> None:
    """Render the children and nothing else."""


def skip(self: Any, node: nodes.Element) -> None:
    """Render nothing of this node."""
    raise nodes.SkipNode
