"""The course's notebooks on real engines: on this machine, and on real clusters.

Clusters are started here, on the loopback interface, from what the packages ship: a Dask
scheduler with two workers, a Spark standalone master with a worker, a Spark Connect server.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pyspark
import pytest
from dask.utils import key_split
from distributed import Client
from nbformat import NotebookNode

from scorm.java import find_java
from scorm.notebooks import execute, executed_path, load_executed
from scorm.notebooks.kernel import CLUSTER_VARIABLES, end_session

pytestmark = pytest.mark.engines

ROOT = Path(__file__).parents[1]
DASK = ROOT / "notebooks" / "dask-task-graph.ipynb"
SPARK = ROOT / "notebooks" / "spark-word-count.ipynb"
START_SECONDS = 180  # on a machine with much else to do


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
    assert _started_here(_marked) == []


def _started_here(name: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["environ", "status"]):
        # this process's own environment, as it was at its start, has no mark
        marked = name in (process.info["environ"] or {})
        if marked and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


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


@contextmanager
def service(
    command: list[str | Path], log: Path, ready: Callable[[], object], **environ: str
) -> Iterator[None]:
    """A process in a session of its own, waited for until ``ready`` and ended for certain."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            env={**os.environ, **environ},
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield
    finally:
        end_session(process.pid)
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fetched(url: str) -> Any:
    """The JSON at a loopback address; nothing where it does not answer yet."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return json.load(answer)
    except OSError:  # refused, reset or too slow
        return None


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
                    lambda log=log: "Registered to" in log.read_text(),
                )
            )
        yield address


def test_dask_cluster_does_the_work(
    here: Path, dask_scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is the Dask notebook computed by the workers of the cluster that is named?"""
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", dask_scheduler)
    cache = tmp_path / "cache"
    with Client(dask_scheduler, set_as_default=False) as client:
        assert len(client.get_task_stream()) == 0
        execute([DASK], cache, ROOT)
        done = client.get_task_stream()
        workers = set(client.scheduler_info(n_workers=-1)["workers"])
    assert {task["worker"] for task in done} <= workers
    assert len(workers) == 2
    assert {"normal", "mean_chunk", "mean_agg", "chunk_max"} <= {
        key_split(task["key"]).removesuffix("-aggregate") for task in done
    }
    outputs = printed(DASK, cache)
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS")
    assert outputs == printed(DASK, here)


@pytest.fixture(scope="module")
def spark_environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What Spark's own scripts need to run from the Python package."""
    folder = tmp_path_factory.mktemp("spark")
    return {
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "JAVA_HOME": str(find_java()),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder),
        "SPARK_LOG_DIR": str(folder),
        "SPARK_PID_DIR": str(folder),
        "SPARK_NO_DAEMONIZE": "1",
        "PYSPARK_PYTHON": sys.executable,
    }


def spark_script(*path: str) -> Path:
    return Path(pyspark.__file__).parent.joinpath(*path)


@pytest.fixture
def spark_master(tmp_path: Path, spark_environ: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The addresses of a standalone master, for drivers and for its page, with one worker."""
    port, page = free_port(), free_port()
    address, status = f"spark://127.0.0.1:{port}", f"http://127.0.0.1:{page}/json/"
    start, package = spark_script("bin", "spark-class"), "org.apache.spark.deploy"
    host = ["--host", "127.0.0.1", "--webui-port"]
    master = [start, f"{package}.master.Master", *host, str(page), "--port", str(port)]
    worker = [start, f"{package}.worker.Worker", *host, "0", "--cores", "2", "--memory", "1g"]
    worker += ["--work-dir", tmp_path / "work", address]
    with (
        service(master, tmp_path / "master.log", lambda: fetched(status), **spark_environ),
        service(
            worker,
            tmp_path / "worker.log",
            lambda: (fetched(status) or {}).get("aliveworkers"),
            **spark_environ,
        ),
    ):
        yield address, status


def test_spark_cluster_does_the_work(
    here: Path,
    spark_master: tuple[str, str],
    spark_environ: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Is the Spark notebook an application of the master that is named, with the same results?"""
    address, status = spark_master
    monkeypatch.setenv("SPARK_MASTER", address)
    for name in ("PYSPARK_PYTHON", "SPARK_LOCAL_IP"):
        monkeypatch.setenv(name, spark_environ[name])
    cache = tmp_path / "cache"
    execute([SPARK], cache, ROOT)
    [application] = fetched(status)["completedapps"]
    assert application["name"] == "word-count"
    assert application["state"] == "FINISHED"
    assert list((tmp_path / "work" / application["id"]).iterdir()), "no executor was started"
    outputs = printed(SPARK, cache)
    monkeypatch.delenv("SPARK_MASTER")
    assert outputs == printed(SPARK, here)


@pytest.fixture
def spark_connect(tmp_path: Path, spark_environ: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The addresses of a Spark Connect server, for clients and for its page."""
    port, page = free_port(), free_port()
    settings = {
        "spark.master": "local[2]",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.ui.port": str(page),
        "spark.sql.warehouse.dir": str(tmp_path / "warehouse"),
    }
    command: list[str | Path] = [spark_script("sbin", "start-connect-server.sh")]
    for name, value in settings.items():
        command += ["--conf", f"{name}={value}"]
    log = tmp_path / "connect.log"
    with service(command, log, lambda: answers(port) and answers(page), **spark_environ):
        yield f"sc://127.0.0.1:{port}", f"http://127.0.0.1:{page}/api/v1/applications"


def test_spark_connect_does_the_work(
    here: Path,
    spark_connect: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Does the notebook reach its end without RDDs, say so, and count right on the server?"""
    address, applications = spark_connect
    monkeypatch.setenv("SPARK_REMOTE", address)
    cache = tmp_path / "cache"
    execute([SPARK], cache, ROOT)
    [server] = fetched(applications)
    jobs = fetched(f"{applications}/{server['id']}/jobs")
    assert jobs
    assert {job["status"] for job in jobs} == {"SUCCEEDED"}
    outputs = printed(SPARK, cache)
    assert outputs["reduce"] == "Skipped: this is Spark Connect, which has no RDDs.\n"
    assert outputs["dataframe-check"] == "same as Python's Counter: True\n"
    assert "Exchange hashpartitioning" in outputs["plan"]
    monkeypatch.delenv("SPARK_REMOTE")
    assert outputs["dataframe"] == printed(SPARK, here)["dataframe"]
