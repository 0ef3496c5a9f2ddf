"""The scripts and styles of every page: the student's runtime, and what this extension adds."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

_EXTENSION = Path(__file__).parents[1]
_RUNTIME = _EXTENSION.parent / "runtime"
_GUARD = (_EXTENSION / "static" / "guard.js").read_text("utf-8")


def setup(app: Sphinx) -> None:
    """Name the files before Sphinx starts to build, and put them in place."""
    app.connect("config-inited", _add_files)
    app.connect("builder-inited", _copy_files)
    app.connect("html-page-context", _add_guard)


def _add_files(app: Sphinx, config: Config) -> None:
    """Name this extension's templates, and the style sheets and the script of all pages."""
    config.templates_path.append(str(_EXTENSION / "templates"))
    config.revealjs_css_files += ["scorm/question.css", "scorm/figures.css"]
    for name in ("question.css", "course.css", "figures.css"):
        app.add_css_file(f"scorm/{name}")
    app.add_js_file("scorm/scrollers.js", type="module")


def _add_guard(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """On ``html-page-context``: what must run before any other script, in the page itself."""
    context["metatags"] = f"{context.get('metatags', '')}\n<script>\n{_GUARD}</script>\n"


def _copy_files(app: Sphinx) -> None:
    """Put the files in place before Sphinx writes pages, which name them by their checksums."""
    if app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "scorm"
    for folder in (_RUNTIME, _EXTENSION / "static"):
        shutil.copytree(folder, target, dirs_exist_ok=True)
