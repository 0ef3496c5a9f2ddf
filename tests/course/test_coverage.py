"""Coverage: is every objective taught, told, practised and checked, and is a hole seen?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scorm.course import course_json, coverage
from scorm.course.model import Item, Objective, PageKind, Sco
from tests.support.packages import COURSE, QUESTION

SAY = Objective("say-it", "Say what it is")


def page(kind: PageKind, *questions: str, objective: Objective = SAY) -> Item:
    """A page which serves the objective."""
    sco = Sco(f"docs.{kind}", str(kind), kind, f"{kind}.html", 5, (objective,), (), questions)
    return Item(sco.identifier, sco.title, sco)


def holes(*pages: Item, asked: int = 2) -> tuple[str, ...]:
    """What is missing of the objective in a module of these pages."""
    question = replace(QUESTION, objective="say-it")
    questions = tuple(replace(question, identifier=f"q{number}") for number in range(asked))
    whole = replace(COURSE, questions=questions)
    (row,) = coverage.of_module(whole, Item("module.m", "M", None, pages))
    return row.holes


LESSON, DECK, LAB = page(PageKind.LESSON, "q0", "q1"), page(PageKind.SLIDES), page(PageKind.LAB)


def test_covered() -> None:
    """Is an objective covered by lesson, deck, and a lab and a question, or two questions?"""
    assert holes(LESSON, DECK) == ()
    assert holes(page(PageKind.LESSON, "q0"), DECK, LAB, asked=1) == ()


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ([page(PageKind.QUIZ, "q0", "q1"), DECK], "no lesson teaches it"),
        ([LESSON], "no deck tells it"),
        ([page(PageKind.LESSON, "q0"), DECK], "no lab, and fewer than 2 questions, practise it"),
        ([page(PageKind.LESSON), DECK, LAB], "no question checks it"),
        (
            [LESSON, page(PageKind.SLIDES, objective=Objective("say-it", "Name it"))],
            "pages word it differently",
        ),
    ],
)
def test_holes(pages: list[Item], words: str) -> None:
    """Is each thing that can be missing told, and nothing else?"""
    assert holes(*pages) == (words,)


def test_real_course_has_no_hole(course_package: Path, project: Path) -> None:
    """Is every objective of every module covered, once the module has a lesson?"""
    whole = course_json.load(project / "_build" / "course.json")
    modules = [
        module
        for module in whole.modules
        if any(item.sco and item.sco.kind is PageKind.LESSON for item in module.walk())
    ]
    assert len(modules) >= 2
    found = [
        f"{row.objective.identifier}: {words}"
        for module in modules
        for row in coverage.of_module(whole, module)
        for words in row.holes
    ]
    assert found == []
