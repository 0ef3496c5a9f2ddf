"""The one page that the LMS launches in the layout ``single``: it shows all the others.

The rendered pages stay as they are. The shell, ``course.html`` at the package's root, lists them,
shows one at a time in a frame, and alone talks to the LMS (``scorm/runtime/shell.js``). Without
JavaScript it is a plain list of links, and every page can be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jinja2

from scorm.course.model import Course, Item, Question
from scorm.standards.limits import shown_title

_templates = jinja2.Environment(
    loader=jinja2.PackageLoader("scorm.packages"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# The contents list says what the LMS's would.
_templates.filters["shown_title"] = shown_title


def shell_page(course: Course, modules: Sequence[Item]) -> bytes:
    """``course.html`` for these modules of the course; the same bytes for the same course."""
    questions = {question.identifier: question for question in course.questions}
    scoring = course.scoring
    facts = {
        "course": _identifier(course, modules),
        "title": _title(course, modules),
        "scoring": {
            "mastery": course.mastery_score,
            "attempts": scoring.attempts,
            "keep": scoring.keep,
            "penalty": scoring.penalty,
            "explain": scoring.explain,
            "verdict": scoring.verdict,
            "weights": scoring.weights,
        },
        "items": [_facts(item, questions) for item in modules],
    }
    template = _templates.get_template("shell.html.j2")
    page = template.render(
        title=facts["title"], language=course.language, items=modules, facts=facts
    )
    return page.encode()


def _title(course: Course, modules: Sequence[Item]) -> str:
    """A package of one module of several is called after it, as in the LMS."""
    is_whole = len(modules) == len(course.modules)
    title = course.title if is_whole else ", ".join(module.title for module in modules)
    return shown_title(title)


def _identifier(course: Course, modules: Sequence[Item]) -> str:
    """The name under which the browser keeps the student's copy: one for each package."""
    if len(modules) == len(course.modules):
        return course.identifier
    return ".".join((course.identifier, *(module.identifier for module in modules)))


def _facts(item: Item, questions: Mapping[str, Question]) -> dict[str, Any]:
    """What the runtime must know of an item; nothing that tells an answer."""
    facts: dict[str, Any] = {"id": item.identifier, "title": shown_title(item.title)}
    if item.sco is None:
        return {**facts, "items": [_facts(below, questions) for below in item.items]}
    return {
        **facts,
        "id": item.sco.identifier,
        "href": item.sco.href,
        "kind": item.sco.kind,
        "duration": item.sco.duration,
        "questions": [_question(questions[label]) for label in item.sco.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "label": question.identifier,
        "kind": question.kind,
        "points": question.points,
    }
