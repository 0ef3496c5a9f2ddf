"""Count the bytes that one question costs, from CSV and from Parquet.

::

    .venv/bin/python benchmarks/bytes_read.py

The table is a day of half-hourly meter readings, made up with a fixed seed. The question is "how
much was used from 19:00 to 20:00?". The lesson docs/bigdata/beyond-hadoop.md quotes the output,
which depends on the version of pyarrow and on nothing else.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

_DAY = datetime(2026, 1, 15)
_SLOTS = 48
_REGIONS = [
    "ARA",
    "BFC",
    "BRE",
    "COR",
    "CVL",
    "EST",
    "HDF",
    "IDF",
    "NAQ",
    "NOR",
    "OCC",
    "PAC",
    "PDL",
]
_FROM, _TO = _DAY + timedelta(hours=19), _DAY + timedelta(hours=20)


class CountingFile(io.FileIO):
    """A file that knows how many bytes were read from it, and in how many reads."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self.bytes_read = 0
        self.reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(-1 if size is None else size)
        self.bytes_read += len(data)
        self.reads += 1
        return data


def readings(meters: int) -> pa.Table:
    """A day of readings of so many meters, sorted by time: 48 rows a meter."""
    random = np.random.default_rng(2026)
    meter = np.sort(random.choice(9_000_000_000, meters, replace=False) + 10_000_000_000)
    region = random.integers(0, len(_REGIONS), meters)
    start = np.datetime64(_DAY, "s")
    slot = np.arange(_SLOTS).repeat(meters)
    return pa.table(
        {
            "time": start + slot * np.timedelta64(1800, "s"),
            "meter": np.tile(meter, _SLOTS),
            "region": pa.array(np.array(_REGIONS)[np.tile(region, _SLOTS)]),
            "voltage": np.round(random.normal(230, 3, meters * _SLOTS), 1),
            "watt_hours": random.gamma(1.2, 200, meters * _SLOTS).astype(np.int32),
        }
    )


def asked(path: Path, columns: Sequence[str] | None, *, skip: bool) -> CountingFile:
    """Read what the question needs from a Parquet file, and give back the file with its counts."""
    wanted = (pc.field("time") >= _FROM) & (pc.field("time") < _TO) if skip else None
    source = CountingFile(path)
    # Without pre_buffer, each column chunk is a read of its own, so that nothing else is counted.
    pq.read_table(source, columns=columns, filters=wanted, pre_buffer=False)
    return source


def main() -> None:
    """Write the table in three ways, ask, and print one line for each way to read."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--meters", type=int, default=100_000)
    meters = parser.parse_args().meters
    table = readings(meters)
    with tempfile.TemporaryDirectory() as folder:
        text, by_time, by_meter = (
            Path(folder) / name for name in ("a.csv", "t.parquet", "m.parquet")
        )
        pa.csv.write_csv(table, text)
        hour = 2 * meters
        pq.write_table(table, by_time, row_group_size=hour)
        pq.write_table(
            table.sort_by([("meter", "ascending"), ("time", "ascending")]),
            by_meter,
            row_group_size=hour,
        )

        print(f"{table.num_rows:,} rows, pyarrow {pa.__version__}")
        print(f"{'CSV, whole':44}{text.stat().st_size / 1e6:8.2f} MB")
        two = ["time", "watt_hours"]
        for words, path, columns, skip in [
            ("Parquet, whole", by_time, None, False),
            ("two columns", by_time, two, False),
            ("two columns, one hour, sorted by time", by_time, two, True),
            ("two columns, one hour, sorted by meter", by_meter, two, True),
        ]:
            file = asked(path, columns, skip=skip)
            print(f"{words:44}{file.bytes_read / 1e6:8.2f} MB in {file.reads} reads")
        metadata = pq.read_metadata(by_time)
        print(f"{metadata.num_row_groups} row groups, footer {metadata.serialized_size:,} bytes")
        for index in range(metadata.num_columns):
            chunks = [metadata.row_group(g).column(index) for g in range(metadata.num_row_groups)]
            size = sum(chunk.total_compressed_size for chunk in chunks)
            print(f"  {chunks[0].path_in_schema:12}{size / 1e6:8.2f} MB")


if __name__ == "__main__":
    main()
