"""A student's way through a whole package of any standard, in a strict LMS."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Locator, expect

from scorm.player.contents import ManifestItem
from scorm.player.package import Package

from . import handmade
from .support import (
    Player,
    about,
    give,
    press,
    questions,
    read_to_end,
    state,
    steps,
)

Play = Callable[[Path], Player]


HANDMADE = [f"handmade {standard}" for standard in ("scorm12", "scorm2004", "cmi5")]
REAL = ["course scorm12", "module scorm2004", "module cmi5"]

# Where a page is one and the same in all standards: the real ones in one of them.
SMALL_OR_REAL = pytest.mark.parametrize("package", [*HANDMADE, REAL[0]], indirect=True)

Share = Callable[[list[ManifestItem]], list[ManifestItem]]


def everything(items: list[ManifestItem]) -> list[ManifestItem]:
    """All of a small course."""
    return items


def every_third(first: int) -> Share:
    """A third of a large course: with the two others beside it, no worker waits for the last."""
    return lambda items: items[first::3]


def in_shares(*packages: str) -> list[object]:
    """Parameters ``package`` and ``share``: the real course in thirds, the others whole."""
    return [
        pytest.param(package, share, id=f"{package}{name}")
        for package in packages
        for share, name in (
            [(every_third(n), f" {n + 1} of 3") for n in range(3)]
            if package == REAL[0]
            else [(everything, "")]
        )
    ]


HANDMADE_AND_COURSE = in_shares(HANDMADE[0], REAL[0])


@pytest.fixture(params=[*HANDMADE, *REAL])
def package(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A handmade course that has every kind of page and question, then the real one."""
    made, standard = request.param.split()
    if made == "handmade":
        return handmade.course(tmp_path / "handmade.zip", standard)
    return request.getfixturevalue("course_packages")[f"{standard} multi"]


def scos(package: Path) -> list[ManifestItem]:
    """The package's SCOs, in the order of its contents."""
    opened = Package(package)
    try:
        return [item for item in opened.launchable() if item.is_sco]
    finally:
        opened.close()


def score(best: list[tuple[float, float]]) -> float:
    """What the LMS should hold after these questions: their points, and the part reached."""
    possible = sum(points for points, _ in best)
    reached = sum(points * part for points, part in best)
    return round(100 * reached / possible, 2)


def answer_all(
    player: Player, item: ManifestItem, frame: Frame, right: bool, best: Sequence[float]
) -> list[float]:
    """Answer every question; after each, the LMS holds the score and one answer more.

    ``best`` is what part of its points each question has brought before, none at first; returned is
    what each has brought in the end.
    """
    forms = questions(frame)
    points = [float(form.get_attribute("data-points")) for form in forms]
    before = len(player.see(item.identifier).answers)
    parts = [*best] or [0.0] * len(forms)
    for done, form in enumerate(forms, start=1):
        part = give(form, right)
        parts[done - 1] = max(parts[done - 1], part)
        seen = player.see(item.identifier, answers=before + done)
        if "verbs" not in player.server.recorded(item.identifier):
            # In cmi5 a score is told with the verdict only.
            player.see(item.identifier, score=score(list(zip(points, parts, strict=True))))
        latest = seen.answers[-1]
        if latest.result != ("correct" if right else "wrong"):
            assert float(latest.result) == pytest.approx(part, abs=0.01)
        # Beside the label, cmi5 names the page, and SCORM 1.2 the list of choices.
        asked = latest.question.rpartition("/")[2].partition(".")[0]
        assert asked == form.get_attribute("data-question")
        assert latest.response
    return parts


def leave_and_return(player: Player, item: ManifestItem, others: list[ManifestItem]) -> Frame:
    """Play another SCO, then this one again; the LMS must have lost nothing meanwhile."""
    before = player.see(item.identifier)
    player.open(next(other.identifier for other in others if other != item))
    left = player.see(item.identifier, left=True)
    if "cmi.core.lesson_status" in player.server.recorded(item.identifier):
        # SCORM 1.2: the LMS judges nobody who leaves half-way.
        assert left.status == before.status
    assert left.answers == before.answers
    assert before.score in (left.score, None)
    return player.open(item.identifier)


def states(frame: Frame) -> list[dict[str, object]]:
    return [state(form) for form in questions(frame)]


#: Where a reader is, in heights of the window, and how far a page goes.
PLACE = "scrollY / innerHeight"
LENGTH = "document.documentElement.scrollHeight / innerHeight"


def study_page(
    player: Player, item: ManifestItem, frame: Frame, others: list[ManifestItem]
) -> None:
    """Read a page and answer its questions, wrongly then rightly, with a break after each.

    Each break brings the reader back to the same place, which is another one each time.
    """
    player.see(item.identifier, status="incomplete")
    is_quiz = about(frame)["kind"] == "quiz"
    best: list[float] = []
    for right in (False, True):
        best = answer_all(player, item, frame, right, best)
        left = states(frame)
        to = (0.4 if right else 0.6) * frame.evaluate(LENGTH)
        frame.evaluate("to => scrollTo({top: to * innerHeight, behavior: 'instant'})", to)
        # Where a reader stays for a moment counts as the place.
        frame.wait_for_timeout(400)
        place = frame.evaluate(PLACE)
        frame = leave_and_return(player, item, others)
        assert states(frame) == left
        assert frame.evaluate(PLACE) == pytest.approx(place, abs=0.2), item.title
    read_to_end(frame)
    player.see(item.identifier, status="passed" if is_quiz else "completed")


def study_deck(
    player: Player, item: ManifestItem, frame: Frame, others: list[ManifestItem]
) -> None:
    """Go through a deck by keyboard, with a break on its second slide."""
    player.see(item.identifier, status="incomplete")
    press(frame, "Space")
    frame.wait_for_function("Reveal.getCurrentSlide() !== Reveal.getSlides()[0]")
    slide = frame.evaluate("Reveal.getIndices(Reveal.getCurrentSlide())")
    frame = leave_and_return(player, item, others)
    assert frame.evaluate("Reveal.getIndices(Reveal.getCurrentSlide())") == slide
    assert len(list(steps(frame))) > 1
    assert player.see(item.identifier, status="completed").score is None
    for answer in frame.locator(".scorm-question-answer").all():
        assert "Answer" in answer.text_content()


@pytest.mark.parametrize(("package", "share"), in_shares(*HANDMADE, *REAL), indirect=["package"])
def test_whole_course(play: Play, package: Path, share: Share) -> None:
    """Can a student complete every SCO, and does the LMS hold every answer and the score?"""
    player = play(package)
    items = scos(package)
    studied = share(items)
    for item in studied:
        frame = player.open(item.identifier)
        study = study_deck if about(frame)["kind"] == "slides" else study_page
        study(player, item, frame, items)
    player.page.reload()
    # cmi5 says "passed" once, with the score of that moment.
    at_once = "verbs" in player.server.recorded(studied[0].identifier)
    reached = r"[\d.]+" if at_once else "100"
    good = re.compile(f"^(completed(, score 100)?|passed, score {reached})(, satisfied)?$")
    for item in studied:
        told = player.page.locator(f'nav a[data-item="{item.identifier}"] .detail')
        expect(told).to_have_text(good)


def first_question(player: Player, package: Path) -> tuple[ManifestItem, Frame, Locator]:
    """The first SCO that asks something, opened, and its first question."""
    for item in scos(package):
        frame = player.open(item.identifier)
        if forms := questions(frame):
            return item, frame, forms[0]
    raise AssertionError(f"{package} has no SCO with a question")


@SMALL_OR_REAL
def test_killed(play: Play, package: Path) -> None:
    """Is an answer still there when the browser's tab was closed right after it?"""
    player = play(package)
    item, _, form = first_question(player, package)
    give(form, right=True)
    left = state(form)
    player.kill()
    player.see(item.identifier, answers=1)
    frame = player.open(item.identifier)
    assert state(questions(frame)[0]) == left


@SMALL_OR_REAL
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
    expect(form.locator(".scorm-question-result")).not_to_be_empty()
    player.see(item.identifier, answers=1)
