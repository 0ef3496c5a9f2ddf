"""Refuse a file that includes itself, which Sphinx would follow until it crashes."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import cast

from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

_INCLUDE = re.compile(r"^ *(?:[`~:]{3,}\{include\}|\.\. include::) *(?P<name>.*?) *$", re.MULTILINE)
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
            location=(docname, _line_of(Path(app.env.doc2path(docname)), path.name)),
            type="scorm",
            subtype="include",
        )


def _line_of(page: Path, name: str) -> int | None:
    """The line of the page where it includes the file, or where it includes anything, if but once.

    The circle may lie in a file that the page includes by way of another one.
    """
    text = page.read_text("utf-8")
    every = list(_INCLUDE.finditer(text))
    named = [found for found in every if Path(found["name"]).name == name]
    led = named or (every if len(every) == 1 else [])
    return 1 + text.count("\n", 0, led[0].start()) if led else None
