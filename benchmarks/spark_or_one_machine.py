"""Compare Spark on one machine with pandas, pyarrow and Dask on the same machine.

::

    .venv/bin/python benchmarks/spark_or_one_machine.py

The question is "what did each meter use in the day?", over Parquet files made up with a fixed seed:
a tenth of the rows first, then all of them. Each engine has a process of its own, which starts it,
asks once, and asks again. Only what was measured in one run may be compared. ``CPU`` is CPU time
of the process and its children (the JVM, too): other work on the machine changes it less than the
wall time. The lesson docs/spark/introduction.md quotes the output.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil
from spark_plan import write_tables

_AGAIN = 3


def pandas_engine(readings: str) -> Callable[[], int]:
    """Read the two columns whole, then group them."""
    import pandas as pd

    return lambda: len(
        pd.read_parquet(readings, columns=["meter", "watt_hours"]).groupby("meter").sum()
    )


def pyarrow_engine(readings: str) -> Callable[[], int]:
    """The same with Arrow's own group-by, on all cores."""
    import pyarrow.dataset as ds

    def ask() -> int:
        table = ds.dataset(readings).to_table(columns=["meter", "watt_hours"])
        rows: int = table.group_by("meter").aggregate([("watt_hours", "sum")]).num_rows
        return rows

    return ask


def dask_engine(readings: str) -> Callable[[], int]:
    """Piece by piece, on Dask's threads."""
    import dask.dataframe as dd

    def ask() -> int:
        table = dd.read_parquet(readings, columns=["meter", "watt_hours"])
        return len(table.groupby("meter").sum(split_out=2).compute())

    return ask


def spark_engine(readings: str) -> Callable[[], int]:
    """Spark on two cores; the sums stay in the JVM and only their number leaves it."""
    from spark_plan import local_spark

    spark = local_spark(Path(readings).parent)
    atexit.register(spark.stop)

    def ask() -> int:
        sums = spark.read.parquet(readings).groupBy("meter").sum("watt_hours")
        # A sum over all sums: a bare count would let the optimiser drop the column.
        rows, _ = sums.selectExpr("count(*)", "sum(`sum(watt_hours)`)").first()
        return int(rows)

    return ask


_ENGINES = {
    "pandas": pandas_engine,
    "pyarrow": pyarrow_engine,
    "dask": dask_engine,
    "spark": spark_engine,
}


def _cpu_seconds() -> float:
    me = psutil.Process()
    times = [process.cpu_times() for process in (me, *me.children(recursive=True))]
    return sum(t.user + t.system for t in times)


def measured(step: Callable[[], object]) -> tuple[float, float, object]:
    """(wall seconds, CPU seconds, result) of one step."""
    wall, cpu = time.perf_counter(), _cpu_seconds()
    result = step()
    return time.perf_counter() - wall, _cpu_seconds() - cpu, result


def one(engine: str, readings: str) -> None:
    """Start an engine, ask it once and then again; print the figures as one JSON line."""
    wall, cpu, ask = measured(lambda: _ENGINES[engine](readings))
    steps = {"start": (wall, cpu)}
    wall, cpu, rows = measured(ask)  # type: ignore[arg-type]
    steps["first"] = (wall, cpu)
    again = [measured(ask)[:2] for _ in range(_AGAIN)]  # type: ignore[arg-type]
    steps["again"] = (min(w for w, _ in again), min(c for _, c in again))
    print(json.dumps({"rows": rows, **steps}))


def main() -> None:
    """Make the tables and print a line per size and engine."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--meters", type=int, default=1_000_000)
    parser.add_argument("--one", nargs=2, metavar=("ENGINE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores")
    for meters in (options.meters // 10, options.meters):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_tables(folder, meters)
            readings = folder / "readings"
            size = sum(path.stat().st_size for path in readings.iterdir())
            print(f"\n{48 * meters:,} rows, {size / 1e6:,.0f} MB of Parquet")
            print(f"{'':9}{'start':>16}{'first':>16}{'again':>16}   wall s, CPU s")
            for engine in _ENGINES:
                command = [sys.executable, __file__, "--one", engine, str(readings)]
                done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
                found = json.loads(done.stdout.splitlines()[-1])
                if found["rows"] != meters:
                    sys.exit(f"{engine} found {found['rows']:,} meters in place of {meters:,}")
                steps = "".join(
                    f"{found[s][0]:8.2f}{found[s][1]:8.2f}" for s in ("start", "first", "again")
                )
                print(f"{engine:9}{steps}", flush=True)


if __name__ == "__main__":
    main()
