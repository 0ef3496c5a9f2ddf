"""The labs of the course: solved, they pass their checks; untouched, they fail each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode

from scorm.notebooks import load_executed, student
from scorm.notebooks.source import engine_of, read
from tests.conftest import ROOT, made_once
from tests.support.lab_kernels import WHOLE, checks, execute_in_one_kernel, for_checks, labs

PATHS = list(labs())
LABS = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.engines] if engine_of(read(path)) else [])
    for path in PATHS
]


def execute_untouched(paths: list[Path], folder: Path) -> None:
    """Execute all checks of student versions, whatever fails, and write these to the folder."""
    students = {path: student(read(path)) for path in paths}
    execute_in_one_kernel(
        {
            path: notebook if path.stem in WHOLE else for_checks(notebook)
            for path, notebook in students.items()
        },
        folder,
    )


@pytest.fixture
def untouched(shared_folder: Path) -> Callable[[Path], NotebookNode]:
    """The executed checks of a lab's student version; those of one engine run together."""

    def executed(path: Path) -> NotebookNode:
        engine = engine_of(read(path))
        alike = [other for other in PATHS if engine and engine_of(read(other)) == engine] or [path]
        folder = shared_folder / f"untouched-{engine or path.stem}"
        return read(made_once(folder, lambda to: execute_untouched(alike, to)) / path.name)

    return executed


@pytest.mark.parametrize("path", LABS)
def test_solution_passes(path: Path, notebook_cache: Path) -> None:
    """Did the solution version run to its end, and does each check say that all is right?"""
    solved = load_executed(path.read_text("utf-8"), notebook_cache, ROOT / "notebooks")
    found = checks(solved)
    assert len(found) >= 3
    for grade_id, outputs in found.items():
        assert [output.output_type for output in outputs] == ["stream"], grade_id
        assert outputs[0].text.strip(), grade_id


@pytest.mark.parametrize("path", LABS)
def test_untouched_lab_fails_every_check(
    path: Path, untouched: Callable[[Path], NotebookNode]
) -> None:
    """Does a student who wrote nothing read in words, at each check, what is missing?"""
    for grade_id, outputs in checks(untouched(path)).items():
        errors = [output for output in outputs if output.output_type == "error"]
        assert [error.ename for error in errors] == ["AssertionError"], grade_id
        assert len(errors[0].evalue.split()) >= 4, f"{grade_id}: {errors[0].evalue!r}"
