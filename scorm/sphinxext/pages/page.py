"""What every page of the course gets: its metadata at the top, a mark at its end, its runtime."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from scorm.course.model import PageKind, Scoring, identifier_of
from scorm.layout import Places
from scorm.sphinxext.domain import course_domain, project_name, warn_faults
from scorm.sphinxext.pages import notebooks
from scorm.sphinxext.pages.front_matter import TITLE, PageMetadata, read_markdown, read_notebook
from scorm.sphinxext.site import deck_links

_KIND_WORDS = {
    PageKind.LESSON: "Lesson",
    PageKind.SLIDES: "Slides",
    PageKind.LAB: "Lab",
    PageKind.QUIZ: "Quiz",
}


def setup(app: Sphinx) -> None:
    """Read the metadata of each page and show them, and let the page load the runtime."""
    app.connect("source-read", read_front_matter)
    app.add_transform(PageHeader)
    app.connect("html-page-context", add_runtime)


def read_front_matter(app: Sphinx, docname: str, source: list[str]) -> None:
    """On ``source-read``: check the page's front matter and keep it."""
    if app.env.doc2path(docname).suffix == ".ipynb":
        found = read_notebook(source[0])
    else:
        found = read_markdown(source[0])
        source[0] = found.text
    faults = found.faults
    if found.metadata and found.metadata.kind is PageKind.SLIDES and not app.tags.has("slides"):
        faults = (_no_deck(app, found.metadata),)
    warn_faults(docname, faults, "front-matter")
    if faults:
        course_domain(app.env).misread[docname] = True
    if found.metadata:
        course_domain(app.env).pages[docname] = found.metadata


def _no_deck(app: Sphinx, page: PageMetadata) -> tuple[int, str]:
    """The fault of a text page that calls itself slides: it has no slides that a student can see.

    The runtime counts slides, so nobody could complete it.
    """
    folder = Places.of(Path(app.confdir)).slides
    others = ", ".join(kind for kind in PageKind if kind is not PageKind.SLIDES)
    message = (
        f"'kind: slides' is for decks, which lie in {folder}: move this file there, or write one "
        f"of {others}"
    )
    return page.line_of("kind"), message


class PageHeader(SphinxTransform):
    """Show the student a page's kind, time, objectives and prerequisites below its title."""

    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        """Add the header after the first title, and the mark of the page's end."""
        page = course_domain(self.env).pages.get(self.env.docname)
        title = next(self.document.findall(nodes.title), None)
        if page and title is not None and self.env.doc2path(self.env.docname).suffix == ".md":
            lines = {**page.lines, TITLE: title.line or 1}
            course_domain(self.env).pages[self.env.docname] = replace(page, lines=lines)
        if page is None or page.kind is PageKind.SLIDES:
            return
        if title is None:  # without one the page gets no header and no mark at its end
            message = "this page has no title; begin its text with one, as in '# Counting'"
            warn_faults(self.env.docname, [(1, message)], "front-matter")
            return
        section = title.parent
        section.insert(section.index(title) + 1, self._header(page))
        end = nodes.container(ids=["scorm-end"])
        self.document += end

    def _header(self, page: PageMetadata) -> nodes.container:
        header = nodes.container(classes=["scorm-page-header", "no-search"])
        facts = f"{_KIND_WORDS[page.kind]} · {page.duration} minutes"
        header += nodes.paragraph("", facts, classes=["scorm-facts"])
        if page.objectives:
            header += nodes.paragraph("", "After this page you can:", classes=["scorm-label"])
            header += _bullet_list([[nodes.Text(o.text)] for o in page.objectives])
        if page.prerequisites:
            header += nodes.paragraph("", "Before this page:", classes=["scorm-label"])
            header += _bullet_list([[_link(self, name)] for name in page.prerequisites])
        header += deck_links.paragraphs(self.app, self.env.docname)
        if self.env.doc2path(self.env.docname).suffix == ".ipynb":
            header += notebooks.download(self.app, self.env.docname)
        return header


def _bullet_list(entries: list[list[nodes.Node]]) -> nodes.bullet_list:
    items = [nodes.list_item("", nodes.paragraph("", "", *entry)) for entry in entries]
    return nodes.bullet_list("", *items)


def _link(transform: SphinxTransform, name: str) -> addnodes.pending_xref:
    """A link to a document by its name from the project's folder, with its title as text."""
    reference = addnodes.pending_xref(
        "",
        nodes.inline("", name, classes=["std", "std-doc"]),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{name}",
        refexplicit=False,
        refwarn=True,
        refdoc=transform.env.docname,
    )
    reference.source, reference.line = transform.document["source"], 1
    return reference


def _scoring(course: dict[str, Any]) -> dict[str, Any]:
    """The course's scoring policy as the runtime reads it, every default written out."""
    policy = asdict(Scoring(**course.get("scoring", {})))
    return {"mastery": course["mastery_score"], **policy}


def add_runtime(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """On ``html-page-context``: tell the runtime which SCO the page is, and load it."""
    page = course_domain(app.env).pages.get(pagename)
    if page is None:
        return
    facts = {
        "course": app.config.scorm_course["identifier"],
        "sco": identifier_of(project_name(app.env, pagename)),
        "kind": str(page.kind),
        "title": str(context.get("title", "")),
        "scoring": _scoring(app.config.scorm_course),
    }
    # "</script>" in a title would end the element, so "<" is written as JSON allows.
    text = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    module = "deck.js" if page.kind is PageKind.SLIDES else "page.js"
    source = context["pathto"](f"_static/scorm/{module}", 1)
    context["metatags"] = (
        f"{context.get('metatags', '')}\n"
        f'<script type="application/json" id="scorm-page">{text}</script>\n'
        f'<script type="module" src="{source}"></script>\n'
    )
