"""The local LMS's failures: does each fail as the real thing does, and end when it is told to?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Frame, expect

from scorm.player.failures import Failure

from .handmade import BARE_PAGE, Handmade, HandmadePage
from .support import Player

Play = Callable[[Path], Player]

#: What a SCO's commit gets, and whether the LMS has the data nevertheless.
OUTCOMES = {
    "500": ("false", False),
    "dropped": ("false", False),
    "unanswered": ("false", True),
    "slow": ("true", True),
    "html": ("true", False),
    "false": ("false", False),
    "exception": ("threw", False),
    "gone": ("gone", False),
}
SAY = """([name, args]) => {
    if (!parent.API) return "gone";
    try { return parent.API[name](...args); } catch { return "threw"; }
}"""

KEEP = """() => new Promise((resolve) => {
    indexedDB.open("work").onsuccess = ({ target }) => resolve(target.result.close());
})"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Handmade([HandmadePage("one", "One", BARE_PAGE)]).write(tmp_path / "one.zip")


def say(frame: Frame, name: str, *args: str) -> str:
    return frame.evaluate(SAY, [name, list(args)])


def test_all_are_tried() -> None:
    """Is there no failure of a SCORM player whose outcome is not tested here?"""
    assert OUTCOMES.keys() == {failure for failure in Failure if not failure.is_of_lrs}


@pytest.mark.parametrize("failure", OUTCOMES)
def test_commit(play: Play, package: Path, failure: str) -> None:
    """Does a commit fail as it should, without a fault of the SCO, and succeed afterwards?"""
    player = play(package)
    frame = player.open("one")
    assert say(frame, "LMSInitialize", "") == "true"
    assert say(frame, "LMSSetValue", "cmi.core.lesson_location", "p1") == "true"
    player.fail(failure)
    outcome, is_stored = OUTCOMES[failure]
    assert say(frame, "LMSCommit", "") == outcome
    assert bool(player.server.recorded("one")) is is_stored
    player.fail(None)
    assert say(frame, "LMSCommit", "") == "true"
    player.wait("one", lesson_location="p1")
    assert player.server.faults == ()


def test_by_hand(play: Play, package: Path) -> None:
    """Can a person choose the failure in the page?"""
    player = play(package)
    frame = player.open("one")
    assert say(frame, "LMSInitialize", "") == "true"
    player.page.get_by_label("Saving").select_option("fails: the LMS says false (xAPI: 429)")
    expect(player.page.locator("#failure")).to_have_class("fault")
    assert say(frame, "LMSCommit", "") == "false"
    player.page.get_by_label("Saving").select_option("works")
    expect(player.page.locator("#failure")).not_to_have_class("fault")
    assert say(frame, "LMSCommit", "") == "true"


@pytest.mark.parametrize(
    ("button", "kept"), [("Leave and return", "mine"), ("Return in an empty browser", None)]
)
def test_return(play: Play, package: Path, button: str, kept: str | None) -> None:
    """Can a person come back as the same student, in the same browser or in another?"""
    player = play(package)
    frame = player.open("one")
    assert say(frame, "LMSInitialize", "") == "true"
    frame.evaluate("localStorage.setItem('work', 'mine')")
    frame.evaluate(KEEP)
    assert say(frame, "LMSSetValue", "cmi.core.exit", "suspend") == "true"
    assert say(frame, "LMSFinish", "") == "true"
    # An event, since the player's policy lets nothing ask inside the page again and again.
    with player.page.expect_event("framenavigated", lambda it: "/course/" in it.url):
        player.page.get_by_role("button", name=button).click()
    frame.wait_for_load_state()
    assert say(frame, "LMSInitialize", "") == "true"
    assert say(frame, "LMSGetValue", "cmi.core.entry") == "resume"
    assert frame.evaluate("localStorage.getItem('work')") == kept
    assert frame.evaluate("indexedDB.databases().then((all) => all.length)") == (1 if kept else 0)
