"""What an author hears of a course before a package is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scorm.course.model import Choice, Course, Item, Objective, QuestionKind
from scorm.packages.faults import course_faults
from tests.support.packages import COURSE, QUESTION, with_title


def with_module(course: Course, **changes: Any) -> Course:
    return replace(course, modules=(replace(course.modules[0], **changes),))


def with_page(course: Course, **changes: Any) -> Course:
    first, *others = course.modules[0].items
    assert first.sco is not None
    page = replace(first, sco=replace(first.sco, **changes))
    return with_module(course, items=(page, *others))


def with_question(course: Course, **changes: Any) -> Course:
    return replace(course, questions=(replace(QUESTION, **changes),))


FAULTS: dict[str, tuple[Callable[[Course], Course], str]] = {
    "title-length": (lambda c: with_title(c, "x" * 201), "201 characters"),
    "title-zero": (lambda c: with_title(c, " 0 "), "takes for none"),
    "title-missing": (lambda c: with_title(c, " \n "), "has no title"),
    "text-characters": (lambda c: replace(c, description="a\x00b"), "description"),
    "language": (lambda c: replace(c, language="en_GB"), "language tag"),
    "mastery-score": (lambda c: replace(c, mastery_score=101), "101"),
    "no-sco": (lambda c: replace(c, modules=()), "no page"),
    "item-shape": (lambda c: with_module(c, items=(Item("x", "Empty"),)), "neither a page nor"),
    "identifier-characters": (lambda c: with_page(c, identifier="1 é"), "begin with a letter"),
    "identifier-length": (lambda c: with_page(c, identifier="x" * 256), "256 characters"),
    "identifier-duplicate": (lambda c: with_page(c, identifier="slides.welcome"), "used twice"),
    "name-characters": (lambda c: with_page(c, href="über.html"), "only A-Z"),
    "href-length": (lambda c: with_page(c, href="x" * 2000 + ".html"), "shorten"),
    "launch-twice": (lambda c: with_page(c, href="slides/welcome.html"), "the same page"),
    "interaction-id": (lambda c: with_question(c, identifier="two words"), "without spaces"),
    "choice-id": (lambda c: with_question(c, choices=(Choice("A1", "", "", True),)), "'A1'"),
    "fill-in-length": (
        lambda c: with_question(
            c, kind=QuestionKind.TEXT, choices=(Choice("a", "x" * 256, "", True),)
        ),
        "at most 255",
    ),
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"author": "a\x00"}, "the course's author"),
        ({"date": "\x1b"}, "the course's date"),
        ({"keywords": ("big", "da\x0bta")}, "the course's keywords"),
    ],
)
def test_control_characters(change: dict[str, Any], words: str) -> None:
    """Is text that XML cannot carry told for everything that goes into a manifest?"""
    (fault,) = course_faults(replace(COURSE, **change))
    assert words in fault.message


def test_control_character_in_an_objective() -> None:
    """Is it told for the objectives of pages as well?"""
    course = with_page(COURSE, objectives=(Objective("do-it", "a\x00b"),))
    (fault,) = course_faults(course)
    assert (fault.path, "do-it" in fault.message) == ("docs/welcome/index.html", True)


def test_fault_at_the_authors_place() -> None:
    """Is a limit told of the file and line that the author wrote, where the course knows them?"""
    first = COURSE.modules[0].items[0]
    assert first.sco is not None
    page = replace(first.sco, title="x" * 201, source="docs/a.md", line=7)
    items = (replace(first, title="x" * 201, sco=page),)
    module = replace(COURSE.modules[0], title="", items=items, source="docs/index.md", line=5)
    answers = (Choice("a", "y" * 256, "y", True, line=14),)
    asked = replace(QUESTION, kind=QuestionKind.TEXT, choices=answers)
    asked = replace(asked, source="docs/quiz.md", line=9)
    course = replace(COURSE, title="", modules=(module,), questions=(asked,))
    assert sorted((fault.path, fault.line, fault.rule) for fault in course_faults(course)) == [
        ("conf.py", None, "title-missing"),
        ("docs/a.md", 7, "title-length"),
        ("docs/index.md", 5, "title-missing"),
        ("docs/quiz.md", 14, "fill-in-length"),
    ]


@pytest.mark.parametrize("rule", FAULTS)
def test_fault(rule: str) -> None:
    """Is each limit told by its own rule, with what to do?"""
    change, words = FAULTS[rule]
    faults = {fault.rule: fault.message for fault in course_faults(change(COURSE))}
    assert words in faults[rule]


def test_good_course() -> None:
    """Does a course within every limit pass, with values exactly at the limits?"""
    assert course_faults(COURSE) == []
    edge = with_title(replace(COURSE, mastery_score=100), "x" * 200)
    assert course_faults(with_page(edge, identifier="x" * 255)) == []


def test_item_with_page_and_items() -> None:
    """Is a heading that also launches a page refused?"""
    module = replace(COURSE.modules[0], sco=COURSE.modules[0].items[0].sco)
    faults = course_faults(replace(COURSE, modules=(module,)))
    assert "both a page and items" in " ".join(fault.message for fault in faults)


def test_all_at_once() -> None:
    """Does an author hear of every fault in one go?"""
    course = replace(with_title(COURSE, ""), language="?", mastery_score=-1)
    rules = {fault.rule for fault in course_faults(course)}
    assert rules == {"title-missing", "language", "mastery-score"}
