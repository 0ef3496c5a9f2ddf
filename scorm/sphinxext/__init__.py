"""The Sphinx extension: questions, moving figures, page metadata, the hand-over to the packager.

Add ``scorm.sphinxext`` to ``extensions`` in ``conf.py`` and describe the course in
``scorm_course``. This package is the only place of :mod:`scorm` that imports Sphinx. Each module
that adds something to Sphinx does so in its own ``setup``; the others know nothing of Sphinx, or
are called by these.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from scorm import __version__
from scorm.sphinxext import config, domain
from scorm.sphinxext.figures import stepped_figure
from scorm.sphinxext.handover import export, parts, record
from scorm.sphinxext.pages import (
    footnotes,
    includes,
    local_files,
    local_links,
    math,
    notebooks,
    page,
    raw_html,
)
from scorm.sphinxext.questions import directive, once, render
from scorm.sphinxext.site import answer_key, contents, coverage, deck_links, decks, files

_PARTS = (
    config,
    domain,
    directive,
    render,
    once,
    page,
    includes,
    raw_html,
    local_files,
    footnotes,
    local_links,
    math,
    notebooks,
    stepped_figure,
    files,
    contents,
    decks,
    deck_links,
    coverage,
    answer_key,
    parts,
    record,
    export,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when ``conf.py`` names this extension."""
    app.setup_extension("nbsphinx")
    for part in _PARTS:
        part.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
