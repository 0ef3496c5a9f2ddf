"""At the end of a Sphinx run, remove what is stale and write what the packager has to know."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from scorm.course.model import PageKind, identifier_of
from scorm.sphinxext.domain import course_domain, project_name, source_of
from scorm.sphinxext.handover import record
from scorm.sphinxext.handover.parts import part_path, questions_path, write_part
from scorm.sphinxext.pages import local_files
from scorm.sphinxext.pages.front_matter import TITLE
from scorm.sphinxext.site import contents
from scorm.sphinxext.site.decks import prune_reveal
from scorm.sphinxext.site.stale import clean_search_index, remove_stale

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Write this run's part of ``course.json`` at its end, and let nothing be missing in it."""
    app.connect("env-get-outdated", outdated)
    app.connect("env-updated", rewritten)
    app.connect("doctree-read", note_questions)
    app.connect("build-finished", finish)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """On ``build-finished``: tidy up the output of a run that succeeded, and write its part.

    The run of the handbook has no part in ``course.json``, which it reads.
    """
    if exception is not None:
        return
    if app.builder.name in record.BUILDERS:
        local_files.copy(app)
        remove_stale(app)
        local_files.tell_missing(app)
    if app.tags.has("handbook"):
        return
    if app.builder.name == "html":
        clean_search_index(Path(app.outdir))
        tree = contents.modules(app.env)
        contents.check_pages(app.env, tree)
        contents.write_contents(app, tree)
        write_part(
            app,
            {
                "course": dict(app.config.scorm_course),
                "modules": tree,
                "pages": {name: _page(app, name) for name in sorted(_pages(app.env))},
                "questions": _questions(app),
            },
        )
    elif app.builder.name == "revealjs":
        prune_reveal(Path(app.outdir))
        decks = sorted(_pages(app.env))
        write_part(app, {"decks": [_deck(app, name) for name in decks]})


def _pages(env: BuildEnvironment) -> list[str]:
    return [name for name in course_domain(env).pages if name in env.found_docs]


def _page(app: Sphinx, docname: str) -> dict[str, Any]:
    domain = course_domain(app.env)
    page = domain.pages[docname]
    return {
        "identifier": identifier_of(project_name(app.env, docname)),
        "title": app.env.titles[docname].astext(),
        "kind": str(page.kind),
        "href": app.builder.get_target_uri(docname),
        "source": source_of(app.env, docname),
        "line": page.line_of(TITLE),
        "duration": page.duration,
        "objectives": [asdict(objective) for objective in page.objectives],
        "prerequisites": list(page.prerequisites),
        "questions": [
            label for label in domain.answered.get(docname, []) if label in domain.questions
        ],
    }


def _deck(app: Sphinx, docname: str) -> dict[str, Any]:
    page = course_domain(app.env).pages[docname]
    if page.kind is not PageKind.SLIDES or not page.lesson:
        logger.warning(
            "a deck's front matter needs 'kind: slides' and 'lesson', the document that it belongs "
            "to, as in 'lesson: docs/welcome/index'",
            location=(docname, page.line_of("kind")),
            type="scorm",
            subtype="front-matter",
        )
    # Nobody answers a question in the deck itself, so the deck's SCO has none.
    place = {"lesson": page.lesson, "lesson_line": page.line_of("lesson")}
    return {**_page(app, docname), "questions": [], **place}


def _questions(app: Sphinx) -> dict[str, Any]:
    found: dict[str, Any] = {}
    places = course_domain(app.env).questions
    for docname in sorted({place.docname for place in places.values()}):
        path = questions_path(app, docname)
        # missing where the page does not show its questions, of which check_shown has warned
        rendered = json.loads(path.read_text("utf-8")) if path.exists() else {}
        found |= {label: data for label, data in rendered.items() if label in places}
    return dict(sorted(found.items()))


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """On ``env-get-outdated``: pages whose rendered questions are not on disk any more."""
    places = course_domain(env).questions.values()
    return [
        docname
        for docname in {place.docname for place in places}
        if app.builder.name == "html" and not questions_path(app, docname).exists()
    ]


def rewritten(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """On ``env-updated``: write the pages that show a question again, as it may have changed."""
    return [docname for docname in course_domain(env).shown if docname in env.found_docs]


def note_questions(app: Sphinx, doctree: Any) -> None:
    """On ``doctree-read``: a deck that shows questions depends on what they say."""
    docname = app.env.docname
    if app.builder.name == "revealjs" and docname in course_domain(app.env).shown:
        app.env.note_dependency(str(part_path(app, "html")))
