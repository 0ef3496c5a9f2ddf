"""Measure how fast taxi trips are made, in how much memory, from a million rows on.

::

    .venv/bin/python benchmarks/taxi_trips.py                    # 10⁶ and 10⁷ rows
    .venv/bin/python benchmarks/taxi_trips.py --rows 1e6 1e7 1e8  # minutes; 14 GB of disk
    .venv/bin/python benchmarks/taxi_trips.py --record           # also into taxi_trips.json

For each size and format a process of its own writes files of a million rows to a temporary
folder, one after the other on one core, as each worker of a cluster does. ``seconds`` is the
clock's time and ``cpu_seconds`` the processor's, which other work on the machine changes less;
``peak_mib`` is the most memory that the process had at any time, libraries included.

The projection is computed: so many rows for each core, at the rate of the largest size by the
processor's time. It holds where nothing else is scarce: tasks tell each other nothing, so what
remains is whether the store takes the bytes as fast, which is told with it.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "taxi_trips.json"
ROWS_PER_FILE = 1_000_000
_PROJECTED_ROWS, _PROJECTED_CORES = 10**10, 100

Results = dict[str, Any]


def main() -> None:
    """Measure each size and format in a process of its own; print, and record if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=float, nargs="+", default=[1e6, 1e7])
    parser.add_argument("--record", action="store_true", help=f"write {RESULTS.name}")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(int(asked.one[0]), asked.one[1])))
        return
    runs = []
    for file_format in ("parquet", "csv"):
        for rows in sorted(map(int, asked.rows)):
            command = [sys.executable, __file__, "--one", str(rows), file_format]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
            runs.append(json.loads(done.stdout))
            print(line(runs[-1]), flush=True)
    results = described(runs)
    for projection in results["projections"]:
        print(json.dumps(projection))
    if asked.record:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
        print(f"Recorded in {RESULTS.relative_to(ROOT)}")


def measured(rows: int, file_format: str) -> Results:
    """Write so many rows, remove them, and say what that took."""
    sys.path.insert(0, str(ROOT / "notebooks"))
    import dask
    from taxi_trips import Trips

    with tempfile.TemporaryDirectory() as folder, dask.config.set(scheduler="synchronous"):
        Trips(1_000, seed=1).write(f"{folder}/first", file_format)  # what is done once
        wall, processor = time.perf_counter(), time.process_time()
        names = Trips(rows, seed=1).write(f"{folder}/trips", file_format, ROWS_PER_FILE)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        size = sum(os.path.getsize(name) for name in names)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "rows": rows,
        "format": file_format,
        "seconds": round(wall, 1),
        "cpu_seconds": round(processor, 1),
        "rows_per_second": round(rows / wall, -3),
        "rows_per_cpu_second": round(rows / processor, -3),
        "peak_mib": round(peak),
        "bytes_per_row": round(size / rows, 1),
    }


def line(run: Results) -> str:
    """A run in a line."""
    return (
        f"{run['rows']:>13,} rows {run['format']:8}{run['seconds']:8.1f} s "
        f"({run['cpu_seconds']:.1f} s of CPU){run['rows_per_second']:12,.0f} rows/s"
        f"{run['peak_mib']:6} MiB{run['bytes_per_row']:7.1f} bytes a row"
    )


def described(runs: list[Results]) -> Results:
    """The runs, with where and when they were made, and what follows for a cluster."""
    from importlib.metadata import version

    largest = {run["format"]: run for run in runs}  # sizes come in ascending order
    return {
        "date": datetime.date.today().isoformat(),
        "script": "benchmarks/taxi_trips.py",
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "versions": {name: version(name) for name in ("numpy", "pyarrow", "dask")},
        "runs": runs,
        "projections": [projected(run) for run in largest.values()],
    }


def projected(run: Results) -> Results:
    """How long ten billion rows take on a cluster of a hundred cores, if it is as fast."""
    rate = run["rows_per_cpu_second"] * _PROJECTED_CORES
    return {
        "rows": _PROJECTED_ROWS,
        "format": run["format"],
        "cores": _PROJECTED_CORES,
        "from_rows": run["rows"],
        "seconds": round(_PROJECTED_ROWS / rate),
        "files": _PROJECTED_ROWS // ROWS_PER_FILE,
        "terabytes": round(_PROJECTED_ROWS * run["bytes_per_row"] / 1e12, 2),
        "gigabytes_per_second": round(rate * run["bytes_per_row"] / 1e9, 1),
        "peak_mib_per_core": run["peak_mib"],
    }


if __name__ == "__main__":
    main()
