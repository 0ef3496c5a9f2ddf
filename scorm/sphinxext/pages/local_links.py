"""Let ``[text](#name)`` lead to anything with a name on the same page, as MyST promises.

nbsphinx takes every link that begins with ``#`` for one to a section, in Markdown pages as well,
and so finds no figure, question or target of that name. Here MyST's own resolver runs before it.
"""

from __future__ import annotations

from docutils import nodes
from docutils.transforms import Transform
from myst_parser.mdit_to_docutils.transforms import ResolveAnchorIds
from nbsphinx import RewriteLocalLinks
from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Add the transform; by its priority it runs just before the one of nbsphinx."""
    app.add_transform(ResolveLocalLinks)


class ResolveLocalLinks(Transform):
    """Run MyST's resolver early, and take away ``id_link``, by which it would run again."""

    default_priority = RewriteLocalLinks.default_priority - 1

    def apply(self) -> None:
        """Give each such link its target; one that is not on the page, Sphinx looks for later."""
        links = [link for link in self.document.findall(nodes.reference) if link.get("id_link")]
        ResolveAnchorIds(self.document).apply()
        for link in links:
            link.attributes.pop("id_link")
