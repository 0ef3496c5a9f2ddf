"""Nothing that a page names is missing in its package, or the package is not written."""

from __future__ import annotations

from pathlib import Path

import pytest

from scorm.errors import CourseError, Fault
from scorm.standards.pages import missing_files, named_files
from tests.support.packages import FILES, build_package, findings

PLACE = "html/docs/welcome/index.html"

#: What leads to files that are there, or is none of the package's business.
GOOD = [
    '<a href="quiz.html">',
    '<a href="quiz.html?attempt=2&amp;x=1#question-1">',
    '<a href="">',
    '<a href="#top">',
    '<a href="?again">',
    '<a href="https://example.org/a%20b">',
    '<a href="//example.org/x">',
    '<a href="mailto:a@example.org">',
    '<a href="tel:+331">',
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
    '<img src="../../_images/plan.png">',
    "<IMG SRC='../../_images/plan.png'>",
    "<img src = ../../_images/plan.png>",
    '<img src=" ../../_images/plan.png ">',
    '<img src="../../_images/a%20map.png">',
    '<img srcset="../../_images/plan.png 1x, data:image/png;base64,AA== 2x">',
    '<script src="../../_static/scorm/page.js?v=12ab"></script>',
    "<p style=\"background: url('../../_images/plan.png')\">",
    "<style>/* url(old.png) */ p { background: url(../../_images/plan.png) }</style>",
    '<svg><rect fill="url(#shade)"/><use xlink:href="#arrow"/></svg>',
    '<!-- <img src="later.png"> -->',
    "<script>const html = '<img src=\"made.png\">';</script>",
    '<pre>&lt;img src="written.png"&gt; url(written.png)</pre>',
    '<a href="../">',
]
#: What is not there: the element, and the address that the author is told of.
BAD = [
    ('<img src="gone.png">', "gone.png"),
    ("<IMG SRC = 'gone.png'>", "gone.png"),
    ("<img src=gone.png>", "gone.png"),
    ('<a href="quiz.htm#x">', "quiz.htm#x"),
    ('<a href="../../../outside.html">', "../../../outside.html"),
    ('<a href="/from/the/root.html">', "/from/the/root.html"),
    ('<a href="a%20b.html">', "a%20b.html"),
    ('<a href="folder/">', "folder/"),
    ('<link rel="stylesheet" href="gone.css?v=1">', "gone.css?v=1"),
    ('<script src="gone.js"></script>', "gone.js"),
    ('<video poster="gone.png">', "gone.png"),
    ('<object data="gone.svg"></object>', "gone.svg"),
    ('<svg><use xlink:href="gone.svg#a"/></svg>', "gone.svg#a"),
    ('<img srcset="../../_images/plan.png 1x,gone.png 2x">', "gone.png"),
    ('<section data-background-image="gone.png">', "gone.png"),
    ('<p style="background: url(gone.png)">', "gone.png"),
    ('<style>p { background: url("gone.png") }</style>', "gone.png"),
]


def faults_with(folder: Path, text: str) -> tuple[Fault, ...]:
    """What is wrong with a course whose first page holds ``text``."""
    more = {PLACE: f"<!doctype html><title>T</title>{text}".encode()}
    more["html/_images/a map.png"] = b""
    try:
        build_package(folder, files=FILES | more)
    except CourseError as error:
        return error.faults
    return ()


@pytest.mark.parametrize("text", GOOD)
def test_what_is_there_passes(text: str) -> None:
    """Are files found however their address is written, and other addresses left alone?"""
    names = {"docs/welcome/quiz.html", "docs/index.html", "_images/plan.png", "_images/a map.png"}
    names.add("_static/scorm/page.js")
    assert missing_files("docs/welcome/index.html", text.encode(), names) == {}


@pytest.mark.parametrize(("text", "address"), BAD)
def test_what_is_missing_is_told(tmp_path: Path, text: str, address: str) -> None:
    """Is a package refused whose page names a file that is not there, with page and address?"""
    faults = [fault for fault in faults_with(tmp_path, text) if fault.rule == "file-missing"]
    (fault,) = faults
    assert fault.path == PLACE
    assert f"names {address!r}, which is not there" in fault.message
    assert not (tmp_path / "dist").exists()


def test_the_author_learns_what_to_do(tmp_path: Path) -> None:
    """Is a file in another case named, and all that is missing told at once?"""
    text = '<img src="../../_images/Plan.png"><img src="gone.png">'
    messages = [f.message for f in faults_with(tmp_path, text) if f.rule == "file-missing"]
    assert len(messages) == 2
    assert "there is '_images/plan.png': write it in the same case" in messages[0]
    assert "add the file, or correct the path" in messages[1]


def test_a_good_package_is_written(tmp_path: Path) -> None:
    """Is a package with pages that lead to each other and to the web still written?"""
    text = '<a href="quiz.html?x=1#y">Quiz</a><a href="https://example.org">Web</a>'
    more = {PLACE: f"<!doctype html><title>T</title>{text}".encode()}
    assert findings(build_package(tmp_path, files=FILES | more)) == ()


def test_names_are_found_rather_too_often() -> None:
    """Is a file that only a script mentions not taken for one that nobody needs?"""
    page = b"<script>show('<img src=\"../_images/made.png\">')</script>"
    assert named_files("docs/a.html", page) == {"_images/made.png"}
