"""What pages of notebooks show of cells: formulas, pictures in a line of text, hidden code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import nbformat.v4 as v4
import pytest
from bs4 import BeautifulSoup

from scorm.errors import Fault
from scorm.notebooks.cache import store
from scorm.notebooks.source import read
from tests.sphinxext.conftest import Project

#: A picture of one pixel.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)
SYMPY = {"text/latex": r"$\displaystyle \frac{x}{2}$", "text/plain": "x/2", "image/png": PNG}
MATH = {
    "text/latex": r"$\displaystyle \sqrt{y}$",
    "text/plain": "<IPython.core.display.Math object>",
}
ODD = {"text/latex": r"$\oddity{z}$", "text/plain": "z is odd"}
OBJECT = {"text/latex": r"$\oddity{z}$", "text/plain": "<an.Object object>"}
LOGO = {"logo.png": {"image/png": PNG}}


def code(source: str, data: dict[str, str], *tags: str) -> Any:
    """A code cell with what it gives when it is executed."""
    output = v4.new_output("execute_result", data=data, execution_count=1)
    return v4.new_code_cell(source, outputs=[output], metadata={"tags": list(tags)})


def text(source: str, **more: Any) -> Any:
    """A text cell."""
    return v4.new_markdown_cell(source, **more)


NOTEBOOKS = {
    "good": [
        text("# Formulas\n\nLook: ![logo](attachment:logo.png)", attachments=LOGO),
        code("half", SYMPY),
        code("root", MATH),
        code("odd", ODD),
        text("A line.\n\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}\n\nThe end."),
        text("And ![logo](attachment:logo.png) again.", attachments=LOGO),
        code("hidden_code", {"text/plain": "seen output"}, "hide-input"),
        code("gone_code", {"text/plain": "kept output"}, "remove-input"),
        code("kept_code", {"text/plain": "gone output"}, "remove-output"),
        code("no_code", {"text/plain": "no output", "image/png": PNG}, "remove-cell"),
    ],
    "wrong": [
        text("# Wrong\n\nThis $\\nonsense{x}$ is none."),
        code("odd", OBJECT),
    ],
}


def put(project: Project, name: str, cells: list[Any]) -> None:
    """A notebook of these cells as its author commits it, and its outputs in the cache."""
    course = {"kind": "lab", "duration": 5}
    made = v4.new_notebook(cells=cells, metadata={"course": course})
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number}"
    path = project.folder / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    bare = json.loads(json.dumps(made))
    for cell in bare["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    path.write_text(json.dumps(bare, indent=1), "utf-8")
    executed = read(path)
    executed.metadata["language_info"] = {"name": "python"}
    count = 0
    for cell, with_outputs in zip(executed.cells, made.cells, strict=True):
        if cell.cell_type == "code":
            count += 1
            cell.outputs, cell.execution_count = with_outputs.outputs, count
    store(executed, name, project.build / "notebooks")


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, tiny: Project
) -> tuple[Project, list[Fault], BeautifulSoup]:
    """A course with both notebooks, what Sphinx says of it, and the page of the good one."""
    folder = tmp_path_factory.mktemp("cells") / "course"
    shutil.copytree(tiny.folder, folder, ignore=shutil.ignore_patterns("_build"))
    project = Project(folder)
    for name, cells in NOTEBOOKS.items():
        put(project, name, cells)
    index = (folder / "docs" / "index.md").read_text("utf-8")
    listed = "summary\n" + "".join(f"/notebooks/{name}\n" for name in NOTEBOOKS)
    project.write("docs/index.md", index.replace("summary\n", listed))
    return project, project.run(decks=False), project.soup("html/notebooks/good.html")


Built = tuple[Project, list[Fault], BeautifulSoup]


def test_only_the_wrong_one_has_faults(built: Built) -> None:
    """Are formulas that are none told with the notebook and the formula, and no hidden line?"""
    faults = built[1]
    assert {(fault.path, fault.line) for fault in faults} == {("notebooks/wrong.ipynb", None)}
    said = sorted(fault.message for fault in faults)
    assert len(said) == 2, said
    assert r"an output is not LaTeX" in said[0]
    assert r"$\oddity{z}$" in said[0]
    assert r"this formula is not LaTeX" in said[1]
    assert r"\nonsense{x}" in said[1]


def test_outputs_are_formulas(built: Built) -> None:
    """Is a result of SymPy a formula, and what cannot be one its text?"""
    soup = built[2]
    outputs = soup.select(".output_area")
    assert [len(output.select("math")) for output in outputs[:3]] == [1, 1, 0]
    assert outputs[0].select_one("mfrac")
    assert not outputs[0].select("img")
    assert outputs[2].get_text().strip() == "z is odd"
    assert "displaystyle" not in soup.get_text()


def test_environments_in_text_are_formulas(built: Built) -> None:
    """Does a student see two rows, and no LaTeX?"""
    soup = built[2]
    (rows,) = soup.select("math mtable")
    assert len(rows.select("mtr")) == 2
    assert "begin{" not in soup.get_text()


def test_a_picture_twice(built: Built) -> None:
    """Are both shown, with their text?"""
    pictures = built[2].select('img[alt="logo"]')
    assert len(pictures) == 2
    assert "again" in pictures[1].parent.get_text()


def test_tags_are_obeyed(built: Built) -> None:
    """Is hidden code behind a button and closed, and what is removed not there?"""
    soup = built[2]
    (hidden,) = soup.select("details")
    assert hidden.select_one("summary").get_text() == "Show the code"
    assert "hidden_code" in hidden.get_text()
    assert not hidden.has_attr("open")
    assert "seen output" not in hidden.get_text()
    page = soup.get_text()
    for word in ("seen output", "kept output", "kept_code"):
        assert word in page
    for word in ("gone_code", "gone output", "no_code", "no output"):
        assert word not in page


def test_the_download_has_everything(built: Built) -> None:
    """Does a student get the cells that the page leaves out?"""
    (link,) = built[2].select("a.download")
    path: Path = built[0].build / "html" / "notebooks" / str(link["href"])
    assert "no_code" in path.resolve().read_text("utf-8")
