"""On each page a question stands once, and every question that counts there is shown.

Otherwise nobody could complete the page: of two forms for one question the runtime knows only the
first, and a question that is not shown cannot be answered.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from scorm.sphinxext.domain import course_domain, warn_faults
from scorm.sphinxext.questions.nodes import question, question_reference

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Look at each page when it is read, and again when it is written."""
    app.connect("doctree-read", check_once)
    app.connect("html-page-context", check_shown)


def check_once(app: Sphinx, doctree: nodes.document) -> None:
    """On ``doctree-read``: warn of each question that stands twice on a page; in a deck it may."""
    if app.builder.name == "revealjs":
        return
    written = {node["data"]["identifier"]: node for node in doctree.findall(question)}
    seen: dict[str, nodes.Element] = {**written}
    for node in doctree.findall(question_reference):
        label = node["label"]
        if label in seen:
            how = "written" if label in written else "shown"
            message = (
                f"the question '{label}' is {how} on this page already, in line "
                f"{seen[label].line}; remove this 'question-ref', or show it on another page"
            )
            # the node's own place may be in a file that the page includes
            logger.warning("%s", message, location=node, type="scorm", subtype="question")
        seen.setdefault(label, node)


def check_shown(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """On ``html-page-context``: warn of each question that the page counts and does not show."""
    if doctree is None or app.builder.name == "revealjs":
        return
    domain = course_domain(app.env)
    shown = {node["data"]["identifier"] for node in doctree.findall(question)}
    for label in domain.answered.get(pagename, []):
        place = domain.questions.get(label)
        if place and label not in shown:
            line = place.line if place.docname == pagename else 1
            message = (
                f"the question '{label}' is not shown on this page, where it must be answered; "
                "take it out of 'only', or whatever hides it"
            )
            warn_faults(pagename, [(line, message)], "question")
