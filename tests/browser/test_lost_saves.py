"""When the LMS does not keep what it is sent: does the student lose anything unawares?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Frame, expect

from scorm.player.failures import Failure

from . import handmade
from .handmade import BLOCK, LAZY, Handmade, text_page
from .support import Player, give, questions, state

Play = Callable[[Path], Player]

STANDARDS = ("scorm12", "scorm2004", "cmi5")
#: Ways to fail of which the API says nothing: "true" is all that a SCO hears.
UNHEARD = {("scorm12", "html"), ("scorm2004", "html")}
#: Where the work is saved later; what an LRS refuses for good is another matter.
PASSING = [failure for failure in Failure if not failure.is_of_lrs]
#: SCORM 2004 shares its session with SCORM 1.2 (``session.js``): the first way shows that it does.
PASSING_IN = [
    pytest.param(standard, failure, id=f"{standard}-{failure}")
    for standard in STANDARDS
    for failure in (PASSING[:1] if standard == "scorm2004" else PASSING)
]
REFUSED_REQUEST = r"error at \S*/xapi/statements\S*: Failed to load resource: .* 40[349] .*"
#: What a killed page had under way may reach a slow LRS after the page's last statement, and is
#: refused there; the next visit sends it again.
TOO_LATE = r".*POST statements: 403: .*the session is over"
#: Slow is not lost; whether the answer of the LMS arrives, the page learns when it does.
HARMLESS = {"slow"}

FULL = """Storage.prototype.setItem = function () {
    throw new DOMException("full", "QuotaExceededError");
}"""


@pytest.fixture(params=STANDARDS)
def standard(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def package(tmp_path: Path, standard: str) -> Path:
    """A short page with two questions."""
    pages = [
        text_page("welcome", "Welcome", [BLOCK, LAZY], paragraphs=3),
        text_page("second", "Second", paragraphs=3),
    ]
    return Handmade(pages, handmade.runtime_files(), standard).write(tmp_path / "short.zip")


def item_of(standard: str, page: str = "welcome") -> str:
    return f"urn:x-handmade:{page}" if standard == "cmi5" else page


def begin(player: Player, standard: str) -> Frame:
    """The page opened, and the LMS told of it."""
    frame = player.open(item_of(standard))
    player.see(item_of(standard), status="incomplete")
    return frame


def is_warned(frame: Frame) -> None:
    """The student is told, in words, that the work is not kept."""
    expect(frame.locator(".scorm-note[data-kept='false']")).to_be_visible()


@pytest.mark.parametrize(("standard", "failure"), PASSING_IN)
def test_failure_ends(play: Play, package: Path, standard: str, failure: str) -> None:
    """Is an answer that could not be saved shown as such, and saved once saving works again?"""
    player = play(package)
    frame = begin(player, standard)
    player.fail(failure)
    give(questions(frame)[0], right=True)
    if failure not in HARMLESS and (standard, failure) not in UNHEARD:
        is_warned(frame)
    player.fail(None)
    give(questions(frame)[1], right=True)
    seen = player.see(item_of(standard), answers=2)
    assert [answer.result for answer in seen.answers] == ["correct", "correct"]
    expect(frame.locator(".scorm-note[data-kept='false']")).to_have_count(0)


@pytest.mark.parametrize(("standard", "failure"), PASSING_IN)
def test_next_visit(play: Play, package: Path, standard: str, failure: str) -> None:
    """Is an answer that was never saved there again, and saved, when the student returns?"""
    player = play(package)
    frame = begin(player, standard)
    player.fail(failure)
    give(questions(frame)[0], right=True)
    left = state(questions(frame)[0])
    if failure == "slow":
        player.forgive(TOO_LATE)
    player.kill()
    player.fail(None)
    frame = player.open(item_of(standard))
    expect(questions(frame)[0].locator(".scorm-question-result > *").first).to_be_visible()
    assert state(questions(frame)[0]) == left
    seen = player.see(item_of(standard), answers=1)
    assert seen.answers[0].result == "correct"


@pytest.mark.parametrize("standard", ["cmi5"])
def test_refused_for_good(play: Play, package: Path, standard: str) -> None:
    """Is the student told of a report that the LRS refuses, and all that comes after it kept?"""
    player = play(package)
    player.forgive(REFUSED_REQUEST)
    frame = begin(player, standard)
    player.fail("403")
    give(questions(frame)[0], right=True)
    is_warned(frame)
    expect(frame.locator(".scorm-note")).to_contain_text("has refused a part")
    player.fail(None)
    give(questions(frame)[1], right=True)
    [answer] = player.see(item_of(standard), answers=1).answers
    assert answer.result == "correct"
    is_warned(frame)
    player.kill()
    frame = player.open(item_of(standard))
    expect(frame.locator(".scorm-note")).to_contain_text("Score: 100 of 100")


@pytest.mark.parametrize("standard", ["cmi5"])
def test_reload_in_a_launch(play: Play, package: Path, standard: str) -> None:
    """Is what a student does after reloading a launched page sent when it is launched again?"""
    player = play(package)
    player.forgive(REFUSED_REQUEST)  # an answer that the LMS has already meets itself
    frame = begin(player, standard)
    give(questions(frame)[0], right=True)
    player.see(item_of(standard), answers=1)
    frame.evaluate("location.reload()")
    note = player.page.frame_locator("#sco").locator(".scorm-note")
    expect(note).to_contain_text("not recording this page any more")
    give(questions(frame)[1], right=True)
    player.kill()
    frame = player.open(item_of(standard))
    player.see(item_of(standard), answers=2)
    expect(frame.locator(".scorm-note")).to_contain_text("Score: 100 of 100")


def test_full_browser(context: BrowserContext, play: Play, package: Path, standard: str) -> None:
    """Does the LMS keep the work although the browser's own storage is full?"""
    context.add_init_script(FULL)
    player = play(package)
    frame = begin(player, standard)
    give(questions(frame)[0], right=True)
    player.see(item_of(standard), answers=1)
    expect(frame.locator(".scorm-note[data-kept='false']")).to_have_count(0)


def test_full_browser_and_failure(
    context: BrowserContext, play: Play, package: Path, standard: str
) -> None:
    """Is the student warned where neither the LMS nor the browser takes the work?"""
    context.add_init_script(FULL)
    player = play(package)
    frame = begin(player, standard)
    player.fail("500")
    give(questions(frame)[0], right=True)
    is_warned(frame)
    player.fail(None)
    give(questions(frame)[1], right=True)
    player.see(item_of(standard), answers=2)
