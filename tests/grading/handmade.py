"""A small assignment, submissions of it, and the files in which Moodle gives and takes them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, v4

from scorm.notebooks import student, write

NAME = "evaluation"

_GIVEN = """\
import random

WORDS = ["spark", "dask", "kubernetes", "hdfs"]


def some_numbers(seed):
    dice = random.Random(seed)
    return [dice.randrange(100) for _ in range(20)]"""

_MEAN = """\
def mean(values):
    ### BEGIN SOLUTION
    if not values:
        raise ValueError("the mean of nothing is not defined")
    return sum(values) / len(values)
    ### END SOLUTION"""

_MEAN_CHECK = """\
assert mean([2, 4]) == 3, f"the mean of 2 and 4 is 3, and yours is {mean([2, 4])}"
try:
    mean([])
except ValueError:
    pass
else:
    raise AssertionError("mean([]) must raise a ValueError: nothing has no mean")
### BEGIN HIDDEN TESTS: Try your function with more numbers than two.
secret_numbers = some_numbers(4711)
assert mean(secret_numbers) == sum(secret_numbers) / 20, f"secret {secret_numbers}"
### END HIDDEN TESTS"""

_LONGEST = """\
### BEGIN SOLUTION
longest = max(WORDS, key=len)
### END SOLUTION"""

_LONGEST_CHECK = 'assert longest == "kubernetes", f"{longest!r} is not the longest of WORDS"'

_EVEN = """\
def evens(numbers):
    ### BEGIN SOLUTION
    return [number for number in numbers if number % 2 == 0]
    ### END SOLUTION"""

_EVEN_CHECK = """\
tries = [[], [1, 2, 3, 4]]
### BEGIN HIDDEN TESTS
tries += [[-2, -1, 0], some_numbers(99)]
### END HIDDEN TESTS
right = sum(evens(numbers) == [it for it in numbers if not it % 2] for numbers in tries)
4 * right / len(tries)"""


class Shelf:
    """Makes cells with nbgrader's metadata."""

    def __init__(self) -> None:
        self.cells: list[NotebookNode] = []

    def text(self, source: str) -> None:
        self.cells.append(v4.new_markdown_cell(source, id=f"text-{len(self.cells)}"))

    def add(self, name: str, source: str, *, kind: str = "code", **said: Any) -> None:
        make = v4.new_code_cell if kind == "code" else v4.new_markdown_cell
        every: dict[str, Any] = {"grade": False, "solution": False, "locked": False, "task": False}
        every |= {"grade_id": name, "schema_version": 3}
        self.cells.append(make(source, id=name, metadata={"nbgrader": every | said}))


def assignment() -> NotebookNode:
    """The author's notebook, worth 12 points, of which a teacher gives 3."""
    shelf = Shelf()
    shelf.text("# A small evaluation")
    shelf.add("setup", _GIVEN, locked=True)
    shelf.text("## The mean")
    shelf.add("mean", _MEAN, solution=True)
    shelf.add("mean-check", _MEAN_CHECK, grade=True, locked=True, points=3)
    shelf.text("## The longest word")
    shelf.add("longest", _LONGEST, solution=True)
    shelf.add("longest-check", _LONGEST_CHECK, grade=True, locked=True, points=2)
    shelf.text("## Even numbers")
    shelf.add("evens", _EVEN, solution=True)
    shelf.add("evens-check", _EVEN_CHECK, grade=True, locked=True, points=4)
    shelf.text("## In words")
    rubric = "Rubric: 1 point for the network, 2 points for the disk."
    shelf.add("why", rubric, kind="markdown", grade=True, solution=True, points=3)
    return v4.new_notebook(cells=shelf.cells, metadata={"course": {}})


RIGHT = {
    "mean": "def mean(values):\n    if len(values) == 0:\n        raise ValueError('empty')\n"
    "    return sum(values) / len(values)",
    "longest": "longest = sorted(WORDS, key=len)[-1]",
    "evens": "def evens(numbers):\n    return [n for n in numbers if not n & 1]",
    "why": "Because the network is slower than memory.",
}


def handed_in(answers: Mapping[str, str] | None = None) -> NotebookNode:
    """A student's notebook: right answers, but for those that are given here."""
    notebook = student(assignment())
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in (found := RIGHT | dict(answers or {})):
            cell.source = found[name]
    return notebook


def untouched() -> NotebookNode:
    """The notebook as it was handed out."""
    return student(assignment())


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with this ``grade_id``."""
    return next(
        it for it in notebook.cells if it.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def as_bytes(notebook: NotebookNode) -> bytes:
    return write(notebook).encode()


def folder_of(student_name: str, number: int) -> str:
    return f"{student_name}_{number}_assignsubmission_file"


def moodle_zip(files: Mapping[str, bytes]) -> bytes:
    """The zip of 'Download all submissions'."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def old_format(notebook: NotebookNode) -> bytes:
    """The notebook in format 3, with its cells in a worksheet."""
    cells = []
    for it in notebook.cells:
        if it.cell_type == "code":
            more = {"input": it.source, "outputs": [], "language": "python", "collapsed": False}
        else:
            more = {"source": it.source}
        cells.append({"cell_type": it.cell_type, "metadata": it.metadata, **more})
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    return json.dumps(old | {"worksheets": [{"cells": cells, "metadata": {}}]}).encode()


def written(path: Path, notebook: NotebookNode) -> Path:
    path.write_bytes(as_bytes(notebook))
    return path
