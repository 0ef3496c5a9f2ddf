"""The parts of ``course.json`` that Sphinx runs write: ``<builder>.json`` in the folder of parts.

The run of the text pages writes ``html.json`` (pages, modules, questions). The run of the decks
reads the questions in it and writes ``revealjs.json``. :func:`scorm.course.course_json.assemble`
makes ``course.json`` of both. A part is written only when it changed, so that what depends on it
is not built again for nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.builders import Builder

from scorm import layout
from scorm.course.model import Question


def setup(app: Sphinx) -> None:
    """Keep the questions of each page as it is written."""
    app.connect("html-page-context", store_questions)


def part_path(app: Sphinx, builder: str) -> Path:
    """Where the part of a builder is."""
    return layout.part_beside(Path(app.doctreedir), builder)


def read_part(app: Sphinx, builder: str) -> dict[str, Any]:
    """The part of a builder, or an empty one if that builder has not run."""
    path = part_path(app, builder)
    return cast("dict[str, Any]", json.loads(path.read_text("utf-8"))) if path.exists() else {}


def write_part(app: Sphinx, part: dict[str, Any]) -> None:
    """Write this builder's part, if it changed."""
    path = part_path(app, app.builder.name)
    text = json.dumps(part, ensure_ascii=False, indent=1) + "\n"
    if path.exists() and path.read_text("utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def questions_path(app: Sphinx, docname: str) -> Path:
    """Where the rendered questions of one page are kept until it is written again."""
    return Path(app.doctreedir) / "questions" / f"{docname}.json"


def remember_question(builder: Builder, question: Question, *, shown_again: bool) -> None:
    """Keep a question as the page shows it; :func:`store_questions` writes them to disk."""
    if shown_again:
        return
    rendered = builder.__dict__.setdefault("scorm_questions", {})
    rendered[question.identifier] = asdict(question)


def store_questions(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """When a page is written, put its questions on disk (pages may be written by other processes).

    Connected to ``html-page-context``, which Sphinx emits right after it translated the page.
    """
    rendered = app.builder.__dict__.pop("scorm_questions", None)
    if rendered:
        path = questions_path(app, pagename)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(rendered, ensure_ascii=False), "utf-8")
