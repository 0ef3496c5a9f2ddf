"""A student's way through the layout ``single``: one SCO, which shows all pages itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Frame, expect

from .support import Player, about, eventually, give, questions, read_to_end, state

Play = Callable[[Path], Player]

#: The only SCO of such a package.
SCO = "course"


@pytest.fixture(params=["scorm12", "scorm2004", "scorm2004-3rd"])
def package(request: pytest.FixtureRequest, course_packages: dict[str, Path]) -> Path:
    return course_packages[f"{request.param} single"]


def open_shell(player: Player) -> Frame:
    """The SCO, wide enough for its contents to stand beside the page."""
    player.page.get_by_label("wide").check()
    return player.open(SCO)


def page_in(shell: Frame, sco: str) -> Frame:
    """Choose a page in the shell's contents; the frame in which it shows, ready."""
    shell.locator(f'a[data-sco="{sco}"]').click()
    expect(shell.locator(f'a[data-sco="{sco}"]')).to_have_attribute("aria-current", "page")

    def shown() -> Frame | None:
        inside = shell.locator("#scorm-shell-frame").element_handle().content_frame()
        is_there = inside and inside.evaluate(
            """sco => document.readyState === "complete" && JSON.parse(
                document.getElementById("scorm-page")?.textContent ?? "{}").sco === sco""",
            sco,
        )
        return inside if is_there else None

    return eventually(shell.page, shown)


def is_done(shell: Frame, sco: str) -> None:
    """The shell's contents show the page as done."""
    link = shell.locator(f'a[data-sco="{sco}"]')
    expect(link).to_have_attribute("data-status", re.compile("completed|passed"))


#: A visit tells an LMS of some 60 answers at most (``journal.js``), and of the others at the next.
SITTING = 30


def test_whole_course(play: Play, package: Path) -> None:
    """Is everything that a student answers in some sittings recorded, and there on return?"""
    player = play(package)
    shell = open_shell(player)
    player.see(SCO, status="incomplete")
    scos = shell.locator("a[data-sco]").evaluate_all("links => links.map(it => it.dataset.sco)")
    given = since_break = 0
    left: dict[str, list[dict[str, object]]] = {}
    for sco in scos:
        if since_break > SITTING:
            player.return_elsewhere()
            shell, since_break = open_shell(player), 0
        page = page_in(shell, sco)
        if about(page)["kind"] == "slides":
            for _ in range(100):
                if page.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"):
                    break
                page.evaluate("Reveal.next()")
            is_done(shell, sco)
            continue
        for form in questions(page):
            give(form, right=True)
            given, since_break = given + 1, since_break + 1
            player.see(SCO, answers=given)
        read_to_end(page)
        is_done(shell, sco)
        left[sco] = [state(form) for form in questions(page)]
    assert given > 0
    seen = player.see(SCO, status="passed", score=100)
    assert {answer.result for answer in seen.answers} == {"correct"}
    player.return_elsewhere()
    shell = open_shell(player)
    for sco, states in left.items():
        page = page_in(shell, sco)
        assert [state(form) for form in questions(page)] == states
    assert player.see(SCO, status="passed", score=100).answers == seen.answers
