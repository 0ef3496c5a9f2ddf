"""A student comes back to a question that its author has changed, or asks for a solution."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from scorm.course.choices import sent
from scorm.player import PreviewServer

from .handmade import ENGINES, Handmade, Question, choice, runtime_files, text_page
from .support import Player, violations
from .test_journey import scos

CHOICES = [
    choice("a", "Cloud computing", feedback="<p>The cloud is where it runs.</p>"),
    choice("b", "Data distribution", True),
    choice("c", "a nap"),
    choice("d", "a file"),
]
SUBJECT = Question(
    "subject",
    "single",
    CHOICES,
    points=2,
    explanation="<p>Data is split over machines.</p>",
    hint="What is split?",
    shuffled=True,
)


def rebuilt(*texts: str) -> Question:
    """The question after its author has written these choices, in this order."""
    written = [
        choice(letter, text, text == "Data distribution")
        for letter, text in zip("abcd", texts, strict=False)
    ]
    return replace(SUBJECT, choices=written)


def shown(form: Locator, which: str = "") -> list[str]:
    """The choices in the order in which they are seen, without their letters."""
    texts = form.locator(f".scorm-choice{which} label").all_inner_texts()
    return [re.sub(r"^[A-D]\.\s+", "", text) for text in texts]


def picked(form: Locator) -> str:
    """What the student sees as picked."""
    (text,) = shown(form, ":has(:checked)")
    return text


def revisit(player: Player, question: Question, item: str = "quiz") -> tuple[Frame, Locator]:
    """The page again, after its author has written the question so."""
    html = text_page("quiz", "Quiz", [question], paragraphs=1).html
    player.page.unroute_all()
    player.page.route("**/course/quiz.html**", lambda route: route.fulfill(body=html))
    player.page.reload()
    frame = player.open(item)
    frame.locator("form[data-ordered]").wait_for()
    return frame, frame.locator("form.scorm-question")


CHANGED = (
    "This question was changed after you answered it. You keep your points: 0 of 2 points. "
    "You can answer it again."
)


@pytest.mark.parametrize("standard", ["scorm2004", "cmi5"])
def test_in_other_formats(play: Callable[[Path], Player], tmp_path: Path, standard: str) -> None:
    """Is it the same in each format, when choices are moved, added, and taken out?"""
    page = text_page("quiz", "Quiz", [SUBJECT], paragraphs=1)
    package = Handmade([page], runtime_files(), standard).write(tmp_path / "c.zip")
    player, item = play(package), scos(package)[0].identifier
    _, form = revisit(player, SUBJECT, item)
    form.get_by_label("Cloud computing").check()
    form.get_by_role("button", name="Check my answer").click()
    player.see(item, answers=1)
    moved = rebuilt("a file", "Grid", "Data distribution", "Cloud computing")
    _, form = revisit(player, moved, item)
    assert picked(form) == "Cloud computing"
    expect(form.get_by_role("status")).to_contain_text("Not correct.")
    gone = rebuilt("a nap", "Data distribution", "a file", "Grid")
    _, form = revisit(player, gone, item)
    expect(form.get_by_role("status")).to_have_text(CHANGED)
    assert form.locator(":checked").count() == 0


def test_an_answer_stays_what_was_picked(play: Callable[[Path], Player], tmp_path: Path) -> None:
    """Is an answer found in its new place, and one that is gone told, with its points kept?"""
    package = Handmade([text_page("quiz", "Quiz", [SUBJECT], paragraphs=1)], runtime_files())
    player = play(package.write(tmp_path / "c.zip"))
    frame, form = revisit(player, SUBJECT)
    order = shown(form)
    assert sorted(order) == sorted(it["value"] for it in CHOICES)
    assert order != [it["value"] for it in CHOICES]
    # The keyboard goes through the choices as they are seen.
    form.locator("input").first.check()
    form.locator("input").first.press("ArrowDown")
    assert picked(form) == order[1]

    form.get_by_label("Cloud computing").check()
    form.get_by_role("button", name="Check my answer").click()
    result = form.get_by_role("status")
    expect(result).to_contain_text("The cloud is where it runs.")
    expect(result).to_contain_text("The hint above may help.")
    expect(result).not_to_contain_text("Data")
    assert violations(frame, "color-contrast", inside="form.scorm-question") == []
    record = player.wait_for_interactions("quiz", 1)
    assert record["cmi.interactions.0.id"] == sent(SUBJECT.model).scorm12
    assert record["cmi.interactions.0.student_response"] == "a"

    _, form = revisit(player, rebuilt("a file", "a nap", "Data distribution", "Cloud computing"))
    assert picked(form) == "Cloud computing"
    assert shown(form) == order

    _, form = revisit(player, rebuilt("a file", "a nap", "Data distribution", "Grid computing"))
    expect(form.get_by_role("status")).to_have_text(CHANGED)
    assert form.locator(":checked").count() == 0
    form.get_by_label("a nap").check()
    form.get_by_role("button", name="Check my answer").click()
    form.get_by_role("button", name="Show the solution").click()
    solution = form.locator(".scorm-solution")
    expect(solution).to_be_focused()
    expect(solution).to_have_text("Right answer: C. Data distribution")
    expect(form.get_by_role("status")).to_contain_text("Data is split over machines.")

    frame, form = revisit(player, rebuilt("Data distribution", "a file", "a nap"))
    expect(form.locator(".scorm-solution")).to_have_text("Right answer: A. Data distribution")
    expect(form.locator("button[type=submit]")).to_be_disabled()
    assert picked(form) == "a nap"
    frame.page.emulate_media(media="print")
    places = form.locator(".scorm-choice").evaluate_all(
        "all => all.sort((a, b) => a.offsetTop - b.offsetTop).map(it => it.dataset.choice)"
    )
    assert places == ["a", "b", "c"]


def test_several_picks_do_not_tell_the_rest(page: Page, tmp_path: Path) -> None:
    """Is only what was picked marked, and nothing where that would tell every answer?"""
    package = Handmade([text_page("quiz", "Quiz", [ENGINES], paragraphs=1)], runtime_files())
    with PreviewServer(package.write(tmp_path / "c.zip")) as server:
        page.goto(f"{server.url}course/quiz.html")
        form = page.locator("form.scorm-question")
        marks = form.locator(".scorm-choice-mark")
        check = form.get_by_role("button", name="Check my answer")
        for box in form.get_by_role("checkbox").all():
            box.check()
        check.click()
        expect(form.get_by_role("status")).to_contain_text("Partly correct. 0.5 of 1 point.")
        expect(marks).to_have_count(0)
        expect(form.get_by_role("status")).not_to_contain_text("million")
        form.get_by_label("Dask").uncheck()
        check.click()
        expect(marks).to_have_text(["✓ right", "✗ not right"])
        assert form.locator(".scorm-choice", has_text="Dask").get_attribute("data-result") is None
        page.goto("about:blank")
