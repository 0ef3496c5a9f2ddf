"""Refuse a file that includes itself, which Sphinx would follow until it crashes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import cast

from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

_COUNTER = "scorm_included"
#: No page has a reason to include one file so often; two files that include each other soon do.
_MANY = 50


def setup(app: Sphinx) -> None:
    """Watch what is included."""
    app.connect("include-read", stop_circle)


def stop_circle(app: Sphinx, path: Path, parent: str, content: list[str]) -> None:
    """On ``include-read``: include nothing where including would never end, and warn of it."""
    docname = app.env.docname
    seen = cast("Counter[Path]", app.env.temp_data.setdefault(_COUNTER, Counter()))
    seen[path] += 1
    own = Path(app.env.doc2path(docname, base=False))
    if path != own and seen[path] < _MANY:
        return
    content[0] = ""
    if path == own or seen[path] == _MANY:
        logger.warning(
            "%s includes itself, at once or by way of another file: take that include out",
            path.as_posix(),
            location=docname,
            type="scorm",
            subtype="include",
        )
