"""The course's notebooks on real engines: on this machine, and on real clusters.

Clusters are started here, on the loopback interface, from what the packages ship: a Dask
scheduler with two workers, a Spark standalone master with two workers, a Spark Connect server.
The smallest notebooks show each kind of work; ``make test-all`` has the labs do it as well.
"""

from __future__ import annotations

import copy
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from dask.utils import key_split
from distributed import Client
from nbformat import NotebookNode

from scorm.notebooks import execute, executed_path, load_executed
from scorm.notebooks.kernel import CLUSTER_VARIABLES
from scorm.notebooks.source import engine_of, needs_classic, read
from tests.conftest import ROOT
from tests.support.engines import (
    answers,
    fetched,
    free_port,
    service,
    spark_connect,
    spark_environ,
    spark_standalone,
    started_with,
)

pytestmark = pytest.mark.engines

DASK = ROOT / "notebooks" / "dask-task-graph.ipynb"
DASK_ALL = [
    path for path in sorted((ROOT / "notebooks").glob("*.ipynb")) if engine_of(read(path)) == "dask"
]
SPARK = ROOT / "notebooks" / "spark-word-count.ipynb"
SPARK_ALL = [
    path
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    if engine_of(read(path)) == "spark"
]
CLASSIC = [path for path in SPARK_ALL if needs_classic(read(path))]
CONNECTED = [path for path in SPARK_ALL if path not in CLASSIC]

#: A task that each Dask notebook leaves to the cluster, even one that uses workers of its own too.
DASK_TASKS = {
    "dask-dataframe": {"mean_chunk", "max-tree"},
    "dask-delayed": {"write_day", "summary", "add"},
    "dask-distributed": {"late", "sum", "made", "sum_of_arrays"},
    "dask-machine-learning": {"step", "part of"},
    "dask-task-graph": {"normal", "mean_chunk", "mean_agg", "chunk_max"},
}

#: The word count, with RDDs and data frames, and then all that minutes are needed for.
SMALL_AND_ALL = [
    pytest.param([SPARK], id="small"),
    pytest.param(SPARK_ALL, id="all", marks=pytest.mark.thorough),
]


@pytest.fixture(autouse=True)
def _no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    for names in CLUSTER_VARIABLES.values():
        for name in names:
            monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True, scope="module")
def _marked() -> Iterator[str]:
    """A variable that every process started by this module inherits, and no other has."""
    with pytest.MonkeyPatch.context() as patch:
        name = f"SCORM_TEST_{os.getpid()}"
        patch.setenv(name, "1")
        yield name


@pytest.fixture(autouse=True)
def _nothing_left_running(_marked: str) -> Iterator[None]:
    yield
    assert started_with(_marked) == []


@pytest.fixture
def here(notebook_cache: Path) -> Path:
    """A cache with all notebooks, executed on this machine."""
    return notebook_cache


def printed(notebook: Path, cache: Path) -> dict[str, str]:
    """What each cell printed, by the cell's id."""
    executed: NotebookNode = load_executed(notebook.read_text(encoding="utf-8"), cache)
    return {
        cell.id: "".join(output.get("text", "") for output in cell.outputs)
        for cell in executed.cells
        if cell.cell_type == "code"
    }


def test_notebooks_run_on_this_machine(here: Path) -> None:
    """Does each notebook reach its end, with results that are right and nothing of the machine?"""
    counts, graph = printed(SPARK, here), printed(DASK, here)
    assert counts["check"] == counts["dataframe-check"] == "same as Python's Counter: True\n"
    assert "same as NumPy: True\n" in graph["check"]
    assert "Exchange hashpartitioning" in counts["plan"]
    for notebook in (SPARK, DASK):
        text = executed_path(notebook.read_text(encoding="utf-8"), here).read_text("utf-8")
        for leak in (str(ROOT), tempfile.gettempdir() + "/scorm", sys.prefix, '"stderr"'):
            assert leak not in text


@pytest.fixture
def dask_scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler with two workers, three processes."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address]
    worker += ["--nthreads", "1", "--no-nanny"]

    def has_registered(log: Path) -> bool:
        return "Registered to" in log.read_text()

    with ExitStack() as cluster:
        cluster.enter_context(
            service(
                [*scheduler, *here, "--port", str(port)],
                tmp_path / "scheduler.log",
                lambda: answers(port),
            )
        )
        for number in (1, 2):
            log = tmp_path / f"worker-{number}.log"
            cluster.enter_context(
                service(
                    [*worker, *here, "--local-directory", tmp_path],
                    log,
                    partial(has_registered, log),
                )
            )
        yield address


@pytest.mark.parametrize("notebook", DASK_ALL, ids=lambda path: path.stem)
def test_dask_cluster_does_the_work(
    notebook: Path,
    here: Path,
    dask_scheduler: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Is each Dask notebook computed by the workers of the cluster that is named?"""
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", dask_scheduler)
    cache = tmp_path / "cache"
    with Client(dask_scheduler, set_as_default=False) as client:
        assert len(client.get_task_stream()) == 0
        execute([notebook], cache, ROOT)
        done = client.get_task_stream()
        workers = set(client.scheduler_info(n_workers=-1)["workers"])
    assert {task["worker"] for task in done} == workers
    assert len(workers) == 2
    tasks = {key_split(task["key"]).removesuffix("-aggregate") for task in done}
    assert DASK_TASKS[notebook.stem] <= tasks
    outputs = printed(notebook, cache)
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS")
    assert unmeasured(notebook, outputs) == unmeasured(notebook, printed(notebook, here))


def unmeasured(notebook: Path, outputs: dict[str, str]) -> dict[str, str]:
    """What those cells printed that measure nothing."""
    return {
        cell.id: outputs[cell.id]
        for cell in read(notebook).cells
        if cell.id in outputs and "measures-time" not in cell.metadata.get("tags", ())
    }


@pytest.mark.parametrize("notebooks", SMALL_AND_ALL)
def test_spark_cluster_does_the_work(
    notebooks: list[Path], here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is each Spark notebook an application that both workers serve, right to its end?"""
    cache, environ = tmp_path / "cache", spark_environ(tmp_path)
    with spark_standalone(tmp_path) as cluster:
        monkeypatch.setenv("SPARK_MASTER", cluster.address)
        for name in ("PYSPARK_PYTHON", "SPARK_LOCAL_IP"):
            monkeypatch.setenv(name, environ[name])
        execute(notebooks, cache, ROOT)
        applications = fetched(cluster.status)["completedapps"]
    assert len(applications) == len(notebooks)
    for application in applications:
        assert application["state"] == "FINISHED"
        for worker in cluster.workers:
            served = worker / application["id"]
            assert served.is_dir(), f"{worker.name} did nothing for {application['name']}"
    outputs = printed(SPARK, cache)
    monkeypatch.delenv("SPARK_MASTER")  # the cache of this machine is another one
    assert outputs == printed(SPARK, here)


@pytest.mark.parametrize("notebooks", SMALL_AND_ALL)
def test_spark_connect_does_the_work(
    notebooks: list[Path], here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does each notebook that needs no classic session have the server do its jobs?"""
    cache = tmp_path / "cache"
    notebooks = [path for path in notebooks if path in CONNECTED]
    with spark_connect(tmp_path) as server:
        monkeypatch.setenv("SPARK_REMOTE", server.address)
        execute(notebooks, cache, ROOT)
        jobs = fetched(server.jobs)
    sessions = re.findall(r"_Session_([0-9a-f-]{36})_", json.dumps(jobs))
    assert len(set(sessions)) == len(notebooks)
    assert {job["status"] for job in jobs} == {"SUCCEEDED"}
    outputs = printed(SPARK, cache)
    assert outputs["reduce"] == "Skipped: this is Spark Connect, which has no RDDs.\n"
    assert outputs["dataframe-check"] == "same as Python's Counter: True\n"
    assert "Exchange hashpartitioning" in outputs["plan"]
    monkeypatch.delenv("SPARK_REMOTE")
    assert outputs["dataframe"] == printed(SPARK, here)["dataframe"]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=[pytest.mark.thorough] if number else [])
        for number, path in enumerate(CLASSIC)
    ],
)
def test_classic_notebooks_leave_spark_connect_aside(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does a notebook that uses RDDs say so to whoever names a server, and start all the same?"""
    notebook = copy.deepcopy(read(path))
    start = next(
        number
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and "getOrCreate" in cell.source
    )
    del notebook.cells[start + 1 :]
    beginning = tmp_path / path.name
    beginning.write_text(json.dumps(notebook), encoding="utf-8")
    monkeypatch.setenv("SPARK_REMOTE", "sc://127.0.0.1:1")  # nobody answers there
    execute([beginning], tmp_path / "cache", tmp_path)
    said = "".join(printed(beginning, tmp_path / "cache").values())
    assert "Spark Connect has no RDDs" in said
