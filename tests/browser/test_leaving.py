"""However a student leaves a page: does the LMS have the work, all but one change at most?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error, Frame, expect

from .handmade import BARE_PAGE, BLOCK, ENGINES, Handmade, HandmadePage, runtime_files, text_page
from .support import Player, eventually, give, questions, state
from .test_lost_saves import begin, item_of, standard

__all__ = ["standard"]

Play = Callable[[Path], Player]


@pytest.fixture
def package(tmp_path: Path, standard: str) -> Path:
    """A page with two questions, and one to go to from there."""
    pages = [
        text_page("welcome", "Welcome", [BLOCK, ENGINES], paragraphs=3),
        HandmadePage("second", "Second", BARE_PAGE),
    ]
    return Handmade(pages, runtime_files(), standard).write(tmp_path / "leaving.zip")


def close(player: Player, frame: Frame) -> None:
    """The tab is closed as its cross closes it."""
    player.page.close(run_before_unload=True)


def navigate(player: Player, frame: Frame) -> None:
    """The student goes to another address."""
    player.page.goto("about:blank")


def hide(player: Player, frame: Frame) -> None:
    """The phone shows another app, and then ends the browser."""
    frame.evaluate("""() => {
        Object.defineProperty(document, "visibilityState", { value: "hidden" });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    crash(player, frame)


def remove(player: Player, frame: Frame) -> None:
    """The LMS's page takes the frame out."""
    player.page.evaluate("document.getElementById('sco').remove()")


def back(player: Player, frame: Frame) -> None:
    """The student goes back to the page before."""
    player.page.go_back()


def crash(player: Player, frame: Frame) -> None:
    """The browser's process is killed: no event tells the page."""
    with pytest.raises(Error, match="crash"):
        player.page.goto("chrome://crash", timeout=10_000)


WAYS = {way.__name__: way for way in (close, navigate, hide, remove, back, crash)}


def test_leave_while_scrolling(play: Play, tmp_path: Path) -> None:
    """Is the place kept at which a student was a moment before leaving?"""
    pages = [text_page("welcome", "Welcome", [BLOCK]), HandmadePage("second", "Second", BARE_PAGE)]
    player = play(Handmade(pages, runtime_files()).write(tmp_path / "place.zip"))
    frame = player.open("welcome")
    frame.evaluate("""() => new Promise((resolve) => {
        addEventListener("scroll", () => { location.replace("second.html"); resolve(); });
        scrollTo({ top: 2 * innerHeight, behavior: "instant" });
    })""")
    player.see("welcome", left=True)
    player.open("second")
    frame = player.open("welcome")
    assert frame.evaluate("scrollY / innerHeight") == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("way", WAYS)
def test_leave(play: Play, package: Path, standard: str, way: str) -> None:
    """Are both answers there when the student comes back on another computer?"""
    player = play(package)
    player.open(item_of(standard, "second"))
    frame = begin(player, standard)
    item = item_of(standard)
    give(questions(frame)[0], right=True)
    give(questions(frame)[1], right=False)
    left = [state(form) for form in questions(frame)]
    WAYS[way](player, frame)
    player.return_elsewhere()
    frame = player.open(item)
    expect(questions(frame)[0].locator(".scorm-question-result > *").first).to_be_visible()
    found = [state(form) for form in questions(frame)]
    assert found[0] == left[0]
    lost = [new for new, old in zip(found, left, strict=True) if new != old]
    assert len(lost) <= (way in ("hide", "crash"))
    player.see(item, answers=2 - len(lost))


@pytest.mark.parametrize("standard", ["cmi5"], indirect=True)
def test_leave_by_the_way_back(play: Play, package: Path, standard: str) -> None:
    """Does the link to the LMS's return URL end the session, with the answer kept (10.2.6)?"""
    player = play(package)
    frame = begin(player, standard)
    item = item_of(standard)
    give(questions(frame)[0], right=True)
    left = state(questions(frame)[0])
    frame.get_by_role("link", name="Return to your learning platform").click()
    heading = player.page.frame_locator("#sco").get_by_role("heading")
    expect(heading).to_have_text("You are back in the LMS")
    player.see(item, answers=1)
    eventually(player.page, lambda: "terminated" in player.server.recorded(item)["verbs"])
    player.return_elsewhere()
    frame = player.open(item)
    expect(questions(frame)[0].locator(".scorm-question-result > *").first).to_be_visible()
    assert state(questions(frame)[0]) == left
