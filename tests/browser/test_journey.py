"""A student's way through a whole package, in any LMS that plays SCORM 1.2 strictly."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Locator, expect

from scorm.player.package import ManifestItem, Package

from . import handmade
from .support import (
    Player,
    about,
    give,
    interactions,
    press,
    questions,
    read_to_end,
    state,
    steps,
)

Play = Callable[[Path], Player]


@pytest.fixture(params=["handmade", "course"])
def package(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A handmade course that has every kind of page and question, then the real one."""
    if request.param == "handmade":
        return handmade.course(tmp_path / "handmade.zip")
    return request.getfixturevalue("course_package")


def scos(package: Path) -> list[ManifestItem]:
    """The package's SCOs, in the order of its contents."""
    opened = Package(package)
    try:
        return [item for item in opened.launchable() if item.is_sco]
    finally:
        opened.close()


def score(best: list[tuple[float, bool]]) -> str:
    """What the LMS should hold after these questions: their points, and whether right."""
    possible = sum(points for points, _ in best)
    reached = sum(points for points, right in best if right)
    return f"{100 * reached / possible:.2f}".rstrip("0").rstrip(".")


def answer_all(player: Player, item: ManifestItem, frame: Frame, right: bool) -> None:
    """Answer every question; after each, the LMS holds the score and one interaction more."""
    forms = questions(frame)
    points = [float(form.get_attribute("data-points")) for form in forms]
    before = len(interactions(player.server.recorded(item.identifier)))
    for done, form in enumerate(forms, start=1):
        give(form, right)
        best = [(worth, right and place < done) for place, worth in enumerate(points)]
        record = player.wait(item.identifier, score__raw=score(best))
        record = player.wait_for_interactions(item.identifier, before + done)
        latest = interactions(record)[-1]
        assert latest["result"] == ("correct" if right else "wrong")
        assert latest["id"].endswith(form.get_attribute("data-question"))
        assert latest["student_response"]


def leave_and_return(player: Player, item: ManifestItem, others: list[ManifestItem]) -> Frame:
    """Play another SCO, then this one again; the LMS must have lost nothing meanwhile."""
    before = player.server.recorded(item.identifier)
    player.open(next(other.identifier for other in others if other != item))
    player.wait(item.identifier, exit="suspend")
    frame = player.open(item.identifier)
    after = player.wait(item.identifier, entry="resume")
    assert after.get("cmi.core.score.raw") == before.get("cmi.core.score.raw")
    assert interactions(after) == interactions(before)
    return frame


def states(frame: Frame) -> list[dict[str, object]]:
    return [state(form) for form in questions(frame)]


def study_page(
    player: Player, item: ManifestItem, frame: Frame, others: list[ManifestItem]
) -> None:
    """Read a page and answer its questions, wrongly then rightly, with a break after each."""
    player.wait(item.identifier, lesson_status="incomplete")
    for right in (False, True):
        answer_all(player, item, frame, right)
        left = states(frame)
        frame = leave_and_return(player, item, others)
        assert states(frame) == left
    read_to_end(frame)
    player.wait(item.identifier, lesson_status="passed" if item.mastery_score else "completed")


def study_deck(
    player: Player, item: ManifestItem, frame: Frame, others: list[ManifestItem]
) -> None:
    """Go through a deck by keyboard, with a break on its second slide."""
    player.wait(item.identifier, lesson_status="incomplete")
    press(frame, "Space")
    frame.wait_for_function("Reveal.getCurrentSlide() !== Reveal.getSlides()[0]")
    slide = frame.evaluate("Reveal.getIndices(Reveal.getCurrentSlide())")
    frame = leave_and_return(player, item, others)
    assert frame.evaluate("Reveal.getIndices(Reveal.getCurrentSlide())") == slide
    assert len(list(steps(frame))) > 1
    record = player.wait(item.identifier, lesson_status="completed")
    assert "cmi.core.score.raw" not in record
    for answer in frame.locator(".scorm-question-answer").all():
        assert "Answer" in answer.text_content()


def test_whole_course(play: Play, package: Path) -> None:
    """Can a student complete every SCO, and does the LMS hold every answer and the score?"""
    player = play(package)
    items = scos(package)
    for item in items:
        frame = player.open(item.identifier)
        study = study_deck if about(frame)["kind"] == "slides" else study_page
        study(player, item, frame, items)
    player.page.reload()
    finished = player.page.locator("nav .detail").all_inner_texts()
    assert len(finished) >= len(items)
    assert all(re.match("completed|passed, score 100", text) for text in finished), finished


def test_position(play: Play, package: Path) -> None:
    """Is a reader who left in the middle of a page brought back to the same place?"""
    player = play(package)
    items = scos(package)
    tried = 0
    for item in items:
        frame = player.open(item.identifier)
        length = frame.evaluate("document.documentElement.scrollHeight / innerHeight")
        if about(frame)["kind"] == "slides" or length < 3:
            continue
        frame.evaluate("""scrollTo({
            top: 0.4 * document.documentElement.scrollHeight, behavior: "instant"
        })""")
        player.wait_for_element(item.identifier, "cmi.core.lesson_location")
        place = frame.evaluate("scrollY / innerHeight")
        frame = leave_and_return(player, item, items)
        assert frame.evaluate("scrollY / innerHeight") == pytest.approx(place, abs=0.2), item.title
        tried += 1
    assert tried > 0


def first_question(player: Player, package: Path) -> tuple[ManifestItem, Frame, Locator]:
    """The first SCO that asks something, opened, and its first question."""
    for item in scos(package):
        frame = player.open(item.identifier)
        if forms := questions(frame):
            return item, frame, forms[0]
    raise AssertionError(f"{package} has no SCO with a question")


def test_killed(play: Play, package: Path) -> None:
    """Is an answer still there when the browser's tab was closed right after it?"""
    player = play(package)
    item, _, form = first_question(player, package)
    give(form, right=True)
    left = state(form)
    player.kill()
    player.wait_for_interactions(item.identifier, 1)
    frame = player.open(item.identifier)
    assert state(questions(frame)[0]) == left


def test_keyboard(play: Play, package: Path) -> None:
    """Can a question be answered with the keyboard alone, and is the result read out?"""
    player = play(package)
    item, _, form = first_question(player, package)
    keyboard = player.page.keyboard
    player.page.locator("#sco").focus()
    inside = "form => form.contains(document.activeElement)"
    for _ in range(200):
        if form.evaluate(inside):
            break
        keyboard.press("Tab")
    assert form.evaluate(inside)
    for key in ("Space", "Tab", "Enter"):
        if form.get_attribute("data-kind") in ("numeric", "text") and key == "Space":
            keyboard.type("12")
        else:
            keyboard.press(key)
        while key == "Tab" and form.evaluate("() => document.activeElement.type !== 'submit'"):
            keyboard.press("Tab")
    expect(form.get_by_role("status")).not_to_be_empty()
    assert len(interactions(player.wait_for_interactions(item.identifier, 1))) == 1
