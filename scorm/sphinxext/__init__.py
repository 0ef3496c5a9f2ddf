"""The Sphinx extension: questions, moving figures, page metadata, the hand-over to the packager.

Add ``scorm.sphinxext`` to ``extensions`` in ``conf.py`` and describe the course in
``scorm_course``. This package is the only place of :mod:`scorm` that imports Sphinx.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from scorm import __version__
from scorm.sphinxext import (
    contents,
    coverage,
    deck_links,
    decks,
    export,
    footnotes,
    local_links,
    math,
    nodes,
    notebooks,
    page,
    parts,
    raw_html,
    render,
    speedup_figure,
    stepped_figure,
)
from scorm.sphinxext.config import check_course
from scorm.sphinxext.directive import QuestionDirective, QuestionReferenceDirective
from scorm.sphinxext.domain import CourseDomain

_HERE = Path(__file__).parent


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when ``conf.py`` names this extension."""
    app.setup_extension("nbsphinx")
    app.add_config_value("scorm_course", {}, "env", dict)
    app.connect("config-inited", check_course)
    app.connect("config-inited", _add_files)
    app.connect("builder-inited", _copy_runtime)
    app.add_domain(CourseDomain)
    _setup_questions(app)
    _setup_pages(app)
    coverage.setup(app)
    footnotes.setup(app)
    local_links.setup(app)
    math.setup(app)
    notebooks.setup(app)
    stepped_figure.setup(app)
    speedup_figure.setup(app)
    app.connect("build-finished", export.finish)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _setup_questions(app: Sphinx) -> None:
    app.add_directive("question", QuestionDirective)
    app.add_directive("question-ref", QuestionReferenceDirective)
    app.add_post_transform(render.ShowQuestions)
    entered, skipped = (render.enter, render.enter), (render.skip, None)
    app.add_node(
        nodes.question, html=(render.visit_question_html, None), text=entered, latex=entered
    )
    app.add_node(nodes.question_stem, html=entered, text=entered, latex=entered)
    app.add_node(
        nodes.question_choice,
        html=entered,
        text=(render.visit_choice_text, render.depart_choice_text),
        latex=entered,
    )
    app.add_node(nodes.question_secret, html=entered, text=skipped, latex=skipped)
    app.add_node(
        nodes.question_hint,
        html=entered,
        text=(render.visit_hint_text, render.depart_hint_text),
        latex=entered,
    )
    app.add_node(
        nodes.question_reference,
        html=skipped,
        text=skipped,
        latex=skipped,
        revealjs=(render.visit_question_reference_slide, None),
    )
    app.connect("html-page-context", parts.store_questions)
    app.connect("env-get-outdated", deck_links.find_decks)
    app.connect("env-get-outdated", export.outdated)
    app.connect("env-updated", export.rewritten)
    app.connect("doctree-read", export.note_questions)


def _setup_pages(app: Sphinx) -> None:
    app.connect("source-read", page.read_front_matter)
    app.add_transform(raw_html.RawHtmlAsText)
    app.add_transform(page.PageHeader)
    app.connect("html-page-context", page.add_runtime)
    app.connect("html-page-context", decks.use_template)
    # before the theme (priority 500), which would render the tree
    app.connect("html-page-context", contents.without_toctree, priority=400)


def _add_files(app: Sphinx, config: Config) -> None:
    """Templates of this extension, and the style sheets of pages and decks."""
    config.templates_path.append(str(_HERE / "templates"))
    config.revealjs_css_files += ["scorm/question.css", "scorm/figures.css"]
    for name in ("question.css", "course.css", "figures.css"):
        app.add_css_file(f"scorm/{name}")
    app.add_js_file("scorm/scrollers.js", type="module")


def _copy_runtime(app: Sphinx) -> None:
    """Put the runtime in place before Sphinx writes pages, which name it by its checksum."""
    if app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "scorm"
    for folder in (_HERE.parent / "runtime", _HERE / "static"):
        shutil.copytree(folder, target, dirs_exist_ok=True)
