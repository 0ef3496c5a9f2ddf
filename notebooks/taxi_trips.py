"""Made-up taxi trips that look like New York's, in any number, with known defects.

Nobody drove these trips: all are computed from a seed. As a command::

    python taxi_trips.py 1e6 trips --format csv --seed 7

writes a million trips of the year 2023 into the folder ``trips``, as CSV files of a million rows at
most. In Python, or in a notebook beside this file::

    from taxi_trips import Trips

    trips = Trips(1_000_000, seed=7)
    trips.recorded(0, 5)  # the first five rows, as pandas
    trips.to_dask()  # all rows, as a Dask DataFrame
    trips.write("s3://bucket/trips", rows_per_file=500_000)  # any path that fsspec knows

**The same seed and number of rows give the same rows**, however they are cut into files or
partitions, and whichever machine makes them: each random number is computed from the seed, the
number of the row and what it is for, by a mixing function. No generator has a state that one row
leaves to the next. So each piece is made alone, with 100,000 rows in memory (:data:`BLOCK`), on any
number of machines.

**What a row says** is in :data:`COLUMNS`, and **what may be wrong with it** in :data:`DEFECTS`,
with the share of rows that have it. A row has one defect at most. All other rows keep the limits
in :data:`LIMITS`. :meth:`Trips.truth` tells which row has which defect, and :meth:`Trips.driven`
what it would say without. They need the seed, which is nowhere in the data.

**Whoever grades** takes a seed that nobody can guess (``secrets.randbits(64)``) and hands out
files: the graph of :meth:`Trips.to_dask` holds the seed. The mixing function is no cryptography.
A cleaned table has each ``trip_id`` once at most; a ``trip_id`` is that of a row of
:meth:`Trips.truth` whose defect is not ``duplicate``.

**The fares** follow New York's rate card of 19 December 2022 (:data:`RATES`). There are no tolls,
no airport access fees, and no higher rate outside the city. The clock never changes to daylight
saving time. Where people go, when, and how fast are our own estimates: they look like New York, and
measure nothing there.

**How long a trip takes** depends on its distance and places, the hour and day of the week, the
season and the weather, which is the same for every seed; and on luck, which no model can forecast
(:data:`NOISE`). :meth:`Trips.usual_seconds` knows all but the luck.

This is one file so that one download is enough, and one ``client.upload_file("taxi_trips.py")``
brings it to all workers of a cluster.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import dask
import fsspec
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from dask.base import compute
from dask.delayed import delayed

if TYPE_CHECKING:
    import dask.dataframe as dd

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

BLOCK = 100_000
"""How many rows are in memory at a time while a file is written; a row group of Parquet."""

FORMATS = ("parquet", "csv")

COLUMNS = {
    "trip_id": "number of the trip; a copy of a row has the number of its original",
    "vendor_id": "who built the meter: 1 or 2",
    "pickup_datetime": "when the meter was started, local time",
    "dropoff_datetime": "when the meter was stopped, local time",
    "passenger_count": "passengers, as the driver typed it",
    "trip_distance": "miles driven, by the meter",
    "pickup_longitude": "where the meter was started, degrees east (New York has negative ones)",
    "pickup_latitude": "where the meter was started, degrees north",
    "dropoff_longitude": "where the meter was stopped, degrees east",
    "dropoff_latitude": "where the meter was stopped, degrees north",
    "rate_code": "1 standard, 2 between Manhattan and JFK (flat fare), 3 Newark",
    "payment_type": "1 card, 2 cash",
    "fare_amount": "dollars for time and distance, or the flat fare",
    "extra": "dollars of surcharges: rush hour, night, LaGuardia, Newark",
    "mta_tax": "dollars of tax on trips that end in the state",
    "improvement_surcharge": "dollars that pay for accessible taxis",
    "congestion_surcharge": "dollars for trips that begin or end in Manhattan below 96th Street",
    "tip_amount": "dollars of tip paid by card; tips in cash are not recorded",
    "total_amount": "dollars, the sum of the six amounts before",
}
"""Each column and what it says."""

AMOUNTS = (
    "fare_amount",
    "extra",
    "mta_tax",
    "improvement_surcharge",
    "congestion_surcharge",
    "tip_amount",
    "total_amount",
)

_CENTS = pa.decimal128(12, 2)

TEXT = ("passenger_count", "trip_distance", "fare_amount")
"""Columns in which letters may stand: text in Parquet, too, as in CSV every column is."""

DEFECTS = {
    "missing": 0.020,
    "impossible_coordinates": 0.015,
    "swapped_coordinates": 0.005,
    "impossible_passengers": 0.010,
    "negative_amounts": 0.005,
    "zero_length": 0.008,
    "reversed_times": 0.004,
    "impossible_speed": 0.004,
    "wrong_type": 0.005,
    "duplicate": 0.010,
}
"""Each kind of defect, and the share of rows that have it.

``missing``
    one thing is empty: the passengers, both coordinates of one end, the drop-off time, or the fare
``impossible_coordinates``
    one end lies at 0, 0, far out in the sea, or (its longitude has lost its sign) in Asia
``swapped_coordinates``
    longitude and latitude are exchanged, at both ends
``impossible_passengers``
    0 passengers (in 7 of 10), or 208
``negative_amounts``
    all amounts have the wrong sign
``zero_length``
    0 miles, and the drop-off is where the pick-up was
``reversed_times``
    the drop-off is before the pick-up: the two times are exchanged
``impossible_speed``
    the drop-off is so early that the taxi must have driven 120 to 600 miles an hour
``wrong_type``
    a number is written with letters or signs: ``two``, ``1.9 mi``, ``$12.80``
``duplicate``
    the row is a copy of one of the 100,000 rows before it, which has no defect
"""

LIMITS = {
    "longitude": (-74.30, -73.70),
    "latitude": (40.50, 40.92),
    "passenger_count": (1, 6),
    "trip_distance": (0.3, 60.0),
    "minutes": (1.0, 240.0),
    "miles_per_hour": (0.3, 60.0),
    "fare_amount": (3.0, 300.0),
}
"""What every row without a defect keeps to: the lowest and the highest value."""

RATES = {
    "initial": 3.00,
    "unit": 0.70,
    "night": 1.00,
    "rush": 2.50,
    "jfk": 70.00,
    "jfk_rush": 5.00,
    "laguardia": 5.00,
    "newark": 20.00,
    "improvement": 1.00,
    "mta_tax": 0.50,
    "congestion": 2.50,
}
"""Dollars: New York City, Taxi and Limousine Commission, rule "Taximeter Rate of Fare and Various
Surcharges", in force since 19 December 2022
(https://rules.cityofnewyork.us/rule/taximeter-rate-of-fare-and-various-surcharges/). A unit is a
fifth of a mile above 12 miles an hour, or a minute below. Night is from 20:00 to 6:00, rush
hours from 16:00 to 20:00 on weekdays that are no legal holidays. The congestion surcharge
is the State's, for trips that begin and end in it
(https://portal.311.nyc.gov/article/?kanumber=KA-03191), and so is the tax.
"""


class TripsError(ValueError):
    """An argument that cannot be used; the message says what to give instead."""


# --- Random numbers --------------------------------------------------------------------------

# fmt: off
_STREAMS = (
    "defect", "variant", "amount", "source", "order", "pair",
    "pickup_x", "pickup_y", "pickup_street", "dropoff_x", "dropoff_y", "dropoff_street",
    "route_a", "route_b", "passengers", "vendor", "payment", "tip",
)
# fmt: on
_GOLDEN, _MIX_1, _MIX_2 = (
    np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)


@cache
def _keys(seed: int) -> dict[str, np.uint64]:
    """For each use of random numbers a key of its own."""
    state = np.random.SeedSequence(seed).generate_state(len(_STREAMS), np.uint64)
    return dict(zip(_STREAMS, state, strict=True))


class _Random:
    """Uniform random numbers of some rows, each a function of seed, row and use alone.

    The mixing function is that of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
    number generators", OOPSLA 2014).
    """

    def __init__(self, rows: Ints, seed: int) -> None:
        self._base = rows.astype(np.uint64) * _GOLDEN
        self._keys = _keys(seed)

    def __call__(self, use: str) -> Floats:
        """Numbers from 0 to below 1, the same ones at each call for the same use."""
        x = self._base + self._keys[use]
        x ^= x >> np.uint64(30)
        x *= _MIX_1
        x ^= x >> np.uint64(27)
        x *= _MIX_2
        x ^= x >> np.uint64(31)
        return (x >> np.uint64(11)).astype(np.float64) * 2.0**-53


# --- The city --------------------------------------------------------------------------------

_MILE_NORTH = 1 / 69.0  # degrees of latitude in a mile
_MILE_EAST = 1 / 52.4  # degrees of longitude in a mile, at New York
_GRID = math.radians(29)  # how far east of north Manhattan's avenues run
_CORNER = (-73.98097, 40.75353)  # of Fifth Avenue and 42nd Street

_MANHATTAN, _QUEENS, _BROOKLYN, _BRONX, _STATEN_ISLAND, _JERSEY = range(6)


class _Zone(NamedTuple):
    """A rectangle on land: its centre, its size in miles along and across its avenues.

    ``slow`` is how slow traffic is, 1 on average. ``office``, ``home``, ``leisure`` and ``travel``
    say how many trips begin or end there for these reasons.
    """

    name: str
    borough: int
    longitude: float
    latitude: float
    length: float
    width: float
    degrees: float
    slow: float
    office: float
    home: float
    leisure: float
    travel: float


def _blocks(
    name: str, streets: tuple[int, int], miles: tuple[float, float], *shares: float
) -> _Zone:
    """A zone of Manhattan, between two numbered streets and so many miles east of Fifth Avenue."""
    street, east = sum(streets) / 2 - 42, sum(miles) / 2
    return _Zone(
        name,
        _MANHATTAN,
        _CORNER[0] + 0.000464 * street + 0.0167 * east,
        _CORNER[1] + 0.000638 * street - 0.00703 * east,
        (streets[1] - streets[0]) / 20,
        miles[1] - miles[0],
        29,
        *shares,
    )


# fmt: off
_ZONES = (
    _Zone("Battery Park", _MANHATTAN, -74.0140, 40.7088, 0.65, 0.22, 15, 1.0, 4, 3, 4, 1),
    _Zone("Financial District", _MANHATTAN, -74.0088, 40.7083, 0.55, 0.45, 30, 1.1, 9, 2, 4, 1),
    _Zone("Tribeca", _MANHATTAN, -74.0075, 40.7180, 0.6, 0.5, 20, 1.1, 4, 3, 4, 0),
    _Zone("Chinatown", _MANHATTAN, -73.9990, 40.7150, 0.5, 0.45, 25, 1.15, 2, 2, 4, 0),
    _Zone("SoHo", _MANHATTAN, -74.0005, 40.7235, 0.6, 0.75, 29, 1.2, 4, 3, 8, 0),
    _Zone("Lower East Side", _MANHATTAN, -73.9858, 40.7165, 0.65, 0.8, 20, 1.05, 1, 4, 6, 0),
    _Zone("West Village", _MANHATTAN, -74.0045, 40.7340, 0.75, 0.45, 20, 1.05, 2, 5, 8, 0),
    _Zone("Greenwich Village", _MANHATTAN, -73.9965, 40.7310, 0.6, 0.5, 29, 1.1, 3, 4, 8, 0),
    _blocks("East Village", (0, 14), (0.25, 1.05), 1.0, 1, 6, 9, 0),
    _blocks("Chelsea", (14, 30), (-0.9, -0.14), 1.1, 6, 7, 8, 0),
    _blocks("Gramercy", (14, 30), (-0.14, 0.6), 1.1, 8, 8, 7, 0),
    _blocks("Penn Station", (30, 42), (-0.5, -0.1), 1.3, 8, 2, 5, 9),
    _blocks("Clinton", (30, 59), (-1.0, -0.5), 1.05, 3, 6, 5, 3),
    _blocks("Murray Hill", (30, 42), (-0.1, 0.62), 1.2, 7, 7, 4, 7),
    _blocks("Times Square", (42, 59), (-0.5, -0.1), 1.35, 9, 3, 10, 2),
    _blocks("Midtown Center", (42, 59), (-0.1, 0.2), 1.35, 14, 2, 6, 1),
    _blocks("Midtown East", (42, 59), (0.2, 0.66), 1.25, 9, 6, 4, 0),
    _blocks("Lincoln Square", (59, 72), (-0.88, -0.48), 1.05, 3, 7, 5, 0),
    _blocks("Upper West Side South", (72, 87), (-0.84, -0.48), 0.95, 2, 9, 4, 0),
    _blocks("Upper West Side North", (87, 107), (-0.8, -0.48), 0.9, 1, 7, 2, 0),
    _blocks("Upper East Side South", (59, 78), (0.02, 0.72), 1.05, 5, 16, 6, 0),
    _blocks("Upper East Side North", (78, 97), (0.02, 0.75), 0.95, 3, 15, 4, 0),
    _blocks("East Harlem", (97, 123), (0.02, 0.55), 0.85, 1, 4, 1, 0),
    _blocks("Morningside Heights", (107, 126), (-0.74, -0.38), 0.85, 1, 3, 1, 0),
    _blocks("Central Harlem", (111, 142), (-0.36, 0.05), 0.85, 0.6, 3, 1, 0.3),
    _blocks("Hamilton Heights", (126, 155), (-0.72, -0.36), 0.85, 0.3, 1.5, 0.4, 0),
    _Zone("Washington Heights", _MANHATTAN, -73.9385, 40.8440, 1.3, 0.5, 27, 0.8, 0.4, 1.4, 0.3, 0),
    _Zone("LaGuardia", _QUEENS, -73.8722, 40.7733, 0.12, 0.6, 20, 0.8, 0, 0, 0, 32),
    _Zone("JFK", _QUEENS, -73.7850, 40.6450, 0.6, 0.8, 0, 0.75, 0, 0, 0, 42),
    _Zone("Long Island City", _QUEENS, -73.9385, 40.7500, 1.1, 0.7, 30, 0.85, 0.6, 1.6, 0.8, 0),
    _Zone("Astoria", _QUEENS, -73.9180, 40.7650, 1.9, 1.3, 35, 0.8, 0.2, 1.8, 0.8, 0),
    _Zone("Sunnyside", _QUEENS, -73.9120, 40.7440, 1.1, 1.8, 10, 0.8, 0.2, 1.2, 0.4, 0),
    _Zone("Jackson Heights", _QUEENS, -73.8800, 40.7470, 1.8, 2.2, 10, 0.8, 0.1, 1.0, 0.3, 0),
    _Zone("Ridgewood", _QUEENS, -73.8980, 40.7120, 1.6, 1.8, 30, 0.8, 0, 0.8, 0.2, 0),
    _Zone("Forest Hills", _QUEENS, -73.8540, 40.7240, 1.7, 2.2, 30, 0.75, 0.1, 0.9, 0.2, 0),
    _Zone("Ozone Park", _QUEENS, -73.8380, 40.6850, 1.5, 2.2, 0, 0.75, 0, 0.4, 0.1, 0),
    _Zone("Flushing", _QUEENS, -73.8220, 40.7580, 2.4, 2.0, 0, 0.8, 0.1, 0.5, 0.2, 0),
    _Zone("Bayside", _QUEENS, -73.7750, 40.7550, 2.6, 1.6, 0, 0.75, 0, 0.25, 0.05, 0),
    _Zone("Jamaica", _QUEENS, -73.7850, 40.7050, 2.4, 3.0, 30, 0.75, 0.1, 0.6, 0.1, 0.4),
    _Zone("Greenpoint", _BROOKLYN, -73.9500, 40.7265, 0.9, 0.7, 0, 0.85, 0.1, 1.0, 0.8, 0),
    _Zone("Williamsburg", _BROOKLYN, -73.9530, 40.7120, 1.5, 1.1, 35, 0.85, 0.2, 2.4, 2.6, 0),
    _Zone("Brooklyn Heights", _BROOKLYN, -73.9850, 40.6900, 1.2, 1.2, 25, 0.95, 1.2, 2.6, 1.2, 0),
    _Zone("Park Slope", _BROOKLYN, -73.9830, 40.6730, 1.8, 1.3, 40, 0.85, 0.2, 2.4, 0.9, 0),
    _Zone("Bedford-Stuyvesant", _BROOKLYN, -73.9420, 40.6880, 1.9, 2.4, 10, 0.8, 0.1, 2.2, 0.8, 0),
    _Zone("Bushwick", _BROOKLYN, -73.9180, 40.6950, 1.8, 1.8, 35, 0.8, 0, 1.4, 0.9, 0),
    _Zone("Crown Heights", _BROOKLYN, -73.9480, 40.6620, 2.0, 2.4, 0, 0.8, 0.1, 1.4, 0.4, 0),
    _Zone("Flatbush", _BROOKLYN, -73.9580, 40.6300, 3.2, 3.0, 0, 0.75, 0, 1.2, 0.2, 0),
    _Zone("Bensonhurst", _BROOKLYN, -73.9950, 40.6120, 2.2, 2.4, 40, 0.75, 0, 0.6, 0.1, 0),
    _Zone("Sunset Park", _BROOKLYN, -74.0100, 40.6430, 2.4, 1.4, 38, 0.8, 0.1, 0.8, 0.2, 0),
    _Zone("East New York", _BROOKLYN, -73.8980, 40.6670, 2.0, 2.4, 0, 0.75, 0, 0.5, 0.1, 0),
    _Zone("Mott Haven", _BRONX, -73.9150, 40.8180, 1.6, 1.6, 20, 0.8, 0.2, 0.8, 0.2, 0),
    _Zone("Fordham", _BRONX, -73.8960, 40.8560, 3.0, 2.0, 20, 0.75, 0.1, 0.8, 0.1, 0),
    _Zone("Parkchester", _BRONX, -73.8600, 40.8400, 1.8, 2.0, 10, 0.75, 0, 0.3, 0.1, 0),
    _Zone("Williamsbridge", _BRONX, -73.8550, 40.8750, 2.0, 2.2, 20, 0.75, 0, 0.2, 0, 0),
    _Zone("St. George", _STATEN_ISLAND, -74.0920, 40.6230, 1.8, 1.5, 20, 0.7, 0, 0.06, 0, 0),
    _Zone("Newark Airport", _JERSEY, -74.1790, 40.6900, 0.5, 0.25, 30, 0.75, 0, 0, 0, 2.4),
)
# fmt: on
_NAMES = [zone.name for zone in _ZONES]
_LAGUARDIA, _JFK, _NEWARK = (_NAMES.index(name) for name in ("LaGuardia", "JFK", "Newark Airport"))

#: For each part of the week, why trips begin and why they end: office, home, leisure, travel.
_NIGHT, _MORNING, _MIDDAY, _EVENING, _WEEKEND, _WEEKEND_NIGHT = range(6)
_REASONS = np.array(
    [
        [[0.15, 0.12, 0.60, 0.13], [0.06, 0.70, 0.18, 0.06]],
        [[0.15, 0.65, 0.08, 0.12], [0.70, 0.10, 0.08, 0.12]],
        [[0.40, 0.25, 0.23, 0.12], [0.38, 0.27, 0.25, 0.10]],
        [[0.42, 0.13, 0.33, 0.12], [0.08, 0.50, 0.34, 0.08]],
        [[0.15, 0.38, 0.37, 0.10], [0.12, 0.36, 0.42, 0.10]],
        [[0.05, 0.15, 0.72, 0.08], [0.04, 0.58, 0.34, 0.04]],
    ]
)


class _City(NamedTuple):
    """The zones as arrays, and the chance of each pair of them in each part of the week.

    Each row of ``chances`` counts up from the number of the part of the week to the next one.
    """

    longitude: Floats
    latitude: Floats
    length: Floats
    width: Floats
    sine: Floats
    cosine: Floats
    slow: Floats
    borough: Ints
    chances: Floats


@cache
def _city() -> _City:
    def column(name: str) -> Floats:
        return np.array([float(getattr(zone, name)) for zone in _ZONES])

    angle = np.radians(column("degrees"))
    longitude, latitude = column("longitude"), column("latitude")
    shares = np.column_stack([column(word) for word in ("office", "home", "leisure", "travel")])
    shares /= shares.sum(axis=0)
    apart = _by_road(longitude[:, None], latitude[:, None], longitude, latitude)
    nearness = np.exp(-apart / 1.7) + 0.02
    far = np.isin(np.arange(len(_ZONES)), (_LAGUARDIA, _JFK, _NEWARK))
    nearness[far] = nearness[:, far] = 0.25  # people fly from every part of the city
    nearness[np.ix_(far, far)] = 0.004
    chances = np.empty((len(_REASONS), len(_ZONES) ** 2))
    for part, (begin, end) in enumerate(_REASONS):
        pairs = np.outer(shares @ begin, shares @ end) * nearness
        pairs[_NEWARK] = 0  # New York's taxis take nobody up in New Jersey
        chances[part] = part + np.cumsum(pairs) / pairs.sum()
        chances[part, -1] = part + 1
    return _City(
        longitude,
        latitude,
        column("length"),
        column("width"),
        np.sin(angle),
        np.cos(angle),
        column("slow"),
        column("borough").astype(np.int64),
        chances.ravel(),
    )


def _by_road(
    longitude: Floats, latitude: Floats, to_longitude: Floats, to_latitude: Floats
) -> Floats:
    """Miles between two places along streets that run as Manhattan's do."""
    east = (to_longitude - longitude) / _MILE_EAST
    north = (to_latitude - latitude) / _MILE_NORTH
    across = np.abs(east * math.cos(_GRID) - north * math.sin(_GRID))
    return np.abs(_uptown(east, north)) + across


def _uptown(east: Floats, north: Floats) -> Floats:
    """How many miles one comes along the avenues."""
    return north * math.cos(_GRID) + east * math.sin(_GRID)


def _in_core(longitude: Floats, latitude: Floats) -> npt.NDArray[np.bool_]:
    """Whether places of Manhattan lie south of 96th Street: 54 streets, 20 of which are a mile."""
    east, north = (longitude - _CORNER[0]) / _MILE_EAST, (latitude - _CORNER[1]) / _MILE_NORTH
    return _uptown(east, north) < 54 / 20


# --- The year --------------------------------------------------------------------------------

_START = np.datetime64("2023-01-01T00:00:00", "s")  # a Sunday
_HOURS = 365 * 24
# fmt: off
#: Legal holidays that fall on a weekday.
_HOLIDAYS = np.array([
    "2023-01-02", "2023-01-16", "2023-02-20", "2023-05-29", "2023-06-19", "2023-07-04",
    "2023-09-04", "2023-10-09", "2023-11-10", "2023-11-23", "2023-12-25",
], "datetime64[D]")
#: Trips in each hour, of weekdays, Saturdays and Sundays.
_WEEKDAY = [
    9, 5, 3, 2, 3, 6, 15, 29, 37, 38, 37, 39, 41, 42, 45, 47, 47, 53, 57, 51, 45, 42, 34, 20,
]
_SATURDAY = [
    32, 26, 20, 14, 7, 4, 6, 9, 15, 24, 32, 38, 42, 44, 45, 46, 47, 50, 53, 51, 47, 47, 48, 44,
]
_SUNDAY = [
    41, 36, 28, 19, 11, 6, 6, 8, 12, 20, 30, 38, 43, 44, 44, 43, 42, 42, 41, 36, 31, 27, 21, 14,
]
#: How busy each day of the week is, from Monday on, and the middle of each month.
_DAYS = [0.93, 0.99, 1.02, 1.05, 1.03, 1.02, 0.97]
_MONTHS = [0.93, 0.96, 1.03, 1.05, 1.08, 1.06, 0.92, 0.88, 0.95, 1.10, 1.04, 1.0]
#: Minutes for a mile of city streets, in each hour of weekdays and of weekends.
_WEEKDAY_PACE = [
    3.9, 3.6, 3.4, 3.2, 3.1, 3.3, 4.0, 5.0, 6.0, 6.3, 6.3, 6.5,
    6.7, 6.7, 6.9, 7.1, 7.2, 7.3, 6.9, 6.0, 5.3, 4.9, 4.6, 4.3,
]
_WEEKEND_PACE = [
    4.6, 4.6, 4.4, 4.1, 3.7, 3.3, 3.2, 3.4, 3.8, 4.3, 4.8, 5.2,
    5.5, 5.7, 5.8, 5.8, 5.8, 5.8, 5.7, 5.4, 5.1, 4.9, 4.8, 4.7,
]
# fmt: on


class _Year(NamedTuple):
    """Each hour of the year: trips up to it, its part of the week, its pace and surcharges."""

    trips: Floats
    part: Ints
    pace: Floats
    weather: Floats
    rush: npt.NDArray[np.bool_]
    night: npt.NDArray[np.bool_]


@cache
def _year() -> _Year:
    hours = np.arange(_HOURS)
    hour, weekday = hours % 24, (hours // 24 + 6) % 7  # Monday is 0
    days = (_START + hours * 3600).astype("datetime64[D]")
    month = days.astype("datetime64[M]").astype(int) % 12
    holiday = np.isin(days, _HOLIDAYS)
    busy = np.array([_WEEKDAY] * 5 + [_SATURDAY, _SUNDAY], float)[weekday, hour]
    season = np.interp(hours, (np.arange(12) + 0.5) / 12 * _HOURS, _MONTHS)
    busy *= np.array(_DAYS)[weekday] * season * np.where(holiday, 0.7, 1)
    weekend = (weekday >= 5) | holiday
    late = (hour >= 20) | (hour < 6)
    part = np.select(
        [
            ((weekday == 4) & (hour >= 22))
            | ((weekday == 5) & late)
            | ((weekday == 6) & (hour < 6)),
            weekend,
            (hour >= 22) | (hour < 6),
            hour < 10,
            hour < 16,
        ],
        [_WEEKEND_NIGHT, _WEEKEND, _NIGHT, _MORNING, _MIDDAY],
        _EVENING,
    )
    pace = np.where(weekend, np.array(_WEEKEND_PACE)[hour], np.array(_WEEKDAY_PACE)[hour])
    pace *= 1 + 0.04 * (weekday == 4) + 0.06 * (month == 11) - 0.05 * np.isin(month, (6, 7))
    rush = (weekday < 5) & ~holiday & (hour >= 16) & (hour < 20)
    trips = np.concatenate([[0.0], np.cumsum(busy)])
    return _Year(trips / trips[-1], part, pace, _weather()[hours // 24], rush, late)


def _weather() -> Floats:
    """How much longer trips take on each day: rain on one day in five, the same for every seed.

    So a model that has learned the days of one seed is right on those of another.
    """
    lot = np.random.default_rng(2023).random((365, 2))
    return np.where(lot[:, 0] < 0.22, 1.1 + 0.25 * lot[:, 1], 0.97 + 0.05 * lot[:, 1])


# --- Trips without defects ----------------------------------------------------------------------

#: Deviation of the logarithm of how long a trip takes from what is usual then and there.
NOISE = 0.16
_ROUTES = 0.05  # the same of how long the route is


class _Trip(NamedTuple):
    """Trips as they were driven, as arrays; ``usual`` is how many seconds they take on average."""

    columns: dict[str, npt.NDArray[Any]]
    usual: Floats


def _driven(rows: Ints, total: int, seed: int) -> _Trip:
    """The trips of these rows of ``total``, before anything is recorded wrongly."""
    city, year, random = _city(), _year(), _Random(rows, seed)
    hours = np.interp(_position(rows, total, random), year.trips, np.arange(_HOURS + 1))
    hour = np.minimum(hours.astype(np.int64), _HOURS - 1)
    pair = np.searchsorted(city.chances, year.part[hour] + random("pair"), side="right")
    begin, end = np.divmod(pair % len(_ZONES) ** 2, len(_ZONES))
    from_longitude, from_latitude = _place(city, begin, random, "pickup")
    to_longitude, to_latitude = _place(city, end, random, "dropoff")

    # two independent normal numbers (Box and Muller), cut off where taxis would fly
    radius = np.sqrt(-2 * np.log1p(-random("route_a")))
    angle = 2 * np.pi * random("route_b")
    route = np.clip(radius * np.cos(angle), -2.5, 2.5)
    luck = np.clip(radius * np.sin(angle), -2.5, 2.5)

    miles = _by_road(from_longitude, from_latitude, to_longitude, to_latitude)
    river = city.borough[begin] != city.borough[end]
    miles = (miles * 1.06 + np.where(river, 0.6, 0.05)) * np.exp(_ROUTES * route)
    miles = np.round(np.maximum(miles, 0.3), 2)
    usual = 60 * _minutes(miles, (city.slow[begin] + city.slow[end]) / 2, hour, year)
    seconds = np.round(usual * np.exp(NOISE * luck - NOISE**2 / 2)).astype(np.int64)
    seconds = np.maximum(seconds, np.ceil(miles * 65).astype(np.int64))  # 55 miles an hour

    pickup = _START + np.floor(hours * 3600).astype(np.int64)
    columns: dict[str, npt.NDArray[Any]] = {
        "trip_id": rows,
        "vendor_id": np.where(random("vendor") < 0.27, 1, 2),
        "pickup_datetime": pickup,
        "dropoff_datetime": pickup + seconds,
        "passenger_count": 1 + np.searchsorted(_PASSENGERS, random("passengers"), side="right"),
        "trip_distance": miles,
        "pickup_longitude": from_longitude,
        "pickup_latitude": from_latitude,
        "dropoff_longitude": to_longitude,
        "dropoff_latitude": to_latitude,
    }
    columns.update(_price(columns, begin, end, seconds, year.rush[hour], year.night[hour], random))
    return _Trip(columns, usual)


#: The chance of at most one, two, … five passengers.
_PASSENGERS = np.array([0.74, 0.89, 0.93, 0.95, 0.975])


def _position(rows: Ints, total: int, random: _Random) -> Floats:
    """Which part of the year's trips lies before each row: rows are nearly in the order of time."""
    shuffled = min(1000, total)
    return (rows + shuffled * random("order")) / (total + shuffled)


def _place(city: _City, zone: Ints, random: _Random, which: str) -> tuple[Floats, Floats]:
    """A place in each zone, on one of its avenues or streets, as longitude and latitude."""
    x = _spread(random(f"{which}_x"), city.borough[zone]) * city.width[zone]
    y = _spread(random(f"{which}_y"), city.borough[zone]) * city.length[zone]
    lot = random(f"{which}_street")
    on_avenue = lot < 0.6
    # the same number says how far from the middle of the street: up to 40 feet
    off = (np.where(on_avenue, lot / 0.6, (lot - 0.6) / 0.4) - 0.5) * 0.015
    x = np.where(on_avenue, np.round(x / 0.15) * 0.15 + off, x)
    y = np.where(on_avenue, y, np.round(y / 0.05) * 0.05 + off)
    sine, cosine = city.sine[zone], city.cosine[zone]
    longitude = city.longitude[zone] + (x * cosine + y * sine) * _MILE_EAST
    latitude = city.latitude[zone] + (y * cosine - x * sine) * _MILE_NORTH
    return np.round(longitude, 6), np.round(latitude, 6)


def _spread(lot: Floats, borough: Ints) -> Floats:
    """Where between the sides of a zone, -0.5 to 0.5: outside Manhattan more in the middle."""
    return np.where(borough == _MANHATTAN, lot - 0.5, np.arccos(1 - 2 * lot) / np.pi - 0.5)


def _minutes(miles: Floats, slow: Floats, hour: Ints, year: _Year) -> Floats:
    """How long such trips take on average; long ones go by streets first, then by highways."""
    pace = year.pace[hour]
    streets = 4 * (1 - np.exp(-miles / 4))
    highways = miles - streets
    driving = streets * pace * slow + highways * (1.5 + 0.28 * (pace - 3.1))
    return 1.2 + driving * year.weather[hour]


def _price(
    trip: dict[str, npt.NDArray[Any]],
    begin: Ints,
    end: Ints,
    seconds: Ints,
    rush: npt.NDArray[np.bool_],
    night: npt.NDArray[np.bool_],
    random: _Random,
) -> dict[str, npt.NDArray[Any]]:
    """What the trips cost by :data:`RATES`, and how it was paid."""
    borough = _city().borough
    core = np.zeros(len(begin), bool)
    for zone, which in ((begin, "pickup"), (end, "dropoff")):
        south = _in_core(trip[f"{which}_longitude"], trip[f"{which}_latitude"])
        core |= (borough[zone] == _MANHATTAN) & south
    newark = end == _NEWARK
    flat = (begin == _JFK) & (borough[end] == _MANHATTAN)
    flat |= (end == _JFK) & (borough[begin] == _MANHATTAN)
    laguardia = (begin == _LAGUARDIA) | (end == _LAGUARDIA)

    # the slower a trip on the whole, the longer the meter counts minutes in place of miles
    miles, minutes = trip["trip_distance"], seconds / 60
    share = np.clip(1.15 - miles / minutes * 60 / 22, 0.05, 0.95)
    crept = np.minimum(share * minutes / 60 * 5, miles)  # miles at 5 miles an hour
    units = np.ceil(5 * (miles - crept) + share * minutes)
    fare = np.where(flat, RATES["jfk"], RATES["initial"] + RATES["unit"] * units)
    extra = np.where(flat, RATES["jfk_rush"], RATES["rush"]) * rush + RATES["night"] * night
    extra += RATES["laguardia"] * laguardia + RATES["newark"] * newark
    tax = np.where(newark, 0, RATES["mta_tax"])
    improvement = np.full(len(miles), RATES["improvement"])
    congestion = np.where(core & ~newark, RATES["congestion"], 0)
    card = random("payment") < 0.8
    bill = fare + extra + tax + improvement + congestion
    tip = card * bill * _TIPS[np.minimum((random("tip") * len(_TIPS)).astype(int), len(_TIPS) - 1)]
    tip = np.round(tip, 2)
    return {
        "rate_code": np.select([flat, newark], [2, 3], 1),
        "payment_type": np.where(card, 1, 2),
        "fare_amount": np.round(fare, 2),
        "extra": extra,
        "mta_tax": tax,
        "improvement_surcharge": improvement,
        "congestion_surcharge": congestion,
        "tip_amount": tip,
        "total_amount": np.round(bill + tip, 2),
    }


#: Each of these parts of the bill is given as a tip as often as another.
_TIPS = np.array([0, 0.1, 0.15, 0.18, 0.2, 0.2, 0.2, 0.2, 0.2, 0.25, 0.25, 0.3])


# --- Defects ------------------------------------------------------------------------------------

_KINDS = ("none", *DEFECTS)
_SHARES = np.cumsum(list(DEFECTS.values()))
_REACH = 100_000  # how far a copy is from its original, at most
_FIRST_COPY = 64  # before this row there are no copies: all rows before might have defects
_DUPLICATE = _KINDS.index("duplicate")

#: What a defect may touch, each as often as the others.
_PLACES = {
    "missing": ("passenger_count", "pickup", "dropoff", "dropoff_datetime", "fare_amount"),
    "impossible_coordinates": ("pickup", "dropoff"),
    "swapped_coordinates": ("pickup and dropoff",),
    "impossible_passengers": ("passenger_count",),
    "negative_amounts": ("amounts",),
    "zero_length": ("trip_distance and dropoff",),
    "reversed_times": ("pickup_datetime and dropoff_datetime",),
    "impossible_speed": ("dropoff_datetime",),
    "wrong_type": TEXT,
    "duplicate": ("row",),
}
_CELLS = [("none", ""), *((kind, place) for kind in DEFECTS for place in _PLACES[kind])]
_CHOICES = np.array([1, *(len(_PLACES[kind]) for kind in DEFECTS)])
_WORDS = pa.array(["", "one", "two", "three", "four", "five", "six"])


def _kinds(rows: Ints, seed: int) -> Ints:
    """For each row the index in ``_KINDS`` of what is wrong with it."""
    found = np.searchsorted(_SHARES, _Random(rows, seed)("defect"), side="right") + 1
    found[found == len(_KINDS)] = 0
    found[(found == _DUPLICATE) & (rows < _FIRST_COPY)] = 0
    return found


def _originals(rows: Ints, seed: int) -> Ints:
    """For each row, which has to be a copy, the row that it repeats: one without a defect."""
    reach = np.minimum(rows, _REACH)
    back = (_Random(rows, seed)("source") * reach).astype(np.int64)
    while True:
        found = rows - 1 - back
        wrong = _kinds(found, seed) != 0
        if not wrong.any():
            return found
        back[wrong] = (back[wrong] + 1) % reach[wrong]


def _cells(kinds: Ints, random: _Random) -> Ints:
    """For each row the index in ``_CELLS`` of what its defect touches."""
    first = np.cumsum(_CHOICES) - _CHOICES
    return first[kinds] + (random("variant") * _CHOICES[kinds]).astype(np.int64)


class _Hits:
    """Finds the rows that have a defect."""

    def __init__(self, kinds: Ints, random: _Random) -> None:
        self._kinds, self._cells = kinds, _cells(kinds, random)

    def __call__(self, kind: str, place: str = "") -> npt.NDArray[np.bool_]:
        """Which rows have a defect of this kind, at this place if one is given."""
        if place:
            return self._cells == _CELLS.index((kind, place))
        return self._kinds == _KINDS.index(kind)


def _spoil(trips: dict[str, npt.NDArray[Any]], hits: _Hits, amount: Floats) -> None:
    """Record the trips wrongly, all but what :func:`_as_text` does; ``amount`` says how much."""
    _spoil_places(trips, hits, amount)
    _spoil_times(trips, hits, amount)
    hit = hits("impossible_passengers")
    trips["passenger_count"][hit] = np.where(amount[hit] < 0.7, 0, 208)
    hit = hits("negative_amounts")
    for name in AMOUNTS:
        trips[name][hit] = 0 - trips[name][hit]


def _spoil_places(trips: dict[str, npt.NDArray[Any]], hits: _Hits, amount: Floats) -> None:
    swapped = hits("swapped_coordinates")
    for end in ("pickup", "dropoff"):
        east, north = trips[f"{end}_longitude"], trips[f"{end}_latitude"]
        east[swapped], north[swapped] = north[swapped], east[swapped]
        _misplace(east, north, hits("impossible_coordinates", end), amount)
        gone = hits("missing", end)
        east[gone] = north[gone] = np.nan
    hit = hits("zero_length")
    trips["trip_distance"][hit] = 0
    for axis in ("longitude", "latitude"):
        trips[f"dropoff_{axis}"][hit] = trips[f"pickup_{axis}"][hit]


def _spoil_times(trips: dict[str, npt.NDArray[Any]], hits: _Hits, amount: Floats) -> None:
    pickup, dropoff = trips["pickup_datetime"], trips["dropoff_datetime"]
    hit = hits("reversed_times")
    pickup[hit], dropoff[hit] = dropoff[hit], pickup[hit]
    hit = hits("impossible_speed")
    seconds = trips["trip_distance"][hit] / (120 + 480 * amount[hit]) * 3600
    dropoff[hit] = pickup[hit] + np.maximum(seconds, 1).astype(np.int64)
    dropoff[hits("missing", "dropoff_datetime")] = np.datetime64("NaT")


def _misplace(east: Floats, north: Floats, hit: npt.NDArray[np.bool_], amount: Floats) -> None:
    """Put places where no taxi is: at 0, 0 mostly, in the Atlantic, or in Asia."""
    sea, asia = hit & (amount >= 0.6) & (amount < 0.8), hit & (amount >= 0.8)
    east[asia] = -east[asia]
    spread = (amount[sea] - 0.6) * 5
    east[sea] = np.round(-73.9 + 5 * spread, 6)
    north[sea] = np.round(40.3 - 5 * (spread * 1e4 % 1), 6)
    origin = hit & (amount < 0.6)
    east[origin] = north[origin] = 0


def _as_text(name: str, values: npt.NDArray[Any], hits: _Hits) -> pa.Array:
    """A column as it was typed: numbers as text, some with signs or in words, some missing."""
    odd = hits("wrong_type", name)
    missing = hits("missing", name) if name in _PLACES["missing"] else None
    cells = pa.array(values, mask=missing)
    text = pc.cast(cells if name == "passenger_count" else pc.cast(cells, _CENTS), pa.string())
    if name == "passenger_count":
        strange = _WORDS.take(pa.array(np.where(odd, values, 0)))
    elif name == "trip_distance":
        strange = pc.binary_join_element_wise(text, "mi", " ")
    else:
        strange = pc.binary_join_element_wise("$", text, "")
    return pc.if_else(pa.array(odd), strange, text)


# --- What a program uses ----------------------------------------------------------------------


@dataclass(frozen=True)
class Trips:
    """So many trips of a seed. Nothing is computed before rows are asked for.

    ``first`` and ``stop`` are numbers of rows, from 0, as Python's slices count them.
    :raises TripsError: where an argument cannot be used.
    """

    rows: int
    seed: int = 0

    def __post_init__(self) -> None:
        for name, value, least in (("rows", self.rows, 1), ("seed", self.seed, 0)):
            if isinstance(value, bool) or not isinstance(value, int | np.integer):
                raise TripsError(f"{name} is {value!r}: give a whole number")
            if value < least:
                raise TripsError(f"{name} is {value}: give {least} or more")
        if self.rows > 10**15:
            raise TripsError(f"rows is {self.rows}: give {10**15} or fewer")

    def recorded(self, first: int = 0, stop: int | None = None) -> pd.DataFrame:
        """The rows as they were recorded, with their defects; see :data:`COLUMNS`."""
        return _to_pandas(self._recorded(*self._range(first, stop)))

    def driven(self, first: int = 0, stop: int | None = None) -> pd.DataFrame:
        """The same rows without defects, numbers as numbers; copies repeat their originals."""
        return _to_pandas(self._driven(*self._range(first, stop)))

    def truth(self, first: int = 0, stop: int | None = None) -> pd.DataFrame:
        """For each row its ``trip_id``, its ``defect`` (or ``none``), and the ``place`` of it."""
        return _to_pandas(self._truth(*self._range(first, stop)))

    def usual_seconds(self, first: int = 0, stop: int | None = None) -> Floats:
        """How long a trip as that of each row takes on average: the best possible forecast."""
        rows = np.arange(*self._range(first, stop))
        return _driven(self._sources(rows, _kinds(rows, self.seed)), self.rows, self.seed).usual

    def to_dask(self, rows_per_partition: int = 1_000_000, what: str = "recorded") -> dd.DataFrame:
        """All rows as a Dask DataFrame; ``what`` is ``recorded``, ``driven`` or ``truth``."""
        import dask.dataframe as dd

        maker = self._maker(what)
        starts = range(0, self.rows, _positive("rows_per_partition", rows_per_partition))
        meta = _to_pandas(maker(0, 0))
        step = starts.step

        def part(first: int) -> pd.DataFrame:
            return _to_pandas(maker(first, min(first + step, self.rows)))

        return dd.from_map(part, list(starts), meta=meta, label=f"taxi-{what}")

    def write(
        self,
        path: str | os.PathLike[str],
        file_format: str = "parquet",
        rows_per_file: int = 1_000_000,
        what: str = "recorded",
        storage_options: dict[str, Any] | None = None,
    ) -> list[str]:
        """Write all rows to a folder that is empty or missing; the names of the files.

        Each file is a task of Dask: on the workers of a ``Client``, if the program has one. The
        path is any that fsspec knows; ``storage_options`` go to it.
        """
        maker = self._maker(what)
        if file_format not in FORMATS:
            raise TripsError(f"the format is {file_format!r}: give one of {', '.join(FORMATS)}")
        starts = range(0, self.rows, _positive("rows_per_file", rows_per_file))
        files, folder = _emptied(os.fspath(path), storage_options or {})
        digits = max(5, len(str(len(starts) - 1)))
        names = [f"{folder}/part-{n:0{digits}}.{file_format}" for n in range(len(starts))]
        write = delayed(_write_file, pure=False)
        tasks = [
            write(files, name, maker, first, min(first + starts.step, self.rows), file_format)
            for name, first in zip(names, starts, strict=True)
        ]
        compute(*tasks)
        return names

    def _maker(self, what: str) -> Any:
        makers = {"recorded": self._recorded, "driven": self._driven, "truth": self._truth}
        if what not in makers:
            raise TripsError(f"there are no rows of {what!r}: give one of {', '.join(makers)}")
        return makers[what]

    def _range(self, first: int, stop: int | None) -> tuple[int, int]:
        stop = self.rows if stop is None else stop
        if not 0 <= first <= stop <= self.rows:
            raise TripsError(
                f"rows {first} to {stop} are asked for: there are rows 0 to {self.rows}"
            )
        return first, stop

    def _sources(self, rows: Ints, kinds: Ints) -> Ints:
        """The rows whose trips are told: for a copy its original, for others themselves."""
        copied = kinds == _DUPLICATE
        sources = rows.copy()
        sources[copied] = _originals(rows[copied], self.seed)
        return sources

    def _recorded(self, first: int, stop: int) -> pa.Table:
        rows = np.arange(first, stop)
        kinds = _kinds(rows, self.seed)
        random = _Random(rows, self.seed)
        hits = _Hits(kinds, random)
        trips = _driven(self._sources(rows, kinds), self.rows, self.seed).columns
        _spoil(trips, hits, random("amount"))
        return pa.table(
            {
                name: _as_text(name, values, hits)
                if name in TEXT
                else pa.array(values, from_pandas=True)
                for name, values in trips.items()
            }
        )

    def _driven(self, first: int, stop: int) -> pa.Table:
        rows = np.arange(first, stop)
        sources = self._sources(rows, _kinds(rows, self.seed))
        return pa.table(_driven(sources, self.rows, self.seed).columns)

    def _truth(self, first: int, stop: int) -> pa.Table:
        rows = np.arange(first, stop)
        kinds = _kinds(rows, self.seed)
        cells = pa.array(_cells(kinds, _Random(rows, self.seed)))
        defects, places = zip(*_CELLS, strict=True)
        return pa.table(
            {
                "row": rows,
                "trip_id": self._sources(rows, kinds),
                "defect": pa.array(defects).take(cells),
                "place": pa.array(places).take(cells),
            }
        )


def _positive(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise TripsError(f"{name} is {value!r}: give a whole number, 1 or more")
    return int(value)


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    """The table with times and text of the types that Dask's readers give."""
    fields = [
        pa.field(
            field.name, pa.timestamp("ns") if pa.types.is_timestamp(field.type) else field.type
        )
        for field in table.schema
    ]
    text = {pa.string(): pd.StringDtype("pyarrow")}
    return table.cast(pa.schema(fields)).to_pandas(types_mapper=text.get)


def _emptied(path: str, options: dict[str, Any]) -> tuple[fsspec.AbstractFileSystem, str]:
    """The file system of a path, and the folder in it, which holds nothing."""
    try:
        files, folder = fsspec.core.url_to_fs(path, **options)
        folder = folder.rstrip("/")
        full = files.isfile(folder) or (files.exists(folder) and bool(files.ls(folder)))
        if not full:
            files.makedirs(folder, exist_ok=True)
    # each kind of store has exceptions of its own
    except Exception as error:
        raise TripsError(f"the path {path!r} cannot be used: {error}") from error
    if full:
        raise TripsError(f"{path} is not an empty folder: name another one, or empty it first")
    return files, folder


def _tables(maker: Any, first: int, stop: int) -> Iterator[pa.Table]:
    """The rows, a block at a time; blocks begin where they do in any other file."""
    while first < stop:
        end = min(stop, (first // BLOCK + 1) * BLOCK)
        yield maker(first, end)
        first = end


def _write_file(
    files: fsspec.AbstractFileSystem, name: str, maker: Any, first: int, stop: int, kind: str
) -> None:
    schema = maker(0, 0).schema
    if kind == "csv":
        schema = pa.schema([_as_cents(field) for field in schema])
    with files.open(name, "wb") as file:
        if kind == "parquet":
            writer = pq.ParquetWriter(file, schema)
        else:
            # no value holds a comma, a quotation mark or a line break
            plain = pyarrow.csv.WriteOptions(quoting_style="none", quoting_header="none")
            writer = pyarrow.csv.CSVWriter(file, schema, write_options=plain)
        with writer:
            for table in _tables(maker, first, stop):
                writer.write_table(table.cast(schema))


def _as_cents(field: pa.Field) -> pa.Field:
    """Amounts with two digits after the point: else a reader may take them for whole numbers."""
    is_amount = field.name in AMOUNTS and field.type == pa.float64()
    return field.with_type(_CENTS) if is_amount else field


# --- The command -----------------------------------------------------------------------------


def _whole(text: str) -> int:
    """A whole number, also as 1e6 or 1_000_000."""
    number = float(text)
    if not number.is_integer():
        raise ValueError(text)
    return int(number) if "e" in text.lower() else int(text)


_whole.__name__ = "whole number"  # argparse says it in its messages


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Write made-up taxi trips with known defects to partitioned CSV or Parquet.",
        epilog="The same rows and seed give the same data, however many files there are.",
    )
    parser.add_argument("rows", type=_whole, help="how many, for example 1e6")
    parser.add_argument("path", help="an empty or new folder, or any address that fsspec knows")
    parser.add_argument("--seed", type=_whole, default=0, help="0 unless given")
    parser.add_argument("--format", choices=FORMATS, default="parquet", dest="file_format")
    parser.add_argument("--rows-per-file", type=_whole, default=1_000_000, metavar="N")
    parser.add_argument(
        "--what",
        choices=("recorded", "driven", "truth"),
        default="recorded",
        help="as recorded (with defects), without defects, or which row has which defect",
    )
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="of Dask; without it, processes on this machine"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit status."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        trips = Trips(asked.rows, asked.seed)
        with _computing(asked.scheduler):
            written = trips.write(asked.path, asked.file_format, asked.rows_per_file, asked.what)
    except (TripsError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    print(f"{asked.rows:,} rows in {len(written):,} files: {asked.path}")
    return 0


def _computing(scheduler: str | None) -> Any:
    """Where Dask computes: on a cluster, or in processes of this machine."""
    if scheduler is None:
        return dask.config.set(scheduler="processes")
    from distributed import Client

    client = Client(scheduler, timeout="20s")
    client.upload_file(__file__)
    return client


if __name__ == "__main__":
    # so that other processes find these functions in a module, not in a script
    import taxi_trips

    sys.exit(taxi_trips.main())
