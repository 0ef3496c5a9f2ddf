"""A hand on the local LMS's player, and on the pages that it plays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Locator, Page, expect

from scorm.course.seal import unseal
from scorm.player import PreviewServer

from .records import Seen, interactions

T = TypeVar("T")

#: What the browser itself says of a request that the LMS lets fail on demand; of one that the
#: page waits for, at the script that sends it.
FAILED_REQUEST = (
    r"error at http://127\.0\.0\.1:\d+"
    r"/(player/player\.js|lms/commit|xapi/\S*|fetch/\S*): Failed to load resource: "
    r"(the server responded with a status of (401|409|412|429|500|503) .*|net::ERR_EMPTY_RESPONSE)"
)

#: Loaded, and what was kept of a tracked page is in place again: a store may have to be waited for.
_READY = """document.readyState == "complete"
    && (!document.getElementById("scorm-page") || document.querySelector(".scorm-note") !== null)"""

#: What a computer that has never seen the course does not have.
_EMPTY = """async () => {
    localStorage.clear();
    for (const { name } of await indexedDB.databases()) {
        await new Promise((resolve) => {
            const request = indexedDB.deleteDatabase(name);
            request.onsuccess = request.onerror = request.onblocked = resolve;
        });
    }
}"""


def eventually(page: Page, ask: Callable[[], T], *, seconds: float = 30) -> T:
    """The first true answer of ``ask``, while the browser goes on; an error after ``seconds``."""
    end = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < end, f"still {answer!r} after {seconds} s"
        page.wait_for_timeout(50)
    return answer


@dataclass
class Player:
    """The player page of a local LMS, and the hands of its student.

    ``forgive`` names a complaint of the browser that the test itself causes.
    """

    page: Page
    server: PreviewServer
    forgive: Callable[[str], None]

    def __post_init__(self) -> None:
        self.page.goto(self.server.url)
        self.page.locator("nav a .detail:not(:empty)").first.wait_for()

    def open(self, item: str) -> Frame:
        """Click an item in the contents tree; the frame in which it plays, loaded."""
        link = self.page.locator(f'nav a[data-item="{item}"]')
        link.click()
        return self.opened(item)

    def opened(self, item: str) -> Frame:
        """The frame of an item that something has launched, loaded."""
        self.page.locator(f'nav a[data-item="{item}"][aria-current="page"]').wait_for()
        return eventually(self.page, self._loaded)

    def _loaded(self) -> Frame | None:
        handle = self.page.locator("#sco").element_handle()
        frame = handle.content_frame()
        loaded = frame and "/course/" in frame.url and frame.evaluate(_READY)
        return frame if loaded else None

    def fail(self, failure: str | None) -> None:
        """Let all saves fail in this way from now on; ``None`` mends it."""
        self.forgive(FAILED_REQUEST)
        self.server.fail(failure)
        expect(self.page.locator("#failure")).to_have_value(failure or "")

    def see(self, item: str, **expected: object) -> Seen:
        """What the LMS recorded, once it is as expected; ``answers=2`` waits for two of them."""

        def as_expected() -> Seen | None:
            seen = Seen.of(self.server.recorded(item) or {})
            found = {**vars(seen), "answers": len(seen.answers)}
            return seen if expected.items() <= found.items() else None

        try:
            return eventually(self.page, as_expected)
        except AssertionError:
            seen = Seen.of(self.server.recorded(item) or {})
            raise AssertionError(f"{item}: {seen} never was {expected}") from None

    def kill(self) -> None:
        """Close the page without leaving the SCO, and come back in a new one."""
        context = self.page.context
        self.page.close()
        self.page = context.new_page()
        self.__post_init__()

    def return_elsewhere(self) -> None:
        """Come back on a computer that has never seen the course."""
        context = self.page.context
        self.page = context.new_page()
        self.__post_init__()
        self.page.evaluate(_EMPTY)

    def wait(self, item: str, **expected: str) -> dict[str, str]:
        """What the LMS recorded, once its elements are as expected.

        Names are elements without ``cmi.core.``, with ``__`` for ``.``: ``score__raw="50"``.
        """
        wanted = {f"cmi.core.{name.replace('__', '.')}": text for name, text in expected.items()}

        def as_expected() -> dict[str, str]:
            record = self.server.recorded(item)
            return record if wanted.items() <= record.items() else {}

        try:
            return eventually(self.page, as_expected)
        except AssertionError:
            raise AssertionError(
                f"{item}: {self.server.recorded(item)} never had {wanted}"
            ) from None

    def wait_for_element(self, item: str, element: str) -> str:
        """What the LMS recorded for an element, once there is something."""
        return eventually(self.page, lambda: self.server.recorded(item).get(element, ""))

    def wait_for_interactions(self, item: str, count: int) -> dict[str, str]:
        """What the LMS recorded, once it holds that many interactions, and no more."""
        self.wait_for_element(item, f"cmi.interactions.{count - 1}.id")
        record = self.server.recorded(item)
        assert len(interactions(record)) == count
        return record


# axe-core looks at every word, most of all for its contrast. Of blocks of code it sees only as many
# as show each kind of token; and for the contrast, of pieces of text only one of each kind: in
# elements of the same names, classes and styles, with the same kinds of elements inside.
_THIN_OUT = """(inside) => {
  const styled = /^(class|style|data-(result|status|verdict|current)|aria-current|disabled)$/;
  const kindOf = ({ localName, attributes }) => {
    const looks = [...attributes].filter(({ name }) => styled.test(name));
    return localName + looks.map(({ name, value }) => `[${name}=${value}]`).join("");
  };
  const known = new Set();
  for (const block of document.querySelectorAll(".highlight")) {
    const kinds = [...block.querySelectorAll("*")].map(kindOf);
    const isNew = kinds.some((kind) => !known.has(kind));
    for (const kind of kinds) known.add(kind);
    block.toggleAttribute("data-seen-elsewhere", !isNew);
  }
  const around = (it) => it ? `${around(it.parentElement)}/${kindOf(it)}` : "";
  const texts = "p, li, td, th, dt, dd, figcaption, label";
  const alike = new Set();
  for (const text of document.querySelectorAll(texts)) {
    text.removeAttribute("data-looks-alike");
    const isSeen = text.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!isSeen || text.querySelector(texts) || (inside && !text.closest(inside))) continue;
    const kinds = new Set([...text.querySelectorAll("*")].map(kindOf));
    const kind = [around(text), ...[...kinds].sort()].join();
    text.toggleAttribute("data-looks-alike", alike.has(kind));
    alike.add(kind);
  }
}"""

#: The rule that takes most of the time.
CONTRAST = "color-contrast"


def violations(target: Page | Frame, *rules: str, inside: str = "") -> list[str]:
    """What axe-core holds against a page or a frame: each rule with an element that breaks it.

    Of all rules that axe-core has on, or of these; of the whole, or of what a selector finds.
    """
    if target.evaluate("typeof axe === 'undefined'"):
        target.evaluate(Axe().axe_script)
    target.evaluate(_THIN_OUT, inside)
    code, alike = [["[data-seen-elsewhere]"], ["[data-looks-alike]"]]
    if inside:
        only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
        return _run_axe(target, {"exclude": [code], "include": [[inside]]}, only)
    others = [rule for rule in rules if rule != CONTRAST]
    contrast = {"type": "rule", "values": [CONTRAST]}
    found = []
    if CONTRAST in rules or not rules:
        found += _run_axe(target, {"exclude": [code, alike]}, {"runOnly": contrast})
    if others:
        only = {"runOnly": {"type": "rule", "values": others}}
        found += _run_axe(target, {"exclude": [code]}, only)
    elif not rules:
        found += _run_axe(target, {"exclude": [code]}, {"rules": {CONTRAST: {"enabled": False}}})
    return found


def _run_axe(target: Page | Frame, context: object, options: Mapping[str, object]) -> list[str]:
    response = target.evaluate(
        "([context, options]) => axe.run(context, options)",
        [context, {**options, "resultTypes": ["violations"]}],
    )
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]


# A student's hands


def about(frame: Frame) -> dict[str, Any]:
    """What the page says of itself in ``#scorm-page``."""
    return frame.evaluate("JSON.parse(document.getElementById('scorm-page').textContent)")


def questions(frame: Page | Frame) -> list[Locator]:
    """The forms of the page's questions, in reading order."""
    return frame.locator("form.scorm-question").all()


#: Stands in for what a task is done in, and for the script that judges it.
_JUDGE = """(form, right) => {
    const found = right
        ? { fraction: 1, response: "3 of 3 ready", words: "All three are ready." }
        : { fraction: 0, response: "0 of 3 ready", words: "None is ready." };
    form.addEventListener("scorm-check", ({ detail }) => detail.respond(found), { once: true });
}"""


def give(form: Locator, right: bool) -> float:
    """Answer a question rightly or wrongly, as far as the sealed answers tell, and check it.

    Returned is what part of its points the answer is worth. Where all choices are right, one of
    them alone is as wrong as an answer can be.
    """
    if form.get_attribute("data-kind") == "task":
        form.evaluate(_JUDGE, right)
        form.get_by_role("button", name="Check my work").click()
        form.locator(".scorm-found").wait_for()
        return float(right)
    label = form.get_attribute("data-question")
    sealed = unseal(label, form.get_attribute("data-sealed"))
    choices = sealed["choices"]
    good = [choice for choice in choices if choice["correct"]]
    bad = [choice for choice in choices if not choice["correct"]]
    kind = form.get_attribute("data-kind")
    if kind == "numeric":
        beyond = float(good[0]["value"]) + 1000 + 10 * sealed["tolerance"]
        foreseen = bad[0]["value"] if bad else str(beyond)
        form.locator("input").fill(good[0]["value"] if right else foreseen)
    elif kind == "text":
        form.locator("input").fill(good[0]["value"] if right else "no such word")
    elif kind == "multiple":
        picked = {choice["id"] for choice in (good if right else (bad or good)[:1])}
        for choice in choices:
            box = form.locator(f'input[value="{choice["id"]}"]')
            box.set_checked(choice["id"] in picked)
    else:
        form.locator(f'input[value="{(good if right else bad)[0]["id"]}"]').check()
    form.get_by_role("button", name="Check my answer").click()
    form.locator(".scorm-question-result > *").first.wait_for()
    if kind == "multiple" and not bad and not right:
        return 1 / len(good)
    return float(right)


def state(form: Locator) -> dict[str, Any]:
    """What the student sees of an answered question: entries, marks and the result."""
    return {
        "entries": form.locator("input").evaluate_all(
            "inputs => inputs.map(it => it.type === 'text' ? it.value : it.checked)"
        ),
        "marks": form.locator(".scorm-choice").evaluate_all(
            "choices => choices.map(it => it.dataset.result ?? '')"
        ),
        # What was found of a task is told once.
        "result": form.locator(".scorm-question-result > :not(.scorm-found)").all_inner_texts(),
    }


def read_to_end(frame: Frame) -> None:
    """Scroll until the end of the page is in sight."""
    frame.evaluate("document.getElementById('scorm-end').scrollIntoView({behavior: 'instant'})")


def press(frame: Frame, key: str) -> None:
    """Press a key inside the frame, as a student does who came there by keyboard."""
    frame.page.locator("#sco").focus()
    frame.page.keyboard.press(key)


def steps(frame: Frame) -> Iterator[str]:
    """Go through a deck by keyboard, all fragments and slides; each step's place, when there."""
    place = "JSON.stringify(Reveal.getIndices())"
    yield frame.evaluate(place)
    while not frame.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"):
        before = frame.evaluate(place)
        press(frame, "Space")
        frame.wait_for_function(f"before => {place} !== before", arg=before)
        yield frame.evaluate(place)
