"""Is every SCO without barriers, at the sizes at which students see it?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Frame, Page, expect

from .support import Player, about, give, questions, steps, violations
from .test_journey import package, scos

__all__ = ["package"]

Play = Callable[[Path], Player]

# The pages are the same in every format and layout; the shell has its own test.
pytestmark = pytest.mark.parametrize(
    "package", ["handmade scorm12", "course scorm12"], indirect=True
)


#: The rules that may find something else in the dark than by day.
ABOUT_COLOUR = ("color-contrast", "link-in-text-block")

# Colours that are on their way to others have no contrast to speak of.
SETTLED = """() => Promise.all(document.getAnimations()
    .filter((it) => it instanceof CSSTransition).map((it) => it.finished))"""


def test_axe(play: Play, package: Path, page: Page) -> None:
    """Does axe-core find nothing on any SCO: fresh, light and dark; answered; on every slide?"""
    player = play(package)
    found: dict[str, str] = {}

    def look(frame: Frame, place: str, *, scheme: Literal["dark", "light"] = "light") -> None:
        rules = ABOUT_COLOUR if scheme == "dark" else ()
        page.emulate_media(color_scheme=scheme)
        frame.evaluate(SETTLED)
        found.update(dict.fromkeys(violations(frame, *rules), f"{place}, {scheme}"))

    for item in scos(package):
        frame = player.open(item.identifier)
        look(frame, item.title, scheme="dark")
        if about(frame)["kind"] == "slides":
            for place in steps(frame):
                # A slide's last step shows all that its fragments bring.
                if not frame.evaluate("Reveal.availableFragments().next"):
                    look(frame, f"{item.title}, {place}")
            continue
        look(frame, item.title)
        for number, form in enumerate(questions(frame)):
            give(form, right=number % 2 == 0)
        if questions(frame):
            look(frame, f"{item.title}, answered")
            look(frame, f"{item.title}, answered", scheme="dark")
    assert not found, "\n".join(f"{place}: {violation}" for violation, place in found.items())


def test_narrow(play: Play, package: Path, page: Page) -> None:
    """Does no page make a reader on a phone scroll sideways?"""
    player = play(package)
    player.page.get_by_label("phone, 360").check()
    for item in scos(package):
        frame = player.open(item.identifier)
        expect(page.locator("#sco")).to_have_css("width", "360px")
        assert frame.evaluate("document.documentElement.scrollWidth") <= 360, item.title
