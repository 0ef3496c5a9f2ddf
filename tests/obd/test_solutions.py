"""Each check of a lab judges rightly: right and wrong solutions of many kinds, with their verdicts.

A check ``check-late`` of ``notebooks/spark-dataframes.ipynb`` has its solutions in
``solutions/spark-dataframes/check-late.py``. A line ``# %% right: …`` or ``# %% wrong: … -> word``
begins each solution and says what kind it is; ``word`` must be in the check's message. The lines
below it are what a student would write in the cell before the check. They are executed one after
the other in one kernel, each followed by the check, and the author's own solution comes last,
twice: so whatever was tried before, a check gives the same verdict.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat.v4 as v4
import pytest
from nbformat import NotebookNode

from scorm.notebooks.source import engine_of, read
from tests.support.lab_kernels import (
    WHOLE,
    checks,
    execute_in_one_kernel,
    for_checks,
    is_check,
    labs,
)

FOLDER = Path(__file__).parent / "solutions"

#: Labs whose checks have no files of solutions yet; the first has a test of its own.
WITHOUT = {
    "container-by-hand",
    "cpu-gpgpu",
    "mapreduce-python",
    "spark-dataframes",
    "spark-first-rdds",
    "spark-mapreduce",
    "spark-streaming",
}

_BEGIN = re.compile(r"^# %% (?P<verdict>right|wrong): (?P<kind>.+?)(?: -> (?P<word>.+))?$", re.M)

PATHS = list(labs())
TRIED = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.engines] if engine_of(read(path)) else [])
    for path in PATHS
    if path.stem not in WITHOUT
]


class Solution(NamedTuple):
    """What a student might write; if it is wrong, ``word`` is in the message that refuses it."""

    kind: str
    code: str
    word: str | None


def solutions(path: Path) -> list[Solution]:
    """The solutions in a file."""
    text = path.read_text("utf-8")
    begins = list(_BEGIN.finditer(text))
    ends = [begin.start() for begin in begins[1:]] + [len(text)]
    found = []
    for begin, end in zip(begins, ends, strict=True):
        assert (begin["verdict"] == "wrong") == bool(begin["word"]), f"{path}: {begin[0]}"
        found.append(Solution(begin["kind"], text[begin.end() : end].strip(), begin["word"]))
    return found


def file_of(path: Path, check: str) -> Path:
    """Where the solutions for a check of a lab are."""
    return FOLDER / path.stem / f"{check}.py"


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in PATHS])
def test_every_check_has_solutions(path: Path) -> None:
    """Has each check right solutions of two kinds and four wrong ones, and no file is left over?"""
    names = set(checks(read(path)))
    lacking = {name for name in names if not file_of(path, name).is_file()}
    if path.stem in WITHOUT:
        assert lacking, f"{path.stem} has all its solutions: take it off the list WITHOUT"
        return
    assert not lacking
    for name in names:
        found = solutions(file_of(path, name))
        assert len([solution for solution in found if solution.word is None]) >= 2, name
        assert len([solution for solution in found if solution.word]) >= 4, name
    assert {file.stem for file in (FOLDER / path.stem).iterdir()} == names


def tried(path: Path) -> NotebookNode:
    """The lab with all solutions before each check, and then the author's own, twice."""
    notebook = read(path)
    notebook = notebook if path.stem in WHOLE else for_checks(notebook)
    cells: list[NotebookNode] = []
    for number, cell in enumerate(notebook.cells):
        if not is_check(cell):
            cells.append(cell)
            continue
        own = notebook.cells[number - 1]
        name = cell.metadata.nbgrader.grade_id
        found = solutions(file_of(path, name))
        again = [Solution("the author's own", own.source, None)] * 2
        for solution in [*found, *again]:
            cells.append(v4.new_code_cell(solution.code))
            check = copy.deepcopy(cell)
            check.id = f"{name}-{len(cells)}"[-64:]
            check.metadata["solution"] = [name, *solution]
            cells.append(check)
    return v4.new_notebook(cells=cells, metadata=notebook.metadata)


def misjudged(executed: NotebookNode) -> Iterator[str]:
    """What each check said of a solution that it should not have said; other cells that fail."""
    for cell in executed.cells:
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if "solution" not in cell.metadata:
            yield from (f"{cell.id}: {error.ename}: {error.evalue}" for error in errors)
            continue
        name, kind, _, word = cell.metadata["solution"]
        said = f"{errors[0].ename}: {errors[0].evalue}" if errors else "that it is right"
        if word is None and errors:
            yield f"{name}, right ({kind}): the check says {said}"
        elif word and not (errors and errors[0].ename == "AssertionError" and word in said):
            yield f"{name}, wrong ({kind}): the check says {said}, without {word!r}"


@pytest.mark.parametrize("path", TRIED)
def test_checks_judge_rightly(path: Path, tmp_path: Path) -> None:
    """Does each check accept what is right and refuse what is wrong, in words that help?"""
    folder = tmp_path / "tried"
    execute_in_one_kernel({path: tried(path)}, folder)
    assert "\n".join(misjudged(read(folder / path.name))) == ""
