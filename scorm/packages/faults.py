"""What no package can carry of a course, said before anything is written.

A course must fit SCORM 1.2, the strictest format, whatever it is packaged as. Nothing is ever cut
to fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scorm.course.model import Course, Item, Question, QuestionKind, Sco, item_identifier
from scorm.errors import Fault
from scorm.standards import limits
from scorm.standards.hrefs import path_of
from scorm.standards.names import LANGUAGE_TAG

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")
_INTERACTION_ID = re.compile(r"[!-~]+")
_CHOICE_ID = re.compile(r"[0-9a-z]")


#: Where an author says what the course is.
_SETTINGS = "conf.py"
#: The file and the line where something is written.
_Place = tuple[str, int | None]


def course_faults(course: Course) -> list[Fault]:
    """Everything in the course that a SCORM 1.2 package cannot carry, all at once."""
    return [
        *_about(course),
        *(fault for item in course.items() for fault in _of_item(item)),
        *_identifiers(course),
        *_launch_paths(course),
        *(fault for question in course.questions for fault in _of_question(question)),
    ]


def prerequisite_faults(scos: Iterable[Sco]) -> list[Fault]:
    """SCOs that no other one can require, because their identifiers are too long for that."""
    message = (
        f"a linear SCORM 1.2 course needs identifiers of at most {limits.PREREQUISITES} characters"
    )
    return [
        Fault(*_of_page(sco), f"{message}; shorten the document's path", "prerequisites-length")
        for sco in scos
        if len(sco.identifier) > limits.PREREQUISITES
    ]


def _about(course: Course) -> Iterator[Fault]:
    yield from _title((_SETTINGS, None), "the course", course.title)
    said = {
        "description": course.description,
        "author": course.author,
        "date": course.date,
        "version": course.version,
        "keywords": "".join(course.keywords),
    }
    for what, text in said.items():
        if _NOT_XML.search(text):
            message = f"a control character in the course's {what}; remove it"
            yield Fault(_SETTINGS, None, message, "text-characters")
    if not LANGUAGE_TAG.fullmatch(course.language):
        message = f"the language {course.language!r} is no language tag; write one such as 'en'"
        yield Fault(_SETTINGS, None, message, "language")
    if not 0 <= course.mastery_score <= 100:
        message = f"the mastery score is {course.mastery_score}; write a whole number of 0 to 100"
        yield Fault(_SETTINGS, None, message, "mastery-score")
    if next(course.scos(), None) is None:
        message = "the course has no page to launch; add a page to a module"
        yield Fault(_SETTINGS, None, message, "no-sco")


def _of_item(item: Item) -> Iterator[Fault]:
    place = _place(item)
    yield from _title(place, f"the item {item.identifier!r}", item.title)
    for objective in item.sco.objectives if item.sco else ():
        if _NOT_XML.search(objective.text):
            message = f"a control character in the objective {objective.identifier!r}; remove it"
            yield Fault(*place, message, "text-characters")
    if (item.sco is None) != bool(item.items):
        state = "both a page and" if item.sco else "neither a page nor"
        message = f"the item {item.identifier!r} has {state} items below it; give it one of the two"
        yield Fault(*place, message, "item-shape")


def _title(place: _Place, what: str, title: str) -> Iterator[Fault]:
    shown = limits.shown_title(title)
    if _NOT_XML.search(title):
        message = f"the title of {what} holds a control character; remove it"
        yield Fault(*place, message, "text-characters")
    elif not shown:
        yield Fault(*place, f"{what} has no title; write one", "title-missing")
    elif shown == "0":
        message = f"the title of {what} is '0', which Moodle takes for none; write a word with it"
        yield Fault(*place, message, "title-zero")
    elif len(shown) > limits.TITLE:
        message = f"the title of {what} has {len(shown)} characters; write at most {limits.TITLE}"
        yield Fault(*place, message, "title-length")


def _identifiers(course: Course) -> Iterator[Fault]:
    seen: set[str] = set()
    named: list[tuple[_Place, str]] = [((_SETTINGS, None), course.identifier)]
    named += [(_place(item), item_identifier(item)) for item in course.items()]
    for place, identifier in named:
        if not _IDENTIFIER.fullmatch(identifier):
            message = (
                f"the identifier {identifier!r} is not allowed; begin with a letter or _ "
                "and go on with A-Z a-z 0-9 . _ -"
            )
            yield Fault(*place, message, "identifier-characters")
        elif len(identifier) > limits.IDENTIFIER:
            message = (
                f"the identifier {identifier[:40]}… has {len(identifier)} characters; "
                f"shorten the document's path so that it has at most {limits.IDENTIFIER}"
            )
            yield Fault(*place, message, "identifier-length")
        if identifier in seen:
            message = f"the identifier {identifier!r} is used twice; rename one of the two"
            yield Fault(*place, message, "identifier-duplicate")
        seen.add(identifier)


def _launch_paths(course: Course) -> Iterator[Fault]:
    launched: dict[str, Sco] = {}
    for sco in course.scos():
        name = path_of(sco.href)
        if problem := limits.name_problem(name):
            message = f"this page would be {name!r}: {problem[1]}; rename its source"
            yield Fault(*_of_page(sco), message, problem[0])
        elif len(sco.href) > limits.HREF:
            message = (
                f"the path has {len(sco.href)} characters; shorten it to at most {limits.HREF}"
            )
            yield Fault(*_of_page(sco), message, "href-length")
        first = launched.setdefault(sco.href, sco)
        if first is not sco:
            message = (
                f"{first.identifier!r} and {sco.identifier!r} launch the same page; "
                "list the page once"
            )
            yield Fault(*_of_page(sco), message, "launch-twice")


def _of_question(question: Question) -> Iterator[Fault]:
    label = question.identifier
    place = _written(question, _SETTINGS)
    if not _INTERACTION_ID.fullmatch(label) or len(label) > limits.INTERACTION_ID:
        message = (
            f"the question label {label!r} cannot name an interaction; "
            f"write at most {limits.INTERACTION_ID} ASCII characters without spaces"
        )
        yield Fault(*place, message, "interaction-id")
    for choice in question.choices:
        line = choice.line or place[1]
        if not _CHOICE_ID.fullmatch(choice.identifier):
            message = (
                f"the choice {choice.identifier!r} of the question {label!r} cannot be reported; "
                "a choice's identifier is one character of a-z and 0-9"
            )
            yield Fault(place[0], line, message, "choice-id")
        if question.kind is QuestionKind.TEXT and len(choice.text) > limits.FILL_IN:
            message = (
                f"an answer of the question {label!r} has {len(choice.text)} characters; "
                f"an LMS records at most {limits.FILL_IN}"
            )
            yield Fault(place[0], line, message, "fill-in-length")


def _place(item: Item) -> _Place:
    return _of_page(item.sco) if item.sco else _written(item, _SETTINGS)


def _of_page(sco: Sco) -> _Place:
    return _written(sco, sco.href)


def _written(part: Item | Sco | Question, otherwise: str) -> _Place:
    """Where a part of the course is written; a course made by hand may not say it."""
    return (part.source, part.line or None) if part.source else (otherwise, None)
