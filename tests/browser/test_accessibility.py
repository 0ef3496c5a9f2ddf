"""Is every SCO without barriers, at the sizes at which students see it?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Frame, Page, expect

from .support import Player, about, give, questions, violations
from .test_journey import HANDMADE_AND_COURSE, Share, package, scos

__all__ = ["package"]

Play = Callable[[Path], Player]

# The pages are the same in every format and layout; the shell has its own test.
EACH_SCO = pytest.mark.parametrize(("package", "share"), HANDMADE_AND_COURSE, indirect=["package"])

#: The rules that may find something else in the dark than by day.
ABOUT_COLOUR = ("color-contrast", "link-in-text-block")

# Colours that are on their way to others have no contrast to speak of.
SETTLE = """() => document.getAnimations()
    .filter((it) => it instanceof CSSTransition).forEach((it) => it.finish())"""

#: The slide that is shown; what else is in a deck's document the first look sees.
SLIDE = ".slides section.present:not(.stack)"

# A slide with all that its fragments bring. (That a keyboard gets there, the journey shows.)
SHOW_ALL_OF = """(number) => {
  Reveal.configure({ transition: "none", backgroundTransition: "none" });
  const slide = Reveal.getSlides()[number];
  const { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v, slide.querySelectorAll(".fragment").length);
}"""


@EACH_SCO
def test_axe(play: Play, package: Path, share: Share, page: Page) -> None:
    """Does axe-core find nothing on any SCO: fresh, light and dark; answered; on every slide?"""
    player = play(package)
    found: dict[str, str] = {}

    def look(
        frame: Frame, place: str, *, scheme: Literal["dark", "light"] = "light", inside: str = ""
    ) -> None:
        rules = ABOUT_COLOUR if scheme == "dark" else ()
        page.emulate_media(color_scheme=scheme)
        frame.evaluate(SETTLE)
        seen = violations(frame, *rules, inside=inside)
        found.update(dict.fromkeys(seen, f"{place}, {scheme}"))

    for item in share(scos(package)):
        frame = player.open(item.identifier)
        look(frame, item.title)
        if about(frame)["kind"] == "slides":
            look(frame, item.title, scheme="dark")
            for number in range(frame.evaluate("Reveal.getSlides().length")):
                frame.evaluate(SHOW_ALL_OF, number)
                look(frame, f"{item.title}, slide {number + 1}", inside=SLIDE)
            continue
        if asked := questions(frame):
            for number, form in enumerate(asked):
                give(form, right=number % 2 == 0)
            look(frame, f"{item.title}, answered", inside="form.scorm-question")
        look(frame, item.title, scheme="dark")
    assert not found, "\n".join(f"{place}: {violation}" for violation, place in found.items())


@EACH_SCO
def test_narrow(play: Play, package: Path, share: Share, page: Page) -> None:
    """Does no page make a reader on a phone scroll sideways?"""
    player = play(package)
    player.page.get_by_label("phone, 360").check()
    for item in share(scos(package)):
        frame = player.open(item.identifier)
        expect(page.locator("#sco")).to_have_css("width", "360px")
        assert frame.evaluate("document.documentElement.scrollWidth") <= 360, item.title


#: Two texts that look alike, and one that does not; a picture without words.
FAULTY = """<!doctype html><html lang="en"><title>Faults</title><main><h1>Faults</h1>
<p>Dark.</p><p>Dark, too.</p><p {pale}>Pale.</p><img src="data:," {alt}></main></html>"""


def test_faults_are_found(page: Page) -> None:
    """Does axe-core still see what is wrong, although it does not look at every word?"""

    def rules(**faults: str) -> set[str]:
        page.set_content(FAULTY.format(**faults))
        return {violation.split(":")[0] for violation in violations(page)}

    pale, alt = 'style="color: #ccc"', 'alt="A picture"'
    assert rules(pale="", alt=alt) == set()
    assert rules(pale=pale, alt=alt) == {"color-contrast"}
    assert rules(pale=pale, alt="") == {"color-contrast", "image-alt"}
    page.set_content(FAULTY.format(pale=pale, alt=""))
    assert len(violations(page, inside="main")) == len(violations(page))
    assert len(violations(page, "color-contrast")) == 1
