"""Work that the LMS has not got: is it there after a login, for its student only, and told of?"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Frame, Page, expect

from .conftest import Watch
from .handmade import BLOCK, LAZY, runtime_files, text_page
from .support import eventually, give, questions

# A SCORM 1.2 LMS as Moodle is one: values stay in the page until a commit, which goes by a request
# that the page waits for, or by a beacon, of which the API says "true" whatever becomes of it.
LMS = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>LMS</title>
<link rel="icon" href="data:,"></head><body><script>
const options = new URLSearchParams(location.search);
const ask = (method, address, body) => {
  const request = new XMLHttpRequest();
  request.open(method, address, false);
  try { request.send(body); } catch { return { status: 0 }; }
  return request;
};
const address = `attempt?${options.get("attempt")}`;
const held = { "cmi.core.lesson_status": "not attempted",
  "cmi.core.student_id": options.get("student"), ...JSON.parse(ask("GET", address).responseText) };
const commit = () => {
  const body = JSON.stringify(held);
  if (options.has("beacon")) return String(navigator.sendBeacon(address, body));
  return String(ask("POST", address, body).status === 200);
};
window.API = { LMSInitialize: () => "true", LMSGetValue: (name) => held[name] ?? "",
  LMSSetValue: (name, value) => { held[name] = value; return "true"; }, LMSCommit: commit,
  LMSFinish: commit, LMSGetLastError: () => "0" };
const frame = document.createElement("iframe");
frame.style = "width: 650px; height: 666px";
if (options.has("sandbox")) frame.setAttribute("sandbox", options.get("sandbox"));
frame.src = "page.html";
document.body.append(frame);
</script></body></html>"""

RECORDED = "Your work is recorded in your learning platform."
#: What the browser itself says of the server that is away, and of the frame without forms.
COMPLAINT = r"error at http://127\.0\.0\.1:\d+/(attempt|lms).*: Failed to load resource: .* 502 .*"
SANDBOX = r"warning at .*: An iframe which has both allow-scripts and allow-same-origin .*"


@dataclass
class Lms:
    """The server of an LMS, which may be away, and the student's browser."""

    page: Page
    folder: Path
    attempts: dict[str, dict[str, str]] = field(default_factory=dict)
    is_away: bool = False
    url: str = ""

    def launch(self, attempt: str = "1", **options: str) -> Frame:
        """The page that a student opens, ready."""
        query = urlencode({"attempt": attempt, "student": "", **options})
        self.page.goto(f"{self.url}/lms.html?{query}")
        self.page.frame_locator("iframe").locator(".scorm-note").wait_for()
        return self.page.frames[1]

    def score(self, attempt: str = "1") -> float:
        return float(self.attempts.get(attempt, {}).get("cmi.core.score.raw") or 0)


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, lms: Lms, *args: object) -> None:
        self.lms = lms
        super().__init__(*args, directory=str(lms.folder))  # type: ignore[arg-type]

    def log_message(self, format: str, *args: object) -> None:
        pass

    @property
    def _attempt(self) -> str:
        return urlsplit(self.path).query

    def do_GET(self) -> None:
        if not self.path.startswith("/attempt"):
            return super().do_GET()
        return self._answer(200, json.dumps(self.lms.attempts.get(self._attempt, {})))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.lms.is_away:
            return self._answer(502, "")
        self.lms.attempts[self._attempt] = json.loads(body)
        return self._answer(200, "true")

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


@pytest.fixture
def lms(page: Page, watch: Watch, tmp_path: Path) -> Iterator[Lms]:
    """A long page with two questions at its end."""
    watch.forgiven |= {COMPLAINT, SANDBOX}
    html = text_page("page", "Page", [BLOCK, LAZY]).html
    files = {"lms.html": LMS.encode(), "page.html": html.encode()} | runtime_files()
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    lms = Lms(page, tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, lms))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    lms.url = f"http://127.0.0.1:{server.server_port}"
    yield lms
    page.goto("about:blank")
    server.shutdown()
    server.server_close()


def answered(frame: Frame) -> list[bool]:
    """Which of the page's questions show an answer."""
    return [form.locator(".scorm-verdict").count() > 0 for form in questions(frame)]


def test_login_again(lms: Lms) -> None:
    """Is work there, and sent, after a login that has cleared what the site kept?"""
    frame = lms.launch(student="anna")
    lms.is_away = True
    give(questions(frame)[0], right=True)
    warning = questions(frame)[0].locator(".scorm-warning")
    expect(warning).to_contain_text("not recorded yet. It is kept in this browser")
    expect(warning).to_be_in_viewport()
    lms.page.evaluate("localStorage.clear(); sessionStorage.clear()")
    lms.is_away = False
    frame = lms.launch(student="anna")
    assert answered(frame) == [True, False]
    eventually(lms.page, lambda: lms.score() > 0)
    expect(frame.locator(".scorm-note")).to_contain_text(RECORDED)
    expect(frame.locator(".scorm-warning:not(:empty)")).to_have_count(0)


@pytest.mark.parametrize("names", [("anna", "ben"), ("", "")], ids=["named", "nameless"])
def test_two_students(lms: Lms, names: tuple[str, str]) -> None:
    """Does neither of two students at one browser see the other's work, and each the own?"""
    anna, ben = names
    frame = lms.launch("a", student=anna)
    give(questions(frame)[0], right=True)
    eventually(lms.page, lambda: lms.score("a") > 0)
    lms.is_away = True
    give(questions(frame)[1], right=True)
    expect(frame.locator(".scorm-warning:not(:empty)")).to_have_count(1)
    lms.is_away = False
    frame = lms.launch("b", student=ben)
    assert answered(frame) == [False, False]
    expect(frame.locator(".scorm-earlier")).to_have_count(0)
    give(questions(frame)[1], right=False)
    frame = lms.launch("a", student=anna)
    assert answered(frame) == [True, True]
    eventually(lms.page, lambda: round(lms.score("a")) == 100)


def test_beacons(lms: Lms) -> None:
    """Is a beacon that failed told of, and all sent in the same visit once the server is back?"""
    frame = lms.launch(student="anna", beacon="yes")
    expect(frame.locator(".scorm-note")).to_contain_text(RECORDED)
    lms.is_away = True
    give(questions(frame)[0], right=True)
    warning = questions(frame)[0].locator(".scorm-warning")
    expect(warning).to_contain_text("not recorded yet")
    assert lms.score() == 0
    lms.is_away = False
    give(questions(frame)[1], right=True)
    eventually(lms.page, lambda: round(lms.score()) == 100)
    expect(frame.locator(".scorm-warning:not(:empty)")).to_have_count(0)
    expect(frame.locator(".scorm-note")).to_contain_text(RECORDED)


def test_frame_without_forms(lms: Lms) -> None:
    """Can questions be answered, by mouse and keyboard, where the frame may not send forms?"""
    frame = lms.launch(student="anna", sandbox="allow-scripts allow-same-origin")
    give(questions(frame)[0], right=True)
    expect(questions(frame)[0].locator(".scorm-verdict")).to_contain_text("Correct.")
    eventually(lms.page, lambda: lms.score() > 0)
