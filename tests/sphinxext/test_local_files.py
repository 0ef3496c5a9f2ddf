"""Files that raw HTML names, and files with names that not every LMS keeps."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from scorm.errors import Fault
from tests.conftest import ROOT

from .conftest import Project

HEAD = "---\nkind: lesson\nduration: 1\norphan: true\n---\n\n# Page\n\n"
GOOD = """
<video controls src="media/v.mp4" poster='p.png'></video>

Words <img src="p.png" alt="p"> and <a href="../rules.txt">rules</a>, <a href="#here">here</a>.

<img srcset="p.png 1x, media/big.png 2x" style="background: url(media/bg.png)" alt="q">

<a href="lesson.html">The lesson</a>, <a href="../slides/counting.html">slides</a>,
<a href="https://host.example/a.mp4">elsewhere</a>, <img src="data:image/png;base64,AA" alt="r">
"""
COPIED = ("docs/media/v.mp4", "docs/p.png", "rules.txt", "docs/media/big.png", "docs/media/bg.png")

#: What a page has in its line 9, and words of the fault that is told of it.
WRONG = {
    "missing": ('<video src="media/w.mp4"></video>', "'media/w.mp4', which is not there; add"),
    "case": (
        '<img src="media/V.MP4" alt="v">',
        "'media/V.MP4', which is not there; there is 'docs/media/v.mp4'",
    ),
    "line": ('<div>\n<img src="none.png" alt="v">\n</div>', "'none.png', which is not there"),
    "document": ('<a href="lesson.md">x</a>', "'lesson.md', which is the source of a page"),
    "outside": ('<a href="../../outside.txt">x</a>', "which lies outside of the project"),
    "absolute": ('<img src="/p.png" alt="p">', "'/p.png', which leads out of the package"),
    "accent": ("![alt](été.png)", "'été.png' has a name that not every LMS keeps: rename it"),
    "blank": ("![alt](<my pic.png>)", "'my pic.png' has a name"),
    "html": ('<img src="my%20pic.png" alt="v">', "'docs/my pic.png' has a name"),
    "download": ("[x](<my file.pdf>)", "my file.pdf' has a name"),
    "nowhere": ("![alt](<no pic.png>)", "image file not readable: docs/no pic.png"),
}


def files(project: Project) -> None:
    """Put the files beside the pages."""
    docs = project.folder / "docs"
    (docs / "media").mkdir(exist_ok=True)
    for name in ("media/v.mp4", "media/big.png", "media/bg.png", "p.png"):
        (docs / name).write_bytes(name.encode())
    for name in ("été.png", "my pic.png", "my file.pdf"):
        (docs / name).write_bytes(b"")
    project.write("rules.txt", "Rules.")
    (project.folder.parent / "outside.txt").write_text("Outside.", "utf-8")


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> list[Fault]:
    """What Sphinx says of a course with a good page and one page for each mistake."""
    project = Project(tmp_path_factory.mktemp("files") / "course")
    shutil.copytree(ROOT / "tests" / "roots" / "test-course", project.folder)
    files(project)
    project.write("docs/good.md", HEAD + GOOD)
    for name, (text, _) in WRONG.items():
        project.write(f"docs/{name}.md", f"{HEAD}{text}\n")
    return project.run(decks=False)


@pytest.mark.parametrize("name", WRONG)
def test_each_is_told_with_its_page_and_line(wrong: list[Fault], name: str) -> None:
    """Does the author learn the page, the line and what to do, once?"""
    (fault,) = [fault for fault in wrong if fault.path == f"docs/{name}.md"]
    assert WRONG[name][1] in fault.message
    assert fault.line == (10 if name == "line" else 9)


def test_nothing_else_is_told(wrong: list[Fault]) -> None:
    """Is a page whose files are all there left in peace?"""
    assert {fault.path for fault in wrong} == {f"docs/{name}.md" for name in WRONG}


def test_what_raw_html_names_is_in_the_output(make_project: Callable[[str], Project]) -> None:
    """Does the page find its files, and do they change and go with their sources?"""
    project = make_project("course")
    files(project)
    project.write("docs/good.md", HEAD + GOOD)
    deck = (project.folder / "docs/slides/counting.md").read_text("utf-8")
    project.write("docs/slides/counting.md", f'{deck}\n<img src="../p.png" alt="p">\n')
    project.write("docs/lesson.md", (project.folder / "docs/lesson.md").read_text("utf-8"))
    assert project.run() == []
    site = project.build / "html"
    for name in COPIED:
        assert (site / name).read_bytes() == (project.folder / name).read_bytes()
    assert (site / "p.png").is_file()
    (project.folder / "docs/p.png").write_bytes(b"changed")
    assert project.run() == []
    assert (site / "docs/p.png").read_bytes() == b"changed"
    project.write("docs/good.md", HEAD)
    project.write("docs/slides/counting.md", deck)
    assert project.run() == []
    assert [name for name in (*COPIED, "p.png") if (site / name).exists()] == []
    assert not (site / "docs/media").exists()
