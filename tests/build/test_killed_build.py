"""A build that is killed in the middle of a Spark notebook takes everything with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat.v4 as v4
import pytest

from tests.support.engines import START_SECONDS, started_with

pytestmark = pytest.mark.engines

BUILD = (
    "import sys; from pathlib import Path; from scorm.notebooks import execute\n"
    "path, cache, root = map(Path, sys.argv[1:]); execute([path], cache, root)"
)
LONG_JOB = """\
import pathlib, time
from pyspark.sql import SparkSession

def work(number):
    pathlib.Path({started!r}, str(number)).touch()
    time.sleep(600)

spark = SparkSession.builder.master("local[2]").getOrCreate()
spark.sparkContext.parallelize(range(2), 2).foreach(work)
"""


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_killed_build_leaves_no_process(
    tmp_path: Path, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Do kernel, JVM and Python workers end with the build, even if it could not say goodbye?

    SIGKILL leaves the build no time: its kernel sees that its parent is gone, and the JVM that
    its standard input is closed.
    """
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    monkeypatch.delenv("SPARK_MASTER", raising=False)
    started = tmp_path / "started"
    started.mkdir()
    cell = v4.new_code_cell(LONG_JOB.format(started=str(started)))
    cell.id = "long-job"
    path = tmp_path / "long.ipynb"
    course = {"engine": "spark", "session": "classic"}
    path.write_text(json.dumps(v4.new_notebook(cells=[cell], metadata={"course": course})))
    mark = f"SCORM_TEST_KILLED_{os.getpid()}_{number.name}"
    build = subprocess.Popen(
        [sys.executable, "-c", BUILD, path, tmp_path / "cache", tmp_path],
        env={**os.environ, mark: "1"},
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(lambda: len(list(started.iterdir())) == 2 or build.poll() is not None)
        programs = {Path(process.cmdline()[0]).name for process in started_with(mark)}
        assert "java" in programs
        build.send_signal(number)
        build.wait(START_SECONDS)
        _until(lambda: not started_with(mark))
    finally:
        for process in started_with(mark):
            process.kill()
        build.wait()
