"""Raw HTML in questions and headings is text, and no link in them runs a script.

What an author writes in a page's own body stays as written: Markdown allows HTML, and a page may
need it. Questions and headings travel further: into slides, other pages' links, search results
and the LMS. A script in them could do there all that the LMS lets the student do. In questions and
headings, an author who writes ``RDD<T>`` means these characters, but Markdown takes ``<T>`` for an
unknown HTML element, which nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from scorm.sphinxext.domain import line_of, warn_faults
from scorm.sphinxext.questions.nodes import question, question_choice

# HTML standard, 13.2.5.43: "<!-->" and "<!--->" are whole comments, and a comment without an end
# reaches to the end of the text.
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*)\s*:", re.IGNORECASE)
_SAFE_SCHEMES = frozenset(("http", "https", "mailto"))


def setup(app: Sphinx) -> None:
    """Add the transform."""
    app.add_transform(RawHtmlAsText)


class RawHtmlAsText(SphinxTransform):
    """Show raw HTML in headings and questions as the author typed it; HTML comments vanish."""

    # After Sphinx's SmartQuotes (750), which would change what was typed.
    default_priority = 760

    def apply(self, **kwargs: object) -> None:
        """Change the raw nodes; warn of links that lead to no address, and of empty choices."""
        for place in list(self.document.findall(_travels)):
            for raw in list(place.findall(nodes.raw)):
                if "html" in raw["format"].split():
                    _show(raw)
        for place in self.document.findall(question):
            faults = [*_faults_of_links(place), *_empty_choices(place)]
            warn_faults(self.env.docname, faults, "question")


def _travels(node: nodes.Node) -> bool:
    is_heading = isinstance(node, nodes.title) and isinstance(node.parent, nodes.section)
    return is_heading or isinstance(node, question)


def _show(raw: nodes.raw) -> None:
    """Put the raw node's text in its place, as a paragraph where a block stands."""
    text = _COMMENT.sub("", raw.astext())
    shown: list[nodes.Node] = [nodes.Text(text)]
    if not isinstance(raw.parent, nodes.TextElement):
        shown = [nodes.paragraph("", "", *shown)] if text.strip() else []
    raw.parent.replace(raw, shown)


def _empty_choices(place: question) -> Iterator[tuple[int, str]]:
    for choice in place.findall(question_choice):
        if not choice.astext().strip() and not next(choice.findall(nodes.image), None):
            message = "this choice shows nothing but a comment; write its text"
            yield line_of(choice), message


def _faults_of_links(place: question) -> Iterator[tuple[int, str]]:
    for node in place.findall(nodes.reference):
        scheme = _SCHEME.match(node.get("refuri", ""))
        if scheme and scheme[1].lower() not in _SAFE_SCHEMES:
            message = (
                f"a question links to '{node['refuri']}'; begin an address with "
                "'https:', 'http:' or 'mailto:'"
            )
            yield line_of(node), message
