"""Follow one Spark query from its plan to its stages and the bytes that it shuffles.

::

    .venv/bin/python benchmarks/spark_plan.py

The tables are a day of half-hourly meter readings and the region of each meter, made up with a
fixed seed. The question is "how much did each region use from 19:00 to 20:00?", joined by broadcast
and by sort-merge. The lesson docs/spark/introduction.md quotes the output: plans, stages and bytes
depend on the version of Spark; no time is measured here.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - so named everywhere

_START = np.datetime64("2026-01-15T00:00:00", "us")
_REGIONS = np.array(
    ["ARA", "BFC", "BRE", "COR", "CVL", "EST", "HDF", "IDF", "NAQ", "NOR", "OCC", "PAC", "PDL"]
)
_FILES = 4
_ARROW = "spark.sql.execution.pythonUDF.arrow.enabled"


def write_tables(folder: Path, meters: int, zone: str | None = "UTC") -> None:
    """Write ``readings`` (meter, time, watt_hours; 48 rows a meter, 4 files) and ``meters``."""
    random = np.random.default_rng(2026)
    meter = np.sort(random.choice(9_000_000_000, meters, replace=False) + 10_000_000_000)
    (folder / "readings").mkdir()
    (folder / "meters").mkdir()
    for number, slots in enumerate(np.array_split(np.arange(48), _FILES)):
        rows = len(slots) * meters
        table = pa.table(
            {
                "meter": np.tile(meter, len(slots)),
                "time": pa.array(
                    _START + slots.repeat(meters) * np.timedelta64(1800, "s"),
                    pa.timestamp("us", tz=zone),
                ),
                "watt_hours": random.gamma(1.2, 200, rows).astype(np.int32),
            }
        )
        pq.write_table(table, folder / "readings" / f"{number}.parquet", row_group_size=2 * meters)
    region = random.integers(0, len(_REGIONS), meters)
    pq.write_table(
        pa.table({"meter": meter, "region": _REGIONS[region]}), folder / "meters" / "0.parquet"
    )


def local_spark(folder: Path) -> SparkSession:
    """Spark on two cores of this machine, quietly, with its shuffle files in ``folder``."""
    spark = (
        SparkSession.builder.appName("benchmark")
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.local.dir", str(folder))
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.maxMetadataStringLength", "1000")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def query(spark: SparkSession, folder: Path) -> DataFrame:
    """What each region used from 19:00 to 20:00, the largest first."""
    readings = spark.read.parquet(str(folder / "readings"))
    meters = spark.read.parquet(str(folder / "meters"))
    evening = readings.where("time >= '2026-01-15 19:00' AND time < '2026-01-15 20:00'")
    return (
        evening.join(meters, "meter")
        .groupBy("region")
        .agg(F.sum("watt_hours").alias("used"))
        .orderBy(F.desc("used"))
    )


def plan_of(table: DataFrame) -> str:
    """The physical plan, without folders and the numbers that tell columns and exchanges apart."""
    text: str = table._jdf.queryExecution().simpleString()
    return re.sub(r"#\d+L?|, \[plan_id=\d+\]|Location: [^,]*\[[^\]]*\], ", "", text)


def stages_of(spark: SparkSession, seen: set[int]) -> list[str]:
    """A line for each stage that is not in ``seen``, which takes it in.

    Spark keeps these numbers for its UI; Python reaches them only through the JVM.
    """
    context, jvm = spark.sparkContext._jsc.sc(), spark.sparkContext._jvm
    context.listenerBus().waitUntilEmpty()
    none = jvm.java.util.ArrayList()
    quantiles = spark.sparkContext._gateway.new_array(jvm.double, 0)
    listed = context.statusStore().stageList(none, False, False, quantiles, none)
    stages = sorted((listed.apply(i) for i in range(listed.size())), key=lambda s: s.stageId())
    lines = []
    for stage in stages:
        number = stage.stageId()
        if number in seen or stage.status().toString() == "SKIPPED":
            continue
        seen.add(number)
        lines.append(
            f"stage {number:2}: {stage.numTasks()} tasks,"
            f" in {stage.inputRecords():>9,} rows {stage.inputBytes():>11,} B,"
            f" fetched {stage.shuffleReadRecords():>9,} rows {stage.shuffleReadBytes():>10,} B,"
            f" shuffled {stage.shuffleWriteRecords():>9,} rows {stage.shuffleWriteBytes():>10,} B"
        )
    return lines


def in_sql(spark: SparkSession, folder: Path) -> DataFrame:
    """The same question in SQL."""
    for name in ("readings", "meters"):
        spark.read.parquet(str(folder / name)).createOrReplaceTempView(name)
    return spark.sql(
        "SELECT region, sum(watt_hours) AS used FROM readings JOIN meters USING (meter)"
        " WHERE time >= '2026-01-15 19:00' AND time < '2026-01-15 20:00'"
        " GROUP BY region ORDER BY used DESC"
    )


def behind_a_function(spark: SparkSession, folder: Path) -> DataFrame:
    """Readings of the same hour, chosen by a Python function that the optimiser cannot see into."""
    hour = F.udf(lambda time: time.hour, "int")
    readings = spark.read.parquet(str(folder / "readings"))
    return readings.where(hour("time") == 19).groupBy().agg(F.sum("watt_hours"))


def main() -> None:
    """Make the tables, ask in two ways, print plans and stages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--meters", type=int, default=100_000)
    parser.add_argument(
        "--without-zone",
        action="store_true",
        help="store times without a time zone: the plan stays, but no row group is skipped",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder, options.meters, None if options.without_zone else "UTC")
        for part in ("readings", "meters"):
            size = sum(path.stat().st_size for path in (folder / part).iterdir())
            print(f"{part}: {size / 1e6:.2f} MB")
        with local_spark(folder) as spark:
            print(f"Spark {spark.version}")
            print("Arrow for Python functions:", spark.conf.get(_ARROW))
            plans = [plan_of(ask(spark, folder)) for ask in (query, in_sql)]
            print("SQL gives the same plan:", plans[0] == plans[1])
            print(plan_of(behind_a_function(spark, folder)))
            seen: set[int] = set()
            for threshold in ("10MB", "-1"):
                spark.conf.set("spark.sql.autoBroadcastJoinThreshold", threshold)
                print(f"\nBroadcast up to {threshold}")
                table = query(spark, folder)
                stages_of(
                    spark, seen
                )  # reading the tables' footers is a stage, and not the query's
                print(plan_of(table))
                print(*table.collect()[:3], sep="\n")
                print(*stages_of(spark, seen), sep="\n")
                print(plan_of(table).split("+- == Initial Plan ==")[0])


if __name__ == "__main__":
    main()
