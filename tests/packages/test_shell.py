"""The shell of layout ``single``: the page that lists and shows all others."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from scorm.course.model import Course, Item, PageKind, Scoring, Verdict, Weights
from scorm.packages.shell import shell_page
from scorm.standards.limits import shown_title
from tests.conftest import ROOT
from tests.support.packages import COURSE, sco, with_title

RUNTIME = ROOT / "scorm" / "runtime"


def page_of(course: Course) -> html.HtmlElement:
    return html.document_fromstring(shell_page(course, course.modules))


def facts_of(page: html.HtmlElement) -> dict[str, Any]:
    """What the page tells the runtime."""
    return json.loads(page.get_element_by_id("scorm-course").text)


def test_contents() -> None:
    """Does the student find every page as a link, under its module, with its kind and time?"""
    page = page_of(COURSE)
    contents = page.get_element_by_id("scorm-shell-contents")
    assert [p.text for p in contents.find_class("scorm-shell-heading")] == ["Welcome"]
    links = contents.xpath(".//li/ul/li/a")
    assert [(link.get("href"), link.get("data-sco")) for link in links] == [
        ("docs/welcome/index.html", "docs.welcome"),
        ("slides/welcome.html", "slides.welcome"),
        ("docs/welcome/quiz.html", "docs.welcome.quiz"),
    ]
    words = [" ".join(link.text_content().split()) for link in links]
    assert words[1:] == [
        "The deck Slides · 45 min",
        "Quiz: RDD\u2039T\u203a & friends — Überblick Quiz · 45 min",
    ]
    assert page.findtext(".//title") == page.findtext(".//h1") == COURSE.title
    assert page.get("lang") == "en"


def test_nested_modules() -> None:
    """Are headings within a module shown as such, to any depth?"""
    lesson = sco("deep", "Deep", PageKind.LESSON, "deep.html")
    inner = Item("inner", "Inner", items=(lesson,))
    course = replace(COURSE, modules=(Item("outer", "Outer", items=(inner,)),))
    (link,) = page_of(course).xpath("//nav/ul/li/ul/li/ul/li/a")
    assert link.get("href") == "deep.html"
    (outer,) = facts_of(page_of(course))["items"]
    assert outer["items"][0]["items"][0]["id"] == "deep"


def test_well_formed() -> None:
    """Is the page one that any parser reads alike: no element left open, no identifier twice?"""
    text = shell_page(COURSE, COURSE.modules).decode()
    assert text.startswith("<!DOCTYPE html>")
    parser = html.HTMLParser(recover=False)
    page = html.document_fromstring(text, parser=parser)
    # libxml2 knows no HTML 5: elements it has never heard of are no fault.
    unknown = {etree.ErrorTypes.HTML_UNKNOWN_TAG}
    assert [error for error in parser.error_log if error.type not in unknown] == []
    identifiers = [element.get("id") for element in page.iter() if "id" in element.attrib]
    assert len(identifiers) == len(set(identifiers))
    controlled = {element.get("aria-controls") for element in page.iter()} - {None}
    assert controlled <= set(identifiers)


def test_facts() -> None:
    """Does the runtime learn what it needs of pages and questions, and no answer?"""
    facts = facts_of(page_of(COURSE))
    assert (facts["course"], facts["title"]) == ("obd-course", COURSE.title)
    (module,) = facts["items"]
    assert module["items"][2] == {
        "id": "docs.welcome.quiz",
        "title": "Quiz: RDD\u2039T\u203a & friends — Überblick",
        "href": "docs/welcome/quiz.html",
        "kind": "quiz",
        "duration": 45,
        "questions": [
            {
                "label": "shuffle-cost",
                "kind": "single",
                "points": 1.0,
            }
        ],
    }
    assert b"a shuffle" not in shell_page(COURSE, COURSE.modules)


def test_scoring() -> None:
    """Does the course's scoring policy reach the runtime?"""
    scoring = Scoring(weights=Weights.PAGES, verdict=Verdict.COMPLETION, attempts=2)
    course = replace(COURSE, mastery_score=55, scoring=scoring)
    assert facts_of(page_of(course))["scoring"] == {
        "mastery": 55,
        "attempts": 2,
        "keep": "best",
        "penalty": 0.0,
        "explain": "request",
        "verdict": "completion",
        "weights": "pages",
    }


def test_one_module() -> None:
    """Is a package of one module called after it, and its work kept apart from the others'?"""
    other = Item("more", "More", items=(sco("more.page", "Page", PageKind.LESSON, "more.html"),))
    course = replace(COURSE, modules=(*COURSE.modules, other))
    page = html.document_fromstring(shell_page(course, [other]))
    assert page.findtext(".//h1") == "More"
    assert [link.get("href") for link in page.findall(".//nav//a")] == ["more.html"]
    assert facts_of(page)["course"] == "obd-course.more"
    assert facts_of(page_of(course))["course"] == "obd-course"


@pytest.mark.parametrize(
    "title",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "</a><img src=x onerror=alert(1)>",
        "\"'><b onclick=x>",
        "{{ 7 * 7 }}",
        "&lt;i&gt; \u2028 \u2029 😀 \u202e",
    ],
)
def test_titles_are_text(title: str) -> None:
    """Is a title shown as in an LMS's contents list, whatever it holds, and never run?"""
    course = replace(with_title(COURSE, title), title=title)
    page = page_of(course)
    shown = shown_title(title)
    assert page.findtext(".//title") == page.findtext(".//h1") == shown
    assert page.find_class("scorm-shell-title")[0].text == shown
    facts = facts_of(page)
    assert facts["title"] == facts["items"][0]["items"][0]["title"] == shown
    assert len(page.xpath("//script")) == 2
    assert page.xpath("//img | //b | //@onclick | //@onerror") == []


def test_deterministic() -> None:
    """Does the same course give the same bytes?"""
    assert shell_page(COURSE, COURSE.modules) == shell_page(COURSE, list(COURSE.modules))


def test_files_are_in_the_runtime() -> None:
    """Does the page load only files that the build puts into every rendered tree?"""
    page = page_of(COURSE)
    loaded = page.xpath("//script/@src | //link[@rel='stylesheet']/@href")
    assert loaded == ["_static/scorm/shell.css", "_static/scorm/shell.js"]
    for name in loaded:
        assert (RUNTIME / Path(name).name).is_file()
