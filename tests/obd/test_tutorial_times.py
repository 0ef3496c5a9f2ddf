"""The times that the Dask tutorial promises: argued from words, cells and exercises, and kept."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from nbformat import NotebookNode

from scorm.notebooks.source import read
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "instructor" / "dask-tutorial.md"
LABS = (
    "dask-task-graph",
    "dask-dataframe",
    "dask-delayed",
    "dask-distributed",
    "dask-machine-learning",
)

#: What the page says: words a minute, minutes for a cell, minutes for an exercise with its check.
WORDS, CELL, EXERCISE = 200, 1 / 3, 4


class Core(NamedTuple):
    """What a student reads, runs and writes in a lab; exercises outside of its time last."""

    words: int
    cells: int
    exercises: int
    further: int

    @property
    def minutes(self) -> float:
        """How long that takes."""
        return self.words / WORDS + self.cells * CELL + self.exercises * EXERCISE


def is_further(cell: NotebookNode) -> bool:
    """Is the cell a part of an exercise outside of the lab's time?"""
    return "further" in cell.metadata.get("tags", ()) or cell.source.startswith("**Further")


def core(notebook: NotebookNode) -> Core:
    """The lab, counted without what is marked *further*."""
    words = cells = exercises = further = 0
    for cell in notebook.cells:
        role = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown":
            text = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
            words += 0 if is_further(cell) else len(text.split())
        elif role.get("solution"):
            further += is_further(cell)
            exercises += not is_further(cell)
        elif not role:
            cells += 1
    return Core(words, cells, exercises, further)


@pytest.mark.parametrize("name", LABS)
def test_lab_fits_its_time(name: str) -> None:
    """Is a lab's time what its words, cells and exercises take, and what the page says?"""
    notebook = read(ROOT / "notebooks" / f"{name}.ipynb")
    counted = core(notebook)
    duration = notebook.metadata.course.duration
    assert abs(counted.minutes - duration) <= 3, counted
    row = [f"{counted.words:,}", counted.cells, counted.exercises, duration, counted.further]
    assert f"| {' | '.join(map(str, row))} |" in PAGE.read_text("utf-8")


def test_tutorial_fits_its_time() -> None:
    """Do all labs fit into the programme's hour and a half?"""
    labs = [read(ROOT / "notebooks" / f"{name}.ipynb") for name in LABS]
    assert sum(core(lab).minutes for lab in labs) <= 90
    assert sum(lab.metadata.course.duration for lab in labs) == 90
