"""Does a build tell whose answers will not be recognised any more, and only that?"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from scorm.build.changes import earlier_package, questions_in, told
from scorm.course.model import Choice, Course, Question, QuestionKind
from tests.browser.handmade import REPLICAS, Handmade, text_page
from tests.support.packages import COURSE

ONE, THREE, TEN = (
    Choice(letter, text, text, text == "three")
    for letter, text in zip("abc", ("one", "three", "ten"), strict=True)
)


def asking(*choices: Choice, kind: QuestionKind = QuestionKind.SINGLE) -> Course:
    question = Question("replicas", kind, 2, "How many?", "", choices)
    return replace(COURSE, questions=(question,))


def test_only_what_is_gone_is_told(tmp_path: Path) -> None:
    """Is a reorder, an added choice and a mended one with its old text nothing to tell?"""
    package = Handmade([text_page("welcome", "Welcome", [REPLICAS])]).write(tmp_path / "c.zip")
    known = questions_in(package)
    assert told(asking(ONE, THREE, TEN), known) == []
    assert told(asking(TEN, THREE, ONE, Choice("d", "none", "", False)), known) == []
    assert told(asking(ONE, THREE, replace(TEN, text="eleven", was="ten")), known) == []
    (line,) = told(asking(ONE, THREE, replace(TEN, text="eleven")), known)
    assert line.startswith("question 'replicas': the choice 'ten' is gone or reworded; students")
    assert len(told(asking(ONE, kind=QuestionKind.TEXT), known)) == 3
    assert told(replace(COURSE, questions=()), known) == []


def test_the_last_release_is_what_counts(tmp_path: Path) -> None:
    """Is the newest release compared with, or else the package that will be replaced?"""
    dist = tmp_path / "dist"
    assert earlier_package(dist, ["c.zip"]) is None
    for age, folder in enumerate((dist / "0.2.0", dist / "0.1.0", dist)):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "c.zip").write_bytes(b"")
        os.utime(folder / "c.zip", (1000 - age, 1000 - age))
    assert earlier_package(dist, ["other.zip", "c.zip"]) == dist / "0.2.0" / "c.zip"
    assert earlier_package(dist / "0.3.0", ["c.zip"]) == dist / "0.2.0" / "c.zip"
    (dist / "0.2.0" / "c.zip").unlink()
    (dist / "0.1.0" / "c.zip").unlink()
    assert earlier_package(dist, ["c.zip"]) == dist / "c.zip"


def test_what_cannot_be_read_is_nothing_to_compare_with(tmp_path: Path) -> None:
    """Does a damaged package, or one of another tool, not stop a build?"""
    (tmp_path / "c.zip").write_bytes(b"no zip")
    assert questions_in(tmp_path / "c.zip") == {}
    page = text_page("welcome", "Welcome", [REPLICAS])
    strange = replace(page, html='<form data-question="q" data-sealed="%%%"></form>')
    assert questions_in(Handmade([strange]).write(tmp_path / "d.zip")) == {}
