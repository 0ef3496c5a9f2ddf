"""Give the list of a page's footnotes a name that screen readers say.

docutils writes the list as ``<aside>``, a landmark, and the theme's sidebar is such a landmark,
too. WAI-ARIA (role *complementary*) says: if a page has more than one, each should have a label.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.writers.html5 import HTML5Translator

_LIST = '<aside class="footnote-list'


def setup(app: Sphinx) -> None:
    """Name the list of footnotes in every HTML output."""
    app.add_node(nodes.footnote, override=True, html=(_visit, HTML5Translator.depart_footnote))


def _visit(self: HTML5Translator, node: nodes.footnote) -> None:
    before = len(self.body)
    HTML5Translator.visit_footnote(self, node)
    if self.body[before].startswith(_LIST):  # docutils opens the list at its first footnote
        self.body[before] = self.body[before].replace("<aside", f'<aside aria-label="{_("Notes")}"')
