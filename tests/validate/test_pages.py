"""Pages of ours that no student could complete, in a package that is valid otherwise."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from scorm import validate
from scorm.errors import Fault
from scorm.packages import Layout, PackageOptions
from tests.support.packages import FILES, build_package

QUIZ = "docs/welcome/quiz.html"


def form(label: str, identifier: str = "") -> str:
    identifier = identifier or f"question-{label}"
    return f'<form id="{identifier}" data-question="{label}"><p id="{identifier}-stem"></p></form>'


def page(body: str, kind: str = "quiz", end: str = '<div id="scorm-end"></div>') -> bytes:
    facts = json.dumps({"course": "c", "sco": "docs.welcome.quiz", "kind": kind})
    mark = f'<script type="application/json" id="scorm-page">{facts}</script>'
    return f"<!doctype html><title>Quiz</title>{mark}{body}{end}".encode()


def with_quiz(folder: Path, quiz: bytes, layout: Layout = Layout.MULTI) -> Path:
    """A valid package with such a quiz, in which the question 'shuffle-cost' counts."""
    files = FILES | {f"html/{QUIZ}": quiz}
    return build_package(folder, options=PackageOptions(layout=layout), files=files)


def faults(package: Path) -> list[tuple[str, str]]:
    return [(fault.path, fault.rule) for fault in validate.check(package)]


@pytest.mark.parametrize("layout", Layout)
def test_a_page_that_can_be_completed_is_valid(tmp_path: Path, layout: Layout) -> None:
    """Is a page with its question, its end and other elements of any id valid?"""
    body = form("shuffle-cost") + '<p id="a"></p><p id="a"></p><div data-question="x"></div>'
    assert faults(with_quiz(tmp_path, page(body), layout)) == []


@pytest.mark.parametrize(
    ("quiz", "rules"),
    [
        (page(form("shuffle-cost") * 2), {"question-twice"}),
        (page(form("shuffle-cost") + form("shuffle-cost", "other")), {"question-twice"}),
        (
            page(form("shuffle-cost") + '<h2 id="question-shuffle-cost">Cost</h2>'),
            {"id-twice"},
        ),
        (page(form("shuffle-cost") + '<p id="scorm-end"></p>'), {"id-twice"}),
        (page(form("shuffle-cost"), end=""), {"end-missing"}),
        (page(form("shuffle-cost"), kind="lesson", end=""), {"end-missing"}),
        (page(form("shuffle-cost")).replace(b"{", b""), {"page-facts"}),
    ],
)
def test_a_page_that_nobody_can_complete_is_not_valid(
    tmp_path: Path, quiz: bytes, rules: set[str]
) -> None:
    """Does `check` find what keeps a student from completing a page, and name the page?"""
    found = faults(with_quiz(tmp_path, quiz))
    assert {path for path, _ in found} == {QUIZ}
    assert {rule for _, rule in found} == rules


def test_each_page_holds_the_questions_that_count_there(tmp_path: Path) -> None:
    """Is a course in one page not valid when a page lacks a question that its contents count?"""
    package = with_quiz(tmp_path, page(form("another")), Layout.SINGLE)
    assert faults(package) == [(QUIZ, "question-missing")]


def test_slides_have_no_end(tmp_path: Path) -> None:
    """Is a deck valid without the mark of a text page, and with a question shown twice?"""
    shown = '<div data-question="shuffle-cost"></div>' * 2
    files = FILES | {"slides/welcome.html": page(shown, kind="slides", end="")}
    assert faults(build_package(tmp_path, files=files)) == []


def test_pages_of_others_are_theirs(tmp_path: Path) -> None:
    """Is nothing asked of pages that this project did not make?"""
    quiz = b"<!doctype html><title>Quiz</title>" + form("shuffle-cost").encode() * 2
    assert faults(with_quiz(tmp_path, quiz)) == []


@pytest.mark.parametrize(
    "facts",
    [b"[]", b"7", b'{"items": 7}', b'{"items": [[], {"href": [], "questions": 1}]}', b"[" * 9999],
)
def test_strange_contents_are_no_traceback(tmp_path: Path, facts: bytes) -> None:
    """Does `check` end well whatever a page says that it is?"""
    package = with_quiz(tmp_path, page(form("shuffle-cost")), Layout.SINGLE)
    strange = b'<script type="application/json" id="scorm-course">' + facts + b"</script>"
    other = tmp_path / "strange.zip"
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, strange if name == "course.html" else old.read(name))
    assert all(isinstance(fault, Fault) for fault in validate.check(other))
