"""Hostile text in a real browser: does none of it run, fetch, or break what stands around it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from scorm.course import course_json
from scorm.packages import Format, Layout, PackageOptions, formats
from scorm.player import PreviewServer
from scorm.standards.limits import shown_title
from tests.conftest import made_once
from tests.security.test_payloads import build_hostile
from tests.support.payloads import PAGE, PAYLOADS, RAN

from .support import Player

Play = Callable[[Path], Player]

#: Answers every question of a page, rightly and then not, so that all that is sealed was shown.
_ANSWER = """async () => {
  const { unseal } = await import(new URL("../_static/scorm/view/seal.js", location));
  for (const form of document.querySelectorAll("form.scorm-question")) {
    const { choices } = unseal(form.dataset.question, form.dataset.sealed);
    for (const right of [false, true]) {
      const entry = form.querySelector("input[type=text]");
      if (entry) entry.value = right ? choices[0].value : "0";
      for (const box of form.querySelectorAll("input[type=checkbox]")) {
        box.checked = !right || choices.find(({ id }) => id === box.value).correct;
      }
      form.dispatchEvent(new Event("input"));
      form.querySelector("button[type=submit]").click();
    }
  }
  for (const hint of document.querySelectorAll("details")) hint.open = true;
  const results = [...document.querySelectorAll(".scorm-question-result")];
  return results.map((result) => result.innerText.slice(0, 8));
}"""


@pytest.fixture(scope="module")
def package(shared_folder: Path) -> Path:
    """The hostile course as a package."""
    return made_once(shared_folder / "hostile", build_hostile) / "dist" / "hostile-scorm12.zip"


@pytest.fixture
def site(package: Path, page: Page) -> Iterator[str]:
    """The address of the package's files, for a page that must open no dialog."""
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    with PreviewServer(package) as server:
        yield f"{server.url}course/"
        page.goto("about:blank")
    assert dialogs == []


def test_pages_and_questions(page: Page, site: str) -> None:
    """Does no payload run on its page, and can each of its questions still be answered?"""
    for first in range(0, len(PAYLOADS), PAGE):
        payloads = PAYLOADS[first : first + PAGE]
        asked = 3 * len(payloads)
        page.goto(f"{site}docs/page-{first}.html")
        ready = page.locator("button:not([disabled])[type=submit]")
        ready.nth(asked - 1).wait_for(state="attached")
        assert page.evaluate(_ANSWER) == ["Correct."] * asked, payloads
        assert page.locator("#scorm-end").count() == 1
        page.mouse.move(400, 300)
        assert not page.evaluate(RAN), payloads


def test_decks(page: Page, site: str, package: Path) -> None:
    """Does no payload run on a slide, in a deck's title, or when its answer is shown?"""
    decks = sorted((package.parents[1] / "docs" / "slides").glob("deck-*.md"))
    shown = 0
    for deck in decks:
        page.goto(f"{site}slides/{deck.stem}.html")
        page.wait_for_function("Reveal.isReady()")
        answers = page.locator(".scorm-question-answer").all()
        assert all("Answer: A." in (answer.text_content() or "") for answer in answers)
        shown += len(answers)
        assert not page.evaluate(RAN), deck.stem
    assert shown == len(PAYLOADS)


@pytest.mark.parametrize("query", ["script", "onerror", "top"])
def test_search(page: Page, site: str, query: str) -> None:
    """Does no title run in the list of search results, nor an excerpt?"""
    page.goto(f"{site}search.html?q={query}")
    expect(page.locator("#search-results li").first).to_be_visible()
    expect(page.locator("#search-results p.search-summary")).to_contain_text("Search finished")
    page.wait_for_load_state("networkidle")
    assert not page.evaluate(RAN)


def test_contents_and_neighbours(page: Page, site: str) -> None:
    """Does the contents list show every title and caption as text?"""
    page.goto(f"{site}docs/index.html")
    links = page.locator("#scorm-contents a")
    expect(links).to_have_count(-(-len(PAYLOADS) // PAGE) + -(-len(PAYLOADS) // 12))
    assert links.filter(has_text="<script>top.__ran=1</script>").count() > 0
    assert not page.evaluate(RAN)


@pytest.mark.parametrize(
    "options",
    [
        PackageOptions(Format.SCORM12),
        PackageOptions(Format.SCORM2004, Layout.MULTI),
        PackageOptions(Format.CMI5),
    ],
    ids=lambda options: options.format,
)
def test_player(play: Play, package: Path, tmp_path: Path, options: PackageOptions) -> None:
    """Does the preview show hostile titles as text, and play the page, in each format?"""
    build = package.parents[1] / "_build"
    whole = course_json.load(build / "course.json")
    player = play(formats.write(whole, build, tmp_path / "hostile.zip", options).path)
    items = player.page.locator("nav a[data-item*='page-']")
    for number in (0, 1, 2):
        frame = player.open(items.nth(number).get_attribute("data-item"))
        frame.locator("form.scorm-question").first.wait_for()
        assert frame.evaluate(_ANSWER) == ["Correct."] * 3 * PAGE, number
        assert not frame.evaluate(RAN)
    assert not player.page.evaluate(RAN)


def test_shell(play: Play, package: Path, tmp_path: Path) -> None:
    """Does the shell of the layout `single` show hostile titles as text, and play the page?"""
    build = package.parents[1] / "_build"
    options = PackageOptions(Format.SCORM12, Layout.SINGLE)
    whole = course_json.load(build / "course.json")
    player = play(formats.write(whole, build, tmp_path / "single.zip", options).path)
    shell = player.open("course")
    entries = shell.locator("a, button").filter(has_text=shown_title(PAYLOADS[0]))
    expect(entries.first).to_be_attached()
    inner = shell.frame_locator("#scorm-shell-frame")
    inner.locator("form.scorm-question").first.wait_for()
    assert not player.page.evaluate(RAN)
