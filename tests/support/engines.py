"""Start engines as processes on the loopback interface, wait for them, find them and end them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pyspark

from scorm.notebooks.java import find_java
from scorm.system.processes import end_session

START_SECONDS = 180  # on a machine with much else to do


def started_with(mark: str) -> list[psutil.Process]:
    """Living processes that inherited an environment variable of this name, which a test set.

    The process of the tests is not among them: its environment is read as it was at its start.
    """
    return [
        process
        for process in psutil.process_iter(["environ", "status"])
        if mark in (process.info["environ"] or {})
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


@contextmanager
def service(
    command: Sequence[str | Path], log: Path, ready: Callable[[], object], **environ: str
) -> Iterator[None]:
    """Start a process in a session of its own, wait until it is ``ready``, end it afterwards."""
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
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Does any process listen on this port of the loopback interface?"""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fetched(url: str) -> Any:
    """The JSON at a loopback address; ``None`` where nobody answers yet."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=START_SECONDS) as answer:
            return json.load(answer)
    except OSError:  # refused, reset or too slow
        return None


def spark_environ(folder: Path) -> dict[str, str]:
    """What Spark's own scripts need to run from the Python package, and write to ``folder``."""
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


class Cluster(NamedTuple):
    """A standalone cluster: the address for drivers, that of its status, its workers' folders."""

    address: str
    status: str
    workers: tuple[Path, ...]


@contextmanager
def spark_standalone(folder: Path) -> Iterator[Cluster]:
    """A master and two workers with one core each: three processes."""
    port, page = free_port(), free_port()
    address, status = f"spark://127.0.0.1:{port}", f"http://127.0.0.1:{page}/json/"
    start, package = str(_script("bin", "spark-class")), "org.apache.spark.deploy"
    host = ["--host", "127.0.0.1", "--webui-port"]
    master = [start, f"{package}.master.Master", *host, str(page), "--port", str(port)]
    worker = [start, f"{package}.worker.Worker", *host, "0", "--cores", "1", "--memory", "1g"]
    workers = (folder / "worker-1", folder / "worker-2")
    environ = spark_environ(folder)

    def has_joined(number: int) -> bool:
        return (fetched(status) or {}).get("aliveworkers") == number

    with ExitStack() as cluster:
        cluster.enter_context(
            service(master, folder / "master.log", lambda: fetched(status), **environ)
        )
        for number, own in enumerate(workers, 1):
            cluster.enter_context(
                service(
                    [*worker, "--work-dir", str(own), address],
                    folder / f"worker-{number}.log",
                    partial(has_joined, number),
                    **environ,
                )
            )
        yield Cluster(address, status, workers)


class Server(NamedTuple):
    """A Spark Connect server: its address for clients, and that of the list of its jobs."""

    address: str
    jobs: str


@contextmanager
def spark_connect(folder: Path) -> Iterator[Server]:
    """A Spark Connect server that does the work itself, with two threads."""
    port, page = free_port(), free_port()
    settings = {
        "spark.master": "local[2]",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.ui.port": str(page),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    command: list[str | Path] = [_script("sbin", "start-connect-server.sh")]
    for name, value in settings.items():
        command += ["--conf", f"{name}={value}"]

    applications = f"http://127.0.0.1:{page}/api/v1/applications"

    def ready() -> bool:
        return answers(port) and bool(fetched(applications))

    with service(command, folder / "connect.log", ready, **spark_environ(folder)):
        [server] = fetched(applications)
        yield Server(f"sc://127.0.0.1:{port}", f"{applications}/{server['id']}/jobs")


def _script(*path: str) -> Path:
    return Path(pyspark.__file__).parent.joinpath(*path)
