"""The generator of taxi trips: are they as documented, and the same wherever they are made?"""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask
import fsspec
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from distributed import Client
from matplotlib.path import Path as Outline
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from notebooks import taxi_trips
from notebooks.taxi_trips import COLUMNS, DEFECTS, LIMITS, Trips, TripsError
from tests.conftest import ROOT

MILLION = Trips(1_000_000, seed=2026)
SMALL = Trips(5_000, seed=7)
SCRIPT = ROOT / "notebooks" / "taxi_trips.py"


@pytest.fixture(scope="module")
def recorded() -> pd.DataFrame:
    """A million rows, as a student gets them."""
    return MILLION.recorded()


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    """What is wrong with each of them."""
    return MILLION.truth()


@pytest.fixture(scope="module")
def driven() -> pd.DataFrame:
    """The same rows without defects."""
    return MILLION.driven()


@pytest.fixture
def one_by_one() -> Any:
    """Tasks run in this process, one after the other."""
    with dask.config.set(scheduler="synchronous"):
        yield


# --- Defects ----------------------------------------------------------------------------------


def numbers(text: pd.Series) -> pd.Series:
    """The column's plain numbers; empty where there is none."""
    return pd.to_numeric(text, errors="coerce").astype(float)


def outside(values: pd.Series, limits: tuple[float, float]) -> pd.Series:
    """Where a value is known, and not within the limits."""
    return values.notna() & ~values.between(*limits)


def found(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """For each kind of defect the rows that have it, by rules that the documentation allows."""
    passengers, miles, fare = (numbers(rows[name]) for name in taxi_trips.TEXT)
    hours = (rows.dropoff_datetime - rows.pickup_datetime).dt.total_seconds() / 3600
    ends = ("pickup", "dropoff")
    swapped = (rows.pickup_longitude > 0) & (rows.pickup_latitude < 0)
    away = pd.Series(False, rows.index)
    for end in ends:
        for axis in ("longitude", "latitude"):
            away |= outside(rows[f"{end}_{axis}"], LIMITS[axis])
    letters = pd.Series(False, rows.index)
    for name, number in zip(taxi_trips.TEXT, (passengers, miles, fare), strict=True):
        letters |= rows[name].notna().astype(bool) & number.isna()
    return {
        "missing": rows.isna().any(axis=1),
        "impossible_coordinates": away & ~swapped,
        "swapped_coordinates": swapped,
        "impossible_passengers": outside(passengers, LIMITS["passenger_count"]),
        "negative_amounts": rows.total_amount < 0,
        "zero_length": miles == 0,
        "reversed_times": hours < 0,
        "impossible_speed": (hours > 0) & (miles / hours > LIMITS["miles_per_hour"][1]),
        "wrong_type": letters,
        "duplicate": rows.duplicated(),
    }


@pytest.fixture(scope="module")
def hits(recorded: pd.DataFrame) -> dict[str, pd.Series]:
    """What these rules find in the million rows."""
    return found(recorded)


def test_rates_within_sampling_error(truth: pd.DataFrame) -> None:
    """Has each kind of defect the share of rows that is documented, within 4.5 deviations?"""
    counts = truth.defect.value_counts()
    rows = len(truth)
    for kind, share in DEFECTS.items():
        deviation = math.sqrt(rows * share * (1 - share))
        assert abs(counts[kind] - rows * share) < 4.5 * deviation, kind
    assert set(counts.index) == {"none", *DEFECTS}
    places = truth[truth.defect == "missing"]["place"].value_counts()
    assert len(places) == 5
    assert places.min() > 0.9 * places.max()


def test_rules_find_what_the_grader_knows(hits: dict[str, pd.Series], truth: pd.DataFrame) -> None:
    """Do the documented rules find all rows of each kind, and no other: no trap, no gap?"""
    for kind, rows in hits.items():
        known = (truth.defect == kind).to_numpy(bool)
        assert (rows.to_numpy(bool) == known).all(), kind


def test_only_the_defect_differs(
    recorded: pd.DataFrame, driven: pd.DataFrame, truth: pd.DataFrame
) -> None:
    """Does a row say what was driven, but for its defect? Else the rest would give it away."""
    touched = {
        "pickup": {"pickup_longitude", "pickup_latitude"},
        "dropoff": {"dropoff_longitude", "dropoff_latitude"},
        "pickup and dropoff": {name for name in COLUMNS if name.endswith("itude")},
        "pickup_datetime and dropoff_datetime": {"pickup_datetime", "dropoff_datetime"},
        "trip_distance and dropoff": {"trip_distance", "dropoff_longitude", "dropoff_latitude"},
        "amounts": set(taxi_trips.AMOUNTS),
    }
    assert list(recorded.columns) == list(driven.columns) == list(COLUMNS)
    where = truth["place"].to_numpy(object)
    for name in COLUMNS:
        values = numbers(recorded[name]) if name in taxi_trips.TEXT else recorded[name]
        differs = ~(values.to_numpy() == driven[name].to_numpy())
        places = set(where[differs])
        assert {place for place in places if name not in touched.get(place, {place})} == set(), name


def test_repairable_defects(
    hits: dict[str, pd.Series], recorded: pd.DataFrame, driven: pd.DataFrame
) -> None:
    """Can what is only written wrongly be put right, to the last digit?"""
    rows, whole = (frame[hits["swapped_coordinates"]] for frame in (recorded, driven))
    assert (rows.pickup_latitude == whole.pickup_longitude).all()
    assert (rows.dropoff_longitude == whole.dropoff_latitude).all()
    rows, whole = (frame[hits["negative_amounts"]] for frame in (recorded, driven))
    assert (-rows.total_amount == whole.total_amount).all()
    rows, whole = (frame[hits["reversed_times"]] for frame in (recorded, driven))
    assert (rows.dropoff_datetime == whole.pickup_datetime).all()
    rows, whole = (frame[hits["wrong_type"]] for frame in (recorded, driven))
    words = dict(zip(("one", "two", "three", "four", "five", "six"), "123456", strict=True))
    for name in taxi_trips.TEXT:
        text = rows[name].replace(words).str.strip("$ mi")
        assert len(set(text)) > 4
        assert (text.astype(float) == whole[name].astype(float)).all()


def test_copies(recorded: pd.DataFrame, truth: pd.DataFrame) -> None:
    """Is each copy that of an earlier row without a defect, seldom one of the same partition?"""
    copies = truth[truth.defect == "duplicate"]
    originals = copies.trip_id.to_numpy()
    apart = copies.row.to_numpy() - originals
    assert apart.min() >= 1
    assert apart.max() <= 100_000
    assert (truth.defect.to_numpy(object)[originals] == "none").all()
    assert (
        recorded.iloc[copies.index]
        .reset_index(drop=True)
        .equals(recorded.iloc[originals].reset_index(drop=True))
    )
    part = 25_000
    assert np.mean(copies.row // part != originals // part) > 0.8


def test_every_clean_row_keeps_the_limits(driven: pd.DataFrame) -> None:
    """Is there no row without a defect that a documented limit would throw away?"""
    minutes = (driven.dropoff_datetime - driven.pickup_datetime).dt.total_seconds() / 60
    checked = {
        "longitude": pd.concat([driven.pickup_longitude, driven.dropoff_longitude]),
        "latitude": pd.concat([driven.pickup_latitude, driven.dropoff_latitude]),
        "minutes": minutes,
        "miles_per_hour": driven.trip_distance / minutes * 60,
    }
    for name, (least, most) in LIMITS.items():
        values = checked.get(name, driven.get(name))
        assert least <= values.min(), name
        assert values.max() <= most, name
    assert driven.notna().all(axis=None)


# --- The same rows ----------------------------------------------------------------------------


@pytest.mark.parametrize("rows_per_file", [1, 999, 1250, 5000, 10**9])
@pytest.mark.usefixtures("one_by_one")
def test_partitioning_changes_no_byte(tmp_path: Path, rows_per_file: int) -> None:
    """Is the text the same, however it is cut into files?"""
    trips = Trips(120 if rows_per_file == 1 else SMALL.rows, SMALL.seed)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    [one] = trips.write(whole, "csv")
    header, text = Path(one).read_text().split("\n", 1)
    names = trips.write(parts, "csv", rows_per_file)
    assert len(names) == max(1, math.ceil(trips.rows / rows_per_file))
    assert names == sorted(names) == sorted(str(path) for path in parts.iterdir())
    pieces = [Path(name).read_text().split("\n", 1) for name in names]
    assert {piece[0] for piece in pieces} == {header}
    assert "".join(piece[1] for piece in pieces) == text


@pytest.mark.parametrize("what", ["recorded", "driven", "truth"])
def test_dask_frames(what: str) -> None:
    """Has Dask's DataFrame the rows and types of pandas', whatever the partitions?"""
    whole = getattr(SMALL, what)()
    for size in (1_700, 5_000):
        frame = SMALL.to_dask(size, what)
        assert frame.npartitions == math.ceil(5_000 / size)
        assert list(frame.dtypes) == list(whole.dtypes)
        got = frame.compute(scheduler="synchronous").reset_index(drop=True)
        pd.testing.assert_frame_equal(got, whole)
    other = Trips(SMALL.rows, SMALL.seed + 1).to_dask(5_000, what)
    assert other._name != frame._name  # or Dask would take one for the other


@pytest.mark.usefixtures("one_by_one")
def test_blocks_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are rows the same when fewer of them are in memory at a time?"""
    [one] = SMALL.write(tmp_path / "a", "csv")
    monkeypatch.setattr(taxi_trips, "BLOCK", 333)
    [two] = SMALL.write(tmp_path / "b", "csv")
    assert Path(one).read_bytes() == Path(two).read_bytes()


def test_seed_changes_rows_and_defects() -> None:
    """Has another seed other trips, and other rows with defects?"""
    other = Trips(SMALL.rows, SMALL.seed + 1)
    ours, theirs = SMALL.recorded(), other.recorded()
    assert ours.equals(SMALL.recorded())
    assert (ours.pickup_latitude == theirs.pickup_latitude).mean() < 0.01
    wrong, elsewhere = (trips.truth().defect != "none" for trips in (SMALL, other))
    assert (wrong & elsewhere).sum() < 0.3 * wrong.sum()


def test_any_row_alone() -> None:
    """Can the end of a very large data set be made without its beginning?"""
    trips = Trips(10**10, seed=3)
    end = trips.recorded(10**10 - 50)
    pd.testing.assert_frame_equal(
        end, trips.recorded(10**10 - 1000).tail(50).reset_index(drop=True)
    )
    assert end.pickup_datetime.min() > pd.Timestamp("2023-12-31 23:59")


# fmt: off
KNOWN = [
    "500", "2", "2023-05-01 19:12:01", "2023-05-01 19:25:43", "5",
    "2.72", "-73.969999", "40.788049", "-73.992406", "40.764787",
    "1", "1", "16.30", "2.5", "0.5",
    "1.0", "2.5", "2.28", "25.08",
]
# fmt: on


def test_known_rows() -> None:
    """Are the rows those of yesterday? Who changes them breaks what others have written down."""
    row = Trips(1_000, seed=1).recorded(500, 501).astype(str).iloc[0]
    assert row.tolist() == KNOWN


# --- Files ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("one_by_one")
def test_csv_and_parquet_alike(tmp_path: Path) -> None:
    """Do both formats give the same table to whoever reads them, with nothing of the seed?"""
    SMALL.write(tmp_path / "csv", "csv", 2_000)
    names = SMALL.write(tmp_path / "parquet", "parquet", 2_000)
    text = dict.fromkeys(taxi_trips.TEXT, "string[pyarrow]")
    times = ["pickup_datetime", "dropoff_datetime"]
    files = sorted((tmp_path / "csv").iterdir())
    csv = pd.concat([pd.read_csv(path, dtype=text, parse_dates=times) for path in files])
    parquet = pd.concat([pd.read_parquet(name) for name in names])
    parquet = parquet.astype({**text, **dict.fromkeys(times, "datetime64[ns]")})
    pd.testing.assert_frame_equal(csv, parquet)
    pd.testing.assert_frame_equal(csv.reset_index(drop=True), SMALL.recorded())
    for name in names:
        assert set(pq.read_metadata(name).metadata) <= {b"ARROW:schema"}


@pytest.mark.parametrize("address", ["memory://taxi/trips", "file://{folder}/trips"])
@pytest.mark.usefixtures("one_by_one")
def test_any_path_of_fsspec(tmp_path: Path, address: str) -> None:
    """Are files written to whatever fsspec reaches?"""
    address = address.format(folder=tmp_path)
    names = SMALL.write(address, "csv", 3_000)
    assert len(names) == 2
    with fsspec.open_files(f"{address}/*.csv", "rt") as files:
        rows = sum(len(file.readlines()) - 1 for file in files)
    assert rows == SMALL.rows
    with pytest.raises(TripsError, match="not an empty folder"):
        SMALL.write(address, "csv")


PEAK = """\
import resource, sys, dask
from notebooks.taxi_trips import Trips
rows = int(sys.argv[1])
with dask.config.set(scheduler="synchronous"):
    Trips(rows, 1).write(sys.argv[2], sys.argv[3], rows)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_is_constant(tmp_path: Path) -> None:
    """Does a file ten times as large need no more memory?"""

    def peak(rows: int) -> int:
        command = [sys.executable, "-c", PEAK, str(rows), str(tmp_path / str(rows)), "parquet"]
        return int(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)

    assert peak(1_000_000) < 1.15 * peak(100_000)


# --- Arguments --------------------------------------------------------------------------------

#: For arguments of types that Trips does not take.
unchecked: Any = Trips


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (lambda: Trips(0), "rows is 0: give 1 or more"),
        (lambda: unchecked(1.5), "rows is 1.5: give a whole number"),
        (lambda: Trips(True), "rows is True: give a whole number"),
        (lambda: Trips(10**16), "or fewer"),
        (lambda: Trips(10, -1), "seed is -1: give 0 or more"),
        (lambda: unchecked(10, "a"), "seed is 'a': give a whole number"),
        (lambda: SMALL.recorded(10, 5), "rows 10 to 5 are asked for"),
        (lambda: SMALL.truth(0, 5_001), "there are rows 0 to 5000"),
        (lambda: SMALL.to_dask(0), "rows_per_partition is 0"),
        (lambda: SMALL.to_dask(what="clean"), "give one of recorded, driven, truth"),
        (lambda: SMALL.write("x", "json"), "give one of parquet, csv"),
        (lambda: SMALL.write("x", rows_per_file=-1), "rows_per_file is -1"),
        (lambda: SMALL.write("nowhere://x"), "'nowhere://x' cannot be used"),
        (lambda: SMALL.write(SCRIPT), "not an empty folder"),
    ],
)
def test_arguments_that_cannot_be(asked: Callable[[], object], words: str) -> None:
    """Is somebody who asks for what cannot be told so, and what to give instead?"""
    with pytest.raises(TripsError, match=words.replace("(", r"\(")):
        asked()


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a student does."""
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False
    )


def test_command(tmp_path: Path) -> None:
    """Does the command write what the module would, in other processes?"""
    done = command(
        "2e3", tmp_path / "csv", "--seed", "7", "--format", "csv", "--rows-per-file", "900"
    )
    assert done.stderr == ""
    assert done.stdout == f"2,000 rows in 3 files: {tmp_path / 'csv'}\n"
    files = sorted((tmp_path / "csv").iterdir())
    assert [path.name for path in files] == [f"part-0000{n}.csv" for n in range(3)]
    rows = pd.concat([pd.read_csv(path) for path in files])
    assert rows.trip_id.tolist() == Trips(2_000, 7).recorded().trip_id.tolist()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["0", "{folder}/a"], 1, "rows is 0: give 1 or more"),
        (["many", "{folder}/a"], 2, "invalid whole number value: 'many'"),
        (["1.5", "{folder}/a"], 2, "invalid whole number value: '1.5'"),
        (["10", "{folder}"], 1, "is not an empty folder: name another one"),
        (["10", "{folder}/full"], 1, "is not an empty folder: name another one"),
        (["10", "{folder}/full/a"], 1, "cannot be used: "),
        (["10", "nowhere://a"], 1, "cannot be used: Protocol not known: nowhere"),
        (["10", "{folder}/a", "--seed", "-4"], 1, "seed is -4: give 0 or more"),
        (["10", "{folder}/a", "--format", "xls"], 2, "invalid choice: 'xls'"),
        (["10", "{folder}/a", "--rows-per-file", "0"], 1, "rows_per_file is 0"),
        (["10"], 2, "the following arguments are required: path"),
    ],
)
def test_command_refuses(
    arguments: list[str],
    status: int,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Does the command say in a line what is wrong, write nothing, and show no traceback?"""
    (tmp_path / "full").write_text("something")
    arguments = [argument.format(folder=tmp_path) for argument in arguments]
    try:
        got = taxi_trips.main(arguments)
    except SystemExit as error:
        got = int(error.code)
    assert got == status
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert os.listdir(tmp_path) == ["full"]


@pytest.mark.engines
def test_cluster_writes(tmp_path: Path) -> None:
    """Do workers that know nothing of the module write the files, each the same as here?"""
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        address = client.scheduler.address
        done = command(
            "3000", tmp_path / "there", "--scheduler", address, "--rows-per-file", "1000"
        )
    assert (done.returncode, done.stderr) == (0, "")
    Trips(3_000).write(tmp_path / "here", rows_per_file=1_000)
    for path in (tmp_path / "here").iterdir():
        assert path.read_bytes() == (tmp_path / "there" / path.name).read_bytes()


# --- New York ---------------------------------------------------------------------------------

#: Water in the middle of rivers and bays, and the lake of Central Park, as corners on a map.
# fmt: off
WATER = {
    "Hudson": [
        (-74.024, 40.70), (-74.0185, 40.72), (-74.0145, 40.75), (-73.999, 40.78), (-73.965, 40.83),
        (-73.975, 40.83), (-74.013, 40.77), (-74.023, 40.74), (-74.030, 40.70),
    ],
    "East River": [
        (-73.995, 40.7047), (-73.985, 40.7060), (-73.974, 40.7085), (-73.969, 40.714),
        (-73.9655, 40.735), (-73.961, 40.744), (-73.9635, 40.745), (-73.9695, 40.735),
        (-73.9725, 40.7145), (-73.9755, 40.7105), (-73.985, 40.7085), (-73.995, 40.7065),
    ],
    "Upper Bay": [(-74.06, 40.65), (-74.035, 40.69), (-74.025, 40.68), (-74.04, 40.645)],
    "Reservoir": [(-73.966, 40.785), (-73.9625, 40.788), (-73.959, 40.7865), (-73.9625, 40.7835)],
}
HOLIDAYS = (
    "01-02", "01-16", "02-20", "05-29", "06-19", "07-04", "09-04", "10-09", "11-10", "11-23",
    "12-25",
)
# fmt: on


def test_on_land(driven: pd.DataFrame) -> None:
    """Does no trip begin or end in a river, a bay or the reservoir?"""
    for end in ("pickup", "dropoff"):
        places = driven[[f"{end}_longitude", f"{end}_latitude"]].to_numpy()
        for name, corners in WATER.items():
            assert not Outline(corners).contains_points(places).any(), name


def test_places(driven: pd.DataFrame) -> None:
    """Are most trips Manhattan's, some the airports', and do people go home in the evening?"""
    east, north = driven.pickup_longitude, driven.pickup_latitude
    jfk = east.between(-73.80, -73.77) & north.between(40.63, 40.66)
    laguardia = east.between(-73.89, -73.86) & north.between(40.765, 40.78)
    manhattan = east.between(-74.03, -73.93) & (north > 40.70) & (north > 40.735 + (east + 73.96))
    assert 0.85 < manhattan.mean() < 0.95
    assert 0.03 < jfk.mean() < 0.06
    assert 0.02 < laguardia.mean() < 0.05
    hour, weekday = driven.pickup_datetime.dt.hour, driven.pickup_datetime.dt.dayofweek
    uptown, later = driven.dropoff_latitude > 40.765, (hour >= 17) & (weekday < 5)
    assert uptown[later].mean() > 1.3 * uptown[(hour.between(7, 9)) & (weekday < 5)].mean()


def test_hours(driven: pd.DataFrame) -> None:
    """Are there rush hours, quiet nights, weekends that stay up late, and seasons?"""
    begin = driven.pickup_datetime
    hour, weekend = begin.dt.hour, begin.dt.dayofweek >= 5
    weekday_trips = hour[~weekend].value_counts()
    assert weekday_trips.idxmax() == 18
    assert weekday_trips[18] > 10 * weekday_trips[3]
    night = hour.isin([0, 1, 2])
    assert night[weekend].mean() > 3 * night[~weekend].mean()
    months = begin.dt.month.value_counts()
    assert months[10] > 1.1 * months[8]
    speed = driven.trip_distance / (driven.dropoff_datetime - begin).dt.total_seconds() * 3600
    speeds = speed[~weekend].groupby(hour[~weekend]).median()
    assert speeds[4] > 1.7 * speeds[17]
    own = begin[driven.trip_id == driven.index]
    assert (own.cummax() - own).max() < pd.Timedelta(days=2)  # nearly in the order of time


def test_fares(driven: pd.DataFrame) -> None:
    """Do the amounts follow the rate card?"""
    fare, extra = driven.fare_amount, driven.extra
    flat, newark = driven.rate_code == 2, driven.rate_code == 3
    assert (fare[flat] == 70).all()
    units = (fare[~flat] - 3) / 0.7
    assert np.allclose(units, units.round())
    # a fifth of a mile for each unit at least half of the time that is slow, a minute otherwise
    assert (
        fare[~flat] <= 3.7 + 3.5 * driven.trip_distance[~flat] + 0.7 * minutes(driven)[~flat]
    ).all()
    begin = driven.pickup_datetime
    hour, weekday = begin.dt.hour, begin.dt.dayofweek
    night = (hour >= 20) | (hour < 6)
    rush = hour.between(16, 19) & (weekday < 5)
    rush &= ~begin.dt.normalize().isin(pd.to_datetime([f"2023-{day}" for day in HOLIDAYS]))
    assert set(extra[flat & rush]) == {5.0}
    assert set(extra[flat & night]) == {1.0}
    assert set(extra[~flat & ~newark & rush]) == {2.5, 7.5}
    assert set(extra[~flat & ~newark & ~rush & ~night]) == {0.0, 5.0}
    assert set(extra[newark & ~rush & ~night]) == {20.0}
    assert set(driven.mta_tax[newark]) == {0.0}
    assert set(driven.congestion_surcharge[newark]) == {0.0}
    assert 0.9 < (driven.congestion_surcharge == 2.5).mean() < 0.99
    assert (driven.tip_amount[driven.payment_type == 2] == 0).all()
    total = driven[list(taxi_trips.AMOUNTS[:-1])].sum(axis=1)
    assert np.allclose(total, driven.total_amount)
    assert 17 < fare.mean() < 22
    assert 3 < driven.trip_distance.mean() < 4


def minutes(rows: pd.DataFrame) -> pd.Series:
    """How long each trip took."""
    return (rows.dropoff_datetime - rows.pickup_datetime).dt.total_seconds() / 60


def test_models_are_worth_training() -> None:
    """Does a model forecast far better than the mean, and none better than the noise allows?"""
    trips = Trips(40_000, seed=5)
    rows = trips.driven()
    begin = rows.pickup_datetime
    known = rows[[name for name in COLUMNS if name.endswith("itude")]].assign(
        miles=rows.trip_distance,
        hour=begin.dt.hour,
        weekday=begin.dt.dayofweek,
        day=begin.dt.dayofyear,
    )
    seconds = minutes(rows) * 60
    lot = np.random.default_rng(0).random(len(rows)) < 0.75
    with threadpool_limits(1):  # threads that wait for a busy machine cost more than they do
        model = HistGradientBoostingRegressor(max_iter=80, random_state=0)
        model.fit(known[lot], seconds[lot])
        forecast = model.predict(known[~lot])

    def error(told: Any) -> float:
        return float(np.sqrt(np.mean((seconds[~lot] - told) ** 2)))

    floor = error(trips.usual_seconds()[~lot])
    good, baseline = error(forecast), error(seconds[lot].mean())
    assert 190 < floor < 220
    assert floor < good < 1.35 * floor
    assert baseline > 3.5 * floor


# --- What students read -----------------------------------------------------------------------

PAGE = ROOT / "docs" / "evaluation" / "data.md"


def cells_of(page: str, heading: str) -> dict[str, list[str]]:
    """The rows of the table whose first heading this is: first cell → the others."""
    rows: dict[str, list[str]] = {}
    lines = iter(page.splitlines())
    for line in lines:
        if line.startswith(f"| {heading} |"):
            next(lines)
            break
    for line in lines:
        if not line.startswith("|"):
            break
        first, *others = (cell.strip() for cell in line.strip("|").split("|"))
        rows[first.strip("`")] = others
    return rows


def test_page_says_what_the_generator_does() -> None:
    """Does the students' page name each column, defect, share, limit and price as they are?"""
    page = PAGE.read_text("utf-8")
    assert {name: text for name, [text] in cells_of(page, "Column").items()} == COLUMNS
    defects = cells_of(page, "Defect")
    assert {name: share for name, (share, _) in defects.items()} == {
        name: f"{100 * share:.1f} %" for name, share in DEFECTS.items()
    }
    limits = [tuple(map(float, cells)) for cells in cells_of(page, "What").values()]
    assert limits == list(LIMITS.values())
    prices = [
        float(cell) for [cell] in cells_of(page.split("## What a trip costs")[1], "What").values()
    ]
    told = [*prices, *(float(price) for price in re.findall(r"\\\$(\d\.\d\d)(?= for|\.)", page))]
    assert sorted(told) == sorted(taxi_trips.RATES.values())


def test_docstring_explains_each_defect() -> None:
    """Does the module itself say of each kind what it is, in the words of the page?"""
    source = " ".join(SCRIPT.read_text("utf-8").split())
    for name, (_, seen) in cells_of(PAGE.read_text("utf-8"), "Defect").items():
        assert f"``{name}`` {seen.replace('`', '``')}" in source
