"""Execute notebooks on real engines, again only when their code changes; leave nothing running."""

from __future__ import annotations

import asyncio
import copy
import os
import re
import threading
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from scorm.errors import CourseError, Fault, SetupError
from scorm.notebooks.cache import find, output_faults, store
from scorm.notebooks.imports import files
from scorm.notebooks.java import find_java
from scorm.notebooks.kernel import Surroundings, cluster_of, surroundings, sweep
from scorm.notebooks.normalise import Normaliser
from scorm.notebooks.progress import Progress, Silence
from scorm.notebooks.source import cell_name, engine_of, faults, measures_time, needs_classic, read
from scorm.system.processes import end_session, signals_raise

CELL_SECONDS = 900
"""How long one cell may take: a build must not wait for ever for a cluster that is silent."""

#: What a kernel says that cannot listen where it should, and how often it is then started.
_PORT_TAKEN = b"Address already in use"
_ATTEMPTS = 3

#: How many notebooks are executed at a time.
_TOGETHER = 2
#: How many lines of a failing cell a message shows.
_SHOWN_LINES = 4
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class NotebookResult:
    """What became of one notebook; ``seconds`` is 0 where its outputs were in the cache."""

    path: Path
    executed: bool
    seconds: float


def execute(
    notebooks: Iterable[Path],
    cache: Path,
    root: Path,
    progress: Progress | None = None,
    beside: Path | None = None,
) -> list[NotebookResult]:
    """See that the outputs of every notebook are in the cache; execute those that lack them.

    ``root`` is the project's folder. In ``beside`` lie modules that notebooks may import: each
    finds those that it imports in the folder it runs in. A notebook with a failing cell is not
    stored.
    When it is interrupted, this ends every kernel and all that the kernels have started.

    Raises :class:`~scorm.errors.CourseError` with every fault of every notebook (a failing cell,
    a picture without text alternative, a lab that is not well-formed), and
    :class:`~scorm.errors.SetupError` where Spark finds no Java or a kernel does not start.
    """
    sweep()
    paths = list(notebooks)
    if found := [fault for path in paths for fault in faults(path, root)]:
        raise CourseError(found)
    sources = {path: read(path) for path in paths}
    missing = [path for path in paths if find(sources[path], cache, beside) is None]
    runs = [
        _Run(path, path.relative_to(root).as_posix(), sources[path], beside) for path in missing
    ]
    _run_all(runs, cache, progress or Silence())
    found = [fault for run in runs for fault in run.faults]
    for path in paths:
        found += output_faults(sources[path], path.relative_to(root).as_posix(), cache, beside)
    if found:
        raise CourseError(found)
    seconds = {run.path: run.seconds for run in runs}
    return [NotebookResult(path, path in seconds, seconds.get(path, 0.0)) for path in paths]


class _StopError(Exception):
    """The build was interrupted; the kernel must not run another cell."""


class _PortTakenError(Exception):
    """Another program took one of the kernel's ports before the kernel did."""


class _Run:
    """The execution of one notebook, in a thread of its own."""

    def __init__(self, path: Path, name: str, source: NotebookNode, beside: Path | None) -> None:
        self.path = path
        self.name = name
        self.source = source
        self._beside = beside
        self.faults: list[Fault] = []
        self.seconds = 0.0
        self._session: int | None = None
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End the kernel and everything it started; callable from any thread."""
        self._stopped.set()
        if self._session is not None:
            end_session(self._session)

    def run(self, cache: Path, java_home: Path | None, progress: Progress) -> None:
        """Execute the notebook, normalise it and store it, or note the fault."""
        started = time.monotonic()
        progress.begins(self.path)
        notebook = copy.deepcopy(self.source)
        classic = needs_classic(notebook)
        modules = files(notebook, self._beside)
        with surroundings(engine_of(notebook), java_home, modules, classic=classic) as around:
            try:
                self._attempt(notebook, around, progress)
            except _StopError:
                return
            finally:
                self.stop()
            if not self.faults:
                store(Normaliser(around.machine).notebook(notebook), self.name, cache, self._beside)
        self.seconds = time.monotonic() - started
        progress.ends(self.path, self.seconds, failed=bool(self.faults))

    def _attempt(self, notebook: NotebookNode, around: Surroundings, progress: Progress) -> None:
        """Execute the cells; a kernel whose ports were taken is started again, with others."""
        for _ in range(_ATTEMPTS):
            try:
                return asyncio.run(self._execute(notebook, around, progress))
            except _PortTakenError:
                around.connection.unlink(missing_ok=True)
        raise SetupError(_unborn(self.name, around.log))

    async def _execute(
        self, notebook: NotebookNode, around: Surroundings, progress: Progress
    ) -> None:
        # no folders: a kernel the user installed under the same name must not take its place
        manager = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
            connection_file=str(around.connection),
        )
        with around.log.open("wb") as log:
            await manager.start_kernel(
                cwd=str(around.folder), env=dict(around.environ), stdout=log, stderr=log
            )
        assert isinstance(manager.provisioner, LocalProvisioner)
        self._session = manager.provisioner.pid
        current = 0
        code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]

        def starts(cell: NotebookNode, cell_index: int) -> None:
            nonlocal current
            if self._stopped.is_set():
                raise _StopError
            current = cell_index

        def executed(cell_index: int, **_: Any) -> None:
            progress.cell_done(self.path, code.index(cell_index) + 1, len(code))

        client = NotebookClient(
            notebook,
            km=manager,
            timeout=CELL_SECONDS,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            on_cell_start=starts,
            on_cell_executed=executed,
        )
        try:
            await client.async_execute(cleanup_kc=True)
        except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
            if self._stopped.is_set():
                raise _StopError from error
            # DeadKernelError is a RuntimeError, too; a plain one says that no kernel started
            if not isinstance(error, CellExecutionError | CellTimeoutError | DeadKernelError):
                if _PORT_TAKEN in around.log.read_bytes():
                    raise _PortTakenError from error
                raise SetupError(_unborn(self.name, around.log)) from error
            self.faults.append(
                Fault(self.name, None, _told(error, notebook, current), "notebook-cell")
            )


def _unborn(name: str, log: Path) -> str:
    """The message that the kernel did not start, with the last line that it wrote."""
    said = log.read_text("utf-8", errors="replace").strip().splitlines()
    last = said[-1] if said else "it said nothing"
    return f"Python's kernel for {name} does not start ({last}); see to that, then build again"


def _told(error: Exception, notebook: NotebookNode, index: int) -> str:
    """The message on what went wrong in the cell at ``index``, with the cell's first lines."""
    place, reason = cell_name(notebook, index), "took too long, more than 15 minutes"
    match error:
        case CellExecutionError():
            if line := _line(notebook.cells[index]):
                place += f", line {line}"
            reason = f"{error.ename}: {_ANSI.sub('', error.evalue).strip()}".rstrip(": ")
        case DeadKernelError():
            reason = "the kernel died; too little memory is the usual cause"
    lines = notebook.cells[index].source.splitlines()
    shown = lines[:_SHOWN_LINES] + (["…"] if len(lines) > _SHOWN_LINES else [])
    return f"{place}: {reason}\n" + "\n".join(f"    {line}" for line in shown) + "\n "


def _line(cell: NotebookNode) -> int | None:
    """The line of the cell at which it failed, taken from IPython's traceback."""
    for output in cell.outputs:
        if output.output_type == "error":
            traceback = _ANSI.sub("", "\n".join(output.traceback))
            own = re.search(r"^Cell In\[\d+\], line (\d+)", traceback, re.MULTILINE)
            return int(own[1]) if own else None
    return None


def _run_all(runs: list[_Run], cache: Path, progress: Progress) -> None:
    if not runs:
        return
    java_home = find_java() if any(_needs_java(run.source) for run in runs) else None
    alone = [run for run in runs if measures_time(run.source)]
    others = [run for run in runs if run not in alone]
    with signals_raise():
        _run_together(others, _TOGETHER, cache, java_home, progress)
        # another notebook that runs beside them would change what they measure
        _run_together(alone, 1, cache, java_home, progress)


def _run_together(
    runs: list[_Run], together: int, cache: Path, java_home: Path | None, progress: Progress
) -> None:
    """Execute ``together`` of the notebooks at a time."""
    with ThreadPoolExecutor(min(together, os.cpu_count() or 1), "notebook") as pool:
        futures = [pool.submit(run.run, cache, java_home, progress) for run in runs]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            for run in runs:
                run.stop()
        for future in futures:
            future.result()


def _needs_java(notebook: NotebookNode) -> bool:
    """Whether the notebook needs a JVM here; with Spark Connect it runs on the server's machine."""
    cluster = cluster_of("spark", os.environ, classic=needs_classic(notebook))
    return engine_of(notebook) == "spark" and cluster != "SPARK_REMOTE"
