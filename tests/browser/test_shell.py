"""The shell of layout ``single`` in a real browser, inside the smallest LMS there can be."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from scorm.course.model import Course, Item, PageKind, Sco
from scorm.packages.shell import shell_page

from . import handmade
from .handmade import BLOCK, ENGINES, LAZY, REPLICAS, HandmadePage, runtime_files, text_page
from .support import eventually, give, questions, read_to_end, state, violations

# A SCORM 1.2 API that keeps what was committed for the next visit, and counts.
LMS = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>LMS</title>
<link rel="icon" href="data:,"><style>body { margin: 0 } iframe { border: 0 }</style></head>
<body><iframe id="sco" title="SCO" style="width: 100vw; height: 99vh"></iframe>
<script>
const stored = JSON.parse(localStorage.getItem("lms") ?? "{}");
const held = { "cmi.core.lesson_status": "not attempted", "cmi.launch_data": "course",
  "cmi.core.student_id": "student-1", ...stored };
window.lms = { calls: [], held };
const methods = {
  LMSInitialize: () => "true",
  LMSGetValue: (element) => held[element] ?? "",
  LMSSetValue: (element, value) => { held[element] = value; return "true"; },
  LMSCommit: () => { localStorage.setItem("lms", JSON.stringify(held)); return "true"; },
  LMSFinish: () => {
    localStorage.setItem("finished", String(Number(localStorage.getItem("finished")) + 1));
    return "true";
  },
  LMSGetLastError: () => "0",
};
window.API = Object.fromEntries(Object.entries(methods).map(([name, answer]) => [name, (...it) => {
  window.lms.calls.push([name, ...it]);
  return answer(...it);
}]));
document.getElementById("sco").src = "course.html";
</script></body></html>"""

READING = '<section id="reading">'
LINKS = READING + (
    '<p><a id="inside" href="quiz.html">The quiz</a> '
    '<a id="outside" href="http://127.0.0.1:9/">Elsewhere</a></p>'
)
SEARCH = handmade.BARE_PAGE.replace("Bare", "Search")


def item(page: HandmadePage, kind: PageKind, *asked: handmade.Question) -> Item:
    labels = tuple(question.label for question in asked)
    sco = Sco(page.identifier, page.title, kind, page.path, duration=5, questions=labels)
    return Item(page.identifier, page.title, sco)


def judged(page: HandmadePage) -> HandmadePage:
    """The page as the build writes it for a course with a mastery score."""

    def with_scoring(match: re.Match[str]) -> str:
        about = {**json.loads(match[1]), "scoring": {"mastery": 70}}
        return f'id="scorm-page">{json.dumps(about)}</script>'

    html = re.sub(r'id="scorm-page">(.*?)</script>', with_scoring, page.html)
    return replace(page, html=html)


def write_course(folder: Path) -> None:
    """Three pages, a search page that nobody tracks, the shell, and the LMS around it."""
    asked = (REPLICAS, ENGINES, LAZY, BLOCK)
    welcome = text_page("welcome", "Welcome <b>", [REPLICAS])
    welcome = replace(welcome, html=welcome.html.replace(READING, LINKS))
    lab = text_page("lab", "Lab", kind="lab")
    quiz = judged(text_page("quiz", "Quiz", [ENGINES, LAZY, BLOCK], kind="quiz", paragraphs=3))
    modules = (
        Item("first", "First module", None, (item(welcome, PageKind.LESSON, REPLICAS),)),
        Item(
            "second",
            "Second module",
            None,
            (item(lab, PageKind.LAB), item(quiz, PageKind.QUIZ, ENGINES, LAZY, BLOCK)),
        ),
    )
    course = Course(
        identifier="handmade",
        title="Handmade course",
        description="",
        author="",
        date="2026-01-15",
        language="en",
        version="1",
        mastery_score=70,
        modules=modules,
        questions=tuple(question.model for question in asked),
        trees=(),
    )
    files = {page.path: page.html.encode() for page in (welcome, lab, quiz)} | runtime_files()
    files |= {"course.html": shell_page(course, modules), "lms.html": LMS.encode()}
    files["search.html"] = SEARCH.encode()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the folder with the course."""
    folder = tmp_path_factory.mktemp("single")
    write_course(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@dataclass
class Visit:
    """The course in the LMS, and the hands of its student."""

    page: Page
    site: str

    def __post_init__(self) -> None:
        self.page.goto(f"{self.site}lms.html")
        self.showing("Welcome <b>", "Lab", "Quiz")

    @property
    def shell(self) -> Frame:
        return self.page.frames[1]

    @property
    def inside(self) -> Frame:
        """The page of the course."""
        return self.shell.locator("#scorm-shell-frame").element_handle().content_frame()

    def showing(self, *titles: str) -> Frame:
        """The page with (one of) these titles, tracked and ready."""
        current = self.page.frame_locator("#sco").locator("a[aria-current=page]")
        current.wait_for(state="attached")
        eventually(self.page, lambda: self._heading() in titles)
        return self.inside

    def _heading(self) -> str:
        note = "document.querySelector('.scorm-note-where')?.textContent"
        if not self.inside.evaluate(f"document.readyState === 'complete' && {note}"):
            return ""
        return self.inside.locator("h1").inner_text()

    def choose(self, identifier: str, title: str) -> Frame:
        """Click a page in the contents."""
        self.link(identifier).click()
        return self.showing(title)

    def link(self, identifier: str) -> Any:
        return self.shell.locator(f'a[data-sco="{identifier}"]')

    def status(self, identifier: str) -> str:
        return " ".join(self.link(identifier).inner_text().split())

    def held(self, element: str) -> str:
        return self.page.evaluate("element => lms.held[element] ?? ''", element)

    def calls(self, *names: str) -> list[list[str]]:
        calls = self.page.evaluate("lms.calls")
        return [call for call in calls if call[0] in names]

    def wait(self, element: str, value: str) -> None:
        eventually(self.page, lambda: self.held(element) == value)

    def settled(self) -> int:
        """The commits so far, once no more come."""
        counts: list[int] = []
        while len(counts) < 3 or len(set(counts[-3:])) > 1:
            self.page.wait_for_timeout(150)
            counts.append(len(self.calls("LMSCommit")))
        return counts[-1]


@pytest.fixture
def visit(page: Page, site: str) -> Visit:
    """A first visit to the course."""
    return Visit(page, site)


def complete(visit: Visit, frame: Frame, identifier: str, words: str) -> None:
    """Read a page to its end, and wait until the contents say so."""
    read_to_end(frame)
    expect(visit.link(identifier)).to_contain_text(words)


def test_rebuilt_page(visit: Visit) -> None:
    """Is an answer what was picked when its choice stands elsewhere, and told when it is gone?"""

    def rebuilt(*places: int) -> Any:
        written = [
            {**REPLICAS.choices[place], "id": letter}
            for letter, place in zip("abc", places, strict=False)
        ]
        html = text_page("welcome", "Welcome <b>", [replace(REPLICAS, choices=written)]).html
        visit.page.unroute_all()
        visit.page.route("**/welcome.html**", lambda route: route.fulfill(body=html))
        return questions(Visit(visit.page, visit.site).inside)[0]

    (form,) = questions(visit.inside)
    form.get_by_label("one").check()
    form.get_by_role("button", name="Check my answer").click()
    visit.wait("cmi.core.score.raw", "0")
    form = rebuilt(2, 0, 1)
    expect(form.get_by_label("one")).to_be_checked()
    expect(form.get_by_role("status")).to_contain_text("Then a lost disk is lost data.")
    form = rebuilt(2, 1)
    expect(form.get_by_role("status")).to_contain_text("This question was changed")
    expect(form.locator(":checked")).to_have_count(0)


def test_journey(visit: Visit) -> None:
    """Does a student's whole way become one status and one score in the LMS?"""
    assert visit.held("cmi.core.lesson_status") == "incomplete"
    assert visit.held("cmi.core.score.raw") == ""
    welcome = visit.inside
    give(questions(welcome)[0], right=True)
    complete(visit, welcome, "welcome", "done, 100 of 100")
    visit.shell.get_by_role("button", name="Next").click()
    complete(visit, visit.showing("Lab"), "lab", "done")
    assert visit.held("cmi.core.lesson_status") == "incomplete"
    quiz = visit.choose("quiz", "Quiz")
    for form, right in zip(questions(quiz), (True, True, False), strict=True):
        give(form, right=right)
    complete(visit, quiz, "quiz", "not passed yet, 40 of 100")
    visit.wait("cmi.core.lesson_status", "failed")
    assert visit.held("cmi.core.score.raw") == "57.14"
    expect(visit.shell.locator("#scorm-shell-total")).to_have_text(
        "3 of 3 pages done, score 57.14 of 100"
    )
    questions(quiz)[2].get_by_role("button", name="Try again").click()
    give(questions(quiz)[2], right=True)
    visit.wait("cmi.core.lesson_status", "passed")
    assert visit.held("cmi.core.score.raw") == "100"


def test_return(visit: Visit) -> None:
    """Does the course open where the student was, with everything that was done?"""
    quiz = visit.choose("quiz", "Quiz")
    give(questions(quiz)[0], right=True)
    left = state(questions(quiz)[0])
    visit.wait("cmi.core.lesson_location", "quiz")
    visit.page.goto("about:blank")
    again = Visit(visit.page, visit.site)
    assert state(questions(again.showing("Quiz"))[0]) == left
    assert again.status("quiz") == "◐ Quiz Quiz · 5 min · in progress, 20 of 100"
    assert again.status("lab") == "○ Lab Lab · 5 min · not started"
    assert again.link("quiz").get_attribute("aria-current") == "page"
    expect(again.shell.get_by_role("button", name="Next")).to_be_disabled()


def test_earlier_work(visit: Visit) -> None:
    """Does earlier work that the student takes over stand in the open page, without a reload?"""
    quiz = visit.choose("quiz", "Quiz")
    give(questions(quiz)[0], right=True)
    left = state(questions(quiz)[0])
    visit.wait("cmi.core.lesson_location", "quiz")
    visit.page.goto("about:blank")
    # A new attempt: the LMS has nothing, the browser has.
    visit.page.goto(f"{visit.site}search.html")
    visit.page.evaluate("localStorage.removeItem('lms')")
    again = Visit(visit.page, visit.site)
    quiz = again.choose("quiz", "Quiz")
    give(questions(quiz)[1], right=False)
    other = state(questions(quiz)[1])
    again.shell.get_by_role("button", name="Use my earlier work").click()
    expect(questions(quiz)[0].locator(".scorm-verdict")).to_be_visible()
    assert [state(form) for form in questions(quiz)[:2]] == [left, other]
    expect(again.link("quiz")).to_contain_text("20 of 100")


def test_failed_save(visit: Visit) -> None:
    """Is a save that failed told at the question, with what is true of the shell's own copy?"""
    quiz = visit.choose("quiz", "Quiz")
    visit.page.evaluate("window.works = API.LMSCommit; API.LMSCommit = () => 'false'")
    give(questions(quiz)[0], right=True)
    warning = questions(quiz)[0].locator(".scorm-warning")
    expect(warning).to_contain_text("not recorded yet. It is kept in this browser")
    visit.page.evaluate("API.LMSCommit = window.works")
    give(questions(quiz)[1], right=True)
    expect(quiz.locator(".scorm-warning:not(:empty)")).to_have_count(0)
    expect(quiz.locator(".scorm-note")).to_contain_text("is recorded in your learning platform")


def test_one_session(visit: Visit) -> None:
    """Does the LMS see one start and one end, however often pages change and reload?"""
    visit.choose("lab", "Lab")
    visit.inside.evaluate("location.reload()")
    visit.choose("welcome", "Welcome <b>")
    visit.choose("quiz", "Quiz")
    assert len(visit.calls("LMSInitialize")) == 1
    assert visit.calls("LMSFinish") == []
    visit.page.goto(f"{visit.site}search.html")
    assert visit.page.evaluate("localStorage.getItem('finished')") == "1"


def test_cost_of_an_answer(visit: Visit) -> None:
    """Does each answer cost one commit and the same few calls, and a page left again none?"""
    quiz = visit.choose("quiz", "Quiz")
    visit.settled()
    costs = []
    for form in questions(quiz)[:2]:
        calls, commits = len(visit.calls("LMSSetValue")), visit.settled()
        give(form, right=True)
        after = visit.settled()
        assert after == commits + 1
        costs.append(len(visit.calls("LMSSetValue")) - calls)
    # Nine parts of the interaction; score (with its bounds the first time), state and time.
    assert max(costs) <= 16, costs
    before = visit.settled()
    visit.choose("lab", "Lab")
    assert visit.settled() <= before + 2


def test_links(visit: Visit, context: BrowserContext) -> None:
    """Do links between pages stay in the frame and move the mark, and others leave it alone?"""
    frame = visit.inside
    outside = frame.locator("#outside")
    assert outside.get_attribute("target") == "_blank"
    assert outside.get_attribute("rel") == "noopener"
    frame.locator("#inside").click()
    visit.showing("Quiz")
    expect(visit.link("quiz")).to_have_attribute("aria-current", "page")
    expect(visit.link("welcome")).not_to_have_attribute("aria-current", "page")
    assert visit.shell.title() == "Quiz \u2013 Handmade course"
    assert visit.shell.locator("iframe").get_attribute("title") == "Quiz"
    visit.page.evaluate("history.back()")
    visit.showing("Welcome <b>")
    expect(visit.link("welcome")).to_have_attribute("aria-current", "page")


def test_untracked_page(visit: Visit) -> None:
    """Can a page that is not in the contents be shown, and left by Next?"""
    visit.inside.evaluate("location.href = 'search.html'")
    expect(visit.shell.locator("a[aria-current]")).to_have_count(0)
    assert visit.shell.title() == "Search \u2013 Handmade course"
    visit.shell.get_by_role("button", name="Next").click()
    visit.showing("Lab")


def test_last_words(visit: Visit) -> None:
    """Is the place in a page, which nobody has saved yet, kept when the course is closed?"""
    lab = visit.choose("lab", "Lab")
    visit.settled()
    lab.evaluate("window.scrollTo({top: 900, behavior: 'instant'})")
    visit.page.wait_for_timeout(500)
    visit.page.goto("about:blank")
    again = Visit(visit.page, visit.site)
    frame = again.showing("Lab")
    eventually(visit.page, lambda: frame.evaluate("window.scrollY") > 500)


def test_keyboard(visit: Visit) -> None:
    """Can everything be reached and done without a mouse?"""
    visit.shell.locator("#scorm-shell-frame").evaluate("() => document.activeElement?.blur()")
    visit.page.locator("#sco").focus()
    visit.page.keyboard.press("Tab")
    focused = "document.activeElement.textContent.trim()"
    assert visit.shell.evaluate(focused) == "Skip to the page"
    visit.page.keyboard.press("Enter")
    assert visit.shell.evaluate("document.activeElement.id") == "scorm-shell-frame"
    visit.link("lab").focus()
    visit.page.keyboard.press("Enter")
    visit.showing("Lab")
    eventually(
        visit.page,
        lambda: visit.shell.evaluate("document.activeElement.id") == "scorm-shell-frame",
    )


def test_drawer(visit: Visit) -> None:
    """Are the contents a drawer at Moodle's width, which says whether it is open?"""
    visit.page.set_viewport_size({"width": 650, "height": 666})
    toggle = visit.shell.get_by_role("button", name="Contents")
    contents = visit.shell.locator("#scorm-shell-contents")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(contents).to_be_hidden()
    toggle.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(contents).to_be_visible()
    expect(visit.link("welcome")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(contents).to_be_hidden()
    expect(toggle).to_be_focused()
    toggle.click()
    visit.choose("lab", "Lab")
    expect(contents).to_be_hidden()
    visit.page.set_viewport_size({"width": 651, "height": 666})
    expect(contents).to_be_visible()
    expect(toggle).to_be_hidden()


@pytest.mark.parametrize("width", [360, 650, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(visit: Visit, width: int, scheme: Any) -> None:
    """Does axe find nothing, at each width and in the dark, and does nothing stick out?"""
    visit.page.set_viewport_size({"width": width, "height": 800})
    visit.page.emulate_media(color_scheme=scheme)
    if width <= 650:
        visit.shell.get_by_role("button", name="Contents").click()
    assert violations(visit.shell) == []
    assert visit.shell.evaluate("document.documentElement.scrollWidth") <= width
    assert visit.shell.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_forced_colours(visit: Visit) -> None:
    """Is the current page told by more than a colour that the system may replace?"""
    visit.page.emulate_media(forced_colors="active")
    width = "getComputedStyle(document.querySelector('a[aria-current]')).borderInlineStartWidth"
    colour = "getComputedStyle(document.querySelector('{}')).borderInlineStartColor"
    assert visit.shell.evaluate(width) == "3px"
    current = visit.shell.evaluate(colour.format("a[aria-current]"))
    assert current != visit.shell.evaluate(colour.format("a:not([aria-current])"))


def test_without_script(browser: Browser, site: str) -> None:
    """Is the course a plain list of links that lead to readable pages, without JavaScript?"""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}course.html")
    expect(page.get_by_role("heading", name="Handmade course")).to_be_visible()
    expect(page.locator("iframe")).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)
    links = page.get_by_role("link")
    expect(links).to_have_count(3)
    links.nth(1).click()
    expect(page.get_by_role("heading", name="Lab")).to_be_visible()
    context.close()


def test_without_lms(page: Page, site: str) -> None:
    """Does the course play from any web server, and keep the work in the browser?"""
    page.goto(f"{site}course.html")
    frame = page.frame_locator("#scorm-shell-frame")
    expect(page.locator("#scorm-shell-note")).to_contain_text("kept in this browser only")
    expect(frame.locator(".scorm-note")).to_contain_text("kept in this browser only")
    give(frame.locator("form.scorm-question").first, right=True)
    expect(page.locator('a[data-sco="welcome"]')).to_contain_text("100 of 100")
    page.reload()
    expect(page.locator('a[data-sco="welcome"]')).to_contain_text("100 of 100")
    expect(frame.locator(".scorm-question-result").first).to_contain_text("Correct.")
