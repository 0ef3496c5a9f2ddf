"""The local LMS: does it play a package as a strict LMS would?"""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Frame, Page, expect

from scorm.errors import PackageError, SetupError
from scorm.player import PreviewServer

from .conftest import Watch
from .handmade import BARE_PAGE, Handmade, HandmadePage
from .records import interactions
from .support import Player, eventually, violations

Play = Callable[[Path], Player]
Ask = Callable[..., tuple[int, str, bytes]]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Two SCOs without a runtime, an asset, and files that an LMS serves each in its way."""
    pages = [
        HandmadePage("one", "Page <one>", BARE_PAGE, parameters="?a=1", launch_data="hello"),
        HandmadePage("quiz", "Quiz", BARE_PAGE, mastery_score="70"),
        HandmadePage("paper", "Paper", BARE_PAGE, scorm_type="asset"),
    ]
    files = {"a.js": b"//", "a.mjs": b"//", "a.webp": b"", "a.woff2": b"", "d/a.svg": b"<svg/>"}
    return Handmade(pages, files).write(tmp_path / "bare.zip")


def say(frame: Frame, name: str, *args: str) -> str:
    """Call the API as a SCO does."""
    return frame.evaluate("([name, args]) => parent.API[name](...args)", [name, list(args)])


def report(frame: Frame, **values: str) -> None:
    """Initialise, set elements of ``cmi.core`` and commit, each accepted."""
    assert say(frame, "LMSInitialize", "") == "true"
    for name, value in values.items():
        element = f"cmi.core.{name.replace('__', '.')}"
        assert say(frame, "LMSSetValue", element, value) == "true"
    assert say(frame, "LMSCommit", "") == "true"


def test_contents(play: Play, package: Path) -> None:
    """Does the student see the course's tree, and where the work stands?"""
    player = play(package)
    page = player.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Handmade <course> & more")
    expect(page.locator("nav .heading")).to_have_text("First module")
    expect(page.locator("nav .title")).to_have_text(["Page <one>", "Quiz", "Paper"])
    expect(page.locator("nav .detail")).to_have_text(["not attempted"] * 3)
    report(player.open("one"), lesson_status="incomplete", score__raw="40")
    expect(page.locator("nav .detail").first).to_have_text("incomplete, score 40")
    expect(page.get_by_role("status")).to_have_text("Page <one>: incomplete, score 40")
    expect(page.get_by_role("row", name="cmi.core.score.raw 40")).to_be_visible()
    expect(page.locator("#calls li").first).to_have_text('LMSCommit("") → "true"')


def test_keyboard(play: Play, package: Path) -> None:
    """Can everything be played from the keyboard?"""
    player = play(package)
    player.page.locator("nav a").first.focus()
    player.page.keyboard.press("Tab")
    player.page.keyboard.press("Enter")
    assert player.opened("quiz").url.endswith("/course/quiz.html")
    player.page.get_by_role("button", name="Previous").focus()
    player.page.keyboard.press("Enter")
    assert player.opened("one").url.endswith("/course/one.html?a=1")
    expect(player.page.get_by_role("button", name="Previous")).to_be_disabled()
    player.page.go_back()
    assert player.opened("quiz").url.endswith("/course/quiz.html")


def test_return(play: Play, package: Path) -> None:
    """Does a SCO get back what it left, after another was played?"""
    player = play(package)
    frame = player.open("one")
    assert say(frame, "LMSInitialize", "") == "true"
    assert say(frame, "LMSGetValue", "cmi.core.entry") == "ab-initio"
    assert say(frame, "LMSGetValue", "cmi.launch_data") == "hello"
    left = {
        "cmi.core.lesson_status": "incomplete",
        "cmi.core.lesson_location": "p3",
        "cmi.core.score.raw": "0",
        "cmi.core.session_time": "0000:01:30.00",
        "cmi.core.exit": "suspend",
        "cmi.suspend_data": "x" * 4096,
        "cmi.interactions.0.id": "q1",
        "cmi.interactions.0.type": "choice",
        "cmi.interactions.0.result": "wrong",
    }
    for element, value in left.items():
        assert say(frame, "LMSSetValue", element, value) == "true", element
    assert say(frame, "LMSFinish", "") == "true"
    player.open("quiz")
    frame = player.open("one")
    assert say(frame, "LMSInitialize", "") == "true"
    for element in (
        "cmi.core.lesson_status",
        "cmi.core.lesson_location",
        "cmi.core.score.raw",
        "cmi.suspend_data",
    ):
        assert say(frame, "LMSGetValue", element) == left[element], element
    assert say(frame, "LMSGetValue", "cmi.core.entry") == "resume"
    assert say(frame, "LMSGetValue", "cmi.core.total_time") == "00:01:30"
    assert say(frame, "LMSGetValue", "cmi.interactions._count") == "1"
    say(frame, "LMSSetValue", "cmi.core.session_time", "0000:00:30.00")
    say(frame, "LMSFinish", "")
    record = player.wait("one", total_time="00:02:00")
    assert interactions(record) == [{"id": "q1", "type": "choice", "result": "wrong"}]


@pytest.mark.parametrize(("raw", "status"), [("69", "failed"), ("70", "passed"), ("", "completed")])
def test_mastery(play: Play, package: Path, raw: str, status: str) -> None:
    """Does the mastery score decide at LMSFinish, and only when there is a score?"""
    player = play(package)
    frame = player.open("quiz")
    report(frame, lesson_status="completed", score__raw=raw)
    player.wait("quiz", lesson_status="completed")
    say(frame, "LMSFinish", "")
    player.wait("quiz", lesson_status=status)


def test_finished(play: Play, package: Path) -> None:
    """Is a session that LMSFinish ended over for good?"""
    player = play(package)
    frame = player.open("one")
    report(frame, lesson_location="p1")
    assert say(frame, "LMSFinish", "") == "true"
    assert say(frame, "LMSInitialize", "") == "false"
    assert say(frame, "LMSSetValue", "cmi.core.lesson_location", "p2") == "false"
    assert say(frame, "LMSGetLastError") == "301"
    assert say(frame, "LMSCommit", "") == "false"
    assert say(frame, "LMSGetValue", "cmi.core.lesson_location") == ""
    player.open("quiz")
    assert player.wait("one")["cmi.core.lesson_location"] == "p1"
    player.server.forget()


@pytest.mark.parametrize(
    ("element", "value", "words"),
    [
        ("cmi.suspend_data", "x" * 4097, "4,096"),
        ("cmi.core.lesson_location", "x" * 256, "255"),
        ("cmi.core.session_time", "1:02:03", "HHHH:MM:SS.SS"),
        ("cmi.core.exit", "normal", "exit is"),
        ("cmi.core.score.raw", "101", "error 405"),
        ("cmi.core.lesson_status", "not attempted", "error 405"),
        ("cmi.interactions.0.result", "incorrect", "wrong"),
        ("cmi.interactions.1.id", "q", "without gaps"),
        ("cmi.nothing", "x", "error"),
    ],
)
def test_strict(play: Play, package: Path, element: str, value: str, words: str) -> None:
    """Is a value that SCORM 1.2 does not allow refused whole, and shown as a fault?"""
    player = play(package)
    frame = player.open("one")
    report(frame)
    before = player.wait("one")
    assert say(frame, "LMSSetValue", element, value) == "false"
    assert say(frame, "LMSGetLastError") != "0"
    say(frame, "LMSCommit", "")
    expect(player.page.locator("#calls .fault")).to_contain_text(words)
    expect(player.page.locator("#fault-count")).to_have_text("1 fault")
    assert player.wait("one").keys() == before.keys()
    faults = eventually(player.page, lambda: player.server.faults)
    assert [fault.path for fault in faults] == ["one"]
    assert words in faults[0].message
    player.server.forget()


def test_kill(play: Play, package: Path) -> None:
    """Is what was committed still there after the browser's tab was closed?"""
    player = play(package)
    report(
        player.open("one"),
        lesson_status="incomplete",
        lesson_location="p7",
        session_time="0000:00:09.00",
    )
    player.kill()
    expect(player.page.locator("nav .detail").first).to_have_text("incomplete")
    frame = player.open("one")
    assert say(frame, "LMSInitialize", "") == "true"
    assert say(frame, "LMSGetValue", "cmi.core.lesson_location") == "p7"
    assert say(frame, "LMSGetValue", "cmi.core.total_time") == "00:00:09"


def test_last_words(play: Play, package: Path) -> None:
    """Does the LMS hear what a SCO says while the whole player goes away?"""
    player = play(package)
    frame = player.open("one")
    report(frame)
    frame.evaluate("""addEventListener("pagehide", () => {
        parent.API.LMSSetValue("cmi.core.lesson_location", "the end");
        parent.API.LMSFinish("");
    })""")
    player.page.goto("about:blank")
    player.wait("one", lesson_location="the end")


def test_forget(play: Play, package: Path) -> None:
    """Does "Forget this student" start again from nothing?"""
    player = play(package)
    report(player.open("one"), lesson_status="completed")
    player.wait("one", lesson_status="completed")
    player.page.get_by_role("button", name="Forget this student").click()
    expect(player.page.locator("nav .detail").first).to_have_text("not attempted")
    assert player.server.recorded("one") == {}
    frame = player.open("one")
    assert say(frame, "LMSInitialize", "") == "true"
    assert say(frame, "LMSGetValue", "cmi.core.entry") == "ab-initio"


def test_asset(play: Play, package: Path) -> None:
    """Is an asset, which cannot report, completed when it is opened, and left without an API?"""
    player = play(package)
    frame = player.open("paper")
    player.wait("paper", lesson_status="completed")
    assert frame.evaluate("parent.API === undefined")


#: Says nothing but that it begins and, while it is left, that it ends.
MINIMUM = """<!DOCTYPE html><html lang="en"><title>Minimum</title><link rel="icon" href="data:,">
<h1>Minimum</h1><video src="gone.mp4"></video><script>
parent.API.LMSInitialize(""); addEventListener("pagehide", () => parent.API.LMSFinish(""));
</script></html>"""


def test_minimum(play: Play, tmp_path: Path, watch: Watch) -> None:
    """Is a SCO that says nothing completed when it is left, and a file that it lacks shown?"""
    pages = [HandmadePage("one", "One", MINIMUM), HandmadePage("two", "Two", BARE_PAGE)]
    path = Handmade(pages).write(tmp_path / "minimum.zip")
    watch.forgiven |= {r"error at .*/gone\.mp4: Failed to load", r"gone\.mp4: "}
    player = play(path)
    player.open("one")
    fault = player.page.get_by_text("Fault: gone.mp4 is not in the package")
    expect(fault).to_be_visible()
    player.open("two")
    player.wait("one", lesson_status="completed")
    expect(player.page.locator("nav .detail").first).to_have_text("completed")
    # A page that opens later hears of it as well, and once.
    player.page.reload()
    expect(fault).to_be_visible()
    expect(player.page.locator("#fault-count")).to_have_text("1 fault")


def test_missing_launch_file(play: Play, tmp_path: Path, watch: Watch) -> None:
    """Does the author see that the page is missing which the LMS launches?"""
    path = tmp_path / "missing.zip"
    whole = Handmade([HandmadePage("one", "One", BARE_PAGE)]).write(tmp_path / "whole.zip")
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        target.writestr("imsmanifest.xml", source.read("imsmanifest.xml"))
    watch.forgiven |= {r"error at .*/one\.html: Failed to load", r"one\.html: "}
    player = play(path)
    frame = player.open("one")
    expect(frame.locator("body")).to_have_text("one.html is not in the package")
    expect(player.page.get_by_text("Fault: one.html is not in the package")).to_be_visible()
    expect(player.page.locator("#fault-count")).to_have_text("1 fault")


@pytest.mark.parametrize(("label", "width"), [("Moodle, 650", 650), ("phone, 360", 360)])
def test_width(play: Play, package: Path, label: str, width: int) -> None:
    """Does the SCO get exactly the width that Moodle or a phone gives it?"""
    player = play(package)
    player.page.get_by_label(label).check()
    assert player.open("one").evaluate("innerWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 800, 360])
def test_accessible(
    play: Play, package: Path, page: Page, scheme: Literal["light", "dark"], width: int
) -> None:
    """Is the player page itself without barriers, in any size and colour?"""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    player = play(package)
    report(player.open("one"), lesson_status="completed")
    expect(page.locator("nav .detail").first).to_have_text("completed")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# Without a browser


@pytest.fixture
def ask(package: Path) -> Iterator[Ask]:
    """GET a path exactly as written: status, media type, body."""
    with PreviewServer(package) as server:
        port = int(re.search(r":(\d+)/", server.url)[1])

        def get(path: str, **headers: str) -> tuple[int, str, bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.putrequest("GET", path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            return answer.status, answer.headers["Content-Type"], body

        yield get


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("d/a.svg", "image/svg+xml"),
        ("a.mjs", "application/octet-stream"),
        ("a.webp", "application/octet-stream"),
        ("a.woff2", "application/octet-stream"),
    ],
)
def test_types(ask: Ask, name: str, media_type: str) -> None:
    """Are files served under the types that Moodle uses, with its gaps?"""
    assert ask(f"/course/{name}")[:2] == (200, media_type)


@pytest.mark.parametrize(
    "path",
    [
        "/course/../pyproject.toml",
        "/course/%2e%2e/pyproject.toml",
        "/course//etc/passwd",
        "/course/..%5cpyproject.toml",
        "/player/../server.py",
        "/course/",
        "/course/d/",
        "/etc/passwd",
    ],
)
def test_path_tricks(ask: Ask, path: str) -> None:
    """Is nothing served but the player and what the zip lists?"""
    assert ask(path)[0] == 404


def test_missing_file(package: Path) -> None:
    """Is a file that a page asks for in vain held against the package?"""
    with PreviewServer(package) as server:
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{server.url}course/gone.png")
        assert [str(fault) for fault in server.faults] == [
            "gone.png: gone.png is not in the package"
        ]


def test_foreign_host(ask: Ask) -> None:
    """Is a request refused that came through another site's name for this computer?"""
    assert ask("/", Host="evil.example")[0] == 403
    assert ask("/", Origin="http://evil.example")[0] == 403
    assert ask("/")[0] == 200


def test_clear_errors(tmp_path: Path, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does what cannot be played end in one line that says why?"""
    with pytest.raises(PackageError, match="no such package"):
        PreviewServer(tmp_path / "gone.zip")
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(PackageError, match="not a readable zip"):
        PreviewServer(tmp_path / "text.zip")
    for manifest, words in {
        "<": "not well-formed",
        '<manifest xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"/>': "SCORM 1.2",
    }.items():
        with zipfile.ZipFile(tmp_path / "odd.zip", "w") as odd:
            odd.writestr("imsmanifest.xml", manifest)
        with pytest.raises(PackageError, match=words):
            PreviewServer(tmp_path / "odd.zip")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(PackageError, match=r"neither imsmanifest\.xml"):
        PreviewServer(tmp_path / "empty.zip")
    monkeypatch.setattr("scorm.player.server.__file__", str(tmp_path / "a/b/c.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SetupError, match="npm ci"):
        PreviewServer(package)
    monkeypatch.undo()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match="--port"):
            PreviewServer(package, port)


def test_command(package: Path) -> None:
    """Does the preview say where it is, and end on Ctrl-C without a traceback?"""
    code = "import sys; from pathlib import Path; from scorm.player import run_preview; "
    code += "run_preview(Path(sys.argv[1]), 0, open_browser=False)"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(package)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        line = process.stdout.readline()
        assert re.fullmatch(r"Preview of bare\.zip at http://127\.0\.0\.1:\d+/ .*\n", line)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (out, err, process.returncode) == ("\nPreview ended.\n", "", 0)
