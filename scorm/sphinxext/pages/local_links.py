"""Let ``[text](#name)`` lead to anything with a name on the same page, as MyST promises.

nbsphinx takes every link that begins with ``#`` for one to a section, in Markdown pages as well,
and finds no figure, question or target of that name. MyST's own resolver goes first here.
"""

from __future__ import annotations

from docutils import nodes
from docutils.transforms import Transform
from myst_parser.mdit_to_docutils.transforms import ResolveAnchorIds
from nbsphinx import RewriteLocalLinks
from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Read by Sphinx after nbsphinx, whose transform comes later by its priority."""
    app.add_transform(ResolveLocalLinks)


class ResolveLocalLinks(Transform):
    """MyST's resolver, early; its flag ``id_link`` goes, so that it does not come again."""

    default_priority = RewriteLocalLinks.default_priority - 1

    def apply(self) -> None:
        """Give each such link its target, or leave it to a look through the whole project."""
        links = [link for link in self.document.findall(nodes.reference) if link.get("id_link")]
        ResolveAnchorIds(self.document).apply()
        for link in links:
            link.attributes.pop("id_link")
