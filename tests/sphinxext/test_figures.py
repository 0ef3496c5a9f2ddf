"""Figures that move: what readers get without scripts, and what an author is told of mistakes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from scorm.errors import Fault
from scorm.sphinxext.figures.step_drawing import SVG, read_drawing
from tests.conftest import ROOT

from .conftest import Project

HEAD = "---\nkind: lesson\nduration: 1\n---\n\n# Page\n\n"


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The course with figures, built once; tests only read it."""
    project = Project(tmp_path_factory.mktemp("moving") / "course")
    shutil.copytree(ROOT / "tests" / "roots" / "test-figures", project.folder)
    assert project.run() == []
    return project


def test_a_page_without_scripts_shows_every_step(moving: Project) -> None:
    """Is the figure a readable row of frames, each with its words, and has it a name?"""
    figure = moving.soup("html/docs/lesson.html").select_one("figure#ball")
    assert figure is not None
    steps = figure.select("ol > li")
    assert [step.select_one("p").text for step in steps] == [
        "Step 1 of 3",
        "Step 2 of 3",
        "Step 3 of 3",
    ]
    assert not figure.select("[hidden]")
    assert "<strong>left</strong>" in str(steps[0])
    assert "is right" in steps[1].text
    caption = figure.select_one(f"#{figure['aria-labelledby']}")
    assert caption is not None
    assert caption.decode_contents() == "A <em>ball</em> rolls"


def test_a_frame_holds_what_its_step_shows(moving: Project) -> None:
    """Does each frame show what it should, where it should be?"""
    frames = moving.soup("html/docs/lesson.html").select("#ball svg")
    places = [
        {str(thing["data-key"]): str(thing["transform"]) for thing in frame.select("[data-key]")}
        for frame in frames
    ]
    assert places == [
        {"ball": "translate(40 50)"},
        {"ball": "translate(300 50)", "copy": "translate(350 50)"},
        {"copy": "translate(60 50)"},
    ]
    assert [frame.select_one("text").text for frame in frames] == [
        "step one.",
        "step more.",
        "step more.",
    ]
    assert [len(frame.select("use")) for frame in frames] == [0, 1, 1]


def test_frames_do_not_disturb_the_page(moving: Project) -> None:
    """Has each id one owner, each reference its target, and is the drawing hidden from readers?"""
    soup = moving.soup("html/docs/lesson.html")
    ids = [str(element["id"]) for element in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    references = [str(element["href"])[1:] for element in soup.select("figure use[href]")]
    references += re.findall(r"url\(#(.+?)\)", str(soup.select("figure")))
    expected = {"ball-1-all", "ball-2-all", "ball-2-floor", "ball-3-all", "ball-3-floor"}
    assert set(references) == expected
    assert set(references) <= set(ids)
    for drawing in soup.select("figure svg"):
        assert drawing["aria-hidden"] == "true"
        assert not drawing.select("title")
        assert not drawing.has_attr("width")
    assert "data-steps" not in str(soup)


def test_a_slide_shows_a_step_with_each_key(moving: Project) -> None:
    """Is every step but the first a fragment of its slide?"""
    figure = moving.soup("html/slides/moving.html").select_one("figure#ball")
    assert figure is not None
    assert len(figure.select("li")) == 3
    assert len(figure.select(".fragment")) == 2


def test_scripts_are_loaded_where_something_moves(moving: Project) -> None:
    """Does a page without such figures load nothing for them?"""
    sources = {
        page: {Path(str(tag["src"]).split("?")[0]).name for tag in soup.select("script[src]")}
        for page in ("docs/lesson", "docs/plain", "slides/moving")
        for soup in [moving.soup(f"html/{page}.html")]
    }
    assert "stepped-figure.js" in sources["docs/lesson"]
    assert "stepped-figure.js" in sources["slides/moving"]
    assert "stepped-figure.js" not in sources["docs/plain"]


def test_plain_text_has_the_words(moving: Project, tmp_path: Path) -> None:
    """Is a figure readable as plain text, as on a handout?"""
    options = ["-q", "-b", "text", str(moving.folder), str(tmp_path)]
    subprocess.run([sys.executable, "-m", "sphinx", *options], check=True, capture_output=True)
    text = (tmp_path / "docs" / "lesson.txt").read_text("utf-8")
    assert "1. The ball is **left**." in text
    assert "3. It has gone" in text


def test_a_change_of_the_drawing_is_seen(make_project: Callable[[str], Project]) -> None:
    """Is a page built again after only the SVG has changed?"""
    project = make_project("figures")
    assert project.run(decks=False) == []
    drawing = project.folder / "docs/figures/ball.svg"
    drawing.write_text(drawing.read_text("utf-8").replace("40,50", "41,50"), "utf-8")
    assert project.run(decks=False) == []
    assert "translate(41 50)" in str(project.soup("html/docs/lesson.html").select_one("#ball"))


GOOD = f'<svg xmlns="{SVG}" viewBox="0 0 9 9" data-steps="1-2">\n'

#: What an author drew below the first line, the text of the line at fault, words of the message.
DRAWN = [
    ('<rect data-steps="1-"/>\n<g>', "", "not well-formed"),
    ("<script>alert(1)</script>", "<script", "<script> may not stand here"),
    ("<foreignObject/>", "<foreign", "<foreignObject> may not stand here"),
    ('<image href="http://elsewhere.example/a.png"/>', "<image", "<image> may not stand here"),
    ("<style>rect {}</style>", "<style", "<style> may not stand here"),
    ('<a href="javascript:alert(1)"><rect/></a>', "<a", "<a> may not stand here"),
    ('<p xmlns="http://www.w3.org/1999/xhtml">x</p>', "<p", "<p> may not stand here"),
    ('<rect\n onclick="alert(1)"/>', "<rect", "'onclick' is a script"),
    ('<rect style="fill: red"/>', "<rect", "'style' is blocked"),
    ('<use href="other.svg#a"/>', "<use", "'other.svg#a' lies elsewhere"),
    ('<rect fill="url(https://elsewhere.example/#a)"/>', "<rect", "lies elsewhere"),
    (
        '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>',
        "<use",
        "'href' is of another vocabulary",
    ),
    ('<rect data-steps="3"/>', "<rect", "'3' is no step of this drawing, which has 1-2"),
    ('<rect data-steps="0-1"/>', "<rect", "'0-1' is no step"),
    ('<rect data-steps="2-1"/>', "<rect", "'2-1' is no step"),
    ('<rect data-steps="last"/>', "<rect", "'last' is no step; write steps as in"),
    ('<rect data-at="1 5"/>', "<rect", "'1 5' is no place"),
    ('<rect data-at="3 5,5"/>', "<rect", "'3' is no step"),
    ('<rect data-at="1 5,5; 1-2 6,6"/>', "<rect", "names a step that has a place already"),
    ('<rect data-at="1 5,5" data-steps="1"/>', "<rect", "leave 'data-steps' out"),
    (
        '<rect data-key="a"/>\n<circle data-key="a" data-steps="2"/>',
        "<circle",
        "'a' is in step 2 already (line 2)",
    ),
    ('<rect data-key="a" data-from="b"/>', "<rect", "'b' is nobody's data-key"),
]


@pytest.mark.parametrize(("drawn", "marker", "message"), DRAWN, ids=[m for _, _, m in DRAWN])
def test_each_mistake_in_a_drawing_is_named_with_its_line(
    drawn: str, marker: str, message: str
) -> None:
    """Does who draws learn the line and the mistake, and is nothing that runs let through?"""
    source = f"{GOOD}{drawn}\n</svg>"
    drawing, faults = read_drawing(source.encode())
    assert drawing is None
    assert message in faults[0].message
    if marker:
        lines = source.splitlines()
        assert lines[faults[0].line - 1].startswith(marker) or drawn.startswith("<rect\n")


def test_an_entity_is_not_followed(tmp_path: Path) -> None:
    """Does no drawing bring in another file?"""
    (tmp_path / "secret").write_text("secret", "utf-8")
    source = (
        f'<!DOCTYPE svg [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
        f"{GOOD}<text>&e;</text></svg>"
    )
    drawing, (fault,) = read_drawing(source.encode())
    assert drawing is None
    assert "an entity" in fault.message


def test_all_mistakes_of_a_drawing_are_told_at_once() -> None:
    """Does who draws mend a drawing in one go?"""
    source = f'<svg xmlns="{SVG}">\n<script/>\n<rect onload="x"/></svg>'
    messages = [(fault.line, fault.message) for fault in read_drawing(source.encode())[1]]
    assert [line for line, _ in messages] == [1, 1, 2, 3]
    assert "'viewBox'" in messages[1][1] + messages[0][1]
    assert 'data-steps="1-7"' in messages[1][1] + messages[0][1]


def figure(
    options: str = ":name: fig\n:caption: C\n", words: str = "1. One\n2. Two\n3. Three"
) -> str:
    return f"```{{stepped-figure}} figures/ball.svg\n{options}\n{words}\n```\n"


#: What an author wrote on a page, and words of the message.
WRITTEN = [
    (figure().replace("ball.svg", "bowl.svg"), "there is no file 'figures/bowl.svg'"),
    (figure(words="1. One\n2. Two"), "the drawing has 3 steps and the list 2"),
    (figure(words="One, two, three."), "as one numbered list"),
    (figure(words="1. One\n2. Two\n3. Three\n\nMore."), "as one numbered list"),
    (figure(":caption: C\n"), "the figure needs a name"),
    (figure(":name: fig\n"), "the figure needs a title"),
]


@pytest.fixture(scope="module")
def mistakes(tmp_path_factory: pytest.TempPathFactory) -> list[Fault]:
    """What one run says of a page for each mistake, and of an included one with a bad drawing."""
    project = Project(tmp_path_factory.mktemp("mistakes") / "course")
    shutil.copytree(ROOT / "tests" / "roots" / "test-figures", project.folder)
    names = [f"mistake-{number}" for number in range(len(WRITTEN))]
    listed = "\n".join(["# M", "", "```{toctree}", ":name: one", ":caption: One", "", *names])
    project.write("docs/index.md", f"{listed}\nlesson\nplain\n```\n")
    for name, (text, _) in zip(names, WRITTEN, strict=True):
        project.write(f"docs/{name}.md", HEAD + text)
    project.write("docs/figures/bad.svg", f'{GOOD}<rect data-steps="9"/></svg>')
    bad = (project.folder / "docs/figures/ball.md").read_text("utf-8")
    project.write("docs/figures/ball.md", "\n\n" + bad.replace("A *ball* rolls", ""))
    project.write("docs/plain.md", HEAD + figure().replace("ball.svg", "bad.svg"))
    return project.run(decks=False)


@pytest.mark.parametrize("number", range(len(WRITTEN)), ids=[words for _, words in WRITTEN])
def test_each_mistake_on_a_page_is_named_with_its_line(mistakes: list[Fault], number: int) -> None:
    """Does the author learn the file, the line and the mistake?"""
    (fault,) = [fault for fault in mistakes if fault.path == f"docs/mistake-{number}.md"]
    assert WRITTEN[number][1] in fault.message
    assert (fault.line, fault.rule) == (8, "scorm.figure")


def test_a_mistake_is_named_where_it_is(mistakes: list[Fault]) -> None:
    """Is a fault of a drawing told at the drawing, and one of an included file there?"""
    found = {(fault.path, fault.line) for fault in mistakes}
    assert ("docs/figures/bad.svg", 2) in found
    assert ("docs/figures/ball.md", 3) in found


@pytest.mark.parametrize(
    "script", sorted(ROOT.glob("docs/*/figures/*.py")), ids=lambda path: str(path.stem)
)
def test_a_drawing_is_what_its_script_draws(script: Path, tmp_path: Path) -> None:
    """Has nobody changed a drawn figure by hand, or its script without running it?"""
    copy = shutil.copy(script, tmp_path)
    subprocess.run([sys.executable, copy], check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})
    drawn = (tmp_path / script.with_suffix(".svg").name).read_text("utf-8")
    assert drawn == script.with_suffix(".svg").read_text("utf-8")
    assert etree.fromstring(drawn).get("viewBox", "").startswith("0 0 ")


def test_links_to_what_has_a_name(make_project: Callable[[str], Project]) -> None:
    """Do links lead to a figure and to a paragraph with a name, from its page and from another?"""
    project = make_project("figures")
    lesson = project.folder / "docs" / "lesson.md"
    links = "See [the *ball*](#ball), [this](#here).\n\n(here)=\n\nHere.\n"
    project.write("docs/lesson.md", f"{lesson.read_text('utf-8')}\n{links}")
    plain = project.folder / "docs" / "plain.md"
    project.write("docs/plain.md", f"{plain.read_text('utf-8')}\nSee [the ball](#ball).\n")
    assert project.run(decks=False) == []
    found = [
        (link["href"], link.decode_contents())
        for name in ("lesson", "plain")
        for link in project.soup(f"html/docs/{name}.html").select("article a.internal[href*='#']")
    ]
    assert [address for address, _ in found] == ["#ball", "#here", "lesson.html#ball"]
    assert found[0][1] == "the <em>ball</em>"


def test_link_to_nothing(make_project: Callable[[str], Project]) -> None:
    """Is a link to a name that nothing has told with its line?"""
    project = make_project("figures")
    project.write("docs/lesson.md", HEAD + "See [that](#nowhere).\n")
    faults = project.run(decks=False)
    assert [(fault.path, fault.line) for fault in faults if "nowhere" in fault.message] == [
        ("docs/lesson.md", 8)
    ]
