"""The pages of notebooks: what they show, and what a student downloads from them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import nbformat.v4 as v4
import pytest
from bs4 import Tag

from scorm.errors import BuildError
from scorm.notebooks import execute
from tests.sphinxext.conftest import Project
from tests.support.labs import CANARIES, cells, write_lab

_SETTINGS = """
html_copy_source = True
scorm_notebook_links = {
    "Open in Binder": "https://binder.example/v2/gh/me/labs/HEAD?labpath={path}",
    "Open in Colab": "https://colab.example/github/me/labs/blob/main/{path}",
}
"""


IMPORTING = v4.new_code_cell("from helper import number", id="importing")


def with_notebooks(project: Project, conf: str = "") -> Project:
    """The project with a lab, and with a notebook that has nothing to fill in."""
    paths = [
        write_lab(project.folder / "notebooks" / "a lab.ipynb"),
        write_lab(project.folder / "notebooks" / "plain.ipynb", cells()[:1]),
        write_lab(project.folder / "notebooks" / "importing.ipynb", [*cells()[:1], IMPORTING]),
    ]
    (project.folder / "notebooks" / "helper.py").write_text("number = 1\n", "utf-8")
    beside = project.folder / "notebooks"
    execute(paths, project.build / "notebooks", project.folder, beside=beside)
    index = project.folder / "docs" / "index.md"
    listed = "summary\n/notebooks/a lab\n/notebooks/plain\n/notebooks/importing\n"
    project.write("docs/index.md", index.read_text("utf-8").replace("summary\n", listed))
    settings = project.folder / "conf.py"
    project.write("conf.py", settings.read_text("utf-8") + conf)
    return project


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, tiny: Project) -> Project:
    """Such a project, built; tests only read it."""
    folder = tmp_path_factory.mktemp("labs") / "course"
    shutil.copytree(tiny.folder, folder, ignore=shutil.ignore_patterns("_build"))
    project = with_notebooks(Project(folder), _SETTINGS)
    assert project.run(decks=False) == []
    return project


def header(project: Project, name: str) -> Tag:
    """What stands below the title of a notebook's page."""
    found = project.soup(f"html/notebooks/{name}.html").select_one(".scorm-page-header")
    assert found is not None
    return found


def downloaded(project: Project, name: str) -> Path:
    """The file that the page's link gives."""
    link = header(project, name).select_one("a.download, a[download]")
    assert link is not None
    assert link.get_text() == "Download this notebook"
    return (project.build / "html" / "notebooks" / unquote(str(link["href"]))).resolve()


def test_page_has_gaps_and_outputs(built: Project) -> None:
    """Does the lab's page show stubs, the outputs of the solution, and say so?"""
    page = built.soup("html/notebooks/a lab.html").get_text()
    assert "raise NotImplementedError()" in page
    assert "YOUR ANSWER HERE" in page
    assert "double is right" in page
    assert "It has gaps for you to fill in" in header(built, "a lab").get_text()
    assert "gaps" not in header(built, "plain").get_text()


def test_download_is_the_student_version(built: Project) -> None:
    """Does a student download a lab with gaps, and a notebook without gaps as it is?"""
    lab = json.loads(downloaded(built, "a lab").read_text("utf-8"))
    assert downloaded(built, "a lab").name == "a lab.ipynb"
    assert "raise NotImplementedError()" in "".join(lab["cells"][1]["source"])
    assert lab["cells"][2]["metadata"]["nbgrader"]["grade_id"] == "check-double"
    assert [cell.get("outputs", []) for cell in lab["cells"]] == [[]] * 4
    source = built.folder / "notebooks" / "plain.ipynb"
    assert downloaded(built, "plain").read_bytes() == source.read_bytes()


def test_modules_are_offered(built: Project) -> None:
    """Does the page of a notebook that imports a module beside it offer that, and no other page?"""
    _, link = header(built, "importing").select("a.download, a[download]")
    assert link.get_text() == "Download helper.py"
    file = built.build / "html" / "notebooks" / unquote(str(link["href"]))
    assert file.read_text("utf-8") == "number = 1\n"
    assert "into the same folder" in header(built, "importing").get_text()
    assert "helper" not in header(built, "plain").get_text()


def test_nothing_rendered_tells_a_solution(built: Project) -> None:
    """Is no canary in any page, in the search index or in any other rendered file?"""
    telling = [
        path
        for path in (built.build / "html").rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in CANARIES)
    ]
    assert telling == []


def test_links_to_run_it_elsewhere(built: Project) -> None:
    """Does conf.py add links to the notebook's own place at Binder and Colab?"""
    links = {
        link.get_text(): str(link["href"]) for link in header(built, "a lab").select("a.reference")
    }
    binder = "https://binder.example/v2/gh/me/labs/HEAD?labpath=a%20lab.ipynb"
    assert links["Open in Binder"] == binder
    assert links["Open in Colab"].endswith("/blob/main/a%20lab.ipynb")


def test_no_links_unless_asked_for(make_project: Callable[[str], Project]) -> None:
    """Does a page without that setting lead nowhere else, and follow a change of the lab?"""
    project = with_notebooks(make_project("course"))
    assert project.run(decks=False) == []
    assert header(project, "a lab").select("a.external") == []
    made = cells()
    made[1]["source"] = made[1]["source"].replace("def double", "# New.\ndef double")
    lab = write_lab(project.folder / "notebooks" / "a lab.ipynb", made)
    execute([lab], project.build / "notebooks", project.folder)
    assert project.run(decks=False) == []
    assert "# New." in downloaded(project, "a lab").read_text("utf-8")


def test_link_without_a_place_for_the_path(make_project: Callable[[str], Project]) -> None:
    """Is a pattern that leads every notebook to one page told, with what to write?"""
    project = make_project("course")
    conf = project.folder / "conf.py"
    wrong = 'scorm_notebook_links = {"Open in Binder": "https://binder.example/"}\n'
    project.write("conf.py", conf.read_text("utf-8") + wrong)
    with pytest.raises(BuildError, match=r"\['Open in Binder'\] is .*has \{path\}"):
        project.run(decks=False)
