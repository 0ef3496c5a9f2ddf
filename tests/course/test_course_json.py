"""The hand-over: what Sphinx wrote becomes one valid course, or faults that say what is wrong."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from scorm.course import course_json
from scorm.course.model import identifier_of
from scorm.errors import CourseError

QUESTION = {
    "identifier": "q",
    "kind": "single",
    "points": 1,
    "stem_text": "Which?",
    "stem_html": "<p>Which?</p>",
    "choices": [
        {"identifier": "a", "text": "This", "html": "This", "correct": True, "feedback_html": ""},
        {"identifier": "b", "text": "That", "html": "That", "correct": False, "feedback_html": ""},
    ],
}


def page(name: str, **more: Any) -> dict[str, Any]:
    return {
        "identifier": identifier_of(name),
        "title": name,
        "kind": "lesson",
        "href": f"{name}.html",
        "source": f"{name}.md",
        "line": 8,
        "duration": 5,
        "objectives": [{"identifier": "o", "text": "Do it"}],
        "prerequisites": [],
        "questions": [],
        **more,
    }


def module(identifier: str, title: str, docname: str, *items: dict[str, Any]) -> dict[str, Any]:
    named = {"identifier": identifier, "title": title, "docname": docname}
    return {**named, "source": "docs/index.md", "line": 3, "items": list(items)}


def entry(name: str, *items: dict[str, Any]) -> dict[str, Any]:
    return module(identifier_of(name), name, name, *items)


HTML: dict[str, Any] = {
    "course": {
        "identifier": "c",
        "title": "C",
        "description": "D",
        "author": "A",
        "date": "2026-01-01",
        "language": "en",
        "version": "1",
        "mastery_score": 70,
    },
    "modules": [
        module("module.m", "M", "", entry("docs/a", entry("docs/b")), entry("docs/c")),
    ],
    "pages": {name: page(name) for name in ("docs/a", "docs/b", "docs/c")},
    "questions": {"q": QUESTION},
}
HTML["pages"]["docs/c"]["questions"] = ["q"]
DECKS = {
    "decks": [
        {
            **page("docs/slides/a", href="a.html", kind="slides"),
            "lesson": "docs/b",
            "source": "talks/a.md",
            "lesson_line": 4,
        }
    ]
}


def test_page_with_pages_below_it_comes_first_under_its_heading() -> None:
    """Does every item either launch a page or hold others, with decks behind their lessons?"""
    whole = course_json.assemble(HTML, DECKS)
    assert [(item.identifier, item.sco is not None) for item in whole.items()] == [
        ("module.m", False),
        ("heading.docs.a", False),
        ("docs.a", True),
        ("docs.b", True),
        ("docs.slides.a", True),
        ("docs.c", True),
    ]
    assert not [item for item in whole.items() if item.sco and item.items]


def test_course_json_gives_the_same_course(tmp_path: Path) -> None:
    """Is nothing lost on the way through course.json?"""
    whole = course_json.assemble(HTML, DECKS)
    path = tmp_path / "course.json"
    path.write_text(course_json.dump(whole), "utf-8")
    assert course_json.load(path) == whole


def test_all_faults_of_a_course_are_named() -> None:
    """Are a page listed twice, an unknown question and an empty module all named at once?"""
    html = copy.deepcopy(HTML)
    html["modules"][0]["items"].append(entry("docs/c"))
    html["modules"].append(module("module.n", "N", ""))
    html["questions"] = {}
    with pytest.raises(CourseError) as caught:
        course_json.assemble(html, DECKS)
    rules = {fault.rule for fault in caught.value.faults}
    assert rules == {"duplicate-item", "unknown-question", "empty-module"}
    places = {fault.rule: (fault.path, fault.line) for fault in caught.value.faults}
    assert places["duplicate-item"] == places["empty-module"] == ("docs/index.md", 3)
    assert places["unknown-question"] == ("docs/c.md", None)


def test_a_page_asks_each_question_once() -> None:
    """Is a page refused that nobody could complete, since it counts one question twice?"""
    html = copy.deepcopy(HTML)
    html["pages"]["docs/c"]["questions"] = ["q", "q"]
    with pytest.raises(CourseError) as caught:
        course_json.assemble(html, DECKS)
    (fault,) = caught.value.faults
    assert (fault.path, fault.rule) == ("docs/c.md", "question-twice")
    assert "asks the question 'q' 2 times" in fault.message


def test_deck_of_no_lesson_is_named() -> None:
    """Is a deck whose lesson is not in the contents refused, with the lessons there are?"""
    decks = {"decks": [{**DECKS["decks"][0], "lesson": "docs/z"}]}
    with pytest.raises(CourseError) as caught:
        course_json.assemble(HTML, decks)
    (fault,) = caught.value.faults
    assert (fault.path, fault.line) == ("talks/a.md", 4)
    assert "'docs/z' is not in the contents; name one of docs/a, docs/b, docs/c" in fault.message


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"modules": 3}', json.dumps(HTML)])
def test_unreadable_course_json_is_a_fault(tmp_path: Path, text: str) -> None:
    """Does a damaged hand-over end in a sentence that says what to do?"""
    path = tmp_path / "course.json"
    path.write_text(text, "utf-8")
    with pytest.raises(CourseError, match="build the course again"):
        course_json.load(path)
    with pytest.raises(CourseError, match="build the course first"):
        course_json.load(tmp_path / "missing.json")


@given(st.text(min_size=1), st.text(min_size=1))
def test_identifiers_are_xml_ids_and_differ(one: str, other: str) -> None:
    """Has every name an identifier that XML takes, and no two names the same?"""
    assert (identifier_of(one) == identifier_of(other)) == (one == other)
    # lxml refuses a name that is no NCName
    etree.QName(identifier_of(one))
