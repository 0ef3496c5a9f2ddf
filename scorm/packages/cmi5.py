"""Write a course as a cmi5 package: one assignable unit (AU) a page.

Source: the cmi5 specification, "Quartz" 1st edition, sections 13 and 14. No registry carries its
schema, so :mod:`scorm.validate` checks with rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from lxml import etree

from scorm.course.model import Course, Item, PageKind, Sco, identifier_of
from scorm.packages import Format, PackageOptions, PackageReport
from scorm.packages.content import Rendered
from scorm.packages.scope import Scope
from scorm.packages.writing import Recipe, write_package
from scorm.standards.names import CMI5, COURSE_STRUCTURE
from scorm.standards.xml import Element, Vocabulary

_cmi5 = Vocabulary(CMI5, {None: CMI5})

_ACTIVITIES = "http://adlnet.gov/expapi/activities/"


def write(
    course: Course,
    build: Path,
    destination: Path,
    options: PackageOptions | None = None,
    *,
    rendered: Rendered | None = None,
) -> PackageReport:
    """Write ``destination`` (a ``.zip``) from the trees below ``build``, and check it.

    ``rendered`` is what several packages of one build share. Raises what :func:`write_package`
    does.
    """
    recipe = Recipe("cmi5", {}, (COURSE_STRUCTURE,), _describe)
    options = options or PackageOptions(Format.CMI5)
    return write_package(recipe, rendered or Rendered(course, build), destination, options)


def _describe(scope: Scope, files: Collection[str]) -> dict[str, bytes]:
    return {COURSE_STRUCTURE: structure(scope)}


def iri(scope: Scope, *parts: str) -> str:
    """The IRI of the course, or of what the ``parts`` name in it.

    A URN needs no domain that somebody owns and keeps, is readable in an LRS, and stays as long
    as the identifiers of the course do.
    """
    return ":".join(("urn:x-scorm", scope.identifier, *parts))


def structure(scope: Scope) -> bytes:
    """``cmi5.xml``."""
    course = _cmi5(
        "course",
        _text(scope, "title", scope.title),
        _text(scope, "description", scope.course.description),
        id=iri(scope),
    )
    root = _cmi5.root("courseStructure", course)
    objectives = list(_objectives(scope))
    if objectives:
        root.append(_cmi5("objectives", *objectives))
    root.extend(_node(scope, module) for module in scope.modules)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _text(scope: Scope, name: str, text: str) -> Element:
    words = " ".join(text.split())
    return _cmi5(name, _cmi5("langstring", text=words, lang=scope.course.language))


def _objectives(scope: Scope) -> Iterator[Element]:
    """What the pages teach, each objective once (13.1.3)."""
    for sco in scope.pages():
        for objective in sco.objectives:
            yield _cmi5(
                "objective",
                _text(scope, "title", objective.text),
                _text(scope, "description", objective.text),
                id=_objective_iri(scope, sco, objective.identifier),
            )


def _objective_iri(scope: Scope, sco: Sco, label: str) -> str:
    return iri(scope, sco.identifier, identifier_of(label))


def _node(scope: Scope, item: Item) -> Element:
    """A block for a heading (13.1.2), an AU for a page."""
    if item.sco:
        return _au(scope, item, item.sco)
    return _cmi5(
        "block",
        _text(scope, "title", item.title),
        _text(scope, "description", item.title),
        *(_node(scope, below) for below in item.items),
        id=iri(scope, item.identifier),
    )


def _au(scope: Scope, item: Item, sco: Sco) -> Element:
    """A page (13.1.4), which plays in any window.

    A quiz that is judged satisfies the LMS when it is passed; any other page with whatever it
    says at its end.
    """
    is_judged = scope.is_judged(sco)
    au = _cmi5(
        "au",
        _text(scope, "title", item.title),
        _text(scope, "description", _learned(sco) or item.title),
        id=iri(scope, sco.identifier),
        moveOn="Passed" if is_judged else "CompletedOrPassed",
        launchMethod="AnyWindow",
        activityType=_ACTIVITIES + ("assessment" if sco.kind is PageKind.QUIZ else "lesson"),
    )
    if is_judged:
        au.set("masteryScore", f"{scope.course.mastery_score / 100:.2f}")
    if sco.objectives:
        references = (_objective_iri(scope, sco, o.identifier) for o in sco.objectives)
        au.append(_cmi5("objectives", *(_cmi5("objective", idref=ref) for ref in references)))
    au.append(_cmi5("url", text=sco.href))
    return au


def _learned(sco: Sco) -> str:
    return "; ".join(objective.text for objective in sco.objectives)
