"""Pages in places where an LMS is odd, or is not there at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from scorm.player import PreviewServer

from .handmade import BARE_PAGE, LAZY, REPLICAS, Handmade, HandmadePage, runtime_files, text_page
from .support import Player, give, questions, state

Play = Callable[[Path], Player]

RECORDED = "Your work is recorded in your learning platform."
IN_BROWSER = "kept in this browser only"
NOWHERE = "Your progress is not being kept"
REFUSED = "Your learning platform is not recording this page."


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Two pages with a question each, and a SCO that leaves its API to a window it opens."""
    window = text_page("window", "Window", [LAZY])
    pages = [
        text_page("welcome", "Welcome", [REPLICAS]),
        text_page("second", "Second", [LAZY]),
        HandmadePage("opener", "Opener", BARE_PAGE, launch_data="window"),
    ]
    files = {window.path: window.html.encode()} | runtime_files()
    return Handmade(pages, files).write(tmp_path / "edges.zip")


def note(page: Page | Frame, words: str) -> None:
    """The page says so where it is read."""
    expect(page.locator(".scorm-page-header")).to_contain_text(words)


def test_no_lms(page: Page, package: Path) -> None:
    """Does a page without an LMS say so, and keep the work in the browser?"""
    with PreviewServer(package) as server:
        page.goto(f"{server.url}course/welcome.html")
        note(page, IN_BROWSER)
        give(questions(page)[0], right=False)
        left = state(questions(page)[0])
        page.reload()
        assert state(questions(page)[0]) == left
        page.goto("about:blank")


def test_no_storage(context: BrowserContext, page: Page, package: Path) -> None:
    """Can questions be answered where the browser forbids pages to keep anything?"""
    context.add_init_script("""for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
        Object.defineProperty(window, name, {
            get() { throw new DOMException("forbidden", "SecurityError"); },
        });
    }""")
    with PreviewServer(package) as server:
        page.goto(f"{server.url}course/welcome.html")
        note(page, NOWHERE)
        give(questions(page)[0], right=True)
        expect(questions(page)[0].locator(".scorm-question-result")).to_contain_text("Correct.")
        page.goto("about:blank")


def test_foreign_parent(page: Page, package: Path, tmp_path: Path) -> None:
    """Does a page work inside a frame of another site, whose windows it may not read?"""
    with PreviewServer(package) as server:
        html = BARE_PAGE.replace(
            "<h1>", f'<iframe src="{server.url}course/welcome.html"></iframe><h1>'
        )
        around = Handmade([HandmadePage("around", "Around", html)]).write(tmp_path / "around.zip")
        with PreviewServer(around) as other:
            page.goto(f"{other.url}course/around.html")
            frame = page.frames[1]
            note(frame, IN_BROWSER)
            give(questions(frame)[0], right=True)
            page.goto("about:blank")


def test_throwing_lms(page: Page, package: Path) -> None:
    """Does a page survive an LMS whose every call throws?"""
    with PreviewServer(package) as server:
        page.goto(f"{server.url}course/opener.html")
        page.evaluate("""() => {
            const fail = () => { throw new Error("broken LMS"); };
            window.API = Object.fromEntries(["Initialize", "Finish", "GetValue", "SetValue",
                "Commit", "GetLastError", "GetErrorString", "GetDiagnostic"]
                .map((name) => [`LMS${name}`, fail]));
            const frame = document.createElement("iframe");
            frame.src = "welcome.html";
            document.body.append(frame);
        }""")
        page.wait_for_load_state()
        frame = page.frames[1]
        note(frame, REFUSED)
        give(questions(frame)[0], right=True)
        page.goto("about:blank")


def test_opener(play: Play, package: Path) -> None:
    """Does a page in a window of its own find the LMS that opened the window?"""
    player = play(package)
    player.open("opener")
    with player.page.context.expect_page() as opened:
        player.page.evaluate("void window.open('/course/window.html')")
    window = opened.value
    note(window, RECORDED)
    give(questions(window)[0], right=True)
    player.wait("opener", score__raw="100")
    window.close(run_before_unload=True)


def test_inside_another(play: Play, package: Path) -> None:
    """Is work on a page that a link reached never recorded as another page's?"""
    player = play(package)
    frame = player.open("welcome")
    give(questions(frame)[0], right=False)
    before = player.wait("welcome", score__raw="0")
    frame.goto(f"{player.server.url}course/second.html")
    note(frame, REFUSED)
    give(questions(frame)[0], right=True)
    player.open("second")
    after = player.wait("welcome", exit="suspend")
    assert after["cmi.core.score.raw"] == before["cmi.core.score.raw"]
    assert not [name for name in after if name.startswith("cmi.interactions.1.")]
    # The page had to ask the LMS, whose session was over, to learn where it is.
    player.server.forget()


def test_back(play: Play, package: Path) -> None:
    """Is a page that Back brings up again, after its session ended, readable and honest?"""
    player = play(package)
    frame = player.open("welcome")
    frame.goto(f"{player.server.url}course/opener.html")
    player.wait("welcome", exit="suspend")
    frame.evaluate("history.back()")
    note(frame, REFUSED)
    give(questions(frame)[0], right=True)
    expect(questions(frame)[0].locator(".scorm-question-result")).to_contain_text("Correct.")
    player.open("second")
    frame = player.open("welcome")
    note(frame, RECORDED)
    player.server.forget()
