"""From the parts that Sphinx wrote to ``course.json``, and from there to the :class:`Course`.

``course.json`` is the only hand-over between Sphinx and the packager. It is deterministic:
equal parts give equal bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scorm.course.model import (
    Choice,
    Course,
    Explain,
    Item,
    Keep,
    Objective,
    PageKind,
    Question,
    QuestionKind,
    Sco,
    Scoring,
    Tree,
    Verdict,
    Weights,
)
from scorm.errors import CourseError, Fault
from scorm.layout import DECKS, SITE

_SITE = Tree(folder=SITE, prefix="")


def assemble(html: Mapping[str, Any], revealjs: Mapping[str, Any] | None = None) -> Course:
    """Make the course of what the Sphinx runs wrote: each deck goes behind its lesson.

    :raises CourseError: if a deck names a lesson that is not in the contents, or if the whole
        is not valid.
    """
    decks: dict[str, list[Item]] = {}
    faults = []
    known = {entry["docname"] for entry in _walk(html["modules"])}
    for deck in revealjs["decks"] if revealjs else ():
        if deck["lesson"] not in known:
            faults.append(
                Fault(
                    deck["source"],
                    deck["lesson_line"],
                    f"the deck's lesson '{deck['lesson']}' is not in the contents; name one of "
                    + ", ".join(sorted(known - {""})),
                    "deck-lesson",
                )
            )
        # The lesson and its deck often have one title; the LMS lists them side by side.
        sco = _sco({**deck, "title": f"Slides: {deck['title']}"}, f"{DECKS}/")
        decks.setdefault(deck["lesson"], []).append(Item(sco.identifier, sco.title, sco))
    if faults:
        raise CourseError(faults)
    course = Course(
        **_settings(html["course"]),
        modules=tuple(_item(entry, html["pages"], decks) for entry in html["modules"]),
        questions=tuple(question_from(data) for data in html["questions"].values()),
        trees=(_SITE,),
    )
    check(course)
    return course


def _settings(data: Mapping[str, Any]) -> dict[str, Any]:
    """What ``conf.py`` says of the course, in the model's types."""
    said = {**asdict(Scoring()), **data.get("scoring", {})}
    scoring = Scoring(
        weights=Weights(said["weights"]),
        attempts=said["attempts"],
        keep=Keep(said["keep"]),
        penalty=said["penalty"],
        explain=Explain(said["explain"]),
        verdict=Verdict(said["verdict"]),
    )
    return {**data, "keywords": tuple(data.get("keywords", ())), "scoring": scoring}


def _walk(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        yield entry
        yield from _walk(entry["items"])


def _item(
    entry: Mapping[str, Any], pages: Mapping[str, Any], decks: Mapping[str, list[Item]]
) -> Item:
    page = pages.get(entry["docname"])
    items: list[Item] = []
    for below in entry["items"]:
        items += (_item(below, pages, decks), *decks.get(below["docname"], ()))
    if page is None:
        return Item(
            entry["identifier"],
            entry["title"],
            None,
            tuple(items),
            source=entry["source"],
            line=entry["line"],
        )
    launched = Item(entry["identifier"], entry["title"], _sco(page, _SITE.prefix))
    if not items:
        return launched
    # An item either launches a SCO or holds others: a page with pages below it comes first
    # under a heading of its title.
    heading = f"heading.{launched.identifier}"
    place = {"source": page["source"], "line": page["line"]}
    return Item(heading, launched.title, None, (launched, *items), **place)


def _sco(page: Mapping[str, Any], prefix: str) -> Sco:
    return Sco(
        identifier=page["identifier"],
        title=page["title"],
        kind=PageKind(page["kind"]),
        href=prefix + page["href"],
        duration=page["duration"],
        objectives=tuple(Objective(**objective) for objective in page["objectives"]),
        prerequisites=tuple(page["prerequisites"]),
        questions=tuple(page["questions"]),
        source=page["source"],
        line=page["line"],
    )


def question_from(data: Mapping[str, Any]) -> Question:
    """A question from its JSON form."""
    choices = tuple(Choice(**choice) for choice in data["choices"])
    return Question(**{**data, "kind": QuestionKind(data["kind"]), "choices": choices})


def dump(course: Course) -> str:
    """The course as the text of ``course.json``."""
    return json.dumps(asdict(course), ensure_ascii=False, indent=1) + "\n"


def load(path: Path) -> Course:
    """Read ``course.json``.

    :raises CourseError: if it cannot be read, or with everything that is wrong in it.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        course = Course(
            **{
                **_settings(data),
                "modules": tuple(_item_from(item) for item in data["modules"]),
                "questions": tuple(question_from(question) for question in data["questions"]),
                "trees": tuple(Tree(**tree) for tree in data["trees"]),
            }
        )
    except OSError as error:
        reason = error.strerror or "no such file"
        message = f"cannot be read ({reason}); build the course first"
        raise CourseError([Fault(path.name, None, message, "course-json")]) from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"is not what this version writes ({error}); build the course again"
        raise CourseError([Fault(path.name, None, message, "course-json")]) from None
    check(course)
    return course


def _item_from(data: Mapping[str, Any]) -> Item:
    sco = data["sco"]
    return Item(
        identifier=data["identifier"],
        title=data["title"],
        sco=_sco(sco, "") if sco else None,
        items=tuple(_item_from(item) for item in data["items"]),
        source=data["source"],
        line=data["line"],
    )


def check(course: Course) -> None:
    """Refuse a course whose parts do not fit together.

    :raises CourseError: with every identifier that two items share, every question that a page
        names and nobody wrote or that it asks twice, and every module without a page.
    """
    faults = []
    counts = Counter(item.identifier for item in course.items())
    for module in course.modules:
        for identifier in sorted({item.identifier for item in module.walk()}):
            if counts[identifier] > 1:
                times = f"{counts.pop(identifier)} times"
                message = f"'{identifier}' stands {times} in the contents; list each page once"
                faults.append(_fault_of(module, message, "duplicate-item"))
    labels = {question.identifier for question in course.questions}
    for sco in course.scos():
        faults += [
            Fault(sco.source, None, f"no question has the label '{label}'", "unknown-question")
            for label in sco.questions
            if label not in labels
        ]
        faults += [
            Fault(
                sco.source,
                None,
                f"the page asks the question '{label}' {count} times; ask it once",
                "question-twice",
            )
            for label, count in Counter(sco.questions).items()
            if count > 1
        ]
    for module in course.modules:
        if not any(item.sco for item in module.walk()):
            message = f"the module '{module.title}' has no page; add one or remove the module"
            faults.append(_fault_of(module, message, "empty-module"))
    if not course.modules:
        message = "the course has no module; give the root document's toctrees a name and a caption"
        faults.append(Fault("conf.py", None, message, "no-module"))
    if faults:
        raise CourseError(faults)


def _fault_of(module: Item, message: str, rule: str) -> Fault:
    """A fault of a module, told where its toctree is written."""
    return Fault(module.source, module.line, message, rule)
