"""This course's figure of the laws of scaling, as a page, a slide and plain text show it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from speedup_figure import SHARES, amdahl, gustafson

from scorm.build.node import command
from tests.conftest import ROOT
from tests.sphinxext.conftest import Project
from tests.support.own import add_laws, add_own_extensions

EXTENSION = ROOT / "docs" / "extensions" / "speedup_figure"


def _project(folder: Path) -> Project:
    """The tiny course with figures, and the extension."""
    shutil.copytree(ROOT / "tests" / "roots" / "test-figures", folder)
    return Project(folder)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A lesson and a deck with the figure, built once; tests only read it."""
    project = _project(tmp_path_factory.mktemp("laws") / "course")
    add_laws(project.folder)
    assert project.run() == []
    return project


@pytest.mark.parametrize("page", ["docs/lesson", "slides/moving"])
def test_files_are_there(project: Project, page: str) -> None:
    """Does a page, or a deck, with the figure load its script and its style?"""
    soup = project.soup(f"html/{page}.html")
    assert soup.select_one("figure#laws svg polyline")
    named = [tag["src"] for tag in soup.select("script[src]")]
    named += [tag["href"] for tag in soup.select("link[rel=stylesheet]")]
    files = [project.build / "html" / Path(page).parent / str(name).split("?")[0] for name in named]
    ours = {path.name for path in files if path.name.startswith("speedup-figure.")}
    assert ours == {"speedup-figure.js", "speedup-figure.css"}
    assert all(path.is_file() for path in files)


def test_other_pages_load_nothing(project: Project) -> None:
    """Does a page without the figure do without its files?"""
    assert "speedup-figure" not in str(project.soup("html/docs/plain.html"))


def test_links_lead_there(project: Project) -> None:
    """Does a link without words take the figure's caption?"""
    lesson = project.folder / "docs" / "lesson.md"
    before = lesson.read_text("utf-8")
    lesson.write_text(f"{before}\nSee [](#laws).\n", "utf-8")
    assert project.run(decks=False) == []
    link = project.soup("html/docs/lesson.html").select_one("article a.internal[href='#laws']")
    assert link is not None
    assert "The laws of Amdahl and Gustafson" in link.decode_contents()
    lesson.write_text(before, "utf-8")


def test_plain_text_has_the_table(project: Project, tmp_path: Path) -> None:
    """Are the values readable as plain text, as on a handout?"""
    options = ["-q", "-b", "text", str(project.folder), str(tmp_path)]
    subprocess.run([sys.executable, "-m", "sphinx", *options], check=True, capture_output=True)
    assert "Amdahl, 5%" in (tmp_path / "docs" / "lesson.txt").read_text("utf-8")


def test_a_figure_without_title_is_named_with_its_line(tmp_path: Path) -> None:
    """Does an author learn what is missing?"""
    project = _project(tmp_path / "course")
    add_own_extensions(project.folder)
    head = "---\nkind: lesson\nduration: 1\n---\n\n# Page\n\n"
    project.write("docs/plain.md", head + "```{speedup-figure}\n:name: laws\n```\n")
    (fault,) = [fault for fault in project.run(decks=False) if fault.path == "docs/plain.md"]
    assert "the figure needs a title" in fault.message
    assert (fault.line, fault.rule) == (8, "scorm.figure")


def test_both_languages_know_the_laws() -> None:
    """Do the table and the sliders say the same?"""
    points = [(share / 100, 2**power) for share in SHARES for power in range(13)]
    address = json.dumps((EXTENSION / "static" / "speedup.js").as_uri())
    script = f"import {{ amdahl, gustafson }} from {address};"
    script += f"const points = {json.dumps(points)};"
    script += "const values = points.map(([s, n]) => [amdahl(s, n), gustafson(s, n)]);"
    script += "process.stdout.write(JSON.stringify(values));"
    node = [command("node")[0], "--input-type=module", "--eval", script]
    done = subprocess.run(node, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [
        [pytest.approx(amdahl(*point)), pytest.approx(gustafson(*point))] for point in points
    ]


@pytest.mark.parametrize("point", [(0.0, 64), (0.05, 1), (0.05, 64), (1.0, 64)])
def test_laws_at_their_ends(point: tuple[float, int]) -> None:
    """Are both laws ideal without a serial share, 1 with one worker, and 1 if all is serial?"""
    share, workers = point
    if share in (0.0, 1.0) or workers == 1:
        expected = workers if share == 0 else 1
        assert amdahl(*point) == gustafson(*point) == expected
    else:
        assert 1 < amdahl(*point) < 1 / share < gustafson(*point) < workers
