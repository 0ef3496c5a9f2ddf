"""What the lesson on Dask says of other engines, and what was measured."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from tests.conftest import ROOT

RECORD = json.loads((ROOT / "benchmarks" / "dask_or_another.json").read_text("utf-8"))
LESSON = (ROOT / "docs" / "dask" / "introduction.md").read_text("utf-8")
DECK = (ROOT / "docs" / "slides" / "dask-introduction.md").read_text("utf-8")
CSV, PARQUET = RECORD["csv"], RECORD["parquet"]


def gigabytes(measured: dict[str, Any]) -> str:
    return f"{measured['megabytes'] / 1000:.1f}"


def row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def test_the_tables_are_what_was_measured() -> None:
    """Does each engine have its row in the lesson and on the slide, with the numbers of the run?"""
    assert len(CSV["engines"]) == 7
    for engine, text in CSV["engines"].items():
        binary = PARQUET["engines"][engine]
        numbers = f"{text['cpu']:.1f}", gigabytes(text)
        assert row(engine, *numbers, f"{binary['cpu']:.1f}", gigabytes(binary)) in LESSON
        if engine != "pandas, two columns":
            assert row(engine, *numbers) in DECK


def test_the_sentences_are_what_was_measured() -> None:
    """Do the first section and the first slides say the sizes and the memory of the run?"""
    words = re.sub(r"\s+", " ", LESSON)
    of = {engine: gigabytes(measured) for engine, measured in CSV["engines"].items()}
    whole, two = of["pandas, all columns"], of["pandas, two columns"]
    assert f"{RECORD['years']} CSV files".replace("30", "thirty") in words
    assert f"takes {whole} GB of memory to read {gigabytes(CSV)} GB of text" in words
    assert f"it is {two} GB" in words
    assert f"It takes {of['Dask, threads']} GB" in words
    assert f"{whole} GB of memory in pandas" in DECK
    day = date.fromisoformat(RECORD["date"])
    assert f"on {RECORD['cores']} cores, {day:%-d %B %Y}" in words
