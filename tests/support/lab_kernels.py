"""Execute the checks of labs in a kernel, with whatever a test puts before them."""

from __future__ import annotations

import asyncio
import copy
import symtable
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat.v4 as v4
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient import NotebookClient
from nbformat import NotebookNode

from scorm.notebooks import has_solutions, write
from scorm.notebooks.execution import CELL_SECONDS
from scorm.notebooks.java import find_java
from scorm.notebooks.kernel import Surroundings, surroundings
from scorm.notebooks.source import engine_of, read
from scorm.system.processes import end_session
from tests.conftest import ROOT


def labs() -> Iterator[Path]:
    """Every notebook of the course with something to fill in."""
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts and has_solutions(read(path)):
            yield path


def is_check(cell: NotebookNode) -> bool:
    """Does the cell say whether an exercise is solved?"""
    nbgrader = cell.metadata.get("nbgrader", {})
    return bool(cell.cell_type == "code" and nbgrader.get("grade") and not nbgrader.solution)


def checks(notebook: NotebookNode) -> dict[str, list[NotebookNode]]:
    """The outputs of each check cell, by its ``grade_id``."""
    return {
        cell.metadata.nbgrader.grade_id: cell.outputs for cell in notebook.cells if is_check(cell)
    }


#: Labs whose checks need files that other cells have written, and so all cells.
WHOLE = {"spark-streaming"}


def for_checks(notebook: NotebookNode) -> NotebookNode:
    """The notebook with its checks, and of the other cells only those that these need.

    A cell is needed where it binds a name that a later needed cell reads. One that is wrongly left
    out is noticed: its reader ends with another error than a check's.
    """
    kept: list[NotebookNode] = []
    wanted: set[str] = set()
    for cell in reversed([cell for cell in notebook.cells if cell.cell_type == "code"]):
        code = "\n".join(line for line in cell.source.splitlines() if line[:1] != "%")
        table = symtable.symtable(code, cell.id, "exec")
        bound = {
            it.get_name() for it in table.get_symbols() if it.is_assigned() or it.is_imported()
        }
        if is_check(cell) or wanted & bound:
            kept.insert(0, cell)
            wanted = (wanted | read_in(table)) - bound
    return v4.new_notebook(cells=copy.deepcopy(kept), metadata=notebook.metadata)


def read_in(table: symtable.SymbolTable) -> set[str]:
    """The global names that the code reads, its functions included."""
    is_module = table.get_type() == "module"
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (is_module or symbol.is_global())
    }
    return names.union(*(read_in(child) for child in table.get_children()))


#: What a kernel forgets between two labs; a Dask cluster ends, and a Spark session, whose JVM stays
#: warm.
FORGET = """\
for name in ("client", "cluster"):
    if hasattr(globals().get(name), "close"):
        globals()[name].close()
if "pyspark" in __import__("sys").modules:
    from pyspark.sql import SparkSession
    if SparkSession.getActiveSession():
        SparkSession.getActiveSession().stop()
%reset -f
__spec__ = None  # a process that multiprocessing starts asks the main module for it
"""


def execute_in_one_kernel(notebooks: Mapping[Path, NotebookNode], folder: Path) -> None:
    """Execute notebooks one after the other, whatever fails, and write them to the folder.

    The keys are the labs that they were made of. They share a kernel: a JVM takes longer to start
    than most of them to run.
    """
    folder.mkdir()
    engine = engine_of(read(next(iter(notebooks))))
    java = find_java() if engine == "spark" else None
    # in a thread of its own: a browser's test may have left an event loop running in this one
    modules = (ROOT / "notebooks").glob("*.py")
    with surroundings(engine, java, modules) as around, ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _execute(list(notebooks.values()), around)).result()
    for path, notebook in notebooks.items():
        (folder / path.name).write_text(write(notebook), "utf-8")


async def _execute(notebooks: list[NotebookNode], around: Surroundings) -> None:
    manager = AsyncKernelManager(kernel_name="python3")
    with around.log.open("wb") as log:
        await manager.start_kernel(
            cwd=str(around.folder), env=dict(around.environ), stdout=log, stderr=log
        )
    try:
        for notebook in notebooks:
            forget = v4.new_notebook(cells=[v4.new_code_cell(FORGET)])
            for told, allow_errors in ((forget, False), (notebook, True)):
                client = NotebookClient(
                    told, km=manager, allow_errors=allow_errors, timeout=CELL_SECONDS
                )
                await client.async_execute(cleanup_kc=False)
                client.kc.stop_channels()
    finally:
        provisioner = manager.provisioner
        assert isinstance(provisioner, LocalProvisioner)
        end_session(provisioner.pid)
        await manager.shutdown_kernel(now=True)
