"""Feed nbsphinx with notebooks that were executed before Sphinx started.

nbsphinx alone executes a notebook again for every builder and every rebuild; here it only
renders what :mod:`scorm.notebooks` has in its cache.
"""

from __future__ import annotations

import os
from pathlib import Path

from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from scorm.errors import ScormError
from scorm.notebooks import executed_path, load_executed

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Connect to nbsphinx through its custom formats."""
    app.add_config_value("scorm_notebook_cache", "", "env", str)
    app.connect("config-inited", _use_cache)
    app.connect("source-read", _check_executed)


def _use_cache(app: Sphinx, config: Config) -> None:
    config.nbsphinx_execute = "never"
    config.nbsphinx_requirejs_path = ""  # its default is another host
    cache = config.scorm_notebook_cache or os.environ.get("SCORM_NOTEBOOK_CACHE", "")
    config.scorm_notebook_cache = cache or str(Path(app.confdir) / "_build" / "notebooks")
    config.nbsphinx_custom_formats[".ipynb"] = (
        "scorm.sphinxext.notebooks.convert",
        {"cache": config.scorm_notebook_cache},
    )


def convert(text: str, cache: str) -> NotebookNode:
    """The executed notebook of a source text, for ``nbsphinx_custom_formats``."""
    return load_executed(text, Path(cache))


def _check_executed(app: Sphinx, docname: str, source: list[str]) -> None:
    """Say so when a notebook was not executed: nbsphinx would pass over it in silence."""
    if app.env.doc2path(docname).suffix != ".ipynb":
        return
    try:
        path = executed_path(source[0], Path(app.config.scorm_notebook_cache))
    except ScormError as error:
        logger.warning("%s", error, location=docname, type="scorm", subtype="notebook")
    else:
        app.env.note_dependency(str(path))
