"""The labs of the course: solved, they pass their checks; untouched, they fail each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient import NotebookClient
from nbformat import NotebookNode

from scorm.notebooks import has_solutions, load_executed, student
from scorm.notebooks.execution import CELL_SECONDS
from scorm.notebooks.java import find_java
from scorm.notebooks.kernel import Surroundings, end_session, surroundings
from scorm.notebooks.source import engine_of, read
from tests.conftest import ROOT


def _labs() -> Iterator[Any]:
    """Every notebook of the course with something to fill in, marked where it needs an engine."""
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        notebook = read(path)
        if ".ipynb_checkpoints" not in path.parts and has_solutions(notebook):
            marks = [pytest.mark.engines] if engine_of(notebook) else []
            yield pytest.param(path, id=path.stem, marks=marks)


LABS = list(_labs())


def checks(notebook: NotebookNode) -> dict[str, list[NotebookNode]]:
    """The outputs of each check cell, by its ``grade_id``."""
    graded = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    return {
        cell.metadata.nbgrader.grade_id: cell.outputs
        for cell in graded
        if cell.cell_type == "code" and not cell.metadata.nbgrader.solution
    }


def executed_untouched(path: Path) -> NotebookNode:
    """The student version, executed to its end whatever fails, as the build executes notebooks."""
    notebook = student(read(path))
    java = find_java() if engine_of(notebook) == "spark" else None
    # in a thread of its own: a browser's test may have left an event loop running in this one
    with surroundings(engine_of(notebook), java) as around, ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _execute(notebook, around)).result()
    return notebook


async def _execute(notebook: NotebookNode, around: Surroundings) -> None:
    manager = AsyncKernelManager(kernel_name="python3")
    with around.log.open("wb") as log:
        await manager.start_kernel(
            cwd=str(around.folder), env=dict(around.environ), stdout=log, stderr=log
        )
    try:
        client = NotebookClient(notebook, km=manager, allow_errors=True, timeout=CELL_SECONDS)
        await client.async_execute(cleanup_kc=True)
    finally:
        provisioner = manager.provisioner
        assert isinstance(provisioner, LocalProvisioner)
        end_session(provisioner.pid)


@pytest.mark.parametrize("path", LABS)
def test_solution_passes(path: Path, notebook_cache: Path) -> None:
    """Did the solution version run to its end, and does each check say that all is right?"""
    solved = load_executed(path.read_text("utf-8"), notebook_cache)
    found = checks(solved)
    assert len(found) >= 3
    for grade_id, outputs in found.items():
        assert [output.output_type for output in outputs] == ["stream"], grade_id
        assert outputs[0].text.strip(), grade_id


@pytest.mark.parametrize("path", LABS)
def test_untouched_lab_fails_every_check(path: Path) -> None:
    """Does a student who wrote nothing read in words, at each check, what is missing?"""
    for grade_id, outputs in checks(executed_untouched(path)).items():
        errors = [output for output in outputs if output.output_type == "error"]
        assert [error.ename for error in errors] == ["AssertionError"], grade_id
        assert len(errors[0].evalue.split()) >= 4, f"{grade_id}: {errors[0].evalue!r}"
