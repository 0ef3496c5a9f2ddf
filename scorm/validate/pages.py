"""Pages that this project made, in any package: can a student complete each of them?

A page is known by the element ``scorm-page``, which tells the runtime what the page is; the page
of the layout ``single`` by ``scorm-course``, which lists all others with their questions.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from scorm.errors import Fault
from scorm.standards.pages import parsed

#: Of these the runtime needs each once.
_IDS = re.compile(r"(question|scorm)-")
_TEXT_ENDS = "scorm-end"
_BUILD_AGAIN = "mend the page's source and build the package again"


def faults(pages: Mapping[str, bytes]) -> Iterator[Fault]:
    """What keeps a student from completing the ``pages``, which are HTML by path."""
    roots = {name: root for name, page in pages.items() if (root := parsed(page)) is not None}
    for name, root in roots.items():
        for facts in _facts(root, "scorm-page"):
            yield from _of_page(name, root, facts)
        for facts in _facts(root, "scorm-course"):
            yield from _of_course(facts, roots)


def _facts(root: etree._Element, identifier: str) -> Iterator[Any]:
    """What an element of JSON says; ``None`` where that cannot be read."""
    for element in root.iter("script"):
        if element.get("id") == identifier:
            try:
                yield json.loads(element.text or "")
            except (ValueError, RecursionError):
                yield None


def _of_page(name: str, root: etree._Element, facts: Any) -> Iterator[Fault]:
    if not isinstance(facts, dict):
        message = f"what the page says of itself, in 'scorm-page', is no JSON; {_BUILD_AGAIN}"
        yield Fault(name, None, message, "page-facts")
        return
    asked = Counter(_asked(root))
    for label, count in asked.items():
        if count > 1:
            message = (
                f"the page asks the question {label!r} {count} times, so that it can never be "
                f"completed; {_BUILD_AGAIN}"
            )
            yield Fault(name, None, message, "question-twice")
    identifiers = Counter(element.get("id", "") for element in root.iter(etree.Element))
    for identifier, count in identifiers.items():
        if count > 1 and _IDS.match(identifier) and not _is_of(identifier, asked):
            message = f"{count} elements have the id {identifier!r}; {_BUILD_AGAIN}"
            yield Fault(name, None, message, "id-twice")
    if facts.get("kind") != "slides" and _TEXT_ENDS not in identifiers:
        message = (
            f"the page's end is not marked by id={_TEXT_ENDS!r}, so that it can never be "
            f"completed; {_BUILD_AGAIN}"
        )
        yield Fault(name, None, message, "end-missing")


def _is_of(identifier: str, asked: Counter[str]) -> bool:
    """Does the id belong to a question that stands twice, of which that is said?"""
    return any(
        count > 1 and f"{identifier}-".startswith(f"question-{label}-")
        for label, count in asked.items()
    )


def _of_course(facts: Any, roots: Mapping[str, etree._Element]) -> Iterator[Fault]:
    """Does each page hold the questions that the course counts on it?"""
    for item in _dicts(facts, "items"):
        href = item.get("href")
        if not isinstance(href, str) or href not in roots or item.get("kind") == "slides":
            continue
        held = set(_asked(roots[href]))
        for label in (question.get("label") for question in _list(item, "questions")):
            if str(label) not in held:
                message = (
                    f"the course counts the question {label!r} on this page, which does not ask "
                    f"it, so that it can never be completed; {_BUILD_AGAIN}"
                )
                yield Fault(href, None, message, "question-missing")


def _dicts(entry: Any, below: str) -> Iterator[dict[str, Any]]:
    """The entry and all entries below it, in whatever order."""
    waiting = [entry] if isinstance(entry, dict) else []
    while waiting:
        entry = waiting.pop()
        yield entry
        waiting += _list(entry, below)


def _list(entry: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects in a list of the entry; a strange package may have anything there."""
    values = entry.get(key)
    return [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []


def _asked(root: etree._Element) -> Iterator[str]:
    """The labels of the questions that a student answers on the page."""
    for form in root.iter("form"):
        if "data-question" in form.attrib:
            yield form.get("data-question", "")
