"""Figures that move, in a real browser: those of the course, and a ball whose ways are known."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scorm.build import sphinx_runs
from scorm.layout import Places

from ..conftest import ROOT
from ..support.own import add_laws
from .conftest import Watch
from .support import violations

SNIPPETS = sorted(ROOT.glob("docs/*/figures/*.md"))


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site: the ball on ``lesson``, every figure of the course on ``all``."""
    project = tmp_path_factory.mktemp("figures") / "course"
    shutil.copytree(ROOT / "tests" / "roots" / "test-figures", project)
    add_laws(project)
    docs = project / "docs"
    lines = ["---", "kind: lesson", "duration: 1", "---", "", "# All", ""]
    for path in SNIPPETS:
        shutil.copytree(path.parent, docs / "figures" / path.parts[-3], dirs_exist_ok=True)
        lines += [f"```{{include}} figures/{path.parts[-3]}/{path.name}", "```", ""]
    (docs / "all.md").write_text("\n".join(lines), "utf-8")
    index = (docs / "index.md").read_text("utf-8")
    (docs / "index.md").write_text(index.replace("plain\n", "plain\nall\n"), "utf-8")
    places = Places.of(project)
    for run in sphinx_runs.RUNS:
        assert sphinx_runs.run(run, places) == []
    (places.site / "favicon.ico").write_bytes(b"")
    handler = functools.partial(_Quiet, directory=str(places.site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def open_in(browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a page of the site in a context with its own options; complaints fail the test."""
    contexts: list[BrowserContext] = []

    def open_page(address: str, **options: Any) -> Page:
        contexts.append(browser.new_context(service_workers="block", **options))
        watch.follow(contexts[-1])
        page = contexts[-1].new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert watch.external == []
    assert watch.complaints == []


def shown(page: Page) -> list[str]:
    """The numbers of the ball's steps that are in sight."""
    return page.locator("#ball li:visible .stepped-figure-number").all_inner_texts()


def test_buttons_lead_through_the_steps(page: Page, site: str) -> None:
    """Is one frame shown at a time, told to who listens, and does the focus stay at the ends?"""
    page.goto(f"{site}/docs/lesson.html")
    assert shown(page) == ["Step 1 of 3"]
    expect(page.locator("#ball ol")).to_have_attribute("aria-live", "polite")
    back = page.locator("#ball").get_by_role("button", name="Back")
    following = page.locator("#ball").get_by_role("button", name="Next")
    expect(back).to_be_disabled()
    following.click()
    assert shown(page) == ["Step 2 of 3"]
    following.press("Enter")
    assert shown(page) == ["Step 3 of 3"]
    expect(following).to_be_disabled()
    expect(following).to_be_focused()
    following.press("Enter")
    assert shown(page) == ["Step 3 of 3"]
    back.click()
    assert shown(page) == ["Step 2 of 3"]


def test_keys_lead_through_the_steps(page: Page, site: str) -> None:
    """Do arrow keys, Home and End work in the figure, and nowhere else?"""
    page.goto(f"{site}/docs/lesson.html")
    page.keyboard.press("ArrowRight")
    assert shown(page) == ["Step 1 of 3"]
    page.locator("#ball svg:visible").click()
    for key, number in (("ArrowRight", 2), ("End", 3), ("ArrowLeft", 2), ("Home", 1)):
        page.keyboard.press(key)
        assert shown(page) == [f"Step {number} of 3"]
    page.keyboard.press("Shift+ArrowRight")
    assert shown(page) == ["Step 1 of 3"]


FORBIDDEN = """for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
    Object.defineProperty(window, name, {
        get() { throw new DOMException("forbidden", "SecurityError"); }, configurable: true,
    });
}"""


def test_scripts_of_the_theme_survive_without_storage(page: Page, site: str) -> None:
    """Does a page look and work as ever where the browser forbids it to keep anything?"""
    page.add_init_script(FORBIDDEN)
    page.goto(f"{site}/docs/lesson.html")
    expect(page.locator("body")).to_have_attribute("data-theme", "auto")
    expect(page.locator(".scorm-note")).to_contain_text("does not allow pages to store data")
    page.locator("#ball").get_by_role("button", name="Next").click()
    assert shown(page) == ["Step 2 of 3"]


def test_frame_cut_off_from_its_site(page: Page, site: str, watch: Watch) -> None:
    """Does a page say so where the browser does not load its program?"""
    watch.forgiven.add(r"error at http://127\.0\.0\.1:\d+/.*(CORS policy|Failed to load resource)")
    page.goto(f"{site}/docs/plain.html")
    page.evaluate("""() => {
        const frame = document.createElement("iframe");
        frame.setAttribute("sandbox", "allow-scripts");
        frame.src = "lesson.html";
        document.body.prepend(frame);
    }""")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".scorm-note")).to_contain_text("did not load")
    expect(frame.locator("body")).to_have_attribute("data-theme", "auto")


ANIMATIONS = """() => document.getAnimations().map((it) => [
    it.effect.target.dataset.key, it.effect.getKeyframes()[0].translate ?? "appears"])"""


def test_things_glide_from_where_they_were(open_in: Callable[..., Page], site: str) -> None:
    """Does the ball roll from its old place, its copy come from it, and does all end in place?"""
    page = open_in(f"{site}/docs/lesson.html", reduced_motion="no-preference")
    page.locator("#ball").get_by_role("button", name="Next").click()
    moving = dict(page.evaluate(ANIMATIONS))
    assert moving.keys() == {"ball", "copy"}
    for key, distance in (("ball", -260), ("copy", -310)):
        x, *y = moving[key].split()
        assert float(x.removesuffix("px")) == pytest.approx(distance, abs=1)
        assert not y or float(y[0].removesuffix("px")) == pytest.approx(0, abs=1)
    page.wait_for_function("document.getAnimations().length === 0")
    boxes = page.evaluate(
        """() => [...document.querySelectorAll("#ball li:not([hidden]) [data-key]")].map((it) => {
            const drawing = it.ownerSVGElement;
            const box = it.getBoundingClientRect();
            const scale = drawing.getScreenCTM().a;
            return (box.left + box.width / 2 - drawing.getBoundingClientRect().left) / scale;
        })"""
    )
    assert boxes == [pytest.approx(300, abs=1), pytest.approx(350, abs=1)]


def test_nothing_glides_for_who_wants_no_motion(page: Page, site: str) -> None:
    """Is a reader who asked for less motion spared it?"""
    page.goto(f"{site}/docs/lesson.html")
    page.locator("#ball").get_by_role("button", name="Next").click()
    assert shown(page) == ["Step 2 of 3"]
    assert page.evaluate(ANIMATIONS) == []


@pytest.mark.parametrize("media", ["no scripts", "paper"])
def test_all_steps_are_readable(open_in: Callable[..., Page], site: str, media: str) -> None:
    """Does a reader without JavaScript, or on paper, see all steps and no dead controls?"""
    page = open_in(f"{site}/docs/lesson.html", java_script_enabled=media == "paper")
    if media == "paper":
        page.emulate_media(media="print")
    assert shown(page) == ["Step 1 of 3", "Step 2 of 3", "Step 3 of 3"]
    for frame in page.locator("#ball svg").all():
        expect(frame).to_be_visible()
    expect(page.locator("figure button:visible, figure input:visible")).to_have_count(0)
    expect(page.locator("#laws svg")).to_be_visible()
    expect(page.locator("#laws table")).to_contain_text("4,096")


def test_sliders_tell_what_they_do(page: Page, site: str) -> None:
    """Do the sliders work by keyboard, tell their value, and change chart and words?"""
    page.goto(f"{site}/docs/lesson.html")
    share = page.get_by_label("Serial share")
    workers = page.get_by_label("Workers")
    told = page.locator("#laws output")
    expect(share).to_have_attribute("aria-valuetext", "5%")
    expect(told).to_contain_text("15.4 times as fast, and never more than 20 times")
    curve = page.locator('#laws [data-law="amdahl"] polyline')
    before = curve.get_attribute("points")
    share.press("End")
    expect(share).to_have_attribute("aria-valuetext", "50%")
    assert curve.get_attribute("points") != before
    workers.press("ArrowRight")
    expect(workers).to_have_attribute("aria-valuetext", "128")
    expect(told).to_contain_text("1.98 times as fast, and never more than 2 times")
    expect(told).to_contain_text("64.5 times the work")
    share.press("Home")
    expect(told).to_contain_text("128 times as fast. Efficiency: 100%")


def test_the_chart_is_the_same_with_and_without_scripts(
    open_in: Callable[..., Page], site: str
) -> None:
    """Does the script begin where the build has drawn the curves and the points?"""
    drawn = []
    for scripts in (True, False):
        page = open_in(f"{site}/docs/lesson.html", java_script_enabled=scripts)
        laws = page.locator("#laws [data-law]")
        curves = [laws.locator("polyline").nth(n).get_attribute("points") for n in (0, 1)]
        places = [laws.locator("path").nth(n).get_attribute("transform") for n in (0, 1)]
        drawn.append([float(number) for number in re.findall(r"[\d.]+", f"{curves} {places}")])
    assert len(drawn[0]) > 100
    assert drawn[0] == pytest.approx(drawn[1], abs=0.11)  # both round to 0.1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe(open_in: Callable[..., Page], site: str, scheme: str) -> None:
    """Does axe-core find nothing on any figure of the course, at any step?"""
    page = open_in(f"{site}/docs/all.html", color_scheme=scheme, reduced_motion="reduce")
    assert violations(page) == []
    for button in page.get_by_role("button", name="Next").all():
        while button.get_attribute("aria-disabled") == "false":
            button.click()
    assert violations(page) == []


def test_figures_fit_a_phone(open_in: Callable[..., Page], site: str) -> None:
    """Does no figure of the course make a reader on a phone scroll sideways?"""
    page = open_in(f"{site}/docs/all.html", viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_nothing_is_drawn_beside_the_paper(open_in: Callable[..., Page], site: str) -> None:
    """Does every frame of the course's figures stay within its drawing, letters included?"""
    page = open_in(f"{site}/docs/all.html", java_script_enabled=True, reduced_motion="reduce")
    page.emulate_media(media="print")  # all frames at once
    beside = page.evaluate(
        """() => [...document.querySelectorAll("figure svg")].flatMap((drawing) => {
            const paper = drawing.viewBox.baseVal;
            const drawn = drawing.getBBox();
            const fits = drawn.x >= -1 && drawn.y >= -1
                && drawn.x + drawn.width <= paper.width + 1
                && drawn.y + drawn.height <= paper.height + 1;
            return fits ? [] : [`${drawing.closest("figure").id}: ${JSON.stringify(drawn)}`];
        })"""
    )
    assert page.locator("figure svg").count() > len(SNIPPETS)
    assert beside == []


def test_a_deck_steps_with_its_own_keys(page: Page, site: str) -> None:
    """Does the space bar lead through the steps of a slide, forth and back?"""
    page.goto(f"{site}/slides/moving.html")
    page.wait_for_function("Reveal.isReady()")
    press = page.keyboard.press
    press("Space")
    expect(page.locator("#ball li:visible")).to_contain_text("Step 1 of 3")
    expect(page.locator("#ball button")).to_have_count(0)
    press("Space")
    expect(page.locator("#ball li:visible")).to_contain_text("Step 2 of 3")
    press("Space")
    expect(page.locator("#ball li:visible")).to_contain_text("Step 3 of 3")
    press("Space")
    expect(page.locator("#laws output")).to_be_visible()
    press("Shift+Space")
    expect(page.locator("#ball li:visible")).to_contain_text("Step 3 of 3")


def test_a_deck_on_paper_has_a_page_for_each_step(open_in: Callable[..., Page], site: str) -> None:
    """Does a deck printed with reveal's ``?print-pdf`` show each step once, in its order?"""
    page = open_in(f"{site}/slides/moving.html?print-pdf")
    page.emulate_media(media="print")
    pages = page.locator(".pdf-page:has(#ball)")
    expect(pages).to_have_count(3)
    for number in range(3):
        steps = pages.nth(number).locator("li:visible .stepped-figure-number")
        expect(steps).to_have_text([f"Step {number + 1} of 3"])
