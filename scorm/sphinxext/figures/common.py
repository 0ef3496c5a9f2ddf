"""What all figures that move share: their names, captions and files, and faults with a place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")

#: A file, a line of it, and a message.
Complaint = tuple[str, int, str]


def faults_of_options(directive: SphinxDirective) -> list[Complaint]:
    """What is wrong with the options that every figure has: its name and its caption."""
    messages = []
    if not _NAME.fullmatch(directive.options.get("name", "").strip()):
        messages.append(
            "the figure needs a name of its own; write ':name:' and up to 60 of a-z, 0-9 and '-', "
            "a letter first"
        )
    if not directive.options.get("caption", "").strip():
        messages.append("the figure needs a title; write ':caption:' and what it shows")
    return [(*directive.get_source_info(), message) for message in messages]


def caption_of(directive: SphinxDirective) -> nodes.caption:
    """The option ``caption``, which is Markdown."""
    parent = nodes.container()
    lines = directive.options["caption"].strip().splitlines()
    directive.state.nested_parse(StringList(lines), directive.lineno, parent)
    return nodes.caption("", "", *(inline for block in parent for inline in block.children))


def warn(faults: Iterable[Complaint]) -> None:
    """Hand each fault, a file, a line and a message, to Sphinx, which shows all and fails.

    The file need not be a document: figures are drawn in SVG files and written in included ones.
    """
    for path, line, message in sorted(faults):
        logger.warning("%s", message, location=f"{path}:{line}", type="scorm", subtype="figure")


def add_files(app: Sphinx, node: type[nodes.Element], script: str, style: str = "") -> None:
    """Load a module, and a style sheet, on the pages and decks that have such a figure only.

    Both are paths below ``_static``.
    """

    def add(
        app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
    ) -> None:
        if doctree is None or next(doctree.findall(node), None) is None:
            return
        app.add_js_file(script, type="module")
        if style:
            app.add_css_file(style)
        if style and app.builder.name == "revealjs":  # its pages have a copy of the list already
            context["css_files"].append(f"_static/{style}")

    app.connect("html-page-context", add)
